-- sg_check() against the same invariants in SQL (lib/invariants.sql). Both must say the same of sound books and of books that somebody meddled with.

\ir lib/begin.sql
CREATE SCHEMA sgtest;
\ir lib/invariants.sql
SELECT no_plan();

\o /dev/null
SELECT sg_create_grid('a', energy_scale => 3), sg_create_grid('B'), sg_create_grid('empty'), sg_create_grid('ä');
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_register_producer(1000 + n, 'solar'), sg_register_consumer(100), sg_register_storage(100, 50, 50)
FROM generate_series(1, 40) AS n;
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_report_production(500 + n), sg_add_consumer_balance('p' || n, 100000), sg_consume_energy(n), sg_charge_storage(n), sg_discharge_storage((n + 1) / 2)
FROM generate_series(1, 40) AS n;
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_create_trade('p' || n + 4, 10 * n, CASE n % 4 WHEN 1 THEN 100 * n ELSE n END)
FROM generate_series(1, 36) AS n;
SELECT set_config('smartgrid.grid', g.name, false), set_config('smartgrid.principal', p.principal, false),
       CASE WHEN t.trade_id % 3 = 0 THEN sg_complete_trade(t.trade_id) ELSE sg_cancel_trade(t.trade_id) END
FROM smartgrid.trade AS t JOIN smartgrid.grid AS g USING (grid_id) JOIN smartgrid.participant AS p ON p.participant_id = t.buyer_id
WHERE t.trade_id % 3 < 2;
SELECT set_config('smartgrid.grid', g.name, false), set_config('smartgrid.principal', p.principal, false), sg_withdraw_earnings(1)
FROM smartgrid.producer AS s JOIN smartgrid.grid AS g USING (grid_id) JOIN smartgrid.participant AS p USING (participant_id) WHERE s.earnings > 0;
-- Every kind of entry is there, and every kind of reversal.
SELECT set_config('smartgrid.grid', g.name, false), set_config('smartgrid.principal', p.principal, false),
       sg_withdraw_balance(1), sg_refund(p.principal, 2), sg_pay_producer(p.principal, 3), sg_write_off(1, 'lost')
FROM smartgrid.participant AS p JOIN smartgrid.grid AS g USING (grid_id) WHERE p.participant_id % 3 = 0;
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT l.entry_id, l.kind, g.name FROM smartgrid.ledger AS l JOIN smartgrid.grid AS g USING (grid_id) ORDER BY l.entry_id DESC LOOP
        PERFORM set_config('smartgrid.grid', entry.name, false);
        BEGIN
            IF entry.kind < 4 AND entry.entry_id % 2 = 0 THEN
                PERFORM sg_correct_reading(entry.entry_id, 7, 'wrong');
            ELSIF entry.entry_id % 3 = 0 THEN
                PERFORM sg_reverse_entry(entry.entry_id, 'wrong');
            END IF;
        EXCEPTION WHEN SQLSTATE 'SG000' OR SQLSTATE 'SG103' OR SQLSTATE 'SG104' OR SQLSTATE 'SG107' OR SQLSTATE 'SG108' THEN
            NULL;
        END;
    END LOOP;
END $$;
SELECT set_config('smartgrid.grid', g.name, false), set_config('smartgrid.principal', p.principal, false),
       sg_report_production(5), (SELECT sg_reverse_entry(entry_id, 'wrong') FROM sg_last_entry()),
       sg_add_consumer_balance(p.principal, 5), (SELECT sg_reverse_entry(entry_id, 'wrong') FROM sg_last_entry())
FROM smartgrid.participant AS p JOIN smartgrid.grid AS g USING (grid_id) WHERE p.participant_id IN (1, 2, 3, 4);
SELECT set_config('smartgrid.grid', 'default', false), sg_deactivate_participant('p4', true);
\o

SELECT is(string_agg(DISTINCT l.kind::text, ' '), (SELECT string_agg(DISTINCT e.kind::text, ' ') FROM smartgrid.entry_effects() AS e),
          'there are entries of every kind')
FROM smartgrid.ledger AS l;
SELECT results_eq('SELECT * FROM sg_check()', 'SELECT * FROM sgtest.invariants(ARRAY(SELECT grid_id FROM smartgrid.grid))',
                  'sound books: the same rows in the same order');
SELECT is(string_agg(DISTINCT ok::text, ' '), 'true', 'and all hold') FROM sg_check();

-- He who meddles drops the constraints first.
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'smartgrid'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid, c.conname);
    END LOOP;
END $$;

