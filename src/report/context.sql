-- The report page: what all of its parts need to know, found out once for each grid and passed on as one value.

CREATE TYPE smartgrid.report_context AS (
    grid_id integer,
    grid text,
    prefix text,
    single boolean,
    with_hints boolean,
    whole boolean,
    own bigint,
    energy_scale integer,
    money_scale integer,
    currency text,
    time_zone text,
    period tstzrange,
    bucket interval,
    bucket_word text,
    table_bucket interval,
    table_word text
);
COMMENT ON TYPE smartgrid.report_context IS 'what the report of a grid is of, and for whom';
COMMENT ON COLUMN smartgrid.report_context.grid_id IS 'identifier of the grid';
COMMENT ON COLUMN smartgrid.report_context.grid IS 'name of the grid';
COMMENT ON COLUMN smartgrid.report_context.prefix IS 'with what the ids of its chapters and charts begin';
COMMENT ON COLUMN smartgrid.report_context.single IS 'whether it is the only grid of the page, whose heading has its name then';
COMMENT ON COLUMN smartgrid.report_context.with_hints IS 'whether charts show their figures where the mouse rests';
COMMENT ON COLUMN smartgrid.report_context.whole IS 'whether the caller reads the grid in full';
COMMENT ON COLUMN smartgrid.report_context.own IS 'identifier of the participant whose report it is; NULL: nobody''s';
COMMENT ON COLUMN smartgrid.report_context.energy_scale IS '10^energy_scale energy units are one kWh';
COMMENT ON COLUMN smartgrid.report_context.money_scale IS '10^money_scale money units are one unit of the currency';
COMMENT ON COLUMN smartgrid.report_context.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN smartgrid.report_context.time_zone IS 'name of the grid''s time zone';
COMMENT ON COLUMN smartgrid.report_context.period IS 'the period, with both bounds';
COMMENT ON COLUMN smartgrid.report_context.bucket IS 'time step of the charts';
COMMENT ON COLUMN smartgrid.report_context.bucket_word IS 'name of that step';
COMMENT ON COLUMN smartgrid.report_context.table_bucket IS 'time step of the table of figures';
COMMENT ON COLUMN smartgrid.report_context.table_word IS 'name of that step';

-- The time steps of the charts, and those of the table of figures, for a period of this length.
CREATE FUNCTION smartgrid.report_buckets(period tstzrange,
    OUT bucket interval, OUT bucket_word text, OUT table_bucket interval, OUT table_word text) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT b.bucket, b.word, b.table_bucket, b.table_word
    FROM (VALUES (49, interval '15 minutes', 'quarter-hour', interval '1 hour', 'hour'),
                 (361, interval '1 hour', 'hour', interval '1 day', 'day'),
                 (1489, interval '1 day', 'day', interval '1 day', 'day'),
                 (9625, interval '1 day', 'day', interval '1 month', 'month'),
                 (175345, interval '1 month', 'month', interval '1 year', 'year'),
                 (NULL, interval '1 year', 'year', interval '1 year', 'year')) AS b (hours, bucket, word, table_bucket, table_word)
    WHERE b.hours IS NULL OR extract(epoch FROM upper(period) - lower(period)) <= b.hours * 3600
    ORDER BY b.hours LIMIT 1;
END;
COMMENT ON FUNCTION smartgrid.report_buckets(tstzrange)
    IS 'time steps that suit a period of this length: of the charts, and of the table of figures; with their names';

-- place: of the grid on the page, from 1; grids: how many there are on it.  Whatever a caller says of itself in a context of
-- its own making, row-level security decides what it sees.
CREATE FUNCTION smartgrid.report_context(of_grid integer, period tstzrange, place integer DEFAULT 1, grids integer DEFAULT 1)
    RETURNS smartgrid.report_context
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT ROW(g.grid_id, g.name, 'g' || place, grids = 1, grids <= 4, v.whole,
               CASE WHEN NOT v.whole THEN (SELECT p.participant_id FROM smartgrid.participant AS p
                                           WHERE p.grid_id = g.grid_id AND p.participant_id = ANY (smartgrid.own_participants())) END,
               g.energy_scale, g.money_scale, g.currency,
               COALESCE((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = g.grid_id), 'UTC'),
               period, b.bucket, b.bucket_word, b.table_bucket, b.table_word)::smartgrid.report_context
    FROM smartgrid.grid AS g
         CROSS JOIN LATERAL (SELECT g.grid_id = ANY (smartgrid.readable_grids())) AS v (whole)
         CROSS JOIN LATERAL smartgrid.report_buckets(period) AS b
    WHERE g.grid_id = of_grid;
END;
COMMENT ON FUNCTION smartgrid.report_context(integer, tstzrange, integer, integer)
    IS 'the context of a grid''s report of a period for the caller; NULL if there is no such grid';
