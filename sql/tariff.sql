-- Tariffs: dated and versioned lists of components, to whom they are assigned, and holidays.
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

-- To whom: a point goes before its owner, that before the grid.
SELECT sg_set_point('C1', '2024-01-01', 'anna', 'consumption'), sg_set_point('C2', '2024-01-01', 'bert', 'consumption');
SELECT sg_set_tariff('fee', '2024-01-01', '[{"name": "Meter", "of": "point", "price": 1}]');
SELECT sg_assign_tariff('fee', '2024-01-01'), sg_assign_tariff('fee', '2024-02-01', point => 'C1', quantity => 2.50),
       sg_assign_tariff('fee', '2024-03-01 12:05', participant => 'bert', quantity => 3);
SELECT tariff, point, participant, quantity, exempt, valid_from, valid_to FROM sg_assignments ORDER BY tariff, point, participant;
-- Again: nothing. Another quantity from a later time.
SELECT count(*) FROM sg_assignment_periods \gset
SELECT sg_assign_tariff('fee', '2024-02-01', 'C1', quantity => 2.5);
SELECT count(*) = :count AS unchanged FROM sg_assignment_periods;
SELECT sg_assign_tariff('fee', '2024-06-01', 'C1', quantity => 4);
-- An assignment of one's own ends, with what is on record for later: then the grid's holds. One that has none is exempt.
SELECT sg_unassign_tariff('fee', '2024-05-01', 'C1');
SELECT sg_unassign_tariff('fee', '2024-05-01', 'C1'), sg_unassign_tariff('fee', '2024-04-01', 'C2');
SELECT point, participant, quantity, exempt, valid_from, valid_to FROM sg_assignment_periods WHERE tariff = 'fee' AND superseded_at IS NULL ORDER BY point, participant, valid_from;
-- Exempt until it is assigned again.
SELECT sg_assign_tariff('fee', '2024-09-01', 'C2');
SELECT quantity, exempt, valid_from, valid_to FROM sg_assignment_periods WHERE point = 'C2' AND superseded_at IS NULL ORDER BY valid_from;
-- What is assigned to a point ends with it.
SELECT sg_end_point('C2', '2024-10-01');
SELECT quantity, exempt, valid_from, valid_to FROM sg_assignment_periods WHERE point = 'C2' AND superseded_at IS NULL ORDER BY valid_from;
-- The grid's ends, and is none afterwards.
SELECT sg_unassign_tariff('fee', '2025-01-01');
SELECT sg_unassign_tariff('fee', '2025-01-01');
SELECT quantity, valid_from, valid_to FROM sg_assignment_periods WHERE tariff = 'fee' AND point IS NULL AND participant IS NULL AND superseded_at IS NULL;

-- Holidays: those of the years named are replaced.
SELECT sg_set_holidays('{2024-12-25, 2024-12-26, 2025-01-01, 2024-12-25}');
SELECT sg_set_holidays('{2024-12-26, 2024-05-01}');
SELECT * FROM (SELECT grid, day FROM sg_holidays ORDER BY day) AS h;
SELECT day, superseded_at = 'infinity' AS on_record FROM smartgrid.holiday ORDER BY day;
SELECT sg_set_holidays('{2024-12-26, 2024-05-01}');
SELECT count(*) FROM smartgrid.holiday;

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
SELECT sg_assign_tariff(NULL, '2024-01-01');
SELECT sg_assign_tariff('fee', NULL);
SELECT sg_assign_tariff('fee', '2024-01-01', 'C1', 'anna');
SELECT sg_assign_tariff('fee', '2024-01-01', '');
SELECT sg_assign_tariff('fee', '2024-01-01', participant => '');
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => NULL);
SELECT sg_assign_tariff('fee', '2024-01-01', correct => NULL);
SELECT sg_assign_tariff('gone', '2024-01-01');
SELECT sg_assign_tariff('fee', '2024-01-01', 'C9');
SELECT sg_assign_tariff('fee', '2024-01-01', participant => 'nobody');
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => 0);
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => 'NaN');
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => 'Infinity');
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => 1e15);
SELECT sg_assign_tariff('fee', '2024-01-01', quantity => 0.0000000000001);
SELECT sg_assign_tariff('fee', '2024-01-01 00:01');
SELECT sg_assign_tariff('fee', '-infinity');
SELECT sg_unassign_tariff('fee', NULL);
SELECT sg_unassign_tariff('gone', '2024-01-01');
SELECT sg_unassign_tariff('fee', '2024-01-01 00:01', 'C1');
SELECT sg_set_holidays(NULL);
SELECT sg_set_holidays('{}');
SELECT sg_set_holidays('{NULL}');
SELECT sg_set_holidays('{{2024-01-01}}');
SELECT sg_set_holidays('{2024-01-01}', NULL);
SELECT sg_set_holidays('{infinity}');
SELECT sg_set_holidays('{10000-01-01}');

-- One version, and one assignment, for each moment, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.tariff_version SELECT * FROM smartgrid.tariff_version WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.tariff_version SET valid_to = 'infinity' WHERE superseded_at = 'infinity' AND valid_to < 'infinity';
UPDATE smartgrid.assignment SET valid_to = 'infinity', valid_from = '2000-01-01' WHERE superseded_at = 'infinity' AND assignee_id = 3;
INSERT INTO smartgrid.holiday SELECT grid_id, day, '2000-01-01', superseded_at FROM smartgrid.holiday WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.assignment SET quantity = 0;
UPDATE smartgrid.assignee SET participant_id = 1;
\set VERBOSITY default

DROP EXTENSION smartgrid;
