-- Every error of every function, and the order of the checks: if a call violates two, the earlier one is raised
-- (doc/reference/errors.md). Each statement is tried in the same state and undone.

\ir lib/begin.sql
\ir lib/caller.sql

CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_operator IN ROLE smartgrid_operator;
CREATE ROLE sgt_north;
CREATE ROLE sgt_nobody;

-- The grid "default": a producer p, a deactivated one p_off, consumers rich, poor and off (deactivated), a storage s.
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_alter_grid('default', max_amount => 9223372036854775807)$$);
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT sgtest.given('sgt_gateway@p_off', $$SELECT sg_register_producer(200, 'wind')$$);
SELECT sgtest.given('sgt_gateway@rich', 'SELECT sg_register_consumer(5000)');
SELECT sgtest.given('sgt_gateway@poor', 'SELECT sg_register_consumer(5000)');
SELECT sgtest.given('sgt_gateway@off', 'SELECT sg_register_consumer(500)');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_register_storage(100, 60, 40)');
SELECT sgtest.given('sgt_gateway@p', 'SELECT sg_report_production(600)');
SELECT sgtest.given('sgt_gateway@p_off', 'SELECT sg_report_production(100)');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_charge_storage(50)');
SELECT sgtest.given('sgt_gateway', $$SELECT sg_add_consumer_balance('rich', 1000000)$$);
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('rich', 10, 5)$$);       -- 1 pending
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('poor', 10, 5)$$);       -- 2 pending, cannot be paid
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('rich', 10, 5)$$);       -- 3 completed
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('rich', 10, 5)$$);       -- 4 cancelled
SELECT sgtest.given('sgt_gateway@p_off', $$SELECT sg_create_trade('rich', 10, 5)$$);   -- 5 pending, seller inactive
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('off', 10, 5)$$);        -- 6 pending, buyer inactive
SELECT sgtest.given('sgt_gateway@p_off', $$SELECT sg_create_trade('poor', 10, 5)$$);   -- 7 pending, seller inactive, cannot be paid
SELECT sgtest.given('sgt_gateway@p_off', $$SELECT sg_create_trade('rich', 10, 5)$$);   -- 8 completed, seller inactive
SELECT sgtest.given('sgt_gateway@rich', 'SELECT sg_complete_trade(3)');
SELECT sgtest.given('sgt_gateway@rich', 'SELECT sg_cancel_trade(4)');
SELECT sgtest.given('sgt_gateway@rich', 'SELECT sg_complete_trade(8)');
SELECT sgtest.given('sgt_operator', $$SELECT sg_deactivate_participant('p_off', true)$$);
SELECT sgtest.given('sgt_operator', $$SELECT sg_deactivate_participant('off', false)$$);

-- The grid "north" has an operator of its own and one trade: 9.
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('north', 'sgt_north')$$);
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_register_producer(1000, 'hydro')$$, 'north');
SELECT sgtest.given('sgt_gateway@rich', 'SELECT sg_register_consumer(5000)', 'north');
SELECT sgtest.given('sgt_gateway@p', 'SELECT sg_report_production(10)', 'north');
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, 1)$$, 'north');
SELECT sgtest.given('sgt_gateway@p', 'SELECT sg_report_production(5)', 'north');     -- taken back
SELECT sgtest.given('sgt_north', $$SELECT sg_reverse_entry(max(entry_id), 'wrong') FROM sg_ledger WHERE grid = 'north' AND kind = 'production'$$, 'north');

-- The grid "vast" has nearly as much energy as a bigint can say, and cheap: 10^18 units are one kWh. Its trade: 10.
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('vast', energy_scale => 18, base_price => 1, max_amount => 9223372036854775807)$$);
SELECT sgtest.given('sgt_gateway@idle', $$SELECT sg_register_producer(4000000000000000000, 'solar')$$, 'vast');
SELECT sgtest.given('sgt_operator', $$SELECT sg_deactivate_participant('idle', true)$$, 'vast');
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_register_producer(4000000000000000000, 'solar')$$, 'vast');
SELECT sgtest.given('sgt_gateway@p2', $$SELECT sg_register_producer(4000000000000000000, 'solar')$$, 'vast');
SELECT sgtest.given('sgt_gateway@p3', $$SELECT sg_register_producer(1200000000000000000, 'solar')$$, 'vast');
SELECT sgtest.given('sgt_gateway@eater', 'SELECT sg_register_consumer(9223372036854775807)', 'vast');
SELECT sgtest.given('sgt_gateway@broke', 'SELECT sg_register_consumer(9223372036854775807)', 'vast');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_register_storage(1000000000000000000, 1000000000000000000, 2000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway', $$SELECT sg_add_consumer_balance('eater', 1000)$$, 'vast');
SELECT sgtest.given('sgt_gateway', $$SELECT sg_add_consumer_balance('broke', 4)$$, 'vast');
SELECT sgtest.given('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_charge_storage(1000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_create_trade('eater', 1000000000000000000, 1)$$, 'vast');
SELECT sgtest.given('sgt_gateway@eater', 'SELECT sg_consume_energy(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p2', 'SELECT sg_report_production(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@broke', 'SELECT sg_consume_energy(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p2', 'SELECT sg_report_production(4000000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p3', 'SELECT sg_report_production(1200000000000000000)', 'vast');
SELECT sgtest.given('sgt_gateway@p3', 'SELECT sg_report_production(1100000000000000000)', 'vast');

-- The grid "rich" has nearly as much money as a bigint can say. Its trades: 11 completed, 12, 13.
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('rich', base_price => 1, max_topup => 9223372036854775806, max_amount => 9223372036854775807)$$);
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_register_producer(4000000000000000000, 'solar')$$, 'rich');
SELECT sgtest.given('sgt_gateway@p2', $$SELECT sg_register_producer(4000000000000000000, 'solar')$$, 'rich');
SELECT sgtest.given('sgt_gateway@c' || n, 'SELECT sg_register_consumer(9223372036854775807)', 'rich') FROM generate_series(1, 5) AS n;
SELECT sgtest.given('sgt_gateway', format('SELECT sg_add_consumer_balance(%L, 9000000000000000000)', 'c' || n), 'rich')
FROM generate_series(1, 4) AS n;
SELECT sgtest.given('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000000)', 'rich');
SELECT sgtest.given('sgt_gateway@c1', 'SELECT sg_consume_energy(4000000000000000000)', 'rich');
SELECT sgtest.given('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000000)', 'rich');
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_create_trade('c3', 1, 9000000000000000000)$$, 'rich');
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_create_trade('c4', 1, 9000000000000000000)$$, 'rich');
SELECT sgtest.given('sgt_gateway@p1', $$SELECT sg_create_trade('c5', 1, 9000000000000000000)$$, 'rich');
SELECT sgtest.given('sgt_gateway@c3', 'SELECT sg_complete_trade(11)', 'rich');
SELECT sgtest.given('sgt_gateway@c2', 'SELECT sg_consume_energy(3000000000000000000)', 'rich');
SELECT sgtest.given('sgt_gateway@p2', 'SELECT sg_report_production(3000000000000000000)', 'rich');

-- The grid "dear" has a price that a bigint cannot say.
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('dear', energy_scale => 18, base_price => 5000000000000000000, max_amount => 9223372036854775807)$$);
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_register_producer(1000, 'solar')$$, 'dear');
SELECT sgtest.given('sgt_gateway@c', 'SELECT sg_register_consumer(1000)', 'dear');
SELECT sgtest.given('sgt_gateway@poor', 'SELECT sg_register_consumer(1000)', 'dear');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_register_storage(2, 10, 10)', 'dear');
SELECT sgtest.given('sgt_gateway@p', 'SELECT sg_report_production(1)', 'dear');
SELECT sgtest.given('sgt_gateway', $$SELECT sg_add_consumer_balance('c', 1000)$$, 'dear');
SELECT sgtest.given('sgt_operator', 'SELECT sg_toggle_emergency_mode()', 'dear');

-- The grid "closed" is one in which operators register; it takes at most 1000 of anything, though the producer has more.
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('closed', 'sgt_north')$$);
SELECT sgtest.given('sgt_north', $$SELECT sg_enrol_producer('p', 2000, 'solar')$$, 'closed');
SELECT sgtest.given('sgt_north', $$SELECT sg_enrol_consumer('c', 2000)$$, 'closed');
SELECT sgtest.given('sgt_north', $$SELECT sg_enrol_storage('s', 3000, 2000, 2000)$$, 'closed');
SELECT sgtest.given('sgt_north', $$SELECT sg_enrol_producer('off', 50, 'solar')$$, 'closed');
SELECT sgtest.given('sgt_north', $$SELECT sg_enrol_consumer('off', 50)$$, 'closed');
SELECT sgtest.given('sgt_north', $$SELECT sg_deactivate_participant('off', true), sg_deactivate_participant('off', false)$$, 'closed');
SELECT sgtest.given('sgt_gateway@p', 'SELECT sg_report_production(2000)', 'closed');
SELECT sgtest.given('sgt_gateway@s', 'SELECT sg_charge_storage(700)', 'closed');
SELECT sgtest.given('sgt_gateway@p', $$SELECT sg_create_trade('c', 1, 1)$$, 'closed');
SELECT sgtest.given('sgt_operator', $$SELECT sg_alter_grid('closed', registration => 'operator', max_amount => 1000, currency => 'EUR')$$);
\o

\set nowhere '\'{"smartgrid.grid": "nowhere"}\''
\set vast '\'{"smartgrid.grid": "vast"}\''
\set rich '\'{"smartgrid.grid": "rich"}\''
\set dear '\'{"smartgrid.grid": "dear"}\''
\set closed '\'{"smartgrid.grid": "closed"}\''
\set north '\'{"smartgrid.grid": "north"}\''
\set readonly '\'{"transaction_read_only": "on"}\''
\set readonly_nowhere '\'{"transaction_read_only": "on", "smartgrid.grid": "nowhere"}\''

------------------------------------------------------------------------------------------------ sg_register_producer
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'natural-gas')$$, 't', 'register_producer: works', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(NULL, 'solar')$$, '25006', 'register_producer: read-only before NULL', :readonly),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'solar')$$, '25006', 'register_producer: read-only before unknown grid', :readonly_nowhere),
('sgt_gateway@new', $$SELECT sg_register_producer(NULL, 'solar')$$, 'SG108', 'register_producer: capacity NULL', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, NULL)$$, 'SG108', 'register_producer: type NULL', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, '')$$, 'SG108', 'register_producer: type empty', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'coal')$$, 'SG108', 'register_producer: type unknown', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'Solar')$$, 'SG108', 'register_producer: type in another case', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'solar ')$$, 'SG108', 'register_producer: type with a space', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'natural_gas')$$, 'SG108', 'register_producer: type misspelt', '{}'),
('sgt_gateway', $$SELECT sg_register_producer(NULL, 'solar')$$, 'SG108', 'register_producer: NULL before no principal', '{}'),
('sgt_gateway', $$SELECT sg_register_producer(100, 'SOLAR')$$, 'SG108', 'register_producer: unknown type before no principal', '{}'),
('sgt_gateway', $$SELECT sg_register_producer(100, 'solar')$$, 'SG102', 'register_producer: no principal', '{}'),
('sgt_gateway', $$SELECT sg_register_producer(100, 'solar')$$, 'SG102', 'register_producer: no principal before unknown grid', :nowhere),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'coal')$$, 'SG108', 'register_producer: unknown type before unknown grid', :nowhere),
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'solar')$$, 'SG101', 'register_producer: unknown grid', :nowhere),
('sgt_gateway@new', $$SELECT sg_register_producer(0, 'solar')$$, 'SG101', 'register_producer: unknown grid before range', :nowhere),
('sgt_gateway@p', $$SELECT sg_register_producer(100, 'wind')$$, 'SG105', 'register_producer: again', '{}'),
('sgt_gateway@p_off', $$SELECT sg_register_producer(100, 'wind')$$, 'SG105', 'register_producer: again while deactivated', '{}'),
('sgt_gateway@p', $$SELECT sg_register_producer(0, 'wind')$$, 'SG105', 'register_producer: again before range', '{}'),
('sgt_gateway@p', $$SELECT sg_register_producer(100, 'coal')$$, 'SG108', 'register_producer: unknown type before again', '{}'),
('sgt_gateway@p1', $$SELECT sg_register_producer(9223372036854775807, 'wind')$$, 'SG105', 'register_producer: again before total', :vast),
('sgt_gateway@new', $$SELECT sg_register_producer(0, 'solar')$$, 'SG104', 'register_producer: capacity 0', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(-1, 'solar')$$, 'SG104', 'register_producer: capacity -1', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(-9223372036854775808, 'solar')$$, 'SG104', 'register_producer: smallest capacity', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(9223372036854775807, 'solar')$$, '22003', 'register_producer: sum of capacities', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(9223372036854775807 - 1000, 'solar')$$, 't', 'register_producer: largest sum of capacities', '{}'),
('sgt_gateway@new', $$SELECT sg_register_producer(9223372036854775807 - 999, 'solar')$$, '22003', 'register_producer: one more', '{}'),
('sgt_gateway@rich', $$SELECT sg_register_producer(100, 'solar')$$, 't', 'register_producer: a consumer may produce as well', '{}');

