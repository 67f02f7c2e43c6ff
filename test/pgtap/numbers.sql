-- Prices, costs, utilization, load balancing, metrics: the arithmetic at its edges.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

\o /dev/null
SELECT sg_create_grid('scale ' || n, energy_scale => n, max_amount => 9223372036854775807) FROM generate_series(0, 18) AS n;
\o

-------------------------------------------------------------------------------------------------------------- cost
-- Without producers the dynamic price is the base price, so a quote shows the cost of any amount at any price.
CREATE FUNCTION sgtest.cost(amount bigint, price bigint, scale integer) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_alter_grid('scale ' || scale, base_price => price);
    RETURN sgtest.try('', format('SELECT cost FROM sg_quote(%L)', amount), jsonb_build_object('smartgrid.grid', 'scale ' || scale));
END $$;

SELECT is(sgtest.cost(amount, price, scale), expected, format('%s units at %s, scale %s', amount, price, scale))
FROM (VALUES (3, 7, 0, '21'),
             (1, 9, 1, '0'), (1, 10, 1, '1'), (1, 19, 1, '1'), (1, 20, 1, '2'), (5, 9, 1, '4'), (7, 7, 1, '4'), (10, 5, 1, '5'),
             (1, 999, 3, '0'), (1, 1000, 3, '1'), (1, 1999, 3, '1'), (1, 2000, 3, '2'), (5, 199, 3, '0'), (5, 200, 3, '1'),
             (1, 999999, 6, '0'), (1, 1000000, 6, '1'), (500000, 2, 6, '1'), (499999, 2, 6, '0'),
             (1, 999999999999999999, 18, '0'), (1, 1000000000000000000, 18, '1'),
             (999999999999999999, 1, 18, '0'), (1000000000000000000, 1, 18, '1'), (2500000000000000000, 1, 18, '2'),
             (1, 9223372036854775807, 0, '9223372036854775807'), (9223372036854775807, 1, 0, '9223372036854775807'),
             (2, 4611686018427387903, 0, '9223372036854775806'), (2, 4611686018427387904, 0, '22003'),
             (3037000499, 3037000499, 0, '9223372030926249001'), (3037000500, 3037000500, 0, '22003'),
             (9223372036854775807, 9223372036854775807, 0, '22003'),
             (9223372036854775807, 10, 1, '9223372036854775807'), (9223372036854775807, 11, 1, '22003'),
             (1000000000000000000, 9223372036854775807, 18, '9223372036854775807'),
             (1000000000000000001, 9223372036854775807, 18, '22003'),
             (9223372036854775807, 9223372036854775807, 18, '22003'),
             -- 9223372036854775807.7 begins with the largest bigint, 9223372036854775808.8 is beyond it
             (8384883669867978007, 11, 1, '9223372036854775807'),
             (8384883669867978008, 11, 1, '22003')) AS c (amount, price, scale, expected);

-- Against numeric. Nothing is carried yet, so that the cost is what is whole of it.
SELECT setseed(0.42) \g /dev/null
CREATE TEMPORARY TABLE product AS
SELECT n, (n % 19)::integer AS scale,
       greatest(1, power(10::numeric, 1 + random()::numeric * 17)::bigint) AS amount,
       greatest(1, power(10::numeric, random()::numeric * 12)::bigint) AS price
FROM generate_series(1, 400) AS n;
SELECT is_empty($$
    SELECT *
    FROM (SELECT p.*, trunc(amount * price::numeric / power(10::numeric, scale)) AS exact FROM product AS p) AS e,
         sgtest.cost(amount, price, scale) AS found
    WHERE found IS DISTINCT FROM CASE WHEN exact <= 9223372036854775807 THEN trim_scale(exact)::text ELSE '22003' END
$$, '400 random products');

