-- The report page: the chapter of energy and prices, as charts and tables.

CREATE FUNCTION smartgrid.report_edges(curve smartgrid.report_bucket[], period tstzrange) RETURNS numeric[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(smartgrid.report_x(b.bucket_start, period) ORDER BY b.bucket_start) || smartgrid.report_x(max(b.bucket_end), period)
    FROM unnest(curve) AS b;
END;
COMMENT ON FUNCTION smartgrid.report_edges(smartgrid.report_bucket[], tstzrange) IS 'borders of the buckets in a chart, 0 to 1000';

CREATE FUNCTION smartgrid.report_hints(context smartgrid.report_context, curve smartgrid.report_bucket[], edges numeric[]) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_agg(b.production || jsonb_build_object('x', edges[b.ordinality], 'width', edges[b.ordinality + 1] - edges[b.ordinality],
                         'label', smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.bucket, context.time_zone),
                         'demand', b.demand, 'load', b.load, 'utilization', b.utilization, 'price_avg', b.price_avg, 'price_low', b.price_low,
                         'price_high', b.price_high, 'unpriced', CASE WHEN b.price_avg IS NULL THEN 'Nothing consumed' END,
                         'charged', b.charged, 'discharged', b.discharged) ORDER BY b.ordinality)
    FROM unnest(curve) WITH ORDINALITY AS b
    WHERE context.with_hints;
END;
COMMENT ON FUNCTION smartgrid.report_hints(smartgrid.report_context, smartgrid.report_bucket[], numeric[])
    IS 'figures of buckets for the hints of charts, with their place and label and, by its name, each energy type that produced; NULL if the page has no hints';

-- Production by type, stacked, and the demand as a line over it.
CREATE FUNCTION smartgrid.report_production_chart(context smartgrid.report_context, curve smartgrid.report_bucket[], edges numeric[], hints jsonb)
    RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- From the bottom up: those that most grids call renewable lie together.
    types CONSTANT text[] := '{@types:stacked@}';
    height CONSTANT integer := 240;
    produced numeric;
    peak numeric;
    axis smartgrid.report_axis;
    classes text[];
    words text[];
    paths text[];
    hint text;
