-- What a grid is doing now.

CREATE FUNCTION @extschema@.sg_get_grid_status(
    OUT total_capacity bigint, OUT current_load bigint, OUT utilization numeric,
    OUT base_price bigint, OUT dynamic_price bigint, OUT emergency_mode boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_grid_status';
COMMENT ON FUNCTION @extschema@.sg_get_grid_status()
    IS 'state of the current grid: capacity and load in energy units, utilization in percent, prices in money units per kWh';

CREATE FUNCTION @extschema@.sg_get_dynamic_price() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_dynamic_price';
COMMENT ON FUNCTION @extschema@.sg_get_dynamic_price() IS 'price of the current grid at its load of now, money units per kWh';

CREATE FUNCTION @extschema@.sg_quote(amount bigint,
    OUT price bigint, OUT cost bigint, OUT affordable boolean, OUT available boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_quote';
COMMENT ON FUNCTION @extschema@.sg_quote(bigint)
    IS 'what sg_consume_energy(amount) would do now: amount in energy units, price in money units per kWh, cost in money units, with what the caller carries of earlier costs; affordable is NULL for a caller that is no consumer';

CREATE FUNCTION smartgrid.grid_state(grid_id integer,
    OUT total_capacity bigint, OUT current_load bigint, OUT utilization numeric,
    OUT base_price bigint, OUT dynamic_price bigint, OUT emergency_mode boolean)
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_grid_state';
COMMENT ON FUNCTION smartgrid.grid_state(integer)
    IS 'sg_get_grid_status() of any grid: capacity and load in energy units, utilization in percent, prices in money units per kWh; dynamic_price is NULL beyond bigint';

CREATE VIEW @extschema@.sg_grids WITH (security_invoker = true) AS
SELECT g.name AS grid,
       g.operator_role,
       s.total_capacity, smartgrid.scaled(s.total_capacity, g.energy_scale) AS total_capacity_kwh,
       s.current_load, smartgrid.scaled(s.current_load, g.energy_scale) AS current_load_kwh,
       s.utilization,
       s.base_price, smartgrid.scaled(s.base_price, g.money_scale) AS base_price_currency,
       s.dynamic_price, smartgrid.scaled(s.dynamic_price, g.money_scale) AS dynamic_price_currency,
       s.emergency_mode,
       r.revenue, smartgrid.scaled(r.revenue, g.money_scale) AS revenue_currency,
       g.currency, g.energy_scale::integer AS energy_scale, g.money_scale::integer AS money_scale,
       g.low_watermark, g.high_watermark,
       g.max_topup, smartgrid.scaled(g.max_topup, g.money_scale) AS max_topup_currency,
       g.stripes, g.created_at,
       g.registration, g.max_amount, smartgrid.price_rule(g.price_rule) AS price_rule, g.exact_after
FROM smartgrid.grid AS g
     CROSS JOIN LATERAL smartgrid.grid_state(g.grid_id) AS s
     LEFT JOIN LATERAL (SELECT COALESCE(pg_catalog.sum(p.revenue), 0)::bigint AS revenue
                        FROM smartgrid.pool AS p WHERE p.grid_id = g.grid_id) AS r
         ON g.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]);
COMMENT ON VIEW @extschema@.sg_grids IS 'every grid with its state of now';
COMMENT ON COLUMN @extschema@.sg_grids.grid IS 'name of the grid (key)';
COMMENT ON COLUMN @extschema@.sg_grids.operator_role IS 'role whose members administer this grid';
COMMENT ON COLUMN @extschema@.sg_grids.total_capacity IS 'sum of the capacities of the active producers, energy units';
COMMENT ON COLUMN @extschema@.sg_grids.total_capacity_kwh IS 'sum of the capacities of the active producers, kWh';
COMMENT ON COLUMN @extschema@.sg_grids.current_load IS 'energy on the grid and not yet taken, energy units';
COMMENT ON COLUMN @extschema@.sg_grids.current_load_kwh IS 'energy on the grid and not yet taken, kWh';
COMMENT ON COLUMN @extschema@.sg_grids.utilization IS 'load / capacity, percent';
COMMENT ON COLUMN @extschema@.sg_grids.base_price IS 'base price, money units per kWh';
COMMENT ON COLUMN @extschema@.sg_grids.base_price_currency IS 'base price, currency per kWh';
COMMENT ON COLUMN @extschema@.sg_grids.dynamic_price IS 'price at the load of now, money units per kWh; NULL where it is beyond bigint';
COMMENT ON COLUMN @extschema@.sg_grids.dynamic_price_currency IS 'price at the load of now, currency per kWh; NULL where it is beyond bigint';
COMMENT ON COLUMN @extschema@.sg_grids.emergency_mode IS 'whether the emergency price applies';
COMMENT ON COLUMN @extschema@.sg_grids.revenue IS 'what consumers have paid to the grid less what it has paid to producers, money units; NULL for those who may not read the grid''s books';
COMMENT ON COLUMN @extschema@.sg_grids.revenue_currency IS 'what consumers have paid to the grid less what it has paid to producers, currency; NULL for those who may not read the grid''s books';
COMMENT ON COLUMN @extschema@.sg_grids.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_grids.energy_scale IS '10^energy_scale energy units are one kWh';
COMMENT ON COLUMN @extschema@.sg_grids.money_scale IS '10^money_scale money units are one unit of the currency';
COMMENT ON COLUMN @extschema@.sg_grids.low_watermark IS 'utilization below which balancing discharges storage, percent';
COMMENT ON COLUMN @extschema@.sg_grids.high_watermark IS 'utilization above which balancing charges storage, percent';
COMMENT ON COLUMN @extschema@.sg_grids.max_topup IS 'largest single top-up, money units';
COMMENT ON COLUMN @extschema@.sg_grids.max_topup_currency IS 'largest single top-up, currency';
COMMENT ON COLUMN @extschema@.sg_grids.stripes IS 'number of stripes that the grid load is spread over';
COMMENT ON COLUMN @extschema@.sg_grids.created_at IS 'when the grid was created';
COMMENT ON COLUMN @extschema@.sg_grids.registration IS 'who registers participants: open (they themselves) or operator';
COMMENT ON COLUMN @extschema@.sg_grids.max_amount IS 'largest capacity, limit, rate, amount of energy (energy units) and price (money units per kWh) that a call may name';
COMMENT ON COLUMN @extschema@.sg_grids.price_rule IS 'rule of pricing: load, scarcity or flat';
COMMENT ON COLUMN @extschema@.sg_grids.exact_after IS 'id of the last ledger entry whose cost was rounded by itself; 0: none';
