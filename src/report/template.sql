-- The report page: templates, and the filler that escapes.
--
-- All source of the report and, in a UTF-8 database, all its output is ASCII: whatever a psql writes the page with, it is
-- what it says in its first line.
--
-- HTML has a type of its own, which no text becomes by itself.  Functions whose name is no template's (format.sql: numbers,
-- times, names) make it with ROW(...)::smartgrid.report_html; all others get it from report_fill(), whose template is a
-- constant in their source.

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

CREATE FUNCTION smartgrid.report_refuse(value jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the report makes no HTML of %', COALESCE(left(value::text, 100), 'nothing')
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Give report_fill() text, a number, a report_html, null, or an array of those.';
END
$$;
COMMENT ON FUNCTION smartgrid.report_refuse(jsonb) IS 'fails: of this value no HTML can be made';

CREATE FUNCTION smartgrid.report_piece(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE jsonb_typeof(value)
               WHEN 'string' THEN smartgrid.report_escape(value #>> '{}')
               WHEN 'object' THEN CASE WHEN value ? 'html' THEN COALESCE(value ->> 'html', '') ELSE smartgrid.report_refuse(value) END
               WHEN 'number' THEN value #>> '{}'
               WHEN 'null' THEN ''
               ELSE smartgrid.report_refuse(value) END;
END;
COMMENT ON FUNCTION smartgrid.report_piece(jsonb)
    IS 'a JSON value as HTML: text escaped, numbers and a report_html as they are, null as nothing; fails for all else';

/*
 * A template has names in braces: {{name}}.  fillings is an object that has a value for each: text, a number, a report_html,
 * null (nothing), or an array of those, one after the other; or it is an array of such objects, and the template is filled
 * once for each.  Values are made by jsonb_build_object() of what they are; none is ever filled itself, whatever is in it.
 *
 * A template may be broken over lines: a line break with the blanks around it is nothing beside a tag, and else one blank.
 */
CREATE FUNCTION smartgrid.report_fill(template text, fillings jsonb DEFAULT '{}') RETURNS smartgrid.report_html
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[];
    name text;
    filling jsonb;
    value jsonb;
    pieces text[] := '{}';
BEGIN
    IF strpos(template, E'\n') > 0 THEN
        template := regexp_replace(regexp_replace(btrim(template, E' \n'), '(>)\s*\n\s*|\s*\n\s*(<)', '\1\2', 'g'), '\s*\n\s*', ' ', 'g');
    END IF;
    IF jsonb_typeof(fillings) = 'object' THEN
        fillings := jsonb_build_array(fillings);
    END IF;
    -- What is before the first name, and then each name with what is behind it.
    parts := string_to_array(template, '{{');
    FOR n IN 0 .. jsonb_array_length(fillings) - 1 LOOP
        filling := fillings -> n;
        pieces := array_append(pieces, parts[1]);
        FOR m IN 2 .. cardinality(parts) LOOP
            name := split_part(parts[m], '}}', 1);
            value := filling -> name;
            IF value IS NULL THEN
                RAISE EXCEPTION 'a template of the report has no value for "%"', name
                    USING ERRCODE = 'invalid_parameter_value', DETAIL = template, HINT = 'Give it one that report_fill() takes; null is nothing.';
            ELSIF jsonb_typeof(value) = 'array' THEN
                FOR element IN 0 .. jsonb_array_length(value) - 1 LOOP
                    pieces := array_append(pieces, smartgrid.report_piece(value -> element));
                END LOOP;
            ELSE
                pieces := array_append(pieces, smartgrid.report_piece(value));
            END IF;
            pieces := array_append(pieces, substr(parts[m], length(name) + 3));
        END LOOP;
    END LOOP;
    RETURN CASE WHEN cardinality(pieces) > 0 THEN ROW(array_to_string(pieces, ''))::smartgrid.report_html END;
END
$$;
COMMENT ON FUNCTION smartgrid.report_fill(text, jsonb)
    IS 'a template filled with values by name, escaped unless they are report_html; once for each object of an array, NULL if there is none';
