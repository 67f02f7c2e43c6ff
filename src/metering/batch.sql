-- What meters said: batches, packed days, and slots of days that are still open (src/metering/batch.h).

CREATE SEQUENCE smartgrid.batch_id_seq;
COMMENT ON SEQUENCE smartgrid.batch_id_seq IS 'numbers of batches and of packs, of all grids together';

CREATE TABLE smartgrid.batch (
    batch_id bigint NOT NULL PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    entry_id bigint NOT NULL,
    withdraws_id bigint NOT NULL,
    given bigint NOT NULL,
    fresh bigint NOT NULL,
    unchanged bigint NOT NULL,
    kept bigint NOT NULL,
    refused bigint NOT NULL,
    grid_id integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    source text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    loaded_by text COLLATE "C" NOT NULL,
    content bytea NOT NULL CHECK (pg_catalog.octet_length(content) IN (0, 32)),
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) IN (0, 32)),
    CONSTRAINT batch_check CHECK (given >= 0 AND fresh >= 0 AND unchanged >= 0 AND kept >= 0 AND refused >= 0
                                  AND (fresh > 0) = (pg_catalog.octet_length(digest) > 0))
);
ALTER SEQUENCE smartgrid.batch_id_seq OWNED BY smartgrid.batch.batch_id;
COMMENT ON TABLE smartgrid.batch IS 'calls that brought intervals, each of which is a batch';
COMMENT ON COLUMN smartgrid.batch.batch_id IS 'number';
COMMENT ON COLUMN smartgrid.batch.recorded_at IS 'since when its intervals are on record';
COMMENT ON COLUMN smartgrid.batch.entry_id IS 'the ledger entry that has its digest; 0: it has none, for nothing was new';
COMMENT ON COLUMN smartgrid.batch.withdraws_id IS 'the batch that it takes back; 0: none';
COMMENT ON COLUMN smartgrid.batch.given IS 'rows of the call, one a slot';
COMMENT ON COLUMN smartgrid.batch.fresh IS 'rows that became new versions';
COMMENT ON COLUMN smartgrid.batch.unchanged IS 'rows that were on record just so';
COMMENT ON COLUMN smartgrid.batch.kept IS 'rows that did not replace what is of better quality';
COMMENT ON COLUMN smartgrid.batch.refused IS 'rows that were refused';
COMMENT ON COLUMN smartgrid.batch.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.batch.first_day IS 'the first local day of which it has new versions; infinity if none is new';
COMMENT ON COLUMN smartgrid.batch.last_day IS 'the last one; -infinity if none is new';
COMMENT ON COLUMN smartgrid.batch.source IS 'how it came: intervals, days, registers, exchange, substitution, withdrawal, or the format of an import';
COMMENT ON COLUMN smartgrid.batch.label IS 'what its caller calls it; empty: nothing';
COMMENT ON COLUMN smartgrid.batch.loaded_by IS 'the role that called';
COMMENT ON COLUMN smartgrid.batch.content IS 'SHA-256 of an import''s content; empty for others';
COMMENT ON COLUMN smartgrid.batch.digest IS 'SHA-256 of the canonical lines of its new versions; empty: there are none';
COMMENT ON CONSTRAINT batch_check ON smartgrid.batch IS 'counts are none below 0, and a batch with new versions has a digest';
ALTER TABLE smartgrid.batch REPLICA IDENTITY FULL;
CREATE INDEX batch_recorded_idx ON smartgrid.batch (grid_id, recorded_at);
COMMENT ON INDEX smartgrid.batch_recorded_idx IS 'finds the newest batch of a grid';
CREATE INDEX batch_withdraws_idx ON smartgrid.batch (withdraws_id) WHERE withdraws_id > 0;
COMMENT ON INDEX smartgrid.batch_withdraws_idx IS 'finds whether a batch was taken back';

