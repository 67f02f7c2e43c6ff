-- What is in no rollup yet.

CREATE FUNCTION smartgrid.open_sums(OUT grid_id integer, OUT quarter_start timestamptz, OUT energy_type smallint,
    OUT produced numeric, OUT consumed numeric, OUT charged numeric, OUT discharged numeric, OUT traded numeric,
    OUT consumed_value numeric, OUT revenue numeric, OUT price_low bigint, OUT price_high bigint) RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_open_sums';
COMMENT ON FUNCTION smartgrid.open_sums()
    IS 'sums by grid and quarter-hour over the entries that the caller may see and that are in no rollup that it may read, energy_type being NULL, and by energy type what was produced';
