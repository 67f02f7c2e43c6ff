-- Registration, and other names.

CREATE FUNCTION @extschema@.sg_register_producer(capacity bigint, energy_type text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_producer';
COMMENT ON FUNCTION @extschema@.sg_register_producer(bigint, text)
    IS 'registers the caller as producer: capacity in energy units; type one of @types@';

CREATE FUNCTION @extschema@.sg_register_consumer(consumption_limit bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_consumer';
COMMENT ON FUNCTION @extschema@.sg_register_consumer(bigint)
    IS 'registers the caller as consumer: limit of one consumption in energy units';

CREATE FUNCTION @extschema@.sg_register_storage(capacity bigint, charge_rate bigint, discharge_rate bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_storage';
COMMENT ON FUNCTION @extschema@.sg_register_storage(bigint, bigint, bigint)
    IS 'registers the caller as storage facility: capacity and most per charge and discharge in energy units';

CREATE FUNCTION @extschema@.sg_enrol_producer(principal text, capacity bigint, energy_type text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_enrol_producer';
COMMENT ON FUNCTION @extschema@.sg_enrol_producer(text, bigint, text)
    IS 'registers somebody else as producer: capacity in energy units; type one of @types@ (operator)';

CREATE FUNCTION @extschema@.sg_enrol_consumer(principal text, consumption_limit bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_enrol_consumer';
COMMENT ON FUNCTION @extschema@.sg_enrol_consumer(text, bigint)
    IS 'registers somebody else as consumer: limit of one consumption in energy units (operator)';

CREATE FUNCTION @extschema@.sg_enrol_storage(principal text, capacity bigint, charge_rate bigint, discharge_rate bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_enrol_storage';
COMMENT ON FUNCTION @extschema@.sg_enrol_storage(text, bigint, bigint, bigint)
    IS 'registers somebody else as storage facility: capacity and most per charge and discharge in energy units (operator)';

CREATE FUNCTION @extschema@.sg_rename_participant(old text, new text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_rename_participant';
COMMENT ON FUNCTION @extschema@.sg_rename_participant(text, text) IS 'moves an account to a new principal (operator)';
