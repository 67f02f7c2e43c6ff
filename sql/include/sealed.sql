-- A ledger of four blocks with an entry that is not sealed, and a block of another grid: included by tests of evidence.
\set ECHO none
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\o /dev/null
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(100, 50, 50);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{hut,sun,sun,hut,sun}', '{topup,production,charge,consumption,discharge}', '{100000,500,50,30,20}',
                               '{2001-01-01 00:00:00Z,2001-01-01 06:00:00.000001Z,2000-01-01 00:00:00.000001Z,2001-01-01 07:00:00+01,2001-12-31 23:59:59.999999Z}');
SELECT sg_seal();
SET smartgrid.principal = 'sun';
SELECT sg_create_trade('hut', 100, 7), sg_create_trade('hut', 10, 7), sg_create_trade('hut', 1, 7);
SELECT sg_seal();
SET smartgrid.principal = 'hut';
SELECT sg_complete_trade(1), sg_cancel_trade(2);
SELECT sg_seal();
SET smartgrid.principal = 'sun';
SELECT sg_withdraw_earnings(300), sg_report_production(0);
RESET smartgrid.principal;
SELECT sg_seal();
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(1);
RESET smartgrid.principal;
SELECT sg_create_grid('other, "with" comma');
SET smartgrid.grid = 'other, "with" comma';
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(10), sg_add_consumer_balance('hut', 5);
RESET smartgrid.principal;
SELECT sg_seal();
RESET smartgrid.grid;
\o
\set ECHO all
