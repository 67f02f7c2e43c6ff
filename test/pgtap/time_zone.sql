-- Local days, weeks, months and years: the changes of the clocks of 2026, midnights that there are twice or not at all, and
-- a day that the calendar left out.

\ir lib/begin.sql
SET LOCAL timezone = 'UTC';
SELECT no_plan();

-- How many buckets a local day has, and the sum of their lengths in hours.
CREATE FUNCTION pg_temp.day(day date, zone text, bucket interval DEFAULT '15 minutes') RETURNS text LANGUAGE sql AS $$
    SELECT count(*) || ' ' || round(sum(extract(epoch FROM bucket_end - bucket_start)) / 3600, 2)
           || CASE WHEN count(*) FILTER (WHERE bucket_end - bucket_start <> bucket) > 0 THEN ' uneven' ELSE '' END
    FROM sg_load_curve(NULL, tstzrange(day::timestamp AT TIME ZONE zone, (day + 1)::timestamp AT TIME ZONE zone), bucket, zone)
$$;

SELECT is(pg_temp.day(day, zone), expected, format('quarter-hours of %s in %s', day, zone))
FROM (VALUES
    ('2026-03-28'::date, 'Europe/Berlin', '96 24.00'), ('2026-03-29', 'Europe/Berlin', '92 23.00'), ('2026-03-30', 'Europe/Berlin', '96 24.00'),
    ('2026-10-24', 'Europe/Berlin', '96 24.00'), ('2026-10-25', 'Europe/Berlin', '100 25.00'), ('2026-10-26', 'Europe/Berlin', '96 24.00'),
    ('2026-04-04', 'Australia/Sydney', '96 24.00'), ('2026-04-05', 'Australia/Sydney', '100 25.00'), ('2026-04-06', 'Australia/Sydney', '96 24.00'),
    ('2026-10-03', 'Australia/Sydney', '96 24.00'), ('2026-10-04', 'Australia/Sydney', '92 23.00'), ('2026-10-05', 'Australia/Sydney', '96 24.00'),
    ('2026-03-29', 'UTC', '96 24.00'),
    -- Half an hour of daylight saving, zones that are 30 and 45 minutes off, and one of which the hour was not.
    ('2026-04-05', 'Australia/Lord_Howe', '98 24.50'), ('2026-10-04', 'Australia/Lord_Howe', '94 23.50'),
    ('2026-03-29', 'Asia/Kathmandu', '96 24.00'), ('2026-11-01', 'America/St_Johns', '100 25.00')) AS d (day, zone, expected);

SELECT is(pg_temp.day(day, zone, bucket), expected, format('%s of %s in %s', bucket, day, zone))
FROM (VALUES
    ('2026-03-29'::date, 'Europe/Berlin', interval '1 hour', '23 23.00'), ('2026-10-25', 'Europe/Berlin', '1 hour', '25 25.00'),
    ('2026-03-29', 'Europe/Berlin', '6 hours', '4 23.00 uneven'), ('2026-10-25', 'Europe/Berlin', '6 hours', '5 25.00 uneven'),
    ('2026-03-29', 'Europe/Berlin', '24 hours', '1 23.00 uneven'), ('2026-10-25', 'Europe/Berlin', '24 hours', '2 25.00 uneven'),
    ('2026-03-28', 'Europe/Berlin', '7 hours', '4 24.00 uneven'), ('2026-03-28', 'Europe/Berlin', '10 minutes', '144 24.00')) AS d (day, zone, bucket, expected);

-- Days where midnight is not, and where it is twice: Cairo goes forward at 0:00, Havana back from 1:00 to 0:00 (of 2024: what a later version of
-- the time zone database says of years to come may differ).
SELECT is((SELECT string_agg(to_char(bucket_start AT TIME ZONE zone, 'DD HH24:MI') || '+' || extract(epoch FROM bucket_end - bucket_start) / 3600, ', ' ORDER BY bucket_start)
           FROM sg_load_curve(NULL, period, '1 day', zone)), expected, 'days in ' || zone)
FROM (VALUES
    ('Africa/Cairo', '[2024-04-24 22:00+00, 2024-04-27 21:00+00)'::tstzrange, '25 00:00+24.0000000000000000, 26 01:00+23.0000000000000000, 27 00:00+24.0000000000000000'),
    ('America/Havana', '[2024-11-02 04:00+00, 2024-11-05 05:00+00)', '02 00:00+24.0000000000000000, 03 00:00+25.0000000000000000, 04 00:00+24.0000000000000000'),
    ('Pacific/Apia', '[2011-12-29 10:00+00, 2011-12-31 10:00+00)', '29 00:00+24.0000000000000000, 31 00:00+24.0000000000000000')) AS d (zone, period, expected);
