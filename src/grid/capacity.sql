-- How much a grid can take.

CREATE SEQUENCE smartgrid.capacity_event_id_seq;
COMMENT ON SEQUENCE smartgrid.capacity_event_id_seq IS 'identifiers of changes of capacity';

CREATE TABLE smartgrid.capacity_event (
    event_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.capacity_event_id_seq') PRIMARY KEY,
    at timestamptz NOT NULL,
    change bigint NOT NULL CHECK (change <> 0),
    participant_id bigint NOT NULL,
    grid_id integer NOT NULL
);
ALTER SEQUENCE smartgrid.capacity_event_id_seq OWNED BY smartgrid.capacity_event.event_id;
COMMENT ON TABLE smartgrid.capacity_event IS 'every change of a grid''s capacity; they add up to that of now';
COMMENT ON COLUMN smartgrid.capacity_event.event_id IS 'identifier';
COMMENT ON COLUMN smartgrid.capacity_event.at IS 'when it changed; for what was there before 0.3.0, when the grid was created';
COMMENT ON COLUMN smartgrid.capacity_event.change IS 'what came or, below zero, went, energy units';
COMMENT ON COLUMN smartgrid.capacity_event.participant_id IS 'the producer whose capacity it is; 0: all that were there before 0.3.0';
COMMENT ON COLUMN smartgrid.capacity_event.grid_id IS 'the grid';

CREATE INDEX capacity_event_grid_idx ON smartgrid.capacity_event (grid_id, at);
COMMENT ON INDEX smartgrid.capacity_event_grid_idx IS 'changes of a grid''s capacity by time';

ALTER TABLE smartgrid.capacity_event REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.capacity_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.capacity_event FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.capacity_event IS 'for operators of the grid and auditors';

CREATE TRIGGER replace_derived_row BEFORE INSERT ON smartgrid.capacity_event
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_derived_row('event_id');
COMMENT ON TRIGGER replace_derived_row ON smartgrid.capacity_event IS 'a replicated row replaces the one that an update has derived';
ALTER TABLE smartgrid.capacity_event ENABLE REPLICA TRIGGER replace_derived_row;
