-- What the planner makes of the views on the ledger, trades and accounts: no hint takes a row away or shows one, whoever plans
-- and whoever runs; no function of the caller sees a row of others.

\ir lib/begin.sql
\ir lib/caller.sql
\set entries 2500
\ir lib/parties.sql
SELECT no_plan();
SET LOCAL jit = off;     -- plans that are not the cheapest would be compiled
ANALYZE smartgrid.ledger, smartgrid.trade, smartgrid.participant, smartgrid.consumer, smartgrid.producer, smartgrid.storage, smartgrid.grid;

-------------------------------------------------------------------------------------------------------------- hints
SELECT is_empty($$
    SELECT g, grids FROM unnest('{-2147483648,-1,0,1,2,2147483647}'::integer[]) AS g,
                         unnest(ARRAY['{}', '{1}', '{2,1}', '{3,4,5}', '[-1:1]={0,-1,2}', '{{1,2},{3,4}}', '{2147483647}', '{-2147483648}']) AS grids
    WHERE smartgrid.hint_other_grid(g, grids::integer[]) IS DISTINCT FROM g <> ALL (grids::integer[])
$$, 'hint_other_grid() is what it says');
SELECT is(smartgrid.hint_other_grid(1, NULL), NULL, 'nothing is known of no grids');
SELECT throws_ok($$SELECT smartgrid.hint_other_grid(1, '{2,NULL}')$$, '22004', NULL, 'nor of an unknown one');

