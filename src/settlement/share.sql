-- How metering points take part in sharing: dated and versioned (src/metering/dated.h).

CREATE TABLE smartgrid.share (
    point_id bigint NOT NULL,
    factor bigint NOT NULL CHECK (factor BETWEEN 0 AND 1000000000000000000),
    key bigint NOT NULL CHECK (key BETWEEN -1 AND 1000000000000000000),
    grid_id integer NOT NULL,
    priority integer NOT NULL,
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (point_id, valid_from, recorded_at, grid_id),
    CONSTRAINT share_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT share_excl EXCLUDE USING gist (
        pg_catalog.int8range(point_id, point_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.share IS 'how metering points take part in sharing, from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.share.point_id IS 'the metering point';
COMMENT ON COLUMN smartgrid.share.factor IS 'what of its energy takes part, 10^-16 percent';
COMMENT ON COLUMN smartgrid.share.key IS 'what part of the production it is entitled to, 10^-16 percent; -1: it has no key';
COMMENT ON COLUMN smartgrid.share.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.share.priority IS 'who is served first: the lowest';
COMMENT ON COLUMN smartgrid.share.begins_anew IS 'whether the point had ended when it begins, and takes nothing from before';
COMMENT ON COLUMN smartgrid.share.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.share.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.share.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.share.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON CONSTRAINT share_check ON smartgrid.share IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON CONSTRAINT share_excl ON smartgrid.share IS 'of a point, one share is on record for each moment at a time';

ALTER TABLE smartgrid.share ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.share FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.point_period AS d
                      WHERE d.point_id = share.point_id AND d.superseded_at = 'infinity'
                            AND d.valid_from < share.valid_to AND d.valid_to > share.valid_from));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.share IS 'of points while one was the owner; all for operators of the grid and auditors';

CREATE VIEW @extschema@.sg_share_periods WITH (security_invoker = true) AS
SELECT g.name AS grid, n.name AS point,
       pg_catalog.trim_scale(smartgrid.scaled(s.factor, 16)) AS factor,
       pg_catalog.trim_scale(smartgrid.scaled(NULLIF(s.key, -1), 16)) AS key,
       s.priority, s.valid_from, NULLIF(s.valid_to, 'infinity') AS valid_to,
       s.recorded_at, NULLIF(s.superseded_at, 'infinity') AS superseded_at, s.point_id
FROM smartgrid.share AS s
     JOIN smartgrid.point_name AS n ON n.point_id = s.point_id AND n.superseded_at = 'infinity'
     JOIN smartgrid.grid AS g ON g.grid_id = s.grid_id;
COMMENT ON VIEW @extschema@.sg_share_periods
    IS 'how metering points take part in sharing from when to when, with all that was ever on record: points while one was the owner; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_share_periods.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_share_periods.point IS 'identifier of the point, as it is called now';
COMMENT ON COLUMN @extschema@.sg_share_periods.factor IS 'what of its energy takes part, percent';
COMMENT ON COLUMN @extschema@.sg_share_periods.key IS 'what part of the production it is entitled to, percent; NULL: it has no key';
COMMENT ON COLUMN @extschema@.sg_share_periods.priority IS 'who is served first: the lowest';
COMMENT ON COLUMN @extschema@.sg_share_periods.valid_from IS 'since when it is so (key, with point_id and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_share_periods.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_share_periods.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_share_periods.superseded_at IS 'when something else took its place on record; NULL while it is on record';
COMMENT ON COLUMN @extschema@.sg_share_periods.point_id IS 'number of the point, which stays when it is renamed';

CREATE VIEW @extschema@.sg_shares WITH (security_invoker = true) AS
SELECT p.grid, p.point, p.kind, p.owner, COALESCE(s.factor, 100) AS factor, s.key, COALESCE(s.priority, 1) AS priority,
       s.valid_from, s.valid_to, s.recorded_at, p.point_id
FROM @extschema@.sg_points AS p
     LEFT JOIN @extschema@.sg_share_periods AS s
        ON s.point_id = p.point_id AND s.superseded_at IS NULL
           AND s.valid_from <= pg_catalog.now() AND (s.valid_to IS NULL OR s.valid_to > pg_catalog.now())
WHERE p.kind <> 'exchange' AND p.role IS NULL;
COMMENT ON VIEW @extschema@.sg_shares
    IS 'how metering points take part in sharing now: those of which one is the owner; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_shares.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_shares.point IS 'identifier of the point (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_shares.kind IS 'consumption, production or storage';
COMMENT ON COLUMN @extschema@.sg_shares.owner IS 'the principal that pays or is paid';
COMMENT ON COLUMN @extschema@.sg_shares.factor IS 'what of its energy takes part, percent';
COMMENT ON COLUMN @extschema@.sg_shares.key IS 'what part of the production it is entitled to, percent; NULL: it has no key';
COMMENT ON COLUMN @extschema@.sg_shares.priority IS 'who is served first: the lowest';
COMMENT ON COLUMN @extschema@.sg_shares.valid_from IS 'since when it is so; NULL: nothing is on record';
COMMENT ON COLUMN @extschema@.sg_shares.valid_to IS 'until when, exclusive; NULL: no change is on record';
COMMENT ON COLUMN @extschema@.sg_shares.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_shares.point_id IS 'number of the point, which stays when it is renamed';

CREATE FUNCTION @extschema@.sg_set_share(point text, valid_from timestamptz, factor numeric DEFAULT NULL, key numeric DEFAULT NULL,
    priority integer DEFAULT NULL, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_share';
COMMENT ON FUNCTION @extschema@.sg_set_share(text, timestamptz, numeric, numeric, integer, boolean)
    IS 'says how a metering point takes part in sharing from a time until the next later change that is on record, factor and key in percent; what is NULL stays as it was just before (operator)';
