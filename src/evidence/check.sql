-- The invariants.

CREATE FUNCTION @extschema@.sg_check(OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100000 ROWS 30 AS 'MODULE_PATHNAME', 'sg_check';
COMMENT ON FUNCTION @extschema@.sg_check()
    IS 'every invariant of every grid that the caller may read in full, and of the database, with both sides (energy units, money units or numbers of rows) and whether they agree';
