-- The ledger and the views: who sees what, in names and in units.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

CREATE ROLE regress_alice;
CREATE ROLE regress_bob;
CREATE ROLE regress_eve;
CREATE ROLE regress_auditor IN ROLE smartgrid_auditor;
SELECT sg_create_grid('village', energy_scale => 3, money_scale => 2, base_price => 30, currency => 'EUR');
SET smartgrid.grid = 'village';

\d sg_ledger
\d sg_trades

SET ROLE regress_alice;
SELECT * FROM sg_last_entry();
SELECT sg_register_producer(5000, 'solar');
SELECT sg_register_storage(2000, 1000, 1000);
SELECT sg_report_production(4500);
SELECT sg_charge_storage(1000);
SET ROLE regress_bob;
SELECT sg_register_consumer(3000);
SELECT sg_add_consumer_balance('regress_bob', 10000);
SELECT sg_consume_energy(1250);
SET ROLE regress_eve;
SELECT sg_register_consumer(3000);
SELECT sg_add_consumer_balance('regress_eve', 500);
SET ROLE regress_alice;
SELECT sg_create_trade('regress_bob', 1500, 33);
SELECT sg_create_trade('regress_eve', 200, 33);
SELECT sg_discharge_storage(250);
SET ROLE regress_bob;
SELECT sg_complete_trade(1);
SELECT entry_id, grid, kind, participant, counterparty, energy, price, money, trade_id FROM sg_last_entry();
SET ROLE regress_eve;
-- The session's last entry is bob's: not for eve.
SELECT sg_last_entry() IS NULL AS hidden;
SELECT sg_cancel_trade(2);
SET ROLE regress_alice;
SELECT sg_withdraw_earnings(20);

-- Own entries, with the partners' names.
SELECT entry_id, kind, participant, counterparty, energy, energy_kwh, price, price_currency, money, money_currency, currency, trade_id
FROM sg_ledger ORDER BY entry_id;
SET ROLE regress_bob;
SELECT entry_id, kind, participant, counterparty, energy_kwh, price_currency, money_currency FROM sg_ledger ORDER BY entry_id;
SELECT trade_id, seller, buyer, amount_kwh, price_currency, cost_currency, status FROM sg_trades ORDER BY trade_id;
SELECT principal, total_consumed_kwh, balance_currency FROM sg_consumers;
SELECT grid, principal, energy_type, active, reputation_score FROM sg_producer_directory;
SELECT * FROM sg_get_producer_info('regress_alice');
SELECT * FROM sg_get_consumer_info('regress_eve');
SELECT * FROM sg_get_trade_info(2);
SELECT * FROM sg_metrics;
SET ROLE regress_auditor;
SELECT entry_id, kind, participant, counterparty, energy_kwh, price_currency, money_currency FROM sg_ledger ORDER BY entry_id;
SELECT grid, current_load_kwh, utilization, dynamic_price_currency, revenue_currency FROM sg_grids WHERE grid = 'village';
SELECT sg_set_base_price(1);

-- Nobody writes but the functions.
SET ROLE regress_alice;
UPDATE smartgrid.producer SET earnings = 1000;
DELETE FROM smartgrid.ledger;
SELECT nextval('smartgrid.ledger_entry_id_seq');
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_alice, regress_bob, regress_eve, regress_auditor;
