-- Documents in their forms.

CREATE FUNCTION @extschema@.sg_render_document(number text, format text DEFAULT 'html') RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 100000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    document record;
BEGIN
    IF sg_render_document.number IS NULL OR format IS NULL THEN
        RAISE EXCEPTION '% must not be NULL', CASE WHEN sg_render_document.number IS NULL THEN 'number' ELSE 'format' END USING ERRCODE = 'SG108';
    ELSIF format NOT IN ('html', 'json', 'csv', 'ubl') THEN
        RAISE EXCEPTION 'unknown format "%" of a document', format USING ERRCODE = 'SG108', HINT = 'Use html, json, csv or ubl, in lower case.';
    END IF;
    SELECT d.body, d.body::jsonb AS parsed, d.digest INTO document
    FROM smartgrid.document AS d JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
    WHERE g.name = @extschema@.sg_grid() AND d.number = sg_render_document.number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'document "%" does not exist in grid "%", or is not yours', sg_render_document.number, @extschema@.sg_grid()
            USING ERRCODE = 'SG101', HINT = 'sg_documents shows those that you may see. Check the setting smartgrid.grid.';
    END IF;
    RETURN CASE format WHEN 'html' THEN smartgrid.render_html(document.parsed, encode(document.digest, 'hex'))
                       WHEN 'json' THEN document.body::text
                       WHEN 'csv' THEN smartgrid.render_csv(document.parsed)
                       ELSE smartgrid.render_ubl(document.parsed) END;
END
$$;
COMMENT ON FUNCTION @extschema@.sg_render_document(text, text)
    IS 'a document as it was issued: html, json (which its digest is of), csv (its lines) or ubl (EN 16931); the same text for ever';
