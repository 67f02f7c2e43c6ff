-- sg_check(): every invariant with both sides.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT * FROM sg_check() ORDER BY grid, invariant;

SET smartgrid.principal = 'p';
SELECT sg_register_producer(1000, 'solar');
SELECT sg_register_storage(100, 50, 50);
SET smartgrid.principal = 'c';
SELECT sg_register_consumer(1000);
SELECT sg_add_consumer_balance('c', 10000);
SET smartgrid.principal = 'p';
SELECT sg_report_production(500);
SELECT sg_charge_storage(50);
SELECT sg_discharge_storage(20);
SELECT sg_create_trade('c', 100, 3);
SELECT sg_create_trade('c', 10, 3);
SET smartgrid.principal = 'c';
SELECT sg_complete_trade(1);
SELECT sg_consume_energy(40);
SET smartgrid.principal = 'p';
SELECT sg_withdraw_earnings(120);
SELECT * FROM sg_check() ORDER BY grid, invariant;

-- Each grid by itself, for those who may read it.
SELECT sg_create_grid('second');
CREATE ROLE regress_member;
CREATE ROLE regress_operator IN ROLE smartgrid_operator;
SELECT grid, count(*), bool_and(ok) FROM sg_check() GROUP BY grid ORDER BY grid;
RESET smartgrid.principal;
SET ROLE regress_operator;
SELECT grid, count(*), bool_and(ok) FROM sg_check() GROUP BY grid ORDER BY grid;
SET ROLE regress_member;
SELECT * FROM sg_check();
RESET ROLE;

-- What a repair by hand got wrong is found.
BEGIN;
UPDATE smartgrid.pool SET load = load + 1 WHERE load > 0;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.consumer SET cost_carry = cost_carry + 1;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.consumer SET balance = balance + 1;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.producer SET earnings = earnings + 1;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.pool SET revenue = revenue + 1 WHERE revenue > 0;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.pool SET capacity = capacity + 1 WHERE capacity > 0;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.storage SET stored_amount = 0;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.producer SET unsold = unsold - 1;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.participant WHERE principal = 'c';
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.ledger WHERE entry_id = 2;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
BEGIN;
UPDATE smartgrid.trade SET status = 2, closed_at = now() WHERE trade_id = 2;
SELECT * FROM sg_check() WHERE NOT ok ORDER BY grid, invariant;
ROLLBACK;
SELECT bool_and(ok) FROM sg_check();

DROP EXTENSION smartgrid;
DROP ROLE regress_member, regress_operator;
