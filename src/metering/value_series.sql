-- Series: named numbers by time, of a grid (src/metering/series.h). Versioned: what is on record at a moment has
-- recorded_at <= moment < superseded_at.

CREATE SEQUENCE smartgrid.series_id_seq;
COMMENT ON SEQUENCE smartgrid.series_id_seq IS 'numbers of series, of all grids together';

CREATE TABLE smartgrid.series (
    series_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.series_id_seq') PRIMARY KEY,
    grid_id integer NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(name) BETWEEN 1 AND 64),
    UNIQUE (grid_id, name)
);
ALTER SEQUENCE smartgrid.series_id_seq OWNED BY smartgrid.series.series_id;
COMMENT ON TABLE smartgrid.series IS 'named numbers by time: index prices, load profiles, marked hours';
COMMENT ON COLUMN smartgrid.series.series_id IS 'number';
COMMENT ON COLUMN smartgrid.series.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.series.name IS 'name, at most 64 bytes';
ALTER TABLE smartgrid.series REPLICA IDENTITY FULL;

CREATE TABLE smartgrid.series_step (
    series_id bigint NOT NULL,
    grid_id integer NOT NULL,
    step interval NOT NULL CHECK (step >= '0'),
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (series_id, recorded_at, grid_id),
    CONSTRAINT series_step_check CHECK (recorded_at < superseded_at)
);
CREATE UNIQUE INDEX series_step_key ON smartgrid.series_step (series_id) WHERE superseded_at = 'infinity';
COMMENT ON TABLE smartgrid.series_step IS 'how long a value of a series holds where there is none: the step of the latest call';
COMMENT ON COLUMN smartgrid.series_step.series_id IS 'the series';
COMMENT ON COLUMN smartgrid.series_step.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.series_step.step IS 'months, days or hours; 0: there is none';
COMMENT ON COLUMN smartgrid.series_step.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.series_step.superseded_at IS 'when another took its place; infinity while it is on record';
COMMENT ON CONSTRAINT series_step_check ON smartgrid.series_step IS 'it was on record before another took its place';
COMMENT ON INDEX smartgrid.series_step_key IS 'a series has one step at a time';

CREATE TABLE smartgrid.series_value (
    series_id bigint NOT NULL,
    grid_id integer NOT NULL,
    start timestamptz NOT NULL,
    until timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    step interval NOT NULL CHECK (step >= '0'),
    value numeric NOT NULL,
    PRIMARY KEY (series_id, start, recorded_at, grid_id),
    CONSTRAINT series_value_check CHECK (start < until AND recorded_at < superseded_at)
);
CREATE UNIQUE INDEX series_value_key ON smartgrid.series_value (series_id, start) WHERE superseded_at = 'infinity';
COMMENT ON TABLE smartgrid.series_value IS 'values of series, and when they were on record';
COMMENT ON COLUMN smartgrid.series_value.series_id IS 'the series';
COMMENT ON COLUMN smartgrid.series_value.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.series_value.start IS 'since when the value holds';
COMMENT ON COLUMN smartgrid.series_value.until IS 'until when, exclusive; infinity: until the next one';
COMMENT ON COLUMN smartgrid.series_value.recorded_at IS 'since when it is on record';
COMMENT ON COLUMN smartgrid.series_value.superseded_at IS 'when another took its place; infinity while it is on record';
COMMENT ON COLUMN smartgrid.series_value.step IS 'how long it holds: months, days or hours; 0: until the next one';
COMMENT ON COLUMN smartgrid.series_value.value IS 'the number, in the unit that the series is used in (currency per kWh of a price), at most 12 decimals';
COMMENT ON CONSTRAINT series_value_check ON smartgrid.series_value IS 'it begins before it ends, and was on record before another took its place';
COMMENT ON INDEX smartgrid.series_value_key IS 'a series has one value of a start at a time';

ALTER TABLE smartgrid.series ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.series FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.series IS 'series are public, as prices are';
ALTER TABLE smartgrid.series_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.series_step FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.series_step IS 'series are public, as prices are';
ALTER TABLE smartgrid.series_value ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.series_value FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.series_value IS 'series are public, as prices are';

CREATE VIEW @extschema@.sg_series WITH (security_invoker = true) AS
SELECT g.name AS grid, s.name AS series, NULLIF(d.step, '0') AS step, v.values, v.first_start, v.last_start
FROM smartgrid.series AS s
     JOIN smartgrid.grid AS g ON g.grid_id = s.grid_id
     JOIN smartgrid.series_step AS d ON d.series_id = s.series_id AND d.superseded_at = 'infinity'
     CROSS JOIN LATERAL (
        SELECT pg_catalog.count(*) AS values, pg_catalog.min(r.start) AS first_start, pg_catalog.max(r.start) AS last_start
        FROM smartgrid.series_value AS r WHERE r.series_id = s.series_id AND r.superseded_at = 'infinity') AS v;
COMMENT ON VIEW @extschema@.sg_series IS 'series of grids, with what is on record of them now';
COMMENT ON COLUMN @extschema@.sg_series.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_series.series IS 'name of the series (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_series.step IS 'how long a value of the latest call holds; NULL: until the next one';
COMMENT ON COLUMN @extschema@.sg_series.values IS 'how many values it has';
COMMENT ON COLUMN @extschema@.sg_series.first_start IS 'since when the first one holds';
COMMENT ON COLUMN @extschema@.sg_series.last_start IS 'since when the last one holds';

CREATE FUNCTION @extschema@.sg_post_series(series text, starts timestamptz[], "values" numeric[], step interval DEFAULT NULL) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_post_series';
COMMENT ON FUNCTION @extschema@.sg_post_series(text, timestamptz[], numeric[], interval)
    IS 'puts values of a series on record, which hold for a step, or until the next one, and returns how many are new (operator)';

CREATE FUNCTION @extschema@.sg_series_values(series text, period tstzrange DEFAULT NULL, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (start timestamptz, stop timestamptz, value numeric, step interval, recorded_at timestamptz)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_series_values';
COMMENT ON FUNCTION @extschema@.sg_series_values(text, tstzrange, timestamptz)
    IS 'the values of a series that hold at some time in a period, NULL: all, and until when each does, NULL: until the next one';
