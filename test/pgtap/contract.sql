-- What there is: every function with its arguments, result, volatility and parallel safety; every table and view with its
-- columns; comments, names, types, row-level security, and what pg_dump carries.

\ir lib/begin.sql
SELECT no_plan();

-- The objects that belong to the extension.
CREATE TEMPORARY VIEW member AS
SELECT d.classid, d.objid
FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'smartgrid' AND d.deptype = 'e';
CREATE TEMPORARY VIEW relation AS
SELECT c.* FROM pg_class AS c JOIN member AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid;
CREATE TEMPORARY VIEW function AS
SELECT p.* FROM pg_proc AS p JOIN member AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;

---------------------------------------------------------------------------------------------------------- functions
CREATE TEMPORARY TABLE wanted_function (
    schema name, name name, arguments text, result text, volatility "char", parallel "char", strict boolean, language name
);
-- The API: in C, callable with NULL, with the rights of its caller. v: volatile, s: stable, i: immutable; u: parallel unsafe, s: safe.
INSERT INTO wanted_function
SELECT 'public', a.name, array_to_string(a.arguments, ', '), a.result, a.volatility, a.parallel, false, 'c'
FROM (VALUES
('sg_principal', '{}'::text[], 'text', 's'::"char", 's'::"char"),
('sg_grid', '{}', 'text', 's', 's'),
('sg_register_producer', '{capacity bigint, energy_type text}', 'boolean', 'v', 'u'),
('sg_register_consumer', '{consumption_limit bigint}', 'boolean', 'v', 'u'),
('sg_register_storage', '{capacity bigint, charge_rate bigint, discharge_rate bigint}', 'boolean', 'v', 'u'),
('sg_report_production', '{amount bigint}', 'boolean', 'v', 'u'),
('sg_consume_energy', '{amount bigint, max_cost bigint DEFAULT NULL::bigint}', 'boolean', 'v', 'u'),
('sg_charge_storage', '{amount bigint}', 'boolean', 'v', 'u'),
('sg_discharge_storage', '{amount bigint}', 'boolean', 'v', 'u'),
('sg_post_readings', ARRAY['principals text[]', 'kinds text[]', 'amounts bigint[]', 'at timestamp with time zone[] DEFAULT NULL::timestamp with time zone[]'],
    'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_post_readings', '{source regclass}', 'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_create_trade', '{buyer text, amount bigint, price bigint}', 'bigint', 'v', 'u'),
('sg_complete_trade', '{trade_id bigint}', 'boolean', 'v', 'u'),
('sg_cancel_trade', '{trade_id bigint}', 'boolean', 'v', 'u'),
('sg_add_consumer_balance', '{target text, amount bigint}', 'boolean', 'v', 'u'),
('sg_withdraw_earnings', '{amount bigint}', 'boolean', 'v', 'u'),
('sg_withdraw_balance', '{amount bigint}', 'boolean', 'v', 'u'),
('sg_refund', '{target text, amount bigint}', 'boolean', 'v', 'u'),
('sg_pay_producer', '{target text, amount bigint}', 'boolean', 'v', 'u'),
('sg_pay_due', '{money bigint}', 'boolean', 'v', 'u'),
('sg_record_payment', '{target text, money bigint, key text}', 'boolean', 'v', 'u'),
('sg_set_party', '{participant text, valid_from timestamp with time zone, details jsonb, correct boolean DEFAULT false}', 'boolean', 'v', 'u'),
('sg_issue', '{run bigint, issue_date date DEFAULT CURRENT_DATE}', 'TABLE(number text, kind text, participant text, net bigint, vat bigint, gross bigint)', 'v', 'u'),
('sg_cancel_document', '{number text, reason text, issue_date date DEFAULT CURRENT_DATE}', 'text', 'v', 'u'),
('sg_reverse_entry', '{entry_id bigint, reason text}', 'bigint', 'v', 'u'),
('sg_correct_reading', '{entry_id bigint, amount bigint, reason text}', 'bigint', 'v', 'u'),
('sg_write_off', '{amount bigint, reason text}', 'boolean', 'v', 'u'),
('sg_forget_requests', '{before timestamp with time zone}', 'bigint', 'v', 'u'),
('sg_set_point', ARRAY['point text', 'valid_from timestamp with time zone', 'owner text DEFAULT NULL::text', 'kind text DEFAULT NULL::text',
                       'resolution interval DEFAULT NULL::interval', 'capacity numeric DEFAULT NULL::numeric', 'meter text DEFAULT NULL::text',
                       'neighbour text DEFAULT NULL::text', 'class text DEFAULT NULL::text', 'role text DEFAULT NULL::text',
                       'correct boolean DEFAULT false'], 'boolean', 'v', 'u'),
('sg_set_points', '{source regclass, correct boolean DEFAULT false}', 'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_end_point', '{point text, valid_to timestamp with time zone, correct boolean DEFAULT false}', 'boolean', 'v', 'u'),
('sg_rename_point', '{old text, new text}', 'boolean', 'v', 'u'),
('sg_post_intervals', ARRAY['points text[]', 'starts timestamp with time zone[]', 'amounts bigint[]', 'qualities text[] DEFAULT NULL::text[]', 'label text DEFAULT NULL::text',
                            $$replace_with text DEFAULT 'better'::text$$, 'accept_spikes boolean DEFAULT false', 'round boolean DEFAULT false'],
    'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_post_intervals', ARRAY['source regclass', 'label text DEFAULT NULL::text', $$replace_with text DEFAULT 'better'::text$$, 'accept_spikes boolean DEFAULT false',
                            'round boolean DEFAULT false'], 'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_post_days', ARRAY['points text[]', 'days date[]', 'amounts text[]', 'qualities text[] DEFAULT NULL::text[]', 'label text DEFAULT NULL::text',
                       $$replace_with text DEFAULT 'better'::text$$, 'accept_spikes boolean DEFAULT false', 'round boolean DEFAULT false'],
    'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_withdraw_batch', '{batch bigint}', 'bigint', 'v', 'u'),
('sg_pack_intervals', '{before date DEFAULT NULL::date}', 'bigint', 'v', 'u'),
('sg_interval_series', ARRAY['point text', 'period tstzrange', 'resolution interval DEFAULT NULL::interval', 'as_of timestamp with time zone DEFAULT NULL::timestamp with time zone'],
    'TABLE(start timestamp with time zone, amount bigint, kwh numeric, quality text, qualities text[], owner text, recorded_at timestamp with time zone, batch bigint)', 's', 'u'),
('sg_interval_versions', '{point text, start timestamp with time zone}',
    'TABLE(version integer, amount bigint, quality text, label text, batch bigint, recorded_at timestamp with time zone, superseded_at timestamp with time zone)', 's', 'u'),
('sg_completeness', '{period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}',
    'TABLE(point text, owner text, kind text, expected bigint, measured bigint, substituted bigint, estimated bigint, calculated bigint, missing bigint, percent numeric, first_missing timestamp with time zone, last_recorded_at timestamp with time zone)', 's', 'u'),
('sg_validate', '{period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}',
    'TABLE(point text, start timestamp with time zone, rule text, value numeric, "limit" numeric)', 's', 'u'),
('sg_substitute', ARRAY['period tstzrange', 'method text', 'points text[] DEFAULT NULL::text[]', 'max_gap interval DEFAULT NULL::interval',
                        'profile text DEFAULT NULL::text', 'quality text DEFAULT ''substituted''::text'],
    'TABLE(point text, start timestamp with time zone, amount bigint, method text)', 'v', 'u'),
('sg_gaps', '{period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}', 'TABLE(point text, gap tstzrange, slots bigint)', 's', 'u'),
('sg_grid_balance', ARRAY['period tstzrange', 'resolution interval DEFAULT ''00:15:00''::interval', 'by text DEFAULT ''grid''::text',
                          'digits integer DEFAULT NULL::integer', 'as_of timestamp with time zone DEFAULT NULL::timestamp with time zone'],
    'TABLE(start timestamp with time zone, key text, class text, production bigint, consumption bigint, storage bigint, exchange bigint, loss bigint, qualities text[])', 's', 'u'),
('sg_exchange_meter', '{point text, at timestamp with time zone, final_value numeric, meter text, initial_value numeric DEFAULT 0, digits integer DEFAULT NULL::integer, correct boolean DEFAULT false}', 'boolean', 'v', 'u'),
('sg_post_registers', ARRAY['points text[]', 'at timestamp with time zone[]', 'readings numeric[]', 'qualities text[] DEFAULT NULL::text[]',
                            'label text DEFAULT NULL::text', 'spread text DEFAULT NULL::text'], 'TABLE(ord bigint, sqlstate text, message text)', 'v', 'u'),
('sg_export', '{format text, period tstzrange, points text[] DEFAULT NULL::text[], as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}', 'SETOF text', 's', 'u'),
('sg_import', ARRAY['content text', 'format text', $$options jsonb DEFAULT '{}'::jsonb$$], 'TABLE(line integer, point text, sqlstate text, message text)', 'v', 'u'),
('sg_post_series', ARRAY['series text', 'starts timestamp with time zone[]', '"values" numeric[]', 'step interval DEFAULT NULL::interval'], 'bigint', 'v', 'u'),
('sg_series_values', ARRAY['series text', 'period tstzrange DEFAULT NULL::tstzrange', 'as_of timestamp with time zone DEFAULT NULL::timestamp with time zone'],
    'TABLE(start timestamp with time zone, stop timestamp with time zone, value numeric, step interval, recorded_at timestamp with time zone)', 's', 'u'),
('sg_set_allocation', '{valid_from timestamp with time zone, model text, correct boolean DEFAULT false}', 'boolean', 'v', 'u'),
('sg_set_tariff', ARRAY['tariff text', 'valid_from timestamp with time zone', 'components jsonb', $$options jsonb DEFAULT '{}'::jsonb$$, 'for_all boolean DEFAULT false', 'correct boolean DEFAULT false'],
    'boolean', 'v', 'u'),
('sg_assign_tariff', ARRAY['tariff text', 'valid_from timestamp with time zone', 'point text DEFAULT NULL::text', 'participant text DEFAULT NULL::text', 'quantity numeric DEFAULT 1', 'correct boolean DEFAULT false'],
    'boolean', 'v', 'u'),
('sg_unassign_tariff', ARRAY['tariff text', 'valid_to timestamp with time zone', 'point text DEFAULT NULL::text', 'participant text DEFAULT NULL::text', 'correct boolean DEFAULT false'],
    'boolean', 'v', 'u'),
('sg_set_holidays', '{days date[], correct boolean DEFAULT false}',
    'boolean', 'v', 'u'),
('sg_price_check', '{tariff text, period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}',
    'TABLE(component text, start timestamp with time zone, stop timestamp with time zone, price numeric)', 's', 'u'),
('sg_settle', ARRAY['period tstzrange', 'accept text[] DEFAULT ''{measured,substituted,calculated}''::text[]', 'as_of timestamp with time zone DEFAULT NULL::timestamp with time zone'], 'bigint', 'v', 'u'),
('sg_finalize', '{run bigint}', 'boolean', 'v', 'u'),
('sg_discard', '{run bigint}', 'boolean', 'v', 'u'),
('sg_run_problems', '{run bigint}', 'TABLE(problem text, point text, participant text, component text, slots bigint, first timestamp with time zone)', 's', 'u'),
('sg_run_basis', '{run bigint}', 'TABLE(kind text, key text, valid tstzrange, version text, digest text)', 's', 'u'),
('sg_verify_run', '{run bigint}', 'TABLE(part text, stored text, computed text, ok boolean)', 's', 'u'),
('sg_run_steps', ARRAY['run bigint', 'component text DEFAULT NULL::text'], 'TABLE(participant text, point text, kind text, component text, start timestamp with time zone, stop timestamp with time zone, quantity numeric, qualities text[], price numeric, money bigint)', 's', 'u'),
('sg_run_changes', '{run bigint}', 'TABLE(participant text, point text, component text, money_was bigint, money_now bigint, delta bigint)', 's', 'u'),
('sg_run_of_day', '{period tstzrange}', 'TABLE(day date, run bigint, number integer)', 's', 'u'),
('sg_set_share', ARRAY['point text', 'valid_from timestamp with time zone', 'factor numeric DEFAULT NULL::numeric', 'key numeric DEFAULT NULL::numeric',
                       'priority integer DEFAULT NULL::integer', 'correct boolean DEFAULT false'], 'boolean', 'v', 'u'),
('sg_allocate', '{period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}',
    'TABLE(start timestamp with time zone, point text, owner text, kind text, amount bigint, eligible bigint, share bigint, covered bigint, rest bigint, quality text)', 's', 'u'),
('sg_allocation_sums', '{period tstzrange, as_of timestamp with time zone DEFAULT NULL::timestamp with time zone}',
    'TABLE(point text, owner text, kind text, slots bigint, amount bigint, eligible bigint, share bigint, covered bigint, rest bigint, qualities text[])', 's', 'u'),
('sg_community', ARRAY['period tstzrange', 'bucket interval DEFAULT ''1 mon''::interval', 'as_of timestamp with time zone DEFAULT NULL::timestamp with time zone'],
    'TABLE(start timestamp with time zone, produced bigint, consumed bigint, covered bigint, surplus bigint, self_consumption numeric, self_sufficiency numeric)', 's', 'u'),
('sg_check', '{OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean}', 'SETOF record', 's', 'u'),
('sg_set_base_price', '{new_price bigint}', 'boolean', 'v', 'u'),
('sg_toggle_emergency_mode', '{}', 'boolean', 'v', 'u'),
('sg_record_metrics', '{production bigint, consumption bigint, peak_load bigint, efficiency bigint}', 'bigint', 'v', 'u'),
('sg_record_metrics', '{period tstzrange}', 'bigint', 'v', 'u'),
('sg_update_producer_reputation', '{target text, new_score integer}', 'boolean', 'v', 'u'),
('sg_deactivate_participant', '{target text, is_producer boolean}', 'boolean', 'v', 'u'),
('sg_reactivate_participant', '{target text, is_producer boolean}', 'boolean', 'v', 'u'),
('sg_enrol_producer', '{principal text, capacity bigint, energy_type text}', 'boolean', 'v', 'u'),
('sg_enrol_consumer', '{principal text, consumption_limit bigint}', 'boolean', 'v', 'u'),
('sg_enrol_storage', '{principal text, capacity bigint, charge_rate bigint, discharge_rate bigint}', 'boolean', 'v', 'u'),
('sg_alter_producer', ARRAY['principal text', 'capacity bigint DEFAULT NULL::bigint'], 'boolean', 'v', 'u'),
('sg_alter_consumer', ARRAY['principal text', 'consumption_limit bigint DEFAULT NULL::bigint'], 'boolean', 'v', 'u'),
('sg_alter_storage', ARRAY['principal text', 'capacity bigint DEFAULT NULL::bigint', 'charge_rate bigint DEFAULT NULL::bigint',
                           'discharge_rate bigint DEFAULT NULL::bigint'], 'boolean', 'v', 'u'),
('sg_rename_participant', '{old text, new text}', 'boolean', 'v', 'u'),
('sg_balance_load', '{OUT principal text, OUT action text, OUT amount bigint}', 'SETOF record', 'v', 'u'),
('sg_create_grid', ARRAY['name text', 'operator_role text DEFAULT ''smartgrid_operator''::text', 'base_price bigint DEFAULT 100',
                         'energy_scale integer DEFAULT 0', 'money_scale integer DEFAULT 0', 'currency text DEFAULT ''XXX''::text',
                         'low_watermark numeric DEFAULT 20', 'high_watermark numeric DEFAULT 80', 'max_topup bigint DEFAULT 1000000',
                         'stripes integer DEFAULT 64', 'registration text DEFAULT ''open''::text',
                         'max_amount bigint DEFAULT ''1000000000000000''::bigint', 'price_rule text DEFAULT ''load''::text'], 'boolean', 'v', 'u'),
('sg_alter_grid', ARRAY['name text', 'operator_role text DEFAULT NULL::text', 'base_price bigint DEFAULT NULL::bigint',
                        'energy_scale integer DEFAULT NULL::integer', 'money_scale integer DEFAULT NULL::integer',
                        'currency text DEFAULT NULL::text', 'low_watermark numeric DEFAULT NULL::numeric',
                        'high_watermark numeric DEFAULT NULL::numeric', 'max_topup bigint DEFAULT NULL::bigint',
                        'stripes integer DEFAULT NULL::integer', 'registration text DEFAULT NULL::text',
                        'max_amount bigint DEFAULT NULL::bigint', 'price_rule text DEFAULT NULL::text'], 'boolean', 'v', 'u'),
('sg_seal', '{grid text DEFAULT NULL::text}', 'TABLE(height bigint, hash text, entries bigint, first_entry bigint, last_entry bigint)', 'v', 'u'),
('sg_prove_entry', '{entry_id bigint}', 'jsonb', 's', 'u'),
('sg_prove_blocks', '{from_height bigint, to_height bigint, grid text DEFAULT NULL::text}', 'jsonb', 's', 'u'),
('sg_verify_proof', '{proof jsonb, hash text, earlier_hash text DEFAULT NULL::text}', 'boolean', 'i', 's'),
('sg_verify_ledger', '{grid text DEFAULT NULL::text, from_height bigint DEFAULT 0, published_height bigint DEFAULT NULL::bigint, published_hash text DEFAULT NULL::text}', 'TABLE(height bigint, entries bigint, ok boolean, problem text, entry_id bigint, detail text)', 's', 'u'),
('sg_verify_batches', '{from_batch bigint DEFAULT NULL::bigint, to_batch bigint DEFAULT NULL::bigint}', 'TABLE(batch bigint, stored text, computed text, ok boolean)', 's', 'u'),
('sg_batch_lines', '{batch bigint}', 'SETOF text', 's', 'u'),
('sg_statement', '{principal text, period tstzrange}', 'TABLE(part text, at timestamp with time zone, entry_id bigint, kind text, counterparty text, trade_id bigint, energy bigint, price bigint, money bigint, balance bigint, earnings bigint, unsold bigint, stored bigint, consumed bigint, height bigint, hash text, booked_at timestamp with time zone, about bigint, due bigint)', 's', 'u'),
('sg_set_energy_type', '{energy_type text, renewable boolean DEFAULT NULL::boolean, co2_g_per_kwh numeric DEFAULT NULL::numeric, source text DEFAULT NULL::text}', 'boolean', 'v', 'u'),
('sg_set_time_zone', '{time_zone text}', 'boolean', 'v', 'u'),
('sg_time_zone', '{}', 'text', 's', 'u'),
('sg_load_curve', ARRAY['grid text DEFAULT NULL::text', 'period tstzrange DEFAULT NULL::tstzrange', 'bucket interval DEFAULT ''00:15:00''::interval', 'time_zone text DEFAULT NULL::text', 'principal text DEFAULT NULL::text'],
    'TABLE(bucket_start timestamp with time zone, bucket_end timestamp with time zone, produced numeric, produced_kwh numeric, solar numeric, solar_kwh numeric, wind numeric, wind_kwh numeric, hydro numeric, hydro_kwh numeric, nuclear numeric, nuclear_kwh numeric, geothermal numeric, geothermal_kwh numeric, biomass numeric, biomass_kwh numeric, natural_gas numeric, natural_gas_kwh numeric, consumed numeric, consumed_kwh numeric, charged numeric, charged_kwh numeric, discharged numeric, discharged_kwh numeric, traded numeric, traded_kwh numeric, price_avg numeric, price_avg_currency numeric, price_low bigint, price_low_currency numeric, price_high bigint, price_high_currency numeric, revenue numeric, revenue_currency numeric, load numeric, load_kwh numeric, utilization numeric, currency text, demand numeric, demand_kwh numeric)', 's', 'u'),
('sg_kpis', '{period tstzrange DEFAULT NULL::tstzrange, grid text DEFAULT NULL::text}', 'TABLE(kpi text, value numeric, unit text, at timestamp with time zone, definition text)', 's', 'u'),
('sg_rebuild_rollups', '{grid text DEFAULT NULL::text}', 'bigint', 'v', 'u'),
('sg_get_producer_info', '{producer text, OUT capacity bigint, OUT current_production bigint, OUT total_produced bigint, OUT energy_type text, OUT active boolean, OUT reputation_score integer, OUT unsold bigint, OUT earnings bigint}', 'record', 's', 's'),
('sg_get_consumer_info', '{consumer text, OUT consumption_limit bigint, OUT total_consumed bigint, OUT current_usage bigint, OUT balance bigint, OUT active boolean}', 'record', 's', 's'),
('sg_get_storage_info', '{storage text, OUT capacity bigint, OUT stored_amount bigint, OUT charge_rate bigint, OUT discharge_rate bigint}', 'record', 's', 's'),
('sg_get_trade_info', '{trade_id bigint, OUT seller text, OUT buyer text, OUT amount bigint, OUT price bigint, OUT cost bigint, OUT status text, OUT completed boolean, OUT created_at timestamp with time zone, OUT completed_at timestamp with time zone}', 'record', 's', 's'),
('sg_get_grid_status', '{OUT total_capacity bigint, OUT current_load bigint, OUT utilization numeric, OUT base_price bigint, OUT dynamic_price bigint, OUT emergency_mode boolean}', 'record', 's', 's'),
('sg_get_dynamic_price', '{}', 'bigint', 's', 's'),
('sg_get_metrics', '{metrics_id bigint, OUT production bigint, OUT consumption bigint, OUT peak_load bigint, OUT efficiency bigint, OUT recorded_at timestamp with time zone, OUT period tstzrange}', 'record', 's', 's'),
('sg_quote', '{amount bigint, OUT price bigint, OUT cost bigint, OUT affordable boolean, OUT available boolean}', 'record', 's', 's'),
('sg_last_entry', '{OUT entry_id bigint, OUT grid text, OUT at timestamp with time zone, OUT kind text, OUT participant text, OUT counterparty text, OUT energy bigint, OUT price bigint, OUT money bigint, OUT trade_id bigint, OUT booked_at timestamp with time zone, OUT about bigint}', 'record', 'v', 'u')
) AS a (name, arguments, result, volatility, parallel);
-- Functions of the type sg_day, NULL for NULL.
INSERT INTO wanted_function VALUES
('public', 'sg_day_make', 'amounts bigint[], qualities text[] DEFAULT NULL::text[], utc_offset interval DEFAULT ''00:00:00''::interval, resolution interval DEFAULT ''00:15:00''::interval',
    'sg_day', 'i', 's', false, 'c'),
