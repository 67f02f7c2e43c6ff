-- To whom tariffs are assigned: dated and versioned (src/metering/dated.h), by tariff and whom.

CREATE SEQUENCE smartgrid.assignee_id_seq;
COMMENT ON SEQUENCE smartgrid.assignee_id_seq IS 'numbers of assignees, of all grids together';

CREATE TABLE smartgrid.assignee (
    assignee_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.assignee_id_seq') PRIMARY KEY,
    tariff_id bigint NOT NULL,
    point_id bigint NOT NULL CHECK (point_id >= 0),
    participant_id bigint NOT NULL CHECK (participant_id >= 0),
    grid_id integer NOT NULL,
    CONSTRAINT assignee_key UNIQUE (tariff_id, point_id, participant_id, grid_id),
    CONSTRAINT assignee_check CHECK (point_id = 0 OR participant_id = 0)
);
ALTER SEQUENCE smartgrid.assignee_id_seq OWNED BY smartgrid.assignee.assignee_id;
COMMENT ON TABLE smartgrid.assignee IS 'to whom or what tariffs are or were assigned';
COMMENT ON COLUMN smartgrid.assignee.assignee_id IS 'number';
COMMENT ON COLUMN smartgrid.assignee.tariff_id IS 'the tariff';
COMMENT ON COLUMN smartgrid.assignee.point_id IS 'the metering point; 0: none';
COMMENT ON COLUMN smartgrid.assignee.participant_id IS 'the participant; 0: none, and if there is no point either, the grid';
COMMENT ON COLUMN smartgrid.assignee.grid_id IS 'the grid';
COMMENT ON CONSTRAINT assignee_key ON smartgrid.assignee IS 'a tariff has one row for each point, participant, and the grid';
COMMENT ON CONSTRAINT assignee_check ON smartgrid.assignee IS 'a point or a participant, not both';
ALTER TABLE smartgrid.assignee ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.assignee FOR SELECT
    USING ((point_id = 0 AND participant_id = 0)
           OR participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.point_period AS d WHERE d.point_id = assignee.point_id));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.assignee
    IS 'oneself, points of which one was the owner, and the grid; all for operators of the grid and auditors';

CREATE TABLE smartgrid.assignment (
    assignee_id bigint NOT NULL,
    grid_id integer NOT NULL,
    exempt boolean NOT NULL,
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0 AND quantity < 1000000000000000 AND pg_catalog.scale(quantity) <= 12),
    PRIMARY KEY (assignee_id, valid_from, recorded_at, grid_id),
    CONSTRAINT assignment_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT assignment_excl EXCLUDE USING gist (
        pg_catalog.int8range(assignee_id, assignee_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.assignment IS 'to whom tariffs are assigned from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.assignment.assignee_id IS 'the tariff and to whom it is assigned';
COMMENT ON COLUMN smartgrid.assignment.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.assignment.exempt IS 'whether it says that the tariff does not hold, whatever it is assigned to beside';
COMMENT ON COLUMN smartgrid.assignment.begins_anew IS 'whether something ended when it begins';
COMMENT ON COLUMN smartgrid.assignment.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.assignment.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.assignment.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.assignment.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON CONSTRAINT assignment_check ON smartgrid.assignment IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON COLUMN smartgrid.assignment.quantity IS 'what fixed components are multiplied by; 1 of what is exempt';
COMMENT ON CONSTRAINT assignment_excl ON smartgrid.assignment IS 'of an assignee, one thing is on record for each moment at a time';
ALTER TABLE smartgrid.assignment ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.assignment FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.assignee AS a
                      WHERE a.assignee_id = assignment.assignee_id
                            AND (a.point_id = 0
                                 OR EXISTS (SELECT FROM smartgrid.point_period AS d
                                            WHERE d.point_id = a.point_id AND d.superseded_at = 'infinity'
                                                  AND d.valid_from < assignment.valid_to AND d.valid_to > assignment.valid_from))));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.assignment
    IS 'to oneself, to points while one was the owner, and to the grid; all for operators of the grid and auditors';

