-- Payments by bank.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;

SET smartgrid.principal = 'hut';
SELECT sg_register_storage(1000, 10, 10);
SELECT sg_record_payment(NULL, 1, 'a');
SELECT sg_record_payment('hut', NULL, 'a');
SELECT sg_record_payment('hut', 1, NULL);
SELECT sg_record_payment('', 1, 'a');
SELECT sg_record_payment('hut', 1, '');
SELECT sg_record_payment('hut', 1, repeat('x', 65));
SET ROLE regress_member;
SELECT sg_record_payment('nobody', 0, 'a');
RESET ROLE;
SELECT sg_record_payment('nobody', 0, 'a');
SELECT sg_record_payment('hut', 0, 'a');
SELECT count(*) FROM smartgrid.payment;
-- Once, whoever says it.
SELECT sg_record_payment('hut', 70, 'a');
SELECT sg_record_payment('hut', 70, 'a');
GRANT smartgrid_gateway TO regress_member;
SET ROLE regress_member;
SELECT sg_record_payment('hut', 70, 'a');
RESET ROLE;
SELECT sg_record_payment('hut', 71, 'a');
SELECT sg_record_payment('hut', -70, 'a');
SELECT sg_record_payment('hut', 0, 'a');
SELECT sg_enrol_producer('mill', 10, 'wind'), sg_record_payment('mill', 70, 'b');
SELECT sg_record_payment('mill', 70, 'a');
SELECT sg_record_payment('mill', -30, repeat('x', 64));
-- It is known by its new name, too.
SELECT sg_rename_participant('mill', 'windmill');
SELECT sg_record_payment('windmill', 70, 'b');
SELECT sg_record_payment('mill', 70, 'b');
-- Keys are those of a grid.
SELECT sg_create_grid('hill');
SET smartgrid.grid = 'hill';
SELECT sg_record_payment('hut', 70, 'a');
SELECT sg_enrol_consumer('hut', 10), sg_record_payment('hut', 5, 'a');
RESET smartgrid.grid;
-- As far as a bigint goes.
SELECT sg_record_payment('hut', 9223372036854775807, 'c');
SELECT sg_record_payment('hut', -9223372036854775807, 'd');
SELECT sg_record_payment('hut', -9223372036854775807, 'e');
SELECT sg_record_payment('hut', -9223372036854775808, 'e');
SELECT sg_record_payment('hut', 9223372036854775737, 'f');
SELECT sg_record_payment('hut', 9223372036854775807, 'g');
SELECT sg_record_payment('hut', 2, 'g');

SELECT grid, participant, due FROM sg_dues ORDER BY grid, participant;
SELECT entry_id, kind, participant, money FROM sg_ledger WHERE kind LIKE 'payment%' ORDER BY entry_id;
SELECT p.key, p.money, p.entry_id FROM smartgrid.payment AS p ORDER BY p.grid_id, p.key;
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok OR invariant ~ 'payment';
BEGIN;
DELETE FROM smartgrid.payment WHERE key = 'b';
UPDATE smartgrid.payment SET money = -money WHERE key = 'd';
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
ROLLBACK;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