('public', 'sg_day_slots', 'data sg_day', 'integer', 'i', 's', true, 'c'),
('public', 'sg_day_at', 'data sg_day, slot integer', 'bigint', 'i', 's', true, 'c'),
('public', 'sg_day_at', 'data sg_day, day date, at timestamp with time zone', 'bigint', 'i', 's', true, 'c'),
('public', 'sg_day_quality', 'data sg_day, slot integer', 'text', 'i', 's', true, 'c'),
('public', 'sg_day_qualities', 'data sg_day', 'text[]', 'i', 's', true, 'c'),
('public', 'sg_day_sum', 'data sg_day', 'bigint', 'i', 's', true, 'c'),
('public', 'sg_day_slice', 'data sg_day, from_slot integer, to_slot integer', 'sg_day', 'i', 's', true, 'c'),
('public', 'sg_day_slice', 'data sg_day, day date, period tstzrange', 'sg_day', 'i', 's', true, 'c'),
('public', 'sg_day_unnest', 'data sg_day, day date DEFAULT NULL::date',
    'TABLE(slot integer, start timestamp with time zone, resolution interval, amount bigint, quality text)', 'i', 's', false, 'c'),
('public', 'sg_days_sum', 'data sg_day', 'bigint', 'i', 's', false, 'internal'),
('public', 'sg_days_sum', 'data sg_day, day date, period tstzrange', 'bigint', 'i', 's', false, 'internal'),
('public', 'sg_days_by_slot', 'data sg_day', 'sg_day', 'i', 's', false, 'internal'),
('public', 'sg_days_qualities', 'data sg_day', 'text[]', 'i', 's', false, 'internal');
-- In SQL, as nothing there has to be checked or kept from the caller.
INSERT INTO wanted_function VALUES
('public', 'sg_help', 'pattern text DEFAULT NULL::text', 'TABLE(function text, arguments text, returns text, description text)', 's', 's', false, 'sql'),
('public', 'sg_version', '', 'text', 's', 's', false, 'sql');
-- What writes SQL is written in PL/pgSQL.
INSERT INTO wanted_function VALUES
('public', 'sg_create_api', 'schema text, role text', 'boolean', 'v', 'u', false, 'plpgsql');

