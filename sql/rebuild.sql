-- What is sealed by quarter-hour, and made anew from the blocks.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

CREATE ROLE regress_member;
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{sun,sun,sun,sun}', '{topup,production,production,consumption}', '{100000,600,200,50}',
                               '{2026-03-01 10:00Z,2026-03-01 10:05Z,2026-03-01 10:06Z,2026-03-01 10:20Z}');
SELECT height, entries FROM sg_seal();
CREATE VIEW pg_temp.kept AS
SELECT grid_id, quarter_start, entries, payments, produced, consumed, consumed_value, revenue, topups, price_low, price_high, peak_load, peak_at
FROM smartgrid.rollup;
SELECT * FROM pg_temp.kept ORDER BY quarter_start;
SELECT grid_id, last_entry, load FROM smartgrid.rollup_end;

-- An entry of an old time joins its quarter-hour when it is sealed.
SELECT * FROM sg_post_readings('{sun}', '{production}', '{10}', '{2026-03-01 10:14:59Z}');
SELECT quarter_start, produced, peak_load FROM pg_temp.kept ORDER BY quarter_start;
SELECT height, entries FROM sg_seal();
SELECT quarter_start, produced, peak_load FROM pg_temp.kept ORDER BY quarter_start;

-- Made anew it is the same.
CREATE TEMPORARY TABLE before AS SELECT * FROM pg_temp.kept;
UPDATE smartgrid.rollup SET produced = 0;
SELECT sg_rebuild_rollups();
TABLE before EXCEPT TABLE pg_temp.kept;
SELECT count(*) FROM pg_temp.kept;

SELECT sg_rebuild_rollups('nowhere');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT sg_rebuild_rollups();
ROLLBACK;
SET ROLE regress_member;
SELECT sg_rebuild_rollups();
SELECT smartgrid.fill_rollups(1);
SELECT count(*) FROM smartgrid.rollup;
RESET ROLE;

DROP VIEW pg_temp.kept;
DROP EXTENSION smartgrid;
DROP ROLE regress_member;
