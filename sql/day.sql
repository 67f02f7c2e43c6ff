-- The packed day as a type: text, bytes, equality, slots, sums.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET TimeZone = 'Europe/Vienna';
\pset null 'NULL'

-- The condition and the text of the error of a statement.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS TABLE (code text, message text, detail text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN QUERY SELECT '00000', NULL, NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN NEXT;
END $$;

-------------------------------------------------------------------------------------------------------------- text
SELECT text::sg_day
FROM (VALUES (1, '+00:00 1x15 0'), (2, '+01:00 4x15 0,12,13e,-'), (3, '-03:30 3x5 -1,-2s,-9223372036854775808c'),
             (4, '+00:44:30 2x60 9223372036854775807,5'), (5, '+02:00 1x60+4x15+2x30 7,1,2,3,4,5,6'),
             (6, '+01:00 2x15 12m,-'), (7, E' \t+01:00 2x15 007,-0\n')) AS t (n, text) ORDER BY n;
SELECT t.text, e.code, e.detail
FROM (VALUES (1, ''), (2, '96x15 0'), (3, '+1:00'), (4, '+16:00 1x15 0'), (5, '+01:60 1x15 0'), (6, '+01:00:00:00 1x15 0'), (7, '+01:00  1x15 0'),
             (8, '+01:00 1x10 0'), (9, '+01:00 0x15 '), (10, '+01:00 301x5 0'), (11, '+01:00 1x15+1x15 0,0'), (12, '+01:00 200x5+101x15 0'),
             (13, '+01:00 2x15 1'), (14, '+01:00 2x15 1,2,3'), (15, '+01:00 1x15 '), (16, '+01:00 1x15 x'), (17, '+01:00 1x15 5-'),
             (18, '+01:00 1x15 9223372036854775808'), (19, '+01:00 1x15 -9223372036854775809'), (20, '+01:00 1x15 1.5'), (21, '+01:00 1x15 1 x'),
             (22, '+01:00 1x15 1em'), (23, '+01:00 2x15 1;2'), (24, '+01:00 1x5+1x15+1x5+1x15+1x5+1x15+1x5+1x15+1x5 0')) AS t (n, text),
     LATERAL pg_temp.error_of(format('SELECT %L::sg_day', t.text)) AS e ORDER BY n;
SELECT message FROM pg_temp.error_of(format('SELECT %L::sg_day', '+01:00 100x15 ' || repeat('ä,', 100)));

------------------------------------------------------------------------------------------------------------- bytes
CREATE TEMPORARY TABLE sample AS
SELECT n, text::sg_day AS d
FROM (VALUES (1, '+00:00 1x15 0'), (2, '+01:00 4x15 0,12,13e,-'), (3, '-03:30 3x5 -1,-2s,-9223372036854775808c'),
             (4, '+02:00 1x60+4x15+2x30 7000,1000,2000,3000,4000,5000,6000'), (5, '+00:00 3x60 -,-,-'),
             (6, '+00:44:30 2x60 9223372036854775807,-9223372036854775808')) AS t (n, text);
SELECT n, smartgrid.day_send(d), pg_column_size(d) FROM sample ORDER BY n;
-- They come back through COPY, as text and as bytes.
\getenv builddir PG_ABS_BUILDDIR
\set file :builddir '/results/day.data'
CREATE TEMPORARY TABLE copied (LIKE sample);
COPY sample TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
COPY sample TO :'file';
COPY copied FROM :'file';
SELECT n, count(*), count(DISTINCT c.d::text), bool_and(s.d = c.d) FROM sample AS s JOIN copied AS c USING (n) GROUP BY n ORDER BY n;
-- Damaged bytes in COPY: each byte of a sample becomes each other one, or the last ones are missing.
CREATE TEMPORARY TABLE raw (b bytea);
CREATE TEMPORARY TABLE got (d sg_day);
CREATE FUNCTION pg_temp.received(bytes bytea, file text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    TRUNCATE raw;
    INSERT INTO raw VALUES (bytes);
    EXECUTE format('COPY raw TO %L (FORMAT binary)', file);
    EXECUTE format('COPY got FROM %L (FORMAT binary)', file);
    SELECT d::text INTO answer FROM got;
    IF smartgrid.day_send(answer::sg_day) <> bytes THEN
        RAISE 'bytes % are not those of %', bytes, answer;
    END IF;
    TRUNCATE got;
    RETURN answer;
EXCEPTION WHEN invalid_binary_representation THEN
    RETURN SQLSTATE;
END $$;
SELECT n, pg_temp.received(smartgrid.day_send(d), :'file') = d::text AS comes_back FROM sample ORDER BY n;
SELECT count(*), count(*) FILTER (WHERE answer = '22P03') > 200 AS refused, count(*) FILTER (WHERE answer <> '22P03') > 50 AS other_days
FROM sample, generate_series(0, octet_length(smartgrid.day_send(d)) - 1) AS place, generate_series(0, 255, 15) AS value,
     LATERAL pg_temp.received(set_byte(smartgrid.day_send(d), place, value), :'file') AS answer
WHERE n IN (2, 4);
SELECT n, string_agg(DISTINCT pg_temp.received(substr(smartgrid.day_send(d), 1, length), :'file'), ' ') AS cut
FROM sample, generate_series(0, octet_length(smartgrid.day_send(d)) - 1) AS length GROUP BY n ORDER BY n;
SELECT code, message, detail
FROM (VALUES ('\x'::bytea), ('\x00'), ('\x20000a000a0000'), ('\x20000a000a4100'), ('\x21000a000000')) AS v (bytes),
     LATERAL pg_temp.error_of(format('TRUNCATE raw; INSERT INTO raw VALUES (%L); COPY raw TO %L (FORMAT binary);'
                                     'CREATE TEMPORARY TABLE damaged (d sg_day); COPY damaged FROM %2$L (FORMAT binary)', bytes, :'file'));

-- Damaged where they are stored: no function takes them, none reads beyond them.
CREATE CAST (bytea AS sg_day) WITHOUT FUNCTION;
CREATE FUNCTION pg_temp.used(damaged sg_day) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    call text;
    codes text[];
BEGIN
    FOREACH call IN ARRAY '{"$1::text","smartgrid.day_send($1)",sg_day_slots($1),"sg_day_at($1, 1)","sg_day_at($1, ''2026-01-01'', now())","sg_day_quality($1, 1)",
                            sg_day_qualities($1),sg_day_sum($1),"sg_day_slice($1, 1, 1)","sg_day_slice($1, date ''2026-01-01'', ''(,)'')",
                            "(SELECT count(*) FROM sg_day_unnest($1))",sg_days_sum($1),"sg_days_sum($1, ''2026-01-01'', ''(,)'')",sg_days_by_slot($1),
                            sg_days_qualities($1)}'::text[]
    LOOP
        BEGIN
            EXECUTE 'SELECT ' || call USING damaged;
            codes := codes || '00000'::text;
        EXCEPTION WHEN OTHERS THEN
            codes := codes || SQLSTATE::text;
        END;
    END LOOP;
    RETURN (SELECT string_agg(DISTINCT code, ' ' ORDER BY code) FROM unnest(codes) AS code);
END $$;
SELECT n, string_agg(DISTINCT pg_temp.used(substr(smartgrid.day_send(d), 1, length)::sg_day), ' ') AS cut
FROM sample, generate_series(0, octet_length(smartgrid.day_send(d)) - 1) AS length GROUP BY n ORDER BY n;
SELECT pg_temp.used(set_byte(smartgrid.day_send(d), place, value)::sg_day) AS damaged, count(*) > 20 AS often
FROM sample, generate_series(0, octet_length(smartgrid.day_send(d)) - 1) AS place, generate_series(5, 255, 50) AS value WHERE n IN (2, 6) GROUP BY 1 ORDER BY 1;
DROP FUNCTION pg_temp.used(sg_day);
DROP CAST (bytea AS sg_day);

---------------------------------------------------------------------------------------------------------- equality
SELECT a.n, b.n AS same FROM sample AS a JOIN copied AS b ON a.d = b.d GROUP BY 1, 2 ORDER BY 1, 2;
SELECT '+00:00 1x15 1'::sg_day = '+00:00 1x15 1m' AS same, '+00:00 1x15 1'::sg_day <> '+00:00 1x15 1e' AS quality,
       '+00:00 1x15 0'::sg_day <> '+00:00 1x15 -' AS missing, '+00:00 1x15 1'::sg_day <> '+01:00 1x15 1' AS "offset",
       '+00:00 1x15 1'::sg_day <> '+00:00 1x30 1' AS step, '+00:00 1x15 1'::sg_day IS DISTINCT FROM '+00:00 2x15 1,0' AS slots,
       NULL::sg_day = '+00:00 1x15 1' AS nothing;
SELECT count(*) FROM (SELECT DISTINCT d FROM copied) AS t;
SELECT d, count(*) FROM copied GROUP BY d HAVING sg_day_slots(d) = 4;
BEGIN;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT FROM sample AS a JOIN copied AS b USING (d);
COMMIT;

------------------------------------------------------------------------------------------------------------- slots
SELECT sg_day_make('{1,2,NULL,4}'), sg_day_make('{1,2,NULL,4}', '{measured,estimated,missing,calculated}', '01:00', '00:30'),
       sg_day_make('{1,2,NULL,4}', '{NULL,substituted,NULL,NULL}', '-03:30', '01:00'), sg_day_make('{0}', '{missing}'), sg_day_make('[5:6]={7,8}');
SELECT t.call, e.code, e.message
FROM (VALUES (1, 'NULL'), (2, $$'{}'$$), (3, $$'{{1,2}}'$$), (4, $$'{1}', '{good}'$$), (5, $$'{1}', '{measured,measured}'$$), (6, $$'{1}', '{missing}'$$),
             (7, $$'{NULL}', '{measured}'$$), (8, $$'{1}', NULL, '16:00'$$), (9, $$'{1}', NULL, '1 day'$$), (10, $$'{1}', NULL, '00:00:00.5'$$),
             (11, $$'{1}', NULL, NULL$$), (12, $$'{1}', NULL, '0', '00:10'$$), (13, $$'{1}', NULL, '0', '1 month'$$), (14, $$array_fill(1, '{301}')::bigint[]$$),
             (15, $$'{1}', NULL, '0', '-00:15'$$), (16, $$'{1}', NULL, '0', NULL$$)) AS t (n, call),
     LATERAL pg_temp.error_of('SELECT sg_day_make(' || call || ')') AS e ORDER BY n;
SELECT sg_day_slots(d), sg_day_at(d, 0) AS at_0, sg_day_at(d, 1) AS at_1, sg_day_at(d, 3) AS at_3, sg_day_at(d, 4) AS at_4, sg_day_at(d, 5) AS at_5,
       sg_day_quality(d, 3) AS quality_3, sg_day_quality(d, 4) AS quality_4, sg_day_quality(d, 5) AS quality_5, sg_day_qualities(d), sg_day_sum(d)
FROM sample WHERE n = 2;
SELECT * FROM sg_day_unnest('+01:00 4x15 0,12,13e,-');
-- The days of a zone's shifts: 92, 96 and 100 quarter-hours.
SELECT day, min(start), max(start), count(*), sum(amount)
FROM (VALUES (date '2026-03-29', '01:00'::interval, 92), ('2026-06-01', '02:00', 96), ('2026-10-25', '02:00', 100)) AS v (day, utc_offset, slots),
     sg_day_unnest(sg_day_make(ARRAY(SELECT generate_series(1, slots)), NULL, utc_offset), day)
GROUP BY day ORDER BY day;
SELECT * FROM sg_day_unnest('+02:00 1x60+2x30+1x15 7,1,2s,3', '2026-06-01');
SELECT * FROM sg_day_unnest(NULL, '2026-06-01');
-- By the offset, not by what the session's zone has become.
SELECT sg_day_at('+01:00 4x60 5,6,-,8', '2026-01-01', at) AS amount, at
FROM (VALUES ('2026-01-01 00:00+01'::timestamptz), ('2025-12-31 23:59:59.999999+01'), ('2026-01-01 01:59:59.999999+01'), ('2026-01-01 02:30+01'),
             ('2026-01-01 03:00+01'), ('2026-01-01 04:00+01'), ('infinity'), ('-infinity')) AS v (at);
SELECT sg_day_slice(d, a, b), a, b
FROM (VALUES ('+01:00 4x60 5,6e,-,8'::sg_day)) AS v (d), (VALUES (1, 4), (2, 3), (0, 2), (4, 9), (3, 2), (-2147483648, 2147483647), (5, 5)) AS w (a, b);
SELECT sg_day_slice('+01:00 4x60 5,6e,-,8', '2026-01-01', period), period
FROM (VALUES ('(,)'::tstzrange), ('empty'), ('[2026-01-01 00:00+01,2026-01-01 04:00+01)'), ('[2026-01-01 00:01+01,2026-01-01 04:00+01)'),
             ('(2026-01-01 00:00+01,2026-01-01 03:59+01)'), ('[2026-01-01 01:00+01,2026-01-01 02:00+01]'), ('[2026-01-01 01:10+01,2026-01-01 01:50+01]'),
             ('[2026-01-02 01:10+01,)'), ('[,infinity]'), ('(infinity,)'), ('[infinity,infinity]'), ('(,-infinity]')) AS v (period);
SELECT t.call, e.code, e.message
FROM (VALUES (1, $$sg_day_unnest('+01:00 1x15 0', 'infinity')$$), (2, $$sg_day_unnest('+01:00 1x15 0', '5874897-12-31')$$),
             (3, $$sg_day_unnest('-15:00 1x15 0', '294276-12-31')$$), (4, $$sg_day_unnest('+15:00 1x15 0', '4714-11-24 BC')$$),
             (5, $$sg_day_slice('+01:00 1x15 0', date '-infinity', '(,)')$$), (6, $$sg_day_at('+01:00 1x15 0', '5874897-12-31', now())$$),
             (7, $$sg_day_sum('+01:00 2x15 9223372036854775807,1')$$), (8, $$sg_day_sum('+01:00 2x15 -9223372036854775808,-1')$$),
             (9, $$sg_day_sum('+01:00 3x15 9223372036854775807,1,-1')$$)) AS t (n, call),
     LATERAL pg_temp.error_of('SELECT ' || call) AS e ORDER BY n;

-------------------------------------------------------------------------------------------------------------- sums
CREATE TABLE days AS
SELECT point, day, sg_day_make(ARRAY(SELECT (point * 7919 + extract(doy FROM day)::integer * 31 + slot * 104729) % 1000 FROM generate_series(1, 96) AS slot),
                               CASE WHEN point % 10 = 3 THEN array_fill('estimated'::text, '{96}') END, '01:00') AS data
FROM generate_series(1, 200) AS point, generate_series(date '2026-01-01', '2026-01-31', '1 day') AS d, CAST(d AS date) AS day;
ANALYZE days;
-- By point, by period, by slot: as the rows give it.
SELECT bool_and(total = rows) AS same, count(*), sum(total)
FROM (SELECT point, sg_days_sum(data) AS total, (SELECT sum(u.amount) FROM days AS e, sg_day_unnest(e.data) AS u WHERE e.point = d.point) AS rows
      FROM days AS d WHERE point <= 5 GROUP BY point) AS t;
SELECT sg_days_sum(data, day, '[2026-01-10 12:00+01,2026-01-12 00:20+01)') AS total,
       (SELECT sum(u.amount) FROM days AS e, sg_day_unnest(e.data, e.day) AS u
        WHERE e.point <= 5 AND u.start >= '2026-01-10 12:00+01' AND u.start + u.resolution <= '2026-01-12 00:20+01') AS rows
FROM days WHERE point <= 5;
SELECT sg_day_slots(by_slot), sg_day_qualities(by_slot), rows = (SELECT array_agg(u.amount ORDER BY u.slot) FROM sg_day_unnest(by_slot) AS u) AS same
FROM (SELECT sg_days_by_slot(data) AS by_slot,
             (SELECT array_agg(sum ORDER BY slot) FROM (SELECT u.slot, sum(u.amount)::bigint AS sum FROM days AS e, sg_day_unnest(e.data) AS u WHERE e.day = '2026-01-05' GROUP BY u.slot) AS s) AS rows
      FROM days WHERE day = '2026-01-05') AS t;
-- In parts, by parallel workers.
CREATE FUNCTION pg_temp.all_sums() RETURNS text
    LANGUAGE sql AS $$ SELECT concat_ws(' ', sg_days_sum(data), sg_days_sum(data, day, '[2026-01-03 12:07+01,2026-01-30)'), sg_days_by_slot(data), sg_days_qualities(data)) FROM days $$;
SELECT pg_temp.all_sums() AS serial \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT sg_days_sum(data), sg_days_sum(data, day, '(,)'), sg_days_by_slot(data), sg_days_qualities(data) FROM days;
SELECT pg_temp.all_sums() = :'serial' AS same;
RESET max_parallel_workers_per_gather;
-- The quality of a sum in one word.
SELECT a || b AS qualities, sg_days_by_slot(d)
FROM unnest('{m,s,e,c}'::text[]) AS a, unnest('{m,s,e,c}'::text[]) AS b, LATERAL (VALUES (('+00:00 2x15 1,1' || a)::sg_day), (('+00:00 2x15 -,1' || b)::sg_day)) AS v (d)
WHERE a <= b GROUP BY a, b ORDER BY 1;
SELECT sg_days_by_slot(d) FROM (VALUES ('+00:00 2x15 -,1'::sg_day), ('+00:00 2x15 -,2'), (NULL)) AS v (d);
SELECT sg_days_sum(d), sg_days_by_slot(d), sg_days_qualities(d) FROM sample WHERE false;
SELECT sg_days_sum(d), sg_days_sum(d, NULL, '(,)'), sg_days_by_slot(d), sg_days_qualities(d) FROM (VALUES (NULL::sg_day)) AS v (d);
SELECT sg_days_sum(d) FROM (VALUES ('+00:00 2x15 9223372036854775807,9223372036854775807'::sg_day), ('+00:00 2x15 -9223372036854775807,-9223372036854775807')) AS v (d);
SELECT t.call, e.code, e.message, e.detail
FROM (VALUES (1, $$sg_days_sum(d) FROM (VALUES ('+00:00 2x15 9223372036854775807,1'::sg_day)) AS v (d)$$),
             (2, $$sg_days_by_slot(d) FROM (VALUES ('+00:00 2x15 1,9223372036854775807'::sg_day), ('+00:00 2x15 -,1')) AS v (d)$$),
             (3, $$sg_days_by_slot(d) FROM (VALUES ('+00:00 2x15 1,1'::sg_day), ('+01:00 2x15 1,1')) AS v (d)$$),
             (4, $$sg_days_by_slot(d) FROM (VALUES ('+00:00 2x15 1,1'::sg_day), ('+00:00 2x30 1,1')) AS v (d)$$),
             (5, $$sg_days_sum(d, 'infinity', '(,)') FROM (VALUES ('+00:00 2x15 1,1'::sg_day)) AS v (d)$$)) AS t (n, call),
     LATERAL pg_temp.error_of('SELECT ' || call) AS e ORDER BY n;

------------------------------------------------------------------------------------------------------------ rights
-- Everybody may use the type, its operators and its functions.
CREATE ROLE sg_day_reader;
GRANT SELECT ON days TO sg_day_reader;
SET ROLE sg_day_reader;
SELECT count(*) FROM (SELECT DISTINCT data FROM days) AS t;
SELECT count(*) FROM days AS a JOIN days AS b USING (data) WHERE a.data <> '+00:00 1x15 1';
SELECT count(*), sg_days_sum(data) IS NOT NULL AS summed, max(sg_day_slots(data)) FROM days;
SELECT e.code, e.message FROM (VALUES ('SELECT smartgrid.days_qualities_add(0, data) FROM days'), ('SELECT smartgrid.day_send(''+00:00 1x15 1'')')) AS t (call), pg_temp.error_of(call) AS e;
RESET ROLE;
DROP TABLE days;
DROP ROLE sg_day_reader;

DROP TABLE sample, copied, raw, got;
DROP EXTENSION smartgrid;
