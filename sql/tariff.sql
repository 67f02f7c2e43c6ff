-- Tariffs: dated and versioned lists of components.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_create_grid('valley');
TABLE sg_tariffs;

-- Versions: each holds until the next later change on record.
SELECT sg_set_tariff('village', '2024-01-01', '[{"name": "Energy", "of": "covered", "price": 0.151}]', for_all => true);
SELECT sg_set_tariff('village', '2025-01-01', '[{"name": "Energy", "of": "covered", "price": 0.16}]', '{"gross": true, "currency": "XXX"}');
SELECT sg_set_tariff('village', '2024-07-01', '[{"name": "Energy", "of": "covered", "price": 0.155}]');
SELECT grid, tariff, version, gross, components, valid_from, valid_to FROM sg_tariffs;
SELECT version, gross, components -> 0 ->> 'price' AS price, valid_from, valid_to FROM sg_tariff_versions WHERE superseded_at IS NULL ORDER BY valid_from;
-- Again: nothing is recorded; numbers are compared as numbers, keys in any order. Another one takes its place.
SELECT count(*) FROM sg_tariff_versions \gset
SELECT sg_set_tariff('village', '2024-07-01', '[{"price": 0.1550, "of": "covered", "name": "Energy"}]', for_all => true);
SELECT count(*) = :count AS unchanged FROM sg_tariff_versions;
SELECT sg_set_tariff('village', '2024-07-01', '[{"name": "Energy", "of": "covered", "price": 0.156}]');
SELECT version, components -> 0 ->> 'price' AS price, valid_from, valid_to, superseded_at IS NULL AS on_record FROM sg_tariff_versions ORDER BY recorded_at, valid_from;
-- Each grid has its own.
SET smartgrid.grid = 'valley';
SELECT sg_set_tariff('village', '2024-01-01 00:00Z', '[{"name": "Energy", "price": 0.1}]');
RESET smartgrid.grid;
SELECT grid, tariff, version FROM sg_tariffs ORDER BY grid;

-- What is refused.
SELECT sg_set_tariff(NULL, '2024-01-01', '[{"name": "A", "price": 1}]');
SELECT sg_set_tariff('', '2024-01-01', '[{"name": "A", "price": 1}]');
SELECT sg_set_tariff('t', NULL, '[{"name": "A", "price": 1}]');
SELECT sg_set_tariff('t', '2024-01-01', NULL);
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', NULL);
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', '[]');
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', '{"net": true}');
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', '{"gross": 1}');
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', '{"currency": "EURO"}');
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', '{"currency": "EUR"}');
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', for_all => NULL);
SELECT sg_set_tariff('t', '2024-01-01', '[{"name": "A", "price": 1}]', correct => NULL);
SELECT sg_set_tariff('t', '2024-01-01 00:00Z', '[{"name": "A", "price": 1}]');
SELECT sg_set_tariff('t', '2024-01-01 00:15', '[{"name": "A", "price": 1}]');
SELECT sg_set_tariff('t', 'infinity', '[{"name": "A", "price": 1}]');

-- One version for each moment, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.tariff_version SELECT * FROM smartgrid.tariff_version WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.tariff_version SET valid_to = 'infinity' WHERE superseded_at = 'infinity' AND valid_to < 'infinity';
\set VERBOSITY default

DROP EXTENSION smartgrid;
