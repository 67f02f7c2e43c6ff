-- The report page: what is known of a grid's energy and prices, as rows of values.  Energy is in kWh, money in the currency, prices in currency per kWh,
-- shares in percent.
--
-- Figures are read with the rights of the caller: row-level security decides of which entries they are.  What an entry does
-- to whom, smartgrid.entry_effects() says.

CREATE FUNCTION smartgrid.report_state(context smartgrid.report_context,
    OUT emergency_mode boolean, OUT load numeric, OUT capacity numeric, OUT utilization numeric, OUT price numeric, OUT base_price numeric,
    OUT low_watermark numeric, OUT high_watermark numeric)
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT g.emergency_mode, g.current_load_kwh, g.total_capacity_kwh, g.utilization, g.dynamic_price_currency, g.base_price_currency,
           g.total_capacity_kwh * g.low_watermark / 100, g.total_capacity_kwh * g.high_watermark / 100
    FROM @extschema@.sg_grids AS g
    WHERE g.grid = context.grid;
END;
COMMENT ON FUNCTION smartgrid.report_state(smartgrid.report_context)
    IS 'the grid''s state of now: load and capacity in kWh, utilization in percent, prices in currency per kWh, and the loads in kWh at which balancing begins';

CREATE TYPE smartgrid.report_bucket AS (
    bucket_start timestamptz,
    bucket_end timestamptz,
    production jsonb,
    produced numeric,
    consumed numeric,
    traded numeric,
    charged numeric,
    discharged numeric,
    demand numeric,
    load numeric,
    utilization numeric,
    price_avg numeric,
    price_low numeric,
    price_high numeric,
    revenue numeric
);
COMMENT ON TYPE smartgrid.report_bucket IS 'what happened in one time step';
COMMENT ON COLUMN smartgrid.report_bucket.bucket_start IS 'when the step begins';
COMMENT ON COLUMN smartgrid.report_bucket.bucket_end IS 'when it ends';
COMMENT ON COLUMN smartgrid.report_bucket.production IS 'produced by energy type, of those that did, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.produced IS 'produced, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.consumed IS 'consumed, without trades, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.traded IS 'delivered by completed trades, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.charged IS 'charged into storage, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.discharged IS 'discharged from storage, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.demand IS 'consumed, and traded or, by the participant whose report it is, bought, kWh';
COMMENT ON COLUMN smartgrid.report_bucket.load IS 'grid load at the end of the step, kWh; NULL for those who do not read the grid in full, and of a step that has not begun, like all figures';
COMMENT ON COLUMN smartgrid.report_bucket.utilization IS 'load / capacity at the end of the step, percent; NULL like the load, and if the capacity of then is not known';
COMMENT ON COLUMN smartgrid.report_bucket.price_avg IS 'average price of consumption, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.report_bucket.price_low IS 'lowest price of consumption, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.report_bucket.price_high IS 'highest price of consumption, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.report_bucket.revenue IS 'paid to the grid for consumption, currency';

