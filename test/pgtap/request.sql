-- Once only: every function that writes, called twice under one reference, does it once and says the same; what a reference
-- is, whose it is, and who sees it.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_operator IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor IN ROLE smartgrid_auditor;
CREATE ROLE sgt_north;
CREATE ROLE "anna";
CREATE ROLE sgt_web;
GRANT sgt_web TO sgt_gateway;
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('north', 'sgt_north')$$);
SELECT sgtest.given('sgt_gateway@anna', $$SELECT sg_register_producer(100000, 'solar')$$);
SELECT sgtest.given('sgt_gateway@anna', 'SELECT sg_report_production(50000)');
SELECT sgtest.given('sgt_gateway@bert', 'SELECT sg_register_consumer(1000)');
SELECT sgtest.given('sgt_gateway', $$SELECT sg_add_consumer_balance('bert', 1000000)$$);
SELECT sgtest.given('sgt_gateway@cellar', 'SELECT sg_register_storage(1000, 100, 100)');
SELECT sgtest.given('sgt_gateway@bert', 'SELECT sg_consume_energy(100)');
SELECT sgtest.given('sgt_gateway@anna', $$SELECT sg_create_trade('bert', 10, 5)$$ || repeat(', sg_create_trade(''bert'', 10, 5)', 2));
SELECT sgtest.given('sgt_gateway@bert', 'SELECT sg_complete_trade(1)');
\o
CREATE TABLE public.readings AS SELECT 'anna' AS principal, 'production' AS kind, '7' AS amount, n AS ord FROM generate_series(1, 3) AS n;
INSERT INTO public.readings VALUES ('anna', 'production', '1.5', 4), ('nobody', 'topup', '1', 5);
GRANT SELECT ON public.readings TO sgt_gateway;
CREATE TABLE public.intervals AS SELECT 'M' AS point, '2024-01-05 00:00+01'::timestamptz AS start, 7::bigint AS amount;
GRANT SELECT ON public.intervals TO sgt_gateway;
CREATE TABLE public.points AS SELECT 'P' || n AS point, 'anna' AS owner, CASE WHEN n < 3 THEN 'production' END AS kind FROM generate_series(1, 3) AS n;
GRANT SELECT ON public.points TO sgt_operator;

-- What there is but for what is remembered.
CREATE FUNCTION sgtest.state() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    relation record;
    part text;
    state text := '';
BEGIN
    FOR relation IN SELECT oid::regclass AS name, relkind = 'S' AS is_sequence FROM pg_class WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'S') AND relname <> 'request' ORDER BY relname LOOP
        EXECUTE format(CASE WHEN relation.is_sequence THEN 'SELECT last_value::text FROM %s'
                            ELSE 'SELECT md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %s AS t' END, relation.name) INTO part;
        state := concat_ws(' ', state, relation.name, part);
    END LOOP;
    RETURN state;
END $$;