----------------------------------------------------------------------------- sg_register_consumer, sg_register_storage
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@new', 'SELECT sg_register_consumer(9223372036854775807)', 't', 'register_consumer: works', '{}'),
('sgt_gateway@new', 'SELECT sg_register_consumer(NULL)', '25006', 'register_consumer: read-only before NULL', :readonly),
('sgt_gateway@new', 'SELECT sg_register_consumer(NULL)', 'SG108', 'register_consumer: NULL', '{}'),
('sgt_gateway', 'SELECT sg_register_consumer(NULL)', 'SG108', 'register_consumer: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_register_consumer(1)', 'SG102', 'register_consumer: no principal before unknown grid', :nowhere),
('sgt_gateway', 'SELECT sg_register_consumer(1)', 'SG102', 'register_consumer: no principal', '{}'),
('sgt_gateway@new', 'SELECT sg_register_consumer(1)', 'SG101', 'register_consumer: unknown grid', :nowhere),
('sgt_gateway@new', 'SELECT sg_register_consumer(0)', 'SG101', 'register_consumer: unknown grid before range', :nowhere),
('sgt_gateway@rich', 'SELECT sg_register_consumer(1)', 'SG105', 'register_consumer: again', '{}'),
('sgt_gateway@off', 'SELECT sg_register_consumer(1)', 'SG105', 'register_consumer: again while deactivated', '{}'),
('sgt_gateway@rich', 'SELECT sg_register_consumer(0)', 'SG105', 'register_consumer: again before range', '{}'),
('sgt_gateway@new', 'SELECT sg_register_consumer(0)', 'SG104', 'register_consumer: limit 0', '{}'),
('sgt_gateway@new', 'SELECT sg_register_consumer(-1)', 'SG104', 'register_consumer: limit -1', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 1, 1)', 't', 'register_storage: works', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 2, 2)', 't', 'register_storage: rates above the capacity', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(NULL, 1, 1)', '25006', 'register_storage: read-only before NULL', :readonly),
('sgt_gateway@new', 'SELECT sg_register_storage(NULL, 1, 1)', 'SG108', 'register_storage: capacity NULL', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, NULL, 1)', 'SG108', 'register_storage: charge rate NULL', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 1, NULL)', 'SG108', 'register_storage: discharge rate NULL', '{}'),
('sgt_gateway', 'SELECT sg_register_storage(1, 1, NULL)', 'SG108', 'register_storage: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_register_storage(1, 1, 1)', 'SG102', 'register_storage: no principal', '{}'),
('sgt_gateway', 'SELECT sg_register_storage(1, 1, 1)', 'SG102', 'register_storage: no principal before unknown grid', :nowhere),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 1, 1)', 'SG101', 'register_storage: unknown grid', :nowhere),
('sgt_gateway@new', 'SELECT sg_register_storage(0, 1, 1)', 'SG101', 'register_storage: unknown grid before range', :nowhere),
('sgt_gateway@s', 'SELECT sg_register_storage(1, 1, 1)', 'SG105', 'register_storage: again', '{}'),
('sgt_gateway@s', 'SELECT sg_register_storage(1, 1, 0)', 'SG105', 'register_storage: again before range', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(0, 1, 1)', 'SG104', 'register_storage: capacity 0', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 0, 1)', 'SG104', 'register_storage: charge rate 0', '{}'),
('sgt_gateway@new', 'SELECT sg_register_storage(1, 1, -1)', 'SG104', 'register_storage: discharge rate -1', '{}');

------------------------------------------------------------------------------------------------ sg_report_production
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@p', 'SELECT sg_report_production(1000)', 't', 'report: the capacity', '{}'),
('sgt_gateway@p', 'SELECT sg_report_production(0)', 't', 'report: nothing', '{}'),
('sgt_gateway@p', 'SELECT sg_report_production(NULL)', '25006', 'report: read-only before NULL', :readonly),
('sgt_gateway@p', 'SELECT sg_report_production(NULL)', 'SG108', 'report: NULL', '{}'),
('sgt_gateway', 'SELECT sg_report_production(NULL)', 'SG108', 'report: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_report_production(1)', 'SG102', 'report: no principal', '{}'),
('sgt_gateway', 'SELECT sg_report_production(1)', 'SG102', 'report: no principal before unknown grid', :nowhere),
('sgt_gateway@p', 'SELECT sg_report_production(1)', 'SG101', 'report: unknown grid', :nowhere),
('sgt_gateway@new', 'SELECT sg_report_production(1)', 'SG101', 'report: not registered', '{}'),
('sgt_gateway@rich', 'SELECT sg_report_production(1)', 'SG101', 'report: not a producer', '{}'),
('sgt_gateway@new', 'SELECT sg_report_production(-1)', 'SG101', 'report: not registered before range', '{}'),
('sgt_gateway@p_off', 'SELECT sg_report_production(1)', 'SG106', 'report: deactivated', '{}'),
('sgt_gateway@p_off', 'SELECT sg_report_production(-1)', 'SG106', 'report: deactivated before range', '{}'),
('sgt_gateway@p', 'SELECT sg_report_production(-1)', 'SG104', 'report: -1', '{}'),
('sgt_gateway@p', 'SELECT sg_report_production(1001)', 'SG104', 'report: above the capacity', '{}'),
('sgt_gateway@p', 'SELECT sg_report_production(9223372036854775807)', 'SG104', 'report: far above the capacity', '{}'),
('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000001)', 'SG104', 'report: above the capacity before total', :vast),
('sgt_gateway@p1', 'SELECT sg_report_production(4000000000000000000)', '22003', 'report: total produced', :vast),
('sgt_gateway@p3', 'SELECT sg_report_production(1200000000000000000)', '22003', 'report: load', :vast);

