-- Creating and altering grids.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_north NOLOGIN;
CREATE ROLE regress_member;

SELECT sg_create_grid('north', 'regress_north', base_price => 25, energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT sg_create_grid('north');
SELECT sg_create_grid('south', operator_role => 'regress_nobody');
SELECT sg_create_grid('south', base_price => 0);
SELECT sg_create_grid('south', energy_scale => 19);
SELECT sg_create_grid('south', stripes => 0);
SELECT sg_create_grid('south', low_watermark => 90);
SELECT sg_create_grid(NULL);
SELECT sg_create_grid('');
SELECT sg_create_grid(repeat('south', 26));
SELECT sg_create_grid('south', currency => '');
SELECT sg_create_grid('south', currency => NULL);

SET smartgrid.grid = 'north';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(5000, 'solar');
SELECT sg_report_production(3210);
RESET smartgrid.principal;
RESET smartgrid.grid;

-- Scales are fixed once there is an entry; the rest can change.
SELECT sg_alter_grid('north', energy_scale => 6);
SELECT sg_alter_grid('north', energy_scale => 3, base_price => 30, low_watermark => 12.5, max_topup => 5000);
SELECT base_price, low_watermark, high_watermark, max_topup FROM sg_grids WHERE grid = 'north';
SELECT sg_alter_grid('south', base_price => 30);
SELECT sg_alter_grid('north', max_topup => 0);
SELECT sg_alter_grid('north', high_watermark => 12);

-- A currency is that of the amounts that are there; what had none gets one, once.
SELECT sg_alter_grid('north', currency => 'CHF');
SELECT sg_alter_grid('north', currency => 'CHF', base_price => 0);
SELECT sg_alter_grid('north', currency => 'XXX');
SELECT sg_alter_grid('north', currency => 'EUR');
SELECT sg_create_grid('none');
SELECT sg_alter_grid('none', currency => 'EUR');
SELECT sg_alter_grid('none', currency => 'XXX');
SET smartgrid.grid = 'none';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(5000, 'solar'), sg_report_production(1);
RESET smartgrid.principal;
RESET smartgrid.grid;
SELECT sg_alter_grid('none', currency => 'JPY');
SELECT sg_alter_grid('none', currency => 'EUR');
SELECT grid, currency FROM sg_grids WHERE grid IN ('none', 'north') ORDER BY grid;

-- What calls may name.
SELECT sg_create_grid('small', base_price => 1001, max_amount => 1000);
SELECT sg_create_grid('small', max_amount => 0);
SELECT sg_create_grid('small', base_price => 1000, max_amount => 1000);
SELECT sg_alter_grid('small', base_price => 1001);
SELECT sg_alter_grid('small', max_amount => 500);
SELECT sg_alter_grid('small', base_price => 501);
SELECT sg_alter_grid('small', base_price => 501, max_amount => 501);
SELECT sg_alter_grid('small', max_amount => -1);
SELECT base_price, max_amount FROM sg_grids WHERE grid = 'small';
SET smartgrid.grid = 'small';
SELECT sg_set_base_price(502);
RESET smartgrid.grid;

-- How a grid prices.
SELECT sg_create_grid('south', price_rule => 'auction');
SELECT sg_create_grid('south', price_rule => 'scarcity');
SELECT sg_alter_grid('south', price_rule => 'Load');
SET smartgrid.grid = 'south';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(300, 'solar');
SELECT sg_get_dynamic_price();
SELECT sg_report_production(120), sg_register_consumer(100), sg_add_consumer_balance('sun', 20000);
SELECT dynamic_price FROM sg_get_grid_status();
SELECT price, cost FROM sg_quote(100);
SELECT sg_consume_energy(100);
SELECT sg_report_production(300), sg_report_production(300);
SELECT sg_get_dynamic_price();
RESET smartgrid.principal;
SELECT sg_alter_grid('south', price_rule => 'flat');
SELECT sg_get_dynamic_price();
SELECT sg_toggle_emergency_mode(), sg_get_dynamic_price();
SELECT sg_toggle_emergency_mode(), sg_alter_grid('south', price_rule => 'load', base_price => 80);
SELECT sg_get_dynamic_price();
SELECT sg_alter_grid('south', price_rule => 'load');
RESET smartgrid.grid;
SELECT base_price, emergency_mode, price_rule FROM sg_prices WHERE grid = 'south' ORDER BY event_id;
SELECT price, money FROM sg_ledger WHERE grid = 'south' AND kind = 'consumption';
SELECT price_rule, dynamic_price FROM sg_grids WHERE grid = 'south';

SELECT event_id, base_price, emergency_mode FROM sg_prices WHERE grid = 'north' ORDER BY event_id;

-- Grids are for members of smartgrid_operator: an operator of one grid may not alter even that one.
SET ROLE regress_north;
SELECT sg_alter_grid('north', base_price => 1);
SET ROLE regress_member;
SELECT sg_create_grid('mine');
SELECT sg_alter_grid('north', base_price => 1);
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_north, regress_member;
