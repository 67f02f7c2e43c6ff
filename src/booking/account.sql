-- Accounts: producers, consumers and storage facilities.

CREATE FUNCTION @extschema@.sg_update_producer_reputation(target text, new_score integer) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_update_producer_reputation';
COMMENT ON FUNCTION @extschema@.sg_update_producer_reputation(text, integer) IS 'sets a producer''s reputation, 0 to 100 (operator)';

CREATE FUNCTION @extschema@.sg_deactivate_participant(target text, is_producer boolean) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_deactivate_participant';
COMMENT ON FUNCTION @extschema@.sg_deactivate_participant(text, boolean) IS 'deactivates a producer, or else a consumer (operator)';

CREATE FUNCTION @extschema@.sg_reactivate_participant(target text, is_producer boolean) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_reactivate_participant';
COMMENT ON FUNCTION @extschema@.sg_reactivate_participant(text, boolean) IS 'reactivates a producer, or else a consumer (operator)';

CREATE FUNCTION @extschema@.sg_get_producer_info(producer text,
    OUT capacity bigint, OUT current_production bigint, OUT total_produced bigint, OUT energy_type text,
    OUT active boolean, OUT reputation_score integer, OUT unsold bigint, OUT earnings bigint)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_producer_info';
COMMENT ON FUNCTION @extschema@.sg_get_producer_info(text)
    IS 'a producer: energy in energy units, reputation 0 to 100, earnings in money units; NULL where there is none or it is hidden';

CREATE FUNCTION @extschema@.sg_get_consumer_info(consumer text,
    OUT consumption_limit bigint, OUT total_consumed bigint, OUT current_usage bigint, OUT balance bigint, OUT active boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_consumer_info';
COMMENT ON FUNCTION @extschema@.sg_get_consumer_info(text)
    IS 'a consumer: energy in energy units, balance in money units; NULL where there is none or it is hidden';

CREATE FUNCTION @extschema@.sg_get_storage_info(storage text,
    OUT capacity bigint, OUT stored_amount bigint, OUT charge_rate bigint, OUT discharge_rate bigint)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_storage_info';
COMMENT ON FUNCTION @extschema@.sg_get_storage_info(text)
    IS 'a storage facility, all in energy units; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.producer_directory(
    OUT participant_id bigint, OUT grid_id integer, OUT principal text, OUT energy_type text, OUT active boolean, OUT reputation_score integer)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_producer_directory';
COMMENT ON FUNCTION smartgrid.producer_directory() IS 'what everyone may know of every producer; reputation 0 to 100';

CREATE VIEW @extschema@.sg_producer_directory WITH (security_invoker = true) AS
SELECT d.participant_id, g.name AS grid, d.principal, d.energy_type, d.active, d.reputation_score
FROM smartgrid.producer_directory() AS d JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id;
COMMENT ON VIEW @extschema@.sg_producer_directory IS 'public directory of all producers';
COMMENT ON COLUMN @extschema@.sg_producer_directory.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_producer_directory.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_producer_directory.principal IS 'name of the producer';
COMMENT ON COLUMN @extschema@.sg_producer_directory.energy_type IS '@types:or@';
COMMENT ON COLUMN @extschema@.sg_producer_directory.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_producer_directory.reputation_score IS 'reputation, 0 to 100';

CREATE VIEW @extschema@.sg_producers WITH (security_invoker = true) AS
SELECT p.participant_id, g.name AS grid, n.principal,
       smartgrid.energy_type_name(p.energy_type) AS energy_type, p.active, p.reputation_score::integer AS reputation_score,
       p.capacity, smartgrid.scaled(p.capacity, g.energy_scale) AS capacity_kwh,
       p.current_production, smartgrid.scaled(p.current_production, g.energy_scale) AS current_production_kwh,
       p.total_produced, smartgrid.scaled(p.total_produced, g.energy_scale) AS total_produced_kwh,
       p.unsold, smartgrid.scaled(p.unsold, g.energy_scale) AS unsold_kwh,
       p.earnings, smartgrid.scaled(p.earnings, g.money_scale) AS earnings_currency,
       g.currency, p.registered_at
FROM (SELECT o.*, true AS own FROM smartgrid.producer AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.producer AS o) AS p
     JOIN smartgrid.participant AS n ON n.participant_id = p.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = p.grid_id
WHERE (NOT p.own OR p.participant_id = ANY (smartgrid.own_participants()))
      AND ((p.own AND smartgrid.hint_other_grid(p.grid_id, (SELECT smartgrid.readable_grids())))
           OR (NOT p.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND p.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.hint_whole_grid(p.participant_id)));
