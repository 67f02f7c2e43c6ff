-- Batch posting: the same as the single calls one by one, but for the errors, which it returns.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

--------------------------------------------------------------------------------------------- the same as single calls
CREATE TABLE sgtest.reading (
    ord integer GENERATED ALWAYS AS IDENTITY,
    principal text NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL
);
CREATE TABLE sgtest.failure (side text, ord integer, state text, message text);
CREATE TABLE sgtest.seen (state text);

-- The readings one by one as single calls of their principals, all in one transaction.
CREATE FUNCTION sgtest.post_singly() RETURNS TABLE (ord integer, state text, message text)
    LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT * FROM sgtest.reading AS x ORDER BY x.ord LOOP
        BEGIN
            PERFORM set_config('smartgrid.principal', CASE WHEN r.kind = 'topup' THEN '' ELSE r.principal END, true);
            IF r.principal = '' AND r.kind <> 'topup' THEN
                -- An empty setting is not set: a single call cannot be made for nobody.
                RAISE SQLSTATE 'SG108' USING MESSAGE = 'principal must not be empty';
            END IF;
            CASE r.kind
                WHEN 'production' THEN PERFORM sg_report_production(r.amount);
                WHEN 'consumption' THEN PERFORM sg_consume_energy(r.amount);
                WHEN 'charge' THEN PERFORM sg_charge_storage(r.amount);
                WHEN 'discharge' THEN PERFORM sg_discharge_storage(r.amount);
                WHEN 'topup' THEN PERFORM sg_add_consumer_balance(r.principal, r.amount);
            END CASE;
        EXCEPTION WHEN SQLSTATE 'SG000' OR numeric_value_out_of_range THEN
            ord := r.ord;
            state := SQLSTATE;
            message := SQLERRM;
            RETURN NEXT;
        END;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', true);
END $$;

