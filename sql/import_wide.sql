-- Format wide: a column for each point, or for each slot of a day.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2025-01-01', 'anna', 'consumption') FROM unnest('{A,B,C}'::text[]) AS p;
SELECT sg_set_point('H', '2025-01-01', 'anna', 'consumption', '1 hour'), sg_set_point('M', '2025-01-01', 'anna', 'consumption', '5 minutes');
CREATE VIEW loaded AS
SELECT p.point, s.start, s.kwh FROM sg_points AS p, sg_interval_series(p.point, '[2026-01-01, 2026-01-03)') AS s WHERE s.quality <> 'missing' ORDER BY p.point, s.start;

-- A column for each point. Where a field is empty nothing is said; a bad field costs itself, a row of another length the row.
SELECT * FROM sg_import(E'time,A,B,7,,\n2026-01-01T00:00+01:00,1,2,3\n2026-01-01T00:15+01:00,,2.5,\n2026-01-01T00:30+01:00,x,-1,3.5\n2026-01-01T00:45+01:00,1,2\n2026-01-01T01:00+01:00,1,2,3,4\n,1,2,3\n2026-01-01,1,2,3\n2026-01-01 01:15,1,2,3,,,\n2026-01-01T00:00+01:00,1,2.1,3',
                        'wide', '{"points": {"7": "C"}}');
TABLE loaded;
SELECT * FROM sg_import(E'time;A;B\n01.01.2026 02:00;1,5;"2,5"\n01.01.2026 02:15;1.5;2', 'wide', '{"layout": "time", "delimiter": ";", "decimal": ","}');
SELECT * FROM loaded WHERE start >= '2026-01-01 02:00';
-- What is no such table.
SELECT * FROM sg_import(E'time\n2026-01-01 00:00', 'wide');
SELECT * FROM sg_import(E'time,A,,B\n2026-01-01 00:00,1,2,3', 'wide');
SELECT * FROM sg_import(E'time,A,B,A\n2026-01-01 00:00,1,2,3', 'wide');
SELECT * FROM sg_import(E'time,A,X\n2026-01-01 00:00,1,2', 'wide', '{"points": {"X": "A"}}');
SELECT * FROM sg_import(E'2026-01-01 00:00,1,2', 'wide');
SELECT * FROM sg_import(E'time,A\n', 'wide', '{"layout": "hour"}');
-- Many points that there are not.
SELECT count(*), count(DISTINCT point), min(sqlstate) FROM sg_import('time' || (SELECT string_agg(',P' || i, '') FROM generate_series(1, 100000) AS i) || E'\n2026-01-01 00:00' || repeat(',1', 100000), 'wide');

-- A column for each slot: a day has 92, 96 or 100 quarter-hours, 23, 24 or 25 hours.
CREATE FUNCTION header(n int) RETURNS text LANGUAGE sql
RETURN 'point,day,' || (SELECT string_agg(i::text, ',' ORDER BY i) FROM generate_series(1, n) AS i) || E'\n';
CREATE FUNCTION day(point text, at text, n int, after text DEFAULT '') RETURNS text LANGUAGE sql
RETURN point || ',' || at || (SELECT string_agg(',' || i, '' ORDER BY i) FROM generate_series(1, n) AS i) || after || E'\n';
CREATE FUNCTION days(name text, first date, last date) RETURNS TABLE (point text, day date, slots bigint, kwh numeric, first numeric, last numeric) LANGUAGE sql AS $$
    SELECT name, s.start::date, count(*), sum(s.kwh), (array_agg(s.kwh ORDER BY s.start))[1], (array_agg(s.kwh ORDER BY s.start DESC))[1]
    FROM sg_interval_series(name, tstzrange(first::timestamptz, (last + 1)::timestamptz)) AS s WHERE s.quality <> 'missing' GROUP BY 2 ORDER BY 2 $$;
SELECT * FROM sg_import(header(96) || day('A', '2025-10-25', 96) || day('A', '2025-10-26', 100) || day('A', '2026-03-29', 92, ',,,,') || day('B', '26.10.2025', 96) || day('B', '2026-03-29', 96), 'wide', '{"layout": "day"}');
SELECT * FROM days('A', '2025-10-25', '2025-10-26') UNION ALL SELECT * FROM days('A', '2026-03-29', '2026-03-29') UNION ALL SELECT * FROM days('B', '2025-10-25', '2026-03-30');
SELECT * FROM sg_import(header(25) || day('H', '2025-10-25', 24, ',') || day('H', '2025-10-26', 25) || day('H', '2026-03-29', 23, ',,') || day('H', '2026-03-28', 23) || day('H', '2026-03-30', 25), 'wide', '{"layout": "day"}');
SELECT * FROM days('H', '2025-10-25', '2025-10-26') UNION ALL SELECT * FROM days('H', '2026-03-28', '2026-03-30');
SELECT * FROM sg_import(header(288) || day('M', '2026-01-01', 288) || day('A', '2026-01-01', 288), 'wide', '{"layout": "day"}');
SELECT * FROM days('M', '2026-01-01', '2026-01-01');
-- A day is whole, or refused.
SELECT * FROM sg_import(header(24) || day('H', '2026-01-04', 23, ',') || day('H', '2026-01-04', 23) || 'H,2026-01-04,,' || repeat('1,', 22) || E'1\nH,2026-01-04,x,' || repeat('1,', 22) || E'1\n' ||
                        day('H', '2026-01-32', 24) || day('H', 'today', 24) || day('', '2026-01-04', 24) || E'H\nH,2026-01-04\n"H,2026-01-04', 'wide', '{"layout": "day"}');
SELECT * FROM days('H', '2026-01-04', '2026-01-04');
SELECT * FROM sg_import('point;day' || repeat(';v', 24) || E'\nHH;2026-01-05' || repeat(';1,5', 24), 'wide', '{"layout": "day", "delimiter": ";", "decimal": ",", "points": {"HH": "H"}}');
SELECT * FROM days('H', '2026-01-05', '2026-01-05');
SELECT * FROM sg_import(header(26), 'wide', '{"layout": "day"}');
SELECT * FROM sg_import('point', 'wide', '{"layout": "day"}');
SELECT * FROM sg_import(day('A', '2026-01-06', 96), 'wide', '{"layout": "day"}');
-- Where clocks are changed by half an hour.
SELECT * FROM sg_import(header(96) || day('C', '2026-04-05', 98) || day('C', '2025-10-05', 94), 'wide', '{"layout": "day", "time_zone": "Australia/Lord_Howe"}');
SELECT count(*), sum(kwh), min(start) AT TIME ZONE 'UTC' AS first, max(start) AT TIME ZONE 'UTC' AS last FROM sg_interval_series('C', '[2025-10-01, 2026-04-10)') WHERE quality = 'measured' GROUP BY start < '2026-01-01';

DROP VIEW loaded;
DROP FUNCTION header(int), day(text, text, int, text), days(text, date, date);
DROP EXTENSION smartgrid;
