-- Batches of readings of metering points against the digests that the ledger carries (doc/evidence.md).

CREATE FUNCTION @extschema@.sg_verify_batches(from_batch bigint DEFAULT NULL, to_batch bigint DEFAULT NULL)
    RETURNS TABLE (batch bigint, stored text, computed text, ok boolean)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_verify_batches';
COMMENT ON FUNCTION @extschema@.sg_verify_batches(bigint, bigint)
    IS 'every batch of readings of the current grid, or those from one number to another: the digest that its ledger entry carries, that of its lines as they are on record now, and whether all is as it was loaded; of all batches at the end a row with batch NULL for readings that no batch accounts for (operators and auditors)';

CREATE FUNCTION @extschema@.sg_batch_lines(batch bigint) RETURNS SETOF text
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_batch_lines';
COMMENT ON FUNCTION @extschema@.sg_batch_lines(bigint)
    IS 'the lines of a batch of the current grid whose digest its ledger entry carries, energy units, for checkers outside (operators and auditors)';
