-- Blocks: sealed parts of the ledger (doc/evidence.md).

CREATE TABLE smartgrid.block (
    grid_id integer NOT NULL,
    height bigint NOT NULL CHECK (height >= 0),
    sealed_at timestamptz NOT NULL,
    first_entry bigint NOT NULL,
    last_entry bigint NOT NULL,
    entries integer NOT NULL CHECK (entries BETWEEN 1 AND 65536),
    root bytea NOT NULL CHECK (pg_catalog.octet_length(root) = 32),
    load numeric(38) NOT NULL,
    held numeric(38) NOT NULL,
    balances numeric(38) NOT NULL,
    earnings numeric(38) NOT NULL,
    revenue numeric(38) NOT NULL,
    stored numeric(38) NOT NULL,
    produced numeric(38) NOT NULL,
    consumed numeric(38) NOT NULL,
    charged numeric(38) NOT NULL,
    discharged numeric(38) NOT NULL,
    traded numeric(38) NOT NULL,
    topups numeric(38) NOT NULL,
    withdrawals numeric(38) NOT NULL,
    previous bytea NOT NULL CHECK (pg_catalog.octet_length(previous) = 32),
    history bytea NOT NULL CHECK (pg_catalog.octet_length(history) = 32),
    name text COLLATE "C" NOT NULL,
    hash bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
    form smallint NOT NULL CHECK (form IN (1, 2)),
    reserved numeric(38) NOT NULL,
    due numeric(38) NOT NULL,
    sums text COLLATE "C" NOT NULL,
    PRIMARY KEY (grid_id, height),
    CONSTRAINT block_range_check CHECK (first_entry <= last_entry AND last_entry - first_entry >= entries - 1),
    CONSTRAINT block_totals_check CHECK ('NaN' NOT IN (load, held, balances, earnings, revenue, stored, produced, consumed,
                                                       charged, discharged, traded, topups, withdrawals, reserved, due))
);
COMMENT ON TABLE smartgrid.block IS 'sealed parts of the ledger of each grid, each chained to the one before';
COMMENT ON COLUMN smartgrid.block.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.block.height IS 'number of the block in its grid, from 0, without gaps';
COMMENT ON COLUMN smartgrid.block.sealed_at IS 'when it was sealed';
COMMENT ON COLUMN smartgrid.block.first_entry IS 'its first ledger entry';
COMMENT ON COLUMN smartgrid.block.last_entry IS 'its last ledger entry';
COMMENT ON COLUMN smartgrid.block.entries IS 'number of its entries, at most 65536';
COMMENT ON COLUMN smartgrid.block.root IS 'RFC 6962 tree hash over the lines of its entries, 32 bytes';
COMMENT ON COLUMN smartgrid.block.load IS 'grid load after it, energy units';
COMMENT ON COLUMN smartgrid.block.held IS 'held by pending trades after it, energy units';
COMMENT ON COLUMN smartgrid.block.balances IS 'balances of all consumers after it, money units';
COMMENT ON COLUMN smartgrid.block.earnings IS 'earnings of all producers after it, money units';
COMMENT ON COLUMN smartgrid.block.revenue IS 'revenue of the grid up to it, money units';
COMMENT ON COLUMN smartgrid.block.stored IS 'in storage after it, energy units';
COMMENT ON COLUMN smartgrid.block.produced IS 'produced up to it, energy units';
COMMENT ON COLUMN smartgrid.block.consumed IS 'consumed up to it, without trades, energy units';
COMMENT ON COLUMN smartgrid.block.charged IS 'charged up to it, energy units';
COMMENT ON COLUMN smartgrid.block.discharged IS 'discharged up to it, energy units';
COMMENT ON COLUMN smartgrid.block.traded IS 'sold by trades up to it, energy units';
COMMENT ON COLUMN smartgrid.block.topups IS 'topped up up to it, money units';
COMMENT ON COLUMN smartgrid.block.withdrawals IS 'withdrawn up to it, money units';
COMMENT ON COLUMN smartgrid.block.previous IS 'hash of the block before, 32 bytes; zeros for the first';
COMMENT ON COLUMN smartgrid.block.history IS 'RFC 6962 tree hash over the hashes of all blocks before, 32 bytes';
COMMENT ON COLUMN smartgrid.block.name IS 'name of the grid when it was sealed';
COMMENT ON COLUMN smartgrid.block.hash IS 'SHA-256 of the block''s line, 32 bytes';
COMMENT ON COLUMN smartgrid.block.form IS 'form of its line: 1, smartgrid-block-1, as versions before 0.4.0 made it; 2, smartgrid-block-2';
COMMENT ON COLUMN smartgrid.block.reserved IS 'balances that are held after it, money units; 0: nothing books any';
COMMENT ON COLUMN smartgrid.block.due IS 'what participants owe the grid after it, less what it owes them, money units';
COMMENT ON COLUMN smartgrid.block.sums IS 'of form 2 what all entries up to it come to by kind, as kind:energy:money, in energy units and money units';
COMMENT ON CONSTRAINT block_range_check ON smartgrid.block IS 'a block begins before it ends, with room for its entries';
COMMENT ON CONSTRAINT block_totals_check ON smartgrid.block IS 'every total is a number';

