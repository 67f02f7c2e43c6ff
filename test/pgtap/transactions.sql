-- Calls within transactions: savepoints, exception blocks, several calls in one statement, cursors,
-- prepared statements, read-only transactions, parallel queries.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_alice LOGIN;
CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;

-- The state of the grid in one line: load, alice's unsold energy and earnings, bob's balance and consumption, what is stored,
-- the number of trades and of ledger entries.
CREATE FUNCTION sgtest.state() RETURNS text
    LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT format('load %s, alice %s %s, bob %s %s, stored %s, trades %s, entries %s, %s', current_load,
                          p.unsold, p.earnings, c.balance, c.total_consumed, s.stored_amount,
                          (SELECT string_agg(status, '/' ORDER BY trade_id) FROM sg_trades), (SELECT count(*) FROM sg_ledger),
                          CASE WHEN EXISTS (SELECT FROM sg_check() WHERE NOT ok) THEN 'broken' ELSE 'sound' END)
            FROM sg_get_grid_status(), sg_get_producer_info('alice') AS p, sg_get_consumer_info('bob') AS c, sg_get_storage_info('alice') AS s);
END $$;

\o /dev/null
SELECT sgtest.given('', $$SELECT sg_alter_grid('default', max_amount => 9223372036854775807)$$);
SELECT sgtest.given('@alice', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT sgtest.given('@alice', 'SELECT sg_register_storage(500, 100, 100)');
SELECT sgtest.given('@bob', 'SELECT sg_register_consumer(1000)');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('bob', 100000)$$);
SELECT sgtest.given('@alice', 'SELECT sg_report_production(100)');
\o
SELECT is(sgtest.state(), 'load 100, alice 100 0, bob 100000 0, stored 0, trades , entries 2, sound', 'the beginning');

--------------------------------------------------------------------------------------------------------- savepoints
SET LOCAL smartgrid.principal = 'alice';
SAVEPOINT a;
\o /dev/null
SELECT sg_report_production(1000);
SELECT sg_charge_storage(50);
SELECT sg_create_trade('bob', 10, 5);
\o
SELECT is(sgtest.state(), 'load 1040, alice 1090 0, bob 100000 0, stored 50, trades pending, entries 5, sound', 'every call sees the calls before it');
SAVEPOINT b;
SET LOCAL smartgrid.principal = 'bob';
\o /dev/null
SELECT sg_complete_trade(max(trade_id)) FROM sg_trades;
SELECT sg_consume_energy(100, 200000);
\o
-- At a load of 1040 of 1000 the price is 152.
SELECT is(sgtest.state(), 'load 940, alice 1090 50, bob 84750 110, stored 50, trades completed, entries 7, sound', 'those within a savepoint, too');
ROLLBACK TO b;
SELECT is(sgtest.state(), 'load 1040, alice 1090 0, bob 100000 0, stored 50, trades pending, entries 5, sound', 'ROLLBACK TO SAVEPOINT undoes all that came after');
SELECT is(current_setting('smartgrid.principal'), 'alice', 'settings included');
SAVEPOINT c;
\o /dev/null
SELECT sg_cancel_trade(max(trade_id)) FROM sg_trades;
RELEASE c;
\o
SELECT is(sgtest.state(), 'load 1050, alice 1100 0, bob 100000 0, stored 50, trades cancelled, entries 6, sound', 'RELEASE keeps it');
ROLLBACK TO a;
SELECT is(sgtest.state(), 'load 100, alice 100 0, bob 100000 0, stored 0, trades , entries 2, sound', 'an outer ROLLBACK TO SAVEPOINT undoes that, too');