------------------------------------------------------------------------------------------------------ every function
CREATE TABLE sgtest.once (n integer GENERATED ALWAYS AS IDENTITY, who text, call text, first text, state text, entry text, again text);
INSERT INTO sgtest.once (who, call) VALUES
('sgt_gateway@p', $$sg_register_producer(100, 'wind')$$),
('sgt_gateway@c', 'sg_register_consumer(100)'),
('sgt_gateway@s', 'sg_register_storage(100, 10, 10)'),
('sgt_operator', $$sg_enrol_producer('p2', 100, 'wind')$$),
('sgt_operator', $$sg_enrol_consumer('c2', 100)$$),
('sgt_operator', $$sg_enrol_storage('s2', 100, 10, 10)$$),
('sgt_operator', $$sg_alter_producer('p2', 200)$$),
('sgt_operator', $$sg_alter_producer('p2', 200)$$),
('sgt_operator', $$sg_alter_consumer('c2', 200)$$),
('sgt_operator', $$sg_alter_storage('s2', discharge_rate => 20)$$),
('sgt_operator', $$sg_update_producer_reputation('p2', 7)$$),
('sgt_operator', $$sg_deactivate_participant('p2', true)$$),
('sgt_operator', $$sg_deactivate_participant('p2', true)$$),
('sgt_operator', $$sg_reactivate_participant('p2', true)$$),
('sgt_gateway@anna', 'sg_report_production(500)'),
('sgt_gateway@bert', 'sg_consume_energy(50)'),
('sgt_gateway@bert', 'sg_consume_energy(50, max_cost => 1000000)'),
('sgt_gateway@cellar', 'sg_charge_storage(50)'),
('sgt_gateway@cellar', 'sg_discharge_storage(20)'),
('sgt_gateway@anna', $$sg_create_trade('bert', 3, 7)$$),
('sgt_gateway@bert', 'sg_complete_trade(2)'),
('sgt_gateway@anna', 'sg_cancel_trade(3)'),
('sgt_gateway', $$sg_add_consumer_balance('bert', 500)$$),
('sgt_gateway@bert', 'sg_withdraw_balance(10)'),
('sgt_operator', $$sg_refund('bert', 10)$$),
('sgt_gateway@anna', 'sg_withdraw_earnings(10)'),
('sgt_operator', $$sg_pay_producer('anna', 10)$$),
('sgt_gateway', $$sg_record_payment('bert', -20, 'out')$$),
('sgt_gateway@bert', 'sg_pay_due(5)'),
('sgt_operator', $$sg_reverse_entry((SELECT min(entry_id) FROM sg_ledger WHERE kind = 'consumption'), 'wrong')$$),
('sgt_operator', $$sg_correct_reading((SELECT min(entry_id) FROM sg_ledger WHERE kind = 'charge'), 40, 'wrong')$$),
('sgt_operator', $$sg_write_off(10, 'lost')$$),
('sgt_gateway', $$sg_post_readings('{anna,nobody,bert,anna}', '{production,production,consumption,production}', '{5,5,5000,0}')$$),
('sgt_gateway', $$sg_post_readings('{anna,bert}', '{production,consumption}', '{5,5}', '{2026-01-01 00:00Z,2026-01-01 00:15Z}')$$),
('sgt_gateway', $$sg_post_readings('public.readings')$$),
('sgt_operator', 'sg_set_base_price(77)'),
('sgt_operator', 'sg_toggle_emergency_mode()'),
('sgt_operator', $$sg_set_time_zone('Europe/Berlin')$$),
('sgt_operator', $$sg_set_point('M', '2024-01-01 00:00 Europe/Berlin', 'newcomer', 'consumption', '1 hour', 11.5)$$),
('sgt_operator', $$sg_set_points('public.points')$$),
('sgt_gateway', $$sg_import(E'point,start,kwh\nM,2024-01-02T00:00+01:00,1\nnone,2024-01-02T00:00+01:00,1', 'long', '{"label": "a file"}')$$),
('sgt_operator', $$sg_set_tariff('t', '2024-01-01 00:00 Europe/Berlin', '[{"name": "A", "price": 1}]', for_all => true)$$),
('sgt_operator', $$sg_assign_tariff('t', '2024-01-01 00:00 Europe/Berlin', 'M', quantity => 2.5)$$),
('sgt_operator', $$sg_unassign_tariff('t', '2024-02-01 00:00 Europe/Berlin', 'M')$$),
('sgt_operator', $$sg_set_holidays('{2024-01-01,2024-12-25}')$$),
('sgt_operator', $$sg_post_series('spot', '{2024-01-01 00:00 Europe/Berlin}', '{0.25}', '1 hour')$$),
('sgt_operator', $$sg_set_share('M', '2024-01-01 00:00 Europe/Berlin', 50.5, 10, 2)$$),
('sgt_operator', $$sg_set_allocation('2024-01-01 00:00 Europe/Berlin', 'cascade')$$),
('sgt_gateway', $$sg_post_intervals('{M,none}'::text[], '{2024-01-03 00:00+01,2024-01-03 00:00+01}', '{5,6}', label => 'arrays')$$),
('sgt_gateway', $$sg_post_intervals('public.intervals', label => 'table')$$),
('sgt_gateway', $$sg_post_days('{M,none}', '{2024-01-04,2024-01-04}', '{"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24",1}')$$),
('sgt_gateway', $$sg_withdraw_batch((SELECT max(batch) FROM sg_batches WHERE label = 'arrays'))$$),
('sgt_gateway', 'sg_pack_intervals()'),
('sgt_gateway', $$sg_substitute('[2024-01-02 00:00 Europe/Berlin,2024-01-02 03:00 Europe/Berlin)', 'zero')$$),
('sgt_gateway', $$sg_post_registers('{M,none}', '{2024-01-03 00:00Z,2024-01-03 00:00Z}', '{5.5,1}', '{measured,measured}', 'a round', 'even')$$),
('sgt_operator', $$sg_exchange_meter('M', '2024-01-04 00:00Z', 6, 'other', 1, 5)$$),
('sgt_operator', $$sg_set_party('anna', '2024-01-01 00:00 Europe/Berlin', '{"name": "Anna A."}')$$),
('sgt_operator', $$sg_settle('[2024-01-02 00:00 Europe/Berlin,2024-01-03 00:00 Europe/Berlin)', '{measured,substituted,estimated,calculated,missing,no_tariff,no_owner}')$$),
('sgt_operator', 'sg_discard(1)'),
('sgt_operator', $$sg_settle('[2024-01-02 00:00 Europe/Berlin,2024-01-03 00:00 Europe/Berlin)', '{measured,substituted,estimated,calculated,missing,no_owner,no_tariff}')$$),
('sgt_operator', 'sg_finalize(2)'),
('sgt_operator', $$sg_issue(2, '2024-02-01')$$),
('sgt_operator', $$sg_cancel_document('R202400001', 'another address', '2024-02-02')$$),
('sgt_operator', $$sg_rename_point('M', 'N')$$),
('sgt_operator', $$sg_end_point('N', '2024-06-01 00:00 Europe/Berlin')$$),
('sgt_operator', $$sg_set_energy_type('solar', true, 40.50, 'a study')$$),
('sgt_operator', 'sg_record_metrics(1, 2, 3, 4)'),
('sgt_operator', $$sg_record_metrics('[2020-01-01, 2030-01-01)')$$),
('sgt_operator', $$sg_alter_grid('default', currency => 'EUR', low_watermark => 10.0)$$),
('sgt_operator', $$sg_alter_grid('default', money_scale => 0, stripes => 1)$$),
('sgt_operator', $$sg_create_grid('third', currency => 'CHF')$$),
('sgt_operator', $$sg_alter_grid('default', low_watermark => 99, high_watermark => 100)$$),
('sgt_operator', 'sg_balance_load()'),
('sgt_operator', $$sg_rename_participant('c2', 'c3')$$),
('sgt_operator', 'sg_seal()'),
('sgt_operator', $$sg_seal('north')$$),
('sgt_operator', 'sg_rebuild_rollups()'),
('sgt_operator', $$sg_forget_requests('2000-01-01')$$);
SELECT set_eq(
    $$SELECT DISTINCT substring(call FROM '^[a-z_]+') FROM sgtest.once$$,
    $$SELECT DISTINCT p.proname FROM pg_proc AS p JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
      WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid') AND p.provolatile = 'v' AND p.proname LIKE 'sg\_%'
            AND p.proname NOT IN ('sg_last_entry', 'sg_create_api')$$, 'every function that writes is tried');

