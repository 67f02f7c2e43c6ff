-- Loading intervals (src/metering/load.h).

CREATE FUNCTION @extschema@.sg_post_intervals(points text[], starts timestamptz[], amounts bigint[], qualities text[] DEFAULT NULL,
    label text DEFAULT NULL, replace_with text DEFAULT 'better', accept_spikes boolean DEFAULT false, round boolean DEFAULT false)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_intervals';
COMMENT ON FUNCTION @extschema@.sg_post_intervals(text[], timestamptz[], bigint[], text[], text, text, boolean, boolean)
    IS 'loads what metering points measured, amounts in energy units, as one batch, and returns the rows that were refused (gateway, operator)';

CREATE FUNCTION @extschema@.sg_post_intervals(source regclass, label text DEFAULT NULL, replace_with text DEFAULT 'better',
    accept_spikes boolean DEFAULT false, round boolean DEFAULT false)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_intervals_source';
COMMENT ON FUNCTION @extschema@.sg_post_intervals(regclass, text, text, boolean, boolean)
    IS 'the same for the rows of a table or view with columns point, start, amount (energy units) or kwh, and optionally quality and ord (gateway, operator)';

CREATE FUNCTION @extschema@.sg_post_days(points text[], days date[], amounts text[], qualities text[] DEFAULT NULL,
    label text DEFAULT NULL, replace_with text DEFAULT 'better', accept_spikes boolean DEFAULT false, round boolean DEFAULT false)
    RETURNS TABLE (ord bigint, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_days';
COMMENT ON FUNCTION @extschema@.sg_post_days(text[], date[], text[], text[], text, text, boolean, boolean)
    IS 'the same for whole local days: of each, the amounts of all its slots in energy units, separated by commas (gateway, operator)';