-------------------------------------------------------------------------------------------------------------- price
-- One producer of capacity c reports until the load is l; the price is base + base * l / (2 * c), truncated once.
CREATE FUNCTION sgtest.price(capacity bigint, load bigint, base bigint, emergency boolean DEFAULT false) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    outcome text;
BEGIN
    BEGIN
        PERFORM sg_create_grid('priced', base_price => base, max_amount => 9223372036854775807), set_config('smartgrid.grid', 'priced', true);
        PERFORM set_config('smartgrid.principal', 'feeder', true), sg_register_producer(greatest(capacity, load, 1), 'wind');
        IF load > 0 THEN
            PERFORM sg_report_production(load);
        END IF;
        -- The feeder leaves, its energy stays.
        PERFORM sg_deactivate_participant('feeder', true), set_config('smartgrid.principal', 'measure', true);
        IF capacity > 0 THEN
            PERFORM sg_register_producer(capacity, 'wind');
        END IF;
        IF emergency THEN
            PERFORM sg_toggle_emergency_mode();
        END IF;
        SELECT format('%s %s %s %s', total_capacity, current_load, utilization, dynamic_price) INTO outcome FROM sg_get_grid_status();
        IF sg_get_dynamic_price() IS DISTINCT FROM (SELECT dynamic_price FROM sg_get_grid_status()) THEN
            outcome := 'sg_get_dynamic_price() and sg_get_grid_status() differ';
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'RB001';
    EXCEPTION
        WHEN SQLSTATE 'RB001' THEN
            NULL;
        WHEN OTHERS THEN
            outcome := SQLSTATE;
    END;
    RETURN outcome;
END $$;

SELECT is(sgtest.price(capacity, load, base, emergency), expected,
          format('capacity %s, load %s, base %s%s', capacity, load, base, CASE WHEN emergency THEN ', emergency' END))
FROM (VALUES (0, 0, 100, false, '0 0 0.00 100'),
             (0, 5, 100, false, '0 5 0.00 100'),
             (0, 5, 100, true, '0 5 0.00 300'),
             (3, 0, 100, false, '3 0 0.00 100'),
             (3, 1, 100, false, '3 1 33.33 116'),
             (3, 2, 100, false, '3 2 66.67 133'),
             (3, 3, 100, false, '3 3 100.00 150'),
             (3, 4, 100, false, '3 4 133.33 166'),
             (3, 6, 100, false, '3 6 200.00 200'),
             (3, 6, 100, true, '3 6 200.00 300'),
             (7, 1, 1, false, '7 1 14.29 1'),
             (7, 13, 1, false, '7 13 185.71 1'),
             (7, 14, 1, false, '7 14 200.00 2'),
             (8, 1, 100, false, '8 1 12.50 106'),
             (800, 1, 100, false, '800 1 0.13 100'),
             (20000, 1, 100, false, '20000 1 0.01 100'),
             (20001, 1, 100, false, '20001 1 0.00 100'),
             (20000, 3, 100, false, '20000 3 0.02 100'),
             (1, 9223372036854775807, 1, false, '1 9223372036854775807 922337203685477580700.00 4611686018427387904'),
             (1, 9223372036854775807, 2, false, '22003'),
             (1, 9223372036854775806, 2, false, '22003'),
             (1, 9223372036854775805, 2, false, '1 9223372036854775805 922337203685477580500.00 9223372036854775807'),
             (1, 9223372036854775807, 9223372036854775807, false, '22003'),
             (9223372036854775807, 9223372036854775807, 1, false, '9223372036854775807 9223372036854775807 100.00 1'),
             (9223372036854775807, 9223372036854775807, 2, false, '9223372036854775807 9223372036854775807 100.00 3'),
             (9223372036854775807, 9223372036854775806, 2, false, '9223372036854775807 9223372036854775806 100.00 2'),
             (9223372036854775807, 1, 9223372036854775807, false, '9223372036854775807 1 0.00 9223372036854775807'),
             (9223372036854775807, 2, 9223372036854775807, false, '22003'),
             (1, 1, 3074457345618258602, true, '1 1 100.00 9223372036854775806'),
             (1, 1, 3074457345618258603, true, '22003'),
             (1, 9223372036854775807, 2, true, '1 9223372036854775807 922337203685477580700.00 6'))
     AS c (capacity, load, base, emergency, expected);

