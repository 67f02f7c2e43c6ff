-- The packed day: what a metering point measured in the slots of a local day.

CREATE TYPE @extschema@.sg_day;

CREATE FUNCTION smartgrid.day_in(cstring) RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_in';
COMMENT ON FUNCTION smartgrid.day_in(cstring) IS 'input of sg_day: text, 22P02 if it is none';

CREATE FUNCTION smartgrid.day_out(@extschema@.sg_day) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_out';
COMMENT ON FUNCTION smartgrid.day_out(@extschema@.sg_day) IS 'output of sg_day: text, 22P03 if its bytes are damaged';

CREATE FUNCTION smartgrid.day_recv(internal) RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_recv';
COMMENT ON FUNCTION smartgrid.day_recv(internal) IS 'binary input of sg_day: the packed form, 22P03 if it is any other';

CREATE FUNCTION smartgrid.day_send(@extschema@.sg_day) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_send';
COMMENT ON FUNCTION smartgrid.day_send(@extschema@.sg_day) IS 'binary output of sg_day: the packed form, 22P03 if it is damaged';

-- Rows of days are short: moved out of line they would cost more than they do.
CREATE TYPE @extschema@.sg_day (
    INPUT = smartgrid.day_in, OUTPUT = smartgrid.day_out, RECEIVE = smartgrid.day_recv, SEND = smartgrid.day_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = main
);
COMMENT ON TYPE @extschema@.sg_day
    IS 'what a metering point measured in the slots of a local day, energy units, packed, as +01:00 96x15 0,12,13e,-,7 ...: UTC offset of the day''s start, slots x minutes, amounts with the letter of their quality (none: measured, s substituted, e estimated, c calculated, - missing)';

---------------------------------------------------------------------------------------------------------- equality
CREATE FUNCTION smartgrid.day_eq(@extschema@.sg_day, @extschema@.sg_day) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_eq';
COMMENT ON FUNCTION smartgrid.day_eq(@extschema@.sg_day, @extschema@.sg_day) IS 'whether days are the same in offset, slots, amounts and qualities';

CREATE FUNCTION smartgrid.day_ne(@extschema@.sg_day, @extschema@.sg_day) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_ne';
COMMENT ON FUNCTION smartgrid.day_ne(@extschema@.sg_day, @extschema@.sg_day) IS 'whether days differ in offset, slots, amounts or qualities';

CREATE FUNCTION smartgrid.day_hash(@extschema@.sg_day) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_hash';
COMMENT ON FUNCTION smartgrid.day_hash(@extschema@.sg_day) IS 'hash of a day';

CREATE FUNCTION smartgrid.day_hash_extended(@extschema@.sg_day, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_hash_extended';
COMMENT ON FUNCTION smartgrid.day_hash_extended(@extschema@.sg_day, bigint) IS 'hash of a day with a seed';

CREATE OPERATOR @extschema@.= (
    LEFTARG = @extschema@.sg_day, RIGHTARG = @extschema@.sg_day, FUNCTION = smartgrid.day_eq,
    COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.sg_day, @extschema@.sg_day) IS 'whether days are the same in offset, slots, amounts and qualities';

CREATE OPERATOR @extschema@.<> (
    LEFTARG = @extschema@.sg_day, RIGHTARG = @extschema@.sg_day, FUNCTION = smartgrid.day_ne,
    COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=), RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.sg_day, @extschema@.sg_day) IS 'whether days differ in offset, slots, amounts or qualities';

CREATE OPERATOR FAMILY smartgrid.day_equality USING hash;
COMMENT ON OPERATOR FAMILY smartgrid.day_equality USING hash IS 'equality of sg_day';

CREATE OPERATOR CLASS smartgrid.day_equality DEFAULT FOR TYPE @extschema@.sg_day USING hash FAMILY smartgrid.day_equality AS
    OPERATOR 1 @extschema@.=, FUNCTION 1 smartgrid.day_hash(@extschema@.sg_day), FUNCTION 2 smartgrid.day_hash_extended(@extschema@.sg_day, bigint);
COMMENT ON OPERATOR CLASS smartgrid.day_equality USING hash IS 'equality of sg_day, for DISTINCT, GROUP BY and hash joins';

------------------------------------------------------------------------------------------------------------- slots
CREATE FUNCTION @extschema@.sg_day_make(amounts bigint[], qualities text[] DEFAULT NULL,
                                        utc_offset interval DEFAULT '00:00', resolution interval DEFAULT '00:15')
    RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_make';
