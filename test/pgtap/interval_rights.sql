-- Whose readings one sees: of a metering point the slots of which one was the owner, on a day with a change of owner and in a row of open slots
-- of many points, too. Every way to read is asked by everybody, and has to say what rows of single slots say that SQL keeps beside.

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
CREATE ROLE sgt_members;
CREATE ROLE sgt_alice LOGIN IN ROLE sgt_members;    -- was the owner
CREATE ROLE sgt_bob LOGIN IN ROLE sgt_members;      -- is the owner
CREATE ROLE sgt_carl LOGIN IN ROLE sgt_members;     -- will be the owner
CREATE ROLE sgt_eve LOGIN IN ROLE sgt_members;      -- a neighbour
CREATE ROLE sgt_wanda LOGIN IN ROLE sgt_members;    -- of another grid
CREATE ROLE sgt_nobody LOGIN IN ROLE sgt_members;
SET LOCAL timezone = 'UTC';
SET LOCAL smartgrid.pack_after = '366d';

-- Three days of the past, the middle one of 23 hours; one that came hour by hour and was packed, and one that is still open.
SELECT d.open_day, d.open_day - 1 AS packed_day, (d.open_day - 1)::timestamp AT TIME ZONE 'Europe/Vienna' AS begins,
              d.open_day::timestamp AT TIME ZONE 'Europe/Vienna' + interval '12 hours' AS open_noon
FROM (SELECT (now() AT TIME ZONE 'Europe/Vienna')::date - 2 AS open_day) AS d \gset
\set past '[2024-03-30 00:00 Europe/Vienna,2024-04-02 00:00 Europe/Vienna)'

-- Who sees what.
CREATE TABLE sgtest.person (who text PRIMARY KEY, principal text, reads text[] NOT NULL DEFAULT '{}');
INSERT INTO sgtest.person VALUES
    ('sgt_alice', 'sgt_alice'), ('sgt_bob', 'sgt_bob'), ('sgt_carl', 'sgt_carl'), ('sgt_eve', 'sgt_eve'), ('sgt_wanda', 'sgt_wanda'), ('sgt_nobody', 'sgt_nobody'),
    ('sgt_gateway', 'sgt_gateway'), ('sgt_gateway@sgt_alice', 'sgt_alice'), ('sgt_gateway@sgt_bob', 'sgt_bob');
INSERT INTO sgtest.person VALUES
    ('sgt_east_operator', 'sgt_east_operator', '{east}'), ('sgt_west_operator', 'sgt_west_operator', '{west}'), ('sgt_operator', 'sgt_operator', '{east,west}'),
    ('sgt_auditor', 'sgt_auditor', '{east,west}');

-- Points and their owners. A and O change hands, a quarter past noon and at noon; C is nobody's.
CREATE TABLE sgtest.period (grid text, point text, kind text, owner text, minutes integer, valid_from timestamptz, valid_to timestamptz);
INSERT INTO sgtest.period VALUES
    ('east', 'A', 'consumption', 'sgt_alice', 15, '2024-01-01 00:00 Europe/Vienna', '2024-03-31 12:15 Europe/Vienna'),
    ('east', 'A', 'consumption', 'sgt_bob', 15, '2024-03-31 12:15 Europe/Vienna', '2124-01-01 00:00 Europe/Vienna'),
    ('east', 'A', 'consumption', 'sgt_carl', 15, '2124-01-01 00:00 Europe/Vienna', 'infinity'),
    ('east', 'O', 'consumption', 'sgt_alice', 60, :'begins', :'open_noon'),
    ('east', 'O', 'consumption', 'sgt_bob', 60, :'open_noon', '2124-01-01 00:00 Europe/Vienna'),
    ('east', 'O', 'consumption', 'sgt_carl', 60, '2124-01-01 00:00 Europe/Vienna', 'infinity'),
    ('east', 'B', 'production', 'sgt_eve', 60, '2024-01-01 00:00 Europe/Vienna', 'infinity'),
    ('east', 'C', 'exchange', NULL, 60, '2024-01-01 00:00 Europe/Vienna', 'infinity'),
    ('west', 'D', 'production', 'sgt_wanda', 60, '2024-01-01 00:00 Europe/Vienna', 'infinity');

