-- The operator's records of what the grid did.

CREATE SEQUENCE smartgrid.metrics_id_seq;
COMMENT ON SEQUENCE smartgrid.metrics_id_seq IS 'identifiers of metrics records';

CREATE TABLE smartgrid.metrics (
    metrics_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.metrics_id_seq') PRIMARY KEY,
    production bigint NOT NULL CHECK (production >= 0),
    consumption bigint NOT NULL CHECK (consumption >= 0),
    peak_load bigint NOT NULL CHECK (peak_load >= 0),
    efficiency bigint NOT NULL CHECK (efficiency BETWEEN 0 AND 100),
    recorded_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    period tstzrange
);
ALTER SEQUENCE smartgrid.metrics_id_seq OWNED BY smartgrid.metrics.metrics_id;
COMMENT ON TABLE smartgrid.metrics IS 'the operator''s records of what the grid did';
COMMENT ON COLUMN smartgrid.metrics.metrics_id IS 'identifier';
COMMENT ON COLUMN smartgrid.metrics.production IS 'energy units produced';
COMMENT ON COLUMN smartgrid.metrics.consumption IS 'energy units consumed and traded';
COMMENT ON COLUMN smartgrid.metrics.peak_load IS 'highest grid load, energy units';
COMMENT ON COLUMN smartgrid.metrics.efficiency IS 'consumption / production, percent';
COMMENT ON COLUMN smartgrid.metrics.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN smartgrid.metrics.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.metrics.period IS 'the period that the figures were derived from the ledger for; NULL where they were given';

CREATE INDEX metrics_grid_idx ON smartgrid.metrics (grid_id, recorded_at);
COMMENT ON INDEX smartgrid.metrics_grid_idx IS 'metrics records of a grid by time';

ALTER TABLE smartgrid.metrics REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.metrics FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.metrics IS 'for operators of the grid and auditors';

-- Walks back from the load of now, so that only entries since the start of the period are read.
CREATE FUNCTION smartgrid.period_metrics(grid_id integer, period tstzrange,
    OUT production bigint, OUT consumption bigint, OUT peak_load bigint, OUT efficiency bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH first AS (
        SELECT min(l.entry_id) AS entry_id
        FROM smartgrid.ledger AS l
        WHERE l.grid_id = period_metrics.grid_id
              AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period
    ), walk AS (
        SELECT l.entry_id, l.kind, l.energy, l.at <@ period AS inside,
               (SELECT coalesce(sum(p.load), 0) FROM smartgrid.pool AS p WHERE p.grid_id = period_metrics.grid_id)
               - coalesce(sum(smartgrid.load_change(l.kind, l.energy))
                          OVER (ORDER BY l.entry_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS load
        FROM smartgrid.ledger AS l
        WHERE l.grid_id = period_metrics.grid_id AND l.entry_id >= (SELECT first.entry_id FROM first)
    ), effect AS (
        SELECT k.kind, sum(k.produced) AS produced, sum(k.consumed) AS consumed
        FROM smartgrid.entry_effects() AS k GROUP BY k.kind
    ), sums AS (
        SELECT coalesce(sum(w.energy * e.produced), 0) AS production,
               coalesce(sum(w.energy * e.consumed), 0) AS consumption,
               coalesce(max(w.load) FILTER (WHERE NOT smartgrid.is_first_half(w.entry_id, w.kind)), 0) AS peak_load
        FROM walk AS w LEFT JOIN effect AS e ON e.kind = w.kind
        WHERE w.inside
    )
    SELECT sums.production::bigint, sums.consumption::bigint, sums.peak_load::bigint,
           CASE WHEN sums.production = 0 THEN 0
                ELSE least(div(100 * sums.consumption, sums.production), 100) END::bigint
    FROM sums;
END;
COMMENT ON FUNCTION smartgrid.period_metrics(integer, tstzrange)
    IS 'production, consumption and highest load of a grid in a period, energy units, and efficiency in percent, from the ledger';

CREATE FUNCTION @extschema@.sg_record_metrics(production bigint, consumption bigint, peak_load bigint, efficiency bigint) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_record_metrics';
COMMENT ON FUNCTION @extschema@.sg_record_metrics(bigint, bigint, bigint, bigint)
    IS 'records figures in energy units and efficiency in percent; returns the record''s id (operator)';

CREATE FUNCTION @extschema@.sg_record_metrics(period tstzrange) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_record_metrics_period';
COMMENT ON FUNCTION @extschema@.sg_record_metrics(tstzrange)
    IS 'records the figures of a period, derived from the ledger; returns the record''s id (operator)';

CREATE FUNCTION @extschema@.sg_get_metrics(metrics_id bigint,
    OUT production bigint, OUT consumption bigint, OUT peak_load bigint, OUT efficiency bigint,
    OUT recorded_at timestamptz, OUT period tstzrange)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_metrics';
COMMENT ON FUNCTION @extschema@.sg_get_metrics(bigint)
    IS 'a metrics record of the current grid: energy units, efficiency in percent; NULL where there is none or it is hidden';

CREATE VIEW @extschema@.sg_metrics WITH (security_invoker = true) AS
SELECT m.metrics_id, g.name AS grid,
       m.production, smartgrid.scaled(m.production, g.energy_scale) AS production_kwh,
       m.consumption, smartgrid.scaled(m.consumption, g.energy_scale) AS consumption_kwh,
       m.peak_load, smartgrid.scaled(m.peak_load, g.energy_scale) AS peak_load_kwh,
       m.efficiency, m.recorded_at, m.period,
       pg_catalog.lower(m.period) AS period_start, pg_catalog.upper(m.period) AS period_end
FROM smartgrid.metrics AS m JOIN smartgrid.grid AS g ON g.grid_id = m.grid_id;
COMMENT ON VIEW @extschema@.sg_metrics IS 'the operator''s metrics records, for operators and auditors';
COMMENT ON COLUMN @extschema@.sg_metrics.metrics_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_metrics.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_metrics.production IS 'energy units produced';
COMMENT ON COLUMN @extschema@.sg_metrics.production_kwh IS 'kWh produced';
COMMENT ON COLUMN @extschema@.sg_metrics.consumption IS 'energy units consumed and traded';
COMMENT ON COLUMN @extschema@.sg_metrics.consumption_kwh IS 'kWh consumed and traded';
COMMENT ON COLUMN @extschema@.sg_metrics.peak_load IS 'highest grid load, energy units';
COMMENT ON COLUMN @extschema@.sg_metrics.peak_load_kwh IS 'highest grid load, kWh';
COMMENT ON COLUMN @extschema@.sg_metrics.efficiency IS 'consumption / production, percent';
COMMENT ON COLUMN @extschema@.sg_metrics.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN @extschema@.sg_metrics.period IS 'the period that the figures were derived for; NULL where they were given';
COMMENT ON COLUMN @extschema@.sg_metrics.period_start IS 'lower bound of the period; NULL where the figures were given';
COMMENT ON COLUMN @extschema@.sg_metrics.period_end IS 'upper bound of the period; NULL where the figures were given';
