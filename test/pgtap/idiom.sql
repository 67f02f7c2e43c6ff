-- One round trip of a gateway that names the principal and reads (doc/identity.md): every view has the rows of the principal
-- that the statement names, whoever was named before, as it has after a statement of its own that names it.

\ir lib/begin.sql
SELECT no_plan();

\o /dev/null
CREATE ROLE idiom_gateway LOGIN IN ROLE smartgrid_gateway;
SELECT sg_create_grid(g, energy_scale => 3, money_scale => 2) FROM unnest('{east,west,south}'::text[]) AS g;
-- One member of one grid, one of two, and one of four, for views look up three and more in another way.
CREATE TEMPORARY TABLE member (principal text, grid text);
INSERT INTO member VALUES ('one', 'default'), ('two', 'default'), ('two', 'east'), ('four', 'default'), ('four', 'east'), ('four', 'west'), ('four', 'south');
DO $$
DECLARE
    m record;
BEGIN
    FOR m IN SELECT * FROM member ORDER BY grid, principal LOOP
        PERFORM set_config('smartgrid.grid', m.grid, false), set_config('smartgrid.principal', m.principal, false);
        PERFORM sg_register_producer(100000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 500, 500), sg_add_consumer_balance(m.principal, 100000);
        PERFORM sg_report_production(5000 + length(m.principal)), sg_consume_energy(10 + length(m.principal)), sg_charge_storage(5);
        IF m.grid = 'default' THEN
            PERFORM sg_create_trade(o.principal, 200 + length(m.principal), 20) FROM member AS o WHERE o.grid = m.grid AND o.principal < m.principal;
        END IF;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false), set_config('smartgrid.grid', 'default', false);
    PERFORM sg_reverse_entry(l.entry_id, 'wrong') FROM sg_ledger AS l WHERE l.kind = 'charge' AND l.grid = 'default';
    PERFORM sg_seal();
END $$;
\o

-- All rows of a view in a session of the gateway in which before was named, by a statement that names another principal.
CREATE FUNCTION pg_temp.rows(view regclass, before text, principal text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    PERFORM set_config('smartgrid.principal', before, true), set_config('session_authorization', 'idiom_gateway', true);
    EXECUTE format('SELECT string_agg(r, E''\n'' ORDER BY r) FROM (%s) AS x (r)', format(statement, view)) INTO found USING principal;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    PERFORM set_config('smartgrid.principal', '', true);
    RETURN found;
END $$;
CREATE TEMPORARY TABLE view AS
SELECT c.oid::regclass AS view
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'v' JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'smartgrid'
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_extension'::regclass AND c.relnamespace = e.extnamespace;

\set idiom '$q$WITH who AS MATERIALIZED (SELECT set_config(''smartgrid.principal'', $1, true) AS name) SELECT v::text FROM who CROSS JOIN LATERAL (SELECT * FROM %s WHERE who.name <> '''' OFFSET 0) AS v$q$'
\set plain '$q$SELECT v::text FROM %s AS v WHERE $1 <> ''''$q$'
\set wrong '$q$SELECT v::text FROM %s AS v WHERE set_config(''smartgrid.principal'', $1, true) <> ''''$q$'
SELECT is(pg_temp.rows(v.view, b.before, p.principal, :idiom), pg_temp.rows(v.view, p.principal, p.principal, :plain),
          format('%s as %s after %L', v.view, p.principal, b.before))
FROM view AS v CROSS JOIN unnest('{one,two,four}'::text[]) AS p (principal) CROSS JOIN unnest('{"",one,two,four}'::text[]) AS b (before)
WHERE b.before <> p.principal
ORDER BY v.view::text, p.principal, b.before;

-- The test tells them apart; what is good for calls is not for views.
SELECT cmp_ok((SELECT count(*) FROM view AS v WHERE pg_temp.rows(v.view, 'one', 'one', :plain) IS DISTINCT FROM pg_temp.rows(v.view, 'two', 'two', :plain)), '>=', 8::bigint, 'there are views with own rows');
SELECT is(pg_temp.rows('sg_consumers', 'one', 'two', :wrong), pg_temp.rows('sg_consumers', 'one', 'one', :plain), 'the condition alone comes too late for a view');

-- As a statement that is prepared once and planned for all.
CREATE FUNCTION pg_temp.prepared(principal text, statement text, before text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    PERFORM set_config('smartgrid.principal', before, true), set_config('session_authorization', 'idiom_gateway', true);
    EXECUTE format('EXECUTE %s(%L)', statement, principal) INTO found;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    PERFORM set_config('smartgrid.principal', '', true);
    RETURN found;
END $$;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE own_rows(text) AS
    WITH who AS MATERIALIZED (SELECT set_config('smartgrid.principal', $1, true) AS name)
    SELECT string_agg(v.grid || ' ' || v.principal, ', ' ORDER BY v.grid) FROM who CROSS JOIN LATERAL (SELECT * FROM sg_consumers WHERE who.name <> '' OFFSET 0) AS v;
SELECT is(pg_temp.prepared('two', 'own_rows', 'one'), 'default two, east two', 'prepared');
SELECT is(pg_temp.prepared('one', 'own_rows', 'two'), 'default one', 'and used again');
SELECT is(pg_temp.prepared('four', 'own_rows'), 'default four, east four, south four, west four', 'and again');
-- Calls are made behind the condition.
PREPARE own_call(text) AS SELECT sg_principal() WHERE set_config('smartgrid.principal', $1, true) <> '';
SELECT is(pg_temp.prepared('two', 'own_call', 'one'), 'two', 'a call');
PREPARE own_curve(text) AS
    WITH who AS MATERIALIZED (SELECT set_config('smartgrid.principal', $1, true) AS name)
    SELECT sum(c.consumed)::text FROM who CROSS JOIN LATERAL (SELECT * FROM sg_load_curve(bucket => '1 day', principal => who.name)) AS c;
SELECT is(pg_temp.prepared('two', 'own_curve', 'one'), '13', 'a function of many rows');
SELECT * FROM finish();
ROLLBACK;