-- Each is a statement of its own, as of a client. The numbers of entries are the same again, too: no argument is read anew.
CREATE FUNCTION sgtest.call(n integer) RETURNS text LANGUAGE sql AS $$
    SELECT sgtest.keep(o.who, format('SELECT array_agg(x)::text FROM (SELECT %s) AS c (x)', o.call), jsonb_build_object('smartgrid.reference', 'once-' || o.n))
    FROM sgtest.once AS o WHERE o.n = call.n $$;
CREATE FUNCTION sgtest.last() RETURNS text LANGUAGE sql AS $$ SELECT to_jsonb(e)::text FROM sg_last_entry() AS e $$;
SELECT format('UPDATE sgtest.once SET first = sgtest.call(%s) WHERE n = %s', n, n),
       format('UPDATE sgtest.once SET entry = sgtest.last(), state = sgtest.state() WHERE n = %s', n),
       format('UPDATE sgtest.once SET again = sgtest.call(%s) WHERE n = %s', n, n),
       format('SELECT is(again, first, call || '': says the same'') FROM sgtest.once WHERE n = %s', n),
       format('SELECT is(sgtest.state(), state, call || '': and does nothing'') FROM sgtest.once WHERE n = %s', n),
       format('SELECT is(sgtest.last(), entry, call || '': the last entry is its own'') FROM sgtest.once WHERE n = %s', n)
