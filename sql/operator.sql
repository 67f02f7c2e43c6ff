-- The operator: price, emergency mode, metrics; and everybody else.
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

-- Metrics as given.
SELECT sg_record_metrics(1000, 800, 650, 80);
SELECT sg_record_metrics(1000, 800, 650, 101);
SELECT sg_record_metrics(-1, 800, 650, 80);
SELECT sg_record_metrics(1000, NULL, 650, 80);
SELECT production, consumption, peak_load, efficiency, recorded_at IS NOT NULL AS recorded, period FROM sg_get_metrics(1);
SELECT * FROM sg_get_metrics(99);

-- Metrics derived from the ledger.
RESET ROLE;
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar');
SELECT sg_register_consumer(1000);
SELECT sg_report_production(900);
SELECT sg_add_consumer_balance('sun', 1000000);
SELECT sg_consume_energy(250);
SELECT sg_report_production(100);
RESET smartgrid.principal;
SET ROLE regress_operator;
SELECT sg_record_metrics(tstzrange(now() - interval '1 hour', now() + interval '1 hour'));
SELECT sg_record_metrics('[2020-01-01 00:00+00,2020-01-02 00:00+00)');
SELECT sg_record_metrics('empty');
SELECT sg_record_metrics('[2020-01-01 00:00+00,)');
SELECT metrics_id, grid, production, production_kwh, consumption, consumption_kwh, peak_load, peak_load_kwh, efficiency,
       period IS NOT NULL AS derived, period_end - period_start AS length
FROM sg_metrics ORDER BY metrics_id;
RESET ROLE;

-- An operator of one grid.
SET ROLE regress_north;
SET smartgrid.grid = 'north';
SELECT sg_set_base_price(70);
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT grid, production FROM sg_metrics;
RESET smartgrid.grid;
SELECT sg_set_base_price(70);
SELECT sg_create_grid('east');
RESET ROLE;

-- Everybody else.
SET ROLE regress_member;
SELECT sg_set_base_price(1);
SELECT sg_toggle_emergency_mode();
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT sg_record_metrics('[2020-01-01 00:00+00,2020-01-02 00:00+00)');
SELECT sg_update_producer_reputation('sun', 0);
SELECT sg_deactivate_participant('sun', true);
SELECT sg_reactivate_participant('sun', true);
SELECT sg_rename_participant('sun', 'regress_member');
SELECT sg_balance_load();
SELECT sg_create_grid('mine');
SELECT sg_alter_grid('default', 'regress_member');
SELECT * FROM sg_metrics;
SELECT sg_get_metrics(1) IS NULL AS hidden;
SET smartgrid.grid = 'nowhere';
SELECT sg_set_base_price(1);
SET ROLE regress_operator;
SELECT sg_set_base_price(1);
RESET ROLE;
RESET smartgrid.grid;
SELECT event_id, grid, base_price, emergency_mode FROM sg_prices ORDER BY event_id;

DROP EXTENSION smartgrid;
DROP ROLE regress_operator, regress_north, regress_member;
