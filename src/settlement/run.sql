-- Runs: what a period comes to by the tariffs.

CREATE SEQUENCE smartgrid.run_id_seq;
COMMENT ON SEQUENCE smartgrid.run_id_seq IS 'numbers of runs, of all grids together';

CREATE FUNCTION smartgrid.run_state(state smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$SELECT (ARRAY['preview', 'final'])[state + 1]$$;
COMMENT ON FUNCTION smartgrid.run_state(smallint) IS 'name of a state of runs';

CREATE FUNCTION smartgrid.run_kind(kind smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$SELECT (ARRAY['settlement', 'correction'])[kind + 1]$$;
COMMENT ON FUNCTION smartgrid.run_kind(smallint) IS 'name of a kind of runs';

CREATE FUNCTION smartgrid.run_side(side smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$SELECT (ARRAY['charge', 'credit'])[side + 1]$$;
COMMENT ON FUNCTION smartgrid.run_side(smallint) IS 'name of a side of lines: who pays is charged, who is paid is credited';

CREATE TABLE smartgrid.run (
    run_id bigint NOT NULL PRIMARY KEY DEFAULT pg_catalog.nextval('smartgrid.run_id_seq'),
    grid_id integer NOT NULL,
    state smallint NOT NULL CHECK (state IN (0, 1)),
    kind smallint NOT NULL CHECK (smartgrid.run_kind(kind) IS NOT NULL),
    number integer NOT NULL CHECK (number >= 0),
    period_from timestamptz NOT NULL,
    period_to timestamptz NOT NULL,
    as_of timestamptz NOT NULL,
    as_of_named boolean NOT NULL,
    basis_from timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    finalized_at timestamptz NOT NULL DEFAULT 'infinity',
    entry_id bigint NOT NULL DEFAULT 0,
    charges bigint,
    credits bigint,
    accept text[] COLLATE "C" NOT NULL,
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) = 32),
    CONSTRAINT run_check CHECK (period_from < period_to AND (smartgrid.run_kind(kind) = 'correction') = (number > 0)
                                AND (state = 1) = (finalized_at < 'infinity') AND (state = 1) = (entry_id > 0)
                                AND (state = 0 OR charges IS NOT NULL AND credits IS NOT NULL))
);
ALTER SEQUENCE smartgrid.run_id_seq OWNED BY smartgrid.run.run_id;
COMMENT ON TABLE smartgrid.run IS 'settlements of periods: previews, final ones, and their corrections';
COMMENT ON COLUMN smartgrid.run.run_id IS 'number';
COMMENT ON COLUMN smartgrid.run.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.run.state IS '0: a preview, 1: final';
COMMENT ON COLUMN smartgrid.run.kind IS '0: the first of its period, 1: a correction';
COMMENT ON COLUMN smartgrid.run.number IS '0: the first of its period; n: its correction n';
COMMENT ON COLUMN smartgrid.run.period_from IS 'first instant that it settles, a local midnight of the grid';
COMMENT ON COLUMN smartgrid.run.period_to IS 'until when, exclusive, a local midnight';
COMMENT ON COLUMN smartgrid.run.as_of IS 'the moment: what was on record then';
COMMENT ON COLUMN smartgrid.run.as_of_named IS 'whether its caller named the moment';
COMMENT ON COLUMN smartgrid.run.basis_from IS 'the earliest time that it looked at: earlier months, if tiers or demand count them';
COMMENT ON COLUMN smartgrid.run.made_at IS 'when the preview was made';
COMMENT ON COLUMN smartgrid.run.finalized_at IS 'when it became final; infinity: it is a preview';
COMMENT ON COLUMN smartgrid.run.entry_id IS 'the ledger entry that has its digest; 0: it is a preview';
COMMENT ON COLUMN smartgrid.run.charges IS 'sum of what members pay, money units; NULL: a line is unpriced';
COMMENT ON COLUMN smartgrid.run.credits IS 'sum of what members are paid, money units; NULL: a line is unpriced';
COMMENT ON COLUMN smartgrid.run.accept IS 'qualities of intervals, and problems, that it accepts';
COMMENT ON COLUMN smartgrid.run.digest IS 'SHA-256 of the canonical lines of its basis and results';
COMMENT ON CONSTRAINT run_check ON smartgrid.run IS 'a period is not empty, corrections have numbers, final runs are booked and have their sums';
CREATE UNIQUE INDEX run_preview_idx ON smartgrid.run (grid_id, period_from, period_to) WHERE state = 0;
COMMENT ON INDEX smartgrid.run_preview_idx IS 'a period has one preview';
CREATE INDEX run_period_idx ON smartgrid.run (grid_id, period_to);
COMMENT ON INDEX smartgrid.run_period_idx IS 'finds the final runs of a time';

CREATE TABLE smartgrid.run_line (
    run_id bigint NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    grid_id integer NOT NULL,
    participant_id bigint NOT NULL,
    point_id bigint NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    place integer NOT NULL,
    tier integer NOT NULL,
    side smallint NOT NULL CHECK (side IN (0, 1)),
    gross boolean NOT NULL,
    participant text COLLATE "C" NOT NULL,
    point text COLLATE "C" NOT NULL,
    tariff text COLLATE "C" NOT NULL,
    component text COLLATE "C" NOT NULL,
    base text COLLATE "C" NOT NULL,
    quantity numeric NOT NULL,
    unit text COLLATE "C" NOT NULL CHECK (unit IN ('kWh', 'kW', 'piece', '%')),
    price numeric,
    money bigint,
    vat_category text COLLATE "C",
    vat_rate numeric,
    qualities text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, line),
    CONSTRAINT run_line_check CHECK (valid_from < valid_to AND place >= 0 AND tier >= 0)
);
COMMENT ON TABLE smartgrid.run_line IS 'lines of runs: a participant, point, tariff version, component, tier and stretch each; of corrections the differences';
COMMENT ON COLUMN smartgrid.run_line.run_id IS 'the run';
COMMENT ON COLUMN smartgrid.run_line.line IS 'number within the run, by participant, side, point, start, tariff, component and tier';
COMMENT ON COLUMN smartgrid.run_line.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.run_line.participant_id IS 'who pays or is paid';
COMMENT ON COLUMN smartgrid.run_line.point_id IS 'the metering point; 0: the line is over all of a participant';
COMMENT ON COLUMN smartgrid.run_line.valid_from IS 'first instant of its stretch';
COMMENT ON COLUMN smartgrid.run_line.valid_to IS 'until when, exclusive';
COMMENT ON COLUMN smartgrid.run_line.place IS 'place of the component in its tariff, from 0';
COMMENT ON COLUMN smartgrid.run_line.tier IS 'tier, from 1; 0: it has none';
COMMENT ON COLUMN smartgrid.run_line.side IS '0: charge, the participant pays; 1: credit, it is paid';
COMMENT ON COLUMN smartgrid.run_line.gross IS 'whether the money includes VAT';
COMMENT ON COLUMN smartgrid.run_line.participant IS 'what the participant was called';
COMMENT ON COLUMN smartgrid.run_line.point IS 'what the point was called; empty: none';
COMMENT ON COLUMN smartgrid.run_line.tariff IS 'the tariff';
COMMENT ON COLUMN smartgrid.run_line.component IS 'the component';
COMMENT ON COLUMN smartgrid.run_line.base IS 'of a percent: the component that it is of, and what that is of if it is a percent itself; else empty';
COMMENT ON COLUMN smartgrid.run_line.quantity IS 'how much, of the unit, at most 12 decimals';
COMMENT ON COLUMN smartgrid.run_line.unit IS 'kWh, kW, piece or %';
COMMENT ON COLUMN smartgrid.run_line.price IS 'currency per unit; percent where the unit is %; NULL: several, or unpriced';
COMMENT ON COLUMN smartgrid.run_line.money IS 'money units; NULL: unpriced';
COMMENT ON COLUMN smartgrid.run_line.vat_category IS 'VAT category of EN 16931; NULL: the default of who sells';
COMMENT ON COLUMN smartgrid.run_line.vat_rate IS 'VAT rate, percent; NULL: none is said';
COMMENT ON COLUMN smartgrid.run_line.qualities IS 'qualities of the intervals in it';
COMMENT ON CONSTRAINT run_line_check ON smartgrid.run_line IS 'a stretch is not empty, and places and tiers are none below 0';
CREATE INDEX run_line_participant_idx ON smartgrid.run_line (participant_id, run_id);
COMMENT ON INDEX smartgrid.run_line_participant_idx IS 'finds the lines of a participant';

