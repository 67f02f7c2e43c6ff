-- Energy that is on the grid in the books only.

CREATE FUNCTION @extschema@.sg_write_off(amount bigint, reason text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_write_off';
COMMENT ON FUNCTION @extschema@.sg_write_off(bigint, text)
    IS 'amount energy units, which are on the grid in the books only, leave it (operator)';
