-- What energy types stand for: which are renewable, and how much CO2 a kWh stands for.

-- What a grid has instead of the defaults.
CREATE TABLE smartgrid.energy_type_factor (
    grid_id integer NOT NULL,
    energy_type smallint NOT NULL CHECK (smartgrid.energy_type_name(energy_type) IS NOT NULL),
    renewable boolean NOT NULL,
    co2_g_per_kwh numeric NOT NULL CHECK (co2_g_per_kwh >= 0 AND co2_g_per_kwh < 'Infinity'),
    source text NOT NULL CHECK (source <> ''),
    PRIMARY KEY (grid_id, energy_type)
);
COMMENT ON TABLE smartgrid.energy_type_factor IS 'what an energy type stands for in a grid that has other figures than the defaults';
COMMENT ON COLUMN smartgrid.energy_type_factor.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.energy_type_factor.energy_type IS 'code of the energy type, see smartgrid.energy_type_name()';
COMMENT ON COLUMN smartgrid.energy_type_factor.renewable IS 'whether it is renewable';
COMMENT ON COLUMN smartgrid.energy_type_factor.co2_g_per_kwh IS 'greenhouse gases, g CO2-equivalent per kWh';
COMMENT ON COLUMN smartgrid.energy_type_factor.source IS 'where the figures are from';

ALTER TABLE smartgrid.energy_type_factor ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.energy_type_factor FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.energy_type_factor IS 'what a grid counts with is public';

CREATE FUNCTION smartgrid.default_energy_types(OUT energy_type smallint, OUT renewable boolean, OUT co2_g_per_kwh numeric, OUT source text)
    RETURNS SETOF record
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 7 AS 'MODULE_PATHNAME', 'sg_default_energy_types';
COMMENT ON FUNCTION smartgrid.default_energy_types() IS 'what energy types stand for where a grid has no figures of its own: g CO2-equivalent per kWh';

CREATE FUNCTION smartgrid.set_energy_type(grid_id integer, energy_type smallint, renewable boolean, co2_g_per_kwh numeric, source text) RETURNS void
    LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
    INSERT INTO smartgrid.energy_type_factor AS f (grid_id, energy_type, renewable, co2_g_per_kwh, source)
    SELECT set_energy_type.grid_id, d.energy_type,
           COALESCE(set_energy_type.renewable, o.renewable, d.renewable),
           COALESCE(set_energy_type.co2_g_per_kwh, o.co2_g_per_kwh, d.co2_g_per_kwh),
           CASE WHEN set_energy_type.source IS NOT NULL THEN set_energy_type.source
                WHEN COALESCE(set_energy_type.co2_g_per_kwh, o.co2_g_per_kwh, d.co2_g_per_kwh) = d.co2_g_per_kwh THEN d.source
                WHEN set_energy_type.co2_g_per_kwh <> COALESCE(o.co2_g_per_kwh, d.co2_g_per_kwh) THEN 'operator'
                ELSE COALESCE(o.source, d.source) END
    FROM smartgrid.default_energy_types() AS d
         LEFT JOIN smartgrid.energy_type_factor AS o ON o.grid_id = set_energy_type.grid_id AND o.energy_type = d.energy_type
    WHERE d.energy_type = set_energy_type.energy_type
    ON CONFLICT ON CONSTRAINT energy_type_factor_pkey
        DO UPDATE SET renewable = EXCLUDED.renewable, co2_g_per_kwh = EXCLUDED.co2_g_per_kwh, source = EXCLUDED.source;
    DELETE FROM smartgrid.energy_type_factor AS f
    USING smartgrid.default_energy_types() AS d
    WHERE f.grid_id = set_energy_type.grid_id AND f.energy_type = set_energy_type.energy_type AND d.energy_type = f.energy_type
          AND (f.renewable, f.co2_g_per_kwh, f.source) = (d.renewable, d.co2_g_per_kwh, d.source);
END;
COMMENT ON FUNCTION smartgrid.set_energy_type(integer, smallint, boolean, numeric, text)
    IS 'sets what an energy type stands for in a grid, NULL keeps; a changed figure without a source is the operator''s; what equals the default is no row';

CREATE FUNCTION smartgrid.energy_types(grid_id integer,
    OUT energy_type smallint, OUT renewable boolean, OUT co2_g_per_kwh numeric, OUT source text, OUT is_default boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
    SELECT d.energy_type, COALESCE(f.renewable, d.renewable), COALESCE(f.co2_g_per_kwh, d.co2_g_per_kwh),
           COALESCE(f.source, d.source), f.grid_id IS NULL
    FROM smartgrid.default_energy_types() AS d
         LEFT JOIN smartgrid.energy_type_factor AS f ON f.grid_id = energy_types.grid_id AND f.energy_type = d.energy_type
    ORDER BY d.energy_type;
END;
COMMENT ON FUNCTION smartgrid.energy_types(integer) IS 'what energy types stand for in a grid: g CO2-equivalent per kWh';

CREATE FUNCTION @extschema@.sg_set_energy_type(
    energy_type text, renewable boolean DEFAULT NULL, co2_g_per_kwh numeric DEFAULT NULL, source text DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_energy_type';
COMMENT ON FUNCTION @extschema@.sg_set_energy_type(text, boolean, numeric, text)
    IS 'sets whether an energy type is renewable in the current grid and its g CO2-equivalent per kWh, with the source of the figures; NULL keeps (operator)';

CREATE VIEW @extschema@.sg_energy_types WITH (security_invoker = true) AS
SELECT g.name AS grid, smartgrid.energy_type_name(t.energy_type) AS energy_type, t.renewable, t.co2_g_per_kwh, t.source, t.is_default
FROM smartgrid.grid AS g CROSS JOIN LATERAL smartgrid.energy_types(g.grid_id) AS t;
COMMENT ON VIEW @extschema@.sg_energy_types IS 'what energy types stand for in each grid';
COMMENT ON COLUMN @extschema@.sg_energy_types.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_energy_types.energy_type IS '@types:or@ (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_energy_types.renewable IS 'whether it is renewable';
COMMENT ON COLUMN @extschema@.sg_energy_types.co2_g_per_kwh IS 'greenhouse gases, g CO2-equivalent per kWh';
COMMENT ON COLUMN @extschema@.sg_energy_types.source IS 'where the figures are from';
COMMENT ON COLUMN @extschema@.sg_energy_types.is_default IS 'whether the grid has the default figures';
