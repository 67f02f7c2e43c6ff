-- The report page: templates, and the filler that escapes.

CREATE FUNCTION smartgrid.report_piece(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE jsonb_typeof(value) WHEN 'string' THEN smartgrid.report_escape(value #>> '{}')
                                    WHEN 'object' THEN value ->> 'html'
                                    WHEN 'number' THEN value #>> '{}'
                                    WHEN 'null' THEN '' END;
END;
COMMENT ON FUNCTION smartgrid.report_piece(jsonb)
    IS 'a value of a filling as HTML: text escaped, a number and a report_html as they are, null as nothing; NULL for all else';

/*
 * A template is a constant that has names in braces: {{name}}, or {{name format}} with a format of report_show().  fillings is
 * an object that has a value for each; without a format: text, which is escaped, a number, a report_html, which is taken as it
 * is, or null, which is nothing.  Or it is an array of such objects, and the template is filled once for each.  Values are made
 * by to_jsonb() and jsonb_build_object() of what they are; none is ever filled itself, whatever is in it.
 *
 * {{name|before|after}} and {{name format|before|after}} are a value with something before and after it, or none of that if the
 * value is null or not there.
 *
 * A template may be broken over lines: a line break with the indentation after it is nothing beside a tag, and else a blank.
 */
CREATE FUNCTION smartgrid.report_fill(template text, fillings jsonb DEFAULT '{}', context smartgrid.report_context DEFAULT NULL) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[];
    width integer;
    last integer;
    mark text;
    name text;
    format text;
    decimals integer;
    unit text;
    optional boolean;
    before text;
    behind text;
    beyond text;
    pieces text[] := '{}';
BEGIN
    IF template IS NULL OR fillings IS NULL THEN
        RETURN NULL;
    ELSIF strpos(template, E'\n ') > 0 THEN
        template := regexp_replace(regexp_replace(btrim(template, E' \n'), '(>)\s*\n +|\s*\n +(<)', '\1\2', 'g'), '\s*\n +', ' ', 'g');
    END IF;
    IF jsonb_typeof(fillings) = 'object' THEN
        fillings := jsonb_build_array(fillings);
    END IF;
    last := jsonb_array_length(fillings) - 1;
    -- What is before the first mark, and then each mark with what is behind it.
    parts := string_to_array(template, '{{');
    width := greatest(cardinality(parts), 1);
    FOR n IN 0 .. last LOOP
        pieces[n * width + 1] := COALESCE(parts[1], '');
    END LOOP;
    FOR m IN 2 .. width LOOP
        mark := split_part(parts[m], '}}', 1);
        behind := substr(parts[m], length(mark) + 3);
        optional := strpos(mark, '|') > 0;
        before := split_part(mark, '|', 2);
        beyond := split_part(mark, '|', 3) || behind;
        mark := split_part(mark, '|', 1);
        name := split_part(mark, ' ', 1);
        format := split_part(mark, ' ', 2);
        decimals := smartgrid.report_fixed(format, context);
        unit := smartgrid.report_unit(format, context);
        IF NOT optional AND NOT fillings -> 0 ? name THEN
            RAISE EXCEPTION 'a template of the report has no value for "%"', name USING ERRCODE = 'invalid_parameter_value', DETAIL = template;
        END IF;
        FOR n IN 0 .. last LOOP
            pieces[n * width + m] := CASE
                WHEN optional AND fillings -> n ->> name IS NULL THEN behind
                WHEN format = '' THEN before || smartgrid.report_piece(fillings -> n -> name) || beyond
                WHEN decimals IS NULL THEN before || (smartgrid.report_show(fillings -> n -> name, format, fillings -> n, context)).html || beyond
                ELSE before || (smartgrid.report_with_unit(smartgrid.report_number((fillings -> n ->> name)::numeric, decimals), unit)).html || beyond END;
        END LOOP;
    END LOOP;
    IF array_position(pieces, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'the report makes no HTML of a value for "%"', split_part(parts[(array_position(pieces, NULL) - 1) % width + 1], '}}', 1)
            USING ERRCODE = 'invalid_parameter_value', DETAIL = template, HINT = 'Without a format it has to be text, a number, a report_html or null.';
    END IF;
    RETURN CASE WHEN last >= 0 THEN ROW(array_to_string(pieces, ''))::smartgrid.report_html END;
END
$$;
COMMENT ON FUNCTION smartgrid.report_fill(text, jsonb, smartgrid.report_context)
    IS 'a template filled with values by name, escaped unless they are report_html; once for each object of an array, NULL if there is none; context: for formats';
