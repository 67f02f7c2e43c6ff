-- Format long: a table with a row for each reading.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 6), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2025-01-01', 'anna', 'storage') FROM unnest('{A,B}'::text[]) AS p;
CREATE VIEW loaded AS
SELECT p.point, s.start, s.kwh, s.quality FROM sg_points AS p, sg_interval_series(p.point, '[2026-01-01, 2026-01-03)') AS s WHERE s.quality <> 'missing' ORDER BY p.point, s.start;

-- Columns by their names, in any order, among others; a decimal comma.
SELECT * FROM sg_import(E'quality;unit;kwh;point;start\n;kWh;1,5;A;01.01.2026 00:00\nestimated;kWh;-0,000001;B;2026-01-01T00:00\nmissing;kWh;;B;2026-01-01T00:15\nmissing;kWh;0;B;2026-01-01T00:30\n;kWh;1.5;A;01.01.2026 00:15\n;kWh;1.000,5;A;01.01.2026 00:15\nmissing;kWh;1;B;2026-01-01T00:45',
                        'long', '{"delimiter": ";", "decimal": ","}');
TABLE loaded;
-- By names that the option says, in letters of either case; tabulators; quoted decimal commas between commas.
SELECT * FROM sg_import(E'Meter\tFrom\tEnergy\tState\n1\t2026-01-01 01:00\t2\tcalculated', 'long',
                        '{"delimiter": "\t", "columns": {"point": "meter", "start": "FROM", "kwh": "energy", "quality": "state"}, "points": {"1": "A"}}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-01 01:15,"2,25"\nA,2026-01-01 01:30,2,25', 'long', '{"decimal": ","}');
-- The point of all rows; a column of that name does not matter then.
SELECT * FROM sg_import(E'start,kwh\n2026-01-01 02:00,3', 'long', '{"point": "B"}');
SELECT * FROM sg_import(E'point,start,kwh\nsomething,2026-01-01 02:15,4', 'long', '{"point": "B"}');
TABLE loaded;
-- A column that is not found, or twice.
SELECT * FROM sg_import(E'point,start\nA,2026-01-01 02:00', 'long');
SELECT * FROM sg_import(E'point,kwh\nA,1', 'long');
SELECT * FROM sg_import(E'start,kwh\nA,1', 'long');
SELECT * FROM sg_import(E'point,start,kwh,KWH\nA,2026-01-01 02:00,1,2', 'long');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-01 02:00,1', 'long', '{"columns": {"quality": "start"}}');
SELECT * FROM sg_import(E'point;start;kwh\nA;2026-01-01 02:00;1', 'long');
SELECT * FROM sg_import(E'A,2026-01-01 02:00,1', 'long');
-- Only a header: no rows.
SELECT * FROM sg_import(E'point,start,kwh', 'long');

DROP VIEW loaded;
DROP EXTENSION smartgrid;