-- sg_load_curve() has what the participant bought together with what it sold.
CREATE FUNCTION smartgrid.report_bought(context smartgrid.report_context, starts timestamptz[], OUT place bigint, OUT energy numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    SELECT width_bucket(l.at, starts), smartgrid.scaled_sum(sum(l.energy * k.consumed), context.energy_scale)
    FROM smartgrid.ledger AS l JOIN smartgrid.entry_effects() AS k ON k.kind = l.kind AND k.as_counterparty
    WHERE l.counterparty_id = context.own AND l.counterparty_id > 0 AND l.grid_id = context.grid_id AND l.at <@ context.period
    GROUP BY 1;
END;
COMMENT ON FUNCTION smartgrid.report_bought(smartgrid.report_context, timestamptz[])
    IS 'kWh that the participant whose report it is bought from others, by the place of the time step among these beginnings';

CREATE FUNCTION smartgrid.report_curve(context smartgrid.report_context, bucket interval) RETURNS SETOF smartgrid.report_bucket
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 100
BEGIN ATOMIC
    WITH curve AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY c.bucket_start) AS place, c.*
        FROM @extschema@.sg_load_curve(context.grid, context.period, report_curve.bucket, context.time_zone) AS c
    ), type AS MATERIALIZED (
        SELECT t.name, replace(t.name, '-', '_') || '_kwh' AS column_name
        FROM (SELECT smartgrid.energy_type_name(e.energy_type) FROM smartgrid.default_energy_types() AS e) AS t (name)
    )
    SELECT c.bucket_start, c.bucket_end,
           CASE WHEN c.produced > 0 THEN (SELECT jsonb_object_agg(t.name, f.value)
                                          FROM jsonb_each(to_jsonb(c)) AS f JOIN type AS t ON t.column_name = f.key
                                          WHERE f.value > '0') ELSE '{}' END,
           c.produced_kwh, c.consumed_kwh, c.traded_kwh, c.charged_kwh, c.discharged_kwh,
           CASE WHEN context.own IS NULL THEN c.demand_kwh ELSE c.consumed_kwh + COALESCE(b.energy, 0) END,
           c.load_kwh, c.utilization, c.price_avg_currency, c.price_low_currency, c.price_high_currency, c.revenue_currency
    FROM curve AS c
         LEFT JOIN (SELECT o.place, o.energy
                    FROM smartgrid.report_bought(context, (SELECT array_agg(s.bucket_start ORDER BY s.place) FROM curve AS s)) AS o
                    WHERE context.own IS NOT NULL) AS b ON b.place = c.place
    ORDER BY c.place;
END;
COMMENT ON FUNCTION smartgrid.report_curve(smartgrid.report_context, interval) IS 'the load curve of the period, in steps of this width';

CREATE FUNCTION smartgrid.report_load_before(context smartgrid.report_context) RETURNS numeric
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT c.load_kwh
    FROM @extschema@.sg_load_curve(context.grid, tstzrange(lower(context.period) - interval '1 microsecond', lower(context.period),
                                                           CASE WHEN lower_inc(context.period) THEN '[)' ELSE '[]' END)) AS c;
END;
COMMENT ON FUNCTION smartgrid.report_load_before(smartgrid.report_context)
    IS 'grid load when the period begins, kWh; NULL for those who do not read the grid in full';

-- What everybody may know of a grid's prices.
CREATE FUNCTION smartgrid.report_spells(context smartgrid.report_context,
    OUT spell_start timestamptz, OUT spell_end timestamptz, OUT base_price numeric, OUT emergency_mode boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT s.first, s.until, smartgrid.scaled_sum(s.base_price, context.money_scale), s.emergency_mode
    FROM (SELECT greatest(e.at, lower(context.period)) AS first,
                 least(COALESCE(lead(e.at) OVER (ORDER BY e.at, e.event_id), 'infinity'), upper(context.period)) AS until,
                 e.base_price, e.emergency_mode
          FROM smartgrid.price_event AS e
          WHERE e.grid_id = context.grid_id AND e.at < upper(context.period)) AS s
    WHERE s.first < s.until
    ORDER BY s.first;
END;
COMMENT ON FUNCTION smartgrid.report_spells(smartgrid.report_context)
    IS 'spells of one base price (currency per kWh) and mode in the period, in order';

CREATE FUNCTION smartgrid.report_mix(context smartgrid.report_context, curve smartgrid.report_bucket[],
    OUT energy_type text, OUT energy numeric, OUT share numeric, OUT renewable boolean, OUT co2_g_per_kwh numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
    SELECT m.energy_type, m.energy, 100 * m.energy / sum(m.energy) OVER (), e.renewable, e.co2_g_per_kwh
    FROM (SELECT p.key AS energy_type, sum(p.value::numeric) AS energy
          FROM unnest(curve) AS b CROSS JOIN LATERAL jsonb_each_text(b.production) AS p
          GROUP BY p.key) AS m
         LEFT JOIN @extschema@.sg_energy_types AS e ON e.grid = context.grid AND e.energy_type = m.energy_type
    WHERE m.energy > 0
    ORDER BY m.energy DESC, m.energy_type;
END;
COMMENT ON FUNCTION smartgrid.report_mix(smartgrid.report_context, smartgrid.report_bucket[])
    IS 'what a curve''s production was of: kWh by energy type, share in percent, g CO2-equivalent per kWh; the largest first';
