-- sg_help() and sg_version(): what they say is what the catalog says.

\ir lib/begin.sql
SELECT no_plan();

CREATE ROLE sgt_nobody;
CREATE TEMPORARY VIEW api AS
SELECT p.oid, p.proname::text AS name, 'pg_proc'::regclass AS catalog FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'sg\_%'
UNION ALL
SELECT c.oid, c.relname, 'pg_class'::regclass FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'sg\_%';

------------------------------------------------------------------------------------------------------------ sg_help
SELECT cmp_ok((SELECT count(*) FROM sg_help()), '>', 50::bigint, 'there is something to list');
SELECT bag_eq('SELECT function, description FROM sg_help()',
              'SELECT a.name, d.description FROM api AS a LEFT JOIN pg_description AS d ON d.classoid = a.catalog AND d.objoid = a.oid AND d.objsubid = 0',
              'every function and view, each once, with its comment');
SELECT bag_eq('SELECT function FROM sg_help(NULL)', 'SELECT name FROM api', 'NULL is everything, too');
SELECT is_empty('SELECT function FROM sg_help() WHERE description IS NULL OR returns IS NULL', 'none without a description and a result');
SELECT is_empty($$SELECT function FROM sg_help() WHERE (arguments IS NULL) <> (returns = 'view')$$, 'views have no arguments');
SELECT is_empty($$SELECT function FROM sg_help() WHERE concat(function, arguments, returns, description) ~ E'[\\n\\r\\t]'$$, 'one line each');
SELECT bag_eq($$SELECT function FROM sg_help() WHERE returns = 'view'$$, $$SELECT name FROM api WHERE catalog = 'pg_class'::regclass$$, 'views are views');
SELECT is((SELECT string_agg(function, ' ') FROM (SELECT function FROM sg_help() LIMIT 3) AS first), 'sg_help sg_version sg_principal',
          'it begins with what one needs first');
SELECT is((SELECT string_agg(concat(function, '(', arguments, ') ', returns), E'\n') FROM sg_help() WHERE function = ANY (ARRAY[
              'sg_help', 'sg_grid', 'sg_consume_energy', 'sg_quote', 'sg_post_readings', 'sg_seal', 'sg_verify_ledger', 'sg_alter_grid'])),
          E'sg_help([pattern text]) setof record\n'
          'sg_grid() text\n'
          'sg_quote(amount bigint) record\n'
          'sg_alter_grid(name text [, operator_role text, base_price bigint, energy_scale integer, money_scale integer, currency text, '
          'low_watermark numeric, high_watermark numeric, max_topup bigint, stripes integer, registration text, max_amount bigint, price_rule text]) boolean\n'
          'sg_consume_energy(amount bigint [, max_cost bigint]) boolean\n'
          'sg_post_readings(principals text[], kinds text[], amounts bigint[] [, at timestamptz[]]) setof record\n'
          'sg_post_readings(source regclass) setof record\n'
          'sg_seal([grid text]) setof record\n'
          'sg_verify_ledger([grid text, from_height bigint, published_height bigint, published_hash text]) setof record',
          'arguments and results');

-- Patterns.
CREATE FUNCTION pg_temp.found(pattern text) RETURNS text LANGUAGE sql AS
    $$SELECT string_agg(function, ' ') FROM sg_help(pattern)$$;
SELECT is(pg_temp.found(pattern), found, format('pattern %L', pattern))
FROM (VALUES ('sg_complete_trade', 'sg_complete_trade'), ('COMPLETE_tr', 'sg_complete_trade'), ('sg_get_*_info', 'sg_get_producer_info sg_get_consumer_info sg_get_storage_info sg_get_trade_info'),
             ('sg_g*rice', 'sg_get_dynamic_price'), ('sets a producer', 'sg_update_producer_reputation'), ('no such thing', NULL), ('%', NULL), ('_quo', 'sg_quote'), ('sgxquote', NULL), ('\', NULL),
             ('sg.grids', NULL), ('''', pg_temp.found('*''*'))) AS v (pattern, found);
SELECT is(pg_temp.found(pattern), pg_temp.found(NULL), format('pattern %L is everything', pattern)) FROM (VALUES (''), ('*'), ('**'), ('sg_')) AS v (pattern);

GRANT SELECT ON api TO sgt_nobody;
-- It is the extension's own, in the order of its concepts, whoever asks, and whatever else has such a name.
CREATE FUNCTION public.sg_planted() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW public.sg_planted_view AS SELECT 1 AS one;
SELECT is(pg_temp.found('planted'), NULL, 'what others have made is not listed');
SET LOCAL ROLE sgt_nobody;
SELECT is((SELECT count(*) FROM sg_help()), (SELECT count(*) FROM pg_temp.api WHERE name !~ 'planted'), 'without any right');
RESET ROLE;
SET LOCAL search_path = pg_catalog;
CREATE TEMPORARY TABLE elsewhere AS SELECT * FROM public.sg_help();
RESET search_path;
SELECT results_eq('SELECT * FROM elsewhere', 'SELECT * FROM sg_help()', 'with another search_path');
COMMENT ON FUNCTION sg_grid() IS 'changed';
SELECT is((SELECT description FROM sg_help('sg_grid') WHERE function = 'sg_grid'), 'changed', 'it is read from the catalog');

--------------------------------------------------------------------------------------------------------- sg_version
SELECT is(sg_version(), (SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'), 'the version of the extension');
SELECT matches(sg_version(), '^\d+\.\d+\.\d+$', 'and nothing else');
SELECT is(smartgrid.library_version(), sg_version(), 'which is the library''s');
CREATE FUNCTION pg_temp.version_of(installed text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pg_extension SET extversion = installed WHERE extname = 'smartgrid';
    RETURN sg_version();
END $$;
SELECT is(pg_temp.version_of(installed), format('%s (library %s: %s)', installed, smartgrid.library_version(), advice), 'installed: ' || installed)
FROM (VALUES ('0.2.0', 'run ALTER EXTENSION smartgrid UPDATE'),
             ('0.2.9', 'run ALTER EXTENSION smartgrid UPDATE'),
             ('0.2.10', 'run ALTER EXTENSION smartgrid UPDATE'),
             ('10.0.0', 'reconnect, and if that does not help install the files of 10.0.0'),
             ('0.30.0', 'reconnect, and if that does not help install the files of 0.30.0')) AS v (installed, advice);

SELECT * FROM finish();
ROLLBACK;