FROM sgtest.once ORDER BY n
\gexec
SELECT is_empty($$SELECT call, first FROM sgtest.once WHERE COALESCE(NULLIF(first, ''), '{}') !~ '^[("]*\{' AND call !~ '^sg_(seal|balance_load)'$$, 'all of them work');
-- A year later, in any order, with other entries in between.
\o /dev/null
SELECT sgtest.given('sgt_gateway@anna', 'SELECT sg_report_production(1)');
UPDATE sgtest.once SET state = sgtest.state();
\o
SELECT format('UPDATE sgtest.once SET again = sgtest.call(%s) WHERE n = %s', n, n) FROM sgtest.once WHERE call !~ 'SELECT' ORDER BY n DESC
\gexec
SELECT is_empty('SELECT call, first, again FROM sgtest.once WHERE again IS DISTINCT FROM first', 'nothing changes what is remembered');
SELECT is_empty('SELECT FROM sgtest.once WHERE state <> sgtest.state()', 'nor is anything done');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'the books are in order');
SELECT is_empty('SELECT * FROM sg_verify_ledger() WHERE NOT ok', 'and as they were sealed');

---------------------------------------------------------------------------------------------------- what it says no to
SELECT is(sgtest.keep('sgt_gateway@bert', 'SELECT sg_consume_energy(1)', '{"smartgrid.reference": "a"}'), 't', 'a call');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(2)', '{"smartgrid.reference": "a"}'), 'SG105', 'other arguments');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1, 1000)', '{"smartgrid.reference": "a"}'), 'SG105', 'one argument more');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1, NULL)', '{"smartgrid.reference": "a"}'), 't', 'one that is NULL is none');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_withdraw_balance(1)', '{"smartgrid.reference": "a"}'), 'SG105', 'another function');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1), sg_consume_energy(1)', '{"smartgrid.reference": "b"}'), 'SG105', 'twice in a statement');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1), sg_consume_energy(1)', '{"smartgrid.reference": "a"}'), 'SG105', 'twice in a statement, though remembered');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1) FROM generate_series(1, 2)', '{"smartgrid.reference": "b"}'), 'SG105', 'for each row');
SELECT matches(sgtest.complaint('sgt_gateway@bert', 'SELECT sg_consume_energy(2)', '{"smartgrid.reference": "a"}'),
               '^reference "a" was used for another call\nDETAIL: It was sg_consume_energy\(\); sg_requests has when\.\nHINT: A retry has the same arguments', 'it says which');
-- A wrapper sets a reference for each.
CREATE FUNCTION public.several(key text, amounts bigint[]) RETURNS bigint LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    FOR i IN 1 .. cardinality(amounts) LOOP
        PERFORM set_config('smartgrid.reference', key || '/' || i, true);
        PERFORM sg_consume_energy(amounts[i]);
    END LOOP;
    RETURN (SELECT total_consumed FROM sg_get_consumer_info('bert'));
