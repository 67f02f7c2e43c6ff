-- What metering points got of the community's energy, slot by slot.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = ISO;

-- Two consumers, a producer; the fourth slot of C2 is missing.
SELECT count(*) FROM (VALUES ('C1', 'anna', 'consumption'), ('C2', 'bert', 'consumption'), ('P1', 'carl', 'production')) AS v (p, o, k),
    sg_set_point(v.p, '2024-01-01', v.o, v.k) AS set;
-- These take no part, so their slots do not count.
SELECT sg_set_point('X1', '2024-01-01', kind => 'exchange', resolution => '5 minutes'),
       sg_set_point('L1', '2024-01-01', kind => 'consumption', role => 'loss', resolution => '5 minutes');
CREATE TABLE reading (point text, start timestamptz, amount bigint, quality text);
CREATE FUNCTION post(point text, day timestamptz, resolution interval, amounts bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reading SELECT $1, $2 + (n - 1) * $3, a FROM unnest($4) WITH ORDINALITY AS u (a, n) WHERE a IS NOT NULL
$$;
SELECT post('C1', '2024-01-15', '15 minutes', '{5,3,10,7,0,1}'), post('C2', '2024-01-15', '15 minutes', '{5,4,30,NULL,0,1}'),
       post('P1', '2024-01-15', '15 minutes', '{3,20,30,5,9,0}'), post('X1', '2024-01-15', '5 minutes', '{1}');
SELECT sg_end_point('X1', '2024-01-16');
SELECT * FROM sg_post_intervals('reading');
\set day 'tstzrange(\'2024-01-15 00:00\', \'2024-01-15 01:30\')'
SELECT to_char(start, 'HH24:MI') AS start, point, owner, kind, amount, eligible, share, covered, rest, quality FROM sg_allocate(:day);
-- The same as sums.
SELECT * FROM sg_allocation_sums(:day);
-- A slot is there if it begins within the period, whatever else the day has.
SELECT DISTINCT start FROM sg_allocate('(2024-01-15 00:15,2024-01-15 00:30]') ORDER BY start;
SELECT DISTINCT start FROM sg_allocate('[2024-01-15 00:15,2024-01-15 00:30)') ORDER BY start;
SELECT count(*), count(DISTINCT start) FROM sg_allocate('[2024-01-15,2024-01-16)');
SELECT count(*) FROM sg_allocate('[2023-12-31,2024-01-01)');
SELECT count(*) FROM sg_allocate('[2024-03-31,2024-04-01)') AS a WHERE a.point = 'C1';
SELECT count(*) FROM sg_allocate('[2024-10-27,2024-10-28)') AS a WHERE a.point = 'C1';

-- Static: keys of a quarter and a half of 20 in the second slot; what C2 does not use is surplus.
SELECT sg_set_share('C1', '2024-01-01', key => 25), sg_set_share('C2', '2024-01-01', key => 50);
SELECT sg_set_allocation('2024-01-15 00:15', 'static'), sg_set_allocation('2024-01-15 00:45', 'cascade'), sg_set_allocation('2024-01-15 01:00', 'none');
SELECT to_char(start, 'HH24:MI') AS start, point, amount, share, covered, rest FROM sg_allocate(:day);
-- Priorities: C2 first.
SELECT sg_set_allocation('2024-01-15', 'dynamic'), sg_set_allocation('2024-01-15 00:15', 'dynamic'),
       sg_set_share('C1', '2024-01-15', priority => 2);
SELECT to_char(start, 'HH24:MI') AS start, point, amount, share, covered, rest FROM sg_allocate(:day) WHERE start < '2024-01-15 00:45';
-- Factors: half of what P1 produces, from the second slot on; C2 takes no part in the fourth, and is missing without harm.
SELECT sg_set_share('P1', '2024-01-15 00:15', 50), sg_set_share('C2', '2024-01-15 00:45', 0);
SELECT to_char(start, 'HH24:MI') AS start, point, amount, eligible, share, covered, rest, quality FROM sg_allocate(:day) WHERE start < '2024-01-15 01:00';
-- As it was on record before.
SELECT max(recorded_at) AS before FROM sg_share_periods WHERE point = 'C1' AND priority = 2 \gset
SELECT to_char(start, 'HH24:MI') AS start, point, amount, eligible, share, covered, rest, quality
FROM sg_allocate(:day, :'before') WHERE start < '2024-01-15 01:00' AND point = 'P1';

-- Hours beside quarter-hours are cut; storage is a consumer while it charges, and a producer while it discharges.
SELECT sg_set_point('H1', '2024-01-16', 'dora', 'consumption', '1 hour'), sg_set_point('S1', '2024-01-16', 'emil', 'storage');
SELECT post('H1', '2024-01-16', '1 hour', '{10}'), post('S1', '2024-01-16', '15 minutes', '{-4,0,6,6}'), post('P1', '2024-01-16', '15 minutes', '{10,10,4,0}'),
       post('C1', '2024-01-16', '15 minutes', '{0,0,0,0}'), post('C2', '2024-01-16', '15 minutes', '{0,0,0,0}');
SELECT count(*) FROM sg_post_intervals('reading');
SELECT sg_set_allocation('2024-01-16', 'dynamic'), sg_set_share('P1', '2024-01-16', 100), sg_set_share('C1', '2024-01-16', priority => 1);
SELECT to_char(start, 'HH24:MI') AS start, point, amount, eligible, share, covered, rest FROM sg_allocate('[2024-01-16,2024-01-16 01:00)') WHERE point !~ '^C';
SELECT point, slots, amount, eligible, share, covered, rest FROM sg_allocation_sums('[2024-01-16,2024-01-16 01:00)') WHERE point !~ '^C';

-- An owner's slots are its own.
SELECT sg_set_point('C1', '2024-01-16 00:30', 'zoe');
SELECT point, owner, slots FROM sg_allocation_sums('[2024-01-16,2024-01-17)') WHERE point = 'C1';

SELECT * FROM sg_allocate(NULL);
SELECT * FROM sg_allocate('empty');
SELECT * FROM sg_allocate('[2024-01-01,)');
SELECT * FROM sg_allocation_sums(NULL);
-- A share beyond bigint is an error, and so is the sum of all.
SELECT sg_set_point('P' || n, '2024-02-01', 'carl', 'production') FROM generate_series(2, 3) AS n;
SELECT post('P2', '2024-02-01', '15 minutes', '{9223372036854775807}'), post('P3', '2024-02-01', '15 minutes', '{9223372036854775807}'),
       post('C2', '2024-02-01', '15 minutes', '{7}');
SELECT count(*) FROM sg_post_intervals('reading');
SELECT sg_set_share('C2', '2024-02-01', 100);
SELECT count(*) FROM sg_allocate('[2024-02-01,2024-02-01 00:15)');
SELECT sg_set_share('P3', '2024-02-01', 0);
SELECT point, amount, eligible, share, covered, rest FROM sg_allocate('[2024-02-01,2024-02-01 00:15)') WHERE point IN ('C2', 'P2', 'P3');

-- All of time, if points are not for ever.
SELECT sg_create_grid('past');
SET smartgrid.grid = 'past';
SELECT sg_set_point('A', '2024-01-01 00:00Z', 'anna', 'consumption'), sg_end_point('A', '2024-01-02 00:00Z');
SELECT count(*), max(start) FROM sg_allocate('[4714-11-24 00:00:00+00 BC,294276-12-31 23:59:59.999999+00]');
RESET smartgrid.grid;

DROP TABLE reading;
DROP FUNCTION post;
DROP EXTENSION smartgrid;
