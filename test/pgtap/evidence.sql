-- Every entry of a ledger proves, and so does every pair of blocks; a proof in which anything is changed, or for another
-- block, does not. sg_verify_ledger() with all kinds of entries, across block boundaries, and from every height.

\ir lib/begin.sql
SELECT no_plan();

-- Twelve blocks of 1 to 12 entries of all kinds, and some entries that are not sealed; another grid's entries between them.
\o /dev/null
SELECT sg_create_grid('between');
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 100, 100);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000);
SET smartgrid.grid = 'between';
SELECT sg_register_consumer(1000);
RESET smartgrid.grid;
CREATE PROCEDURE pg_temp.act(n integer) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.principal', 'sun', false);
    CASE n % 10
        WHEN 0 THEN PERFORM sg_report_production(700 + n);
        WHEN 1 THEN PERFORM sg_add_consumer_balance('hut', 900000 + n);
        WHEN 2 THEN PERFORM sg_charge_storage(20);
        WHEN 3 THEN PERFORM sg_discharge_storage(7);
        WHEN 4 THEN PERFORM sg_create_trade('hut', 30 + n, 11);
        WHEN 5 THEN PERFORM sg_create_trade('hut', 3, 12);
        WHEN 6 THEN
            PERFORM set_config('smartgrid.principal', 'hut', false);
            PERFORM sg_complete_trade((SELECT min(trade_id) FROM sg_trades WHERE status = 'pending'));
        WHEN 7 THEN PERFORM sg_cancel_trade((SELECT max(trade_id) FROM sg_trades WHERE status = 'pending'));
        WHEN 8 THEN PERFORM sg_withdraw_earnings(17);
        ELSE
            PERFORM set_config('smartgrid.principal', 'hut', false);
            PERFORM sg_consume_energy(5);
    END CASE;
    IF n % 4 = 0 THEN
        PERFORM set_config('smartgrid.grid', 'between', false), sg_add_consumer_balance('hut', 1);
        PERFORM set_config('smartgrid.grid', 'default', false);
    END IF;
    PERFORM set_config('smartgrid.principal', '', false);
END $$;
DO $$
DECLARE
    n integer := 0;
BEGIN
    FOR size IN 1..12 LOOP
        FOR i IN 1..size LOOP
            CALL pg_temp.act(n);
            n := n + 1;
        END LOOP;
        PERFORM sg_seal();
        IF size % 5 = 0 THEN
            PERFORM sg_seal('between');
        END IF;
    END LOOP;
    FOR i IN 1..5 LOOP
        CALL pg_temp.act(n);
        n := n + 1;
    END LOOP;
END $$;
\o

SELECT is((SELECT string_agg(entries::text, ' ' ORDER BY height) FROM sg_blocks WHERE grid = 'default'), '1 2 3 4 5 6 7 8 9 10 11 12', 'the blocks');
SELECT is((SELECT count(DISTINCT kind) FROM sg_ledger WHERE grid = 'default'), 9::bigint, 'have all kinds of entries');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'the invariants hold');

