-- Storage facilities, and the automatic balancing of the load.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'wind';
SELECT sg_register_producer(1000, 'wind');
SET smartgrid.principal = 'battery';
SELECT sg_charge_storage(1);
SELECT sg_register_storage(200, 100, 60);
SELECT sg_charge_storage(10);
SET smartgrid.principal = 'wind';
SELECT sg_report_production(1000);
SET smartgrid.principal = 'battery';
SELECT sg_charge_storage(100);
SELECT sg_charge_storage(70);
SELECT sg_charge_storage(101);
SELECT sg_charge_storage(31);
SELECT sg_charge_storage(0);
SELECT sg_discharge_storage(61);
SELECT sg_discharge_storage(60);
SELECT sg_discharge_storage(60);
SELECT sg_discharge_storage(60);
SELECT sg_charge_storage(NULL);
SELECT * FROM sg_get_storage_info('battery');
SELECT principal, capacity, capacity_kwh, stored_amount, stored_amount_kwh FROM sg_storages;
SELECT current_load, utilization FROM sg_get_grid_status();

-- Above the high watermark the facilities are charged, in proportion to what each can do.
SET smartgrid.principal = 'pond';
SELECT sg_register_storage(1000, 40, 500);
RESET smartgrid.principal;
SELECT * FROM sg_balance_load();
SELECT current_load, utilization FROM sg_get_grid_status();
SELECT * FROM sg_balance_load();
SELECT * FROM sg_balance_load();
-- Within the watermarks nothing happens.
SELECT sg_alter_grid('default', high_watermark => 95);
SELECT * FROM sg_balance_load();
-- Below the low watermark they are discharged.
SELECT sg_alter_grid('default', low_watermark => 90);
SELECT * FROM sg_balance_load();
SELECT current_load, utilization FROM sg_get_grid_status();
SELECT entry_id, kind, participant, energy, price, money FROM sg_ledger ORDER BY entry_id;

CREATE ROLE regress_member;
SET ROLE regress_member;
SELECT * FROM sg_balance_load();
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
