-- Setting and reading the time zone of the current grid.

CREATE FUNCTION @extschema@.sg_set_time_zone(time_zone text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_time_zone';
COMMENT ON FUNCTION @extschema@.sg_set_time_zone(text)
    IS 'sets the time zone whose days and months the figures of the current grid are summed by, as Europe/Berlin (operator)';

CREATE FUNCTION @extschema@.sg_time_zone() RETURNS text
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_time_zone';
COMMENT ON FUNCTION @extschema@.sg_time_zone() IS 'the time zone of the current grid; UTC where none was set';