SELECT is((SELECT count(*) FROM sg_load_curve(NULL, '[2024-11-02 04:00+00, 2024-11-05 05:00+00)', '15 minutes', 'America/Havana')), 292::bigint,
          'a midnight that is twice: all quarter-hours');
SELECT is((SELECT count(*) FROM sg_load_curve(NULL, '[2011-12-28 10:00+00, 2012-01-01 10:00+00)', '1 month', 'Pacific/Apia')), 2::bigint, 'months of a year that lost a day');

-- Weeks begin on Monday, months and years with their first day, several months with January.
SELECT is((SELECT string_agg(to_char(bucket_start AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD HH24:MI'), ', ' ORDER BY bucket_start)
           FROM sg_load_curve(NULL, tstzrange('2026-01-29 12:00+00', until), bucket, 'Europe/Berlin')), expected, 'buckets of ' || bucket)
FROM (VALUES
    (interval '7 days', '2026-02-17 23:00+00'::timestamptz, '2026-01-29 13:00, 2026-02-02 00:00, 2026-02-09 00:00, 2026-02-16 00:00'),
    ('1 day', '2026-01-31 23:00+00', '2026-01-29 13:00, 2026-01-30 00:00, 2026-01-31 00:00'),
    ('1 month', '2026-04-30 22:00+00', '2026-01-29 13:00, 2026-02-01 00:00, 2026-03-01 00:00, 2026-04-01 00:00'),
    ('3 months', '2026-12-31 23:00+00', '2026-01-29 13:00, 2026-04-01 00:00, 2026-07-01 00:00, 2026-10-01 00:00'),
    ('1 year', '2028-12-31 23:00+00', '2026-01-29 13:00, 2027-01-01 00:00, 2028-01-01 00:00')) AS b (bucket, until, expected);
SELECT is((SELECT string_agg(round(extract(epoch FROM bucket_end - bucket_start) / 3600)::text, ' ' ORDER BY bucket_start)
           FROM sg_load_curve(NULL, '[2025-12-31 23:00+00, 2026-12-31 23:00+00)', '1 month', 'Europe/Berlin')),
          '744 672 743 720 744 720 744 744 720 745 720 744', 'hours of the months of 2026 in Berlin');

-- Buckets meet, begin and end with the period, in many zones and through the centuries.
SELECT is_empty(format($$
    SELECT * FROM (SELECT bucket_start, bucket_end, lag(bucket_end) OVER w AS before, first_value(bucket_start) OVER w AS first,
                          last_value(bucket_end) OVER (ORDER BY bucket_start ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last
                   FROM sg_load_curve(NULL, '[%s 00:17+00, %s 13:05+00)', %L, %L) WINDOW w AS (ORDER BY bucket_start)) AS b
    WHERE bucket_start >= bucket_end OR before <> bucket_start OR first <> '%s 00:17+00' OR last <> '%s 13:05+00'$$, starts, ends, bucket, zone, starts, ends),
    format('%s from %s in %s', bucket, starts, zone))
FROM (VALUES ('1880-01-01', '1905-01-01'), ('1937-06-01', '1946-10-01'), ('2011-12-01', '2012-02-01'), ('2026-01-01', '2027-01-01')) AS p (starts, ends),
     (VALUES ('Europe/Amsterdam'), ('America/Havana'), ('Africa/Monrovia'), ('Pacific/Apia'), ('Asia/Manila'), ('America/Sao_Paulo')) AS z (zone),
     (VALUES (interval '1 day'), ('7 days'), ('1 month'), ('24 hours')) AS b (bucket);

-- The grid's own zone is the default one, and each grid has its own.
SELECT is(sg_time_zone(), 'UTC', 'UTC');
SELECT ok(sg_set_time_zone('europe/berlin'), 'set');
SELECT is(sg_time_zone(), 'Europe/Berlin', 'as the time zone database writes it');
SELECT is((SELECT count(*) FROM sg_load_curve(NULL, '[2026-03-28 23:00+00, 2026-03-29 22:00+00)', '1 day')), 1::bigint, 'days are its days');
SELECT is((SELECT count(*) FROM sg_load_curve(NULL, '[2026-03-28 23:00+00, 2026-03-29 22:00+00)', '1 day', 'UTC')), 2::bigint, 'unless others are asked for');
SELECT ok(sg_create_grid('sydney'), 'another grid');
SELECT ok(sg_set_time_zone('Australia/Sydney'), 'in another zone') FROM set_config('smartgrid.grid', 'sydney', true);
SELECT is((SELECT string_agg(g.name || ' ' || z.time_zone, ', ' ORDER BY g.name) FROM smartgrid.grid_zone AS z JOIN smartgrid.grid AS g USING (grid_id)),
          'default Europe/Berlin, sydney Australia/Sydney', 'each its own');
SELECT * FROM finish();
ROLLBACK;
