-- The balance of a grid: who sees what of it; and against a second implementation, in SQL over the slots of points: random points
-- with slots of four lengths, missing ones, changing owners and classes, losses of both signs, a day of 23 hours, rounded or not.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();
\set rounds 2
\set seed 0.42
\getenv rounds SMARTGRID_PROPERTY_ROUNDS
\getenv seed SMARTGRID_PROPERTY_SEED

CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_east;
CREATE ROLE sgt_east_operator LOGIN IN ROLE sgt_east;
CREATE ROLE sgt_west;
CREATE ROLE sgt_west_operator LOGIN IN ROLE sgt_west;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE sgt_m1 LOGIN;
CREATE ROLE sgt_m2 LOGIN;
CREATE ROLE sgt_m6 LOGIN;
SET LOCAL timezone = 'UTC';

-- In "east" points of five owners; one of them has two, and a sixth owner takes over another in the third hour. Exchange and the loss are of none of them
-- and of the second.
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east', 'sgt_east'), sg_create_grid('west', 'sgt_west')$$);
SELECT sgtest.given('sgt_east_operator', format($$SELECT sg_set_point('%s', '2024-01-01 00:00Z', 'sgt_m%s', '%s', '1 hour')$$, p, m, k), 'east')
FROM (VALUES ('A', 1, 'consumption'), ('B', 2, 'consumption'), ('C', 3, 'consumption'), ('D', 4, 'consumption'), ('E', 5, 'production'), ('F', 5, 'production')) AS v (p, m, k);
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('A', '2024-01-01 02:00Z', 'sgt_m6')$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('X', '2024-01-01 00:00Z', kind => 'exchange', resolution => '1 hour'),
                                                  sg_set_point('L', '2024-01-01 00:00Z', 'sgt_m2', 'consumption', '1 hour', class => 'loss', role => 'loss')$$, 'east');
-- In the second hour D is missing; in the fourth F, but its owner has E.
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM
    (SELECT array_agg(p), array_agg(timestamptz '2024-01-01 00:00Z' + h * interval '1 hour'), array_agg(CASE p WHEN 'X' THEN 34 ELSE 10 END::bigint)
     FROM unnest('{A,B,C,D,E,F,X}'::text[]) AS p, generate_series(0, 3) AS h WHERE (p, h) NOT IN (('D', 1), ('F', 3))) AS a (points, starts, amounts),
    sg_post_intervals(a.points, a.starts, a.amounts)$$, 'east');
-- In "west" five owners: all of them in the first quarter, nobody in the next three; in the next hour all of them, and four in its second quarter.
SELECT sgtest.given('sgt_west_operator', format($$SELECT sg_set_point('W%1$s', '2024-01-01 00:00Z', 'sgt_m%1$s', 'consumption')$$, m), 'west') FROM generate_series(1, 5) AS m;
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM
    (SELECT array_agg('W' || m), array_agg(timestamptz '2024-01-01 00:00Z' + q * interval '15 minutes'), array_agg(1::bigint)
     FROM generate_series(1, 5) AS m, unnest('{0,4,5}'::integer[]) AS q WHERE (m, q) <> (5, 5)) AS a (points, starts, amounts),
    sg_post_intervals(a.points, a.starts, a.amounts)$$, 'west');
\o

