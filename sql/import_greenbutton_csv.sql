-- Format greenbutton_csv: what utilities in North America let their customers download.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('America/Los_Angeles');
SET timezone = 'America/Los_Angeles';
SET datestyle = 'ISO';
SELECT sg_set_point('in', '2025-01-01', 'anna', 'consumption'), sg_set_point('out', '2025-01-01', 'anna', 'production'),
       sg_set_point('4711', '2025-01-01', 'anna', 'consumption', '1 hour');
CREATE VIEW loaded AS
SELECT p.point, s.start, s.kwh FROM sg_points AS p, sg_interval_series(p.point, '[2025-10-01, 2026-04-01)') AS s WHERE s.quality <> 'missing' ORDER BY p.point, s.start;

-- The last minute is a part of the interval; below 0 it is an export; cost and notes do not matter.
SELECT * FROM sg_import($$Name,"MAIER, ANNA"
Address,"1 Main St, ""upstairs"""
Account Number,17
Service,Service 1

TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES
Electric usage,2026-01-01,00:00,00:14,0.12,kWh,$0.02,
Electric usage,2026-01-01,00:15,00:29,-0.25,kWh,-$0.02,"exported, and paid"
Electric usage,1/1/2026,00:30,00:44,120,Wh,$0.02,
Electric usage,1/1/2026,23:45,23:59,0.001,MWh,,
Electric usage,2026-01-01,00:45,01:00,0.12,kWh,,
Electric usage,2026-01-01,01:00,02:59,0.12,kWh,,
Electric usage,2026-01-01,01:00,01:59,0.12,kWh,,
Electric usage,2026-01-01,01:14,01:00,0.12,kWh,,
Electric usage,2026-01-01,1:00 AM,1:14 AM,0.12,kWh,,
Electric usage,13/1/2026,01:00,01:14,0.12,kWh,,
Electric usage,2026-01-01,01:00,01:14,,kWh,,
Electric usage,2026-01-01,01:00,01:14,0.12,,,
Natural gas usage,2026-01-01,01:00,01:14,0.12,therms,,
Electric usage,2026-01-01,01:15,01:29,0.12,kWh,,,
Electric usage,2026-01-01,01:15,01:29
$$, 'greenbutton_csv', '{"points": {"17": "in"}, "export_point": "out"}');
TABLE loaded;
-- Without a point for it an export is refused; the point by the account, or by the option.
SELECT * FROM sg_import(E'Account Number,4711\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS\nElectric,2026-01-02,00:00,00:59,1,kWh\nElectric,2026-01-02,01:00,01:59,-1,kWh\n', 'greenbutton_csv');
SELECT * FROM sg_import(E'Account Number,4711\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS\nElectric,2026-01-03,00:00,00:14,1,kWh\n', 'greenbutton_csv', '{"point": "in"}');
SELECT * FROM loaded WHERE start >= '2026-01-02';
-- Local times: the hour that is there twice, with an export in one of them; the one that is not there.
SELECT * FROM sg_import(E'\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS\nE,2025-11-02,00:45,00:59,1,kWh\nE,2025-11-02,01:00,01:14,2,kWh\nE,2025-11-02,01:00,01:14,-3,kWh\nE,2025-11-02,01:15,01:29,4,kWh\nE,2025-11-02,02:00,02:14,5,kWh\nE,2026-03-08,02:00,02:14,6,kWh\nE,2026-03-08,03:00,03:14,7,kWh\n',
                        'greenbutton_csv', '{"point": "in", "export_point": "out"}');
SELECT * FROM loaded WHERE start < '2026-01-01' OR start >= '2026-03-01';
-- What is no such file.
SELECT * FROM sg_import(E'TYPE,DATE,START TIME,END TIME,USAGE,UNITS\nE,2025-11-02,00:45,00:59,1,kWh\n', 'greenbutton_csv');
SELECT * FROM sg_import(E'Account Number,17\nTYPE,DATE,START TIME,END TIME,USAGE\n', 'greenbutton_csv');
SELECT * FROM sg_import(E'Account Number,17\n"TYPE,\nDATE', 'greenbutton_csv');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-01T00:00Z,1\n', 'greenbutton_csv');
SELECT * FROM sg_import(E'Account Number,17\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS\n', 'greenbutton_csv');
-- Points that are made: by their direction.
SELECT * FROM sg_import(E'Account Number,18\nTYPE,DATE,START TIME,END TIME,USAGE,UNITS\nE,2026-02-01,00:00,00:29,1,kWh\nE,2026-02-01,00:30,00:59,-2,kWh\n', 'greenbutton_csv', '{"export_point": "18x", "create": {"owner": "dan"}}');
SELECT point, kind, resolution FROM sg_points WHERE owner = 'dan' ORDER BY point;

DROP VIEW loaded;
DROP EXTENSION smartgrid;
