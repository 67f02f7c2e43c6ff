-- A load of more than a million rows is written in parts: they are the rows of one call all the same.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
\pset null '-'
\set VERBOSITY terse
SET timezone = 'UTC';
SELECT sg_set_time_zone('UTC'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point(p, '2024-01-01', 'anna', 'consumption', '1 hour') FROM unnest('{a,b,c}'::text[]) AS p;
CREATE TEMP VIEW last_batch AS SELECT rows, new, unchanged, kept, refused, rows = new + unchanged + kept + refused AS adds_up FROM sg_batches ORDER BY batch DESC LIMIT 1;
-- c has a slot that came before, and better.
SELECT * FROM sg_post_intervals('{c}'::text[], '{2024-06-01 01:00}', '{3}');
CREATE TEMP VIEW file AS
SELECT 'a' AS point, '2024-06-01 00:00'::timestamptz AS start, 0.0016 AS kwh, 'measured' AS quality, 1 AS ord FROM generate_series(1, 1048570)
UNION ALL
SELECT * FROM (VALUES
    ('b', '2024-06-01 00:00'::timestamptz, 0.002, 'measured', 2),
    ('c', '2024-06-01 01:00', 0.004, 'estimated', 3),
    ('b', '2024-06-02 00:00', 0.0014, 'measured', 4),
    ('b', '2024-06-02 01:00', 0.0014, 'measured', 5),
    ('c', '2024-06-01 02:00', 0.001, 'measured', 6),
    ('c', '2024-06-01 03:00', 0.001, 'measured', 7),
    -- The second part.
    ('c', '2024-06-01 00:00', 0.003, 'measured', 11),
    ('a', '2024-06-01 00:00', 0.005, 'measured', 12),
    ('a', '2024-06-01 01:00', 0.0016, 'measured', 13),
    ('b', '2024-06-01 00:00', 0.002, 'measured', 14),
    ('c', '2024-06-01 01:00', 0.004, 'estimated', 15),
    ('b', '2024-06-02 02:00', 0.0014, 'measured', 16),
    ('b', '2024-06-02 03:00', 0.0014, 'measured', 17)) AS v;
SELECT * FROM sg_post_intervals('file', round => true);
TABLE last_batch;
SELECT point, start, amount, quality FROM sg_intervals WHERE quality <> 'missing' AND start BETWEEN '2024-06-01' AND '2024-06-03' ORDER BY point, start;
-- Done again, it changes nothing.
SELECT * FROM sg_post_intervals('file', round => true);
TABLE last_batch;
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SELECT * FROM sg_verify_batches() WHERE NOT ok;
DROP EXTENSION smartgrid CASCADE;
