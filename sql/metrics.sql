-- The operator's records of what the grid did, as given and derived from the ledger.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_operator IN ROLE smartgrid_operator;
CREATE ROLE regress_north;
CREATE ROLE regress_member;
SELECT sg_create_grid('north', 'regress_north');
SET ROLE regress_operator;

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

-- An operator of one grid sees and records those of its own.
SET ROLE regress_north;
SET smartgrid.grid = 'north';
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT grid, production FROM sg_metrics;
RESET smartgrid.grid;
SELECT sg_record_metrics(1, 2, 3, 4);
RESET ROLE;

-- Everybody else.
SET ROLE regress_member;
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT sg_record_metrics('[2020-01-01 00:00+00,2020-01-02 00:00+00)');
SELECT * FROM sg_metrics;
SELECT sg_get_metrics(1) IS NULL AS hidden;
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_operator, regress_north, regress_member;
