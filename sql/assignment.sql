-- To whom tariffs are assigned: dated and versioned.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SELECT sg_set_time_zone('Europe/Vienna');
-- To whom: a point goes before its owner, that before the grid.
SELECT sg_set_point('C1', '2024-01-01', 'anna', 'consumption'), sg_set_point('C2', '2024-01-01', 'bert', 'consumption');
SELECT sg_set_tariff('village', '2024-01-01', '[{"name": "Energy", "price": 0.1}]', for_all => true);
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

-- What is refused.
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

-- One assignment for each moment, whoever writes it; not of both.
\set VERBOSITY sqlstate
UPDATE smartgrid.assignment SET valid_to = 'infinity', valid_from = '2000-01-01' WHERE superseded_at = 'infinity' AND assignee_id = 3;
UPDATE smartgrid.assignment SET quantity = 0;
UPDATE smartgrid.assignee SET participant_id = 1;
\set VERBOSITY default

DROP EXTENSION smartgrid;
