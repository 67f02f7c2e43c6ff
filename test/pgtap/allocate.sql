-- Allocation against a second implementation, in numerics: random communities with amounts to 2^62, slots of four lengths, missing
-- ones, changing owners, keys, factors, priorities and models. Rows, their sums, and those of the community are the same, and every
-- slot closes.

\ir lib/begin.sql
SELECT no_plan();
\set rounds 3
\set seed 0.42
\getenv rounds SMARTGRID_PROPERTY_ROUNDS
\getenv seed SMARTGRID_PROPERTY_SEED
SELECT setseed(:'seed'::double precision), set_config('sgt.rounds', :'rounds', true) \g /dev/null
SET LOCAL timezone = 'Europe/Vienna';
SET LOCAL smartgrid.principal = '';

CREATE SCHEMA sgtest;
CREATE TABLE sgtest.reading (grid text, point text, start timestamptz, amount bigint, quality text);
CREATE TYPE sgtest.parts AS (share numeric[], covered numeric[], taken numeric[]);
CREATE TABLE sgtest.slow (grid text, start timestamptz, point text, owner text, kind text, amount numeric, eligible numeric, share numeric,
                          covered numeric, rest numeric, quality text);

CREATE FUNCTION sgtest.total(value numeric[]) RETURNS numeric LANGUAGE sql AS $$ SELECT coalesce(sum(v), 0) FROM unnest(value) AS v $$;

-- Largest remainder.
CREATE FUNCTION sgtest.share_out(total numeric, weights numeric[]) RETURNS numeric[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(p.part + (p.rank <= total - p.given AND p.whole > 0)::integer ORDER BY p.i), '{}')
    FROM (SELECT q.*, sum(q.part) OVER () AS given, row_number() OVER (ORDER BY q.remainder DESC, q.i) AS rank
          FROM (SELECT u.i, t.whole, CASE WHEN t.whole > 0 THEN div(total * u.w, t.whole) ELSE 0 END AS part,
                       CASE WHEN t.whole > 0 THEN mod(total * u.w, t.whole) ELSE 0 END AS remainder
                FROM unnest(weights) WITH ORDINALITY AS u (w, i), (SELECT sgtest.total(weights)) AS t (whole)) AS q) AS p
$$;

-- One slot: need, key and priority of consumers, supply of producers.
CREATE FUNCTION sgtest.share_out_slot(model text, need numeric[], key numeric[], priority integer[], supply numeric[]) RETURNS sgtest.parts
    LANGUAGE plpgsql AS $$
DECLARE
    n CONSTANT integer := cardinality(need);
    parts sgtest.parts;
    left_over numeric := sgtest.total(supply);
    class integer;
    weights numeric[];
    given numeric[];
    of_all numeric[];
BEGIN
    parts.share := array_fill(0::numeric, ARRAY[n]);
    parts.covered := parts.share;
    IF model IN ('static', 'cascade') THEN
        parts.share := sgtest.share_out(floor(left_over * sgtest.total(key) / 100), key);
        FOR i IN 1..n LOOP
            parts.covered[i] := least(need[i], parts.share[i]);
        END LOOP;
        left_over := left_over - sgtest.total(parts.covered);
    END IF;
    IF model IN ('dynamic', 'cascade') THEN
        FOR class IN SELECT DISTINCT p FROM unnest(priority) AS p ORDER BY p LOOP
            weights := ARRAY(SELECT CASE WHEN priority[i] = class THEN need[i] - parts.covered[i] ELSE 0 END FROM generate_series(1, n) AS i ORDER BY i);
            given := sgtest.share_out(least(left_over, sgtest.total(weights)), weights);
            of_all := sgtest.share_out(left_over, weights);
            FOR i IN 1..n LOOP
                parts.covered[i] := parts.covered[i] + given[i];
                IF model = 'dynamic' THEN
                    parts.share[i] := parts.share[i] + of_all[i];
                END IF;
            END LOOP;
            left_over := left_over - sgtest.total(given);
        END LOOP;
    END IF;
    parts.taken := sgtest.share_out(sgtest.total(parts.covered), supply);
    RETURN parts;
END $$;

