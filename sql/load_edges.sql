-- Loading intervals: days that are none, texts that are long, sources that load themselves, points that were rolled back.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
\pset null '-'
\set VERBOSITY terse
SET timezone = 'UTC';
CREATE TEMP VIEW last_batch AS SELECT rows, new, unchanged, kept, refused, rows = new + unchanged + kept + refused AS adds_up FROM sg_batches ORDER BY batch DESC LIMIT 1;
SELECT sg_set_time_zone('Pacific/Kwajalein'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point('old', '1960-01-01 00:00 Pacific/Kwajalein', 'anna', 'consumption', '5 minutes'),
       sg_set_point('store', '2020-01-01 00:00 Pacific/Kwajalein', 'anna', 'storage', '1 hour');

-- A day of 47 hours, one that was left out, and the ends of the calendar: each row by itself.
SELECT * FROM sg_post_intervals('{old,old,old}'::text[], '{1969-09-30 13:00,1969-10-01 12:05,2020-01-01}', '{7,8,9}');
SELECT * FROM sg_post_days('{old,old}', '{1969-09-30,1993-08-21}', '{"1",""}');
SELECT ord, sqlstate, left(message, 50) AS message
FROM sg_post_intervals('{old,old,old,old,old}'::text[], '{infinity,-infinity,294276-12-31 23:55,4714-11-24 BC,2020-01-01 00:05}', '{7,7,7,7,7}');
SELECT * FROM sg_post_days('{old,old,old,old,old}', '{5874897-12-31,4713-01-01 BC,infinity,294276-12-31,9999-12-31}', '{1,1,1,1,1}');
-- A clock that was put forward by 44 minutes and a half.
SELECT sg_create_grid('monrovia', energy_scale => 3);
SET smartgrid.grid = 'monrovia';
SELECT sg_set_time_zone('Africa/Monrovia');
SELECT sg_set_point('m', '1971-01-01 00:00 Africa/Monrovia', 'anna', 'consumption');
SELECT * FROM sg_post_intervals('{m,m}'::text[], '{1972-01-07 00:44:30,1972-01-07 23:45}', '{1,2}');
SELECT * FROM sg_post_days('{m}', '{1972-01-07}', ARRAY['1' || repeat(',1', 92)]);
RESET smartgrid.grid;
-- Such days are read as days without readings.
SELECT count(*), sum(amount) FROM sg_interval_series('old', '[1969-09-28,1969-10-03)');

-- The ends of bigint.
SELECT * FROM sg_post_intervals('{store,store}'::text[], '{2020-01-01 12:00,2020-01-01 13:00}', '{9223372036854775807,-9223372036854775808}');
SELECT start, amount FROM sg_interval_series('store', '[2020-01-01 12:00,2020-01-01 14:00)');

-- A slot of a line that is missing has no amount.
SELECT * FROM sg_post_days('{store}', '{2020-01-02}', ARRAY['1' || repeat(',7', 23)], ARRAY['missing' || repeat(',measured', 23)]);
TABLE last_batch;
SELECT * FROM sg_post_days('{store}', '{2020-01-02}', ARRAY['0' || repeat(',', 23)], ARRAY['missing']);
TABLE last_batch;

-- What is cut for a message is cut between characters.
SELECT message FROM sg_post_intervals(ARRAY['x' || repeat('é', 60)], '{2020-01-01 12:00}', '{7}');
SELECT message FROM sg_post_intervals('{store}'::text[], '{2020-01-01 12:00}', '{7}', ARRAY['x' || repeat('é', 60)]);
SELECT message FROM sg_post_days('{store}', '{2020-01-02}', ARRAY['x' || repeat('é', 60)]);

-- A source whose rows load, too.
CREATE FUNCTION pg_temp.loading(i integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_set_point('n' || i, '2020-01-01 00:00 Pacific/Kwajalein', 'anna', 'consumption', '1 hour');
    PERFORM FROM sg_post_intervals(ARRAY['store'], '{2020-01-01 15:00}', ARRAY[i::bigint]);
    RETURN i;
END $$;
CREATE TEMP VIEW loading_rows AS SELECT 'store' AS point, '2020-03-01'::timestamptz + i * interval '1 hour' AS start, pg_temp.loading(i) AS amount FROM generate_series(1, 50) AS i;
SELECT * FROM sg_post_intervals('loading_rows'::regclass);
-- Nothing is under way after an error, caught or not.
SELECT * FROM sg_post_intervals('{store}'::text[], '{2020-01-01 15:00}', '{1}');
DO $$
BEGIN
    PERFORM FROM sg_post_intervals('loading_rows'::regclass);
EXCEPTION WHEN object_in_use THEN
    PERFORM FROM sg_post_intervals(ARRAY['store'], '{2020-01-01 16:00}', ARRAY[1::bigint]);
END $$;
TABLE last_batch;

-- A point that a load made is forgotten if that is rolled back.
BEGIN;
SELECT * FROM sg_import(E'point,start,kwh\nmade,2020-01-05T00:00Z,1\n', 'long', '{"create": {"owner": "bert", "kind": "consumption"}}');
ROLLBACK;
SELECT * FROM sg_post_intervals('{made}'::text[], '{2020-01-05}', '{1}');
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;

SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
