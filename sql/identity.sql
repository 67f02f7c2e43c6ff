-- Who is calling: the current role, or whom a gateway session names.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_alice LOGIN;
CREATE ROLE regress_web;
CREATE ROLE regress_gateway LOGIN IN ROLE smartgrid_gateway, regress_web;

-- A database role for each participant.
SET SESSION AUTHORIZATION regress_alice;
SELECT sg_principal(), sg_grid();
SELECT sg_register_consumer(100);
SELECT grid, principal, consumption_limit, balance FROM sg_consumers;
-- A setting cannot make somebody else of it.
SET smartgrid.principal = 'bob';
SELECT sg_principal();
SELECT sg_consume_energy(1);
SELECT count(*) FROM sg_consumers;
SET smartgrid.principal = '';
SELECT sg_principal();
SET request.jwt.claims = '{"sub": "bob"}';
SELECT sg_principal();
RESET SESSION AUTHORIZATION;
RESET ALL;

-- One login for many: a gateway names the principal of each transaction.
SET SESSION AUTHORIZATION regress_gateway;
SELECT sg_principal();
SELECT sg_register_consumer(100);
-- Nothing of its own, without an error.
SELECT * FROM sg_consumers;
SELECT sg_get_dynamic_price();
BEGIN;
SET LOCAL ROLE regress_web;
SET LOCAL smartgrid.principal = 'bob, 2nd floor';
SELECT sg_principal(), current_user, session_user;
SELECT sg_register_consumer(50);
SELECT principal, consumption_limit FROM sg_consumers;
COMMIT;
-- PostgREST and Supabase:
BEGIN;
SELECT set_config('role', 'regress_web', true), set_config('request.jwt.claims', '{"role": "regress_web", "sub": "carol"}', true);
SELECT sg_principal();
COMMIT;
-- PostGraphile:
BEGIN;
SELECT set_config('jwt.claims.sub', 'dave', true);
SELECT sg_principal();
COMMIT;
-- The first that is set counts.
BEGIN;
SET LOCAL smartgrid.principal = 'erin';
SET LOCAL request.jwt.claims = '{"sub": "carol"}';
SET LOCAL jwt.claims.sub = 'dave';
SELECT sg_principal();
SET LOCAL smartgrid.principal = '';
SELECT sg_principal();
SET LOCAL request.jwt.claims = '{"role": "regress_web"}';
SELECT sg_principal();
COMMIT;
SELECT sg_principal();
BEGIN;
SET LOCAL request.jwt.claims = 'sub=carol';
SELECT sg_principal();
ROLLBACK;
BEGIN;
SELECT set_config('smartgrid.principal', repeat('x', 129), true) IS NOT NULL AS set;
SELECT sg_principal();
ROLLBACK;
RESET SESSION AUTHORIZATION;

-- A superuser may act for anybody.
SET smartgrid.principal = 'regress_alice';
SELECT sg_principal();
SET ROLE regress_alice;
SELECT sg_principal();
RESET ROLE;
RESET smartgrid.principal;

-- The grid.
SET smartgrid.grid = 'nowhere';
SELECT sg_grid();
SELECT sg_get_grid_status();
RESET smartgrid.grid;
SELECT sg_grid();

DROP EXTENSION smartgrid;
DROP ROLE regress_alice, regress_gateway, regress_web;
