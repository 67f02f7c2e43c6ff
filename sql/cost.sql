-- What consumption costs in a grid that counts in Wh: exact to the last unit, for what is below a money unit is carried.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

-- Some energy, and a flat price of 30 cents per kWh.
SELECT sg_create_grid('wh', base_price => 30, energy_scale => 3, money_scale => 2, currency => 'EUR', price_rule => 'flat');
SET smartgrid.grid = 'wh';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000000, 'solar');
SELECT sg_report_production(1000000);
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(100000);
SELECT sg_add_consumer_balance('home', 1000000);

-- 33 Wh are 0.99 cents: the fourth call pays for what the three before it carried.
SELECT * FROM sg_quote(11);
SELECT sg_consume_energy(11) FROM generate_series(1, 3);
SELECT cost_carry FROM sg_consumers WHERE principal = 'home';
SELECT * FROM sg_quote(11);
SELECT sg_consume_energy(11, 0);
SELECT sg_consume_energy(11, 1);
SELECT energy, price, money FROM sg_ledger WHERE kind = 'consumption' ORDER BY entry_id;
SELECT balance, cost_carry FROM sg_consumers WHERE principal = 'home';

-- What others carry is not in a quote.
RESET smartgrid.principal;
SELECT * FROM sg_quote(11);
SET smartgrid.principal = 'home';

-- 200 calls of 10 Wh at 34 cents are 2 kWh for 68 cents; so are they in a batch.
SELECT sg_alter_grid('wh', base_price => 34);
SET smartgrid.principal = 'flat 1';
SELECT sg_register_consumer(100000);
SELECT sg_add_consumer_balance('flat 1', 100);
SELECT count(sg_consume_energy(10)) FROM generate_series(1, 200);
SET smartgrid.principal = 'flat 2';
SELECT sg_register_consumer(100000);
SELECT sg_add_consumer_balance('flat 2', 100);
SELECT * FROM sg_post_readings(array_fill('flat 2'::text, '{200}'), array_fill('consumption'::text, '{200}'), array_fill(10::bigint, '{200}'));
SELECT principal, total_consumed, balance, cost_carry FROM sg_consumers WHERE principal ~ 'flat' ORDER BY principal;

-- Rolled back, a call carries nothing; the carry stays with the account.
BEGIN;
SELECT sg_consume_energy(15);
SELECT cost_carry FROM sg_consumers WHERE principal = 'flat 2';
ROLLBACK;
SELECT cost_carry FROM sg_consumers WHERE principal = 'flat 2';
SELECT sg_consume_energy(15);
SELECT sg_rename_participant('flat 2', 'flat 3');
SELECT sg_deactivate_participant('flat 3', false);
SELECT sg_reactivate_participant('flat 3', false);
SELECT principal, balance, cost_carry FROM sg_consumers WHERE principal = 'flat 3';

-- The balance has to cover what the call pays, not what it carries.
SET smartgrid.principal = 'poor';
SELECT sg_register_consumer(100000);
SELECT sg_consume_energy(29);
SELECT * FROM sg_quote(1);
SELECT sg_consume_energy(1);
SELECT cost_carry FROM sg_consumers WHERE principal = 'poor';

-- What sum(energy * price) says, to the last unit.
SELECT principal, total = 1000 * paid + cost_carry AS exact
FROM (SELECT participant AS principal, sum(energy * price) AS total, sum(money) AS paid
      FROM sg_ledger WHERE kind = 'consumption' GROUP BY participant) AS l
     JOIN sg_consumers AS c USING (principal)
ORDER BY principal;

-- A trade keeps half away from zero, and is refused where its cost comes to nothing.
SET smartgrid.principal = 'sun';
SELECT sg_create_trade('home', 19, 26);
SELECT sg_create_trade('home', 1, 499);
SELECT sg_create_trade('home', 1, 500);
SELECT sg_create_trade('home', 20, 26);
SELECT amount, price, cost FROM sg_trades ORDER BY trade_id;

-- The largest figures that there are.
RESET smartgrid.principal;
SELECT sg_create_grid('finest', base_price => 9223372036854775807, energy_scale => 18, price_rule => 'flat', max_amount => 9223372036854775807);
SET smartgrid.grid = 'finest';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(9223372036854775807, 'solar');
SELECT sg_report_production(9223372036854775807);
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(9223372036854775807);
SELECT * FROM sg_quote(1);
SELECT * FROM sg_quote(9223372036854775807);
SELECT sg_consume_energy(9223372036854775807);
SELECT sg_add_consumer_balance('home', 1000000);
SELECT count(sg_consume_energy(1)) FROM generate_series(1, 100);
SELECT balance, cost_carry FROM sg_consumers WHERE grid = 'finest';

SELECT grid, invariant FROM sg_check() WHERE NOT ok;
DROP EXTENSION smartgrid;
