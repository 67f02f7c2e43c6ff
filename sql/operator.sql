-- The operator: price, emergency mode; and everybody else.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_operator IN ROLE smartgrid_operator;
CREATE ROLE regress_north;
CREATE ROLE regress_member;

SET ROLE regress_operator;
SELECT sg_create_grid('north', 'regress_north');
SELECT sg_set_base_price(150);
SELECT sg_set_base_price(0);
SELECT sg_set_base_price(NULL);
SELECT sg_toggle_emergency_mode();
SELECT base_price, dynamic_price, emergency_mode FROM sg_get_grid_status();
SELECT sg_toggle_emergency_mode();

RESET ROLE;

-- An operator of one grid.
SET ROLE regress_north;
SET smartgrid.grid = 'north';
SELECT sg_set_base_price(70);
RESET smartgrid.grid;
SELECT sg_set_base_price(70);
SELECT sg_create_grid('east');
RESET ROLE;

-- Everybody else.
SET ROLE regress_member;
SELECT sg_set_base_price(1);
SELECT sg_toggle_emergency_mode();
SELECT sg_update_producer_reputation('sun', 0);
SELECT sg_deactivate_participant('sun', true);
SELECT sg_reactivate_participant('sun', true);
SELECT sg_rename_participant('sun', 'regress_member');
SELECT sg_balance_load();
SELECT sg_create_grid('mine');
SELECT sg_alter_grid('default', 'regress_member');
SET smartgrid.grid = 'nowhere';
SELECT sg_set_base_price(1);
SET ROLE regress_operator;
SELECT sg_set_base_price(1);
RESET ROLE;
RESET smartgrid.grid;
SELECT event_id, grid, base_price, emergency_mode FROM sg_prices ORDER BY event_id;

DROP EXTENSION smartgrid;
DROP ROLE regress_operator, regress_north, regress_member;
