-- Time series.

-- Columns as in the view.
CREATE FUNCTION @extschema@.sg_load_curve(
    grid text DEFAULT NULL, period tstzrange DEFAULT NULL, bucket interval DEFAULT '15 minutes', time_zone text DEFAULT NULL,
    principal text DEFAULT NULL)
    RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz,
                   produced numeric, produced_kwh numeric,
                   @inner_type@ numeric, @inner_type@_kwh numeric,
                   consumed numeric, consumed_kwh numeric, charged numeric, charged_kwh numeric,
                   discharged numeric, discharged_kwh numeric, traded numeric, traded_kwh numeric,
                   price_avg numeric, price_avg_currency numeric, price_low bigint, price_low_currency numeric,
                   price_high bigint, price_high_currency numeric, revenue numeric, revenue_currency numeric,
                   load numeric, load_kwh numeric, utilization numeric, currency text, demand numeric, demand_kwh numeric
                   , @outer_type@ numeric, @outer_type@_kwh numeric
                   )
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_load_curve';
COMMENT ON FUNCTION @extschema@.sg_load_curve(text, tstzrange, interval, text, text)
    IS 'a grid''s time series (NULL: the current one; the last 24 hours; its time zone), or that of one principal: for each bucket energy by what became of it in energy units and kWh, prices of consumption in money units and currency per kWh, revenue in money units and currency, load in energy units and kWh and utilization in percent at its end; figures are NULL of a bucket that has not begun; of a principal, and for those who do not read the grid in full, what it was or they were a party of, without load';

/*
 * Rollups, and what is in none yet, for those who read the grid; for anybody
 * else the entries that it is a party of. A condition on grid and bucket_start
 * is applied to the rollups by index; load and utilization are functions, so
 * that it can be.
 */
CREATE VIEW @extschema@.sg_load_curve WITH (security_invoker = true) AS
SELECT g.name AS grid, c.bucket_start,
       CASE WHEN c.bucket_start < '294276-12-31 23:45:00+00' THEN c.bucket_start + '15 minutes'::interval ELSE 'infinity' END AS bucket_end,
       c.produced, smartgrid.scaled_sum(c.produced, g.energy_scale) AS produced_kwh,
       c.@inner_type@, smartgrid.scaled_sum(c.@inner_type@, g.energy_scale) AS @inner_type@_kwh,
       c.consumed, smartgrid.scaled_sum(c.consumed, g.energy_scale) AS consumed_kwh,
       c.charged, smartgrid.scaled_sum(c.charged, g.energy_scale) AS charged_kwh,
       c.discharged, smartgrid.scaled_sum(c.discharged, g.energy_scale) AS discharged_kwh,
       c.traded, smartgrid.scaled_sum(c.traded, g.energy_scale) AS traded_kwh,
       a.price_avg, smartgrid.scaled_sum(a.price_avg, g.money_scale) AS price_avg_currency,
       a.price_low, smartgrid.scaled(a.price_low, g.money_scale) AS price_low_currency,
       a.price_high, smartgrid.scaled(a.price_high, g.money_scale) AS price_high_currency,
       c.revenue, smartgrid.scaled_sum(c.revenue, g.money_scale) AS revenue_currency,
       smartgrid.load_after(c.grid_id, c.bucket_start) AS load,
       smartgrid.scaled_sum(smartgrid.load_after(c.grid_id, c.bucket_start), g.energy_scale) AS load_kwh,
       smartgrid.utilization_after(c.grid_id, c.bucket_start) AS utilization,
       g.currency,
       c.consumed + c.traded AS demand, smartgrid.scaled_sum(c.consumed + c.traded, g.energy_scale) AS demand_kwh
       , c.@outer_type@, smartgrid.scaled_sum(c.@outer_type@, g.energy_scale) AS @outer_type@_kwh
