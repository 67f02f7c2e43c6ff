-- Readings that are corrected.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
CREATE ROLE regress_member;

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(2000, 'solar'), sg_register_storage(100, 50, 60);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 200000);
SET smartgrid.principal = 'sun';
SELECT sg_report_production(1000);
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(900);
RESET smartgrid.principal;

-- Order of checks.
SELECT sg_correct_reading(NULL, 1, 'x');
SELECT sg_correct_reading(2, NULL, 'x');
SELECT sg_correct_reading(2, 1, '');
SET ROLE regress_member;
SELECT sg_correct_reading(0, -1, 'x');
RESET ROLE;
SELECT sg_correct_reading(0, -1, 'x');
SELECT sg_correct_reading(1, -1, 'a top-up');
SELECT sg_correct_reading(2, -1, 'x');
SELECT sg_correct_reading(2, 2001, 'x');

-- What counts is what both entries leave together: of 1,000 that were produced 900 are used.
SELECT sg_correct_reading(2, 850, 'a wrong meter');
SELECT sg_correct_reading(2, 950, 'a wrong meter');
SELECT sg_correct_reading(2, 950, 'a wrong meter');
SELECT entry_id, kind, participant, energy, price, money, about, at = (SELECT at FROM sg_ledger WHERE entry_id = 2) AS at_of_it,
       booked_at = (SELECT booked_at FROM sg_ledger WHERE entry_id = 5) AS booked_together
FROM sg_ledger WHERE entry_id > 3 ORDER BY entry_id;
SELECT entry_id, kind, energy FROM sg_last_entry();
SELECT principal, total_produced, current_production, unsold FROM sg_producers;
SELECT current_load FROM sg_get_grid_status();
-- A consumption at its own price: upwards as far as the load and the balance go; what is paid too much comes back.
SELECT sg_correct_reading(3, 951, 'x');
SELECT sg_correct_reading(3, 950, 'x');
SELECT entry_id, kind, energy, price, money FROM sg_ledger WHERE entry_id > 5 ORDER BY entry_id;
SELECT sg_correct_reading(7, 0, 'nothing at all');
SELECT principal, total_consumed, current_usage, balance FROM sg_consumers;
SELECT sg_pay_producer('sun', 1);
-- Paid out, it cannot come back.
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(100);
RESET smartgrid.principal;
SELECT sg_pay_producer('sun', money) FROM sg_last_entry();
SELECT sg_correct_reading(max(entry_id), 90, 'x') FROM sg_ledger WHERE kind = 'consumption';
SELECT sg_correct_reading(max(entry_id), 100, 'the same') > 0 AS done FROM sg_ledger WHERE kind = 'consumption';
-- Storage: its rates and its room of now.
SET smartgrid.principal = 'sun';
SELECT sg_charge_storage(50), sg_charge_storage(50), sg_discharge_storage(20);
RESET smartgrid.principal;
SELECT sg_correct_reading(max(entry_id), 51, 'x') FROM sg_ledger WHERE kind = 'charge';
SELECT sg_correct_reading(max(entry_id), 61, 'x') FROM sg_ledger WHERE kind = 'discharge';
SELECT sg_correct_reading(max(entry_id), 0, 'nothing came out') > 0 AS done FROM sg_ledger WHERE kind = 'discharge';
SELECT sg_correct_reading(min(entry_id), 30, 'less went in') > 0 AS done FROM sg_ledger WHERE kind = 'charge';
SELECT stored_amount FROM sg_storages;
SELECT * FROM sg_check() WHERE NOT ok;
SELECT count(*) FROM sg_seal();
SELECT * FROM sg_verify_ledger() WHERE NOT ok;

-- The load between the two entries was never there: it is no peak.
SELECT sg_create_grid('peak');
SET smartgrid.grid = 'peak';
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(2000, 'solar');
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('hut', 500000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{sun,hut}', '{production,consumption}', '{1000,900}', '{2025-06-01 08:00Z,2025-06-01 10:00Z}');
SELECT sg_correct_reading(entry_id, 890, 'a digit') > 0 AS done FROM sg_last_entry();
SELECT sg_record_metrics('[2025-06-01 10:00Z,2025-06-01 11:00Z)') AS id \gset
SELECT production, consumption, peak_load FROM sg_get_metrics(:id);
SELECT kpi, value FROM sg_kpis('[2025-06-01 10:00Z,2025-06-01 11:00Z)', 'peak') WHERE kpi = 'peak_load';
SELECT count(*) FROM sg_seal();
SELECT consumed, peak_load FROM smartgrid.rollup WHERE quarter_start = '2025-06-01 10:00Z';
SELECT * FROM sg_check() WHERE NOT ok;
RESET smartgrid.grid;

DROP EXTENSION smartgrid;
DROP ROLE regress_member;