-------------------------------------------------------------------------------------------------- sg_consume_energy
-- The load of the grid "default" is 580: 700 reported, 50 charged, eight trades of 10 offered and one of them cancelled.
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@rich', 'SELECT sg_consume_energy(1)', 't', 'consume: works', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(NULL)', '25006', 'consume: read-only before NULL', :readonly),
('sgt_gateway@rich', 'SELECT sg_consume_energy(NULL)', 'SG108', 'consume: NULL', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(1, NULL)', 't', 'consume: max_cost NULL is no limit', '{}'),
('sgt_gateway', 'SELECT sg_consume_energy(NULL, 1)', 'SG108', 'consume: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_consume_energy(1)', 'SG102', 'consume: no principal', '{}'),
('sgt_gateway', 'SELECT sg_consume_energy(1)', 'SG102', 'consume: no principal before unknown grid', :nowhere),
('sgt_gateway@rich', 'SELECT sg_consume_energy(1)', 'SG101', 'consume: unknown grid', :nowhere),
('sgt_gateway@new', 'SELECT sg_consume_energy(1)', 'SG101', 'consume: not registered', '{}'),
('sgt_gateway@p', 'SELECT sg_consume_energy(1)', 'SG101', 'consume: not a consumer', '{}'),
('sgt_gateway@new', 'SELECT sg_consume_energy(0)', 'SG101', 'consume: not registered before range', '{}'),
('sgt_gateway@off', 'SELECT sg_consume_energy(1)', 'SG106', 'consume: deactivated', '{}'),
('sgt_gateway@off', 'SELECT sg_consume_energy(0)', 'SG106', 'consume: deactivated before range', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(0)', 'SG104', 'consume: 0', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(-1)', 'SG104', 'consume: -1', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(5001)', 'SG104', 'consume: above the limit, before the energy', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(1, 0)', 'SG104', 'consume: dearer than max_cost', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(1, -1)', 'SG104', 'consume: negative max_cost', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(5000, 1)', 'SG104', 'consume: max_cost before the energy', '{}'),
('sgt_gateway@poor', 'SELECT sg_consume_energy(1, 1)', 'SG104', 'consume: max_cost before the balance', '{}'),
('sgt_gateway@c1', 'SELECT sg_consume_energy(9223372036854775807, 1)', 'SG104', 'consume: the largest amount against max_cost', :rich),
('sgt_gateway@rich', 'SELECT sg_consume_energy(581)', 'SG103', 'consume: more than the load', '{}'),
('sgt_gateway@poor', 'SELECT sg_consume_energy(581)', 'SG103', 'consume: the energy before the balance', '{}'),
('sgt_gateway@rich', 'SELECT sg_consume_energy(580)', 't', 'consume: all there is', '{}'),
('sgt_gateway@poor', 'SELECT sg_consume_energy(1)', 'SG107', 'consume: no money', '{}'),
('sgt_gateway@broke', 'SELECT sg_consume_energy(6000000000000000000)', 'SG107', 'consume: the balance before the total', :vast),
('sgt_gateway@poor', 'SELECT sg_consume_energy(1)', 'SG107', 'consume: the balance before a price beyond bigint', :dear),
('sgt_gateway@eater', 'SELECT sg_consume_energy(6000000000000000000)', '22003', 'consume: total consumed', :vast),
('sgt_gateway@c2', 'SELECT sg_consume_energy(3000000000000000000)', '22003', 'consume: the revenue', :rich),
('sgt_gateway@c', 'SELECT sg_consume_energy(1)', '22003', 'consume: a price beyond bigint', :dear);

------------------------------------------------------------------------------- sg_charge_storage, sg_discharge_storage
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@s', 'SELECT sg_charge_storage(50)', 't', 'charge: to the brim', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(NULL)', '25006', 'charge: read-only before NULL', :readonly),
('sgt_gateway@s', 'SELECT sg_charge_storage(NULL)', 'SG108', 'charge: NULL', '{}'),
('sgt_gateway', 'SELECT sg_charge_storage(NULL)', 'SG108', 'charge: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_charge_storage(1)', 'SG102', 'charge: no principal', '{}'),
('sgt_gateway', 'SELECT sg_charge_storage(1)', 'SG102', 'charge: no principal before unknown grid', :nowhere),
('sgt_gateway@s', 'SELECT sg_charge_storage(1)', 'SG101', 'charge: unknown grid', :nowhere),
('sgt_gateway@p', 'SELECT sg_charge_storage(1)', 'SG101', 'charge: not a storage', '{}'),
('sgt_gateway@new', 'SELECT sg_charge_storage(0)', 'SG101', 'charge: not registered before range', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(0)', 'SG104', 'charge: 0', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(-1)', 'SG104', 'charge: -1', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(61)', 'SG104', 'charge: above the rate', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(51)', 'SG104', 'charge: above the room', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(9223372036854775807)', 'SG104', 'charge: far above the rate', '{}'),
('sgt_gateway@s', 'SELECT sg_charge_storage(1)', 'SG104', 'charge: full', :vast),
('sgt_gateway@s', 'SELECT sg_charge_storage(11)', 'SG104', 'charge: the rate before the energy', :dear),
('sgt_gateway@s', 'SELECT sg_charge_storage(3)', 'SG104', 'charge: the room before the energy', :dear),
('sgt_gateway@s', 'SELECT sg_charge_storage(2)', 'SG103', 'charge: more than the load', :dear),
('sgt_gateway@s', 'SELECT sg_charge_storage(1)', 't', 'charge: all there is', :dear),
('sgt_gateway@s', 'SELECT sg_discharge_storage(40)', 't', 'discharge: the rate', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(NULL)', '25006', 'discharge: read-only before NULL', :readonly),
('sgt_gateway@s', 'SELECT sg_discharge_storage(NULL)', 'SG108', 'discharge: NULL', '{}'),
('sgt_gateway', 'SELECT sg_discharge_storage(NULL)', 'SG108', 'discharge: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_discharge_storage(1)', 'SG102', 'discharge: no principal', '{}'),
('sgt_gateway', 'SELECT sg_discharge_storage(1)', 'SG102', 'discharge: no principal before unknown grid', :nowhere),
('sgt_gateway@s', 'SELECT sg_discharge_storage(1)', 'SG101', 'discharge: unknown grid', :nowhere),
('sgt_gateway@rich', 'SELECT sg_discharge_storage(1)', 'SG101', 'discharge: not a storage', '{}'),
('sgt_gateway@new', 'SELECT sg_discharge_storage(0)', 'SG101', 'discharge: not registered before range', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(0)', 'SG104', 'discharge: 0', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(-1)', 'SG104', 'discharge: -1', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(41)', 'SG104', 'discharge: above the rate', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(60)', 'SG104', 'discharge: above the rate, before what is stored', '{}'),
('sgt_gateway@s', 'SELECT sg_discharge_storage(1)', 'SG103', 'discharge: nothing stored', :dear),
('sgt_gateway@s', 'SELECT sg_discharge_storage(1500000000000000000)', 'SG103', 'discharge: what is stored before the load', :vast),
('sgt_gateway@s', 'SELECT sg_discharge_storage(1000000000000000000)', '22003', 'discharge: load', :vast);

---------------------------------------------------------------------------------------------------- sg_create_trade
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, 1) > 13$$, 't', 'create_trade: works', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('poor', 1, 9223372036854775807) > 13$$, 't', 'create_trade: nobody asks for the buyer''s money yet', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade(NULL, 1, 1)$$, '25006', 'create_trade: read-only before NULL', :readonly),
('sgt_gateway@p', $$SELECT sg_create_trade(NULL, 1, 1)$$, 'SG108', 'create_trade: buyer NULL', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', NULL, 1)$$, 'SG108', 'create_trade: amount NULL', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, NULL)$$, 'SG108', 'create_trade: price NULL', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('', 1, 1)$$, 'SG108', 'create_trade: buyer empty', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade(repeat('x', 129), 1, 1)$$, 'SG108', 'create_trade: buyer of 129 bytes', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade(repeat('é', 65), 1, 1)$$, 'SG108', 'create_trade: buyer of 130 bytes in 65 characters', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade(repeat('é', 64), 1, 1)$$, 'SG101', 'create_trade: buyer of 128 bytes', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('p', 1, 1)$$, 'SG108', 'create_trade: with oneself', '{}'),
('sgt_gateway@new', $$SELECT sg_create_trade('new', 1, 1)$$, 'SG108', 'create_trade: with oneself before not registered', '{}'),
('sgt_gateway@p_off', $$SELECT sg_create_trade('p_off', 0, 0)$$, 'SG108', 'create_trade: with oneself before deactivated', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('p', 1, 1)$$, 'SG108', 'create_trade: with oneself before unknown grid', :nowhere),
('sgt_gateway', $$SELECT sg_create_trade('', 1, 1)$$, 'SG108', 'create_trade: empty buyer before no principal', '{}'),
('sgt_gateway', $$SELECT sg_create_trade('rich', 1, NULL)$$, 'SG108', 'create_trade: NULL before no principal', '{}'),
('sgt_gateway', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG102', 'create_trade: no principal', '{}'),
('sgt_gateway', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG102', 'create_trade: no principal before unknown grid', :nowhere),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG101', 'create_trade: unknown grid', :nowhere),
('sgt_gateway@new', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG101', 'create_trade: not registered', '{}'),
('sgt_gateway@poor', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG101', 'create_trade: not a producer', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('nobody', 1, 1)$$, 'SG101', 'create_trade: buyer not registered', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('s', 1, 1)$$, 'SG101', 'create_trade: buyer not a consumer', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('poor', 1, 1)$$, 'SG101', 'create_trade: buyer of another grid only', :north),
('sgt_gateway@p_off', $$SELECT sg_create_trade('nobody', 1, 1)$$, 'SG101', 'create_trade: unknown buyer before deactivated seller', '{}'),
('sgt_gateway@new', $$SELECT sg_create_trade('off', 1, 1)$$, 'SG101', 'create_trade: not registered before deactivated buyer', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('nobody', 0, 0)$$, 'SG101', 'create_trade: unknown buyer before range', '{}'),
('sgt_gateway@p_off', $$SELECT sg_create_trade('rich', 1, 1)$$, 'SG106', 'create_trade: seller deactivated', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('off', 1, 1)$$, 'SG106', 'create_trade: buyer deactivated', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('off', 0, 1)$$, 'SG106', 'create_trade: deactivated before amount', '{}'),
('sgt_gateway@p_off', $$SELECT sg_create_trade('rich', 1, 0)$$, 'SG106', 'create_trade: deactivated before price', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 0, 1)$$, 'SG104', 'create_trade: amount 0', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', -1, 1)$$, 'SG104', 'create_trade: amount -1', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, 0)$$, 'SG104', 'create_trade: price 0', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 1, -1)$$, 'SG104', 'create_trade: price -1', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 100000, 0)$$, 'SG104', 'create_trade: price before the energy', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 561, 1)$$, 'SG103', 'create_trade: more than unsold', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 560, 1) > 13$$, 't', 'create_trade: all that is unsold', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 561, 9223372036854775807)$$, 'SG103', 'create_trade: the energy before the cost', '{}'),
('sgt_gateway@p1', $$SELECT sg_create_trade('c1', 5000000000000000000, 1)$$, 'SG103', 'create_trade: unsold, but sold from the grid already', :rich),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 2, 4611686018427387904)$$, '22003', 'create_trade: cost', '{}'),
('sgt_gateway@p', $$SELECT sg_create_trade('rich', 560, 9223372036854775807)$$, '22003', 'create_trade: cost far beyond', '{}');

-------------------------------------------------------------------------------------------------- sg_complete_trade
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@rich', 'SELECT sg_complete_trade(1)', 't', 'complete_trade: works', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(NULL)', '25006', 'complete_trade: read-only before NULL', :readonly),
('sgt_gateway@rich', 'SELECT sg_complete_trade(NULL)', 'SG108', 'complete_trade: NULL', '{}'),
('sgt_gateway', 'SELECT sg_complete_trade(NULL)', 'SG108', 'complete_trade: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: no principal', '{}'),
('sgt_gateway', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: no principal before unknown grid', :nowhere),
('sgt_gateway', 'SELECT sg_complete_trade(1000000)', 'SG102', 'complete_trade: no principal before no such trade', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(1)', 'SG101', 'complete_trade: unknown grid', :nowhere),
('sgt_gateway@rich', 'SELECT sg_complete_trade(1000000)', 'SG101', 'complete_trade: no such trade', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(0)', 'SG101', 'complete_trade: trade 0', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(-1)', 'SG101', 'complete_trade: trade -1', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(9)', 'SG101', 'complete_trade: a trade of another grid', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(1)', 'SG101', 'complete_trade: a trade of the grid "default"', :north),
('sgt_gateway@new', 'SELECT sg_complete_trade(1000000)', 'SG101', 'complete_trade: no such trade, for a stranger', '{}'),
('sgt_gateway@new', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: a stranger', '{}'),
('sgt_gateway@poor', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: another consumer', '{}'),
('sgt_gateway@p', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: the seller', '{}'),
('sgt_operator', 'SELECT sg_complete_trade(1)', 'SG102', 'complete_trade: the operator', '{}'),
('sgt_gateway@poor', 'SELECT sg_complete_trade(3)', 'SG102', 'complete_trade: not the buyer before completed', '{}'),
('sgt_gateway@poor', 'SELECT sg_complete_trade(5)', 'SG102', 'complete_trade: not the buyer before deactivated', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(3)', 'SG108', 'complete_trade: completed already', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(4)', 'SG108', 'complete_trade: cancelled', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(8)', 'SG108', 'complete_trade: completed before deactivated', '{}'),
('sgt_gateway@rich', 'SELECT sg_complete_trade(5)', 'SG106', 'complete_trade: seller deactivated', '{}'),
('sgt_gateway@off', 'SELECT sg_complete_trade(6)', 'SG106', 'complete_trade: buyer deactivated', '{}'),
('sgt_gateway@poor', 'SELECT sg_complete_trade(7)', 'SG106', 'complete_trade: deactivated before the balance', '{}'),
('sgt_gateway@poor', 'SELECT sg_complete_trade(2)', 'SG107', 'complete_trade: no money', '{}'),
('sgt_gateway@c5', 'SELECT sg_complete_trade(13)', 'SG107', 'complete_trade: the balance before the earnings', :rich),
('sgt_gateway@c4', 'SELECT sg_complete_trade(12)', '22003', 'complete_trade: the earnings', :rich);

---------------------------------------------------------------------------------------------------- sg_cancel_trade
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@rich', 'SELECT sg_cancel_trade(1)', 't', 'cancel_trade: the buyer', '{}'),
('sgt_gateway@p', 'SELECT sg_cancel_trade(1)', 't', 'cancel_trade: the seller', '{}'),
('sgt_operator', 'SELECT sg_cancel_trade(1)', 't', 'cancel_trade: an operator of every grid', '{}'),
('sgt_north', 'SELECT sg_cancel_trade(9)', 't', 'cancel_trade: the grid''s operator', :north),
('', 'SELECT sg_cancel_trade(1)', 't', 'cancel_trade: a superuser', '{}'),
('sgt_gateway@p_off', 'SELECT sg_cancel_trade(5)', 't', 'cancel_trade: a deactivated seller', '{}'),
('sgt_gateway@off', 'SELECT sg_cancel_trade(6)', 't', 'cancel_trade: a deactivated buyer', '{}'),
('sgt_gateway@p', 'SELECT sg_cancel_trade(NULL)', '25006', 'cancel_trade: read-only before NULL', :readonly),
('sgt_gateway@p', 'SELECT sg_cancel_trade(NULL)', 'SG108', 'cancel_trade: NULL', '{}'),
('sgt_gateway', 'SELECT sg_cancel_trade(NULL)', 'SG108', 'cancel_trade: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_cancel_trade(1)', 'SG102', 'cancel_trade: no principal', '{}'),
('sgt_gateway@p', 'SELECT sg_cancel_trade(1)', 'SG101', 'cancel_trade: unknown grid', :nowhere),
('sgt_gateway@p', 'SELECT sg_cancel_trade(1000000)', 'SG101', 'cancel_trade: no such trade', '{}'),
('sgt_gateway@new', 'SELECT sg_cancel_trade(1000000)', 'SG101', 'cancel_trade: no such trade, for a stranger', '{}'),
('sgt_gateway@p', 'SELECT sg_cancel_trade(9)', 'SG101', 'cancel_trade: a trade of another grid', '{}'),
('sgt_operator', 'SELECT sg_cancel_trade(9)', 'SG101', 'cancel_trade: a trade of another grid, for an operator', '{}'),
('sgt_gateway@new', 'SELECT sg_cancel_trade(1)', 'SG102', 'cancel_trade: a stranger', '{}'),
('sgt_gateway@poor', 'SELECT sg_cancel_trade(1)', 'SG102', 'cancel_trade: another consumer', '{}'),
('sgt_north', 'SELECT sg_cancel_trade(1)', 'SG102', 'cancel_trade: another grid''s operator', '{}'),
('sgt_gateway@poor', 'SELECT sg_cancel_trade(3)', 'SG102', 'cancel_trade: a stranger before completed', '{}'),
('sgt_gateway@p', 'SELECT sg_cancel_trade(3)', 'SG108', 'cancel_trade: completed', '{}'),
('sgt_gateway@rich', 'SELECT sg_cancel_trade(4)', 'SG108', 'cancel_trade: cancelled already', '{}'),
('sgt_operator', 'SELECT sg_cancel_trade(4)', 'SG108', 'cancel_trade: cancelled already, for an operator', '{}'),
('sgt_gateway@p1', 'SELECT sg_cancel_trade(10)', '22003', 'cancel_trade: load', :vast);

------------------------------------------------------------------------------------------------ sg_add_consumer_balance
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway', $$SELECT sg_add_consumer_balance('poor', 1)$$, 't', 'topup: needs no principal', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', 1000000)$$, 't', 'topup: anyone, the largest', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance(NULL, 1)$$, '25006', 'topup: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_add_consumer_balance(NULL, 1)$$, 'SG108', 'topup: target NULL', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', NULL)$$, 'SG108', 'topup: amount NULL', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('', 1)$$, 'SG108', 'topup: target empty', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance(repeat('x', 129), 1)$$, 'SG108', 'topup: target of 129 bytes', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('', 1)$$, 'SG108', 'topup: empty target before unknown grid', :nowhere),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', 1)$$, 'SG101', 'topup: unknown grid', :nowhere),
('sgt_nobody', $$SELECT sg_add_consumer_balance('nobody', 1)$$, 'SG101', 'topup: not registered', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('p', 1)$$, 'SG101', 'topup: not a consumer', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('nobody', 0)$$, 'SG101', 'topup: not registered before range', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('off', 1)$$, 'SG106', 'topup: deactivated', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('off', 0)$$, 'SG106', 'topup: deactivated before range', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', 0)$$, 'SG104', 'topup: 0', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', -1)$$, 'SG104', 'topup: -1', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('poor', 1000001)$$, 'SG104', 'topup: above max_topup', '{}'),
('sgt_nobody', $$SELECT sg_add_consumer_balance('c4', 9223372036854775807)$$, 'SG104', 'topup: above max_topup before the total', :rich),
('sgt_nobody', $$SELECT sg_add_consumer_balance('c4', 9223372036854775806)$$, '22003', 'topup: balance', :rich);

------------------------------------------------------------------------------------------------ sg_withdraw_earnings
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(50)', 't', 'withdraw: all earnings', '{}'),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(NULL)', '25006', 'withdraw: read-only before NULL', :readonly),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(NULL)', 'SG108', 'withdraw: NULL', '{}'),
('sgt_gateway', 'SELECT sg_withdraw_earnings(NULL)', 'SG108', 'withdraw: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_withdraw_earnings(1)', 'SG102', 'withdraw: no principal', '{}'),
('sgt_gateway', 'SELECT sg_withdraw_earnings(1)', 'SG102', 'withdraw: no principal before unknown grid', :nowhere),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(1)', 'SG101', 'withdraw: unknown grid', :nowhere),
('sgt_gateway@rich', 'SELECT sg_withdraw_earnings(1)', 'SG101', 'withdraw: not a producer', '{}'),
('sgt_gateway@rich', 'SELECT sg_withdraw_earnings(0)', 'SG101', 'withdraw: not a producer before range', '{}'),
('sgt_gateway@p_off', 'SELECT sg_withdraw_earnings(1)', 'SG106', 'withdraw: deactivated', '{}'),
('sgt_gateway@p_off', 'SELECT sg_withdraw_earnings(0)', 'SG106', 'withdraw: deactivated before range', '{}'),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(0)', 'SG104', 'withdraw: 0', '{}'),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(-1)', 'SG104', 'withdraw: -1', '{}'),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(51)', 'SG107', 'withdraw: more than earned', '{}'),
('sgt_gateway@p', 'SELECT sg_withdraw_earnings(9223372036854775807)', 'SG107', 'withdraw: far more than earned', '{}');

------------------------------------------------------------------------------------------------ corrections
\set taken '(SELECT max(entry_id) FROM sg_ledger WHERE grid = \'north\' AND kind = \'production\')'
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@rich', 'SELECT sg_withdraw_balance(5)', 't', 'withdraw_balance: works', '{}'),
('sgt_gateway@rich', 'SELECT sg_withdraw_balance(NULL)', '25006', 'withdraw_balance: read-only before NULL', :readonly),
('sgt_gateway', 'SELECT sg_withdraw_balance(NULL)', 'SG108', 'withdraw_balance: NULL before no principal', '{}'),
('sgt_gateway', 'SELECT sg_withdraw_balance(1)', 'SG102', 'withdraw_balance: no principal before unknown grid', :nowhere),
('sgt_gateway@rich', 'SELECT sg_withdraw_balance(1)', 'SG101', 'withdraw_balance: unknown grid', :nowhere),
('sgt_gateway@p', 'SELECT sg_withdraw_balance(0)', 'SG101', 'withdraw_balance: not a consumer before range', '{}'),
('sgt_gateway@off', 'SELECT sg_withdraw_balance(0)', 'SG106', 'withdraw_balance: deactivated before range', '{}'),
('sgt_gateway@poor', 'SELECT sg_withdraw_balance(0)', 'SG104', 'withdraw_balance: 0 before the balance', '{}'),
('sgt_gateway@poor', 'SELECT sg_withdraw_balance(1)', 'SG107', 'withdraw_balance: more than there is', '{}'),
('sgt_operator', $$SELECT sg_refund('rich', 5)$$, 't', 'refund: works', '{}'),
('sgt_operator', $$SELECT sg_refund(NULL, 5)$$, '25006', 'refund: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_refund('', 5)$$, 'SG108', 'refund: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_refund('rich', NULL)$$, 'SG108', 'refund: NULL before operators only', '{}'),
('sgt_north', $$SELECT sg_refund('rich', 5)$$, 'SG100', 'refund: of another grid', '{}'),
('sgt_nobody', $$SELECT sg_refund('rich', 5)$$, 'SG100', 'refund: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_refund('rich', 0)$$, 'SG101', 'refund: unknown grid before range', :nowhere),
('sgt_operator', $$SELECT sg_refund('p', 0)$$, 'SG101', 'refund: not a consumer before range', '{}'),
('sgt_operator', $$SELECT sg_refund('off', 0)$$, 'SG104', 'refund: 0, of one who is deactivated', '{}'),
('sgt_operator', $$SELECT sg_refund('off', 1)$$, 'SG107', 'refund: more than there is', '{}'),
('sgt_operator', $$SELECT sg_pay_producer('p2', 1)$$, 't', 'pay_producer: works', :rich),
('sgt_operator', $$SELECT sg_pay_producer(NULL, 1)$$, '25006', 'pay_producer: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_pay_producer('p', NULL)$$, 'SG108', 'pay_producer: NULL before operators only', '{}'),
('sgt_nobody', $$SELECT sg_pay_producer('p', 1)$$, 'SG100', 'pay_producer: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_pay_producer('p', 1)$$, 'SG101', 'pay_producer: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_pay_producer('rich', 0)$$, 'SG101', 'pay_producer: not a producer before range', '{}'),
('sgt_operator', $$SELECT sg_pay_producer('p_off', 0)$$, 'SG106', 'pay_producer: deactivated before range', '{}'),
('sgt_operator', $$SELECT sg_pay_producer('p', 0)$$, 'SG104', 'pay_producer: 0 before the revenue', '{}'),
('sgt_operator', $$SELECT sg_pay_producer('p', 1)$$, 'SG107', 'pay_producer: more than there is', '{}'),
('sgt_operator', $$SELECT sg_pay_producer('p1', 9000000000000000000)$$, 'SG107', 'pay_producer: more than there is before the total', :rich),
('sgt_operator', $$SELECT sg_pay_producer('p1', 1000000000000000000)$$, '22003', 'pay_producer: earnings', :rich),
('sgt_operator', $$SELECT sg_reverse_entry(3, 'x') > 0$$, 't', 'reverse_entry: works', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(15, 'x') > 0$$, 't', 'reverse_entry: of one who is deactivated', '{}'),
('sgt_north', $$SELECT sg_reverse_entry(min(entry_id), 'x') FROM sg_ledger WHERE grid = 'north'$$, 'SG103', 'reverse_entry: by the grid''s operator', :north),
('sgt_operator', $$SELECT sg_reverse_entry(NULL, 'x')$$, '25006', 'reverse_entry: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_reverse_entry(NULL, 'x')$$, 'SG108', 'reverse_entry: NULL before operators only', '{}'),
('sgt_nobody', $$SELECT sg_reverse_entry(3, NULL)$$, 'SG108', 'reverse_entry: no reason', '{}'),
('sgt_nobody', $$SELECT sg_reverse_entry(3, '')$$, 'SG108', 'reverse_entry: an empty reason', '{}'),
('sgt_nobody', $$SELECT sg_reverse_entry(3, repeat('x', 257))$$, 'SG108', 'reverse_entry: a reason of 257 bytes', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(3, repeat('x', 256)) > 0$$, 't', 'reverse_entry: a reason of 256 bytes', '{}'),
('sgt_north', $$SELECT sg_reverse_entry(3, 'x')$$, 'SG100', 'reverse_entry: of another grid', '{}'),
('sgt_gateway@p', $$SELECT sg_reverse_entry(3, 'x')$$, 'SG100', 'reverse_entry: the participant itself', '{}'),
('sgt_nobody', $$SELECT sg_reverse_entry(3, 'x')$$, 'SG100', 'reverse_entry: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_reverse_entry(3, 'x')$$, 'SG101', 'reverse_entry: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_reverse_entry(999999, 'x')$$, 'SG101', 'reverse_entry: unknown entry', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(5, 'x')$$, 'SG101', 'reverse_entry: of another grid before the kind', :north),
('sgt_operator', $$SELECT sg_reverse_entry(5, 'x')$$, 'SG108', 'reverse_entry: a hold', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(14, 'x')$$, 'SG108', 'reverse_entry: a release', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(max(entry_id), 'x') FROM sg_ledger WHERE kind = 'reversal'$$, 'SG108', 'reverse_entry: a reversal', :north),
('sgt_operator', 'SELECT sg_reverse_entry(' || :'taken' || $$, 'x')$$, 'SG105', 'reverse_entry: taken back already', :north),
('sgt_operator', $$SELECT sg_reverse_entry(1, 'x')$$, 'SG103', 'reverse_entry: unsold energy', '{}'),
('sgt_operator', $$SELECT sg_reverse_entry(4, 'x')$$, 'SG107', 'reverse_entry: balance', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(1, 590, 'x') > 0$$, 't', 'correct_reading: works', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(2, 90, 'x') > 0$$, 't', 'correct_reading: of one who is deactivated', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(3, 60, 'x') > 0$$, 't', 'correct_reading: of a storage facility', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(NULL, 1, 'x')$$, '25006', 'correct_reading: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_correct_reading(1, NULL, 'x')$$, 'SG108', 'correct_reading: NULL before operators only', '{}'),
('sgt_nobody', $$SELECT sg_correct_reading(1, 1, '')$$, 'SG108', 'correct_reading: an empty reason', '{}'),
('sgt_nobody', $$SELECT sg_correct_reading(1, 1, 'x')$$, 'SG100', 'correct_reading: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_correct_reading(999999, -1, 'x')$$, 'SG101', 'correct_reading: unknown entry before range', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(4, -1, 'x')$$, 'SG108', 'correct_reading: a top-up before range', '{}'),
('sgt_operator', 'SELECT sg_correct_reading(' || :'taken' || $$, -1, 'x')$$, 'SG105', 'correct_reading: taken back already before range', :north),
('sgt_operator', $$SELECT sg_correct_reading(1, -1, 'x')$$, 'SG104', 'correct_reading: below zero', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(1, 1001, 'x')$$, 'SG104', 'correct_reading: above the capacity', '{}'),
('sgt_operator', $$SELECT sg_correct_reading(3, 61, 'x')$$, 'SG104', 'correct_reading: above the rate', '{}'),
('sgt_north', $$SELECT sg_correct_reading(min(entry_id), 1001, 'x') FROM sg_ledger WHERE grid = 'closed' AND kind = 'production'$$, 'SG104', 'correct_reading: the limit of the grid', :closed),
('sgt_operator', $$SELECT sg_correct_reading(1, 0, 'x')$$, 'SG103', 'correct_reading: unsold energy', '{}'),
('sgt_operator', $$SELECT sg_write_off(1, 'x')$$, 't', 'write_off: works', '{}'),
('sgt_operator', $$SELECT sg_write_off(NULL, 'x')$$, '25006', 'write_off: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_write_off(NULL, 'x')$$, 'SG108', 'write_off: NULL before operators only', '{}'),
('sgt_nobody', $$SELECT sg_write_off(1, '')$$, 'SG108', 'write_off: an empty reason', '{}'),
('sgt_nobody', $$SELECT sg_write_off(0, 'x')$$, 'SG100', 'write_off: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_write_off(0, 'x')$$, 'SG101', 'write_off: unknown grid before range', :nowhere),
('sgt_operator', $$SELECT sg_write_off(0, 'x')$$, 'SG104', 'write_off: 0', '{}'),
('sgt_north', $$SELECT sg_write_off(1001, 'x')$$, 'SG104', 'write_off: the limit of the grid', :closed),
('sgt_operator', $$SELECT sg_write_off(9223372036854775807, 'x')$$, 'SG103', 'write_off: more than there is', '{}');

-------------------------------------------------------------------------------------------- the operator's functions
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_operator', 'SELECT sg_set_base_price(9223372036854775807)', 't', 'set_base_price: the largest', '{}'),
('sgt_north', 'SELECT sg_set_base_price(1)', 't', 'set_base_price: the grid''s operator', :north),
('sgt_operator', 'SELECT sg_set_base_price(NULL)', '25006', 'set_base_price: read-only before NULL', :readonly),
('sgt_nobody', 'SELECT sg_set_base_price(1)', '25006', 'set_base_price: read-only before operators only', :readonly),
('sgt_nobody', 'SELECT sg_set_base_price(NULL)', 'SG108', 'set_base_price: NULL before operators only', '{}'),
('sgt_nobody', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: somebody else', '{}'),
('sgt_north', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: another grid''s operator', '{}'),
('sgt_gateway', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: a gateway without principal', '{}'),
('sgt_gateway@sgt_operator', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: a principal named like an operator', '{}'),
('sgt_nobody', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: operators only before unknown grid', :nowhere),
('sgt_north', 'SELECT sg_set_base_price(1)', 'SG100', 'set_base_price: another grid''s operator, unknown grid', :nowhere),
('sgt_nobody', 'SELECT sg_set_base_price(0)', 'SG100', 'set_base_price: operators only before range', '{}'),
('sgt_operator', 'SELECT sg_set_base_price(1)', 'SG101', 'set_base_price: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_set_base_price(0)', 'SG101', 'set_base_price: unknown grid before range', :nowhere),
('sgt_operator', 'SELECT sg_set_base_price(0)', 'SG104', 'set_base_price: 0', '{}'),
('sgt_operator', 'SELECT sg_set_base_price(-1)', 'SG104', 'set_base_price: -1', '{}'),
('sgt_operator', 'SELECT sg_toggle_emergency_mode()', 't', 'toggle: on', '{}'),
('sgt_nobody', 'SELECT sg_toggle_emergency_mode()', '25006', 'toggle: read-only before operators only', :readonly),
('sgt_nobody', 'SELECT sg_toggle_emergency_mode()', 'SG100', 'toggle: somebody else', '{}'),
('sgt_nobody', 'SELECT sg_toggle_emergency_mode()', 'SG100', 'toggle: operators only before unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_toggle_emergency_mode()', 'SG101', 'toggle: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_record_metrics(0, 0, 0, 100) > 0', 't', 'record_metrics: works', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(NULL, 1, 1, 1)', '25006', 'record_metrics: read-only before NULL', :readonly),
('sgt_operator', 'SELECT sg_record_metrics(NULL, 1, 1, 1)', 'SG108', 'record_metrics: production NULL', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, NULL, 1, 1)', 'SG108', 'record_metrics: consumption NULL', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, NULL, 1)', 'SG108', 'record_metrics: peak load NULL', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, 1, NULL)', 'SG108', 'record_metrics: efficiency NULL', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, 1, 101)', 'SG108', 'record_metrics: efficiency 101', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, 1, -1)', 'SG108', 'record_metrics: efficiency -1', '{}'),
('sgt_nobody', 'SELECT sg_record_metrics(1, 1, 1, 101)', 'SG108', 'record_metrics: efficiency before operators only', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(-1, 1, 1, 101)', 'SG108', 'record_metrics: efficiency before range', '{}'),
('sgt_nobody', 'SELECT sg_record_metrics(1, 1, 1, 1)', 'SG100', 'record_metrics: somebody else', '{}'),
('sgt_nobody', 'SELECT sg_record_metrics(1, 1, 1, 1)', 'SG100', 'record_metrics: operators only before unknown grid', :nowhere),
('sgt_nobody', 'SELECT sg_record_metrics(-1, 1, 1, 1)', 'SG100', 'record_metrics: operators only before range', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, 1, 1)', 'SG101', 'record_metrics: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_record_metrics(-1, 1, 1, 1)', 'SG101', 'record_metrics: unknown grid before range', :nowhere),
('sgt_operator', 'SELECT sg_record_metrics(-1, 1, 1, 1)', 'SG104', 'record_metrics: production -1', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, -1, 1, 1)', 'SG104', 'record_metrics: consumption -1', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(1, 1, -1, 1)', 'SG104', 'record_metrics: peak load -1', '{}'),
('sgt_operator', $$SELECT sg_record_metrics('[2020-01-01,2020-01-02)') > 0$$, 't', 'record_metrics of a period: works', '{}'),
('sgt_operator', 'SELECT sg_record_metrics(NULL::tstzrange)', '25006', 'record_metrics of a period: read-only before NULL', :readonly),
('sgt_operator', 'SELECT sg_record_metrics(NULL::tstzrange)', 'SG108', 'record_metrics of a period: NULL', '{}'),
('sgt_operator', $$SELECT sg_record_metrics('empty')$$, 'SG108', 'record_metrics of a period: empty', '{}'),
('sgt_operator', $$SELECT sg_record_metrics('[2020-01-01,)')$$, 'SG108', 'record_metrics of a period: no end', '{}'),
('sgt_operator', $$SELECT sg_record_metrics('(,2020-01-01]')$$, 'SG108', 'record_metrics of a period: no beginning', '{}'),
('sgt_operator', $$SELECT sg_record_metrics('(,)')$$, 'SG108', 'record_metrics of a period: neither', '{}'),
('sgt_nobody', $$SELECT sg_record_metrics('empty')$$, 'SG108', 'record_metrics of a period: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_record_metrics('[2020-01-01,2020-01-02)')$$, 'SG100', 'record_metrics of a period: somebody else', '{}'),
('sgt_nobody', $$SELECT sg_record_metrics('[2020-01-01,2020-01-02)')$$, 'SG100', 'record_metrics of a period: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_record_metrics('[2020-01-01,2020-01-02)')$$, 'SG101', 'record_metrics of a period: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_record_metrics(tstzrange(now() - interval '1 h', now() + interval '1 h'))$$, '22003', 'record_metrics of a period: production', :vast);

INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_operator', $$SELECT sg_update_producer_reputation('p', 0)$$, 't', 'reputation: works', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p_off', 100)$$, 't', 'reputation: of a deactivated producer', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation(NULL, 1)$$, '25006', 'reputation: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_update_producer_reputation(NULL, 1)$$, 'SG108', 'reputation: target NULL', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p', NULL)$$, 'SG108', 'reputation: score NULL', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('', 1)$$, 'SG108', 'reputation: target empty', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation(repeat('x', 129), 1)$$, 'SG108', 'reputation: target of 129 bytes', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p', 101)$$, 'SG108', 'reputation: 101', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p', -1)$$, 'SG108', 'reputation: -1', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p', 65636)$$, 'SG108', 'reputation: 2^16 + 100', '{}'),
('sgt_nobody', $$SELECT sg_update_producer_reputation('p', 101)$$, 'SG108', 'reputation: score before operators only', '{}'),
('sgt_nobody', $$SELECT sg_update_producer_reputation('p', 1)$$, 'SG100', 'reputation: somebody else', '{}'),
('sgt_gateway@p', $$SELECT sg_update_producer_reputation('p', 1)$$, 'SG100', 'reputation: the producer', '{}'),
('sgt_nobody', $$SELECT sg_update_producer_reputation('nobody', 1)$$, 'SG100', 'reputation: operators only before not registered', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('p', 1)$$, 'SG101', 'reputation: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_update_producer_reputation('nobody', 1)$$, 'SG101', 'reputation: not registered', '{}'),
('sgt_operator', $$SELECT sg_update_producer_reputation('rich', 1)$$, 'SG101', 'reputation: not a producer', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('p', true)$$, 't', 'deactivate: a producer', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('p_off', true)$$, 't', 'deactivate: again', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('rich', false)$$, 't', 'deactivate: a consumer', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant(NULL, true)$$, '25006', 'deactivate: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_deactivate_participant(NULL, true)$$, 'SG108', 'deactivate: target NULL', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('p', NULL)$$, 'SG108', 'deactivate: is_producer NULL', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('', true)$$, 'SG108', 'deactivate: target empty', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant(repeat('é', 65), true)$$, 'SG108', 'deactivate: target of 130 bytes', '{}'),
('sgt_nobody', $$SELECT sg_deactivate_participant('', true)$$, 'SG108', 'deactivate: empty target before operators only', '{}'),
('sgt_nobody', $$SELECT sg_deactivate_participant('p', true)$$, 'SG100', 'deactivate: somebody else', '{}'),
('sgt_nobody', $$SELECT sg_deactivate_participant('nobody', true)$$, 'SG100', 'deactivate: operators only before not registered', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('p', true)$$, 'SG101', 'deactivate: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_deactivate_participant('nobody', true)$$, 'SG101', 'deactivate: not registered', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('p', false)$$, 'SG101', 'deactivate: not a consumer', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('rich', true)$$, 'SG101', 'deactivate: not a producer', '{}'),
('sgt_operator', $$SELECT sg_deactivate_participant('s', false)$$, 'SG101', 'deactivate: a storage facility', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('p_off', true)$$, 't', 'reactivate: a producer', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('p', true)$$, 't', 'reactivate: an active one', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('off', false)$$, 't', 'reactivate: a consumer', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant(NULL, true)$$, '25006', 'reactivate: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_reactivate_participant(NULL, true)$$, 'SG108', 'reactivate: target NULL', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('p', NULL)$$, 'SG108', 'reactivate: is_producer NULL', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('', true)$$, 'SG108', 'reactivate: target empty', '{}'),
('sgt_nobody', $$SELECT sg_reactivate_participant('', true)$$, 'SG108', 'reactivate: empty target before operators only', '{}'),
('sgt_nobody', $$SELECT sg_reactivate_participant('p_off', true)$$, 'SG100', 'reactivate: somebody else', '{}'),
('sgt_nobody', $$SELECT sg_reactivate_participant('nobody', true)$$, 'SG100', 'reactivate: operators only before not registered', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('p_off', true)$$, 'SG101', 'reactivate: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_reactivate_participant('nobody', false)$$, 'SG101', 'reactivate: not registered', '{}'),
('sgt_operator', $$SELECT sg_reactivate_participant('idle', true)$$, '22003', 'reactivate: sum of capacities', :vast),
('sgt_operator', $$SELECT sg_rename_participant('p', 'q')$$, 't', 'rename: works', '{}'),
('sgt_operator', $$SELECT sg_rename_participant(NULL, 'q')$$, '25006', 'rename: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_rename_participant(NULL, 'q')$$, 'SG108', 'rename: old NULL', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', NULL)$$, 'SG108', 'rename: new NULL', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('', 'q')$$, 'SG108', 'rename: old empty', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', '')$$, 'SG108', 'rename: new empty', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', repeat('x', 129))$$, 'SG108', 'rename: new of 129 bytes', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', repeat('x', 128))$$, 't', 'rename: new of 128 bytes', '{}'),
('sgt_nobody', $$SELECT sg_rename_participant('p', '')$$, 'SG108', 'rename: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_rename_participant('p', 'q')$$, 'SG100', 'rename: somebody else', '{}'),
('sgt_gateway@p', $$SELECT sg_rename_participant('p', 'q')$$, 'SG100', 'rename: the participant', '{}'),
('sgt_nobody', $$SELECT sg_rename_participant('nobody', 'q')$$, 'SG100', 'rename: operators only before not registered', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', 'q')$$, 'SG101', 'rename: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_rename_participant('nobody', 'q')$$, 'SG101', 'rename: not registered', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('nobody', 'p')$$, 'SG101', 'rename: not registered before taken', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('nobody', 'nobody')$$, 'SG101', 'rename: not registered, to itself', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', 'rich')$$, 'SG105', 'rename: taken', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('p', 'p')$$, 'SG105', 'rename: to itself', '{}'),
('sgt_operator', $$SELECT sg_rename_participant('rich', 'poor')$$, 't', 'rename: a name taken in another grid only', :north),
('sgt_operator', 'SELECT count(*) FROM sg_balance_load()', '0', 'balance_load: nothing to do', '{}'),
('sgt_nobody', 'SELECT * FROM sg_balance_load()', '25006', 'balance_load: read-only before operators only', :readonly),
('sgt_nobody', 'SELECT * FROM sg_balance_load()', 'SG100', 'balance_load: somebody else', '{}'),
('sgt_gateway@s', 'SELECT * FROM sg_balance_load()', 'SG100', 'balance_load: a storage facility', '{}'),
('sgt_nobody', 'SELECT * FROM sg_balance_load()', 'SG100', 'balance_load: operators only before unknown grid', :nowhere),
('sgt_operator', 'SELECT * FROM sg_balance_load()', 'SG101', 'balance_load: unknown grid', :nowhere);

------------------------------------------------------------------------------------------ sg_create_grid, sg_alter_grid
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_operator', $$SELECT sg_create_grid('new')$$, 't', 'create_grid: works', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new')$$, 't', 'create_grid: whatever the current grid', :nowhere),
('sgt_operator', $$SELECT sg_create_grid(repeat('é', 64))$$, 't', 'create_grid: a name of 128 bytes', '{}'),
('sgt_operator', $$SELECT sg_create_grid(NULL)$$, '25006', 'create_grid: read-only before NULL', :readonly),
('sgt_nobody', $$SELECT sg_create_grid('new')$$, '25006', 'create_grid: read-only before operators only', :readonly),
('sgt_operator', $$SELECT sg_create_grid(NULL)$$, 'SG108', 'create_grid: name NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('')$$, 'SG108', 'create_grid: name empty', '{}'),
('sgt_operator', $$SELECT sg_create_grid(repeat('x', 129))$$, 'SG108', 'create_grid: name of 129 bytes', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', operator_role => NULL)$$, 'SG108', 'create_grid: operator role NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', base_price => NULL)$$, 'SG108', 'create_grid: base price NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', energy_scale => NULL)$$, 'SG108', 'create_grid: energy scale NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', money_scale => NULL)$$, 'SG108', 'create_grid: money scale NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', currency => NULL)$$, 'SG108', 'create_grid: currency NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', low_watermark => NULL)$$, 'SG108', 'create_grid: low watermark NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', high_watermark => NULL)$$, 'SG108', 'create_grid: high watermark NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', max_topup => NULL)$$, 'SG108', 'create_grid: max_topup NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', stripes => NULL)$$, 'SG108', 'create_grid: stripes NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', operator_role => 'sgt_unheard_of')$$, 'SG108', 'create_grid: no such role', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', operator_role => '')$$, 'SG108', 'create_grid: role empty', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', operator_role => 'public')$$, 'SG108', 'create_grid: PUBLIC is no role', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', currency => '')$$, 'SG108', 'create_grid: currency empty', '{}'),
('sgt_operator', $$SELECT sg_create_grid('default', operator_role => 'sgt_unheard_of')$$, 'SG108', 'create_grid: no such role before exists', '{}'),
('sgt_nobody', $$SELECT sg_create_grid('')$$, 'SG108', 'create_grid: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_create_grid('new')$$, 'SG100', 'create_grid: somebody else', '{}'),
('sgt_north', $$SELECT sg_create_grid('new')$$, 'SG100', 'create_grid: an operator of one grid', '{}'),
('sgt_north', $$SELECT sg_create_grid('new')$$, 'SG100', 'create_grid: an operator of one grid, in it', :north),
('sgt_nobody', $$SELECT sg_create_grid('default')$$, 'SG100', 'create_grid: operators only before exists', '{}'),
('sgt_operator', $$SELECT sg_create_grid('default')$$, 'SG105', 'create_grid: exists', '{}'),
('sgt_operator', $$SELECT sg_create_grid('default', base_price => 0)$$, 'SG105', 'create_grid: exists before range', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', base_price => 0)$$, 'SG104', 'create_grid: base price 0', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', energy_scale => 19)$$, 'SG104', 'create_grid: energy scale 19', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', energy_scale => -1)$$, 'SG104', 'create_grid: energy scale -1', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', energy_scale => 65536)$$, 'SG104', 'create_grid: energy scale 2^16', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', money_scale => 19)$$, 'SG104', 'create_grid: money scale 19', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', money_scale => -1)$$, 'SG104', 'create_grid: money scale -1', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', money_scale => 65536)$$, 'SG104', 'create_grid: money scale 2^16', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', low_watermark => -0.01)$$, 'SG104', 'create_grid: low watermark below 0', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', high_watermark => 100.01)$$, 'SG104', 'create_grid: high watermark above 100', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', low_watermark => 80.01)$$, 'SG104', 'create_grid: low watermark above the high one', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', low_watermark => 'NaN')$$, 'SG104', 'create_grid: low watermark NaN', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', high_watermark => 'NaN')$$, 'SG104', 'create_grid: high watermark NaN', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', high_watermark => 'infinity')$$, 'SG104', 'create_grid: high watermark infinite', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', max_topup => 0)$$, 'SG104', 'create_grid: max_topup 0', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', stripes => 0)$$, 'SG104', 'create_grid: no stripes', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', stripes => 1025)$$, 'SG104', 'create_grid: 1025 stripes', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', 'sgt_north', 1, 18, 18, 'EUR', 0, 0, 1, 1, 'operator', 1, 'flat')$$, 't', 'create_grid: smallest', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', 'sgt_north', 9223372036854775807, 0, 0, 'x', 100, 100, 9223372036854775807, 1024, 'open', 9223372036854775807, 'scarcity')$$, 't', 'create_grid: largest', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default')$$, 't', 'alter_grid: nothing', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('north', 'smartgrid_operator', 5, 0, 0, 'CHF', 10, 90, 5, 2)$$, 't', 'alter_grid: everything, scales as they are', :nowhere),
('sgt_operator', $$SELECT sg_alter_grid(NULL)$$, '25006', 'alter_grid: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_alter_grid(NULL)$$, 'SG108', 'alter_grid: name NULL', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('')$$, 'SG108', 'alter_grid: name empty', '{}'),
('sgt_operator', $$SELECT sg_alter_grid(repeat('x', 129))$$, 'SG108', 'alter_grid: name of 129 bytes', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', operator_role => 'sgt_unheard_of')$$, 'SG108', 'alter_grid: no such role', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', currency => '')$$, 'SG108', 'alter_grid: currency empty', '{}'),
('sgt_nobody', $$SELECT sg_alter_grid('')$$, 'SG108', 'alter_grid: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_alter_grid('default')$$, 'SG100', 'alter_grid: somebody else', '{}'),
('sgt_north', $$SELECT sg_alter_grid('north', base_price => 1)$$, 'SG100', 'alter_grid: the grid''s own operator', :north),
('sgt_nobody', $$SELECT sg_alter_grid('nowhere')$$, 'SG100', 'alter_grid: operators only before unknown grid', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('nowhere')$$, 'SG101', 'alter_grid: unknown grid', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('nowhere', base_price => 0)$$, 'SG101', 'alter_grid: unknown grid before range', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', base_price => 0)$$, 'SG104', 'alter_grid: base price 0', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', energy_scale => 19)$$, 'SG104', 'alter_grid: energy scale 19', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', money_scale => -1)$$, 'SG104', 'alter_grid: money scale -1', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', low_watermark => 81)$$, 'SG104', 'alter_grid: low watermark above the high one', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', high_watermark => 19)$$, 'SG104', 'alter_grid: high watermark below the low one', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', high_watermark => 'NaN')$$, 'SG104', 'alter_grid: high watermark NaN', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', max_topup => 0)$$, 'SG104', 'alter_grid: max_topup 0', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', stripes => 0)$$, 'SG104', 'alter_grid: no stripes', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', stripes => 1025)$$, 'SG104', 'alter_grid: 1025 stripes', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', energy_scale => 3)$$, 'SG108', 'alter_grid: energy scale once there is an entry', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', money_scale => 2)$$, 'SG108', 'alter_grid: money scale once there is an entry', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', energy_scale => 3, base_price => 0)$$, 'SG104', 'alter_grid: range before the scale', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('nowhere', energy_scale => 3)$$, 'SG101', 'alter_grid: unknown grid before the scale', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', energy_scale => 0, money_scale => 0)$$, 't', 'alter_grid: the same scales', '{}');

