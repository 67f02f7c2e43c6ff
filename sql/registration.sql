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
SELECT sg_register_producer(9223372036854775807, 'solar');
SELECT sg_register_consumer(-5);
SELECT sg_register_storage(0, 1, 1);
SELECT sg_register_storage(1, 0, 1);
SELECT sg_register_storage(1, 1, 0);

-- Names of all kinds.
SELECT set_config('smartgrid.principal', name, false), sg_register_producer(10, 'wind')
FROM (VALUES ('O''Hara'), ('"quoted"'), ('two words'), ('Zoë Müller'), ('电网'), (';-- DROP')) AS n (name);
SELECT principal, energy_type, active, reputation_score FROM sg_producer_directory ORDER BY principal COLLATE "C";

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
