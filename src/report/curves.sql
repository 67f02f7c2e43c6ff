-- The report page: what a load curve shows of a grid, as charts and as a table.

-- Shades where the emergency price applied, and the base price: what everybody may know of a grid's prices.
CREATE FUNCTION smartgrid.report_price_events(of_grid integer, period tstzrange,
    OUT edges numeric[], OUT base_prices numeric[], OUT emergencies numeric[])
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH spell AS (
        SELECT greatest(e.at, lower(period)) AS first,
               least(COALESCE(lead(e.at) OVER (ORDER BY e.at, e.event_id), 'infinity'), upper(period)) AS until,
               e.base_price, e.emergency_mode
        FROM smartgrid.price_event AS e
        WHERE e.grid_id = of_grid AND e.at < upper(period)
    ), inside AS (
        SELECT smartgrid.report_x(s.first, period) AS x, smartgrid.report_x(s.until, period) AS next_x, s.*
        FROM spell AS s WHERE s.first < s.until
    )
    SELECT COALESCE(array_agg(i.x ORDER BY i.x) || max(i.next_x), '{}'), COALESCE(array_agg(i.base_price::numeric ORDER BY i.x), '{}'),
           COALESCE(array_agg(CASE WHEN i.emergency_mode THEN 1::numeric END ORDER BY i.x), '{}')
    FROM inside AS i;
END;
COMMENT ON FUNCTION smartgrid.report_price_events(integer, tstzrange)
    IS 'spells of one base price and mode in a period: their borders (0 to 1000), base price (money units per kWh), and 1 in an emergency';

-- Energy that a participant bought from others, for each bucket: sg_load_curve() has it with what was sold.
CREATE FUNCTION smartgrid.report_bought(of_grid integer, buyer bigint, period tstzrange, starts timestamptz[]) RETURNS numeric[]
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(COALESCE(b.energy, 0) ORDER BY n.place)
    FROM generate_subscripts(starts, 1) AS n (place)
         LEFT JOIN (SELECT width_bucket(l.at, starts) AS place, sum(l.energy) AS energy
                    FROM smartgrid.ledger AS l
                    WHERE l.counterparty_id = buyer AND l.counterparty_id > 0 AND l.grid_id = of_grid AND l.kind = 5 AND l.at <@ period
                    GROUP BY 1) AS b USING (place);
END;
COMMENT ON FUNCTION smartgrid.report_bought(integer, bigint, tstzrange, timestamptz[]) IS 'energy units that a participant bought, in each bucket';

