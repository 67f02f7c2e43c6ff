-- Rollups made anew.

CREATE FUNCTION smartgrid.fill_rollups(grid_id integer) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 1000000 AS 'MODULE_PATHNAME', 'sg_fill_rollups';
COMMENT ON FUNCTION smartgrid.fill_rollups(integer) IS 'makes the sums by quarter-hour of a grid, for the script that updates the extension; returns how many there are';

CREATE FUNCTION @extschema@.sg_rebuild_rollups(grid text DEFAULT NULL) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000 AS 'MODULE_PATHNAME', 'sg_rebuild_rollups';
COMMENT ON FUNCTION @extschema@.sg_rebuild_rollups(text)
    IS 'makes the sums by quarter-hour of a grid (NULL: the current one) anew from its sealed entries; returns how many quarter-hours there are (operator)';
