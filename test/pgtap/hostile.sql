-- A hostile search_path: every function and operator of pg_catalog, and the names of our own objects, planted by somebody in a
-- schema in front. None of them is ever run by a function or view of the extension, whoever calls.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_mallory LOGIN;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_alice LOGIN;
CREATE ROLE sgt_bob LOGIN;

CREATE SCHEMA trap AUTHORIZATION sgt_mallory;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
SET LOCAL ROLE sgt_mallory;
SET LOCAL check_function_bodies = off;

-- Sequences are not rolled back, so this one tells afterwards whether a planted function has run, whatever became of the call.
CREATE SEQUENCE trap.sprung;
GRANT USAGE ON SEQUENCE trap.sprung TO PUBLIC;
CREATE FUNCTION trap.spring() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_catalog.nextval('trap.sprung'::pg_catalog.regclass);
    RAISE EXCEPTION 'a planted function has run as %', current_user USING ERRCODE = 'TRAP1';
END $$;

DO $plant$
DECLARE
    types CONSTANT regtype[] := '{bigint,integer,smallint,numeric,text,name,"char",boolean,timestamptz,interval,oid,regrole,regclass,regtype,regproc,
        regnamespace,tstzrange,float8,json,jsonb,bigint[],integer[],text[],oid[],name[],record,anyelement,anyarray,anynonarray,anyrange,
        anycompatible,anycompatiblearray,void,trigger}';
    polymorphic CONSTANT regtype[] := '{anyelement,anyarray,anynonarray,anyrange,anycompatible,anycompatiblearray}';
    plain CONSTANT regtype[] := '{bigint,integer,smallint,numeric,text,name,"char",boolean,timestamptz,oid,regrole,regclass}';
    body CONSTANT text := 'LANGUAGE plpgsql AS ''BEGIN PERFORM trap.spring(); END''';
    f record;
    o record;
    n integer := 0;
