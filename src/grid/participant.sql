-- Participants: who takes part in a grid, by which name, and as what.

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

CREATE UNIQUE INDEX participant_identity ON smartgrid.participant (participant_id, grid_id);
COMMENT ON INDEX smartgrid.participant_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.participant REPLICA IDENTITY USING INDEX participant_identity;

ALTER TABLE smartgrid.participant ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.participant FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.participant IS 'one''s own; all for operators of the grid and auditors';

-- Backends keep the ids of principals: changes by SQL are announced to them.
CREATE TRIGGER note_change AFTER UPDATE OR DELETE ON smartgrid.participant
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();
COMMENT ON TRIGGER note_change ON smartgrid.participant IS 'every session forgets which participants it knows';

CREATE TABLE smartgrid.producer (
    participant_id bigint NOT NULL PRIMARY KEY,
    capacity bigint NOT NULL CHECK (capacity > 0),
    current_production bigint NOT NULL CHECK (current_production >= 0),
    total_produced bigint NOT NULL CHECK (total_produced >= 0),
    unsold bigint NOT NULL CHECK (unsold >= 0 AND unsold <= total_produced),
    earnings bigint NOT NULL CHECK (earnings >= 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    reputation_score smallint NOT NULL CHECK (reputation_score BETWEEN 0 AND 100),
    energy_type smallint NOT NULL CHECK (smartgrid.energy_type_name(energy_type) IS NOT NULL),
    active boolean NOT NULL,
    deactivated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.producer IS 'producers';
COMMENT ON COLUMN smartgrid.producer.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.producer.capacity IS 'most that one report may say, energy units';
COMMENT ON COLUMN smartgrid.producer.current_production IS 'the latest report, energy units; may be more than the capacity allows since';
COMMENT ON COLUMN smartgrid.producer.total_produced IS 'sum of all reports, energy units';
COMMENT ON COLUMN smartgrid.producer.unsold IS 'produced and not sold or held by a trade, energy units';
COMMENT ON COLUMN smartgrid.producer.earnings IS 'earned by trades and not withdrawn, money units';
COMMENT ON COLUMN smartgrid.producer.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.producer.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.producer.reputation_score IS 'reputation, 0 to 100';
COMMENT ON COLUMN smartgrid.producer.energy_type IS 'code of the energy type, see smartgrid.energy_type_name()';
COMMENT ON COLUMN smartgrid.producer.active IS 'whether it takes part';
COMMENT ON COLUMN smartgrid.producer.deactivated_at IS 'since when it does not; infinity if it does';
COMMENT ON CONSTRAINT producer_check ON smartgrid.producer IS 'nobody has more to sell than it has produced';

CREATE UNIQUE INDEX producer_identity ON smartgrid.producer (participant_id, grid_id);
COMMENT ON INDEX smartgrid.producer_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.producer REPLICA IDENTITY USING INDEX producer_identity;

ALTER TABLE smartgrid.producer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.producer FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.producer IS 'one''s own; all for operators of the grid and auditors';

CREATE TABLE smartgrid.consumer (
    participant_id bigint NOT NULL PRIMARY KEY,
    consumption_limit bigint NOT NULL CHECK (consumption_limit > 0),
    total_consumed bigint NOT NULL CHECK (total_consumed >= 0),
    current_usage bigint NOT NULL CHECK (current_usage >= 0),
    balance bigint NOT NULL CHECK (balance >= 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    active boolean NOT NULL,
    cost_carry bigint NOT NULL CHECK (cost_carry >= 0),
    deactivated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.consumer IS 'consumers';
COMMENT ON COLUMN smartgrid.consumer.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.consumer.consumption_limit IS 'most that one call may take, energy units';
COMMENT ON COLUMN smartgrid.consumer.total_consumed IS 'sum of all consumption and completed purchases, energy units';
COMMENT ON COLUMN smartgrid.consumer.current_usage IS 'the latest consumption, energy units; may be more than the limit allows since';
COMMENT ON COLUMN smartgrid.consumer.balance IS 'money to spend, money units';
COMMENT ON COLUMN smartgrid.consumer.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.consumer.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.consumer.active IS 'whether it takes part';
COMMENT ON COLUMN smartgrid.consumer.cost_carry IS 'what consumption has cost beyond whole money units and was not paid yet, 10^-energy_scale money units';
COMMENT ON COLUMN smartgrid.consumer.deactivated_at IS 'since when it does not; infinity if it does';

CREATE UNIQUE INDEX consumer_identity ON smartgrid.consumer (participant_id, grid_id);
COMMENT ON INDEX smartgrid.consumer_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.consumer REPLICA IDENTITY USING INDEX consumer_identity;

ALTER TABLE smartgrid.consumer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.consumer FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.consumer IS 'one''s own; all for operators of the grid and auditors';

CREATE TABLE smartgrid.storage (
    participant_id bigint NOT NULL PRIMARY KEY,
    capacity bigint NOT NULL CHECK (capacity > 0),
    stored_amount bigint NOT NULL CHECK (stored_amount >= 0 AND stored_amount <= capacity),
    charge_rate bigint NOT NULL CHECK (charge_rate > 0),
    discharge_rate bigint NOT NULL CHECK (discharge_rate > 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.storage IS 'storage facilities';
COMMENT ON COLUMN smartgrid.storage.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.storage.capacity IS 'most that it can hold, energy units';
COMMENT ON COLUMN smartgrid.storage.stored_amount IS 'what it holds, energy units';
COMMENT ON COLUMN smartgrid.storage.charge_rate IS 'most that one call may charge, energy units';
COMMENT ON COLUMN smartgrid.storage.discharge_rate IS 'most that one call may discharge, energy units';
COMMENT ON COLUMN smartgrid.storage.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.storage.grid_id IS 'the grid';
COMMENT ON CONSTRAINT storage_check ON smartgrid.storage IS 'no facility holds more than its capacity';

CREATE UNIQUE INDEX storage_identity ON smartgrid.storage (participant_id, grid_id);
COMMENT ON INDEX smartgrid.storage_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.storage REPLICA IDENTITY USING INDEX storage_identity;

ALTER TABLE smartgrid.storage ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.storage FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.storage IS 'one''s own; all for operators of the grid and auditors';

CREATE TABLE smartgrid.due (
    participant_id bigint NOT NULL PRIMARY KEY,
    due bigint NOT NULL,
    grid_id integer NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.due IS 'what participants owe the grid for what was settled; one has a row once something was booked on it';
COMMENT ON COLUMN smartgrid.due.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.due.due IS 'what it owes the grid, money units; below 0: what the grid owes it';
COMMENT ON COLUMN smartgrid.due.grid_id IS 'the grid';

CREATE UNIQUE INDEX due_identity ON smartgrid.due (participant_id, grid_id);
COMMENT ON INDEX smartgrid.due_identity IS 'by which changes are replicated, of one grid if that is wanted';
ALTER TABLE smartgrid.due REPLICA IDENTITY USING INDEX due_identity;

ALTER TABLE smartgrid.due ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.due FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.due IS 'one''s own; all for operators of the grid and auditors';
