-- Format espi: Green Button files.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 6), sg_set_time_zone('America/New_York');
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE VIEW loaded AS
SELECT p.point, p.kind, s.start, s.kwh, s.quality
FROM sg_points AS p, sg_interval_series(p.point, '[2024-03-01 05:00+00, 2024-03-02 05:00+00)') AS s
WHERE s.quality <> 'missing' ORDER BY p.point, s.start;

-- A reading type, a block of readings of 2024-03-01 00:00 in New York on, a reading: as text.
CREATE FUNCTION type_of(flow int, more text DEFAULT '', uom int DEFAULT 72, accumulation int DEFAULT 4) RETURNS text LANGUAGE sql AS
$$SELECT format('<ReadingType xmlns="http://naesb.org/espi"><accumulationBehaviour>%s</accumulationBehaviour><flowDirection>%s</flowDirection>%s<uom>%s</uom></ReadingType>',
                accumulation, flow, more, uom)$$;
CREATE FUNCTION reading(n int, value text, more text DEFAULT '', seconds text DEFAULT '900') RETURNS text LANGUAGE sql AS
$$SELECT format('%s<IntervalReading>%s<timePeriod><duration>%s</duration><start>%s</start></timePeriod><value>%s</value></IntervalReading>',
                E'\n', more, seconds, 1709269200 + n * 900, value)$$;
CREATE FUNCTION block(readings text) RETURNS text LANGUAGE sql AS
$$SELECT format('<IntervalBlock xmlns="http://naesb.org/espi"><interval><duration>86400</duration><start>1</start></interval>%s</IntervalBlock>', readings)$$;
CREATE FUNCTION entry(links text, content text) RETURNS text LANGUAGE sql AS
$$SELECT format('%s<entry>%s<content>%s</content></entry>', E'\n',
                regexp_replace(links, '(\w+)=(\S+)', '<link rel="\1" href="\2"/>', 'g'), content)$$;
CREATE FUNCTION feed(entries text) RETURNS text LANGUAGE sql AS
$$SELECT format('<?xml version="1.0" encoding="UTF-8"?>%s<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/Subscription/1"/>%s</feed>', E'\n', entries)$$;
CREATE FUNCTION quality(VARIADIC codes int[]) RETURNS text LANGUAGE sql AS
$$SELECT string_agg(format('<ReadingQuality><quality>%s</quality></ReadingQuality>', code), '') FROM unnest(codes) AS code$$;

-- A feed of two usage points, the first with both directions, in an order of its own: links say what belongs to what, with hosts and without.
CREATE TABLE feed AS SELECT feed(
    entry('self=/r/UsagePoint/U1/MeterReading/1/IntervalBlock/1 up=/r/UsagePoint/U1/MeterReading/1/IntervalBlock', block(reading(0, '284') || reading(1, '305'))) ||
    entry('self=https://h.example/r/UsagePoint/U1/MeterReading/2/IntervalBlock/1 up=https://h.example/r/UsagePoint/U1/MeterReading/2/IntervalBlock/', block(reading(0, '7'))) ||
    entry('self=/r/ReadingType/1 up=/r/ReadingType', type_of(1)) ||
    entry('self=/r/ReadingType/2 up=/r/ReadingType', type_of(19, '<powerOfTenMultiplier>3</powerOfTenMultiplier><intervalLength>900</intervalLength>')) ||
    entry('self=/r/UsagePoint/U1 up=/r/UsagePoint related=/r/UsagePoint/U1/MeterReading related=/r/LocalTimeParameters/1', '<u:UsagePoint xmlns:u="http://naesb.org/espi"/>') ||
    entry('self=/r/UsagePoint/U1/MeterReading/1 up=/r/UsagePoint/U1/MeterReading related=/r/UsagePoint/U1/MeterReading/1/IntervalBlock related=/r/ReadingType/1', '<MeterReading xmlns="http://naesb.org/espi"/>') ||
    entry('self=/r/UsagePoint/U1/MeterReading/2 up=/r/UsagePoint/U1/MeterReading related=/r/UsagePoint/U1/MeterReading/2/IntervalBlock related=/r/ReadingType/2', '<x:MeterReading xmlns:x="http://naesb.org/espi"/>') ||
    entry('self=/r/UsagePoint/U2/MeterReading/1 up=/r/UsagePoint/U2/MeterReading related=/r/UsagePoint/U2/MeterReading/1/IntervalBlock related=/r/ReadingType/1', '<MeterReading xmlns="http://naesb.org/espi"/>') ||
    entry('self=/r/UsagePoint/U2/MeterReading/1/IntervalBlock/1 up=/r/UsagePoint/U2/MeterReading/1/IntervalBlock',
          block(reading(0, '1000', '', '3600')) || block(reading(4, '2000', '', '3600')) || '<IntervalBlock xmlns="http://example.org/other">' || reading(8, '9') || '</IntervalBlock>') ||
    entry('self=/r/UsagePoint/U2 up=/r/UsagePoint related=/r/UsagePoint/U2/MeterReading related=/r/LocalTimeParameters/1', '<UsagePoint xmlns="http://naesb.org/espi"/>')) AS content;
