-- Accounts: what is known of them, activity and reputation.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET smartgrid.principal = 'prosumer';
SELECT sg_register_producer(500, 'natural-gas');
SELECT sg_register_consumer(200);
SELECT sg_register_storage(1000, 100, 50);
SET smartgrid.principal = 'O''Hara';
SELECT sg_register_producer(10, 'wind');
SET smartgrid.principal = 'prosumer';
SELECT * FROM sg_get_producer_info('prosumer');
SELECT * FROM sg_get_consumer_info('prosumer');
SELECT * FROM sg_get_storage_info('prosumer');
SELECT * FROM sg_get_producer_info('nobody');
SELECT * FROM sg_get_consumer_info('O''Hara');
SELECT * FROM sg_get_storage_info(NULL);

-- The operator's part.
RESET smartgrid.principal;
SELECT sg_deactivate_participant('prosumer', true);
SELECT sg_deactivate_participant('prosumer', true);
SELECT total_capacity FROM sg_get_grid_status();
SET smartgrid.principal = 'prosumer';
SELECT sg_report_production(1);
RESET smartgrid.principal;
SELECT sg_reactivate_participant('prosumer', true);
SELECT total_capacity FROM sg_get_grid_status();
SELECT sg_deactivate_participant('prosumer', false);
SET smartgrid.principal = 'prosumer';
SELECT sg_consume_energy(1);
RESET smartgrid.principal;
SELECT sg_reactivate_participant('prosumer', false);
SELECT sg_deactivate_participant('newcomer', true);
SELECT sg_deactivate_participant('O''Hara', false);
SELECT sg_update_producer_reputation('prosumer', 87);
SELECT sg_update_producer_reputation('prosumer', 101);
SELECT sg_update_producer_reputation('newcomer', 50);

SELECT principal, energy_type, active, reputation_score FROM sg_producer_directory ORDER BY principal COLLATE "C";

DROP EXTENSION smartgrid;
