-- Format eda: reports of Austrian grid operators.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 6), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
CREATE VIEW loaded AS
SELECT p.point, p.kind, s.start, s.kwh, s.quality
FROM sg_points AS p, sg_interval_series(p.point, '[2022-10-30, 2023-04-01)') AS s
WHERE s.quality <> 'missing' ORDER BY p.point, s.start;

-- Pairs of value and quality, rows that do not matter, totals; only what was measured is taken.
CREATE TABLE report AS SELECT
'"Die Informationen ohne Gewaehr; ""wie besehen"""
MeteringpointID;AT01;MM;AT01;MM;AT01;MM;AT02;MM;AT02;MM;AT02;MM;AT09;MM;AT09;MM;TOTAL;TOTAL
Name;Anna;;Anna;;Anna;;Bert;;Bert;;Bert;;Cora;;Cora;;;
Energy direction;CONSUMPTION;;CONSUMPTION;;CONSUMPTION;;CONSUMPTION;;CONSUMPTION;;CONSUMPTION;;GENERATION;;GENERATION;;;
Period start;01.03.2023 00:00:00;;;;;;;;;;;;;;;;;
Metering Interval;QH (viertelstuendlich);;;;;;;;;;;;;;;;;
Number of Metering Intervals;96;;;;;;;;;;;;;;;;;
Metercode;Gesamtverbrauch lt. Messung (bei Teilnahme gem. Erzeugung) [KWH];;Anteil gemeinschaftliche Erzeugung [KWH];;Eigendeckung gemeinschaftliche Erzeugung [KWH];;'
'Gesamtverbrauch lt. Messung (bei Teilnahme gem. Erzeugung) [KWH];;Anteil gemeinschaftliche Erzeugung [KWH];;Eigendeckung gemeinschaftliche Erzeugung [KWH];;'
'Gesamt/Überschusserzeugung, Gemeinschaftsüberschuss [KWH];;Gesamte gemeinschaftliche Erzeugung [KWH];;Gesamtverbrauch lt. Messung (bei Teilnahme gem. Erzeugung) [KWH];Anteil gemeinschaftliche Erzeugung [KWH]
Spaltensumme / minimale Qualität;1;L2;2;L1;3;L1;4;L1;5;L1;6;L1;7;L1;8;L1;9;10
01.03.2023 00:00:00;0.011;L1;0.000109;L1;0.000109;L1;0.003;L1;0;L1;0;L1;0.5;L1;0.75;L1;0.014;0
01.03.2023 00:15:00;0,012;L2;0,000109;L1;0,000109;L1;0,004;L3;0;L1;0;L1;0,5;L1;1,25;L1;0,016;0
01.03.2023 00:30:00;;;;;;;0.005;;;;;;0.5;L1;1;L1;;
01.03.2023 00:45:00;0.013;L4;;;;;a lot;L1;;;;;0.5;L1;1.5;L1;;
01.03.2023 01:00:00;0.014;L1
;;;;;;;;;;;;;;;;;;;
;;;;;;;;0.4;;;;;;;;;;
Summe;1;;;;;;;;;;;;;;;;;
' AS content;
SELECT f.* FROM report, sg_import(content, 'eda') AS f WHERE sqlstate <> 'SG101';
SELECT f.* FROM report, sg_import(content, 'eda', '{"create": {"owner": "anna"}, "points": {"AT02": "bert"}}') AS f;
TABLE loaded;
SELECT f.* FROM report, sg_import(content, 'eda', '{"points": {"AT02": "bert"}}') AS f WHERE sqlstate NOT IN ('SG108', '22P02');
SELECT rows, new, unchanged, refused FROM sg_batches ORDER BY batch;

-- Values alone, between commas, times as spreadsheets keep them.
SELECT sg_set_point('AT03', '2020-01-01', 'dora', 'consumption'), sg_set_point('AT08', '2020-01-01', 'dora', 'production');
SELECT * FROM sg_import(E'Metercode,1-1:1.9.0 G.01,1-1:2.9.0 G.02,"1-1:2.9.0 G.01",1-1:2.9.0 P.01,1-1:2.9.0 G.01T\nEnergy direction,consumption,consumption,GENERATION,GENERATION,GENERATION\n' ||
                        E'MeteringpointID,AT03,AT03,AT08,AT08,AT08\n45000.0104166666,1,9,2,9,9\n45000.020833333336,1.5,9,2.5,0,9\n"45000,03125","1,75",9,2.75,,\n45000.0416666667,2,9,3,0,9', 'eda');
