-- The ledger sealed: blocks and their chain.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

-- A ledger whose times are given, so that its totals are always the same.
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(100, 50, 50);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{hut,sun,sun,hut,sun}', '{topup,production,charge,consumption,discharge}', '{100000,500,50,30,20}',
                               '{2001-01-01 00:00:00Z,2001-01-01 06:00:00.000001Z,2000-01-01 00:00:00.000001Z,2001-01-01 07:00:00+01,2001-12-31 23:59:59.999999Z}');
SELECT height, entries, first_entry, last_entry FROM sg_seal();
SELECT * FROM sg_seal();
\x
SELECT grid, height, first_entry, last_entry, entries, load, held, balances, earnings, revenue, stored, produced, consumed, charged, discharged,
       traded, topups, withdrawals, form, reserved, due, sums, previous, history
FROM sg_blocks;
\x
SELECT replace(replace(line, root, '(root)'), smartgrid.unix_microseconds(sealed_at)::text, '(time)') AS line,
       hash = encode(sha256(convert_to(line, 'UTF8')), 'hex') AS hash_of_line
FROM sg_blocks;
-- The tree is over the lines of the entries.
SELECT root = (SELECT encode(smartgrid.merkle_root(array_agg(convert_to(line, 'UTF8') ORDER BY entry_id)), 'hex')
               FROM sg_ledger_lines) AS tree
FROM sg_blocks;

-- More blocks, with a trade in them.
SET smartgrid.principal = 'sun';
SELECT sg_create_trade('hut', 100, 7), sg_create_trade('hut', 10, 7), sg_create_trade('hut', 1, 7);
SELECT height, entries, first_entry, last_entry FROM sg_seal('default');
SET smartgrid.principal = 'hut';
SELECT sg_complete_trade(1), sg_cancel_trade(2);
SELECT height, entries, first_entry, last_entry FROM sg_seal(NULL);
SET smartgrid.principal = 'sun';
SELECT sg_withdraw_earnings(300), sg_report_production(0);
RESET smartgrid.principal;
SELECT height, entries, first_entry, last_entry FROM sg_seal();
SET smartgrid.principal = 'hut';
SELECT sg_consume_energy(1);
RESET smartgrid.principal;
SELECT height, entries, load, held, balances, earnings, revenue, stored, traded, topups, withdrawals FROM sg_blocks ORDER BY height;
SELECT b.height, b.previous = COALESCE(p.hash, repeat('0', 64)) AS chained,
       b.history = (SELECT encode(smartgrid.merkle_root(array_agg(decode(h.hash, 'hex') ORDER BY h.height)), 'hex')
                    FROM sg_blocks AS h WHERE h.height < b.height) AS history
FROM sg_blocks AS b LEFT JOIN sg_blocks AS p ON p.height = b.height - 1 WHERE b.height > 0 ORDER BY b.height;

-- Each grid has its own.
SELECT sg_create_grid('other, "with" comma');
SELECT * FROM sg_seal('other, "with" comma');
SET smartgrid.grid = 'other, "with" comma';
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(10), sg_add_consumer_balance('hut', 5);
SELECT height, entries, first_entry, last_entry FROM sg_seal();
SELECT split_part(line, ',', 20) || ',' || split_part(line, ',', 21) AS name, hash = encode(sha256(convert_to(line, 'UTF8')), 'hex') AS hash_of_line
FROM sg_blocks WHERE grid = sg_grid();
RESET smartgrid.grid;
RESET smartgrid.principal;

DROP EXTENSION smartgrid;
