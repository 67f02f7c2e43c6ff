-- Who sees what of tariffs: everybody what they are, participants what is assigned to them and to points while they were the owner.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_west;
CREATE ROLE sgt_west_operator LOGIN IN ROLE sgt_west;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE sgt_m1 LOGIN;
CREATE ROLE sgt_m6 LOGIN;
SET LOCAL timezone = 'UTC';

\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east'), sg_create_grid('west', 'sgt_west')$$);
SELECT sgtest.given('sgt_operator', $$SELECT sg_set_tariff('fee', '2024-01-01 00:00Z', '[{"name": "Fee", "of": "point", "price": 1}]', for_all => true)$$, 'east');
-- Point A is of m1, and of m6 from February on; B is of m2.
SELECT sgtest.given('sgt_operator', $$SELECT sg_set_point('A', '2024-01-01 00:00Z', 'sgt_m1', 'consumption'), sg_set_point('A', '2024-02-01 00:00Z', 'sgt_m6'),
    sg_set_point('B', '2024-01-01 00:00Z', 'sgt_m2', 'consumption')$$, 'east');
SELECT sgtest.given('sgt_operator', $$SELECT sg_assign_tariff('fee', '2024-01-01 00:00Z', 'A', quantity => 2), sg_assign_tariff('fee', '2024-02-01 00:00Z', 'A', quantity => 3),
    sg_assign_tariff('fee', '2024-01-01 00:00Z', 'B', quantity => 4), sg_assign_tariff('fee', '2024-01-01 00:00Z', participant => 'sgt_m1', quantity => 5),
    sg_unassign_tariff('fee', '2024-01-01 00:00Z', participant => 'sgt_m2'), sg_set_holidays('{2024-01-01}')$$, 'east');
\o

SELECT is(replace(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), '"', ''), coalesce(expected, ''), format('%s: %s', who, query))
FROM (VALUES
    ($$SELECT string_agg(concat_ws('/', tariff, version), ' ') FROM sg_tariffs$$, 'fee/1', 'fee/1', 'fee/1', 'fee/1'),
    ($$SELECT count(*)::text FROM sg_tariff_versions$$, '1', '1', '1', '1'),
    ($$SELECT string_agg(day::text, ' ') FROM sg_holidays$$, '2024-01-01', '2024-01-01', '2024-01-01', '2024-01-01'),
    ($$SELECT count(*)::text FROM sg_price_check('fee', '[2024-01-01 00:00Z,2024-01-02 00:00Z)')$$, '1', '1', '1', '1'),
    ($$SELECT string_agg(concat_ws('/', coalesce(point, participant, 'grid'), quantity), ' ' ORDER BY point, participant, quantity) FROM sg_assignment_periods WHERE superseded_at IS NULL$$,
     'grid/1', 'A/2 sgt_m1/5 grid/1', 'A/3 grid/1', 'A/2 A/3 B/4 sgt_m1/5 sgt_m2 grid/1'),
    ($$SELECT string_agg(concat_ws('/', coalesce(point, participant, 'grid'), quantity), ' ' ORDER BY point, participant) FROM sg_assignments$$,
     'grid/1', 'sgt_m1/5 grid/1', 'A/3 grid/1', 'A/3 B/4 sgt_m1/5 sgt_m2 grid/1')) AS q (query, nobody, m1, m6, reader),
    LATERAL (VALUES ('sgt_nobody', q.nobody), ('sgt_gateway', q.nobody), ('sgt_west_operator', q.nobody), ('sgt_m1', q.m1), ('sgt_gateway@sgt_m1', q.m1),
                    ('sgt_m6', q.m6), ('sgt_operator', q.reader), ('sgt_auditor', q.reader)) AS c (who, expected);

-- No leak through a condition of one's own.
CREATE TABLE public.peeked (what text);
GRANT ALL ON public.peeked TO PUBLIC;
CREATE FUNCTION public.peek(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN INSERT INTO public.peeked VALUES (what); RETURN true; END $$;
SELECT sgtest.keep('sgt_m1', 'SELECT count(*) FROM sg_assignment_periods WHERE public.peek(point)', '{"smartgrid.grid": "east"}') \g /dev/null
SELECT sgtest.keep('sgt_m1', 'SELECT count(*) FROM smartgrid.assignee WHERE public.peek(point_id::text || ''/'' || participant_id)', '{"smartgrid.grid": "east"}') \g /dev/null
SELECT sgtest.keep('sgt_m1', 'SELECT count(*) FROM smartgrid.assignment WHERE public.peek(quantity::text)', '{"smartgrid.grid": "east"}') \g /dev/null
SELECT is_empty($$SELECT what FROM public.peeked WHERE what IN ('B', '3', '4')$$, 'nothing of others is seen');
SELECT is((SELECT count(*) FROM public.peeked WHERE what IN ('A', '2', '5')) > 0, true, 'but what is one''s own');

SELECT * FROM finish();
ROLLBACK;
