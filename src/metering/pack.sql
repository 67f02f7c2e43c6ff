-- Packing slots that came one by one (src/metering/pack.h).

CREATE FUNCTION @extschema@.sg_pack_intervals(before date DEFAULT NULL) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_pack_intervals';
COMMENT ON FUNCTION @extschema@.sg_pack_intervals(date)
    IS 'packs the slots that came one by one of local days before a date (NULL: that ended longer than smartgrid.pack_after ago) and returns the number of packed days (gateway, operator)';
