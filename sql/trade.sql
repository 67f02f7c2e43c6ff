-- Trades between participants.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

-- The statuses by code; codes are stored, so that none may ever mean another.
SELECT code, smartgrid.trade_status(code::smallint) FROM generate_series(-1, 3) AS code;

CREATE ROLE regress_gateway LOGIN IN ROLE smartgrid_gateway;
SET SESSION AUTHORIZATION regress_gateway;

SET smartgrid.principal = 'buyer';
SELECT sg_register_consumer(1000);
SET smartgrid.principal = 'stranger';
SELECT sg_register_consumer(1000);
SET smartgrid.principal = 'seller';
SELECT sg_create_trade('buyer', 10, 5);
SELECT sg_register_producer(1000, 'biomass');
SELECT sg_report_production(100);
SELECT sg_add_consumer_balance('buyer', 700);

-- An offer holds its energy.
SELECT sg_create_trade('buyer', 60, 10);
SELECT current_load FROM sg_get_grid_status();
SELECT unsold FROM sg_get_producer_info('seller');
SELECT sg_create_trade('buyer', 41, 10);
SELECT seller, buyer, amount, price, cost, status, completed, created_at IS NOT NULL AS created, completed_at FROM sg_get_trade_info(1);

SELECT sg_create_trade('seller', 10, 5);
SELECT sg_create_trade('nobody', 10, 5);
SELECT sg_create_trade('', 10, 5);
SELECT sg_create_trade(NULL, 10, 5);
SELECT sg_create_trade('buyer', 0, 5);
SELECT sg_create_trade('buyer', 10, 0);
SELECT sg_create_trade('buyer', 10, 1000000000000001);
SELECT sg_create_trade('buyer', 1000000000000001, 10);

-- Only the buyer completes it.
SELECT sg_complete_trade(1);
SET smartgrid.principal = 'stranger';
SELECT sg_complete_trade(1);
SELECT sg_cancel_trade(1);
SELECT sg_complete_trade(99);
SELECT sg_complete_trade(NULL);
SET smartgrid.principal = 'buyer';
SELECT sg_complete_trade(1);
SELECT sg_complete_trade(1);
SELECT sg_cancel_trade(1);
SELECT balance, total_consumed, current_usage FROM sg_get_consumer_info('buyer');
SELECT earnings, unsold FROM sg_get_producer_info('seller');

-- Too dear.
SET smartgrid.principal = 'seller';
SELECT sg_create_trade('buyer', 11, 10);
SET smartgrid.principal = 'buyer';
SELECT sg_complete_trade(2);
-- Cancelled, by either side or the operator: the energy comes back.
SELECT sg_cancel_trade(2);
SELECT sg_complete_trade(2);
SELECT current_load FROM sg_get_grid_status();
-- A deactivated participant can cancel, not complete.
SET smartgrid.principal = 'seller';
SELECT sg_create_trade('buyer', 5, 1);
RESET SESSION AUTHORIZATION;
SELECT sg_deactivate_participant('seller', true);
SET SESSION AUTHORIZATION regress_gateway;
SET smartgrid.principal = 'buyer';
SELECT sg_complete_trade(3);
SET smartgrid.principal = 'seller';
SELECT sg_create_trade('buyer', 5, 1);
SELECT sg_cancel_trade(3);
RESET SESSION AUTHORIZATION;
RESET smartgrid.principal;

SELECT trade_id, seller, buyer, amount, amount_kwh, price, price_currency, cost, cost_currency, status,
       completed_at IS NOT NULL AS completed, cancelled_at IS NOT NULL AS cancelled
FROM sg_trades ORDER BY trade_id;
SELECT entry_id, kind, participant, counterparty, energy, price, money, trade_id FROM sg_ledger ORDER BY entry_id;

-- A trade and its entries are of the same times.
SELECT count(*) AS entries,
       count(*) FILTER (WHERE l.at = CASE l.kind WHEN 'hold' THEN t.created_at WHEN 'trade' THEN t.completed_at ELSE t.cancelled_at END) AS agree
FROM sg_trades AS t JOIN sg_ledger AS l USING (trade_id);

-- Another grid has other trades.
SELECT sg_create_grid('other');
SET smartgrid.grid = 'other';
SELECT sg_cancel_trade(3);
SELECT * FROM sg_get_trade_info(3);

DROP EXTENSION smartgrid;
DROP ROLE regress_gateway;
