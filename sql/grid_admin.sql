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