------------------------------------------------------------------------------------------- costs beyond a bigint
-- A cost is compared in 128 bits: what does not fit exceeds every limit and every balance.
\o /dev/null
SELECT sgtest.given('', $$SELECT sg_create_grid('dear', base_price => 4000000000000000000, max_topup => 9223372036854775807, max_amount => 9223372036854775807)$$);
SELECT sgtest.given('@p', $$SELECT sg_register_producer(9223372036854775807, 'solar')$$, 'dear');
SELECT sgtest.given('@c', 'SELECT sg_register_consumer(9223372036854775807)', 'dear');
SELECT sgtest.given('@p', 'SELECT sg_report_production(1000)', 'dear');
SELECT sgtest.given('', $$SELECT sg_deactivate_participant('p', true)$$, 'dear');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('c', 9223372036854775807)$$, 'dear');
\o
SELECT is(sgtest.try('@c', statement, '{"smartgrid.grid": "dear"}'), expected, 'a cost beyond bigint: ' || statement)
FROM (VALUES ('SELECT sg_consume_energy(2)', 't'),
             ('SELECT sg_consume_energy(2, 8000000000000000000)', 't'),
             ('SELECT sg_consume_energy(2, 7999999999999999999)', 'SG104'),
             ('SELECT sg_consume_energy(3)', 'SG107'),
             ('SELECT sg_consume_energy(3, 9223372036854775807)', 'SG104'),
             ('SELECT sg_consume_energy(1000)', 'SG107'),
             ('SELECT sg_consume_energy(1000, 9223372036854775807)', 'SG104'),
             ('SELECT sg_consume_energy(1001)', 'SG103'),
             ('SELECT sg_consume_energy(9223372036854775807, 9223372036854775807)', 'SG104'),
             ('SELECT sg_consume_energy(9223372036854775807)', 'SG103'),
             ('SELECT cost FROM sg_quote(2)', '8000000000000000000'),
             ('SELECT cost FROM sg_quote(3)', '22003'),
             ('SELECT affordable FROM sg_quote(2)', 't')) AS c (statement, expected);

-- Even a product beyond 128 bits: the load is 2^63-1, the capacity 1, the base price 2^63-1.
\o /dev/null
SELECT sgtest.given('', $$SELECT sg_create_grid('absurd', base_price => 9223372036854775807, energy_scale => 18, max_topup => 9223372036854775807, max_amount => 9223372036854775807)$$);
SELECT sgtest.given('@p', $$SELECT sg_register_producer(9223372036854775807, 'solar')$$, 'absurd');
SELECT sgtest.given('@p', 'SELECT sg_report_production(9223372036854775807)', 'absurd');
SELECT sgtest.given('', $$SELECT sg_deactivate_participant('p', true)$$, 'absurd');
SELECT sgtest.given('@q', $$SELECT sg_register_producer(1, 'solar')$$, 'absurd');
SELECT sgtest.given('@c', 'SELECT sg_register_consumer(9223372036854775807)', 'absurd');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('c', 9223372036854775807)$$, 'absurd');
\o
SELECT is(sgtest.try('@c', statement, '{"smartgrid.grid": "absurd"}'), expected, 'a price of 2^125: ' || statement)
FROM (VALUES ('SELECT sg_consume_energy(9223372036854775807)', 'SG107'),
             ('SELECT sg_consume_energy(9223372036854775807, 9223372036854775807)', 'SG104'),
             ('SELECT sg_consume_energy(1)', 'SG107'),
             ('SELECT sg_quote(1)', '22003'),
             ('SELECT sg_get_dynamic_price()', '22003'),
             ($$SELECT dynamic_price FROM sg_grids WHERE grid = 'default'$$, '100'),
             ('SELECT count(*) = (SELECT count(*) FROM smartgrid.grid) FROM (SELECT dynamic_price FROM sg_grids OFFSET 0) AS g', 't')) AS c (statement, expected);