-- Every slot, with gaps: two at the change of owners, one on either side. No two amounts are the same.
CREATE TABLE sgtest.truth AS
SELECT p.*, d.day, s.start, 0::bigint AS amount, 'missing' AS quality, 0::bigint AS batch, 0 AS versions, row_number() OVER (ORDER BY p.grid, p.point, s.start) AS n
FROM sgtest.period AS p
     CROSS JOIN unnest(ARRAY['2024-03-30', '2024-03-31', '2024-04-01', :'packed_day', :'open_day']::date[]) AS d (day)
     CROSS JOIN LATERAL generate_series(d.day::timestamp AT TIME ZONE 'Europe/Vienna', (d.day + 1)::timestamp AT TIME ZONE 'Europe/Vienna' - interval '1 microsecond',
                                        p.minutes * interval '1 minute') AS s (start)
WHERE s.start >= p.valid_from AND s.start < p.valid_to;
CREATE TABLE sgtest.loaded AS
SELECT t.grid, t.point, t.day, t.start, 10000 + 7 * t.n AS amount, (ARRAY['measured', 'measured', 'substituted', 'estimated', 'calculated'])[1 + t.n % 5] AS quality
FROM sgtest.truth AS t
WHERE CASE WHEN t.day > '2025-01-01' THEN t.point IN ('O', 'B', 'D') AND t.start < (t.day + 1)::timestamp AT TIME ZONE 'Europe/Vienna' - interval '1 hour'
           ELSE t.start NOT IN ('2024-03-31 12:00 Europe/Vienna', '2024-03-31 12:15 Europe/Vienna') AND (t.n % 13 <> 0 OR t.start IN ('2024-03-31 06:00 Europe/Vienna', '2024-03-31 18:00 Europe/Vienna')) END;
GRANT USAGE ON SCHEMA sgtest TO PUBLIC;
GRANT SELECT ON sgtest.loaded TO PUBLIC;

-- What a batch with this label brought becomes the truth.
CREATE FUNCTION sgtest.note(label text, starts tstzrange, more bigint DEFAULT 0) RETURNS void LANGUAGE sql AS $$
    UPDATE sgtest.truth AS t SET amount = l.amount + note.more, quality = l.quality, batch = b.batch, versions = t.versions + 1
    FROM sgtest.loaded AS l, sg_batches AS b
    WHERE (l.grid, l.point, l.start) = (t.grid, t.point, t.start) AND b.grid = t.grid AND b.label = note.label AND t.start <@ note.starts AND (note.more = 0 OR t.point = 'A')
$$;
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east', 'sgt_east', energy_scale => 3), sg_create_grid('west', 'sgt_west', energy_scale => 3)$$);
SELECT sgtest.given(format('sgt_%s_operator', g), $$SELECT sg_set_time_zone('Europe/Vienna')$$, g) FROM unnest('{east,west}'::text[]) AS g;
SELECT sgtest.given(format('sgt_%s_operator', p.grid), format('SELECT sg_set_point(%L, %L, %L, %L, %L)', p.point, p.valid_from, p.owner, p.kind, p.minutes * interval '1 minute'), p.grid)
FROM (SELECT * FROM sgtest.period ORDER BY grid, point, valid_from) AS p;
-- The past, which is packed; then one slot of each owner of A is corrected, by two batches; then hour after hour of the last days.
SELECT sgtest.given(format('sgt_%s_operator', g),
    format($$SELECT count(*) FROM (SELECT array_agg(l.point ORDER BY l.point, l.start) AS p, array_agg(l.start ORDER BY l.point, l.start) AS s, array_agg(l.amount ORDER BY l.point, l.start) AS a,
                                         array_agg(l.quality ORDER BY l.point, l.start) AS q FROM sgtest.loaded AS l WHERE l.grid = %L AND l.day < '2025-01-01') AS l,
                                 sg_post_intervals(points => l.p, starts => l.s, amounts => l.a, qualities => l.q, label => 'past')$$, g), g) FROM unnest('{east,west}'::text[]) AS g;
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_pack_intervals('2025-01-01')$$, 'east');
SELECT sgtest.note('past', :'past'::tstzrange);
SELECT sgtest.given('sgt_east_operator', format($$SELECT count(*) FROM sgtest.loaded AS l, sg_post_intervals(points => ARRAY[l.point], starts => ARRAY[l.start], amounts => ARRAY[l.amount + %s], qualities => ARRAY[l.quality],
                                                 label => %L, replace_with => 'any') WHERE l.point = 'A' AND l.start = %L$$, c.more, c.label, c.start), 'east'),
       sgtest.given('sgt_east_operator', $$SELECT sg_pack_intervals('2025-01-01')$$, 'east'),
       sgtest.note(c.label, tstzrange(c.start, c.start, '[]'), c.more)
