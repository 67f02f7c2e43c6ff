-- Making proofs.

CREATE FUNCTION @extschema@.sg_prove_entry(entry_id bigint) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_entry';
COMMENT ON FUNCTION @extschema@.sg_prove_entry(bigint)
    IS 'the proof that a ledger entry is in the block that seals it; NULL where there is no such entry, it is hidden or not yet sealed';

CREATE FUNCTION @extschema@.sg_prove_blocks(from_height bigint, to_height bigint, grid text DEFAULT NULL) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_blocks';
COMMENT ON FUNCTION @extschema@.sg_prove_blocks(bigint, bigint, text)
    IS 'the proof that the history of a block of a grid (NULL: the current one) extends that of an earlier block; NULL where there is no such block';
