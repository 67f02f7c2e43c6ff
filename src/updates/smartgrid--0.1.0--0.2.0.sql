\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.2.0 adds, run after the parts of 0.1.0 by CREATE EXTENSION, and by itself by ALTER EXTENSION UPDATE.

SET LOCAL search_path TO pg_catalog, pg_temp;

-- As on installation: a function or relation of one of our names, planted beforehand, could be called instead of ours.
DO $guard$
DECLARE
    others text;
BEGIN
    SELECT string_agg(planted.object, ', ' ORDER BY planted.object) INTO others
    FROM (SELECT 'pg_proc'::regclass, oid, oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = '@extschema@'::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_class'::regclass, oid, oid::regclass::text FROM pg_class
          WHERE relnamespace = '@extschema@'::regnamespace AND relname LIKE 'sg\_%') AS planted (classid, objid, object)
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
                      WHERE d.classid = planted.classid AND d.objid = planted.objid AND d.objsubid = 0
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid');
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', '@extschema@'
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, then try again.';
    END IF;
END
$guard$;

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
    PRIMARY KEY (grid_id, height),
    CONSTRAINT block_range_check CHECK (first_entry <= last_entry AND last_entry - first_entry >= entries - 1),
    CONSTRAINT block_totals_check CHECK ('NaN' NOT IN (load, held, balances, earnings, revenue, stored, produced, consumed,
                                                       charged, discharged, traded, topups, withdrawals))
);
CREATE INDEX block_entry_idx ON smartgrid.block (grid_id, last_entry);
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

-- Empty but while transactions hold sealing back (src/boundary.c).
CREATE TABLE smartgrid.seal_point (
    grid_id integer NOT NULL,
    next_xid bigint NOT NULL,
    last_entry bigint NOT NULL,
    PRIMARY KEY (grid_id, next_xid)
);
COMMENT ON TABLE smartgrid.seal_point IS 'moments of sealing that open transactions held back, to go on from later';
COMMENT ON COLUMN smartgrid.seal_point.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.seal_point.next_xid IS 'transactions with this full xid or a later one write later entries';
COMMENT ON COLUMN smartgrid.seal_point.last_entry IS 'than this';

ALTER TABLE smartgrid.block ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.block_detail ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.seal_point ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.block FOR SELECT USING (true);

SELECT pg_extension_config_dump('smartgrid.block', '');
SELECT pg_extension_config_dump('smartgrid.block_detail', '');
SELECT pg_extension_config_dump('smartgrid.seal_point', '');

