-- Changing what participants may do.

CREATE FUNCTION @extschema@.sg_alter_producer(principal text, capacity bigint DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_alter_producer';
COMMENT ON FUNCTION @extschema@.sg_alter_producer(text, bigint)
    IS 'changes a producer''s capacity, NULL keeps: energy units (operator)';

CREATE FUNCTION @extschema@.sg_alter_consumer(principal text, consumption_limit bigint DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_alter_consumer';
COMMENT ON FUNCTION @extschema@.sg_alter_consumer(text, bigint)
    IS 'changes a consumer''s limit of one consumption, NULL keeps: energy units (operator)';

CREATE FUNCTION @extschema@.sg_alter_storage(
    principal text,
    capacity bigint DEFAULT NULL,
    charge_rate bigint DEFAULT NULL,
    discharge_rate bigint DEFAULT NULL
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_alter_storage';
COMMENT ON FUNCTION @extschema@.sg_alter_storage(text, bigint, bigint, bigint)
    IS 'changes a storage facility''s capacity and most per charge and discharge, NULL keeps: energy units (operator)';
