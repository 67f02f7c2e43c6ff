-- Importing files: the call, options, fields, local times.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2025-01-01', 'anna', 'consumption') FROM unnest(ARRAY['A', 'B', 'C "x"']) AS p;
CREATE FUNCTION loaded(at date, point text DEFAULT 'A') RETURNS TABLE (start timestamptz, kwh numeric, quality text) LANGUAGE sql AS $$
    SELECT s.start, s.kwh, s.quality FROM sg_interval_series(point, tstzrange(at::timestamptz, (at + 1)::timestamptz)) AS s
    WHERE s.quality <> 'missing' ORDER BY s.start $$;
CREATE VIEW batches AS SELECT given, fresh, unchanged, kept, refused, source, label FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1;

-- Arguments and options, before anybody is asked for a right.
SELECT sg_import(NULL, 'long');
SELECT sg_import('x', NULL);
SELECT sg_import('x', 'long', NULL);
SELECT sg_import('x', 'csv');
SELECT sg_import('x', 'long', '[]');
SELECT sg_import('x', 'long', '{"layout": "day"}');
SELECT sg_import('x', 'nem12', '{"columns": {}}');
SELECT sg_import('x', 'long', '{"round": "yes"}');
SELECT sg_import('x', 'long', '{"accept_spikes": 1}');
SELECT sg_import('x', 'long', '{"replace_with": "worse"}');
SELECT sg_import('x', 'long', '{"replace_with": true}');
SELECT sg_import('x', 'long', '{"time_zone": "Europe/Nowhere"}');
SELECT sg_import('x', 'long', '{"points": ["A"]}');
SELECT sg_import('x', 'long', '{"points": {"1": 2}}');
SELECT sg_import('x', 'long', '{"create": {"owner": "anna"}}');
SELECT sg_import('x', 'long', '{"create": {"owner": "anna", "kind": "meter"}}');
SELECT sg_import('x', 'long', '{"create": {"owner": "", "kind": "consumption"}}');
SELECT sg_import('x', 'long', '{"create": {"owner": "anna", "kind": "consumption", "class": "household"}}');
SELECT sg_import('x', 'long', '{"delimiter": "::"}');
SELECT sg_import('x', 'long', '{"delimiter": "1"}');
SELECT sg_import('x', 'long', '{"decimal": ";"}');
SELECT sg_import('x', 'long', '{"columns": {"value": "x"}}');
SELECT sg_import('x', 'long', '{"columns": {"kwh": 1}}');
SELECT sg_import('x', 'long', '{"columns": "kwh"}');

-- An option that is null is none.
SELECT * FROM sg_import(E'point,start,kwh\n', 'long', '{"points": null, "round": null, "label": null}');
TABLE batches;

-- Ends of lines, the mark at the beginning, quotes, blanks, blank lines, no end of the last line.
SELECT * FROM sg_import(U&'\FEFFpoint,start,kwh\000D\000A\000D\000A"A" , "2026-01-01T00:00+01:00",0.1\000D\000A"C ""x""",2026-01-01 00:00Z, "0.2"\000A ,,\000AA,2026-01-01T00:15:00.000+0100,.3', 'long', '{"label": "first"}');
SELECT * FROM loaded('2026-01-01');
SELECT * FROM loaded('2026-01-01', 'C "x"');
TABLE batches;
-- The same file again; its label is that of the call.
SELECT * FROM sg_import(U&'\FEFFpoint,start,kwh\000D\000A\000D\000A"A" , "2026-01-01T00:00+01:00",0.1\000D\000A"C ""x""",2026-01-01 00:00Z, "0.2"\000A ,,\000AA,2026-01-01T00:15:00.000+0100,.3', 'long', '{"label": "again"}');
TABLE batches;
-- The digest is that of the file, mark and all.
SELECT * FROM sg_import(U&'\FEFFpoint,start,kwh\000A\00E4', 'long');
SELECT content = sha256(convert_to(U&'\FEFFpoint,start,kwh\000A\00E4', 'UTF8')) AS is_that FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1;

