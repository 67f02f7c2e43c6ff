-- Who sees what of runs; that two grids with the same data have one digest, that random readings come to what SQL says, and that
-- corrections of anything add up to a fresh settlement.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_other;
CREATE ROLE sgt_other_operator LOGIN IN ROLE sgt_other;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE sgt_m1 LOGIN;
CREATE ROLE sgt_m2 LOGIN;
SET LOCAL timezone = 'UTC';

-- Three days in autumn, one of 25 hours, of six points of three members and random readings, a few of them missing.
CREATE TABLE public.truth AS
SELECT 'P' || p AS point, s AS start, floor(random() * CASE WHEN p > 4 THEN 3000 ELSE 1000 END)::bigint AS amount
FROM generate_series(1, 6) AS p, generate_series(timestamptz '2024-10-25 22:00Z', '2024-10-28 22:45Z', '15 minutes') AS s
WHERE random() < 0.97;
GRANT ALL ON public.truth TO PUBLIC;
CREATE FUNCTION public.points() RETURNS void LANGUAGE sql AS $$
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_set_point('P' || p, '2024-01-01 00:00Z', 'sgt_m' || 1 + p % 3, CASE WHEN p > 4 THEN 'production' ELSE 'consumption' END) FROM generate_series(1, 6) AS p;
SELECT sg_set_tariff('village', '2023-12-31 23:00Z', '[
  {"name": "Shared", "of": "covered", "price": 0.151}, {"name": "Rest", "of": "rest", "price": 0.2999},
  {"name": "Night", "price": 0.0123, "when": {"times": ["22:00-06:00"]}}, {"name": "All", "price": 0.01, "over": "participant"},
  {"name": "Feed", "of": "covered", "kinds": ["production"], "price": 0.0901}, {"name": "Fee", "of": "participant", "price": 3},
  {"name": "Block", "tiers": [{"upto": 30000, "price": 0.1}, {"price": 0.05}]}, {"name": "Peak", "of": "demand", "price": 2.5, "per": "day"},
  {"name": "Off", "of": "percent", "on": ["Shared", "All"], "price": -7.5}]', for_all => true);
$$;
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east'), sg_create_grid('west'), sg_create_grid('far', 'sgt_other')$$);
SELECT sgtest.given('sgt_operator', 'SELECT public.points()', 'east');
SELECT sgtest.given('sgt_operator', 'SELECT public.points()', 'west');
-- The same readings: in one call, and point by point in another order, some of them only after wrong ones.
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM sg_post_intervals(ARRAY(SELECT point FROM public.truth ORDER BY start, point),
    ARRAY(SELECT start FROM public.truth ORDER BY start, point), ARRAY(SELECT amount FROM public.truth ORDER BY start, point))$$, 'east');
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM sg_post_intervals(ARRAY(SELECT point FROM public.truth WHERE point = 'P3'),
    ARRAY(SELECT start FROM public.truth WHERE point = 'P3'), ARRAY(SELECT amount + 7 FROM public.truth WHERE point = 'P3'))$$, 'west');
SELECT sgtest.given('sgt_gateway', format($$SELECT count(*) FROM sg_post_intervals(ARRAY(SELECT point FROM public.truth WHERE point = 'P%1$s' ORDER BY start DESC),
    ARRAY(SELECT start FROM public.truth WHERE point = 'P%1$s' ORDER BY start DESC), ARRAY(SELECT amount FROM public.truth WHERE point = 'P%1$s' ORDER BY start DESC))$$, p), 'west')
FROM generate_series(1, 6) AS p ORDER BY p DESC;
SELECT sgtest.given('sgt_operator', format($$SELECT sg_settle('[2024-10-25 22:00Z,2024-10-28 23:00Z)', '{measured,missing}')$$), g) FROM unnest('{east,west}'::text[]) AS g ORDER BY g;
\o

