-- Public holidays of grids, versioned.

CREATE TABLE smartgrid.holiday (
    grid_id integer NOT NULL,
    day date NOT NULL CHECK (pg_catalog.isfinite(day)),
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    PRIMARY KEY (grid_id, day, recorded_at),
    CONSTRAINT holiday_check CHECK (recorded_at < superseded_at)
);
COMMENT ON TABLE smartgrid.holiday IS 'public holidays, and when they were on record';
COMMENT ON COLUMN smartgrid.holiday.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.holiday.day IS 'the local day';
COMMENT ON COLUMN smartgrid.holiday.recorded_at IS 'since when it is on record';
COMMENT ON COLUMN smartgrid.holiday.superseded_at IS 'when it was taken from the record; infinity while it is on record';
COMMENT ON CONSTRAINT holiday_check ON smartgrid.holiday IS 'it was on record before it was taken from it';

CREATE UNIQUE INDEX holiday_key ON smartgrid.holiday (grid_id, day) WHERE superseded_at = 'infinity';
COMMENT ON INDEX smartgrid.holiday_key IS 'a day is on record once';

ALTER TABLE smartgrid.holiday ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.holiday FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.holiday IS 'holidays are public';

CREATE VIEW @extschema@.sg_holidays WITH (security_invoker = true) AS
SELECT g.name AS grid, h.day, h.recorded_at
FROM smartgrid.holiday AS h JOIN smartgrid.grid AS g ON g.grid_id = h.grid_id
WHERE h.superseded_at = 'infinity';
COMMENT ON VIEW @extschema@.sg_holidays IS 'public holidays of grids; everybody sees them';
COMMENT ON COLUMN @extschema@.sg_holidays.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_holidays.day IS 'the local day (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_holidays.recorded_at IS 'since when it is on record';

CREATE FUNCTION @extschema@.sg_set_holidays(days date[], correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_holidays';
COMMENT ON FUNCTION @extschema@.sg_set_holidays(date[], boolean)
    IS 'says which days are public holidays, in place of those on record for the years of these days (operator)';