-- Conditions on names, wherever a query may have them: a view gives the same as a subquery that the planner cannot look into.
-- {l} and {t} stand for the ledger and the trades.
CREATE TEMPORARY TABLE query (n integer GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO query (statement) VALUES
    ($$SELECT count(*), count(x), sum(l.energy) FROM {l} LEFT JOIN (VALUES (1), (9)) AS v (x) ON l.participant = 'house 9' AND x < l.energy$$),
    ($$SELECT count(*), count(x), sum(l.energy) FROM (VALUES (1), (9)) AS v (x) RIGHT JOIN {l} ON l.participant IN ('house 9', 'sgt_solo')$$),
    ($$SELECT count(*), count(l.energy) FROM (VALUES (1), (9)) AS v (x) LEFT JOIN {l} ON l.participant = 'house 9' AND l.energy < 3000 * x$$),
    ($$SELECT count(*), count(l.energy) FROM (VALUES (1), (9)) AS v (x) LEFT JOIN {l} ON l.entry_id = x WHERE l.participant IS NULL OR l.energy > 1$$),
    ($$SELECT count(*), count(x) FROM generate_series(1, 3000) AS x LEFT JOIN {l} ON l.entry_id = x WHERE l.participant = 'house 9'$$),
    ($$SELECT count(*), count(x), count(l.energy) FROM generate_series(1, 100) AS x FULL JOIN {l} ON l.entry_id = x WHERE l.participant = 'sgt_busy'$$),
    ($$SELECT count(*), count(x), count(l.energy) FROM generate_series(1, 100) AS x FULL JOIN {l} ON l.entry_id = x$$),
    ($$SELECT count(*) FROM generate_series(1, 5000) AS x WHERE NOT EXISTS (SELECT FROM {l} WHERE l.entry_id = x AND l.participant = 'house 9')$$),
    ($$SELECT count(*) FROM generate_series(1, 5000) AS x WHERE x IN (SELECT l.entry_id FROM {l} WHERE l.participant = 'house 9')$$),
    ($$SELECT count(*) FROM generate_series(1, 5000) AS x WHERE x NOT IN (SELECT l.entry_id FROM {l} WHERE l.participant = 'house 9')$$),
    ($$SELECT count(*) FROM {l} LEFT JOIN {t} ON l.participant = 'house 9' AND t.seller = 'house 7' AND t.amount = l.energy$$),
    ($$SELECT count(*), count(t.amount) FROM {t} JOIN {l} ON t.seller = 'house 9' AND l.participant = t.seller AND t.amount = l.energy$$),
    ($$SELECT name, n FROM (VALUES ('house 9'), ('sgt_two'), (NULL)) AS v (name), LATERAL (SELECT count(*) AS n FROM {l} WHERE l.participant = name) AS c WHERE name = 'sgt_two'$$),
    ($$SELECT count(*) FROM {l} WHERE 'sgt_two' = l.participant AND l.energy > 5$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = 'house 9' OR l.entry_id = 777$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant <> 'house 9'$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = ANY ('{house 9,NULL,sgt_two,sgt_two}')$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = ANY ('{{house 9,house 8},{sgt_solo,house 7}}')$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = ANY (NULL::text[])$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = ALL ('{house 9,house 9}')$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = NULL::text$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = 'house 9' COLLATE "C"$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant::varchar = 'house 9'::varchar$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = 'house 9  '::bpchar$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = (SELECT 'house ' || 9)$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = (SELECT min(t.seller) FROM {t} WHERE t.buyer = 'sgt_busy')$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = current_setting('application_name') || 'house 9'$$),
    ($$SELECT count(*) FROM {l} WHERE l.participant = l.counterparty$$),
    ($$SELECT count(*) FROM {l} WHERE l.counterparty = 'house 9' AND l.participant IN ('sgt_busy', 'house 8')$$),
    ($$SELECT l.participant, count(*) FROM {l} WHERE l.participant IN ('house 9', 'sgt_two') GROUP BY 1 HAVING l.participant = 'house 9'$$),
    ($$SELECT count(*), sum(entry_id) FROM (SELECT l.entry_id FROM {l} WHERE l.participant = 'sgt_two' UNION SELECT l.entry_id FROM {l} WHERE l.grid = 'south') AS u$$),
    ($$SELECT count(*) FROM {t} WHERE t.seller = 'house 9'$$),
    ($$SELECT count(*) FROM {t} WHERE t.buyer = 'sgt_busy' AND t.seller = ANY ('{house 9,house 8}')$$),
    ($$SELECT count(*), count(x) FROM {t} LEFT JOIN (VALUES (1), (9)) AS v (x) ON t.buyer = 'sgt_busy' AND x < t.amount$$),
    ($$SELECT count(*) FROM {l} WHERE l.entry_id > 10000 AND l.entry_id < 10500$$),
    ($$SELECT count(*) FROM {l} WHERE l.entry_id = ANY ('{1,777,20000,9223372036854775807}')$$),
    ($$SELECT count(*) FROM {l} WHERE l.entry_id IS NULL$$);
SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS icu \gset
\if :icu
    CREATE COLLATION sgtest.any_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
    GRANT USAGE ON SCHEMA sgtest TO PUBLIC;
    INSERT INTO query (statement) VALUES
        ($$SELECT count(*) FROM {l} WHERE l.participant = 'HOUSE 9' COLLATE sgtest.any_case$$),
        ($$SELECT count(*) FROM {l} WHERE l.participant COLLATE sgtest.any_case IN ('HOUSE 9', 'SGT_solo')$$),
        ($$SELECT count(*) FROM {t} WHERE t.seller = 'HOUSE 9' COLLATE sgtest.any_case$$);
\endif

CREATE TEMPORARY TABLE planning (n integer GENERATED ALWAYS AS IDENTITY, settings jsonb);
INSERT INTO planning (settings) VALUES ('{}'), ('{"enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}');
CREATE FUNCTION sgtest.answer(who text, statement text, settings jsonb DEFAULT '{}', hidden boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT sgtest.try(who, replace(replace(statement, '{l}', replace(form, 'view', 'sg_ledger') || ' AS l'), '{t}', replace(form, 'view', 'sg_trades') || ' AS t'), settings)
    FROM (VALUES (CASE WHEN hidden THEN '(SELECT * FROM view OFFSET 0)' ELSE 'view' END)) AS f (form)
$$;
CREATE TEMPORARY TABLE answered AS
SELECT w.who, q.n, q.statement, sgtest.answer(w.who, q.statement, hidden => true) AS wanted,
       (SELECT string_agg(DISTINCT a.answer, ' / ') FROM (SELECT sgtest.answer(w.who, q.statement, p.settings) AS answer FROM planning AS p) AS a) AS answer
FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_mixed', 'sgt_north_operator', 'sgt_operator', 'sgt_gateway@sgt_five']) AS w (who), query AS q;
SELECT is(answer, wanted, who || ': ' || statement) FROM answered ORDER BY n, who;
SELECT is_empty($$SELECT * FROM answered WHERE answer ~ '^[0-9]*[A-Z][0-9A-Z]*$'$$, 'each gives an answer');

-- Parallel workers do not know the rows of the query around this one: names of such rows are not given to them.
CREATE FUNCTION sgtest.in_parallel(who text, statement text) RETURNS SETOF text LANGUAGE plpgsql
    SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 SET min_parallel_table_scan_size = 0 SET min_parallel_index_scan_size = 0
    SET max_parallel_workers_per_gather = 2 SET parallel_leader_participation = off AS $$
BEGIN
    PERFORM set_config('session_authorization', who, true);
    RETURN QUERY EXECUTE statement;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
END $$;
SELECT matches(string_agg(plan, ' '), 'Workers Planned', 'readers may have workers')
FROM sgtest.in_parallel('sgt_operator', 'EXPLAIN SELECT count(*) FROM sg_ledger') AS plan;
CREATE TEMPORARY TABLE named AS
SELECT p.principal, count(l.entry_id) AS n FROM smartgrid.participant AS p LEFT JOIN smartgrid.ledger AS l USING (participant_id) WHERE p.principal LIKE 'house 1_' GROUP BY 1;
SELECT results_eq(format('SELECT * FROM sgtest.in_parallel(%L, %L)', 'sgt_operator', s.statement), 'SELECT (principal || n) COLLATE "default" FROM named ORDER BY principal', s.statement)
FROM unnest(ARRAY[
    $$SELECT v.name || (SELECT count(*) FROM sg_ledger AS l WHERE l.participant = v.name) FROM (SELECT 'house 1' || n AS name FROM generate_series(0, 9) AS n) AS v ORDER BY 1$$,
    $$SELECT v.name || c.n FROM (SELECT 'house 1' || n AS name FROM generate_series(0, 9) AS n) AS v, LATERAL (SELECT count(*) AS n FROM sg_ledger AS l WHERE l.participant = ANY (ARRAY[v.name, NULL]) OFFSET 0) AS c
       ORDER BY 1$$,
    $$SELECT l.participant || count(*) FROM sg_ledger AS l WHERE l.participant = ANY (ARRAY(SELECT 'house 1' || n FROM generate_series(0, 9) AS n)) GROUP BY l.participant ORDER BY 1$$]) AS s (statement);

------------------------------------------------------------------------------------- plans that outlive their caller
-- A plan that is kept serves whoever comes next: here one role, which is a gateway for several principals, and at times the operator
-- of one grid or of all. Each plans once, and all run the plan. (What changes a grid or a membership may have the server plan anew;
-- that is nothing to rely on.)
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE by_name (text) AS SELECT count(*), sum(entry_id) FROM sg_ledger WHERE participant = $1;
PREPARE page_of (text) AS SELECT string_agg(entry_id::text, ' ') FROM (SELECT entry_id FROM sg_ledger WHERE participant = $1 ORDER BY entry_id DESC LIMIT 5) AS p;
PREPARE keyset (bigint) AS SELECT string_agg(entry_id::text, ' ') FROM (SELECT entry_id FROM sg_ledger WHERE entry_id < $1 ORDER BY entry_id DESC LIMIT 5) AS p;
PREPARE of_seller (text[]) AS SELECT count(*), sum(trade_id) FROM sg_trades WHERE seller = ANY ($1);
PREPARE kinds AS SELECT string_agg(concat_ws(' ', kind, n), ' ') FROM (SELECT kind, count(*) AS n FROM sg_ledger GROUP BY kind ORDER BY kind) AS k;
PREPARE people AS SELECT count(*), sum(participant_id) FROM sg_consumers;
CREATE TEMPORARY TABLE prepared (n integer GENERATED ALWAYS AS IDENTITY, name text, call text, statement text);
INSERT INTO prepared (name, call, statement)
SELECT p.name, p.name || v.arguments, regexp_replace(p.statement, '^.* AS SELECT', 'SELECT')
FROM (VALUES ('by_name', '(''house 9'')'), ('page_of', '(''sgt_two'')'), ('keyset', '(20000)'), ('of_seller', '(''{house 9,sgt_busy}'')'), ('kinds', ''), ('people', '')) AS v (name, arguments)
     JOIN pg_prepared_statements AS p USING (name);
UPDATE prepared SET statement = replace(statement, '$1', CASE name WHEN 'by_name' THEN '''house 9''' WHEN 'page_of' THEN '''sgt_two''' WHEN 'keyset' THEN '20000'
                                                                   ELSE '''{house 9,sgt_busy}''' END);

CREATE TEMPORARY TABLE state (n integer GENERATED ALWAYS AS IDENTITY, principal text, operates text);
INSERT INTO state (principal, operates)
SELECT p, o FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', '']) AS p, unnest(ARRAY['nothing', 'north', '%']) AS o;
CREATE TEMPORARY TABLE operator_before AS SELECT grid_id, operator_role FROM smartgrid.grid;
CREATE FUNCTION sgtest.as_in(state integer, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    s record;
    outcome text;
BEGIN
    SELECT * INTO s FROM state WHERE n = as_in.state;
    IF s.operates <> 'nothing' THEN
        UPDATE smartgrid.grid SET operator_role = 'sgt_gateway'::regrole WHERE name LIKE s.operates;
    END IF;
    outcome := sgtest.keep(concat_ws('@', 'sgt_gateway', NULLIF(s.principal, '')), statement);
    IF s.operates <> 'nothing' THEN
        UPDATE smartgrid.grid AS g SET operator_role = b.operator_role FROM operator_before AS b WHERE b.grid_id = g.grid_id AND g.name LIKE s.operates;
    END IF;
    RETURN outcome;
END $$;
CREATE TEMPORARY TABLE wanted AS
SELECT s.n AS state, p.name, sgtest.as_in(s.n, p.statement) AS outcome FROM state AS s, prepared AS p;
CREATE FUNCTION sgtest.wrong_answers(planner integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    p record;
    s record;
    outcome text;
BEGIN
    FOR p IN SELECT * FROM prepared LOOP
        DISCARD PLANS;      -- the next one plans
        PERFORM sgtest.as_in(planner, 'EXECUTE ' || p.call);
        FOR s IN SELECT * FROM state ORDER BY (n - planner + 12) % 12 LOOP
            outcome := sgtest.as_in(s.n, 'EXECUTE ' || p.call);
            IF outcome IS DISTINCT FROM (SELECT w.outcome FROM wanted AS w WHERE w.state = s.n AND w.name = p.name) THEN
                RETURN NEXT format('%s, planned in state %s, gives in state %s: %s', p.call, planner, s.n, outcome);
            END IF;
        END LOOP;
    END LOOP;
END $$;
SELECT is_empty(format('SELECT sgtest.wrong_answers(%s)', n), format('planned for %s, who operates %s', coalesce(NULLIF(principal, ''), 'nobody'), operates))
FROM state ORDER BY n;
SELECT ok(count(DISTINCT outcome) > 2, name || ' gives several answers') FROM wanted GROUP BY name ORDER BY name;
SELECT ok(generic_plans > 150 AND custom_plans = 0, name || ' was run with generic plans') FROM pg_prepared_statements JOIN prepared USING (name) ORDER BY name;
-- It was one plan: whom it was made for can be told from what it expects.
CREATE FUNCTION sgtest.plan(state integer) RETURNS text LANGUAGE sql AS $$
    SELECT md5(sgtest.as_in(state, 'EXPLAIN (FORMAT JSON) EXECUTE keyset (20000)'))
$$;
SELECT n AS solo FROM state WHERE (principal, operates) = ('sgt_solo', 'nothing') \gset
SELECT n AS five FROM state WHERE (principal, operates) = ('sgt_five', 'nothing') \gset
DISCARD PLANS;
SELECT sgtest.plan(:solo) AS of_solo \gset
SELECT is(sgtest.plan(:five), :'of_solo', 'the plan made for one is run for another');
DISCARD PLANS;
SELECT isnt(sgtest.plan(:five), :'of_solo', 'whose own is another one');

-- A cursor is read as whoever opened it, forward and backward.
CREATE FUNCTION sgtest.fetched(statement text, OUT first_half bigint, OUT back bigint, OUT whole bigint) LANGUAGE plpgsql AS $$
DECLARE
    c refcursor;
    r record;
BEGIN
    OPEN c SCROLL FOR EXECUTE statement;
    MOVE FORWARD 20 IN c;
    GET DIAGNOSTICS first_half = ROW_COUNT;
    MOVE BACKWARD ALL IN c;
    GET DIAGNOSTICS back = ROW_COUNT;
    MOVE FORWARD ALL IN c;
    GET DIAGNOSTICS whole = ROW_COUNT;
    CLOSE c;
END $$;
GRANT USAGE ON SCHEMA sgtest TO PUBLIC;
SELECT is(sgtest.try(w.who, format('SELECT fetched.* FROM sgtest.fetched(%L) AS fetched', q.statement)),
          format('20,19,%s', sgtest.try(w.who, format('SELECT count(*) FROM (%s) AS q', q.statement))), format('%s: cursor of %s', w.who, q.statement))
FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', 'sgt_operator', 'sgt_gateway@sgt_two']) AS w (who),
     unnest(ARRAY['SELECT * FROM sg_ledger ORDER BY entry_id DESC', 'SELECT * FROM sg_ledger', 'SELECT * FROM sg_trades ORDER BY trade_id']) AS q (statement)
WHERE (w.who, q.statement) <> ('sgt_solo', 'SELECT * FROM sg_trades ORDER BY trade_id');      -- has less than 20

--------------------------------------------------------------------------------------------- functions of the caller
-- A function that costs next to nothing and says that it is immutable would be called first, for all rows that a scan meets. It
-- is called for rows that its caller may see anyway: here it notes the keys, each as a cross in its place.
SET LOCAL max_parallel_workers_per_gather = 0;     -- workers cannot tell
SELECT ok(count(*) FILTER (WHERE key >= 7000) = 0, 'keys are small') FROM (SELECT max(entry_id) AS key FROM smartgrid.ledger UNION ALL SELECT max(trade_id) FROM smartgrid.trade
    UNION ALL SELECT max(participant_id) FROM smartgrid.participant) AS k;
CREATE TABLE sgtest.visible AS
SELECT m.who, 'ledger' AS relation, l.entry_id AS key
FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', 'sgt_mixed', 'sgt_stranger']) AS m (who), smartgrid.ledger AS l
WHERE EXISTS (SELECT FROM smartgrid.participant AS p WHERE p.principal = m.who AND p.participant_id IN (l.participant_id, l.counterparty_id))
      OR m.who = 'sgt_mixed' AND l.grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'north')
UNION ALL
SELECT m.who, 'trade', t.trade_id
FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', 'sgt_mixed', 'sgt_stranger']) AS m (who), smartgrid.trade AS t
WHERE EXISTS (SELECT FROM smartgrid.participant AS p WHERE p.principal = m.who AND p.participant_id IN (t.seller_id, t.buyer_id))
      OR m.who = 'sgt_mixed' AND t.grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'north')
UNION ALL
SELECT m.who, 'account', p.participant_id
FROM unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', 'sgt_mixed', 'sgt_stranger']) AS m (who), smartgrid.participant AS p
WHERE p.principal = m.who OR m.who = 'sgt_mixed' AND p.grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'north');
CREATE SCHEMA peek;
GRANT CREATE, USAGE ON SCHEMA peek TO PUBLIC;
SET LOCAL ROLE sgt_stranger;
CREATE FUNCTION peek.look(relation text, key bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 0.0000001 AS $$
BEGIN
    PERFORM set_config('peek.' || relation, overlay(current_setting('peek.' || relation) PLACING 'x' FROM key::integer FOR 1), true);
    RETURN true;
END $$;
CREATE FUNCTION peek.less(one bigint, other bigint) RETURNS boolean LANGUAGE sql IMMUTABLE COST 0.0000001 AS 'SELECT peek.look(''ledger'', one) AND one < other';
CREATE OPERATOR peek.<<< (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = peek.less, RESTRICT = scalarltsel);
RESET ROLE;
CREATE TEMPORARY TABLE look (n integer GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO look (statement) VALUES
    ($$SELECT count(*) FROM sg_ledger WHERE peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM sg_ledger WHERE entry_id OPERATOR(peek.<<<) 100000$$),
    ($$SELECT count(*) FROM sg_ledger WHERE energy > 10 AND kind = 'trade' AND at > '2020-01-01' AND peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM (SELECT * FROM sg_ledger WHERE peek.look('ledger', entry_id) ORDER BY entry_id DESC LIMIT 50) AS p$$),
    ($$SELECT count(*) FROM (SELECT * FROM sg_ledger ORDER BY peek.look('ledger', entry_id), entry_id LIMIT 50) AS p$$),
    ($$SELECT count(peek.look('ledger', entry_id)) FROM sg_ledger$$),
    ($$SELECT count(*) FILTER (WHERE peek.look('ledger', entry_id)) FROM sg_ledger GROUP BY kind$$),
    ($$SELECT count(*) FROM sg_ledger WHERE participant = 'house 9' AND peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM sg_ledger AS l JOIN sg_trades AS t ON peek.look('ledger', l.entry_id) AND peek.look('trade', t.trade_id) AND l.energy = t.amount$$),
    ($$SELECT count(*) FROM sg_ledger AS l LEFT JOIN (VALUES (1), (9)) AS v (x) ON peek.look('ledger', l.entry_id) AND x = l.energy$$),
    ($$SELECT count(*) FROM sg_ledger AS l WHERE EXISTS (SELECT FROM sg_trades AS t WHERE t.amount = l.energy AND peek.look('trade', t.trade_id))$$),
    ($$SELECT count(*) FROM sg_trades WHERE peek.look('trade', trade_id)$$),
    ($$SELECT count(*) FROM sg_trades WHERE buyer = 'sgt_busy' AND peek.look('trade', trade_id)$$),
    ($$SELECT count(*) FROM sg_consumers WHERE peek.look('account', participant_id)$$),
    ($$SELECT count(*) FROM sg_producers WHERE peek.look('account', participant_id) AND principal <> 'house 9'$$),
    ($$SELECT count(*) FROM sg_storages WHERE peek.look('account', participant_id)$$),
    ($$SELECT count(*) FROM smartgrid.ledger WHERE peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM smartgrid.ledger WHERE smartgrid.hint_whole_grid(entry_id) AND peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM smartgrid.ledger WHERE smartgrid.hint_any_party(participant_id) AND smartgrid.shown_name(false, participant_id, 'house 9') = 'house 9'
       AND peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM smartgrid.ledger WHERE smartgrid.hint_other_grid(grid_id, '{}') AND peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM smartgrid.further_entries(0) WHERE peek.look('ledger', entry_id)$$),
    ($$SELECT count(*) FROM smartgrid.further_trades(0) WHERE peek.look('trade', trade_id)$$),
    ($$SELECT count(*) FROM smartgrid.trade WHERE peek.look('trade', trade_id)$$),
    ($$SELECT count(*) FROM smartgrid.participant WHERE peek.look('account', participant_id)$$);
CREATE FUNCTION sgtest.looked(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text;
BEGIN
    PERFORM set_config('peek.' || r, repeat('-', 7000), true) FROM unnest(ARRAY['ledger', 'trade', 'account']) AS r;     -- more than there are keys
    outcome := sgtest.keep(who, 'SELECT (' || statement || ' LIMIT 1)::text');
    IF outcome ~ '^[0-9A-Z]{5}$' AND outcome ~ '[A-Z]' THEN
        RETURN outcome;
    END IF;
    RETURN coalesce((SELECT string_agg(concat_ws(' ', r, key), ', ')
                     FROM unnest(ARRAY['ledger', 'trade', 'account']) AS r, string_to_table(current_setting('peek.' || r), NULL) WITH ORDINALITY AS c (mark, key)
                     WHERE mark = 'x' AND (r, key) NOT IN (SELECT v.relation, v.key FROM sgtest.visible AS v WHERE v.who = looked.who)), 'nothing else');
END $$;
SELECT is(sgtest.looked(w.who, l.statement), 'nothing else', format('%s: %s', w.who, l.statement))
FROM look AS l, unnest(ARRAY['sgt_solo', 'sgt_two', 'sgt_five', 'sgt_mixed', 'sgt_stranger']) AS w (who) ORDER BY l.n, w.who;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT is(sgtest.looked(w.who, l.statement), 'nothing else', format('%s without indexes: %s', w.who, l.statement))
FROM look AS l, unnest(ARRAY['sgt_two', 'sgt_stranger']) AS w (who) ORDER BY l.n, w.who;

SELECT * FROM finish();
ROLLBACK;
