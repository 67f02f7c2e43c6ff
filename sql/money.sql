-- Money in and out.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', money_scale => 2, currency => 'EUR', max_topup => 5000);
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(10);
SELECT sg_add_consumer_balance('home', 5000);
SELECT sg_add_consumer_balance('home', 5001);
SELECT sg_add_consumer_balance('home', 0);
SELECT sg_add_consumer_balance('nobody', 1);
SELECT sg_add_consumer_balance(NULL, 1);
SELECT sg_add_consumer_balance('home', NULL);
SELECT principal, balance, balance_currency, currency FROM sg_consumers;
SELECT sg_deactivate_participant('home', false);
SELECT sg_add_consumer_balance('home', 1);
SELECT sg_reactivate_participant('home', false);

SET smartgrid.principal = 'sun';
SELECT sg_withdraw_earnings(1);
SELECT sg_register_producer(100, 'solar');
SELECT sg_report_production(10);
SELECT sg_create_trade('home', 2, 725);
SET smartgrid.principal = 'home';
SELECT sg_complete_trade(1);
SET smartgrid.principal = 'sun';
SELECT principal, earnings, earnings_currency, currency FROM sg_producers;
SELECT sg_withdraw_earnings(0);
SELECT sg_withdraw_earnings(1451);
SELECT sg_withdraw_earnings(1000);
SELECT principal, earnings, earnings_currency, currency FROM sg_producers;
SELECT kind, participant, counterparty, energy, energy_kwh, price, price_currency, money, money_currency, currency FROM sg_ledger ORDER BY entry_id;

-- A balance is a bigint.
SELECT sg_alter_grid('default', max_topup => 9223372036854775807);
SELECT sg_add_consumer_balance('home', 9223372036854775807);

-- Confined to the payment gateway.
CREATE ROLE regress_member;
CREATE ROLE regress_payments IN ROLE smartgrid_gateway;
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
RESET smartgrid.principal;
SET ROLE regress_member;
SELECT sg_add_consumer_balance('home', 1);
SET ROLE regress_payments;
SELECT sg_add_consumer_balance('home', 1);
RESET ROLE;

DROP EXTENSION smartgrid;
DROP ROLE regress_member, regress_payments;