FROM (SELECT q.grid_id, q.quarter_start AS bucket_start,
             sum(q.produced) FILTER (WHERE q.energy_type IS NULL) AS produced,
             COALESCE(sum(q.produced) FILTER (WHERE q.energy_type = @type:code@), 0) AS @type@,
             sum(q.consumed) AS consumed,
             sum(q.charged) AS charged,
             sum(q.discharged) AS discharged,
             sum(q.traded) AS traded,
             sum(q.consumed_value) AS consumed_value, min(q.price_low) AS price_low, max(q.price_high) AS price_high, sum(q.revenue) AS revenue
      FROM (SELECT r.grid_id, r.quarter_start, NULL::smallint AS energy_type, r.produced, r.consumed, r.charged, r.discharged, r.traded,
                   r.consumed_value, r.price_low, r.price_high, r.revenue
            FROM smartgrid.rollup AS r
            WHERE r.entries > r.payments
            UNION ALL
            SELECT p.grid_id, p.quarter_start, p.energy_type, p.produced, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            FROM smartgrid.rollup_production AS p
            UNION ALL
            SELECT o.grid_id, o.quarter_start, o.energy_type, o.produced, o.consumed, o.charged, o.discharged, o.traded,
                   o.consumed_value, o.price_low, o.price_high, o.revenue
            FROM smartgrid.open_sums() AS o) AS q
      GROUP BY q.grid_id, q.quarter_start) AS c
     JOIN smartgrid.grid AS g ON g.grid_id = c.grid_id
     -- Of what was all taken back there is no price.
     CROSS JOIN LATERAL (SELECT round(c.consumed_value / NULLIF(c.consumed, 0), 4) AS price_avg,
                                CASE WHEN c.consumed > 0 THEN c.price_low END AS price_low,
                                CASE WHEN c.consumed > 0 THEN c.price_high END AS price_high) AS a;
COMMENT ON VIEW @extschema@.sg_load_curve
    IS 'time series: a row for each grid and quarter-hour in which energy moved; for operators and auditors of the whole grid, for anybody else of what it was a party of';
COMMENT ON COLUMN @extschema@.sg_load_curve.grid IS 'name of the grid (key, with bucket_start)';
COMMENT ON COLUMN @extschema@.sg_load_curve.bucket_start IS 'when the quarter-hour begins';
COMMENT ON COLUMN @extschema@.sg_load_curve.bucket_end IS 'when it ends, and the next begins';
COMMENT ON COLUMN @extschema@.sg_load_curve.produced IS 'produced, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.produced_kwh IS 'produced, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.@type@ IS 'produced by @type:name@, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.@type@_kwh IS 'produced by @type:name@, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.consumed IS 'consumed, without trades, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.consumed_kwh IS 'consumed, without trades, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.charged IS 'charged into storage, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.charged_kwh IS 'charged into storage, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.discharged IS 'discharged from storage, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.discharged_kwh IS 'discharged from storage, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.traded IS 'delivered by completed trades, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.traded_kwh IS 'delivered by completed trades, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_avg IS 'average price of consumption, weighted by energy, rounded to 4 decimals, money units per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_avg_currency IS 'average price of consumption, weighted by energy, rounded to 4 decimals, currency per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_low IS 'lowest price of consumption, money units per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_low_currency IS 'lowest price of consumption, currency per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_high IS 'highest price of consumption, money units per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_high_currency IS 'highest price of consumption, currency per kWh; NULL: none was consumed, or all of it was taken back';
COMMENT ON COLUMN @extschema@.sg_load_curve.revenue IS 'paid to the grid for consumption, money units';
COMMENT ON COLUMN @extschema@.sg_load_curve.revenue_currency IS 'paid to the grid for consumption, currency';
COMMENT ON COLUMN @extschema@.sg_load_curve.load IS 'grid load at the end of the quarter-hour, energy units; NULL for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.load_kwh IS 'grid load at the end of the quarter-hour, kWh; NULL for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.utilization IS 'load / capacity at the end of the quarter-hour, percent; NULL if the capacity of then is not known, and for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_load_curve.demand IS 'demand: consumed + traded, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.demand_kwh IS 'demand: consumed + traded, kWh';