SELECT is(replace(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), '"', ''), coalesce(expected, ''), format('%s: %s', who, query))
FROM (VALUES
    ($$SELECT string_agg(concat_ws('/', extract(hour FROM start), production, consumption, exchange, loss), ' ' ORDER BY start) FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 04:00Z)', '1 hour')$$,
     NULL, '0/20/40/34/14 2/20/40/34/14 3/10/40/34/4', '0/20/40/34/14 2/20/40/34/14 3/10/40/34/4', '0/20/40/34/14 2/20/40/34/14 3/10/40/34/4',
     '0/20/40/34/14 1/20/30/34/24 2/20/40/34/14 3/10/40/34/4'),
    ($$SELECT string_agg(concat_ws('/', extract(hour FROM start), key, exchange), ' ' ORDER BY start) FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 04:00Z)', '1 hour', 'neighbour')$$,
     NULL, '0/upstream/34 2/upstream/34 3/upstream/34', '0/upstream/34 2/upstream/34 3/upstream/34', '0/upstream/34 2/upstream/34 3/upstream/34',
     '0/upstream/34 1/upstream/34 2/upstream/34 3/upstream/34'),
    ($$SELECT string_agg(concat_ws('/', key, class, n, consumption), ' ' ORDER BY key, class) FROM (SELECT key, class, count(*) AS n, sum(consumption) AS consumption FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 04:00Z)', by => 'owner', digits => 0) GROUP BY key, class) AS s$$,
     NULL, 'sgt_m1/8/20', 'sgt_m2/loss/16/56 sgt_m2/16/40', 'sgt_m6/8/20', 'sgt_m1/8/20 sgt_m2/loss/16/56 sgt_m2/16/40 sgt_m3/16/40 sgt_m4/16/30 sgt_m5/16/0 sgt_m6/8/20'),
    ($$SELECT string_agg(concat_ws('/', key, n, consumption), ' ' ORDER BY key) FROM (SELECT key, count(*) AS n, sum(consumption) AS consumption FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 04:00Z)', '1 hour', 'point') GROUP BY key) AS s$$,
     NULL, 'A/2/20', 'B/4/40 L/4/56', 'A/2/20', 'A/4/40 B/4/40 C/4/40 D/4/30 E/4/0 F/4/0 L/4/56 X/4/0')) AS q (query, nobody, m1, m2, m6, reader),
    LATERAL (VALUES ('sgt_nobody', q.nobody), ('sgt_gateway', q.nobody), ('sgt_west_operator', q.nobody), ('sgt_m1', q.m1), ('sgt_gateway@sgt_m1', q.m1), ('sgt_m2', q.m2),
                    ('sgt_m6', q.m6), ('sgt_east_operator', q.reader), ('sgt_operator', q.reader), ('sgt_auditor', q.reader)) AS c (who, expected);
-- A longer slot is told if each shorter one is in which anybody took part.
SELECT is(replace(sgtest.try(who, query, '{"smartgrid.grid": "west"}'), '"', ''), expected, format('%s: %s', who, query))
FROM (VALUES
    ($$SELECT array_to_string(array_agg(to_char(start, 'HH24:MI') || '=' || consumption ORDER BY start), ' ') FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 02:00Z)', '1 hour')$$,
     '00:00=5', '00:00=5 01:00=9'),
    ($$SELECT array_to_string(array_agg(to_char(start, 'HH24:MI') || '=' || consumption ORDER BY start), ' ') FROM sg_grid_balance('[2024-01-01 00:00Z,2024-01-01 01:30Z)')$$,
     '00:00=5 01:00=5', '00:00=5 00:15=0 00:30=0 00:45=0 01:00=5 01:15=4')) AS q (query, m1, reader),
    LATERAL (VALUES ('sgt_m1', q.m1), ('sgt_auditor', q.reader)) AS c (who, expected);

-- The second implementation.
SELECT setseed(:'seed'::double precision), set_config('sgt.rounds', :'rounds', true) \g /dev/null
SET LOCAL timezone = 'Europe/Vienna';

-- Slots of points as they were read, of both days, with what they are of.
CREATE TABLE sgtest.slot (grid text, point text, kind text, owner text, class text, neighbour text, is_loss boolean, start timestamptz, minutes integer,
                          amount numeric, quality text);
CREATE TABLE sgtest.row (grid text, minutes integer, by text, digits integer, start timestamptz, key text, class text, production numeric, consumption numeric,
                         storage numeric, exchange numeric, loss numeric, qualities text[]);
CREATE TABLE sgtest.quick (LIKE sgtest.row);
CREATE TABLE sgtest.slow (LIKE sgtest.row);

