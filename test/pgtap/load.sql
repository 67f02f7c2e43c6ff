-- Random loads in every form, withdrawals and packing against one row a slot and version, kept by SQL: what is current, what was on record
-- after each batch, which batch gave it and what each batch counts are the same.
--
--   SMARTGRID_LOADS=5000 SMARTGRID_LOAD_SEED=0.123 make check-pgtap T=load

\ir lib/begin.sql
\set loads 500
\set seed 0.42
\getenv loads SMARTGRID_LOADS
\getenv seed SMARTGRID_LOAD_SEED
SELECT no_plan();
SELECT diag(format('%s loads, seed %s', :'loads', :'seed'));

\o /dev/null
SET LOCAL timezone = 'UTC';
SET LOCAL smartgrid.pack_after = '366d';
SELECT sg_set_time_zone('Europe/Vienna'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point('p' || n, '2020-01-01 00:00 Europe/Vienna', 'owner', CASE n % 3 WHEN 0 THEN 'exchange' WHEN 1 THEN 'consumption' ELSE 'production' END,
                    CASE n % 3 WHEN 0 THEN interval '1 hour' ELSE interval '15 min' END)
FROM generate_series(1, 7) AS n;
-- One is not there all day, one has other slots from a day on.
SELECT sg_set_point('p8', '2024-03-31 12:00 Europe/Vienna', 'owner', 'consumption', '1 hour'), sg_end_point('p8', '2024-04-01 18:00 Europe/Vienna');
SELECT sg_set_point('p1', '2024-04-01 00:00 Europe/Vienna', resolution => '30 min');
SELECT setseed(:'seed');
\o

-- Every slot that can be loaded: days of 23 and 25 hours, and today as far as it is over.
CREATE TEMP TABLE slot AS
SELECT row_number() OVER (ORDER BY p.point, s.start) AS n, p.point, d.day, s.start, p.resolution
FROM sg_point_periods AS p
     CROSS JOIN unnest(ARRAY['2024-03-30', '2024-03-31', '2024-04-01', '2024-10-27', (now() AT TIME ZONE 'Europe/Vienna')::date]::date[]) AS d (day)
     CROSS JOIN LATERAL generate_series(d.day::timestamp AT TIME ZONE 'Europe/Vienna',
                                        (d.day + 1)::timestamp AT TIME ZONE 'Europe/Vienna' - interval '1 microsecond', p.resolution) AS s (start)
WHERE p.superseded_at IS NULL AND s.start >= p.valid_from AND s.start < coalesce(p.valid_to, 'infinity') AND s.start + p.resolution < now();
CREATE INDEX ON slot (point, day);

-- What is on record: one row for each slot and version. withdraws: of a withdrawal.
CREATE TEMP TABLE model (seq bigint GENERATED ALWAYS AS IDENTITY, point text, start timestamptz, amount bigint, quality text, batch bigint, withdraws bigint, recorded_at timestamptz);
CREATE INDEX ON model (point, start, seq);
CREATE TEMP TABLE withdrawn (batch bigint, by bigint);
CREATE TEMP TABLE given (ord bigint GENERATED ALWAYS AS IDENTITY, point text, start timestamptz, amount bigint, quality text);

CREATE FUNCTION pg_temp.rank(quality text) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT array_position('{measured,substituted,calculated,estimated,missing}', quality) $$;

-- What the model says of the rows that are given, for a batch with that number.
CREATE FUNCTION pg_temp.model_load(id bigint, at timestamptz, replace_with text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    row record;
    was_amount bigint;
    was_quality text;
    fresh integer := 0;
    unchanged integer := 0;
    kept integer := 0;
    refused integer := 0;
    rows integer := 0;
BEGIN
    FOR row IN SELECT g.*, first_value(g.amount) OVER w AS first_amount, first_value(g.quality) OVER w AS first_quality, row_number() OVER w AS nth
               FROM given AS g WINDOW w AS (PARTITION BY g.point, g.start ORDER BY g.ord) ORDER BY g.ord LOOP
        rows := rows + 1;
        SELECT m.amount, m.quality INTO was_amount, was_quality FROM model AS m WHERE m.point = row.point AND m.start = row.start ORDER BY m.seq DESC LIMIT 1;
        IF NOT FOUND THEN
            was_amount := 0;
            was_quality := 'missing';
        END IF;
        IF row.nth > 1 AND (row.amount, row.quality) IS DISTINCT FROM (row.first_amount, row.first_quality) THEN
            refused := refused + 1;
        ELSIF row.nth > 1 OR (row.amount, row.quality) = (was_amount, was_quality) THEN
            unchanged := unchanged + 1;
        ELSIF replace_with = 'better' AND pg_temp.rank(was_quality) < pg_temp.rank(row.quality) THEN
            kept := kept + 1;
        ELSE
            fresh := fresh + 1;
            INSERT INTO model (point, start, amount, quality, batch, recorded_at) VALUES (row.point, row.start, row.amount, row.quality, id, at);
        END IF;
    END LOOP;
    RETURN format('%s: %s new, %s unchanged, %s kept, %s refused', rows, fresh, unchanged, kept, refused);
END $$;

-- The same of a withdrawal.
CREATE FUNCTION pg_temp.model_withdraw(id bigint, at timestamptz, taken bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    slots bigint;
BEGIN
    INSERT INTO withdrawn VALUES (taken, id);
    WITH latest AS (
        SELECT DISTINCT ON (m.point, m.start) m.* FROM model AS m ORDER BY m.point, m.start, m.seq DESC
    ), current AS (
        SELECT l.*, CASE WHEN l.withdraws IS NULL THEN l.batch ELSE
                    (SELECT m.batch FROM model AS m WHERE m.point = l.point AND m.start = l.start AND m.seq < l.seq AND m.withdraws IS NULL
                     AND NOT EXISTS (SELECT FROM withdrawn AS w WHERE w.batch = m.batch AND w.by <= l.batch) ORDER BY m.seq DESC LIMIT 1) END AS given_by
        FROM latest AS l
    ), restored AS (
        SELECT c.point, c.start, c.amount AS was_amount, c.quality AS was_quality, coalesce(o.amount, 0) AS amount, coalesce(o.quality, 'missing') AS quality
        FROM current AS c LEFT JOIN LATERAL
             (SELECT m.amount, m.quality FROM model AS m WHERE m.point = c.point AND m.start = c.start AND m.withdraws IS NULL
              AND NOT EXISTS (SELECT FROM withdrawn AS w WHERE w.batch = m.batch) ORDER BY m.seq DESC LIMIT 1) AS o ON true
        WHERE c.given_by = taken
    )
    INSERT INTO model (point, start, amount, quality, batch, withdraws, recorded_at)
    SELECT point, start, amount, quality, id, taken, at FROM restored WHERE (amount, quality) <> (was_amount, was_quality);
    GET DIAGNOSTICS slots = ROW_COUNT;
    RETURN slots;
END $$;

-- Rows of a load: a slot of all points, a stretch, whole days, or here and there and twice.
CREATE FUNCTION pg_temp.draw_rows(whole_days boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    form float8 := random();
    pick record;
    worst integer := CASE WHEN random() < 0.5 THEN 1 ELSE 4 END;
    missing float8 := CASE WHEN random() < 0.2 THEN 0.2 ELSE 0 END;
BEGIN
    TRUNCATE given RESTART IDENTITY;
    SELECT * INTO pick FROM slot OFFSET floor(random() * (SELECT count(*) FROM slot)) LIMIT 1;
    INSERT INTO given (point, start, amount, quality)
    SELECT d.point, d.start, CASE WHEN d.quality = 'missing' THEN 0 ELSE floor(random() * 3) END, d.quality
    FROM (SELECT s.point, s.start, CASE WHEN random() < missing THEN 'missing' ELSE
                 (ARRAY['measured', 'substituted', 'estimated', 'calculated'])[1 + floor(random() * worst)] END AS quality
          FROM slot AS s
          WHERE CASE WHEN whole_days THEN s.day = pick.day AND hashtext(s.point || pick.n) % 2 = 0
                     WHEN form < 0.5 THEN s.start = pick.start
                     WHEN form < 0.8 THEN s.point = pick.point AND s.start >= pick.start AND s.start < pick.start + interval '8 hours'
                     ELSE s.day = pick.day AND random() < 0.2 END
          ORDER BY CASE WHEN whole_days THEN 0 ELSE random() END, s.point, s.start) AS d;
    IF NOT whole_days AND random() < 0.3 THEN
        INSERT INTO given (point, start, amount, quality)
        SELECT point, start, CASE WHEN quality = 'missing' THEN 0 WHEN random() < 0.5 THEN amount ELSE 2 END, quality FROM given WHERE random() < 0.3;
    END IF;
END $$;

CREATE FUNCTION pg_temp.load_rows(form integer, how text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF form = 0 THEN
        PERFORM count(*) FROM (SELECT array_agg(point ORDER BY ord) AS points, array_agg(start ORDER BY ord) AS starts,
                                      array_agg(amount ORDER BY ord) AS amounts, array_agg(quality ORDER BY ord) AS qualities FROM given) AS g,
            LATERAL sg_post_intervals(points => coalesce(g.points, '{}'), starts => coalesce(g.starts, '{}'), amounts => coalesce(g.amounts, '{}'),
                                      qualities => coalesce(g.qualities, '{}'), replace_with => how);
    ELSIF form = 1 THEN
        PERFORM count(*) FROM sg_post_intervals(source => 'given'::regclass, replace_with => how);
    ELSE
        -- A line has all slots of the day; those that are not given are blank, and a row of a line whose amount is blank is missing.
        PERFORM count(*) FROM (SELECT array_agg(l.point) AS points, array_agg(l.day) AS days, array_agg(l.amounts) AS amounts, array_agg(l.qualities) AS qualities
            FROM (SELECT p.point, s.day, string_agg(coalesce(g.amount::text, ''), ',' ORDER BY s.start) AS amounts,
                         string_agg(coalesce(g.quality, 'missing'), ',' ORDER BY s.start) AS qualities
                  FROM (SELECT DISTINCT e.point, t.day FROM given AS e JOIN slot AS t USING (point, start)) AS p
                       JOIN slot AS s ON s.point = p.point AND s.day = p.day LEFT JOIN given AS g ON g.point = s.point AND g.start = s.start
                  GROUP BY p.point, s.day) AS l) AS g,
            LATERAL sg_post_days(coalesce(g.points, '{}'), coalesce(g.days, '{}'), coalesce(g.amounts, '{}'), coalesce(g.qualities, '{}'), replace_with => how);
    END IF;
END $$;

-- One load, withdrawal or packing on both sides: what is different, or NULL.
CREATE FUNCTION pg_temp.step(i integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kind float8 := random();
    form integer := floor(random() * 3);
    how text := CASE WHEN random() < 0.5 THEN 'any' ELSE 'better' END;
    done record;
    expected text;
    slots bigint;
BEGIN
    IF kind < 0.04 THEN
        PERFORM sg_pack_intervals((ARRAY['2024-03-31', '2024-04-01', '2024-10-28'])[1 + floor(random() * 3)]::date);
        RETURN NULL;
    ELSIF kind < 0.16 THEN
        SELECT * INTO done FROM sg_batches WHERE withdraws IS NULL ORDER BY random() LIMIT 1;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        expected := done.batch;
        slots := sg_withdraw_batch(done.batch);
        SELECT * INTO done FROM sg_batches ORDER BY batch DESC LIMIT 1;
        expected := pg_temp.model_withdraw(done.batch, done.recorded_at, expected::bigint);
        RETURN CASE WHEN slots IS DISTINCT FROM expected::bigint THEN format('step %s: batch %s, a withdrawal: %s slots, not %s', i, done.batch, slots, expected) END;
    END IF;
    -- Whole days are those that are over.
    PERFORM pg_temp.draw_rows(form = 2);
    IF form = 2 THEN
        DELETE FROM given AS g USING slot AS s WHERE s.point = g.point AND s.start = g.start
            AND (s.day > '2025-01-01' OR s.point = 'p8' OR g.quality = 'missing');
        how := 'better';
    END IF;
    PERFORM pg_temp.load_rows(form, how);
    SELECT * INTO done FROM sg_batches ORDER BY batch DESC LIMIT 1;
    expected := pg_temp.model_load(done.batch, done.recorded_at, how);
    RETURN CASE WHEN expected <> format('%s: %s new, %s unchanged, %s kept, %s refused', done.rows, done.new, done.unchanged, done.kept, done.refused)
        THEN format('step %s: batch %s, form %s, %s: expected %s; was %s new, %s unchanged, %s kept, %s refused', i, done.batch, form, how, expected,
                    done.new, done.unchanged, done.kept, done.refused) END;
END $$;

-- What was on record at a moment, and is something else in the model.
CREATE FUNCTION pg_temp.differences(moment timestamptz) RETURNS SETOF text LANGUAGE sql AS $$
    WITH read AS (
        SELECT s.point, r.start, r.amount, r.quality, r.batch, r.recorded_at
        FROM (SELECT DISTINCT point, day FROM slot) AS s,
             LATERAL sg_interval_series(s.point, tstzrange(s.day::timestamp AT TIME ZONE 'Europe/Vienna', (s.day + 1)::timestamp AT TIME ZONE 'Europe/Vienna'), as_of => moment) AS r
        WHERE r.quality <> 'missing'
    ), expected AS (
        SELECT * FROM (SELECT DISTINCT ON (m.point, m.start) m.point, m.start, m.amount, m.quality, m.batch, m.recorded_at
                       FROM model AS m WHERE m.recorded_at <= moment ORDER BY m.point, m.start, m.seq DESC) AS l
        WHERE l.quality <> 'missing'
    )
    SELECT format('as of %s: read %s, expected %s', moment, to_jsonb(r), to_jsonb(e))
    FROM read AS r FULL JOIN expected AS e ON e.point = r.point AND e.start = r.start
    WHERE (r.amount, r.quality, r.batch, r.recorded_at) IS DISTINCT FROM (e.amount, e.quality, e.batch, e.recorded_at)
    ORDER BY coalesce(r.point, e.point), coalesce(r.start, e.start)
$$;

SET LOCAL jit = off;
SELECT is_empty(format('SELECT * FROM (SELECT pg_temp.step(i) AS difference FROM generate_series(%s, %s) AS i) AS d WHERE difference IS NOT NULL LIMIT 5', first, first + :loads / 5 - 1),
                format('loads, withdrawals and packing from %s on: each batch counts as the model does', first))
       || E'\n' || is_empty('SELECT pg_temp.differences(''infinity'') LIMIT 5', 'what is current is that of the model')
FROM generate_series(1, :loads, :loads / 5) AS first;
SELECT is_empty($$SELECT d FROM (SELECT recorded_at FROM sg_batches WHERE batch % 7 = 0) AS b, LATERAL pg_temp.differences(b.recorded_at) AS d LIMIT 5$$,
                'what was on record at batches is that of the model');
SELECT is_empty($$SELECT * FROM sg_verify_batches() WHERE NOT ok$$, 'the digests of the batches are those of what they brought');
-- What the index of batches says of a range of pages that is summed up, it says of all rows that come to it later.
SELECT brin_summarize_new_values('smartgrid.interval_day_batch_idx') \g /dev/null
SELECT sg_pack_intervals(current_date - 1) > 0 AS packed \g /dev/null
CREATE FUNCTION pg_temp.days_of(batch bigint) RETURNS bigint LANGUAGE sql SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS 'SELECT count(*) FROM smartgrid.interval_day WHERE batch_id = batch';
SELECT is_empty('SELECT batch_id FROM smartgrid.interval_day GROUP BY batch_id HAVING count(*) <> pg_temp.days_of(batch_id)', 'the index finds the days of each batch and pack');
SELECT is_empty($$SELECT d FROM (SELECT recorded_at FROM sg_batches WHERE batch % 11 = 0 UNION ALL SELECT 'infinity') AS b, LATERAL pg_temp.differences(b.recorded_at) AS d LIMIT 5$$,
                'nor has packing changed it');
SELECT is_empty($$SELECT * FROM sg_verify_batches() WHERE NOT ok$$, 'or the digests');
SELECT is_empty($$SELECT * FROM sg_check() WHERE NOT ok$$, 'the books hold');
SELECT cmp_ok((SELECT count(DISTINCT quality) FROM model)::integer, '=', 5, 'there was something of every quality');
SELECT cmp_ok((SELECT count(*) FROM smartgrid.interval_pack), '>', 5::bigint, 'there were packs');

SELECT * FROM finish();
ROLLBACK;
