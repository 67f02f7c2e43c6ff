-- Who sees what of the sharing: participants their own slots, and totals of those in which five owners took part.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_east;
CREATE ROLE sgt_east_operator LOGIN IN ROLE sgt_east;
CREATE ROLE sgt_west;
CREATE ROLE sgt_west_operator LOGIN IN ROLE sgt_west;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE sgt_m1 LOGIN;
CREATE ROLE sgt_m6 LOGIN;
SET LOCAL timezone = 'UTC';

\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east', 'sgt_east'), sg_create_grid('west', 'sgt_west')$$);
-- Points of five owners; one of them has two, and a sixth owner takes over another in the third hour.
SELECT sgtest.given('sgt_east_operator', format($$SELECT sg_set_point('%s', '2024-01-01 00:00Z', 'sgt_m%s', '%s', '1 hour')$$, p, m, k), 'east')
FROM (VALUES ('A', 1, 'consumption'), ('B', 2, 'consumption'), ('C', 3, 'consumption'), ('D', 4, 'consumption'), ('E', 5, 'production'), ('F', 5, 'production')) AS v (p, m, k);
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('A', '2024-01-01 02:00Z', 'sgt_m6')$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_share('A', '2024-01-01 00:00Z', 50), sg_set_share('A', '2024-01-01 02:00Z', 60), sg_set_share('B', '2024-01-01 00:00Z', 70)$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_allocation('2024-01-01 01:00Z', 'static')$$, 'east');
-- In the second hour D is missing; in the fourth F, but its owner has E.
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM
    (SELECT array_agg(p), array_agg(timestamptz '2024-01-01 00:00Z' + h * interval '1 hour'), array_agg(10::bigint)
     FROM unnest('{A,B,C,D,E,F}'::text[]) AS p, generate_series(0, 3) AS h WHERE (p, h) NOT IN (('D', 1), ('F', 3))) AS a (points, starts, amounts),
    sg_post_intervals(a.points, a.starts, a.amounts)$$, 'east');
\o

SELECT is(replace(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), '"', ''), coalesce(expected, ''), format('%s: %s', who, query))
FROM (VALUES
    ($$SELECT string_agg(concat_ws('/', point, owner, slots, eligible), ' ' ORDER BY point, owner) FROM sg_allocation_sums('[2024-01-01 00:00Z,2024-01-01 04:00Z)')$$,
     NULL, 'A/sgt_m1/2/10', 'A/sgt_m6/2/12', 'A/sgt_m1/2/10 A/sgt_m6/2/12 B/sgt_m2/4/28 C/sgt_m3/4/40 D/sgt_m4/4/30 E/sgt_m5/4/40 F/sgt_m5/4/30'),
    ($$SELECT string_agg(concat_ws('/', extract(hour FROM start), point, owner, quality), ' ' ORDER BY start, point) FROM sg_allocate('[2024-01-01 00:00Z,2024-01-01 04:00Z)') WHERE point IN ('A', 'D')$$,
     NULL, '0/A/sgt_m1/measured 1/A/sgt_m1/estimated', '2/A/sgt_m6/measured 3/A/sgt_m6/estimated',
     '0/A/sgt_m1/measured 0/D/sgt_m4/measured 1/A/sgt_m1/estimated 1/D/sgt_m4/missing 2/A/sgt_m6/measured 2/D/sgt_m4/measured 3/A/sgt_m6/estimated 3/D/sgt_m4/estimated'),
    ($$SELECT string_agg(concat_ws('/', extract(hour FROM start), produced, consumed), ' ' ORDER BY start) FROM sg_community('[2024-01-01 00:00Z,2024-01-01 04:00Z)', '1 hour')$$,
     NULL, '0/20/40 2/20/40 3/10/40', '0/20/40 2/20/40 3/10/40', '0/20/40 1/20/30 2/20/40 3/10/40'),
    -- A bucket has what one sees of it, and is not there if that is nothing.
    ($$SELECT string_agg(concat_ws('/', extract(hour FROM start), produced, consumed), ' ' ORDER BY start) FROM sg_community('[2024-01-01 00:00Z,2024-01-01 04:00Z)', '2 hours')$$,
     NULL, '0/20/40 2/30/80', '0/20/40 2/30/80', '0/40/70 2/30/80'),
    ($$SELECT count(*)::text FROM sg_community('[2024-01-01 01:00Z,2024-01-01 02:00Z)', '1 hour')$$, '0', '0', '0', '1'),
    ($$SELECT string_agg(concat_ws('/', point, factor, key, priority), ' ' ORDER BY point, valid_from) FROM sg_share_periods WHERE superseded_at IS NULL$$,
     NULL, 'A/50/1', 'A/60/1', 'A/50/1 A/60/1 B/70/1'),
    ($$SELECT string_agg(concat_ws('/', point, owner, factor), ' ' ORDER BY point) FROM sg_shares$$,
     NULL, NULL, 'A/sgt_m6/60', 'A/sgt_m6/60 B/sgt_m2/70 C/sgt_m3/100 D/sgt_m4/100 E/sgt_m5/100 F/sgt_m5/100'),
    ($$SELECT string_agg(concat_ws('/', grid, model), ' ' ORDER BY grid) FROM sg_allocations WHERE grid IN ('east', 'west')$$,
     'east/static west/dynamic', 'east/static west/dynamic', 'east/static west/dynamic', 'east/static west/dynamic')) AS q (query, nobody, m1, m6, reader),
    LATERAL (VALUES ('sgt_nobody', q.nobody), ('sgt_gateway', q.nobody), ('sgt_west_operator', q.nobody), ('sgt_m1', q.m1), ('sgt_gateway@sgt_m1', q.m1),
                    ('sgt_m6', q.m6), ('sgt_east_operator', q.reader), ('sgt_operator', q.reader), ('sgt_auditor', q.reader)) AS c (who, expected);

-- No leak through a condition of one's own.
CREATE TABLE public.peeked (what text);
GRANT ALL ON public.peeked TO PUBLIC;
CREATE FUNCTION public.peek(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN INSERT INTO public.peeked VALUES (what); RETURN true; END $$;
SELECT sgtest.keep('sgt_m1', 'SELECT count(*) FROM sg_share_periods WHERE public.peek(point)', '{"smartgrid.grid": "east"}') \g /dev/null
SELECT sgtest.keep('sgt_m1', 'SELECT count(*) FROM smartgrid.share WHERE public.peek(point_id::text)', '{"smartgrid.grid": "east"}') \g /dev/null
SELECT is((SELECT count(DISTINCT what) FROM public.peeked), 2::bigint, 'one sees one''s own point alone');

SELECT * FROM finish();
ROLLBACK;
