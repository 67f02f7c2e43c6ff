-- Random gaps, filled by every method and taken back again, against a model of SQL over what was on record before: what is filled is what the
-- model says, nothing else changes, and what was on record before a call stays as it was.
--
--   SMARTGRID_SUBSTITUTIONS=500 SMARTGRID_SUBSTITUTE_SEED=0.123 make check-pgtap T=substitute

\ir lib/begin.sql
\set substitutions 30
\set seed 0.42
\getenv substitutions SMARTGRID_SUBSTITUTIONS
\getenv seed SMARTGRID_SUBSTITUTE_SEED
SELECT no_plan();
SELECT diag(format('%s substitutions, seed %s', :'substitutions', :'seed'));

\o /dev/null
SET LOCAL timezone = 'Australia/Adelaide';
SELECT set_config('sgtest.substitutions', :'substitutions', true);
SET LOCAL smartgrid.pack_after = '366d';
SELECT sg_set_time_zone('Australia/Adelaide'), sg_alter_grid('default', energy_scale => 3);
-- Days of 23 and 25 hours, half an hour off: clocks go forward on 5 October, and back on 6 April.
SELECT sg_set_point('p' || n, at, 'owner', CASE n WHEN 1 THEN 'storage' ELSE 'consumption' END,
                    CASE n % 3 WHEN 0 THEN interval '30 min' ELSE interval '1 hour' END, capacity => CASE n WHEN 4 THEN 0.8 END),
       sg_end_point('p' || n, at + interval '44 days')
FROM generate_series(1, 6) AS n, unnest('{2025-03-09 00:00 Australia/Adelaide,2025-09-07 00:00 Australia/Adelaide}'::timestamptz[]) AS at;
-- One has another owner from a slot on, one other slots from a day on, one is not there for some days.
SELECT sg_set_point('p2', '2025-10-04 09:00 Australia/Adelaide', owner => 'other');
SELECT sg_set_point('p5', '2025-10-05 00:00 Australia/Adelaide', resolution => '30 min');
SELECT sg_end_point('p6', '2025-09-28 06:00 Australia/Adelaide'), sg_set_point('p6', '2025-10-04 06:00 Australia/Adelaide', 'owner', 'consumption', '30 min'),
       sg_end_point('p6', '2025-10-21 00:00 Australia/Adelaide');
SELECT setseed(:'seed');
\o

CREATE TEMP TABLE slot AS
SELECT p.point, s.start, s.start AT TIME ZONE 'Australia/Adelaide' AS label, p.resolution, p.capacity
FROM sg_point_periods AS p
     CROSS JOIN LATERAL generate_series(p.valid_from, p.valid_to - interval '1 microsecond', p.resolution) AS s (start)
WHERE p.superseded_at IS NULL;
CREATE UNIQUE INDEX ON slot (point, start);
-- The second of two that the clock shows alike.
ALTER TABLE slot ADD is_second boolean;
UPDATE slot AS s SET is_second = EXISTS (SELECT FROM slot AS f WHERE f.point = s.point AND f.label = s.label AND f.start < s.start);
CREATE INDEX ON slot (point, label);
ANALYZE slot;

-- What is on record.
CREATE TEMP TABLE was (point text, start timestamptz, amount bigint, quality text, PRIMARY KEY (point, start));
CREATE TEMP TABLE wanted (point text, start timestamptz, amount bigint);
CREATE TEMP TABLE got (point text, start timestamptz, amount bigint, method text);
CREATE FUNCTION pg_temp.on_record(as_of timestamptz) RETURNS TABLE (point text, start timestamptz, amount bigint, quality text) LANGUAGE sql AS $$
    SELECT p.point, i.start, i.amount, i.quality
    FROM (SELECT DISTINCT s.point FROM slot AS s) AS p,
         sg_interval_series(p.point, '[2025-03-01,2025-11-01)', as_of => $1) AS i
$$;