CREATE FUNCTION @extschema@.sg_seal(grid text DEFAULT NULL)
    RETURNS TABLE (height bigint, hash text, entries bigint, first_entry bigint, last_entry bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1 AS 'MODULE_PATHNAME', 'sg_seal';
COMMENT ON FUNCTION @extschema@.sg_seal(text)
    IS 'seals the entries of a grid (NULL: the current one) since the last block; one row for each new block: height, hash (hexadecimal), number of entries, their first and last id (operator)';

CREATE FUNCTION smartgrid.unix_microseconds(at timestamptz) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_unix_microseconds';
COMMENT ON FUNCTION smartgrid.unix_microseconds(timestamptz) IS 'a time in microseconds since 1970-01-01 00:00:00 UTC, exactly';

CREATE VIEW @extschema@.sg_blocks WITH (security_invoker = true) AS
SELECT g.name AS grid, b.height, b.sealed_at, b.first_entry, b.last_entry, b.entries,
       pg_catalog.encode(b.root, 'hex') AS root,
       b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
       b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals,
       pg_catalog.encode(b.previous, 'hex') AS previous, pg_catalog.encode(b.history, 'hex') AS history,
       pg_catalog.encode(b.hash, 'hex') AS hash,
       pg_catalog.concat_ws(',', 'smartgrid-block-1', b.grid_id, b.height,
                            smartgrid.unix_microseconds(b.sealed_at),
                            b.first_entry, b.last_entry, b.entries, pg_catalog.encode(b.root, 'hex'),
                            b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
                            b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals,
                            pg_catalog.encode(b.previous, 'hex'), pg_catalog.encode(b.history, 'hex'), b.name) AS line
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

CREATE VIEW @extschema@.sg_ledger_lines WITH (security_invoker = true) AS
SELECT l.entry_id, smartgrid.unix_microseconds(l.at) AS at, l.grid_id,
       COALESCE(smartgrid.entry_kind(l.kind), l.kind::text) AS kind,
       l.participant_id, l.counterparty_id, l.energy, l.price, l.money, l.trade_id
FROM smartgrid.ledger AS l;
COMMENT ON VIEW @extschema@.sg_ledger_lines IS 'the ledger in the form that is sealed: each row, as a line of CSV, is what is hashed';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.entry_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.at IS 'when it happened, microseconds since 1970-01-01 00:00:00 UTC';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.grid_id IS 'identifier of the grid';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.kind IS 'production, consumption, charge, discharge, hold, trade, release, topup or withdrawal';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.participant_id IS 'whose entry it is; the seller for hold, trade and release';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.counterparty_id IS 'the buyer for hold, trade and release; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.energy IS 'energy units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.price IS 'price, money units per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.money IS 'money units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.trade_id IS 'the trade; 0: none';

-- Proofs, and the trees that they are made of.

CREATE FUNCTION smartgrid.merkle_leaf(data bytea) RETURNS bytea
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_leaf';
COMMENT ON FUNCTION smartgrid.merkle_leaf(bytea) IS 'RFC 6962 leaf hash of data, 32 bytes';
CREATE FUNCTION smartgrid.merkle_root(leaves bytea[]) RETURNS bytea
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_root';
COMMENT ON FUNCTION smartgrid.merkle_root(bytea[]) IS 'RFC 6962 tree hash over the data of leaves, 32 bytes';
CREATE FUNCTION smartgrid.merkle_path(leaves bytea[], place integer) RETURNS bytea[]
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_path';
COMMENT ON FUNCTION smartgrid.merkle_path(bytea[], integer) IS 'RFC 6962 audit path of a leaf, counted from 0, in the tree over the data of leaves';
CREATE FUNCTION smartgrid.merkle_consistency(leaves bytea[], from_size integer, to_size integer) RETURNS bytea[]
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_consistency';
COMMENT ON FUNCTION smartgrid.merkle_consistency(bytea[], integer, integer)
    IS 'RFC 6962 consistency proof between the trees over the first from_size and to_size leaves';
CREATE FUNCTION smartgrid.merkle_check_path(leaf bytea, place bigint, size bigint, path bytea[], root bytea) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_check_path';
COMMENT ON FUNCTION smartgrid.merkle_check_path(bytea, bigint, bigint, bytea[], bytea)
    IS 'whether an audit path leads from a leaf hash at a place, counted from 0, to the hash of a tree of this size (RFC 9162 section 2.1.3.2)';
CREATE FUNCTION smartgrid.merkle_check_consistency(from_size bigint, to_size bigint, proof bytea[], from_root bytea, to_root bytea) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_check_consistency';
COMMENT ON FUNCTION smartgrid.merkle_check_consistency(bigint, bigint, bytea[], bytea, bytea)
    IS 'whether a proof shows that the smaller of two trees begins the larger (RFC 9162 section 2.1.4.2)';

CREATE FUNCTION @extschema@.sg_prove_entry(entry_id bigint) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_entry';
COMMENT ON FUNCTION @extschema@.sg_prove_entry(bigint)
    IS 'the proof that a ledger entry is in the block that seals it; NULL where there is no such entry, it is hidden or not yet sealed';
CREATE FUNCTION @extschema@.sg_prove_blocks(from_height bigint, to_height bigint, grid text DEFAULT NULL) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_blocks';
COMMENT ON FUNCTION @extschema@.sg_prove_blocks(bigint, bigint, text)
    IS 'the proof that the history of a block of a grid (NULL: the current one) extends that of an earlier block; NULL where there is no such block';
CREATE FUNCTION @extschema@.sg_verify_proof(proof jsonb, hash text, earlier_hash text DEFAULT NULL) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_verify_proof';
COMMENT ON FUNCTION @extschema@.sg_verify_proof(jsonb, text, text)
    IS 'whether a proof holds for a published block hash (of the entry''s block, or of the later block), and for an earlier one where it is between blocks; reads no table';

-- Verification of a whole ledger.

CREATE FUNCTION @extschema@.sg_verify_ledger(
    grid text DEFAULT NULL, from_height bigint DEFAULT 0, published_height bigint DEFAULT NULL, published_hash text DEFAULT NULL)
    RETURNS TABLE (height bigint, entries bigint, ok boolean, problem text, entry_id bigint, detail text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_verify_ledger';
COMMENT ON FUNCTION @extschema@.sg_verify_ledger(text, bigint, bigint, text)
    IS 'recomputes the blocks of a grid (NULL: the current one) from a height on, and the accounts; one row for each block with the first thing that differs, then one (height NULL) for what is not yet sealed and the accounts (operator, auditor)';

-- Statements of account.
--
-- Kinds of entries by code: 0 production, 1 consumption, 2 charge, 3 discharge, 4 hold, 5 trade, 6 release, 7 topup,
-- 8 withdrawal (LedgerKind in src/ledger.h).

CREATE FUNCTION smartgrid.statement(grid_id integer, participant_id bigint, period tstzrange,
    OUT part text, OUT at timestamptz, OUT entry_id bigint, OUT kind text, OUT counterparty text, OUT trade_id bigint,
    OUT energy bigint, OUT price bigint, OUT money bigint,
    OUT balance bigint, OUT earnings bigint, OUT unsold bigint, OUT stored bigint, OUT consumed bigint,
    OUT height bigint, OUT hash text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Two branches, so that each finds its entries by index.
    WITH own AS (
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.counterparty_id AS other_id, false AS as_buyer
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = statement.participant_id AND l.grid_id = statement.grid_id
        UNION ALL
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.participant_id, true
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = statement.participant_id AND l.counterparty_id > 0 AND l.grid_id = statement.grid_id
    ), effect AS (
        SELECT o.*,
               CASE WHEN o.as_buyer THEN CASE o.kind WHEN 5 THEN -o.energy ELSE 0 END
                    WHEN o.kind IN (0, 3, 6) THEN o.energy
                    WHEN o.kind IN (1, 2, 4) THEN -o.energy
                    ELSE 0 END AS energy_effect,
               CASE WHEN o.as_buyer THEN CASE o.kind WHEN 5 THEN -o.money ELSE 0 END
                    WHEN o.kind IN (5, 7) THEN o.money
                    WHEN o.kind IN (1, 8) THEN -o.money
                    ELSE 0 END AS money_effect,
               CASE WHEN o.kind = 7 THEN o.money WHEN o.kind = 1 OR o.kind = 5 AND o.as_buyer THEN -o.money ELSE 0 END AS balance_change,
               CASE WHEN o.as_buyer THEN 0 WHEN o.kind = 5 THEN o.money WHEN o.kind = 8 THEN -o.money ELSE 0 END AS earnings_change,
               CASE WHEN o.as_buyer THEN 0 WHEN o.kind IN (0, 6) THEN o.energy WHEN o.kind = 4 THEN -o.energy ELSE 0 END AS unsold_change,
               CASE WHEN o.kind = 2 THEN o.energy WHEN o.kind = 3 THEN -o.energy ELSE 0 END AS stored_change,
               CASE WHEN o.kind = 1 OR o.kind = 5 AND o.as_buyer THEN o.energy ELSE 0 END AS consumed_change
        FROM own AS o
    ), opening AS (
        SELECT COALESCE(sum(e.balance_change), 0) AS balance, COALESCE(sum(e.earnings_change), 0) AS earnings,
               COALESCE(sum(e.unsold_change), 0) AS unsold, COALESCE(sum(e.stored_change), 0) AS stored,
               COALESCE(sum(e.consumed_change), 0) AS consumed
        FROM effect AS e
        WHERE e.at <= lower(statement.period) AND NOT e.at <@ statement.period
    ), running AS (
        SELECT e.*,
               o.balance + sum(e.balance_change) OVER w AS balance, o.earnings + sum(e.earnings_change) OVER w AS earnings,
               o.unsold + sum(e.unsold_change) OVER w AS unsold, o.stored + sum(e.stored_change) OVER w AS stored,
               o.consumed + sum(e.consumed_change) OVER w AS consumed
        FROM effect AS e CROSS JOIN opening AS o
        WHERE e.at <@ statement.period
        WINDOW w AS (ORDER BY e.entry_id)
    ), last AS (
        SELECT r.* FROM running AS r ORDER BY r.entry_id DESC LIMIT 1
    )
    SELECT s.part, s.at, s.entry_id, s.kind, s.counterparty, s.trade_id, s.energy, s.price, s.money,
           s.balance::bigint, s.earnings::bigint, s.unsold::bigint, s.stored::bigint, s.consumed::bigint, s.height, s.hash
    FROM (SELECT 1 AS place, 'opening' AS part, NULLIF(lower(statement.period), '-infinity') AS at, NULL::bigint AS entry_id,
                 NULL::text AS kind, NULL::text AS counterparty, NULL::bigint AS trade_id,
                 NULL::bigint AS energy, NULL::bigint AS price, NULL::bigint AS money,
                 o.balance, o.earnings, o.unsold, o.stored, o.consumed, NULL::bigint AS height, NULL::text AS hash
          FROM opening AS o
          UNION ALL
          SELECT 2, 'entry', r.at, r.entry_id, smartgrid.entry_kind(r.kind), p.principal, NULLIF(r.trade_id, 0),
                 r.energy_effect, r.price, r.money_effect, r.balance, r.earnings, r.unsold, r.stored, r.consumed,
                 b.height, encode(b.hash, 'hex')
          FROM running AS r
               LEFT JOIN smartgrid.participant AS p ON p.participant_id = r.other_id
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id AND k.last_entry >= r.entry_id
                                  ORDER BY k.last_entry LIMIT 1) AS b ON true
          UNION ALL
          SELECT 3, 'closing', NULLIF(upper(statement.period), 'infinity'), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 COALESCE(l.balance, o.balance), COALESCE(l.earnings, o.earnings), COALESCE(l.unsold, o.unsold),
                 COALESCE(l.stored, o.stored), COALESCE(l.consumed, o.consumed), b.height, encode(b.hash, 'hex')
          FROM opening AS o
               LEFT JOIN last AS l ON true
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id ORDER BY k.height DESC LIMIT 1) AS b ON true) AS s
    ORDER BY s.place, s.entry_id;
END;
COMMENT ON FUNCTION smartgrid.statement(integer, bigint, tstzrange)
    IS 'a participant''s statement of account for a period: energy units, price in money units per kWh, money units';

CREATE FUNCTION @extschema@.sg_statement(principal text, period tstzrange)
    RETURNS TABLE (part text, at timestamptz, entry_id bigint, kind text, counterparty text, trade_id bigint,
                   energy bigint, price bigint, money bigint,
                   balance bigint, earnings bigint, unsold bigint, stored bigint, consumed bigint,
                   height bigint, hash text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_statement';
COMMENT ON FUNCTION @extschema@.sg_statement(text, tstzrange)
    IS 'a statement of account: opening, every entry of the period with its effect (energy units, money units) and what was held after it, closing; height and hash of the block that seals each; no row where the participant does not exist or is hidden';

-- Last: who may read and call what 0.2.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.oid IN ('smartgrid.block'::regclass, 'smartgrid.block_detail'::regclass, 'smartgrid.seal_point'::regclass,
                            '@extschema@.sg_blocks'::regclass, '@extschema@.sg_ledger_lines'::regclass)
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND (p.proname LIKE 'merkle\_%' OR p.proname IN ('statement', 'unix_microseconds'))
                  OR p.pronamespace = '@extschema@'::regnamespace
                     AND p.proname IN ('sg_seal', 'sg_prove_entry', 'sg_prove_blocks', 'sg_verify_proof', 'sg_verify_ledger', 'sg_statement')
        )
        SELECT a.kind, a.object, x.privilege_type,
               CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
        FROM added AS a CROSS JOIN LATERAL aclexplode(a.acl) AS x
        WHERE x.grantee <> a.owner
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

GRANT SELECT ON smartgrid.block, @extschema@.sg_blocks, @extschema@.sg_ledger_lines TO PUBLIC;
-- Each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    smartgrid.unix_microseconds(timestamptz),
    @extschema@.sg_seal(text),
    @extschema@.sg_prove_entry(bigint), @extschema@.sg_prove_blocks(bigint, bigint, text), @extschema@.sg_verify_proof(jsonb, text, text),
    @extschema@.sg_verify_ledger(text, bigint, bigint, text), @extschema@.sg_statement(text, tstzrange)
TO PUBLIC;