COMMENT ON VIEW @extschema@.sg_producers IS 'producers: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_producers.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_producers.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_producers.principal IS 'name of the producer';
COMMENT ON COLUMN @extschema@.sg_producers.energy_type IS '@types:or@';
COMMENT ON COLUMN @extschema@.sg_producers.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_producers.reputation_score IS 'reputation, 0 to 100';
COMMENT ON COLUMN @extschema@.sg_producers.capacity IS 'most that one report may say, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.capacity_kwh IS 'most that one report may say, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.current_production IS 'the latest report, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.current_production_kwh IS 'the latest report, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.total_produced IS 'sum of all reports, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.total_produced_kwh IS 'sum of all reports, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.unsold IS 'produced and not sold or held by a trade, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.unsold_kwh IS 'produced and not sold or held by a trade, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.earnings IS 'earned by trades and not withdrawn, money units';
COMMENT ON COLUMN @extschema@.sg_producers.earnings_currency IS 'earned by trades and not withdrawn, currency';
COMMENT ON COLUMN @extschema@.sg_producers.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_producers.registered_at IS 'when it registered';

CREATE VIEW @extschema@.sg_consumers WITH (security_invoker = true) AS
SELECT c.participant_id, g.name AS grid, n.principal, c.active,
       c.consumption_limit, smartgrid.scaled(c.consumption_limit, g.energy_scale) AS consumption_limit_kwh,
       c.total_consumed, smartgrid.scaled(c.total_consumed, g.energy_scale) AS total_consumed_kwh,
       c.current_usage, smartgrid.scaled(c.current_usage, g.energy_scale) AS current_usage_kwh,
       c.balance, smartgrid.scaled(c.balance, g.money_scale) AS balance_currency,
       g.currency, c.registered_at,
       c.cost_carry
FROM (SELECT o.*, true AS own FROM smartgrid.consumer AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.consumer AS o) AS c
     JOIN smartgrid.participant AS n ON n.participant_id = c.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = c.grid_id
WHERE (NOT c.own OR c.participant_id = ANY (smartgrid.own_participants()))
      AND ((c.own AND smartgrid.hint_other_grid(c.grid_id, (SELECT smartgrid.readable_grids())))
           OR (NOT c.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND c.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.hint_whole_grid(c.participant_id)));
COMMENT ON VIEW @extschema@.sg_consumers IS 'consumers: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_consumers.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_consumers.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_consumers.principal IS 'name of the consumer';
COMMENT ON COLUMN @extschema@.sg_consumers.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_consumers.consumption_limit IS 'most that one call may take, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.consumption_limit_kwh IS 'most that one call may take, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.total_consumed IS 'sum of all consumption and completed purchases, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.total_consumed_kwh IS 'sum of all consumption and completed purchases, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.current_usage IS 'the latest consumption, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.current_usage_kwh IS 'the latest consumption, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.balance IS 'money to spend, money units';
COMMENT ON COLUMN @extschema@.sg_consumers.balance_currency IS 'money to spend, currency';
COMMENT ON COLUMN @extschema@.sg_consumers.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_consumers.registered_at IS 'when it registered';
COMMENT ON COLUMN @extschema@.sg_consumers.cost_carry IS 'what consumption has cost beyond whole money units and was not paid yet, 10^-energy_scale money units';

CREATE VIEW @extschema@.sg_storages WITH (security_invoker = true) AS
SELECT s.participant_id, g.name AS grid, n.principal,
       s.capacity, smartgrid.scaled(s.capacity, g.energy_scale) AS capacity_kwh,
       s.stored_amount, smartgrid.scaled(s.stored_amount, g.energy_scale) AS stored_amount_kwh,
       s.charge_rate, smartgrid.scaled(s.charge_rate, g.energy_scale) AS charge_rate_kwh,
       s.discharge_rate, smartgrid.scaled(s.discharge_rate, g.energy_scale) AS discharge_rate_kwh,
       s.registered_at
FROM (SELECT o.*, true AS own FROM smartgrid.storage AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.storage AS o) AS s
     JOIN smartgrid.participant AS n ON n.participant_id = s.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = s.grid_id
WHERE (NOT s.own OR s.participant_id = ANY (smartgrid.own_participants()))
      AND ((s.own AND smartgrid.hint_other_grid(s.grid_id, (SELECT smartgrid.readable_grids())))
           OR (NOT s.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND s.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.hint_whole_grid(s.participant_id)));
COMMENT ON VIEW @extschema@.sg_storages IS 'storage facilities: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_storages.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_storages.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_storages.principal IS 'name of the storage facility';
COMMENT ON COLUMN @extschema@.sg_storages.capacity IS 'most that it can hold, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.capacity_kwh IS 'most that it can hold, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.stored_amount IS 'what it holds, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.stored_amount_kwh IS 'what it holds, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.charge_rate IS 'most that one call may charge, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.charge_rate_kwh IS 'most that one call may charge, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.discharge_rate IS 'most that one call may discharge, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.discharge_rate_kwh IS 'most that one call may discharge, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.registered_at IS 'when it registered';
