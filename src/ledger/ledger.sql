-- The ledger: one row per effect, append-only.

CREATE FUNCTION smartgrid.entry_kind(kind smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_entry_kind';
COMMENT ON FUNCTION smartgrid.entry_kind(smallint)
    IS 'name of a kind of ledger entry: @kinds@';

CREATE FUNCTION smartgrid.shown_kind(kind smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_shown_kind';
COMMENT ON FUNCTION smartgrid.shown_kind(smallint)
    IS 'name of a kind of ledger entry as most views show it: @shown_kinds@';

CREATE SEQUENCE smartgrid.ledger_entry_id_seq;
COMMENT ON SEQUENCE smartgrid.ledger_entry_id_seq IS 'identifiers of ledger entries, of all grids together; sealing relies on CACHE 1';

CREATE TABLE smartgrid.ledger (
    entry_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.ledger_entry_id_seq') PRIMARY KEY,
    participant_id bigint NOT NULL,
    counterparty_id bigint NOT NULL CHECK (counterparty_id >= 0),
    energy bigint NOT NULL CHECK (energy >= 0),
    price bigint NOT NULL CHECK (price >= 0),
    money bigint NOT NULL CHECK (money >= 0),
    trade_id bigint NOT NULL CHECK (trade_id >= 0),
    at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    kind smallint NOT NULL CHECK (smartgrid.entry_kind(kind) IS NOT NULL),
    booked_at timestamptz NOT NULL
);
ALTER SEQUENCE smartgrid.ledger_entry_id_seq OWNED BY smartgrid.ledger.entry_id;
COMMENT ON TABLE smartgrid.ledger IS 'one row per effect, never changed: energy moves from one account to another and money the other way';
COMMENT ON COLUMN smartgrid.ledger.entry_id IS 'identifier, in the order of the calls of each participant';
COMMENT ON COLUMN smartgrid.ledger.participant_id IS 'whose entry it is; the seller for hold, trade and release; 0: nobody''s, as of write_off, batch and run';
COMMENT ON COLUMN smartgrid.ledger.counterparty_id IS 'the buyer for hold, trade and release; 0: none';
COMMENT ON COLUMN smartgrid.ledger.energy IS 'energy units';
COMMENT ON COLUMN smartgrid.ledger.price IS 'money units per kWh; 0: none';
COMMENT ON COLUMN smartgrid.ledger.money IS 'money units';
COMMENT ON COLUMN smartgrid.ledger.trade_id IS 'of hold, trade and release the trade; else what the entry is about, of a reversal the entry that it takes back, of batch and run that, of bill and credit the document; 0: none';
COMMENT ON COLUMN smartgrid.ledger.at IS 'when it happened';
COMMENT ON COLUMN smartgrid.ledger.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.ledger.kind IS 'code of the kind of entry, see smartgrid.entry_kind()';
COMMENT ON COLUMN smartgrid.ledger.booked_at IS 'when it was booked: the server''s clock';

CREATE INDEX ledger_participant_idx ON smartgrid.ledger (participant_id, entry_id);
CREATE INDEX ledger_counterparty_idx ON smartgrid.ledger (counterparty_id, entry_id) WHERE counterparty_id > 0;
CREATE INDEX ledger_at_idx ON smartgrid.ledger USING brin (at);
-- A range that is still being filled should not be summarized: each entry would change its summary. VACUUM summarizes
-- ranges that are full; only the first one is summarized from the start, which is undone here.
SELECT pg_catalog.brin_desummarize_range('smartgrid.ledger_at_idx', 0);
COMMENT ON INDEX smartgrid.ledger_participant_idx IS 'a participant''s own entries in order, page by page';
COMMENT ON INDEX smartgrid.ledger_counterparty_idx IS 'entries in which a participant is the buyer, in order';
COMMENT ON INDEX smartgrid.ledger_at_idx IS 'entries of a period; small, as entries are written nearly in the order of time';

ALTER TABLE smartgrid.ledger REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY party_or_grid_reader ON smartgrid.ledger FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR counterparty_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY party_or_grid_reader ON smartgrid.ledger IS 'what one is a party of; all for operators of the grid and auditors';

-- Beside the ledger, so that its rows stay small: few kinds carry a digest.
CREATE TABLE smartgrid.entry_digest (
    entry_id bigint NOT NULL PRIMARY KEY,
    grid_id integer NOT NULL,
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) = 32)
);
COMMENT ON TABLE smartgrid.entry_digest IS 'digests that ledger entries of some kinds carry, never changed';
COMMENT ON COLUMN smartgrid.entry_digest.entry_id IS 'the entry';
COMMENT ON COLUMN smartgrid.entry_digest.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.entry_digest.digest IS 'SHA-256 of what the entry is about, 32 bytes: of a batch its canonical lines, of a run the run, of bill and credit the document';

ALTER TABLE smartgrid.entry_digest REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.entry_digest ENABLE ROW LEVEL SECURITY;
CREATE POLICY who_sees_the_entry ON smartgrid.entry_digest FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.ledger AS l WHERE l.entry_id = entry_digest.entry_id));
COMMENT ON POLICY who_sees_the_entry ON smartgrid.entry_digest IS 'for the parties of the entry, operators of the grid and auditors';

