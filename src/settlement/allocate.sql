-- What points got of the community's energy (doc/reference/settlement.md#allocate).

CREATE FUNCTION @extschema@.sg_allocate(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (start timestamptz, point text, owner text, kind text, amount bigint, eligible bigint, share bigint, covered bigint,
                   rest bigint, quality text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100000 AS 'MODULE_PATHNAME', 'sg_allocate';
COMMENT ON FUNCTION @extschema@.sg_allocate(tstzrange, timestamptz)
    IS 'what each metering point got of the community''s energy, a row for each slot that begins within the period, energy units: all of it for operators of the grid and auditors, for anybody else the slots of which it was the owner';

CREATE FUNCTION @extschema@.sg_allocation_sums(period tstzrange, as_of timestamptz DEFAULT NULL)
    RETURNS TABLE (point text, owner text, kind text, slots bigint, amount bigint, eligible bigint, share bigint, covered bigint,
                   rest bigint, qualities text[])
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_allocation_sums';
COMMENT ON FUNCTION @extschema@.sg_allocation_sums(tstzrange, timestamptz)
    IS 'the sums of sg_allocate() by metering point and owner, energy units, without a row for each slot';
