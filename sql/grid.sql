-- Grids: several in one database, their prices and modes.
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
SELECT sg_grid();
SET smartgrid.grid = 'north';
SELECT sg_grid();
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(5000, 'solar');
SELECT sg_report_production(3210);
SELECT grid, operator_role, current_load, current_load_kwh, utilization, base_price, base_price_currency, dynamic_price, dynamic_price_currency, currency
FROM sg_grids ORDER BY grid;

-- Every change of price and mode.
SELECT sg_set_base_price(31);
SELECT sg_toggle_emergency_mode();
SELECT sg_get_dynamic_price();
SELECT sg_toggle_emergency_mode();
SELECT event_id, grid, base_price, base_price_currency, emergency_mode, currency FROM sg_prices ORDER BY event_id;

-- The other grid is as it was.
RESET smartgrid.grid;
SELECT * FROM sg_get_grid_status();

SET smartgrid.grid = 'nowhere';
SELECT sg_grid();
RESET smartgrid.grid;

DROP EXTENSION smartgrid;
DROP ROLE regress_north;
