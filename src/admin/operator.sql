-- What the operator sets: base price and emergency mode.

CREATE FUNCTION @extschema@.sg_set_base_price(new_price bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_base_price';
COMMENT ON FUNCTION @extschema@.sg_set_base_price(bigint) IS 'sets the base price, money units per kWh (operator)';

CREATE FUNCTION @extschema@.sg_toggle_emergency_mode() RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_toggle_emergency_mode';
COMMENT ON FUNCTION @extschema@.sg_toggle_emergency_mode() IS 'turns emergency mode on or off and returns the new state (operator)';
