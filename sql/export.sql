-- Exporting, and loading again what was exported.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- Points of every kind, length of slots and odd name; values of every quality over the days on which clocks are changed, with gaps.
CREATE TABLE points (point text, valid_from timestamptz, owner text, kind text, resolution interval);
INSERT INTO points VALUES
    ('house', '2026-01-01 00:00 Europe/Vienna', 'anna', 'consumption', '15 minutes'),
    ('roof', '2026-03-29 00:00 Europe/Vienna', 'anna', 'production', '15 minutes'),
    ('battery', '2026-01-01 00:00 Europe/Vienna', 'anna', 'storage', '15 minutes'),
    ('link', '2026-01-01 00:00 Europe/Vienna', NULL, 'exchange', '30 minutes'),
    ('NMI1/E1', '2026-01-01 00:00 Europe/Vienna', 'bert', 'consumption', '30 minutes'),
    ('NMI1/B1', '2026-01-01 00:00 Europe/Vienna', 'bert', 'production', '5 minutes'),
    ('NMI2/E7', '2026-01-01 00:00 Europe/Vienna', 'bert', 'storage', '15 minutes'),
    ('NMI2/B7', '2026-01-01 00:00 Europe/Vienna', NULL, 'exchange', '15 minutes'),
    ('mill "a", 50 % & more', '2026-01-01 00:00 Europe/Vienna', 'bert', 'consumption', '15 minutes'),
    (' 1/2/3', '2026-01-01 00:00 Europe/Vienna', 'bert', 'consumption', '15 minutes');
CREATE TABLE hourly (LIKE points);
INSERT INTO hourly VALUES ('mühle', '2026-01-01 00:00 Europe/Vienna', 'anna', 'production', '1 hour');
CREATE PROCEDURE new_grid(name text, source regclass[]) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_create_grid(name, energy_scale => 5);
    PERFORM set_config('smartgrid.grid', name, false);
    PERFORM sg_set_time_zone('Europe/Vienna');
    PERFORM sg_set_points(s) FROM unnest(source) AS s;
END $$;
CALL new_grid('original', '{points,hourly}');
CREATE TABLE readings AS
SELECT p.point, start, ((hashint8(extract(epoch FROM start)::bigint) % 1000)::bigint
                        * CASE WHEN extract(hour FROM start) < 3 THEN 0 WHEN kind IN ('storage', 'exchange') THEN sign(extract(minute FROM start) - 20) ELSE 1 END)::bigint AS amount,
       (ARRAY['measured', 'measured', 'substituted', 'estimated', 'calculated'])[1 + abs(hashtext(p.point || start::text) % 5)] AS quality
FROM (TABLE points UNION ALL TABLE hourly) AS p,
    LATERAL generate_series(p.valid_from + (CASE p.point WHEN 'roof' THEN 0 ELSE 86 END) * interval '1 day', '2026-03-31 00:00 Europe/Vienna'::timestamptz - p.resolution, p.resolution) AS start
WHERE hashtext(start::text) % 7 <> 0;
UPDATE readings AS r SET amount = abs(amount) FROM (TABLE points UNION ALL TABLE hourly) AS p WHERE p.point = r.point AND p.kind IN ('consumption', 'production');
SELECT count(*) FROM sg_post_intervals('readings');
CREATE VIEW loaded AS SELECT point, start, amount, quality FROM sg_intervals WHERE grid = current_setting('smartgrid.grid') AND quality <> 'missing';
CREATE TABLE original AS TABLE loaded;
SELECT quality, count(*) FROM original GROUP BY quality ORDER BY quality;

CREATE FUNCTION exported(format text, VARIADIC points text[] DEFAULT NULL) RETURNS text LANGUAGE sql
    AS $$SELECT string_agg(line, E'\n') FROM sg_export(format, '[2026-03-27 00:00 Europe/Vienna, 2026-03-31 00:00 Europe/Vienna)', points) AS line$$;
