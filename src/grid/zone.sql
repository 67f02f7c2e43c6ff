-- The time zone of a grid: when its days and months begin. A table of its own, for the library of 0.2.0 knows the columns
-- of smartgrid.grid.

CREATE TABLE smartgrid.grid_zone (
    grid_id integer NOT NULL PRIMARY KEY,
    time_zone text NOT NULL CHECK (time_zone <> '')
);
COMMENT ON TABLE smartgrid.grid_zone IS 'time zones of the grids that have another than UTC';
COMMENT ON COLUMN smartgrid.grid_zone.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.grid_zone.time_zone IS 'name of the time zone, as in pg_timezone_names';

ALTER TABLE smartgrid.grid_zone ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.grid_zone FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.grid_zone IS 'time zones of grids are public';

CREATE FUNCTION @extschema@.sg_set_time_zone(time_zone text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_time_zone';
COMMENT ON FUNCTION @extschema@.sg_set_time_zone(text)
    IS 'sets the time zone whose days and months the figures of the current grid are summed by, as Europe/Berlin (operator)';

CREATE FUNCTION @extschema@.sg_time_zone() RETURNS text
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_time_zone';
COMMENT ON FUNCTION @extschema@.sg_time_zone() IS 'the time zone of the current grid; UTC where none was set';