END $$;
SELECT sgtest.keep('sgt_gateway@bert', $$SELECT several('w', '{1,2,3}')$$) AS w
\gset
SELECT is(sgtest.keep('sgt_gateway@bert', $$SELECT several('w', '{1,2,3}')$$), :'w', 'a wrapper that makes several calls is done once, too');
SELECT is(sgtest.keep('sgt_gateway@bert', $$SELECT several('w', '{1,2,4}')$$), 'SG105', 'and says so if it is another');
SELECT is(sgtest.keep('sgt_gateway@bert', $$SELECT several('w', '{1,2,3,4}')$$)::bigint, :w::bigint + 4, 'or goes on where it ended');
-- What failed is not remembered.
SELECT is(sgtest.keep('sgt_gateway@bert', 'SELECT sg_consume_energy(5000)', '{"smartgrid.reference": "f"}'), 'SG104', 'a call that fails');
SELECT is(sgtest.keep('sgt_gateway@bert', 'SELECT sg_consume_energy(5)', '{"smartgrid.reference": "f"}'), 't', 'leaves its reference free');
DO $$
BEGIN
    PERFORM set_config('smartgrid.principal', 'bert', true), set_config('smartgrid.reference', 'undone', true);
    BEGIN
        PERFORM sg_consume_energy(6);
        RAISE SQLSTATE 'RB001';
    EXCEPTION WHEN SQLSTATE 'RB001' THEN
        NULL;
    END;
    ASSERT sg_consume_energy(6);
    PERFORM set_config('smartgrid.principal', '', true), set_config('smartgrid.reference', '', true);
END $$;
SELECT pass('what is undone is not remembered, even in the same statement');

------------------------------------------------------------------------------------------------------ what a reference is
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1)', jsonb_build_object('smartgrid.reference', repeat('x', 129))), 'SG108', '129 bytes');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1)', jsonb_build_object('smartgrid.reference', repeat('x', 128))), 't', '128 bytes');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1), sg_consume_energy(1)', '{"smartgrid.reference": ""}'), 't,t', 'an empty one is none');
SELECT is(sgtest.try('sgt_gateway', 'SELECT sg_consume_energy(1)', jsonb_build_object('smartgrid.reference', repeat('x', 129))), 'SG108', 'before the principal');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_consume_energy(1)', jsonb_build_object('smartgrid.reference', repeat('x', 129), 'transaction_read_only', 'on')), '25006', 'after read only');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT current_load > 0 FROM sg_get_grid_status()', jsonb_build_object('smartgrid.reference', repeat('x', 129))), 't', 'who reads needs none');
CREATE FUNCTION sgtest.by_headers(who text, headers text) RETURNS text LANGUAGE sql AS $$
    SELECT sgtest.keep(who, 'SELECT sg_consume_energy(1) FROM (SELECT NULL) AS x', jsonb_build_object('request.headers', headers)) $$;
SELECT is(sgtest.by_headers('sgt_gateway@bert', '{"accept": "*/*", "idempotency-key": "h1"}'), 't', 'in a gateway session: a header of its request');
SELECT isnt_empty($$SELECT FROM sg_requests WHERE reference = 'h1' AND caller = 'bert'$$, 'is remembered');
SELECT is(sgtest.keep('sgt_gateway@bert', 'SELECT sg_consume_energy(2)', '{"request.headers": "{\"idempotency-key\": \"h1\"}"}'), 'SG105', 'as the setting is');
SELECT is(sgtest.keep('sgt_gateway@bert', 'SELECT sg_consume_energy(2)', '{"request.headers": "{\"idempotency-key\": \"h1\"}", "smartgrid.reference": "h2"}'), 't', 'the setting comes first');
SELECT is(sgtest.by_headers('sgt_gateway@bert', headers), expected, headers)
FROM (VALUES ('{"idempotency-key": 1}', 'SG108'), ('{"idempotency-key": {"a": 1}}', 'SG108'), ('{"idempotency-key": ["a"]}', 'SG108'),
             ('{"idempotency-key": null}', 't'), ('{"idempotency-key": ""}', 't'), ('{"a": {"idempotency-key": 1}}', 't'),
             ('[{"idempotency-key": 1}]', 't'), ('{"user-agent": "idempotency-key"}', 't'), ('{"idempotency-key": "h3"', 'SG108'),
             ('not JSON', 't'), ('{"idempotency-key": "' || repeat('x', 129) || '"}', 'SG108'),
             ('{"cookie": "' || repeat('[', 2000) || '", "idempotency-key": "h4"}', 't'),
             ('{"idempotency-key": "h5", "cookie": ' || repeat('[', 100000) || '}', 'SG108')) AS h (headers, expected);
