-- The ledger sealed: trees, blocks, proofs, verification, statements.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

-- Trees as in RFC 6962: the test vectors that Certificate Transparency publishes.
CREATE TEMPORARY TABLE vector AS SELECT ARRAY['', '\x00', '\x10', '\x2021', '\x3031', '\x40414243', '\x5051525354555657',
                                              '\x606162636465666768696a6b6c6d6e6f']::bytea[] AS leaves;
SELECT n, encode(smartgrid.merkle_root(leaves[:n]), 'hex') AS root FROM vector, generate_series(0, 8) AS n ORDER BY n;
CREATE FUNCTION pg_temp.hex(digests bytea[]) RETURNS TABLE (n bigint, hash text)
    LANGUAGE sql AS $$ SELECT n, encode(d, 'hex') FROM unnest(digests) WITH ORDINALITY AS p (d, n) $$;
SELECT size, place, n, hash
FROM vector, (VALUES (1, 0), (8, 0), (8, 5), (3, 2), (5, 1)) AS paths (size, place), pg_temp.hex(smartgrid.merkle_path(leaves[:size], place))
ORDER BY size, place, n;
SELECT from_size, to_size, n, hash
FROM vector, (VALUES (1, 1), (1, 8), (6, 8), (2, 5)) AS proofs (from_size, to_size),
     pg_temp.hex(smartgrid.merkle_consistency(leaves, from_size, to_size))
ORDER BY from_size, to_size, n;
-- All of them hold, and none for another place, size or leaf.
SELECT p.size = q.size AND p.place = q.place AND p.place = l AS same, count(*), bool_and(holds) AS all_hold, bool_or(holds) AS some_hold
FROM vector,
     (SELECT size, place FROM generate_series(1, 8) AS size, generate_series(0, size - 1) AS place) AS p,
     (SELECT size, place FROM generate_series(1, 8) AS size, generate_series(0, size - 1) AS place) AS q,
     generate_series(0, 7) AS l,
     LATERAL (SELECT smartgrid.merkle_check_path(smartgrid.merkle_leaf(leaves[l + 1]), q.place, q.size, smartgrid.merkle_path(leaves[:p.size], p.place),
                                                 smartgrid.merkle_root(leaves[:q.size])) AS holds) AS c
GROUP BY 1 ORDER BY 1;
SELECT p.a = q.a AND p.b = q.b AS same, count(*), bool_and(holds) AS all_hold, bool_or(holds) AS some_hold
FROM vector,
     (SELECT a, b FROM generate_series(1, 8) AS b, generate_series(1, b - 1) AS a) AS p,
     (SELECT a, b FROM generate_series(1, 8) AS b, generate_series(1, b - 1) AS a) AS q,
     LATERAL (SELECT smartgrid.merkle_check_consistency(q.a, q.b, smartgrid.merkle_consistency(leaves, p.a, p.b),
                                                        smartgrid.merkle_root(leaves[:q.a]), smartgrid.merkle_root(leaves[:q.b])) AS holds) AS c
GROUP BY 1 ORDER BY 1;
SELECT smartgrid.merkle_path('{}', 0);
SELECT smartgrid.merkle_path('{a}', -1);
SELECT smartgrid.merkle_consistency('{a}', 2, 1);
SELECT smartgrid.merkle_root('{a,NULL}');
SELECT smartgrid.merkle_check_path('\x00', 0, 1, '{}', sha256(''));

-- A ledger whose times are given, so that its lines, and their tree, are always the same.
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(100, 50, 50);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{hut,sun,sun,hut,sun}', '{topup,production,charge,consumption,discharge}', '{100000,500,50,30,20}',
                               '{2001-01-01 00:00:00Z,2001-01-01 06:00:00.000001Z,1969-12-31 23:59:59.999999Z,2001-01-01 07:00:00+01,294276-12-31 23:59:59.999999Z}');
SELECT * FROM sg_ledger_lines ORDER BY entry_id;
COPY (SELECT * FROM sg_ledger_lines WHERE grid_id = 1 ORDER BY entry_id) TO STDOUT CSV;
SELECT height, entries, first_entry, last_entry FROM sg_seal();
SELECT * FROM sg_seal();
\x
SELECT grid, height, first_entry, last_entry, entries, root, load, held, balances, earnings, revenue, stored, produced, consumed, charged, discharged,
       traded, topups, withdrawals, previous, history
FROM sg_blocks;
\x
SELECT replace(replace(line, hash, '(hash)'), smartgrid.unix_microseconds(sealed_at)::text, '(time)') AS line,
       hash = encode(sha256(convert_to(line, 'UTF8')), 'hex') AS hash_of_line
