-- The views on the ledger, trades and participants: who finds which rows, each once, and how much the server reads for that.

\ir lib/begin.sql
\ir lib/caller.sql
\set entries 20000
\ir lib/parties.sql
SELECT no_plan();

------------------------------------------------------------------------------------------------------ who sees what
-- What everybody has to see, straight from the tables. The names in a row that one sees are never hidden.
CREATE TEMPORARY TABLE viewer (n integer GENERATED ALWAYS AS IDENTITY, who text, principal text, whole text[]);
INSERT INTO viewer (who, principal, whole) VALUES
    ('sgt_stranger', 'sgt_stranger', '{}'), ('sgt_solo', 'sgt_solo', '{}'), ('sgt_busy', 'sgt_busy', '{}'), ('sgt_two', 'sgt_two', '{}'), ('sgt_five', 'sgt_five', '{}'),
    ('sgt_mixed', 'sgt_mixed', '{north}'), ('sgt_north_operator', '', '{north}'),
    ('sgt_operator', '', '{default,north,east,south,west,center}'), ('sgt_auditor', '', '{default,north,east,south,west,center}'),
    ('sgt_gateway', '', '{}'), ('sgt_gateway@sgt_two', 'sgt_two', '{}'), ('sgt_gateway@sgt_five', 'sgt_five', '{}'), ('', '', '{default,north,east,south,west,center}');
CREATE TEMPORARY TABLE fact AS
SELECT 'sg_ledger' AS relation, l.entry_id AS key, g.name AS grid, p.principal AS one, c.principal AS other
FROM smartgrid.ledger AS l JOIN smartgrid.grid AS g USING (grid_id) JOIN smartgrid.participant AS p ON p.participant_id = l.participant_id
     LEFT JOIN smartgrid.participant AS c ON c.participant_id = l.counterparty_id
UNION ALL
SELECT 'sg_trades', t.trade_id, g.name, s.principal, b.principal
FROM smartgrid.trade AS t JOIN smartgrid.grid AS g USING (grid_id) JOIN smartgrid.participant AS s ON s.participant_id = t.seller_id
     JOIN smartgrid.participant AS b ON b.participant_id = t.buyer_id
UNION ALL
SELECT r.relation, p.participant_id, g.name, p.principal, NULL
FROM smartgrid.participant AS p JOIN smartgrid.grid AS g USING (grid_id), (VALUES ('sg_consumers'), ('sg_producers'), ('sg_storages')) AS r (relation);
CREATE TEMPORARY TABLE reading (n integer GENERATED ALWAYS AS IDENTITY, relation text, rows text, page text, named text);
INSERT INTO reading (relation, rows, page, named) VALUES
    ('sg_ledger', 'entry_id AS key, grid, participant AS one, counterparty AS other FROM sg_ledger', 'ORDER BY entry_id DESC', 'participant'),
    ('sg_trades', 'trade_id AS key, grid, seller AS one, buyer AS other FROM sg_trades', 'ORDER BY trade_id DESC', 'seller'),
    ('sg_consumers', 'participant_id AS key, grid, principal AS one, NULL AS other FROM sg_consumers', 'ORDER BY participant_id DESC', 'principal'),
    ('sg_producers', 'participant_id AS key, grid, principal AS one, NULL AS other FROM sg_producers', 'ORDER BY participant_id DESC', 'principal'),
    ('sg_storages', 'participant_id AS key, grid, principal AS one, NULL AS other FROM sg_storages', 'ORDER BY participant_id DESC', 'principal');

