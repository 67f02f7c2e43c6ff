-- Time series and key figures against plain sums over sg_ledger, as each kind of caller sees it, while a random village acts,
-- posts readings of other times, and its ledger is sealed now and then. The random numbers are the same in each run.

\ir lib/begin.sql
SET LOCAL timezone = 'UTC';
SELECT no_plan();

\o /dev/null
SELECT setseed(0.5);
CREATE ROLE series_operator;
CREATE ROLE series_auditor IN ROLE smartgrid_auditor;
CREATE ROLE series_m1;
CREATE ROLE series_m2;
CREATE ROLE series_stranger;
SELECT sg_create_grid('valley', 'series_operator', base_price => 20, energy_scale => 3, money_scale => 2, currency => 'EUR', max_topup => 1000000000);
SELECT sg_create_grid('between');
SET smartgrid.grid = 'between';
SET smartgrid.principal = 'series_m1';
SELECT sg_register_consumer(1000), sg_register_producer(5000, 'wind');
SET smartgrid.grid = 'valley';

-- Every energy type, and its column.
CREATE TEMPORARY TABLE known_type AS
SELECT t.energy_type AS code, smartgrid.energy_type_name(t.energy_type) AS name, replace(smartgrid.energy_type_name(t.energy_type), '-', '_') AS type
FROM smartgrid.default_energy_types() AS t;
GRANT SELECT ON known_type TO PUBLIC;

-- Eight members, of all energy types but one, the last one among them; two have storage.
DO $$
DECLARE
    types text[] := ARRAY(SELECT t.name FROM known_type AS t WHERE t.code > 0 ORDER BY t.code DESC);
BEGIN
    FOR n IN 1..8 LOOP
        PERFORM set_config('smartgrid.principal', 'series_m' || n, false);
        PERFORM sg_register_producer(40000 + n, types[1 + n % cardinality(types)]),
                sg_register_consumer(30000), sg_add_consumer_balance('series_m' || n, 100000000);
        IF n % 4 = 1 THEN
            PERFORM sg_register_storage(90000, 20000, 20000);
        END IF;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false);
END $$;

-- One call of somebody. What fails for want of energy or of a trade is no matter.
CREATE PROCEDURE pg_temp.act() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.principal', 'series_m' || 1 + floor(random() * 8)::integer, false);
    CASE floor(random() * 13)::integer
        WHEN 0, 1, 2 THEN PERFORM sg_report_production(floor(random() * 40000)::bigint);
        WHEN 3, 4 THEN PERFORM sg_consume_energy(1 + floor(random() * 30000)::bigint);
        WHEN 5 THEN PERFORM sg_charge_storage(1 + floor(random() * 20000)::bigint);
        WHEN 6 THEN PERFORM sg_discharge_storage(1 + floor(random() * 20000)::bigint);
        WHEN 7 THEN PERFORM sg_create_trade('series_m' || 1 + floor(random() * 8)::integer, 1 + floor(random() * 5000)::bigint, 1 + floor(random() * 40)::bigint);
        WHEN 8 THEN PERFORM set_config('smartgrid.principal', t.buyer, false), sg_complete_trade(t.trade_id)
                    FROM (SELECT * FROM sg_trades WHERE status = 'pending' AND grid = 'valley' ORDER BY trade_id DESC LIMIT 1) AS t;
        WHEN 9 THEN PERFORM set_config('smartgrid.principal', t.buyer, false), sg_cancel_trade(t.trade_id)
                    FROM (SELECT * FROM sg_trades WHERE status = 'pending' AND grid = 'valley' ORDER BY trade_id LIMIT 1) AS t;
        WHEN 10 THEN PERFORM set_config('smartgrid.principal', '', false), sg_reverse_entry(e.entry_id, 'wrong')
                     FROM (SELECT l.entry_id FROM sg_ledger AS l WHERE l.grid = 'valley' ORDER BY l.entry_id DESC OFFSET floor(random() * 60) LIMIT 1) AS e;
        WHEN 11 THEN PERFORM set_config('smartgrid.principal', '', false), sg_correct_reading(e.entry_id, floor(e.energy * random() * 1.5)::bigint, 'not so much')
                     FROM (SELECT l.entry_id, l.energy FROM sg_ledger AS l WHERE l.grid = 'valley' AND l.kind IN ('production', 'consumption', 'charge', 'discharge')
                           ORDER BY l.entry_id DESC OFFSET floor(random() * 20) LIMIT 1) AS e;
        ELSE
            PERFORM sg_withdraw_earnings(1 + floor(random() * 50)::bigint);
            IF random() < 0.5 THEN
                PERFORM set_config('smartgrid.principal', '', false), sg_deactivate_participant('series_m8', true);
            ELSE
                PERFORM set_config('smartgrid.principal', '', false), sg_reactivate_participant('series_m8', true);
            END IF;
    END CASE;