-- The last entry goes with what wrote it.
SELECT is((SELECT kind FROM sg_last_entry()), NULL, 'the last entry was rolled back: there is none');
SAVEPOINT a;
\o /dev/null
SELECT sg_report_production(7);
\o
SELECT is((SELECT format('%s %s %s', kind, participant, energy) FROM sg_last_entry()), 'production alice 7', 'the last entry');
SAVEPOINT b;
\o /dev/null
SELECT sg_charge_storage(3);
\o
SELECT is((SELECT format('%s %s %s', kind, participant, energy) FROM sg_last_entry()), 'charge alice 3', 'the next one');
ROLLBACK TO b;
SELECT is((SELECT kind FROM sg_last_entry()), NULL, 'an entry that was rolled back is not shown');
ROLLBACK TO a;

-- A failed call leaves nothing behind, however far it got.
CREATE FUNCTION sgtest.attempt(statement text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(sgtest.attempt(statement), expected, 'fails: ' || statement)
FROM (VALUES ('SELECT sg_report_production(1001)', 'SG104'), ('SELECT sg_charge_storage(101)', 'SG104'),
             ('SELECT sg_create_trade(''bob'', 101, 1)', 'SG103'), ('SELECT sg_create_trade(''bob'', 2, 9223372036854775807)', '22003'),
             ('SELECT sg_report_production(5) AND 1 / (SELECT 0) > 0', '22012'),
             ('SELECT 1 / (sg_create_trade(''bob'', 1, 1) * 0)', '22012'),
             ('SELECT sg_register_consumer(1) AND sg_register_consumer(1)', 'SG105')) AS f (statement, expected);
SELECT is(sgtest.state(), 'load 100, alice 100 0, bob 100000 0, stored 0, trades , entries 2, sound', 'failures leave nothing behind');

--------------------------------------------------------------------------------------------------- PL/pgSQL blocks
DO $$
DECLARE
    id bigint;
BEGIN
    FOR i IN 1..10 LOOP
        BEGIN
            PERFORM sg_report_production(10);
            id := sg_create_trade('bob', 1, 1);
            PERFORM sg_charge_storage(2);
            IF i % 2 = 0 THEN
                PERFORM sg_charge_storage(1000);
            END IF;
        EXCEPTION WHEN SQLSTATE 'SG104' THEN
            IF EXISTS (SELECT FROM sg_get_trade_info(id) AS t WHERE t.amount IS NOT NULL) THEN
                RAISE EXCEPTION 'trade % is still there', id;
            END IF;
        END;
    END LOOP;
END $$;
SELECT is(sgtest.state(), 'load 135, alice 145 0, bob 100000 0, stored 10, trades pending/pending/pending/pending/pending, entries 17, sound',
          'half of the blocks are kept');
DO $$
BEGIN
    PERFORM sg_report_production(-1);
EXCEPTION
    -- The class SG catches all of the contract's errors.
    WHEN SQLSTATE 'SG000' THEN
        NULL;
END $$;
SELECT pass('WHEN SQLSTATE SG000 catches SG104');

CREATE FUNCTION sgtest.nested(depth integer) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_report_production(1);
    IF depth > 0 THEN
        BEGIN
            PERFORM sgtest.nested(depth - 1);
            RAISE EXCEPTION USING ERRCODE = 'RB001';
        EXCEPTION WHEN SQLSTATE 'RB001' THEN
            PERFORM sg_report_production(1);
        END;
    END IF;
END $$;
SELECT sgtest.nested(20) \g /dev/null
SELECT is((SELECT current_load FROM sg_get_grid_status()), 137::bigint, 'twenty levels deep: only the outermost two reports are left');

----------------------------------------------------------------------------------------- several calls in one statement
SELECT is((SELECT count(*) FROM (SELECT sg_report_production(n) FROM generate_series(1, 100) AS n) AS r), 100::bigint, 'a hundred calls in one statement');
SELECT is((SELECT current_load FROM sg_get_grid_status()), 137 + 5050::bigint, 'all of them count');
SELECT is((SELECT array_agg(sg_create_trade('bob', 1, n)) FROM generate_series(1, 3) AS n) = (SELECT array_agg(trade_id ORDER BY trade_id)
          FROM (SELECT trade_id FROM sg_trades ORDER BY trade_id DESC LIMIT 3) AS t), false, 'a statement''s own snapshot is older than its calls');
SELECT is((SELECT count(*) FROM sg_trades WHERE status = 'pending'), 8::bigint, 'the next statement sees them');
SELECT is((SELECT bool_and(sg_cancel_trade(trade_id)) FROM sg_trades WHERE status = 'pending'), true, 'calls over a view that they change');
SELECT is((SELECT count(*) FROM sg_trades WHERE status = 'pending'), 0::bigint, 'end');
SELECT is(sgtest.attempt('SELECT sg_charge_storage(100) AND sg_charge_storage(100) AND sg_discharge_storage(100) AND sg_charge_storage(100)'), 'true',
          'writing calls of one statement see each other');
SELECT is((SELECT stored_amount FROM sg_get_storage_info('alice')), 210::bigint, 'stored');
-- In a PL/pgSQL function that is volatile, reading calls see what was written before, in one expression at a time.
SELECT is(sgtest.attempt($$SELECT sg_report_production(1)::text || (SELECT current_load FROM sg_get_grid_status())$$) ~ '^true', true,
          'reading in the statement that writes is allowed');

-- A consumer cannot spend the same money twice in one statement.
SET LOCAL smartgrid.principal = 'bob';
SELECT is(sgtest.attempt('SELECT count(*) FROM (SELECT sg_consume_energy(500) FROM generate_series(1, 3) OFFSET 0) AS c'), 'SG107', 'the third is too dear');
SELECT is((SELECT balance FROM sg_get_consumer_info('bob')), 100000::bigint, 'and takes the others along');

------------------------------------------------------------------------------------------------------------ cursors
SET LOCAL smartgrid.principal = 'alice';
DECLARE entries SCROLL CURSOR FOR SELECT kind FROM sg_ledger ORDER BY entry_id DESC;
FETCH 1 FROM entries \g /dev/null
SELECT sg_report_production(0) \g /dev/null
MOVE ABSOLUTE 0 FROM entries \g /dev/null
SELECT is((SELECT count(*) FROM sg_ledger WHERE kind = 'production' AND energy = 0), 1::bigint, 'a report of nothing is an entry');
FETCH 1 FROM entries \gset cursor_
SELECT isnt(:'cursor_kind'::text, '', 'an open cursor goes on');
CLOSE entries;
DO $$
DECLARE
    t record;
    reports integer := 0;
BEGIN
    FOR t IN SELECT entry_id FROM sg_ledger WHERE kind = 'production' ORDER BY entry_id LIMIT 5 LOOP
        PERFORM sg_report_production(1);
        reports := reports + 1;
    END LOOP;
    IF reports <> 5 THEN
        RAISE EXCEPTION '% reports', reports;
    END IF;
END $$;
SELECT pass('a loop over the ledger that adds to it ends');
DECLARE calls CURSOR FOR SELECT sg_report_production(1) FROM generate_series(1, 5);
SELECT current_load AS before FROM sg_get_grid_status() \gset
FETCH 2 FROM calls \g /dev/null
SELECT is((SELECT current_load FROM sg_get_grid_status()), :before + 2::bigint, 'a cursor calls as far as it is fetched');
CLOSE calls;

------------------------------------------------------------------------------------------------- prepared statements
PREPARE report(bigint) AS SELECT sg_report_production($1);
PREPARE price AS SELECT sg_get_dynamic_price();
PREPARE mine AS SELECT count(*) FROM sg_consumers;
PREPARE entries AS SELECT count(*) FROM sg_ledger;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT current_load AS before FROM sg_get_grid_status() \gset
EXECUTE report(1) \g /dev/null
EXECUTE report(2) \g /dev/null
SELECT is((SELECT current_load FROM sg_get_grid_status()), :before + 3::bigint, 'a prepared call');
SELECT throws_ok('EXECUTE report(NULL)', 'SG108', NULL, 'with NULL');
-- A generic plan asks anew who is calling.
CREATE FUNCTION sgtest.executed(who text, prepared text) RETURNS text
    LANGUAGE sql AS $$ SELECT sgtest.try(who, 'EXECUTE ' || prepared) $$;
SELECT is(sgtest.executed('sgt_gateway@bob', 'mine'), '1', 'bob sees himself');
SELECT is(sgtest.executed('sgt_gateway@alice', 'mine'), '0', 'alice, with the same plan, does not');
SELECT is(sgtest.executed('sgt_operator', 'mine'), '1', 'the operator does');
SELECT is(sgtest.executed('sgt_gateway', 'mine'), '0', 'a gateway without principal does not');
SELECT is(sgtest.executed('sgt_gateway@bob', 'mine'), '1', 'bob again');
SELECT is(sgtest.executed('sgt_gateway@nobody', 'entries'), '0', 'a stranger sees no entry');
SELECT isnt(sgtest.executed('sgt_gateway@alice', 'entries'), '0', 'alice sees hers');
EXECUTE price \gset before_
UPDATE smartgrid.grid SET base_price = 1000 WHERE name = 'default';
EXECUTE price \gset after_
SELECT ok(:after_sg_get_dynamic_price > :before_sg_get_dynamic_price, 'a prepared price is not a constant');
UPDATE smartgrid.grid SET base_price = 100 WHERE name = 'default';
RESET plan_cache_mode;
DEALLOCATE ALL;

---------------------------------------------------------------------------------------------------- read-only
SELECT is(sgtest.try('@alice', statement, '{"transaction_read_only": "on"}'), '25006', 'read-only: ' || statement)
FROM (VALUES ($$SELECT sg_register_producer(1, 'solar')$$), ('SELECT sg_register_consumer(1)'), ('SELECT sg_register_storage(1, 1, 1)'),
             ('SELECT sg_report_production(1)'), ('SELECT sg_consume_energy(1)'), ('SELECT sg_charge_storage(1)'), ('SELECT sg_discharge_storage(1)'),
             ($$SELECT sg_create_trade('bob', 1, 1)$$), ('SELECT sg_complete_trade(1)'), ('SELECT sg_cancel_trade(1)'),
             ($$SELECT sg_add_consumer_balance('bob', 1)$$), ('SELECT sg_withdraw_earnings(1)'), ('SELECT sg_set_base_price(1)'),
             ('SELECT sg_toggle_emergency_mode()'), ('SELECT sg_record_metrics(1, 1, 1, 1)'), ('SELECT sg_record_metrics(tstzrange(now(), now(), ''[]''))'),
             ($$SELECT sg_update_producer_reputation('alice', 1)$$), ($$SELECT sg_deactivate_participant('alice', true)$$),
             ($$SELECT sg_reactivate_participant('alice', true)$$), ($$SELECT sg_rename_participant('alice', 'zed')$$),
             ('SELECT * FROM sg_balance_load()'), ($$SELECT sg_create_grid('new')$$), ($$SELECT sg_alter_grid('default', base_price => 1)$$), ('SELECT sg_seal()'),
             ('SELECT sg_rebuild_rollups()'), ($$SELECT sg_set_time_zone('UTC')$$), ($$SELECT sg_set_energy_type('solar')$$)) AS w (statement);
SELECT is(sgtest.try('@alice', statement, '{"transaction_read_only": "on"}'), sgtest.try('@alice', statement), 'read-only, allowed: ' || statement)
FROM (VALUES ('SELECT sg_principal()'), ('SELECT sg_grid()'), ('SELECT * FROM sg_get_producer_info(''alice'')'), ('SELECT * FROM sg_get_consumer_info(''bob'')'),
             ('SELECT * FROM sg_get_storage_info(''alice'')'), ('SELECT * FROM sg_get_trade_info(3)'), ('SELECT * FROM sg_get_grid_status()'),
             ('SELECT sg_get_dynamic_price()'), ('SELECT * FROM sg_get_metrics(1)'), ('SELECT * FROM sg_quote(1)'), ('SELECT * FROM sg_last_entry()'),
             ('SELECT bool_and(ok) FROM sg_check()'), ('SELECT bool_and(ok) FROM sg_verify_ledger()'), ('SELECT sg_prove_entry(1)'),
             ($$SELECT count(*) FROM sg_statement('alice', '(,)')$$), ('SELECT sg_time_zone()'), ('SELECT count(*) FROM sg_load_curve()'),
             ('SELECT count(value) FROM sg_kpis()'), ('SELECT count(*), sum(produced) FROM sg_load_curve'), ('SELECT count(*) FROM sg_grids'), ('SELECT count(*) FROM sg_ledger')) AS r (statement);

------------------------------------------------------------------------------------------------------------ parallel
-- What is declared PARALLEL SAFE knows its caller in a parallel worker, too (15 calls the setting force_parallel_mode).
\o /dev/null
SELECT set_config(name, 'on', true) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
\o
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE FUNCTION sgtest.gathered(query text) RETURNS boolean
    LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
        IF line ~ 'Gather' THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;
SELECT ok(sgtest.gathered(query), 'in a worker: ' || query)
FROM unnest(ARRAY['SELECT sg_principal()', 'SELECT * FROM sg_producers', 'SELECT sg_get_producer_info(''alice'')', 'SELECT sg_quote(1)']) AS query;
SAVEPOINT who;
SET LOCAL smartgrid.principal = 'alice';
SELECT sg_principal() = 'alice' AND pg_backend_pid() IS NOT NULL AS superuser,
       (SELECT count(*) FROM smartgrid.producer WHERE participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])) AS own,
       (SELECT unsold IS NOT NULL FROM sg_get_producer_info('alice')) AS info \gset parallel_
