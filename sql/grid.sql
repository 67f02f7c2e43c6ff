-- Grids: creating and altering them, several in one database.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_north NOLOGIN;

\x on
SELECT grid, operator_role, total_capacity, total_capacity_kwh, current_load, current_load_kwh, utilization, base_price, base_price_currency,
       dynamic_price, dynamic_price_currency, emergency_mode, currency, energy_scale, money_scale, low_watermark, high_watermark,
       max_topup, max_topup_currency, stripes
FROM sg_grids;
\x off
SELECT * FROM sg_get_grid_status();

-- A grid of its own: watt-hours, cents, another operator.
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
SELECT grid, operator_role, current_load, current_load_kwh, utilization, base_price, base_price_currency, dynamic_price, dynamic_price_currency, currency
FROM sg_grids ORDER BY grid;

-- Scales are fixed once there is an entry; the rest can change.
SELECT sg_alter_grid('north', energy_scale => 6);
SELECT sg_alter_grid('north', energy_scale => 3, base_price => 30, low_watermark => 12.5, max_topup => 5000);
SELECT base_price, low_watermark, high_watermark, max_topup FROM sg_grids WHERE grid = 'north';
SELECT sg_alter_grid('south', base_price => 30);
SELECT sg_alter_grid('north', max_topup => 0);
SELECT sg_alter_grid('north', high_watermark => 12);

-- Every change of price and mode.
SELECT sg_set_base_price(31);
SELECT sg_toggle_emergency_mode();
SELECT sg_get_dynamic_price();
SELECT sg_toggle_emergency_mode();
SELECT event_id, grid, base_price, base_price_currency, emergency_mode, currency FROM sg_prices ORDER BY event_id;

-- The other grid is as it was.
RESET smartgrid.grid;
SELECT * FROM sg_get_grid_status();

DROP EXTENSION smartgrid;
DROP ROLE regress_north;
