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
