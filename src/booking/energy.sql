-- Production and consumption.

CREATE FUNCTION @extschema@.sg_report_production(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_report_production';
COMMENT ON FUNCTION @extschema@.sg_report_production(bigint) IS 'the caller has produced amount energy units and fed them in';

CREATE FUNCTION @extschema@.sg_consume_energy(amount bigint, max_cost bigint DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_consume_energy';
COMMENT ON FUNCTION @extschema@.sg_consume_energy(bigint, bigint)
    IS 'the caller takes amount energy units off the grid and pays the dynamic price, at most max_cost money units where given';