-- Who takes part in a slot of a day whose shortest slots have so many minutes, and with what.
CREATE FUNCTION sgtest.taking_part(g text, midnight timestamptz, t timestamptz, minutes integer)
    RETURNS TABLE (point text, owner text, kind text, amount numeric, eligible numeric, key numeric, priority integer, factor numeric, quality text, place bigint)
    LANGUAGE sql AS $$
    SELECT d.point, d.owner, d.kind, a.amount, div(abs(a.amount) * f.factor, 100),
           f.key, f.priority, f.factor, coalesce(r.quality, 'missing'), row_number() OVER (ORDER BY d.point COLLATE "C")
    FROM (SELECT p.*, (extract(epoch FROM p.resolution) / 60 / minutes)::integer AS n,
                 (extract(epoch FROM t - midnight) / 60 / minutes)::integer AS place
          FROM sg_point_periods AS p
          WHERE p.grid = g AND p.superseded_at IS NULL AND p.valid_from <= t AND (p.valid_to IS NULL OR t < p.valid_to)
                AND p.kind <> 'exchange' AND p.role IS NULL) AS d
         LEFT JOIN sgtest.reading AS r
            ON r.grid = g AND r.point = d.point AND r.start = midnight + (d.place / d.n) * d.resolution AND r.quality <> 'missing'
         CROSS JOIN LATERAL (SELECT coalesce(round(r.amount::numeric * (d.place % d.n + 1) / d.n) - round(r.amount::numeric * (d.place % d.n) / d.n), 0)) AS a (amount)
         LEFT JOIN sg_share_periods AS s
            ON s.grid = g AND s.point = d.point AND s.superseded_at IS NULL AND s.valid_from <= t AND (s.valid_to IS NULL OR t < s.valid_to)
         CROSS JOIN LATERAL (SELECT coalesce(s.factor, 100), coalesce(s.key, 0), coalesce(s.priority, 1)) AS f (factor, key, priority)
$$;