CREATE FUNCTION pg_temp.load(share float8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_post_intervals(array_agg(s.point), array_agg(s.start), array_agg(CASE s.point WHEN 'p1' THEN -500 ELSE 0 END + floor(random() * 1000)::bigint),
                              array_agg((ARRAY['measured', 'measured', 'measured', 'substituted', 'estimated', 'calculated'])[1 + floor(random() * 6)]),
                              accept_spikes => true)
    FROM slot AS s
    WHERE random() < share;
END $$;

-- Gaps of random places and lengths; most are short.
CREATE FUNCTION pg_temp.tear(gaps integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE gap ON COMMIT DROP AS
        SELECT s.point, s.start AS first, s.start + floor(random() * random() * 12) * interval '30 min' AS last
        FROM slot AS s ORDER BY random() LIMIT gaps;
    PERFORM sg_post_intervals(array_agg(s.point), array_agg(s.start), array_agg(0::bigint), array_agg('missing'::text), replace_with => 'any')
    FROM slot AS s WHERE EXISTS (SELECT FROM gap AS g WHERE g.point = s.point AND s.start BETWEEN g.first AND g.last);
    DROP TABLE gap;
END $$;

-- The gaps of what is on record: adjacent missing slots.
CREATE FUNCTION pg_temp.gaps() RETURNS TABLE (point text, start timestamptz, first timestamptz, "end" timestamptz, nth bigint, n bigint) LANGUAGE sql AS $$
    SELECT g.point, g.start, min(g.start) OVER w, max(g.start + g.resolution) OVER w, row_number() OVER (w ORDER BY g.start), count(*) OVER w
    FROM (SELECT m.*, count(*) FILTER (WHERE m.begins) OVER (PARTITION BY m.point ORDER BY m.start) AS gap
          FROM (SELECT w.*, s.resolution, (lag(w.quality) OVER o = 'missing' AND lag(w.start + s.resolution) OVER o = w.start) IS NOT TRUE AS begins
                FROM was AS w JOIN slot AS s USING (point, start) WINDOW o AS (PARTITION BY w.point ORDER BY w.start)) AS m
          WHERE m.quality = 'missing') AS g
    WINDOW w AS (PARTITION BY g.point, g.gap)
$$;

CREATE FUNCTION pg_temp.model(period tstzrange, method text, max_gap interval) RETURNS void LANGUAGE sql AS $$
    INSERT INTO wanted
    SELECT s.point, s.start, v.amount
    FROM pg_temp.gaps() AS g JOIN slot AS s USING (point, start)
         LEFT JOIN LATERAL (SELECT w.amount, f.resolution FROM was AS w JOIN slot AS f USING (point, start)
                            WHERE w.point = g.point AND w.start < g.first AND w.start + f.resolution = g.first) AS b ON true
         LEFT JOIN LATERAL (SELECT w.amount, f.resolution FROM was AS w JOIN slot AS f USING (point, start) WHERE w.point = g.point AND w.start = g."end") AS a ON true
         CROSS JOIN LATERAL (
             SELECT 0::bigint AS amount WHERE method = 'zero'
             UNION ALL
             SELECT round((b.amount * (g.n + 1) + (a.amount - b.amount) * g.nth)::numeric / (g.n + 1))::bigint
             WHERE method = 'linear' AND b.resolution = a.resolution
                   AND NOT EXISTS (SELECT FROM slot AS o WHERE o.point = g.point AND o.start >= g.first AND o.start < g."end" AND o.resolution <> a.resolution)
             UNION ALL
             SELECT q.amount FROM (SELECT w.amount
                                   FROM generate_series(1, 4) AS week
                                        JOIN slot AS o ON o.point = s.point AND o.label = s.label - week * interval '7 days' AND o.resolution = s.resolution
                                                          AND (o.is_second = s.is_second
                                                               OR s.is_second AND NOT EXISTS (SELECT FROM slot AS t WHERE t.point = o.point AND t.label = o.label AND t.is_second))
                                        JOIN was AS w ON w.point = o.point AND w.start = o.start
                                   WHERE method = 'last_week' AND w.quality IN ('measured', 'substituted')
                                   ORDER BY week LIMIT 1) AS q) AS v
    WHERE s.start <@ period AND g."end" - g.first <= coalesce(max_gap, CASE method WHEN 'linear' THEN interval '2 hours' END, interval '1000 days')
          AND (s.capacity IS NULL OR abs(v.amount) <= s.capacity * 1000 * extract(epoch FROM s.resolution) / 3600)
$$;

CREATE FUNCTION pg_temp.one(method text, OUT filled bigint, OUT wrong bigint, OUT changed bigint, OUT before bigint, OUT again bigint, OUT back bigint, OUT taken bigint)
LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz;
    id bigint;
    first timestamptz := (SELECT s.start FROM slot AS s ORDER BY random() LIMIT 1) + floor(random() * 60) * interval '1 minute';
    period tstzrange := tstzrange(first, first + random() * interval '20 days', CASE WHEN random() < 0.5 THEN '[)' ELSE '(]' END);
    max_gap interval := (ARRAY[NULL, '30 min', '1 hour', '90 min', '3 hours', '2 days']::interval[])[1 + floor(random() * 6)];
BEGIN
    TRUNCATE was, wanted, got;
    INSERT INTO was SELECT * FROM pg_temp.on_record(NULL);
    SELECT max(b.recorded_at) INTO at FROM sg_batches AS b;
    ANALYZE was;
    PERFORM pg_temp.model(period, method, max_gap);
    INSERT INTO got SELECT * FROM sg_substitute(period, method, max_gap => max_gap);
    SELECT count(*) INTO filled FROM got;
    SELECT count(*) INTO wrong FROM ((SELECT w.* FROM wanted AS w EXCEPT SELECT g.point, g.start, g.amount FROM got AS g)
                                     UNION ALL (SELECT g.point, g.start, g.amount FROM got AS g EXCEPT SELECT w.* FROM wanted AS w)) AS d;
    -- What is on record now is what was, and what was filled.
    SELECT count(*) INTO changed
    FROM pg_temp.on_record(NULL) AS n JOIN was AS w USING (point, start) LEFT JOIN got AS g USING (point, start)
    WHERE (n.amount, n.quality) IS DISTINCT FROM (coalesce(g.amount, w.amount), CASE WHEN g.point IS NULL THEN w.quality ELSE 'substituted' END)
          OR (g.point IS NOT NULL AND w.quality <> 'missing');
    SELECT count(*) INTO before FROM pg_temp.on_record(at) AS n JOIN was AS w USING (point, start) WHERE (n.amount, n.quality) <> (w.amount, w.quality);
    SELECT max(b.batch) INTO id FROM sg_batches AS b;
    again := 0;
    IF method = 'zero' THEN
        SELECT count(*) INTO again FROM sg_substitute(period, method, max_gap => max_gap);
    END IF;
    taken := sg_withdraw_batch(id);
    SELECT count(*) INTO back FROM pg_temp.on_record(NULL) AS n JOIN was AS w USING (point, start) WHERE (n.amount, n.quality) <> (w.amount, w.quality);
END $$;

\o /dev/null
SELECT pg_temp.load(0.9);
CREATE TEMP TABLE outcome AS SELECT NULL::text AS method, r.* FROM pg_temp.one('zero') AS r WHERE false;
DO $$
DECLARE
    method text;
BEGIN
    FOR i IN 1 .. current_setting('sgtest.substitutions')::integer LOOP
        IF i % 4 = 0 THEN
            PERFORM pg_temp.tear(100);
        ELSIF i % 7 = 0 THEN
            PERFORM pg_temp.load(0.05);
        END IF;
        method := (ARRAY['linear', 'last_week', 'zero'])[1 + i % 3];
        INSERT INTO outcome SELECT method, r.* FROM pg_temp.one(method) AS r;
    END LOOP;
END $$;
\o

SELECT cmp_ok(sum(o.filled)::bigint, '>', 0::bigint, o.method || ': has filled something') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is(sum(o.wrong)::bigint, 0::bigint, o.method || ': as the model says') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is(sum(o.changed)::bigint, 0::bigint, o.method || ': nothing else has changed') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is(sum(o.before)::bigint, 0::bigint, o.method || ': what was on record before is as it was') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is(sum(o.again)::bigint, 0::bigint, 'nothing is left that the same call could fill') FROM outcome AS o;
SELECT is(sum(o.taken)::bigint, sum(o.filled)::bigint, o.method || ': what was filled is taken back') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is(sum(o.back)::bigint, 0::bigint, o.method || ': and then all is as before') FROM outcome AS o GROUP BY o.method ORDER BY o.method;
SELECT is_empty('SELECT * FROM sg_verify_batches() WHERE NOT ok', 'the digests of all batches are right');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'sg_check() finds nothing');
SELECT * FROM finish();
ROLLBACK;
