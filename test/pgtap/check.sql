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
-- Readings of metering points: whole days, slots that came alone and are packed, open slots.
SET LOCAL smartgrid.pack_after = '366d';
DO $$
DECLARE
    grid text;
    midnight CONSTANT timestamptz := (current_date - 3)::timestamp AT TIME ZONE 'Europe/Vienna';
    hours CONSTANT integer := extract(epoch FROM (current_date - 2)::timestamp AT TIME ZONE 'Europe/Vienna' - midnight)::integer / 3600;
BEGIN
    FOR grid IN SELECT g.grid FROM sg_grids AS g LOOP
        PERFORM set_config('smartgrid.grid', grid, false);
        PERFORM sg_set_time_zone('Europe/Vienna');
        PERFORM sg_set_point('AT1', '2026-01-01 00:00 Europe/Vienna', 'p1', 'consumption', '1 hour'),
                sg_set_point('AT2', '2026-01-01 00:00 Europe/Vienna', 'p2', 'production', '1 hour');
        PERFORM sg_post_days('{AT1}', ARRAY[current_date - 3], ARRAY[(SELECT string_agg(n::text, ',') FROM generate_series(1, hours) AS n)]),
                sg_post_intervals('{AT1,AT2}'::text[], ARRAY[midnight + interval '1 hour', midnight + interval '2 hours'], '{3,4}'::bigint[]),
                sg_post_intervals('{AT1,AT2}'::text[], ARRAY[midnight + interval '1 hour', midnight + interval '3 hours'], '{5,6}'::bigint[]);
        PERFORM sg_pack_intervals(current_date);
        PERFORM sg_post_intervals('{AT2,AT1}'::text[], ARRAY[date_trunc('hour', now()) - interval '1 hour', midnight + interval '5 hours'], '{7,8}'::bigint[]);
        PERFORM sg_rename_point('AT2', 'AT2b');
    END LOOP;
