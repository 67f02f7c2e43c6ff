-- Series: named numbers by time, versioned.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO, MDY';
SET intervalstyle = 'iso_8601';
SELECT sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_create_grid('valley');
TABLE sg_series;

-- Hours, with a day that has one more; a value again is nothing new, another one is a version.
SELECT sg_post_series('spot', '{2026-10-25 00:00,2026-10-25 01:00,2026-10-25 02:00+02,2026-10-25 02:00+01,2026-10-25 03:00}', '{0.1,-0.05,0.000000000001,0.3,7}', '1 hour');
SELECT start, stop, value, step FROM sg_series_values('spot');
SELECT sg_post_series('spot', '{2026-10-25 00:00,2026-10-25 01:00}', '{0.10,0.2}', '1 hour') AS new;
SELECT start, value, superseded_at = 'infinity' AS on_record FROM smartgrid.series_value ORDER BY start, recorded_at;
SELECT recorded_at - interval '1 microsecond' AS before FROM sg_series_values('spot', '[2026-10-25 01:00,2026-10-25 01:01)') \gset
SELECT value FROM sg_series_values('spot', '[2026-10-25 01:00,2026-10-25 01:01)');
SELECT value FROM sg_series_values('spot', '[2026-10-25 01:00,2026-10-25 01:01)', :'before');
SELECT start, stop FROM sg_series_values('spot', '[2026-10-25 01:30,2026-10-25 02:00+02]');

-- Days and months are local ones; without a step a value holds until the next one.
SELECT sg_post_series('days', '{2026-03-28,2026-03-29,2026-03-30}', '{1,2,3}', '1 day');
SELECT start, stop, stop - start AS length, value, step FROM sg_series_values('days');
SELECT sg_post_series('months', '{2024-01-01,2024-02-01,2024-12-01}', '{1,2,3}', '1 month');
SELECT start, stop, value, step FROM sg_series_values('months');
SELECT sg_post_series('quarters', '{2024-11-01}', '{1}', '3 months');
SELECT start, stop, step FROM sg_series_values('quarters');
SELECT sg_post_series('fee', '{2024-02-03 04:05:06.789,2024-01-01}', '{2,1}');
SELECT * FROM (SELECT start, stop, value, step FROM sg_series_values('fee')) AS v;
-- It ends there, whatever the next one has: it does not come back.
SELECT sg_post_series('fee', '{2024-03-01}', '{3}', '1 day');
SELECT start, stop, value FROM sg_series_values('fee', '[2024-03-05,2024-03-06)');
SELECT start, stop, value FROM sg_series_values('fee', '[2024-02-29,2024-03-06)');
-- The same values by another step are new ones; an empty call declares a step.
SELECT sg_post_series('days', '{2026-03-28}', '{1}', '12 hours') AS new;
SELECT series, step, value_count, first_start, last_start FROM sg_series ORDER BY series;
SELECT sg_post_series('days', '{}', '{}', '1 day') AS new, sg_post_series('empty', '{}', '{}', '1 hour') AS empty;
SELECT series, step, value_count FROM sg_series WHERE series IN ('days', 'empty') ORDER BY series;
SELECT step, superseded_at = 'infinity' AS on_record FROM smartgrid.series_step WHERE series_id = (SELECT series_id FROM smartgrid.series WHERE name = 'days') ORDER BY recorded_at;
SELECT count(*) FROM sg_series_values('empty');
-- Twice the same in one call is once.
SELECT sg_post_series('twice', '{2026-01-01,2026-01-01 00:00}', '{1,1.0}') AS new;
-- Each grid has its own.
SET smartgrid.grid = 'valley';
SELECT start, stop, value, step FROM sg_series_values('spot');
SELECT sg_post_series('spot', '{2026-10-25 00:00Z}', '{5}', '1 hour');
RESET smartgrid.grid;
SELECT grid, series, value_count FROM sg_series WHERE series = 'spot' ORDER BY grid;
-- Public to read.
CREATE ROLE sgr_series;
SET ROLE sgr_series;
SELECT count(*) FROM sg_series_values('spot');
SELECT count(*) FROM sg_series;
SELECT sg_post_series('spot', '{}', '{}');
RESET ROLE;
DROP ROLE sgr_series;

