-- Who is calling: gateway sessions, other sessions, SET ROLE, SECURITY DEFINER, the current grid.

\ir lib/begin.sql
\ir lib/caller.sql

CREATE ROLE sgt_web;
CREATE ROLE sgt_gateway LOGIN NOINHERIT IN ROLE smartgrid_gateway, sgt_web;
CREATE ROLE sgt_gateway_team IN ROLE smartgrid_gateway;
CREATE ROLE sgt_pooler LOGIN IN ROLE sgt_gateway_team;
CREATE ROLE sgt_alice LOGIN;
CREATE ROLE sgt_bob LOGIN IN ROLE sgt_alice;
CREATE ROLE sgt_switcher LOGIN IN ROLE sgt_gateway;
CREATE ROLE "sgt Zoë ""Q""" LOGIN;
CREATE ROLE sgt_root LOGIN SUPERUSER;
CREATE ROLE sgt_root_gateway LOGIN SUPERUSER IN ROLE smartgrid_gateway;
CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;

-- Wrappers as people write them.
CREATE SCHEMA sgt_wrap;
GRANT USAGE ON SCHEMA sgt_wrap TO PUBLIC;
CREATE FUNCTION sgt_wrap.as_alice() RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS 'SELECT sg_principal()';
ALTER FUNCTION sgt_wrap.as_alice() OWNER TO sgt_alice;
CREATE FUNCTION sgt_wrap.as_root() RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS 'SELECT sg_principal()';
ALTER FUNCTION sgt_wrap.as_root() OWNER TO sgt_root;
CREATE FUNCTION sgt_wrap.as_caller() RETURNS text
    LANGUAGE sql SET search_path = pg_catalog, public AS 'SELECT sg_principal()';
