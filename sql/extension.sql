-- The extension as an object: created, dropped and created again in one session, in which the library remembers its tables.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'p';
SELECT sg_register_producer(10, 'wind'), sg_report_production(5);
SELECT kind, energy FROM sg_last_entry();
DROP EXTENSION smartgrid;
SELECT sg_report_production(5);
SELECT count(*) FROM pg_namespace WHERE nspname = 'smartgrid';

-- A new one begins anew.
CREATE EXTENSION smartgrid;
SELECT kind, energy FROM sg_last_entry();
SELECT sg_report_production(5);
SELECT sg_register_producer(20, 'wind'), sg_report_production(6);
SELECT entry_id, kind, energy FROM sg_ledger;

-- Dropped and created in a transaction that is rolled back.
BEGIN;
DROP EXTENSION smartgrid;
CREATE EXTENSION smartgrid;
SELECT sg_register_producer(30, 'wind'), sg_report_production(7);
SELECT entry_id, kind, energy FROM sg_ledger;
ROLLBACK;
SELECT capacity, total_produced FROM sg_producers;
SELECT sg_report_production(8);
SELECT entry_id, kind, energy FROM sg_ledger ORDER BY entry_id;
SELECT bool_and(ok) FROM sg_check();
DROP EXTENSION smartgrid;

-- In a schema of its own, where it stays.
CREATE SCHEMA regress_api;
CREATE EXTENSION smartgrid SCHEMA regress_api;
SELECT regress_api.sg_register_producer(40, 'wind'), regress_api.sg_report_production(9);
SELECT capacity, total_produced FROM regress_api.sg_producers;
ALTER EXTENSION smartgrid SET SCHEMA public;
-- Objects that others built upon it keep it from being dropped.
CREATE VIEW regress_api.mine AS SELECT * FROM regress_api.sg_producers;
DROP EXTENSION smartgrid;
\set VERBOSITY terse
DROP EXTENSION smartgrid CASCADE;
DROP SCHEMA regress_api;
-- The roles are the cluster's and stay.
SELECT rolname FROM pg_roles WHERE rolname LIKE 'smartgrid\_%' ORDER BY rolname COLLATE "C";