CREATE TABLE smartgrid.interval_day (
    point_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    day date NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    data @extschema@.sg_day NOT NULL,
    PRIMARY KEY (day, point_id, version)
);
COMMENT ON TABLE smartgrid.interval_day IS 'what metering points measured, a row for each point, local day of the grid and version';
COMMENT ON COLUMN smartgrid.interval_day.point_id IS 'the metering point';
COMMENT ON COLUMN smartgrid.interval_day.batch_id IS 'the batch that made this version, or the pack of slots that came one by one';
COMMENT ON COLUMN smartgrid.interval_day.recorded_at IS 'since when this version is on record; of a pack: the latest of its slots';
COMMENT ON COLUMN smartgrid.interval_day.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.interval_day.day IS 'local day of the grid';
COMMENT ON COLUMN smartgrid.interval_day.version IS 'from 1; the highest is the latest';
COMMENT ON COLUMN smartgrid.interval_day.data IS 'amounts in energy units and qualities of its slots, all of them as they are in this version';
ALTER TABLE smartgrid.interval_day ALTER COLUMN data SET STORAGE MAIN;
ALTER TABLE smartgrid.interval_day REPLICA IDENTITY FULL;
CREATE INDEX interval_day_batch_idx ON smartgrid.interval_day USING brin (batch_id) WITH (pages_per_range = 32);
COMMENT ON INDEX smartgrid.interval_day_batch_idx IS 'finds the versions of a batch';

CREATE TABLE smartgrid.interval_pack (
    pack_id bigint NOT NULL PRIMARY KEY,
    grid_id integer NOT NULL,
    day date NOT NULL,
    batches bigint[] NOT NULL
);
COMMENT ON TABLE smartgrid.interval_pack IS 'which slot of a packed day came by which batch, where they came one by one';
COMMENT ON COLUMN smartgrid.interval_pack.pack_id IS 'number, from the sequence of batches';
COMMENT ON COLUMN smartgrid.interval_pack.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.interval_pack.day IS 'local day of the grid';
COMMENT ON COLUMN smartgrid.interval_pack.batches IS 'for each slot, from 1, the batch that gave it its value in this version; 0: it is as in the version before';
ALTER TABLE smartgrid.interval_pack REPLICA IDENTITY FULL;
CREATE INDEX interval_pack_day_idx ON smartgrid.interval_pack (grid_id, day);
COMMENT ON INDEX smartgrid.interval_pack_day_idx IS 'finds the packs of a day';

CREATE TABLE smartgrid.open_slot (
    batch_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    start timestamptz NOT NULL,
    grid_id integer NOT NULL,
    day date NOT NULL,
    minutes smallint NOT NULL CHECK (minutes IN (5, 15, 30, 60)),
    data bytea NOT NULL,
    PRIMARY KEY (grid_id, day, start, batch_id, minutes)
);
COMMENT ON TABLE smartgrid.open_slot IS 'slots that came one by one and are not in a packed day yet, a row for each batch and slot';
COMMENT ON COLUMN smartgrid.open_slot.batch_id IS 'the batch';
COMMENT ON COLUMN smartgrid.open_slot.recorded_at IS 'since when they are on record';
COMMENT ON COLUMN smartgrid.open_slot.start IS 'when the slot begins';
COMMENT ON COLUMN smartgrid.open_slot.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.open_slot.day IS 'local day of the grid';
COMMENT ON COLUMN smartgrid.open_slot.minutes IS 'length of the slot';
COMMENT ON COLUMN smartgrid.open_slot.data IS 'numbers of points, amounts in energy units and qualities, packed (src/metering/open_codec.h)';
ALTER TABLE smartgrid.open_slot ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE smartgrid.open_slot REPLICA IDENTITY FULL;

CREATE FUNCTION smartgrid.open_values(data bytea, OUT point_id bigint, OUT amount bigint, OUT quality smallint) RETURNS SETOF record
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'sg_open_values';
COMMENT ON FUNCTION smartgrid.open_values(bytea) IS 'points, amounts in energy units and codes of qualities of an open slot, 22P03 if it is damaged';

