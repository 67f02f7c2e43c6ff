-- Verification: a ledger that is as it was sealed, and whatever a superuser changes.
\getenv abs_srcdir PG_ABS_SRCDIR
\set sealed :abs_srcdir '/sql/include/sealed.sql'
\i :sealed

SELECT * FROM sg_verify_ledger();
SELECT * FROM sg_verify_ledger(from_height => 2);
SELECT * FROM sg_verify_ledger('other, "with" comma');

-- What a superuser changes is found.
CREATE VIEW pg_temp.found AS
SELECT height, entries, problem, entry_id, regexp_replace(regexp_replace(detail, '[0-9a-f]{64}', '(hash)', 'g'), '; it is now: .*', '; ...') AS detail
FROM sg_verify_ledger() WHERE NOT ok;
BEGIN;
UPDATE smartgrid.ledger SET money = money + 1 WHERE entry_id = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.ledger SET at = at + interval '1 microsecond' WHERE entry_id = 7;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.ledger WHERE entry_id = 12;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.ledger WHERE entry_id = 13;   -- not yet sealed
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
INSERT INTO smartgrid.ledger VALUES (0, 1, 0, 0, 0, 0, 0, now(), 1, 0, now());
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.ledger AS l SET (participant_id, counterparty_id, energy, price, money, trade_id, at, kind, booked_at)
    = (SELECT participant_id, counterparty_id, energy, price, money, trade_id, at, kind, booked_at FROM smartgrid.ledger AS o WHERE o.entry_id = 14 - l.entry_id)
WHERE entry_id IN (3, 11);
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.ledger SET entry_id = 100 WHERE entry_id = 2;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.consumer SET balance = balance + 1, total_consumed = 0;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.trade SET status = 2 WHERE trade_id = 1;
SELECT * FROM pg_temp.found;
UPDATE smartgrid.trade SET status = 1, cost = cost - 1 WHERE trade_id = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.trade WHERE trade_id = 3;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.storage;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.pool SET revenue = revenue - 1;
SELECT * FROM pg_temp.found;
SELECT height, entries, problem, detail FROM sg_verify_ledger(from_height => 3) WHERE NOT ok;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET load = load + 1 WHERE height = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET last_entry = last_entry + 1 WHERE height = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET hash = sha256('x') WHERE height = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.block WHERE height = 1;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block_detail SET fingerprints = set_byte(fingerprints, 8, get_byte(fingerprints, 8) # 1) WHERE height = 0;
SELECT * FROM pg_temp.found;
DELETE FROM smartgrid.block_detail WHERE height = 2;
SELECT * FROM pg_temp.found;
SELECT height, entries FROM sg_seal();
DELETE FROM smartgrid.block_detail;
SELECT * FROM sg_seal();
ROLLBACK;

-- Totals that do not follow, with a hash made to fit.
CREATE FUNCTION pg_temp.rehash() RETURNS void LANGUAGE sql AS $$
    UPDATE smartgrid.block AS b SET hash = sha256(convert_to(v.line, 'UTF8')) FROM sg_blocks AS v
    WHERE v.grid = 'default' AND b.grid_id = 1 AND v.height = b.height
$$;
BEGIN;
UPDATE smartgrid.block SET revenue = revenue + 1 WHERE height = 3;
SELECT pg_temp.rehash();
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET sums = replace(sums, 'topup:0:100000', 'topup:0:100001'), topups = topups + 1 WHERE height = 3;
SELECT pg_temp.rehash();
SELECT * FROM pg_temp.found;
ROLLBACK;
-- Figures beside the line that follow from it.
BEGIN;
UPDATE smartgrid.block SET topups = topups + 1 WHERE height = 3;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET sums = sums || ';nothing:1:1' WHERE height = 3;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.ledger SET booked_at = booked_at + interval '1 microsecond' WHERE entry_id = 7;
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET balances = balances + 1 WHERE height = 1 AND grid_id = 1;
SELECT pg_temp.rehash();
SELECT * FROM pg_temp.found;
ROLLBACK;

-- The end cut off, or rewritten: what only a published hash can tell.
SELECT hash AS published FROM sg_blocks WHERE height = 3 \gset
SELECT height, ok, problem FROM sg_verify_ledger(published_height => 3, published_hash => :'published') WHERE height = 3;
BEGIN;
DELETE FROM smartgrid.block WHERE height = 3;
SELECT * FROM pg_temp.found;
SELECT * FROM sg_seal();
ROLLBACK;
BEGIN;
DELETE FROM smartgrid.block WHERE height = 3;
DELETE FROM smartgrid.block_detail WHERE height = 3;
SELECT count(*) FROM pg_temp.found;
SELECT height, ok, problem, detail FROM sg_verify_ledger(published_height => 3, published_hash => :'published') WHERE NOT ok;
SELECT height, entries FROM sg_seal();
SELECT count(*) FROM pg_temp.found;
SELECT height, ok, problem, regexp_replace(detail, '[0-9a-f]{64}', '(hash)', 'g') AS detail
FROM sg_verify_ledger(published_height => 3, published_hash => :'published') WHERE NOT ok;
ROLLBACK;
SELECT bool_and(ok) FROM sg_verify_ledger(published_height => 3, published_hash => :'published');

-- A chain that begins with a block of the first form, as versions before 0.4.0 made it, and goes on with one of the second.
BEGIN;
DELETE FROM smartgrid.block WHERE grid_id = 1;
DELETE FROM smartgrid.block_detail WHERE grid_id = 1;
SELECT height, entries FROM sg_seal();
UPDATE smartgrid.block SET form = 1, sums = '' WHERE grid_id = 1;
SELECT pg_temp.rehash();
SELECT split_part(line, ',', 1) AS form, split_part(line, ',', 24) AS name FROM sg_blocks WHERE grid = 'default';
SET LOCAL smartgrid.principal = 'sun';
SELECT sg_report_production(5), sg_cancel_trade(3);
SELECT height, entries FROM sg_seal();
SELECT height, form, held, traded, sums FROM sg_blocks WHERE grid = 'default' ORDER BY height;
SELECT count(*) FROM pg_temp.found;
SELECT height, ok FROM sg_verify_ledger(from_height => 1);
SELECT sg_verify_proof(sg_prove_blocks(0, 1), b.hash, a.hash) AS blocks, sg_verify_proof(sg_prove_entry(2), a.hash) AS first, sg_verify_proof(sg_prove_entry(b.last_entry), b.hash) AS second
FROM sg_blocks AS a, sg_blocks AS b WHERE (a.grid, a.height, b.grid, b.height) = ('default', 0, 'default', 1);
SAVEPOINT good;
UPDATE smartgrid.block SET sums = regexp_replace(regexp_replace(sums, 'release:[0-9]+', 'release:1000'), 'hold:[0-9]+', 'hold:1100') WHERE grid_id = 1 AND height = 1;
SELECT pg_temp.rehash();
SELECT * FROM pg_temp.found;
ROLLBACK TO good;
UPDATE smartgrid.block SET reserved = 1 WHERE grid_id = 1 AND height = 0;
SELECT * FROM pg_temp.found;
ROLLBACK TO good;
UPDATE smartgrid.block SET traded = traded + 1 WHERE grid_id = 1 AND height = 0;
SELECT * FROM pg_temp.found;
ROLLBACK;

DROP VIEW pg_temp.found;
DROP EXTENSION smartgrid;