SELECT f.* FROM feed, sg_import(content, 'espi') AS f;
-- Points are made of the kind of their direction, with slots as long as theirs.
SELECT f.* FROM feed, sg_import(content, 'espi', '{"create": {"owner": "anna"}, "points": {"U2": "second"}}') AS f;
TABLE loaded;
SELECT point, resolution FROM sg_points;
-- The same again: nothing new.
SELECT f.* FROM feed, sg_import(content, 'espi', '{"points": {"/r/UsagePoint/U2": "second", "U1/export": "U1/export"}}') AS f;
SELECT new, unchanged, refused FROM sg_batches ORDER BY batch;
-- Values of a direction that the point has not.
SELECT f.* FROM feed, sg_import(content, 'espi', '{"points": {"U1": "U1/export", "U1/export": "U1"}}') AS f;
SELECT f.* FROM feed, sg_import(content, 'espi', '{"point": "U1"}') AS f;
TRUNCATE feed;

-- Without links: objects in each other, prefixes of every kind, or with nothing around them but what ends a document.
SELECT sg_set_point('house', '2024-01-01 00:00 America/New_York', 'bert', 'consumption'), sg_set_point('roof', '2024-01-01 00:00 America/New_York', 'bert', 'production'),
       sg_set_point('battery', '2024-01-01 00:00 America/New_York', 'bert', 'storage'), sg_set_point('link', '2024-01-01 00:00 America/New_York', 'bert', 'exchange');
SELECT * FROM sg_import('<e:UsagePoint xmlns:e="http://naesb.org/espi"><e:MeterReading>' || replace(type_of(1), 'xmlns', 'xmlns:unused="x" xmlns') || '</e:MeterReading></e:UsagePoint>', 'espi');
SELECT * FROM sg_import('<x><UsagePoint xmlns="http://naesb.org/espi"><MeterReading>' || type_of(1) || block(reading(0, '1')) || '</MeterReading><MeterReading>' || type_of(19) || block(reading(0, '2')) ||
                        '</MeterReading></UsagePoint></x>', 'espi', '{"point": "house", "export_point": "roof"}');
SELECT * FROM sg_import('<x>' || block(reading(1, ' 1e1 ')) || type_of(1) || '</x><!-- <!DOCTYPE x> -->', 'espi', '{"point": "house"}');
SELECT * FROM sg_import('<x>' || block(reading(1, '<![CDATA[2]]><!-- 9 -->0')) || type_of(19) || '</x>', 'espi', '{"point": "roof"}');
-- Above 0 is into the grid for storage, and out of the neighbour's for exchange.
SELECT * FROM sg_import('<x>' || block(reading(0, '5') || reading(1, '-5')) || type_of(1) || '</x>', 'espi', '{"point": "battery"}');
SELECT * FROM sg_import('<x>' || block(reading(2, '5')) || type_of(19) || '</x>', 'espi', '{"point": "battery"}');
SELECT * FROM sg_import('<x>' || block(reading(0, '5')) || type_of(1) || '</x>', 'espi', '{"point": "link"}');
SELECT * FROM sg_import('<x>' || block(reading(1, '5')) || type_of(19) || '</x>', 'espi', '{"point": "link"}');
SELECT * FROM loaded WHERE point IN ('house', 'roof', 'battery', 'link');
-- Nobody says which point it is.
SELECT * FROM sg_import('<x>' || block(reading(1, '1')) || type_of(1) || '</x>', 'espi');
SELECT * FROM sg_import('<x><UsagePoint xmlns="http://naesb.org/espi"><MeterReading>' || type_of(1) || block(reading(0, '1')) || '</MeterReading><MeterReading>' || type_of(19) || block(reading(0, '2')) ||
                        '</MeterReading></UsagePoint></x>', 'espi', '{"point": "house"}');

-- Qualities: of several the worst, of none that of the type.
SELECT * FROM sg_import('<x>' || block((SELECT string_agg(reading(8 + i::int, '1', quality(code)), '') FROM unnest('{0,7,8,9,10,11,13,14,15,16,17,18,19}'::int[]) WITH ORDINALITY AS c (code, i)) ||
                        reading(40, '1', quality(0, 8, 11, 7)) || reading(41, '1', quality(7, 0)) || reading(42, '1', quality(11, 7)) || reading(43, '1', quality(12)) || reading(44, '1', quality(99)) ||
                        reading(45, '1', quality(0, 12)) || reading(46, '1')) || type_of(1, '<defaultQuality>8</defaultQuality>') || '</x>', 'espi', '{"point": "house"}');
SELECT extract(epoch FROM start - '2024-03-01 05:00+00')::int / 900 AS n, quality FROM loaded WHERE point = 'house' AND start >= '2024-03-01 07:00+00';