---------------------------------------------------------------------------- registration by operators, enrolment, limits
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway@new', $$SELECT sg_register_producer(100, 'solar')$$, 't', 'closed: a gateway in its own role registers', :closed),
('sgt_gateway@new', 'SELECT sg_register_consumer(100)', 't', 'closed: as a consumer', :closed),
('sgt_gateway@new', 'SELECT sg_register_storage(100, 10, 10)', 't', 'closed: as a storage facility', :closed),
('sgt_north', 'SELECT sg_register_consumer(100)', 't', 'closed: its operator registers', :closed),
('sgt_operator', 'SELECT sg_register_consumer(100)', 't', 'closed: an operator of all grids registers', :closed),
('sgt_nobody', $$SELECT sg_register_producer(100, 'solar')$$, 'SG102', 'closed: nobody registers as a producer', :closed),
('sgt_nobody', 'SELECT sg_register_consumer(100)', 'SG102', 'closed: nor as a consumer', :closed),
('sgt_nobody', 'SELECT sg_register_storage(100, 10, 10)', 'SG102', 'closed: nor as a storage facility', :closed),
('sgt_nobody', $$SELECT sg_register_producer(100, 'coal')$$, 'SG108', 'closed: unknown type before who may', :closed),
('sgt_nobody', 'SELECT sg_register_consumer(NULL)', 'SG108', 'closed: NULL before who may', :closed),
('sgt_nobody', 'SELECT sg_register_consumer(0)', 'SG102', 'closed: who may before range', :closed),
('sgt_gateway', 'SELECT sg_register_consumer(100)', 'SG102', 'closed: no principal', :closed),
('sgt_gateway@c', 'SELECT sg_register_consumer(1001)', 'SG105', 'closed: registered before the limit', :closed),
('sgt_gateway@new', 'SELECT sg_register_consumer(1001)', 'SG104', 'closed: the limit', :closed),
('sgt_gateway@new', 'SELECT sg_register_consumer(1000)', 't', 'closed: at the limit', :closed),
('sgt_gateway@new', $$SELECT sg_register_producer(1001, 'solar')$$, 'SG104', 'closed: the limit of a capacity', :closed),
('sgt_gateway@new', 'SELECT sg_register_storage(1000, 1001, 10)', 'SG104', 'closed: the limit of a charge rate', :closed),
('sgt_gateway@new', 'SELECT sg_register_storage(1000, 10, 1001)', 'SG104', 'closed: the limit of a discharge rate', :closed),
('sgt_north', $$SELECT sg_enrol_producer('new', 1000, 'solar')$$, 't', 'enrol_producer: works', :closed),
('sgt_operator', $$SELECT sg_enrol_producer('new', 1000, 'solar')$$, 't', 'enrol_producer: by an operator of all grids', '{}'),
('sgt_gateway@sgt_operator', $$SELECT sg_enrol_producer('new', 1000, 'solar')$$, 'SG100', 'enrol_producer: a gateway is no operator', :closed),
('sgt_operator', $$SELECT sg_enrol_producer(NULL, 1000, 'solar')$$, '25006', 'enrol_producer: read-only before NULL', :readonly),
('sgt_operator', $$SELECT sg_enrol_producer(NULL, 1000, 'solar')$$, 'SG108', 'enrol_producer: principal NULL', '{}'),
('sgt_operator', $$SELECT sg_enrol_producer('', 1000, 'solar')$$, 'SG108', 'enrol_producer: principal empty', '{}'),
('sgt_operator', $$SELECT sg_enrol_producer(repeat('x', 129), 1000, 'solar')$$, 'SG108', 'enrol_producer: principal of 129 bytes', '{}'),
('sgt_nobody', $$SELECT sg_enrol_producer('new', NULL, 'solar')$$, 'SG108', 'enrol_producer: NULL before operators only', '{}'),
('sgt_nobody', $$SELECT sg_enrol_producer('new', 1000, 'coal')$$, 'SG108', 'enrol_producer: unknown type before operators only', '{}'),
('sgt_nobody', $$SELECT sg_enrol_producer('new', 1000, 'solar')$$, 'SG100', 'enrol_producer: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_enrol_producer('new', 0, 'solar')$$, 'SG101', 'enrol_producer: unknown grid before range', :nowhere),
('sgt_north', $$SELECT sg_enrol_producer('new', 1000, 'solar')$$, 'SG100', 'enrol_producer: of another grid', '{}'),
('sgt_operator', $$SELECT sg_enrol_producer('p', 0, 'solar')$$, 'SG105', 'enrol_producer: registered before range', '{}'),
('sgt_operator', $$SELECT sg_enrol_producer('new', 0, 'solar')$$, 'SG104', 'enrol_producer: capacity 0', '{}'),
('sgt_operator', $$SELECT sg_enrol_producer('new', 1001, 'solar')$$, 'SG104', 'enrol_producer: the limit', :closed),
('sgt_operator', $$SELECT sg_enrol_producer('new', 9223372036854775807, 'solar')$$, '22003', 'enrol_producer: capacity of the grid', '{}'),
('sgt_operator', $$SELECT sg_enrol_consumer('new', 1000)$$, 't', 'enrol_consumer: works', '{}'),
('sgt_operator', $$SELECT sg_enrol_consumer('new', NULL)$$, 'SG108', 'enrol_consumer: limit NULL', '{}'),
('sgt_nobody', $$SELECT sg_enrol_consumer('', 10)$$, 'SG108', 'enrol_consumer: empty before operators only', '{}'),
('sgt_nobody', $$SELECT sg_enrol_consumer('rich', 10)$$, 'SG100', 'enrol_consumer: operators only before registered', '{}'),
('sgt_operator', $$SELECT sg_enrol_consumer('rich', 0)$$, 'SG105', 'enrol_consumer: registered before range', '{}'),
('sgt_operator', $$SELECT sg_enrol_consumer('new', 0)$$, 'SG104', 'enrol_consumer: limit 0', '{}'),
('sgt_operator', $$SELECT sg_enrol_consumer('new', 1001)$$, 'SG104', 'enrol_consumer: the limit of the grid', :closed),
('sgt_operator', $$SELECT sg_enrol_storage('new', 1000, 10, 10)$$, 't', 'enrol_storage: works', '{}'),
('sgt_operator', $$SELECT sg_enrol_storage('new', 1000, NULL, 10)$$, 'SG108', 'enrol_storage: rate NULL', '{}'),
('sgt_nobody', $$SELECT sg_enrol_storage('s', 1000, 10, 10)$$, 'SG100', 'enrol_storage: operators only before registered', '{}'),
('sgt_operator', $$SELECT sg_enrol_storage('s', 0, 10, 10)$$, 'SG105', 'enrol_storage: registered before range', '{}'),
('sgt_operator', $$SELECT sg_enrol_storage('new', 10, 0, 10)$$, 'SG104', 'enrol_storage: charge rate 0', '{}'),
('sgt_operator', $$SELECT sg_enrol_storage('new', 10, 10, 1001)$$, 'SG104', 'enrol_storage: the limit of the grid', :closed),
('sgt_gateway@p', 'SELECT sg_report_production(1001)', 'SG104', 'report_production: above the limit of the grid', :closed),
('sgt_gateway@p', 'SELECT sg_report_production(1000)', 't', 'report_production: at the limit of the grid', :closed),
('sgt_gateway@c', 'SELECT sg_consume_energy(1001)', 'SG104', 'consume_energy: the limit of the grid before the load', :closed),
('sgt_gateway@c', 'SELECT sg_consume_energy(1000)', 'SG107', 'consume_energy: at the limit of the grid', :closed),
('sgt_gateway@s', 'SELECT sg_charge_storage(1001)', 'SG104', 'charge_storage: above the limit of the grid', :closed),
('sgt_gateway@s', 'SELECT sg_charge_storage(1000)', 't', 'charge_storage: at the limit of the grid', :closed),
('sgt_gateway@s', 'SELECT sg_discharge_storage(1001)', 'SG104', 'discharge_storage: the limit of the grid before what is stored', :closed),
('sgt_gateway@p', $$SELECT sg_create_trade('c', 1001, 1)$$, 'SG104', 'create_trade: amount above the limit of the grid', :closed),
('sgt_gateway@p', $$SELECT sg_create_trade('c', 1, 1001)$$, 'SG104', 'create_trade: price above the limit of the grid', :closed),
('sgt_gateway@p', $$SELECT sg_create_trade('off', 1001, 1)$$, 'SG106', 'create_trade: inactive before the limit of the grid', :closed),
('sgt_gateway@c', 'SELECT price FROM sg_quote(1001)', 'SG104', 'quote: above the limit of the grid', :closed),
('sgt_north', 'SELECT sg_set_base_price(1001)', 'SG104', 'set_base_price: above the limit of the grid', :closed),
('sgt_north', 'SELECT sg_set_base_price(1000)', 't', 'set_base_price: at the limit of the grid', :closed),
('sgt_gateway', $$SELECT sg_add_consumer_balance('c', 1000000)$$, 't', 'add_consumer_balance: money has no limit but its own', :closed),

--------------------------------------------------------------------------------------------------- sg_alter_...
('sgt_north', $$SELECT sg_alter_producer('p', 1000)$$, 't', 'alter_producer: works', :closed),
('sgt_north', $$SELECT sg_alter_producer('off', 60)$$, 't', 'alter_producer: of one who is deactivated', :closed),
('sgt_north', $$SELECT sg_alter_producer('p')$$, 't', 'alter_producer: NULL keeps', :closed),
('sgt_north', $$SELECT sg_alter_producer('nobody')$$, 'SG101', 'alter_producer: NULL of nobody', :closed),
('sgt_nobody', $$SELECT sg_alter_producer('p', 1)$$, 'SG100', 'alter_producer: somebody else', :closed),
('sgt_gateway@p', $$SELECT sg_alter_producer('p', 1)$$, 'SG100', 'alter_producer: the producer itself', :closed),
('sgt_nobody', $$SELECT sg_alter_producer('', 1)$$, 'SG108', 'alter_producer: empty before operators only', :closed),
('sgt_nobody', $$SELECT sg_alter_producer('p', 1)$$, 'SG100', 'alter_producer: operators only before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_alter_producer(NULL, 1)$$, '25006', 'alter_producer: read-only before NULL', :readonly),
('sgt_north', $$SELECT sg_alter_producer('c', 0)$$, 'SG101', 'alter_producer: no producer before range', :closed),
('sgt_north', $$SELECT sg_alter_producer('p', 0)$$, 'SG104', 'alter_producer: capacity 0', :closed),
('sgt_north', $$SELECT sg_alter_producer('p', 1001)$$, 'SG104', 'alter_producer: the limit of the grid', :closed),
('sgt_operator', $$SELECT sg_alter_producer('p', 9223372036854775807)$$, 't', 'alter_producer: the largest capacity', '{}'),
('sgt_operator', $$SELECT sg_alter_producer('p3', 1300000000000000000)$$, '22003', 'alter_producer: capacity of the grid', :vast),
('sgt_operator', $$SELECT sg_alter_producer('idle', 9223372036854775807)$$, 't', 'alter_producer: not of one who is deactivated', :vast),
('sgt_north', $$SELECT sg_alter_consumer('c', 1000)$$, 't', 'alter_consumer: works', :closed),
('sgt_north', $$SELECT sg_alter_consumer('off', 60)$$, 't', 'alter_consumer: of one who is deactivated', :closed),
('sgt_north', $$SELECT sg_alter_consumer('off', NULL)$$, 't', 'alter_consumer: NULL keeps', :closed),
('sgt_nobody', $$SELECT sg_alter_consumer('c', 1)$$, 'SG100', 'alter_consumer: somebody else', :closed),
('sgt_north', $$SELECT sg_alter_consumer('p', 0)$$, 'SG101', 'alter_consumer: no consumer before range', :closed),
('sgt_north', $$SELECT sg_alter_consumer('c', -1)$$, 'SG104', 'alter_consumer: limit -1', :closed),
('sgt_north', $$SELECT sg_alter_consumer('c', 1001)$$, 'SG104', 'alter_consumer: the limit of the grid', :closed),
('sgt_north', $$SELECT sg_alter_storage('s', 1000, 7, 8)$$, 't', 'alter_storage: works', :closed),
('sgt_north', $$SELECT sg_alter_storage('s', 700)$$, 't', 'alter_storage: what it holds', :closed),
('sgt_north', $$SELECT sg_alter_storage('s', 699)$$, 'SG104', 'alter_storage: less than it holds', :closed),
('sgt_north', $$SELECT sg_alter_storage('s')$$, 't', 'alter_storage: NULL keeps', :closed),
('sgt_nobody', $$SELECT sg_alter_storage('s', 0)$$, 'SG100', 'alter_storage: operators only before range', :closed),
('sgt_north', $$SELECT sg_alter_storage('c', 0)$$, 'SG101', 'alter_storage: no storage facility before range', :closed),
('sgt_north', $$SELECT sg_alter_storage('s', charge_rate => 0)$$, 'SG104', 'alter_storage: charge rate 0', :closed),
('sgt_north', $$SELECT sg_alter_storage('s', discharge_rate => 1001)$$, 'SG104', 'alter_storage: the limit of the grid', :closed),

------------------------------------------------------------------------------------------- more of sg_alter_grid
('sgt_operator', $$SELECT sg_create_grid('new', registration => 'closed')$$, 'SG108', 'create_grid: unknown registration', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', registration => NULL)$$, 'SG108', 'create_grid: registration NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', price_rule => 'dear')$$, 'SG108', 'create_grid: unknown price rule', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', max_amount => NULL)$$, 'SG108', 'create_grid: max_amount NULL', '{}'),
('sgt_operator', $$SELECT sg_create_grid('default', max_amount => 0)$$, 'SG105', 'create_grid: exists before max_amount', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', max_amount => 0)$$, 'SG104', 'create_grid: max_amount 0', '{}'),
('sgt_operator', $$SELECT sg_create_grid('new', base_price => 101, max_amount => 100)$$, 'SG104', 'create_grid: base price above max_amount', '{}'),
('sgt_nobody', $$SELECT sg_alter_grid('default', price_rule => '')$$, 'SG108', 'alter_grid: unknown price rule before operators only', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', registration => 'Open')$$, 'SG108', 'alter_grid: unknown registration', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', max_amount => -1)$$, 'SG104', 'alter_grid: max_amount -1', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', max_amount => 1)$$, 't', 'alter_grid: max_amount below what is there', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', base_price => 1001)$$, 'SG104', 'alter_grid: base price above max_amount', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', base_price => 1001, max_amount => 1001)$$, 't', 'alter_grid: base price and max_amount', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', currency => 'CHF')$$, 'SG108', 'alter_grid: currency once there is an entry', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', currency => 'XXX')$$, 'SG108', 'alter_grid: back to none', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', currency => 'EUR')$$, 't', 'alter_grid: the same currency', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('closed', currency => 'CHF', max_topup => 0)$$, 'SG104', 'alter_grid: range before the currency', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('nowhere', currency => 'CHF')$$, 'SG101', 'alter_grid: unknown grid before the currency', '{}'),
('sgt_operator', $$SELECT sg_alter_grid('default', currency => 'CHF')$$, 't', 'alter_grid: a currency for what had none', '{}');

