-- What came into the grid and was taken out of it, by grid, owner, point and neighbour.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_alter_grid('default', energy_scale => 3);
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';

-- An hour in quarters: loss of both signs, a loss point of nobody, what flows within the grid, a slot that is missing, points of two classes.
SELECT count(*) FROM (VALUES ('C1', 'anna', 'consumption', '15 minutes', 'house', NULL, NULL), ('C2', 'anna', 'consumption', '1 hour', 'shop', NULL, NULL),
                             ('C3', 'bert', 'consumption', '15 minutes', 'house', NULL, NULL), ('P1', 'bert', 'production', '15 minutes', NULL, NULL, NULL),
                             ('S1', 'carl', 'storage', '15 minutes', NULL, NULL, NULL), ('X1', NULL, 'exchange', '15 minutes', NULL, 'east', NULL),
                             ('X2', NULL, 'exchange', '15 minutes', NULL, 'west', NULL), ('X3', NULL, 'exchange', '15 minutes', NULL, 'default', NULL),
                             ('L+', NULL, 'consumption', '15 minutes', NULL, NULL, 'loss'), ('L-', 'carl', 'production', '1 hour', NULL, NULL, 'loss'))
        AS v (p, o, k, r, c, n, l),
    sg_set_point(v.p, '2024-01-01', v.o, v.k, v.r::interval, class => v.c, neighbour => v.n, role => v.l) AS set;
CREATE FUNCTION quarters(point text, VARIADIC amounts bigint[]) RETURNS TABLE (point text, start timestamptz, amount bigint) LANGUAGE sql AS $$
    SELECT point, timestamptz '2024-06-01' + (n - 1) * interval '15 minutes', amount FROM unnest(amounts) WITH ORDINALITY AS u (amount, n)
$$;
SELECT r.* FROM (SELECT array_agg(point), array_agg(start), array_agg(amount)
                 FROM (SELECT * FROM quarters('C1', 1000, 2000, 3000, 4000) UNION ALL SELECT * FROM quarters('C2', 2222) UNION ALL SELECT * FROM quarters('C3', 500, 500)
                       UNION ALL SELECT * FROM quarters('P1', 2000, 0, 0, 4000) UNION ALL SELECT * FROM quarters('S1', -100, 100, 0, 700)
                       UNION ALL SELECT * FROM quarters('X1', 0, 3500, 3500, 0) UNION ALL SELECT * FROM quarters('X2', -500, -500, 500, 0)
                       UNION ALL SELECT * FROM quarters('X3', 7777, 7777, 7777, 7777)) AS q) AS a (points, starts, amounts),
    sg_post_intervals(a.points, a.starts, a.amounts) AS r;
\set hour '''[2024-06-01 00:00,2024-06-01 01:00)'''
SELECT to_char(start, 'HH24:MI') AS start, key, class, production, consumption, storage, exchange, loss, qualities FROM sg_grid_balance(:hour);
SELECT to_char(start, 'HH24:MI') AS start, key, class, production, consumption, storage, exchange, loss, qualities FROM sg_grid_balance(:hour, by => 'owner');
SELECT to_char(start, 'HH24:MI') AS start, key, class, production, consumption, storage, exchange, loss, qualities FROM sg_grid_balance('[2024-06-01 00:30,2024-06-01 00:45)', by => 'point');
SELECT to_char(start, 'HH24:MI') AS start, key, class, production, consumption, storage, exchange, loss, qualities FROM sg_grid_balance(:hour, by => 'neighbour');
-- The loss point of quarters takes the positive losses of quarters, that of hours the negative one of the hour.
SELECT key, class, production, consumption, storage, exchange, loss, qualities FROM sg_grid_balance(:hour, '1 hour');
SELECT key, class, production, consumption FROM sg_grid_balance(:hour, '1 hour', 'owner');
SELECT key, class, production, consumption FROM sg_grid_balance(:hour, '1 hour', 'point') WHERE key LIKE 'L_';
SELECT count(*), sum(production), sum(consumption), sum(storage), sum(exchange), sum(loss) FROM sg_grid_balance(:hour, '5 minutes');

-- Whole kWh: sums of an owner and class by the running sum of the hour; the rest is added up.
SELECT to_char(start, 'HH24:MI') AS start, production, consumption, storage, exchange, loss FROM sg_grid_balance(:hour, digits => 0);
SELECT to_char(start, 'HH24:MI') AS start, key, class, production, consumption, storage FROM sg_grid_balance(:hour, by => 'owner', digits => 0);
SELECT to_char(start, 'HH24:MI') AS start, key, exchange FROM sg_grid_balance(:hour, by => 'neighbour', digits => 0);
SELECT production, consumption, storage, exchange, loss FROM sg_grid_balance(:hour, '1 hour', digits => 0);
SELECT key, class, production, consumption FROM sg_grid_balance(:hour, '1 hour', 'owner', 0) WHERE key IS NULL OR key = 'carl';
-- A slot in the middle of an hour is what it is with the hour.
SELECT to_char(start, 'HH24:MI') AS start, consumption, exchange FROM sg_grid_balance('[2024-06-01 00:20,2024-06-01 00:40)', digits => 0);
SELECT to_char(start, 'HH24:MI') AS start, key, consumption FROM sg_grid_balance('[2024-06-01 00:30,2024-06-01 00:45)', by => 'point', digits => 0) WHERE key LIKE 'C_';
-- A quarter of 2222 is 555.5: the parts of a point are whole, the running sum is exact.
SELECT to_char(start, 'HH24:MI') AS start, consumption FROM sg_grid_balance(:hour, by => 'point') WHERE key = 'C2';
-- With three such points the parts add up to something else than parts of the sum.
SELECT sg_set_point('C4', '2024-06-01', 'anna', 'consumption', '1 hour', class => 'shop'), sg_set_point('C5', '2024-06-01', 'anna', 'consumption', '1 hour', class => 'shop');
SELECT * FROM sg_post_intervals('{C4,C5}'::text[], '{2024-06-01,2024-06-01}', '{2222,2222}');
SELECT to_char(e.start, 'HH24:MI') AS start, e.consumption AS of_points, r.consumption AS of_owner
FROM sg_grid_balance(:hour, by => 'owner') AS e, sg_grid_balance(:hour, by => 'owner', digits => 3) AS r WHERE e.class = 'shop' AND r.class = 'shop' AND r.start = e.start;