FROM sg_blocks;
-- The tree is over the lines of the entries.
SELECT root = (SELECT encode(smartgrid.merkle_root(array_agg(convert_to(concat_ws(',', entry_id, at, grid_id, kind, participant_id, counterparty_id,
                                                                                  energy, price, money, trade_id), 'UTF8') ORDER BY entry_id)), 'hex')
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
SELECT * FROM sg_verify_ledger();
SELECT * FROM sg_verify_ledger(from_height => 2);

-- Each grid has its own.
SELECT sg_create_grid('other, "with" comma');
SELECT * FROM sg_seal('other, "with" comma');
SELECT * FROM sg_verify_ledger('other, "with" comma');
SET smartgrid.grid = 'other, "with" comma';
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(10), sg_add_consumer_balance('hut', 5);
SELECT height, entries, first_entry, last_entry FROM sg_seal();
SELECT split_part(line, ',', 24) || ',' || split_part(line, ',', 25) AS name, hash = encode(sha256(convert_to(line, 'UTF8')), 'hex') AS hash_of_line
FROM sg_blocks WHERE grid = sg_grid();
SELECT sg_verify_proof(sg_prove_entry(14), hash) FROM sg_blocks WHERE grid = sg_grid();
RESET smartgrid.grid;
RESET smartgrid.principal;

-- Proofs.
SELECT jsonb_object_agg(key, jsonb_typeof(value)) FROM jsonb_each(sg_prove_entry(3));
SELECT sg_prove_entry(3) ->> 'entry' AS entry, sg_prove_entry(3) -> 'index' AS index, sg_prove_entry(3) -> 'entries' AS entries,
       jsonb_array_length(sg_prove_entry(3) -> 'path') AS steps, sg_prove_entry(3) ->> 'block' = line AS line
FROM sg_blocks WHERE height = 0 AND grid = 'default';
SELECT b.height, l.entry_id, sg_verify_proof(sg_prove_entry(l.entry_id), b.hash) AS of_this_block, sg_prove_entry(l.entry_id) IS NULL AS none
FROM sg_ledger AS l JOIN sg_blocks AS b ON b.grid = l.grid AND b.height < 2 WHERE l.grid = 'default' AND l.entry_id < 13 ORDER BY 1, 2;
SELECT sg_prove_entry(13) IS NULL AS not_sealed;
SELECT jsonb_object_agg(key, jsonb_typeof(value)) FROM jsonb_each(sg_prove_blocks(1, 3));
SELECT a.height AS from_height, b.height AS to_height, sg_verify_proof(sg_prove_blocks(a.height, b.height), b.hash, a.hash)
FROM sg_blocks AS a JOIN sg_blocks AS b ON b.height >= a.height AND b.grid = a.grid WHERE a.grid = 'default' ORDER BY 1, 2;
SELECT sg_verify_proof(sg_prove_blocks(1, 3), b.hash, a.hash) FROM sg_blocks AS a, sg_blocks AS b
WHERE (a.height, b.height) IN ((0, 3), (1, 2), (3, 1)) AND (a.grid, b.grid) = ('default', 'default');
SELECT sg_prove_blocks(1, 4) IS NULL AS no_such_block;

-- Statements.
SELECT part, at, entry_id, kind, counterparty, trade_id, energy, price, money, balance, earnings, unsold, stored, consumed, height
FROM sg_statement('sun', '(,2001-07-01)');
SELECT part, at, entry_id, kind, counterparty, trade_id, energy, price, money, balance, earnings, unsold, stored, consumed, height
FROM sg_statement('hut', '[2001-01-01 00:00Z,2001-01-01 06:00Z)');
SELECT part, entry_id, kind, counterparty, trade_id, energy, price, money, balance, s.earnings, unsold, s.stored, s.consumed, s.height, s.hash = b.hash AS hash
FROM sg_statement('hut', '[2001-01-01 06:00Z,)') AS s LEFT JOIN sg_blocks AS b ON b.grid = 'default' AND b.height = s.height;
SELECT part, earnings, unsold, stored FROM sg_statement('sun', '(,)') WHERE part <> 'entry';
SELECT earnings, unsold FROM sg_get_producer_info('sun');

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
INSERT INTO smartgrid.ledger VALUES (0, 1, 0, 0, 0, 0, 0, now(), 1, 0);
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.ledger AS l SET (participant_id, counterparty_id, energy, price, money, trade_id, at, kind)
    = (SELECT participant_id, counterparty_id, energy, price, money, trade_id, at, kind FROM smartgrid.ledger AS o WHERE o.entry_id = 14 - l.entry_id)
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
UPDATE smartgrid.block_detail SET fingerprints = overlay(fingerprints PLACING '\x00' FROM 9) WHERE height = 0;
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
UPDATE smartgrid.block SET topups = topups + 1 WHERE height = 3;
SELECT pg_temp.rehash();
SELECT * FROM pg_temp.found;
ROLLBACK;
BEGIN;
UPDATE smartgrid.block SET topups = topups + 1 WHERE height = 1 AND grid_id = 1;
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

DROP VIEW pg_temp.found;
DROP EXTENSION smartgrid;
