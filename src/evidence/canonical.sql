-- The ledger in the form that is sealed (doc/evidence.md).

CREATE FUNCTION smartgrid.unix_microseconds(at timestamptz) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_unix_microseconds';
COMMENT ON FUNCTION smartgrid.unix_microseconds(timestamptz) IS 'a time in microseconds since 1970-01-01 00:00:00 UTC, exactly';

CREATE FUNCTION smartgrid.entry_line(entry_id bigint, at timestamptz, grid_id integer, kind smallint, participant_id bigint,
    counterparty_id bigint, energy bigint, price bigint, money bigint, trade_id bigint, booked_at timestamptz, digest bytea) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_entry_line';
COMMENT ON FUNCTION smartgrid.entry_line(bigint, timestamptz, integer, smallint, bigint, bigint, bigint, bigint, bigint, bigint, timestamptz, bytea)
    IS 'the line of a ledger entry, which is hashed; digest: what it carries, empty: none';

CREATE VIEW @extschema@.sg_ledger_lines WITH (security_invoker = true) AS
SELECT l.entry_id, smartgrid.unix_microseconds(l.at) AS at, l.grid_id,
       COALESCE(smartgrid.entry_kind(l.kind), l.kind::text) AS kind,
       l.participant_id, l.counterparty_id, l.energy, l.price, l.money, l.trade_id,
       CASE WHEN l.booked_at <> l.at THEN smartgrid.unix_microseconds(l.booked_at) END AS booked_at,
       smartgrid.entry_line(l.entry_id, l.at, l.grid_id, l.kind, l.participant_id, l.counterparty_id, l.energy, l.price, l.money,
                            l.trade_id, l.booked_at, COALESCE(d.digest, '')) AS line,
       pg_catalog.encode(d.digest, 'hex') AS digest
FROM smartgrid.ledger AS l LEFT JOIN smartgrid.entry_digest AS d ON d.entry_id = l.entry_id AND d.grid_id = l.grid_id;
COMMENT ON VIEW @extschema@.sg_ledger_lines IS 'the ledger in the form that is sealed: line is what is hashed, the other columns its fields';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.entry_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.at IS 'when it happened, microseconds since 1970-01-01 00:00:00 UTC';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.grid_id IS 'identifier of the grid';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.kind IS '@kinds:or@';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.participant_id IS 'whose entry it is; the seller for hold, trade, release and reversal-trade; 0: nobody''s';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.counterparty_id IS 'the buyer for hold, trade, release and reversal-trade; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.energy IS 'energy units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.price IS 'price, money units per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.money IS 'money units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.trade_id IS 'the trade; of a reversal the entry that it takes back, of batch and run that, of bill and credit the document; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.booked_at IS 'when it was booked, microseconds since 1970-01-01 00:00:00 UTC; NULL: when it happened';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.line IS 'the entry''s line, which is hashed';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.digest IS 'SHA-256 of what the entry is about, hexadecimal; NULL: entries of its kind carry none';
