-- Metering points: one measured quantity in one direction. What they are called and what they are is dated and versioned
-- (src/metering/dated.h); a point keeps its number and its kind.

CREATE FUNCTION smartgrid.point_kind(kind smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_point_kind';
COMMENT ON FUNCTION smartgrid.point_kind(smallint) IS 'name of a kind of metering point';

CREATE SEQUENCE smartgrid.point_id_seq;
COMMENT ON SEQUENCE smartgrid.point_id_seq IS 'numbers of metering points, of all grids together';

CREATE TABLE smartgrid.point (
    point_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.point_id_seq') PRIMARY KEY,
    grid_id integer NOT NULL,
    kind smallint NOT NULL CHECK (smartgrid.point_kind(kind) IS NOT NULL)
);
ALTER SEQUENCE smartgrid.point_id_seq OWNED BY smartgrid.point.point_id;
COMMENT ON TABLE smartgrid.point IS 'metering points';
COMMENT ON COLUMN smartgrid.point.point_id IS 'number, which stays';
COMMENT ON COLUMN smartgrid.point.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.point.kind IS 'code of the kind, see smartgrid.point_kind()';
ALTER TABLE smartgrid.point REPLICA IDENTITY FULL;

CREATE TABLE smartgrid.point_name (
    point_id bigint NOT NULL,
    grid_id integer NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(name) BETWEEN 1 AND 64),
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (point_id, recorded_at, grid_id),
    CONSTRAINT point_name_check CHECK (recorded_at < superseded_at),
    CONSTRAINT point_name_excl EXCLUDE USING gist (
        pg_catalog.int8range(point_id, point_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.point_name IS 'identifiers of metering points, and when they were on record';
COMMENT ON COLUMN smartgrid.point_name.point_id IS 'the metering point';
COMMENT ON COLUMN smartgrid.point_name.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.point_name.name IS 'external identifier, at most 64 bytes';
COMMENT ON COLUMN smartgrid.point_name.recorded_at IS 'since when it is on record';
COMMENT ON COLUMN smartgrid.point_name.superseded_at IS 'when another took its place; infinity while it is on record';
COMMENT ON CONSTRAINT point_name_check ON smartgrid.point_name IS 'it was on record before another took its place';
COMMENT ON CONSTRAINT point_name_excl ON smartgrid.point_name IS 'a point has one identifier at a time';

CREATE UNIQUE INDEX point_name_key ON smartgrid.point_name (name, grid_id) WHERE superseded_at = 'infinity';
COMMENT ON INDEX smartgrid.point_name_key IS 'an identifier is that of one point of a grid; finds points by it';

CREATE TABLE smartgrid.point_period (
    point_id bigint NOT NULL,
    grid_id integer NOT NULL,
    resolution smallint NOT NULL CHECK (resolution IN (5, 15, 30, 60)),
    is_loss boolean NOT NULL,
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    owner_id bigint NOT NULL CHECK (owner_id >= 0),
    capacity numeric NOT NULL CHECK (capacity >= 0 AND capacity < 'Infinity'),
    meter text COLLATE "C" NOT NULL,
    neighbour text COLLATE "C" NOT NULL,
    class text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(class) <= 64),
    PRIMARY KEY (point_id, valid_from, recorded_at, grid_id),
    CONSTRAINT point_period_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT point_period_excl EXCLUDE USING gist (
        pg_catalog.int8range(point_id, point_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.point_period IS 'what metering points are, from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.point_period.point_id IS 'the metering point';
COMMENT ON COLUMN smartgrid.point_period.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.point_period.resolution IS 'length of its slots, minutes';
COMMENT ON COLUMN smartgrid.point_period.is_loss IS 'whether it takes the grid''s loss, and has no readings of its own';
COMMENT ON COLUMN smartgrid.point_period.begins_anew IS 'whether the point had ended when it begins, and takes nothing from before';
COMMENT ON COLUMN smartgrid.point_period.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.point_period.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.point_period.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.point_period.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON COLUMN smartgrid.point_period.owner_id IS 'the participant that pays or is paid; 0: none';
COMMENT ON COLUMN smartgrid.point_period.capacity IS 'connection capacity, kW; 0: not known';
COMMENT ON COLUMN smartgrid.point_period.meter IS 'serial number of the device; empty: not known';
COMMENT ON COLUMN smartgrid.point_period.neighbour IS 'the neighbouring area of an exchange point; empty for others';
COMMENT ON COLUMN smartgrid.point_period.class IS 'label that groups points in sums and tariffs, at most 64 bytes; empty: none';
COMMENT ON CONSTRAINT point_period_check ON smartgrid.point_period IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON CONSTRAINT point_period_excl ON smartgrid.point_period IS 'of a point, one thing is on record for each moment at a time';

CREATE INDEX point_period_owner_idx ON smartgrid.point_period (owner_id);
COMMENT ON INDEX smartgrid.point_period_owner_idx IS 'finds the points of an owner';

-- EXPLAIN tells statistics to everybody.
ALTER TABLE smartgrid.point_name ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE smartgrid.point_period ALTER COLUMN owner_id SET STATISTICS 0;
ALTER TABLE smartgrid.point_period ALTER COLUMN capacity SET STATISTICS 0;
ALTER TABLE smartgrid.point_period ALTER COLUMN meter SET STATISTICS 0;
ALTER TABLE smartgrid.point_period ALTER COLUMN neighbour SET STATISTICS 0;
ALTER TABLE smartgrid.point_period ALTER COLUMN class SET STATISTICS 0;

ALTER TABLE smartgrid.point_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.point_period FOR SELECT
    USING (owner_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.point_period IS 'periods in which one was the owner; all for operators of the grid and auditors';

-- As the policy of the periods decides: it holds within these, too.
ALTER TABLE smartgrid.point ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.point FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.point_period AS d WHERE d.point_id = point.point_id));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.point IS 'points of which one was the owner; all for operators of the grid and auditors';
ALTER TABLE smartgrid.point_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.point_name FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.point_period AS d WHERE d.point_id = point_name.point_id));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.point_name IS 'points of which one was the owner; all for operators of the grid and auditors';

CREATE VIEW @extschema@.sg_point_periods WITH (security_invoker = true) AS
SELECT g.name AS grid, n.name AS point, smartgrid.point_kind(p.kind) AS kind, o.principal AS owner,
       pg_catalog.make_interval(mins => d.resolution) AS resolution,
       NULLIF(d.capacity, 0) AS capacity, NULLIF(d.meter, '') AS meter, NULLIF(d.neighbour, '') AS neighbour,
       NULLIF(d.class, '') AS class, CASE WHEN d.is_loss THEN 'loss' END AS role,
       d.valid_from, NULLIF(d.valid_to, 'infinity') AS valid_to,
       d.recorded_at, NULLIF(d.superseded_at, 'infinity') AS superseded_at, d.point_id
FROM smartgrid.point_period AS d
     JOIN smartgrid.point AS p ON p.point_id = d.point_id
     JOIN smartgrid.point_name AS n ON n.point_id = d.point_id AND n.superseded_at = 'infinity'
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
     LEFT JOIN smartgrid.participant AS o ON o.participant_id = d.owner_id;
COMMENT ON VIEW @extschema@.sg_point_periods
    IS 'what metering points are from when to when, with all that was ever on record: the periods of which one was the owner; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_point_periods.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_point_periods.point IS 'identifier of the point, as it is called now';
COMMENT ON COLUMN @extschema@.sg_point_periods.kind IS 'consumption, production, exchange or storage';
COMMENT ON COLUMN @extschema@.sg_point_periods.owner IS 'the principal that pays or is paid; NULL: nobody';
COMMENT ON COLUMN @extschema@.sg_point_periods.resolution IS 'length of its slots';
COMMENT ON COLUMN @extschema@.sg_point_periods.capacity IS 'connection capacity, kW; NULL: not known';
COMMENT ON COLUMN @extschema@.sg_point_periods.meter IS 'serial number of the device; NULL: not known';
COMMENT ON COLUMN @extschema@.sg_point_periods.neighbour IS 'the neighbouring area of an exchange point';
COMMENT ON COLUMN @extschema@.sg_point_periods.class IS 'label that groups points in sums and tariffs';
COMMENT ON COLUMN @extschema@.sg_point_periods.role IS 'loss: it takes the grid''s loss';
COMMENT ON COLUMN @extschema@.sg_point_periods.valid_from IS 'since when it is so (key, with point_id and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_point_periods.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_point_periods.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_point_periods.superseded_at IS 'when something else took its place on record; NULL while it is on record';
COMMENT ON COLUMN @extschema@.sg_point_periods.point_id IS 'number of the point, which stays when it is renamed';

CREATE VIEW @extschema@.sg_points WITH (security_invoker = true) AS
SELECT d.grid, d.point, d.kind, d.owner, d.resolution, d.capacity, d.meter, d.neighbour, d.class, d.role,
       d.valid_from, d.valid_to, d.recorded_at, d.point_id
FROM @extschema@.sg_point_periods AS d
WHERE d.superseded_at IS NULL AND d.valid_from <= pg_catalog.now() AND (d.valid_to IS NULL OR d.valid_to > pg_catalog.now());
COMMENT ON VIEW @extschema@.sg_points
    IS 'metering points as they are now: those of which one is the owner; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_points.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_points.point IS 'identifier of the point (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_points.kind IS 'consumption (from the grid), production (into it), exchange (with a neighbour), storage';
COMMENT ON COLUMN @extschema@.sg_points.owner IS 'the principal that pays or is paid; NULL: nobody';
COMMENT ON COLUMN @extschema@.sg_points.resolution IS 'length of its slots';
COMMENT ON COLUMN @extschema@.sg_points.capacity IS 'connection capacity, kW; NULL: not known';
COMMENT ON COLUMN @extschema@.sg_points.meter IS 'serial number of the device; NULL: not known';
COMMENT ON COLUMN @extschema@.sg_points.neighbour IS 'the neighbouring area of an exchange point';
COMMENT ON COLUMN @extschema@.sg_points.class IS 'label that groups points in sums and tariffs';
COMMENT ON COLUMN @extschema@.sg_points.role IS 'loss: it takes the grid''s loss';
COMMENT ON COLUMN @extschema@.sg_points.valid_from IS 'since when it is so';
COMMENT ON COLUMN @extschema@.sg_points.valid_to IS 'until when, exclusive; NULL: no change is on record';
COMMENT ON COLUMN @extschema@.sg_points.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_points.point_id IS 'number of the point, which stays when it is renamed';

CREATE FUNCTION @extschema@.sg_set_point(point text, valid_from timestamptz, owner text DEFAULT NULL, kind text DEFAULT NULL,
    resolution interval DEFAULT NULL, capacity numeric DEFAULT NULL, meter text DEFAULT NULL, neighbour text DEFAULT NULL,
    class text DEFAULT NULL, role text DEFAULT NULL, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_point';
COMMENT ON FUNCTION @extschema@.sg_set_point(text, timestamptz, text, text, interval, numeric, text, text, text, text, boolean)
    IS 'says what a metering point is from a time until the next later change that is on record, capacity in kW; what is NULL stays as it was just before (operator)';

CREATE FUNCTION @extschema@.sg_set_points(source regclass, correct boolean DEFAULT false)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_set_points';
COMMENT ON FUNCTION @extschema@.sg_set_points(regclass, boolean)
    IS 'sets the metering points of a table or view with columns named as the arguments of sg_set_point(), and returns the rows that were refused (operator)';

CREATE FUNCTION @extschema@.sg_end_point(point text, valid_to timestamptz, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_end_point';
COMMENT ON FUNCTION @extschema@.sg_end_point(text, timestamptz, boolean)
    IS 'says that there is no such metering point from a time on, whatever was on record for later (operator)';

CREATE FUNCTION @extschema@.sg_rename_point(old text, new text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_rename_point';
COMMENT ON FUNCTION @extschema@.sg_rename_point(text, text) IS 'gives a metering point another identifier (operator)';
