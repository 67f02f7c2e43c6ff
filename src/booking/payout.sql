-- The revenue of the grid, paid to producers.

CREATE FUNCTION @extschema@.sg_pay_producer(target text, amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_pay_producer';
COMMENT ON FUNCTION @extschema@.sg_pay_producer(text, bigint)
    IS 'amount money units of the grid''s revenue become a producer''s earnings (operator)';