-- What is refused.
SELECT sg_post_series(NULL, '{}', '{}');
SELECT sg_post_series('', '{}', '{}');
SELECT sg_post_series(repeat('x', 65), '{}', '{}');
SELECT sg_post_series('x', NULL, '{}');
SELECT sg_post_series('x', '{2026-01-01}', NULL);
SELECT sg_post_series('x', '{NULL}', '{1}');
SELECT sg_post_series('x', '{2026-01-01}', '{NULL}');
SELECT sg_post_series('x', '{2026-01-01}', '{1,2}');
SELECT sg_post_series('x', '{{2026-01-01}}', '{{1}}');
SELECT sg_post_series('x', '{}', '{}', '0');
SELECT sg_post_series('x', '{}', '{}', '-1 hour');
SELECT sg_post_series('x', '{}', '{}', '1 day 1 hour');
SELECT sg_post_series('x', '{}', '{}', '24 hours');
SELECT sg_post_series('x', '{}', '{}', '7 hours');
SELECT sg_post_series('x', '{}', '{}', '101 years');
SELECT sg_post_series('x', '{2026-01-01}', '{NaN}');
SELECT sg_post_series('x', '{2026-01-01}', '{Infinity}');
SELECT sg_post_series('x', '{2026-01-01,2026-01-02}', '{1,0.0000000000001}');
SELECT sg_post_series('x', '{2026-01-01}', '{-1000000000000000}');
SELECT sg_post_series('x', '{infinity}', '{1}');
SELECT sg_post_series('x', '{2026-01-01 00:30}', '{1}', '1 hour');
SELECT sg_post_series('x', '{2026-01-01 12:00}', '{1}', '1 day');
SELECT sg_post_series('x', '{2026-01-02}', '{1}', '1 month');
SELECT sg_post_series('x', '{2026-01-01 01:00}', '{1}', '1 month');
SELECT sg_post_series('x', '{2026-01-01,2026-01-02,2026-01-01}', '{1,2,3}');
SELECT * FROM sg_series_values(NULL);
SELECT * FROM sg_series_values('none');
SELECT * FROM sg_series_values('spot', 'empty');
SELECT * FROM sg_series_values('spot', as_of => '2020-01-01');

-- Readings of registers that are spread by a series of weights: 4 kWh over hours that weigh 1, 3, 0 and 4, of which the last is cut.
SELECT sg_set_point('R', '2026-01-01', 'anna', 'consumption', resolution => '30 minutes');
SELECT sg_post_series('profile', '{2026-02-01 00:00,2026-02-01 01:00,2026-02-01 02:00,2026-02-01 03:00}', '{1,3,0,4}', '1 hour');
SELECT * FROM sg_post_registers('{R,R}', '{2026-02-01 00:00,2026-02-01 03:30}', '{10,14}', spread => 'profile');
SELECT start, amount, kwh, quality FROM sg_interval_series('R', '[2026-02-01 00:00,2026-02-01 03:30)');
SELECT sum(kwh) FROM sg_interval_series('R', '[2026-02-01 00:00,2026-02-01 03:30)');
-- A daily value below hourly ones: the newest start wins, and is right again when that is over. Over the hour that comes twice, too.
SELECT sg_post_series('day', '{2025-10-26,2025-10-27}', '{1,1}', '1 day'), sg_post_series('day', '{2025-10-26 02:00+02}', '{4}', '2 hours');
SELECT sg_set_point('S', '2025-10-01', 'anna', 'consumption', resolution => '1 hour');
SELECT * FROM sg_post_registers('{S,S}', '{2025-10-26 01:00,2025-10-26 04:00}', '{0,10}', spread => 'day');
SELECT start, kwh FROM sg_interval_series('S', '[2025-10-26 01:00,2025-10-26 04:00)');
-- No weight, no such series.
SELECT * FROM sg_post_registers('{S,S}', '{2025-11-26 01:00,2025-11-26 04:00}', '{20,30}', spread => 'day');
SELECT * FROM sg_post_registers('{S}', '{2025-11-26 01:00}', '{20}', spread => 'none');

-- One value of a start at a time, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.series_value SELECT series_id, grid_id, start, until, 'epoch', superseded_at, step, value FROM smartgrid.series_value LIMIT 1;
UPDATE smartgrid.series_value SET until = start;
UPDATE smartgrid.series SET name = '';
\set VERBOSITY default

DROP EXTENSION smartgrid;
