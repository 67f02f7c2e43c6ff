-- What a reading of a batch may say: whole amounts, 0 among them, and times that a clock can have meant.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';

SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar');
SELECT sg_report_production(1000);
SET smartgrid.principal = 'home';
SELECT sg_register_consumer(900);
SELECT sg_add_consumer_balance('home', 500000);
SET smartgrid.principal = 'battery';
SELECT sg_register_storage(500, 200, 100);
RESET smartgrid.principal;

-- A quarter of an hour in which nothing was used is a reading of 0; single calls, top-ups and less are refused.
SELECT * FROM sg_post_readings('{sun,home,battery,battery,home,home,battery,battery}',
    '{production,consumption,charge,discharge,topup,consumption,charge,discharge}', '{0,0,0,0,0,-1,-1,-1}');
SELECT kind, participant, energy, price, money FROM sg_ledger ORDER BY entry_id DESC LIMIT 4;
SELECT current_usage FROM sg_get_consumer_info('home');
SET smartgrid.principal = 'home';
SELECT sg_consume_energy(0);
SET smartgrid.principal = 'battery';
SELECT sg_charge_storage(0);
SELECT sg_discharge_storage(0);
RESET smartgrid.principal;

-- Columns of numeric and text: whole numbers, and nothing is rounded.
CREATE TABLE readings (ord bigint GENERATED ALWAYS AS IDENTITY, principal text DEFAULT 'home', kind text DEFAULT 'consumption', amount numeric);
INSERT INTO readings (amount) VALUES (0.4), (1.5), (2.5), (2), (3.000), ('NaN'), ('infinity'), (1e30), (-1), (0);
SELECT * FROM sg_post_readings('readings');
SELECT kind, participant, energy FROM sg_ledger ORDER BY entry_id DESC LIMIT 3;
ALTER TABLE readings ALTER amount TYPE text;
TRUNCATE readings RESTART IDENTITY;
INSERT INTO readings (amount) VALUES ('7'), (' +8 '), ('9.0'), ('1e1'), ('110e-1'), ('12.'), ('.'), (''), ('1 2'), ('0x10'), ('1_0'), ('1.5e0'), ('e5'),
    ('1e'), ('12e-1'), ('-0.0'), ('.0'), ('9223372036854775808'), ('1e99999999999999999999'), ('0e99999999999999999999'), ('1e-99999999999999999999'),
    ('-9223372036854775809'), ('-9223372036854775808'), ('١'), (repeat('0', 1000) || '13');
SELECT * FROM sg_post_readings('readings');
SELECT array_agg(energy ORDER BY entry_id) FROM (SELECT * FROM sg_ledger ORDER BY entry_id DESC LIMIT 10) AS x;
ALTER TABLE readings ALTER amount TYPE double precision USING 2;
SELECT count(*), min(sqlstate), max(sqlstate), min(message) FROM sg_post_readings('readings');
ALTER TABLE readings ALTER amount TYPE boolean USING true;
SELECT min(sqlstate), min(message) FROM sg_post_readings('readings');
CREATE DOMAIN wh AS integer CHECK (VALUE >= 0);
ALTER TABLE readings ALTER amount TYPE wh USING 1;
DELETE FROM readings WHERE ord > 1;
SELECT * FROM sg_post_readings('readings');

-- ord is a bigint.
CREATE VIEW later AS SELECT 9000000000000000000 + ord AS ord, principal, kind, 5000::smallint AS amount FROM readings;
SELECT * FROM sg_post_readings('later');
DROP VIEW later;

-- Times: from the year 2000 to an hour from now; after SG106.
SELECT ord, sqlstate, substring(message FOR 13) FROM sg_post_readings('{home,home,home,home,home,home,home}', array_fill('consumption'::text, '{7}'), '{1,1,1,1,1,1,901}',
    ARRAY['1999-12-31 23:59:59.999999+00', '2000-01-01 00:00+00', '4714-11-24 00:00+00 BC', '9999-01-01 00:00+00', now() + interval '61 minutes',
          now() + interval '59 minutes', '1999-01-01 00:00+00']::timestamptz[]);
SELECT message FROM sg_post_readings('{home}', '{consumption}', '{1}', '{1999-12-31 23:00+00}');
SELECT * FROM sg_post_readings('{home}', '{consumption}', '{1}', '{infinity}');
SELECT * FROM sg_post_readings('{battery,nobody}', '{charge,charge}', '{1,1}', '{2999-01-01,2999-01-01}');

-- Final readings of one who takes part no more: the operator posts those from before.
CREATE ROLE regress_gateway LOGIN IN ROLE smartgrid_gateway;
SELECT sg_deactivate_participant('home', false);
SELECT sg_deactivate_participant('sun', true);
SELECT * FROM sg_post_readings('{home,sun,home,home,sun}', '{consumption,production,consumption,topup,production}', '{2,3,4,5,6}',
    ARRAY[now() - interval '1 day', now() - interval '1 day', now() + interval '30 minutes', now() - interval '1 day', '1999-01-01']::timestamptz[]);
SELECT * FROM sg_post_readings('{home}', '{consumption}', '{2}');
SELECT kind, participant, energy, at < booked_at AS earlier FROM sg_ledger ORDER BY entry_id DESC LIMIT 2;
SELECT participant, sum(energy) FILTER (WHERE kind = 'consumption') = (SELECT total_consumed FROM sg_get_consumer_info('home')) AS counted
FROM sg_ledger WHERE participant = 'home' GROUP BY participant;
SET SESSION AUTHORIZATION regress_gateway;
SELECT * FROM sg_post_readings('{home,sun}', '{consumption,production}', '{2,3}', '{2026-01-01,2026-01-01}');
RESET SESSION AUTHORIZATION;
SELECT sg_reactivate_participant('home', false);
SELECT sg_refund('home', (SELECT balance FROM sg_get_consumer_info('home')));
SELECT sg_deactivate_participant('home', false);
SELECT * FROM sg_post_readings('{home}', '{consumption}', '{1}', '{2026-01-01}');
SELECT sg_reactivate_participant('home', false);
SELECT sg_reactivate_participant('sun', true);

SELECT grid, invariant FROM sg_check() WHERE NOT ok;
DROP TABLE readings;
DROP DOMAIN wh;
DROP ROLE regress_gateway;
DROP EXTENSION smartgrid;
