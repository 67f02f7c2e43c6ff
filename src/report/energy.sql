-- The report page: the chapter of energy and prices, as charts and tables.

CREATE FUNCTION smartgrid.report_edges(curve smartgrid.report_bucket[], period tstzrange) RETURNS numeric[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(smartgrid.report_x(b.bucket_start, period) ORDER BY b.bucket_start) || smartgrid.report_x(max(b.bucket_end), period)
    FROM unnest(curve) AS b;
END;
COMMENT ON FUNCTION smartgrid.report_edges(smartgrid.report_bucket[], tstzrange) IS 'borders of the buckets in a chart, 0 to 1000';

-- Production by type, stacked, and the demand as a line over it.
CREATE FUNCTION smartgrid.report_production_chart(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- From the bottom up: those that most grids call renewable lie together.
    types CONSTANT text[] := '{hydro,geothermal,biomass,wind,solar,nuclear,natural-gas}';
    height CONSTANT integer := 240;
    edges numeric[] := smartgrid.report_edges(curve, context.period);
    produced numeric;
    peak numeric;
    axis smartgrid.report_axis;
    classes text[];
    words text[];
    paths text[];
    hints jsonb;
BEGIN
    SELECT sum(b.produced), greatest(max(b.produced), max(b.demand)) INTO produced, peak FROM unnest(curve) AS b;
    IF COALESCE(peak, 0) <= 0 THEN
        RETURN smartgrid.report_fill('<div class="box"><p>Nothing was produced, consumed or traded in this period.</p></div>');
    END IF;
    axis := smartgrid.report_scale(0, peak);

    WITH cell AS (
        SELECT b.bucket_start, p.key AS energy_type, COALESCE(array_position(types, p.key), 0) AS layer, p.value::numeric AS energy
        FROM unnest(curve) AS b CROSS JOIN LATERAL jsonb_each_text(b.production) AS p
    ), stacked AS (
        SELECT c.*, sum(c.energy) OVER (PARTITION BY c.bucket_start ORDER BY c.layer, c.energy_type) AS top FROM cell AS c
    ), layer AS (
        SELECT s.layer, s.energy_type, smartgrid.report_area(edges, array_agg(s.top - s.energy ORDER BY s.bucket_start),
                                                             array_agg(s.top ORDER BY s.bucket_start), axis.low, axis.high, height) AS path
        FROM stacked AS s
        GROUP BY s.layer, s.energy_type
        HAVING max(s.energy) > 0
    )
    SELECT array_agg('fill-' || l.energy_type ORDER BY l.layer, l.energy_type), array_agg(l.path ORDER BY l.layer, l.energy_type),
           array_agg(smartgrid.report_type_word(l.energy_type) ORDER BY l.layer DESC, l.energy_type DESC)
    INTO classes, paths, words
    FROM layer AS l;

    IF context.with_hints THEN
        SELECT jsonb_agg(jsonb_build_array(smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone))
                         || COALESCE(t.lines, '[]')
                         || jsonb_build_array(smartgrid.report_hint(CASE WHEN context.own IS NULL THEN 'Demand' ELSE 'Used' END,
                                smartgrid.report_number(b.demand, least(context.energy_scale, 2)), ' kWh')) ORDER BY b.bucket_start)
        INTO hints
        FROM unnest(curve) AS b
             CROSS JOIN LATERAL (
                 SELECT jsonb_agg(smartgrid.report_hint(smartgrid.report_type_word(p.key), smartgrid.report_number(p.value::numeric, least(context.energy_scale, 2)), ' kWh')
                                  ORDER BY array_position(types, p.key) NULLS FIRST, p.key) AS lines
                 FROM jsonb_each_text(b.production) AS p WHERE p.value::numeric > 0) AS t;
    END IF;
    RETURN smartgrid.report_chart(context, 'production',
        CASE WHEN context.own IS NULL THEN 'Production by energy type, and demand' ELSE 'Own production and use' END,
        smartgrid.report_fill($text$
            {{what}} in each {{step}}, {{when}}. Produced {{produced}} kWh in all; highest figure of a {{step}} {{peak}} kWh.
            The figures are in the table below.
            $text$, jsonb_build_object('step', context.bucket_word, 'when', smartgrid.report_period(context.period, context.time_zone),
                'what', CASE WHEN context.own IS NULL THEN 'Production by energy type as stacked areas and demand as a line' ELSE 'Production and use of energy' END,
                'produced', smartgrid.report_energy(produced, context), 'peak', smartgrid.report_energy(peak, context))),
        'kWh per ' || context.bucket_word,
        smartgrid.report_legend(ARRAY(SELECT c.class FROM unnest(classes) WITH ORDINALITY AS c (class, place) ORDER BY c.place DESC) || 'line-demand'::text,
            words || CASE WHEN context.own IS NULL THEN 'Demand (consumed and traded)' ELSE 'Used (from the grid and bought)' END),
        height, axis,
        smartgrid.report_marks(classes || 'line-demand'::text,
            paths || smartgrid.report_steps(edges, ARRAY(SELECT b.demand FROM unnest(curve) AS b ORDER BY b.bucket_start), axis.low, axis.high, height)),
        NULL, edges, hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_production_chart(smartgrid.report_context, smartgrid.report_bucket[]) IS 'chart of production by energy type, and of the demand';

-- Shades behind charts.
CREATE FUNCTION smartgrid.report_emergencies(context smartgrid.report_context, height integer, OUT path text, OUT present boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_area(COALESCE(e.starts || e.until, '{}'), array_fill(0::numeric, ARRAY[COALESCE(cardinality(e.shades), 0)]), COALESCE(e.shades, '{}'), 0, 1, height),
           COALESCE(1 = ANY (e.shades), false)
    FROM (SELECT array_agg(smartgrid.report_x(s.spell_start, context.period) ORDER BY s.spell_start) AS starts,
                 max(smartgrid.report_x(s.spell_end, context.period)) AS until,
                 array_agg(CASE WHEN s.emergency_mode THEN 1::numeric END ORDER BY s.spell_start) AS shades
          FROM smartgrid.report_spells(context) AS s) AS e;
END;
COMMENT ON FUNCTION smartgrid.report_emergencies(smartgrid.report_context, integer)
    IS 'SVG path of the times at which the emergency price applied, in a chart of this height, and whether there are any';

-- Load of the grid, at the beginning and at the end of each bucket.
CREATE FUNCTION smartgrid.report_load_chart(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    edges numeric[] := smartgrid.report_edges(curve, context.period);
    before numeric;
    lowest numeric;
    peak record;
    watermarks numeric[];
    axis smartgrid.report_axis;
    emergency record;
    line text;
    hints jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(curve) AS b WHERE b.load <> 0) THEN
        RETURN NULL;
    END IF;
    before := smartgrid.report_load_before(context);
    lowest := least(before, (SELECT min(b.load) FROM unnest(curve) AS b), 0);
    SELECT b.bucket_end AS at, b.load INTO peak FROM unnest(curve) AS b WHERE b.load IS NOT NULL ORDER BY b.load DESC, b.bucket_start LIMIT 1;
    -- Where balancing begins, as long as it does not dwarf the load.
    watermarks := ARRAY(SELECT w.mark FROM smartgrid.report_state(context) AS s CROSS JOIN LATERAL unnest(ARRAY[s.low_watermark, s.high_watermark]) AS w (mark)
                        WHERE w.mark BETWEEN peak.load / 1000 AND peak.load * 2 ORDER BY w.mark);
    axis := smartgrid.report_scale(lowest, greatest(peak.load * 1.05, before, watermarks[cardinality(watermarks)], 0));
    emergency := smartgrid.report_emergencies(context, height);
    line := smartgrid.report_line(0::numeric || ARRAY(SELECT smartgrid.report_x(b.bucket_end, context.period) FROM unnest(curve) AS b ORDER BY b.bucket_start),
                                  before || ARRAY(SELECT b.load FROM unnest(curve) AS b ORDER BY b.bucket_start), axis.low, axis.high, height);
    IF context.with_hints THEN
        SELECT jsonb_agg(jsonb_build_array(smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone),
                             smartgrid.report_hint('Load at its end', smartgrid.report_number(b.load, least(context.energy_scale, 2)), ' kWh'),
                             CASE WHEN b.utilization IS NOT NULL THEN smartgrid.report_fill(', {{utilization}} % of capacity',
                                 jsonb_build_object('utilization', smartgrid.report_number(b.utilization, 1))) END) ORDER BY b.bucket_start)
        INTO hints
        FROM unnest(curve) AS b;
    END IF;
    RETURN smartgrid.report_chart(context, 'load', 'Load of the grid',
        smartgrid.report_fill('Energy on the grid and not yet taken, at the end of each {{step}}, {{when}}. Highest: {{peak}} kWh{{lowest}}.',
            jsonb_build_object('step', context.bucket_word, 'when', smartgrid.report_period(context.period, context.time_zone),
                'peak', smartgrid.report_energy(peak.load, context),
                'lowest', CASE WHEN lowest < 0 THEN smartgrid.report_fill(', lowest: {{lowest}} kWh', jsonb_build_object('lowest', smartgrid.report_energy(lowest, context))) END)),
        'kWh at the end of each ' || context.bucket_word
            || CASE WHEN lowest < 0 THEN '; below zero where use was reported for an earlier time than the production' ELSE '' END,
        smartgrid.report_legend('{line-load,line-mark,fill-emergency}',
            ARRAY['Load', CASE WHEN cardinality(watermarks) > 0 THEN 'Watermarks of balancing' END, CASE WHEN emergency.present THEN 'Emergency' END]),
        height, axis,
        smartgrid.report_marks(ARRAY['fill-emergency'] || array_fill('line-mark'::text, ARRAY[cardinality(watermarks)]) || ARRAY['fill-load', 'line-load'],
            emergency.path
            || ARRAY(SELECT 'M0,' || smartgrid.report_y(w.mark, axis.low, axis.high, height) || 'H1000' FROM unnest(watermarks) WITH ORDINALITY AS w (mark, place) ORDER BY w.place)
            || ARRAY[line || 'V' || smartgrid.report_y(0, axis.low, axis.high, height) || 'H0Z', line]),
        smartgrid.report_dot(peak.at, peak.load, context.period, axis.low, axis.high, height, smartgrid.report_energy(peak.load, context)),
        edges, hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_load_chart(smartgrid.report_context, smartgrid.report_bucket[]) IS 'chart of the grid''s load; NULL if there was none, or the caller may not know it';

-- The base price is public, what was paid is in the entries.
CREATE FUNCTION smartgrid.report_price_chart(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    edges numeric[] := smartgrid.report_edges(curve, context.period);
    spell_edges numeric[];
    base_prices numeric[];
    paid record;
    peak numeric;
    axis smartgrid.report_axis;
    emergency record;
    unit text := smartgrid.report_currency(context) || ' per kWh';
    hints jsonb;
BEGIN
    SELECT COALESCE(array_agg(smartgrid.report_x(s.spell_start, context.period) ORDER BY s.spell_start) || max(smartgrid.report_x(s.spell_end, context.period)), '{}'),
           COALESCE(array_agg(s.base_price ORDER BY s.spell_start), '{}'), max(s.base_price)
    INTO spell_edges, base_prices, peak
    FROM smartgrid.report_spells(context) AS s;
    SELECT array_agg(b.price_avg ORDER BY b.bucket_start) AS average, array_agg(b.price_low ORDER BY b.bucket_start) AS low,
           array_agg(b.price_high ORDER BY b.bucket_start) AS high, max(b.price_high) AS highest, count(b.price_avg) AS buckets, bool_or(b.price_low < b.price_high) AS differ
    INTO paid
    FROM unnest(curve) AS b;
    peak := greatest(paid.highest, peak);
    IF COALESCE(peak, 0) <= 0 THEN
        RETURN NULL;
    END IF;
    axis := smartgrid.report_scale(0, peak);
    emergency := smartgrid.report_emergencies(context, height);
    IF context.with_hints THEN
        SELECT jsonb_agg(jsonb_build_array(smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone))
                         || CASE WHEN b.price_avg IS NULL THEN jsonb_build_array(smartgrid.report_hint('Nothing consumed', NULL, ''))
                                 ELSE jsonb_build_array(smartgrid.report_hint('Paid on average', smartgrid.report_price(b.price_avg, context), ''),
                                          smartgrid.report_hint('Lowest and highest', smartgrid.report_whole_price(b.price_low, context), ' and '),
                                          smartgrid.report_whole_price(b.price_high, context)) END ORDER BY b.bucket_start)
        INTO hints
        FROM unnest(curve) AS b;
    END IF;
    RETURN smartgrid.report_chart(context, 'price', 'Price of energy from the grid',
        smartgrid.report_fill($text$
            Average price paid for consumption in each {{step}} with its lowest and highest, and the base price, {{when}}.
            Highest figure: {{peak}} {{unit}}.
            $text$, jsonb_build_object('step', context.bucket_word, 'when', smartgrid.report_period(context.period, context.time_zone),
                'peak', smartgrid.report_whole_price(peak, context), 'unit', unit)),
        unit,
        smartgrid.report_legend('{line-price,fill-price,line-base,fill-emergency}',
            ARRAY[CASE WHEN paid.buckets > 0 THEN 'Average paid' END, CASE WHEN paid.differ THEN 'Lowest to highest' END,
                  CASE WHEN cardinality(base_prices) > 0 THEN 'Base price' END, CASE WHEN emergency.present THEN 'Emergency' END]),
        height, axis,
        smartgrid.report_marks('{fill-emergency,fill-price,line-base,line-price}',
            ARRAY[emergency.path,
                  smartgrid.report_area(edges, paid.low, paid.high, axis.low, axis.high, height),
                  smartgrid.report_steps(spell_edges, base_prices, axis.low, axis.high, height),
                  smartgrid.report_steps(edges, paid.average, axis.low, axis.high, height)]),
        NULL, edges, hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_price_chart(smartgrid.report_context, smartgrid.report_bucket[]) IS 'chart of the base price and of what was paid; NULL if there is neither';

-- Into storage upwards, out of it downwards.
CREATE FUNCTION smartgrid.report_storage_chart(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    edges numeric[] := smartgrid.report_edges(curve, context.period);
    zeros numeric[] := array_fill(0::numeric, ARRAY[cardinality(curve)]);
    storage record;
    axis smartgrid.report_axis;
    hints jsonb;
BEGIN
    SELECT sum(b.charged) AS charged, sum(b.discharged) AS discharged, max(b.charged) AS highest, max(b.discharged) AS lowest,
           array_agg(b.charged ORDER BY b.bucket_start) AS upwards, array_agg(-b.discharged ORDER BY b.bucket_start) AS downwards
    INTO storage
    FROM unnest(curve) AS b;
    IF COALESCE(greatest(storage.highest, storage.lowest), 0) <= 0 THEN
        RETURN NULL;
    END IF;
    axis := smartgrid.report_scale(-storage.lowest, storage.highest);
    IF context.with_hints THEN
        SELECT jsonb_agg(jsonb_build_array(smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone),
                             smartgrid.report_hint('Charged', smartgrid.report_number(b.charged, least(context.energy_scale, 2)), ' kWh'),
                             smartgrid.report_hint('Discharged', smartgrid.report_number(b.discharged, least(context.energy_scale, 2)), ' kWh')) ORDER BY b.bucket_start)
        INTO hints
        FROM unnest(curve) AS b;
    END IF;
    RETURN smartgrid.report_chart(context, 'storage', 'Storage: charged and discharged',
        smartgrid.report_fill($text$
            Energy that storage facilities took in (above the line) and gave back (below it) in each {{step}}, {{when}}.
            Charged {{charged}} kWh, discharged {{discharged}} kWh in all.
            $text$, jsonb_build_object('step', context.bucket_word, 'when', smartgrid.report_period(context.period, context.time_zone),
                'charged', smartgrid.report_energy(storage.charged, context), 'discharged', smartgrid.report_energy(storage.discharged, context))),
        'kWh per ' || context.bucket_word,
        smartgrid.report_legend('{fill-charge,fill-discharge}', ARRAY[CASE WHEN axis.high > 0 THEN 'Charged' END, CASE WHEN axis.low < 0 THEN 'Discharged (below the line)' END]),
        height, axis,
        smartgrid.report_marks('{fill-charge,fill-discharge}',
            ARRAY[smartgrid.report_area(edges, zeros, storage.upwards, axis.low, axis.high, height),
                  smartgrid.report_area(edges, storage.downwards, zeros, axis.low, axis.high, height)]),
        NULL, edges, hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_storage_chart(smartgrid.report_context, smartgrid.report_bucket[]) IS 'chart of what was charged and discharged; NULL if nothing was';

-- The figures behind the charts, in longer steps if there are many.
CREATE FUNCTION smartgrid.report_curve_table(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    table_rows jsonb;
BEGIN
    WITH curve AS MATERIALIZED (
        SELECT * FROM smartgrid.report_curve(context, context.table_bucket)
    ), size AS (
        SELECT smartgrid.report_decimals(max(greatest(c.produced, c.consumed)), least(context.energy_scale, 2)) AS decimals FROM curve AS c
    )
    SELECT jsonb_agg(jsonb_build_array(
               smartgrid.report_bucket_label(c.bucket_start, c.bucket_end, context.table_bucket, context.time_zone),
               smartgrid.report_number(c.produced, s.decimals), smartgrid.report_number(c.consumed, s.decimals),
               smartgrid.report_number(c.traded, s.decimals), smartgrid.report_number(c.charged, s.decimals),
               smartgrid.report_number(c.discharged, s.decimals), smartgrid.report_number(c.load, s.decimals),
               smartgrid.report_number(c.utilization, 1), smartgrid.report_price(c.price_avg, context),
               smartgrid.report_range(smartgrid.report_price(c.price_low, context), smartgrid.report_price(c.price_high, context)),
               smartgrid.report_amount(c.revenue, context)) ORDER BY c.bucket_start)
    INTO table_rows
    FROM curve AS c CROSS JOIN size AS s;
    RETURN smartgrid.report_fill('<details><summary>Figures by {{step}}</summary>{{table}}</details>', jsonb_build_object(
        'step', context.table_word,
        'table', smartgrid.report_table(
            smartgrid.report_fill('Energy in kWh, prices in {{currency}} per kWh, {{revenue}} in {{currency}}; load and utilization at the end of each {{step}}',
                jsonb_build_object('currency', smartgrid.report_currency(context), 'step', context.table_word,
                    'revenue', CASE WHEN context.whole THEN 'revenue' ELSE 'paid to the grid' END)),
            'hnnnnnnnnnn',
            jsonb_build_array(initcap(context.table_word), 'Produced', 'Consumed', 'Traded', 'Charged', 'Discharged', 'Load', 'Utilization %',
                'Average price', 'Lowest and highest', CASE WHEN context.whole THEN 'Revenue' ELSE 'Paid' END),
            table_rows)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_curve_table(smartgrid.report_context) IS 'the figures behind the charts as a table';

CREATE FUNCTION smartgrid.report_mix_table(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH mix AS MATERIALIZED (
        SELECT m.*, smartgrid.report_decimals(sum(m.energy) OVER (), context.energy_scale) AS decimals FROM smartgrid.report_mix(context, curve) AS m
    )
    SELECT smartgrid.report_table(smartgrid.report_fill('Production by energy type'), 'hnnbtn',
               jsonb_build_array('Energy type', 'Produced, kWh', 'Share', 'of production', 'Renewable', smartgrid.report_fill('g CO<sub>2</sub>eq per kWh')),
               jsonb_agg(jsonb_build_array(smartgrid.report_type_word(m.energy_type), smartgrid.report_number(m.energy, m.decimals),
                   smartgrid.report_percent(m.share), smartgrid.report_bar(m.share, 'fill-' || m.energy_type), CASE WHEN m.renewable THEN 'yes' ELSE 'no' END,
                   smartgrid.report_number(m.co2_g_per_kwh, CASE WHEN scale(trim_scale(m.co2_g_per_kwh)) > 0 THEN 1 ELSE 0 END))
                   ORDER BY m.energy DESC, m.energy_type))
    FROM mix AS m;
END;
COMMENT ON FUNCTION smartgrid.report_mix_table(smartgrid.report_context, smartgrid.report_bucket[])
    IS 'a curve''s production by energy type as a table; NULL if nothing was produced';

-- storages: a table of them, for readers of the whole grid.
CREATE FUNCTION smartgrid.report_energy_chapter(context smartgrid.report_context, storages smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    curve smartgrid.report_bucket[] := ARRAY(SELECT b FROM smartgrid.report_curve(context, context.bucket) AS b ORDER BY b.bucket_start);
BEGIN
    RETURN smartgrid.report_fill('{{production}}<div class="two">{{load}}{{price}}</div>{{storage}}{{mix}}{{storages}}{{figures}}', jsonb_build_object(
        'production', smartgrid.report_production_chart(context, curve),
        'load', smartgrid.report_load_chart(context, curve),
        'price', smartgrid.report_price_chart(context, curve),
        'storage', smartgrid.report_storage_chart(context, curve),
        'mix', CASE WHEN context.whole THEN smartgrid.report_mix_table(context, curve) END,
        'storages', storages,
        'figures', smartgrid.report_curve_table(context)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_energy_chapter(smartgrid.report_context, smartgrid.report_html) IS 'the chapter of energy and prices';