FROM (VALUES (3, 'of alice', '2024-03-31 06:00 Europe/Vienna'::timestamptz), (4, 'of bob', '2024-03-31 18:00 Europe/Vienna')) AS c (more, label, start);
SELECT sgtest.given('sgt_' || l.grid || '_operator', format('SELECT count(*) FROM sg_post_intervals(points => %L, starts => %L, amounts => %L, qualities => %L, label => %L)',
                    array_agg(l.point), array_agg(l.start), array_agg(l.amount), array_agg(l.quality), l.start), l.grid),
       sgtest.note(l.start::text, tstzrange(l.start, l.start, '[]'))
FROM sgtest.loaded AS l WHERE l.day > '2025-01-01' GROUP BY l.grid, l.start ORDER BY l.grid, l.start;
SELECT sgtest.given(format('sgt_%s_operator', g), format('SELECT sg_pack_intervals(%L)', :'open_day'), g) FROM unnest('{east,west}'::text[]) AS g;
\o
SELECT is((SELECT count(*) FROM sgtest.truth AS t JOIN sgtest.loaded AS l USING (grid, point, start) WHERE t.batch = 0), 0::bigint, 'all was loaded');
SELECT cmp_ok((SELECT count(*) FROM smartgrid.interval_day), '>=', 12::bigint, 'there are packed days');
SELECT is((SELECT count(*) FROM smartgrid.open_slot AS o WHERE (SELECT count(*) FROM smartgrid.open_values(o.data)) = 2),
          (SELECT count(DISTINCT start) FROM sgtest.loaded WHERE grid = 'east' AND day = :'open_day'), 'and open slots of two owners in one row');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'the books hold');
SELECT results_eq($$SELECT owner, count(*) FROM sgtest.truth WHERE point = 'A' AND day = '2024-03-31' GROUP BY owner ORDER BY owner$$,
                  $$VALUES ('sgt_alice', 45::bigint), ('sgt_bob', 47)$$, 'a day of 92 slots and of two owners');

-- What somebody may see; of the grid that is asked.
CREATE VIEW sgtest.seen AS
SELECT t.* FROM sgtest.truth AS t JOIN sgtest.person AS p ON p.who = current_setting('sgt.who') WHERE t.grid = ANY (p.reads) OR t.owner = p.principal;
CREATE VIEW sgtest.east AS SELECT * FROM sgtest.seen WHERE grid = 'east';

