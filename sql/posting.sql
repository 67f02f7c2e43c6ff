-- Batch posting of readings.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar');
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(900);
SET smartgrid.principal = 'battery';
SELECT sg_register_storage(500, 200, 100);
RESET smartgrid.principal;

-- In order: what a reading brings, the next may take.
SELECT * FROM sg_post_readings(
    ARRAY['home', 'sun', 'home', 'home', 'battery', 'battery', 'home'],
    ARRAY['topup', 'production', 'consumption', 'topup', 'charge', 'discharge', 'consumption'],
    ARRAY[50000, 800, 300, 7, 150, 40, 10]);
SELECT kind, participant, energy, price, money FROM sg_ledger ORDER BY entry_id;
SELECT * FROM sg_get_consumer_info('home');
SELECT current_load FROM sg_get_grid_status();

-- What fails is returned, and leaves nothing behind.
SELECT * FROM sg_post_readings(
    ARRAY['sun', 'nobody', '', 'home', 'sun', 'home', 'battery', 'battery', 'home', 'home'],
    ARRAY['production', 'production', 'topup', 'production', 'production', 'consumption', 'charge', 'discharge', 'consumption', 'topup'],
    ARRAY[1001, 1, 1, 1, 5, 0, 201, 101, 700, 1000001]);
SELECT kind, participant, energy FROM sg_last_entry();
SELECT sg_deactivate_participant('home', false);
SELECT * FROM sg_post_readings(ARRAY['home', 'sun'], ARRAY['consumption', 'production'], ARRAY[1, 1]);
SELECT sg_reactivate_participant('home', false);

-- Wrong arguments: nothing is posted.
SELECT * FROM sg_post_readings(ARRAY['sun', 'sun'], ARRAY['production'], ARRAY[1, 2]);
SELECT * FROM sg_post_readings(ARRAY['sun', NULL], ARRAY['production', 'production'], ARRAY[1, 2]);
SELECT * FROM sg_post_readings(ARRAY[['sun']], ARRAY['production'], ARRAY[1]);
SELECT * FROM sg_post_readings(NULL, ARRAY['production'], ARRAY[1]);
SELECT * FROM sg_post_readings(ARRAY['sun', 'sun'], ARRAY['production', 'Production'], ARRAY[1, 2]);
SELECT * FROM sg_post_readings(ARRAY['sun'], ARRAY['production'], ARRAY[1], ARRAY['infinity'::timestamptz]);
SELECT * FROM sg_post_readings(NULL);
SELECT * FROM sg_post_readings('{}', '{}', '{}');

-- From a table, with times.
SET timezone = 'UTC';
CREATE TABLE meter_data (at timestamptz, principal text, kind text, amount bigint);
INSERT INTO meter_data VALUES ('2026-01-01 00:15+00', 'home', 'consumption', 30), ('2026-01-01 00:00+00', 'sun', 'production', 20),
    ('2026-01-01 00:30+00', 'nobody', 'topup', 1), ('2000-01-01 00:00+00', 'sun', 'production', 10);
SELECT * FROM sg_post_readings('meter_data');
SELECT at, kind, participant, energy FROM sg_ledger WHERE at < '2026-02-01' ORDER BY entry_id;
ALTER TABLE meter_data DROP kind;
SELECT * FROM sg_post_readings('meter_data');
SELECT * FROM sg_post_readings('pg_class');
DROP TABLE meter_data;

-- For gateways and operators.
CREATE ROLE regress_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE regress_operator IN ROLE smartgrid_operator;
CREATE ROLE regress_somebody;
SET SESSION AUTHORIZATION regress_gateway;
SELECT * FROM sg_post_readings('{sun}', '{production}', '{1}');
SET smartgrid.grid = 'nowhere';
SELECT * FROM sg_post_readings('{sun}', '{production}', '{1}');
RESET smartgrid.grid;
RESET SESSION AUTHORIZATION;
SET ROLE regress_operator;
SELECT * FROM sg_post_readings('{sun}', '{production}', '{1}');
SET ROLE regress_somebody;
SELECT * FROM sg_post_readings('{sun}', '{production}', '{1}');
RESET ROLE;

-- As one call of a transaction.
BEGIN;
SELECT * FROM sg_post_readings('{sun,home}', '{production,consumption}', '{100,50}');
SELECT current_load FROM sg_get_grid_status();
ROLLBACK;
SELECT current_load FROM sg_get_grid_status();
BEGIN READ ONLY;
SELECT * FROM sg_post_readings('{sun}', '{production}', '{1}');
ROLLBACK;
SELECT count(*) FROM sg_check() WHERE NOT ok;

DROP ROLE regress_gateway, regress_operator, regress_somebody;
DROP EXTENSION smartgrid;
