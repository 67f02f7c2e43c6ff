-- What the tour of the drivers (README.md) finds: a grid, a member with a role of
-- her own, and an application that acts for others.
SET client_min_messages = warning;
\getenv password PGPASSWORD
SELECT sg_alter_grid('default', base_price => 30, energy_scale => 3, money_scale => 2, currency => 'EUR',
                     max_topup => 9223372036854775807);
CREATE ROLE anna LOGIN PASSWORD :'password';
CREATE ROLE web_user;
CREATE ROLE web_app LOGIN NOINHERIT PASSWORD :'password';
GRANT smartgrid_gateway, web_user TO web_app;
-- Posting readings asks for the gateway's rights, which web_app does not inherit.
CREATE ROLE meters LOGIN PASSWORD :'password' IN ROLE smartgrid_gateway;