---------------------------------------------------------------------------------------------------------------- blocks
SELECT is_empty($$SELECT height FROM sg_blocks WHERE hash <> encode(sha256(convert_to(line, 'UTF8')), 'hex')$$, 'a block''s hash is that of its line');
SELECT is_empty($$
    SELECT b.height FROM sg_blocks AS b
    WHERE b.grid = 'default'
          AND b.root <> (SELECT encode(smartgrid.merkle_root(array_agg(convert_to(concat_ws(',', entry_id, at, grid_id, kind, participant_id, counterparty_id,
                                                                                            energy, price, money, trade_id), 'UTF8') ORDER BY entry_id)), 'hex')
                         FROM sg_ledger_lines WHERE grid_id = 1 AND entry_id BETWEEN b.first_entry AND b.last_entry)
$$, 'its root is the tree hash over the lines of its entries');
SELECT is_empty($$
    SELECT b.height FROM sg_blocks AS b LEFT JOIN sg_blocks AS p ON p.grid = b.grid AND p.height = b.height - 1
    WHERE b.previous <> COALESCE(p.hash, repeat('0', 64))
          OR b.history <> (SELECT encode(smartgrid.merkle_root(COALESCE(array_agg(decode(h.hash, 'hex') ORDER BY h.height), '{}')), 'hex')
                           FROM sg_blocks AS h WHERE h.grid = b.grid AND h.height < b.height)
$$, 'it is chained to those before');
SELECT is_empty($$
    SELECT b.height FROM sg_blocks AS b,
         LATERAL (SELECT sum(smartgrid.load_change(l.kind, l.energy)) AS load,
                         sum(CASE l.kind WHEN 4 THEN l.energy WHEN 5 THEN -l.energy WHEN 6 THEN -l.energy ELSE 0 END) AS held,
                         sum(CASE l.kind WHEN 7 THEN l.money WHEN 1 THEN -l.money WHEN 5 THEN -l.money ELSE 0 END) AS balances,
                         sum(CASE l.kind WHEN 5 THEN l.money WHEN 8 THEN -l.money ELSE 0 END) AS earnings,
                         sum(CASE l.kind WHEN 1 THEN l.money ELSE 0 END) AS revenue,
                         sum(CASE l.kind WHEN 2 THEN l.energy WHEN 3 THEN -l.energy ELSE 0 END) AS stored,
                         sum(CASE l.kind WHEN 0 THEN l.energy ELSE 0 END) AS produced, sum(CASE l.kind WHEN 1 THEN l.energy ELSE 0 END) AS consumed,
                         sum(CASE l.kind WHEN 2 THEN l.energy ELSE 0 END) AS charged, sum(CASE l.kind WHEN 3 THEN l.energy ELSE 0 END) AS discharged,
                         sum(CASE l.kind WHEN 5 THEN l.energy ELSE 0 END) AS traded, sum(CASE l.kind WHEN 7 THEN l.money ELSE 0 END) AS topups,
                         sum(CASE l.kind WHEN 8 THEN l.money ELSE 0 END) AS withdrawals
                  FROM smartgrid.ledger AS l WHERE l.grid_id = 1 AND l.entry_id <= b.last_entry) AS s
    WHERE b.grid = 'default'
          AND (b.load, b.held, b.balances, b.earnings, b.revenue, b.stored, b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals)
              IS DISTINCT FROM
              (s.load, s.held, s.balances, s.earnings, s.revenue, s.stored, s.produced, s.consumed, s.charged, s.discharged, s.traded, s.topups, s.withdrawals)
$$, 'its totals are those of all entries so far');

---------------------------------------------------------------------------------------------------------- verification
SELECT is_empty($$SELECT h, v.* FROM generate_series(0, 12) AS h, sg_verify_ledger(from_height => h) AS v WHERE NOT v.ok$$, 'the ledger verifies from every height');
SELECT is_empty($$SELECT * FROM sg_verify_ledger('between') WHERE NOT ok$$, 'and that of the grid between');
SELECT is((SELECT sum(entries) FROM sg_verify_ledger()), (SELECT count(*)::numeric FROM sg_ledger WHERE grid = 'default'), 'every entry is read once');

---------------------------------------------------------------------------------------------------------------- proofs
CREATE TEMPORARY TABLE proof AS
SELECT l.entry_id, b.height, b.hash, sg_prove_entry(l.entry_id) AS proof
FROM sg_ledger AS l JOIN sg_blocks AS b ON b.grid = l.grid AND l.entry_id BETWEEN b.first_entry AND b.last_entry;
SELECT is((SELECT count(*) FROM proof), (SELECT sum(entries) FROM sg_blocks)::bigint, 'every sealed entry has a proof');
SELECT is_empty('SELECT * FROM proof WHERE sg_verify_proof(proof, hash) IS NOT TRUE', 'which holds for its block');
SELECT is_empty($$SELECT p.entry_id, b.height FROM proof AS p, sg_blocks AS b WHERE b.hash <> p.hash AND sg_verify_proof(p.proof, b.hash)$$, 'and for no other');
SELECT is_empty($$SELECT entry_id FROM sg_ledger WHERE sg_prove_entry(entry_id) IS NULL AND entry_id IN (SELECT entry_id FROM proof)$$, 'none is missing');
SELECT is((SELECT count(*) FROM sg_ledger WHERE sg_prove_entry(entry_id) IS NULL), (SELECT count(*) FROM sg_ledger WHERE entry_id NOT IN (SELECT entry_id FROM proof)),
          'but for those that are not sealed');