CREATE FUNCTION sgtest.compare(filters integer[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT public.is(sgtest.try(v.who, format('SELECT format(''%%s rows, %%s'', count(*), md5(string_agg(concat_ws('' '', key, grid, one, other), ''/'' ORDER BY key))) FROM (SELECT %s %s) AS r',
                                              r.rows, s.filter)),
                     (SELECT CASE WHEN expected ~ '[ ,]' THEN '"' || expected || '"' ELSE expected END
                      FROM (SELECT format('%s rows, %s', count(*), md5(string_agg(concat_ws(' ', key, grid, one, other), '/' ORDER BY key))) AS expected
                            FROM (SELECT f.* FROM fact AS f
                                  WHERE f.relation = r.relation AND (v.principal IN (f.one, f.other) OR f.grid = ANY (v.whole)) AND (s.name IS NULL OR f.one = ANY (s.name))
                                  ORDER BY key DESC LIMIT s.most) AS e) AS x),
                     format('%s: %s %s', coalesce(NULLIF(v.who, ''), 'superuser'), r.relation, s.filter))
    FROM viewer AS v, reading AS r,
         LATERAL (VALUES (1, '', NULL::bigint, NULL::text[]), (2, r.page || ' LIMIT 50', 50, NULL), (3, r.page || ' LIMIT 7', 7, NULL),
                         (4, format('WHERE %s = ''sgt_two''', r.named), NULL, '{sgt_two}'), (5, format('WHERE ''house 9'' = %s', r.named), NULL, '{house 9}'),
                         (6, format('WHERE %s IN (''sgt_five'', ''house 7'') %s LIMIT 20', r.named, r.page), 20, '{sgt_five,house 7}'),
                         (7, format('WHERE %s = ''nobody''', r.named), NULL, '{nobody}')) AS s (n, filter, most, name)
    WHERE s.n = ANY (filters)
    ORDER BY v.n, r.n, s.n
$$;
-- First by no statistics at all, then by those of ANALYZE.
SELECT sgtest.compare('{1,2,3,4,5,6,7}');
\set page_ledger 'SELECT * FROM sg_ledger ORDER BY entry_id DESC LIMIT 50'
\set page_ledger_up 'SELECT * FROM sg_ledger ORDER BY entry_id LIMIT 50'
\set page_trades 'SELECT * FROM sg_trades ORDER BY trade_id DESC LIMIT 50'
\set own_consumers 'SELECT * FROM sg_consumers'
\set own_producers 'SELECT * FROM sg_producers'
\set own_storages 'SELECT * FROM sg_storages'

------------------------------------------------------------------------------------------------------------- effort
-- A plan's figures: its cost, which decides whether it is compiled (jit_above_cost), the pages it touched, and the rows
-- that its scans read, those that a filter took out included.
CREATE FUNCTION sgtest.effort(who text, statement text, OUT cost numeric, OUT pages bigint, OUT rows numeric, OUT rows_returned bigint, OUT compiled boolean)
    LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    PERFORM set_config('session_authorization', who, true);
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ' || statement INTO plan;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    cost := plan #>> '{0,Plan,Total Cost}';
    pages := (plan #>> '{0,Plan,Shared Hit Blocks}')::bigint + (plan #>> '{0,Plan,Shared Read Blocks}')::bigint;
    rows_returned := (plan #>> '{0,Plan,Actual Rows}')::numeric::bigint;
    compiled := plan -> 0 ? 'JIT';
    SELECT sum(((node ->> 'Actual Rows')::numeric + coalesce((node ->> 'Rows Removed by Filter')::numeric, 0)) * (node ->> 'Actual Loops')::numeric) INTO rows
    FROM jsonb_path_query(plan, 'lax $.**') AS node
    WHERE jsonb_typeof(node) = 'object' AND node ? 'Relation Name' AND node ->> 'Relation Name' IN ('ledger', 'trade', 'consumer', 'producer', 'storage');
END $$;
CREATE TEMPORARY TABLE page (n integer GENERATED ALWAYS AS IDENTITY, who text, statement text, rows_returned bigint);
INSERT INTO page (who, statement, rows_returned)
SELECT w.who, s.statement, CASE WHEN w.who = 'sgt_stranger' THEN 0 WHEN s.pages THEN 50 WHEN w.who = 'sgt_two' THEN 2 ELSE 1 END
FROM (VALUES (1, 'sgt_stranger', false), (2, 'sgt_solo', false), (3, 'sgt_busy', false), (4, 'sgt_two', false), (5, 'sgt_north_operator', true), (6, 'sgt_operator', true),
             (7, 'sgt_auditor', true), (8, 'postgres', true)) AS w (n, who, whole),
     (VALUES (1, :'page_ledger', true), (2, :'page_ledger_up', true), (3, :'page_trades', true), (4, :'own_consumers', false), (5, :'own_producers', false), (6, :'own_storages', false))
     AS s (n, statement, pages)
WHERE s.pages OR NOT w.whole ORDER BY s.n, w.n;

CREATE FUNCTION sgtest.check_effort(most integer, comment text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    p record;
    e record;
    statement text;
BEGIN
    FOR p IN SELECT * FROM page ORDER BY n LOOP
        statement := replace(p.statement, '50', most::text);
        e := sgtest.effort(p.who, statement);
        RETURN NEXT public.is(e.rows_returned, least(p.rows_returned, most), format('%s: %s, %s, finds its rows', statement, p.who, comment));
        IF e.rows <= 300 AND e.pages <= 1000 AND e.cost < 2000 AND NOT e.compiled THEN
            RETURN NEXT public.pass(format('%s: %s, %s, reads few, and the planner expects no more', statement, p.who, comment));
        ELSE
            RETURN NEXT public.fail(format('%s: %s, %s, reads %s rows, %s pages, at a cost of %s', statement, p.who, comment, e.rows, e.pages, e.cost));
        END IF;
    END LOOP;
END $$;
-- Without statistics, the planner takes everybody for having a 200th of the rows: few here, so the page has to be shorter.
SELECT sgtest.check_effort(5, 'without statistics');
ANALYZE smartgrid.ledger, smartgrid.trade, smartgrid.participant, smartgrid.consumer, smartgrid.producer, smartgrid.storage, smartgrid.grid;
SELECT sgtest.compare('{2,5,6}');
SELECT sgtest.check_effort(50, 'with statistics');
-- A member of more grids has its rows of all but two read and sorted, and no others.
SELECT ok(rows <= 500 AND pages < 10000, 'somebody in five grids') FROM sgtest.effort('sgt_five', :'page_ledger');
-- What a query asks for beyond the order still helps.
SELECT ok(e.rows <= r.most, format('%s: %s rows', r.statement, e.rows))
FROM (VALUES (1, 'sgt_operator', $$SELECT * FROM sg_ledger WHERE participant = 'house 9' ORDER BY entry_id DESC LIMIT 50$$, 800),
             (2, 'sgt_operator', $$SELECT kind, count(*) FROM sg_ledger WHERE participant IN ('house 9', 'house 8') GROUP BY kind$$, 1500),
             (3, 'sgt_north_operator', $$SELECT * FROM sg_ledger WHERE participant = 'house 9' ORDER BY entry_id DESC LIMIT 50$$, 800),
             (4, 'sgt_operator', $$SELECT count(*) FROM sg_trades WHERE seller = 'house 9'$$, 800),
             (5, 'sgt_operator', $$SELECT count(*) FROM sg_trades WHERE buyer = 'house 9'$$, 800),
             (6, 'sgt_operator', $$SELECT count(*) FROM sg_ledger WHERE entry_id > (SELECT max(entry_id) - 200 FROM smartgrid.ledger)$$, 300),
             (7, 'sgt_operator', $$SELECT * FROM sg_ledger WHERE entry_id = 777$$, 10),
             (8, 'sgt_operator', $$SELECT * FROM sg_consumers WHERE principal = 'house 9'$$, 10),
             (9, 'sgt_busy', $$SELECT * FROM sg_ledger WHERE entry_id BETWEEN 20000 AND 20100$$, 150)) AS r (n, who, statement, most),
     LATERAL sgtest.effort(r.who, r.statement) AS e ORDER BY r.n;

------------------------------------------------------------------------------------- plans that outlive their caller
-- A plan that is kept serves whoever comes next in the session: another principal, another role, the same role with other rights.
PREPARE newest AS SELECT max(entry_id) FROM sg_ledger;
PREPARE newest_page AS SELECT entry_id FROM sg_ledger ORDER BY entry_id DESC LIMIT 1;
SELECT max(key) FILTER (WHERE 'sgt_solo' IN (one, other)) AS solo, max(key) FILTER (WHERE 'sgt_two' IN (one, other)) AS two,
       max(key) FILTER (WHERE 'sgt_five' IN (one, other)) AS five, max(key) FILTER (WHERE grid = 'north') AS north, max(key) AS everything
FROM fact WHERE relation = 'sg_ledger' \gset
CREATE FUNCTION sgtest.newest(who text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', sgtest.keep(who, 'EXECUTE newest'), sgtest.keep(who, 'EXECUTE newest_page'))
$$;
SELECT is(sgtest.newest('sgt_gateway@sgt_solo'), :'solo' || ' ' || :'solo', 'a gateway for one');
SELECT is(sgtest.newest('sgt_gateway@sgt_two'), :'two' || ' ' || :'two', 'for one of two grids');
SELECT is(sgtest.newest('sgt_gateway@sgt_five'), :'five' || ' ' || :'five', 'for one of five grids');
SELECT is(sgtest.newest('sgt_gateway'), '', 'for nobody');
SELECT is(sgtest.newest('sgt_gateway@sgt_solo'), :'solo' || ' ' || :'solo', 'for the first again');
SELECT is(sgtest.newest('sgt_solo'), :'solo' || ' ' || :'solo', 'as a member');
GRANT sgt_north TO sgt_solo;
SELECT is(sgtest.newest('sgt_solo'), :'north' || ' ' || :'north', 'who becomes operator');
SELECT is(sgtest.newest('sgt_operator'), :'everything' || ' ' || :'everything', 'as an operator of everything');
SELECT is(sgtest.newest('sgt_solo'), :'north' || ' ' || :'north', 'an operator of one grid');
REVOKE sgt_north FROM sgt_solo;
SELECT is(sgtest.newest('sgt_solo'), :'solo' || ' ' || :'solo', 'who is a member again');

SELECT * FROM finish();
ROLLBACK;
