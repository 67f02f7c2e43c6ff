-- Readings of registers: what is between two of them becomes slots.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SELECT sg_set_point(p, '2026-01-01', 'anna', 'consumption', capacity => 11) FROM unnest('{A,B,C,D,E,F,G,K}'::text[]) AS p;
SELECT sg_set_point('N', '2026-01-01', 'anna', 'consumption'), sg_set_point('H', '2026-01-01', 'anna', 'consumption', '1 hour', 11),
    sg_set_point('L', '2026-01-01', kind => 'consumption', role => 'loss');
CREATE FUNCTION slots(point text, since timestamptz, until timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(to_char(start, 'HH24:MI ') || amount || left(quality, 1), ', ' ORDER BY start)
    FROM sg_interval_series(point, tstzrange(since, until)) WHERE quality <> 'missing'
$$;
CREATE FUNCTION latest_batch() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', source, 'given', given, 'new', fresh, 'unchanged', unchanged, 'kept', kept, 'refused', refused)
    FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1
$$;
CREATE FUNCTION post(point text, reading numeric, at timestamptz, spread text DEFAULT NULL, quality text DEFAULT 'measured') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce((SELECT sqlstate || ' ' || message FROM sg_post_registers(ARRAY[point], ARRAY[at], ARRAY[reading], ARRAY[quality], spread => spread)), 'ok')
$$;

-- At the bounds of a slot: the slot, with the quality of the worse. The first reading begins.
SELECT * FROM sg_post_registers('{A,A,A,A}', '{2026-02-01 00:00,2026-02-01 00:15,2026-02-01 00:30,2026-02-01 00:45}',
    '{1000,1000.123,1000.123,1002}', '{measured,measured,estimated,substituted}', 'first');
SELECT slots('A', '2026-02-01', '2026-02-02'), latest_batch();
-- Further apart: refused, or spread.
SELECT post('A', 1003, '2026-02-01 01:30');
SELECT post('A', 1003, '2026-02-01 01:30', 'solar-profile');
SELECT post('A', 1003, '2026-02-01 01:30', 'even');
SELECT slots('A', '2026-02-01', '2026-02-02'), latest_batch();
-- The same again: nothing is new.
SELECT * FROM sg_post_registers('{A,A,A,A,A}', '{2026-02-01 00:00,2026-02-01 00:15,2026-02-01 00:30,2026-02-01 00:45,2026-02-01 01:30}',
    '{1000,1000.123,1000.123,1002,1003}', '{measured,measured,estimated,substituted,measured}', 'first', 'even');
SELECT latest_batch(), (SELECT count(*) FROM sg_register_readings), (SELECT count(*) FROM smartgrid.register_reading) AS rows;

-- The parts of a long time are those of the rounded running sum.
SELECT post('B', 0, '2026-02-01 00:00'), post('B', 1.003, '2026-02-01 07:00', 'even');
SELECT bool_and(amount = round(1003 * i / 28::numeric) - round(1003 * (i - 1) / 28::numeric)) AS parts, sum(amount)
FROM (SELECT amount, row_number() OVER (ORDER BY start) AS i FROM sg_interval_series('B', '[2026-02-01 00:00,2026-02-01 07:00)')) AS q;
-- One that comes later, between two others, makes new parts of both sides; it need not say how, for the later one has.
SELECT post('B', 0.9, '2026-02-01 06:30');
SELECT post('B', 0.9, '2026-02-01 06:30', 'even');
SELECT post('B', 0.95, '2026-02-01 06:45');
SELECT slots('B', '2026-02-01 06:00', '2026-02-01 07:15');
SELECT sum(amount) FROM sg_interval_series('B', '[2026-02-01 00:00,2026-02-01 07:00)');
-- Before the first.
SELECT post('B', 5, '2026-01-31 23:45');
SELECT post('B', 0, '2026-01-31 23:45');
SELECT slots('B', '2026-01-31 23:00', '2026-02-01 00:15');

-- Readings at any time: a slot gets its part of all that is in it.
SELECT * FROM sg_post_registers('{C,C,C,C}', '{2026-02-01 00:05,2026-02-01 00:20,2026-02-01 00:40,2026-02-01 00:50}', '{0,1.5,3.5,3.6}', spread => 'even');
SELECT slots('C', '2026-02-01', '2026-02-02');
SELECT post('C', 3, '2026-02-01 00:30', 'even'), slots('C', '2026-02-01', '2026-02-02');
SELECT post('C', 3.2, '2026-02-01 00:45', 'even');
SELECT post('C', 3.55, '2026-02-01 00:45', 'even'), slots('C', '2026-02-01', '2026-02-02');

-- A correction of a reading; a worse one does not replace it.
SELECT post('C', 3.56, '2026-02-01 00:45'), post('C', 3.59, '2026-02-01 00:45', NULL, 'estimated');
SELECT slots('C', '2026-02-01', '2026-02-02'), latest_batch();
SELECT at, reading, quality, spread, batch FROM sg_register_readings WHERE point = 'C' ORDER BY at;
SELECT count(*) FROM smartgrid.register_reading AS r JOIN sg_points AS p USING (point_id) WHERE p.point = 'C';

-- Another value for the same time in one call; the same value twice.
SELECT ord, sqlstate, message FROM sg_post_registers('{D,D,D,D,D}',
    '{2026-02-01 00:00,2026-02-01 00:00,2026-02-01 00:15,2026-02-01 00:15,2026-02-01 00:00}', '{1,2,3,3,1}');
SELECT slots('D', '2026-02-01', '2026-02-02');
-- Of readings that do not go together the later one is refused, and the others go on.
SELECT ord, sqlstate FROM sg_post_registers('{D,D,D}', '{2026-02-01 00:45,2026-02-01 00:30,2026-02-01 01:00}', '{2,4,4.5}', spread => 'even');
SELECT slots('D', '2026-02-01', '2026-02-02');

-- A reset is refused until the meter was exchanged; what both showed adds up in the slot.
SELECT post('E', 5000, '2026-02-01 10:00'), post('E', 3, '2026-02-01 10:15');
SELECT sg_exchange_meter('E', '2026-02-01 10:07', 4999, 'new');
SELECT sg_exchange_meter('E', '2026-02-01 10:07', 5000.2, 'new', 2.9);
SELECT post('E', 3, '2026-02-01 10:15'), slots('E', '2026-02-01', '2026-02-02');
-- Again at a bound of slots, and with time before and after: that is spread as the next reading says.
SELECT sg_exchange_meter('E', '2026-02-01 11:00', 3.6, 'newer', 100);
SELECT post('E', 100.4, '2026-02-01 11:15'), slots('E', '2026-02-01', '2026-02-02');
SELECT post('E', 100.4, '2026-02-01 11:15', 'even'), slots('E', '2026-02-01', '2026-02-02');
SELECT meter, valid_from, valid_to, owner FROM sg_point_periods WHERE point = 'E' AND superseded_at IS NULL ORDER BY valid_from;
-- Said again, corrected.
SELECT sg_exchange_meter('E', '2026-02-01 11:00', 3.6, 'newer', 100), latest_batch();
SELECT sg_exchange_meter('E', '2026-02-01 11:00', 3.9, 'newer', 100), latest_batch(), slots('E', '2026-02-01', '2026-02-02');
SELECT at, reading, initial, digits, quality FROM sg_register_readings WHERE point = 'E' ORDER BY at;
-- A reading of that moment is one of its two, or refused.
SELECT post('E', 3.9, '2026-02-01 11:00'), post('E', 100, '2026-02-01 11:00'), post('E', 50, '2026-02-01 11:00');
-- Told late, between two readings.
SELECT post('F', 10, '2026-02-01 00:00'), post('F', 11, '2026-02-01 01:00', 'even'), slots('F', '2026-02-01', '2026-02-02');
SELECT sg_exchange_meter('F', '2026-02-01 00:30', 14, 'new', 9), slots('F', '2026-02-01', '2026-02-02');
SELECT sg_exchange_meter('F', '2026-02-01 00:45', 14, 'new', 12);
SELECT sg_exchange_meter('F', '2026-02-01 00:30', 10.5, 'new', 10.5, correct => true), slots('F', '2026-02-01', '2026-02-02');

-- A counter of so many digits begins again at 0, within what the connection lets through; else that is a reset.
SELECT sg_exchange_meter('G', '2026-02-01 00:00', 0, 'five', 99998, 5);
SELECT post('G', 99999.5, '2026-02-01 00:15'), post('G', 0.5, '2026-02-01 00:30'), slots('G', '2026-02-01', '2026-02-02');
SELECT post('G', 0.4, '2026-02-01 00:45'), post('G', 99999, '2026-02-01 00:45');
SELECT sg_exchange_meter('G', '2026-02-01 00:30', 0.5, 'seven', 9999998);
SELECT post('G', 2, '2026-02-01 00:45');
SELECT sg_exchange_meter('G', '2026-02-01 00:30', 0.5, 'seven', 9999998, 7);
SELECT post('G', 0.2, '2026-02-01 00:45'), slots('G', '2026-02-01', '2026-02-02');
-- Where the connection is not known: if it came by less than half of it.
SELECT sg_exchange_meter('N', '2026-02-01 00:00', 0, 'five', 90000, 5);
SELECT post('N', 39999, '2026-02-01 00:15'), post('N', 39998, '2026-02-01 00:30'), slots('N', '2026-02-01', '2026-02-02');
SELECT post('N', 80000, '2026-02-01 00:30'), post('N', 20000, '2026-02-01 00:45'), slots('N', '2026-02-01', '2026-02-02');

-- Days of 92 and 100 quarter-hours, and slots of other lengths.
SELECT post('K', 0, '2026-03-29'), post('K', 9.2, '2026-03-30', 'even'), post('H', 0, '2025-10-01');
SELECT count(*), sum(amount), min(amount), max(amount) FROM sg_interval_series('K', '[2026-03-29,2026-03-30)');
SELECT sg_set_point('K', '2026-04-02', resolution => '1 hour'), post('K', 28, '2026-04-01', 'even'), post('K', 31, '2026-04-03', 'even');
SELECT resolution, count(*), sum(amount) FROM sg_intervals WHERE point = 'K' AND day BETWEEN '2026-04-01' AND '2026-04-02' AND quality <> 'missing' GROUP BY 1 ORDER BY 1;
SELECT post('H', 1, '2026-02-01 00:00'), post('H', 2, '2026-02-01 00:15'), post('H', 3, '2026-02-01 01:00'), slots('H', '2026-02-01', '2026-02-02');

-- Refused by themselves.
SELECT ord, sqlstate, message FROM sg_post_registers('{none,A,A,A,A,A,A,L,A,A}'::text[],
    ARRAY['2026-02-02', '2025-12-31 23:59', '2100-01-01', '2026-02-02', '2026-02-02', '2026-02-02', '2026-02-02', '2026-02-02', 'infinity', '2026-02-02']::timestamptz[],
    '{1,1,2000,-1,NaN,1003.0001,1e30,1,2000,2000}'::numeric[], NULL, NULL, 'even');
SELECT ord, sqlstate, message FROM sg_post_registers('{A,A}', '{2026-02-02,2026-02-02}', '{2000,2000}', '{missing,best}');
SELECT post('A', 1010, '2026-02-01 01:45');
-- The last reading of a point that has ended.
SELECT sg_end_point('A', '2026-02-01 02:00'), post('A', 1003.5, '2026-02-01 02:00', 'even'), post('A', 1004, '2026-02-01 02:15', 'even');
SELECT slots('A', '2026-02-01 01:00', '2026-02-02');
-- A reading in a slot that has not ended is on record; the slot waits for the next.
SELECT post('B', 1.1, date_trunc('hour', now()), 'even'), post('B', 1.2, now(), 'even');
SELECT coalesce(bool_and(quality = 'missing'), true) AS waits FROM sg_interval_series('B', tstzrange(date_trunc('hour', now()), now()))
WHERE start + interval '14 minutes' > now();

-- A batch that is withdrawn takes its readings with it.
SELECT post('D', 5, '2026-02-01 01:15') AS posted;
SELECT max(batch_id) AS batch FROM smartgrid.batch \gset
SELECT sg_withdraw_batch(:batch);
SELECT max(at), slots('D', '2026-02-01', '2026-02-02') FROM sg_register_readings WHERE point = 'D';
SELECT post('D', 4.7, '2026-02-01 01:15'), slots('D', '2026-02-01', '2026-02-02');

-- Arguments.
SELECT * FROM sg_post_registers('{A}', '{2026-02-01,2026-02-02}', '{1}');
SELECT * FROM sg_post_registers('{A}', '{NULL}', '{1}');
SELECT * FROM sg_post_registers('{A}', '{2026-02-01}', '{{1}}');
SELECT * FROM sg_post_registers('{}', '{}', '{}');
\set VERBOSITY terse
SELECT sg_exchange_meter('none', '2026-02-01', 1, 'm');
SELECT sg_exchange_meter('A', 'infinity', 1, 'm');
SELECT sg_exchange_meter('A', '2100-01-01', 1, 'm');
SELECT sg_exchange_meter('A', '2026-02-01', -1, 'm');
SELECT sg_exchange_meter('A', '2026-02-01', 1, 'm', 'NaN');
SELECT sg_exchange_meter('A', '2026-02-01', 1, 'm', 0, 0);
SELECT sg_exchange_meter('A', '2026-02-01', 1, 'm', 0, 19);
SELECT sg_exchange_meter('A', '2026-02-01', 1, repeat('m', 129));
SELECT sg_exchange_meter('L', '2026-02-01', 1, 'm');
SELECT sg_exchange_meter('A', '2025-02-01', 1, 'm');
\set VERBOSITY default

-- Readings in any order, in any number of calls, leave the same slots.
SELECT sg_set_point(p, '2026-01-01', 'anna', 'consumption', capacity => 11) FROM unnest('{R1,R2,R3}'::text[]) AS p;
CREATE TABLE readings AS
SELECT timestamptz '2026-05-01' + minute * interval '1 minute' AS at, (sum(random()) OVER (ORDER BY minute) * 0.02)::numeric(12, 3) AS reading
FROM (SELECT DISTINCT (floor(random() * 300) * CASE WHEN random() < 0.5 THEN 15 ELSE 5 END)::integer AS minute FROM generate_series(1, 120)) AS q;
SELECT count(*) FROM sg_post_registers((SELECT array_agg('R1'::text) FROM readings), (SELECT array_agg(at ORDER BY at) FROM readings),
    (SELECT array_agg(reading ORDER BY at) FROM readings), spread => 'even');
SELECT count(*) FROM (SELECT at, reading FROM readings ORDER BY random()) AS r, post('R2', reading, at, 'even') AS answer WHERE answer <> 'ok';
SELECT count(*) FROM (SELECT array_agg(at) AS at, array_agg(reading) AS reading FROM (SELECT at, reading, ntile(10) OVER (ORDER BY random()) AS part FROM readings) AS q GROUP BY part) AS p,
    sg_post_registers(array_fill('R3'::text, ARRAY[cardinality(at)]), at, reading, spread => 'even');
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE one.amount <> two.amount OR one.amount <> three.amount OR one.quality <> two.quality OR one.quality <> three.quality) AS different,
    sum(one.amount) = (SELECT (max(reading) - min(reading)) * 1000 FROM readings) AS all_of_it
FROM sg_interval_series('R1', '[2026-05-01,2026-05-10)') AS one
     JOIN sg_interval_series('R2', '[2026-05-01,2026-05-10)') AS two USING (start) JOIN sg_interval_series('R3', '[2026-05-01,2026-05-10)') AS three USING (start)
WHERE one.quality <> 'missing';

-- Once only, by a reference.
SET smartgrid.reference = 'readings of May';
SELECT post('D', 4.8, '2026-02-01 01:30');
SELECT post('D', 4.8, '2026-02-01 01:30');
SELECT post('D', 4.9, '2026-02-01 01:30');
RESET smartgrid.reference;
SELECT slots('D', '2026-02-01 01:00', '2026-02-02');
SELECT invariant FROM sg_check() WHERE NOT ok;

DROP EXTENSION smartgrid CASCADE;
DROP TABLE IF EXISTS readings;
DROP FUNCTION IF EXISTS slots(text, timestamptz, timestamptz), latest_batch();