COMMENT ON FUNCTION @extschema@.sg_day_make(bigint[], text[], interval, interval)
    IS 'a day of 1 to 300 slots of 5, 15, 30 or 60 minutes from amounts, energy units (NULL: missing), and qualities (NULL: measured); utc_offset: of local time from UTC when it starts';

CREATE FUNCTION @extschema@.sg_day_slots(data @extschema@.sg_day) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_slots';
COMMENT ON FUNCTION @extschema@.sg_day_slots(@extschema@.sg_day) IS 'number of slots of a day';

CREATE FUNCTION @extschema@.sg_day_at(data @extschema@.sg_day, slot integer) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_at';
COMMENT ON FUNCTION @extschema@.sg_day_at(@extschema@.sg_day, integer)
    IS 'amount of a slot, counted from 1, energy units; 0 if it is missing, NULL if there is no such slot';

CREATE FUNCTION @extschema@.sg_day_at(data @extschema@.sg_day, day date, at timestamptz) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_at_time';
COMMENT ON FUNCTION @extschema@.sg_day_at(@extschema@.sg_day, date, timestamptz)
    IS 'amount of the slot in which a time is of a day with its date, energy units; 0 if it is missing, NULL if there is no such slot';

CREATE FUNCTION @extschema@.sg_day_quality(data @extschema@.sg_day, slot integer) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_quality';
COMMENT ON FUNCTION @extschema@.sg_day_quality(@extschema@.sg_day, integer)
    IS 'quality of a slot, counted from 1; NULL if there is no such slot';

CREATE FUNCTION @extschema@.sg_day_qualities(data @extschema@.sg_day) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_qualities';
COMMENT ON FUNCTION @extschema@.sg_day_qualities(@extschema@.sg_day) IS 'which qualities the slots of a day have';

CREATE FUNCTION @extschema@.sg_day_sum(data @extschema@.sg_day) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_sum';
COMMENT ON FUNCTION @extschema@.sg_day_sum(@extschema@.sg_day) IS 'sum of the amounts of a day, energy units';

CREATE FUNCTION @extschema@.sg_day_slice(data @extschema@.sg_day, from_slot integer, to_slot integer) RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_slice';
COMMENT ON FUNCTION @extschema@.sg_day_slice(@extschema@.sg_day, integer, integer)
    IS 'the day with all slots missing but those from from_slot to to_slot, counted from 1';

CREATE FUNCTION @extschema@.sg_day_slice(data @extschema@.sg_day, day date, period tstzrange) RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_day_slice_period';
COMMENT ON FUNCTION @extschema@.sg_day_slice(@extschema@.sg_day, date, tstzrange)
    IS 'the day, with its date, with all slots missing but those that are in a period as a whole';

CREATE FUNCTION @extschema@.sg_day_unnest(data @extschema@.sg_day, day date DEFAULT NULL)
    RETURNS TABLE (slot integer, start timestamptz, resolution interval, amount bigint, quality text)
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 96 AS 'MODULE_PATHNAME', 'sg_day_unnest';
COMMENT ON FUNCTION @extschema@.sg_day_unnest(@extschema@.sg_day, date)
    IS 'the slots of a day in rows, amounts in energy units; with the day''s date also when they start';

-------------------------------------------------------------------------------------------------------------- sums
CREATE FUNCTION smartgrid.days_sum_add(internal, @extschema@.sg_day) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_add';
COMMENT ON FUNCTION smartgrid.days_sum_add(internal, @extschema@.sg_day) IS 'adds a day to a sum of days';

CREATE FUNCTION smartgrid.days_sum_add(internal, @extschema@.sg_day, date, tstzrange) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_add_period';
COMMENT ON FUNCTION smartgrid.days_sum_add(internal, @extschema@.sg_day, date, tstzrange) IS 'adds the slots of a day that are in a period to a sum of days';

CREATE FUNCTION smartgrid.days_sum_combine(internal, internal) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_combine';
COMMENT ON FUNCTION smartgrid.days_sum_combine(internal, internal) IS 'adds two sums of days';

CREATE FUNCTION smartgrid.days_sum_serialize(internal) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_serialize';
COMMENT ON FUNCTION smartgrid.days_sum_serialize(internal) IS 'a sum of days as bytes, from one process to another';

