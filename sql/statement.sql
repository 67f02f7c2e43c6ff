-- Statements of account.
\getenv abs_srcdir PG_ABS_SRCDIR
\set sealed :abs_srcdir '/sql/include/sealed.sql'
\i :sealed

SELECT part, at, entry_id, kind, counterparty, trade_id, energy, price, money, balance, earnings, unsold, stored, consumed, height
FROM sg_statement('sun', '(,2001-07-01)');
SELECT part, at, entry_id, kind, counterparty, trade_id, energy, price, money, balance, earnings, unsold, stored, consumed, height
FROM sg_statement('hut', '[2001-01-01 00:00Z,2001-01-01 06:00Z)');
SELECT part, entry_id, kind, counterparty, trade_id, energy, price, money, balance, s.earnings, unsold, s.stored, s.consumed, s.height, s.hash = b.hash AS hash
FROM sg_statement('hut', '[2001-01-01 06:00Z,)') AS s LEFT JOIN sg_blocks AS b ON b.grid = 'default' AND b.height = s.height;
SELECT part, earnings, unsold, stored FROM sg_statement('sun', '(,)') WHERE part <> 'entry';
SELECT earnings, unsold FROM sg_get_producer_info('sun');

-- By the booking: a payment of now pays for readings of last month, which were loaded after it, and the one before is as it was.
SET smartgrid.principal = 'late';
SELECT sg_register_consumer(100), sg_add_consumer_balance('late', 20000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{sun,late,late,late}', '{production,consumption,consumption,consumption}', '{500,10,20,30}',
    '{2025-06-01 10:00Z,2025-06-01 12:00Z,2025-06-01 11:00Z,2025-06-02 11:00Z}');
SELECT part, NULLIF(at, booked_at) AS at, kind, energy, balance > 0 AS covered, booked_at >= now() - interval '1 hour' AS booked_now, about FROM sg_statement('late', '(,)');
SELECT part, balance FROM sg_statement('late', '[2025-06-01,2025-07-01)');
SELECT s.part, s.balance = c.balance AS same
FROM sg_statement('late', tstzrange(now() - interval '1 hour', now() + interval '1 hour')) AS s, sg_get_consumer_info('late') AS c WHERE part <> 'entry';
SELECT entry_id AS last FROM sg_ledger WHERE participant = 'late' ORDER BY entry_id DESC LIMIT 1 \gset
SELECT sg_reverse_entry(:last, 'read twice') > 0 AS done;
SELECT part, at, kind, energy, trade_id, about = :last AS about FROM sg_statement('late', '(,)') WHERE about IS NOT NULL;

DROP EXTENSION smartgrid;