-- A line with something wrong costs that line.
SELECT * FROM sg_import($$point,start,kwh,quality
A,2026-01-02T00:00+01:00,1,measured
"A,2026-01-02T00:15+01:00,1,measured
A,2026-01-02T00:15+01:00,"1"x,measured
A,2026-01-02T00:15+01:00,1
A,2026-01-02T00:15+01:00,1,measured,
A,2026-01-02T00:30+01:00,1,measured,5
A,2026-01-02T00:30+01:00,1,good
A,2026-01-02T00:30+01:00,,measured
A,2026-01-02T00:30+01:00,,
A,2026-01-02T00:45+01:00,,missing
A,2026-01-02T00:30+01:00,NaN,
A,2026-01-02T00:30+01:00,Infinity,
A,2026-01-02T00:30+01:00,10000000000000000000,
A,2026-01-02T00:30+01:00,1e40,
A,2026-01-02T00:30+01:00,0.0001,
A,2026-01-02T00:30+01:00,"0,1",
A,2026-01-02T00:30+01:00,0x10,
A,2026-01-02T00:30+01:00,-1,
A,2026-01-12T00:31+01:00,1,
,2026-01-03T00:30+01:00,1,
D,2026-01-03T00:30+01:00,1,
"A",2026-01-03T00:00+01:00,1,estimated
"A",2026-01-03T00:00+01:00,2,estimated$$, 'long');
SELECT * FROM loaded('2026-01-02') UNION ALL SELECT * FROM loaded('2026-01-03');
TABLE batches;

-- Times.
SELECT * FROM sg_import($$point,start,kwh
A,2026-01-04,1
A,2026-01-04T24:00:00Z,1
A,2026-01-04T24:15:00Z,1
A,2026-02-30T00:00Z,1
A,29.02.2026 00:00,1
A,2026-1-4T00:00Z,1
A,2026-01-04T00:00:00.0000001Z,1
A,2026-01-04T00:00:60Z,1
A,2026-01-04T00:00+16:00,1
A,2026-01-04T00:00+01:00:00,1
A,2026-01-04T00:00 Europe/Vienna,1
A,now,1
A,infinity,1
A,0000-01-01T00:00Z,1
A,9999-12-31T00:00Z,1
A,2026-01-04T00:00-03:30,1
A,04.01.2026 01:15,1
A,2026-01-04t02:00z,1
A,2026-01-04  02:15 +00,1$$, 'long');
SELECT * FROM loaded('2026-01-04') UNION ALL SELECT * FROM loaded('2026-01-05');

-- Local times: once, twice in the order of the file for each point, once where there should be two, three times, never.
SELECT * FROM sg_import($$point,start,kwh
A,2025-10-26 01:45,1
A,2025-10-26 02:00,2
A,2025-10-26 02:15,3
B,2025-10-26 02:00,10
A,2025-10-26 02:00,4
A,2025-10-26 02:15,5
A,2025-10-26 02:00,6
A,2025-10-26 02:30,7
A,2025-10-26T02:45+02:00,8
A,2025-10-26 03:00,9
A,2026-03-29 01:45,1
A,2026-03-29 02:00,2
A,2026-03-29 02:59,2
A,2026-03-29 03:00,3$$, 'long');
SELECT * FROM loaded('2025-10-26') UNION ALL SELECT * FROM loaded('2026-03-29');
-- One that is refused counts, and so does one of which the file says nothing.
SELECT * FROM sg_import($$point,start,kwh
B,2025-10-26 02:00,x
B,2025-10-26 02:00,1
B,2025-10-26 02:15,2
B,2025-10-26 02:15,y$$, 'long');
SELECT * FROM sg_import($$time,A,B
2025-10-26 02:30,,3
2025-10-26 02:30,7,$$, 'wide');
SELECT * FROM loaded('2025-10-26', 'B');
SELECT * FROM loaded('2025-10-26') WHERE start >= '2025-10-26 02:30+01' AND start < '2025-10-26 02:45+01';
-- Of the zone that the option says, also where clocks are changed at midnight.
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-06 00:00,1\nA,2024-09-08 00:00,1', 'long', '{"time_zone": "America/Santiago"}');
SELECT * FROM loaded('2026-01-06');

-- Points by the file's names; points that are made.
SELECT * FROM sg_import(E'point,start,kwh\n17,2026-01-07 00:00,1\n18,2026-01-07 00:00,2\nA,2026-01-07 00:15,3', 'long', '{"points": {"17": "A", "18": "B"}}');
SELECT * FROM loaded('2026-01-07') UNION ALL SELECT * FROM loaded('2026-01-07', 'B');
SELECT * FROM sg_import(E'point,start,kwh\nN1,2026-01-07 00:00,1\nN2,2026-01-07 00:00,2\nN1,2026-01-07 00:15,3\n' || repeat('N', 65) || ',2026-01-07 00:00,2',
                        'long', '{"create": {"owner": "nora", "kind": "consumption"}}');