BEGIN
    -- Everything of pg_catalog under the same name with the same arguments.
    FOR f IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.proretset, p.prorettype::regtype AS result, p.proargtypes
             FROM pg_proc AS p
             WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.provariadic = 0 AND p.proallargtypes IS NULL
                   AND p.prorettype = ANY (types) AND p.proargtypes::oid[] <@ types::oid[]
                   AND p.prorettype <> ALL ('{record,trigger}'::regtype[])
                   AND (p.prorettype <> ALL (polymorphic) OR p.proargtypes::oid[] && polymorphic::oid[])
    LOOP
        EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s %s %s', f.proname, f.arguments, CASE WHEN f.proretset THEN 'SETOF' END, f.result, body);
        n := n + 1;
    END LOOP;
    -- Closer matches than pg_catalog has.
    EXECUTE 'CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text ' || body;
    EXECUTE 'CREATE FUNCTION trap.format(text, bigint) RETURNS text ' || body;
    EXECUTE 'CREATE FUNCTION trap.concat(VARIADIC text[]) RETURNS text ' || body;
    EXECUTE 'CREATE FUNCTION trap.concat_ws(text, VARIADIC text[]) RETURNS text ' || body;
    EXECUTE 'CREATE FUNCTION trap.nextval(text) RETURNS bigint ' || body;
    EXECUTE 'CREATE FUNCTION trap.has_role(text) RETURNS boolean ' || body;
    -- Operators, and pairs of types that pg_catalog compares and computes with only after a conversion.
    FOR o IN SELECT row_number() OVER () AS n, w.*
             FROM (SELECT oprname, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result
                   FROM pg_operator
                   WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0 AND oprleft = ANY (types) AND oprright = ANY (types)
                         AND oprresult = ANY (types)
                         AND (oprresult <> ALL (polymorphic) OR oprleft = ANY (polymorphic) OR oprright = ANY (polymorphic))
                   UNION
                   SELECT name, l, r, CASE WHEN name ~ '[<=>]' THEN 'boolean'::regtype ELSE l END
                   FROM unnest(ARRAY['=', '<>', '<', '>', '<=', '>=', '+', '-', '*', '/', '%']) AS name, unnest(plain) AS l, unnest(plain) AS r
                   WHERE NOT EXISTS (SELECT FROM pg_operator WHERE oprname = name AND oprleft = l AND oprright = r)) AS w
    LOOP
        EXECUTE format('CREATE FUNCTION trap.operator_%s(%s, %s) RETURNS %s %s', o.n, o.l, o.r, o.result, body);
        EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.operator_%s)', o.oprname, o.l, o.r, o.n);
        n := n + 1;
    END LOOP;
    -- Aggregates.
    FOR o IN SELECT * FROM (VALUES ('sum', 'bigint', 'numeric'), ('sum', 'numeric', 'numeric'), ('sum', 'integer', 'bigint'), ('max', 'bigint', 'bigint'),
                                   ('max', 'numeric', 'numeric'), ('min', 'bigint', 'bigint'), ('count', '*', 'bigint'), ('count', 'bigint', 'bigint'),
                                   ('array_agg', 'bigint', 'bigint[]'), ('array_agg', 'integer', 'integer[]'), ('bool_and', 'boolean', 'boolean'),
                                   ('string_agg', 'text, text', 'text')) AS a (name, argument, state)
    LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION trap.step(%s) RETURNS %s %s', concat_ws(', ', o.state, NULLIF(o.argument, '*')), o.state, body);
        EXECUTE format('CREATE AGGREGATE trap.%s(%s) (SFUNC = trap.step, STYPE = %s)', o.name, o.argument, o.state);
    END LOOP;
    -- Our own functions.
    FOR f IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, format_type(p.prorettype, NULL) AS result
             FROM pg_proc AS p
             WHERE (p.proname LIKE 'sg\_%' AND p.pronamespace = 'public'::regnamespace
                    OR p.pronamespace = 'smartgrid'::regnamespace)
                   AND p.proallargtypes IS NULL AND p.prorettype <> ALL ('{internal,cstring}'::regtype[])
                   AND NOT p.proargtypes::oid[] && '{internal,cstring}'::regtype[]::oid[]
    LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION trap.%I(%s) RETURNS %s %s', f.proname, f.arguments, f.result, body);
    END LOOP;
    -- Types that refuse every value, by the names of those we use.
    EXECUTE 'CREATE FUNCTION trap.refuse(boolean) RETURNS boolean ' || body;
    FOR o IN SELECT unnest(ARRAY['text', 'int8', 'int4', 'int2', 'bool', 'numeric', 'timestamptz', 'tstzrange', 'regrole', 'regclass', 'oid', 'name', 'jsonb', 'json']) AS name
    LOOP
        EXECUTE format('CREATE DOMAIN trap.%I AS pg_catalog.text CHECK (trap.refuse(VALUE IS NOT NULL))', o.name);
    END LOOP;
    IF n < 1500 THEN
        RAISE EXCEPTION 'only % functions were planted', n;
    END IF;
END $plant$;

