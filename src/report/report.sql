-- The report page: a grid's chapters, and the page around them.

CREATE FUNCTION smartgrid.report_viewer(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_fill(
        CASE WHEN context.whole THEN 'the whole grid' WHEN context.own IS NOT NULL THEN 'the account of {{own name}} only' ELSE 'what is public' END,
        jsonb_build_object('own', smartgrid.party_name(context.own)), context);
END
$$;
COMMENT ON FUNCTION smartgrid.report_viewer(smartgrid.report_context) IS 'what the caller sees of the grid';

CREATE FUNCTION smartgrid.report_now(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    state record;
BEGIN
    state := smartgrid.report_state(context);
    RETURN smartgrid.report_fill($html$
        <p>{{emergency}}At the time of this report the load is {{load kwh}}, {{utilization percent}} of a capacity of {{capacity kwh}},
        and the price {{price price}}&#160;{{currency}} per kWh (base price {{base_price price}}).</p>
    $html$, to_jsonb(state) || jsonb_build_object('currency', smartgrid.report_currency(context),
        'emergency', smartgrid.report_fill(CASE WHEN state.emergency_mode THEN '<span class="pill bad">Emergency</span> ' END)), context);
END
$$;
COMMENT ON FUNCTION smartgrid.report_now(smartgrid.report_context) IS 'the grid''s state of now as a sentence';

-- kpis: an object with the row of sg_kpis() for each key figure.
CREATE FUNCTION smartgrid.report_kpi_cards(context smartgrid.report_context, kpis jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    figures CONSTANT jsonb := kpis || jsonb_build_object('lowest', kpis -> 'price_low' -> 'value', 'highest', kpis -> 'price_high' -> 'value',
                                                         'peak_at', kpis -> 'peak_demand' -> 'at');
BEGIN
    RETURN smartgrid.report_cards(context, (
        SELECT jsonb_agg(jsonb_build_object('label', smartgrid.report_kpi_word(c.kpi), 'figure', kpis -> c.kpi,
                             'note', smartgrid.report_fill(CASE WHEN c.condition IS NULL OR figures @@ c.condition THEN c.note ELSE c.otherwise END, figures, context))
                         ORDER BY c.place)
        FROM (VALUES
            (1, 'produced', jsonpath '$.renewable_share.value != null', '{{renewable_share figure}} renewable', 'nothing produced'),
            (2, 'demand', NULL, '{{consumed figure}} consumed, {{traded figure}} traded', NULL),
            (3, 'self_sufficiency', '$.self_sufficiency.value != null', 'of the demand was met when it arose', 'no demand'),
            (4, 'self_consumption', '$.self_consumption.value != null', 'of the production was used when it arose', 'nothing produced'),
            (5, 'peak_demand', '$.peak_at != null', '{{peak_at time}}', NULL),
            (6, 'co2_intensity', '$.co2_intensity.value != null', 'of what was produced, over its life cycle', 'nothing produced'),
            (7, 'price_avg', '$.lowest != null', 'from {{lowest whole_price}} to {{highest whole_price}}', 'nothing consumed'),
            (8, 'revenue', NULL, 'paid for energy from the grid', NULL)
        ) AS c (place, kpi, condition, note, otherwise)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_kpi_cards(smartgrid.report_context, jsonb) IS 'the most important key figures as cards';

CREATE FUNCTION smartgrid.report_kpi_table(context smartgrid.report_context, kpis jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_table(context, smartgrid.report_fill('All key figures of the period'), 'hn', ARRAY['Key figure', 'Value'],
        ARRAY['<b>{{word}}</b>{{definition|<span class="quiet">|</span>}}', '{{figure figure}}{{at time|<br/><span class="quiet">|</span>}}'],
        (SELECT jsonb_agg(jsonb_build_object('word', smartgrid.report_kpi_word(k.key), 'definition', CASE WHEN context.single THEN k.value -> 'definition' END,
                                             'figure', k.value, 'at', k.value -> 'at')
                    ORDER BY (k.value -> 'place')::integer)
         FROM jsonb_each(kpis) AS k));
END
$$;
COMMENT ON FUNCTION smartgrid.report_kpi_table(smartgrid.report_context, jsonb)
    IS 'all key figures as a table; with their definitions if the page is of this grid alone';

-- A grid's part of the page.  checks: what sg_check() says of it, or NULL.
CREATE FUNCTION smartgrid.report_grid(context smartgrid.report_context, checks jsonb,
    OUT overview jsonb, OUT section smartgrid.report_html, OUT chapters jsonb)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_reader CONSTANT boolean := context.whole OR context.own IS NOT NULL;
    kpis jsonb;
    evidence record;
    participants record;
    own record;
BEGIN
    SELECT jsonb_object_agg(k.kpi, to_jsonb(k)) INTO kpis
    FROM @extschema@.sg_kpis(context.period, context.grid) WITH ORDINALITY AS k (kpi, value, unit, at, definition, place);
    evidence := smartgrid.report_evidence(context, checks);
    participants := smartgrid.report_participants(context);
    own := smartgrid.report_own(context);

    -- The chapters in their order: id, heading, and what is in it; one that has nothing is left out.
    SELECT jsonb_agg(jsonb_build_object('id', context.prefix || '-' || c.id, 'heading', c.heading, 'body', c.body) ORDER BY c.place)
    INTO chapters
    FROM (VALUES
        (1, 'account', 'Statement of account', own.chapter),
        (2, 'energy', 'Energy and prices', CASE WHEN is_reader THEN smartgrid.report_energy_chapter(context, participants.storages) END),
        (3, 'metering', CASE WHEN context.own IS NULL THEN 'Metered community' ELSE 'Metered energy' END, smartgrid.report_metering_chapter(context)),
        (4, 'participants', 'Participants', participants.chapter),
        (5, 'trades', 'Trades between members', CASE WHEN is_reader THEN smartgrid.report_trades_chapter(context) END),
        (6, 'figures', 'Key figures', CASE WHEN context.whole THEN smartgrid.report_kpi_table(context, kpis) END),
        (7, 'corrections', 'Corrections and payments', CASE WHEN context.whole THEN smartgrid.report_corrections_chapter(context) END),
        (8, 'evidence', 'Evidence', evidence.chapter)
    ) AS c (place, id, heading, body)
    WHERE c.body IS NOT NULL;

    section := smartgrid.report_fill($html$
        <section class="grid" id="{{prefix}}" aria-label="{{grid}}">{{heading}}<p class="pills">{{evidence}}</p>{{now}}{{cards}}{{chapters}}</section>
    $html$, jsonb_build_object('prefix', context.prefix, 'grid', context.grid, 'evidence', evidence.overview, 'now', smartgrid.report_now(context),
        'heading', smartgrid.report_fill(
            CASE WHEN context.single THEN '<h2>{{period}}</h2>' ELSE '<h2>{{grid name}}</h2><p class="lead">{{period}}, {{time_zone}}</p>' END,
            jsonb_build_object('grid', context.grid, 'period', smartgrid.report_period(context.period, context.time_zone), 'time_zone', context.time_zone), context),
        'cards', CASE WHEN context.whole THEN smartgrid.report_kpi_cards(context, kpis) ELSE own.cards END,
        'chapters', smartgrid.report_fill('<h3 id="{{id}}">{{heading}}</h3>{{body}}', chapters)));
    overview := jsonb_build_object('prefix', context.prefix, 'grid', context.grid, 'evidence', evidence.overview)
                || (SELECT jsonb_object_agg(k.key, smartgrid.report_fill('{{figure figure}}', jsonb_build_object('figure', k.value), context))
                    FROM jsonb_each(kpis) AS k WHERE k.key IN ('produced', 'demand', 'self_sufficiency', 'renewable_share', 'revenue'));
END
$$;
COMMENT ON FUNCTION smartgrid.report_grid(smartgrid.report_context, jsonb)
    IS 'a grid''s part of the report: the values of its row in the overview, its section, and its chapters (id, heading)';

CREATE FUNCTION @extschema@.sg_report(period tstzrange DEFAULT NULL, grid text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    span tstzrange := COALESCE(sg_report.period, tstzrange(now() - interval '24 hours', now(), '(]'));
    style CONSTANT smartgrid.report_html := smartgrid.report_style();
    grids record;
    many integer;
    checks jsonb;
    context smartgrid.report_context;
    part record;
    chapters jsonb;
    overview jsonb := '[]';
    sections jsonb[] := '{}';
    zones text[] := '{}';
    shown_zone text;
    title text;
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
    many := COALESCE(cardinality(grids.ids), 0);

    -- Once for all grids, as it costs a pass over the ledger.
    SELECT jsonb_object_agg(c.grid, c.rows) INTO checks
    FROM (SELECT k.grid, jsonb_agg(to_jsonb(k) ORDER BY k.place) AS rows
          FROM @extschema@.sg_check() WITH ORDINALITY AS k (grid, invariant, left_side, right_side, ok, place)
          WHERE k.grid IS NOT NULL
          GROUP BY k.grid) AS c;

    FOR n IN 1 .. many LOOP
        context := smartgrid.report_context(grids.ids[n], span, n, many);
        part := smartgrid.report_grid(context, checks -> context.grid);
        overview := overview || part.overview;
        sections := array_append(sections, jsonb_build_object('section', part.section));
        chapters := part.chapters;
        zones := zones || context.time_zone;
    END LOOP;
    -- Of the page's head: that of all grids, or UTC.
    shown_zone := CASE WHEN zones[1] = ALL (zones) THEN COALESCE(zones[1], 'UTC') ELSE 'UTC' END;
    title := CASE many WHEN 0 THEN 'No grid' WHEN 1 THEN grids.names[1] ELSE many || ' grids' END;

    RETURN E'<!DOCTYPE html>\n' || (smartgrid.report_fill($html$
        <html lang="en"><head><meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{style_hash}}'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/><title>Grid report: {{title}}</title><style>{{style}}</style></head><body>
        <a class="skip" href="#main">To the report</a><header class="top">
        <p class="mark"><svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22">
        <path d="M4,11H18M11,4V18M6,6L16,16M16,6L6,16"/><circle cx="11" cy="11" r="4"/></svg>Grid report</p>
        <h1>{{name}}</h1>
        <dl class="facts"><div><dt>Period</dt><dd>{{first}} &#8211; {{last}}</dd></div>
        <div><dt>Time zone</dt><dd>{{time_zone}}{{other_zones}}</dd></div>{{viewer}}
        <div><dt>Made</dt><dd>{{made}}</dd></div></dl></header>
        <main id="main">{{contents}}{{sections}}{{definitions}}</main>
        <footer><p>Made by smartgrid in the database from the ledger as it was at {{made}} ({{time_zone}}). This page is one file:
        it loads nothing and runs no program.</p></footer></body></html>
    $html$, jsonb_build_object('style', style, 'style_hash', encode(sha256(convert_to(style.html, 'UTF8')), 'base64'), 'title', title,
        'sections', smartgrid.report_fill('{{section}}', to_jsonb(sections)),
        'name', CASE WHEN many = 1 THEN to_jsonb(smartgrid.report_name(title)) ELSE to_jsonb(title) END,
        'first', smartgrid.report_time(lower(span), shown_zone), 'last', smartgrid.report_time(upper(span), shown_zone),
        'made', smartgrid.report_time(now(), shown_zone),
        'time_zone', shown_zone, 'other_zones', CASE WHEN shown_zone = ALL (zones) THEN '' ELSE '; below, that of each grid' END,
        'viewer', smartgrid.report_fill('{{viewer|<div><dt>Shows</dt><dd>|</dd></div>}}',
                      jsonb_build_object('viewer', CASE WHEN many = 1 THEN smartgrid.report_viewer(context) END)),
        'contents', CASE many
            WHEN 0 THEN smartgrid.report_fill('<div class="box"><p>There is no grid that you operate, audit or take part in.</p></div>')
            WHEN 1 THEN smartgrid.report_fill('<nav class="here" aria-label="Chapters"><ul>{{chapters}}</ul></nav>',
                            jsonb_build_object('chapters', smartgrid.report_fill('<li><a href="#{{id}}">{{heading}}</a></li>', chapters)))
            ELSE smartgrid.report_fill('<nav aria-label="Grids"><h2>Overview</h2>{{table}}</nav>', jsonb_build_object('table', smartgrid.report_table(context,
                     smartgrid.report_fill('Each grid leads to its chapter'), 'hnnnnnt',
                     ARRAY['Grid', 'Produced', 'Demand', 'Self-sufficiency', 'Renewable', 'Revenue', 'Evidence'],
                     ARRAY['<a href="#{{prefix}}">{{grid name}}</a>', '{{produced}}', '{{demand}}', '{{self_sufficiency}}', '{{renewable_share}}', '{{revenue}}',
                           '{{evidence}}'], overview))) END,
        -- Once for all grids; a single one has them in its table.
        'definitions', (SELECT smartgrid.report_fill('<section id="definitions"><h2>Definitions</h2><dl class="box">{{kpis}}</dl></section>',
                                   jsonb_build_object('kpis', smartgrid.report_fill('<div><dt>{{kpi}}</dt><dd>{{definition}}</dd></div>',
                                       jsonb_agg(jsonb_build_object('kpi', smartgrid.report_kpi_word(k.kpi), 'definition', k.definition) ORDER BY k.place))))
                        FROM @extschema@.sg_kpis(span, grids.names[1]) WITH ORDINALITY AS k (kpi, value, unit, at, definition, place)
                        WHERE many > 1 AND grids.ids && smartgrid.readable_grids()
                        HAVING count(*) > 0)))).html;
END
$$;
COMMENT ON FUNCTION @extschema@.sg_report(tstzrange, text)
    IS 'a report of a period (NULL: the last 24 hours) as one HTML page: of a grid, or (NULL) of every grid that the caller reads in full or takes part in; a member''s has the member''s own figures';