-- The report, and documents, are put together in PL/pgSQL.
INSERT INTO wanted_function VALUES
('public', 'sg_report', 'period tstzrange DEFAULT NULL::tstzrange, grid text DEFAULT NULL::text', 'text', 's', 'u', false, 'plpgsql'),
('public', 'sg_render_document', $$number text, format text DEFAULT 'html'::text$$, 'text', 's', 'u', false, 'plpgsql');

SELECT is(
    (SELECT format('(%s) RETURNS %s %s %s %s %s', pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.provolatile,
                   p.proparallel, CASE WHEN p.proisstrict THEN 'STRICT' ELSE 'NULL' END, l.lanname)
     FROM function AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
     WHERE n.nspname = w.schema AND p.proname = w.name AND pg_get_function_arguments(p.oid) = w.arguments),
    format('(%s) RETURNS %s %s %s %s %s', w.arguments, w.result, w.volatility, w.parallel, CASE WHEN w.strict THEN 'STRICT' ELSE 'NULL' END,
           w.language),
    w.name::text)
FROM wanted_function AS w ORDER BY w.name, w.arguments;

SELECT is_empty($$
    SELECT p.oid::regprocedure
    FROM function AS p
    WHERE p.proname LIKE 'sg\_%' AND NOT EXISTS (SELECT FROM wanted_function AS w
                                                WHERE w.name = p.proname AND w.arguments = pg_get_function_arguments(p.oid))
$$, 'no other function of the API');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM function AS p WHERE (p.pronamespace = 'smartgrid'::regnamespace) = (p.proname LIKE 'sg\_%')
$$, 'the API is in the extension''s schema, everything else in the schema smartgrid');
SELECT is_empty('SELECT oid::regprocedure FROM function WHERE prosecdef', 'no SECURITY DEFINER');
SELECT set_eq('SELECT oid::regprocedure::text FROM function WHERE proleakproof', $$VALUES ('smartgrid.hint_whole_grid(bigint)'), ('smartgrid.hint_any_party(bigint)')$$,
              'nothing claims to be leakproof but what is true for everything');