CREATE FUNCTION @extschema@.sg_last_entry(
    OUT entry_id bigint, OUT grid text, OUT at timestamptz, OUT kind text, OUT participant text, OUT counterparty text,
    OUT energy bigint, OUT price bigint, OUT money bigint, OUT trade_id bigint, OUT booked_at timestamptz, OUT about bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_last_entry';
COMMENT ON FUNCTION @extschema@.sg_last_entry()
    IS 'the ledger entry that this session''s last call wrote: energy units, money units, money units per kWh; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.further_entries(skip integer) RETURNS SETOF smartgrid.ledger
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 SUPPORT smartgrid.hint_further_rows_support AS 'MODULE_PATHNAME', 'sg_further_entries';
COMMENT ON FUNCTION smartgrid.further_entries(integer) IS 'ledger entries of the calling principal but for those of its first so many participants';

-- How it reads: see ledger/planning.sql. An entry has one party that is the caller's at most: nobody trades with itself.
CREATE VIEW @extschema@.sg_ledger WITH (security_invoker = true) AS
SELECT l.entry_id, g.name AS grid, l.at, smartgrid.shown_kind(l.kind) AS kind,
       smartgrid.shown_name(l.own, l.participant_id, p.principal) AS participant,
       smartgrid.shown_name(l.own, l.counterparty_id, c.principal) AS counterparty,
       l.energy, smartgrid.scaled(l.energy, g.energy_scale) AS energy_kwh,
       l.price, smartgrid.scaled(l.price, g.money_scale) AS price_currency,
       l.money, smartgrid.scaled(l.money, g.money_scale) AS money_currency,
       g.currency,
       CASE WHEN l.kind IN (@kind=hold@, @kind=trade@, @kind=release@) THEN l.trade_id END AS trade_id,
       l.booked_at,
       CASE WHEN l.kind NOT IN (@kind=hold@, @kind=trade@, @kind=release@) THEN NULLIF(l.trade_id, 0) END AS about,
       CASE WHEN smartgrid.carries_digest(l.kind)
            THEN (SELECT pg_catalog.encode(d.digest, 'hex') FROM smartgrid.entry_digest AS d
                  WHERE d.entry_id = l.entry_id AND d.grid_id = l.grid_id) END AS digest
FROM (SELECT o.*, o.participant_id AS first_own, smartgrid.own_participant(2) AS second_own, 1::bigint AS indexed, true AS own
      FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.*, o.counterparty_id, smartgrid.own_participant(2), o.counterparty_id, true FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), o.participant_id, 1::bigint, true FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), o.counterparty_id, o.counterparty_id, true FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), smartgrid.own_participant(2), 1::bigint, true FROM smartgrid.further_entries(2) AS o
      UNION ALL
      SELECT o.*, smartgrid.own_participant(1), smartgrid.own_participant(2), 1::bigint, false FROM smartgrid.ledger AS o) AS l
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = l.grid_id
     LEFT JOIN smartgrid.participant AS p ON p.participant_id = CASE WHEN NOT l.own THEN l.participant_id END
     LEFT JOIN smartgrid.participant AS c ON c.participant_id = CASE WHEN NOT l.own THEN l.counterparty_id END
WHERE l.first_own = smartgrid.own_participant(1)
      AND l.second_own = smartgrid.own_participant(2)
      AND l.indexed > 0
      AND ((l.own AND smartgrid.hint_other_grid(l.grid_id, (SELECT smartgrid.readable_grids())))
           OR (NOT l.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND l.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.hint_whole_grid(l.entry_id)
               AND smartgrid.hint_any_party(l.participant_id)));
COMMENT ON VIEW @extschema@.sg_ledger IS 'the ledger: entries that the caller is a party of, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_ledger.entry_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_ledger.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_ledger.at IS 'when it happened';
COMMENT ON COLUMN @extschema@.sg_ledger.kind IS '@shown_kinds:or@';
COMMENT ON COLUMN @extschema@.sg_ledger.participant IS 'whose entry it is; the seller for hold, trade and release; NULL: nobody''s, as of write_off and batch';
COMMENT ON COLUMN @extschema@.sg_ledger.counterparty IS 'the buyer for hold, trade and release; NULL for the other kinds';
COMMENT ON COLUMN @extschema@.sg_ledger.energy IS 'energy units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.energy_kwh IS 'kWh that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.price IS 'price, money units per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger.price_currency IS 'price, currency per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger.money IS 'money units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.money_currency IS 'currency that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_ledger.trade_id IS 'the trade, of hold, trade and release; NULL: none';
COMMENT ON COLUMN @extschema@.sg_ledger.booked_at IS 'when it was booked: the server''s clock';
COMMENT ON COLUMN @extschema@.sg_ledger.about IS 'id of what the entry is about: of a reversal the entry that it takes back, of batch and run that, of bill and credit the document; NULL: nothing';
COMMENT ON COLUMN @extschema@.sg_ledger.digest IS 'SHA-256 of what the entry is about, hexadecimal: of a batch its canonical lines, of a run the run, of bill and credit the document; NULL: its kind carries none';

CREATE FUNCTION smartgrid.is_first_half(entry_id bigint, kind smallint) RETURNS boolean
    LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_is_first_half';
COMMENT ON FUNCTION smartgrid.is_first_half(bigint, smallint)
    IS 'whether an entry is the reversal of a correction, which only counts together with the next one: the load between the two was never there';
