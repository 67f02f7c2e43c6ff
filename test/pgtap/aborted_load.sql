-- Loads that were rolled back leave dead rows behind, which whoever goes through an index from day to day meets: all that reads gives the same
-- as without them.

\ir lib/begin.sql
SELECT no_plan();
SET LOCAL timezone = 'UTC';
SET LOCAL smartgrid.pack_after = '366d';
\set period '[2024-01-01 00:00Z,2024-05-01 00:00Z)'

\o /dev/null
SELECT sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point('p' || n, '2024-01-01 00:00Z', 'owner' || n, CASE WHEN n % 2 = 0 THEN 'consumption' ELSE 'production' END, '1 hour') FROM generate_series(1, 6) AS n;
\o
-- Whole days of some points, and some slots of others that stay open until they are packed.
CREATE FUNCTION pg_temp.load(points integer[], amount integer) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM (SELECT array_agg('p' || p) AS points, array_agg('2024-01-01'::date + d) AS days, array_agg($2 + p || repeat(',' || d, 23)) AS amounts
                          FROM unnest($1) AS p, generate_series(0, 99) AS d) AS a, sg_post_days(a.points, a.days, a.amounts, replace_with => 'any')
$$;
CREATE FUNCTION pg_temp.load_and_fail(points integer[], amount integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.load(points, amount);
    PERFORM count(*) FROM generate_series(0, 20) AS h, sg_post_intervals('{p5,p6}'::text[], array_fill(date_trunc('day', now()) - interval '3 days' + h * interval '1 hour', ARRAY[2]), ARRAY[h, h]);
    RAISE EXCEPTION USING ERRCODE = 'RB002';
EXCEPTION WHEN SQLSTATE 'RB002' THEN
    NULL;
END $$;
CREATE FUNCTION pg_temp.told() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT 'intervals ' || count(*) || ' ' || coalesce(sum(amount), 0) FROM sg_intervals WHERE quality <> 'missing' UNION ALL
    SELECT 'days ' || count(*) || ' ' || coalesce(sum(amount), 0) || ' ' || coalesce(sum(measured), 0) FROM sg_interval_days UNION ALL
    SELECT 'hours ' || count(*) || ' ' || coalesce(sum(kwh), 0) FROM smartgrid.interval_hour_sums('[2024-01-01,2024-05-01)') UNION ALL
    SELECT 'series ' || count(*) || ' ' || sum(amount) || ' ' || count(DISTINCT batch) FROM generate_series(1, 6) AS p, sg_interval_series('p' || p, '[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'series then ' || count(*) || ' ' || sum(amount) FROM generate_series(1, 6) AS p, sg_interval_series('p' || p, '[2024-01-01 00:00Z,2024-05-01 00:00Z)', as_of => '2024-01-01') UNION ALL
    SELECT 'versions ' || count(*) FROM generate_series(1, 6) AS p, generate_series(0, 99) AS d, sg_interval_versions('p' || p, '2024-01-01 00:00Z'::timestamptz + d * interval '1 day') UNION ALL
    SELECT 'completeness ' || sum(measured) || ' ' || sum(missing) FROM sg_completeness('[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'gaps ' || count(*) || ' ' || sum(slots) FROM sg_gaps('[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'export ' || count(*) FROM sg_export('long', '[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'shares ' || count(*) || ' ' || sum(covered) FROM sg_allocate('[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'community ' || count(*) || ' ' || sum(covered) FROM sg_community('[2024-01-01 00:00Z,2024-05-01 00:00Z)') UNION ALL
    SELECT 'check ' || count(*) FROM sg_check() WHERE NOT ok UNION ALL
    SELECT 'digests ' || count(*) FROM sg_verify_batches() WHERE NOT ok
$$;

CREATE TEMPORARY TABLE before AS SELECT told, 0 AS round FROM pg_temp.told() AS told;
SELECT pg_temp.load_and_fail('{1,2,3,4,5,6}', 7);
SELECT results_eq('SELECT pg_temp.told()', 'SELECT told FROM before WHERE round = 0', format('nothing is there but what was rolled back, %s', n)) FROM generate_series(1, 2) AS n;
SELECT is(pg_temp.load('{1,2,3}', 5), 0::bigint, 'a load');
INSERT INTO before SELECT told, 1 FROM pg_temp.told() AS told;
SELECT is(told, 'intervals 7200 343650', 'which is there') FROM before WHERE round = 1 AND told LIKE 'intervals %';
SELECT pg_temp.load_and_fail('{1,2,3,4,5,6}', n) FROM generate_series(11, 14) AS n;
SELECT results_eq('SELECT pg_temp.told()', 'SELECT told FROM before WHERE round = 1', format('the same after four that were rolled back, %s', n)) FROM generate_series(1, 2) AS n;
-- So are calls that write.
SELECT is(pg_temp.load('{1,2,3}', 5), 0::bigint, 'loaded again, with nothing new');
SELECT is(new, 0::bigint, 'at all') FROM sg_batches ORDER BY batch DESC LIMIT 1;
SELECT is(sg_withdraw_batch((SELECT min(batch) FROM sg_batches)), 7200::bigint, 'taken back');
SELECT is_empty('SELECT * FROM sg_intervals WHERE quality <> ''missing''', 'and is not there');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'the books hold');

SELECT * FROM finish();
ROLLBACK;