SELECT is_empty($$SELECT oid::regprocedure FROM function WHERE proleakproof AND prosrc <> 'sg_always'$$, 'that is one C function');
SELECT is_empty($$SELECT n FROM unnest('{-9223372036854775808,-1,0,1,9223372036854775807}'::bigint[]) AS n
                  WHERE NOT (smartgrid.hint_whole_grid(n) AND smartgrid.hint_any_party(n)) IS TRUE$$, 'and it is true');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM function AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE l.lanname NOT IN ('c', 'sql') AND p.prokind <> 'a' AND NOT coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'
$$, 'what is not C or SQL pins its search_path');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM function AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE l.lanname = 'sql' AND p.prosqlbody IS NULL AND NOT coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'
$$, 'what is SQL is bound when it is created or pins its search_path');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM function AS p
    WHERE p.proname LIKE 'sg\_%' AND p.provolatile = 'v' AND p.proparallel <> 'u'
$$, 'what writes is parallel unsafe');

------------------------------------------------------------------------------------------------------------- tables
SELECT bag_eq(
    $$SELECT relname::text FROM relation WHERE relkind = 'r'$$,
    ARRAY['grid', 'pool', 'participant', 'producer', 'consumer', 'storage', 'trade', 'ledger', 'metrics', 'price_event', 'block',
          'block_detail', 'seal_point', 'energy_type_factor', 'grid_zone', 'capacity_event', 'rollup', 'rollup_end', 'rollup_production',
          'reversal', 'request', 'entry_digest', 'due', 'payment', 'point', 'point_name', 'point_period', 'recording', 'allocation', 'share', 'holiday',
          'tariff', 'tariff_version', 'assignee', 'assignment', 'run', 'run_line', 'run_basis', 'run_problem', 'batch',
          'interval_day', 'interval_pack', 'open_slot', 'register_reading', 'party', 'document', 'document_number', 'series', 'series_step', 'series_value'],
    'tables');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind NOT IN ('r', 'v', 'S')$$, 'nothing but tables, views and sequences; no partitions');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relispartition$$, 'no partition of anything');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind IN ('r', 'S') AND relnamespace <> 'smartgrid'::regnamespace$$, 'tables and sequences are in the schema smartgrid');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'v' AND relnamespace <> 'public'::regnamespace$$, 'views are in the extension''s schema');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class AS c
                  WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind NOT IN ('i', 'c') AND c.oid NOT IN (SELECT oid FROM relation)$$,
                'the schema smartgrid has nothing that is not the extension''s');
SELECT bag_eq($$SELECT c.relname::text FROM pg_class AS c WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind = 'c'
                      AND EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_type'::regclass AND d.objid = c.reltype AND d.deptype = 'e')$$,
    ARRAY['report_axis', 'report_bucket', 'report_context', 'report_html', 'report_metered', 'report_party'], 'types of rows that the report hands on');
SELECT is((SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind = 'c'), 6::bigint, 'and no others');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'r' AND NOT relrowsecurity$$, 'every table has row-level security');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'r' AND relforcerowsecurity$$, 'none forces it upon its owner: dumps are complete');
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'r' AND relpersistence <> 'p'$$, 'every table is logged');
SELECT is_empty($$SELECT c.oid::regclass FROM relation AS c
                  WHERE c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'p')$$,
                'every table has a primary key');
SELECT is_empty($$SELECT k.conname FROM pg_constraint AS k JOIN relation AS c ON c.oid IN (k.conrelid, k.confrelid) WHERE k.contype = 'f'$$,
                'no foreign keys');
SELECT is_empty($$SELECT k.conname FROM pg_constraint AS k JOIN relation AS c ON c.oid = k.conrelid WHERE k.condeferrable OR NOT k.convalidated$$,
                'no deferrable constraint, none unchecked');
SELECT is_empty($$SELECT p.polname FROM pg_policy AS p JOIN relation AS c ON c.oid = p.polrelid WHERE p.polcmd <> 'r'$$,
                'policies are for reading');
SELECT bag_eq(
    $$SELECT c.relname::text, p.polname::text FROM pg_policy AS p JOIN relation AS c ON c.oid = p.polrelid$$,
    $$VALUES ('grid', 'everyone'), ('price_event', 'everyone'), ('pool', 'grid_readers'), ('metrics', 'grid_readers'),
             ('participant', 'own_or_grid_reader'), ('producer', 'own_or_grid_reader'), ('consumer', 'own_or_grid_reader'),
             ('storage', 'own_or_grid_reader'), ('trade', 'party_or_grid_reader'), ('ledger', 'party_or_grid_reader'), ('block', 'everyone'),
             ('energy_type_factor', 'everyone'), ('grid_zone', 'everyone'), ('capacity_event', 'grid_readers'), ('rollup', 'grid_readers'),
             ('rollup_end', 'grid_readers'), ('rollup_production', 'grid_readers'), ('reversal', 'who_sees_the_entry'), ('entry_digest', 'who_sees_the_entry'), ('request', 'own_or_grid_reader'),
             ('point', 'own_or_grid_reader'), ('point_name', 'own_or_grid_reader'), ('point_period', 'own_or_grid_reader'), ('recording', 'grid_readers'),
             ('allocation', 'everyone'), ('series', 'everyone'), ('series_step', 'everyone'), ('series_value', 'everyone'), ('share', 'own_or_grid_reader'),
             ('due', 'own_or_grid_reader'), ('payment', 'own_or_grid_reader'),
             ('holiday', 'everyone'), ('tariff', 'everyone'), ('tariff_version', 'everyone'), ('assignee', 'own_or_grid_reader'), ('assignment', 'own_or_grid_reader'),
             ('run', 'own_or_grid_reader'), ('run_line', 'own_or_grid_reader'), ('run_basis', 'grid_reader'), ('run_problem', 'grid_reader'),
             ('party', 'issuer'), ('party', 'own_or_grid_reader'), ('document', 'own_or_grid_reader'), ('document_number', 'grid_reader'),
             ('batch', 'grid_reader'), ('batch', 'own'), ('interval_day', 'grid_reader'), ('interval_pack', 'grid_reader'), ('open_slot', 'grid_reader'), ('register_reading', 'grid_reader')$$,
    'policies');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull AND (c.relname, a.attname) NOT IN (('metrics', 'period'), ('rollup', 'price_low'), ('rollup', 'price_high'),
                                                                                          ('register_reading', 'initial'), ('register_reading', 'digits'),
        ('run', 'charges'), ('run', 'credits'), ('run_line', 'price'), ('run_line', 'money'), ('run_line', 'vat_category'), ('run_line', 'vat_rate'))
$$, 'only a metrics record''s period, the prices of a quarter-hour without consumption what readings without an exchange of the meter lack, and money, prices and VAT of runs may be NULL');

