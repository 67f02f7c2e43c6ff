-- Production and consumption.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar');
SELECT sg_report_production(800);
SELECT sg_report_production(0);
SELECT sg_report_production(1001);
SELECT sg_report_production(-1);
SELECT sg_report_production(NULL);
SELECT * FROM sg_get_producer_info('sun');

SET smartgrid.principal = 'home';
SELECT sg_report_production(1);
SELECT sg_consume_energy(1);
SELECT sg_register_consumer(900);
SELECT sg_consume_energy(1);
SELECT sg_add_consumer_balance('home', 50000);

-- What it would cost, and what it costs.
SELECT * FROM sg_quote(300);
SELECT sg_consume_energy(300, 41999);
SELECT sg_consume_energy(300, 42000);
SELECT * FROM sg_quote(100);
SELECT sg_consume_energy(0);
SELECT sg_consume_energy(901);
SELECT sg_consume_energy(501);
SELECT sg_consume_energy(100);
SELECT * FROM sg_get_consumer_info('home');
SELECT * FROM sg_get_grid_status();
SELECT entry_id, grid, kind, participant, counterparty, energy, price, money, trade_id FROM sg_last_entry();

-- Every call sees the calls before it; a rollback undoes them.
SET smartgrid.principal = 'sun';
BEGIN;
SELECT sg_report_production(500);
SELECT current_load, dynamic_price FROM sg_get_grid_status();
SAVEPOINT s;
SELECT sg_report_production(500);
SELECT current_load, dynamic_price FROM sg_get_grid_status();
ROLLBACK TO s;
SELECT current_load, dynamic_price FROM sg_get_grid_status();
ROLLBACK;
SELECT current_load, dynamic_price FROM sg_get_grid_status();

-- Totals have an end.
SELECT sg_create_grid('vast', energy_scale => 18, base_price => 1, max_amount => 9223372036854775807);
SET smartgrid.grid = 'vast';
SELECT sg_register_producer(5000000000000000000, 'hydro');
SELECT sg_report_production(5000000000000000000);
SELECT sg_report_production(5000000000000000000);
SELECT sg_create_grid('dear', base_price => 9000000000000000000, max_amount => 9223372036854775807);
SET smartgrid.grid = 'dear';
SELECT sg_register_producer(10, 'hydro');
SELECT sg_report_production(10);
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(10);
SELECT sg_consume_energy(10);
SELECT sg_consume_energy(10, 9223372036854775807);

-- Reading is all that a read-only transaction can do.
RESET smartgrid.grid;
BEGIN READ ONLY;
SELECT current_load FROM sg_get_grid_status();
SELECT sg_consume_energy(1);
ROLLBACK;

DROP EXTENSION smartgrid;
