-- What the tests of the API layers find: an application whose login acts for
-- members, the office of the operators, and a payment service. One schema
-- serves the three. Top-ups are closed as doc/money.md says.
SET client_min_messages = warning;
SELECT sg_alter_grid('default', base_price => 30, energy_scale => 3, money_scale => 2, currency => 'EUR',
                     max_topup => 9223372036854775807);
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
CREATE ROLE web_user;
CREATE ROLE web_app LOGIN NOINHERIT;
GRANT smartgrid_gateway, web_user TO web_app;
CREATE ROLE office LOGIN IN ROLE smartgrid_operator;
CREATE ROLE payments LOGIN IN ROLE smartgrid_gateway;
SELECT sg_create_api('api', role) FROM unnest(ARRAY['web_user', 'office', 'payments']) AS role;