CREATE VIEW @extschema@.sg_assignment_periods WITH (security_invoker = true) AS
SELECT g.name AS grid, t.name AS tariff, n.name AS point, p.principal AS participant,
       CASE WHEN NOT s.exempt THEN s.quantity END AS quantity, s.exempt,
       s.valid_from, NULLIF(s.valid_to, 'infinity') AS valid_to,
       s.recorded_at, NULLIF(s.superseded_at, 'infinity') AS superseded_at, a.point_id
FROM smartgrid.assignment AS s
     JOIN smartgrid.assignee AS a ON a.assignee_id = s.assignee_id
     JOIN smartgrid.tariff AS t ON t.tariff_id = a.tariff_id
     JOIN smartgrid.grid AS g ON g.grid_id = s.grid_id
     LEFT JOIN smartgrid.point_name AS n ON n.point_id = a.point_id AND n.superseded_at = 'infinity'
     LEFT JOIN smartgrid.participant AS p ON p.participant_id = a.participant_id;
COMMENT ON VIEW @extschema@.sg_assignment_periods
    IS 'to whom tariffs are assigned from when to when, with all that was ever on record: to oneself, to points while one was the owner, and to the grid; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.tariff IS 'name of the tariff';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.point IS 'the point that it is assigned to, as it is called now; NULL: none';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.participant IS 'the participant that it is assigned to; NULL: none, and without a point either, it is the grid';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.quantity IS 'what fixed components are multiplied by; NULL: exempt';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.exempt IS 'whether the tariff does not hold for the point or participant, whatever it is assigned to beside';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.valid_from IS 'since when it is so (key, with grid, tariff, point_id, participant and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.superseded_at IS 'when something else took its place on record; NULL while it is on record';
COMMENT ON COLUMN @extschema@.sg_assignment_periods.point_id IS 'number of the point, which stays when it is renamed; 0: none';

CREATE VIEW @extschema@.sg_assignments WITH (security_invoker = true) AS
SELECT s.grid, s.tariff, s.point, s.participant, s.quantity, s.exempt, s.valid_from, s.valid_to, s.recorded_at, s.point_id
FROM @extschema@.sg_assignment_periods AS s
WHERE s.superseded_at IS NULL AND s.valid_from <= pg_catalog.now() AND (s.valid_to IS NULL OR s.valid_to > pg_catalog.now());
COMMENT ON VIEW @extschema@.sg_assignments
    IS 'to whom tariffs are assigned now: to oneself, to points of which one is the owner, and to the grid; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_assignments.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_assignments.tariff IS 'name of the tariff';
COMMENT ON COLUMN @extschema@.sg_assignments.point IS 'the point that it is assigned to; NULL: none';
COMMENT ON COLUMN @extschema@.sg_assignments.participant IS 'the participant that it is assigned to; NULL: none, and without a point either, it is the grid (key, with grid, tariff and point_id)';
COMMENT ON COLUMN @extschema@.sg_assignments.quantity IS 'what fixed components are multiplied by; NULL: exempt';
COMMENT ON COLUMN @extschema@.sg_assignments.exempt IS 'whether the tariff does not hold for the point or participant, whatever it is assigned to beside';
COMMENT ON COLUMN @extschema@.sg_assignments.valid_from IS 'since when it is so';
COMMENT ON COLUMN @extschema@.sg_assignments.valid_to IS 'until when, exclusive; NULL: no change is on record';
COMMENT ON COLUMN @extschema@.sg_assignments.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_assignments.point_id IS 'number of the point, which stays when it is renamed; 0: none';

CREATE FUNCTION @extschema@.sg_assign_tariff(tariff text, valid_from timestamptz, point text DEFAULT NULL, participant text DEFAULT NULL,
    quantity numeric DEFAULT 1, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_assign_tariff';
COMMENT ON FUNCTION @extschema@.sg_assign_tariff(text, timestamptz, text, text, numeric, boolean)
    IS 'assigns a tariff to a metering point, to a participant, or to the grid, from a time until the next later change that is on record (operator)';

CREATE FUNCTION @extschema@.sg_unassign_tariff(tariff text, valid_to timestamptz, point text DEFAULT NULL, participant text DEFAULT NULL,
    correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_unassign_tariff';
COMMENT ON FUNCTION @extschema@.sg_unassign_tariff(text, timestamptz, text, text, boolean)
    IS 'ends the assignment of a tariff, whatever was on record for later; a point or participant without one of its own is exempt from then on (operator)';
