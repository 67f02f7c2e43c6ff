-- The report page: tables and cards.
--
-- Formats have one letter for each column: h a heading of its row, t text, n a number, b a bar.  A row is an array of cells:
-- text, which is escaped, or report_html; a number that is NULL is a dash.

-- Long numbers may be broken at their thousands, which the style sheet allows in print.
CREATE FUNCTION smartgrid.report_cells(formats text, table_rows jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(string_agg(CASE WHEN c.place = 1 THEN '<tr>' ELSE '' END
                          || CASE substr(formats, c.place::integer, 1)
                                 WHEN 'h' THEN '<th scope="row">' || p.html || '</th>'
                                 WHEN 'n' THEN '<td class="n">' || CASE WHEN c.cell = 'null' THEN '&#8211;'
                                                                        WHEN p.html ~ '(,[0-9]{3}){3}' THEN regexp_replace(p.html, ',([0-9]{3})', ',<wbr/>\1', 'g')
                                                                        ELSE p.html END || '</td>'
                                 WHEN 'b' THEN '<td class="b">' || p.html || '</td>'
                                 ELSE '<td>' || p.html || '</td>' END
                          || CASE WHEN c.place = length(formats) THEN '</tr>' ELSE '' END, '' ORDER BY r.place, c.place))::smartgrid.report_html
    FROM jsonb_array_elements(table_rows) WITH ORDINALITY AS r (cells, place)
         CROSS JOIN LATERAL jsonb_array_elements(r.cells) WITH ORDINALITY AS c (cell, place)
         CROSS JOIN LATERAL (SELECT smartgrid.report_piece(c.cell)) AS p (html);
END;
COMMENT ON FUNCTION smartgrid.report_cells(text, jsonb) IS 'rows of a table: the formats of its columns, and an array of cells for each';

CREATE FUNCTION smartgrid.report_table(caption smartgrid.report_html, formats text, headings jsonb, table_rows jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill($html$
               <div class="table"><table><caption>{{caption}}</caption><thead><tr>{{headings}}</tr></thead><tbody>{{rows}}</tbody></table></div>
           $html$, jsonb_build_object('caption', caption, 'rows', smartgrid.report_cells(formats, table_rows), 'headings', smartgrid.report_fill(
               '<th scope="col"{{class}}>{{heading}}</th>',
               jsonb_agg(jsonb_build_object('heading', h.heading, 'class', CASE substr(formats, h.place::integer, 1)
                   WHEN 'n' THEN smartgrid.report_fill(' class="n"') WHEN 'b' THEN smartgrid.report_fill(' class="b"') END) ORDER BY h.place))))
    FROM jsonb_array_elements(headings) WITH ORDINALITY AS h (heading, place)
    HAVING jsonb_array_length(table_rows) > 0;
END;
COMMENT ON FUNCTION smartgrid.report_table(smartgrid.report_html, text, jsonb, jsonb)
    IS 'a table: caption, formats of its columns, headings and rows; NULL without rows';

CREATE FUNCTION smartgrid.report_bar(percent numeric, class text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill($html$
               <svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="rail" width="100" height="8"/>
               <rect class="{{class}}" width="{{width}}" height="8"/></svg>
           $html$, jsonb_build_object('class', class, 'width', trim_scale(round(least(greatest(COALESCE(percent, 0), 0), 100), 1))));
END;
COMMENT ON FUNCTION smartgrid.report_bar(numeric, text) IS 'a bar for a share in percent; the figure itself stands beside it';

CREATE FUNCTION smartgrid.report_card(label smartgrid.report_html, figure smartgrid.report_html, note smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The unit, behind the no-break space, smaller than its figure; a long figure is broken at its thousands.
    SELECT ROW('<li><b>' || (label).html || '</b><strong>'
               || regexp_replace(replace((figure).html, ',', ',<wbr/>'), '&#160;(.*)$', '&#160;<small>\1</small>') || '</strong>'
               || CASE WHEN (note).html <> '' THEN '<span>' || (note).html || '</span>' ELSE '' END || '</li>')::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_card(smartgrid.report_html, smartgrid.report_html, smartgrid.report_html) IS 'a card with one figure';

CREATE FUNCTION smartgrid.report_pill(class text, words text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<span class="pill {{class}}">{{words}}</span>', jsonb_build_object('class', class, 'words', words));
END;
COMMENT ON FUNCTION smartgrid.report_pill(text, text) IS 'a short verdict: good, warn or bad, and its words';
