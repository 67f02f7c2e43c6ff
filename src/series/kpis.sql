-- Key figures.

CREATE FUNCTION smartgrid.kpis(grid_id integer, own_participant bigint, microseconds numeric,
    produced numeric, consumed numeric, charged numeric, discharged numeric, traded numeric, released numeric,
    consumed_value numeric, revenue numeric, production numeric[], price_low bigint, price_high bigint,
    matched numeric, peak_load numeric, peak_load_at timestamptz, peak_demand numeric, peak_demand_at timestamptz,
    OUT kpi text, OUT value numeric, OUT unit text, OUT at timestamptz, OUT definition text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 19
BEGIN ATOMIC
    WITH figure AS (
        SELECT g.energy_scale AS es, g.money_scale AS ms, g.currency,
               smartgrid.scaled_sum(kpis.produced, g.energy_scale) AS produced, smartgrid.scaled_sum(kpis.consumed, g.energy_scale) AS consumed,
               smartgrid.scaled_sum(kpis.charged, g.energy_scale) AS charged, smartgrid.scaled_sum(kpis.discharged, g.energy_scale) AS discharged,
               smartgrid.scaled_sum(kpis.traded, g.energy_scale) AS traded, smartgrid.scaled_sum(kpis.released, g.energy_scale) AS released,
               smartgrid.scaled_sum(kpis.consumed + kpis.traded, g.energy_scale) AS demand,
               smartgrid.scaled_sum(kpis.matched, g.energy_scale) AS matched,
               smartgrid.scaled_sum(kpis.peak_load, g.energy_scale) AS peak_load,
               smartgrid.scaled_sum(kpis.peak_demand, g.energy_scale) * 4 AS peak_demand,
               smartgrid.scaled_sum(kpis.consumed + kpis.traded, g.energy_scale) * 3600000000 / microseconds AS average_demand,
               greatest(3, g.energy_scale) AS power_decimals,
               (SELECT sum(smartgrid.scaled_sum(kpis.production[1 + t.energy_type], g.energy_scale)) FILTER (WHERE t.renewable)
                FROM smartgrid.energy_types(g.grid_id) AS t) AS renewable,
               (SELECT sum(smartgrid.scaled_sum(kpis.production[1 + t.energy_type], g.energy_scale)) FROM smartgrid.energy_types(g.grid_id) AS t) AS known,
               (SELECT sum(smartgrid.scaled_sum(kpis.production[1 + t.energy_type], g.energy_scale) * t.co2_g_per_kwh)
                FROM smartgrid.energy_types(g.grid_id) AS t) AS co2,
               (SELECT smartgrid.scaled_sum(sum(s.capacity), g.energy_scale) FROM smartgrid.storage AS s
                WHERE s.grid_id = g.grid_id AND (own_participant IS NULL OR s.participant_id = own_participant)) AS storage_capacity
        FROM smartgrid.grid AS g
        WHERE g.grid_id = kpis.grid_id
    )
    SELECT k.kpi, k.value, k.unit, k.at, k.definition
    FROM figure AS f
         CROSS JOIN LATERAL (VALUES
            (1, 'produced', f.produced, 'kWh', NULL::timestamptz,
             'Energy that producers reported.'),
            (2, 'consumed', f.consumed, 'kWh', NULL,
             'Energy that consumers took from the grid, without trades.'),
            (3, 'traded', f.traded, 'kWh', NULL,
             'Energy that trades delivered when they were completed.'),
            (4, 'demand', f.demand, 'kWh', NULL,
             'Consumed and traded energy.'),
            (5, 'self_consumption', round(100 * f.matched / NULLIF(f.produced, 0), 2), '%', NULL,
             'Share of the production that was used when it was produced: the sum over all quarter-hours of min(demand, production + discharge - charge), at least 0, divided by production.'),
            (6, 'self_sufficiency', round(100 * f.matched / NULLIF(f.demand, 0), 2), '%', NULL,
             'Share of the demand that production and storage of the same quarter-hour covered: the same sum, divided by demand.'),
            (7, 'renewable_share', round(100 * COALESCE(f.renewable, 0) / NULLIF(f.produced, 0), 2), '%', NULL,
             'Production of renewable energy types divided by production; sg_energy_types says which are.'),
            (8, 'co2_intensity', round(f.co2 / NULLIF(f.known, 0), 2), 'g/kWh', NULL,
             'Greenhouse gases in CO2-equivalent per kWh produced, by the factors of sg_energy_types.'),
            (9, 'peak_load', f.peak_load, 'kWh', kpis.peak_load_at,
             'Highest grid load after an entry of the period, and when; only for those who read the grid in full.'),
            (10, 'peak_demand', round(f.peak_demand, f.power_decimals), 'kW', kpis.peak_demand_at,
             'Demand of the quarter-hour with the most, as average power, and when it began.'),
            (11, 'average_demand', round(f.average_demand, f.power_decimals), 'kW', NULL,
             'Demand divided by the length of the period.'),
            (12, 'load_factor', round(100 * f.average_demand / NULLIF(f.peak_demand, 0), 2), '%', NULL,
             'Average demand divided by peak demand.'),
            (13, 'price_avg', smartgrid.scaled_sum(round(kpis.consumed_value / NULLIF(kpis.consumed, 0), 4), f.ms), f.currency || '/kWh', NULL,
             'Average price of the consumption, weighted by energy.'),
            (14, 'price_low', smartgrid.scaled(kpis.price_low, f.ms), f.currency || '/kWh', NULL,
             'Lowest price of a consumption.'),
            (15, 'price_high', smartgrid.scaled(kpis.price_high, f.ms), f.currency || '/kWh', NULL,
             'Highest price of a consumption.'),
            (16, 'revenue', smartgrid.scaled_sum(kpis.revenue, f.ms), f.currency, NULL,
             'Money that consumers paid to the grid for consumption.'),
            (17, 'storage_cycles', round(f.discharged / NULLIF(f.storage_capacity, 0), 4), 'cycles', NULL,
             'Energy discharged divided by the capacity of the storage facilities.'),
            (18, 'round_trip_efficiency', round(100 * f.discharged / NULLIF(f.charged, 0), 2), '%', NULL,
             'Energy discharged divided by energy charged; above 100 where what was charged before the period was discharged in it.'),
            (19, 'delivery', round(100 * f.traded / NULLIF(f.traded + f.released, 0), 2), '%', NULL,
             'Energy of completed trades divided by that of completed, cancelled and taken back trades.')
         ) AS k (place, kpi, value, unit, at, definition)
    ORDER BY k.place;
END;
COMMENT ON FUNCTION smartgrid.kpis(integer, bigint, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric[], bigint, bigint, numeric, numeric, timestamptz, numeric, timestamptz)
    IS 'key figures from the sums of a period: energy units, microseconds, money units per kWh; production: by code of the energy type; own_participant: whose storage counts, NULL: all of the grid''s';

CREATE FUNCTION @extschema@.sg_kpis(period tstzrange DEFAULT NULL, grid text DEFAULT NULL)
    RETURNS TABLE (kpi text, value numeric, unit text, at timestamptz, definition text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 19 AS 'MODULE_PATHNAME', 'sg_kpis';
COMMENT ON FUNCTION @extschema@.sg_kpis(tstzrange, text)
    IS 'key figures of a period (NULL: the last 24 hours) and grid (NULL: the current one), always the same rows in the same order, each with its unit and definition; value is NULL where it is undefined, and of a period that has not begun; for those who do not read the grid in full those of what they were a party of';
