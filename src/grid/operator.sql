-- The operator: price, emergency mode and metrics.

CREATE FUNCTION @extschema@.sg_set_base_price(new_price bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_base_price';
COMMENT ON FUNCTION @extschema@.sg_set_base_price(bigint) IS 'sets the base price, money units per kWh (operator)';

CREATE FUNCTION @extschema@.sg_toggle_emergency_mode() RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_toggle_emergency_mode';
COMMENT ON FUNCTION @extschema@.sg_toggle_emergency_mode() IS 'turns emergency mode on or off and returns the new state (operator)';

CREATE SEQUENCE smartgrid.metrics_id_seq;

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
CREATE INDEX metrics_grid_idx ON smartgrid.metrics (grid_id, recorded_at);
COMMENT ON TABLE smartgrid.metrics IS 'the operator''s records of what the grid did';
COMMENT ON COLUMN smartgrid.metrics.metrics_id IS 'identifier';
COMMENT ON COLUMN smartgrid.metrics.production IS 'energy units produced';
COMMENT ON COLUMN smartgrid.metrics.consumption IS 'energy units consumed and traded';
COMMENT ON COLUMN smartgrid.metrics.peak_load IS 'highest grid load, energy units';
COMMENT ON COLUMN smartgrid.metrics.efficiency IS 'consumption / production, percent';
COMMENT ON COLUMN smartgrid.metrics.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN smartgrid.metrics.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.metrics.period IS 'the period that the figures were derived from the ledger for; NULL where they were given';

ALTER TABLE smartgrid.metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.metrics FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
GRANT SELECT ON smartgrid.metrics TO PUBLIC;

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
GRANT SELECT ON @extschema@.sg_metrics TO PUBLIC;
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