SELECT is(count(DISTINCT digest), 1::bigint, 'the same data have one digest, in whatever order they came') FROM sg_runs;
SELECT is(count(*), 2::bigint, 'of two runs') FROM sg_runs;
SELECT is_empty($$SELECT component, participant, point, tier, quantity, money, qualities FROM sg_run_lines WHERE grid = 'east'
                  EXCEPT SELECT component, participant, point, tier, quantity, money, qualities FROM sg_run_lines WHERE grid = 'west'$$, 'and the same lines');

-- What SQL makes of sg_allocate().
SELECT set_config('smartgrid.grid', 'east', true) \g /dev/null
CREATE TABLE public.slot AS
SELECT a.*, extract(hour FROM a.start AT TIME ZONE 'Europe/Vienna') AS hour, (a.start AT TIME ZONE 'Europe/Vienna')::date AS day
FROM sg_allocate('[2024-10-25 22:00Z,2024-10-28 23:00Z)') AS a;
SELECT set_eq($$SELECT component, point, quantity, money FROM sg_run_lines WHERE grid = 'east' AND component IN ('Shared', 'Rest', 'Night', 'Feed')$$,
    $$SELECT c.name, s.point, sum(c.units)::numeric, round(sum(c.units * c.price))::bigint
      FROM public.slot AS s, LATERAL (VALUES
          ('Shared', s.covered, 0.151, s.kind = 'consumption'), ('Rest', s.rest, 0.2999, s.kind = 'consumption'),
          ('Night', s.amount, 0.0123, s.kind = 'consumption' AND (s.hour >= 22 OR s.hour < 6)), ('Feed', s.covered, 0.0901, s.kind = 'production')) AS c (name, units, price, applies)
      WHERE c.applies GROUP BY c.name, s.point$$, 'energy, covered, rest and hours');
SELECT set_eq($$SELECT participant, quantity, money FROM sg_run_lines WHERE grid = 'east' AND component = 'All'$$,
    $$SELECT owner, sum(amount)::numeric, round(sum(amount * 0.01))::bigint FROM public.slot WHERE kind = 'consumption' GROUP BY owner$$, 'over all of a participant');
SELECT set_eq($$SELECT point, (lower(period) AT TIME ZONE 'Europe/Vienna')::date, quantity, money FROM sg_run_lines WHERE grid = 'east' AND component = 'Peak'$$,
    $$SELECT point, day, max(amount)::numeric * 4, round(max(amount) * 4 * 2.5)::bigint FROM public.slot WHERE kind = 'consumption' GROUP BY point, day$$, 'peaks of days');
SELECT set_eq($$SELECT point, sum(quantity), max(tier) FROM sg_run_lines WHERE grid = 'east' AND component = 'Block' GROUP BY point$$,
    $$SELECT point, sum(amount)::numeric, CASE WHEN sum(amount) > 30000 THEN 2 ELSE 1 END FROM public.slot WHERE kind = 'consumption' GROUP BY point$$, 'tiers');
SELECT set_eq($$SELECT participant, point, base, money FROM sg_run_lines WHERE grid = 'east' AND component = 'Off'$$,
    $$SELECT participant, point, component, round(money * -7.5 / 100)::bigint FROM sg_run_lines WHERE grid = 'east' AND component IN ('Shared', 'All')$$, 'percents');
SELECT is(sum(slots), (6 * 292 - (SELECT count(*) FROM public.truth))::numeric, 'slots are missing or there')
FROM (SELECT count(*) AS slots FROM public.slot WHERE quality = 'missing') AS m;

-- Finality, and corrections of anything.
CREATE FUNCTION public.correct() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    preview bigint;
BEGIN
    preview := sg_settle('[2024-10-25 22:00Z,2024-10-28 23:00Z)', '{measured,missing,estimated}');
    PERFORM sg_finalize(preview);
