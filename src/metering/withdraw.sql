-- Taking batches back (src/metering/withdraw.c).

CREATE FUNCTION @extschema@.sg_withdraw_batch(batch bigint) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_withdraw_batch';
COMMENT ON FUNCTION @extschema@.sg_withdraw_batch(bigint)
    IS 'takes a batch back: its slots are as they were before it, unless others have replaced them; returns how many slots that were (gateway of the same role, operator)';