CREATE FUNCTION sgt_wrap.forge(name text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM set_config('smartgrid.principal', name, true);
    RETURN sg_principal();
END $$;
ALTER FUNCTION sgt_wrap.forge(text) OWNER TO sgt_root;

INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
-- Sessions of people.
('sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'a login role is its own principal', '{}'),
('sgt Zoë "Q"', 'SELECT sg_principal()', '"sgt Zoë ""Q"""', 'the name is not quoted (the row that shows it is)', '{}'),
('sgt_bob/sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'SET ROLE changes the principal', '{}'),
('sgt_root', 'SELECT sg_principal()', 'sgt_root', 'a superuser is no gateway: its own name', '{}'),
('sgt_root/sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'a superuser that switched to a role', '{}'),
('sgt_root', 'SELECT sg_principal()', 'zed', 'a superuser may name a principal', '{"smartgrid.principal": "zed"}'),
('sgt_root/sgt_alice', 'SELECT sg_principal()', 'SG102', 'a superuser that switched to a role may not', '{"smartgrid.principal": "zed"}'),
('sgt_root/sgt_root_gateway', 'SELECT sg_principal()', 'zed', 'a superuser that switched to a superuser may', '{"smartgrid.principal": "zed"}'),
('sgt_alice', 'SELECT sg_principal()', 'SG102', 'nobody else may', '{"smartgrid.principal": "zed"}'),
('sgt_alice', 'SELECT sg_principal()', 'SG102', 'not even its own name', '{"smartgrid.principal": "sgt_alice"}'),
('sgt_operator', 'SELECT sg_principal()', 'SG102', 'nor an operator', '{"smartgrid.principal": "zed"}'),
('sgt_switcher/sgt_gateway', 'SELECT sg_principal()', 'zed', 'a member of a gateway is one, by the login role', '{"smartgrid.principal": "zed"}'),
('sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'an empty setting is not set', '{"smartgrid.principal": ""}'),
('sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'tokens are for gateways', '{"request.jwt.claims": "{\"sub\": \"zed\"}", "jwt.claims.sub": "zed"}'),
('sgt_root', 'SELECT sg_principal()', 'sgt_root', 'tokens are for gateways, not for superusers', '{"request.jwt.claims": "{\"sub\": \"zed\"}", "jwt.claims.sub": "zed"}'),
('sgt_alice', 'SELECT sg_principal()', 'sgt_alice', 'a broken token is no matter elsewhere', '{"request.jwt.claims": "{"}'),
-- Sessions of gateways.
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'a gateway is never itself', '{}'),
('sgt_gateway/sgt_web', 'SELECT sg_principal()', 'SG102', 'nor the role it switched to', '{}'),
('sgt_pooler', 'SELECT sg_principal()', 'SG102', 'a gateway through a group', '{}'),
('sgt_root_gateway', 'SELECT sg_principal()', 'SG102', 'a superuser that is a member is a gateway', '{}'),
('sgt_gateway', 'SELECT sg_principal()', 'zed', 'smartgrid.principal', '{"smartgrid.principal": "zed"}'),
('sgt_pooler', 'SELECT sg_principal()', 'zed', 'smartgrid.principal, through a group', '{"smartgrid.principal": "zed"}'),
('sgt_gateway/sgt_web', 'SELECT sg_principal()', 'zed', 'smartgrid.principal, in a harmless role', '{"smartgrid.principal": "zed"}'),
('sgt_root_gateway', 'SELECT sg_principal()', 'zed', 'smartgrid.principal, superuser', '{"smartgrid.principal": "zed"}'),
('sgt_gateway', 'SELECT sg_principal()', 'sgt_gateway', 'its own name, if it insists', '{"smartgrid.principal": "sgt_gateway"}'),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'request.jwt.claims', '{"request.jwt.claims": "{\"role\": \"web\", \"sub\": \"pia\"}"}'),
('sgt_gateway/sgt_web', 'SELECT sg_principal()', 'pia', 'request.jwt.claims, in a harmless role', '{"request.jwt.claims": "{\"sub\": \"pia\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'gil', 'jwt.claims.sub', '{"jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'zed', 'smartgrid.principal before the tokens', '{"smartgrid.principal": "zed", "request.jwt.claims": "{\"sub\": \"pia\"}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'zed', 'smartgrid.principal before a broken token', '{"smartgrid.principal": "zed", "request.jwt.claims": "{"}'),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'request.jwt.claims before jwt.claims.sub', '{"request.jwt.claims": "{\"sub\": \"pia\"}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'empty smartgrid.principal', '{"smartgrid.principal": "", "request.jwt.claims": "{\"sub\": \"pia\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'gil', 'empty request.jwt.claims', '{"request.jwt.claims": "", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'all empty', '{"smartgrid.principal": "", "request.jwt.claims": "", "jwt.claims.sub": ""}'),
('sgt_gateway', 'SELECT sg_principal()', 'gil', 'claims without sub', '{"request.jwt.claims": "{\"role\": \"web\"}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'claims without sub and nothing else', '{"request.jwt.claims": "{\"role\": \"web\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'empty claims object', '{"request.jwt.claims": "{}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'gil', 'sub null is not set', '{"request.jwt.claims": "{\"sub\": null}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub null and nothing else', '{"request.jwt.claims": "{\"sub\": null}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'gil', 'sub empty is not set', '{"request.jwt.claims": "{\"sub\": \"\"}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub a number', '{"request.jwt.claims": "{\"sub\": 42}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub a boolean', '{"request.jwt.claims": "{\"sub\": true}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub an object', '{"request.jwt.claims": "{\"sub\": {\"a\": 1}}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub an array', '{"request.jwt.claims": "{\"sub\": [\"pia\"]}", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT count(*) FROM sg_consumers', '0', 'views: sub a number is no error', '{"request.jwt.claims": "{\"sub\": 42}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'claims an array', '{"request.jwt.claims": "[\"sub\", \"pia\"]"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'claims a string', '{"request.jwt.claims": "\"sub\""}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'claims null', '{"request.jwt.claims": "null"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'sub of a nested object is not meant', '{"request.jwt.claims": "{\"user\": {\"sub\": \"pia\"}}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'another case is not meant', '{"request.jwt.claims": "{\"Sub\": \"pia\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'zoë', 'escapes', '{"request.jwt.claims": "{\"s\\u0075b\": \"zo\\u00eb\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'malformed claims', '{"request.jwt.claims": "{\"sub\": \"pia\""}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'malformed claims, whatever else is set', '{"request.jwt.claims": "sub=pia", "jwt.claims.sub": "gil"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'malformed after sub', '{"request.jwt.claims": "{\"sub\": \"pia\"} x"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'a name that text cannot hold', '{"request.jwt.claims": "{\"sub\": \"p\\u0000ia\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'half a surrogate pair', '{"request.jwt.claims": "{\"sub\": \"\\ud800\"}"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'brackets without end', jsonb_build_object('request.jwt.claims', repeat('[', 100000))),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'deeply nested claims', jsonb_build_object('request.jwt.claims', '{"sub": "pia", "x": ' || repeat('[', 100000) || repeat(']', 100000) || '}')),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'deeply nested objects', jsonb_build_object('request.jwt.claims', repeat('{"sub":', 100000))),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'nested as claims may be', jsonb_build_object('request.jwt.claims', '{"sub": "pia", "x": ' || repeat('[', 500) || repeat(']', 500) || '}')),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'brackets inside of a string', jsonb_build_object('request.jwt.claims', jsonb_build_object('sub', 'pia', 'x', repeat('"[{\', 5000))::text)),
('sgt_gateway', 'SELECT sg_principal()', repeat('[', 128), 'and of the name', jsonb_build_object('request.jwt.claims', jsonb_build_object('sub', repeat('[', 128))::text)),
('sgt_gateway', 'SELECT sg_principal()', 'pia', 'many arrays side by side', jsonb_build_object('request.jwt.claims', '{"sub": "pia", "x": [[]' || repeat(',[]', 5000) || ']}')),
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'deep behind a string', jsonb_build_object('request.jwt.claims', '{"x": "]]\\\"]", "y": ' || repeat('[', 100000))),
('sgt_gateway', 'SELECT count(*) FROM sg_consumers', '0', 'views: brackets without end are no error', jsonb_build_object('request.jwt.claims', repeat('[', 100000))),
('sgt_gateway', 'SELECT count(*) FROM sg_ledger', '0', 'views: nor are deeply nested objects', jsonb_build_object('request.jwt.claims', repeat('{"sub":', 100000))),
('sgt_gateway', 'SELECT count(*) FROM sg_consumers', '0', 'views: malformed claims are no error', '{"request.jwt.claims": "{"}'),
('sgt_gateway', 'SELECT count(*) FROM sg_consumers', '0', 'views: a name that text cannot hold is no error', '{"request.jwt.claims": "{\"sub\": \"p\\u0000ia\"}"}'),
('sgt_gateway', 'SELECT count(*) FROM sg_ledger', '0', 'views: no principal is no error', '{}'),
('sgt_gateway', 'SELECT count(*) FROM sg_trades', '0', 'views: nor is one of 129 bytes', jsonb_build_object('smartgrid.principal', repeat('x', 129))),
('sgt_alice', 'SELECT count(*) FROM sg_consumers', '0', 'views: a principal that does not count is no error', '{"smartgrid.principal": "zed"}'),
('sgt_gateway', 'SELECT sg_principal()', 'SG108', 'jwt.claims.sub of 129 bytes', jsonb_build_object('jwt.claims.sub', repeat('x', 129))),
('sgt_gateway', 'SELECT sg_principal()', 'SG108', 'sub of 129 bytes', jsonb_build_object('request.jwt.claims', jsonb_build_object('sub', repeat('x', 129)))),
-- Wrappers.
('sgt_bob', 'SELECT sgt_wrap.as_alice()', 'sgt_alice', 'a SECURITY DEFINER wrapper acts as its owner', '{}'),
('sgt_bob', 'SELECT sgt_wrap.as_caller()', 'sgt_bob', 'any other wrapper as its caller', '{}'),
('sgt_bob', 'SELECT sgt_wrap.as_root()', 'sgt_root', 'a superuser''s wrapper acts as the superuser', '{}'),
('sgt_bob', 'SELECT sgt_wrap.as_root()', 'SG102', 'but lends its caller no name', '{"smartgrid.principal": "zed"}'),
('sgt_bob', $$SELECT sgt_wrap.forge('zed')$$, 'SG102', 'not even one that it sets', '{}'),
('sgt_root', $$SELECT sgt_wrap.forge('zed')$$, 'zed', 'a superuser''s wrapper for a superuser', '{}'),
('sgt_gateway', 'SELECT sgt_wrap.as_alice()', 'zed', 'in a gateway session a wrapper acts for the principal', '{"smartgrid.principal": "zed"}'),
('sgt_gateway', 'SELECT sgt_wrap.as_alice()', 'SG102', 'or for nobody', '{}'),
-- What needs no principal.
('sgt_gateway', 'SELECT sg_get_dynamic_price()', '100', 'the price needs no principal', '{}'),
('sgt_gateway', 'SELECT (sg_get_grid_status()).base_price', '100', 'nor does the state of the grid', '{}'),
('sgt_gateway', 'SELECT price, cost, affordable, available FROM sg_quote(1)', '100,100,,f', 'nor a quote', '{}'),
('sgt_alice', 'SELECT price, cost, affordable, available FROM sg_quote(1)', '100,100,,f', 'nor one for a principal that does not count', '{"smartgrid.principal": "zed"}'),
('sgt_gateway', $$SELECT sg_get_consumer_info('zed') IS NULL$$, 't', 'nor a look at what is hidden', '{}'),
('sgt_operator', 'SELECT sg_toggle_emergency_mode()', 't', 'an operator''s function, whatever smartgrid.principal says', '{"smartgrid.principal": "zed"}'),
-- The grid.
('sgt_alice', 'SELECT sg_grid()', 'default', 'the grid "default" is there', '{}'),
('sgt_alice', 'SELECT sg_grid()', 'default', 'an empty setting is not set', '{"smartgrid.grid": ""}'),
('sgt_alice', 'SELECT sg_grid()', 'SG101', 'an unknown grid', '{"smartgrid.grid": "nowhere"}'),
('sgt_alice', 'SELECT sg_grid()', 'SG101', 'the name is taken as it is', '{"smartgrid.grid": "Default"}'),
('sgt_alice', 'SELECT sg_grid()', 'SG101', 'spaces included', '{"smartgrid.grid": "default "}'),
('sgt_alice', 'SELECT sg_grid()', 'SG101', 'a very long name', jsonb_build_object('smartgrid.grid', repeat('x', 1000))),
('sgt_gateway', 'SELECT sg_grid()', 'default', 'a gateway without principal', '{}');

SELECT plan(count(*)::integer + 24) FROM sgtest.expectation;
SELECT is(sgtest.try(e.who, e.statement, e.settings), e.expected, e.why) FROM sgtest.expectation AS e ORDER BY e.n;

-- Every function that acts for a participant refuses a gateway without a principal, and a principal that does not count.
SELECT is(sgtest.try(who, statement, '{"smartgrid.principal": ""}' || settings), 'SG102', who || ': ' || statement)
FROM (VALUES ('sgt_gateway', '{}'::jsonb), ('sgt_alice', '{"smartgrid.principal": "zed"}')) AS callers (who, settings),
     (VALUES ($$SELECT sg_register_producer(1, 'solar')$$),
             ('SELECT sg_register_consumer(1)'),
             ('SELECT sg_register_storage(1, 1, 1)'),
             ('SELECT sg_report_production(1)'),
             ('SELECT sg_consume_energy(1)'),
             ('SELECT sg_charge_storage(1)'),
             ('SELECT sg_discharge_storage(1)'),
             ($$SELECT sg_create_trade('x', 1, 1)$$),
             ('SELECT sg_complete_trade(1)'),
             ('SELECT sg_withdraw_earnings(1)')) AS calls (statement);

-- What the refusals say.
SELECT matches(sgtest.complaint('sgt_gateway', 'SELECT sg_principal()'), 'HINT: .*smartgrid\.principal',
               'the hint says how to name a principal');
SELECT matches(sgtest.complaint('sgt_alice', 'SELECT sg_principal()', '{"smartgrid.principal": "zed"}'), 'zed',
               'the message names the principal that does not count');
SELECT matches(sgtest.complaint('sgt_alice', 'SELECT sg_grid()', '{"smartgrid.grid": "nowhere"}'), 'grid "nowhere" does not exist',
               'the message names the unknown grid');

-- Transaction-local settings end with their transaction, savepoints included.
SAVEPOINT before_request;
SET LOCAL smartgrid.principal = 'zed';
ROLLBACK TO before_request;
SELECT is(sg_principal(), current_user::text, 'a setting that was rolled back is gone');
SELECT * FROM finish();
ROLLBACK;