----------------------------------------------------------------------------------------- what a call takes and gives
\o /dev/null
SELECT sgtest.given('', $$SELECT sg_create_grid('day', energy_scale => 3, base_price => 1000, max_topup => 100000000)$$);
SELECT sgtest.given('@p', $$SELECT sg_register_producer(10000, 'solar')$$, 'day');
SELECT sgtest.given('@c', 'SELECT sg_register_consumer(9000)', 'day');
SELECT sgtest.given('@s', 'SELECT sg_register_storage(3000, 2000, 1000)', 'day');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('c', 100000)$$, 'day');
SELECT clock_timestamp() AS dawn \gset
SELECT sgtest.given('@p', 'SELECT sg_report_production(9000)', 'day');
SELECT sgtest.given('@s', 'SELECT sg_charge_storage(2000)', 'day');
SELECT clock_timestamp() AS noon \gset
SELECT sgtest.given('@c', 'SELECT sg_consume_energy(3333)', 'day');
SELECT sgtest.given('@s', 'SELECT sg_discharge_storage(500)', 'day');
SELECT sgtest.given('@p', $$SELECT sg_create_trade('c', 1001, 1500)$$, 'day');
SELECT sgtest.given('@p', $$SELECT sg_create_trade('c', 99, 1500)$$, 'day');
SELECT clock_timestamp() AS dusk \gset
SELECT set_config('smartgrid.grid', 'day', true);
SELECT sgtest.given('@c', format('SELECT sg_complete_trade(%s)', max(trade_id) - 1), 'day') FROM smartgrid.trade;
SELECT sgtest.given('@c', format('SELECT sg_cancel_trade(%s)', max(trade_id)), 'day') FROM smartgrid.trade;
SELECT sgtest.given('@p', 'SELECT sg_withdraw_earnings(1000)', 'day');
SELECT clock_timestamp() AS night \gset
SELECT set_config('smartgrid.grid', 'day', true);
\o

-- The price at a load of 7000 of 10000 is 1000 + 1000 * 7000 / 20000 = 1350; 3333 Wh cost 4499.55, that is 4499, and 0.55 is carried.
SELECT is((SELECT balance FROM sg_get_consumer_info('c')), 100000 - 4499 - 1502::bigint, 'the price before the call; 1501.5 is rounded up');
SELECT is((SELECT revenue FROM sg_grids WHERE grid = 'day'), 4499::bigint, 'consumption is the grid''s revenue');
SELECT is((SELECT earnings FROM sg_get_producer_info('p')), 502::bigint, 'a trade is the seller''s, withdrawals leave');
SELECT is((SELECT unsold FROM sg_get_producer_info('p')), 9000 - 1001::bigint, 'what was cancelled is unsold again');
SELECT is((SELECT total_produced FROM sg_get_producer_info('p')), 9000::bigint, 'total produced');
SELECT is((SELECT current_production FROM sg_get_producer_info('p')), 9000::bigint, 'the latest report');
SELECT is((SELECT total_consumed FROM sg_get_consumer_info('c')), 3333 + 1001::bigint, 'consumption and what was bought');
SELECT is((SELECT current_usage FROM sg_get_consumer_info('c')), 3333::bigint, 'the latest consumption; buying is none');
SELECT is((SELECT stored_amount FROM sg_get_storage_info('s')), 1500::bigint, 'stored');
SELECT is((SELECT current_load FROM sg_get_grid_status()), 9000 - 2000 - 3333 + 500 - 1001::bigint, 'load');
SELECT results_eq(
    $$SELECT kind, participant COLLATE "default", counterparty COLLATE "default", energy, price, money FROM sg_ledger WHERE grid = 'day' ORDER BY entry_id$$,
    $$VALUES ('topup', 'c', NULL, 0::bigint, 0::bigint, 100000::bigint),
             ('production', 'p', NULL, 9000, 0, 0),
             ('charge', 's', NULL, 2000, 0, 0),
             ('consumption', 'c', NULL, 3333, 1350, 4499),
             ('discharge', 's', NULL, 500, 0, 0),
             ('hold', 'p', 'c', 1001, 1500, 0),
             ('hold', 'p', 'c', 99, 1500, 0),
             ('trade', 'p', 'c', 1001, 1500, 1502),
             ('release', 'p', 'c', 99, 1500, 0),
             ('withdrawal', 'p', NULL, 0, 0, 1000)$$,
    'the ledger says all of it');

