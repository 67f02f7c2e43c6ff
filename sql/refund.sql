-- Prepaid money that goes back.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;

SET smartgrid.principal = 'hut';
SELECT sg_withdraw_balance(NULL);
SELECT sg_withdraw_balance(1);
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 1000);
SELECT sg_withdraw_balance(0);
SELECT sg_withdraw_balance(1001);
SELECT sg_withdraw_balance(400);
SET ROLE regress_member;
SELECT sg_refund('nobody', 0);
RESET ROLE;
SELECT sg_refund(NULL, 1);
SELECT sg_refund('hut', NULL);
SELECT sg_refund('nobody', 0);
SELECT sg_refund('hut', 0);
SELECT sg_refund('hut', 601);
SELECT sg_deactivate_participant('hut', false);
SELECT sg_withdraw_balance(1);
SELECT sg_refund('hut', 600);
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about FROM sg_ledger ORDER BY entry_id;
SELECT balance FROM sg_consumers;
SELECT invariant, left_side, right_side, ok FROM sg_check() WHERE invariant LIKE 'money%';
SELECT count(*) FROM sg_seal();
SELECT ok, balances, sums FROM sg_verify_ledger() AS v JOIN sg_blocks AS b USING (height);

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