CREATE FUNCTION sgtest.allocate_slot(g text, midnight timestamptz, t timestamptz, minutes integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    model text := coalesce((SELECT a.model FROM sg_allocation_periods AS a
                            WHERE a.grid = g AND a.superseded_at IS NULL AND a.valid_from <= t AND (a.valid_to IS NULL OR t < a.valid_to)), 'dynamic');
    parts sgtest.parts;
BEGIN
    CREATE TEMPORARY TABLE here ON COMMIT DROP AS
    SELECT *, kind = 'consumption' OR (kind = 'storage' AND amount < 0) AS needs, kind = 'production' OR (kind = 'storage' AND amount > 0) AS supplies
    FROM sgtest.taking_part(g, midnight, t, minutes);
    SELECT (sgtest.share_out_slot(model, array_agg(h.eligible ORDER BY h.place) FILTER (WHERE h.needs), array_agg(h.key ORDER BY h.place) FILTER (WHERE h.needs),
                                  array_agg(h.priority ORDER BY h.place) FILTER (WHERE h.needs),
                                  coalesce(array_agg(h.eligible ORDER BY h.place) FILTER (WHERE h.supplies), '{}'))).*
    INTO parts FROM here AS h;
    INSERT INTO sgtest.slow
    SELECT g, t, h.point, h.owner, h.kind, h.amount, h.eligible, CASE WHEN h.needs THEN parts.share[h.place_needs] WHEN NOT h.supplies THEN 0 END,
           c.covered, abs(h.amount) - c.covered,
           CASE WHEN h.quality <> 'missing' AND EXISTS (SELECT FROM here AS o WHERE o.quality = 'missing' AND o.factor > 0) THEN 'estimated' ELSE h.quality END
    FROM (SELECT *, count(*) FILTER (WHERE needs) OVER (ORDER BY place) AS place_needs, count(*) FILTER (WHERE supplies) OVER (ORDER BY place) AS place_supplies
          FROM here) AS h
         CROSS JOIN LATERAL (SELECT CASE WHEN h.needs THEN parts.covered[h.place_needs] WHEN h.supplies THEN parts.taken[h.place_supplies] ELSE 0 END) AS c (covered);
    DROP TABLE here;
END $$;

-- The first hours of a day.
CREATE FUNCTION sgtest.allocate_day(g text, midnight timestamptz) RETURNS void LANGUAGE sql AS $$
    SELECT sgtest.allocate_slot(g, midnight, t, s.minutes)
    FROM (SELECT min(extract(epoch FROM p.resolution) / 60)::integer
          FROM sg_point_periods AS p
          WHERE p.grid = g AND p.superseded_at IS NULL AND p.valid_from < midnight + interval '1 day' AND (p.valid_to IS NULL OR midnight < p.valid_to)
                AND p.kind <> 'exchange' AND p.role IS NULL) AS s (minutes),
         generate_series(midnight, midnight + interval '3 hours' - interval '1 second', make_interval(mins => s.minutes)) AS t
$$;

-- A time within the three days, on the hour.
CREATE FUNCTION sgtest.some_hour() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT timestamptz '2024-03-30' + floor(random() * 3) * interval '1 day' + floor(random() * 4) * interval '1 hour'
$$;
CREATE FUNCTION sgtest.one_of(anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS $$ SELECT $1[1 + floor(random() * cardinality($1))] $$;

-- A community with random facts and readings: three days, the second of which has no hour from 2 to 3.
CREATE FUNCTION sgtest.make_community(g text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p record;
    width double precision := random() * 62;
BEGIN
    PERFORM sg_create_grid(g);
    PERFORM set_config('smartgrid.grid', g, true);
    PERFORM sg_set_time_zone('Europe/Vienna');
    FOR p IN
        SELECT sgtest.one_of(ARRAY['a', 'B', 'ä', '~', '1', 'Z']) || n || g AS name, CASE WHEN n <= 7 THEN 'consumption' WHEN n <= 10 THEN 'production' ELSE 'storage' END AS kind,
               sgtest.one_of(ARRAY['15 minutes', '15 minutes', '30 minutes', '1 hour', CASE WHEN random() < 0.2 THEN '5 minutes' ELSE '1 hour' END])::interval AS resolution
        FROM generate_series(1, 12) AS n
    LOOP
        PERFORM sg_set_point(p.name, CASE WHEN random() < 0.7 THEN timestamptz '2024-01-01' ELSE sgtest.some_hour() END, 'one', p.kind, p.resolution);
        PERFORM sg_set_point(p.name, sgtest.some_hour() + interval '1 day', 'other', p.kind, p.resolution) FROM generate_series(1, 1) WHERE random() < 0.3;
        PERFORM sg_end_point(p.name, sgtest.some_hour() + interval '1 day') FROM generate_series(1, 1) WHERE random() < 0.2;
        PERFORM sg_set_share(p.name, sgtest.some_hour(), sgtest.one_of(ARRAY[0, 33.3333, 50, 100, 100, 99.9999999999999999]),
                             round((random() * 11)::numeric, sgtest.one_of(ARRAY[0, 2, 16])), sgtest.one_of(ARRAY[1, 1, 2, -7]))
        FROM generate_series(1, sgtest.one_of(ARRAY[0, 1, 3]));
        INSERT INTO sgtest.reading
        SELECT g, p.name, t, CASE WHEN p.kind = 'storage' AND random() < 0.5 THEN -1 ELSE 1 END
               * least(power(2, random() * width), CASE WHEN p.kind = 'consumption' THEN 4.6e18 ELSE 1e18 END)::bigint * sgtest.one_of(ARRAY[0, 1, 1, 1]),
               sgtest.one_of(ARRAY['measured', 'measured', 'substituted', 'calculated'])
        FROM sg_point_periods AS d,
             generate_series(greatest(d.valid_from, '2024-03-30'), least(d.valid_to, '2024-04-02') - interval '1 second', p.resolution) AS t
        WHERE d.grid = g AND d.point = p.name AND d.superseded_at IS NULL AND random() < 0.97;
    END LOOP;
    PERFORM sg_set_allocation(sgtest.some_hour() - interval '1 hour', sgtest.one_of(ARRAY['dynamic', 'static', 'cascade', 'cascade', 'none'])) FROM generate_series(1, 5);
END $$;

CREATE FUNCTION sgtest.post(g text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', g, true);
    RETURN (SELECT string_agg(r::text, ', ')
            FROM (SELECT array_agg(point), array_agg(start), array_agg(amount), array_agg(quality) FROM sgtest.reading WHERE grid = g) AS a (points, starts, amounts, qualities),
                 sg_post_intervals(a.points, a.starts, a.amounts, a.qualities) AS r);
END $$;

-- So many hours of each of the three days of a community: rows, sums, totals by slot.
CREATE TABLE sgtest.quick (LIKE sgtest.slow);
CREATE TABLE sgtest.quick_sum (grid text, d integer, point text, owner text, kind text, slots bigint, amount numeric, eligible numeric, share numeric,
                               covered numeric, rest numeric, qualities text[]);
CREATE TABLE sgtest.quick_total (grid text, start timestamptz, produced bigint, consumed bigint, covered bigint, surplus bigint, self_consumption numeric,
                                 self_sufficiency numeric);
CREATE FUNCTION sgtest.allocate(g text, hours integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    midnight timestamptz;
    period tstzrange;
BEGIN
    PERFORM set_config('smartgrid.grid', g, true);
    FOR d IN 0..2 LOOP
        midnight := timestamptz '2024-03-30' + d * interval '1 day';
        period := tstzrange(midnight, midnight + hours * interval '1 hour');
        INSERT INTO sgtest.quick SELECT g, a.* FROM sg_allocate(period) AS a;
        INSERT INTO sgtest.quick_sum SELECT g, d, s.* FROM sg_allocation_sums(period) AS s;
        INSERT INTO sgtest.quick_total SELECT g, c.* FROM sg_community(period, '5 minutes') AS c;
    END LOOP;
END $$;

\o /dev/null
SELECT sgtest.make_community('round ' || n) FROM generate_series(1, :rounds) AS n;
\o
SELECT is(sgtest.post('round ' || n), NULL, 'round ' || n || ': nothing is refused') FROM generate_series(1, :rounds) AS n;
\o /dev/null
SELECT sgtest.allocate_day('round ' || n, timestamptz '2024-03-30' + d * interval '1 day') FROM generate_series(1, :rounds) AS n, generate_series(0, 2) AS d;
SELECT sgtest.allocate('round ' || n, 3) FROM generate_series(1, :rounds) AS n;
\o

SELECT cmp_ok(count(*), '>', 200::bigint * :rounds, 'slots were allocated') FROM sgtest.quick;
SELECT is_empty('SELECT * FROM sgtest.quick EXCEPT SELECT * FROM sgtest.slow', 'every row is as in the second implementation');
SELECT is_empty('SELECT * FROM sgtest.slow EXCEPT SELECT * FROM sgtest.quick', 'and the other way round');
SELECT is_empty($$
    SELECT grid, start FROM sgtest.quick GROUP BY grid, start
    HAVING coalesce(sum(covered) FILTER (WHERE share IS NOT NULL), 0) <> coalesce(sum(covered) FILTER (WHERE share IS NULL), 0)
        OR coalesce(sum(covered) FILTER (WHERE share IS NULL), 0)
           > least(sum(eligible) FILTER (WHERE share IS NOT NULL), sum(eligible) FILTER (WHERE share IS NULL))
$$, 'what consumers get is what producers give, and there is so much');
SELECT is_empty('SELECT * FROM sgtest.quick WHERE least(eligible, share, covered, rest) < 0 OR covered > eligible OR rest <> abs(amount) - covered', 'of what there is');

-- Sums are those of the rows.
CREATE VIEW sgtest.row_sum AS
SELECT grid, (start::date - date '2024-03-30') AS d, point, owner, kind, count(*) AS slots, sum(amount) AS amount,
       sum(eligible) AS eligible, sum(share) AS share, sum(covered) AS covered, sum(rest) AS rest,
       ARRAY(SELECT q FROM unnest('{measured,substituted,estimated,calculated,missing}'::text[]) AS q WHERE q = ANY (array_agg(quality))) AS qualities
FROM sgtest.quick
GROUP BY grid, 2, point, owner, kind;
SELECT is_empty('SELECT * FROM sgtest.quick_sum EXCEPT SELECT * FROM sgtest.row_sum', 'sums are those of the rows');
SELECT is_empty('SELECT * FROM sgtest.row_sum EXCEPT SELECT * FROM sgtest.quick_sum', 'and the other way round');

-- So are totals of the community.
CREATE VIEW sgtest.row_total AS
SELECT q.grid, q.start, q.produced, q.consumed, q.covered, q.produced - q.covered AS surplus,
       round(q.covered * 100 / nullif(q.produced, 0), 4) AS self_consumption, round(q.covered * 100 / nullif(q.consumed, 0), 4) AS self_sufficiency
FROM (SELECT grid, start, coalesce(sum(abs(amount)) FILTER (WHERE share IS NULL), 0) AS produced,
             coalesce(sum(abs(amount)) FILTER (WHERE share IS NOT NULL), 0) AS consumed, coalesce(sum(covered) FILTER (WHERE share IS NULL), 0) AS covered
      FROM sgtest.quick GROUP BY grid, start) AS q;
SELECT is_empty('SELECT * FROM sgtest.quick_total EXCEPT SELECT * FROM sgtest.row_total', 'totals of the community are those of the rows');
SELECT is_empty('SELECT * FROM sgtest.row_total EXCEPT SELECT * FROM sgtest.quick_total', 'and the other way round');

SELECT * FROM finish();
ROLLBACK;