CREATE FUNCTION smartgrid.days_sum_deserialize(bytea, internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_deserialize';
COMMENT ON FUNCTION smartgrid.days_sum_deserialize(bytea, internal) IS 'a sum of days of such bytes';

CREATE FUNCTION smartgrid.days_sum_result(internal) RETURNS bigint
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_sum_result';
COMMENT ON FUNCTION smartgrid.days_sum_result(internal) IS 'the sum, energy units';

CREATE AGGREGATE @extschema@.sg_days_sum(data @extschema@.sg_day) (
    SFUNC = smartgrid.days_sum_add, STYPE = internal, SSPACE = 16, FINALFUNC = smartgrid.days_sum_result,
    COMBINEFUNC = smartgrid.days_sum_combine, SERIALFUNC = smartgrid.days_sum_serialize, DESERIALFUNC = smartgrid.days_sum_deserialize,
    PARALLEL = safe
);
COMMENT ON AGGREGATE @extschema@.sg_days_sum(@extschema@.sg_day) IS 'sum of all slots of days, energy units';

CREATE AGGREGATE @extschema@.sg_days_sum(data @extschema@.sg_day, day date, period tstzrange) (
    SFUNC = smartgrid.days_sum_add, STYPE = internal, SSPACE = 16, FINALFUNC = smartgrid.days_sum_result,
    COMBINEFUNC = smartgrid.days_sum_combine, SERIALFUNC = smartgrid.days_sum_serialize, DESERIALFUNC = smartgrid.days_sum_deserialize,
    PARALLEL = safe
);
COMMENT ON AGGREGATE @extschema@.sg_days_sum(@extschema@.sg_day, date, tstzrange)
    IS 'sum of the slots of days, with their dates, that are in a period as a whole, energy units';

CREATE FUNCTION smartgrid.days_by_slot_add(internal, @extschema@.sg_day) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_by_slot_add';
COMMENT ON FUNCTION smartgrid.days_by_slot_add(internal, @extschema@.sg_day) IS 'adds a day to sums by slot';

CREATE FUNCTION smartgrid.days_by_slot_combine(internal, internal) RETURNS internal
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_by_slot_combine';
COMMENT ON FUNCTION smartgrid.days_by_slot_combine(internal, internal) IS 'adds sums by slot to others';

CREATE FUNCTION smartgrid.days_by_slot_serialize(internal) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_by_slot_serialize';
COMMENT ON FUNCTION smartgrid.days_by_slot_serialize(internal) IS 'sums by slot as bytes, from one process to another';

CREATE FUNCTION smartgrid.days_by_slot_deserialize(bytea, internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_by_slot_deserialize';
COMMENT ON FUNCTION smartgrid.days_by_slot_deserialize(bytea, internal) IS 'sums by slot of such bytes';

CREATE FUNCTION smartgrid.days_by_slot_result(internal) RETURNS @extschema@.sg_day
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_by_slot_result';
COMMENT ON FUNCTION smartgrid.days_by_slot_result(internal) IS 'the day of the sums, energy units';

CREATE AGGREGATE @extschema@.sg_days_by_slot(data @extschema@.sg_day) (
    SFUNC = smartgrid.days_by_slot_add, STYPE = internal, SSPACE = 5248, FINALFUNC = smartgrid.days_by_slot_result,
    COMBINEFUNC = smartgrid.days_by_slot_combine, SERIALFUNC = smartgrid.days_by_slot_serialize,
    DESERIALFUNC = smartgrid.days_by_slot_deserialize, PARALLEL = safe
);
COMMENT ON AGGREGATE @extschema@.sg_days_by_slot(@extschema@.sg_day)
    IS 'sum of days of one date and resolution slot by slot, energy units, with the quality of each sum in one word';

CREATE FUNCTION smartgrid.days_qualities_add(integer, @extschema@.sg_day) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_qualities_add';
COMMENT ON FUNCTION smartgrid.days_qualities_add(integer, @extschema@.sg_day) IS 'adds the qualities of a day to a set';

CREATE FUNCTION smartgrid.days_qualities_result(integer) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_days_qualities_result';
COMMENT ON FUNCTION smartgrid.days_qualities_result(integer) IS 'the set of qualities';

CREATE AGGREGATE @extschema@.sg_days_qualities(data @extschema@.sg_day) (
    SFUNC = smartgrid.days_qualities_add, STYPE = integer, INITCOND = '0', FINALFUNC = smartgrid.days_qualities_result,
    COMBINEFUNC = pg_catalog.int4or, PARALLEL = safe
);
COMMENT ON AGGREGATE @extschema@.sg_days_qualities(@extschema@.sg_day) IS 'which qualities the slots of days have';