SELECT set_eq($$SELECT reference FROM sg_requests WHERE reference ~ '^h[0-9]$'$$, '{h1,h2,h4}'::text[], 'these were references');
CREATE ROLE bert;
SELECT is(sgtest.keep('bert', 'SELECT sg_consume_energy(1)', '{"request.headers": "{\"idempotency-key\": \"h6\"}"}'), 't', 'headers are of gateways');
SELECT is_empty($$SELECT FROM sg_requests WHERE reference = 'h6'$$, 'and mean nothing elsewhere');

---------------------------------------------------------------------------------------------------------------- whose it is
SELECT is(sgtest.try('bert', 'SELECT sg_consume_energy(2)', '{"smartgrid.reference": "a"}'), 'SG105', 'a principal is the same by any way');
SELECT is(sgtest.keep('sgt_gateway@anna', 'SELECT sg_report_production(3)', '{"smartgrid.reference": "a"}'), 't', 'another principal has references of its own');
SELECT is(sgtest.try('sgt_gateway@anna', 'SELECT sg_report_production(4)', '{"smartgrid.reference": "a"}'), 'SG105', 'and remembers its own call');
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT sg_register_consumer(1)', '{"smartgrid.reference": "a", "smartgrid.grid": "north"}'), 't', 'so has another grid');
SELECT is(sgtest.keep('sgt_gateway', $$SELECT sg_add_consumer_balance('bert', 7)$$, '{"smartgrid.reference": "a"}'), 't', 'nobody is the gateway''s role');
SELECT is(sgtest.try('sgt_gateway', $$SELECT sg_add_consumer_balance('bert', 8)$$, '{"smartgrid.reference": "a"}'), 'SG105', 'which remembers');
SELECT is(sgtest.try('sgt_gateway/sgt_web', $$SELECT sg_add_consumer_balance('bert', 8)$$, '{"smartgrid.reference": "a"}'), 't', 'the role that it has switched to is another');
SELECT is(sgtest.try('sgt_gateway@sgt_gateway', $$SELECT sg_add_consumer_balance('bert', 8)$$, '{"smartgrid.reference": "a"}'), 't', 'and so is a principal of the role''s name');
SELECT is(sgtest.try('sgt_north', 'SELECT sg_set_base_price(5)', '{"smartgrid.reference": "a", "smartgrid.grid": "north", "smartgrid.principal": "bert"}'), 'SG102', 'nobody borrows a name');
-- What was done is told even to who may not do it any more; a grid that is not there has nothing to tell.
SELECT is(sgtest.keep('sgt_north', 'SELECT sg_set_base_price(5)', '{"smartgrid.reference": "n", "smartgrid.grid": "north"}'), 't', 'an operator');
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_alter_grid('north', operator_role => 'sgt_operator')$$), 't', 'that is none any more');
SELECT is(sgtest.keep('sgt_north', 'SELECT sg_set_base_price(5)', '{"smartgrid.reference": "n", "smartgrid.grid": "north"}'), 't', 'gets its answer');
SELECT is(sgtest.keep('sgt_north', 'SELECT sg_set_base_price(6)', '{"smartgrid.reference": "n", "smartgrid.grid": "north"}'), 'SG105', 'and no other');
SELECT is(sgtest.keep('sgt_north', 'SELECT sg_set_base_price(5)', '{"smartgrid.reference": "n2", "smartgrid.grid": "north"}'), 'SG100', 'nor may it do more');
SELECT is(sgtest.keep('sgt_north', 'SELECT sg_set_base_price(5)', '{"smartgrid.reference": "n", "smartgrid.grid": "nowhere"}'), 'SG100', 'no grid');