-- Readings that are refused, each on its line.
SELECT * FROM sg_import('<x>' || type_of(1) || block(reading(50, '1', '', '600') || reading(51, '1', '', '') || reading(52, 'a lot') || reading(53, '') || reading(54, '0.0001') || reading(55, '-1') ||
    E'\n<IntervalReading><value>1</value></IntervalReading>\n<IntervalReading><timePeriod><start>1709269200</start></timePeriod><value>1</value></IntervalReading>' ||
    E'\n<IntervalReading><timePeriod><start>soon</start><duration>900</duration></timePeriod><value>1</value></IntervalReading>' ||
    E'\n<IntervalReading><timePeriod><start>99999999999999</start><duration>900</duration></timePeriod><value>1</value></IntervalReading>' ||
    E'\n<IntervalReading><timePeriod><start>1709269200</start><duration>900</duration></timePeriod></IntervalReading>' || reading(56, '56')) || '</x>', 'espi', '{"point": "house"}');
-- The length of the type, where a reading says none.
SELECT * FROM sg_import('<x>' || type_of(1, '<intervalLength>900</intervalLength>') || '<IntervalBlock xmlns="http://naesb.org/espi"><IntervalReading><timePeriod><start>1709320500</start></timePeriod><value>57</value></IntervalReading></IntervalBlock></x>', 'espi', '{"point": "house"}');
SELECT * FROM loaded WHERE point = 'house' AND start >= '2024-03-01 19:00+00';

-- Meter readings that are refused as a whole, once.
SELECT regexp_replace(t, ' xmlns=[^>/]*', '') AS type, f.* FROM (VALUES (type_of(1, '', 169)), (type_of(1, '', 72, 1)), (type_of(4)), (type_of(1, '<powerOfTenMultiplier>99</powerOfTenMultiplier>')), (''),
                           ('<ReadingType xmlns="http://naesb.org/espi"/>')) AS types (t),
    sg_import(E'<x>\n' || t || E'\n' || block(reading(60, '1') || reading(61, '1')) || block(reading(62, '1')) || '</x>', 'espi', '{"point": "house"}') AS f;
-- Blocks that belong to nothing, and a usage point that is missing though its address is known.
SELECT * FROM sg_import(feed(entry('self=/UsagePoint/house/MeterReading/1 related=/ReadingType/1', '<MeterReading xmlns="http://naesb.org/espi"/>') || entry('self=/ReadingType/1', type_of(1)) ||
    entry('self=/UsagePoint/house/MeterReading/1/IntervalBlock/1', block(reading(63, '63'))) || entry('self=/UsagePoint/house/MeterReading/2/IntervalBlock/1', block(reading(64, '64')))), 'espi');
SELECT * FROM loaded WHERE point = 'house' AND start >= '2024-03-01 20:00+00';

-- What is no document of meter readings.
SELECT * FROM sg_import('<x/>', 'espi');
\set VERBOSITY terse
SELECT * FROM sg_import('', 'espi');
SELECT * FROM sg_import('point,start,kwh', 'espi');
SELECT * FROM sg_import('<x>' || type_of(1) || '</y>', 'espi');
SELECT * FROM sg_import('<x>&bomb;</x>', 'espi');
\set VERBOSITY default
-- Declarations of a document type, and what only looks like one.
SELECT * FROM sg_import('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 'espi');
\set VERBOSITY terse
SELECT * FROM sg_import(E'<?xml version="1.0"?>\n<!-- > --> <?y >?>\n<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', 'espi');
SELECT * FROM sg_import('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>', 'espi');
SELECT * FROM sg_import('<?xml version="1.0"?><?xml a> <!DOCTYPE x [<!ENTITY a "b">]> <x>&a;</x>?>', 'espi');
SELECT * FROM sg_import('<!doctype html><html/>', 'espi');
SELECT * FROM sg_import('<x><!DOCTYPE x></x>', 'espi');
SELECT * FROM sg_import('<?xml version="1.0" encoding="UTF-16"?><!-- <!DOCTYPE x> --><x title="&lt;!DOCTYPE">' || type_of(1) || '<![CDATA[<!DOCTYPE x>]]></x>', 'espi');
-- Too large.
SELECT * FROM sg_import('<x>' || repeat(' ', 20 * 1024 * 1024) || '</x>', 'espi');
\set VERBOSITY default
SELECT * FROM sg_import('<x>' || repeat(' ', 20 * 1024 * 1024) || '</x>', 'espi');
SELECT count(*) FROM sg_import('<x>' || repeat(E'<y>a line\n</y>', (1024 * 1024 * 19) / 20) || type_of(1) || block(reading(70, '70') || reading(71, '1', quality(12))) || '</x>', 'espi', '{"point": "house"}');
-- Options.
SELECT * FROM sg_import('<x/>', 'espi', '{"delimiter": ";"}');
SELECT * FROM sg_import('<x/>', 'espi', '{"point": 1}');
SELECT * FROM sg_import('<x xmlns="http://naesb.org/espi"><UsagePoint/><UsagePoint/></x>', 'espi', '{"export_point": "roof"}');

DROP VIEW loaded;
DROP TABLE feed;
DROP FUNCTION type_of, reading, block, entry, feed, quality;
DROP EXTENSION smartgrid;
