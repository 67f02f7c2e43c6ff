-- The energy types of producers.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

-- By code; codes are stored, so that none may ever mean another.
SELECT code, smartgrid.energy_type_name(code::smallint) FROM generate_series(-1, 6) AS code;
SELECT smartgrid.energy_type_name(32767::smallint) IS NULL AS none, smartgrid.energy_type_name(NULL) IS NULL AS none;
-- Each may be registered.
SELECT set_config('smartgrid.principal', 'p' || code, false), sg_register_producer(10, smartgrid.energy_type_name(code::smallint))
FROM generate_series(0, 6) AS code;
SELECT principal, energy_type FROM sg_producer_directory ORDER BY principal COLLATE "C";
SET smartgrid.principal = 'other';
SELECT sg_register_producer(10, 'coal');
SELECT sg_register_producer(10, 'SOLAR');
SELECT sg_register_producer(10, '');

DROP EXTENSION smartgrid;
