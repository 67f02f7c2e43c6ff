-- Entries that are taken back.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;
CREATE ROLE regress_operator IN ROLE smartgrid_operator;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(100, 50, 60);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 10000);
SET smartgrid.principal = 'sun';
SELECT sg_report_production(500), sg_charge_storage(40), sg_discharge_storage(10);
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(30);
SET smartgrid.principal = 'sun';
SELECT sg_create_trade('hut', 20, 7), sg_create_trade('hut', 5, 7);
SET smartgrid.principal = 'hut';
SELECT sg_complete_trade(1);
RESET smartgrid.principal;
SELECT sg_pay_producer('sun', 100), sg_refund('hut', 200), sg_write_off(3, 'line losses');
SET smartgrid.principal = 'sun';
SELECT sg_withdraw_earnings(50);
RESET smartgrid.principal;
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about FROM sg_ledger ORDER BY entry_id;

-- Order of checks.
SELECT sg_reverse_entry(NULL, 'x');
SELECT sg_reverse_entry(2, NULL);
SELECT sg_reverse_entry(2, '');
SELECT sg_reverse_entry(2, repeat('x', 257));
SELECT sg_reverse_entry(2, repeat('ü', 129));
SET ROLE regress_member;
SELECT sg_reverse_entry(0, 'x');
SELECT * FROM sg_reversals;
RESET ROLE;
SELECT sg_reverse_entry(0, 'x');
SELECT sg_reverse_entry(6, 'a trade that was offered');
SELECT sg_reverse_entry(7, 'all');
SELECT sg_create_grid('other');
SET smartgrid.grid = 'other';
SELECT sg_reverse_entry(2, 'of another grid');
RESET smartgrid.grid;
-- What would be taken back is not there any more: the load, unsold, what is stored, the balance, earnings, revenue.
SELECT sg_reverse_entry(2, 'too much');
SELECT sg_reverse_entry(1, 'too much');

-- Each kind once, as an operator that is no superuser.
SET ROLE regress_operator;
SELECT entry_id, sg_reverse_entry(entry_id, 'the ' || kind) AS reversal
FROM (SELECT * FROM sg_ledger WHERE kind NOT IN ('production', 'topup', 'hold') AND entry_id < 20 ORDER BY entry_id DESC OFFSET 0) AS l;
SELECT sg_reverse_entry(5, 'again');
SELECT sg_reverse_entry(14, 'a reversal');
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id, about, booked_at > at AS later FROM sg_ledger WHERE about IS NOT NULL ORDER BY entry_id;
SELECT entry_id, about, kind, reason, corrected_by, booked_at <= now() + interval '1 minute' AS booked FROM sg_reversals ORDER BY entry_id;
SELECT entry_id, kind, about FROM sg_last_entry();
RESET ROLE;
SELECT trade_id, status, completed_at, cancelled_at, reversed_at IS NOT NULL AS reversed FROM sg_trades ORDER BY trade_id;
SELECT status, completed, completed_at FROM sg_get_trade_info(1);
SET smartgrid.principal = 'hut';
SELECT sg_complete_trade(1);
RESET smartgrid.principal;
SELECT principal, total_produced, unsold, earnings FROM sg_producers;
SELECT principal, total_consumed, current_usage, balance FROM sg_consumers;
SELECT principal, stored_amount FROM sg_storages;
SELECT sg_reverse_entry(2, 'a pending trade holds some of it');
SELECT sg_cancel_trade(2), sg_reverse_entry(2, 'all of it'), sg_reverse_entry(1, 'all of it');
SELECT principal, total_produced, current_production, unsold, earnings FROM sg_producers;
SELECT principal, total_consumed, current_usage, balance FROM sg_consumers;
SELECT current_load FROM sg_get_grid_status();
SELECT * FROM sg_check() WHERE NOT ok;
SELECT count(*) FROM sg_seal();
SELECT * FROM sg_verify_ledger() WHERE NOT ok;

-- A reversal is taken off the sums of its original's time; who sees the entry sees its reason.
SELECT sum(produced) AS produced, sum(consumed) AS consumed, sum(charged) AS charged, sum(discharged) AS discharged,
       sum(traded) AS traded, sum(payouts) AS payouts, sum(written_off) AS written_off, sum(load_change) AS load_change
