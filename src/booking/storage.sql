-- Storage.

CREATE FUNCTION @extschema@.sg_charge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_charge_storage';
COMMENT ON FUNCTION @extschema@.sg_charge_storage(bigint) IS 'the caller''s storage facility takes amount energy units off the grid';

CREATE FUNCTION @extschema@.sg_discharge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_discharge_storage';
COMMENT ON FUNCTION @extschema@.sg_discharge_storage(bigint) IS 'the caller''s storage facility feeds in amount energy units';