-- What both say after statements that are undone, and how many invariants are violated.
CREATE FUNCTION pg_temp.compare(meddling text, OUT differing bigint, OUT violated bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE meddling;
    CREATE TEMP TABLE now ON COMMIT DROP AS SELECT row_number() OVER () AS n, c.* FROM sg_check() AS c;
    CREATE TEMP TABLE before ON COMMIT DROP AS
    SELECT row_number() OVER () AS n, i.* FROM sgtest.invariants(ARRAY(SELECT grid_id FROM smartgrid.grid)) AS i;
    SELECT count(*) INTO differing FROM now FULL JOIN before USING (n) WHERE (now) IS DISTINCT FROM (before);
    SELECT count(*) INTO violated FROM now WHERE NOT ok;
    RAISE EXCEPTION USING ERRCODE = 'RB002';
EXCEPTION WHEN SQLSTATE 'RB002' THEN
    NULL;
END $$;

SELECT is(format('%s differing, found: %s', c.differing, c.violated > 0), format('0 differing, found: %s', m.found), m.meddling)
FROM (VALUES
    (true, 'UPDATE smartgrid.pool SET load = load + 1'),
    (true, 'UPDATE smartgrid.pool SET load = -load - 1'),
    (true, 'UPDATE smartgrid.pool SET load = 9223372036854775807, capacity = 9223372036854775807, revenue = 9223372036854775807'),
    (true, 'DELETE FROM smartgrid.pool'),
    (true, 'UPDATE smartgrid.producer SET earnings = 9223372036854775807, capacity = 9223372036854775807'),
    (true, 'UPDATE smartgrid.consumer SET balance = 9223372036854775807 WHERE participant_id % 2 = 0'),
    (true, 'UPDATE smartgrid.consumer SET total_consumed = total_consumed + 1 WHERE participant_id = 7'),
    (true, 'UPDATE smartgrid.producer SET total_produced = total_produced + 1, unsold = unsold + 1 WHERE participant_id IN (1, 2)'),
    (true, 'UPDATE smartgrid.storage SET stored_amount = 0 WHERE participant_id > 30'),
    (true, 'UPDATE smartgrid.producer SET active = NOT active'),
    (true, 'UPDATE smartgrid.trade SET status = 1 - status, closed_at = now() WHERE status < 2 AND trade_id < 5'),
    (true, 'UPDATE smartgrid.trade SET cost = cost + 1'),
    (true, 'UPDATE smartgrid.trade SET seller_id = seller_id + 1 WHERE trade_id = 4'),
    (true, 'UPDATE smartgrid.trade SET buyer_id = 12345678901 WHERE trade_id = 4'),
    (true, 'DELETE FROM smartgrid.trade WHERE trade_id = 3'),
    (true, 'DELETE FROM smartgrid.participant WHERE participant_id % 3 = 0'),
    (true, 'UPDATE smartgrid.participant SET grid_id = grid_id % 4 + 1 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.producer SET grid_id = grid_id % 4 + 1 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.consumer SET grid_id = 77'),
    (true, 'DELETE FROM smartgrid.producer WHERE participant_id = 5; DELETE FROM smartgrid.consumer WHERE participant_id = 6; DELETE FROM smartgrid.storage'),
    (true, 'UPDATE smartgrid.ledger SET energy = energy + 1 WHERE kind = 0'),
    (true, 'UPDATE smartgrid.ledger SET energy = 9223372036854775807 WHERE energy > 0'),
    (true, 'UPDATE smartgrid.ledger SET money = 9223372036854775807 WHERE money > 0'),
    (true, 'UPDATE smartgrid.ledger SET grid_id = grid_id % 4 + 1'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = -participant_id WHERE kind = 1'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = 9223372036854775807 - participant_id WHERE kind = 2'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = participant_id + 1 WHERE kind = 7'),
    (true, 'UPDATE smartgrid.ledger SET counterparty_id = counterparty_id + 4 WHERE kind = 5'),
    (true, 'UPDATE smartgrid.ledger SET counterparty_id = 0 WHERE kind = 5'),
    (true, 'UPDATE smartgrid.ledger SET counterparty_id = 4711 WHERE kind IN (4, 7)'),
    (true, 'UPDATE smartgrid.ledger SET kind = 99 WHERE kind = 8'),
    (true, 'UPDATE smartgrid.ledger SET kind = -1, participant_id = 999 WHERE kind = 3'),
    (true, 'UPDATE smartgrid.ledger SET price = price + 1 WHERE kind = 1'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = 1 WHERE kind IN (11, 20)'),
    (true, 'UPDATE smartgrid.ledger SET kind = 0 WHERE kind = 12'),
    (true, 'DELETE FROM smartgrid.ledger WHERE kind > 8'),
    (true, 'UPDATE smartgrid.consumer SET cost_carry = cost_carry + 1 WHERE participant_id = 7'),
    (true, 'DELETE FROM smartgrid.reversal WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.reversal SET grid_id = grid_id % 4 + 1'),
    (true, 'UPDATE smartgrid.trade SET status = 1 WHERE status = 3'),
    (true, 'UPDATE smartgrid.grid SET exact_after = 1000000 WHERE grid_id = 2'),
    (true, 'TRUNCATE smartgrid.ledger'),
    (true, 'INSERT INTO smartgrid.ledger SELECT entry_id + 100000, participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at FROM smartgrid.ledger'),
    (true, 'UPDATE smartgrid.grid SET operator_role = ''nobody who is there'' WHERE grid_id = 3'),
    (false, 'UPDATE smartgrid.grid SET name = ''z'' WHERE grid_id = 1'),
    (true, 'DELETE FROM smartgrid.grid WHERE grid_id = 2; UPDATE smartgrid.ledger SET grid_id = 3 WHERE grid_id = 2'),
    (false, 'INSERT INTO smartgrid.participant (participant_id, grid_id, principal) SELECT 1000000000000 + 1000 * n, 1, ''sparse'' || n FROM generate_series(1, 2000) AS n')
) AS m (found, meddling), LATERAL pg_temp.compare(m.meddling) AS c;

SELECT * FROM finish();
ROLLBACK;