-- Tables and views by our names, with nothing in them.
DO $plant$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT c.oid, c.relname,
                    (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                     FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
             FROM pg_class AS c
             WHERE c.relkind IN ('r', 'v') AND (c.relnamespace = 'smartgrid'::regnamespace OR c.relname LIKE 'sg\_%')
    LOOP
        EXECUTE format('CREATE TABLE trap.%I (%s)', r.relname, r.columns);
        EXECUTE format('CREATE TEMPORARY TABLE %I (%s)', r.relname, r.columns);
        EXECUTE format('GRANT ALL ON trap.%I, pg_temp.%I TO PUBLIC', r.relname, r.relname);
    END LOOP;
END $plant$;
CREATE TABLE trap.pg_roles AS SELECT * FROM pg_catalog.pg_roles;
CREATE TABLE trap.pg_auth_members AS SELECT * FROM pg_catalog.pg_auth_members;
GRANT ALL ON trap.pg_roles, trap.pg_auth_members TO PUBLIC;
-- Types and functions in the schema of temporary objects, which is searched first for types.
CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (trap.refuse(VALUE IS NOT NULL));
CREATE DOMAIN pg_temp.regrole AS pg_catalog.text CHECK (trap.refuse(VALUE IS NOT NULL));
CREATE DOMAIN pg_temp.tstzrange AS pg_catalog.text CHECK (trap.refuse(VALUE IS NOT NULL));
CREATE FUNCTION pg_temp.nextval(pg_catalog.regclass) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN PERFORM trap.spring(); END';
CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN PERFORM trap.spring(); END';
CREATE FUNCTION pg_temp.sg_principal() RETURNS pg_catalog.text LANGUAGE plpgsql AS 'BEGIN PERFORM trap.spring(); END';
RESET ROLE;
RESET check_function_bodies;
DROP TABLE pg_temp.grid;
CREATE TEMPORARY TABLE grid AS SELECT * FROM smartgrid.grid WHERE false;
GRANT ALL ON pg_temp.grid TO PUBLIC;

-- The traps work: this is what a function that does not mind its search_path would meet. (It springs the sequence once.)
CREATE FUNCTION sgtest.ambushed(path pg_catalog.text, who pg_catalog.text, statement pg_catalog.text) RETURNS pg_catalog.text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    account CONSTANT pg_catalog.text := split_part(who, '@', 1);
    principal CONSTANT pg_catalog.text := split_part(who, '@', 2);
    answer record;
    outcome pg_catalog.text;
BEGIN
    BEGIN
        PERFORM set_config('smartgrid.principal', principal, true);
        IF account <> '' THEN
            PERFORM set_config('session_authorization', account, true);
        END IF;
        -- Plans that were kept are made anew, with the traps in front.
        IF path = 'trap, public' THEN
            DISCARD PLANS;
        END IF;
        PERFORM set_config('search_path', path, true);
        EXECUTE statement INTO answer;
        outcome := answer::pg_catalog.text;
        RAISE EXCEPTION USING ERRCODE = 'RB001';
    EXCEPTION
        WHEN SQLSTATE 'RB001' THEN
            NULL;
        WHEN OTHERS THEN
            outcome := concat(SQLSTATE, ' ', SQLERRM);
    END;
    RETURN outcome;
END $$;
-- Where pg_temp is not named it comes first, for types.
SET LOCAL search_path = pg_catalog, public, sgtest, pg_temp;

SELECT matches(ambushed(path, 'sgt_alice', statement), '^TRAP1 ', 'the trap works: ' || statement || ' with ' || path)
FROM unnest(ARRAY['trap, pg_catalog, public', 'pg_temp, trap, pg_catalog, public']) AS path,
     unnest(ARRAY['SELECT now()', 'SELECT 1 + 1', 'SELECT ''a''::pg_catalog.text = ''b''::pg_catalog.text', 'SELECT count(*) FROM pg_catalog.pg_class',
                  'SELECT ''x''::text', 'SELECT sg_principal()', 'SELECT format(''%s'', ''x''::pg_catalog.text)']) AS statement;
SELECT is(ambushed('trap, pg_catalog, public', 'sgt_alice', 'SELECT count(name) FROM grid'), '(0)', 'the planted tables are found');
SELECT last_value AS sprung FROM trap.sprung \gset

------------------------------------------------------------------------------------------------------------ the calls
\o /dev/null
SELECT given('sgt_alice', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT given('sgt_alice', 'SELECT sg_register_storage(100, 100, 100)');
SELECT given('sgt_bob', 'SELECT sg_register_consumer(100)');
SELECT given('sgt_alice', 'SELECT sg_report_production(1000)');
SELECT given('sgt_alice', 'SELECT sg_charge_storage(50)');
SELECT given('sgt_operator', $$SELECT sg_add_consumer_balance('sgt_bob', 100000)$$);
SELECT given('sgt_alice', $$SELECT sg_create_trade('sgt_bob', 5, 7)$$);
SELECT given('sgt_operator', 'SELECT sg_seal()');
SELECT given('sgt_alice', $$SELECT sg_create_trade('sgt_bob', 5, 7)$$);
SELECT given('sgt_bob', 'SELECT sg_complete_trade(2)');
SELECT given('sgt_operator', 'SELECT sg_record_metrics(1, 2, 3, 4)');
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO sgt_operator', current_database()); END $$;
\o

CREATE TEMPORARY TABLE call (n integer GENERATED ALWAYS AS IDENTITY, who text, statement text);
-- Each by those who succeed with it; the superuser names a principal where one is needed.
INSERT INTO call (who, statement)
SELECT w.who, c.statement
FROM (VALUES ('{alice}'::text[], 'SELECT public.sg_report_production(3)'),
             ('{alice}', 'SELECT public.sg_charge_storage(3)'),
             ('{alice}', 'SELECT public.sg_discharge_storage(3)'),
             ('{alice}', $$SELECT public.sg_create_trade('sgt_bob', 3, 4) IS NOT NULL$$),
             ('{alice,bob,operator}', 'SELECT public.sg_cancel_trade(1)'),
             ('{alice}', 'SELECT public.sg_withdraw_earnings(3)'),
             ('{bob}', 'SELECT public.sg_consume_energy(3, 10000)'),
             ('{bob}', 'SELECT public.sg_complete_trade(1)'),
             ('{bob}', $$SELECT public.sg_register_producer(10, 'natural-gas')$$),
             ('{alice}', 'SELECT public.sg_register_consumer(10)'),
             ('{bob}', 'SELECT public.sg_register_storage(1, 2, 3)'),
             ('{alice,bob,operator,gateway}', $$SELECT public.sg_add_consumer_balance('sgt_bob', 5)$$),
             ('{operator}', 'SELECT public.sg_set_base_price(5)'),
             ('{operator}', 'SELECT public.sg_toggle_emergency_mode()'),
             ('{operator}', 'SELECT public.sg_record_metrics(1, 2, 3, 4) IS NOT NULL'),
             ('{operator}', $$SELECT public.sg_record_metrics('[2020-01-01,2100-01-01)'::pg_catalog.tstzrange) IS NOT NULL$$),
             ('{operator}', $$SELECT public.sg_update_producer_reputation('sgt_alice', 5)$$),
             ('{operator}', $$SELECT public.sg_deactivate_participant('sgt_alice', true)$$),
             ('{operator}', $$SELECT public.sg_deactivate_participant('sgt_bob', false)$$),
             ('{operator}', $$SELECT public.sg_reactivate_participant('sgt_alice', true)$$),
             ('{operator}', $$SELECT public.sg_rename_participant('sgt_alice', 'Zoë')$$),
             ('{operator}', 'SELECT * FROM public.sg_balance_load()'),
             ('{operator}', $$SELECT public.sg_create_grid('new', 'sgt_operator', 5, 3, 2, 'EUR', 10.5, 90.5, 5, 7)$$),
             ('{operator}', $$SELECT public.sg_alter_grid('default', 'sgt_operator', 5, NULL, NULL, 'EUR', 10.5, 90.5, 5, 7)$$),
             ('{alice,bob,operator}', 'SELECT public.sg_principal()'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_grid()'),
             ('{alice,bob,operator,gateway}', $$SELECT public.sg_get_producer_info('sgt_alice')$$),
             ('{alice,bob,operator,gateway}', $$SELECT public.sg_get_consumer_info('sgt_bob')$$),
             ('{alice,bob,operator,gateway}', $$SELECT public.sg_get_storage_info('sgt_alice')$$),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_get_trade_info(2)'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_get_grid_status()'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_get_dynamic_price()'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_get_metrics(1)'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_quote(3)'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_last_entry()'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_check() ORDER BY grid, invariant OFFSET 3'),
             ('{operator}', 'SELECT height, entries FROM public.sg_seal()'),
             ('{operator}', $$SELECT public.sg_alter_grid('default', stripes => 3) IS NOT NULL$$),
             ('{operator}', $$SELECT public.sg_alter_grid('default', stripes => 3), public.sg_alter_grid('default', stripes => 1)$$),
             ('{operator}', $$SELECT public.sg_set_time_zone('Europe/Berlin')$$),
             ('{operator}', $$SELECT public.sg_set_energy_type('solar', true, 5, 'test')$$),
             ('{operator}', 'SELECT public.sg_rebuild_rollups() IS NOT NULL'),
             ('{operator}', $$SELECT * FROM public.sg_post_readings('{sgt_alice,sgt_bob}', '{production,consumption}', '{5,1}')$$),
             ('{alice,bob,operator,gateway}', $$SELECT * FROM public.sg_kpis('[2020-01-01,2100-01-01)') WHERE at IS NULL ORDER BY kpi OFFSET 3$$),
             ('{alice,bob,operator,gateway}', $$SELECT produced, consumed FROM public.sg_load_curve('default', '[2020-01-01,2022-01-01)', '1 year')$$),
             ('{operator}', $$SELECT public.sg_create_api('sgt api', 'sgt_alice')$$),
             ('{operator}', 'SELECT * FROM public.sg_verify_ledger()'),
             ('{operator}', 'SELECT * FROM public.sg_verify_ledger() OFFSET 1'),
             ('{operator}', 'SELECT * FROM public.sg_verify_batches()'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_prove_entry(1)'),
             ('{alice,operator}', 'SELECT public.sg_verify_proof(public.sg_prove_entry(1), hash) FROM public.sg_blocks'),
             ('{alice,bob,operator,gateway}', 'SELECT public.sg_prove_blocks(0, 0)'),
             ('{alice,bob,operator,gateway}', $$SELECT * FROM public.sg_statement('sgt_alice', '(,)') OFFSET 1$$),
             ('{alice,operator}', 'SELECT public.sg_report()'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_blocks'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_ledger_lines ORDER BY entry_id OFFSET 1'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_grids'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_prices'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_producer_directory'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_producers'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_consumers'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_storages'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_trades ORDER BY trade_id OFFSET 1'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_ledger ORDER BY entry_id OFFSET 2'),
             -- what the planner looks up for them
             ('{alice,bob,operator,gateway}', $$SELECT * FROM public.sg_ledger WHERE participant OPERATOR(pg_catalog.=) 'sgt_alice'::pg_catalog.text AND entry_id OPERATOR(pg_catalog.>) 1::pg_catalog.int8 ORDER BY entry_id$$),
             ('{alice,bob,operator,gateway}', $$SELECT * FROM public.sg_trades WHERE buyer OPERATOR(pg_catalog.=) ANY ('{sgt_bob}'::pg_catalog.text[]) ORDER BY trade_id DESC$$),
             ('{alice,bob,operator,gateway}', $$SELECT smartgrid.hint_whole_grid(1), smartgrid.hint_any_party(1), smartgrid.hint_other_grid(1, '{2}'), smartgrid.first_readable_key()$$),
             ('{alice,bob,operator,gateway}', 'SELECT smartgrid.further_entries(0), smartgrid.further_trades(0)'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM public.sg_metrics'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM smartgrid.participant ORDER BY participant_id'),
             ('{alice,bob,operator,gateway}', 'SELECT * FROM smartgrid.ledger ORDER BY entry_id OFFSET 2'),
             ('{alice,bob,operator,gateway}', 'SELECT smartgrid.own_participants(), smartgrid.readable_grids(), smartgrid.party_name(2)')) AS c (people, statement),
     LATERAL (SELECT CASE person WHEN 'operator' THEN 'sgt_operator' WHEN 'gateway' THEN 'sgt_gateway' ELSE 'sgt_' || person END AS who
              FROM unnest(c.people) AS person
              UNION SELECT CASE person WHEN 'operator' THEN '' ELSE '@sgt_' || person END FROM unnest(c.people) AS person WHERE person <> 'gateway'
              UNION SELECT 'sgt_gateway@sgt_' || person FROM unnest(c.people) AS person WHERE person IN ('alice', 'bob')) AS w;

-- First with the traps, so that no plan is left from before; then without: the same comes out.
CREATE TEMPORARY TABLE answer AS
SELECT c.*, p.path, ambushed(p.path, c.who, c.statement) AS ambushed
FROM call AS c, unnest(ARRAY['trap, pg_catalog, public', 'pg_temp, trap, pg_catalog', 'trap, public', '']) WITH ORDINALITY AS p (path, path_n)
ORDER BY p.path_n, c.n;
SELECT is((SELECT last_value FROM trap.sprung), :sprung::bigint, 'no trap was sprung');
SELECT is(a.ambushed, ambushed('pg_catalog', a.who, a.statement), format('%s with %s as %s', a.statement, a.path, a.who))
FROM answer AS a ORDER BY a.n, a.path;
SELECT is_empty($$SELECT * FROM answer WHERE ambushed ~ '^[0-9A-Z]{5} '$$, 'no call failed');
SELECT is((SELECT last_value FROM trap.sprung), :sprung::bigint, 'still none');

-- A planted type with a cast of its own is the caller's own doing, and runs as the caller.
SET LOCAL ROLE sgt_mallory;
CREATE TYPE trap.amount AS (n pg_catalog.int8);
CREATE FUNCTION trap.amount(trap.amount) RETURNS pg_catalog.int8 LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('sgt.converted_by', current_user::pg_catalog.text, false);
    RETURN $1.n;
END $$;
CREATE CAST (trap.amount AS pg_catalog.int8) WITH FUNCTION trap.amount(trap.amount) AS IMPLICIT;
RESET ROLE;
SELECT is(keep('sgt_alice', 'SELECT sg_report_production(ROW(1)::trap.amount), current_setting(''sgt.converted_by'')'), 't,sgt_alice',
          'a cast of the argument runs as the caller');

------------------------------------------------------------------------------------------------------- odd settings
-- Nor do other settings that change what SQL means.
SELECT is(try(c.who, c.statement, s.settings::jsonb), try(c.who, c.statement), format('%s as %s with %s', c.statement, c.who, s.settings))
FROM call AS c,
     (VALUES ('{"transform_null_equals": "on", "array_nulls": "off", "backslash_quote": "off", "quote_all_identifiers": "on", "xmloption": "document"}'),
             ('{"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_bitmapscan": "off"}'),
             ('{"enable_indexscan": "off", "enable_bitmapscan": "off", "enable_indexonlyscan": "off"}'),
             ('{"default_tablespace": "", "default_toast_compression": "pglz", "constraint_exclusion": "on", "from_collapse_limit": "1"}')) AS s (settings)
WHERE c.who ~ '^(sgt_|$)' AND c.statement !~ 'sg_create_trade|sg_record_metrics'
      -- takes long without the indexes of the catalog
      AND NOT (c.statement ~ 'sg_create_api' AND s.settings ~ 'enable_indexscan')
ORDER BY c.n;
-- Functions do not depend on how times are shown or read.
SELECT is(try('sgt_bob', 'SELECT extract(epoch FROM at) FROM sg_last_entry()', '{"DateStyle": "SQL, DMY", "TimeZone": "Pacific/Kiritimati", "IntervalStyle": "sql_standard"}'),
          try('sgt_bob', 'SELECT extract(epoch FROM at) FROM sg_last_entry()'), 'times are points in time');

SELECT * FROM finish();
ROLLBACK;
