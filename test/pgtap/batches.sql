-- Random loads, withdrawals, packing and renaming: whatever comes first, the lines of each batch stay those that were booked.

\ir lib/begin.sql
SELECT no_plan();

-- The last day on which the clocks of a zone changed, by half an hour, is the middle one of four.
SELECT d.day - 1 AS day
FROM (SELECT current_date - n AS day FROM generate_series(3, 300) AS n) AS d
WHERE (d.day + 1)::timestamp AT TIME ZONE 'Australia/Lord_Howe' - d.day::timestamp AT TIME ZONE 'Australia/Lord_Howe' <> '24 hours'
ORDER BY d.day DESC LIMIT 1 \gset
SELECT set_config('sgtest.day', :'day', true) \g /dev/null
-- Days stay open until they are complete, or packed by a call.
SET LOCAL smartgrid.pack_after = '366d';

\o /dev/null
SELECT sg_set_time_zone('Australia/Lord_Howe'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point('p' || n, '2020-01-01 00:00 Australia/Lord_Howe', 'owner' || n % 3, CASE n % 3 WHEN 0 THEN 'exchange' WHEN 1 THEN 'consumption' ELSE 'production' END,
                    CASE n % 4 WHEN 0 THEN interval '30 min' ELSE interval '15 min' END)
FROM generate_series(1, 12) AS n;
-- One point has other slots from a day on.
SELECT sg_set_point('p1', (:'day'::date + 1)::timestamp AT TIME ZONE 'Australia/Lord_Howe', resolution => '5 min');
SELECT setseed(0.5);
\o

-- A random load: of whole days, of a stretch of slots of some points, or of one slot of all.
CREATE FUNCTION pg_temp.load(n integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    form float8 := random();
    slots integer := CASE WHEN form < 0.4 THEN 1 WHEN form < 0.8 THEN 1 + floor(random() * 30) ELSE 200 END;
    first timestamptz := date_trunc('hour', current_setting('sgtest.day')::date::timestamp AT TIME ZONE 'Australia/Lord_Howe' + random() * interval '3 days');
BEGIN
    PERFORM count(*)
    FROM (SELECT array_agg(s.point) AS points, array_agg(s.start) AS starts, array_agg(s.amount) AS amounts, array_agg(s.quality) AS qualities
          FROM (SELECT p.point, first + k * p.resolution AS start, floor(random() * 40)::bigint AS amount,
                       (ARRAY['measured', 'substituted', 'estimated', 'calculated'])[1 + floor(random() * 4)] AS quality
                FROM (SELECT DISTINCT ON (o.point) o.point, o.resolution FROM sg_point_periods AS o WHERE o.superseded_at IS NULL ORDER BY o.point, o.valid_from) AS p
                     CROSS JOIN generate_series(0, slots - 1) AS k
                WHERE slots = 1 OR hashint4(n + hashtext(p.point)) % 3 = 0) AS s) AS a,
         LATERAL sg_post_intervals(points => a.points, starts => a.starts, amounts => a.amounts, qualities => a.qualities,
                                   replace_with => CASE WHEN random() < 0.5 THEN 'any' ELSE 'better' END) AS r
    WHERE a.points IS NOT NULL;
    IF random() < 0.1 THEN
        PERFORM sg_rename_point(p.point, p.point || 'x') FROM (SELECT o.point FROM sg_points AS o ORDER BY random() LIMIT 1) AS p;
    END IF;
    IF random() < 0.1 THEN
        PERFORM sg_withdraw_batch(b.batch_id)
        FROM (SELECT o.batch_id FROM smartgrid.batch AS o WHERE o.withdraws_id = 0 AND o.batch_id NOT IN (SELECT w.withdraws_id FROM smartgrid.batch AS w) ORDER BY random() LIMIT 1) AS b;
    END IF;
    IF random() < 0.05 THEN
        PERFORM sg_pack_intervals(current_setting('sgtest.day')::date + floor(random() * 5)::integer);
    END IF;
END $$;

CREATE FUNCTION pg_temp.loads(n integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.load(n + k) FROM generate_series(1, 40) AS k;
    RETURN (SELECT count(*) FROM smartgrid.open_slot);
END $$;
SELECT cmp_ok(pg_temp.loads(40), '>', 10::bigint, 'some slots are open');
SELECT is_empty($$SELECT * FROM sg_verify_batches() WHERE NOT ok$$, format('all is well after loads, and %s', pg_temp.loads(40 * round))) FROM generate_series(2, 5) AS round;
SELECT cmp_ok(count(*), '>', 150::bigint, 'most have brought something') FROM smartgrid.entry_digest;
SELECT cmp_ok(count(*), '>', 20::bigint, 'some were packed') FROM smartgrid.interval_pack;
SELECT cmp_ok(count(*), '>', 5::bigint, 'some were taken back') FROM smartgrid.batch WHERE withdraws_id > 0 AND fresh > 0;
SELECT is_empty($$SELECT * FROM sg_check() WHERE NOT ok$$, 'the books hold');

\o /dev/null
SELECT sg_pack_intervals(current_date);
\o
SELECT is(count(*), 0::bigint, 'everything is packed') FROM smartgrid.open_slot;
SELECT is_empty($$SELECT * FROM sg_verify_batches() WHERE NOT ok$$, 'and all batches are as they were');
SELECT is_empty($$SELECT * FROM sg_check() WHERE NOT ok$$, 'and the books');
SELECT is_empty($$
    SELECT v.batch FROM sg_verify_batches() AS v JOIN sg_ledger AS l ON l.about = v.batch AND l.kind = 'batch'
    WHERE v.stored <> l.digest
          OR v.computed <> (SELECT encode(sha256(convert_to(string_agg(line || E'\n', '' ORDER BY n), 'UTF8')), 'hex') FROM sg_batch_lines(v.batch) WITH ORDINALITY AS s (line, n))
$$, 'the digests are those of their lines');

-- To members, sums and reports a batch is nothing: what they show is the same before and after.
\o /dev/null
SELECT sg_create_grid('quiet');
SELECT set_config('smartgrid.grid', 'quiet', true), set_config('smartgrid.principal', 'anna', true), sg_register_producer(1000, 'solar'), sg_register_consumer(1000),
       sg_report_production(500), sg_add_consumer_balance('anna', 1000), sg_consume_energy(1);
SELECT set_config('smartgrid.principal', '', true), sg_set_point('AT', '2020-01-01 00:00Z', 'anna', 'consumption');
\o
CREATE FUNCTION pg_temp.shown() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object(
        'curve', (SELECT jsonb_agg(to_jsonb(c)) FROM sg_load_curve AS c WHERE c.grid = 'quiet'),
        'hours', (SELECT jsonb_agg(to_jsonb(c)) FROM sg_load_curve('quiet', tstzrange(now() - interval '1 hour', now() + interval '1 hour'), '1 hour') AS c),
        'kpis', (SELECT jsonb_agg(to_jsonb(k)) FROM sg_kpis(tstzrange(now() - interval '1 hour', now() + interval '1 hour')) AS k),
        'statement', (SELECT jsonb_agg(to_jsonb(t) - 'height' - 'hash') FROM sg_statement('anna', '(,)') AS t),
        'grid', (SELECT to_jsonb(g) FROM sg_grids AS g WHERE g.grid = 'quiet'),
        'report', (SELECT string_agg(line, E'\n') FROM regexp_split_to_table(sg_report(tstzrange(now() - interval '1 hour', now() + interval '1 hour'), 'quiet'), E'\n') AS line WHERE line !~ 'block|sealed|Evidence|[0-9a-f]{16}'),
        'own', (SELECT jsonb_agg(to_jsonb(l)) FROM sg_ledger AS l WHERE l.grid = 'quiet' AND l.kind <> 'batch'))
$$;
CREATE TEMP TABLE shown AS SELECT pg_temp.shown();
\o /dev/null
SELECT * FROM sg_post_intervals(points => '{AT}', starts => '{2021-01-01 00:00Z}', amounts => '{5}');
\o
SELECT is(count(*), 1::bigint, 'a batch is booked') FROM sg_ledger AS l WHERE l.grid = 'quiet' AND l.kind = 'batch';
SELECT is(pg_temp.shown(), shown, 'and shows nowhere else') FROM shown;
\o /dev/null
SELECT sg_seal('quiet'), sg_record_metrics(tstzrange(now() - interval '1 hour', now() + interval '1 hour'));
SELECT sg_post_intervals(points => '{AT}', starts => '{2021-01-01 00:15Z}', amounts => '{6}');
SELECT sg_seal('quiet');
\o
SELECT is(pg_temp.shown(), shown, 'nor when it is sealed') FROM shown;
SELECT results_eq($$SELECT sums FROM sg_blocks WHERE grid = 'quiet' ORDER BY height DESC LIMIT 1$$, $$SELECT sums FROM sg_blocks WHERE grid = 'quiet' ORDER BY height LIMIT 1$$,
                  'blocks have no sums of it');

-- A batch of so many slots that it is written in parts, of which one begins within a day: that has two versions. Its points are not in the order of its lines.
\o /dev/null
SELECT sg_create_grid('parts');
SELECT set_config('smartgrid.grid', 'parts', true), sg_set_point('q' || n, '2020-01-01 00:00Z', 'owner', 'production') FROM generate_series(1, 40) AS n;
SELECT count(*)
FROM (SELECT array_agg('q' || n ORDER BY n DESC) AS points, array_agg('2021-01-01'::date + d ORDER BY n DESC) AS days FROM generate_series(1, 40) AS n, generate_series(0, 299) AS d) AS a,
     sg_post_days(a.points, a.days, array_fill((SELECT string_agg(g::text, ',') FROM generate_series(1, 96) AS g), ARRAY[12000])) AS r;
\o
SELECT is(array_agg(format('%s %s', v.ok, CASE WHEN v.batch IS NOT NULL THEN (SELECT count(*) FROM sg_batch_lines(v.batch)) END) ORDER BY v.batch), '{"t 12001","t "}', 'a batch that was written in parts')
FROM sg_verify_batches() AS v;

SELECT * FROM finish();
ROLLBACK;
