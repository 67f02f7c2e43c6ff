-- Load balancing.

CREATE FUNCTION @extschema@.sg_balance_load(OUT principal text, OUT action text, OUT amount bigint) RETURNS SETOF record
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_balance_load';
COMMENT ON FUNCTION @extschema@.sg_balance_load()
    IS 'automated load balancing: charges storage facilities above the high watermark, discharges them below the low one; amount in energy units (operator)';
