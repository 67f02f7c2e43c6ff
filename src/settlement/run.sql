-- Runs: what a period comes to by the tariffs.

CREATE SEQUENCE smartgrid.run_id_seq;
COMMENT ON SEQUENCE smartgrid.run_id_seq IS 'numbers of runs, of all grids together';

CREATE FUNCTION smartgrid.run_state(state smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (ARRAY['preview', 'final'])[state + 1];
COMMENT ON FUNCTION smartgrid.run_state(smallint) IS 'name of a state of runs';

CREATE FUNCTION smartgrid.run_kind(kind smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (ARRAY['settlement', 'correction'])[kind + 1];
COMMENT ON FUNCTION smartgrid.run_kind(smallint) IS 'name of a kind of runs';

CREATE FUNCTION smartgrid.run_side(side smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (ARRAY['charge', 'credit'])[side + 1];
COMMENT ON FUNCTION smartgrid.run_side(smallint) IS 'name of a side of lines: who pays is charged, who is paid is credited';

CREATE TABLE smartgrid.run (
    run_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.run_id_seq'),
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
    replaces bigint[] NOT NULL,
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) = 32),
    PRIMARY KEY (run_id, grid_id),
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
COMMENT ON COLUMN smartgrid.run.replaces IS 'previews of the period that it took the place of';
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
    PRIMARY KEY (run_id, line, grid_id),
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
    PRIMARY KEY (run_id, ord, grid_id)
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
    PRIMARY KEY (run_id, ord, grid_id)
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

ALTER TABLE smartgrid.run ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.run FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
           OR EXISTS (SELECT FROM smartgrid.run_line AS l
                      WHERE l.run_id = run.run_id AND l.participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.run IS 'runs with lines of one''s own; all for operators of the grid and auditors';
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

-- What changed after a run took its time of what it looks at: readings, points, shares, models, tariffs, assignments, holidays, series.
CREATE FUNCTION smartgrid.run_changed_since(grid_id integer, as_of timestamptz, period_from timestamptz, period_to timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
SELECT min(c.at) FROM (
    SELECT min(b.recorded_at) AS at FROM smartgrid.batch AS b
    WHERE b.grid_id = run_changed_since.grid_id AND b.recorded_at > run_changed_since.as_of AND b.fresh > 0
          AND b.first_day <= pg_catalog.timezone(coalesce((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = b.grid_id), 'UTC'), run_changed_since.period_to - interval '1 microsecond')
          AND b.last_day >= pg_catalog.timezone(coalesce((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = b.grid_id), 'UTC'), run_changed_since.period_from)::date
    UNION ALL
    SELECT min(CASE WHEN d.recorded_at > run_changed_since.as_of THEN d.recorded_at ELSE d.superseded_at END)
    FROM (SELECT p.grid_id, p.valid_from, p.valid_to, p.recorded_at, p.superseded_at FROM smartgrid.point_period AS p
          UNION ALL
          SELECT s.grid_id, s.valid_from, s.valid_to, s.recorded_at, s.superseded_at FROM smartgrid.share AS s
          UNION ALL
          SELECT a.grid_id, a.valid_from, a.valid_to, a.recorded_at, a.superseded_at FROM smartgrid.allocation AS a
          UNION ALL
          SELECT t.grid_id, t.valid_from, t.valid_to, t.recorded_at, t.superseded_at FROM smartgrid.tariff_version AS t
          UNION ALL
          SELECT g.grid_id, g.valid_from, g.valid_to, g.recorded_at, g.superseded_at FROM smartgrid.assignment AS g
          UNION ALL
          SELECT v.grid_id, v.start, v.until, v.recorded_at, v.superseded_at FROM smartgrid.series_value AS v
          UNION ALL
          SELECT h.grid_id, pg_catalog.timezone(coalesce(z.time_zone, 'UTC'), h.day::timestamp),
                 pg_catalog.timezone(coalesce(z.time_zone, 'UTC'), h.day::timestamp + interval '1 day'), h.recorded_at, h.superseded_at
          FROM smartgrid.holiday AS h LEFT JOIN smartgrid.grid_zone AS z ON z.grid_id = h.grid_id) AS d
    WHERE d.grid_id = run_changed_since.grid_id AND d.valid_from < run_changed_since.period_to AND d.valid_to > run_changed_since.period_from
          AND (d.recorded_at > run_changed_since.as_of OR d.superseded_at > run_changed_since.as_of AND d.superseded_at < 'infinity')) AS c;
END;
COMMENT ON FUNCTION smartgrid.run_changed_since(integer, timestamptz, timestamptz, timestamptz)
    IS 'when first something was recorded in a grid, after a moment, that is about a period; NULL: nothing was';

CREATE VIEW @extschema@.sg_runs WITH (security_invoker = true) AS
SELECT r.run_id AS run, g.name AS grid, pg_catalog.tstzrange(r.period_from, r.period_to) AS period, smartgrid.run_state(r.state) AS state,
       smartgrid.run_kind(r.kind) AS kind, r.number, r.as_of, NULLIF(r.finalized_at, 'infinity') AS finalized_at,
       pg_catalog.encode(r.digest, 'hex') AS digest, NULLIF(r.entry_id, 0) AS entry_id, r.accept, r.charges,
       smartgrid.scaled(r.charges, g.money_scale) AS charges_currency, r.credits,
       smartgrid.scaled(r.credits, g.money_scale) AS credits_currency,
       smartgrid.run_changed_since(r.grid_id, r.as_of, r.basis_from, r.period_to) AS changed_since
FROM smartgrid.run AS r JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id;
COMMENT ON VIEW @extschema@.sg_runs
    IS 'runs: previews, final ones and corrections: those with lines of one''s own, all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_runs.run IS 'number of the run (key)';
COMMENT ON COLUMN @extschema@.sg_runs.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_runs.period IS 'what it settles, local days';
COMMENT ON COLUMN @extschema@.sg_runs.state IS 'preview or final';
COMMENT ON COLUMN @extschema@.sg_runs.kind IS 'settlement: the first of its period; correction: of final ones';
COMMENT ON COLUMN @extschema@.sg_runs.number IS '0: the first of its period; n: its correction n';
COMMENT ON COLUMN @extschema@.sg_runs.as_of IS 'the moment: it is of what was on record then';
COMMENT ON COLUMN @extschema@.sg_runs.finalized_at IS 'when it became final; NULL: it is a preview';
COMMENT ON COLUMN @extschema@.sg_runs.digest IS 'SHA-256 of basis and results, hexadecimal';
COMMENT ON COLUMN @extschema@.sg_runs.entry_id IS 'the ledger entry that has the digest; NULL: it is a preview';
COMMENT ON COLUMN @extschema@.sg_runs.accept IS 'qualities and problems that do not keep it from being final';
COMMENT ON COLUMN @extschema@.sg_runs.charges IS 'what members pay, money units; NULL: something is unpriced';
COMMENT ON COLUMN @extschema@.sg_runs.charges_currency IS 'the same in currency';
COMMENT ON COLUMN @extschema@.sg_runs.credits IS 'what members are paid, money units; NULL: something is unpriced';
COMMENT ON COLUMN @extschema@.sg_runs.credits_currency IS 'the same in currency';
COMMENT ON COLUMN @extschema@.sg_runs.changed_since IS 'when first something that it is computed from was changed after its moment; NULL: nothing was, as far as one sees it';

CREATE VIEW @extschema@.sg_run_lines WITH (security_invoker = true) AS
SELECT l.run_id AS run, l.line, g.name AS grid, l.participant, NULLIF(l.point, '') AS point, l.tariff, l.component,
       smartgrid.run_side(l.side) AS side, pg_catalog.tstzrange(l.valid_from, l.valid_to) AS period, NULLIF(l.tier, 0) AS tier,
       NULLIF(l.base, '') AS base, l.quantity, l.unit, l.price, l.money, smartgrid.scaled(l.money, g.money_scale) AS money_currency,
       l.gross, l.vat_category, l.vat_rate, l.qualities
FROM smartgrid.run_line AS l JOIN smartgrid.grid AS g ON g.grid_id = l.grid_id;
COMMENT ON VIEW @extschema@.sg_run_lines
    IS 'lines of runs, of corrections the differences: those of one''s own, all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_run_lines.run IS 'number of the run (key, with line)';
COMMENT ON COLUMN @extschema@.sg_run_lines.line IS 'number within the run, by participant, side, point, start, tariff, component and tier';
COMMENT ON COLUMN @extschema@.sg_run_lines.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_run_lines.participant IS 'who pays or is paid, as it was called then';
COMMENT ON COLUMN @extschema@.sg_run_lines.point IS 'the metering point, as it was called then; NULL: all of the participant';
COMMENT ON COLUMN @extschema@.sg_run_lines.tariff IS 'the tariff';
COMMENT ON COLUMN @extschema@.sg_run_lines.component IS 'the component';
COMMENT ON COLUMN @extschema@.sg_run_lines.side IS 'charge: the participant pays; credit: it is paid';
COMMENT ON COLUMN @extschema@.sg_run_lines.period IS 'the stretch that it is of';
COMMENT ON COLUMN @extschema@.sg_run_lines.tier IS 'tier, from 1; NULL: there are none';
COMMENT ON COLUMN @extschema@.sg_run_lines.base IS 'of a percent: the component that it is of; NULL: it is none';
COMMENT ON COLUMN @extschema@.sg_run_lines.quantity IS 'how much, kWh, kW, pieces or currency, as the unit says';
COMMENT ON COLUMN @extschema@.sg_run_lines.unit IS 'kWh, kW, piece or %';
COMMENT ON COLUMN @extschema@.sg_run_lines.price IS 'currency per unit, percent where that is %; NULL: several, or none';
COMMENT ON COLUMN @extschema@.sg_run_lines.money IS 'money units; NULL: unpriced';
COMMENT ON COLUMN @extschema@.sg_run_lines.money_currency IS 'the same in currency';
COMMENT ON COLUMN @extschema@.sg_run_lines.gross IS 'whether the money includes VAT';
COMMENT ON COLUMN @extschema@.sg_run_lines.vat_category IS 'VAT category of EN 16931; NULL: the default of who sells';
COMMENT ON COLUMN @extschema@.sg_run_lines.vat_rate IS 'VAT rate, percent; NULL: none is said';
COMMENT ON COLUMN @extschema@.sg_run_lines.qualities IS 'qualities of the intervals in it';

CREATE FUNCTION @extschema@.sg_settle(period tstzrange, accept text[] DEFAULT '{measured,substituted,calculated}', as_of timestamptz DEFAULT NULL)
    RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_settle';
COMMENT ON FUNCTION @extschema@.sg_settle(tstzrange, text[], timestamptz)
    IS 'settles a period of local days by the tariffs: a preview, whose number it returns; of a correction if the period is final (operator)';

CREATE FUNCTION @extschema@.sg_finalize(run bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_finalize';
COMMENT ON FUNCTION @extschema@.sg_finalize(bigint)
    IS 'makes a preview final, for ever, if it is still what the data on record come to and has no problems (operator)';

CREATE FUNCTION @extschema@.sg_discard(run bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_discard';
COMMENT ON FUNCTION @extschema@.sg_discard(bigint) IS 'throws a preview away (operator)';

CREATE FUNCTION @extschema@.sg_run_problems(run bigint)
    RETURNS TABLE (problem text, point text, participant text, component text, slots bigint, first timestamptz)
    LANGUAGE c STABLE PARALLEL UNSAFE ROWS 10 AS 'MODULE_PATHNAME', 'sg_run_problems';
COMMENT ON FUNCTION @extschema@.sg_run_problems(bigint)
    IS 'what keeps a run from being final: missing, quality, unpriced, no_tariff, no_owner (operators and auditors)';

CREATE FUNCTION @extschema@.sg_run_basis(run bigint)
    RETURNS TABLE (kind text, key text, valid tstzrange, version text, digest text)
    LANGUAGE c STABLE PARALLEL UNSAFE ROWS 1000 AS 'MODULE_PATHNAME', 'sg_run_basis';
COMMENT ON FUNCTION @extschema@.sg_run_basis(bigint)
    IS 'what a run was computed from: points, participants, shares, models, tariffs, assignments, holidays, series, days of readings and the batches that brought them (operators and auditors)';

CREATE FUNCTION @extschema@.sg_verify_run(run bigint)
    RETURNS TABLE (part text, stored text, computed text, ok boolean)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 5 AS 'MODULE_PATHNAME', 'sg_verify_run';
COMMENT ON FUNCTION @extschema@.sg_verify_run(bigint)
    IS 'computes a run again as of its time and compares digests: basis, allocation, lines, total, names (operators and auditors)';

CREATE FUNCTION @extschema@.sg_run_steps(run bigint, component text DEFAULT NULL)
    RETURNS TABLE (participant text, point text, kind text, component text, start timestamptz, stop timestamptz, quantity numeric,
                   qualities text[], price numeric, money bigint)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10000 AS 'MODULE_PATHNAME', 'sg_run_steps';
COMMENT ON FUNCTION @extschema@.sg_run_steps(bigint, text)
    IS 'a run in the finest detail, a row for each step of the price; money NULL where it is unpriced (operators and auditors)';

CREATE FUNCTION @extschema@.sg_run_changes(run bigint)
    RETURNS TABLE (participant text, point text, component text, money_was bigint, money_now bigint, delta bigint)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_run_changes';
COMMENT ON FUNCTION @extschema@.sg_run_changes(bigint)
    IS 'what a correction of the period of a run would bring by now, money units (operators and auditors)';

CREATE FUNCTION @extschema@.sg_run_of_day(period tstzrange) RETURNS TABLE (day date, run bigint, number integer)
    LANGUAGE c STABLE PARALLEL UNSAFE ROWS 31 AS 'MODULE_PATHNAME', 'sg_run_of_day';
COMMENT ON FUNCTION @extschema@.sg_run_of_day(tstzrange)
    IS 'the newest final run of each local day of a period, NULL if there is none (operators and auditors)';
