-- The report page: tables.  Formats have one letter for each column: h a heading of its row, t text, n a number, b a bar.

CREATE FUNCTION smartgrid.report_row(formats text, VARIADIC cells text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<tr>' || string_agg(CASE substr(formats, place::integer, 1)
                                    WHEN 'h' THEN '<th scope="row">' || COALESCE(cell, '') || '</th>'
                                    WHEN 'n' THEN '<td class="n">' || COALESCE(cell, '&#8211;') || '</td>'
                                    WHEN 'b' THEN '<td class="b">' || COALESCE(cell, '') || '</td>'
                                    ELSE '<td>' || COALESCE(cell, '') || '</td>' END, '' ORDER BY place) || '</tr>'
    FROM unnest(cells) WITH ORDINALITY AS u (cell, place);
END;
COMMENT ON FUNCTION smartgrid.report_row(text, text[]) IS 'a row of a table: the formats of its columns, and HTML for each cell';

CREATE FUNCTION smartgrid.report_table(caption text, formats text, headings text[], body text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<div class="table"><table><caption>' || caption || '</caption><thead><tr>'
           || string_agg('<th scope="col"' || CASE substr(formats, place::integer, 1) WHEN 'n' THEN ' class="n"' WHEN 'b' THEN ' class="b"' ELSE '' END
                         || '>' || heading || '</th>', '' ORDER BY place)
           || '</tr></thead><tbody>' || body || '</tbody></table></div>'
    FROM unnest(headings) WITH ORDINALITY AS u (heading, place);
END;
COMMENT ON FUNCTION smartgrid.report_table(text, text, text[], text)
    IS 'a table: caption, formats of the columns, headings and rows; all texts are HTML';

CREATE FUNCTION smartgrid.report_bar(percent numeric, class text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="rail" width="100" height="8"/><rect class="'
           || class || '" width="' || trim_scale(round(least(greatest(COALESCE(percent, 0), 0), 100), 1)) || '" height="8"/></svg>';
END;
COMMENT ON FUNCTION smartgrid.report_bar(numeric, text) IS 'a bar for a share in percent; the figure itself stands beside it';