-- Every invariant of a row is a CHECK: they guard restore and repair by hand.
SELECT throws_ok(statement, '23514', NULL, statement)
FROM (VALUES
    ($$INSERT INTO smartgrid.pool VALUES (1, 0, -1, 0, 0)$$),
    ($$INSERT INTO smartgrid.pool VALUES (1, 0, 0, -1, 0)$$),
    ($$INSERT INTO smartgrid.pool VALUES (1, 0, 0, 0, -1)$$),
    ($$INSERT INTO smartgrid.pool VALUES (1, -1, 0, 0, 0)$$),
    ($$UPDATE smartgrid.grid SET base_price = 0$$),
    ($$UPDATE smartgrid.grid SET max_topup = 0$$),
    ($$UPDATE smartgrid.grid SET stripes = 0$$),
    ($$UPDATE smartgrid.grid SET stripes = 1025$$),
    ($$UPDATE smartgrid.grid SET energy_scale = 19$$),
    ($$UPDATE smartgrid.grid SET money_scale = -1$$),
    ($$UPDATE smartgrid.grid SET name = ''$$),
    ($$UPDATE smartgrid.grid SET name = repeat('é', 65)$$),
    ($$UPDATE smartgrid.grid SET currency = ''$$),
    ($$UPDATE smartgrid.grid SET low_watermark = -1$$),
    ($$UPDATE smartgrid.grid SET low_watermark = 81$$),
    ($$UPDATE smartgrid.grid SET high_watermark = 101$$),
    ($$INSERT INTO smartgrid.participant VALUES (1, 1, '')$$),
    ($$INSERT INTO smartgrid.participant VALUES (1, 1, repeat('é', 65))$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 0, 0, 0, 0, 0, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, -1, 0, 0, 0, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, -1, 0, 0, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 5, 6, 0, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 5, -1, 0, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 0, 0, -1, now(), 1, 100, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 0, 0, 0, now(), 1, 101, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 0, 0, 0, now(), 1, -1, 0, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer VALUES (1, 10, 0, 0, 0, 0, now(), 1, 100, -1, true, 'infinity')$$),
    ($$INSERT INTO smartgrid.producer SELECT 1, 10, 0, 0, 0, 0, now(), 1, 100, count(*), true, 'infinity' FROM smartgrid.default_energy_types()$$),
    ($$INSERT INTO smartgrid.consumer VALUES (1, 0, 0, 0, 0, now(), 1, true, 0, 'infinity')$$),
    ($$INSERT INTO smartgrid.consumer VALUES (1, 10, -1, 0, 0, now(), 1, true, 0, 'infinity')$$),
    ($$INSERT INTO smartgrid.consumer VALUES (1, 10, 20, -1, 0, now(), 1, true, 0, 'infinity')$$),
    ($$INSERT INTO smartgrid.consumer VALUES (1, 10, 0, 0, 0, now(), 1, true, -1, 'infinity')$$),
    ($$INSERT INTO smartgrid.consumer VALUES (1, 10, 0, 0, -1, now(), 1, true, 0, 'infinity')$$),
    ($$INSERT INTO smartgrid.storage VALUES (1, 0, 0, 1, 1, now(), 1)$$),
    ($$INSERT INTO smartgrid.storage VALUES (1, 10, 11, 1, 1, now(), 1)$$),
    ($$INSERT INTO smartgrid.storage VALUES (1, 10, -1, 1, 1, now(), 1)$$),
    ($$INSERT INTO smartgrid.storage VALUES (1, 10, 0, 0, 1, now(), 1)$$),
    ($$INSERT INTO smartgrid.storage VALUES (1, 10, 0, 1, 0, now(), 1)$$),
    ($$INSERT INTO smartgrid.payment VALUES (1, 0, 1, 1, 'a')$$),
    ($$INSERT INTO smartgrid.payment VALUES (1, 1, 1, 1, '')$$),
    ($$INSERT INTO smartgrid.payment VALUES (1, 1, 1, 1, repeat('é', 33))$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 0, 1, 0, now(), 'infinity', 1, 0)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 1, 0, 0, now(), 'infinity', 1, 0)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 1, 1, -1, now(), 'infinity', 1, 0)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 1, 1, 1, 1, now(), 'infinity', 1, 0)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 1, 1, 1, now(), now(), 1, 0)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 1, 1, 1, now(), 'infinity', 1, 1)$$),
    ($$INSERT INTO smartgrid.trade VALUES (1, 1, 2, 1, 1, 1, now(), now(), 1, 4)$$),
    ($$INSERT INTO smartgrid.ledger VALUES (1, 1, 0, -1, 0, 0, 0, now(), 1, 0, now())$$),
    ($$INSERT INTO smartgrid.ledger VALUES (1, 1, 0, 0, -1, 0, 0, now(), 1, 0, now())$$),
    ($$INSERT INTO smartgrid.ledger VALUES (1, 1, 0, 0, 0, -1, 0, now(), 1, 0, now())$$),
    ($$INSERT INTO smartgrid.ledger VALUES (1, 1, 0, 0, 0, 0, 0, now(), 1, -1, now())$$),
    ($$INSERT INTO smartgrid.ledger SELECT 1, 1, 0, 0, 0, 0, 0, now(), 1, max(kind) + 1, now() FROM smartgrid.entry_effects()$$),
    ($$INSERT INTO smartgrid.metrics VALUES (1, -1, 0, 0, 0, now(), 1)$$),
    ($$INSERT INTO smartgrid.metrics VALUES (1, 0, -1, 0, 0, now(), 1)$$),
    ($$INSERT INTO smartgrid.metrics VALUES (1, 0, 0, -1, 0, now(), 1)$$),
    ($$INSERT INTO smartgrid.metrics VALUES (1, 0, 0, 0, 101, now(), 1)$$),
    ($$INSERT INTO smartgrid.price_event VALUES (1, now(), 0, 1, false, 0)$$),
    ($$INSERT INTO smartgrid.block SELECT 1, -1, now(), 1, 1, 1, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 2, 1, 1, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 2, 3, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 1, 0, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 70000, 65537, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 1, 1, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 1, 1, h, 'NaN', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 1, 1, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 3, 0, 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.block SELECT 1, 0, now(), 1, 1, 1, h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, h, h, 'x', h, 2, 'NaN', 0, '' FROM sha256('') AS h$$),
    ($$INSERT INTO smartgrid.request VALUES (0, now(), -1, 1, false, 'a', 'r', 'f', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.request VALUES (0, now(), 0, 1, false, '', 'r', 'f', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.request VALUES (0, now(), 0, 1, false, 'a', '', 'f', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.request VALUES (0, now(), 0, 1, false, 'a', repeat('r', 129), 'f', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.request VALUES (0, now(), 0, 1, false, 'a', 'r', 'f', sha256('') || '0', '{}')$$),
    ($$INSERT INTO smartgrid.point VALUES (1, 1, 99)$$),
    ($$INSERT INTO smartgrid.point_name VALUES (1, 1, '', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.point_name VALUES (1, 1, repeat('x', 65), now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.point_name VALUES (1, 1, 'x', now(), now())$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 9, NULL, 1, NULL, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, NULL, -1, NULL, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, NULL, 'NaN', NULL, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, 5, 1, NULL, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, NULL, 1, 1, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, 19, 1, 1, '')$$),
    ($$INSERT INTO smartgrid.register_reading VALUES (1, now(), now(), 1, 1, 0, 5, 1, 'Infinity', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 10, false, false, now(), 'infinity', now(), 'infinity', 0, 0, '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), now(), now(), 'infinity', 0, 0, '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), now(), 0, 0, '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), 'infinity', -1, 0, '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), 'infinity', 0, -1, '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), 'infinity', 0, 'NaN', '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), 'infinity', 0, 'Infinity', '', '', '')$$),
    ($$INSERT INTO smartgrid.point_period VALUES (1, 1, 15, false, false, now(), 'infinity', now(), 'infinity', 0, 0, '', '', repeat('x', 65))$$),
    ($$INSERT INTO smartgrid.party VALUES (-1, 1, false, now(), 'infinity', now(), 'infinity', '{}')$$),
    ($$INSERT INTO smartgrid.party VALUES (0, 1, false, now(), now(), now(), 'infinity', '{}')$$),
    ($$INSERT INTO smartgrid.party VALUES (0, 1, false, now(), 'infinity', now(), now(), '{}')$$),
    ($$INSERT INTO smartgrid.party VALUES (0, 1, false, now(), 'infinity', now(), 'infinity', '[]')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 2026, now(), 0, 0, 'R', 'R', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 2026, now(), 0, 0, 'R', 'R', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 1, 1, 0, 2, 1, 2026, now(), 0, 0, 'R', 'R', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 2026, now(), 5, 0, 'R', 'R', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 2026, now(), 0, 2, 'R', 'R', sha256(''), '{}')$$),
    ($$INSERT INTO smartgrid.document VALUES (1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 2026, now(), 0, 0, 'R', 'R', '', '{}')$$),
    ($$INSERT INTO smartgrid.document_number VALUES (1, 2026, 0, 1, 'R')$$),
    ($$INSERT INTO smartgrid.document_number VALUES (1, 2026, 3, 1, 'R')$$),
    ($$INSERT INTO smartgrid.allocation VALUES (1, 4, false, now(), 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.allocation VALUES (1, 1, false, now(), now(), now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.allocation VALUES (1, 1, false, now(), 'infinity', now(), now())$$),
    ($$INSERT INTO smartgrid.share VALUES (1, -1, 0, 1, 1, false, now(), 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.share VALUES (1, 1000000000000000001, 0, 1, 1, false, now(), 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.share VALUES (1, 0, -2, 1, 1, false, now(), 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.share VALUES (1, 0, 1000000000000000001, 1, 1, false, now(), 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.share VALUES (1, 0, 0, 1, 1, false, now(), now(), now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.share VALUES (1, 0, 0, 1, 1, false, now(), 'infinity', now(), now())$$),
    ($$INSERT INTO smartgrid.tariff VALUES (1, 1, '')$$),
    ($$INSERT INTO smartgrid.tariff VALUES (1, 1, repeat('x', 129))$$),
    ($$INSERT INTO smartgrid.tariff_version VALUES (1, 1, 0, false, false, now(), 'infinity', now(), 'infinity', '[]')$$),
    ($$INSERT INTO smartgrid.tariff_version VALUES (1, 1, 1, false, false, now(), 'infinity', now(), 'infinity', '{}')$$),
    ($$INSERT INTO smartgrid.tariff_version VALUES (1, 1, 1, false, false, now(), now(), now(), 'infinity', '[]')$$),
    ($$INSERT INTO smartgrid.tariff_version VALUES (1, 1, 1, false, false, now(), 'infinity', now(), now(), '[]')$$),
    ($$INSERT INTO smartgrid.assignee VALUES (1, 1, -1, 0, 1)$$),
    ($$INSERT INTO smartgrid.assignee VALUES (1, 1, 0, -1, 1)$$),
    ($$INSERT INTO smartgrid.assignee VALUES (1, 1, 1, 1, 1)$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), 'infinity', now(), 'infinity', 0)$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), 'infinity', now(), 'infinity', 1e15)$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), 'infinity', now(), 'infinity', 'NaN')$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), 'infinity', now(), 'infinity', 0.0000000000001)$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), now(), now(), 'infinity', 1)$$),
    ($$INSERT INTO smartgrid.assignment VALUES (1, 1, false, false, now(), 'infinity', now(), now(), 1)$$),
    ($$INSERT INTO smartgrid.holiday VALUES (1, 'infinity', now(), 'infinity')$$),
    ($$INSERT INTO smartgrid.holiday VALUES (1, now(), now(), now())$$),
    ($$INSERT INTO smartgrid.reversal VALUES (2, 2, 1, 'x', 'y')$$),
    ($$INSERT INTO smartgrid.reversal VALUES (2, -1, 1, 'x', 'y')$$),
    ($$INSERT INTO smartgrid.reversal VALUES (2, 1, 1, '', 'y')$$),
    ($$INSERT INTO smartgrid.reversal VALUES (2, 1, 1, repeat('x', 257), 'y')$$),
    ($$INSERT INTO smartgrid.entry_digest VALUES (1, 1, sha256('') || '\x00')$$),
    ($$INSERT INTO smartgrid.entry_digest VALUES (1, 1, '')$$),
    ($$INSERT INTO smartgrid.block_detail VALUES (1, -1, '', '')$$),
    ($$INSERT INTO smartgrid.energy_type_factor VALUES (1, 7, true, 1, 'x')$$),
    ($$INSERT INTO smartgrid.energy_type_factor VALUES (1, 0, true, -1, 'x')$$),
    ($$INSERT INTO smartgrid.energy_type_factor VALUES (1, 0, true, 'NaN', 'x')$$),
    ($$INSERT INTO smartgrid.energy_type_factor VALUES (1, 0, true, 'Infinity', 'x')$$),
    ($$INSERT INTO smartgrid.energy_type_factor VALUES (1, 0, true, 1, '')$$),
    ($$INSERT INTO smartgrid.grid_zone VALUES (1, '')$$),
    ($$INSERT INTO smartgrid.capacity_event VALUES (1, now(), 0, 1, 1)$$),
    ($$INSERT INTO smartgrid.rollup SELECT 1, '2026-01-01 00:01+00', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, now()$$),
    ($$INSERT INTO smartgrid.rollup SELECT 1, '2026-01-01 00:00+00', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, NULL, 0, now()$$),
    ($$INSERT INTO smartgrid.rollup SELECT 1, '2026-01-01 00:00+00', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, now()$$),
    ($$INSERT INTO smartgrid.rollup_production VALUES (1, '2026-01-01 00:01+00', 0, 0)$$),
    ($$INSERT INTO smartgrid.rollup_production VALUES (1, '2026-01-01 00:00+00', -1, 0)$$),
    ($$INSERT INTO smartgrid.rollup_production SELECT 1, '2026-01-01 00:00+00', count(*), 0 FROM smartgrid.default_energy_types()$$)) AS guarded (statement);