EXCEPTION WHEN SQLSTATE 'SG000' THEN
    NULL;
END $$;

-- What happens is spread over five days in which the clocks of Berlin go forward, before it is sealed.
CREATE PROCEDURE pg_temp.spread() LANGUAGE plpgsql AS $$
DECLARE
    reversal record;
BEGIN
    UPDATE smartgrid.ledger AS l SET at = '2026-03-27 11:07:00+00'::timestamptz + floor(random() * 432000) * interval '1 second'
    WHERE l.entry_id > COALESCE((SELECT max(b.last_entry) FROM smartgrid.block AS b WHERE b.grid_id = l.grid_id), 0) AND l.at > '2026-06-01';
    UPDATE smartgrid.capacity_event SET at = '2026-03-27 11:07:00+00'::timestamptz + floor(random() * 432000) * interval '1 second'
    WHERE at > '2026-06-01';
    -- A reversal is of the time of what it takes back, and so is what a correction puts in its place.
    FOR reversal IN SELECT r.entry_id, l.about, l.booked_at FROM sg_reversals AS r JOIN sg_ledger AS l USING (entry_id) WHERE l.grid = 'valley' ORDER BY r.entry_id LOOP
        UPDATE smartgrid.ledger AS l SET at = o.at
        FROM smartgrid.ledger AS o
        WHERE o.entry_id = reversal.about AND l.at <> o.at
              AND (l.entry_id = reversal.entry_id
                   OR (l.entry_id = reversal.entry_id + 1 AND l.booked_at = reversal.booked_at AND l.kind = o.kind AND l.participant_id = o.participant_id));
    END LOOP;
END $$;

-- Buckets, as anybody would cut them in SQL.
CREATE FUNCTION pg_temp.buckets(period tstzrange, width interval, zone text) RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz)
    LANGUAGE sql STABLE AS $$
    WITH day AS (
        SELECT d::timestamp AT TIME ZONE zone AS starts, (d::date + 1)::timestamp AT TIME ZONE zone AS ends
        FROM generate_series((lower(period) AT TIME ZONE zone)::date - 1, (upper(period) AT TIME ZONE zone)::date + 1, interval '1 day') AS d
    ), border AS (
        SELECT b FROM day, generate_series(starts, ends - interval '1 microsecond', width) AS b
        WHERE width < interval '1 day'
        UNION ALL
        SELECT b AT TIME ZONE zone
        FROM generate_series(date_trunc(CASE width WHEN '1 day' THEN 'day' WHEN '7 days' THEN 'week' WHEN '1 month' THEN 'month' ELSE 'year' END,
                                        lower(period) AT TIME ZONE zone),
                             upper(period) AT TIME ZONE zone + width, width) AS b
        WHERE width >= interval '1 day'
        UNION SELECT lower(period) UNION SELECT upper(period)
    )
    SELECT b, next FROM (SELECT b, lead(b) OVER (ORDER BY b) AS next FROM border WHERE b >= lower(period) AND b <= upper(period)) AS x
    WHERE next > b ORDER BY b;
$$;

