-- What the community produced, consumed and shared (doc/reference/settlement.md#community).

CREATE FUNCTION @extschema@.sg_community(period tstzrange, bucket interval DEFAULT '1 month', as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (start timestamptz, produced bigint, consumed bigint, covered bigint, surplus bigint, self_consumption numeric,
                   self_sufficiency numeric)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_community';
COMMENT ON FUNCTION @extschema@.sg_community(tstzrange, interval, timestamptz)
    IS 'what the community produced, consumed and shared in each bucket of a period, energy units and percent: all slots for operators of the grid and auditors, for participants those in which at least five owners took part';