SET LOCAL SESSION AUTHORIZATION sgt_gateway;
SELECT sg_principal() AS principal, (SELECT count(*) FROM sg_producers) AS producers, (SELECT count(*) FROM sg_consumers) AS consumers,
       (SELECT unsold IS NOT NULL FROM sg_get_producer_info('alice')) AS mine, (SELECT balance IS NOT NULL FROM sg_get_consumer_info('bob')) AS his,
       (SELECT affordable IS NULL FROM sg_quote(1)) AS quote \gset gateway_
SET LOCAL SESSION AUTHORIZATION sgt_operator;
SET LOCAL smartgrid.principal = '';
SELECT sg_principal() AS principal, (SELECT count(*) FROM sg_producers) AS producers, (SELECT count(*) FROM sg_consumers) AS consumers \gset operator_
SET LOCAL SESSION AUTHORIZATION DEFAULT;
SET LOCAL ROLE sgt_alice;
SELECT sg_principal() AS principal, (SELECT count(*) FROM sg_producers) AS producers \gset role_
ROLLBACK TO who;
SELECT is(:'parallel_superuser' || :'parallel_own' || :'parallel_info', 't1t', 'in a worker: a superuser that names a principal');
SELECT is(concat_ws(' ', :'gateway_principal', :'gateway_producers', :'gateway_consumers', :'gateway_mine', :'gateway_his', :'gateway_quote'),
          'alice 1 0 t f t', 'in a worker: a gateway');
SELECT is(concat_ws(' ', :'operator_principal', :'operator_producers', :'operator_consumers'), 'sgt_operator 1 1', 'in a worker: an operator');
SELECT is(concat_ws(' ', :'role_principal', :'role_producers'), 'sgt_alice 0', 'in a worker: a role switched to');

SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'in the end all invariants hold');
SELECT * FROM finish();
ROLLBACK;