SELECT throws_ok($$INSERT INTO smartgrid.participant VALUES (1, 1, 'a'), (2, 1, 'a')$$, '23505', NULL, 'a principal once in a grid');
SELECT lives_ok($$INSERT INTO smartgrid.participant VALUES (1, 1, 'a'), (2, 2, 'a')$$, 'and in another grid as well');

-------------------------------------------------------------------------------------------------------------- views
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'v' AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'$$,
                'every view is security_invoker');
CREATE TEMPORARY TABLE wanted_view (name name, columns text);
INSERT INTO wanted_view VALUES
('sg_grids', 'grid text, operator_role text, total_capacity bigint, total_capacity_kwh numeric, current_load bigint, current_load_kwh numeric, utilization numeric, base_price bigint, base_price_currency numeric, dynamic_price bigint, dynamic_price_currency numeric, emergency_mode boolean, revenue bigint, revenue_currency numeric, currency text, energy_scale integer, money_scale integer, low_watermark numeric, high_watermark numeric, max_topup bigint, max_topup_currency numeric, stripes integer, created_at timestamp with time zone, registration text, max_amount bigint, price_rule text, exact_after bigint'),
('sg_prices', 'event_id bigint, grid text, at timestamp with time zone, base_price bigint, base_price_currency numeric, emergency_mode boolean, currency text, price_rule text'),
('sg_producer_directory', 'participant_id bigint, grid text, principal text, energy_type text, active boolean, reputation_score integer'),
('sg_producers', 'participant_id bigint, grid text, principal text, energy_type text, active boolean, reputation_score integer, capacity bigint, capacity_kwh numeric, current_production bigint, current_production_kwh numeric, total_produced bigint, total_produced_kwh numeric, unsold bigint, unsold_kwh numeric, earnings bigint, earnings_currency numeric, currency text, registered_at timestamp with time zone'),
('sg_consumers', 'participant_id bigint, grid text, principal text, active boolean, consumption_limit bigint, consumption_limit_kwh numeric, total_consumed bigint, total_consumed_kwh numeric, current_usage bigint, current_usage_kwh numeric, balance bigint, balance_currency numeric, currency text, registered_at timestamp with time zone, cost_carry bigint'),
('sg_storages', 'participant_id bigint, grid text, principal text, capacity bigint, capacity_kwh numeric, stored_amount bigint, stored_amount_kwh numeric, charge_rate bigint, charge_rate_kwh numeric, discharge_rate bigint, discharge_rate_kwh numeric, registered_at timestamp with time zone'),
('sg_trades', 'trade_id bigint, grid text, seller text, buyer text, amount bigint, amount_kwh numeric, price bigint, price_currency numeric, cost bigint, cost_currency numeric, currency text, status text, created_at timestamp with time zone, completed_at timestamp with time zone, cancelled_at timestamp with time zone, reversed_at timestamp with time zone'),
('sg_metrics', 'metrics_id bigint, grid text, production bigint, production_kwh numeric, consumption bigint, consumption_kwh numeric, peak_load bigint, peak_load_kwh numeric, efficiency bigint, recorded_at timestamp with time zone, period tstzrange, period_start timestamp with time zone, period_end timestamp with time zone'),
('sg_ledger', 'entry_id bigint, grid text, at timestamp with time zone, kind text, participant text, counterparty text, energy bigint, energy_kwh numeric, price bigint, price_currency numeric, money bigint, money_currency numeric, currency text, trade_id bigint, booked_at timestamp with time zone, about bigint, digest text'),
('sg_requests', 'grid text, caller text, reference text, function text, made_at timestamp with time zone'),
('sg_reversals', 'entry_id bigint, about bigint, kind text, reason text, corrected_by text, booked_at timestamp with time zone'),
('sg_intervals', 'grid text, point text, day date, start timestamp with time zone, resolution interval, kind text, owner text, amount bigint, kwh numeric, quality text'),
('sg_interval_days', 'grid text, point text, day date, kind text, owner text, class text, amount numeric, kwh numeric, measured integer, substituted integer, estimated integer, calculated integer, missing integer, qualities text[]'),
('sg_batches', 'grid text, batch bigint, recorded_at timestamp with time zone, source text, label text, loaded_by text, rows bigint, new bigint, unchanged bigint, kept bigint, refused bigint, first_day date, last_day date, withdraws bigint, withdrawn_by bigint, content_sha256 text, digest text, entry_id bigint'),
('sg_points', 'grid text, point text, kind text, owner text, resolution interval, capacity numeric, meter text, neighbour text, class text, role text, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, point_id bigint'),
('sg_point_periods', 'grid text, point text, kind text, owner text, resolution interval, capacity numeric, meter text, neighbour text, class text, role text, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone, point_id bigint'),
('sg_register_readings', 'grid text, point text, at timestamp with time zone, reading numeric, initial numeric, digits smallint, quality text, spread text, recorded_at timestamp with time zone, batch bigint'),
('sg_allocations', 'grid text, model text, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone'),
('sg_allocation_periods', 'grid text, model text, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone'),
('sg_dues', 'grid text, participant text, due bigint, due_currency numeric, currency text'),
('sg_series', 'grid text, series text, step interval, value_count bigint, first_start timestamp with time zone, last_start timestamp with time zone'),
('sg_runs', 'run bigint, grid text, period tstzrange, state text, kind text, number integer, as_of timestamp with time zone, finalized_at timestamp with time zone, digest text, entry_id bigint, accept text[], charges bigint, charges_currency numeric, credits bigint, credits_currency numeric, changed_since timestamp with time zone'),
('sg_run_lines', 'run bigint, line integer, grid text, participant text, point text, tariff text, component text, side text, period tstzrange, tier integer, base text, quantity numeric, unit text, price numeric, money bigint, money_currency numeric, gross boolean, vat_category text, vat_rate numeric, qualities text[]'),
('sg_parties', 'grid text, participant text, details jsonb, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone'),
('sg_documents', 'grid text, number text, kind text, run bigint, participant text, side text, issue_date date, due_date date, first_day date, last_day date, net bigint, vat bigint, gross bigint, net_currency numeric, vat_currency numeric, gross_currency numeric, currency text, cancels text, reason text, cancelled_by text, issuer jsonb, party jsonb, digest text, entry_id bigint, document_id bigint'),
('sg_document_lines', 'grid text, number text, line integer, point text, tariff text, component text, first_day date, last_day date, tier integer, quantity numeric, unit text, price numeric, gross_price boolean, money_currency numeric, net_currency numeric, vat_category text, vat_rate numeric, qualities text[], quality text'),
('sg_document_vat', 'grid text, number text, vat_category text, vat_rate numeric, net_currency numeric, vat_currency numeric, gross_currency numeric'),
('sg_shares', 'grid text, point text, kind text, owner text, factor numeric, key numeric, priority integer, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, point_id bigint'),
('sg_share_periods', 'grid text, point text, factor numeric, key numeric, priority integer, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone, point_id bigint'),
('sg_holidays', 'grid text, day date, recorded_at timestamp with time zone'),
('sg_tariffs', 'grid text, tariff text, version integer, gross boolean, components jsonb, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone'),
('sg_tariff_versions', 'grid text, tariff text, version integer, gross boolean, components jsonb, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone'),
('sg_assignments', 'grid text, tariff text, point text, participant text, quantity numeric, exempt boolean, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, point_id bigint'),
('sg_assignment_periods', 'grid text, tariff text, point text, participant text, quantity numeric, exempt boolean, valid_from timestamp with time zone, valid_to timestamp with time zone, recorded_at timestamp with time zone, superseded_at timestamp with time zone, point_id bigint'),
('sg_blocks', 'grid text, height bigint, sealed_at timestamp with time zone, first_entry bigint, last_entry bigint, entries integer, root text, load numeric(38,0), held numeric(38,0), balances numeric(38,0), earnings numeric(38,0), revenue numeric(38,0), stored numeric(38,0), produced numeric(38,0), consumed numeric(38,0), charged numeric(38,0), discharged numeric(38,0), traded numeric(38,0), topups numeric(38,0), withdrawals numeric(38,0), previous text, history text, hash text, line text, form integer, reserved numeric(38,0), due numeric(38,0), sums text'),
('sg_energy_types', 'grid text, energy_type text, renewable boolean, co2_g_per_kwh numeric, source text, is_default boolean'),
('sg_load_curve', 'grid text, bucket_start timestamp with time zone, bucket_end timestamp with time zone, produced numeric, produced_kwh numeric, solar numeric, solar_kwh numeric, wind numeric, wind_kwh numeric, hydro numeric, hydro_kwh numeric, nuclear numeric, nuclear_kwh numeric, geothermal numeric, geothermal_kwh numeric, biomass numeric, biomass_kwh numeric, natural_gas numeric, natural_gas_kwh numeric, consumed numeric, consumed_kwh numeric, charged numeric, charged_kwh numeric, discharged numeric, discharged_kwh numeric, traded numeric, traded_kwh numeric, price_avg numeric, price_avg_currency numeric, price_low bigint, price_low_currency numeric, price_high bigint, price_high_currency numeric, revenue numeric, revenue_currency numeric, load numeric, load_kwh numeric, utilization numeric, currency text, demand numeric, demand_kwh numeric'),
('sg_ledger_lines', 'entry_id bigint, at numeric, grid_id integer, kind text, participant_id bigint, counterparty_id bigint, energy bigint, price bigint, money bigint, trade_id bigint, booked_at numeric, line text, digest text');
SELECT is(
    (SELECT string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
     FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
     WHERE c.relname = w.name AND c.relkind = 'v' AND a.attnum > 0 AND NOT a.attisdropped),
    w.columns, w.name::text)
