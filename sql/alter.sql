-- Changing capacities, limits and rates.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_member;

SET smartgrid.principal = 'house';
SELECT sg_register_producer(500, 'solar'), sg_register_consumer(200), sg_register_storage(1000, 100, 50);
SET smartgrid.principal = 'other';
SELECT sg_register_producer(70, 'wind');
SET smartgrid.principal = 'house';
SELECT sg_add_consumer_balance('house', 100000), sg_report_production(400), sg_consume_energy(200), sg_charge_storage(100);
RESET smartgrid.principal;

-- The grid's capacity goes along, and so does its history. What was reported stays.
SELECT sg_alter_producer('house', 600);
SELECT total_capacity FROM sg_get_grid_status();
SELECT sg_alter_producer('house', 300);
SELECT sg_alter_producer('house', 300), sg_alter_producer('house', NULL), sg_alter_producer('house');
SELECT total_capacity, dynamic_price FROM sg_get_grid_status();
SELECT capacity, current_production FROM sg_get_producer_info('house');
SELECT change FROM smartgrid.capacity_event ORDER BY event_id;
SELECT sg_alter_consumer('house', 50), sg_alter_consumer('house');
SELECT consumption_limit, current_usage FROM sg_get_consumer_info('house');
SET smartgrid.principal = 'house';
SELECT sg_report_production(301);
SELECT sg_report_production(300);
SELECT sg_consume_energy(51);
SELECT sg_consume_energy(50);
RESET smartgrid.principal;

-- A storage facility is never smaller than what it holds. NULL keeps.
SELECT sg_alter_storage('house', 100, 70, NULL);
SELECT * FROM sg_get_storage_info('house');
SELECT sg_alter_storage('house', 99);
SELECT sg_alter_storage('house', discharge_rate => 20), sg_alter_storage('house');
SELECT * FROM sg_get_storage_info('house');

-- Of those who are deactivated, too: the grid gets the capacity when they come back.
SELECT sg_deactivate_participant('house', true), sg_deactivate_participant('house', false);
SELECT sg_alter_producer('house', 1000), sg_alter_consumer('house', 60);
SELECT total_capacity FROM sg_get_grid_status();
SELECT sg_reactivate_participant('house', true);
SELECT total_capacity FROM sg_get_grid_status();
SELECT change FROM smartgrid.capacity_event ORDER BY event_id DESC LIMIT 2;

-- What may not be.
SELECT sg_alter_producer('house', 0);
SELECT sg_alter_producer('house', 1000000000000001);
SELECT sg_alter_consumer('house', -1);
SELECT sg_alter_storage('house', 0, 0, 0);
SELECT sg_alter_storage('house', charge_rate => 0);
SELECT sg_alter_storage('house', 1, discharge_rate => 0);
SELECT sg_alter_producer('nobody', 0);
SELECT sg_alter_consumer('other', 10);
SELECT sg_alter_storage('other');
SELECT sg_alter_producer('', 10);
SELECT sg_alter_producer(NULL, 10);
SELECT sg_alter_grid('default', max_amount => 9223372036854775807);
SELECT sg_alter_producer('house', 9223372036854775807);
SET ROLE regress_member;
SELECT sg_alter_producer('house', 10);
SELECT sg_alter_consumer('house');
SELECT sg_alter_storage('nobody', 10);
RESET ROLE;
SELECT total_capacity FROM sg_get_grid_status();
SELECT invariant FROM sg_check() WHERE NOT ok;

-- Below what calls may name: what is there stays, its reports are bounded.
SELECT sg_alter_grid('default', max_amount => 40);
SELECT capacity FROM sg_get_producer_info('house');
SET smartgrid.principal = 'house';
SELECT sg_report_production(41);
SELECT sg_report_production(40);
RESET smartgrid.principal;
SELECT sg_reactivate_participant('house', false);
SET smartgrid.principal = 'house';
SELECT sg_consume_energy(41);
SELECT sg_charge_storage(41), sg_discharge_storage(41);
SELECT sg_discharge_storage(41);
SELECT * FROM sg_quote(41);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{house,house,house,house,house}', '{production,consumption,charge,discharge,topup}', '{41,41,41,41,41}');
SELECT sg_alter_storage('house', 30);
SELECT sg_alter_storage('house', 41);
-- Balancing moves at most that for each.
SELECT sg_alter_grid('default', max_amount => 10000);
SELECT sg_alter_storage('house', 5000, 400, 400);
SELECT sg_alter_producer('house', 700);
SET smartgrid.principal = 'house';
SELECT sg_report_production(700);
RESET smartgrid.principal;
SELECT sg_alter_grid('default', max_amount => 40, high_watermark => 20);
SELECT * FROM sg_balance_load();

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