------------------------------------------------------------------------------------------------------------ who sees it
SELECT is(sgtest.try('sgt_gateway@bert', 'SELECT count(*) FILTER (WHERE caller <> ''bert''), count(*) > 5 FROM sg_requests'), '0,t', 'one''s own');
SELECT is(sgtest.try('sgt_gateway', 'SELECT count(*) FILTER (WHERE caller <> ''sgt_gateway''), count(*) > 0 FROM sg_requests'), '0,t', 'of a gateway for nobody');
SELECT is(sgtest.try('sgt_gateway@sgt_gateway', 'SELECT count(*) FROM sg_requests'), '0', 'which a principal of that name does not see');
SELECT is(sgtest.try('sgt_web', 'SELECT count(*) FROM smartgrid.request'), '0', 'nothing of others, by the table either');
SELECT is(sgtest.try('sgt_north', 'SELECT count(*), min(reference) FROM sg_requests'), '1,n', 'an operator no more');
SELECT is(sgtest.try(who, 'SELECT count(*) FROM sg_requests'), (SELECT count(*)::text FROM smartgrid.request), who || ': all')
FROM (VALUES ('sgt_operator'), ('sgt_auditor')) AS w (who);
SELECT is(sgtest.try('sgt_web', 'SELECT count(*) FROM sg_requests', '{"smartgrid.principal": "bert"}'), '0', 'a name that does not count shows nothing, without an error');

---------------------------------------------------------------------------------------------------------- renaming, forgetting
SELECT is(sgtest.keep('sgt_gateway@carl', 'SELECT sg_cancel_trade(4)', '{"smartgrid.reference": "a"}'), 'SG102', 'a name that may do nothing');
SELECT is(sgtest.keep('sgt_gateway@carl', 'SELECT sg_register_consumer(5)', '{"smartgrid.reference": "a", "smartgrid.grid": "third"}'), 't', 'has a reference in another grid');
INSERT INTO smartgrid.request SELECT hash, made_at, 0, grid_id, false, 'carl', reference, 'sg_create_grid', '', '{t}' FROM smartgrid.request WHERE caller = 'bert' AND reference = 'f';
SELECT count(*) AS n FROM sg_requests WHERE caller = 'bert'
\gset
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_rename_participant('bert', 'carl')$$), 't', 'renaming');
SELECT is(sgtest.try('sgt_gateway@carl', 'SELECT sg_consume_energy(1)', '{"smartgrid.reference": "a"}'), 't', 'takes along what is remembered');
SELECT is(sgtest.try('sgt_gateway@carl', 'SELECT sg_consume_energy(2)', '{"smartgrid.reference": "a"}'), 'SG105', 'so that another call is one');
SELECT is(sgtest.try('sgt_gateway@carl', 'SELECT sg_consume_energy(5)', '{"smartgrid.reference": "f"}'), 'SG105', 'where the new name has the reference already, that stays');
SELECT is_empty($$SELECT FROM sg_requests WHERE caller = 'bert'$$, 'who takes the old name finds nothing');
SELECT is((SELECT count(*) FROM sg_requests WHERE caller = 'carl' AND grid = 'default'), :n::bigint, 'all is there but the one');
SELECT is(sgtest.try('sgt_north', $$SELECT sg_forget_requests(now())$$), 'SG100', 'forgetting is for operators');
SELECT is(sgtest.try('sgt_operator', $$SELECT sg_forget_requests(NULL)$$), 'SG108', 'before NULL');
SELECT is(sgtest.try('sgt_operator', $$SELECT sg_forget_requests('infinity')$$, '{"smartgrid.grid": "nowhere"}'), 'SG101', 'no grid');
UPDATE smartgrid.request SET made_at = '2026-01-01 00:00Z' WHERE caller = 'carl' AND reference IN ('a', 'f');
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_forget_requests('2026-01-01 00:00Z')$$), '0', 'those before');
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_forget_requests('2026-01-01 00:01Z')$$, '{"smartgrid.reference": "forget"}'), '2', 'of this grid');
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_forget_requests('2026-01-01 00:01Z')$$, '{"smartgrid.reference": "forget"}'), '2', 'which is remembered itself');
SELECT isnt_empty($$SELECT FROM sg_requests WHERE caller = 'carl' AND reference = 'a' AND grid = 'third'$$, 'not of another');
SELECT is(sgtest.try('sgt_gateway@carl', 'SELECT sg_consume_energy(2)', '{"smartgrid.reference": "a"}'), 't', 'what is forgotten is done again');

SELECT * FROM finish();
ROLLBACK;
