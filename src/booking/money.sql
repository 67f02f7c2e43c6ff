-- Money in and out.

CREATE FUNCTION @extschema@.sg_add_consumer_balance(target text, amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_add_consumer_balance';
COMMENT ON FUNCTION @extschema@.sg_add_consumer_balance(text, bigint)
    IS 'tops up a consumer''s balance by amount money units: the payment gateway''s entry point; REVOKE it from PUBLIC where payments are real';

CREATE FUNCTION @extschema@.sg_withdraw_earnings(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_withdraw_earnings';
COMMENT ON FUNCTION @extschema@.sg_withdraw_earnings(bigint) IS 'the caller takes amount money units of its earnings out';
