-- The report page: the chapter of what metering points measured and the community shared.

-- Above the line what was consumed, below it what went into the grid.
CREATE FUNCTION smartgrid.report_metered_chart(context smartgrid.report_context, curve smartgrid.report_metered[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 220;
    zeros CONSTANT numeric[] := array_fill(0::numeric, ARRAY[cardinality(curve)]);
    m record;
    axis smartgrid.report_axis;
BEGIN
    SELECT max(b.consumed) AS highest, max(b.to_grid) AS lowest, sum(b.consumed) AS consumed, sum(b.shared) AS shared, sum(b.to_grid) AS to_grid,
           array_agg(smartgrid.report_x(b.bucket_start, context.period) ORDER BY b.bucket_start)
               || smartgrid.report_x(max(b.bucket_end), context.period) AS edges,
           array_agg(b.shared ORDER BY b.bucket_start) AS covered, array_agg(b.consumed ORDER BY b.bucket_start) AS used,
           array_agg(-b.to_grid ORDER BY b.bucket_start) AS surplus
    INTO m
    FROM unnest(curve) AS b;
    IF COALESCE(greatest(m.highest, m.lowest), 0) <= 0 THEN
        RETURN smartgrid.report_fill('<div class="box"><p>Nothing was measured in this period.</p></div>');
    END IF;
    axis := smartgrid.report_scale(-m.lowest, m.highest);
    RETURN smartgrid.report_chart(context, 'metered', 'Consumed, shared and fed into the grid',
        'What was consumed in each {{step}}, from the community and from the grid (above the line), and what went into the grid (below it), {{period}}.'
            || ' Consumed {{consumed energy}} kWh in all, of which {{shared energy}} kWh were shared; into the grid {{to_grid energy}} kWh.',
        jsonb_build_object('consumed', m.consumed, 'shared', m.shared, 'to_grid', m.to_grid),
        'kWh per ' || context.bucket_word,
        smartgrid.report_legend('{fill-shared,fill-from-grid,fill-to-grid}',
            ARRAY[CASE WHEN axis.high > 0 THEN 'From the community' END, CASE WHEN axis.high > 0 THEN 'From the grid' END,
                  CASE WHEN axis.low < 0 THEN 'Into the grid (below the line)' END]),
        height, axis,
        smartgrid.report_marks('{fill-shared,fill-from-grid,fill-to-grid}',
            ARRAY[smartgrid.report_area(m.edges, zeros, m.covered, axis.low, axis.high, height),
                  smartgrid.report_area(m.edges, m.covered, m.used, axis.low, axis.high, height),
                  smartgrid.report_area(m.edges, m.surplus, zeros, axis.low, axis.high, height)]),
        NULL,
        E'{{label}}\nConsumed: {{consumed energy2}} kWh\nFrom the community: {{shared energy2}} kWh\nFrom the grid: {{from_grid energy2}} kWh'
            || E'\nProduced: {{produced energy2}} kWh\nInto the grid: {{to_grid energy2}} kWh',
        (SELECT jsonb_agg(to_jsonb(b) || jsonb_build_object('x', m.edges[b.ordinality], 'width', m.edges[b.ordinality + 1] - m.edges[b.ordinality],
                              'label', smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone)) ORDER BY b.ordinality)
         FROM unnest(curve) WITH ORDINALITY AS b
         WHERE context.with_hints));
END
$$;
COMMENT ON FUNCTION smartgrid.report_metered_chart(smartgrid.report_context, smartgrid.report_metered[])
    IS 'chart of what was consumed, shared and fed into the grid';

CREATE FUNCTION smartgrid.report_metered_cards(context smartgrid.report_context, totals jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_cards(context, (
        SELECT jsonb_agg(jsonb_build_object('label', c.label, 'figure', jsonb_build_object('value', totals -> c.figure, 'unit', c.unit),
                                            'note', smartgrid.report_fill(c.note, totals, context)) ORDER BY c.place)
        FROM (VALUES
            (1, 'Consumed', 'consumed', 'kWh', '{{from_grid kwh}} from the grid'),
            (2, 'Produced', 'produced', 'kWh', '{{to_grid kwh}} into the grid'),
            (3, 'Self-sufficiency', 'self_sufficiency', '%', '{{shared kwh}} came from the community'),
            (4, 'Self-consumption', 'self_consumption', '%', 'of the production was used in the community')
        ) AS c (place, label, figure, unit, note)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_metered_cards(smartgrid.report_context, jsonb) IS 'what report_metered_totals() has, as cards';

CREATE FUNCTION smartgrid.report_metered_table(context smartgrid.report_context, curve smartgrid.report_metered[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    listed jsonb;
    decimals integer;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('label', smartgrid.report_bucket_label(s.bucket_start, s.bucket_end, context.table_bucket, context.time_zone))
                     || to_jsonb(t) ORDER BY s.bucket_start),
           smartgrid.report_decimals(max(greatest(t.consumed, t.produced)), least(context.energy_scale, 2))
    INTO listed, decimals
    FROM (SELECT min(b.bucket_start) AS bucket_start, max(b.bucket_end) AS bucket_end, array_agg(b) AS buckets
          FROM unnest(curve) AS b
          GROUP BY date_trunc(context.table_word, b.bucket_start, context.time_zone)) AS s
         CROSS JOIN LATERAL smartgrid.report_metered_totals(s.buckets) AS t;
    RETURN smartgrid.report_fill('<details><summary>Metered energy by {{step}}</summary>{{table}}</details>', jsonb_build_object('step', context.table_word, 'table',
        smartgrid.report_table(context, smartgrid.report_fill('Energy in kWh, shares in percent'), 'hnnnnnnn',
            ARRAY[initcap(context.table_word), 'Consumed', 'Produced', 'Shared', 'From the grid', 'Into the grid', 'Self-consumption', 'Self-sufficiency'],
            ARRAY['{{label}}'] || ARRAY(SELECT '{{' || f.name || ' ' || decimals || '}}'
                                        FROM unnest('{consumed,produced,shared,from_grid,to_grid}'::text[]) WITH ORDINALITY AS f (name, place) ORDER BY f.place)
            || ARRAY['{{self_consumption share}}', '{{self_sufficiency share}}'],
            listed)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_metered_table(smartgrid.report_context, smartgrid.report_metered[])
    IS 'the figures behind the chart of metered energy as a table';

CREATE FUNCTION smartgrid.report_completeness_box(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    found record;
    points record;
BEGIN
    found := smartgrid.report_completeness(context);
    SELECT max(p.points_in_all) AS in_all, jsonb_agg(to_jsonb(p) || '{"class": "fill-use"}' ORDER BY p.place) AS listed INTO points
    FROM smartgrid.report_points(context, shown, context.own IS NULL) AS p;
    RETURN smartgrid.report_fill($html$
        <div class="box"><p>{{pill}} {{points}}, {{expected count}} slots: {{missing count}} missing, {{replaced count}} substituted or estimated.</p>{{table}}</div>
    $html$, to_jsonb(found) || jsonb_build_object(
        'points', smartgrid.report_count(found.points, 'metering point', 'metering points'),
        'pill', smartgrid.report_pill(CASE WHEN found.missing = 0 THEN 'good' ELSE 'warn' END,
                    CASE WHEN found.missing = 0 THEN 'Complete' ELSE trunc(found.percent, 1) || ' % complete' END),
        'table', smartgrid.report_table(context,
            smartgrid.report_fill(CASE WHEN points.in_all > shown THEN 'The {{shown}} least complete of {{all}}'
                                       WHEN context.own IS NULL THEN 'Points with missing slots' ELSE 'Metering points' END,
                jsonb_build_object('shown', shown, 'all', smartgrid.report_count(points.in_all, 'metering point', 'metering points'))),
            'htntnb', ARRAY['Point', 'Owner', 'Missing', 'First missing', 'Complete, %', 'complete'],
            ARRAY['{{point name}}<span class="quiet"> {{kind}}</span>', '{{owner name}}', '{{missing count}}', '{{first_missing time}}', '{{percent share}}', '{{percent bar}}'],
            points.listed)), context);
END
$$;
COMMENT ON FUNCTION smartgrid.report_completeness_box(smartgrid.report_context) IS 'how complete the readings of the period are, and of which points they are not';

-- For a participant, who is told of slots in which five owners took part.
CREATE FUNCTION smartgrid.report_community_box(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    community record;
BEGIN
    community := smartgrid.report_community(context);
    RETURN smartgrid.report_fill(
        CASE WHEN community.consumed IS NOT NULL THEN $html$
            <div class="box"><p>The whole community, as far as at least five members took part: {{consumed kwh}} consumed, {{produced kwh}} produced,
            {{shared kwh}} shared; self-sufficiency {{self_sufficiency percent}}, self-consumption {{self_consumption percent}}.</p></div>
        $html$ END, to_jsonb(community), context);
END
$$;
COMMENT ON FUNCTION smartgrid.report_community_box(smartgrid.report_context)
    IS 'totals of the community as a sentence; NULL if the caller may not be told any';

CREATE FUNCTION smartgrid.report_metering_chapter(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Of more days a map shows nothing.
    mapped CONSTANT interval := interval '400 days';
    grid CONSTANT text := current_setting('smartgrid.grid', true);
    drawn CONSTANT smartgrid.report_context := smartgrid.report_metering_context(context);
    past smartgrid.report_context := drawn;
    curve smartgrid.report_metered[];
    hours jsonb;
    body smartgrid.report_html;
BEGIN
    IF NOT smartgrid.report_is_metered(context) OR lower(context.period) >= now() THEN
        RETURN NULL;
    END IF;
    -- What has not been is neither missing nor nothing.
    past.period := tstzrange(lower(context.period), least(upper(context.period), now()));
    PERFORM set_config('smartgrid.grid', context.grid, true);
    curve := ARRAY(SELECT m FROM smartgrid.report_metered_curve(past) AS m ORDER BY m.bucket_start);
    hours := (SELECT jsonb_agg(to_jsonb(h)) FROM smartgrid.report_hours(past) AS h
              WHERE upper(context.period) - lower(context.period) BETWEEN interval '2 days' AND mapped);
    body := smartgrid.report_fill('{{cards}}{{community}}{{chart}}{{consumption}}{{production}}{{completeness}}{{table}}', jsonb_build_object(
        'cards', smartgrid.report_metered_cards(context, (SELECT to_jsonb(t) FROM smartgrid.report_metered_totals(curve) AS t)),
        'community', CASE WHEN context.own IS NOT NULL THEN smartgrid.report_community_box(past) END,
        'chart', smartgrid.report_metered_chart(drawn, curve),
        'consumption', smartgrid.report_heat_map(context, 'consumption', 'Consumption by day and hour', hours),
        'production', smartgrid.report_heat_map(context, 'production', 'Production by day and hour', hours),
        'completeness', smartgrid.report_completeness_box(past),
        'table', smartgrid.report_metered_table(context, curve)));
    PERFORM set_config('smartgrid.grid', grid, true);
    RETURN body;
END
$$;
COMMENT ON FUNCTION smartgrid.report_metering_chapter(smartgrid.report_context)
    IS 'the chapter of what metering points measured and the community shared; NULL if there are none that the caller may see';