CREATE TABLE smartgrid.run_basis (
    run_id bigint NOT NULL,
    ord integer NOT NULL CHECK (ord > 0),
    grid_id integer NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) = 32),
    PRIMARY KEY (run_id, ord)
);
COMMENT ON TABLE smartgrid.run_basis IS 'what runs were computed from';
COMMENT ON COLUMN smartgrid.run_basis.run_id IS 'the run';
COMMENT ON COLUMN smartgrid.run_basis.ord IS 'place in the order of the canonical lines';
COMMENT ON COLUMN smartgrid.run_basis.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.run_basis.valid_from IS 'since when it is so; -infinity: always';
COMMENT ON COLUMN smartgrid.run_basis.valid_to IS 'until when, exclusive; infinity: no end is on record';
COMMENT ON COLUMN smartgrid.run_basis.kind IS 'allocation, assignment, day, holidays, participant, point, series, share, sharing or tariff';
COMMENT ON COLUMN smartgrid.run_basis.key IS 'what it is called';
COMMENT ON COLUMN smartgrid.run_basis.version IS 'what it says, in words; empty: the digest says it';
COMMENT ON COLUMN smartgrid.run_basis.digest IS 'SHA-256 of its canonical text';

CREATE TABLE smartgrid.run_problem (
    run_id bigint NOT NULL,
    ord integer NOT NULL CHECK (ord > 0),
    grid_id integer NOT NULL,
    slots bigint NOT NULL,
    first timestamptz NOT NULL,
    problem text COLLATE "C" NOT NULL,
    point text COLLATE "C" NOT NULL,
    participant text COLLATE "C" NOT NULL,
    component text COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, ord)
);
COMMENT ON TABLE smartgrid.run_problem IS 'what keeps runs from being final';
COMMENT ON COLUMN smartgrid.run_problem.run_id IS 'the run';
COMMENT ON COLUMN smartgrid.run_problem.ord IS 'place in the order';
COMMENT ON COLUMN smartgrid.run_problem.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.run_problem.slots IS 'how many slots, days or pieces it is about';
COMMENT ON COLUMN smartgrid.run_problem.first IS 'when the first of them begins';
COMMENT ON COLUMN smartgrid.run_problem.problem IS 'missing, quality, unpriced, no_tariff or no_owner';
COMMENT ON COLUMN smartgrid.run_problem.point IS 'the metering point; empty: none';
COMMENT ON COLUMN smartgrid.run_problem.participant IS 'its owner; empty: nobody';
COMMENT ON COLUMN smartgrid.run_problem.component IS 'the component; empty: none';

-- A preview is for who settles; what is final is for who it is about, too.
ALTER TABLE smartgrid.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY final_own_or_grid_reader ON smartgrid.run FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR state = 1 AND EXISTS (SELECT FROM smartgrid.run_line AS l
                                    WHERE l.run_id = run.run_id AND l.participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])));
COMMENT ON POLICY final_own_or_grid_reader ON smartgrid.run IS 'final runs with lines of one''s own; all for operators of the grid and auditors';
ALTER TABLE smartgrid.run_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.run_line FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.run_line IS 'one''s own; all for operators of the grid and auditors';
ALTER TABLE smartgrid.run_basis ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.run_basis FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.run_basis IS 'operators of the grid and auditors';
ALTER TABLE smartgrid.run_problem ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.run_problem FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.run_problem IS 'operators of the grid and auditors';