BEGIN
    SELECT sum(b.produced), greatest(max(b.produced), max(b.demand)) INTO produced, peak FROM unnest(curve) AS b;
    IF COALESCE(peak, 0) <= 0 THEN
        RETURN smartgrid.report_fill('<div class="box"><p>Nothing was produced, consumed or traded in this period.</p></div>');
    END IF;
    axis := smartgrid.report_scale(0, peak);
    WITH type AS (
        SELECT DISTINCT k.energy_type, COALESCE(array_position(types, k.energy_type), 0) AS layer
        FROM unnest(curve) AS b CROSS JOIN LATERAL jsonb_object_keys(b.production) AS k (energy_type)
    ), stacked AS (
        SELECT b.ordinality AS place, t.energy_type, t.layer, (b.production ->> t.energy_type)::numeric AS energy,
               sum((b.production ->> t.energy_type)::numeric) OVER (PARTITION BY b.ordinality ORDER BY t.layer, t.energy_type) AS top
        FROM unnest(curve) WITH ORDINALITY AS b CROSS JOIN type AS t
    ), area AS (
        SELECT s.layer, s.energy_type, smartgrid.report_area(edges, array_agg(s.top - s.energy ORDER BY s.place), array_agg(s.top ORDER BY s.place),
                                                             axis.low, axis.high, height) AS path
        FROM stacked AS s
        GROUP BY s.layer, s.energy_type
    )
    SELECT array_agg('fill-' || a.energy_type ORDER BY a.layer, a.energy_type), array_agg(a.path ORDER BY a.layer, a.energy_type),
           array_agg(smartgrid.report_type_word(a.energy_type) ORDER BY a.layer, a.energy_type),
           string_agg('{{' || a.energy_type || E' energy2|\n' || smartgrid.report_type_word(a.energy_type) || ': | kWh}}', '' ORDER BY a.layer, a.energy_type)
    INTO classes, paths, words, hint
    FROM area AS a;
    RETURN smartgrid.report_chart(context, 'production',
        CASE WHEN context.own IS NULL THEN 'Production by energy type, and demand' ELSE 'Own production and use' END,
        CASE WHEN context.own IS NULL THEN 'Production by energy type as stacked areas and demand as a line' ELSE 'Production and use of energy' END
            || ' in each {{step}}, {{period}}. Produced {{produced energy}} kWh in all; highest figure of a {{step}} {{peak energy}} kWh.'
            || ' The figures are in the table below.',
        jsonb_build_object('produced', produced, 'peak', peak),
        'kWh per ' || context.bucket_word,
        smartgrid.report_legend(ARRAY(SELECT c.class FROM unnest(classes) WITH ORDINALITY AS c (class, place) ORDER BY c.place DESC) || ARRAY['line-demand'],
            ARRAY(SELECT w.word FROM unnest(words) WITH ORDINALITY AS w (word, place) ORDER BY w.place DESC)
            || CASE WHEN context.own IS NULL THEN ARRAY['Demand (consumed and traded)'] ELSE ARRAY['Used (from the grid and bought)'] END),
        height, axis,
        smartgrid.report_marks(classes || ARRAY['line-demand'],
            paths || ARRAY[smartgrid.report_steps(edges, ARRAY(SELECT b.demand FROM unnest(curve) AS b ORDER BY b.bucket_start), axis.low, axis.high, height)]),
        NULL, '{{label}}' || COALESCE(hint, '') || CASE WHEN context.own IS NULL THEN E'\nDemand: {{demand energy2}} kWh' ELSE E'\nUsed: {{demand energy2}} kWh' END, hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_production_chart(smartgrid.report_context, smartgrid.report_bucket[], numeric[], jsonb)
    IS 'chart of production by energy type, and of the demand';

-- Shades behind charts.
CREATE FUNCTION smartgrid.report_emergencies(context smartgrid.report_context, height integer, OUT path text, OUT present boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_area(COALESCE(e.starts || e.until, '{}'), array_fill(0::numeric, ARRAY[COALESCE(cardinality(e.shades), 0)]),
                                 COALESCE(e.shades, '{}'), 0, 1, height),
           COALESCE(1 = ANY (e.shades), false)
    FROM (SELECT array_agg(smartgrid.report_x(s.spell_start, context.period) ORDER BY s.spell_start) AS starts,
                 max(smartgrid.report_x(s.spell_end, context.period)) AS until,
                 array_agg(CASE WHEN s.emergency_mode THEN 1::numeric END ORDER BY s.spell_start) AS shades
          FROM smartgrid.report_spells(context) AS s) AS e;
END;
COMMENT ON FUNCTION smartgrid.report_emergencies(smartgrid.report_context, integer)
    IS 'SVG path of the times at which the emergency price applied, in a chart of this height, and whether there are any';

-- Load of the grid, at the beginning and at the end of each bucket.
CREATE FUNCTION smartgrid.report_load_chart(context smartgrid.report_context, curve smartgrid.report_bucket[], edges numeric[], hints jsonb)
    RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    before numeric;
    lowest numeric;
    peak record;
    watermarks numeric[];
    axis smartgrid.report_axis;
    emergency record;
    line text;
BEGIN
    SELECT b.bucket_end AS at, b.load INTO peak FROM unnest(curve) AS b WHERE b.load IS NOT NULL ORDER BY b.load DESC, b.bucket_start LIMIT 1;
    SELECT min(b.load) INTO lowest FROM unnest(curve) AS b;
    IF peak.load IS NULL OR peak.load = 0 AND lowest = 0 THEN
        RETURN NULL;
    END IF;
    before := smartgrid.report_load_before(context);
    lowest := least(before, lowest, 0);
    -- Where balancing begins, as long as it does not dwarf the load.
    watermarks := ARRAY(SELECT w.mark FROM smartgrid.report_state(context) AS s CROSS JOIN LATERAL unnest(ARRAY[s.low_watermark, s.high_watermark]) AS w (mark)
                        WHERE w.mark BETWEEN peak.load / 1000 AND peak.load * 2 ORDER BY w.mark);
    axis := smartgrid.report_scale(lowest, greatest(peak.load * 1.05, before, watermarks[cardinality(watermarks)], 0));
    emergency := smartgrid.report_emergencies(context, height);
    line := smartgrid.report_line(edges, before || ARRAY(SELECT b.load FROM unnest(curve) AS b ORDER BY b.bucket_start), axis.low, axis.high, height);
    RETURN smartgrid.report_chart(context, 'load', 'Load of the grid',
        'Energy on the grid and not yet taken, at the end of each {{step}}, {{period}}. Highest: {{peak energy}} kWh{{lowest energy|, lowest: | kWh}}.',
        jsonb_build_object('peak', peak.load, 'lowest', CASE WHEN lowest < 0 THEN lowest END),
        'kWh at the end of each ' || context.bucket_word
            || CASE WHEN lowest < 0 THEN '; below zero where use was reported for an earlier time than the production' ELSE '' END,
        smartgrid.report_legend('{line-load,line-mark,fill-emergency}',
            ARRAY['Load', CASE WHEN cardinality(watermarks) > 0 THEN 'Watermarks of balancing' END, CASE WHEN emergency.present THEN 'Emergency' END]),
        height, axis,
        smartgrid.report_marks(ARRAY['fill-emergency'] || array_fill('line-mark'::text, ARRAY[cardinality(watermarks)]) || ARRAY['fill-load', 'line-load'],
            emergency.path
            || ARRAY(SELECT 'M0,' || smartgrid.report_y(w.mark, axis.low, axis.high, height) || 'H1000' FROM unnest(watermarks) WITH ORDINALITY AS w (mark, place) ORDER BY w.place)
            || ARRAY[line || 'V' || smartgrid.report_y(0, axis.low, axis.high, height) || 'H0Z', line]),
        smartgrid.report_dot(peak.at, peak.load, context.period, axis.low, axis.high, height,
                             smartgrid.report_fill('{{peak energy}}', jsonb_build_object('peak', peak.load), context)),
        E'{{label}}\nLoad at its end: {{load energy2}} kWh{{utilization share|, | % of capacity}}', hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_load_chart(smartgrid.report_context, smartgrid.report_bucket[], numeric[], jsonb)
    IS 'chart of the grid''s load; NULL if there was none, or the caller may not know it';

-- The base price is public, what was paid is in the entries.
CREATE FUNCTION smartgrid.report_price_chart(context smartgrid.report_context, curve smartgrid.report_bucket[], edges numeric[], hints jsonb)
    RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    unit CONSTANT text := smartgrid.report_currency(context) || ' per kWh';
    base record;
    paid record;
    peak numeric;
    axis smartgrid.report_axis;
    emergency record;
BEGIN
    SELECT COALESCE(array_agg(smartgrid.report_x(s.spell_start, context.period) ORDER BY s.spell_start) || max(smartgrid.report_x(s.spell_end, context.period)), '{}') AS edges,
           COALESCE(array_agg(s.base_price ORDER BY s.spell_start), '{}') AS prices, max(s.base_price) AS highest
    INTO base
    FROM smartgrid.report_spells(context) AS s;
    SELECT array_agg(b.price_avg ORDER BY b.bucket_start) AS average, array_agg(b.price_low ORDER BY b.bucket_start) AS low,
           array_agg(b.price_high ORDER BY b.bucket_start) AS high, max(b.price_high) AS highest, bool_or(b.price_low < b.price_high) AS differ
    INTO paid
    FROM unnest(curve) AS b;
    peak := greatest(paid.highest, base.highest);
    IF COALESCE(peak, 0) <= 0 THEN
        RETURN NULL;
    END IF;
    axis := smartgrid.report_scale(0, peak);
    emergency := smartgrid.report_emergencies(context, height);
    RETURN smartgrid.report_chart(context, 'price', 'Price of energy from the grid',
        'Average price paid for consumption in each {{step}} with its lowest and highest, and the base price, {{period}}.'
            || ' Highest figure: {{peak whole_price}} {{unit}}.',
        jsonb_build_object('peak', peak, 'unit', unit),
        unit,
        smartgrid.report_legend('{line-price,fill-price,line-base,fill-emergency}',
            ARRAY[CASE WHEN paid.highest IS NOT NULL THEN 'Average paid' END, CASE WHEN paid.differ THEN 'Lowest to highest' END,
                  CASE WHEN base.highest IS NOT NULL THEN 'Base price' END, CASE WHEN emergency.present THEN 'Emergency' END]),
        height, axis,
        smartgrid.report_marks('{fill-emergency,fill-price,line-base,line-price}',
            ARRAY[emergency.path, smartgrid.report_area(edges, paid.low, paid.high, axis.low, axis.high, height),
                  smartgrid.report_steps(base.edges, base.prices, axis.low, axis.high, height),
                  smartgrid.report_steps(edges, paid.average, axis.low, axis.high, height)]),
        NULL,
        E'{{label}}{{unpriced|\n|}}{{price_avg price|\nPaid on average: |}}{{price_low whole_price|\nLowest and highest: | and }}{{price_high whole_price||}}', hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_price_chart(smartgrid.report_context, smartgrid.report_bucket[], numeric[], jsonb)
    IS 'chart of the base price and of what was paid; NULL if there is neither';

-- Into storage upwards, out of it downwards.
CREATE FUNCTION smartgrid.report_storage_chart(context smartgrid.report_context, curve smartgrid.report_bucket[], edges numeric[], hints jsonb)
    RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    height CONSTANT integer := 180;
    zeros CONSTANT numeric[] := array_fill(0::numeric, ARRAY[cardinality(curve)]);
    storage record;
    axis smartgrid.report_axis;
BEGIN
    SELECT sum(b.charged) AS charged, sum(b.discharged) AS discharged, max(b.charged) AS highest, max(b.discharged) AS lowest,
           array_agg(b.charged ORDER BY b.bucket_start) AS upwards, array_agg(-b.discharged ORDER BY b.bucket_start) AS downwards
    INTO storage
    FROM unnest(curve) AS b;
    IF COALESCE(greatest(storage.highest, storage.lowest), 0) <= 0 THEN
        RETURN NULL;
    END IF;
    axis := smartgrid.report_scale(-storage.lowest, storage.highest);
    RETURN smartgrid.report_chart(context, 'storage', 'Storage: charged and discharged',
        'Energy that storage facilities took in (above the line) and gave back (below it) in each {{step}}, {{period}}.'
            || ' Charged {{charged energy}} kWh, discharged {{discharged energy}} kWh in all.',
        jsonb_build_object('charged', storage.charged, 'discharged', storage.discharged),
        'kWh per ' || context.bucket_word,
        smartgrid.report_legend('{fill-charge,fill-discharge}',
            ARRAY[CASE WHEN axis.high > 0 THEN 'Charged' END, CASE WHEN axis.low < 0 THEN 'Discharged (below the line)' END]),
        height, axis,
        smartgrid.report_marks('{fill-charge,fill-discharge}',
            ARRAY[smartgrid.report_area(edges, zeros, storage.upwards, axis.low, axis.high, height),
                  smartgrid.report_area(edges, storage.downwards, zeros, axis.low, axis.high, height)]),
        NULL, E'{{label}}\nCharged: {{charged energy2}} kWh\nDischarged: {{discharged energy2}} kWh', hints);
END
$$;
COMMENT ON FUNCTION smartgrid.report_storage_chart(smartgrid.report_context, smartgrid.report_bucket[], numeric[], jsonb)
    IS 'chart of what was charged and discharged; NULL if nothing was';

CREATE FUNCTION smartgrid.report_mix_table(context smartgrid.report_context, curve smartgrid.report_bucket[]) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    mix record;
BEGIN
    SELECT smartgrid.report_decimals(sum(m.energy), context.energy_scale) AS decimals,
           jsonb_agg(to_jsonb(m) || jsonb_build_object('type', smartgrid.report_type_word(m.energy_type), 'class', 'fill-' || m.energy_type,
                                                       'renewable', CASE WHEN m.renewable THEN 'yes' ELSE 'no' END) ORDER BY m.energy DESC, m.energy_type) AS listed
    INTO mix
    FROM smartgrid.report_mix(context, curve) AS m;
    RETURN smartgrid.report_table(context, smartgrid.report_fill('Production by energy type'), 'hnnbtn',
        ARRAY['Energy type', 'Produced, kWh', 'Share', 'of production', 'Renewable', 'g CO<sub>2</sub>eq per kWh'],
        ARRAY['{{type}}', '{{energy ' || mix.decimals || '}}', '{{share percent}}', '{{share bar}}', '{{renewable}}', '{{co2_g_per_kwh plain}}'],
        mix.listed);
END
$$;
COMMENT ON FUNCTION smartgrid.report_mix_table(smartgrid.report_context, smartgrid.report_bucket[])
    IS 'a curve''s production by energy type as a table; NULL if nothing was produced';

-- The figures behind the charts, in longer steps if there are many.
CREATE FUNCTION smartgrid.report_curve_table(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    revenue CONSTANT text := CASE WHEN context.whole THEN 'revenue' ELSE 'paid to the grid' END;
    curve record;
BEGIN
    SELECT smartgrid.report_decimals(max(greatest(b.produced, b.consumed)), least(context.energy_scale, 2)) AS decimals,
           jsonb_agg(jsonb_build_object('label', smartgrid.report_bucket_label(b.bucket_start, b.bucket_end, context.table_bucket, context.time_zone),
                         'produced', b.produced, 'consumed', b.consumed, 'traded', b.traded, 'charged', b.charged, 'discharged', b.discharged, 'load', b.load,
                         'utilization', b.utilization, 'price_avg', b.price_avg, 'price_low', b.price_low, 'price_high', b.price_high, 'revenue', b.revenue)
                     ORDER BY b.bucket_start) AS listed
    INTO curve
    FROM smartgrid.report_curve(context, context.table_bucket) AS b;
    RETURN smartgrid.report_fill('<details><summary>Figures by {{step}}</summary>{{table}}</details>', jsonb_build_object('step', context.table_word, 'table',
        smartgrid.report_table(context,
            smartgrid.report_fill('Energy in kWh, prices in {{currency}} per kWh, {{revenue}} in {{currency}}; load and utilization at the end of each {{step}}',
                jsonb_build_object('currency', smartgrid.report_currency(context), 'step', context.table_word, 'revenue', revenue)),
            'hnnnnnnnnnn',
            ARRAY[initcap(context.table_word), 'Produced', 'Consumed', 'Traded', 'Charged', 'Discharged', 'Load', 'Utilization %',
                  'Average price', 'Lowest and highest', CASE WHEN context.whole THEN 'Revenue' ELSE 'Paid' END],
            ARRAY['{{label}}'] || ARRAY(SELECT '{{' || f.name || ' ' || curve.decimals || '}}'
                                        FROM unnest('{produced,consumed,traded,charged,discharged,load}'::text[]) WITH ORDINALITY AS f (name, place) ORDER BY f.place)
            || ARRAY['{{utilization share}}', '{{price_avg price}}', '{{price_low price}}&#160;&#8211; {{price_high price}}', '{{revenue amount}}'],
            curve.listed)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_curve_table(smartgrid.report_context) IS 'the figures behind the charts as a table';

-- storages: a table of them, for readers of the whole grid.
CREATE FUNCTION smartgrid.report_energy_chapter(context smartgrid.report_context, storages smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    curve CONSTANT smartgrid.report_bucket[] := ARRAY(SELECT b FROM smartgrid.report_curve(context, context.bucket) AS b ORDER BY b.bucket_start);
    edges CONSTANT numeric[] := smartgrid.report_edges(curve, context.period);
    hints CONSTANT jsonb := smartgrid.report_hints(context, curve, edges);
BEGIN
    RETURN smartgrid.report_fill('{{production}}<div class="two">{{load}}{{price}}</div>{{storage}}{{mix}}{{storages}}{{figures}}', jsonb_build_object(
        'production', smartgrid.report_production_chart(context, curve, edges, hints),
        'load', smartgrid.report_load_chart(context, curve, edges, hints),
        'price', smartgrid.report_price_chart(context, curve, edges, hints),
        'storage', smartgrid.report_storage_chart(context, curve, edges, hints),
        'mix', CASE WHEN context.whole THEN smartgrid.report_mix_table(context, curve) END,
        'storages', storages,
        'figures', smartgrid.report_curve_table(context)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_energy_chapter(smartgrid.report_context, smartgrid.report_html) IS 'the chapter of energy and prices';
