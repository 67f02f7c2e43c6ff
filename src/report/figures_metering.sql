-- The report page: what metering points measured and shared, as rows of values.  Energy is in kWh, shares in percent.
--
-- The functions of metering and sharing are asked, which show what the caller may see, of the current grid: whoever calls
-- these here has made the context's grid that (report_metering_chapter()).

CREATE TYPE smartgrid.report_metered AS (
    bucket_start timestamptz,
    bucket_end timestamptz,
    consumed numeric,
    produced numeric,
    shared numeric,
    from_grid numeric,
    to_grid numeric
);
COMMENT ON TYPE smartgrid.report_metered IS 'what was measured in one time step';
COMMENT ON COLUMN smartgrid.report_metered.bucket_start IS 'when the step begins';
COMMENT ON COLUMN smartgrid.report_metered.bucket_end IS 'when it ends';
COMMENT ON COLUMN smartgrid.report_metered.consumed IS 'consumed, and charged into storage, kWh';
COMMENT ON COLUMN smartgrid.report_metered.produced IS 'produced, and discharged from storage, kWh';
COMMENT ON COLUMN smartgrid.report_metered.shared IS 'of what was consumed, what came from the community, kWh';
COMMENT ON COLUMN smartgrid.report_metered.from_grid IS 'of what was consumed, the rest, kWh';
COMMENT ON COLUMN smartgrid.report_metered.to_grid IS 'of what was produced, what the community did not take, kWh';

CREATE FUNCTION smartgrid.report_is_metered(context smartgrid.report_context) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM @extschema@.sg_point_periods AS p WHERE p.grid = context.grid) AND (context.whole OR context.own IS NOT NULL);
END;
COMMENT ON FUNCTION smartgrid.report_is_metered(smartgrid.report_context) IS 'whether the grid has metering points of which the report may tell';

CREATE FUNCTION smartgrid.report_metering_context(context smartgrid.report_context) RETURNS smartgrid.report_context
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    coarse smartgrid.report_context := context;
BEGIN
    IF coarse.bucket < interval '1 hour' THEN
        coarse.bucket := interval '1 hour';
        coarse.bucket_word := 'hour';
    END IF;
    RETURN coarse;
END
$$;
COMMENT ON FUNCTION smartgrid.report_metering_context(smartgrid.report_context)
    IS 'the context with time steps of an hour or more, of which the slots of all points are parts';

