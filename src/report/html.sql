-- The report page: HTML, and what makes text fit for it.
--
-- All source of the report and, in a UTF-8 database, all its output is ASCII: whatever a psql writes the page with, it is
-- what it says in its first line.
--
-- HTML has a type of its own, which no text becomes by itself.  report_fill() makes it, from a template that is a constant
-- and values that it escapes; so do the formats of numbers, times and names (format.sql), with ROW(...)::smartgrid.report_html,
-- the style sheet, and nothing else.

CREATE TYPE smartgrid.report_html AS (html text);
COMMENT ON TYPE smartgrid.report_html IS 'HTML that is ready: report_fill() takes it as it is, and escapes everything else';
COMMENT ON COLUMN smartgrid.report_html.html IS 'elements and text, escaped';

CREATE FUNCTION smartgrid.report_escape(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    escaped text;
BEGIN
    IF value !~ '[^ !#-%(-;=?-~]' THEN
        RETURN value;
    END IF;
    escaped := replace(replace(replace(replace(replace(
        value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
    IF escaped ~ '^[ -~]*$' THEN
        RETURN escaped;
    END IF;
    -- HTML has no control characters, and those that turn the direction of writing make one name look like another: each
    -- is shown as unknown. In UTF-8 the others are written by their number.
    SELECT string_agg(CASE WHEN s.c ~ '[[:cntrl:]]' THEN '&#65533;'
                           WHEN octet_length(s.c) = 1 OR getdatabaseencoding() <> 'UTF8' THEN s.c
                           WHEN ascii(s.c) BETWEEN 8234 AND 8238 OR ascii(s.c) BETWEEN 8294 AND 8297 THEN '&#65533;'
                           ELSE '&#' || ascii(s.c) || ';' END, '' ORDER BY s.place)
    INTO escaped
    FROM string_to_table(escaped, NULL) WITH ORDINALITY AS s (c, place);
    RETURN escaped;
END
$$;
COMMENT ON FUNCTION smartgrid.report_escape(text) IS 'a value as text or attribute of HTML';