-- of_grid's own row is passed along as its name and scales.  own: the participant that the report is of; NULL: the whole
-- grid.  watermarks: loads in kWh where balancing begins.
CREATE FUNCTION smartgrid.report_curves(of_grid integer, name text, energy_scale integer, money_scale integer, currency text,
    own bigint, watermarks numeric[], period tstzrange, time_zone text, prefix text, with_hints boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- From the bottom up: those that most grids call renewable lie together.
    types CONSTANT text[] := '{@types:stacked@}';
    width record;
    axis record;
    prices record;
    starts timestamptz[];
    ends timestamptz[];
    columns jsonb[];
    by_type numeric[];
    charged numeric[];
    discharged numeric[];
    demand numeric[];
    load numeric[];
    load_before numeric;
    utilization numeric[];
    price_avg numeric[];
    price_low numeric[];
    price_high numeric[];
    edges numeric[];
    bottoms numeric[];
    tops numeric[];
    figures numeric[];
    labels text[];
    hints text[];
    classes text[];
    words text[];
    marks text;
    notes text;
    produced numeric;
    peak numeric;
    lowest numeric;
    peak_place integer;
    charts text := '';
    per_bucket text;
    money_unit text := smartgrid.report_currency(currency) || ' per kWh';
    when_text text := smartgrid.report_period(period, time_zone);
    plot_height CONSTANT integer := 240;
    small_height CONSTANT integer := 180;
BEGIN
    width := smartgrid.report_buckets(period);
    per_bucket := 'kWh per ' || width.bucket_word;
    SELECT array_agg(c.bucket_start ORDER BY c.bucket_start), array_agg(c.bucket_end ORDER BY c.bucket_start),
           array_agg(to_jsonb(c) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.charged, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.discharged, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.consumed + CASE WHEN own IS NULL THEN c.traded ELSE 0 END, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.load, energy_scale) ORDER BY c.bucket_start),
           array_agg(c.utilization ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_avg, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_low, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_high, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.report_bucket_label(c.bucket_start, c.bucket_end, width.bucket, time_zone) ORDER BY c.bucket_start)
    INTO starts, ends, columns, charged, discharged, demand, load, utilization, price_avg, price_low, price_high, labels
    FROM @extschema@.sg_load_curve(name, period, width.bucket, time_zone) AS c;
    SELECT array_agg(t.figures ORDER BY t.place) INTO by_type
    FROM (SELECT y.place, array_agg(smartgrid.scaled_sum((b.figures ->> replace(y.name, '-', '_'))::numeric, energy_scale) ORDER BY b.place) AS figures
          FROM unnest(types) WITH ORDINALITY AS y (name, place) CROSS JOIN unnest(columns) WITH ORDINALITY AS b (figures, place)
          GROUP BY y.place) AS t;
    IF own IS NOT NULL THEN
        demand := ARRAY(SELECT u.figure + smartgrid.scaled_sum(u.bought, energy_scale)
                        FROM unnest(demand, smartgrid.report_bought(of_grid, own, period, starts)) WITH ORDINALITY AS u (figure, bought, place)
                        ORDER BY u.place);
    END IF;
    edges := ARRAY(SELECT smartgrid.report_x(s.at, period) FROM unnest(starts) WITH ORDINALITY AS s (at, place) ORDER BY s.place)
             || smartgrid.report_x(ends[cardinality(ends)], period);

    -- Production by type, stacked, and the demand as a line over it.
    bottoms := array_fill(0::numeric, ARRAY[cardinality(starts)]);
    tops := bottoms;
    hints := labels;
    marks := '';
    classes := '{}';
    words := '{}';
    produced := (SELECT sum(figure) FROM unnest(by_type) AS u (figure));
    peak := greatest((SELECT max(total) FROM (SELECT sum(f.figure) AS total
                                              FROM generate_subscripts(types, 1) AS t (type_place),
                                                   unnest(by_type[t.type_place:t.type_place]) WITH ORDINALITY AS f (figure, place)
                                              GROUP BY f.place) AS totals),
                     (SELECT max(figure) FROM unnest(demand) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(0, peak);
        FOR n IN 1 .. cardinality(types) LOOP
            figures := ARRAY(SELECT u.figure FROM unnest(by_type[n:n]) WITH ORDINALITY AS u (figure, place) ORDER BY u.place);
            CONTINUE WHEN NOT EXISTS (SELECT FROM unnest(figures) AS u (figure) WHERE u.figure > 0);
            tops := ARRAY(SELECT u.bottom + u.figure FROM unnest(bottoms, figures) WITH ORDINALITY AS u (bottom, figure, place) ORDER BY u.place);
            marks := marks || format('<path class="fill-%s" d="%s"/>', types[n],
                                     smartgrid.report_area(edges, bottoms, tops, axis.low, axis.high, plot_height));
            bottoms := tops;
            classes := ('fill-' || types[n]) || classes;
            words := smartgrid.report_type_word(types[n]) || words;
            hints := ARRAY(SELECT u.hint || CASE WHEN u.figure > 0 THEN E'\n' || smartgrid.report_type_word(types[n]) || ': '
                                                      || smartgrid.report_number(u.figure, least(energy_scale, 2)) || ' kWh' ELSE '' END
                           FROM unnest(hints, figures) WITH ORDINALITY AS u (hint, figure, place) ORDER BY u.place);
        END LOOP;
        hints := ARRAY(SELECT u.hint || E'\n' || CASE WHEN own IS NULL THEN 'Demand: ' ELSE 'Used: ' END
                              || smartgrid.report_number(u.figure, least(energy_scale, 2)) || ' kWh'
                       FROM unnest(hints, demand) WITH ORDINALITY AS u (hint, figure, place) ORDER BY u.place);
        marks := marks || format('<path class="line-demand" d="%s"/>',
                                 smartgrid.report_steps(edges, demand, axis.low, axis.high, plot_height));
        classes := array_append(classes, 'line-demand');
        words := array_append(words, CASE WHEN own IS NULL THEN 'Demand (consumed and traded)' ELSE 'Used (from the grid and bought)' END);
        charts := charts || smartgrid.report_chart(prefix || '-production',
            CASE WHEN own IS NULL THEN 'Production by energy type, and demand' ELSE 'Own production and use' END,
            format('%s in each %s, %s. Produced %s kWh in all; highest figure of a %s %s kWh. The figures are in the table below.',
                   CASE WHEN own IS NULL THEN 'Production by energy type as stacked areas and demand as a line' ELSE 'Production and use of energy' END,
                   width.bucket_word, when_text, smartgrid.report_number(produced, smartgrid.report_decimals(produced, energy_scale)),
                   width.bucket_word, smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale))),
            per_bucket, smartgrid.report_legend(classes, words), plot_height, axis.low, axis.high, axis.step, axis.decimals,
            period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    ELSE
        charts := charts || '<div class="box"><p>Nothing was produced, consumed or traded in this period.</p></div>';
    END IF;

    charts := charts || '<div class="two">';
    prices := smartgrid.report_price_events(of_grid, period);

    -- Load of the grid, at the beginning and at the end of each bucket.
    IF EXISTS (SELECT FROM unnest(load) AS u (figure) WHERE u.figure <> 0) THEN
        SELECT smartgrid.scaled_sum(c.load, energy_scale) INTO load_before
        FROM @extschema@.sg_load_curve(name, tstzrange(lower(period) - interval '1 microsecond', lower(period), CASE WHEN lower_inc(period) THEN '[)' ELSE '[]' END)) AS c;
        lowest := least(load_before, (SELECT min(figure) FROM unnest(load) AS u (figure)), 0);
        SELECT u.figure, u.place INTO peak, peak_place
        FROM unnest(load) WITH ORDINALITY AS u (figure, place) WHERE u.figure IS NOT NULL ORDER BY u.figure DESC, u.place LIMIT 1;
        -- Where balancing begins, as long as it does not dwarf the load.
        watermarks := ARRAY(SELECT w.mark FROM unnest(watermarks) AS w (mark) WHERE w.mark BETWEEN peak / 1000 AND peak * 2 ORDER BY w.mark);
        axis := smartgrid.report_scale(lowest, greatest(peak * 1.05, load_before, watermarks[cardinality(watermarks)], 0));
        marks := format('<path class="fill-emergency" d="%s"/>',
                        smartgrid.report_area(prices.edges, array_fill(0::numeric, ARRAY[cardinality(prices.emergencies)]), prices.emergencies, 0, 1, small_height));
        marks := marks || COALESCE((SELECT string_agg('<path class="line-mark" d="M0,' || smartgrid.report_y(w.mark, axis.low, axis.high, small_height) || 'H1000"/>', '')
                                    FROM unnest(watermarks) AS w (mark)), '');
        bottoms := 0::numeric || ARRAY(SELECT smartgrid.report_x(e.at, period) FROM unnest(ends) WITH ORDINALITY AS e (at, place) ORDER BY e.place);
        marks := marks || format('<path class="fill-load" d="%sV%sH0Z"/><path class="line-load" d="%1$s"/>',
                        smartgrid.report_line(bottoms, load_before || load, axis.low, axis.high, small_height),
                        smartgrid.report_y(0, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || E'\nLoad at its end: ' || smartgrid.report_number(u.load, least(energy_scale, 2)) || ' kWh'
                              || CASE WHEN u.utilization IS NULL THEN '' ELSE ', ' || smartgrid.report_number(u.utilization, 1) || ' % of capacity' END
                       FROM unnest(labels, load, utilization) WITH ORDINALITY AS u (label, load, utilization, place) ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-load', 'Load of the grid',
            format('Energy on the grid and not yet taken, at the end of each %s, %s. Highest: %s kWh%s.', width.bucket_word, when_text,
                   smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale)),
                   CASE WHEN lowest < 0 THEN ', lowest: ' || smartgrid.report_number(lowest, smartgrid.report_decimals(lowest, energy_scale)) || ' kWh' ELSE '' END),
            'kWh at the end of each ' || width.bucket_word
                || CASE WHEN lowest < 0 THEN '; below zero where use was reported for an earlier time than the production' ELSE '' END,
            smartgrid.report_legend(ARRAY['line-load'] || CASE WHEN cardinality(watermarks) > 0 THEN ARRAY['line-mark'] ELSE '{}' END
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['fill-emergency'] ELSE '{}' END,
                                    ARRAY['Load'] || CASE WHEN cardinality(watermarks) > 0 THEN ARRAY['Watermarks of balancing'] ELSE '{}' END
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['Emergency'] ELSE '{}' END),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks,
            smartgrid.report_dot(ends[peak_place], peak, period, axis.low, axis.high, small_height,
                                 smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale))),
            edges, CASE WHEN with_hints THEN hints END);
    END IF;

    -- Prices: the base price is public, what was paid is in the entries.
    figures := ARRAY(SELECT smartgrid.scaled_sum(u.price, money_scale) FROM unnest(prices.base_prices) WITH ORDINALITY AS u (price, place) ORDER BY u.place);
    peak := greatest((SELECT max(figure) FROM unnest(price_high) AS u (figure)), (SELECT max(figure) FROM unnest(figures) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(0, peak);
        marks := format('<path class="fill-emergency" d="%s"/><path class="fill-price" d="%s"/><path class="line-base" d="%s"/><path class="line-price" d="%s"/>',
                        smartgrid.report_area(prices.edges, array_fill(0::numeric, ARRAY[cardinality(prices.emergencies)]), prices.emergencies, 0, 1, small_height),
                        smartgrid.report_area(edges, price_low, price_high, axis.low, axis.high, small_height),
                        smartgrid.report_steps(prices.edges, figures, axis.low, axis.high, small_height),
                        smartgrid.report_steps(edges, price_avg, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || CASE WHEN u.price_avg IS NULL THEN E'\nNothing consumed'
                              ELSE E'\nPaid on average: ' || smartgrid.report_number(u.price_avg, least(money_scale + 2, 4))
                                   || E'\nLowest and highest: ' || smartgrid.report_number(u.price_low, least(money_scale, 4)) || ' and '
                                   || smartgrid.report_number(u.price_high, least(money_scale, 4)) END
                       FROM unnest(labels, price_avg, price_low, price_high) WITH ORDINALITY AS u (label, price_avg, price_low, price_high, place)
                       ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-price', 'Price of energy from the grid',
            format('Average price paid for consumption in each %s with its lowest and highest, and the base price, %s. Highest figure: %s %s.',
                   width.bucket_word, when_text, smartgrid.report_number(peak, least(money_scale, 4)), money_unit),
            money_unit,
            smartgrid.report_legend(ARRAY['line-price', 'fill-price', 'line-base'] || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['fill-emergency'] ELSE '{}' END,
                                    ARRAY[CASE WHEN EXISTS (SELECT FROM unnest(price_avg) AS u (figure) WHERE u.figure IS NOT NULL) THEN 'Average paid' END,
                                          CASE WHEN EXISTS (SELECT FROM unnest(price_low, price_high) AS u (low, high) WHERE u.low < u.high) THEN 'Lowest to highest' END,
                                          CASE WHEN cardinality(figures) > 0 THEN 'Base price' END]
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['Emergency'] ELSE '{}' END),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    END IF;
    charts := charts || '</div>';

    -- Storage: into it upwards, out of it downwards.
    peak := greatest((SELECT max(figure) FROM unnest(charged) AS u (figure)), (SELECT max(figure) FROM unnest(discharged) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(-(SELECT max(figure) FROM unnest(discharged) AS u (figure)), (SELECT max(figure) FROM unnest(charged) AS u (figure)));
        bottoms := array_fill(0::numeric, ARRAY[cardinality(starts)]);
        figures := ARRAY(SELECT -u.figure FROM unnest(discharged) WITH ORDINALITY AS u (figure, place) ORDER BY u.place);
        marks := format('<path class="fill-charge" d="%s"/><path class="fill-discharge" d="%s"/>',
                        smartgrid.report_area(edges, bottoms, charged, axis.low, axis.high, small_height),
                        smartgrid.report_area(edges, figures, bottoms, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || E'\nCharged: ' || smartgrid.report_number(u.charged, least(energy_scale, 2)) || ' kWh'
                              || E'\nDischarged: ' || smartgrid.report_number(u.discharged, least(energy_scale, 2)) || ' kWh'
                       FROM unnest(labels, charged, discharged) WITH ORDINALITY AS u (label, charged, discharged, place) ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-storage', 'Storage: charged and discharged',
            format('Energy that storage facilities took in (above the line) and gave back (below it) in each %s, %s. Charged %s kWh, discharged %s kWh in all.',
                   width.bucket_word, when_text,
                   (SELECT smartgrid.report_number(sum(figure), smartgrid.report_decimals(sum(figure), energy_scale)) FROM unnest(charged) AS u (figure)),
                   (SELECT smartgrid.report_number(sum(figure), smartgrid.report_decimals(sum(figure), energy_scale)) FROM unnest(discharged) AS u (figure))),
            per_bucket, smartgrid.report_legend('{fill-charge,fill-discharge}', ARRAY[CASE WHEN axis.high > 0 THEN 'Charged' END,
                                                       CASE WHEN axis.low < 0 THEN 'Discharged (below the line)' END]),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    END IF;
    RETURN charts;
END
$$;
COMMENT ON FUNCTION smartgrid.report_curves(integer, text, integer, integer, text, bigint, numeric[], tstzrange, text, text, boolean)
    IS 'charts of a grid''s load curve, or of one participant''s';

CREATE FUNCTION smartgrid.report_type_word(energy_type text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT upper(left(energy_type, 1)) || substr(replace(energy_type, '-', ' '), 2);
END;
COMMENT ON FUNCTION smartgrid.report_type_word(text) IS 'an energy type as people write it';

-- The figures behind the charts, in longer steps where there are many.
CREATE FUNCTION smartgrid.report_figures(name text, energy_scale integer, money_scale integer, currency text,
    whole boolean, period tstzrange, time_zone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    width record;
    body text;
    decimals integer;
    formats CONSTANT text := 'hnnnnnnnnnn';
BEGIN
    width := smartgrid.report_buckets(period);
    WITH curve AS MATERIALIZED (
        SELECT * FROM @extschema@.sg_load_curve(name, period, width.table_bucket, time_zone)
    ), size AS (
        SELECT smartgrid.report_decimals(smartgrid.scaled_sum(max(greatest(c.produced, c.consumed)), energy_scale), least(energy_scale, 2)) AS decimals FROM curve AS c
    )
    SELECT string_agg(smartgrid.report_row(formats,
               smartgrid.report_bucket_label(c.bucket_start, c.bucket_end, width.table_bucket, time_zone),
               smartgrid.report_number(smartgrid.scaled_sum(c.produced, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.consumed, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.traded, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.charged, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.discharged, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.load, energy_scale), s.decimals),
               smartgrid.report_number(c.utilization, 1),
               smartgrid.report_price(c.price_avg, money_scale),
               smartgrid.report_price(c.price_low, money_scale) || '&#160;&#8211; ' || smartgrid.report_price(c.price_high, money_scale),
               smartgrid.report_number(smartgrid.scaled_sum(c.revenue, money_scale), least(money_scale, 2))), '' ORDER BY c.bucket_start)
    INTO body
    FROM curve AS c CROSS JOIN size AS s;
    RETURN '<details><summary>Figures by ' || width.table_word || '</summary>'
           || smartgrid.report_table('Energy in kWh, prices in ' || smartgrid.report_currency(currency) || ' per kWh, '
                                     || CASE WHEN whole THEN 'revenue' ELSE 'paid to the grid' END || ' in ' || smartgrid.report_currency(currency)
                                     || '; load and utilization at the end of each ' || width.table_word,
                                     formats,
                                     ARRAY[initcap(width.table_word), 'Produced', 'Consumed', 'Traded', 'Charged', 'Discharged', 'Load',
                                           'Utilization %', 'Average price', 'Lowest and highest', CASE WHEN whole THEN 'Revenue' ELSE 'Paid' END], body)
           || '</details>';
END
$$;
COMMENT ON FUNCTION smartgrid.report_figures(text, integer, integer, text, boolean, tstzrange, text) IS 'the figures behind the charts as a table';

-- What was produced, by energy type.
CREATE FUNCTION smartgrid.report_mix(name text, energy_scale integer, period tstzrange, time_zone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body text;
BEGIN
    WITH mix AS (
        SELECT m.energy_type, sum(m.energy) AS energy
        FROM @extschema@.sg_load_curve(name, period, (smartgrid.report_buckets(period)).table_bucket, time_zone) AS c
             CROSS JOIN LATERAL (SELECT t.name, (to_jsonb(c) ->> replace(t.name, '-', '_'))::numeric
                                 FROM (SELECT smartgrid.energy_type_name(e.energy_type) FROM smartgrid.default_energy_types() AS e) AS t (name)) AS m (energy_type, energy)
        GROUP BY m.energy_type
    ), total AS (
        SELECT sum(m.energy) AS energy, smartgrid.report_decimals(smartgrid.scaled_sum(sum(m.energy), energy_scale), energy_scale) AS decimals FROM mix AS m
    )
    SELECT string_agg(smartgrid.report_row('hnnbtn', smartgrid.report_type_word(m.energy_type),
               smartgrid.report_number(smartgrid.scaled_sum(m.energy, energy_scale), t.decimals),
               smartgrid.report_number(100 * m.energy / t.energy, 1) || '&#160;%',
               smartgrid.report_bar(100 * m.energy / t.energy, 'fill-' || m.energy_type),
               CASE WHEN e.renewable THEN 'yes' ELSE 'no' END,
               smartgrid.report_number(e.co2_g_per_kwh, CASE WHEN scale(trim_scale(e.co2_g_per_kwh)) > 0 THEN 1 ELSE 0 END)),
               '' ORDER BY m.energy DESC, m.energy_type)
    INTO body
    FROM mix AS m CROSS JOIN total AS t
         LEFT JOIN @extschema@.sg_energy_types AS e ON e.grid = name AND e.energy_type = m.energy_type
    WHERE m.energy > 0;
    RETURN COALESCE(smartgrid.report_table('Production by energy type', 'hnnbtn',
        ARRAY['Energy type', 'Produced, kWh', 'Share', 'of production', 'Renewable', 'g CO<sub>2</sub>eq per kWh'], body), '');
END
$$;
COMMENT ON FUNCTION smartgrid.report_mix(text, integer, tstzrange, text) IS 'production of a period by energy type as a table';