END $$;
-- What members owe: documents that settlements have made, payments by bank and from balances.
CREATE FUNCTION pg_temp.book(kind smallint, participant bigint, grid integer, money bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    document CONSTANT bigint := nextval('smartgrid.document_id_seq');
    amount CONSTANT numeric := money / 10::numeric ^ (SELECT g.money_scale FROM smartgrid.grid AS g WHERE g.grid_id = grid);
    body CONSTANT json := json_build_object('lines', json_build_array(json_build_object('money', amount, 'net', amount)),
                                            'groups', json_build_array(json_build_object('net', amount, 'vat', 0)));
    entry bigint;
BEGIN
    INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
    SELECT participant, 0, 0, 0, money, document, c.now, grid, kind, c.now FROM clock_timestamp() AS c (now) RETURNING entry_id INTO entry;
    INSERT INTO smartgrid.entry_digest VALUES (entry, grid, sha256(convert_to(body::text, 'UTF8')));
    IF participant > 0 THEN
        INSERT INTO smartgrid.due AS d SELECT participant, CASE kind WHEN 24 THEN money ELSE -money END, grid
        ON CONFLICT (participant_id) DO UPDATE SET due = d.due + EXCLUDED.due;
        INSERT INTO smartgrid.document VALUES (document, document, participant, entry, 0, 1, money, 0, money, grid, 2026, '2026-07-01', kind - 24, kind - 24,
                                               'R' || document, 'R' || document, sha256(convert_to(body::text, 'UTF8')), body);
        INSERT INTO smartgrid.document_number VALUES (grid, 2026, 1, 1, 'R' || document);
        INSERT INTO smartgrid.run_line (run_id, line, grid_id, participant_id, point_id, valid_from, valid_to, place, tier, side, gross, participant, point, tariff,
                                        component, base, quantity, unit, money, qualities)
        VALUES (document, 1, grid, participant, 0, '2026-06-01', '2026-07-01', 0, 0, kind - 24, false, 'p', '', 't', 'c', '', 1, 'piece', money, '{}');
    ELSE
        INSERT INTO smartgrid.run_line (run_id, line, grid_id, participant_id, point_id, valid_from, valid_to, place, tier, side, gross, participant, point, tariff,
                                        component, base, quantity, unit, money, qualities)
        SELECT document, n, grid, 0, 0, '2026-06-01', '2026-07-01', 0, 0, n % 2, false, 'p', '', 't', 'c', '', 1, 'piece', 100 * n, '{}' FROM generate_series(1, 4) AS n;
        INSERT INTO smartgrid.run (run_id, grid_id, state, kind, number, period_from, period_to, as_of, as_of_named, basis_from, made_at, finalized_at, entry_id,
                                   charges, credits, accept, replaces, digest)
        VALUES (document, grid, 1, 0, 0, '2026-06-01', '2026-07-01', now(), false, '2026-06-01', now(), now(), entry, 600, 400, '{}', '{}',
                sha256(convert_to(body::text, 'UTF8')));
    END IF;
END
$$;
SELECT pg_temp.book(24::smallint, participant_id, grid_id, 10 * participant_id), pg_temp.book(25::smallint, participant_id, grid_id, 4 * participant_id)
FROM smartgrid.participant WHERE participant_id % 4 < 3;
SELECT pg_temp.book(23::smallint, 0, grid_id, 0) FROM smartgrid.grid WHERE name <> 'empty';
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_record_payment('p' || n, -n, 'out ' || n), sg_record_payment('p' || n, 2 * n, 'in ' || n), sg_record_payment('p' || n, 2 * n, 'in ' || n)
FROM generate_series(1, 40) AS n;
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_pay_due(n)
FROM generate_series(5, 30) AS n WHERE n % 4 < 3;
-- Some is sealed, and added up.
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT sg_seal(g.grid) FROM sg_grids AS g WHERE g.grid <> 'ä';
SELECT set_config('smartgrid.grid', (ARRAY['default', 'a', 'B', 'ä'])[1 + n % 4], false), set_config('smartgrid.principal', 'p' || n, false),
       sg_report_production(3) FROM generate_series(5, 20) AS n;
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
    (true, 'UPDATE smartgrid.due SET due = -due WHERE participant_id < 9'),
    (true, 'UPDATE smartgrid.due SET due = due + 1 - 2 * (participant_id % 2)'),
    (true, 'UPDATE smartgrid.due SET grid_id = grid_id % 4 + 1 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.due SET grid_id = 77'),
    (true, 'UPDATE smartgrid.due SET participant_id = -participant_id'),
    (true, 'DELETE FROM smartgrid.due'),
    (true, 'UPDATE smartgrid.ledger SET money = money + 1 WHERE kind = 24 AND participant_id = 5'),
    (true, 'UPDATE smartgrid.ledger SET kind = 51 - kind WHERE kind IN (25, 26)'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = participant_id + 1 WHERE kind = 23'),
    (true, 'UPDATE smartgrid.document SET net = net + 1, gross = gross + 1 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.document SET body = ''{}'' WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.document SET participant_id = participant_id + 4 WHERE participant_id = 5'),
    (true, 'DELETE FROM smartgrid.document WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.document_number SET last = last + 1 WHERE prefix = ''R1'''),
    (true, 'DELETE FROM smartgrid.document_number WHERE prefix = ''R1'''),
    (true, 'UPDATE smartgrid.run_line SET money = money + 1 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.run_line SET money = money + 1 WHERE participant_id = 0 AND line = 2'),
    (true, 'UPDATE smartgrid.run_line SET side = 1 - side WHERE participant_id = 0'),
    (true, 'DELETE FROM smartgrid.run_line WHERE participant_id = 0'),
    (true, 'UPDATE smartgrid.run SET credits = NULL WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.run SET digest = sha256(digest) WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.run SET entry_id = entry_id + 1'),
    (true, 'UPDATE smartgrid.run SET state = 0, finalized_at = ''infinity'', entry_id = 0 WHERE grid_id = 1'),
    (true, 'DELETE FROM smartgrid.run'),
    (true, 'DELETE FROM smartgrid.ledger WHERE kind = 23'),
    (true, 'UPDATE smartgrid.ledger SET money = 1 WHERE kind = 28'),
    (true, 'UPDATE smartgrid.payment SET money = -money WHERE entry_id % 3 = 0'),
    (true, 'UPDATE smartgrid.payment SET entry_id = entry_id + 1'),
    (true, 'UPDATE smartgrid.payment SET participant_id = participant_id + 4 WHERE participant_id = 3'),
    (true, 'UPDATE smartgrid.payment SET grid_id = grid_id % 4 + 1, key = key || ''x'''),
    (true, 'DELETE FROM smartgrid.payment WHERE money > 60'),
    (true, 'DELETE FROM smartgrid.ledger WHERE kind = 27'),
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
    (true, 'UPDATE smartgrid.ledger SET kind = 11 WHERE kind = 22'),
    (true, 'UPDATE smartgrid.ledger SET kind = 22 WHERE kind = 11'),
    (true, 'UPDATE smartgrid.ledger SET participant_id = 77 WHERE kind = 22'),
    (true, 'DELETE FROM smartgrid.ledger WHERE kind = 22 AND grid_id = 1'),
    (true, 'DELETE FROM smartgrid.entry_digest WHERE entry_id = (SELECT min(entry_id) FROM smartgrid.entry_digest)'),
    (true, 'TRUNCATE smartgrid.entry_digest'),
    (true, 'UPDATE smartgrid.entry_digest SET entry_id = -entry_id WHERE grid_id = 2'),
    (true, 'UPDATE smartgrid.entry_digest SET grid_id = grid_id % 4 + 1'),
    (true, 'UPDATE smartgrid.entry_digest SET grid_id = 77 WHERE grid_id = 3'),
    (true, 'UPDATE smartgrid.interval_day SET version = version + 10 WHERE version = 1 AND grid_id = 1'),
    (true, 'UPDATE smartgrid.interval_day SET version = -version WHERE grid_id = 2'),
    (true, 'UPDATE smartgrid.interval_day SET recorded_at = now() + interval ''1 day'' WHERE version = 1'),
    (true, 'UPDATE smartgrid.interval_day SET grid_id = grid_id % 4 + 1 WHERE version = 1'),
    (true, 'UPDATE smartgrid.interval_day SET batch_id = -batch_id WHERE grid_id = 3'),
    (true, 'UPDATE smartgrid.interval_day SET day = day - 1'),
    (true, 'UPDATE smartgrid.interval_pack SET day = day - 1 WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.interval_pack SET batches = array_fill(0::bigint, ARRAY[24])'),
    (true, 'UPDATE smartgrid.interval_pack SET batches = ''{}'' WHERE grid_id = 2'),
    (true, 'UPDATE smartgrid.interval_pack SET batches = array_append(batches, 999999::bigint)'),
    (true, 'DELETE FROM smartgrid.interval_pack WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.open_slot SET batch_id = 999999'),
    (true, 'UPDATE smartgrid.open_slot SET start = start + interval ''1 minute'''),
    (true, 'UPDATE smartgrid.interval_day SET point_id = -point_id WHERE version = 1'),
    (true, 'UPDATE smartgrid.open_slot SET day = day + 5 WHERE grid_id = 4'),
    (true, 'UPDATE smartgrid.batch SET last_day = last_day - 30'),
    (true, 'UPDATE smartgrid.batch SET grid_id = grid_id % 4 + 1'),
    (true, 'DELETE FROM smartgrid.batch WHERE grid_id = 2'),
    (true, 'INSERT INTO smartgrid.entry_digest SELECT min(entry_id), 1, sha256(''more'') FROM smartgrid.ledger WHERE kind = 0 AND grid_id = 1'),
    (true, 'UPDATE smartgrid.consumer SET cost_carry = cost_carry + 1 WHERE participant_id = 7'),
    (true, 'DELETE FROM smartgrid.reversal WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.reversal SET grid_id = grid_id % 4 + 1'),
    (true, 'UPDATE smartgrid.trade SET status = 1 WHERE status = 3'),
    (true, 'UPDATE smartgrid.grid SET exact_after = 1000000 WHERE grid_id = 2'),
    (true, 'TRUNCATE smartgrid.ledger'),
    (true, 'INSERT INTO smartgrid.ledger SELECT entry_id + 100000, participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at FROM smartgrid.ledger'),
    (true, 'UPDATE smartgrid.pool SET load = load + 10, revenue = -1 WHERE stripe = 0'),
    (true, 'UPDATE smartgrid.consumer SET balance = -balance - 1 WHERE participant_id = 7'),
    (true, 'UPDATE smartgrid.producer SET unsold = -1'),
    (true, 'UPDATE smartgrid.storage SET stored_amount = -stored_amount - 1'),
    (true, 'UPDATE smartgrid.grid SET base_price = base_price + 1 WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.grid SET emergency_mode = NOT emergency_mode'),
    (true, 'UPDATE smartgrid.grid SET price_rule = 2 WHERE grid_id = 3'),
    (true, 'DELETE FROM smartgrid.price_event WHERE grid_id = 2'),
    (true, 'INSERT INTO smartgrid.price_event (base_price, grid_id, emergency_mode, price_rule) VALUES (3, 4, false, 0)'),
    (false, 'UPDATE smartgrid.price_event SET at = at - interval ''1 day'''),
    (true, 'DELETE FROM smartgrid.grid WHERE grid_id = 2'),
    (true, 'TRUNCATE smartgrid.grid'),
    (true, 'UPDATE smartgrid.ledger SET grid_id = 77 WHERE entry_id = 5'),
    (true, 'UPDATE smartgrid.pool SET grid_id = 70 + grid_id'),
    (true, 'UPDATE smartgrid.participant SET grid_id = 77 WHERE participant_id = 3'),
    (true, 'UPDATE smartgrid.grid SET created_at = clock_timestamp() WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.rollup SET consumed = consumed + 1 WHERE grid_id = 1'),
    (true, 'UPDATE smartgrid.rollup SET price_low = price_low - 1 WHERE grid_id = 2'),
    (true, 'UPDATE smartgrid.rollup SET entries = entries - 1, topups = topups * 2'),
    (true, 'UPDATE smartgrid.rollup SET quarter_start = quarter_start + interval ''15 minutes'''),
    (true, 'DELETE FROM smartgrid.rollup WHERE grid_id = 3'),
    (true, 'UPDATE smartgrid.rollup_production SET energy_type = 1'),
    (true, 'DELETE FROM smartgrid.rollup_production'),
    (true, 'UPDATE smartgrid.producer SET energy_type = 2 WHERE participant_id = 5'),
    (true, 'UPDATE smartgrid.rollup_end SET last_entry = last_entry - 5'),
    (true, 'UPDATE smartgrid.rollup_end SET last_entry = last_entry + 100000'),
    (true, 'UPDATE smartgrid.ledger SET at = at - interval ''1 hour'' WHERE entry_id = 5'),
    (true, 'UPDATE smartgrid.ledger SET price = price + 1, energy = 0, money = 0 WHERE kind = 7 AND entry_id = (SELECT min(entry_id) FROM smartgrid.ledger WHERE kind = 7)'),
    (true, 'CREATE TRIGGER mine AFTER INSERT ON smartgrid.ledger FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
    (true, 'CREATE RULE mine AS ON UPDATE TO smartgrid.trade DO NOTHING'),
    (true, 'UPDATE smartgrid.grid SET operator_role = ''nobody who is there'' WHERE grid_id = 3'),
    (false, 'UPDATE smartgrid.grid SET name = ''z'' WHERE grid_id = 1'),
    (true, 'DELETE FROM smartgrid.grid WHERE grid_id = 2; UPDATE smartgrid.ledger SET grid_id = 3 WHERE grid_id = 2'),
    (true, 'INSERT INTO smartgrid.participant (participant_id, grid_id, principal) SELECT 1000000000000 + 1000 * n, 1, ''sparse'' || n FROM generate_series(1, 2000) AS n'),
    -- Sequences stay as they are set.
    (false, 'SELECT setval(''smartgrid.trade_id_seq'', (SELECT max(trade_id) + 1 FROM smartgrid.trade), false)'),
    (true, 'SELECT setval(''smartgrid.ledger_entry_id_seq'', (SELECT max(entry_id) - 1 FROM smartgrid.ledger))'),
    (true, 'SELECT setval(''smartgrid.trade_id_seq'', (SELECT max(trade_id) FROM smartgrid.trade), false)'),
    (true, 'SELECT setval(s, 1, false) FROM unnest(ARRAY[''smartgrid.grid_id_seq'', ''smartgrid.participant_id_seq'', ''smartgrid.price_event_id_seq'', ''smartgrid.capacity_event_id_seq'', ''smartgrid.metrics_id_seq'']::regclass[]) AS s')
) AS m (found, meddling), LATERAL pg_temp.compare(m.meddling) AS c;

SELECT * FROM finish();
ROLLBACK;
