-- Registration: producers, consumers, storage facilities, their names, and a new principal.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_member;

SET smartgrid.principal = 'prosumer';
SELECT sg_register_producer(500, 'natural-gas');
SELECT sg_register_consumer(200);
SELECT sg_register_storage(1000, 100, 50);
SELECT * FROM sg_get_producer_info('prosumer');
SELECT * FROM sg_get_consumer_info('prosumer');
SELECT * FROM sg_get_storage_info('prosumer');
SELECT * FROM sg_get_producer_info('nobody');

-- Once each.
SELECT sg_register_producer(500, 'solar');
SELECT sg_register_consumer(200);
SELECT sg_register_storage(1, 1, 1);

SET smartgrid.principal = 'newcomer';
SELECT sg_register_producer(500, 'coal');
SELECT sg_register_producer(500, 'Solar');
SELECT sg_register_producer(500, NULL);
SELECT sg_register_producer(0, 'solar');
SELECT sg_register_producer(1000000000000001, 'solar');
SELECT sg_register_consumer(1000000000000001);
SELECT sg_register_storage(1, 1, 1000000000000001);
SELECT sg_alter_grid('default', max_amount => 9223372036854775807);
SELECT sg_register_producer(9223372036854775807, 'solar');
SELECT sg_alter_grid('default', max_amount => 1000);
SELECT sg_register_consumer(-5);
SELECT sg_register_storage(0, 1, 1);
SELECT sg_register_storage(1, 0, 1);
SELECT sg_register_storage(1, 1, 0);

-- Names of all kinds.
SELECT set_config('smartgrid.principal', name, false), sg_register_producer(10, 'wind')
FROM (VALUES ('O''Hara'), ('"quoted"'), ('two words'), ('Zoë Müller'), ('电网'), (';-- DROP')) AS n (name);
SELECT principal, energy_type, active, reputation_score FROM sg_producer_directory ORDER BY principal COLLATE "C";

-- Where the operator registers: for others, who may not do so themselves.
CREATE ROLE regress_operator IN ROLE smartgrid_operator;
CREATE ROLE regress_gateway IN ROLE smartgrid_gateway;
RESET smartgrid.principal;
SELECT sg_enrol_consumer('early', 1000);
SELECT sg_alter_grid('default', registration => 'operators');
SELECT sg_alter_grid('default', registration => 'operator');
SELECT registration FROM sg_grids;
SET ROLE regress_member;
SELECT sg_register_producer(0, 'solar');
SELECT sg_register_consumer(10);
SELECT sg_register_storage(10, 1, 1);
SELECT sg_enrol_producer('friend', 10, 'solar');
SELECT sg_enrol_consumer('friend', 10);
SELECT sg_enrol_storage('friend', 10, 1, 1);
SELECT sg_enrol_storage('friend', 10, 1, NULL);
RESET ROLE;
SET ROLE regress_operator;
SELECT sg_enrol_producer('house 7', 1000, 'hydro');
SELECT sg_enrol_producer('house 7', 1001, 'hydro');
SELECT sg_enrol_producer('house 8', 1001, 'hydro');
SELECT sg_enrol_producer('house 8', 1000, 'coal');
SELECT sg_enrol_producer('', 1000, 'hydro');
SELECT sg_enrol_consumer('house 7', 300), sg_enrol_storage('house 7', 900, 90, 45);
SELECT sg_enrol_consumer('house 7', 300);
SELECT sg_enrol_consumer('house 8', 0);
SELECT sg_enrol_storage('house 8', 900, 1001, 45);
SELECT sg_register_consumer(10);
RESET ROLE;
SELECT principal, energy_type, capacity, active, reputation_score FROM sg_producers WHERE principal = 'house 7';
SELECT principal, consumption_limit, active FROM sg_consumers WHERE principal IN ('house 7', 'early') ORDER BY 1;
SELECT principal, capacity, stored_amount, charge_rate, discharge_rate FROM sg_storages WHERE principal = 'house 7';
SET ROLE regress_gateway;
SELECT sg_register_consumer(20);
RESET ROLE;
SELECT sg_alter_grid('default', registration => 'open');
DROP ROLE regress_operator, regress_gateway;

-- A person who gets a login takes the account along.
SET smartgrid.principal = 'prosumer';
SELECT sg_report_production(5);
RESET smartgrid.principal;
SELECT sg_update_producer_reputation('prosumer', 87);
SELECT sg_rename_participant('prosumer', 'regress_member');
SELECT sg_rename_participant('prosumer', 'regress_member');
SELECT sg_rename_participant('O''Hara', 'regress_member');
SELECT sg_rename_participant('O''Hara', '');
SET ROLE regress_member;
SELECT sg_principal();
SELECT principal, energy_type, reputation_score, capacity, current_production, total_produced, unsold, earnings FROM sg_producers;
SELECT principal, active, consumption_limit, total_consumed, balance FROM sg_consumers;
SELECT principal, capacity, stored_amount, charge_rate, discharge_rate FROM sg_storages;
SELECT kind, participant, energy FROM sg_ledger;
SELECT sg_deactivate_participant('O''Hara', true);
SELECT sg_rename_participant('O''Hara', 'regress_thief');
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
