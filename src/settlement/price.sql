-- What a tariff costs when (doc/reference/settlement.md#price).

CREATE FUNCTION @extschema@.sg_price_check(tariff text, period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (component text, start timestamptz, stop timestamptz, price numeric)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_price_check';
COMMENT ON FUNCTION @extschema@.sg_price_check(text, tstzrange, timestamptz)
    IS 'for each component of a tariff the stretches of a period in which its price is the same, currency per kWh, kW or piece, or percent; NULL where it has none';
