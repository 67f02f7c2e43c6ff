-- Prepaid money that goes back.

CREATE FUNCTION @extschema@.sg_withdraw_balance(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_withdraw_balance';
COMMENT ON FUNCTION @extschema@.sg_withdraw_balance(bigint) IS 'the caller takes amount money units of its balance out';

CREATE FUNCTION @extschema@.sg_refund(target text, amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_refund';
COMMENT ON FUNCTION @extschema@.sg_refund(text, bigint)
    IS 'a consumer, also a deactivated one, gets amount money units of its balance back (operator)';
