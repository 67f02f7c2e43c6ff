-- Loading intervals: what happens to a row, in every form (doc/reference/metering.md#load).
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
\pset null '-'
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_alter_grid('default', energy_scale => 3);
SET timezone = 'Europe/Vienna';
SELECT sg_set_point('house', '2024-01-01', 'anna', 'consumption', capacity => 10);
SELECT sg_set_point('roof', '2024-01-01', 'anna', 'production');
SELECT sg_set_point('battery', '2024-01-01', 'anna', 'storage');
SELECT sg_set_point('hourly', '2024-01-01', 'bert', 'consumption', resolution => '1 hour');
SELECT sg_set_point('loss', '2024-01-01', kind => 'consumption', role => 'loss');
SELECT sg_set_point('gone', '2024-01-01', 'bert', 'consumption'), sg_end_point('gone', '2024-06-01 12:00');
CREATE VIEW last_batch AS SELECT rows, new, unchanged, kept, refused, rows = new + unchanged + kept + refused AS adds_up FROM sg_batches ORDER BY batch DESC LIMIT 1;
CREATE FUNCTION load(point text, start timestamptz, amount bigint, quality text DEFAULT 'measured', replace_with text DEFAULT 'better', accept_spikes boolean DEFAULT false)
    RETURNS TABLE (ord bigint, sqlstate text, message text) LANGUAGE sql
    AS 'SELECT * FROM sg_post_intervals(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[$4], replace_with => $5, accept_spikes => $6)';

-- Good rows, and each thing that can be wrong with one.
SELECT * FROM sg_post_intervals('{house,roof,battery,hourly}'::text[], '{2024-06-01 00:00,2024-06-01 12:00,2024-06-01 12:00,2024-06-01 01:00}', '{100,200,-50,70}', label => 'first');
TABLE last_batch;
SELECT * FROM load('nobody', '2024-06-01 00:00', 1);
SELECT * FROM load('house', '2023-12-31 23:45', 1);
SELECT * FROM load('gone', '2024-06-01 11:45', 1);
SELECT * FROM load('gone', '2024-06-01 12:00', 1);
SELECT * FROM load('house', 'infinity', 1);
SELECT * FROM load('house', '2024-06-01 00:07', 1);
SELECT * FROM load('hourly', '2024-06-01 02:15', 1);
SELECT * FROM load('loss', '2024-06-01 00:00', 1);
SELECT sqlstate, message LIKE 'the slot of metering point "house" at % is in the future' AS future FROM load('house', date_bin('1 hour', now(), '2024-01-01') + interval '1 hour', 1);
SELECT * FROM load('house', '2024-06-01 00:15', -1);
SELECT * FROM load('roof', '2024-06-01 00:15', -1);
SELECT * FROM load('house', '2024-06-01 00:15', 2500);
SELECT * FROM load('house', '2024-06-01 00:30', 2501);
SELECT * FROM load('house', '2024-06-01 00:30', 2501, accept_spikes => true);
SELECT * FROM load('house', '2024-06-01 00:45', NULL);
SELECT * FROM load('house', '2024-06-01 00:45', 1, 'guessed');
SELECT * FROM load('house', '2024-06-01 00:45', 1, 'missing');
SELECT * FROM load('house', '2024-06-01 00:45', NULL, 'missing');
TABLE last_batch;
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-01,2024-06-02}', '{1}');
SELECT * FROM sg_post_intervals('{house,NULL}'::text[], '{2024-06-01,2024-06-02}', '{1,2}');
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-01}', '{1}', replace_with => 'worse');
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-01}', '{1}', label => repeat('x', 129));
SELECT * FROM sg_post_intervals('{}'::text[], '{}', '{}');
TABLE last_batch;

-- Twice in one call: equal is unchanged, different is refused, the first that is good wins.
SELECT * FROM sg_post_intervals('{house,house,house,house}'::text[], '{2024-06-01 01:00,2024-06-01 01:00,2024-06-01 01:00,2024-06-01 01:00}', '{-5,5,5,6}');
TABLE last_batch;

