-- Units as kWh and as currency.

CREATE FUNCTION smartgrid.scaled(units bigint, scale integer) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_scaled';
COMMENT ON FUNCTION smartgrid.scaled(bigint, integer) IS 'units / 10^scale, exactly: energy units in kWh, money units in currency';

CREATE FUNCTION smartgrid.scaled_sum(units numeric, scale integer) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_scaled_sum';
COMMENT ON FUNCTION smartgrid.scaled_sum(numeric, integer) IS 'units / 10^scale, exactly: sums of energy units in kWh, of money units in currency';
