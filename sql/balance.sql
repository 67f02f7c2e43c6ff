-- The automatic balancing of the load.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'wind';
SELECT sg_register_producer(1000, 'wind');
SELECT sg_report_production(990);
SET smartgrid.principal = 'battery';
SELECT sg_register_storage(200, 100, 60);

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
