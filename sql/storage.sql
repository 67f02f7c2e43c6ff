-- Storage facilities: charging and discharging.
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

SELECT entry_id, kind, participant, energy, price, money FROM sg_ledger ORDER BY entry_id;

DROP EXTENSION smartgrid;