-- Closer together than the slots of the point: parts, of which none is a whole.
SELECT * FROM sg_post_intervals('{house,house,house,house,roof}'::text[], '{2024-06-02 00:00,2024-06-02 00:05,2024-06-02 00:15,2024-06-03 00:00,2024-06-02 00:00}', '{1,2,3,4,5}');
TABLE last_batch;

-- What replaces what.
CREATE TABLE qualities (n int GENERATED ALWAYS AS IDENTITY, quality text);
INSERT INTO qualities (quality) VALUES ('measured'), ('substituted'), ('calculated'), ('estimated'), ('missing');
CREATE TABLE outcome (was text, given text, better text, any_quality text);
DO $$
DECLARE
    was record;
    given record;
    outcomes text[];
    how text;
    start timestamptz := '2024-07-01';
BEGIN
    FOR was IN SELECT * FROM qualities ORDER BY n LOOP
        FOR given IN SELECT * FROM qualities ORDER BY n LOOP
            outcomes := '{}';
            FOREACH how IN ARRAY '{better,any}'::text[] LOOP
                start := start + interval '15 min';
                PERFORM load('house', start, CASE WHEN was.quality <> 'missing' THEN 1 END, was.quality, 'any');
                PERFORM load('house', start, CASE WHEN given.quality <> 'missing' THEN 2 END, given.quality, how);
                outcomes := outcomes || (SELECT CASE WHEN new = 1 THEN 'replaced' WHEN kept = 1 THEN 'kept' ELSE 'unchanged' END FROM last_batch);
            END LOOP;
            INSERT INTO outcome VALUES (was.quality, given.quality, outcomes[1], outcomes[2]);
        END LOOP;
    END LOOP;
END $$;
SELECT * FROM outcome;

-- Whole days; the days on which clocks change have other numbers of slots.
CREATE FUNCTION line(n integer) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(i::text, ',') FROM generate_series(1, n) AS i $$;
SELECT * FROM sg_post_days('{house,house,house,house}', '{2024-03-31,2024-10-27,2024-04-01,2024-03-31}', ARRAY[line(92), line(100), line(96), line(96)]);
SELECT day, count(*), min(start), max(start), sum(amount) FROM sg_intervals WHERE point = 'house' AND day IN ('2024-03-31', '2024-10-27', '2024-04-01') GROUP BY day ORDER BY day;
SELECT * FROM sg_post_days('{hourly,nobody,house,house,house,house,house}', ('{2024-03-31,2024-03-31,infinity' || repeat(',2024-04-02', 4) || '}')::date[],
                           ARRAY[line(23), line(96), line(96), line(95) || ',x', line(95) || ',1.5', line(95) || ',10000000000000000000', '']);
SELECT * FROM sg_post_days('{house}', '{2024-04-03}', ARRAY[repeat('1,', 50) || repeat(',', 45) || '7'], '{estimated}');
SELECT measured, estimated, missing FROM sg_interval_days WHERE point = 'house' AND day = '2024-04-03';
SELECT * FROM sg_post_days('{hourly,hourly,hourly}', '{2024-04-03,2024-04-04,2024-04-05}', ARRAY[line(24), line(24), line(24)],
                           ARRAY[repeat('measured,', 23) || 'estimated', 'measured,measured', repeat('measured,', 24) || 'measured']);

-- From a table: amounts or kWh, with or without ord; what is finer than a unit.
CREATE TABLE file (ord int, point text, start timestamptz, kwh numeric, quality text);
INSERT INTO file VALUES (10, 'house', '2024-05-01 00:00', 0.100, NULL), (20, 'house', '2024-05-01 00:15', 0.1000, 'estimated'), (30, 'house', '2024-05-01 00:30', 0.1005, NULL),
    (40, 'house', NULL, 1, NULL), (50, NULL, '2024-05-01', 1, NULL), (60, 'house', '2024-05-01 00:45', 'NaN', NULL), (70, 'house', '2024-05-01 01:00', 1e19, NULL),
    (80, 'house', '2024-05-01 01:15', -0.001, NULL), (90, 'house', '2024-05-01 01:30', NULL, NULL), (100, 'house', '2024-05-01 01:45', NULL, 'missing');