CREATE FUNCTION pg_temp.load_change(kind text, energy bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind IN ('production', 'discharge', 'release') THEN energy WHEN kind IN ('consumption', 'charge', 'hold') THEN -energy ELSE 0 END
$$;

-- Is a bucket or a period one that has not begun?  There are no readings ahead of the clock here.
CREATE FUNCTION pg_temp.to_come(at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT at > statement_timestamp() $$;

-- The types of all producers, for everybody.
CREATE TEMPORARY TABLE type_of AS SELECT principal, replace(energy_type, '-', '_') AS type FROM sg_producer_directory WHERE grid = 'valley';
GRANT SELECT ON type_of TO PUBLIC;

-- What the caller sees of the ledger, each reversal as an entry of the kind that it takes back, with a minus; a trade that is
-- taken back is released, too.  is_half: what it leaves was never there, for a correction is two entries.
CREATE VIEW pg_temp.entry WITH (security_invoker = true) AS
SELECT e.*, pg_temp.load_change(e.kind, e.energy) + CASE WHEN e.is_reversal AND e.kind = 'trade' THEN -e.energy ELSE 0 END AS change, t.type
FROM (SELECT l.entry_id, l.at, l.participant, l.counterparty, l.price, r.entry_id IS NOT NULL AS is_reversal,
             CASE WHEN r.entry_id IS NULL THEN l.kind ELSE replace(r.kind, 'reversal-', '') END AS kind,
             CASE WHEN r.entry_id IS NULL THEN l.energy ELSE -l.energy END AS energy, CASE WHEN r.entry_id IS NULL THEN l.money ELSE -l.money END AS money,
             r.entry_id IS NOT NULL AND EXISTS (SELECT FROM sg_ledger AS n WHERE n.entry_id = l.entry_id + 1 AND n.booked_at = l.booked_at
                                                AND n.kind = replace(r.kind, 'reversal-', '') AND n.participant = l.participant) AS is_half
      FROM sg_ledger AS l LEFT JOIN sg_reversals AS r ON r.entry_id = l.entry_id WHERE l.grid = 'valley') AS e
     LEFT JOIN type_of AS t ON e.kind = 'production' AND t.principal = e.participant;
GRANT SELECT ON pg_temp.entry TO PUBLIC;

CREATE FUNCTION pg_temp.plain_curve(period tstzrange, width interval, zone text, whole boolean)
    RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz, produced numeric, production jsonb,
                   consumed numeric, charged numeric, discharged numeric, traded numeric,
                   price_avg numeric, price_low bigint, price_high bigint, revenue numeric, load numeric, utilization numeric, demand numeric)
    LANGUAGE sql STABLE AS $$
    WITH entry AS MATERIALIZED (
        SELECT * FROM pg_temp.entry
    ), capacity AS MATERIALIZED (
        SELECT e.at, e.change FROM smartgrid.capacity_event AS e JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name = 'valley'
    )
    SELECT b.bucket_start, b.bucket_end, s.*,
           CASE WHEN whole THEN after.load END,
           CASE WHEN whole AND b.bucket_end > (SELECT min(c.at) FROM capacity AS c)
                THEN round(COALESCE(100 * after.load / NULLIF((SELECT sum(c.change) FROM capacity AS c WHERE c.at < b.bucket_end), 0), 0), 2) END,
           s.consumed + s.traded
    FROM pg_temp.buckets(period, width, zone) AS b
         CROSS JOIN LATERAL (
            SELECT COALESCE(sum(e.energy) FILTER (WHERE kind = 'production'), 0),
                   (SELECT jsonb_object_agg(t.type, COALESCE(y.energy, 0))
                    FROM known_type AS t
                         LEFT JOIN (SELECT o.type, sum(o.energy) AS energy FROM entry AS o
                                    WHERE o.at >= b.bucket_start AND o.at < b.bucket_end GROUP BY o.type) AS y USING (type)),
                   COALESCE(sum(e.energy) FILTER (WHERE kind = 'consumption'), 0), COALESCE(sum(e.energy) FILTER (WHERE kind = 'charge'), 0),
                   COALESCE(sum(e.energy) FILTER (WHERE kind = 'discharge'), 0), COALESCE(sum(e.energy) FILTER (WHERE kind = 'trade'), 0),
                   round(sum(e.energy::numeric * e.price) FILTER (WHERE kind = 'consumption') / NULLIF(sum(e.energy) FILTER (WHERE kind = 'consumption'), 0), 4),
                   CASE WHEN sum(e.energy) FILTER (WHERE kind = 'consumption') > 0 THEN min(e.price) FILTER (WHERE kind = 'consumption') END,
                   CASE WHEN sum(e.energy) FILTER (WHERE kind = 'consumption') > 0 THEN max(e.price) FILTER (WHERE kind = 'consumption') END,
                   COALESCE(sum(e.money) FILTER (WHERE kind = 'consumption'), 0)
            FROM entry AS e WHERE e.at >= b.bucket_start AND e.at < b.bucket_end)
            AS s (produced, production, consumed, charged, discharged, traded, price_avg, price_low, price_high, revenue)
         CROSS JOIN LATERAL (SELECT COALESCE(sum(e.change), 0) AS load FROM entry AS e WHERE e.at < b.bucket_end) AS after
    ORDER BY 1;
$$;

CREATE FUNCTION pg_temp.plain_kpis(period tstzrange, whole boolean) RETURNS TABLE (kpi text, value numeric, at timestamptz) LANGUAGE sql STABLE AS $$
    WITH entry AS MATERIALIZED (
        SELECT e.*, sum(e.change) OVER (ORDER BY e.entry_id) AS load FROM pg_temp.entry AS e
    ), quarter AS (
        SELECT date_bin('15 minutes', e.at, '2000-01-01 00:00+00') AS starts,
               COALESCE(sum(energy) FILTER (WHERE kind IN ('consumption', 'trade')), 0) AS demand,
               COALESCE(sum(energy) FILTER (WHERE kind IN ('production', 'discharge')), 0) - COALESCE(sum(energy) FILTER (WHERE kind = 'charge'), 0) AS own
        FROM entry AS e WHERE e.at <@ period GROUP BY 1
    ), total AS (
        SELECT COALESCE(sum(energy) FILTER (WHERE kind = 'production'), 0) / 1000.0 AS produced,
               COALESCE(sum(energy) FILTER (WHERE kind = 'consumption'), 0) / 1000.0 AS consumed,
               COALESCE(sum(energy) FILTER (WHERE kind = 'trade'), 0) / 1000.0 AS traded,
               COALESCE(sum(abs(energy)) FILTER (WHERE kind = 'release' OR (kind = 'trade' AND is_reversal)), 0) / 1000.0 AS released,
               COALESCE(sum(energy) FILTER (WHERE kind = 'charge'), 0) / 1000.0 AS charged,
               COALESCE(sum(energy) FILTER (WHERE kind = 'discharge'), 0) / 1000.0 AS discharged,
               COALESCE(sum(energy) FILTER (WHERE f.renewable), 0) / 1000.0 AS renewable,
               COALESCE(sum(energy * f.co2_g_per_kwh), 0) / 1000.0 AS co2,
               CASE WHEN sum(energy) FILTER (WHERE kind = 'consumption') > 0 THEN min(price) FILTER (WHERE kind = 'consumption') / 100.0 END AS price_low,
               CASE WHEN sum(energy) FILTER (WHERE kind = 'consumption') > 0 THEN max(price) FILTER (WHERE kind = 'consumption') / 100.0 END AS price_high,
               sum(energy::numeric * price) FILTER (WHERE kind = 'consumption') AS worth,
               COALESCE(sum(money) FILTER (WHERE kind = 'consumption'), 0) / 100.0 AS revenue
        FROM entry AS e LEFT JOIN sg_energy_types AS f ON f.grid = 'valley' AND replace(f.energy_type, '-', '_') = e.type
        WHERE e.at <@ period
    ), matched AS (
        SELECT COALESCE(sum(greatest(least(demand, own), 0)), 0) / 1000.0 AS matched FROM quarter
    ), peak AS (
        SELECT max(demand) / 1000.0 * 4 AS power FROM quarter
    ), hours AS (
        SELECT extract(epoch FROM upper(period) - lower(period)) / 3600 AS hours
    )
    SELECT k.* FROM total, matched, peak, hours,
        LATERAL (VALUES
            ('produced', produced, NULL::timestamptz), ('consumed', consumed, NULL), ('traded', traded, NULL), ('demand', consumed + traded, NULL),
            ('self_consumption', 100 * matched / NULLIF(produced, 0), NULL), ('self_sufficiency', 100 * matched / NULLIF(consumed + traded, 0), NULL),
            ('renewable_share', 100 * renewable / NULLIF(produced, 0), NULL), ('co2_intensity', co2 / NULLIF(produced, 0), NULL),
            ('peak_load', CASE WHEN whole THEN (SELECT max(e.load) / 1000.0 FROM entry AS e WHERE e.at <@ period AND NOT e.is_half) END,
             CASE WHEN whole THEN (SELECT e.at FROM entry AS e WHERE e.at <@ period AND NOT e.is_half ORDER BY e.load DESC, e.at LIMIT 1) END),
            ('peak_demand', COALESCE(power, 0), CASE WHEN power > 0 THEN (SELECT q.starts FROM quarter AS q ORDER BY q.demand DESC, q.starts LIMIT 1) END),
            ('average_demand', (consumed + traded) / hours, NULL), ('load_factor', 100 * (consumed + traded) / hours / NULLIF(power, 0), NULL),
            ('price_avg', worth / NULLIF(consumed, 0) / 100000, NULL), ('price_low', price_low, NULL), ('price_high', price_high, NULL), ('revenue', revenue, NULL),
            ('storage_cycles', discharged / NULLIF((SELECT sum(capacity_kwh) FROM sg_storages WHERE grid = 'valley'), 0), NULL),
            ('round_trip_efficiency', 100 * discharged / NULLIF(charged, 0), NULL),
            ('delivery', 100 * traded / NULLIF(traded + released, 0), NULL)) AS k (kpi, value, at);
$$;

-- With the columns in kWh and currency, and the currency.
CREATE FUNCTION pg_temp.scaled(figures jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(x.key, x.value)
    FROM (SELECT f.key, f.value FROM jsonb_each(figures) AS f
          UNION ALL SELECT 'currency', '"EUR"'
          UNION ALL
          SELECT f.key || CASE WHEN is_money THEN '_currency' ELSE '_kwh' END,
                 COALESCE(to_jsonb(CASE WHEN f.value <> 'null' THEN (f.value #>> '{}')::numeric * CASE WHEN is_money THEN 0.01 ELSE 0.001 END END), 'null')
          FROM jsonb_each(figures) AS f CROSS JOIN LATERAL (SELECT f.key IN ('price_avg', 'price_low', 'price_high', 'revenue')) AS m (is_money)
          WHERE f.key NOT IN ('bucket_start', 'bucket_end', 'utilization')) AS x
$$;

-- Whatever differs between the two, as the current user.
CREATE FUNCTION pg_temp.differences(whole boolean) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    question record;
    grid text := 'valley';
BEGIN
    FOR question IN
        SELECT * FROM (VALUES
            ('[2026-03-27 00:00+00, 2026-04-02 00:00+00)'::tstzrange, interval '15 minutes', 'Europe/Berlin'),
            ('[2026-03-27 23:00+00, 2026-03-30 22:00+00)', '1 hour', 'Europe/Berlin'),
            ('(2026-03-28 07:31:12+00, 2026-03-29 16:40:00.5+00]', '15 minutes', 'UTC'),
            ('[2026-03-28 07:31:12+00, 2026-03-31 16:40+00)', '6 hours', 'Australia/Sydney'),
            ('[2026-03-28 07:31+00, 2026-03-28 07:39+00)', '15 minutes', 'UTC'),
            ('[2026-03-28 07:31+00, 2026-03-29 07:39+00)', '7 minutes', 'UTC'),
            ('[2026-03-28 03:00+00, 2026-03-31 04:00+00)', '50 minutes', 'Asia/Kathmandu'),
            ('[2026-03-20 00:00+00, 2026-04-10 00:00+00)', '1 day', 'Europe/Berlin'),
            ('[2026-03-10 05:00+00, 2026-04-10 00:00+00)', '7 days', 'Europe/Berlin'),
            ('[2026-01-20 00:00+00, 2026-05-10 12:34:56+00)', '1 month', 'Europe/Berlin'),
            ('[2025-01-20 00:00+00, 2027-05-10 00:00+00)', '1 year', 'America/St_Johns'),
            ('[2030-01-01 00:00+00, 2030-01-02 00:00+00)', '1 hour', 'UTC'),
            ('[2020-01-01 00:00+00, 2020-01-02 00:00+00)', '1 hour', 'UTC')) AS q (period, width, zone)
    LOOP
        RETURN QUERY
        SELECT concat_ws(' ', 'curve', question.period, question.width, question.zone, 'function', f.*, 'plain', p.*)
        FROM sg_load_curve(grid, question.period, question.width, question.zone) AS f
             FULL JOIN pg_temp.plain_curve(tstzrange(lower(question.period) + CASE WHEN lower_inc(question.period) THEN '0' ELSE interval '1 microsecond' END,
                                                     upper(question.period) + CASE WHEN upper_inc(question.period) THEN interval '1 microsecond' ELSE '0' END),
                                           question.width, question.zone, whole) AS p USING (bucket_start)
        WHERE to_jsonb(f) IS DISTINCT FROM pg_temp.scaled(CASE WHEN pg_temp.to_come(bucket_start) THEN (
                  SELECT jsonb_object_agg(k.key, CASE WHEN k.key IN ('bucket_start', 'bucket_end') THEN k.value ELSE 'null' END)
                  FROM jsonb_each(to_jsonb(p) - 'production' || p.production) AS k) ELSE to_jsonb(p) - 'production' || p.production END)
        LIMIT 3;
        RETURN QUERY
        SELECT concat_ws(' ', 'kpi', question.period, f.kpi, p.kpi, f.value, p.value, f.at, p.at)
        FROM (SELECT row_number() OVER () AS n, x.* FROM sg_kpis(question.period, grid) AS x) AS f
             FULL JOIN (SELECT row_number() OVER () AS n, x.kpi, CASE WHEN NOT pg_temp.to_come(lower(question.period)) THEN x.value END AS value, x.at
                        FROM pg_temp.plain_kpis(question.period, whole) AS x) AS p USING (n)
        WHERE f.kpi IS DISTINCT FROM p.kpi OR f.at IS DISTINCT FROM p.at OR (f.value IS NULL) <> (p.value IS NULL) OR abs(f.value - p.value) > 0.0051
        LIMIT 3;
    END LOOP;
    RETURN QUERY
    SELECT concat_ws(' ', 'view', v.*, 'plain', p.*)
    FROM (SELECT c.* FROM sg_load_curve AS c WHERE c.grid = 'valley') AS v
         FULL JOIN (SELECT x.* FROM pg_temp.plain_curve('[2026-03-27, 2026-04-02)', '15 minutes', 'UTC', whole) AS x
                    WHERE EXISTS (SELECT FROM pg_temp.entry AS e WHERE e.kind NOT IN ('topup', 'withdrawal')
                                                                       AND e.at >= x.bucket_start AND e.at < x.bucket_end)) AS p USING (bucket_start)
    WHERE to_jsonb(v) - 'grid' IS DISTINCT FROM pg_temp.scaled(to_jsonb(p) - 'production' || p.production)
    LIMIT 3;
END $$;

CREATE PROCEDURE pg_temp.step(n integer) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..60 LOOP
        CALL pg_temp.act();
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false);
    -- Readings of other days, sealed or not, and in another grid between them.
    PERFORM sg_post_readings(ARRAY['series_m2', 'series_m3'], ARRAY['production', 'production'], ARRAY[5000, 77]::bigint[],
                             ARRAY['2026-03-29 00:59:59.999999+00', '2026-03-28 07:31:12+00']::timestamptz[]);
    PERFORM set_config('smartgrid.grid', 'between', false), set_config('smartgrid.principal', 'series_m1', false);
    PERFORM sg_report_production(1000);
    PERFORM set_config('smartgrid.principal', '', false), set_config('smartgrid.grid', 'valley', false);
    CALL pg_temp.spread();
    IF n % 3 = 1 THEN
        PERFORM sg_seal('valley');
    END IF;
    IF n % 5 = 1 THEN
        PERFORM sg_seal('between');
    END IF;
END $$;
CREATE FUNCTION pg_temp.everybody(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    who record;
BEGIN
    FOR who IN SELECT * FROM (VALUES ('none', true), ('series_operator', true), ('series_auditor', true), ('smartgrid_operator', true),
                                     ('series_m1', false), ('series_m2', false), ('series_stranger', false), ('smartgrid_gateway', false)) AS w (role, whole)
    LOOP
        PERFORM set_config('role', who.role, true);
        RETURN NEXT is((SELECT string_agg(d, E'\n') FROM pg_temp.differences(who.whole) AS d), NULL, format('step %s, role %s', n, who.role));
        PERFORM set_config('role', 'none', true);
    END LOOP;
END $$;
\o
-- Steps 1, 4 and 7 seal.
CALL pg_temp.step(0);
SELECT pg_temp.everybody(0);
CALL pg_temp.step(1);
SELECT pg_temp.everybody(1);
CALL pg_temp.step(2);
SELECT pg_temp.everybody(2);
CALL pg_temp.step(3);
CALL pg_temp.step(4);
SELECT pg_temp.everybody(4);
CALL pg_temp.step(5);
CALL pg_temp.step(6);
CALL pg_temp.step(7);
SELECT pg_temp.everybody(7);
CALL pg_temp.step(8);
SELECT pg_temp.everybody(8);

-- The test is worth something: everything happens, sealed and not.
SELECT is((SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM sg_ledger WHERE grid = 'valley'),
          'charge consumption discharge hold production release reversal topup trade withdrawal', 'there are entries of all kinds');
SELECT cmp_ok((SELECT count(DISTINCT kind) FROM sg_reversals), '>=', 5::bigint, 'of reversals, too');
SELECT cmp_ok((SELECT count(*) FROM pg_temp.entry WHERE is_half), '>=', 5::bigint, 'and corrections');
SELECT cmp_ok((SELECT count(*) FROM sg_blocks WHERE grid = 'valley'), '>=', 3::bigint, 'some sealed');
SELECT cmp_ok((SELECT count(*) FROM sg_ledger AS l WHERE grid = 'valley' AND entry_id > (SELECT max(last_entry) FROM sg_blocks WHERE grid = 'valley')),
              '>', 20::bigint, 'some not');
SELECT cmp_ok((SELECT count(*) FROM smartgrid.capacity_event WHERE participant_id > 0), '>', 10::bigint, 'capacities come and go');
SELECT is((SELECT sum(change) FROM smartgrid.capacity_event JOIN smartgrid.grid USING (grid_id) WHERE name = 'valley'),
          (SELECT total_capacity::numeric FROM sg_grids WHERE grid = 'valley'), 'and add up to the capacity of now');

-- Rollups are the sums over the sealed entries, and made anew they are the same.
SELECT is((SELECT sum(entries) FROM smartgrid.rollup), (SELECT sum(entries)::numeric FROM sg_blocks), 'each sealed entry is in a rollup');
SELECT is(e.load, b.load, 'their end has the load of the last block: ' || b.grid)
FROM smartgrid.rollup_end AS e JOIN smartgrid.grid AS g USING (grid_id) JOIN sg_blocks AS b ON b.grid = g.name
WHERE b.height = (SELECT max(l.height) FROM sg_blocks AS l WHERE l.grid = b.grid);
CREATE TEMPORARY TABLE rollup_before AS SELECT * FROM smartgrid.rollup;
CREATE TEMPORARY TABLE production_before AS SELECT * FROM smartgrid.rollup_production;
CREATE TEMPORARY TABLE end_before AS SELECT * FROM smartgrid.rollup_end;
SELECT is(sg_rebuild_rollups('valley'), (SELECT count(*) FROM rollup_before JOIN smartgrid.grid USING (grid_id) WHERE name = 'valley'), 'made anew');
SELECT is_empty('(TABLE rollup_before EXCEPT TABLE smartgrid.rollup) UNION ALL (TABLE smartgrid.rollup EXCEPT TABLE rollup_before)', 'they are the same');
SELECT is_empty('(TABLE production_before EXCEPT TABLE smartgrid.rollup_production) UNION ALL (TABLE smartgrid.rollup_production EXCEPT TABLE production_before)', 'by type, too');
SELECT is_empty('(TABLE end_before EXCEPT TABLE smartgrid.rollup_end) UNION ALL (TABLE smartgrid.rollup_end EXCEPT TABLE end_before)', 'and so are their ends');

-- As after sealing by the library of 0.2.0, which knows of no rollups: readers do without, the next sealing catches up.
DELETE FROM smartgrid.rollup;
DELETE FROM smartgrid.rollup_production;
DELETE FROM smartgrid.rollup_end;
SELECT pg_temp.everybody(9);
CALL pg_temp.step(10);
SELECT is((SELECT sum(r.entries) FROM smartgrid.rollup AS r JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name = 'valley'),
          (SELECT sum(entries)::numeric FROM sg_blocks WHERE grid = 'valley'), 'sealing catches up');
SELECT pg_temp.everybody(10);
SELECT * FROM finish();
ROLLBACK;
