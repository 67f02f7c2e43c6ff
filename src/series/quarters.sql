-- Quarter-hours.

-- date_bin() of some minor releases is wrong before its origin.
CREATE FUNCTION smartgrid.quarter_hour(at timestamptz) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_quarter_hour';
COMMENT ON FUNCTION smartgrid.quarter_hour(timestamptz) IS 'the start of the quarter-hour of a time';