-- Rows as a number and a digest.
CREATE FUNCTION sgtest.digest_of(query text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT count(*) || '':'' || coalesce(md5(string_agg(r::text, E''\n'' ORDER BY r::text COLLATE "C")), '''') FROM (%s) AS r', query)
$$;
CREATE FUNCTION sgtest.expected(who text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM set_config('sgt.who', who, true);
    EXECUTE sgtest.digest_of(query) INTO answer;
    RETURN answer;
END $$;
CREATE FUNCTION sgtest.sums(columns text, condition text DEFAULT 'true') RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT %1$s, sum(amount)::numeric, count(*) FILTER (WHERE quality = ''measured'')::integer, count(*) FILTER (WHERE quality = ''substituted'')::integer,
        count(*) FILTER (WHERE quality = ''estimated'')::integer, count(*) FILTER (WHERE quality = ''calculated'')::integer, count(*) FILTER (WHERE quality = ''missing'')::integer
        FROM sgtest.seen WHERE %2$s GROUP BY %1$s', columns, condition)
$$;

-- none: the SQLSTATE if one sees nothing of it; who will be the owner sees that nothing is there.
CREATE TABLE sgtest.question (n integer GENERATED ALWAYS AS IDENTITY, asked text, truth text, none text);
INSERT INTO sgtest.question (asked, truth, none)
SELECT replace(replace(q.asked, 'PAST', quote_literal(:'past')), 'OPEN_DAY', quote_literal(:'open_day')), replace(replace(q.truth, 'PAST', quote_literal(:'past')), 'OPEN_DAY', quote_literal(:'open_day')), q.none
FROM (VALUES
    -- The views, and the functions below them, however they are asked.
    ('SELECT grid, point, kind, owner, day, start, amount, quality FROM sg_intervals WHERE quality <> ''missing''',
     'SELECT grid, point, kind, owner, day, start, amount, quality FROM sgtest.seen WHERE quality <> ''missing''', NULL),
    ('SELECT point, owner, start, amount, kwh, quality FROM sg_intervals WHERE day = ''2024-03-31''',
     'SELECT point, owner, start, amount, round(amount / 1000.0, 3), quality FROM sgtest.seen WHERE day = ''2024-03-31''', NULL),
    ('SELECT point, owner, start, amount, quality FROM sg_intervals WHERE point IN (''A'', ''B'', ''C'', ''D'', ''O'') AND day >= ''2024-03-31'' AND start <@ PAST::tstzrange',
     'SELECT point, owner, start, amount, quality FROM sgtest.seen WHERE day >= ''2024-03-31'' AND start <@ PAST::tstzrange', NULL),
    ('SELECT point, owner, start, amount, quality FROM sg_intervals WHERE day = OPEN_DAY', 'SELECT point, owner, start, amount, quality FROM sgtest.seen WHERE day = OPEN_DAY', NULL),
    ('SELECT point, owner, start, amount FROM smartgrid.interval_slots(''{east,west}'', ''{A,B,C,D}'', ''2024-03-31'', ''2024-03-31'', NULL, NULL)',
     'SELECT point, owner, start, amount FROM sgtest.seen WHERE day = ''2024-03-31''', NULL),
    ('SELECT grid, point, kind, owner, day, amount, measured, substituted, estimated, calculated, missing FROM sg_interval_days WHERE day <= ''2024-04-01'' AND day >= ''2024-03-30''',
     sgtest.sums('grid, point, kind, owner, day', 'day <= ''2024-04-01'''), NULL),
    ('SELECT point, owner, amount, measured, substituted, estimated, calculated, missing FROM smartgrid.interval_day_sums(NULL, ''{O,B,A,D}'', OPEN_DAY, OPEN_DAY, NULL, NULL)',
     sgtest.sums('point, owner', 'day = OPEN_DAY AND point <> ''C'''), NULL),
    ('SELECT kind, day, hour, kwh FROM smartgrid.interval_hour_sums(PAST) WHERE kwh <> 0',
     'SELECT kind, day, extract(hour FROM start AT TIME ZONE ''Europe/Vienna'')::integer, round(sum(amount) / 1000, 3) FROM sgtest.east WHERE day <= ''2024-04-01'' GROUP BY 1, 2, 3 HAVING sum(amount) <> 0', NULL),
    -- The functions.
    ('SELECT start, amount, quality, owner, NULLIF(batch, 0) FROM sg_interval_series(''A'', PAST)',
     'SELECT start, amount, quality, owner, NULLIF(batch, 0) FROM sgtest.east WHERE point = ''A'' AND start <@ PAST::tstzrange', 'SG101'),
    ('SELECT start, amount, owner FROM sg_interval_series(''A'', ''[2024-03-31 12:00 Europe/Vienna,2024-03-31 13:00 Europe/Vienna)'', ''1 hour'')',
     'SELECT date_trunc(''hour'', start), sum(amount)::bigint, owner FROM sgtest.east WHERE point = ''A'' AND date_trunc(''hour'', start) = ''2024-03-31 12:00 Europe/Vienna'' GROUP BY 1, 3', 'SG101'),
    ('SELECT start, amount, owner, NULLIF(batch, 0) FROM sg_interval_series(''O'', tstzrange(OPEN_DAY::date - 1, OPEN_DAY::date + 2))',
     'SELECT start, amount, owner, NULLIF(batch, 0) FROM sgtest.east WHERE point = ''O'' AND start <@ tstzrange(OPEN_DAY::date - 1, OPEN_DAY::date + 2) UNION ALL SELECT start, 0, ''sgt_bob'', NULL
      FROM generate_series((OPEN_DAY::date + 1)::timestamp AT TIME ZONE ''Europe/Vienna'', OPEN_DAY::date + 2 - interval ''1 hour'', ''1 hour'') AS start WHERE EXISTS (SELECT FROM sgtest.east WHERE owner = ''sgt_bob'')', 'SG101'),
    ('SELECT start, amount, owner FROM sg_interval_series(''B'', PAST)', 'SELECT start, amount, owner FROM sgtest.east WHERE point = ''B'' AND start <@ PAST::tstzrange', 'SG101'),
    ('SELECT start, amount, owner FROM sg_interval_series(''C'', PAST)', 'SELECT start, amount, owner FROM sgtest.east WHERE point = ''C'' AND start <@ PAST::tstzrange', 'SG101'),
    ('SELECT start FROM sg_interval_series(''D'', PAST)', 'SELECT start FROM sgtest.east WHERE point = ''D''', 'SG101'),
    ('SELECT version FROM sg_interval_versions(''A'', ''2024-03-31 06:00 Europe/Vienna'')',
     'SELECT generate_series(1, versions) FROM sgtest.east WHERE point = ''A'' AND start = ''2024-03-31 06:00 Europe/Vienna''', 'SG101'),
    ('SELECT version FROM sg_interval_versions(''A'', ''2024-03-31 18:00 Europe/Vienna'')',
     'SELECT generate_series(1, versions) FROM sgtest.east WHERE point = ''A'' AND start = ''2024-03-31 18:00 Europe/Vienna''', 'SG101'),
    ('SELECT version FROM sg_interval_versions(''B'', ''2024-03-31 18:00 Europe/Vienna'')',
     'SELECT generate_series(1, versions) FROM sgtest.east WHERE point = ''B'' AND start = ''2024-03-31 18:00 Europe/Vienna''', 'SG101'),
    -- A point that changed hands is told once to who sees all of it.
    ('SELECT point, owner, kind, expected, measured, substituted, estimated, calculated, missing, first_missing FROM sg_completeness(PAST)',
     'SELECT point, (array_agg(owner ORDER BY start DESC))[1], kind, count(*), count(*) FILTER (WHERE quality = ''measured''), count(*) FILTER (WHERE quality = ''substituted''), count(*) FILTER (WHERE quality = ''estimated''),
      count(*) FILTER (WHERE quality = ''calculated''), count(*) FILTER (WHERE quality = ''missing''), min(start) FILTER (WHERE quality = ''missing'') FROM sgtest.east WHERE start <@ PAST::tstzrange GROUP BY point, kind', NULL),
    ('SELECT point, gap, slots FROM sg_gaps(PAST)',
     'SELECT point, tstzrange(min(start), max(start) + min(minutes) * interval ''1 minute''), count(*)
      FROM (SELECT e.*, e.start - minutes * interval ''1 minute'' * row_number() OVER (PARTITION BY point ORDER BY start) AS island FROM sgtest.east AS e WHERE quality = ''missing'' AND start <@ PAST::tstzrange) AS m
      GROUP BY point, island', NULL),
    ('SELECT split_part(line, '','', 1), split_part(line, '','', 2)::timestamptz, split_part(line, '','', 3)::numeric, split_part(line, '','', 4) FROM sg_export(''long'', PAST) AS line WHERE line NOT LIKE ''point,%''',
     'SELECT point, start, trim_scale(round(amount / 1000.0, 3)), quality FROM sgtest.east WHERE quality <> ''missing'' AND start <@ PAST::tstzrange', NULL),
    ('SELECT split_part(line, '','', 2)::timestamptz, split_part(line, '','', 3)::numeric FROM sg_export(''long'', PAST, ''{A}'') AS line WHERE line NOT LIKE ''point,%''',
     'SELECT start, trim_scale(round(amount / 1000.0, 3)) FROM sgtest.east WHERE point = ''A'' AND quality <> ''missing'' AND start <@ PAST::tstzrange', 'SG101'),
    ('SELECT count(*) FROM sg_export(''wide'', PAST, ''{B}'') HAVING count(*) > 0', 'SELECT count(*) + 1 FROM sgtest.east WHERE point = ''B'' AND quality <> ''missing'' AND day <= ''2024-04-01'' HAVING count(*) > 0', 'SG101'),
    ('SELECT point, owner, kind, sum(amount) FROM sg_allocate(PAST) GROUP BY 1, 2, 3',
     'SELECT point, owner, kind, sum(amount) FROM sgtest.east WHERE kind <> ''exchange'' AND start <@ PAST::tstzrange GROUP BY 1, 2, 3', NULL),
    ('SELECT point, owner, sum(amount)::numeric FROM sg_allocation_sums(PAST) GROUP BY 1, 2',
     'SELECT point, owner, sum(amount)::numeric FROM sgtest.east WHERE kind <> ''exchange'' AND start <@ PAST::tstzrange GROUP BY 1, 2', NULL),
    -- Three owners took part: totals are for readers of the grid alone.
    ('SELECT produced, consumed FROM sg_community(PAST)',
     'SELECT sum(amount) FILTER (WHERE kind = ''production'')::bigint, sum(amount) FILTER (WHERE kind = ''consumption'')::bigint FROM sgtest.east
      WHERE day <= ''2024-04-01'' AND EXISTS (SELECT FROM sgtest.east WHERE point = ''C'') GROUP BY date_trunc(''month'', day)', NULL),
    -- Tables, days and slots as they are packed, and what functions and aggregates make of them.
    ('SELECT n.name, sg_day_sum(d.data), sg_day_slots(d.data) FROM smartgrid.interval_day AS d JOIN smartgrid.point_name AS n USING (point_id)
      WHERE NOT EXISTS (SELECT FROM smartgrid.interval_day AS later WHERE (later.point_id, later.day) = (d.point_id, d.day) AND later.version > d.version)',
     'SELECT point, sum(amount)::bigint, count(*)::integer FROM sgtest.truth AS t JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND t.grid = ANY (p.reads)
      WHERE day < OPEN_DAY GROUP BY point, day HAVING sum(amount) > 0', NULL),
    ('SELECT u.start, u.amount FROM smartgrid.interval_day AS d, sg_day_unnest(d.data, d.day) AS u WHERE u.quality <> ''missing'' AND d.version = 1',
     'SELECT l.start, l.amount FROM sgtest.loaded AS l JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND l.grid = ANY (p.reads) WHERE l.day < OPEN_DAY', NULL),
    ('SELECT sg_days_sum(data), sg_day_sum(sg_days_by_slot(data)), sg_days_sum(data, day, PAST) FROM smartgrid.interval_day WHERE day = ''2024-04-01'' AND sg_day_slots(data) < 30 HAVING count(*) > 0',
     'SELECT sum(amount)::bigint, sum(amount)::bigint, sum(amount)::bigint FROM sgtest.loaded AS l JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND l.grid = ANY (p.reads)
      WHERE l.day = ''2024-04-01'' AND l.point <> ''A'' HAVING count(*) > 0', NULL),
    ('SELECT start, minutes FROM smartgrid.open_slot WHERE length(data) > 0',
     'SELECT DISTINCT ON (l.grid, l.start) l.start, 60 FROM sgtest.loaded AS l JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND l.grid = ANY (p.reads) WHERE l.day = OPEN_DAY', NULL),
    ('SELECT pack_id FROM smartgrid.interval_pack', 'SELECT k.pack_id FROM smartgrid.interval_pack AS k JOIN smartgrid.grid AS g USING (grid_id) JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND g.name = ANY (p.reads)', NULL),
    -- One who loads sees what it has loaded, too.
    ('SELECT grid, batch FROM sg_batches', 'SELECT b.grid, b.batch FROM sg_batches AS b JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND (b.grid = ANY (p.reads) OR b.loaded_by = p.principal)', NULL),
    ('SELECT line FROM sg_batches AS b, sg_batch_lines(b.batch) AS line WHERE b.label = ''past'' AND b.grid = ''east'' UNION ALL SELECT line FROM sg_batch_lines((SELECT min(n) FROM generate_series(1, 1) AS n)) AS line WHERE false',
     'SELECT line FROM sg_batches AS b JOIN sgtest.person AS p ON p.who = current_setting(''sgt.who'') AND b.grid = ANY (p.reads), sg_batch_lines(b.batch) AS line WHERE b.label = ''past'' AND b.grid = ''east''', NULL)
) AS q (asked, truth, none);

SET LOCAL smartgrid.grid = 'east';
CREATE TEMPORARY TABLE answer AS
SELECT q.n, q.asked, p.who, sgtest.try(p.who, sgtest.digest_of(q.asked), '{"smartgrid.grid": "east"}') AS answer, e.expected, q.none
FROM sgtest.question AS q CROSS JOIN sgtest.person AS p CROSS JOIN LATERAL sgtest.expected(p.who, q.truth) AS e (expected);
SELECT is(answer, CASE WHEN none IS NOT NULL AND expected = '0:' AND (who <> 'sgt_carl' OR asked !~ '''\{?[AO]\}?''' OR asked ~ 'versions') THEN none ELSE expected END, format('%s: %s', who, regexp_replace(asked, '\s+', ' ', 'g'))) FROM answer ORDER BY n, who;
SELECT is_empty($$SELECT asked FROM answer WHERE who = 'sgt_east_operator' AND asked !~ '''D''' AND expected = '0:'$$, 'each of them has something to tell');

SELECT is(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), refused, format('%s: %s', who, query))
FROM sgtest.person AS p,
     (VALUES ('SELECT count(*) FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v', '42501', '{}'::text[]),
             ('SELECT count(*) > 0 FROM sg_verify_batches()', 'SG100', '{sgt_east_operator,sgt_operator,sgt_auditor}'),
             ('SELECT count(*) > 0 FROM sg_batch_lines((SELECT batch_id FROM smartgrid.batch WHERE label = ''past'' UNION ALL SELECT 1 LIMIT 1))', 'SG100', '{sgt_east_operator,sgt_operator,sgt_auditor}')) AS q (query, refused, but)
WHERE p.who <> ALL (q.but)
ORDER BY query, who;
-- Nor is there a way round.
SELECT is(sgtest.try('sgt_bob', format('SELECT count(*) FROM smartgrid.%s', t), '{"row_security": "off"}'), '42501', 'row_security = off is refused: ' || t)
FROM unnest('{batch,interval_day,interval_pack,open_slot}'::text[]) AS t;

------------------------------------------------------------------------------------------------- functions in queries
-- A function of one's own that costs nothing is shown no row of others, by whatever plan.
CREATE TABLE public.sgt_peeked (what text);
GRANT ALL ON public.sgt_peeked TO PUBLIC;
CREATE FUNCTION public.sgt_peek(what text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN INSERT INTO public.sgt_peeked VALUES (what); RETURN true; END $$;
CREATE FUNCTION sgtest.peeked(who text, query text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    DELETE FROM public.sgt_peeked;
    PERFORM set_config(key, value, true) FROM jsonb_each_text(settings);
    PERFORM sgtest.keep(who, query, '{"smartgrid.grid": "east"}');
    PERFORM set_config(key, 'on', true) FROM jsonb_each_text(settings);
    SELECT string_agg(DISTINCT what, ' ') INTO answer FROM public.sgt_peeked;
    RETURN answer;
END $$;
SELECT is(sgtest.peeked(c.who, e.explain || q.query, s.settings::jsonb), c.sees[q.n], format('%s peeks, %s: %s%s', c.who, s.settings, e.explain, q.query))
FROM (VALUES (1, 'SELECT count(*) FROM sg_intervals WHERE public.sgt_peek(point || owner) AND day = ''2024-03-31'''),
             (2, 'SELECT count(*) FROM sg_interval_days AS d WHERE public.sgt_peek(point || owner) AND day = ''2024-03-31'''),
             (3, 'SELECT count(*) FROM smartgrid.interval_day WHERE public.sgt_peek(point_id::text) AND public.sgt_peek(data::text)'),
             (3, 'SELECT sg_days_sum(data) FROM smartgrid.interval_day WHERE public.sgt_peek(sg_day_sum(data)::text)'),
             (3, 'SELECT count(*) FROM smartgrid.open_slot WHERE public.sgt_peek(data::text)'),
             (3, 'SELECT count(*) FROM smartgrid.interval_pack WHERE public.sgt_peek(batches::text)'),
             (3, 'SELECT count(*) FROM sg_batches WHERE public.sgt_peek(label)'),
             (1, 'SELECT count(*) FROM (SELECT point, owner FROM sg_allocate(''[2024-03-31 00:00 Europe/Vienna,2024-04-01 00:00 Europe/Vienna)'')) AS a WHERE public.sgt_peek(point || owner)'),
             (2, 'SELECT count(*) FROM sg_points AS p JOIN sg_interval_days AS d USING (grid, point) WHERE public.sgt_peek(d.point || d.owner) AND d.day = ''2024-03-31''')) AS q (n, query),
     (VALUES ('sgt_alice', '{Asgt_alice,Asgt_alice,NULL}'::text[]), ('sgt_bob', '{Asgt_bob,Asgt_bob,NULL}'), ('sgt_eve', '{Bsgt_eve,Bsgt_eve,NULL}'), ('sgt_carl', '{NULL,NULL,NULL}'),
             ('sgt_gateway', '{NULL,NULL,NULL}'), ('sgt_nobody', '{NULL,NULL,NULL}')) AS c (who, sees),
     (VALUES (''), ('EXPLAIN (ANALYZE, VERBOSE) ')) AS e (explain),
     (VALUES ('{}'), ('{"enable_seqscan": "off", "enable_hashjoin": "off"}'), ('{"enable_indexscan": "off", "enable_bitmapscan": "off"}')) AS s (settings)
-- Of alice no point is shown any more, whatever is joined first.
WHERE NOT (c.who = 'sgt_alice' AND q.query ~ 'sg_points')
ORDER BY q.query, c.who, e.explain, s.settings;
-- EXPLAIN says no values, and of the view as many rows as one sees.
CREATE FUNCTION sgtest.explained(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, SUMMARY OFF, COSTS OFF) ' || query LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END $$;
SELECT is(substring(sgtest.try(p.who, $$SELECT sgtest.explained('SELECT * FROM sg_intervals WHERE day = ''2024-03-31''')$$, '{"smartgrid.grid": "east"}'), 'Function Scan on smartgrid.interval_slots.*?rows=(\d+) loops'),
          split_part(sgtest.expected(p.who, 'SELECT n FROM sgtest.seen WHERE day = ''2024-03-31'''), ':', 1), 'EXPLAIN ANALYZE: ' || p.who)
FROM sgtest.person AS p ORDER BY p.who;
-- What is expected of a condition on what is packed does not depend on what is there.
ANALYZE smartgrid.interval_day, smartgrid.open_slot, smartgrid.batch;
CREATE FUNCTION sgtest.expected_rows(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT is((SELECT count(DISTINCT sgtest.try('sgt_eve', format('SELECT sgtest.expected_rows(%L)', format('SELECT FROM smartgrid.interval_day WHERE data = %L', d.data))))
           FROM (SELECT data FROM smartgrid.interval_day UNION ALL SELECT '+01:00 1x60 1') AS d), 1::bigint, 'EXPLAIN does not tell whether a day is there');

--------------------------------------------------------------------------------------------------------- sg_create_api
SELECT ok(sg_create_api('interval api', 'sgt_members'), 'an API for members');
SELECT is(sgtest.try(p.who, replace(replace(sgtest.digest_of(q.asked), 'sg_intervals', '"interval api".metered_intervals'), 'sg_interval_days', '"interval api".interval_days'), '{"smartgrid.grid": "east"}'), sgtest.expected(p.who, q.truth), format('API, %s: %s', p.who, regexp_replace(q.asked, '\s+', ' ', 'g')))
FROM sgtest.question AS q, sgtest.person AS p
WHERE q.asked ~ 'sg_intervals|sg_interval_days' AND p.who IN ('sgt_alice', 'sgt_bob', 'sgt_carl', 'sgt_eve', 'sgt_wanda', 'sgt_nobody')
ORDER BY q.n, p.who;
SELECT is(sgtest.try(p.who, sgtest.digest_of(replace(q.asked, q.name, q.wrapped)), '{"smartgrid.grid": "east"}'), a.answer, format('API, %s: %s', p.who, q.wrapped))
FROM (SELECT q.*, w.* FROM sgtest.question AS q, (VALUES ('sg_interval_series(', '"interval api".get_interval_series('), ('sg_completeness(', '"interval api".get_completeness('),
                          ('sg_gaps(', '"interval api".get_gaps('), ('sg_export(', '"interval api".export_intervals('), ('sg_allocate(', '"interval api".get_allocation(')) AS w (name, wrapped)
      WHERE strpos(q.asked, w.name) > 0) AS q
     JOIN answer AS a ON a.n = q.n JOIN sgtest.person AS p ON p.who = a.who
WHERE p.who IN ('sgt_alice', 'sgt_bob', 'sgt_carl', 'sgt_eve', 'sgt_wanda', 'sgt_nobody') ORDER BY q.n, p.who;
SELECT is(sgtest.try('sgt_gateway', 'SELECT count(*) FROM "interval api".metered_intervals'), '42501', 'the API is for members alone');

SELECT * FROM finish();
ROLLBACK;