------------------------------------------------------------------------------------------------------------ metrics
CREATE FUNCTION sgtest.measured(period tstzrange) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    id bigint := sg_record_metrics(period);
    m record;
BEGIN
    SELECT * INTO m FROM sg_get_metrics(id);
    IF m.period IS DISTINCT FROM period OR m.recorded_at NOT BETWEEN now() AND clock_timestamp() THEN
        RETURN 'period or time of the record are wrong';
    END IF;
    RETURN format('%s %s %s %s', m.production, m.consumption, m.peak_load, m.efficiency);
END $$;
SELECT is(sgtest.measured(tstzrange(:'dawn', :'night')), '9000 4334 9000 48', 'the whole day: 48.15 % is truncated');
SELECT is(sgtest.measured(tstzrange(:'dawn', :'noon')), '9000 0 9000 0', 'the morning');
SELECT is(sgtest.measured(tstzrange(:'noon', :'dusk')), '0 3333 4167 0', 'the afternoon: nothing reported; the load after discharging was the highest');
SELECT is(sgtest.measured(tstzrange(:'dusk', :'night')), '0 1001 3166 0', 'the evening: the load after the cancellation');
SELECT is(sgtest.measured(tstzrange('2000-01-01', '2000-01-02')), '0 0 0 0', 'a period without entries');
SELECT is(sgtest.measured(tstzrange(at, at, '[]')), '9000 0 9000 0', 'a moment: both bounds belong to it')
FROM sg_ledger WHERE grid = 'day' AND kind = 'production';
SELECT is(sgtest.measured(tstzrange(at, :'noon', '(]')), '0 0 7000 0', 'a bound that does not belong to it')
FROM sg_ledger WHERE grid = 'day' AND kind = 'production';
SELECT is(sgtest.measured(tstzrange(:'dawn', at, '[)')), '9000 0 9000 0', 'the same at the end')
FROM sg_ledger WHERE grid = 'day' AND kind = 'charge';
SELECT throws_ok(format('SELECT sg_record_metrics(%L::tstzrange)', period), 'SG108', NULL, 'no bound: ' || period)
FROM unnest(ARRAY['[-infinity,2100-01-01)', '[2000-01-01,infinity)']) AS period;
SELECT is(
    (SELECT array_agg(format('%s %s %s', production, consumption, efficiency)) FROM sg_metrics WHERE grid = 'default'),
    NULL, 'another grid has no records');
\o /dev/null
SELECT sgtest.given('@p2', $$SELECT sg_register_producer(10, 'solar')$$, 'day');
SELECT clock_timestamp() AS later \gset
SELECT sgtest.given('@p2', 'SELECT sg_report_production(1)', 'day');
SELECT sgtest.given('@c', 'SELECT sg_consume_energy(2)', 'day');
SELECT set_config('smartgrid.grid', 'day', true);
\o
SELECT is(sgtest.measured(tstzrange(:'later', clock_timestamp())), '1 2 3167 100', 'efficiency is at most 100');
SELECT sg_record_metrics(9223372036854775807, 9223372036854775806, 0, 100) AS given \gset
SELECT is((SELECT format('%s %s %s %s', production, consumption, peak_load, efficiency) FROM sg_get_metrics(:given)),
          '9223372036854775807 9223372036854775806 0 100', 'given figures are taken as they are');