END
$$;
\o /dev/null
SELECT sgtest.given('sgt_operator', 'SELECT public.correct()', 'west');
SELECT sgtest.given('sgt_gateway', $$SELECT count(*) FROM sg_post_intervals(ARRAY(SELECT point FROM public.truth WHERE amount % 7 = 0), ARRAY(SELECT start FROM public.truth WHERE amount % 7 = 0),
    ARRAY(SELECT amount / 2 FROM public.truth WHERE amount % 7 = 0))$$, g) FROM unnest('{east,west}'::text[]) AS g;
SELECT sgtest.given('sgt_operator', 'SELECT public.correct()', 'west');
SELECT sgtest.given('sgt_operator', $$SELECT sg_set_point('P1', '2024-10-26 22:00Z', 'sgt_m1', correct => true), sg_set_share('P5', '2024-10-26 22:00Z', 40, correct => true)$$, g) FROM unnest('{east,west}'::text[]) AS g;
SELECT sgtest.given('sgt_operator', 'SELECT public.correct()', 'west');
SELECT sgtest.given('sgt_operator', $$SELECT sg_set_tariff('village', '2023-12-31 23:00Z', '[{"name": "Shared", "of": "covered", "price": 0.16, "vat": {"category": "S", "rate": 20}}, {"name": "Fee", "of": "participant", "price": 4}]', correct => true)$$, g)
FROM unnest('{east,west}'::text[]) AS g;
SELECT sgtest.given('sgt_operator', 'SELECT public.correct()', 'west');
SELECT sgtest.given('sgt_operator', 'SELECT public.correct()', 'east');
\o
SELECT set_eq($$SELECT participant, point, component, vat_rate, period, sum(quantity) AS quantity, sum(money) AS money FROM sg_run_lines WHERE grid = 'west'
                GROUP BY 1, 2, 3, 4, 5 HAVING sum(quantity) <> 0 OR sum(money) <> 0$$,
              $$SELECT participant, point, component, vat_rate, period, sum(quantity) AS quantity, sum(money) AS money FROM sg_run_lines WHERE grid = 'east'
                GROUP BY 1, 2, 3, 4, 5 HAVING sum(quantity) <> 0 OR sum(money) <> 0$$, 'the sum of all corrections is a fresh settlement');
SELECT is(array_agg(number ORDER BY run), '{0,1,2,3}', 'each has its number') FROM sg_runs WHERE grid = 'west';
SELECT is(count(*), 5::bigint, 'each is booked') FROM sg_ledger WHERE kind = 'run';
SELECT is(replace(sgtest.try('sgt_operator', format('SELECT bool_and(ok) FROM sg_verify_run(%s)', run), jsonb_build_object('smartgrid.grid', grid)), '"', ''), 't',
          format('run %s is what comes of its basis', run)) FROM sg_runs ORDER BY run;

-- Who sees what.
SELECT is(replace(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), '"', ''), coalesce(expected, ''), format('%s: %s', who, query))
FROM (VALUES
    ($$SELECT count(DISTINCT participant)::text FROM sg_run_lines WHERE grid = 'east'$$, '0', '1', '3'),
    ($$SELECT string_agg(DISTINCT participant, ' ') FROM sg_run_lines WHERE grid = 'east'$$, '', 'sgt_m1', 'sgt_m1 sgt_m2 sgt_m3'),
    ($$SELECT count(*)::text FROM sg_runs WHERE grid = 'east'$$, '0', '1', '1'),
    ($$SELECT (count(*) > 0)::text FROM smartgrid.run_basis$$, 'false', 'false', 'true'),
    ($$SELECT (count(*) > 0)::text FROM smartgrid.run_problem$$, 'false', 'false', 'false')) AS q (query, nobody, m1, reader),
    LATERAL (VALUES ('sgt_nobody', q.nobody), ('sgt_gateway', q.nobody), ('sgt_other_operator', q.nobody), ('sgt_m1', q.m1), ('sgt_gateway@sgt_m1', q.m1),
                    ('sgt_operator', q.reader), ('sgt_auditor', q.reader)) AS c (who, expected);

SELECT * FROM finish();
ROLLBACK;