FROM wanted_view AS w ORDER BY w.name;
SELECT bag_eq($$SELECT relname FROM relation WHERE relkind = 'v'$$, 'SELECT name FROM wanted_view', 'no other view');

------------------------------------------------------------------------------------------- comments, names and types
SELECT is_empty($$
    SELECT c.oid::regclass FROM relation AS c WHERE c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL
$$, 'every table and view has a comment');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
$$, 'every column of tables and views has a comment');
SELECT is_empty($$SELECT oid::regprocedure FROM function WHERE obj_description(oid, 'pg_proc') IS NULL$$, 'every function has a comment');
SELECT isnt_empty($$SELECT obj_description('smartgrid'::regnamespace, 'pg_namespace')$$, 'the schema has a comment');
SELECT isnt(obj_description(oid, 'pg_extension'), NULL, 'the extension has a comment') FROM pg_extension WHERE extname = 'smartgrid';
SELECT is_empty($$SELECT oid::regclass FROM relation WHERE relkind = 'S' AND obj_description(oid, 'pg_class') IS NULL$$, 'every sequence has a comment');
SELECT is_empty($$
    SELECT i.indexrelid::regclass FROM pg_index AS i JOIN relation AS c ON c.oid = i.indrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid) AND obj_description(i.indexrelid, 'pg_class') IS NULL
$$, 'every index that is not a key''s has a comment');
-- A primary key, and the range that a CHECK gives a single column, say it themselves.
SELECT is_empty($$
    SELECT k.conrelid::regclass, k.conname FROM pg_constraint AS k JOIN relation AS c ON c.oid = k.conrelid
    WHERE (k.contype NOT IN ('c', 'p', 'n') OR k.contype = 'c' AND cardinality(k.conkey) > 1) AND obj_description(k.oid, 'pg_constraint') IS NULL
$$, 'every constraint on more than a column has a comment');
SELECT is_empty($$
    SELECT p.polrelid::regclass, p.polname FROM pg_policy AS p JOIN relation AS c ON c.oid = p.polrelid WHERE obj_description(p.oid, 'pg_policy') IS NULL
$$, 'every policy has a comment');
SELECT is_empty($$
    SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger AS t JOIN relation AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND obj_description(t.oid, 'pg_trigger') IS NULL
$$, 'every trigger has a comment');
SELECT is_empty($$
    SELECT pg_describe_object(classid, objid, 0) FROM member
    WHERE classid NOT IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass, 'pg_type'::regclass,
                          'pg_operator'::regclass, 'pg_opfamily'::regclass, 'pg_opclass'::regclass)
$$, 'there is no other kind of object that would need one');
SELECT is_empty($$
    SELECT pg_describe_object(classid, objid, 0) FROM member
    WHERE classid IN ('pg_operator'::regclass, 'pg_opfamily'::regclass, 'pg_opclass'::regclass)
          AND obj_description(objid, (SELECT relname FROM pg_class WHERE oid = classid)) IS NULL
$$, 'operators and their classes have comments');
SELECT is_empty($$SELECT a.aggfnoid FROM pg_aggregate AS a JOIN function AS p ON p.oid = a.aggfnoid
                  WHERE a.aggcombinefn = 0 OR a.aggtranstype = 'internal'::regtype AND (a.aggserialfn = 0 OR a.aggdeserialfn = 0)$$,
                'every aggregate can be computed in parts');
