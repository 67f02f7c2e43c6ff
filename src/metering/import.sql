-- Importing files of meter readings.

CREATE FUNCTION @extschema@.sg_import(content text, format text, options jsonb DEFAULT '{}')
    RETURNS TABLE (line integer, point text, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_import';
COMMENT ON FUNCTION @extschema@.sg_import(text, text, jsonb)
    IS 'loads the readings of a file, of one of the formats that the documentation lists, and returns the lines that were refused (operator, gateway)';