SELECT * FROM sg_post_intervals('file', label => 'file');
TABLE last_batch;
SELECT * FROM sg_post_intervals('qualities');
CREATE VIEW two_values AS SELECT point, start, kwh, 1 AS amount FROM file;
SELECT * FROM sg_post_intervals('two_values');
CREATE VIEW local_times AS SELECT point, start::timestamp AS start, kwh FROM file;
SELECT * FROM sg_post_intervals('local_times');

-- Rounded so that the sum of a day stays right: 96 times a third of a Wh are 32 Wh.
CREATE VIEW thirds AS SELECT 'house' AS point, start, 0.000333333333333333 AS kwh FROM generate_series('2024-05-02'::timestamptz, '2024-05-02 23:45', '15 min') AS start;
SELECT count(*), min(sqlstate) FROM sg_post_intervals('thirds');
SELECT * FROM sg_post_intervals('thirds', round => true);
SELECT sum(amount), min(amount), max(amount), string_agg(amount::text, '' ORDER BY start) FILTER (WHERE start < '2024-05-02 03:00') FROM sg_intervals WHERE point = 'house' AND day = '2024-05-02';

-- Loaded twice: no new version.
SELECT count(*) AS versions FROM smartgrid.interval_day \gset
SELECT * FROM sg_post_intervals('thirds', round => true);
TABLE last_batch;
SELECT count(*) = :versions AS as_before FROM smartgrid.interval_day;

-- Zones with half an hour, and a day without midnight.
SELECT sg_create_grid('kolkata', energy_scale => 3), sg_create_grid('havana', energy_scale => 3);
SET smartgrid.grid = 'kolkata';
SELECT sg_set_time_zone('Asia/Kolkata');
SELECT sg_set_point('p', '2024-01-01 00:00+05:30', 'anna', 'consumption');
SELECT * FROM sg_post_days('{p}', '{2024-03-10}', ARRAY[line(96)]);
SELECT min(start AT TIME ZONE 'Asia/Kolkata'), max(start AT TIME ZONE 'Asia/Kolkata'), count(*) FROM sg_intervals WHERE grid = 'kolkata';
SET smartgrid.grid = 'havana';
SELECT sg_set_time_zone('America/Havana');
SELECT sg_set_point('p', '2024-01-01 00:00-05', 'anna', 'consumption');
SELECT * FROM sg_post_days('{p,p}', '{2024-03-10,2024-03-11}', ARRAY[line(92), line(96)]);
SELECT day, min(start AT TIME ZONE 'America/Havana'), count(*) FROM sg_intervals WHERE grid = 'havana' AND day < '2024-03-12' GROUP BY day ORDER BY day;
RESET smartgrid.grid;

-- Who may: gateways and operators.
CREATE ROLE load_gateway;
GRANT smartgrid_gateway TO load_gateway;
CREATE ROLE anna;
SET ROLE anna;
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-01}', '{1}');
SELECT sg_pack_intervals();
SET ROLE load_gateway;
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-05}', '{1}', label => 'mine');
SELECT rows, new, loaded_by FROM sg_batches;
RESET ROLE;

-- A call under a reference is done once.
BEGIN;
SET LOCAL smartgrid.reference = 'message 1';
SELECT * FROM sg_post_intervals('{house,nobody}'::text[], '{2024-06-06,2024-06-06}', '{1,1}');
SELECT * FROM sg_post_intervals('{house,nobody}'::text[], '{2024-06-06,2024-06-06}', '{1,1}');
SELECT count(*) FROM sg_batches WHERE first_day = '2024-06-06';
SAVEPOINT s;
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-06}', '{2}');
ROLLBACK TO s;
SET LOCAL smartgrid.reference = 'message 2';
SELECT * FROM sg_post_days('{house}', '{2024-06-07}', ARRAY[line(96)]);
SELECT * FROM sg_post_days('{house}', '{2024-06-07}', ARRAY[line(96)]);
SET LOCAL smartgrid.reference = 'message 3';
SELECT * FROM sg_post_intervals('thirds', round => true);
SELECT * FROM sg_post_intervals('thirds', round => true);
SELECT * FROM sg_post_intervals('thirds');
COMMIT;

-- The zone cannot change once there are days.
SELECT sg_set_time_zone('Europe/Berlin');
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION load, line;
DROP TABLE qualities, outcome, file CASCADE;
DROP ROLE load_gateway, anna;
