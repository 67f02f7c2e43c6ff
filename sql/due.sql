-- What participants owe the grid, and what they pay of it from their balances.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_alter_grid('default', money_scale => 2, currency => 'EUR');

SELECT sg_pay_due(NULL);
SELECT sg_pay_due(1);
SET smartgrid.principal = 'hut';
SELECT sg_pay_due(1);
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 1000);
-- It owes nothing, and has no account of it.
SELECT sg_pay_due(0);
SELECT sg_pay_due(-1);
SELECT sg_pay_due(1);
SELECT * FROM sg_dues;
-- It was paid out what it was not owed: it owes that.
SELECT sg_record_payment('hut', -1500, 'out');
SELECT * FROM sg_dues;
SELECT sg_pay_due(1501);
SELECT sg_pay_due(1001);
SELECT sg_pay_due(400);
SELECT sg_pay_due(600);
SELECT sg_pay_due(1);
SELECT * FROM sg_dues;
SELECT balance FROM sg_consumers;
SELECT sg_deactivate_participant('hut', false);
SELECT sg_pay_due(0);
-- More than it owes came in by bank: the grid owes it.
SELECT sg_record_payment('hut', 700, 'in');
SELECT * FROM sg_dues;

SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about, digest FROM sg_ledger ORDER BY entry_id;
SELECT part, kind, money, balance, due FROM sg_statement('hut', '(,)');
SELECT invariant, left_side, right_side, ok FROM sg_check() WHERE invariant ~ 'due|payment|^money';
SELECT count(*) FROM sg_check() WHERE NOT ok;
SELECT sg_reverse_entry(entry_id, 'wrong') FROM sg_ledger WHERE kind = 'dues' LIMIT 1;
SELECT count(*) FROM sg_seal();
SELECT ok, balances, due, sums FROM sg_verify_ledger() AS v JOIN sg_blocks AS b USING (height);
-- It is found if somebody changes it.
BEGIN;
UPDATE smartgrid.due SET due = due + 1;
SELECT invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.due;
SELECT invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
ROLLBACK;

DROP EXTENSION smartgrid;
