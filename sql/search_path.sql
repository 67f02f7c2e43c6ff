-- Functions and views do not depend on the caller's search_path; the extension may live in a schema of its own.
SET client_min_messages = warning;
CREATE SCHEMA grid_api;
CREATE EXTENSION smartgrid SCHEMA grid_api;
RESET client_min_messages;
\set SHOW_CONTEXT never

CREATE ROLE regress_alice;
CREATE ROLE regress_mallory;
CREATE SCHEMA regress_trap AUTHORIZATION regress_mallory;
GRANT USAGE ON SCHEMA regress_trap TO PUBLIC;
GRANT USAGE ON SCHEMA grid_api TO PUBLIC;

-- What Mallory plants would run with the rights of whoever calls.
SET ROLE regress_mallory;
CREATE FUNCTION regress_trap.nextval(regclass) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE FUNCTION regress_trap.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE FUNCTION regress_trap.same(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE OPERATOR regress_trap.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = regress_trap.same);
CREATE FUNCTION regress_trap.later(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE OPERATOR regress_trap.>= (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = regress_trap.later);
CREATE FUNCTION regress_trap.add(numeric, bigint) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE AGGREGATE regress_trap.sum(bigint) (SFUNC = regress_trap.add, STYPE = numeric, INITCOND = 0);
CREATE FUNCTION regress_trap.sg_principal() RETURNS text LANGUAGE sql AS 'SELECT ''mallory''::text';
CREATE TABLE regress_trap.sg_ledger (note text);
RESET ROLE;

SET search_path = regress_trap, pg_catalog, grid_api;
SELECT 1::bigint = 1::bigint;
SELECT sg_principal();
SET smartgrid.principal = 'p';
SELECT grid_api.sg_principal();
SELECT grid_api.sg_register_producer(100, 'hydro');
SELECT grid_api.sg_register_consumer(100);
SELECT grid_api.sg_register_storage(100, 100, 100);
SELECT grid_api.sg_report_production(90);
SELECT grid_api.sg_charge_storage(10);
SELECT grid_api.sg_balance_load();
SELECT kind, participant, energy FROM grid_api.sg_ledger ORDER BY entry_id;
SELECT ok FROM grid_api.sg_check() WHERE NOT ok;
-- Statements that are prepared once a session: made with one search_path, used and made anew with another.
\set period '\'[2020-01-01,2100-01-01)\''
SELECT sum(1::bigint);
SET search_path = pg_catalog;
SELECT grid_api.sg_record_metrics(:period) IS NOT NULL AS recorded;
SELECT height, entries FROM grid_api.sg_seal();
SET search_path = regress_trap, pg_catalog, grid_api;
SELECT grid_api.sg_record_metrics(:period) IS NOT NULL AS recorded;
DISCARD PLANS;
SELECT grid_api.sg_record_metrics(:period) IS NOT NULL AS recorded;
SELECT grid_api.sg_report_production(5);
SELECT height, entries FROM grid_api.sg_seal();
SELECT kpi, value FROM grid_api.sg_kpis(:period) WHERE value > 0;
RESET smartgrid.principal;
SET ROLE regress_alice;
SELECT grid_api.sg_register_consumer(5);
SELECT principal, consumption_limit FROM grid_api.sg_consumers;
RESET ROLE;
SET search_path = '';
SELECT grid_api.sg_get_dynamic_price();
SELECT seller, buyer FROM grid_api.sg_trades;
RESET search_path;

-- Neither the tables' schema nor a reserved name may be there before the extension.
DROP EXTENSION smartgrid;
CREATE SCHEMA smartgrid AUTHORIZATION regress_mallory;
CREATE EXTENSION smartgrid;
DROP SCHEMA smartgrid;
CREATE FUNCTION public.sg_consume_energy(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE EXTENSION smartgrid SCHEMA public;
DROP FUNCTION public.sg_consume_energy(bigint);
CREATE EXTENSION smartgrid SCHEMA regress_trap;
-- Nor may the roles have more than their names.
BEGIN;
ALTER ROLE smartgrid_auditor LOGIN BYPASSRLS;
CREATE EXTENSION smartgrid SCHEMA public;
ROLLBACK;
-- Those who are no superusers do not install it.
SET ROLE regress_mallory;
CREATE EXTENSION smartgrid SCHEMA regress_trap;
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA regress_trap CASCADE;
DROP SCHEMA grid_api;
DROP ROLE regress_alice, regress_mallory;
