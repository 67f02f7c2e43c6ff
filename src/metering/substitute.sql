-- Values for slots that are missing (src/metering/substitute.h).

CREATE FUNCTION @extschema@.sg_substitute(period tstzrange, method text, points text[] DEFAULT NULL, max_gap interval DEFAULT NULL,
    profile text DEFAULT NULL, quality text DEFAULT 'substituted')
    RETURNS TABLE (point text, start timestamptz, amount bigint, method text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_substitute';
COMMENT ON FUNCTION @extschema@.sg_substitute(tstzrange, text, text[], interval, text, text)
    IS 'fills slots of metering points that are missing in a period, as one batch, which sg_withdraw_batch() takes back: by method zero, linear or last_week; returns what it filled, energy units (gateway, operator)';
