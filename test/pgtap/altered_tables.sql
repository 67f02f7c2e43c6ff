-- What a superuser does to the extension's tables: columns of his own are refused with an error that says so, indexes of
-- his own are kept up by every call.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

-- His indexes on tables whose rows are updated; later, a transaction could not use them itself.
CREATE INDEX ON smartgrid.consumer ((balance / 2));
CREATE INDEX ON smartgrid.consumer (balance) WHERE active;
CREATE INDEX ON smartgrid.producer (total_produced);

\o /dev/null
SELECT sg_alter_grid('default', base_price => 1);
SELECT sgtest.given('@pat', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT sgtest.given('@sam', 'SELECT sg_register_storage(1000, 500, 500)');
SELECT sgtest.given('@carol', 'SELECT sg_register_consumer(1000)');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('carol', 100000)$$);
SELECT sgtest.given('@pat', 'SELECT sg_report_production(100)');
SELECT sgtest.given('@pat', $$SELECT sg_create_trade('carol', 2, 3)$$);
\o

------------------------------------------------------------------------------------------------------------- columns
-- Calls that write to the ledger, and those who make them.
CREATE TABLE sgtest.call (who text, statement text);
INSERT INTO sgtest.call VALUES
('@pat', 'SELECT sg_report_production(5)'),
('@carol', 'SELECT sg_consume_energy(1)'),
('@sam', 'SELECT sg_charge_storage(1)'),
('@pat', $$SELECT sg_create_trade('carol', 1, 1)$$),
('@carol', 'SELECT sg_complete_trade(1)'),
('', $$SELECT sg_add_consumer_balance('carol', 5)$$),
('', $$SELECT count(*) FROM sg_post_readings('{pat,carol,carol}', '{production,consumption,topup}', '{5,1,5}')$$);

