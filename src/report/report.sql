-- The report page.

CREATE FUNCTION smartgrid.report_kpi(figure numeric, unit text, energy_scale integer, money_scale integer, currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN figure IS NULL THEN '&#8211;'
        WHEN unit = 'kWh' THEN smartgrid.report_number(figure, smartgrid.report_decimals(figure, energy_scale)) || '&#160;kWh'
        WHEN unit = currency THEN smartgrid.report_number(figure, least(money_scale, 2)) || CASE WHEN currency = 'XXX' THEN '' ELSE '&#160;' || smartgrid.report_currency(currency) END
        WHEN unit = currency || '/kWh' THEN smartgrid.report_number(figure, least(money_scale + 2, 4)) || '&#160;' || smartgrid.report_currency(currency) || '/kWh'
        WHEN unit = '%' THEN smartgrid.report_number(figure, 1) || '&#160;%'
        ELSE smartgrid.report_number(figure, smartgrid.report_decimals(figure, 2)) || '&#160;' || smartgrid.report_escape(unit) END;
END;
COMMENT ON FUNCTION smartgrid.report_kpi(numeric, text, integer, integer, text) IS 'a figure of sg_kpis() with its unit';

CREATE FUNCTION smartgrid.report_kpi_word(kpi text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE kpi
        WHEN 'co2_intensity' THEN 'CO<sub>2</sub> intensity'
        WHEN 'price_avg' THEN 'Average price'
        WHEN 'price_low' THEN 'Lowest price'
        WHEN 'price_high' THEN 'Highest price'
        WHEN 'self_consumption' THEN 'Self-consumption'
        WHEN 'self_sufficiency' THEN 'Self-sufficiency'
        WHEN 'round_trip_efficiency' THEN 'Round-trip efficiency'
        ELSE smartgrid.report_escape(upper(left(kpi, 1)) || replace(substr(kpi, 2), '_', ' ')) END;
END;
COMMENT ON FUNCTION smartgrid.report_kpi_word(text) IS 'a key figure as people write it';

-- A grid's part of the page.  single: the only one, so that the page's heading has its name; checks: of sg_check().
CREATE FUNCTION smartgrid.report_grid(of_grid integer, place integer, single boolean, with_hints boolean, period tstzrange, checks jsonb,
    OUT overview text, OUT section text, OUT time_zone text, OUT seen_as text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    g record;
    k jsonb;
    kpi_rows text;
    evidence record;
    storages text := '';
    parties text := '';
    whole boolean := of_grid = ANY (smartgrid.readable_grids());
    own bigint;
    prefix text := 'g' || place;
    heading text;
BEGIN
    SELECT s.grid, s.energy_scale, s.money_scale, s.currency, s.emergency_mode, s.current_load, s.total_capacity, s.utilization,
           s.dynamic_price, s.base_price, s.total_capacity_kwh, s.low_watermark, s.high_watermark
    INTO g
    FROM smartgrid.grid AS i JOIN @extschema@.sg_grids AS s ON s.grid = i.name WHERE i.grid_id = of_grid;
    time_zone := COALESCE((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = of_grid), 'UTC');
    own := CASE WHEN NOT whole THEN (SELECT p.participant_id FROM smartgrid.participant AS p
                                     WHERE p.grid_id = of_grid AND p.participant_id = ANY (smartgrid.own_participants())) END;
    seen_as := CASE WHEN whole THEN 'the whole grid'
                    WHEN own IS NOT NULL THEN 'the account of ' || smartgrid.report_name(smartgrid.party_name(own)) || ' only'
                    ELSE 'what is public' END;
    heading := CASE WHEN single THEN '<h2>' || smartgrid.report_period(period, time_zone) || '</h2>'
                    ELSE '<h2>' || smartgrid.report_name(g.grid) || '</h2><p class="lead">' || smartgrid.report_period(period, time_zone)
                         || ', ' || smartgrid.report_escape(time_zone) || '</p>' END;
    evidence := smartgrid.report_evidence(of_grid, whole, period, time_zone, checks);
    section := '<section class="grid" id="' || prefix || '" aria-label="' || smartgrid.report_escape(g.grid) || '">' || heading
        || '<p class="pills">' || evidence.overview || '</p><p>' || CASE WHEN g.emergency_mode THEN '<span class="pill bad">Emergency</span> ' ELSE '' END
        || 'At the time of this report the load is ' || smartgrid.report_kwh(g.current_load, g.energy_scale) || ', '
        || smartgrid.report_number(g.utilization, 1) || '&#160;% of a capacity of ' || smartgrid.report_kwh(g.total_capacity, g.energy_scale)
        || ', and the price ' || smartgrid.report_price(g.dynamic_price, g.money_scale) || '&#160;' || smartgrid.report_currency(g.currency)
        || ' per kWh (base price ' || smartgrid.report_price(g.base_price, g.money_scale) || ').</p>';

    SELECT jsonb_object_agg(p.kpi, jsonb_build_object('value', p.value, 'unit', p.unit, 'at', p.at)),
           string_agg(smartgrid.report_row('hn',
                          '<b>' || smartgrid.report_kpi_word(p.kpi) || '</b>'
                          || CASE WHEN single THEN '<span class="quiet">' || smartgrid.report_escape(p.definition) || '</span>' ELSE '' END,
                          smartgrid.report_kpi(p.value, p.unit, g.energy_scale, g.money_scale, g.currency)
                          || CASE WHEN p.at IS NULL THEN '' ELSE '<br/><span class="quiet">' || smartgrid.report_time(p.at, time_zone) || '</span>' END), '' ORDER BY p.place)
    INTO k, kpi_rows
    FROM @extschema@.sg_kpis(period, g.grid) WITH ORDINALITY AS p (kpi, value, unit, at, definition, place);

    IF whole THEN
        section := section || '<ul class="cards">'
            || smartgrid.report_kpi_card(k, 'produced', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'renewable_share'->>'value' IS NULL THEN 'nothing produced'
                        ELSE smartgrid.report_number((k->'renewable_share'->>'value')::numeric, 1) || '&#160;% renewable' END)
            || smartgrid.report_kpi_card(k, 'demand', g.energy_scale, g.money_scale, g.currency,
                   smartgrid.report_kpi((k->'consumed'->>'value')::numeric, 'kWh', g.energy_scale, g.money_scale, g.currency) || ' consumed, '
                   || smartgrid.report_kpi((k->'traded'->>'value')::numeric, 'kWh', g.energy_scale, g.money_scale, g.currency) || ' traded')
            || smartgrid.report_kpi_card(k, 'self_sufficiency', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'self_sufficiency'->>'value' IS NULL THEN 'no demand' ELSE 'of the demand was met when it arose' END)
            || smartgrid.report_kpi_card(k, 'self_consumption', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'self_consumption'->>'value' IS NULL THEN 'nothing produced' ELSE 'of the production was used when it arose' END)
            || smartgrid.report_kpi_card(k, 'peak_demand', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'peak_demand'->>'at' IS NULL THEN '' ELSE smartgrid.report_time((k->'peak_demand'->>'at')::timestamptz, time_zone) END)
            || smartgrid.report_kpi_card(k, 'co2_intensity', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'co2_intensity'->>'value' IS NULL THEN 'nothing produced' ELSE 'of what was produced, over its life cycle' END)
            || smartgrid.report_kpi_card(k, 'price_avg', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'price_low'->>'value' IS NULL THEN 'nothing consumed'
                        ELSE 'from ' || smartgrid.report_number((k->'price_low'->>'value')::numeric, least(g.money_scale, 4))
                             || ' to ' || smartgrid.report_number((k->'price_high'->>'value')::numeric, least(g.money_scale, 4)) END)
            || smartgrid.report_kpi_card(k, 'revenue', g.energy_scale, g.money_scale, g.currency, 'paid for energy from the grid')
            || '</ul>';
    ELSIF own IS NOT NULL THEN
        section := section || smartgrid.report_account(of_grid, own, prefix, g.energy_scale, g.money_scale, g.currency, period);
    END IF;

    IF whole THEN
        SELECT p.storages, p.parties INTO storages, parties
        FROM smartgrid.report_parties(of_grid, prefix, g.energy_scale, g.money_scale, g.currency, period) AS p;
    END IF;
    IF whole OR own IS NOT NULL THEN
        section := section || '<h3 id="' || prefix || '-energy">Energy and prices</h3>'
            || smartgrid.report_curves(of_grid, g.grid, g.energy_scale, g.money_scale, g.currency, own,
                   ARRAY[g.total_capacity_kwh * g.low_watermark / 100, g.total_capacity_kwh * g.high_watermark / 100], period, time_zone, prefix, with_hints)
            || CASE WHEN whole THEN smartgrid.report_mix(g.grid, g.energy_scale, period, time_zone) ELSE '' END || storages
            || smartgrid.report_figures(g.grid, g.energy_scale, g.money_scale, g.currency, whole, period, time_zone)
            || parties || '<h3 id="' || prefix || '-trades">Trades between members</h3>'
            || smartgrid.report_trades(of_grid, g.energy_scale, g.money_scale, g.currency, own, period);
    END IF;
    IF whole THEN
        section := section || '<h3 id="' || prefix || '-figures">Key figures</h3>' || smartgrid.report_table('All key figures of the period', 'hn', ARRAY['Key figure', 'Value'], kpi_rows);
    END IF;
    section := section || '<h3 id="' || prefix || '-evidence">Evidence</h3>' || evidence.details || '</section>';

    overview := smartgrid.report_row('hnnnnnt', VARIADIC ARRAY['<a href="#' || prefix || '">' || smartgrid.report_name(g.grid) || '</a>']
        || (SELECT array_agg(smartgrid.report_kpi((k->o.kpi->>'value')::numeric, k->o.kpi->>'unit', g.energy_scale, g.money_scale, g.currency) ORDER BY o.place)
                  FROM unnest('{produced,demand,self_sufficiency,renewable_share,revenue}'::text[]) WITH ORDINALITY AS o (kpi, place)) || evidence.overview);
END
$$;
COMMENT ON FUNCTION smartgrid.report_grid(integer, integer, boolean, boolean, tstzrange, jsonb)
    IS 'a grid''s part of the report: a row for the overview, the chapter, the time zone, and what the caller sees of the grid';

CREATE FUNCTION smartgrid.report_kpi_card(kpis jsonb, kpi text, energy_scale integer, money_scale integer, currency text, note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_card(smartgrid.report_kpi_word(kpi),
               smartgrid.report_kpi((kpis->kpi->>'value')::numeric, kpis->kpi->>'unit', energy_scale, money_scale, currency), note);
END;
COMMENT ON FUNCTION smartgrid.report_kpi_card(jsonb, text, integer, integer, text, text) IS 'a card with a key figure';

CREATE FUNCTION @extschema@.sg_report(period tstzrange DEFAULT NULL, grid text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    span tstzrange := COALESCE(sg_report.period, tstzrange(now() - interval '24 hours', now(), '(]'));
    style text := smartgrid.report_style();
    grids record;
    checks jsonb;
    definitions text;
    part record;
    overview text := '';
    sections text := '';
    single boolean;
    chapters text;
    title text;
    zones text[] := '{}';
    shown_zone text;
    seen_as text;
BEGIN
    IF isempty(span) THEN
        RAISE EXCEPTION 'period must not be empty' USING ERRCODE = 'SG108';
    ELSIF COALESCE(NOT (isfinite(lower(span)) AND isfinite(upper(span))), true) THEN
        RAISE EXCEPTION 'period must have a lower and an upper bound' USING ERRCODE = 'SG108';
    END IF;
    -- One instant is a period, too: what happened at it; a chart needs some width.
    IF lower(span) = upper(span) THEN
        span := tstzrange(lower(span), lower(span) + interval '1 microsecond');
    END IF;

    SELECT array_agg(g.grid_id ORDER BY g.name) AS ids, array_agg(g.name ORDER BY g.name) AS names INTO grids
    FROM smartgrid.grid AS g
    WHERE CASE WHEN sg_report.grid IS NULL
               THEN g.grid_id = ANY (smartgrid.readable_grids())
                    OR EXISTS (SELECT FROM smartgrid.participant AS p
                               WHERE p.grid_id = g.grid_id AND p.participant_id = ANY (smartgrid.own_participants()))
               ELSE g.name = sg_report.grid END;
    IF grids.ids IS NULL AND sg_report.grid IS NOT NULL THEN
        RAISE EXCEPTION 'grid "%" does not exist', sg_report.grid
            USING ERRCODE = 'SG101', HINT = 'The view sg_grids has all grids.';
    END IF;
    single := COALESCE(cardinality(grids.ids) = 1, false);

    -- Once for all grids, as it costs a pass over the ledger.
    SELECT jsonb_object_agg(c.grid, c.rows) INTO checks
    FROM (SELECT k.grid, jsonb_agg(jsonb_build_object('place', k.place, 'invariant', k.invariant, 'left_side', k.left_side,
                                                      'right_side', k.right_side, 'ok', k.ok) ORDER BY k.place) AS rows
          FROM @extschema@.sg_check() WITH ORDINALITY AS k (grid, invariant, left_side, right_side, ok, place)
          GROUP BY k.grid) AS c;

    FOR n IN 1 .. COALESCE(cardinality(grids.ids), 0) LOOP
        part := smartgrid.report_grid(grids.ids[n], n, single, cardinality(grids.ids) <= 4, span, checks->(grids.names[n]::text));
        overview := overview || part.overview;
        sections := sections || part.section;
        zones := zones || part.time_zone;
        seen_as := part.seen_as;
    END LOOP;
    -- Of the page's head: that of all grids, or UTC.
    shown_zone := CASE WHEN zones[1] = ALL (zones) THEN COALESCE(zones[1], 'UTC') ELSE 'UTC' END;
    -- Once for all grids; a single one has them in its table.
    SELECT string_agg('<div><dt>' || smartgrid.report_kpi_word(k.kpi) || '</dt><dd>' || smartgrid.report_escape(k.definition) || '</dd></div>', '' ORDER BY k.place)
    INTO definitions
    FROM @extschema@.sg_kpis(span, grids.names[1]) WITH ORDINALITY AS k (kpi, value, unit, at, definition, place)
    WHERE NOT single AND grids.ids && smartgrid.readable_grids();

    -- The chapters that there are, by their headings.
    SELECT '<nav class="here" aria-label="Chapters"><ul>' || string_agg('<li><a href="#' || c.found[1] || '">' || c.found[2] || '</a></li>', '') || '</ul></nav>'
    INTO chapters
    FROM regexp_matches(sections, '<h3 id="([a-z0-9-]+)">([^<]*)</h3>', 'g') AS c (found);

    title := CASE WHEN single THEN smartgrid.report_escape(grids.names[1]) WHEN grids.ids IS NULL THEN 'No grid' ELSE cardinality(grids.ids) || ' grids' END;
    RETURN '<!DOCTYPE html>' || E'\n' || '<html lang="en"><head><meta charset="utf-8"/>'
        || '<meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''sha256-'
        || encode(sha256(convert_to(style, 'UTF8')), 'base64') || '''; base-uri ''none''; form-action ''none''"/>'
        || '<meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/>'
        || '<meta name="referrer" content="no-referrer"/><title>Grid report: ' || title || '</title><style>' || style || '</style></head><body>'
        || '<a class="skip" href="#main">To the report</a><header class="top"><p class="mark"><svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22">'
        || '<path d="M4,11H18M11,4V18M6,6L16,16M16,6L6,16"/><circle cx="11" cy="11" r="4"/></svg>Grid report</p>'
        || '<h1>' || CASE WHEN single THEN smartgrid.report_name(grids.names[1]) ELSE title END || '</h1>'
        || '<dl class="facts"><div><dt>Period</dt><dd>' || smartgrid.report_time(lower(span), shown_zone) || ' &#8211; '
        || smartgrid.report_time(upper(span), shown_zone) || '</dd></div><div><dt>Time zone</dt><dd>'
        || smartgrid.report_escape(shown_zone) || CASE WHEN shown_zone = ALL (zones) THEN '' ELSE '; below, that of each grid' END
        || '</dd></div>' || COALESCE('<div><dt>Shows</dt><dd>' || CASE WHEN single THEN seen_as END || '</dd></div>', '')
        || '<div><dt>Made</dt><dd>' || smartgrid.report_time(now(), shown_zone) || '</dd></div></dl></header><main id="main">'
        || CASE WHEN grids.ids IS NULL THEN '<div class="box"><p>There is no grid that you operate, audit or take part in.</p></div>'
                WHEN single THEN chapters
                ELSE '<nav aria-label="Grids"><h2>Overview</h2>'
                     || smartgrid.report_table('Each grid leads to its chapter', 'hnnnnnt',
                            ARRAY['Grid', 'Produced', 'Demand', 'Self-sufficiency', 'Renewable', 'Revenue', 'Evidence'], overview) || '</nav>' END
        || sections
        || COALESCE('<section id="definitions"><h2>Definitions</h2><dl class="box">' || definitions || '</dl></section>', '')
        || '</main><footer><p>Made by smartgrid in the database from the ledger as it was at ' || smartgrid.report_time(now(), shown_zone) || ' (' || smartgrid.report_escape(shown_zone)
        || '). This page is one file: it loads nothing and runs no program.</p></footer></body></html>';
END
$$;
COMMENT ON FUNCTION @extschema@.sg_report(tstzrange, text)
    IS 'a report of a period (NULL: the last 24 hours) as one HTML page: of a grid, or (NULL) of every grid that the caller reads in full or takes part in; a member''s has the member''s own figures';
