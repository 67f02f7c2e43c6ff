-- Grids made and changed.

CREATE FUNCTION @extschema@.sg_create_grid(
    name text,
    operator_role text DEFAULT 'smartgrid_operator',
    base_price bigint DEFAULT 100,
    energy_scale integer DEFAULT 0,
    money_scale integer DEFAULT 0,
    currency text DEFAULT 'XXX',
    low_watermark numeric DEFAULT 20,
    high_watermark numeric DEFAULT 80,
    max_topup bigint DEFAULT 1000000,
    stripes integer DEFAULT 64,
    registration text DEFAULT 'open',
    max_amount bigint DEFAULT 1000000000000000,
    price_rule text DEFAULT 'load'
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_create_grid';
COMMENT ON FUNCTION @extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer, text, bigint, text)
    IS 'creates a grid; base_price in money units per kWh, watermarks in percent, max_topup in money units, max_amount in energy units or money units per kWh (members of smartgrid_operator)';

CREATE FUNCTION @extschema@.sg_alter_grid(
    name text,
    operator_role text DEFAULT NULL,
    base_price bigint DEFAULT NULL,
    energy_scale integer DEFAULT NULL,
    money_scale integer DEFAULT NULL,
    currency text DEFAULT NULL,
    low_watermark numeric DEFAULT NULL,
    high_watermark numeric DEFAULT NULL,
    max_topup bigint DEFAULT NULL,
    stripes integer DEFAULT NULL,
    registration text DEFAULT NULL,
    max_amount bigint DEFAULT NULL,
    price_rule text DEFAULT NULL
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_alter_grid';
COMMENT ON FUNCTION @extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer, text, bigint, text)
    IS 'changes a grid, NULL keeps; base_price in money units per kWh, watermarks in percent, max_topup in money units, max_amount in energy units or money units per kWh (members of smartgrid_operator)';
