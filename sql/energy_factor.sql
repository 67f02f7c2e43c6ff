-- What energy types stand for: renewables and CO2.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_member;
SELECT sg_create_grid('north');
SELECT energy_type, renewable, co2_g_per_kwh, source FROM sg_energy_types WHERE grid = 'default' ORDER BY energy_type COLLATE "C";

-- What a grid counts with instead; NULL keeps, and a source is that of its figure.
SELECT sg_set_energy_type('biomass', false, 300, 'plant');
SELECT sg_set_energy_type('wind', co2_g_per_kwh => 9.5);
SELECT sg_set_energy_type('nuclear', true);
SELECT sg_set_energy_type('solar', source => 'measured');
CREATE VIEW pg_temp.own AS
SELECT grid, energy_type, renewable, co2_g_per_kwh, left(source, 20) AS source FROM sg_energy_types
WHERE energy_type IN ('biomass', 'wind', 'nuclear', 'solar') ORDER BY grid, energy_type COLLATE "C";
SELECT * FROM pg_temp.own;
SELECT sg_set_energy_type('biomass', co2_g_per_kwh => 310);
SELECT sg_set_energy_type('wind', co2_g_per_kwh => 11);
SELECT sg_set_energy_type('nuclear', false);
SELECT * FROM pg_temp.own WHERE grid = 'default';
-- What is set to the defaults is no override any more.
SELECT grid_id, smartgrid.energy_type_name(energy_type), renewable, co2_g_per_kwh, source FROM smartgrid.energy_type_factor ORDER BY energy_type;

SELECT sg_set_energy_type('coal', false);
SELECT sg_set_energy_type(NULL, false);
SELECT sg_set_energy_type('wind', co2_g_per_kwh => -1);
SELECT sg_set_energy_type('wind', co2_g_per_kwh => 'NaN');
SELECT sg_set_energy_type('wind', source => '');
SET ROLE regress_member;
SELECT sg_set_energy_type('wind', true);
RESET ROLE;

DROP VIEW pg_temp.own;
DROP EXTENSION smartgrid;
DROP ROLE regress_member;
