-- Energy types.

CREATE FUNCTION smartgrid.energy_type_name(energy_type smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_energy_type_name';
COMMENT ON FUNCTION smartgrid.energy_type_name(smallint) IS 'name of an energy type: @types@';