CREATE TABLE files AS SELECT format, exported(format) AS content FROM unnest('{long,wide,espi}'::text[]) AS format;
INSERT INTO files SELECT 'nem12', exported('nem12', VARIADIC array_agg(point)) FROM points;
SELECT format, regexp_count(content, '\n') FROM files ORDER BY format;
-- Each one into a grid of its own: nothing is refused, and the same is there.
CALL new_grid('long', '{points,hourly}');
SELECT f.* FROM files, sg_import(content, format) AS f WHERE format = 'long';
(TABLE loaded EXCEPT TABLE original) UNION ALL (TABLE original EXCEPT TABLE loaded);
CALL new_grid('wide', '{points,hourly}');
SELECT f.* FROM files, sg_import(content, format) AS f WHERE format = 'wide';
(TABLE loaded EXCEPT TABLE original) UNION ALL (TABLE original EXCEPT TABLE loaded);
CALL new_grid('espi', '{points,hourly}');
SELECT f.* FROM files, sg_import(content, format) AS f WHERE format = 'espi';
(TABLE loaded EXCEPT TABLE original) UNION ALL (TABLE original EXCEPT TABLE loaded);
-- NEM12 has no flag for what was calculated, nor slots of an hour; a point whose name has no suffix gets one.
CALL new_grid('nem12', '{points}');
SELECT line, f.point, sqlstate, count(*) FROM files, sg_import(content, format, '{"points": {"house/E1": "house", "roof/B1": "roof", "battery/B1": "battery", "link/E1": "link", "mill \"a\", 50 % & more/E1": "mill \"a\", 50 % & more"}}') AS f WHERE format = 'nem12'
GROUP BY line, f.point, sqlstate; -- days of the market begin before the point does
CREATE TABLE flagged AS SELECT point, start, amount, replace(quality, 'calculated', 'estimated') FROM original WHERE point IN (SELECT point FROM points);
(TABLE loaded EXCEPT TABLE flagged) UNION ALL (TABLE flagged EXCEPT TABLE loaded);
SELECT count(*) FROM loaded;

-- What the lines look like.
SET smartgrid.grid = 'original';
SELECT * FROM sg_export('long', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house,link}');
SELECT * FROM sg_export('wide', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house,link}');
SELECT regexp_replace(line, '20\d{10,12}', 'NOW') AS line FROM sg_export('nem12', '[2026-03-29 13:30+00, 2026-03-29 14:30+00)', '{link,NMI1/E1}') AS line;
SELECT * FROM sg_export('espi', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house}', '2100-01-01') OFFSET 1;
-- As it was on record before, and where there is nothing.
SELECT * FROM sg_export('long', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', as_of => '2026-01-01');
SELECT * FROM sg_export('wide', '[2025-01-01, 2025-01-02)');
SELECT count(*) FROM sg_export('espi', '[2025-01-01, 2025-01-02)');
SELECT * FROM sg_export('long', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{}');
-- Members get the slots of which they were the owner, and no other points.
CREATE ROLE regress_member LOGIN;
CREATE ROLE regress_stranger LOGIN;
SELECT sg_set_point('house', '2026-03-29 01:00+00', 'regress_member');
SET SESSION AUTHORIZATION regress_member;
SELECT * FROM sg_export('wide', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)');
SELECT regexp_count(string_agg(line, ''), '<e:IntervalReading>') FROM sg_export('espi', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house}') AS line;
SELECT * FROM sg_export('wide', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house,roof}');
SET SESSION AUTHORIZATION regress_stranger;
SELECT * FROM sg_export('long', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)');
SELECT * FROM sg_export('long', '[2026-03-29 00:30+00, 2026-03-29 01:30+00)', '{house}');
RESET SESSION AUTHORIZATION;

-- What cannot be exported.
SELECT * FROM sg_export('xml', '[2026-03-29, 2026-03-30)');
SELECT * FROM sg_export(NULL, '[2026-03-29, 2026-03-30)');
SELECT * FROM sg_export('long', NULL);
SELECT * FROM sg_export('long', '[2026-03-29,)');
SELECT * FROM sg_export('long', 'empty');
SELECT * FROM sg_export('long', '[2026-03-29, 2026-03-30)', '{house,nobody}');
SELECT * FROM sg_export('long', '[2026-03-29, 2026-03-30)', '{NULL}');
SELECT * FROM sg_export('long', '[2026-03-29, 2026-03-30)', '{""}');
\set VERBOSITY terse
SELECT count(*) FROM sg_export('nem12', '[2026-03-28 23:00+00, 2026-03-30)', '{mühle}');
\set VERBOSITY default

DROP VIEW loaded;
DROP TABLE files, original, flagged, readings, points, hourly;
DROP FUNCTION exported;
DROP PROCEDURE new_grid;
DROP EXTENSION smartgrid;
DROP ROLE regress_member, regress_stranger;