-- What a call does after a change to a table, which is undone.
CREATE FUNCTION sgtest.altered(change text, who text, statement text, OUT outcome text, OUT hint text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE change;
    SELECT r.outcome, r.hint INTO outcome, hint FROM sgtest.run(false, who, statement, '{}') AS r;
    RAISE EXCEPTION USING ERRCODE = 'RB002';
EXCEPTION WHEN SQLSTATE 'RB002' THEN
    NULL;
END $$;

SELECT is(a.outcome || ' ' || (a.hint ~ 'do not alter the extension''s tables'), '55000 true', format('%s: %s', change, statement))
FROM (VALUES ('ALTER TABLE smartgrid.ledger ADD COLUMN note text, ADD COLUMN n bigint'),
             ('ALTER TABLE smartgrid.ledger ADD COLUMN n bigint NOT NULL DEFAULT 7'),
             ('ALTER TABLE smartgrid.ledger ADD COLUMN note text; ALTER TABLE smartgrid.ledger DROP COLUMN note'),
             ('ALTER TABLE smartgrid.ledger ALTER COLUMN price DROP NOT NULL')) AS c (change),
     sgtest.call, LATERAL sgtest.altered(change, who, statement) AS a;
SELECT is(a.outcome || ' ' || (a.hint ~ 'do not alter the extension''s tables'), '55000 true', format('%s: %s', change, statement))
FROM (VALUES ('pool', '@pat', 'SELECT sg_report_production(5)'),
             ('producer', '@pat', 'SELECT sg_report_production(5)'),
             ('producer', '@new', $$SELECT sg_register_producer(5, 'wind')$$),
             ('consumer', '@carol', 'SELECT sg_consume_energy(1)'),
             ('consumer', '', $$SELECT * FROM sg_post_readings('{carol}', '{topup}', '{5}')$$),
             ('storage', '@sam', 'SELECT sg_charge_storage(1)'),
             ('storage', '', 'SELECT * FROM sg_balance_load()'),
             ('trade', '@pat', $$SELECT sg_create_trade('carol', 1, 1)$$),
             ('price_event', '', 'SELECT sg_set_base_price(5)'),
             ('grid', '', $$SELECT sg_alter_grid('default', currency => 'EUR')$$),
             ('grid', '', $$SELECT sg_create_grid('another')$$),
             ('participant', '@new', $$SELECT sg_register_producer(5, 'wind')$$),
             ('metrics', '', 'SELECT sg_record_metrics(1, 1, 1, 1)')) AS c (name, who, statement),
     LATERAL format('ALTER TABLE smartgrid.%I ADD COLUMN note text', name) AS change,
     LATERAL sgtest.altered(change, who, statement) AS a;
SELECT isnt(sgtest.try(who, statement), '55000', 'and without them: ' || statement) FROM sgtest.call;

------------------------------------------------------------------------------------------------------------- indexes
-- His indexes on the ledger, made when calls have looked up the table's indexes before.
CREATE INDEX ON smartgrid.ledger (energy);
CREATE INDEX ON smartgrid.ledger (trade_id) WHERE trade_id > 0;
CREATE INDEX ON smartgrid.ledger ((energy + money));
CREATE INDEX ON smartgrid.ledger (kind) WHERE energy % 2 = 0;
CREATE INDEX ON smartgrid.ledger USING hash (participant_id);
CREATE UNIQUE INDEX ON smartgrid.ledger (entry_id, at) INCLUDE (price);

-- What a query finds by an index, and what is there.
CREATE FUNCTION sgtest.seen(table_name text, condition text, OUT by_index bigint, OUT by_scan bigint, OUT plan text)
    LANGUAGE plpgsql AS $$
DECLARE
    query CONSTANT text := format('SELECT count(*) FROM smartgrid.%I WHERE %s', table_name, condition);
    line text;
BEGIN
    SET LOCAL enable_seqscan = off;
    EXECUTE query INTO by_index;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        plan := concat_ws(E'\n', plan, line);
    END LOOP;
    SET LOCAL enable_seqscan = on;
    SET LOCAL enable_indexscan = off;
    SET LOCAL enable_bitmapscan = off;
    SET LOCAL enable_indexonlyscan = off;
    EXECUTE query INTO by_scan;
    RESET enable_seqscan;
    RESET enable_indexscan;
    RESET enable_bitmapscan;
    RESET enable_indexonlyscan;
END $$;
CREATE TABLE sgtest.search (table_name text, condition text);
INSERT INTO sgtest.search VALUES
('ledger', 'energy = 7'),
('ledger', 'trade_id > 0'),
('ledger', 'energy + money = 26'),
('ledger', 'kind >= 0 AND energy % 2 = 0'),
('ledger', 'participant_id = 1'),
('ledger', 'entry_id > 0 AND at > ''2000-01-01'''),
('consumer', 'balance / 2 BETWEEN 1 AND 1000000'),
('consumer', 'balance > 0 AND active'),
('producer', 'total_produced > 0');
CREATE FUNCTION sgtest.indexes_agree(what text) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
DECLARE
    s record;
    found record;
BEGIN
    FOR s IN SELECT * FROM sgtest.search LOOP
        found := sgtest.seen(s.table_name, s.condition);
        RETURN NEXT ok(found.by_scan > 0 AND found.by_index = found.by_scan AND found.plan !~ 'Seq Scan',
                       format('%s: %s with %s, %s by index, %s there', what, s.table_name, s.condition, found.by_index, found.by_scan));
    END LOOP;
END $$;

\o /dev/null
SELECT sgtest.given('@pat', 'SELECT sg_report_production(7)');
SELECT sgtest.given('@carol', 'SELECT sg_consume_energy(13)');
SELECT sgtest.given('@sam', 'SELECT sg_charge_storage(12)');
SELECT sgtest.given('@carol', 'SELECT sg_complete_trade(1)');
SELECT sgtest.given('@pat', $$SELECT sg_create_trade('carol', 2, 3)$$);
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('carol', 26)$$);
\o
SELECT sgtest.indexes_agree('single calls');

-- More than are inserted at a time.
SELECT is((SELECT count(*) FROM sg_post_readings((SELECT array_agg((ARRAY['pat', 'carol', 'sam', 'carol'])[1 + i % 4] ORDER BY i) FROM generate_series(0, 3999) AS i),
                                                 (SELECT array_agg((ARRAY['production', 'consumption', 'charge', 'topup'])[1 + i % 4] ORDER BY i) FROM generate_series(0, 3999) AS i),
                                                 (SELECT array_agg((ARRAY[7, 4, 1, 26])[1 + i % 4]::bigint ORDER BY i) FROM generate_series(0, 3999) AS i))),
          12::bigint, 'a batch: the storage is full in the end');
SELECT sgtest.indexes_agree('a batch');

-- What a unique index of his does not allow is an error of the call, which leaves nothing behind.
CREATE UNIQUE INDEX ON smartgrid.ledger ((energy * 2)) WHERE energy > 500;
SELECT is(sgtest.keep('@pat', 'SELECT sg_report_production(600)'), 't', 'a unique index: the first');
SELECT is(sgtest.keep('@pat', 'SELECT sg_report_production(600)'), '23505', 'the second is refused');
SELECT is(sgtest.keep('', $$SELECT count(*) FROM sg_post_readings('{pat,pat}', '{production,production}', '{700,700}')$$), '23505',
          'in a batch, too');
SELECT is((SELECT count(*) FROM sg_check() WHERE NOT ok), 0::bigint, 'the invariants hold');

SELECT * FROM finish();
ROLLBACK;
