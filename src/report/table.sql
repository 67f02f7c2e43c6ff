-- The report page: tables and cards.

-- Each column has a letter in formats (h a heading of its row, t text, n a number, b a bar), a heading and a cell, which are
-- templates: headings of {{currency}}, cells of a row's values.
CREATE FUNCTION smartgrid.report_table(context smartgrid.report_context, caption smartgrid.report_html, formats text, headings text[], cells text[],
    table_rows jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    head text := '';
    line text := '';
    body smartgrid.report_html;
BEGIN
    FOR n IN 1 .. length(formats) LOOP
        head := head || CASE substr(formats, n, 1) WHEN 'n' THEN '<th scope="col" class="n">' WHEN 'b' THEN '<th scope="col" class="b">' ELSE '<th scope="col">' END
                     || headings[n] || '</th>';
        line := line || CASE substr(formats, n, 1) WHEN 'h' THEN '<th scope="row">' || cells[n] || '</th>' WHEN 'n' THEN '<td class="n">' || cells[n] || '</td>'
                                                   WHEN 'b' THEN '<td class="b">' || cells[n] || '</td>' ELSE '<td>' || cells[n] || '</td>' END;
    END LOOP;
    body := smartgrid.report_fill('<tr>' || line || '</tr>', table_rows, context);
    -- Long numbers may be broken at their thousands, which the style sheet allows in print.
    IF body.html ~ '(,[0-9]{3}){2}' THEN
        body.html := regexp_replace(body.html, ',([0-9]{3})', ',<wbr/>\1', 'g');
    END IF;
    RETURN smartgrid.report_fill(
        '<div class="table"><table><caption>{{caption}}</caption><thead><tr>{{headings}}</tr></thead><tbody>{{rows}}</tbody></table></div>',
        CASE WHEN body IS NOT NULL THEN jsonb_build_object('caption', caption, 'rows', body,
            'headings', smartgrid.report_fill(head, jsonb_build_object('currency', smartgrid.report_currency(context)))) END);
END
$$;
COMMENT ON FUNCTION smartgrid.report_table(smartgrid.report_context, smartgrid.report_html, text, text[], text[], jsonb)
    IS 'a table: caption, formats, headings and cells of its columns, and an object of values for each row; NULL without rows';

CREATE FUNCTION smartgrid.report_cards(context smartgrid.report_context, cards jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_fill('<ul class="cards">{{cards}}</ul>', jsonb_build_object(
        'cards', smartgrid.report_fill('<li><b>{{label}}</b><strong>{{figure card}}</strong>{{note|<span>|</span>}}</li>', cards, context)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_cards(smartgrid.report_context, jsonb)
    IS 'cards with one figure each: an array of objects with label, figure (value and unit) and note (null: none)';

CREATE FUNCTION smartgrid.report_pill(class text, words text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<span class="pill {{class}}">{{words}}</span>', jsonb_build_object('class', class, 'words', words));
END;
COMMENT ON FUNCTION smartgrid.report_pill(text, text) IS 'a short verdict: good, warn or bad, and its words';