-- Who reads whole grids reads them; a packed row cannot be cut by row-level security, so members read through views and functions.
ALTER TABLE smartgrid.batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.batch FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.batch IS 'operators of the grid and auditors';
ALTER TABLE smartgrid.interval_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.interval_day FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.interval_day IS 'operators of the grid and auditors';
ALTER TABLE smartgrid.interval_pack ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.interval_pack FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.interval_pack IS 'operators of the grid and auditors';
ALTER TABLE smartgrid.open_slot ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.open_slot FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.open_slot IS 'operators of the grid and auditors';

CREATE POLICY own ON smartgrid.batch FOR SELECT USING (loaded_by = CURRENT_USER);
COMMENT ON POLICY own ON smartgrid.batch IS 'batches that the role itself has loaded';

CREATE VIEW @extschema@.sg_batches WITH (security_invoker = true) AS
SELECT g.name AS grid, b.batch_id AS batch, b.recorded_at, b.source, NULLIF(b.label, '') AS label, b.loaded_by,
       b.given AS rows, b.fresh AS new, b.unchanged, b.kept, b.refused,
       NULLIF(b.first_day, 'infinity') AS first_day, NULLIF(b.last_day, '-infinity') AS last_day,
       NULLIF(b.withdraws_id, 0) AS withdraws,
       (SELECT min(w.batch_id) FROM smartgrid.batch AS w WHERE w.grid_id = b.grid_id AND w.withdraws_id = b.batch_id) AS withdrawn_by,
       NULLIF(pg_catalog.encode(b.content, 'hex'), '') AS content_sha256, NULLIF(pg_catalog.encode(b.digest, 'hex'), '') AS digest,
       NULLIF(b.entry_id, 0) AS entry_id
FROM smartgrid.batch AS b JOIN smartgrid.grid AS g ON g.grid_id = b.grid_id;
COMMENT ON VIEW @extschema@.sg_batches
    IS 'calls that brought intervals: all for operators of the grid and auditors, for a gateway those that its role made';
COMMENT ON COLUMN @extschema@.sg_batches.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_batches.batch IS 'id of the batch (key)';
COMMENT ON COLUMN @extschema@.sg_batches.recorded_at IS 'since when its intervals are on record';
COMMENT ON COLUMN @extschema@.sg_batches.source IS 'how it came: intervals, days, registers, exchange, substitution, withdrawal, or the format of an import';
COMMENT ON COLUMN @extschema@.sg_batches.label IS 'what its caller calls it';
COMMENT ON COLUMN @extschema@.sg_batches.loaded_by IS 'the role that called';
COMMENT ON COLUMN @extschema@.sg_batches.rows IS 'number of rows of the call: new + unchanged + kept + refused';
COMMENT ON COLUMN @extschema@.sg_batches.new IS 'number of rows that became new versions';
COMMENT ON COLUMN @extschema@.sg_batches.unchanged IS 'number of rows that were on record just so';
COMMENT ON COLUMN @extschema@.sg_batches.kept IS 'number of rows that did not replace what is of better quality';
COMMENT ON COLUMN @extschema@.sg_batches.refused IS 'number of rows that were refused';
COMMENT ON COLUMN @extschema@.sg_batches.first_day IS 'the first local day of which it has new versions; NULL: nothing was new';
COMMENT ON COLUMN @extschema@.sg_batches.last_day IS 'the last one';
COMMENT ON COLUMN @extschema@.sg_batches.withdraws IS 'id of the batch that it takes back';
COMMENT ON COLUMN @extschema@.sg_batches.withdrawn_by IS 'id of the batch that took it back; NULL: none did';
COMMENT ON COLUMN @extschema@.sg_batches.content_sha256 IS 'SHA-256 of an import''s content';
COMMENT ON COLUMN @extschema@.sg_batches.digest IS 'SHA-256 of its canonical lines, which its ledger entry carries; NULL: nothing was new';
COMMENT ON COLUMN @extschema@.sg_batches.entry_id IS 'id of that ledger entry';
