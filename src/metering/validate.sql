-- What is not likely of what points measured (src/metering/validate.h).

CREATE FUNCTION @extschema@.sg_validate(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (point text, start timestamptz, rule text, value numeric, "limit" numeric)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_validate';
COMMENT ON FUNCTION @extschema@.sg_validate(tstzrange, timestamptz)
    IS 'what is not likely of what metering points measured in a period: amounts above what the connection lets through (spike), the same amount for 24 hours (frozen), sums that are not what the register says (register); values kWh, limits kWh or hours: all for operators of the grid and auditors, for anybody else that of slots of which it was the owner';