FROM smartgrid.rollup WHERE grid_id = 1;
SET smartgrid.principal = 'hut';
SET ROLE regress_member;
SELECT count(*) FROM sg_reversals;
RESET ROLE;
SELECT smartgrid.entry_kind(l.kind) AS kind, r.reason FROM smartgrid.reversal AS r JOIN smartgrid.ledger AS l USING (entry_id) WHERE l.participant_id = 0;
RESET smartgrid.principal;

-- No room: a storage facility that was filled since, in a row that is deactivated or not.
SET smartgrid.principal = 'sun';
SELECT sg_report_production(300), sg_charge_storage(50), sg_discharge_storage(50), sg_charge_storage(50), sg_charge_storage(40);
RESET smartgrid.principal;
SELECT sg_reverse_entry(max(entry_id) FILTER (WHERE kind = 'discharge'), 'no room') FROM sg_ledger;
-- Deactivation does not matter.
SELECT sg_deactivate_participant('sun', true), sg_deactivate_participant('hut', false);
SELECT sg_reverse_entry(max(entry_id) FILTER (WHERE kind = 'charge'), 'deactivated') > 0 AS done FROM sg_ledger;
SELECT * FROM sg_check() WHERE NOT ok;

-- Through what a consumer carries: four readings of 11 Wh at 30 cost 0, 0, 0 and 1; the first gives 1 back.
SELECT sg_create_grid('wh', base_price => 30, energy_scale => 3, money_scale => 2, price_rule => 'flat');
SET smartgrid.grid = 'wh';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_report_production(1000);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 10);
SELECT sg_consume_energy(11) FROM generate_series(1, 4);
RESET smartgrid.principal;
SELECT array_agg(money ORDER BY entry_id) AS costs, min(entry_id) AS first FROM sg_ledger WHERE grid = 'wh' AND kind = 'consumption' \gset
SELECT :'costs' AS costs, balance, cost_carry FROM sg_consumers WHERE grid = 'wh';
SELECT sg_reverse_entry(:first, 'one too many') > 0 AS done;
SELECT l.money, balance, cost_carry, total_consumed FROM sg_last_entry() AS l, sg_consumers AS c WHERE c.grid = 'wh';
SELECT sg_reverse_entry(:first + 1, 'another one') > 0 AS done;
SELECT l.money, balance, cost_carry, total_consumed FROM sg_last_entry() AS l, sg_consumers AS c WHERE c.grid = 'wh';
-- Corrected to 100 Wh, it costs what is left of 3 of them less what is carried.
SELECT sg_correct_reading(:first + 2, 100, 'a digit') > 0 AS done;
SELECT l.money, balance, cost_carry, total_consumed FROM sg_last_entry() AS l, sg_consumers AS c WHERE c.grid = 'wh';
SELECT * FROM sg_check() WHERE NOT ok;
-- Of before 0.4.0, when each cost was rounded by itself: exactly what was paid comes back, and the carry stays.
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(50);
SELECT entry_id AS old FROM sg_last_entry() \gset
RESET smartgrid.principal;
UPDATE smartgrid.ledger SET money = 2 WHERE entry_id = :old;
UPDATE smartgrid.consumer SET balance = 10 - 2, cost_carry = 0 WHERE grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'wh');
UPDATE smartgrid.ledger SET money = 0 WHERE kind IN (1, 13) AND entry_id < :old AND grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'wh');
UPDATE smartgrid.pool SET revenue = 2 WHERE grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'wh') AND revenue > 0;
UPDATE smartgrid.grid SET exact_after = :old WHERE name = 'wh';
SELECT * FROM sg_check() WHERE NOT ok;
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(11);
RESET smartgrid.principal;
SELECT sg_reverse_entry(:old, 'of before') > 0 AS done;
SELECT l.money, balance, cost_carry FROM sg_last_entry() AS l, sg_consumers AS c WHERE c.grid = 'wh';
SELECT * FROM sg_check() WHERE NOT ok;
SELECT height, ok FROM sg_verify_ledger();
RESET smartgrid.grid;

-- Edits by hand.
BEGIN;
UPDATE smartgrid.reversal SET about = 99 WHERE about = 5;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.reversal WHERE about = 5;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
SELECT invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
ROLLBACK;
BEGIN;
UPDATE smartgrid.trade SET status = 1 WHERE trade_id = 1;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
ROLLBACK;
BEGIN;
UPDATE smartgrid.trade SET status = 3, closed_at = now() WHERE trade_id = 2;
SELECT detail FROM sg_verify_ledger() WHERE NOT ok;
ROLLBACK;

DROP EXTENSION smartgrid;
DROP ROLE regress_member, regress_operator;