SELECT is_empty($$
    SELECT d.classoid::regclass, d.objoid, d.objsubid, d.description
    FROM pg_description AS d JOIN member AS m ON m.classid = d.classoid AND m.objid = d.objoid
    WHERE d.description !~ '^[[:alnum:]''(]' OR d.description ~ '[[:space:].]$' OR d.description ~ E'[\\n\\t]|  '
$$, 'comments are one line, without a full stop');
SELECT sg_principal() \g /dev/null
SELECT is_empty($$SELECT name FROM pg_settings WHERE name LIKE 'smartgrid.%' AND (coalesce(short_desc, '') = '' OR coalesce(extra_desc, '') = '')$$,
                'every setting has a description, short and long');
SELECT is_empty($$
    SELECT rolname FROM pg_roles
    WHERE rolname IN ('smartgrid_operator', 'smartgrid_gateway', 'smartgrid_auditor') AND shobj_description(oid, 'pg_authid') IS NULL
$$, 'the roles have comments');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind = 'v' AND a.attnum > 0 AND a.attname ~ '_kwh$' AND col_description(c.oid, a.attnum) !~ 'kWh'
       OR c.relkind = 'v' AND a.attname ~ '_currency$' AND col_description(c.oid, a.attnum) !~ 'currency'
$$, 'comments of scaled columns say their unit');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind = 'v' AND a.atttypid = 'bigint'::regtype AND a.attname !~ '_id$'
          AND col_description(c.oid, a.attnum) !~ '(energy units|money units|percent|number of|^id of)'
          OR c.relkind = 'v' AND a.atttypid = 'numeric'::regtype
             AND col_description(c.oid, a.attnum) !~ '(energy units|money units|percent|kWh?|currency|seconds|pieces)'
$$, 'comments of figures of views say their unit');
SELECT is_empty($$
    SELECT name
    FROM (SELECT relname AS name FROM relation
          UNION SELECT proname FROM function
          UNION SELECT a.attname FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid WHERE a.attnum > 0
          UNION SELECT unnest(proargnames)::name FROM function
          UNION SELECT c.relname FROM pg_index AS i JOIN relation AS t ON t.oid = i.indrelid JOIN pg_class AS c ON c.oid = i.indexrelid
          UNION SELECT k.conname FROM pg_constraint AS k JOIN relation AS t ON t.oid = k.conrelid
          UNION SELECT p.polname FROM pg_policy AS p JOIN relation AS t ON t.oid = p.polrelid
          UNION SELECT 'smartgrid') AS names
    WHERE name <> quote_ident(name) AND name NOT IN ('limit', 'values') OR name !~ '^[a-z][a-z0-9_]*$'
$$, 'no name needs quoting but limit and values, all are lower-case snake_case');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod) FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE a.attnum > 0 AND (a.attname ~ '(^at|_at|_start|_end)$' AND a.atttypid <> 'timestamptz'::regtype AND c.relname <> 'sg_ledger_lines'
                            OR a.atttypid IN ('timestamp'::regtype, 'time'::regtype, 'timetz'::regtype, 'tsrange'::regtype)
                            OR a.atttypid = 'date'::regtype AND a.attname !~ '((^|_)day|^(issue|due)_date)$')
$$, 'every time is a timestamptz, but local days and the dates of documents');
SELECT is_empty($$
    SELECT c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod) FROM relation AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'v') AND a.attnum > 0
          AND format_type(a.atttypid, a.atttypmod) NOT IN ('bigint', 'integer', 'smallint', 'numeric', 'text', 'boolean', 'regrole',
                                                         'timestamp with time zone', 'tstzrange', 'numeric(38,0)', 'bytea', 'date')
          AND (c.relname, a.attname) NOT IN (('request', 'result'), ('sg_points', 'resolution'), ('sg_point_periods', 'resolution'), ('sg_intervals', 'resolution'),
                                              ('series_step', 'step'), ('series_value', 'step'), ('sg_series', 'step'), ('interval_day', 'data'), ('interval_pack', 'batches'), ('sg_interval_days', 'qualities'),
                                              ('party', 'details'), ('sg_parties', 'details'), ('document', 'body'), ('sg_documents', 'issuer'), ('sg_documents', 'party'), ('sg_document_lines', 'qualities'),
                                              ('run', 'accept'), ('run', 'replaces'), ('run_line', 'qualities'), ('sg_runs', 'accept'), ('sg_run_lines', 'qualities'),
                                              ('tariff_version', 'components'), ('sg_tariff_versions', 'components'), ('sg_tariffs', 'components'))
$$, 'no type that a client or pg_upgrade would stumble over');
SELECT bag_eq($$SELECT t.typname::text FROM pg_type AS t JOIN member AS m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
                WHERE t.typtype NOT IN ('c', 'b') OR t.typtype = 'b' AND t.typcategory <> 'A'$$,
              ARRAY['sg_day'], 'no types of its own but that of days');
SELECT isnt(obj_description('sg_day'::regtype, 'pg_type'), NULL, 'which has a comment');
SELECT is(format('%s %s %s', typlen, typalign, typstorage), '-1 i m', 'and is a varlena that stays in its row') FROM pg_type WHERE oid = 'sg_day'::regtype;

--------------------------------------------------------------------------------------------- the extension as a whole
SELECT bag_eq(
    $$SELECT unnest(extconfig)::regclass FROM pg_extension WHERE extname = 'smartgrid'$$,
    $$SELECT oid::regclass FROM relation WHERE relkind IN ('r', 'S')$$,
    'pg_dump carries every table and every sequence');
SELECT is_empty($$SELECT condition FROM pg_extension, unnest(extcondition) AS condition WHERE extname = 'smartgrid' AND condition <> ''$$,
                'with every row');
SELECT is_empty($$
    SELECT c.oid::regclass FROM relation AS c
    WHERE c.relkind = 'S'
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
$$, 'every sequence is owned by a column');
SELECT is((SELECT extrelocatable FROM pg_extension WHERE extname = 'smartgrid'), false, 'not relocatable');
SELECT is_empty($$
    SELECT r.rolname FROM (VALUES ('smartgrid_operator'), ('smartgrid_gateway'), ('smartgrid_auditor')) AS w (name)
         LEFT JOIN pg_roles AS r ON r.rolname = w.name
    WHERE r.rolname IS NULL OR r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
$$, 'the three roles exist and have no attribute');

-- So that one grid can be published.
SELECT is_empty($$SELECT oid::regclass FROM relation AS c
                  WHERE relkind = 'r' AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'grid_id' AND a.attnotnull)$$,
                'every table names the grid of its rows');
SELECT is_empty($$SELECT oid::regclass FROM relation AS c
                  WHERE relkind = 'r' AND relreplident <> 'f'
                        AND NOT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                                        WHERE i.indrelid = c.oid AND a.attname = 'grid_id'
                                              AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)$$,
                'the grid is a part of what changed rows are replicated by');
SELECT set_eq($$SELECT relname::text FROM relation WHERE relreplident = 'f'$$,
              ARRAY['batch', 'block', 'block_detail', 'capacity_event', 'document', 'entry_digest', 'interval_day', 'interval_pack', 'ledger', 'metrics', 'open_slot', 'point', 'price_event', 'register_reading', 'reversal', 'tariff', 'assignee', 'series'],
              'all of a row where none is updated');

-- The grid "default".
SELECT results_eq(
    $$SELECT name COLLATE "default", operator_role COLLATE "default", base_price, energy_scale::integer, money_scale::integer, currency,
             low_watermark, high_watermark, max_topup, stripes, emergency_mode, registration, max_amount, smartgrid.price_rule(price_rule), exact_after
      FROM smartgrid.grid$$,
    $$VALUES ('default', 'smartgrid_operator', 100::bigint, 0, 0, 'XXX', 20::numeric, 80::numeric, 1000000::bigint, 64, false,
              'open', 1000000000000000, 'load', 0::bigint)$$,
    'the grid "default" has the defaults');
SELECT results_eq(
    $$SELECT grid COLLATE "default", base_price, emergency_mode FROM sg_prices$$,
    $$VALUES ('default', 100::bigint, false)$$,
    'and its price history begins with them');

-- Settings exist once the library is loaded and can be set by anybody (identity.sql shows when they count).
SELECT is(sg_grid(), 'default', 'the library is loaded');
SELECT is((SELECT string_agg(format('%s %s', name, context), ', ' ORDER BY name) FROM pg_settings WHERE name LIKE 'smartgrid.%'),
          'smartgrid.grid user, smartgrid.notify_trades superuser, smartgrid.pack_after user, smartgrid.principal user, smartgrid.reference user, smartgrid.row_wait user, smartgrid.seal_terminate_idle superuser, smartgrid.seal_wait user', 'settings');
SELECT throws_ok('SET smartgrid.princpal = ''x''', '42602', NULL, 'a misspelt setting is refused');

SELECT * FROM finish();
ROLLBACK;
