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

DROP EXTENSION smartgrid;