CREATE FUNCTION sgtest.one_of(anyarray) RETURNS anyelement LANGUAGE sql VOLATILE AS $$ SELECT $1[1 + floor(random() * cardinality($1))] $$;

-- A grid with random points and readings, the second of its two days of 23 hours.
CREATE FUNCTION sgtest.make_grid(g text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    PERFORM sg_create_grid(g, energy_scale => 3);
    PERFORM set_config('smartgrid.grid', g, true);
    PERFORM sg_set_time_zone('Europe/Vienna');
    FOR p IN
        SELECT sgtest.one_of(ARRAY['a', 'B', 'ä', '~']) || n AS name, (ARRAY['consumption', 'production', 'storage', 'exchange'])[1 + n % 4] AS kind,
               sgtest.one_of(ARRAY['5 minutes', '15 minutes', '15 minutes', '30 minutes', '1 hour'])::interval AS resolution,
               sgtest.one_of(ARRAY['flex', 'other', NULL]) AS class, sgtest.one_of(ARRAY['north', 'south', 'south', g]) AS neighbour
        FROM generate_series(1, 12) AS n
    LOOP
        PERFORM sg_set_point(p.name, CASE WHEN random() < 0.8 THEN timestamptz '2024-01-01' ELSE '2024-03-30 09:00' END, CASE WHEN p.kind <> 'exchange' THEN sgtest.one_of(ARRAY['one', 'two']) END,
                             p.kind, p.resolution, class => p.class, neighbour => CASE WHEN p.kind = 'exchange' THEN p.neighbour END);
        PERFORM sg_set_point(p.name, '2024-03-31', resolution => sgtest.one_of(ARRAY['15 minutes', '1 hour'])::interval, class => 'changed') FROM generate_series(1, 1) WHERE random() < 0.3;
        PERFORM sg_set_point(p.name, timestamptz '2024-03-31 06:30' + sgtest.one_of(ARRAY[0, 0, 30]) * interval '1 minute', 'three')
        FROM sg_point_periods AS d
        WHERE d.grid = g AND d.point = p.name AND d.superseded_at IS NULL AND d.valid_to IS NULL AND d.resolution <= '30 minutes' AND p.kind <> 'exchange' AND random() < 0.4;
        PERFORM sg_end_point(p.name, '2024-03-31 18:00') FROM generate_series(1, 1) WHERE random() < 0.2;
    END LOOP;
    PERFORM sg_set_point('L+', '2024-01-01', sgtest.one_of(ARRAY['one', NULL]), 'consumption', sgtest.one_of(ARRAY['15 minutes', '1 hour'])::interval, class => 'flex', role => 'loss'),
            sg_set_point('L-', '2024-01-01', sgtest.one_of(ARRAY['two', 'loser']), 'production', sgtest.one_of(ARRAY['5 minutes', '30 minutes', '1 hour'])::interval, role => 'loss');
END $$;

-- Readings of all points; what is refused.
CREATE FUNCTION sgtest.post(g text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', g, true);
    RETURN (SELECT string_agg(r::text, ', ')
            FROM (SELECT array_agg(d.point), array_agg(t), array_agg(CASE WHEN d.kind IN ('storage', 'exchange') THEN round((random() - 0.5) * 8000) ELSE round(random() * 4000) END::bigint),
                         array_agg(sgtest.one_of(ARRAY['measured', 'measured', 'substituted', 'estimated']))
                  FROM sg_point_periods AS d,
                       generate_series(greatest(d.valid_from, '2024-03-30'), least(coalesce(d.valid_to, 'infinity'), '2024-04-01') - interval '1 second', d.resolution) AS t
                  WHERE d.grid = g AND d.superseded_at IS NULL AND d.role IS NULL AND random() < 0.9) AS a (points, starts, amounts, qualities),
                 sg_post_intervals(a.points, a.starts, a.amounts, a.qualities) AS r);
END $$;

CREATE FUNCTION sgtest.read_slots(g text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', g, true);
    INSERT INTO sgtest.slot
    SELECT g, d.point, d.kind, s.owner, d.class, CASE WHEN d.kind = 'exchange' THEN d.neighbour END, d.role IS NOT NULL, s.start, extract(epoch FROM d.resolution) / 60, s.amount, s.quality
    FROM sg_point_periods AS d, sg_interval_series(d.point, tstzrange(greatest(d.valid_from, '2024-03-30'), least(coalesce(d.valid_to, 'infinity'), '2024-04-01'))) AS s
    WHERE d.grid = g AND d.superseded_at IS NULL AND d.valid_from < '2024-04-01' AND (d.valid_to IS NULL OR d.valid_to > '2024-03-30');
END $$;

-- Slots of so many minutes: parts of longer ones, and shorter ones; amounts by point, and exactly, in twelfths.
CREATE FUNCTION sgtest.slots(g text, m integer) RETURNS TABLE (point text, kind text, owner text, class text, neighbour text, is_loss boolean, at timestamptz,
                                                             part numeric, twelfths numeric, quality text) LANGUAGE sql AS $$
    SELECT s.point, s.kind, s.owner, s.class, s.neighbour, s.is_loss, date_bin(make_interval(mins => m), s.start + (k - 1) * make_interval(mins => m), '2024-03-30'),
           round(s.amount * k / n) - round(s.amount * (k - 1) / n), s.amount * 12 / n, s.quality
    FROM sgtest.slot AS s, LATERAL (SELECT greatest(s.minutes / m, 1)) AS d (n), generate_series(1, n) AS k
    WHERE s.grid = g
$$;
CREATE FUNCTION sgtest.set_of(qualities text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT q FROM unnest('{measured,substituted,estimated,calculated,missing}'::text[]) AS q WHERE q = ANY (qualities))
$$;

-- What is rounded, without losses: sums by kind of an owner and class, or of a neighbour, in steps of a rounded running sum of the hour.
CREATE FUNCTION sgtest.rounded(g text, m integer, d integer) RETURNS TABLE (at timestamptz, kind text, key text, class text, amount numeric) LANGUAGE sql AS $$
    SELECT s.at, s.kind, s.key, s.class, CASE WHEN d IS NULL THEN s.part ELSE s.upto - coalesce(lag(s.upto) OVER w, 0) END
    FROM (SELECT q.*, round(sum(q.twelfths) OVER (PARTITION BY q.kind, q.key, q.class, date_trunc('hour', q.at) ORDER BY q.at) / 12 / 1000, d) * 1000 AS upto
          FROM (SELECT s.at, s.kind, coalesce(s.neighbour, s.owner) AS key, CASE WHEN s.kind <> 'exchange' THEN s.class END AS class, sum(s.part) AS part, sum(s.twelfths) AS twelfths
                FROM sgtest.slots(g, m) AS s WHERE NOT s.is_loss AND s.neighbour IS DISTINCT FROM g GROUP BY 1, 2, 3, 4) AS q) AS s
    WINDOW w AS (PARTITION BY s.kind, s.key, s.class, date_trunc('hour', s.at) ORDER BY s.at)
$$;
CREATE FUNCTION sgtest.losses(g text, m integer, d integer) RETURNS TABLE (at timestamptz, loss numeric) LANGUAGE sql AS $$
    SELECT r.at, sum(CASE r.kind WHEN 'consumption' THEN -r.amount ELSE r.amount END) FROM sgtest.rounded(g, m, d) AS r GROUP BY r.at
$$;
-- What loss points take of rounded losses: in their own slots, and these in slots of so many minutes.
CREATE TABLE sgtest.loss (minutes integer, at timestamptz, loss numeric);
CREATE FUNCTION sgtest.taken(g text, m integer, d integer) RETURNS TABLE (at timestamptz, kind text, key text, class text, amount numeric) LANGUAGE sql AS $$
    SELECT date_bin(make_interval(mins => m), s.start + (k - 1) * make_interval(mins => m), '2024-03-30'), s.kind, s.owner, s.class,
           sum(CASE WHEN d IS NULL THEN round(t.amount * k / n) - round(t.amount * (k - 1) / n)
                    ELSE (round(t.amount / 1000 * k / n, d) - round(t.amount / 1000 * (k - 1) / n, d)) * 1000 END)
    FROM sgtest.slot AS s
         LEFT JOIN sgtest.loss AS l ON l.at = s.start AND l.minutes = s.minutes
         CROSS JOIN LATERAL (SELECT greatest(CASE s.kind WHEN 'production' THEN -l.loss ELSE l.loss END, 0)) AS t (amount)
         CROSS JOIN LATERAL (SELECT greatest(s.minutes / m, 1)) AS c (n)
         CROSS JOIN LATERAL generate_series(1, n) AS k
    WHERE s.grid = g AND s.is_loss
    GROUP BY 1, 2, 3, 4
$$;

CREATE FUNCTION sgtest.figures(kinds text[], amounts numeric[], OUT production numeric, OUT consumption numeric, OUT storage numeric, OUT exchange numeric) LANGUAGE sql AS $$
    SELECT coalesce(sum(a) FILTER (WHERE k = 'production'), 0), coalesce(sum(a) FILTER (WHERE k = 'consumption'), 0),
           coalesce(sum(a) FILTER (WHERE k = 'storage'), 0), coalesce(sum(a) FILTER (WHERE k = 'exchange'), 0)
    FROM unnest(kinds, amounts) AS u (k, a)
$$;

CREATE FUNCTION sgtest.add_balance(g text, m integer, d integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', g, true);
    INSERT INTO sgtest.quick
    SELECT g, m, by, d, b.* FROM unnest('{grid,owner,point,neighbour}'::text[]) AS by,
        sg_grid_balance(tstzrange('2024-03-30', '2024-04-01'), make_interval(mins => m), by, d) AS b;
    DELETE FROM sgtest.loss;
    INSERT INTO sgtest.loss
    SELECT o.minutes, l.* FROM (SELECT DISTINCT minutes FROM sgtest.slot WHERE grid = g AND is_loss) AS o, sgtest.losses(g, o.minutes, d) AS l;
    CREATE TEMPORARY TABLE here ON COMMIT DROP AS SELECT * FROM sgtest.slots(g, m);
    CREATE TEMPORARY TABLE rounded ON COMMIT DROP AS SELECT * FROM sgtest.rounded(g, m, d);
    INSERT INTO sgtest.slow
    SELECT g, m, 'grid', d, h.at, g, NULL, f.*, f.exchange + f.production + f.storage - f.consumption, h.qualities
    FROM (SELECT at, sgtest.set_of(array_agg(quality)) AS qualities FROM here GROUP BY at) AS h
         LEFT JOIN (SELECT at, array_agg(kind) AS kinds, array_agg(amount) AS amounts FROM rounded GROUP BY at) AS r USING (at)
         CROSS JOIN LATERAL sgtest.figures(r.kinds, r.amounts) AS f;
    INSERT INTO sgtest.slow
    SELECT g, m, 'owner', d, h.at, h.owner, h.class, f.*, NULL, h.qualities
    FROM (SELECT at, owner, class, sgtest.set_of(array_agg(quality)) AS qualities FROM here WHERE kind <> 'exchange' GROUP BY at, owner, class) AS h
         LEFT JOIN (SELECT at, key, class, array_agg(kind) AS kinds, array_agg(amount) AS amounts
                    FROM (SELECT * FROM rounded WHERE kind <> 'exchange' UNION ALL SELECT * FROM sgtest.taken(g, m, d)) AS u GROUP BY at, key, class) AS r
            ON r.at = h.at AND coalesce(r.key, '') = coalesce(h.owner, '') AND coalesce(r.class, '') = coalesce(h.class, '')
         CROSS JOIN LATERAL sgtest.figures(r.kinds, r.amounts) AS f;
    INSERT INTO sgtest.slow
    SELECT g, m, 'neighbour', d, h.at, h.neighbour, NULL, 0, 0, 0, coalesce(r.amount, 0), NULL, h.qualities
    FROM (SELECT at, neighbour, sgtest.set_of(array_agg(quality)) AS qualities FROM here WHERE kind = 'exchange' GROUP BY at, neighbour) AS h
         LEFT JOIN rounded AS r ON r.at = h.at AND r.key = h.neighbour AND r.kind = 'exchange';
    INSERT INTO sgtest.slow
    SELECT g, m, 'point', d, h.at, h.point, h.class, f.*, NULL, h.qualities
    FROM (SELECT at, point, class, array_agg(kind) AS kinds, array_agg(CASE WHEN neighbour = g THEN 0 ELSE part END) AS amounts, sgtest.set_of(array_agg(quality)) AS qualities
          FROM here GROUP BY at, point, class) AS h
         CROSS JOIN LATERAL sgtest.figures(h.kinds, h.amounts) AS f;
    DROP TABLE here, rounded;
END $$;

\o /dev/null
SELECT sgtest.make_grid('round ' || n) FROM generate_series(1, :rounds) AS n;
\o
SELECT is(sgtest.post('round ' || n), NULL, 'round ' || n || ': nothing is refused') FROM generate_series(1, :rounds) AS n;
\o /dev/null
SELECT sgtest.read_slots('round ' || n) FROM generate_series(1, :rounds) AS n;
SELECT sgtest.add_balance('round ' || n, m, d) FROM generate_series(1, :rounds) AS n, unnest('{5,15,30,60}'::integer[]) AS m, unnest('{NULL,0,1,3}'::integer[]) AS d;
\o

SELECT cmp_ok(count(*), '>', 3000::bigint * :rounds, 'slots were balanced') FROM sgtest.quick;
SELECT cmp_ok(count(*), '>', 0::bigint, 'there are losses of sign ' || sign) FROM (VALUES (-1), (1)) AS v (sign), sgtest.quick AS q WHERE sign(q.loss) = sign GROUP BY sign;
SELECT is_empty('SELECT * FROM sgtest.quick EXCEPT ALL SELECT * FROM sgtest.slow', 'every row is as in the second implementation');
SELECT is_empty('SELECT * FROM sgtest.slow EXCEPT ALL SELECT * FROM sgtest.quick', 'and the other way round');
SELECT is_empty($$SELECT * FROM sgtest.quick WHERE by = 'grid' AND loss <> exchange + production + storage - consumption$$, 'a row of the grid balances');
SELECT is_empty($$
    SELECT * FROM sgtest.quick, LATERAL (SELECT 10::numeric ^ (3 - digits)) AS s (step)
    WHERE by <> 'point' AND (production % step <> 0 OR consumption % step <> 0 OR storage % step <> 0 OR exchange % step <> 0)
$$, 'there are no more decimals than wanted');
SELECT is_empty($$
    SELECT grid, by, digits, start, key, class, production, consumption, storage, exchange FROM sgtest.quick WHERE minutes = 60
    EXCEPT
    SELECT grid, by, digits, date_trunc('hour', start), key, class, sum(production), sum(consumption), sum(storage), sum(exchange)
    FROM sgtest.quick WHERE minutes = 15 GROUP BY 1, 2, 3, 4, 5, 6
$$, 'an hour is what its quarters add up to');
SELECT is_empty($$
    SELECT * FROM (SELECT n, row_number() OVER (ORDER BY start, key COLLATE "C", class COLLATE "C") AS place
                   FROM sg_grid_balance('[2024-03-30,2024-04-01)', by => 'owner') WITH ORDINALITY AS b (start, key, class, p, c, s, e, l, q, n)) AS o WHERE n <> place
$$, 'rows come in their order');

SELECT * FROM finish();
ROLLBACK;