-- Another resolution, another class and another owner from a day on; what was on record before.
SELECT max(recorded_at) AS before FROM sg_point_periods \gset
SELECT sg_set_point('C2', '2024-06-02', 'bert', resolution => '15 minutes', class => 'house');
SELECT * FROM sg_post_intervals('{C2,C2,C2}'::text[], '{2024-06-01 23:00,2024-06-02 00:00,2024-06-02 00:45}', '{400,1,4}');
SELECT start, key, class, consumption, qualities FROM sg_grid_balance('[2024-06-01 23:45,2024-06-02 00:15)', by => 'point') WHERE key = 'C2';
SELECT start, key, class, consumption, qualities FROM sg_grid_balance('[2024-06-01 23:45,2024-06-02 00:15)', by => 'point', as_of => :'before') WHERE key = 'C2';
SELECT start, key, class, consumption, qualities FROM sg_grid_balance('[2024-06-01 23:00,2024-06-02 01:00)', '1 hour', 'owner', 2) WHERE key <> 'carl';
-- An owner that changes within an hour: each has its own slots.
SELECT sg_set_point('C1', '2024-06-01 00:30', 'carl');
SELECT key, class, consumption, qualities FROM sg_grid_balance(:hour, '1 hour', 'owner') WHERE class = 'house';
SELECT key, class, consumption, qualities FROM sg_grid_balance(:hour, '1 hour', 'point') WHERE key = 'C1';

-- Days of 23 and of 25 hours.
SELECT d.day, r.resolution, count(*) FROM (VALUES (date '2024-03-31'), ('2024-10-27')) AS d (day), (VALUES (interval '15 minutes'), ('1 hour')) AS r (resolution),
    sg_grid_balance(tstzrange(day, day + 1), r.resolution) GROUP BY d.day, r.resolution ORDER BY d.day, r.resolution;
SELECT * FROM sg_post_intervals('{C1,C1,C1,C1}'::text[], '{2024-10-27 02:45+02,2024-10-27 02:00+01,2024-10-27 02:15+01,2024-10-27 02:30+01}', '{600,300,300,600}');
SELECT start, consumption, loss FROM sg_grid_balance('[2024-10-27 02:45+02,2024-10-27 03:00+01)', digits => 0);
SELECT start, consumption, loss FROM sg_grid_balance('[2024-10-27 02:00+02,2024-10-27 03:00+01)', '1 hour', digits => 0);

-- Nothing where there is no point.
SELECT * FROM sg_grid_balance('[2023-12-01,2023-12-02)');

SELECT * FROM sg_grid_balance(NULL);
SELECT * FROM sg_grid_balance('empty');
SELECT * FROM sg_grid_balance(:hour, NULL);
SELECT * FROM sg_grid_balance(:hour, '10 minutes');
SELECT * FROM sg_grid_balance(:hour, by => NULL);
SELECT * FROM sg_grid_balance(:hour, by => 'supplier');
SELECT * FROM sg_grid_balance(:hour, digits => -1);
SELECT * FROM sg_grid_balance(:hour, digits => 4);
SET smartgrid.grid = 'nowhere';
SELECT * FROM sg_grid_balance(:hour);
RESET smartgrid.grid;
SELECT sg_create_grid('howe');
SET smartgrid.grid = 'howe';
SELECT sg_set_time_zone('Australia/Lord_Howe');
SELECT * FROM sg_grid_balance(:hour, '1 hour');
RESET smartgrid.grid;
-- A sum that is no bigint.
SELECT * FROM sg_post_intervals('{P1,C1,C3}'::text[], '{2024-07-01,2024-07-01,2024-07-01}', '{9223372036854775807,9223372036854775807,9223372036854775807}');
SELECT consumption FROM sg_grid_balance('[2024-07-01,2024-07-01 00:15)', by => 'owner', digits => 3) WHERE key = 'carl' AND class = 'house';
SELECT consumption FROM sg_grid_balance('[2024-07-01,2024-07-01 00:15)', by => 'owner', digits => 0) WHERE key = 'carl' AND class = 'house';
SELECT * FROM sg_grid_balance('[2024-07-01,2024-07-01 00:15)');

SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION quarters;
