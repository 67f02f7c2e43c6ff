-- Load and utilization after each quarter-hour, for the view sg_load_curve.

CREATE FUNCTION smartgrid.load_after(grid_id integer, quarter_start timestamptz) RETURNS numeric
    LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_load_after';
COMMENT ON FUNCTION smartgrid.load_after(integer, timestamptz)
    IS 'grid load at the end of a quarter-hour, energy units; NULL for those who do not read the grid in full';

CREATE FUNCTION smartgrid.utilization_after(grid_id integer, quarter_start timestamptz) RETURNS numeric
    LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_utilization_after';
COMMENT ON FUNCTION smartgrid.utilization_after(integer, timestamptz)
    IS 'load / capacity at the end of a quarter-hour, percent; NULL if the capacity of then is not known, and for those who do not read the grid in full';
