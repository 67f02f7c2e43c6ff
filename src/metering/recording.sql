-- When facts and readings of a grid were recorded: its clock.

CREATE TABLE smartgrid.recording (
    grid_id integer NOT NULL PRIMARY KEY,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE smartgrid.recording IS 'clocks of the grids that have metering points: recorded times only grow';
COMMENT ON COLUMN smartgrid.recording.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.recording.recorded_at IS 'the latest time that a fact of the grid was recorded at';

ALTER TABLE smartgrid.recording ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.recording FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.recording IS 'operators of the grid and auditors';

CREATE FUNCTION smartgrid.recording_moment(grid_id integer) RETURNS timestamptz
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_recording_moment';
COMMENT ON FUNCTION smartgrid.recording_moment(integer)
    IS 'a moment for AS OF: whatever is recorded in the grid by a transaction that has not committed yet has a later time';
