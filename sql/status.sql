-- The state of a grid: status, price and quotes.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_create_grid('north', base_price => 25, energy_scale => 3, money_scale => 2, currency => 'EUR');
SET smartgrid.grid = 'north';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(5000, 'solar');
SELECT sg_report_production(3210);
SELECT * FROM sg_get_grid_status();
SELECT sg_get_dynamic_price();
SELECT * FROM sg_quote(1500);
SELECT * FROM sg_quote(4000);
SELECT * FROM sg_quote(0);
SELECT * FROM sg_quote(NULL);
SELECT * FROM sg_quote(9223372036854775807);

-- In an emergency, and of a consumer.
SELECT sg_register_consumer(5000), sg_add_consumer_balance('sun', 40);
SELECT * FROM sg_quote(1500);
RESET smartgrid.principal;
SELECT sg_toggle_emergency_mode();
SELECT sg_get_dynamic_price();
SELECT * FROM sg_quote(1500);
SET smartgrid.principal = 'sun';
SELECT * FROM sg_quote(1500);
RESET smartgrid.principal;
SELECT sg_toggle_emergency_mode();

-- A price that no bigint can hold.
SELECT sg_alter_grid('north', max_amount => 9223372036854775807);
SELECT sg_set_base_price(9223372036854775807);
SELECT sg_get_dynamic_price();
SELECT sg_get_grid_status();
SELECT sg_set_base_price(31);

SET smartgrid.grid = 'nowhere';
SELECT * FROM sg_get_grid_status();
SELECT sg_get_dynamic_price();
SELECT * FROM sg_quote(1);
RESET smartgrid.grid;

DROP EXTENSION smartgrid;