-- Every byte of every text, changed; every hash changed, left out, twice, in another order; every number changed.
CREATE FUNCTION pg_temp.flipped(value text) RETURNS SETOF text
    LANGUAGE sql AS $$
    SELECT overlay(value PLACING CASE substr(value, i, 1) WHEN '1' THEN '2' WHEN 'a' THEN 'b' WHEN ',' THEN ';' ELSE '1' END FROM i FOR 1) FROM generate_series(1, length(value)) AS i
    UNION ALL SELECT left(value, -1) WHERE value <> ''
    UNION ALL SELECT value || ' '
    UNION ALL SELECT ''
    WHERE value <> ''
$$;
CREATE FUNCTION pg_temp.changed(proof jsonb) RETURNS TABLE (key text, changed jsonb)
    LANGUAGE sql AS $$
    SELECT e.key, jsonb_set(proof, ARRAY[e.key], to_jsonb(f)) FROM jsonb_each(proof) AS e, pg_temp.flipped(e.value #>> '{}') AS f
    WHERE jsonb_typeof(e.value) = 'string' AND e.key <> 'type'
    UNION ALL
    SELECT e.key, jsonb_set(proof, ARRAY[e.key], to_jsonb((e.value #>> '{}')::bigint + d)) FROM jsonb_each(proof) AS e, (VALUES (1), (-1), (256)) AS s (d)
    WHERE jsonb_typeof(e.value) = 'number'
    UNION ALL
    SELECT e.key, jsonb_set(proof, ARRAY[e.key, (p.n - 1)::text], to_jsonb(f))
    FROM jsonb_each(proof) AS e, jsonb_array_elements_text(CASE WHEN jsonb_typeof(e.value) = 'array' THEN e.value ELSE '[]' END) WITH ORDINALITY AS p (value, n),
         pg_temp.flipped(p.value) AS f
    UNION ALL
    SELECT e.key, jsonb_set(proof, ARRAY[e.key], e.value - (n - 1)) FROM jsonb_each(proof) AS e,
         generate_series(1, CASE WHEN jsonb_typeof(e.value) = 'array' THEN jsonb_array_length(e.value) ELSE 0 END) AS n
    UNION ALL
    SELECT e.key, jsonb_set(proof, ARRAY[e.key], e.value || to_jsonb(repeat('0', 64))) FROM jsonb_each(proof) AS e WHERE jsonb_typeof(e.value) = 'array'
    UNION ALL
    SELECT e.key, jsonb_set(proof, ARRAY[e.key], (SELECT jsonb_agg(v ORDER BY n DESC) FROM jsonb_array_elements(e.value) WITH ORDINALITY AS a (v, n)))
    FROM jsonb_each(proof) AS e WHERE CASE WHEN jsonb_typeof(e.value) = 'array' THEN jsonb_array_length(e.value) > 1 END
$$;
SELECT is_empty($$
    SELECT p.entry_id, c.key, c.changed FROM proof AS p, pg_temp.changed(p.proof) AS c WHERE sg_verify_proof(c.changed, p.hash)
$$, 'a proof of an entry in which anything is changed does not hold');
SELECT cmp_ok((SELECT count(*) FROM proof AS p, pg_temp.changed(p.proof)), '>', 20000::bigint, 'many changes were tried');
SELECT is_empty($$
    SELECT p.entry_id, q.entry_id FROM proof AS p, proof AS q
    WHERE p.entry_id <> q.entry_id AND sg_verify_proof(p.proof || jsonb_build_object('entry', q.proof -> 'entry'), p.hash)
$$, 'nor does it for another entry');

CREATE TEMPORARY TABLE pair AS
SELECT a.height AS from_height, b.height AS to_height, a.hash AS earlier_hash, b.hash, sg_prove_blocks(a.height, b.height) AS proof
FROM sg_blocks AS a JOIN sg_blocks AS b ON b.grid = a.grid AND b.height >= a.height WHERE a.grid = 'default';
SELECT is_empty('SELECT * FROM pair WHERE sg_verify_proof(proof, hash, earlier_hash) IS NOT TRUE', 'every pair of blocks proves');
SELECT is_empty($$
    SELECT p.from_height, p.to_height, a.height, b.height FROM pair AS p, sg_blocks AS a, sg_blocks AS b
    WHERE (a.hash, b.hash) <> (p.earlier_hash, p.hash) AND sg_verify_proof(p.proof, b.hash, a.hash)
$$, 'and for no other pair');
SELECT is_empty($$
    SELECT p.from_height, p.to_height, c.key, c.changed FROM pair AS p, pg_temp.changed(p.proof) AS c
    WHERE sg_verify_proof(c.changed, p.hash, p.earlier_hash)
$$, 'a proof between blocks in which anything is changed does not hold');

-- The other grid's history is no extension of this one's.
SELECT is((SELECT sg_verify_proof(sg_prove_blocks(0, 1, 'between') || jsonb_build_object('from', a.line), b.hash, a.hash)
           FROM sg_blocks AS a, sg_blocks AS b WHERE (a.grid, a.height, b.grid, b.height) = ('default', 0, 'between', 1)), false, 'blocks of two grids');

------------------------------------------------------------------------------------------------------------ statements
SELECT is((SELECT (s.balance, s.earnings, s.unsold, s.stored, s.consumed)::text FROM sg_statement('sun', '(,)') AS s WHERE part = 'closing'),
          (SELECT (c.balance, p.earnings, p.unsold, s.stored_amount, c.total_consumed)::text
           FROM sg_get_producer_info('sun') AS p, sg_get_consumer_info('sun') AS c, sg_get_storage_info('sun') AS s), 'a statement ends at what is there');
SELECT is((SELECT (s.balance, s.consumed)::text FROM sg_statement('hut', '(,)') AS s WHERE part = 'closing'),
          (SELECT (c.balance, c.total_consumed)::text FROM sg_get_consumer_info('hut') AS c), 'that of the other, too');
SELECT is((SELECT count(*) FROM sg_statement('sun', '(,)') WHERE part = 'entry') + (SELECT count(*) FROM sg_statement('hut', '(,)') WHERE part = 'entry'),
          (SELECT count(*) + count(counterparty) FROM sg_ledger WHERE grid = 'default'), 'every entry is on the statements of its parties');
SELECT is((SELECT string_agg(part, ' ') FROM sg_statement('hut', tstzrange(now() + interval '1 day', NULL))), 'opening closing', 'a period without entries');
SELECT is((SELECT (balance, consumed)::text FROM sg_statement('hut', tstzrange(now() + interval '1 day', NULL)) WHERE part = 'opening'),
          (SELECT (c.balance, c.total_consumed)::text FROM sg_get_consumer_info('hut') AS c), 'begins with what there was');
SELECT is_empty($$
    SELECT s.entry_id FROM sg_statement('sun', '(,)') AS s LEFT JOIN sg_blocks AS b ON b.grid = 'default' AND s.entry_id BETWEEN b.first_entry AND b.last_entry
    WHERE s.part = 'entry' AND (s.height, s.hash) IS DISTINCT FROM (b.height, b.hash)
$$, 'each entry with the block that seals it');
SELECT is((SELECT sum(s.money) FROM sg_statement('sun', '(,)') AS s), (SELECT balance + earnings FROM sg_statement('sun', '(,)') WHERE part = 'closing')::numeric,
          'the effects in money add up');

SELECT * FROM finish();
ROLLBACK;
