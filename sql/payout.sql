-- The revenue of the grid, paid to producers.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_report_production(500);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 10000), sg_consume_energy(10);
RESET smartgrid.principal;
SELECT revenue FROM sg_grids;
SET ROLE regress_member;
SELECT sg_pay_producer('nobody', 0);
RESET ROLE;
SELECT sg_pay_producer(NULL, 1);
SELECT sg_pay_producer('sun', NULL);
SELECT sg_pay_producer('hut', 0);
SELECT sg_deactivate_participant('sun', true);
SELECT sg_pay_producer('sun', 0);
SELECT sg_reactivate_participant('sun', true);
SELECT sg_pay_producer('sun', 0);
SELECT sg_pay_producer('sun', 1251);
SELECT sg_pay_producer('sun', 1000);
SELECT kind, participant, energy, price, money FROM sg_last_entry();
SELECT revenue FROM sg_grids;
SELECT earnings FROM sg_producers;
SELECT invariant, left_side, right_side, ok FROM sg_check() WHERE invariant ~ '^(money|grid revenue)';
SET smartgrid.principal = 'sun';
SELECT sg_withdraw_earnings(1000);
RESET smartgrid.principal;
-- Earnings that were paid out cannot be taken back.
SELECT sg_reverse_entry(entry_id, 'too late') FROM sg_ledger WHERE kind = 'payout';
SELECT count(*) FROM sg_seal();
SELECT * FROM sg_verify_ledger() WHERE NOT ok;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
