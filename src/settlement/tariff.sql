-- Tariffs: lists of components, dated and versioned (src/metering/dated.h).

CREATE SEQUENCE smartgrid.tariff_id_seq;
COMMENT ON SEQUENCE smartgrid.tariff_id_seq IS 'numbers of tariffs, of all grids together';

CREATE TABLE smartgrid.tariff (
    tariff_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.tariff_id_seq') PRIMARY KEY,
    grid_id integer NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(name) BETWEEN 1 AND 128),
    CONSTRAINT tariff_name_key UNIQUE (name, grid_id)
);
ALTER SEQUENCE smartgrid.tariff_id_seq OWNED BY smartgrid.tariff.tariff_id;
COMMENT ON TABLE smartgrid.tariff IS 'tariffs by name';
COMMENT ON COLUMN smartgrid.tariff.tariff_id IS 'number, which stays';
COMMENT ON COLUMN smartgrid.tariff.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.tariff.name IS 'name within the grid, at most 128 bytes';
COMMENT ON CONSTRAINT tariff_name_key ON smartgrid.tariff IS 'a name is that of one tariff of a grid';
ALTER TABLE smartgrid.tariff ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.tariff FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.tariff IS 'tariffs are public';

CREATE TABLE smartgrid.tariff_version (
    tariff_id bigint NOT NULL,
    grid_id integer NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    gross boolean NOT NULL,
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    components jsonb NOT NULL CHECK (pg_catalog.jsonb_typeof(components) = 'array'),
    PRIMARY KEY (tariff_id, valid_from, recorded_at, grid_id),
    CONSTRAINT tariff_version_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT tariff_version_excl EXCLUDE USING gist (
        pg_catalog.int8range(tariff_id, tariff_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.tariff_version IS 'what tariffs are, from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.tariff_version.tariff_id IS 'the tariff';
COMMENT ON COLUMN smartgrid.tariff_version.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.tariff_version.version IS 'counts from 1 within the tariff, in the order in which versions were set';
COMMENT ON COLUMN smartgrid.tariff_version.gross IS 'whether its prices include VAT';
COMMENT ON COLUMN smartgrid.tariff_version.begins_anew IS 'whether something ended when it begins; never';
COMMENT ON COLUMN smartgrid.tariff_version.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.tariff_version.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.tariff_version.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.tariff_version.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON CONSTRAINT tariff_version_check ON smartgrid.tariff_version IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON COLUMN smartgrid.tariff_version.components IS 'the list of components; prices in currency per kWh, kW or piece, percents in percent';
COMMENT ON CONSTRAINT tariff_version_excl ON smartgrid.tariff_version IS 'of a tariff, one version is on record for each moment at a time';
ALTER TABLE smartgrid.tariff_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.tariff_version FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.tariff_version IS 'tariffs are public';

CREATE VIEW @extschema@.sg_tariff_versions WITH (security_invoker = true) AS
SELECT g.name AS grid, t.name AS tariff, v.version, v.gross, v.components,
       v.valid_from, NULLIF(v.valid_to, 'infinity') AS valid_to,
       v.recorded_at, NULLIF(v.superseded_at, 'infinity') AS superseded_at
FROM smartgrid.tariff_version AS v
     JOIN smartgrid.tariff AS t ON t.tariff_id = v.tariff_id
     JOIN smartgrid.grid AS g ON g.grid_id = v.grid_id;
COMMENT ON VIEW @extschema@.sg_tariff_versions IS 'what tariffs are from when to when, with all that was ever on record; everybody sees it';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.tariff IS 'name of the tariff';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.version IS 'counts from 1 within the tariff';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.gross IS 'whether its prices include VAT';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.components IS 'the list of components, prices in currency per kWh, kW or piece';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.valid_from IS 'since when it is so (key, with grid, tariff and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_tariff_versions.superseded_at IS 'when something else took its place on record; NULL while it is on record';

CREATE VIEW @extschema@.sg_tariffs WITH (security_invoker = true) AS
SELECT v.grid, v.tariff, v.version, v.gross, v.components, v.valid_from, v.valid_to, v.recorded_at
FROM @extschema@.sg_tariff_versions AS v
WHERE v.superseded_at IS NULL AND v.valid_from <= pg_catalog.now() AND (v.valid_to IS NULL OR v.valid_to > pg_catalog.now());
COMMENT ON VIEW @extschema@.sg_tariffs IS 'tariffs as they are now; everybody sees them';
COMMENT ON COLUMN @extschema@.sg_tariffs.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_tariffs.tariff IS 'name of the tariff (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_tariffs.version IS 'counts from 1 within the tariff';
COMMENT ON COLUMN @extschema@.sg_tariffs.gross IS 'whether its prices include VAT';
COMMENT ON COLUMN @extschema@.sg_tariffs.components IS 'the list of components, prices in currency per kWh, kW or piece';
COMMENT ON COLUMN @extschema@.sg_tariffs.valid_from IS 'since when it is so';
COMMENT ON COLUMN @extschema@.sg_tariffs.valid_to IS 'until when, exclusive; NULL: no change is on record';
COMMENT ON COLUMN @extschema@.sg_tariffs.recorded_at IS 'since when that is on record';

CREATE FUNCTION @extschema@.sg_set_tariff(tariff text, valid_from timestamptz, components jsonb, options jsonb DEFAULT '{}',
    for_all boolean DEFAULT false, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_tariff';
COMMENT ON FUNCTION @extschema@.sg_set_tariff(text, timestamptz, jsonb, jsonb, boolean, boolean)
    IS 'says what a tariff is from a local midnight until the next later change that is on record, prices in currency per kWh, kW or piece; for_all assigns it to the whole grid, too (operator)';
