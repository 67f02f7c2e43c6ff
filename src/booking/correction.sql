-- Correcting readings.

CREATE FUNCTION @extschema@.sg_correct_reading(entry_id bigint, amount bigint, reason text) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_correct_reading';
COMMENT ON FUNCTION @extschema@.sg_correct_reading(bigint, bigint, text)
    IS 'takes a production, consumption, charge or discharge back and books amount energy units at its time and price; returns the new entry''s id (operator)';
