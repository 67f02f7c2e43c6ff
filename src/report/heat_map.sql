-- The report page: a year as a map, a column for each day and a row for each hour of its clock.

-- Cells of one shade are one path; a run of hours of one day is one piece of it.
CREATE FUNCTION smartgrid.report_heat_paths(context smartgrid.report_context, of_kind text, hours jsonb, peak numeric, shades integer, height integer)
    RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT h.day_start, h.day_end, h.hour, CASE WHEN h.energy > 0 THEN ceil(shades * h.energy / peak)::integer ELSE 0 END AS shade
        FROM jsonb_to_recordset(hours) AS h (kind text, day_start timestamptz, day_end timestamptz, hour integer, energy numeric)
        WHERE h.kind = of_kind
    ), run AS (
        SELECT c.*, c.hour - row_number() OVER (PARTITION BY c.day_start, c.shade ORDER BY c.hour) AS run FROM cell AS c
    ), piece AS (
        SELECT r.shade, r.day_start, min(r.hour) AS first, 'M' || smartgrid.report_x(greatest(r.day_start, lower(context.period)), context.period)
               || ',' || smartgrid.report_y(min(r.hour), 0, 24, height)
               || 'H' || smartgrid.report_x(least(r.day_end, upper(context.period)), context.period)
               || 'V' || smartgrid.report_y(max(r.hour) + 1, 0, 24, height)
               || 'H' || smartgrid.report_x(greatest(r.day_start, lower(context.period)), context.period) || 'Z' AS path
        FROM run AS r
        GROUP BY r.shade, r.day_start, r.day_end, r.run
    )
    SELECT array_agg(COALESCE((SELECT string_agg(p.path, '' ORDER BY p.day_start, p.first) FROM piece AS p WHERE p.shade = s.shade), '') ORDER BY s.shade)
    FROM generate_series(0, shades) AS s (shade);
END;
COMMENT ON FUNCTION smartgrid.report_heat_paths(smartgrid.report_context, text, jsonb, numeric, integer, integer)
    IS 'SVG paths of the cells of each shade, from that of nothing to that of the peak';

-- hours: what report_hours() has, as an array.
CREATE FUNCTION smartgrid.report_heat_map(context smartgrid.report_context, of_kind text, title text, hours jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 192;
    shades CONSTANT integer := 8;
    classes CONSTANT text[] := ARRAY(SELECT 'heat heat-' || s FROM generate_series(0, shades) AS s ORDER BY s);
    most record;
    hints jsonb;
BEGIN
    SELECT h.energy, h.day_start, h.hour, sum(h.energy) OVER () AS total INTO most
    FROM jsonb_to_recordset(hours) AS h (kind text, day_start timestamptz, hour integer, energy numeric)
    WHERE h.kind = of_kind
    ORDER BY h.energy DESC, h.day_start, h.hour LIMIT 1;
    IF COALESCE(most.energy, 0) <= 0 THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_agg(jsonb_build_object('x', d.x, 'width', d.next_x - d.x, 'total', d.total, 'peak', d.peak,
                         'label', smartgrid.report_bucket_label(d.day_start, d.day_end, interval '1 day', context.time_zone)) ORDER BY d.x)
    INTO hints
    FROM (SELECT h.day_start, h.day_end, sum(h.energy) AS total, max(h.energy) AS peak,
                 smartgrid.report_x(greatest(h.day_start, lower(context.period)), context.period) AS x,
                 smartgrid.report_x(least(h.day_end, upper(context.period)), context.period) AS next_x
          FROM jsonb_to_recordset(hours) AS h (kind text, day_start timestamptz, day_end timestamptz, energy numeric)
          WHERE h.kind = of_kind
          GROUP BY h.day_start, h.day_end) AS d
    WHERE context.with_hints;
    RETURN smartgrid.report_chart(context, 'heat-' || of_kind, title,
        'Energy in each hour of each day: a column for each day, a row for each hour of its clock, the darker the more, {{period}}.'
            || ' {{total energy}} kWh in all; the most in an hour {{peak energy}} kWh, on {{at}}.',
        jsonb_build_object('total', most.total, 'peak', most.energy,
            'at', smartgrid.report_bucket_label(most.day_start, most.day_start, interval '1 day', context.time_zone)),
        'hour of the day; blank: nothing is on record',
        smartgrid.report_legend(ARRAY['heat heat-0', 'heat heat-2', 'heat heat-4', 'heat heat-8'],
            ARRAY['Nothing'] || ARRAY(SELECT 'up to ' || round(most.energy * s / shades, smartgrid.report_decimals(most.energy, context.energy_scale)) || ' kWh'
                                      FROM unnest('{2,4,8}'::integer[]) AS s ORDER BY s)),
        height, ROW(0, 24, 6, 0)::smartgrid.report_axis,
        smartgrid.report_marks(classes, smartgrid.report_heat_paths(context, of_kind, hours, most.energy, shades, height)),
        NULL, E'{{label}}\n{{total energy2}} kWh\nMost in an hour: {{peak energy2}} kWh', hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_heat_map(smartgrid.report_context, text, text, jsonb)
    IS 'map of what the points of one kind measured, by day and hour; NULL if that is nothing';