------------------------------------------------------------------------------------------------------ load balancing
-- A grid of one producer (capacity, load) and storages (principal, capacity, charge rate, discharge rate, stored).
CREATE FUNCTION sgtest.balanced(capacity bigint, load bigint, low numeric, high numeric, storages text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    s record;
    outcome text;
    acted bigint;
BEGIN
    BEGIN
        PERFORM sg_create_grid('balanced', max_amount => 9223372036854775807), set_config('smartgrid.grid', 'balanced', true);
        FOR s IN SELECT * FROM jsonb_to_recordset(storages::jsonb) AS x (p text, cap bigint, cr bigint, dr bigint, has bigint)
        LOOP
            PERFORM set_config('smartgrid.principal', s.p, true);
            IF s.has > 0 THEN
                -- Filled by a storage's rate at a time, from a feeder that leaves no trace in the load.
                PERFORM sg_register_storage(s.cap, s.has, s.dr), set_config('smartgrid.principal', 'feeder ' || s.p, true);
                PERFORM sg_register_producer(s.has, 'wind');
                PERFORM sg_report_production(s.has), set_config('smartgrid.principal', s.p, true);
                PERFORM sg_charge_storage(s.has), sg_deactivate_participant('feeder ' || s.p, true);
                UPDATE smartgrid.storage AS x SET charge_rate = s.cr
                FROM smartgrid.participant AS n WHERE n.participant_id = x.participant_id AND n.principal = s.p;
            ELSE
                PERFORM sg_register_storage(s.cap, s.cr, s.dr);
            END IF;
        END LOOP;
        PERFORM set_config('smartgrid.principal', 'feeder', true);
        PERFORM sg_register_producer(greatest(load, 1), 'wind');
        PERFORM sg_report_production(load), sg_deactivate_participant('feeder', true), set_config('smartgrid.principal', 'measure', true);
        IF capacity > 0 THEN
            PERFORM sg_register_producer(capacity, 'wind');
        END IF;
        PERFORM sg_alter_grid('balanced', low_watermark => low, high_watermark => high);
        SELECT coalesce(string_agg(format('%s %s %s', principal, action, amount), ', '), 'nothing'), count(*)
        INTO outcome, acted
        FROM sg_balance_load();
        IF acted > 0 AND outcome IS DISTINCT FROM (
            SELECT string_agg(format('%s %s %s', participant, kind, energy), ', ' ORDER BY participant COLLATE "C")
            FROM (SELECT * FROM sg_ledger WHERE grid = 'balanced' ORDER BY entry_id DESC LIMIT acted) AS latest)
        THEN
            outcome := outcome || ', but the ledger says otherwise';
        END IF;
        IF EXISTS (SELECT FROM sg_check() WHERE NOT ok) THEN
            outcome := outcome || ', but sg_check() complains';
        END IF;
        SELECT concat(outcome, '; load ', current_load) INTO outcome FROM sg_get_grid_status();
        RAISE EXCEPTION USING ERRCODE = 'RB001';
    EXCEPTION
        WHEN SQLSTATE 'RB001' THEN
            NULL;
        WHEN OTHERS THEN
            outcome := SQLSTATE || ' ' || SQLERRM;
    END;
    RETURN outcome;
END $$;

SELECT is(sgtest.balanced(capacity, load, low, high, storages), expected, why)
FROM (VALUES
    (1000, 1000, 20, 80, '[{"p":"a","cap":500,"cr":100,"dr":100,"has":0},{"p":"b","cap":500,"cr":100,"dr":100,"has":0},{"p":"c","cap":500,"cr":100,"dr":100,"has":0}]',
     'a charge 67, b charge 67, c charge 66; load 800', 'equal shares: the first in byte order get the remainder'),
    (1000, 840, 20, 80, '[{"p":"a","cap":500,"cr":10,"dr":1,"has":0},{"p":"b","cap":500,"cr":20,"dr":1,"has":0},{"p":"c","cap":500,"cr":33,"dr":1,"has":0}]',
     'a charge 6, b charge 13, c charge 21; load 800', 'the largest remainders'),
    (1000, 1000, 20, 80, '[{"p":"é","cap":500,"cr":100,"dr":1,"has":0},{"p":"z","cap":500,"cr":100,"dr":1,"has":0},{"p":"Z","cap":500,"cr":100,"dr":1,"has":0},{"p":"Ä","cap":500,"cr":100,"dr":1,"has":0},{"p":"中","cap":500,"cr":100,"dr":1,"has":0},{"p":"a b","cap":500,"cr":100,"dr":1,"has":0}]',
     'Z charge 34, a b charge 34, z charge 33, Ä charge 33, é charge 33, 中 charge 33; load 800', 'byte order of the names'),
    (1000, 1000, 20, 80, '[{"p":"a","cap":30,"cr":100,"dr":1,"has":10},{"p":"b","cap":500,"cr":70,"dr":1,"has":0}]',
     'a charge 20, b charge 70; load 910', 'no more than room and rate'),
    (1000, 1000, 20, 80, '[{"p":"a","cap":30,"cr":100,"dr":1,"has":30},{"p":"b","cap":500,"cr":300,"dr":1,"has":0}]',
     'b charge 200; load 800', 'a full one is left out'),
    (1000, 803, 20, 80, '[{"p":"a","cap":100,"cr":1,"dr":1,"has":0},{"p":"b","cap":100,"cr":100,"dr":1,"has":0}]',
     'b charge 3; load 800', 'a share of 0 is left out'),
    (1000, 800, 20, 80, '[{"p":"a","cap":100,"cr":1,"dr":1,"has":0}]', 'nothing; load 800', 'at the high watermark'),
    (1000, 801, 20, 80, '[{"p":"a","cap":100,"cr":1,"dr":1,"has":0}]', 'a charge 1; load 800', 'one above'),
    (1000, 200, 20, 80, '[{"p":"a","cap":100,"cr":1,"dr":1,"has":1}]', 'nothing; load 200', 'at the low watermark'),
    (1000, 199, 20, 80, '[{"p":"a","cap":100,"cr":1,"dr":1,"has":1}]', 'a discharge 1; load 200', 'one below'),
    (1000, 0, 20, 80, '[{"p":"a","cap":500,"cr":1,"dr":100,"has":300},{"p":"b","cap":500,"cr":1,"dr":100,"has":40},{"p":"c","cap":500,"cr":1,"dr":100,"has":0}]',
     'a discharge 100, b discharge 40; load 140', 'discharging: rate and what is stored'),
    (1000, 0, 10, 80, '[{"p":"a","cap":500,"cr":1,"dr":100,"has":300},{"p":"b","cap":500,"cr":1,"dr":100,"has":50}]',
     'a discharge 67, b discharge 33; load 100', 'discharging: shares'),
    (7, 7, 0, 33.3, '[{"p":"a","cap":100,"cr":100,"dr":1,"has":0}]', 'a charge 5; load 2', 'down to floor(2.331)'),
    (7, 2, 0, 33.3, '[{"p":"a","cap":100,"cr":100,"dr":1,"has":0}]', 'nothing; load 2', 'not below it'),
    (7, 0, 33.3, 80, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'a discharge 3; load 3', 'up to ceil(2.331)'),
    (7, 3, 33.3, 80, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'nothing; load 3', 'not above it'),
    (7, 3, 40, 40, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'a charge 1; load 2', 'equal watermarks: floor(2.8) first'),
    (7, 2, 40, 40, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'a discharge 1; load 3', 'equal watermarks: ceil(2.8)'),
    (10, 10, 0, 0, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":0}]', 'a charge 10; load 0', 'watermarks of 0'),
    (10, 0, 100, 100, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'a discharge 10; load 10', 'watermarks of 100'),
    (10, 15, 0, 100, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'a charge 5; load 10', 'above the capacity'),
    (0, 15, 20, 80, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":50}]', 'nothing; load 15', 'nothing where the capacity is 0'),
    (10, 10, 20, 80, '[]', 'nothing; load 10', 'nothing without storages'),
    (1000, 0, 20, 80, '[{"p":"a","cap":100,"cr":100,"dr":100,"has":0}]', 'nothing; load 0', 'nothing where nothing is stored'),
    (4000000000000000000, 4000000000000000000, 0, 0.0000000000000001,
     '[{"p":"a","cap":4000000000000000000,"cr":4000000000000000000,"dr":1,"has":0},{"p":"b","cap":4000000000000000000,"cr":4000000000000000000,"dr":1,"has":0},{"p":"c","cap":1000000000000000000,"cr":1000000000000000000,"dr":1,"has":0}]',
     'a charge 1777777777777777776, b charge 1777777777777777776, c charge 444444444444444444; load 4', 'shares of huge amounts'))
    AS c (capacity, load, low, high, storages, expected, why);

-- Who is deactivated as producer or consumer keeps a working storage facility.
\o /dev/null
SELECT sgtest.given('', $$SELECT sg_create_grid('three', max_amount => 9223372036854775807)$$);
SELECT sgtest.given('@all', $$SELECT sg_register_producer(100, 'solar')$$, 'three');
SELECT sgtest.given('@all', 'SELECT sg_register_consumer(100)', 'three');
SELECT sgtest.given('@all', 'SELECT sg_register_storage(100, 100, 100)', 'three');
SELECT sgtest.given('@other', $$SELECT sg_register_producer(100, 'solar')$$, 'three');
SELECT sgtest.given('@other', 'SELECT sg_report_production(100)', 'three');
SELECT sgtest.given('', $$SELECT sg_deactivate_participant('all', true)$$, 'three');
SELECT sgtest.given('', $$SELECT sg_deactivate_participant('all', false)$$, 'three');
\o
SELECT is(sgtest.keep('', 'SELECT * FROM sg_balance_load()', '{"smartgrid.grid": "three"}'), 'all,charge,20', 'it is balanced with');
SELECT is(sgtest.keep('@all', 'SELECT sg_discharge_storage(5)', '{"smartgrid.grid": "three"}'), 't', 'and used');
SELECT is(sgtest.keep('', 'SELECT kind, participant, energy FROM sg_last_entry()', '{}'), 'discharge,all,5', 'the ledger has it');

------------------------------------------------------------------------------------------------------- conservation
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'sg_check() has nothing to say against it');
SELECT is_empty($$
    SELECT g.name, reported, discharged, consumed, charged, traded, held, load
    FROM smartgrid.grid AS g,
         LATERAL (SELECT coalesce(sum(energy) FILTER (WHERE smartgrid.entry_kind(kind) = 'production'), 0) AS reported,
                         coalesce(sum(energy) FILTER (WHERE smartgrid.entry_kind(kind) = 'discharge'), 0) AS discharged,
                         coalesce(sum(energy) FILTER (WHERE smartgrid.entry_kind(kind) = 'consumption'), 0) AS consumed,
                         coalesce(sum(energy) FILTER (WHERE smartgrid.entry_kind(kind) = 'charge'), 0) AS charged
                  FROM smartgrid.ledger AS l WHERE l.grid_id = g.grid_id) AS entries,
         LATERAL (SELECT coalesce(sum(amount) FILTER (WHERE status = 1), 0) AS traded,
                         coalesce(sum(amount) FILTER (WHERE status = 0), 0) AS held
                  FROM smartgrid.trade AS t WHERE t.grid_id = g.grid_id) AS trades,
         LATERAL (SELECT coalesce(sum(p.load), 0) AS load FROM smartgrid.pool AS p WHERE p.grid_id = g.grid_id) AS pool
    WHERE reported + discharged <> consumed + charged + traded + held + load
$$, 'energy is conserved in every grid');
SELECT is_empty($$
    SELECT g.name
    FROM smartgrid.grid AS g,
         LATERAL (SELECT coalesce(sum(money) FILTER (WHERE smartgrid.entry_kind(kind) = 'topup'), 0) AS topped_up,
                         coalesce(sum(money) FILTER (WHERE smartgrid.entry_kind(kind) = 'withdrawal'), 0) AS withdrawn
                  FROM smartgrid.ledger AS l WHERE l.grid_id = g.grid_id) AS entries,
         LATERAL (SELECT coalesce(sum(balance), 0) AS balances FROM smartgrid.consumer AS c WHERE c.grid_id = g.grid_id) AS consumers,
         LATERAL (SELECT coalesce(sum(earnings), 0) AS earnings FROM smartgrid.producer AS p WHERE p.grid_id = g.grid_id) AS producers,
         LATERAL (SELECT coalesce(sum(p.revenue), 0) AS revenue FROM smartgrid.pool AS p WHERE p.grid_id = g.grid_id) AS pool
    WHERE topped_up <> balances + earnings + withdrawn + revenue
$$, 'money is conserved in every grid');
SELECT is((SELECT count(*) FROM smartgrid.ledger AS l JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name LIKE 'scale%'), 0::bigint,
          'quotes leave no trace');

SELECT * FROM finish();
ROLLBACK;