-- Of the community: sums that are made slot by slot as they are read.
CREATE FUNCTION smartgrid.report_shared_sums(context smartgrid.report_context,
    OUT bucket_start timestamptz, OUT consumed numeric, OUT produced numeric, OUT shared numeric, OUT from_grid numeric, OUT to_grid numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 100
BEGIN ATOMIC
    SELECT c.start, c.consumed::numeric, c.produced::numeric, c.covered::numeric, c.consumed::numeric - c.covered, c.surplus::numeric
    FROM @extschema@.sg_community(context.period, context.bucket) AS c;
END;
COMMENT ON FUNCTION smartgrid.report_shared_sums(smartgrid.report_context) IS 'what the community measured and shared in each time step, energy units';

-- Of one member: few points, so its slots are added up here.  What it charges into a storage it consumes.
CREATE FUNCTION smartgrid.report_own_sums(context smartgrid.report_context,
    OUT bucket_start timestamptz, OUT consumed numeric, OUT produced numeric, OUT shared numeric, OUT from_grid numeric, OUT to_grid numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 100
BEGIN ATOMIC
    SELECT b.bucket_start, COALESCE(sum(abs(b.amount)) FILTER (WHERE b.is_use), 0), COALESCE(sum(b.amount) FILTER (WHERE NOT b.is_use), 0),
           COALESCE(sum(b.covered) FILTER (WHERE b.is_use), 0), COALESCE(sum(b.rest) FILTER (WHERE b.is_use), 0),
           COALESCE(sum(b.rest) FILTER (WHERE NOT b.is_use), 0)
    FROM (SELECT greatest(lower(context.period), date_trunc(context.bucket_word, a.start, context.time_zone)) AS bucket_start,
                 a.amount, a.covered, a.rest, a.kind = 'consumption' OR a.kind = 'storage' AND a.amount < 0 AS is_use
          FROM @extschema@.sg_allocate(context.period) AS a) AS b
    GROUP BY b.bucket_start;
END;
COMMENT ON FUNCTION smartgrid.report_own_sums(smartgrid.report_context)
    IS 'what the points of the participant whose report it is measured and got in each time step, energy units';

CREATE FUNCTION smartgrid.report_metered_curve(context smartgrid.report_context) RETURNS SETOF smartgrid.report_metered
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 100
BEGIN ATOMIC
    SELECT s.bucket_start,
           least(lead(s.bucket_start) OVER (ORDER BY s.bucket_start), upper(context.period),
                 CASE WHEN context.bucket < interval '1 day' THEN s.bucket_start + context.bucket
                      ELSE (s.bucket_start AT TIME ZONE context.time_zone + context.bucket) AT TIME ZONE context.time_zone END),
           smartgrid.scaled_sum(s.consumed, context.energy_scale), smartgrid.scaled_sum(s.produced, context.energy_scale),
           smartgrid.scaled_sum(s.shared, context.energy_scale), smartgrid.scaled_sum(s.from_grid, context.energy_scale),
           smartgrid.scaled_sum(s.to_grid, context.energy_scale)
    FROM (SELECT c.* FROM smartgrid.report_shared_sums(context) AS c WHERE context.own IS NULL
          UNION ALL
          SELECT o.* FROM smartgrid.report_own_sums(context) AS o WHERE context.own IS NOT NULL) AS s
    ORDER BY s.bucket_start;
END;
COMMENT ON FUNCTION smartgrid.report_metered_curve(smartgrid.report_context)
    IS 'what was measured and shared in each time step: of the community, or of the participant whose report it is';

CREATE FUNCTION smartgrid.report_metered_totals(curve smartgrid.report_metered[],
    OUT consumed numeric, OUT produced numeric, OUT shared numeric, OUT from_grid numeric, OUT to_grid numeric,
    OUT self_consumption numeric, OUT self_sufficiency numeric)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.consumed, t.produced, t.shared, t.from_grid, t.to_grid,
           100 * (t.produced - t.to_grid) / NULLIF(t.produced, 0), 100 * t.shared / NULLIF(t.consumed, 0)
    FROM (SELECT COALESCE(sum(m.consumed), 0), COALESCE(sum(m.produced), 0), COALESCE(sum(m.shared), 0), COALESCE(sum(m.from_grid), 0),
                 COALESCE(sum(m.to_grid), 0)
          FROM unnest(curve) AS m) AS t (consumed, produced, shared, from_grid, to_grid);
END;
COMMENT ON FUNCTION smartgrid.report_metered_totals(smartgrid.report_metered[])
    IS 'what a curve comes to, and what part of the production the community took and of the consumption it covered, percent; NULL if there was none';

-- For a participant: of the slots whose totals it may be told.
CREATE FUNCTION smartgrid.report_community(context smartgrid.report_context,
    OUT consumed numeric, OUT produced numeric, OUT shared numeric, OUT self_consumption numeric, OUT self_sufficiency numeric)
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT smartgrid.scaled_sum(sum(c.consumed), context.energy_scale), smartgrid.scaled_sum(sum(c.produced), context.energy_scale),
           smartgrid.scaled_sum(sum(c.covered), context.energy_scale),
           100 * sum(c.covered) / NULLIF(sum(c.produced), 0), 100 * sum(c.covered) / NULLIF(sum(c.consumed), 0)
    FROM @extschema@.sg_community(context.period, '1 year') AS c;
END;
COMMENT ON FUNCTION smartgrid.report_community(smartgrid.report_context)
    IS 'totals of the community that the caller may be told; NULL if there are none';

CREATE FUNCTION smartgrid.report_completeness(context smartgrid.report_context,
    OUT points bigint, OUT expected numeric, OUT missing numeric, OUT replaced numeric, OUT percent numeric)
    LANGUAGE sql STABLE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT count(*), COALESCE(sum(c.expected), 0), COALESCE(sum(c.missing), 0), COALESCE(sum(c.substituted + c.estimated), 0),
           100 * sum(c.expected - c.missing) / NULLIF(sum(c.expected), 0)
    FROM @extschema@.sg_completeness(context.period) AS c;
END;
COMMENT ON FUNCTION smartgrid.report_completeness(smartgrid.report_context)
    IS 'how many slots there should be, are missing, and are substituted or estimated, and what share is there, percent';

-- incomplete_only: leaves out those of which all is there.
CREATE FUNCTION smartgrid.report_points(context smartgrid.report_context, shown integer, incomplete_only boolean,
    OUT place bigint, OUT points_in_all bigint, OUT point text, OUT owner text, OUT kind text, OUT missing bigint, OUT percent numeric,
    OUT first_missing timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 10
BEGIN ATOMIC
    SELECT row_number() OVER (ORDER BY c.percent, c.point COLLATE "C"), count(*) OVER (), c.point, c.owner, c.kind, c.missing, c.percent, c.first_missing
    FROM @extschema@.sg_completeness(context.period) AS c
    WHERE NOT incomplete_only OR c.missing > 0
    ORDER BY 1 LIMIT shown;
END;
COMMENT ON FUNCTION smartgrid.report_points(smartgrid.report_context, integer, boolean)
    IS 'the least complete metering points: slots that are missing, and what share is there, percent';

CREATE FUNCTION smartgrid.report_hours(context smartgrid.report_context, OUT kind text, OUT day_start timestamptz, OUT day_end timestamptz,
    OUT hour integer, OUT energy numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 10000
BEGIN ATOMIC
    SELECT h.kind, h.day::timestamp AT TIME ZONE context.time_zone, (h.day + 1)::timestamp AT TIME ZONE context.time_zone, h.hour, h.kwh
    FROM smartgrid.interval_hour_sums(context.period) AS h
    WHERE h.kind IN ('consumption', 'production');
END;
COMMENT ON FUNCTION smartgrid.report_hours(smartgrid.report_context) IS 'what was consumed and produced in each hour of the local clock, kWh';
