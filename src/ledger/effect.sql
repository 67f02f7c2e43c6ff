-- What a ledger entry does is said once, in src/ledger/entry_kind.def: sg_check(), statements and metrics take it from here.

CREATE FUNCTION smartgrid.entry_effects(OUT kind integer, OUT as_counterparty boolean, OUT energy integer, OUT money integer,
    OUT balance integer, OUT earnings integer, OUT unsold integer, OUT stored integer, OUT consumed integer, OUT produced integer,
    OUT due integer) RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE ROWS 58 AS 'MODULE_PATHNAME', 'sg_entry_effects';
COMMENT ON FUNCTION smartgrid.entry_effects()
    IS 'what an entry of each kind does to its participant or counterparty with its energy or money: 1 adds it, -1 takes it, 0 neither; energy and money are what a statement of account shows';

CREATE FUNCTION smartgrid.load_change(kind smallint, energy bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_load_change';
COMMENT ON FUNCTION smartgrid.load_change(smallint, bigint) IS 'what a ledger entry changes in the grid load, energy units';

CREATE FUNCTION smartgrid.carries_digest(kind smallint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_carries_digest';
COMMENT ON FUNCTION smartgrid.carries_digest(smallint) IS 'whether ledger entries of a kind carry the digest of what they are about';
