-- By which model a grid shares its energy: dated and versioned (src/metering/dated.h), a fact of the grid.

CREATE FUNCTION smartgrid.allocation_model(model smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_allocation_model';
COMMENT ON FUNCTION smartgrid.allocation_model(smallint) IS 'name of a model of allocation';

CREATE TABLE smartgrid.allocation (
    grid_id integer NOT NULL,
    model smallint NOT NULL CHECK (smartgrid.allocation_model(model) IS NOT NULL),
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (grid_id, valid_from, recorded_at),
    CONSTRAINT allocation_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT allocation_excl EXCLUDE USING gist (
        pg_catalog.int8range(grid_id, grid_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.allocation IS 'by which model grids share, from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.allocation.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.allocation.model IS 'code of the model, see smartgrid.allocation_model()';
COMMENT ON COLUMN smartgrid.allocation.begins_anew IS 'whether something ended when it begins; never';
COMMENT ON COLUMN smartgrid.allocation.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.allocation.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.allocation.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.allocation.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON CONSTRAINT allocation_check ON smartgrid.allocation IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON CONSTRAINT allocation_excl ON smartgrid.allocation IS 'of a grid, one model is on record for each moment at a time';

ALTER TABLE smartgrid.allocation ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.allocation FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.allocation IS 'how a grid shares is public';

CREATE VIEW @extschema@.sg_allocation_periods WITH (security_invoker = true) AS
SELECT g.name AS grid, smartgrid.allocation_model(a.model) AS model,
       a.valid_from, NULLIF(a.valid_to, 'infinity') AS valid_to,
       a.recorded_at, NULLIF(a.superseded_at, 'infinity') AS superseded_at
FROM smartgrid.allocation AS a JOIN smartgrid.grid AS g ON g.grid_id = a.grid_id;
COMMENT ON VIEW @extschema@.sg_allocation_periods
    IS 'by which model grids share from when to when, with all that was ever on record; where nothing is, it is dynamic';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.model IS 'dynamic, static, cascade or none';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.valid_from IS 'since when it is so (key, with grid and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_allocation_periods.superseded_at IS 'when something else took its place on record; NULL while it is on record';

CREATE VIEW @extschema@.sg_allocations WITH (security_invoker = true) AS
SELECT g.name AS grid, COALESCE(smartgrid.allocation_model(a.model), 'dynamic') AS model,
       a.valid_from, NULLIF(a.valid_to, 'infinity') AS valid_to, a.recorded_at
FROM smartgrid.grid AS g
     LEFT JOIN smartgrid.allocation AS a
        ON a.grid_id = g.grid_id AND a.superseded_at = 'infinity' AND a.valid_from <= pg_catalog.now() AND a.valid_to > pg_catalog.now();
COMMENT ON VIEW @extschema@.sg_allocations IS 'by which model each grid shares now';
COMMENT ON COLUMN @extschema@.sg_allocations.grid IS 'the grid, which has one row';
COMMENT ON COLUMN @extschema@.sg_allocations.model IS 'dynamic, static, cascade or none';
COMMENT ON COLUMN @extschema@.sg_allocations.valid_from IS 'since when it is so; NULL: nothing is on record (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_allocations.valid_to IS 'until when, exclusive; NULL: no change is on record';
COMMENT ON COLUMN @extschema@.sg_allocations.recorded_at IS 'since when that is on record';

CREATE FUNCTION @extschema@.sg_set_allocation(valid_from timestamptz, model text, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_allocation';
COMMENT ON FUNCTION @extschema@.sg_set_allocation(timestamptz, text, boolean)
    IS 'says by which model the grid shares its energy from a time until the next later change that is on record: dynamic, static, cascade or none (operator)';
