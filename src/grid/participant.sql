-- Participants: who takes part in a grid, and by which name.

CREATE SEQUENCE smartgrid.participant_id_seq;
COMMENT ON SEQUENCE smartgrid.participant_id_seq IS 'identifiers of participants, of all grids together';

CREATE TABLE smartgrid.participant (
    participant_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.participant_id_seq') PRIMARY KEY,
    grid_id integer NOT NULL,
    principal text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(principal) BETWEEN 1 AND 128),
    CONSTRAINT participant_principal_key UNIQUE (principal, grid_id)
);
ALTER SEQUENCE smartgrid.participant_id_seq OWNED BY smartgrid.participant.participant_id;
COMMENT ON TABLE smartgrid.participant IS 'who takes part in a grid: one row per principal and grid';
COMMENT ON COLUMN smartgrid.participant.participant_id IS 'identifier; stays when the principal is renamed';
COMMENT ON COLUMN smartgrid.participant.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.participant.principal IS 'name of the principal, at most 128 bytes';
COMMENT ON CONSTRAINT participant_principal_key ON smartgrid.participant IS 'a principal takes part once in a grid';

ALTER TABLE smartgrid.participant ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.participant FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.participant IS 'one''s own; all for operators of the grid and auditors';

-- Backends keep the ids of principals: changes by SQL are announced to them.
CREATE TRIGGER note_change AFTER UPDATE OR DELETE ON smartgrid.participant
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();
COMMENT ON TRIGGER note_change ON smartgrid.participant IS 'every session forgets which participants it knows';
