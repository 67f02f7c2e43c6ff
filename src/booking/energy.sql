-- Production, consumption and storage.

CREATE FUNCTION @extschema@.sg_report_production(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_report_production';
COMMENT ON FUNCTION @extschema@.sg_report_production(bigint) IS 'the caller has produced amount energy units and fed them in';

CREATE FUNCTION @extschema@.sg_consume_energy(amount bigint, max_cost bigint DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_consume_energy';
COMMENT ON FUNCTION @extschema@.sg_consume_energy(bigint, bigint)
    IS 'the caller takes amount energy units off the grid and pays the dynamic price, at most max_cost money units where given';

CREATE FUNCTION @extschema@.sg_charge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_charge_storage';
COMMENT ON FUNCTION @extschema@.sg_charge_storage(bigint) IS 'the caller''s storage facility takes amount energy units off the grid';

CREATE FUNCTION @extschema@.sg_discharge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_discharge_storage';
COMMENT ON FUNCTION @extschema@.sg_discharge_storage(bigint) IS 'the caller''s storage facility feeds in amount energy units';

CREATE FUNCTION @extschema@.sg_balance_load(OUT principal text, OUT action text, OUT amount bigint) RETURNS SETOF record
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_balance_load';
COMMENT ON FUNCTION @extschema@.sg_balance_load()
    IS 'automated load balancing: charges storage facilities above the high watermark, discharges them below the low one; amount in energy units (operator)';