SELECT point, owner, kind FROM sg_points ORDER BY point;
-- Better and any; spikes; rounding.
SELECT * FROM sg_import(E'point,start,kwh,quality\nA,2026-01-07 00:00,5,estimated\nB,2026-01-07 00:00,,missing', 'long');
TABLE batches;
SELECT * FROM sg_import(E'point,start,kwh,quality\nA,2026-01-07 00:00,5,estimated\nB,2026-01-07 00:00,,missing', 'long', '{"replace_with": "any"}');
TABLE batches;
SELECT * FROM loaded('2026-01-07') UNION ALL SELECT * FROM loaded('2026-01-07', 'B');
SELECT sg_set_point('A', '2026-01-08', capacity => 4);
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-08 00:00,1.001', 'long');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-08 00:00,1.001', 'long', '{"accept_spikes": true}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-08 00:15,0.3334\nA,2026-01-08 00:30,0.3334\nA,2026-01-08 00:45,0.3334', 'long', '{"round": true}');
SELECT * FROM loaded('2026-01-08');

-- Nothing of a content that is none is loaded.
SELECT * FROM sg_import('', 'long');
SELECT * FROM sg_import(E' \n\r\n', 'long');
SELECT * FROM sg_import(U&'\FEFF', 'nem12');
SELECT * FROM sg_import('{"a": 1}', 'nem12');
SELECT * FROM sg_import('<feed/>', 'greenbutton_csv');
SELECT * FROM sg_import('garbage', 'wide');
SELECT * FROM sg_import(repeat('x', 1000000), 'long');
SELECT count(*), min(sqlstate), left(min(message), 50) FROM sg_import(E'point,start,kwh\n' || repeat('x', 1000000), 'long');
SELECT line, point, sqlstate, message FROM sg_import(E'point,start,kwh\n' || repeat('x', 1000000) || ',2026-01-09 00:00,1', 'long');
-- A million columns and more.
SELECT line, point, sqlstate, message FROM sg_import(E'point,start,kwh\n' || repeat(',', 1000000) || 'x', 'long');
SELECT line, point, sqlstate, message FROM sg_import(E'point,start,kwh\n' || repeat(',', 2000000), 'long');
SELECT * FROM sg_import(repeat(',', 2000000) || E'\n', 'wide');

-- A call is remembered by its content, format and options.
SET smartgrid.reference = 'file-1';
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-10 00:00,1\nX,2026-01-10 00:00,1', 'long', '{"round": true, "label": "a"}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-10 00:00,1\nX,2026-01-10 00:00,1', 'long', '{"label": "a", "round": true}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-10 00:00,1\nX,2026-01-10 00:00,2', 'long', '{"label": "a", "round": true}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-10 00:00,1\nX,2026-01-10 00:00,1', 'long', '{"label": "b", "round": true}');
SELECT * FROM sg_import(E'point,start,kwh\nA,2026-01-10 00:00,1\nX,2026-01-10 00:00,1', 'wide');
RESET smartgrid.reference;
SELECT count(*) FROM smartgrid.batch WHERE label IN ('a', 'b');

-- More rows than are gathered at once: slots that stay open are those of all parts.
SET client_min_messages = warning;
SELECT count(*) FROM sg_import(E'point,start,kwh\nB,2026-01-12T00:00Z,1\nA,2026-01-12T00:00Z,0.2\n' || repeat(E'N2,2026-01-13T00:00Z,1\n', 1100000) || E'N1,2026-01-12T00:00Z,3\nA,2026-01-12T00:00Z,0.2\nA,2026-01-12T00:15Z,0.4', 'long');
TABLE batches;
SELECT p.point, s.start, s.kwh FROM sg_points AS p, sg_interval_series(p.point, '[2026-01-12 00:00+00, 2026-01-12 00:30+00)') AS s WHERE s.quality <> 'missing' ORDER BY 1, 2;
SELECT DISTINCT invariant FROM sg_check() WHERE NOT ok;
RESET client_min_messages;

DROP VIEW batches;
DROP FUNCTION loaded(date, text);
DROP EXTENSION smartgrid;