SELECT * FROM loaded WHERE point IN ('AT03', 'AT08');
-- A decimal comma between commas makes more fields than there are columns.
SELECT * FROM sg_import(E'MeteringpointID,AT03,AT08\nEnergy direction,CONSUMPTION,GENERATION\nMetercode,G.01,G.01\n15.03.2023 02:00:00,1,2,3,4\n15.03.2023 02:15:00,1,2,3\n15.03.2023 02:30:00,1\n', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03\nEnergy direction;CONSUMPTION\nMetercode;G.01\n15.03.2023 03:00:00;1.234\n15.03.2023 03:15:00;1.234,5\n', 'eda', '{"decimal": ","}');

-- Columns that are swapped: a warning once for each point, and the option that says which are which.
SELECT f.* FROM report, sg_import(replace(replace(replace(content, 'Gesamt/Überschuss', 'x'), 'Gesamte gemeinschaftliche Erzeugung', 'Gesamt/Überschusserzeugung, Gemeinschaftsüberschuss'),
                                          'xerzeugung, Gemeinschaftsüberschuss', 'Gesamte gemeinschaftliche Erzeugung'), 'eda', '{"points": {"AT02": "bert"}, "replace_with": "any"}') AS f WHERE line IN (10, 11, 12);
SELECT * FROM loaded WHERE point = 'AT09';
SELECT f.* FROM report, sg_import(replace(replace(replace(content, 'Gesamt/Überschuss', 'x'), 'Gesamte gemeinschaftliche Erzeugung', 'Gesamt/Überschusserzeugung, Gemeinschaftsüberschuss'),
                                          'xerzeugung, Gemeinschaftsüberschuss', 'Gesamte gemeinschaftliche Erzeugung'), 'eda',
                                  '{"points": {"AT02": "bert"}, "replace_with": "any", "columns": {"production": "gesamt/Überschusserzeugung", "surplus": "Gesamte gemeinschaftliche"}}') AS f WHERE line IN (8, 10, 11, 12);
SELECT * FROM loaded WHERE point = 'AT09';

-- A point in several columns: where one is empty, the other holds; values that differ are refused.
SELECT * FROM sg_import(E'MeteringpointID;AT03;AT08;AT03\nEnergy direction;CONSUMPTION;GENERATION;CONSUMPTION\nMetercode;G.01;G.01;G.01\n16.03.2023 00:00;1;;\n16.03.2023 00:15;;;2\n16.03.2023 00:30;3;;3\n16.03.2023 00:45;4;;5', 'eda');
SELECT * FROM loaded WHERE start >= '2023-03-16';

-- Clocks that go back and forward: a label that is there twice is the first and then the second, for each point.
SELECT * FROM sg_import(E'MeteringpointID;AT03;AT08;AT03\nEnergy direction;CONSUMPTION;GENERATION;CONSUMPTION\nMetercode;G.01;G.01;G.01\n30.10.2022 01:45:00;0;0;\n30.10.2022 02:00:00;1;5;\n30.10.2022 02:15:00;2;;\n' ||
                        E'30.10.2022 02:30:00;2\n30.10.2022 02:00:00;;6;3\n30.10.2022 02:15:00;4;8;\n30.10.2022 02:30:00;4;;\n30.10.2022 02:45:00;7;;\n26.03.2023 02:00:00;9;;\n26.03.2023 03:00:00;8;;', 'eda');
SELECT point, start AT TIME ZONE 'UTC' AS utc, kwh FROM loaded WHERE start < '2022-10-31' OR start >= '2023-03-26' ORDER BY point, start;

-- Points whose columns cannot be taken.
SELECT * FROM sg_import(E'MeteringpointID;AT03;AT08;AT07;AT06;AT05\nEnergy direction;GENERATION;CONSUMPTION;;CONSUMPTION;CONSUMPTION\nMetercode;G.01;G.01;G.01;Anteil gemeinschaftliche Erzeugung;Keine Daten verfügbar\n17.03.2023 00:00;1;1;1;1;', 'eda');
-- Storage is charged from the grid.
SELECT sg_set_point('AT10', '2020-01-01', 'dora', 'storage');
SELECT * FROM sg_import(E'MeteringpointID;AT10\nEnergy direction;CONSUMPTION\nMetercode;G.01\n17.03.2023 00:00;1', 'eda');
SELECT * FROM loaded WHERE point = 'AT10';

-- The operator's shares beside ours, by the dynamic model: 0.5 of 2 and 1.5; the report has one wrong figure, one that is rounded, and one for a slot in which there is nothing here.
SELECT sg_create_grid('community', energy_scale => 6);
SET smartgrid.grid = 'community';
SELECT sg_set_time_zone('Europe/Vienna');
CREATE TABLE shares AS SELECT
'MeteringpointID;C1;C1;C1;C2;C2;C2;P1;P1
Energy direction;CONSUMPTION;CONSUMPTION;CONSUMPTION;CONSUMPTION;CONSUMPTION;CONSUMPTION;GENERATION;GENERATION
Metercode;G.01;G.02;G.03;G.01;G.02;G.03;G.01;P.01
30.10.2022 01:45:00;1;0.5;0.5;3;1.5;1.5;2;0
30.10.2022 02:00:00;1;2;1;2;4;2;6;3
30.10.2022 02:15:00;0;0;0;0;0;0;1;1
30.10.2022 02:30:00;1;0.333333;0.333333;2;0.666668;0.666667;1;0
30.10.2022 02:45:00;1;0.25;0.25;3;0.8;0.75;1;
30.10.2022 02:00:00;2;;1;2;1;1;2;0.000002
30.10.2022 02:15:00;0;0;0;0;0;0;0;0
30.10.2022 02:30:00;0;0;0;0;0;0;0;0
30.10.2022 02:45:00;0;0;0;0;0;0;0;0
30.10.2022 03:00:00;;1;0;;;;;
' AS content;
SELECT f.* FROM shares, sg_import(content, 'eda', '{"compare": true, "create": {"owner": "anna"}}') AS f;
SELECT start AT TIME ZONE 'UTC' AS utc, point, share, covered, rest FROM sg_allocate('[2022-10-30 01:45, 2022-10-30 03:15)') WHERE start IN ('2022-10-30 02:45+02', '2022-10-30 02:00+01') ORDER BY start, point;
SELECT f.* FROM shares, sg_import(content, 'eda', '{"compare": true, "columns": {"covered": "G.02", "share": "G.09"}}') AS f LIMIT 3;
CREATE ROLE regress_gateway LOGIN IN ROLE smartgrid_gateway;
GRANT SELECT ON shares TO regress_gateway;
SET SESSION AUTHORIZATION regress_gateway;
SELECT f.* FROM shares, sg_import(content, 'eda', '{"compare": true}') AS f;
SELECT f.* FROM shares, sg_import(content, 'eda') AS f;
RESET SESSION AUTHORIZATION;
RESET smartgrid.grid;
DROP TABLE shares;

-- What is no report.
SELECT * FROM sg_import('', 'eda');
SELECT * FROM sg_import(E'point,start,kwh\nAT03,2023-03-01 00:00,1', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03\nMetercode;G.01\n17.03.2023 00:00;1', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03\nEnergy direction;CONSUMPTION\n17.03.2023 00:00;1\nMetercode;G.01', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03\nMeteringpointID;AT03\nEnergy direction;CONSUMPTION\nMetercode;G.01\n17.03.2023 00:00;1', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03\nEnergy direction;CONSUMPTION\nMetercode;G.99\n17.03.2023 00:00;1', 'eda');
SELECT * FROM sg_import(E'MeteringpointID;AT03;AT03\nEnergy direction;CONSUMPTION;GENERATION\nMetercode;G.01;G.01\n17.03.2023 00:00;1;1', 'eda');
-- Without rows, nothing is loaded.
SELECT * FROM sg_import(E'MeteringpointID;AT03\nEnergy direction;CONSUMPTION\nMetercode;G.01', 'eda');
-- Options.
SELECT * FROM sg_import('', 'eda', '{"layout": "day"}');
SELECT * FROM sg_import('', 'eda', '{"columns": {"surplus": 1}}');
SELECT * FROM sg_import('', 'eda', '{"columns": {"surplus": ""}}');
SELECT * FROM sg_import('', 'eda', '{"columns": {"point": "x"}}');
SELECT * FROM sg_import('', 'eda', '{"compare": "yes"}');

DROP VIEW loaded;
DROP TABLE report;
DROP EXTENSION smartgrid;
DROP ROLE regress_gateway;