CREATE INDEX block_entry_idx ON smartgrid.block (grid_id, last_entry);
COMMENT ON INDEX smartgrid.block_entry_idx IS 'the block that seals an entry';

ALTER TABLE smartgrid.block REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.block ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.block FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.block IS 'blocks are public: they are evidence';

-- Beside the block, because not hashed: what the library needs to go on, and to say which entry differs.
CREATE TABLE smartgrid.block_detail (
    grid_id integer NOT NULL,
    height bigint NOT NULL CHECK (height >= 0),
    peaks bytea NOT NULL,
    fingerprints bytea NOT NULL,
    PRIMARY KEY (grid_id, height)
);
ALTER TABLE smartgrid.block_detail ALTER COLUMN fingerprints SET STORAGE EXTERNAL;
COMMENT ON TABLE smartgrid.block_detail IS 'beside each block: where its tree of blocks stands, and what tells which entry differs';
COMMENT ON COLUMN smartgrid.block_detail.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.block_detail.height IS 'the block';
COMMENT ON COLUMN smartgrid.block_detail.peaks IS 'roots of the perfect subtrees of the tree over all blocks before, 32 bytes each';
COMMENT ON COLUMN smartgrid.block_detail.fingerprints IS 'for each entry 12 bytes: entry_id - first_entry (4 bytes, big-endian), and the first 8 bytes of its leaf hash';

ALTER TABLE smartgrid.block_detail REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.block_detail ENABLE ROW LEVEL SECURITY;

CREATE VIEW @extschema@.sg_blocks WITH (security_invoker = true) AS
SELECT g.name AS grid, b.height, b.sealed_at, b.first_entry, b.last_entry, b.entries,
       pg_catalog.encode(b.root, 'hex') AS root,
       b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
       b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals,
       pg_catalog.encode(b.previous, 'hex') AS previous, pg_catalog.encode(b.history, 'hex') AS history,
       pg_catalog.encode(b.hash, 'hex') AS hash,
       pg_catalog.concat_ws(',', 'smartgrid-block-' || b.form, b.grid_id, b.height,
                            smartgrid.unix_microseconds(b.sealed_at),
                            b.first_entry, b.last_entry, b.entries, pg_catalog.encode(b.root, 'hex'),
                            CASE b.form
                            WHEN 1 THEN pg_catalog.concat_ws(',', b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
                                                             b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals)
                            ELSE pg_catalog.concat_ws(',', b.load, b.held, b.balances, b.reserved, b.earnings, b.revenue, b.stored, b.due, b.sums)
                            END,
                            pg_catalog.encode(b.previous, 'hex'), pg_catalog.encode(b.history, 'hex'), b.name) AS line,
       b.form::integer AS form, b.reserved, b.due, b.sums
FROM smartgrid.block AS b LEFT JOIN smartgrid.grid AS g ON g.grid_id = b.grid_id;
COMMENT ON VIEW @extschema@.sg_blocks IS 'the blocks that the ledger is sealed in, public';
COMMENT ON COLUMN @extschema@.sg_blocks.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_blocks.height IS 'number of the block in its grid, from 0 (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_blocks.sealed_at IS 'when it was sealed';
COMMENT ON COLUMN @extschema@.sg_blocks.first_entry IS 'id of its first entry';
COMMENT ON COLUMN @extschema@.sg_blocks.last_entry IS 'id of its last entry';
COMMENT ON COLUMN @extschema@.sg_blocks.entries IS 'number of its entries';
COMMENT ON COLUMN @extschema@.sg_blocks.root IS 'RFC 6962 tree hash over the lines of its entries, hexadecimal';
COMMENT ON COLUMN @extschema@.sg_blocks.load IS 'grid load after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.held IS 'held by pending trades after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.balances IS 'balances of all consumers after it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.earnings IS 'earnings of all producers after it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.revenue IS 'revenue of the grid up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.stored IS 'in storage after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.produced IS 'produced up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.consumed IS 'consumed up to it, without trades, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.charged IS 'charged up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.discharged IS 'discharged up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.traded IS 'sold by trades up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.topups IS 'topped up up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.withdrawals IS 'withdrawn up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.previous IS 'hash of the block before, hexadecimal; zeros for the first';
COMMENT ON COLUMN @extschema@.sg_blocks.history IS 'RFC 6962 tree hash over the hashes of all blocks before, hexadecimal';
COMMENT ON COLUMN @extschema@.sg_blocks.hash IS 'SHA-256 of line in UTF-8, hexadecimal: what to keep a copy of';
COMMENT ON COLUMN @extschema@.sg_blocks.line IS 'the block''s line, which is hashed';
COMMENT ON COLUMN @extschema@.sg_blocks.form IS 'form of line: 1, smartgrid-block-1, as versions before 0.4.0 made it; 2, smartgrid-block-2';
COMMENT ON COLUMN @extschema@.sg_blocks.reserved IS 'balances that are held after it, money units; 0: nothing books any';
COMMENT ON COLUMN @extschema@.sg_blocks.due IS 'what participants owe the grid after it, less what it owes them, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.sums IS 'of form 2 what all entries up to it come to by kind, as kind:energy:money, in energy units and money units';
