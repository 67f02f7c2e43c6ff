-- Verification of a whole ledger.

CREATE FUNCTION @extschema@.sg_verify_ledger(
    grid text DEFAULT NULL, from_height bigint DEFAULT 0, published_height bigint DEFAULT NULL, published_hash text DEFAULT NULL)
    RETURNS TABLE (height bigint, entries bigint, ok boolean, problem text, entry_id bigint, detail text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_verify_ledger';
COMMENT ON FUNCTION @extschema@.sg_verify_ledger(text, bigint, bigint, text)
    IS 'recomputes the blocks of a grid (NULL: the current one) from a height on, and the accounts; one row for each block with the first thing that differs, then one (height NULL) for what is not yet sealed and the accounts (operator, auditor)';