-- As many new readings, of participants that can and cannot; huge: some near the end of bigint.
CREATE FUNCTION sgtest.draw(n integer, huge boolean) RETURNS void
    LANGUAGE sql AS $$
    TRUNCATE sgtest.reading RESTART IDENTITY;
    INSERT INTO sgtest.reading (principal, kind, amount)
    SELECT CASE WHEN random() < 0.02 THEN (ARRAY['', repeat('x', 129), repeat('é', 65), 'nobody', 'O''Hara "風" \', repeat('y', 128)])[1 + d % 6]
                WHEN random() < 0.2 THEN 'all 1'
                ELSE (ARRAY['all ', 'producer ', 'consumer ', 'storage '])[1 + d % 4] || 1 + (random() * 7)::integer END,
           k.kind,
           CASE WHEN random() < 0.03 THEN (ARRAY[-2, -1, 9223372036854775807, -9223372036854775808, 1000000, 1001])[1 + d % 6]
                WHEN huge AND random() < 0.3 THEN (random() * 4e18)::bigint
                WHEN k.kind = 'production' THEN (random() * 900)::bigint
                WHEN k.kind = 'consumption' THEN 1 + (random() * random() * 1000)::bigint
                WHEN k.kind = 'topup' THEN 1 + (random() * 60000)::bigint
                ELSE 1 + (random() * 320)::bigint END
    FROM (SELECT i, (random() * 10000)::integer AS d, (random() * 10000)::integer AS e FROM generate_series(1, n) AS i OFFSET 0) AS x,
         LATERAL (SELECT (ARRAY['production', 'production', 'consumption', 'consumption', 'consumption',
                                'charge', 'discharge', 'topup'])[1 + e % 8] AS kind) AS k;
$$;

-- The participants of a grid, the same in each.
CREATE FUNCTION sgtest.settle(grid text, huge boolean) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    p text;
BEGIN
    PERFORM set_config('smartgrid.grid', grid, true);
    FOREACH p IN ARRAY ARRAY(SELECT k || n FROM unnest(ARRAY['all ', 'producer ', 'consumer ', 'storage ']) AS k, generate_series(1, 8) AS n)
                       || ARRAY['O''Hara "風" \', repeat('y', 128)] LOOP
        PERFORM set_config('smartgrid.principal', p, true);
        IF p !~ '^(consumer|storage)' THEN
            PERFORM sg_register_producer(CASE WHEN huge THEN 4000000000000000000 / 30 ELSE 1000 END, 'solar');
        END IF;
        IF p !~ '^(producer|storage)' THEN
            PERFORM sg_register_consumer(CASE WHEN huge THEN 9223372036854775807 ELSE 800 END);
        END IF;
        IF p !~ '^(producer|consumer)' THEN
            PERFORM sg_register_storage(CASE WHEN huge THEN 4000000000000000000 ELSE 3000 END,
                                        CASE WHEN huge THEN 4000000000000000000 ELSE 300 END,
                                        CASE WHEN huge THEN 4000000000000000000 ELSE 300 END);
        END IF;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', true);
END $$;

-- Posts what was drawn to both grids, and returns the failures that differ.
CREATE FUNCTION sgtest.post_both(batch text, single text) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE sgtest.failure;
    PERFORM set_config('smartgrid.grid', batch, true);
    INSERT INTO sgtest.failure
    SELECT 'batch', f.ord, f.sqlstate, replace(f.message, format('grid "%s"', batch), 'grid')
    FROM sg_post_readings(ARRAY(SELECT principal FROM sgtest.reading ORDER BY ord), ARRAY(SELECT kind FROM sgtest.reading ORDER BY ord),
                          ARRAY(SELECT amount FROM sgtest.reading ORDER BY ord)) AS f;
    PERFORM set_config('smartgrid.grid', single, true);
    INSERT INTO sgtest.failure
    SELECT 'single', f.ord, f.state, replace(f.message, format('grid "%s"', single), 'grid')
    FROM sgtest.post_singly() AS f;
    INSERT INTO sgtest.seen SELECT DISTINCT state FROM sgtest.failure;
    RETURN QUERY
    SELECT format('%s: %s %s %s', min(side), ord, state, message)
    FROM sgtest.failure GROUP BY ord, state, message HAVING count(*) <> 2;
END $$;

CREATE FUNCTION sgtest.books(grid_name text) RETURNS SETOF text
    LANGUAGE sql AS $$
    SELECT format('%s %s %s', p.principal, p.active, (p.capacity, p.current_production, p.total_produced, p.unsold, p.earnings))
    FROM sg_producers AS p WHERE p.grid = grid_name
    UNION ALL
    SELECT format('%s %s %s', c.principal, c.active, (c.total_consumed, c.current_usage, c.balance))
    FROM sg_consumers AS c WHERE c.grid = grid_name
    UNION ALL
    SELECT format('%s %s', s.principal, s.stored_amount) FROM sg_storages AS s WHERE s.grid = grid_name
    UNION ALL
    SELECT format('grid %s', (g.load, g.capacity, g.revenue))
    FROM (SELECT sum(load) AS load, sum(capacity) AS capacity, sum(revenue) AS revenue
          FROM smartgrid.pool JOIN smartgrid.grid USING (grid_id) WHERE name = grid_name) AS g
    ORDER BY 1
$$;

CREATE FUNCTION sgtest.entries(grid_name text) RETURNS SETOF text
    LANGUAGE sql AS $$
    SELECT format('%s %s', row_number() OVER (ORDER BY entry_id), (kind, participant, counterparty, energy, price, money, trade_id))
    FROM sg_ledger WHERE grid = grid_name ORDER BY entry_id
$$;

-- Two grids, and batches of these sizes for both; a result of pgTAP for each comparison.
CREATE FUNCTION sgtest.compare(stripes integer, scale integer, huge boolean, sizes integer[]) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
DECLARE
    what CONSTANT text := format('%s stripes, energy_scale %s%s', stripes, scale, CASE WHEN huge THEN ', huge' ELSE '' END);
    grids CONSTANT text[] := ARRAY['by batch, ' || what, 'one by one, ' || what];
    size integer;
    grid text;
BEGIN
    TRUNCATE sgtest.seen;
    FOREACH grid IN ARRAY grids LOOP
        PERFORM sg_create_grid(grid, stripes => compare.stripes, energy_scale => scale,
                               base_price => CASE WHEN huge THEN 1 ELSE 7 * 10 ^ scale END::bigint,
                               max_topup => CASE WHEN huge THEN 9223372036854775807 ELSE 50000 END, max_amount => 9223372036854775807);
        PERFORM sgtest.settle(grid, huge);
    END LOOP;
    FOREACH size IN ARRAY sizes LOOP
        PERFORM sgtest.draw(size, huge);
        RETURN NEXT is_empty(format('SELECT sgtest.post_both(%L, %L)', grids[1], grids[2]),
                             format('%s: the same failures of %s readings', what, size));
        FOREACH grid IN ARRAY grids LOOP
            PERFORM set_config('smartgrid.grid', grid, true);
            PERFORM sg_deactivate_participant('all 2', true), sg_deactivate_participant('consumer 3', false);
            IF size % 2 = 0 THEN
                PERFORM sg_reactivate_participant('all 2', true), sg_toggle_emergency_mode();
            END IF;
        END LOOP;
    END LOOP;
    RETURN NEXT is((SELECT string_agg(DISTINCT state, ' ' ORDER BY state) FROM sgtest.seen),
                   CASE WHEN huge THEN '22003 SG101 SG103 SG104 SG106 SG108' ELSE 'SG101 SG103 SG104 SG106 SG107 SG108' END, what || ': every kind of failure was there');
    RETURN NEXT results_eq(format('SELECT sgtest.entries(%L)', grids[1]), format('SELECT sgtest.entries(%L)', grids[2]), what || ': the same ledger');
    RETURN NEXT cmp_ok((SELECT count(*) FROM sgtest.entries(grids[1])), '>', (SELECT sum(s) / 4 FROM unnest(sizes) AS s), what || ': with entries in it');
    RETURN NEXT results_eq(format('SELECT sgtest.books(%L)', grids[1]), format('SELECT sgtest.books(%L)', grids[2]), what || ': the same accounts');
    RETURN NEXT is_empty('SELECT * FROM sg_check() WHERE ok IS NOT TRUE', what || ': the invariants hold');
END $$;

SELECT setseed(0.17) \g /dev/null
SELECT sgtest.compare(1, 0, false, '{1,0,7,300,1000,1700}');
SELECT sgtest.compare(64, 3, false, '{1,0,7,300,1000,1700}');
SELECT sgtest.compare(5, 6, true, '{1,0,7,300,1000,1700}');
-- Beyond the readings that are worked off at a time.
SELECT sgtest.compare(3, 3, false, '{10,100100}');

---------------------------------------------------------------------------------------------------------- arguments
CREATE ROLE sgt_meter LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_noinherit LOGIN NOINHERIT IN ROLE smartgrid_gateway;
CREATE ROLE sgt_web;
GRANT sgt_web TO sgt_meter, sgt_noinherit;
CREATE ROLE sgt_operator IN ROLE smartgrid_operator;
CREATE ROLE sgt_north;
CREATE ROLE sgt_auditor IN ROLE smartgrid_auditor;
CREATE ROLE anna;

\o /dev/null
SELECT sgtest.given('', $$SELECT sg_create_grid('north', 'sgt_north')$$);
SELECT sgtest.given('@anna', $$SELECT sg_register_producer(100, 'solar'), sg_register_consumer(100)$$, grid) FROM unnest(ARRAY['default', 'north']) AS grid;
SELECT count(*) AS entries FROM smartgrid.ledger \gset
\o
CREATE FUNCTION sgtest.nothing_posted(entries bigint, what text) RETURNS text
    LANGUAGE sql AS $$ SELECT is((SELECT count(*) FROM smartgrid.ledger), entries, 'nothing was posted by ' || what) $$;

INSERT INTO sgtest.expectation (who, statement, expected, why, settings)
SELECT 'sgt_meter', format('SELECT sg_post_readings(%s)', arguments), expected, why, settings
FROM (VALUES
    ($$'{anna,anna}', '{production}', '{1}'$$, 'SG108', 'fewer kinds and amounts', '{}'::jsonb),
    ($$'{anna}', '{production,production}', '{1}'$$, 'SG108', 'more kinds', '{}'),
    ($$'{anna}', '{production}', '{1,2}'$$, 'SG108', 'more amounts', '{}'),
    ($$'{}', '{production}', '{1}'$$, 'SG108', 'no principal', '{}'),
    ($$'{anna}', '{production}', '{}'$$, 'SG108', 'no amount', '{}'),
    ($$'{anna}', '{production}', '{1}', '{}'$$, 'SG108', 'no time', '{}'),
    ($$'{anna}', '{production}', '{1}', '{2026-01-01,2026-01-02}'$$, 'SG108', 'more times', '{}'),
    ($$NULL, '{production}', '{1}'$$, 'SG108', 'principals NULL', '{}'),
    ($$'{anna}', NULL, '{1}'$$, 'SG108', 'kinds NULL', '{}'),
    ($$'{anna}', '{production}', NULL$$, 'SG108', 'amounts NULL', '{}'),
    ($$'{anna,NULL}', '{production,production}', '{1,1}'$$, 'SG108', 'a NULL principal', '{}'),
    ($$'{anna,anna}', '{production,NULL}', '{1,1}'$$, 'SG108', 'a NULL kind', '{}'),
    ($$'{anna,anna}', '{production,production}', '{1,NULL}'$$, 'SG108', 'a NULL amount', '{}'),
    ($$'{anna,anna}', '{production,production}', '{1,1}', '{2026-01-01,NULL}'$$, 'SG108', 'a NULL time', '{}'),
    ($$'{{anna,anna}}', '{production,production}', '{1,1}'$$, 'SG108', 'principals of two dimensions', '{}'),
    ($$'{anna,anna}', '{{production},{production}}', '{1,1}'$$, 'SG108', 'kinds of two dimensions', '{}'),
    ($$'{anna,anna}', '{production,production}', '{{1,1}}'$$, 'SG108', 'amounts of two dimensions', '{}'),
    ($$'{anna}', '{production}', '{1}', '{{2026-01-01}}'$$, 'SG108', 'times of two dimensions', '{}'),
    ($$'{anna,anna}', '{production,Production}', '{1,1}'$$, 'SG108', 'an unknown kind', '{}'),
    ($$'{anna,anna}', '{production,""}', '{1,1}'$$, 'SG108', 'an empty kind', '{}'),
    ($$'{anna,anna}', '{production,hold}', '{1,1}'$$, 'SG108', 'a kind of entry that is none of readings', '{}'),
    ($$'{anna,anna}', '{production,production}', '{1,1}', '{2026-01-01,infinity}'$$, 'SG108', 'an infinite time', '{}'),
    ($$'{anna,anna}', '{production,production}', '{1,1}', '{-infinity,2026-01-01}'$$, 'SG108', 'an infinite time', '{}'),
    ($$'{anna}', '{coal}', '{1}'$$, 'SG108', 'arguments before the grid', '{"smartgrid.grid": "nowhere"}'),
    ($$'{anna}', '{coal}', '{1}'$$, '25006', 'read-only before arguments', '{"transaction_read_only": "on"}'),
    ($$'[5:6]={anna,anna}', '[0:1]={production,production}', '[-1:0]={1,1}', '[3:4]={2026-01-01,2026-01-02}'$$, NULL, 'any lower bound', '{}'),
    ($$'{}', '{}', '{}', '{}'$$, NULL, 'no reading', '{}'),
    ($$'{anna}', '{production}', '{1}', NULL$$, NULL, 'times NULL', '{}')) AS a (arguments, expected, why, settings);
-- Arguments come before the right.
INSERT INTO sgtest.expectation (who, statement, expected, why) VALUES
    ('anna', $$SELECT sg_post_readings('{anna}', '{}', '{1}')$$, 'SG108', 'arguments before the right');
SELECT is(sgtest.try(who, statement, settings), expected, why) FROM sgtest.expectation ORDER BY n;
TRUNCATE sgtest.expectation;
SELECT sgtest.nothing_posted(:entries, 'what failed');

-- The message names the culprit.
SELECT is(sgtest.complaint('sgt_meter', $$SELECT sg_post_readings('{anna,anna}', '{production,coal}', '{1,1}')$$),
          E'unknown kind "coal" of reading 2\nHINT: Use one of production, consumption, charge, discharge, topup.', 'an unknown kind');
SELECT is(sgtest.complaint('sgt_meter', $$SELECT sg_post_readings('{anna,anna}', '{production,production}', '{1}')$$),
          E'arrays must have the same length\nDETAIL: principals has 2 elements, kinds 2, amounts 1, at 2.', 'different lengths');

------------------------------------------------------------------------------------------------------------- rights
CREATE TABLE public.anna_day AS SELECT 1 AS ord, 'anna' AS principal, 'production' AS kind, 1 AS amount;
GRANT SELECT ON public.anna_day TO PUBLIC;
SELECT is(sgtest.try(who, statement, jsonb_build_object('smartgrid.grid', grid)), expected, format('%s, grid %s: %s', why, grid, statement))
FROM (VALUES ('', 'default', NULL, 'a superuser'),
             ('sgt_meter', 'default', NULL, 'the gateway'),
             ('sgt_meter', 'north', NULL, 'the gateway'),
             ('sgt_meter/smartgrid_gateway', 'north', NULL, 'the gateway'),
             ('sgt_noinherit', 'default', NULL, 'a gateway that does not inherit its rights'),
             ('sgt_noinherit', 'north', NULL, 'a gateway that does not inherit its rights'),
             ('sgt_noinherit/sgt_web', 'default', 'SG102', 'the role that such a gateway has switched to'),
             ('sgt_noinherit/smartgrid_gateway', 'default', NULL, 'a gateway that has taken its rights'),
             ('sgt_meter/sgt_web', 'default', 'SG102', 'the role that a gateway has switched to'),
             ('sgt_meter', 'nowhere', 'SG101', 'the gateway'),
             ('sgt_operator', 'default', NULL, 'an operator of all grids'),
             ('sgt_operator', 'north', NULL, 'an operator of all grids'),
             ('sgt_operator', 'nowhere', 'SG101', 'an operator of all grids'),
             ('sgt_north', 'north', NULL, 'the operator of one grid'),
             ('sgt_north', 'default', 'SG102', 'the operator of another grid'),
             ('sgt_north', 'nowhere', 'SG102', 'the operator of one grid'),
             ('sgt_auditor', 'default', 'SG102', 'an auditor'),
             ('anna', 'default', 'SG102', 'a participant'),
             ('anna', 'nowhere', 'SG102', 'a participant')) AS c (who, grid, expected, why),
     unnest(ARRAY[$$SELECT sg_post_readings('{anna}', '{production}', '{1}')$$, $$SELECT sg_post_readings('anna_day')$$]) AS statement;
-- The setting smartgrid.principal says nothing about a batch.
SELECT is(sgtest.try('sgt_meter@bert', $$SELECT sg_post_readings('{anna}', '{production}', '{1}')$$), NULL, 'a gateway with a principal');
SELECT sgtest.nothing_posted(:entries, 'what was undone');

-------------------------------------------------------------------------------------------------------------- times
CREATE FUNCTION sgtest.last_times(n integer) RETURNS timestamptz[]
    LANGUAGE sql AS $$ SELECT array_agg(at ORDER BY entry_id) FROM (SELECT * FROM smartgrid.ledger ORDER BY entry_id DESC LIMIT n) AS l $$;
SELECT is_empty($$SELECT sg_post_readings('{anna,anna,anna,anna}', '{production,topup,consumption,production}', '{50,10000,20,3}',
                  '{2026-03-01 12:00+00,2026-02-01 00:00+00,2000-01-01 00:00+00,2000-01-01 00:00:00.000001+00}')$$, 'readings with times');
SELECT is(sgtest.last_times(4), '{2026-03-01 12:00+00,2026-02-01 00:00+00,2000-01-01 00:00+00,2000-01-01 00:00:00.000001+00}', 'the times are in the ledger');
SELECT is_empty($$SELECT sg_post_readings('{anna,anna}', '{production,consumption}', '{50,10}')$$, 'readings without times');
SELECT ok(at BETWEEN now() AND clock_timestamp(), 'have the time of the call') FROM unnest(sgtest.last_times(2)) AS at;
SELECT results_eq(
    $$SELECT f.* FROM sg_post_readings('{anna,zoe,anna}', '{production,production,production}', '{1,1,1000}', '{2026-03-01 12:00+00,2026-03-01 12:01+00,2026-03-01 12:02+00}') AS f$$,
    $$VALUES (2::bigint, 'SG101', 'producer "zoe" does not exist in grid "default"'),
             (3, 'SG104', 'a report of 1000 energy units is outside the producer''s range')$$, 'failures have their position');
SELECT is(sgtest.last_times(1), '{2026-03-01 12:00+00}', 'a failure takes nobody''s time');

-- Confined top-ups are confined in a batch, too, and nothing else of it is posted.
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
SELECT count(*) AS entries FROM smartgrid.ledger \gset
SELECT is(sgtest.try('sgt_operator', $$SELECT sg_post_readings('{anna,anna}', '{production,topup}', '{1,1}')$$), '42501', 'an operator who may not top up');
SELECT is((SELECT count(*) FROM smartgrid.ledger), :entries::bigint, 'has posted nothing');
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO PUBLIC;

--------------------------------------------------------------------------------------------------------- last entry
\o /dev/null
SELECT sg_post_readings('{anna,anna,anna}', '{production,consumption,topup}', '{9,8,-7}');
\o
SELECT results_eq($$SELECT entry_id, kind, participant COLLATE "default", energy FROM sg_last_entry()$$,
                  $$SELECT max(entry_id), 'consumption', 'anna', 8::bigint FROM smartgrid.ledger$$, 'the last entry of a batch');
SELECT is_empty($$SELECT sg_post_readings('{}', '{}', '{}')$$, 'an empty batch');
SELECT is((SELECT energy FROM sg_last_entry()), 8::bigint, 'has no entry');
SELECT isnt_empty($$SELECT sg_post_readings('{anna}', '{topup}', '{-1}')$$, 'a batch that fails');
SELECT is((SELECT energy FROM sg_last_entry()), 8::bigint, 'has none either');

------------------------------------------------------------------------------------------------- from a table or view
CREATE FUNCTION sgtest.last_entries(n integer) RETURNS text
    LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', smartgrid.entry_kind(kind), CASE WHEN energy = 0 THEN money ELSE energy END), ', ' ORDER BY entry_id)
    FROM (SELECT * FROM smartgrid.ledger ORDER BY entry_id DESC LIMIT n) AS l
$$;
CREATE SCHEMA "an ""odd"" place";
CREATE TABLE "an ""odd"" place"."it's; DROP TABLE x --" (amount bigint, ord integer, kind text, "x;y" text, principal text);
INSERT INTO "an ""odd"" place"."it's; DROP TABLE x --" VALUES (3, 30, 'production', '', 'anna'), (1, 10, 'production', '', 'anna'), (2, 20, 'consumption', '', 'anna'),
    (4, 25, 'consumption', '', 'nobody'), (5, -7, 'production', '', 'nobody');
SELECT results_eq(
    $q$SELECT f.* FROM sg_post_readings('"an ""odd"" place"."it''s; DROP TABLE x --"') AS f$q$,
    $$VALUES (-7::bigint, 'SG101', 'producer "nobody" does not exist in grid "default"'), (25, 'SG101', 'consumer "nobody" does not exist in grid "default"')$$,
    'a table with ord: failures are named by it');
SELECT is(sgtest.last_entries(3), 'production 1, consumption 2, production 3', 'in the order of ord');

CREATE TEMPORARY TABLE by_time (principal text, kind text, amount bigint, at timestamptz);
INSERT INTO by_time VALUES ('anna', 'production', 6, '2026-01-01 00:15+00'), ('anna', 'production', 5, '2026-01-01 00:00+00'),
    ('nobody', 'production', 1, '2026-01-01 00:07+00'), ('anna', 'production', 4, '2025-12-31 23:45+00');
SELECT results_eq($$SELECT ord, sqlstate FROM sg_post_readings('by_time')$$, $$VALUES (3::bigint, 'SG101')$$, 'a temporary table with at: failures are named by their position');
SELECT is(sgtest.last_entries(3), 'production 4, production 5, production 6', 'in the order of at');
SELECT is(sgtest.last_times(3), '{2025-12-31 23:45+00,2026-01-01 00:00+00,2026-01-01 00:15+00}', 'with its times');

-- Other types are cast, and ord is ordered as a number. ord counts where both are there.
CREATE TABLE sgtest.text_day (at text, ord text, principal varchar(20), kind name, amount numeric(10, 1), extra integer);
INSERT INTO sgtest.text_day VALUES ('2026-01-01 00:15Z', '9', 'anna', 'production', 7, 1), ('2026-01-01 00:00Z', '10', 'anna', 'consumption', 8.0, 1),
    ('2026-01-01 00:30Z', '100', 'anna', 'topup', 9, 1);
SELECT is_empty($$SELECT sg_post_readings('sgtest.text_day')$$, 'columns of other types');
SELECT is(sgtest.last_entries(3), 'production 7, consumption 8, topup 9', 'in the order of ord as a number');
SELECT is(sgtest.last_times(3), '{2026-01-01 00:15Z,2026-01-01 00:00Z,2026-01-01 00:30Z}', 'with the times of at');

CREATE VIEW sgtest.kwh AS
SELECT row_number() OVER (ORDER BY principal DESC) AS ord, principal, 'production' AS kind, kwh * 10 AS amount
FROM (VALUES ('anna', 0.2), ('nobody', 0.1)) AS v (principal, kwh);
SELECT results_eq($$SELECT ord, sqlstate FROM sg_post_readings('sgtest.kwh')$$, $$VALUES (1::bigint, 'SG101')$$, 'a view');
SELECT is(sgtest.last_entries(1), 'production 2', 'that calculates');
CREATE VIEW sgtest.nothing AS SELECT * FROM sgtest.kwh WHERE false;
SELECT is_empty($$SELECT sg_post_readings('sgtest.nothing')$$, 'a view without rows');

SELECT count(*) AS entries FROM smartgrid.ledger \gset
CREATE TABLE sgtest.no_principal (ord integer, kind text, amount bigint);
CREATE TABLE sgtest.no_kind (ord integer, principal text, amount bigint);
CREATE TABLE sgtest.no_amount (ord integer, principal text, kind text, dropped bigint);
ALTER TABLE sgtest.no_amount RENAME dropped TO amount;
ALTER TABLE sgtest.no_amount DROP amount;
CREATE TABLE sgtest.no_order (principal text, kind text, amount bigint);
CREATE FUNCTION sgtest.source(ord text, principal text, kind text, amount text, at text) RETURNS regclass
    LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS sgtest.made;
    CREATE TABLE sgtest.made (ord text, principal text, kind text, amount text, at text);
    INSERT INTO sgtest.made VALUES ('1', 'anna', 'production', '1', '2026-01-01'), (ord, principal, kind, amount, at);
    RETURN 'sgtest.made'::regclass;
END $$;
SELECT is(sgtest.try('', statement), expected, why)
FROM (VALUES ('SELECT sg_post_readings(NULL)', 'SG108', 'source NULL'),
             ('SELECT sg_post_readings(1::regclass)', 'SG108', 'no such relation'),
             ($$SELECT sg_post_readings('sgtest.no_principal')$$, 'SG108', 'no column principal'),
             ($$SELECT sg_post_readings('sgtest.no_kind')$$, 'SG108', 'no column kind'),
             ($$SELECT sg_post_readings('sgtest.no_amount')$$, 'SG108', 'no column amount any more'),
             ($$SELECT sg_post_readings('sgtest.no_order')$$, 'SG108', 'neither ord nor at'),
             ($$SELECT sg_post_readings('smartgrid.ledger_pkey')$$, 'SG108', 'an index'),
             ($$SELECT sg_post_readings(sgtest.source('2', NULL, 'production', '1', '2026-01-01'))$$, 'SG108', 'a NULL principal'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', NULL, '1', '2026-01-01'))$$, 'SG108', 'a NULL kind'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'production', NULL, '2026-01-01'))$$, 'SG108', 'a NULL amount'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'production', '1', NULL))$$, 'SG108', 'a NULL time'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'coal', '1', '2026-01-01'))$$, 'SG108', 'an unknown kind'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'production', '1', 'infinity'))$$, 'SG108', 'an infinite time'),
             ($$SELECT sqlstate FROM sg_post_readings(sgtest.source('2', 'anna', 'production', 'much', '2026-01-01'))$$, '22P02', 'an amount that is none is its reading''s failure'),
             ($$SELECT sqlstate FROM sg_post_readings(sgtest.source('2', 'anna', 'production', '9223372036854775808', '2026-01-01'))$$, '22003', 'so is one beyond bigint'),
             ($$SELECT sg_post_readings(sgtest.source('9223372036854775808', 'anna', 'production', '1', '2026-01-01'))$$, '22003', 'an ord beyond bigint'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'production', '1', 'soon'))$$, '22007', 'a time that does not cast'),
             ($$SELECT sg_post_readings(sgtest.source('2', 'anna', 'production', '1', '2026-01-01'))$$, NULL, 'and one that is right'))
     AS c (statement, expected, why);
SELECT is(sgtest.complaint('', $$SELECT sg_post_readings(sgtest.source('77', 'anna', 'coal', '1', '2026-01-01'))$$),
          E'unknown kind "coal" of reading 77\nHINT: Use one of production, consumption, charge, discharge, topup.', 'it is named by its ord');
SELECT sgtest.nothing_posted(:entries, 'what failed');

-- The source is read with the caller's rights, after the right to post.
CREATE TABLE public.secret AS SELECT * FROM anna_day;
CREATE TABLE public.guarded AS SELECT * FROM anna_day;
GRANT SELECT ON public.guarded TO sgt_meter, anna;
ALTER TABLE public.guarded ENABLE ROW LEVEL SECURITY;
SELECT is(sgtest.try('sgt_meter', $$SELECT sg_post_readings('secret')$$), '42501', 'no right to read the source');
SELECT is(sgtest.try('anna', $$SELECT sg_post_readings('secret')$$), 'SG102', 'no right to post comes first');
SELECT is(sgtest.try('sgt_meter', $$SELECT ROW(count(f), (SELECT energy FROM sg_last_entry())) FROM sg_post_readings('guarded') AS f$$),
          sgtest.try('sgt_meter', $$SELECT ROW(0, (SELECT energy FROM sg_last_entry()))$$), 'row-level security hides the readings of others');

-- Nothing that the caller has put into search_path is called.
\o /dev/null
CREATE SCHEMA trap;
CREATE FUNCTION trap.text(anyelement) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE DOMAIN trap.int8 AS bigint CHECK (VALUE < 0);
CREATE DOMAIN trap.text AS text CHECK (VALUE = '');
CREATE TABLE trap.anna_day AS SELECT 1 AS ord, 'mallory' AS principal, 'production' AS kind, 1 AS amount;
\o
SELECT is(sgtest.try('', $$SELECT sg_post_readings('public.anna_day')$$, '{"search_path": "trap, pg_catalog, public"}'), NULL, 'types and tables of search_path do not matter');

SELECT is_empty('SELECT * FROM sg_check() WHERE ok IS NOT TRUE', 'the invariants hold');
SELECT * FROM finish();
ROLLBACK;
