-- Exporting what points measured.

CREATE FUNCTION @extschema@.sg_export(format text, period tstzrange, points text[] DEFAULT NULL, as_of timestamptz DEFAULT NULL)
    RETURNS SETOF text
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10000 AS 'MODULE_PATHNAME', 'sg_export';
COMMENT ON FUNCTION @extschema@.sg_export(text, tstzrange, text[], timestamptz)
    IS 'what metering points measured in the slots that begin within a period, as lines of a file in one of the formats that the documentation lists, which sg_import() reads: all for operators of the grid and auditors, for anybody else the slots of which it was the owner';
