-- NULL in every argument, and figures at the ends of a bigint.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
\set SHOW_CONTEXT never

SET smartgrid.principal = 'm';
SELECT sg_register_producer(1000, 'solar');
SELECT sg_register_consumer(1000);
SELECT sg_register_storage(1000, 1000, 1000);

-- One line for each call: its SQLSTATE and message. Nothing stays done.
CREATE FUNCTION complaint(statement text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE statement;
    RAISE EXCEPTION USING ERRCODE = 'RB001', MESSAGE = 'no error';
EXCEPTION WHEN SQLSTATE 'RB001' THEN
    RETURN SQLERRM;
WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM, NULLIF('(' || detail || ')', '()'));
END $$;
\pset format unaligned
\pset tuples_only on
\pset fieldsep ': '

-- NULL, argument by argument, the others being 1, 'x' or true.
SELECT format('%s(%s)', c.name, c.arguments), complaint(format('SELECT %s(%s)', c.name, c.arguments))
FROM (SELECT p.proname AS name, p.oid, n,
             string_agg(CASE WHEN k = n THEN 'NULL' WHEN t = 'text'::regtype THEN '''x''' WHEN t = 'boolean'::regtype THEN 'true'
                                  WHEN t = 'tstzrange'::regtype THEN '''empty''' WHEN t = 'interval'::regtype THEN '''1 hour''' WHEN t = 'jsonb'::regtype THEN '''{}'''
                                  WHEN t IN ('timestamptz[]'::regtype, 'date[]'::regtype) THEN '''{2026-01-01}''' WHEN t IN ('timestamptz'::regtype, 'date'::regtype) THEN '''2026-01-01''' WHEN t::regtype::text LIKE '%[]' THEN '''{1}''' ELSE '1' END
                        || '::' || t::regtype, ', ' ORDER BY k) AS arguments
      FROM pg_proc AS p, generate_series(1, p.pronargs) AS n, unnest(p.proargtypes) WITH ORDINALITY AS a (t, k)
      WHERE p.proname LIKE 'sg\_%' AND p.pronamespace = 'public'::regnamespace AND p.proname NOT IN ('sg_create_grid', 'sg_alter_grid')
      GROUP BY p.proname, p.oid, n) AS c
ORDER BY c.name, c.arguments COLLATE "C", c.n;
SELECT format('sg_create_grid(%s => NULL)', a), complaint(format('SELECT sg_create_grid(%s)', CASE a WHEN 'name' THEN 'NULL' ELSE '''x'', ' || a || ' => NULL' END))
FROM unnest(ARRAY['name', 'operator_role', 'base_price', 'energy_scale', 'money_scale', 'currency', 'low_watermark', 'high_watermark', 'max_topup', 'stripes']) AS a;
SELECT 'sg_alter_grid(name => NULL)', complaint('SELECT sg_alter_grid(NULL)');

-- Zero, -1, and the ends of a bigint, for every amount.
SELECT c.call, complaint('SELECT ' || c.call)
FROM (SELECT replace(f, '?', v) AS call, fn, vn
      FROM unnest(ARRAY['sg_report_production(?)', 'sg_consume_energy(?)', 'sg_consume_energy(1, ?)', 'sg_charge_storage(?)', 'sg_discharge_storage(?)',
                        'sg_create_trade(''n'', ?, 1)', 'sg_complete_trade(?)', 'sg_cancel_trade(?)', 'sg_add_consumer_balance(''m'', ?)',
                        'sg_withdraw_earnings(?)', 'sg_set_base_price(?)', 'sg_record_metrics(?, 1, 1, 1)', 'sg_record_metrics(1, 1, 1, ?)',
                        'sg_quote(?)', 'sg_get_trade_info(?)', 'sg_get_metrics(?)', 'sg_create_grid(''g'', base_price => ?)',
                        'sg_create_grid(''h'', max_topup => ?)']) WITH ORDINALITY AS f (f, fn),
           unnest(ARRAY['0', '-1', '9223372036854775807', '-9223372036854775808']) WITH ORDINALITY AS v (v, vn)) AS c
ORDER BY c.fn, c.vn;

SET smartgrid.principal = 'n';
SELECT c.call, complaint('SELECT ' || c.call)
FROM (SELECT replace(f, '?', v) AS call, fn, vn
      FROM unnest(ARRAY['sg_register_producer(?, ''wind'')', 'sg_register_consumer(?)', 'sg_register_storage(?, 1, 1)',
                        'sg_register_storage(1, ?, 1)', 'sg_register_storage(1, 1, ?)']) WITH ORDINALITY AS f (f, fn),
           unnest(ARRAY['0', '-1', '9223372036854775807', '-9223372036854775808']) WITH ORDINALITY AS v (v, vn)) AS c
ORDER BY c.fn, c.vn;
SET smartgrid.principal = 'm';

-- Names: empty, 129 bytes, 65 characters of two bytes each.
SELECT replace(f, '?', '''' || left(v, 3) || CASE WHEN v <> '' THEN '...' ELSE '' END || ''''), complaint(replace('SELECT ' || f, '?', quote_literal(v)))
FROM unnest(ARRAY['sg_create_trade(?, 1, 1)', 'sg_add_consumer_balance(?, 1)', 'sg_update_producer_reputation(?, 1)', 'sg_deactivate_participant(?, true)',
                  'sg_reactivate_participant(?, true)', 'sg_rename_participant(?, ''x'')', 'sg_rename_participant(''m'', ?)', 'sg_get_producer_info(?)',
                  'sg_get_consumer_info(?)', 'sg_get_storage_info(?)', 'sg_create_grid(?)', 'sg_alter_grid(?)']) WITH ORDINALITY AS f (f, fn),
     unnest(ARRAY['', repeat('x', 129), repeat('é', 65)]) WITH ORDINALITY AS v (v, vn)
ORDER BY fn, vn;

-- Energy types, in any case but the right one.
SELECT v, complaint(format('SELECT sg_register_producer(1, %L)', v))
FROM unnest(ARRAY['', ' solar', 'SOLAR', 'Wind', 'natural gas', 'natural_gas', 'oil', 'sölar', repeat('solar', 3)]) AS v;

-- Periods.
SELECT v, complaint(format('SELECT sg_record_metrics(%L::tstzrange)', v))
FROM unnest(ARRAY['empty', '(,)', '[2020-01-01 00:00+00,)', '(,2020-01-01 00:00+00]', '[2020-01-01 00:00+00,infinity)', '[-infinity,2020-01-01 00:00+00)']) AS v;

-- Nothing of all this has left a trace.
\pset format aligned
\pset tuples_only off
SELECT kind, participant, energy, price, money FROM sg_ledger ORDER BY entry_id;
SELECT bool_and(ok) FROM sg_check();

DROP FUNCTION complaint(text);
DROP EXTENSION smartgrid;
