-- Batch posting of readings.

CREATE FUNCTION @extschema@.sg_post_readings(principals text[], kinds text[], amounts bigint[], at timestamptz[] DEFAULT NULL)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_readings';
COMMENT ON FUNCTION @extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[])
    IS 'posts production, consumption, charge, discharge (energy units) and topup (money units) readings in order and returns those that failed (gateway, operator)';

CREATE FUNCTION @extschema@.sg_post_readings(source regclass)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_readings_source';
COMMENT ON FUNCTION @extschema@.sg_post_readings(regclass)
    IS 'posts the readings of a table or view with columns principal, kind, amount (integer, or text or numeric that is whole) and ord or at, in that order, and returns those that failed; times without offset are of the grid''s clock (gateway, operator)';