----------------------------------------------------------------------------------------------- reading and identity
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_gateway', 'SELECT sg_principal()', 'SG102', 'principal: a gateway without one', '{}'),
('sgt_gateway@' || repeat('x', 128), 'SELECT sg_principal()', repeat('x', 128), 'principal: 128 bytes', '{}'),
('sgt_gateway@' || repeat('x', 129), 'SELECT sg_principal()', 'SG108', 'principal: 129 bytes', '{}'),
('sgt_gateway@' || repeat('é', 65), 'SELECT sg_register_consumer(0)', 'SG108', 'principal: 130 bytes, before range', '{}'),
('sgt_gateway@' || repeat('x', 129), 'SELECT sg_consume_energy(1)', 'SG108', 'principal: 129 bytes, before unknown grid', :nowhere),
('sgt_gateway@' || repeat('x', 129), 'SELECT sg_consume_energy(1)', '25006', 'principal: 129 bytes, after read-only', :readonly),
('sgt_nobody', 'SELECT sg_grid()', 'SG101', 'grid: unknown', :nowhere),
('sgt_nobody', 'SELECT sg_get_grid_status()', 'SG101', 'grid_status: unknown grid', :nowhere),
('sgt_nobody', 'SELECT sg_get_grid_status()', '22003', 'grid_status: price', :dear),
('sgt_nobody', 'SELECT sg_get_dynamic_price()', 'SG101', 'dynamic_price: unknown grid', :nowhere),
('sgt_nobody', 'SELECT sg_get_dynamic_price()', '22003', 'dynamic_price: beyond bigint', :dear),
('sgt_nobody', 'SELECT sg_quote(NULL)', 'SG108', 'quote: NULL', '{}'),
('sgt_nobody', 'SELECT sg_quote(NULL)', 'SG108', 'quote: NULL before unknown grid', :nowhere),
('sgt_nobody', 'SELECT sg_quote(0)', 'SG101', 'quote: unknown grid before range', :nowhere),
('sgt_nobody', 'SELECT sg_quote(0)', 'SG104', 'quote: 0', '{}'),
('sgt_nobody', 'SELECT sg_quote(-1)', 'SG104', 'quote: -1', '{}'),
('sgt_nobody', 'SELECT sg_quote(0)', 'SG104', 'quote: range before the price', :dear),
('sgt_nobody', 'SELECT sg_quote(1)', '22003', 'quote: price beyond bigint', :dear),
('sgt_nobody', 'SELECT sg_quote(9223372036854775807)', '22003', 'quote: cost', '{}'),
('sgt_nobody', 'SELECT sg_get_producer_info(NULL)', 'SG108', 'producer_info: NULL', '{}'),
('sgt_nobody', $$SELECT sg_get_producer_info('')$$, 'SG108', 'producer_info: empty', '{}'),
('sgt_nobody', $$SELECT sg_get_producer_info(repeat('x', 129))$$, 'SG108', 'producer_info: 129 bytes', '{}'),
('sgt_nobody', $$SELECT sg_get_producer_info('p')$$, 'SG101', 'producer_info: unknown grid', :nowhere),
('sgt_nobody', $$SELECT sg_get_producer_info('')$$, 'SG108', 'producer_info: empty before unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_get_producer_info('nobody') IS NULL$$, 't', 'producer_info: nobody is NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_consumer_info(NULL)', 'SG108', 'consumer_info: NULL', '{}'),
('sgt_nobody', $$SELECT sg_get_consumer_info('')$$, 'SG108', 'consumer_info: empty', '{}'),
('sgt_nobody', $$SELECT sg_get_consumer_info(repeat('x', 129))$$, 'SG108', 'consumer_info: 129 bytes', '{}'),
('sgt_nobody', $$SELECT sg_get_consumer_info('p')$$, 'SG101', 'consumer_info: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_get_consumer_info('nobody') IS NULL$$, 't', 'consumer_info: nobody is NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_storage_info(NULL)', 'SG108', 'storage_info: NULL', '{}'),
('sgt_nobody', $$SELECT sg_get_storage_info('')$$, 'SG108', 'storage_info: empty', '{}'),
('sgt_nobody', $$SELECT sg_get_storage_info(repeat('x', 129))$$, 'SG108', 'storage_info: 129 bytes', '{}'),
('sgt_nobody', $$SELECT sg_get_storage_info('p')$$, 'SG101', 'storage_info: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_get_storage_info('nobody') IS NULL$$, 't', 'storage_info: nobody is NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_trade_info(NULL)', 'SG108', 'trade_info: NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_trade_info(1)', 'SG101', 'trade_info: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_get_trade_info(1000000) IS NULL', 't', 'trade_info: no such trade is NULL', '{}'),
('sgt_operator', 'SELECT sg_get_trade_info(9) IS NULL', 't', 'trade_info: a trade of another grid is NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_metrics(NULL)', 'SG108', 'metrics: NULL', '{}'),
('sgt_nobody', 'SELECT sg_get_metrics(1)', 'SG101', 'metrics: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_get_metrics(1000000) IS NULL', 't', 'metrics: no such record is NULL', '{}'),
('sgt_nobody', 'SELECT sg_post_readings(NULL, NULL, NULL)', 'SG108', 'post_readings: NULL before the right', '{}'),
('sgt_nobody', $$SELECT sg_post_readings('{p}', '{none}', '{1}')$$, 'SG108', 'post_readings: unknown kind before the right', '{}'),
('sgt_nobody', $$SELECT sg_post_readings('{p}', '{production}', '{1}')$$, 'SG102', 'post_readings: a stranger', '{}'),
('sgt_nobody', $$SELECT sg_post_readings('{p}', '{production}', '{1}')$$, 'SG102', 'post_readings: a stranger before unknown grid', :nowhere);

------------------------------------------------------------------------------------------------------------- evidence
INSERT INTO sgtest.expectation (who, statement, expected, why, settings) VALUES
('sgt_operator', 'SELECT entries > 0 FROM sg_seal()', 't', 'seal: works', '{}'),
('sgt_north', $$SELECT entries, first_entry = last_entry - 1 FROM sg_seal('north')$$, '4,f', 'seal: a grid by its operator', '{}'),
('sgt_operator', 'SELECT sg_seal(NULL)', '25006', 'seal: read-only before anything else', :readonly),
('sgt_nobody', 'SELECT sg_seal(NULL)', '25006', 'seal: read-only before the right', :readonly),
('sgt_nobody', $$SELECT sg_seal('')$$, 'SG108', 'seal: empty name before the right', '{}'),
('sgt_operator', $$SELECT sg_seal(repeat('x', 129))$$, 'SG108', 'seal: name of 129 bytes', '{}'),
('sgt_nobody', 'SELECT sg_seal()', 'SG100', 'seal: a stranger', '{}'),
('sgt_north', 'SELECT sg_seal()', 'SG100', 'seal: another grid''s operator', '{}'),
('sgt_gateway', 'SELECT sg_seal()', 'SG100', 'seal: a gateway', '{}'),
('sgt_nobody', $$SELECT sg_seal('nowhere')$$, 'SG100', 'seal: the right before unknown grid', '{}'),
('sgt_operator', $$SELECT sg_seal('nowhere')$$, 'SG101', 'seal: unknown grid', '{}'),
('sgt_operator', 'SELECT sg_seal()', 'SG101', 'seal: unknown current grid', :nowhere),
('sgt_operator', $$SELECT count(*) FROM sg_seal('dear')$$, '1', 'seal: a price beyond bigint is no matter', '{}'),
('sgt_nobody', 'SELECT sg_prove_entry(NULL)', 'SG108', 'prove_entry: NULL', '{}'),
('sgt_nobody', 'SELECT sg_prove_entry(1) IS NULL', 't', 'prove_entry: hidden is NULL', '{}'),
('sgt_operator', 'SELECT sg_prove_entry(1) IS NULL', 't', 'prove_entry: not sealed is NULL', '{}'),
('sgt_operator', 'SELECT sg_prove_entry(1000000) IS NULL', 't', 'prove_entry: no such entry is NULL', '{}'),
('sgt_operator', 'SELECT sg_prove_entry(-9223372036854775808) IS NULL', 't', 'prove_entry: the smallest id is NULL', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(NULL, 1)', 'SG108', 'prove_blocks: NULL from', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(1, NULL)', 'SG108', 'prove_blocks: NULL to', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(1, 0)', 'SG108', 'prove_blocks: not in order', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(-1, 0)', 'SG108', 'prove_blocks: below zero', '{}'),
('sgt_nobody', $$SELECT sg_prove_blocks(1, 0, 'nowhere')$$, 'SG108', 'prove_blocks: heights before unknown grid', '{}'),
('sgt_nobody', $$SELECT sg_prove_blocks(0, 1, '')$$, 'SG108', 'prove_blocks: empty grid', '{}'),
('sgt_nobody', $$SELECT sg_prove_blocks(0, 1, 'nowhere')$$, 'SG101', 'prove_blocks: unknown grid', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(0, 1)', 'SG101', 'prove_blocks: unknown current grid', :nowhere),
('sgt_nobody', 'SELECT sg_prove_blocks(0, 0) IS NULL', 't', 'prove_blocks: no such block is NULL', '{}'),
('sgt_nobody', 'SELECT sg_prove_blocks(0, 9223372036854775807) IS NULL', 't', 'prove_blocks: far beyond the end is NULL', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof(NULL, repeat('0', 64))$$, 'SG108', 'verify_proof: NULL proof', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{}', NULL)$$, 'SG108', 'verify_proof: NULL hash', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{}', repeat('0', 63))$$, 'SG108', 'verify_proof: 63 digits', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{}', repeat('A', 64))$$, 'SG108', 'verify_proof: upper case', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{}', repeat('0', 64), 'x')$$, 'SG108', 'verify_proof: earlier hash is none', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('[]', repeat('0', 64))$$, 'SG108', 'verify_proof: no object', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('1', repeat('0', 64))$$, 'SG108', 'verify_proof: a number', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('null', repeat('0', 64))$$, 'SG108', 'verify_proof: null', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{}', repeat('0', 64))$$, 'SG108', 'verify_proof: no type', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": 1}', repeat('0', 64))$$, 'SG108', 'verify_proof: type is a number', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "x"}', repeat('0', 64))$$, 'SG108', 'verify_proof: unknown type', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1"}', repeat('0', 64))$$, 'SG108', 'verify_proof: nothing but a type', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 0, "entries": 1, "block": "", "path": {}}', repeat('0', 64))$$, 'SG108', 'verify_proof: path is an object', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 0, "entries": 1, "block": "", "path": [1]}', repeat('0', 64))$$, 'SG108', 'verify_proof: path of numbers', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": "0", "entries": 1, "block": "", "path": []}', repeat('0', 64))$$, 'SG108', 'verify_proof: index is a string', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 0, "entries": 1, "block": "", "path": []}', repeat('0', 64), repeat('0', 64))$$, 'SG108', 'verify_proof: earlier hash without use', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-blocks-1", "from": "", "to": "", "inclusion": [], "consistency": []}', repeat('0', 64))$$, 'SG108', 'verify_proof: earlier hash missing', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 0, "entries": 1, "block": "", "path": []}', repeat('0', 64))$$, 'f', 'verify_proof: does not fit', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 1e30, "entries": -1.5, "block": "", "path": ["x"]}', repeat('0', 64))$$, 'f', 'verify_proof: odd figures', '{}'),
('sgt_nobody', $$SELECT sg_verify_proof('{"type": "smartgrid-blocks-1", "from": "", "to": "", "inclusion": [], "consistency": []}', repeat('0', 64), repeat('0', 64))$$, 'f', 'verify_proof: blocks that do not fit', '{}'),
('sgt_operator', 'SELECT bool_and(ok) FROM sg_verify_ledger()', 't', 'verify_ledger: works', '{}'),
('sgt_north', $$SELECT bool_and(ok) FROM sg_verify_ledger('north')$$, 't', 'verify_ledger: a grid by its operator', '{}'),
('sgt_operator', $$SELECT bool_and(ok) FROM sg_verify_ledger('vast')$$, 't', 'verify_ledger: large figures', '{}'),
('sgt_operator', $$SELECT bool_and(ok) FROM sg_verify_ledger('rich')$$, 't', 'verify_ledger: much money', '{}'),
('sgt_nobody', 'SELECT sg_verify_ledger(NULL, NULL)', 'SG108', 'verify_ledger: NULL from_height before the right', '{}'),
('sgt_nobody', 'SELECT sg_verify_ledger(NULL, -1)', 'SG108', 'verify_ledger: from_height below zero', '{}'),
('sgt_nobody', 'SELECT sg_verify_ledger(NULL, 0, 0)', 'SG108', 'verify_ledger: a height without a hash', '{}'),
('sgt_nobody', $$SELECT sg_verify_ledger(NULL, 0, NULL, repeat('0', 64))$$, 'SG108', 'verify_ledger: a hash without a height', '{}'),
('sgt_nobody', $$SELECT sg_verify_ledger(NULL, 0, 0, 'x')$$, 'SG108', 'verify_ledger: no hash', '{}'),
('sgt_nobody', $$SELECT sg_verify_ledger(NULL, 2, 1, repeat('0', 64))$$, 'SG108', 'verify_ledger: published before from_height', '{}'),
('sgt_nobody', $$SELECT sg_verify_ledger('')$$, 'SG108', 'verify_ledger: empty grid before the right', '{}'),
('sgt_nobody', 'SELECT sg_verify_ledger()', 'SG100', 'verify_ledger: a stranger', '{}'),
('sgt_gateway', 'SELECT sg_verify_ledger()', 'SG100', 'verify_ledger: a gateway', '{}'),
('sgt_north', 'SELECT sg_verify_ledger()', 'SG100', 'verify_ledger: another grid''s operator', '{}'),
('sgt_nobody', $$SELECT sg_verify_ledger('nowhere')$$, 'SG100', 'verify_ledger: the right before unknown grid', '{}'),
('sgt_operator', $$SELECT sg_verify_ledger('nowhere')$$, 'SG101', 'verify_ledger: unknown grid', '{}'),
('sgt_operator', 'SELECT sg_verify_ledger(NULL, 1)', 'SG101', 'verify_ledger: no block before from_height', '{}'),
('sgt_operator', 'SELECT sg_set_time_zone(NULL)', '25006', 'set_time_zone: read-only before anything else', :readonly),
('sgt_nobody', 'SELECT sg_set_time_zone(NULL)', 'SG108', 'set_time_zone: NULL before the right', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('')$$, 'SG108', 'set_time_zone: empty', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('Europe/Berlni')$$, 'SG108', 'set_time_zone: unknown', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('UTC+2')$$, 'SG108', 'set_time_zone: a rule of POSIX', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('<x>-1')$$, 'SG108', 'set_time_zone: another rule', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('+02:00')$$, 'SG108', 'set_time_zone: an offset', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('CEST')$$, 'SG108', 'set_time_zone: an abbreviation', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('../../etc/passwd')$$, 'SG108', 'set_time_zone: a path', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone(repeat('x', 100000))$$, 'SG108', 'set_time_zone: too long', '{}'),
('sgt_nobody', $$SELECT sg_set_time_zone('Europe/Berlin')$$, 'SG100', 'set_time_zone: a stranger', '{}'),
('sgt_north', $$SELECT sg_set_time_zone('Europe/Berlin')$$, 'SG100', 'set_time_zone: another grid''s operator', '{}'),
('sgt_operator', $$SELECT sg_set_time_zone('Europe/Berlin')$$, 'SG101', 'set_time_zone: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_set_time_zone('europe/berlin')$$, 't', 'set_time_zone: works', '{}'),
('sgt_operator', $$SELECT sg_set_time_zone('Etc/GMT+5')$$, 't', 'set_time_zone: a name with digits', '{}'),
('sgt_nobody', 'SELECT sg_time_zone()', 'UTC', 'time_zone: UTC where none was set', '{}'),
('sgt_nobody', 'SELECT sg_time_zone()', 'SG101', 'time_zone: unknown grid', :nowhere),
('sgt_operator', 'SELECT sg_set_energy_type(NULL)', '25006', 'set_energy_type: read-only before anything else', :readonly),
('sgt_nobody', 'SELECT sg_set_energy_type(NULL)', 'SG108', 'set_energy_type: NULL before the right', '{}'),
('sgt_nobody', $$SELECT sg_set_energy_type('coal')$$, 'SG108', 'set_energy_type: unknown type', '{}'),
('sgt_nobody', $$SELECT sg_set_energy_type('solar', source => '')$$, 'SG108', 'set_energy_type: empty source before the right', '{}'),
('sgt_nobody', $$SELECT sg_set_energy_type('solar', co2_g_per_kwh => -1)$$, 'SG100', 'set_energy_type: the right before the range', '{}'),
('sgt_north', $$SELECT sg_set_energy_type('solar')$$, 'SG100', 'set_energy_type: another grid''s operator', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar')$$, 'SG101', 'set_energy_type: unknown grid', :nowhere),
('sgt_operator', $$SELECT sg_set_energy_type('solar', co2_g_per_kwh => -0.1)$$, 'SG104', 'set_energy_type: below zero', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar', co2_g_per_kwh => 'NaN')$$, 'SG104', 'set_energy_type: NaN', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar', co2_g_per_kwh => 'Infinity')$$, 'SG104', 'set_energy_type: infinite', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar', co2_g_per_kwh => '-Infinity')$$, 'SG104', 'set_energy_type: infinitely below zero', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar', false, 0, 'x')$$, 't', 'set_energy_type: works', '{}'),
('sgt_operator', $$SELECT sg_set_energy_type('solar')$$, 't', 'set_energy_type: changes nothing', '{}'),
('sgt_operator', 'SELECT sg_rebuild_rollups()', '25006', 'rebuild_rollups: read-only before anything else', :readonly),
('sgt_nobody', $$SELECT sg_rebuild_rollups('')$$, 'SG108', 'rebuild_rollups: empty name before the right', '{}'),
('sgt_nobody', 'SELECT sg_rebuild_rollups()', 'SG100', 'rebuild_rollups: a stranger', '{}'),
('sgt_north', 'SELECT sg_rebuild_rollups()', 'SG100', 'rebuild_rollups: another grid''s operator', '{}'),
('sgt_operator', $$SELECT sg_rebuild_rollups('nowhere')$$, 'SG101', 'rebuild_rollups: unknown grid', '{}'),
('sgt_north', $$SELECT sg_rebuild_rollups('north')$$, '0', 'rebuild_rollups: nothing is sealed', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('')$$, 'SG108', 'load_curve: empty grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('nowhere')$$, 'SG101', 'load_curve: unknown grid', '{}'),
('sgt_nobody', 'SELECT count(*) FROM sg_load_curve()', 'SG101', 'load_curve: unknown current grid', :nowhere),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('nowhere', 'empty')$$, 'SG108', 'load_curve: empty period before unknown grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '(2026-01-01 00:00:00.000001+00, 2026-01-01 00:00:00.000002+00)')$$, 'SG108', 'load_curve: no microsecond in the period', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '(,2026-01-01)')$$, 'SG108', 'load_curve: no lower bound', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '[2026-01-01,infinity)')$$, 'SG108', 'load_curve: infinite upper bound', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('nowhere', NULL, NULL)$$, 'SG108', 'load_curve: NULL bucket before unknown grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('nowhere', NULL, '0')$$, 'SG108', 'load_curve: bucket of nothing', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, NULL, '-1 hour')$$, 'SG108', 'load_curve: bucket below zero', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, NULL, '1 month -1 day')$$, 'SG108', 'load_curve: bucket with a part below zero', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, NULL, '1 day 1 hour')$$, 'SG108', 'load_curve: bucket of days and hours', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, NULL, '25 hours')$$, 'SG108', 'load_curve: bucket of more than 24 hours', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, NULL, '178000000 years')$$, 'SG108', 'load_curve: bucket of ages', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve('nowhere', NULL, '1 hour', 'nowhere')$$, 'SG108', 'load_curve: unknown zone before unknown grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '[2026-01-01,2030-01-01)')$$, 'SG104', 'load_curve: more than 100,000 buckets', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '[2026-01-01 00:00+00,2026-01-02 03:46:40+00)', '1 second')$$, '100000', 'load_curve: 100,000 buckets', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_load_curve(NULL, '[2026-01-01 00:00+00,2026-01-02 03:46:40+00]', '1 second')$$, 'SG104', 'load_curve: one more', '{}'),
('sgt_nobody', $$SELECT count(*), sum(produced), count(load) FROM sg_load_curve(NULL, '[2026-01-01 00:00+00,2026-01-02 00:00+00)')$$, '96,0,0', 'load_curve: zeros for a stranger', '{}'),
('sgt_gateway', $$SELECT count(*), sum(produced), count(load) FROM sg_load_curve()$$, '97,0,0', 'load_curve: zeros without a principal', '{}'),
('sgt_operator', $$SELECT sum(produced) > 0 FROM sg_load_curve('vast')$$, 't', 'load_curve: large figures', '{}'),
('sgt_operator', $$SELECT sum(revenue) > 0 FROM sg_load_curve('rich')$$, 't', 'load_curve: much money', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_kpis(NULL, '')$$, 'SG108', 'kpis: empty grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_kpis('empty', 'nowhere')$$, 'SG108', 'kpis: empty period before unknown grid', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_kpis('[2026-01-01,)')$$, 'SG108', 'kpis: no upper bound', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_kpis(NULL, 'nowhere')$$, 'SG101', 'kpis: unknown grid', '{}'),
('sgt_nobody', 'SELECT count(*) FROM sg_kpis()', 'SG101', 'kpis: unknown current grid', :nowhere),
('sgt_gateway', 'SELECT count(*), sum(value) FROM sg_kpis()', '19,0.000', 'kpis: zeros without a principal', '{}'),
('sgt_nobody', $$SELECT count(*) FROM sg_kpis('[4714-11-24 00:00:00+00 BC,294276-12-31 23:59:59.999999+00]')$$, '19', 'kpis: of all time', '{}'),
('sgt_operator', $$SELECT count(value) > 8 FROM sg_kpis(NULL, 'vast')$$, 't', 'kpis: large figures', '{}'),
('sgt_operator', $$SELECT count(value) > 8 FROM sg_kpis(NULL, 'rich')$$, 't', 'kpis: much money', '{}'),
('sgt_operator', $$SELECT count(*) > 0 FROM sg_load_curve WHERE grid IN ('vast', 'rich')$$, 't', 'view of the curve: large figures', '{}'),
('sgt_nobody', $$SELECT sg_statement(NULL, '(,)')$$, 'SG108', 'statement: NULL principal', '{}'),
('sgt_nobody', $$SELECT sg_statement('p', NULL)$$, 'SG108', 'statement: NULL period', '{}'),
('sgt_nobody', $$SELECT sg_statement('', '(,)')$$, 'SG108', 'statement: empty principal', '{}'),
('sgt_nobody', $$SELECT sg_statement('p', 'empty')$$, 'SG108', 'statement: empty period', '{}'),
('sgt_nobody', $$SELECT sg_statement('p', '(,)')$$, 'SG101', 'statement: unknown grid', :nowhere),
('sgt_nobody', $$SELECT count(*) FROM sg_statement('p', '(,)')$$, '0', 'statement: hidden', '{}'),
('sgt_operator', $$SELECT count(*) FROM sg_statement('nobody', '(,)')$$, '0', 'statement: nobody', '{}'),
('sgt_nobody', $$SELECT sg_create_api(NULL, 'sgt_nobody')$$, 'SG108', 'API: NULL schema', '{}'),
('sgt_nobody', $$SELECT sg_create_api('api', NULL)$$, 'SG108', 'API: NULL role', '{}'),
('sgt_nobody', $$SELECT sg_create_api('', 'sgt_nobody')$$, 'SG108', 'API: empty schema', '{}'),
('sgt_nobody', $$SELECT sg_create_api('smartgrid', 'sgt_nobody')$$, 'SG108', 'API: a schema of the extension, before the right', '{}'),
('sgt_nobody', $$SELECT sg_create_api('api', 'sgt_unknown')$$, 'SG108', 'API: unknown role, before the right', '{}'),
('sgt_nobody', $$SELECT sg_create_api('api', 'sgt_nobody')$$, '42501', 'API: may not create a schema', '{}'),
('sgt_nobody', $$SELECT sg_create_api('smartgrid', 'sgt_unknown')$$, '25006', 'API: read only first', :readonly),
('sgt_nobody', $$SELECT sg_report('empty')$$, 'SG108', 'report: empty period', '{}'),
('sgt_nobody', $$SELECT sg_report('[2026-01-01,)')$$, 'SG108', 'report: unbounded period', '{}'),
('sgt_nobody', $$SELECT sg_report('(,2026-01-01]')$$, 'SG108', 'report: unbounded period', '{}'),
('sgt_nobody', $$SELECT sg_report('[2026-01-01,infinity]')$$, 'SG108', 'report: period without end', '{}'),
('sgt_nobody', $$SELECT sg_report('empty', 'nowhere')$$, 'SG108', 'report: period before grid', '{}'),
('sgt_nobody', $$SELECT sg_report(NULL, 'nowhere')$$, 'SG101', 'report: unknown grid', '{}'),
('sgt_nobody', $$SELECT sg_report() IS NOT NULL$$, 't', 'report: whatever the current grid', :nowhere);

-- Every function of the API is named above, but these, which have no error of their own.
CREATE FUNCTION sgtest.untried() RETURNS SETOF text
    LANGUAGE sql AS $$
SELECT DISTINCT p.proname::text
FROM pg_proc AS p
     JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
     JOIN pg_extension AS e ON d.refobjid = e.oid AND e.extname = 'smartgrid'
WHERE p.proname LIKE 'sg\_%'
      AND NOT EXISTS (SELECT FROM sgtest.expectation AS x WHERE x.statement ~ (p.proname || '\('))
$$;

SELECT plan(count(*)::integer + 2) FROM sgtest.expectation;
SELECT is(sgtest.try(e.who, e.statement, e.settings), e.expected, e.why) FROM sgtest.expectation AS e ORDER BY e.n;
SELECT set_eq('SELECT * FROM sgtest.untried()', ARRAY['sg_check', 'sg_help', 'sg_last_entry', 'sg_version'], 'every function is tried');
SELECT is_empty('SELECT grid, invariant FROM sg_check() WHERE NOT ok', 'the invariants hold');
SELECT * FROM finish();
ROLLBACK;
