-- Readings of a source whose times have no offset: they are of the grid's clock, never of the session's; labels that the clock
-- shows twice, and never.

\ir lib/begin.sql
SET LOCAL timezone = 'Pacific/Chatham';
SELECT no_plan();

\o /dev/null
SELECT sg_create_grid('clock');
SET smartgrid.grid = 'clock';
SELECT sg_set_time_zone('Europe/Berlin');
SELECT sg_enrol_producer(p, 1000000, 'solar') FROM unnest('{anna,carl}'::text[]) AS p;
SELECT sg_enrol_consumer('anna', 1000000), sg_add_consumer_balance('anna', 1000000);
\o

-- What was posted from a source, in the order of booking, and what failed.  Amounts tell readings apart.
CREATE TEMPORARY TABLE source (ord integer, principal text DEFAULT 'anna', kind text DEFAULT 'production', amount bigint, at timestamp);
CREATE FUNCTION pg_temp.failed(source regclass) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', f.ord, f.sqlstate), ', ' ORDER BY f.ord) FROM sg_post_readings(source) AS f
$$;
CREATE FUNCTION pg_temp.posted(n integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', l.energy, to_char(l.at AT TIME ZONE 'UTC', 'MM-DD HH24:MI')), ', ' ORDER BY l.entry_id)
    FROM (SELECT * FROM sg_ledger WHERE grid = 'clock' ORDER BY entry_id DESC LIMIT n) AS l
$$;

INSERT INTO source (ord, amount, at) VALUES (1, 11, '2025-01-15 12:00'), (2, 12, '2025-07-15 12:00'), (3, 13, '2025-07-16 00:00');
SELECT is(pg_temp.failed('source'), NULL, 'times without offset');
SELECT is(pg_temp.posted(3), '11 01-15 11:00, 12 07-15 10:00, 13 07-15 22:00', 'are of the grid''s clock, in winter and summer');

-- The clock goes back at 3 to 2.
TRUNCATE source;
INSERT INTO source (ord, amount, at) VALUES
    (1, 1, '2025-10-26 01:45'), (2, 2, '2025-10-26 02:00'), (3, 3, '2025-10-26 02:15'), (4, 4, '2025-10-26 02:00'), (5, 5, '2025-10-26 02:15'), (6, 6, '2025-10-26 03:00');
SELECT is(pg_temp.failed('source'), NULL, 'a label twice');
SELECT is(pg_temp.posted(6), '1 10-25 23:45, 2 10-26 00:00, 3 10-26 00:15, 4 10-26 01:00, 5 10-26 01:15, 6 10-26 02:00', 'is the first and then the second');
TRUNCATE source;
INSERT INTO source (ord, principal, kind, amount, at) VALUES
    (1, 'anna', 'production', 21, '2025-10-26 02:15'), (2, 'carl', 'production', 22, '2025-10-26 02:15'), (3, 'anna', 'consumption', 23, '2025-10-26 02:15'),
    (4, 'anna', 'production', 24, '2025-10-26 02:15'), (5, 'anna', 'consumption', 25, '2025-10-26 02:15'), (6, 'carl', 'production', 26, '2025-10-26 02:15');
SELECT is(pg_temp.failed('source'), NULL, 'counted for each principal and kind');
SELECT is(pg_temp.posted(6), '21 10-26 00:15, 22 10-26 00:15, 23 10-26 00:15, 24 10-26 01:15, 25 10-26 01:15, 26 10-26 01:15', 'each has both');
TRUNCATE source;
INSERT INTO source (ord, principal, kind, amount, at) VALUES
    (1, 'anna', 'production', 31, '2025-10-26 02:30'), (2, 'carl', 'production', 32, '2025-10-26 02:30'), (3, 'anna', 'consumption', 33, '2025-10-26 02:30'),
    (4, 'carl', 'production', 34, '2025-10-26 02:30'), (5, 'carl', 'production', 35, '2025-10-26 02:30'), (6, 'carl', 'production', 36, '2025-10-26 02:30');
SELECT results_eq('SELECT * FROM sg_post_readings($$source$$)', $$VALUES
    (1::bigint, 'SG108', 'clocks show the local time 2025-10-26 02:30:00 twice in Europe/Berlin, and the source has it once: give an offset'),
    (3, 'SG108', 'clocks show the local time 2025-10-26 02:30:00 twice in Europe/Berlin, and the source has it once: give an offset'),
    (5, 'SG105', 'clocks show the local time 2025-10-26 02:30:00 twice in Europe/Berlin, and the source has it once more'),
    (6, 'SG105', 'clocks show the local time 2025-10-26 02:30:00 twice in Europe/Berlin, and the source has it once more')$$,
    'once it cannot be told which, and a third time there is none');
SELECT is(pg_temp.posted(2), '32 10-26 00:30, 34 10-26 01:30', 'the others are posted');

-- It goes forward at 2 to 3.
TRUNCATE source;
INSERT INTO source (ord, amount, at) VALUES (1, 41, '2025-03-30 01:59:59.999999'), (2, 42, '2025-03-30 02:00'), (3, 43, '2025-03-30 02:30'), (4, 44, '2025-03-30 02:59:59.999999'), (5, 45, '2025-03-30 03:00');
SELECT results_eq('SELECT ord, sqlstate FROM sg_post_readings($$source$$)', $$VALUES (2::bigint, 'SG108'), (3, 'SG108'), (4, 'SG108')$$, 'a label that is never shown is refused');
SELECT is(pg_temp.posted(2), '41 03-30 00:59, 45 03-30 01:00', 'and not shifted');
SELECT is((SELECT message FROM sg_post_readings('source') WHERE ord = 3),
          'no clock shows the local time 2025-03-30 02:30:00 in Europe/Berlin, where it goes forward: give an offset', 'and says so');

-- Without ord: by time; the same labels in the order of the table.
CREATE TEMPORARY TABLE by_time AS SELECT 'anna'::text AS principal, 'production'::text AS kind, a AS amount, t::timestamp AS at
FROM (VALUES (51::bigint, '2025-10-26 02:00'), (52, '2025-10-26 02:30'), (53, '2025-10-26 02:00'), (54, '2025-10-26 02:30'), (50, '2025-10-26 01:30')) AS v (a, t);
SELECT is(pg_temp.failed('by_time'), NULL, 'without ord');
SELECT is(pg_temp.posted(5), '50 10-25 23:30, 51 10-26 00:00, 52 10-26 00:30, 53 10-26 01:00, 54 10-26 01:30', 'readings are in the order of time');

-- A zone whose clocks go back at midnight, by half an hour, or to the other side of the date line.
SELECT ok(sg_set_time_zone(z), z) FROM (VALUES ('America/Havana')) AS v (z);
TRUNCATE source;
INSERT INTO source (ord, amount, at) VALUES (1, 61, '2024-11-03 00:30'), (2, 62, '2024-11-03 00:30'), (3, 63, '2024-03-10 00:30');
SELECT is(pg_temp.failed('source'), '3 SG108', 'Havana');
SELECT is(pg_temp.posted(2), '61 11-03 04:30, 62 11-03 05:30', 'goes back at 1 to midnight');
SELECT ok(sg_set_time_zone(z), z) FROM (VALUES ('Australia/Lord_Howe')) AS v (z);
TRUNCATE source;
INSERT INTO source (ord, amount, at) VALUES (1, 71, '2025-04-06 01:30'), (2, 72, '2025-04-06 01:30'), (3, 73, '2025-04-06 01:29'), (4, 74, '2025-10-05 02:15');
SELECT is(pg_temp.failed('source'), '4 SG108', 'Lord Howe');
SELECT is(pg_temp.posted(3), '71 04-05 14:30, 72 04-05 15:00, 73 04-05 14:29', 'goes back by half an hour');
SELECT ok(sg_set_time_zone(z), z) FROM (VALUES ('Pacific/Apia')) AS v (z);
TRUNCATE source;
INSERT INTO source (ord, amount, at) VALUES (1, 81, '2011-12-30 12:00'), (2, 82, '2011-12-29 12:00'), (3, 83, '2011-12-31 12:00');
SELECT is(pg_temp.failed('source'), '1 SG108', 'Apia');
SELECT is(pg_temp.posted(2), '82 12-29 22:00, 83 12-30 22:00', 'had no 30 December');

-- Dates, domains, and text: what has an offset is what it says, what has none is local.
SELECT ok(sg_set_time_zone(z), z) FROM (VALUES ('Europe/Berlin')) AS v (z);
CREATE DOMAIN pg_temp.label AS timestamp;
CREATE TEMPORARY TABLE domains AS SELECT 1 AS ord, 'anna' AS principal, 'production' AS kind, 91 AS amount, '2025-07-01 12:00'::pg_temp.label AS at;
SELECT is(pg_temp.failed('domains'), NULL, 'a domain');
SELECT is(pg_temp.posted(1), '91 07-01 10:00', 'of local times');
CREATE TEMPORARY TABLE dates AS SELECT 1 AS ord, 'anna' AS principal, 'production' AS kind, 92 AS amount, '2025-07-01'::date AS at;
SELECT is(pg_temp.failed('dates'), NULL, 'a date');
SELECT is(pg_temp.posted(1), '92 06-30 22:00', 'is the grid''s midnight');
CREATE TEMPORARY TABLE texts (ord integer, principal text, kind text, amount bigint, at text);
INSERT INTO texts SELECT o, 'anna', 'production', 100 + o, t
FROM (VALUES (1, '2025-07-01 12:00'), (2, '2025-07-01T12:00:00Z'), (3, '2025-07-01 12:00+05:30'), (4, '2025-07-01 12:00 America/New_York'), (5, '2025-10-26T02:15'),
             (6, '2025-10-26 02:15:00+02'), (7, '2025-10-26 02:15'), (8, '2025-03-30 02:30'), (9, 'Jul 1, 2025 12:00 PM'), (10, '20250701T120000'), (11, '2025-07-01 12:00 CEST')) AS v (o, t);
SELECT is(pg_temp.failed('texts'), '8 SG108', 'texts');
SELECT is(pg_temp.posted(10), '101 07-01 10:00, 102 07-01 12:00, 103 07-01 06:30, 104 07-01 16:00, 105 10-26 00:15, 106 10-26 00:15, 107 10-26 01:15, 109 07-01 10:00, 110 07-01 10:00, 111 07-01 10:00',
          'with offsets and without');
CREATE TEMPORARY TABLE words (ord integer, principal text, kind text, amount bigint, at text);
INSERT INTO words VALUES (1, 'anna', 'production', 1, 'now');
SELECT is(pg_temp.failed('words'), NULL, 'a word');
SELECT ok((SELECT at = now() FROM sg_ledger WHERE grid = 'clock' ORDER BY entry_id DESC LIMIT 1), 'for now is now');
UPDATE words SET at = 'noon';
SELECT throws_ok($$SELECT sg_post_readings('words')$$, '22007', 'invalid input syntax for type timestamp with time zone: "noon"', 'what is no time fails the call');
UPDATE words SET at = 'infinity';
SELECT throws_ok($$SELECT sg_post_readings('words')$$, 'SG108', 'time of reading 1 must be finite', 'so does an infinite one');
TRUNCATE source;
INSERT INTO source VALUES (1, 'anna', 'production', 1, 'infinity');
SELECT throws_ok($$SELECT sg_post_readings('source')$$, 'SG108', 'time of reading 1 must be finite', 'local or not');
UPDATE source SET at = '294276-12-31 23:59:59.999999';
SELECT is(pg_temp.failed('source'), '1 SG104', 'the last of all times');
UPDATE source SET at = '4714-11-24 00:00 BC';
SELECT is(pg_temp.failed('source'), '1 SG104', 'and the first are untimely');
SELECT * FROM finish();
ROLLBACK;
