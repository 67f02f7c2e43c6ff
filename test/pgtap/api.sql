-- sg_create_api(): what it makes for whom, that this works with the rights and the identity of whoever calls, and that it can
-- be repeated, after an upgrade too, without touching what others made.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_member;
CREATE ROLE sgt_north;
CREATE ROLE sgt_north_operator IN ROLE sgt_north;
CREATE ROLE sgt_operator IN ROLE smartgrid_operator;
CREATE ROLE sgt_lazy_operator NOINHERIT IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor IN ROLE smartgrid_auditor;
CREATE ROLE sgt_auditing_gateway IN ROLE smartgrid_auditor, smartgrid_gateway;
CREATE ROLE sgt_payment IN ROLE smartgrid_gateway;
CREATE ROLE sgt_app LOGIN NOINHERIT IN ROLE smartgrid_gateway, sgt_member;
CREATE ROLE sgt_unrestricted BYPASSRLS;
CREATE ROLE sgt_other;
CREATE ROLE "sgt Röle ""x""";
SELECT ok(sg_create_grid('north', 'sgt_north'), 'a grid with an operator role of its own');

-- What there is in a schema: everything of it but the OIDs.
CREATE FUNCTION sgtest.schema_of(schema text) RETURNS TABLE (kind text, name text, arguments text, definition text, owner name, comment text)
    LANGUAGE sql STABLE AS $$
SELECT 'view', c.relname, NULL, pg_get_viewdef(c.oid), pg_get_userbyid(c.relowner), obj_description(c.oid, 'pg_class')
FROM pg_class AS c WHERE c.relnamespace = quote_ident(schema)::regnamespace
UNION ALL
SELECT 'function', p.proname, pg_get_function_identity_arguments(p.oid), pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner),
       obj_description(p.oid, 'pg_proc')
FROM pg_proc AS p WHERE p.pronamespace = quote_ident(schema)::regnamespace
$$;
-- Who was granted what: "function quote sgt_member EXECUTE".
CREATE FUNCTION sgtest.granted(schema text) RETURNS TABLE (kind text, name text, grantee text, privilege text, owner text)
    LANGUAGE sql STABLE AS $$
SELECT o.kind, o.name, CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type, pg_get_userbyid(o.owner)
FROM (SELECT 'view', relname::text, relowner, relacl FROM pg_class WHERE relnamespace = quote_ident(schema)::regnamespace
      UNION ALL
      SELECT 'function', proname::text, proowner, COALESCE(proacl, acldefault('f', proowner)) FROM pg_proc WHERE pronamespace = quote_ident(schema)::regnamespace)
     AS o (kind, name, owner, acl),
     aclexplode(o.acl) AS a
WHERE a.grantee <> o.owner
$$;

------------------------------------------------------------------------------------------------------ who gets what
-- THE list: whoever adds a view or function to the extension adds a line here. x: gets it.
CREATE TEMPORARY TABLE wanted (kind text, name text, source text, member text, north text, operator text, auditor text, gateway text);
INSERT INTO wanted VALUES
('view',     'blocks',                     'sg_blocks',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'consumers',                  'sg_consumers',                                            'x', 'x', 'x', 'x', 'x'),
('view',     'energy_types',               'sg_energy_types',                                         'x', 'x', 'x', 'x', 'x'),
('view',     'grids',                      'sg_grids',                                                'x', 'x', 'x', 'x', 'x'),
('view',     'ledger_entries',             'sg_ledger',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'ledger_lines',               'sg_ledger_lines',                                         'x', 'x', 'x', 'x', 'x'),
('view',     'listed_producers',           'sg_producer_directory',                                   'x', 'x', 'x', 'x', 'x'),
('view',     'load_curve_points',          'sg_load_curve',                                           'x', 'x', 'x', 'x', 'x'),
('view',     'metrics',                    'sg_metrics',                                              '',  'x', 'x', 'x', ''),
('view',     'register_readings',          'sg_register_readings',                                    '',  'x', 'x', 'x', ''),
('view',     'prices',                     'sg_prices',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'producers',                  'sg_producers',                                            'x', 'x', 'x', 'x', 'x'),
('view',     'requests',                   'sg_requests',                                             'x', 'x', 'x', 'x', 'x'),
('view',     'reversals',                  'sg_reversals',                                            'x', 'x', 'x', 'x', 'x'),
('view',     'storages',                   'sg_storages',                                             'x', 'x', 'x', 'x', 'x'),
('view',     'trades',                     'sg_trades',                                               'x', 'x', 'x', 'x', 'x'),
('view', 'metered_intervals', 'sg_intervals', 'x', 'x', 'x', 'x', 'x'),
('view', 'interval_days', 'sg_interval_days', 'x', 'x', 'x', 'x', 'x'),
('view', 'batches', 'sg_batches', 'x', 'x', 'x', 'x', 'x'),
('view',     'metering_points',            'sg_points',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'point_periods',              'sg_point_periods',                                        'x', 'x', 'x', 'x', 'x'),
('view',     'allocations',                'sg_allocations',                                          'x', 'x', 'x', 'x', 'x'),
('view',     'allocation_periods',         'sg_allocation_periods',                                   'x', 'x', 'x', 'x', 'x'),
('view',     'dues',                       'sg_dues',                                                 'x', 'x', 'x', 'x', 'x'),
('view',     'parties',                   'sg_parties',                                             'x', 'x', 'x', 'x', 'x'),
('view',     'documents',                 'sg_documents',                                           'x', 'x', 'x', 'x', 'x'),
('view',     'document_lines',            'sg_document_lines',                                      'x', 'x', 'x', 'x', 'x'),
('view',     'document_vat_groups',       'sg_document_vat',                                        'x', 'x', 'x', 'x', 'x'),
('view',     'holidays',                  'sg_holidays',                                            'x', 'x', 'x', 'x', 'x'),
('view',     'tariffs',                   'sg_tariffs',                                             'x', 'x', 'x', 'x', 'x'),
('view',     'tariff_versions',           'sg_tariff_versions',                                     'x', 'x', 'x', 'x', 'x'),
('view',     'assignments',               'sg_assignments',                                         'x', 'x', 'x', 'x', 'x'),
('view',     'assignment_periods',        'sg_assignment_periods',                                  'x', 'x', 'x', 'x', 'x'),
('view',     'series',                     'sg_series',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'runs',                       'sg_runs',                                                'x', 'x', 'x', 'x', 'x'),
('view',     'run_lines',                       'sg_run_lines',                                                'x', 'x', 'x', 'x', 'x'),
('view',     'shares',                     'sg_shares',                                               'x', 'x', 'x', 'x', 'x'),
('view',     'share_periods',              'sg_share_periods',                                        'x', 'x', 'x', 'x', 'x'),
-- reading
('function', 'check_invariants',           'sg_check()',                                              '',  'x', 'x', 'x', ''),
('function', 'get_interval_series', 'sg_interval_series(text,tstzrange,interval,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'get_interval_versions', 'sg_interval_versions(text,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'get_completeness', 'sg_completeness(tstzrange,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'validate_intervals', 'sg_validate(tstzrange,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'get_gaps', 'sg_gaps(tstzrange,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'get_grid_balance', 'sg_grid_balance(tstzrange,interval,text,integer,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'get_allocation',             'sg_allocate(tstzrange,timestamptz)',                      'x', 'x', 'x', 'x', 'x'),
('function', 'export_intervals',           'sg_export(text,tstzrange,text[],timestamptz)',            'x', 'x', 'x', 'x', 'x'),
('function', 'get_allocation_sums',        'sg_allocation_sums(tstzrange,timestamptz)',               'x', 'x', 'x', 'x', 'x'),
('function', 'get_price_check',            'sg_price_check(text,tstzrange,timestamptz)',              'x', 'x', 'x', 'x', 'x'),
('function', 'get_run_problems', 'sg_run_problems(bigint)', '',  'x', 'x', 'x', ''),
('function', 'get_run_basis', 'sg_run_basis(bigint)', '',  'x', 'x', 'x', ''),
('function', 'get_run_of_day', 'sg_run_of_day(tstzrange)', '',  'x', 'x', 'x', ''),
('function', 'get_run_steps', 'sg_run_steps(bigint,text)', '',  'x', 'x', 'x', ''),
('function', 'get_run_changes', 'sg_run_changes(bigint)', '',  'x', 'x', 'x', ''),
('function', 'verify_run', 'sg_verify_run(bigint)', '',  'x', 'x', 'x', ''),
('function', 'get_community',              'sg_community(tstzrange,interval,timestamptz)',            'x', 'x', 'x', 'x', 'x'),
('function', 'get_consumer_info',          'sg_get_consumer_info(text)',                              'x', 'x', 'x', 'x', 'x'),
('function', 'get_current_grid',           'sg_grid()',                                               'x', 'x', 'x', 'x', 'x'),
('function', 'get_dynamic_price',          'sg_get_dynamic_price()',                                  'x', 'x', 'x', 'x', 'x'),
('function', 'get_grid_status',            'sg_get_grid_status()',                                    'x', 'x', 'x', 'x', 'x'),
('function', 'get_kpis',                   'sg_kpis(tstzrange,text)',                                 'x', 'x', 'x', 'x', 'x'),
('function', 'get_load_curve',             'sg_load_curve(text,tstzrange,interval,text,text)',             'x', 'x', 'x', 'x', 'x'),
('function', 'get_metrics',                'sg_get_metrics(bigint)',                                  '',  'x', 'x', 'x', ''),
('function', 'get_principal',              'sg_principal()',                                          'x', 'x', 'x', 'x', 'x'),
('function', 'get_producer_info',          'sg_get_producer_info(text)',                              'x', 'x', 'x', 'x', 'x'),
('function', 'get_report',                 'sg_report(tstzrange,text)',                               'x', 'x', 'x', 'x', 'x'),
('function', 'render_document',            'sg_render_document(text,text)',                           'x', 'x', 'x', 'x', 'x'),
('function', 'get_statement',              'sg_statement(text,tstzrange)',                            'x', 'x', 'x', 'x', 'x'),
('function', 'get_storage_info',           'sg_get_storage_info(text)',                               'x', 'x', 'x', 'x', 'x'),
('function', 'get_time_zone',              'sg_time_zone()',                                          'x', 'x', 'x', 'x', 'x'),
('function', 'get_trade_info',             'sg_get_trade_info(bigint)',                               'x', 'x', 'x', 'x', 'x'),
('function', 'get_version',                'sg_version()',                                            'x', 'x', 'x', 'x', 'x'),
('function', 'prove_blocks',               'sg_prove_blocks(bigint,bigint,text)',                     'x', 'x', 'x', 'x', 'x'),
('function', 'prove_entry',                'sg_prove_entry(bigint)',                                  'x', 'x', 'x', 'x', 'x'),
('function', 'quote',                      'sg_quote(bigint)',                                        'x', 'x', 'x', 'x', 'x'),
('function', 'get_batch_lines',            'sg_batch_lines(bigint)',                                  '',  'x', 'x', 'x', ''),
('function', 'verify_batches',             'sg_verify_batches(bigint,bigint)',                        '',  'x', 'x', 'x', ''),
('function', 'verify_ledger',              'sg_verify_ledger(text,bigint,bigint,text)',               '',  'x', 'x', 'x', ''),
('function', 'verify_proof',               'sg_verify_proof(jsonb,text,text)',                        'x', 'x', 'x', 'x', 'x'),
-- as pages, by the domain "text/html"
('function', 'report',                     'sg_report(tstzrange,text)',                               'x', 'x', 'x', 'x', 'x'),
('function', 'document',                   'sg_render_document(text,text)',                           'x', 'x', 'x', 'x', 'x'),
-- what a participant does
('function', 'cancel_trade',               'sg_cancel_trade(bigint)',                                 'x', 'x', 'x', '',  'x'),
('function', 'charge_storage',             'sg_charge_storage(bigint)',                               'x', 'x', 'x', '',  'x'),
('function', 'complete_trade',             'sg_complete_trade(bigint)',                               'x', 'x', 'x', '',  'x'),
('function', 'consume_energy',             'sg_consume_energy(bigint,bigint)',                        'x', 'x', 'x', '',  'x'),
('function', 'create_trade',               'sg_create_trade(text,bigint,bigint)',                     'x', 'x', 'x', '',  'x'),
('function', 'discharge_storage',          'sg_discharge_storage(bigint)',                            'x', 'x', 'x', '',  'x'),
('function', 'register_consumer',          'sg_register_consumer(bigint)',                            'x', 'x', 'x', '',  'x'),
('function', 'register_producer',          'sg_register_producer(bigint,text)',                       'x', 'x', 'x', '',  'x'),
('function', 'register_storage',           'sg_register_storage(bigint,bigint,bigint)',               'x', 'x', 'x', '',  'x'),
('function', 'report_production',          'sg_report_production(bigint)',                            'x', 'x', 'x', '',  'x'),
('function', 'pay_due',                    'sg_pay_due(bigint)',                                      'x', 'x', 'x', '',  'x'),
('function', 'withdraw_balance',           'sg_withdraw_balance(bigint)',                             'x', 'x', 'x', '',  'x'),
('function', 'withdraw_earnings',          'sg_withdraw_earnings(bigint)',                            'x', 'x', 'x', '',  'x'),
-- what is done for others
('function', 'add_consumer_balance',       'sg_add_consumer_balance(text,bigint)',                    '',  'x', 'x', '',  'x'),
('function', 'record_payment',             'sg_record_payment(text,bigint,text)',                     '',  'x', 'x', '',  'x'),
('function', 'post_readings',              'sg_post_readings(text[],text[],bigint[],timestamptz[])',  '',  'x', 'x', '',  'x'),
('function', 'post_intervals', 'sg_post_intervals(text[],timestamptz[],bigint[],text[],text,text,boolean,boolean)', '',  'x', 'x', '',  'x'),
('function', 'post_days', 'sg_post_days(text[],date[],text[],text[],text,text,boolean,boolean)', '',  'x', 'x', '',  'x'),
('function', 'withdraw_batch', 'sg_withdraw_batch(bigint)', '',  'x', 'x', '',  'x'),
('function', 'pack_intervals', 'sg_pack_intervals(date)', '',  'x', 'x', '',  'x'),
('function', 'import',                     'sg_import(text,text,jsonb)',                              '',  'x', 'x', '',  'x'),
('function', 'substitute', 'sg_substitute(tstzrange,text,text[],interval,text,text)', '', 'x', 'x', '', 'x'),
('function', 'post_registers',             'sg_post_registers(text[],timestamptz[],numeric[],text[],text,text)', '', 'x', 'x', '', 'x'),
-- what an operator does
('function', 'alter_consumer',             'sg_alter_consumer(text,bigint)',                          '',  'x', 'x', '',  ''),
('function', 'alter_producer',             'sg_alter_producer(text,bigint)',                          '',  'x', 'x', '',  ''),
('function', 'alter_storage',              'sg_alter_storage(text,bigint,bigint,bigint)',             '',  'x', 'x', '',  ''),
('function', 'enrol_consumer',             'sg_enrol_consumer(text,bigint)',                          '',  'x', 'x', '',  ''),
('function', 'enrol_producer',             'sg_enrol_producer(text,bigint,text)',                     '',  'x', 'x', '',  ''),
('function', 'enrol_storage',              'sg_enrol_storage(text,bigint,bigint,bigint)',             '',  'x', 'x', '',  ''),
('function', 'balance_load',               'sg_balance_load()',                                       '',  'x', 'x', '',  ''),
('function', 'correct_reading',            'sg_correct_reading(bigint,bigint,text)',                  '',  'x', 'x', '',  ''),
('function', 'deactivate_participant',     'sg_deactivate_participant(text,boolean)',                 '',  'x', 'x', '',  ''),
('function', 'forget_requests',            'sg_forget_requests(timestamptz)',                         '',  'x', 'x', '',  ''),
('function', 'pay_producer',               'sg_pay_producer(text,bigint)',                            '',  'x', 'x', '',  ''),
('function', 'reactivate_participant',     'sg_reactivate_participant(text,boolean)',                 '',  'x', 'x', '',  ''),
('function', 'record_metrics',             'sg_record_metrics(bigint,bigint,bigint,bigint)',          '',  'x', 'x', '',  ''),
('function', 'record_period_metrics',      'sg_record_metrics(tstzrange)',                            '',  'x', 'x', '',  ''),
('function', 'refund',                     'sg_refund(text,bigint)',                                  '',  'x', 'x', '',  ''),
('function', 'set_point',                  'sg_set_point(text,timestamptz,text,text,interval,numeric,text,text,text,text,boolean)', '', 'x', 'x', '', ''),
('function', 'set_allocation',             'sg_set_allocation(timestamptz,text,boolean)',             '',  'x', 'x', '',  ''),
('function', 'set_party', 'sg_set_party(text,timestamptz,jsonb,boolean)', '', 'x', 'x', '', ''),
('function', 'cancel_document', 'sg_cancel_document(text,text,date)', '', 'x', 'x', '', ''),
('function', 'settle', 'sg_settle(tstzrange,text[],timestamptz)', '', 'x', 'x', '', ''),
('function', 'finalize', 'sg_finalize(bigint)', '', 'x', 'x', '', ''),
('function', 'discard', 'sg_discard(bigint)', '', 'x', 'x', '', ''),
('function', 'set_tariff',                'sg_set_tariff(text,timestamptz,jsonb,jsonb,boolean,boolean)', '', 'x', 'x', '', ''),
('function', 'assign_tariff',             'sg_assign_tariff(text,timestamptz,text,text,numeric,boolean)', '', 'x', 'x', '', ''),
('function', 'unassign_tariff',           'sg_unassign_tariff(text,timestamptz,text,text,boolean)', '', 'x', 'x', '', ''),
('function', 'set_holidays',              'sg_set_holidays(date[],boolean)', '', 'x', 'x', '', ''),
('function', 'post_series',                'sg_post_series(text,timestamptz[],numeric[],interval)', '', 'x', 'x', '', ''),
('function', 'get_series_values',          'sg_series_values(text,tstzrange,timestamptz)', 'x', 'x', 'x', 'x', 'x'),
('function', 'set_share',                  'sg_set_share(text,timestamptz,numeric,numeric,integer,boolean)', '', 'x', 'x', '', ''),
('function', 'end_point',                  'sg_end_point(text,timestamptz,boolean)',                  '',  'x', 'x', '',  ''),
('function', 'exchange_meter',             'sg_exchange_meter(text,timestamptz,numeric,text,numeric,integer,boolean)', '', 'x', 'x', '', ''),
('function', 'rename_point',               'sg_rename_point(text,text)',                              '',  'x', 'x', '',  ''),
('function', 'rename_participant',         'sg_rename_participant(text,text)',                        '',  'x', 'x', '',  ''),
('function', 'reverse_entry',              'sg_reverse_entry(bigint,text)',                           '',  'x', 'x', '',  ''),
('function', 'seal_ledger',                'sg_seal(text)',                                           '',  'x', 'x', '',  ''),
('function', 'issue_documents',            'sg_issue(bigint,date)',                                   '',  'x', 'x', '',  ''),
('function', 'set_base_price',             'sg_set_base_price(bigint)',                               '',  'x', 'x', '',  ''),
('function', 'set_energy_type',            'sg_set_energy_type(text,boolean,numeric,text)',           '',  'x', 'x', '',  ''),
('function', 'set_time_zone',              'sg_set_time_zone(text)',                                  '',  'x', 'x', '',  ''),
('function', 'toggle_emergency_mode',      'sg_toggle_emergency_mode()',                              '',  'x', 'x', '',  ''),
('function', 'write_off',                  'sg_write_off(bigint,text)',                               '',  'x', 'x', '',  ''),
('function', 'update_producer_reputation', 'sg_update_producer_reputation(text,integer)',             '',  'x', 'x', '',  ''),
('function', 'alter_grid',     'sg_alter_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)',  '', '', 'x', '', ''),
('function', 'create_grid',    'sg_create_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)', '', '', 'x', '', '');
DELETE FROM wanted WHERE CASE kind WHEN 'view' THEN to_regclass(source)::oid ELSE to_regprocedure(source)::oid END IS NULL;

-- Each in a schema of its own: what is there is what the role has, and is granted to nobody else.
CREATE TEMPORARY TABLE reader (role text, who text);
INSERT INTO reader VALUES ('sgt_member', 'member'), ('sgt_lazy_operator', 'member'), ('sgt Röle "x"', 'member'), ('smartgrid_operator', 'operator'),
    ('sgt_north', 'north'), ('sgt_north_operator', 'north'), ('sgt_operator', 'operator'), ('sgt_auditor', 'auditor'),
    ('sgt_payment', 'gateway'), ('sgt_app', 'gateway'), ('postgres', 'operator');
SELECT is(sg_create_api('api of ' || role, role), true, 'an API for ' || role) FROM reader;
SELECT bag_eq(format('SELECT kind, name FROM sgtest.schema_of(%L)', 'api of ' || role),
              format($$SELECT kind, name FROM wanted WHERE to_jsonb(wanted) ->> %L = 'x'$$, who), role || ': has what it should')
FROM reader;
SELECT bag_eq(format('SELECT * FROM sgtest.granted(%L)', 'api of ' || role),
              format($$SELECT kind, name, %L::text, CASE kind WHEN 'view' THEN 'SELECT' ELSE 'EXECUTE' END, 'postgres'
                       FROM wanted WHERE to_jsonb(wanted) ->> %L = 'x'$$, role, who), role || ': alone')
FROM reader WHERE role <> 'postgres';
SELECT ok(has_schema_privilege(role, format('%I', 'api of ' || role)::regnamespace, 'USAGE'), role || ': may use the schema') FROM reader;
SELECT ok(sg_create_api('api', 'sgt_auditing_gateway'), 'an auditor that is a gateway, too');
SELECT bag_eq($$SELECT kind, name FROM sgtest.schema_of('api')$$, $$SELECT kind, name FROM wanted WHERE 'x' IN (auditor, gateway)$$, 'has both');
SELECT ok(sg_create_api('api of all', 'sgt_unrestricted'), 'a role that row-level security does not hold for');
SELECT bag_eq($$SELECT kind, name FROM sgtest.schema_of('api of all')$$, $$SELECT kind, name FROM wanted WHERE 'x' IN (auditor, member)$$,
              'reads everything besides');
SELECT set_eq($$SELECT DISTINCT nspname::text FROM pg_namespace WHERE nspname LIKE 'api%' AND NOT has_schema_privilege('sgt_other', oid, 'USAGE')$$,
              $$SELECT 'api of ' || role FROM reader UNION VALUES ('api'), ('api of all')$$, 'nobody else may even look');

-- One schema for several roles: each is granted its own.
SELECT ok(sg_create_api('shared', r), 'shared: ' || r) FROM unnest(ARRAY['sgt_member', 'sgt_operator', 'sgt_auditor', 'sgt_payment', 'sgt_member']) AS r;
SELECT bag_eq($$SELECT kind, name, grantee FROM sgtest.granted('shared')$$,
              $$SELECT w.kind, w.name, r FROM wanted AS w, unnest(ARRAY[w.member, w.operator, w.auditor, w.gateway],
                    ARRAY['sgt_member', 'sgt_operator', 'sgt_auditor', 'sgt_payment']) AS g (x, r) WHERE g.x = 'x'$$,
              'a schema for four roles grants each its own');

--------------------------------------------------------------------------------------------------- what objects are like
CREATE TEMPORARY VIEW api_view AS
SELECT c.*, w.source FROM pg_class AS c JOIN wanted AS w ON w.name = c.relname AND w.kind = 'view' WHERE c.relnamespace = 'shared'::regnamespace;
CREATE TEMPORARY VIEW api_function AS
SELECT p.*, w.source FROM pg_proc AS p JOIN wanted AS w ON w.name = p.proname AND w.kind = 'function' WHERE p.pronamespace = 'shared'::regnamespace;
CREATE TEMPORARY VIEW api_page AS SELECT * FROM api_function WHERE proname IN ('report', 'document');
SELECT is_empty($$SELECT d.classid, d.objid FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
                  AND (d.classid, d.objid) IN (SELECT 'pg_class'::regclass, oid FROM api_view UNION ALL SELECT 'pg_proc'::regclass, oid FROM api_function
                                               UNION ALL SELECT 'pg_namespace'::regclass, 'shared'::regnamespace)$$,
                'nothing of it belongs to an extension');
SELECT is_empty($$SELECT relname FROM api_view WHERE NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'$$, 'views are security_invoker');
SELECT is_empty($$SELECT proname FROM api_function WHERE prosecdef OR proisstrict$$, 'functions are SECURITY INVOKER, and take NULL');
SELECT is_empty($$SELECT f.proname FROM api_function AS f JOIN pg_proc AS p ON p.oid = f.source::regprocedure
                  WHERE (f.provolatile, f.proparallel, f.proretset) <> (p.provolatile, p.proparallel, p.proretset)
                        OR pg_get_function_arguments(f.oid) <> pg_get_function_arguments(p.oid)
                        OR pg_get_function_result(f.oid) <> pg_get_function_result(p.oid)
                  EXCEPT SELECT proname FROM api_page$$,
                'functions have the arguments, defaults, results and volatility of those that they wrap: GET or POST, Query or Mutation');
SELECT is_empty($$SELECT proname FROM api_function WHERE prosqlbody IS NULL$$, 'and are bound when they are made: no search_path has a say');
SELECT is_empty($$SELECT proname FROM api_function GROUP BY proname HAVING count(*) > 1$$, 'no name stands for two functions');
SELECT is_empty($$SELECT v.relname, a.attname FROM api_view AS v JOIN pg_attribute AS a ON a.attrelid = v.oid JOIN pg_type AS t ON t.oid = a.atttypid
                  WHERE a.attnum > 0 AND t.typnamespace <> 'pg_catalog'::regnamespace
                  UNION ALL
                  SELECT f.proname, t.typname FROM api_function AS f, unnest(coalesce(f.proallargtypes, f.proargtypes::oid[]) || f.prorettype) AS a (type)
                       JOIN pg_type AS t ON t.oid = a.type WHERE t.typnamespace <> 'pg_catalog'::regnamespace
                       AND (f.proname, t.typname) NOT IN (SELECT proname, 'text/html' FROM api_page)$$, 'types are built in, but for that of pages');
SELECT bag_eq($$SELECT proname, pg_get_function_arguments(oid), pg_get_function_result(oid), provolatile, proretset FROM api_page$$,
              $$VALUES ('report'::name, 'period tstzrange DEFAULT NULL::tstzrange, grid text DEFAULT NULL::text', 'shared."text/html"', 's'::"char", false),
                       ('document', 'number text', 'shared."text/html"', 's', false)$$, 'pages have the media type as the type of their result');
SELECT is((SELECT array_agg(format_type(t.typbasetype, NULL) ORDER BY 1) FROM pg_type AS t WHERE t.typnamespace = 'shared'::regnamespace AND t.typtype = 'd'
           AND t.typname = 'text/html' AND obj_description(t.oid, 'pg_type') LIKE '%, made by sg\_create\_api().'), '{text}', 'a domain over text');
SELECT bag_eq($$SELECT pg_get_userbyid(a.grantee) FROM pg_type AS t, aclexplode(t.typacl) AS a
                WHERE t.typnamespace = 'shared'::regnamespace AND t.typtype = 'd' AND a.grantee <> t.typowner$$,
              $$SELECT unnest('{sgt_member,sgt_operator,sgt_auditor,sgt_payment}'::name[])$$, 'for those who have the pages');
SELECT is_empty($$SELECT v.relname, s.attname FROM api_view AS v JOIN pg_attribute AS s ON s.attrelid = v.source::regclass AND s.attnum > 0
                       LEFT JOIN pg_attribute AS a ON a.attrelid = v.oid AND a.attname = s.attname AND a.atttypid = s.atttypid AND a.attnum = s.attnum
                  WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM col_description(s.attrelid, s.attnum)$$,
                'views have the columns of those that they wrap, and their comments');
SELECT is_empty($$SELECT relname FROM api_view WHERE position(obj_description(source::regclass, 'pg_class') IN obj_description(oid, 'pg_class')) = 0
                  UNION ALL
                  SELECT proname FROM api_function WHERE position(obj_description(source::regprocedure, 'pg_proc') IN obj_description(oid, 'pg_proc')) = 0$$,
                'and say what they are');
SELECT is(obj_description('shared.trades'::regclass, 'pg_class'),
          E'@primaryKey trade_id\n@foreignKey (grid) references grids (grid)\n'
          'trades: those the caller sells or buys in, for operators and auditors all\n\nWrapper of sg_trades, made by sg_create_api().', 'as this one');
SELECT is(obj_description('shared.withdraw_earnings'::regproc, 'pg_proc'),
          E'the caller takes amount money units of its earnings out\n\nWrapper of sg_withdraw_earnings(), made by sg_create_api().', 'and this one');
SELECT is(split_part(obj_description('shared.blocks'::regclass, 'pg_class'), E'\n', 1), '@primaryKey grid,height', 'a key of two columns');
SELECT is_empty($$SELECT relname FROM api_view WHERE obj_description(oid, 'pg_class') !~ '^@primaryKey '$$, 'every view has a key');
SELECT is_empty($$SELECT v.relname FROM api_view AS v
                  WHERE (pg_relation_is_updatable(v.oid, false) <> 0) <> (obj_description(v.oid, 'pg_class') ~ '\n@omit create,update,delete\n')$$,
                'a view that looks as if it could be written to says that it cannot');
SELECT is_empty($$SELECT relname FROM api_view WHERE relname !~ 's$' UNION ALL
                  SELECT proname FROM api_function WHERE proname NOT IN (SELECT proname FROM api_page) AND proname !~ '^(import$|add|alter|assign|balance|cancel|charge|check|complete|consume|correct|create|deactivate|discard|discharge|end|enrol|exchange|export|finalize|forget|get|issue|pack|pay|post|prove|quote|reactivate|record|refund|register|rename|render|report|reverse|seal|set|settle|substitute|toggle|unassign|update|validate|verify|withdraw|write)(_|$)'$$,
                'views are nouns in the plural, functions verbs');

------------------------------------------------------------------------------------------------- rights and identity
\o /dev/null
SELECT sgtest.given('sgt_app@alice', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT sgtest.given('sgt_app@alice', 'SELECT sg_report_production(1000)');
SELECT sgtest.given('sgt_app@bob', 'SELECT sg_register_consumer(100)');
SELECT sgtest.given('sgt_app@carol', 'SELECT sg_register_consumer(100)');
SELECT sgtest.given('', $$SELECT sg_add_consumer_balance('bob', 100000)$$);
SELECT sgtest.given('', 'SELECT sg_seal()');
\o
SELECT is(sgtest.keep('sgt_app/sgt_member@' || who, statement), expected, who || ': ' || statement)
FROM (VALUES (1, 'bob', 'SELECT shared.get_principal()', 'bob'),
             (2, 'bob', 'SELECT shared.consume_energy(10)', 't'),
             (3, 'bob', 'SELECT shared.consume_energy(10, max_cost => 100000)', 't'),
             (4, 'alice', $$SELECT shared.create_trade('bob', 5, 7)$$, '1'),
             (5, 'bob', 'SELECT trade_id, seller FROM shared.trades', '1,alice'),
             (6, 'carol', 'SELECT count(*) FROM shared.trades', '0'),
             (7, 'carol', 'SELECT count(*) FROM shared.ledger_entries', '0'),
             (8, 'carol', 'SELECT string_agg(principal, '' '') FROM shared.consumers', 'carol'),
             (9, 'bob', 'SELECT shared.complete_trade(1)', 't'),
             (10, 'carol', 'SELECT shared.complete_trade(1)', 'SG102'),
             (11, 'bob', 'SELECT string_agg(kind, '' '' ORDER BY entry_id) FROM shared.ledger_entries', '"topup consumption consumption hold trade"'),
             (12, 'bob', 'SELECT string_agg(part, '' '') FROM shared.get_statement(''bob'', ''(,)'')', '"opening entry entry entry entry entry closing"'),
             (13, 'carol', 'SELECT count(*) FROM shared.get_statement(''bob'', ''(,)'')', '0'),
             (14, 'bob', 'SELECT shared.consume_energy(0)', 'SG104'), (15, 'bob', 'SELECT shared.consume_energy(NULL)', 'SG108'),
             (16, 'nobody', 'SELECT shared.consume_energy(1)', 'SG101'), (17, 'bob', 'SELECT shared.set_base_price(1)', '42501'),
             (18, 'bob', 'SELECT shared.add_consumer_balance(''bob'', 1)', '42501'), (19, 'bob', 'SELECT count(*) FROM shared.metrics', '42501'),
             (20, 'bob', 'INSERT INTO shared.ledger_lines (entry_id) VALUES (0) RETURNING entry_id', '55000')) AS c (n, who, statement, expected)
ORDER BY n;
SELECT is(sgtest.try('sgt_app/sgt_member', 'SELECT shared.get_principal()'), 'SG102', 'no principal');
SELECT is(sgtest.try('sgt_app/sgt_member', 'SELECT count(*) FROM shared.consumers'), '0', 'nothing of anybody');
SELECT is(sgtest.complaint('sgt_app/sgt_member', 'SELECT shared.get_principal()'), sgtest.complaint('sgt_app/sgt_member', 'SELECT sg_principal()'),
          'an error says the same through the API');
SELECT is(sgtest.complaint('sgt_app/sgt_member@bob', 'SELECT shared.' || c), sgtest.complaint('sgt_app/sgt_member@bob', 'SELECT sg_' || c), 'and: ' || c)
FROM unnest(ARRAY['consume_energy(101)', 'register_producer(1, ''Solar'')', 'complete_trade(1)', 'get_trade_info(NULL)']) AS c;
SELECT is(sgtest.try('/sgt_operator', 'SELECT shared.set_base_price(70)'), 't', 'the operator operates');
SELECT is(sgtest.try('/sgt_operator', 'SELECT count(*) > 3 FROM shared.check_invariants() WHERE ok'), 't', 'and checks the books');
SELECT is(sgtest.try('/sgt_operator', 'SELECT string_agg(principal, '' '' ORDER BY principal) FROM shared.consumers'), '"bob carol"', 'and sees everybody');
SELECT is(sgtest.try('/sgt_auditor', 'SELECT count(*) FROM shared.verify_ledger() WHERE NOT ok'), '0', 'the auditor audits');
SELECT is(sgtest.try('/sgt_auditor', 'SELECT shared.set_base_price(70)'), '42501', 'and changes nothing');
SELECT is(sgtest.try('/sgt_payment', 'SELECT shared.add_consumer_balance(''bob'', 1)'), 't', 'the payment service pays in');
-- It costs nothing: a query of a view, and a call in a query, become those of the extension.
CREATE FUNCTION sgtest.plan(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF, VERBOSE) ' || statement LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END $$;
GRANT USAGE ON SCHEMA sgtest TO PUBLIC;
SELECT is(sgtest.try('sgt_app/sgt_member@bob', format('SELECT sgtest.plan(%L)', format(statement, api))),
          sgtest.try('sgt_app/sgt_member@bob', format('SELECT sgtest.plan(%L)', format(statement, own))), 'the same plan: ' || format(statement, api))
FROM (VALUES ('SELECT * FROM %s ORDER BY entry_id DESC LIMIT 20', 'shared.ledger_entries', 'public.sg_ledger'),
             ('SELECT count(*) FROM %s WHERE at > now() - interval ''1 hour''', 'shared.ledger_entries', 'public.sg_ledger'),
             ('SELECT seller, cost_currency FROM %s WHERE trade_id = 1', 'shared.trades', 'public.sg_trades'),
             ('SELECT %s(1)', 'shared.consume_energy', 'public.sg_consume_energy')) AS q (statement, api, own);
-- Paths are of no concern, nor is the extension's schema: it may be closed to those who should use the API only.
SELECT is(sgtest.try('sgt_app/sgt_member@bob', 'SELECT api.get_principal()', '{"search_path": ""}'), '42501', 'a schema is for its roles');
SELECT is(sgtest.try('sgt_app/sgt_member@bob', 'SELECT shared.get_principal()', '{"search_path": ""}'), 'bob', 'an empty search_path');
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
SELECT is(sgtest.try('sgt_app/sgt_member@bob', statement), expected, 'the extension''s schema is closed: ' || statement)
FROM (VALUES ('SELECT public.sg_consume_energy(1)', '42501'), ('SELECT count(*) FROM public.sg_trades', '42501'),
             ('SELECT shared.consume_energy(1)', 't'), ('SELECT status FROM shared.trades', 'completed'),
             ('SELECT available FROM shared.quote(1)', 't'), ('SELECT total_capacity FROM shared.grids WHERE grid = ''default''', '1000'),
             ('SELECT shared.prove_entry(1) IS NULL', 't'), ('SELECT count(*) FROM shared.get_statement(''bob'', ''(,)'')', '7')) AS c (statement, expected);
GRANT USAGE ON SCHEMA public TO PUBLIC;

--------------------------------------------------------------------------------------------------------- again
CREATE TEMPORARY TABLE before AS
SELECT s.*, o.oid FROM sgtest.schema_of('shared') AS s
     JOIN (SELECT relname::text AS name, oid FROM pg_class WHERE relnamespace = 'shared'::regnamespace
           UNION ALL SELECT proname, oid FROM pg_proc WHERE pronamespace = 'shared'::regnamespace) AS o USING (name);
CREATE TEMPORARY TABLE granted_before AS SELECT * FROM sgtest.granted('shared');
-- What others put there, gave, and build upon.
CREATE FUNCTION shared.consume_a_little() RETURNS boolean LANGUAGE sql RETURN shared.consume_energy(1);
CREATE VIEW shared.my_trades AS SELECT trade_id, amount FROM shared.trades;
CREATE TABLE shared.notes (n integer);
GRANT SELECT ON shared.trades TO sgt_other WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION shared.quote(bigint) TO sgt_other, PUBLIC;
GRANT INSERT ON shared.prices TO sgt_other;
SELECT ok(sg_create_api('shared', r), 'again: ' || r) FROM unnest(ARRAY['sgt_operator', 'sgt_member']) AS r;
SELECT bag_eq($$SELECT s.*, o.oid FROM sgtest.schema_of('shared') AS s
                     JOIN (SELECT relname::text AS name, oid FROM pg_class WHERE relnamespace = 'shared'::regnamespace
                           UNION ALL SELECT proname, oid FROM pg_proc WHERE pronamespace = 'shared'::regnamespace) AS o USING (name)
                WHERE name NOT IN ('consume_a_little', 'my_trades', 'notes')$$,
              'SELECT * FROM before', 'the same objects');
SELECT bag_eq($$SELECT kind, name, grantee, privilege FROM sgtest.granted('shared') WHERE name <> 'consume_a_little'$$,
              $$SELECT kind, name, grantee, privilege FROM granted_before
                UNION ALL VALUES ('view', 'trades', 'sgt_other', 'SELECT'), ('view', 'prices', 'sgt_other', 'INSERT'),
                                 ('function', 'quote', 'sgt_other', 'EXECUTE'), ('function', 'quote', 'public', 'EXECUTE')$$,
              'the rights of before, and those that others gave');
SELECT has_function('shared', 'consume_a_little', '{}'::name[], 'a function of somebody else stays');
SELECT has_view('shared', 'my_trades', 'a view that depends on one of ours stays');

-- An upgrade: the extension gets, loses and changes functions and views. Prices and quotes look as if an older version had made them.
CREATE FUNCTION public.sg_count_kittens(n bigint DEFAULT 9) RETURNS bigint LANGUAGE sql STABLE RETURN n;
COMMENT ON FUNCTION public.sg_count_kittens(bigint) IS 'how many';
CREATE FUNCTION public.sg_feed_kittens(VARIADIC n bigint[] DEFAULT '{}') RETURNS boolean LANGUAGE sql VOLATILE RETURN true;
CREATE TYPE public.kitten AS ENUM ('black', 'white');
CREATE FUNCTION public.sg_describe(k public.kitten) RETURNS boolean LANGUAGE sql STABLE RETURN true;
CREATE VIEW public.sg_kittens WITH (security_invoker = true) AS SELECT 1::bigint AS kitten_id, 'default'::text AS grid, 2::bigint AS event_id;
COMMENT ON COLUMN public.sg_kittens.kitten_id IS 'identifier (key)';
GRANT SELECT ON public.sg_kittens TO PUBLIC;
CREATE VIEW public.sg_kitten_kinds AS SELECT 'black'::public.kitten AS kind;
GRANT SELECT ON public.sg_kitten_kinds TO PUBLIC;
ALTER EXTENSION smartgrid ADD FUNCTION public.sg_count_kittens(bigint);
ALTER EXTENSION smartgrid ADD FUNCTION public.sg_feed_kittens(bigint[]);
ALTER EXTENSION smartgrid ADD TYPE public.kitten;
ALTER EXTENSION smartgrid ADD FUNCTION public.sg_describe(public.kitten);
ALTER EXTENSION smartgrid ADD VIEW public.sg_kittens;
ALTER EXTENSION smartgrid ADD VIEW public.sg_kitten_kinds;
CREATE FUNCTION sgtest.comment_of(object text) RETURNS text LANGUAGE sql AS $$
    SELECT obj_description(CASE WHEN object ~ '\(' THEN object::regprocedure::oid ELSE object::regclass::oid END)
$$;
SELECT quote_literal(obj_description('shared.prices'::regclass, 'pg_class')) AS comment \gset
DROP VIEW shared.prices;
CREATE VIEW shared.prices AS SELECT 1 AS n, 'x'::text AS grid;
COMMENT ON VIEW shared.prices IS :comment;
GRANT SELECT ON shared.prices TO sgt_other WITH GRANT OPTION;
GRANT SELECT ON shared.prices TO sgt_auditor;
SELECT quote_literal(obj_description('shared.quote(bigint)'::regprocedure, 'pg_proc')) AS comment \gset
DROP FUNCTION shared.quote(bigint);
CREATE FUNCTION shared.quote(amount integer) RETURNS bigint LANGUAGE sql RETURN 1;
REVOKE ALL ON FUNCTION shared.quote(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shared.quote(integer) TO sgt_other, sgt_auditor;
COMMENT ON FUNCTION shared.quote(integer) IS :comment;
CREATE FUNCTION shared.old_function() RETURNS bigint LANGUAGE sql RETURN 1;
COMMENT ON FUNCTION shared.old_function() IS E'of an older version\n\nWrapper of sg_old_function(), made by sg_create_api().';
CREATE VIEW shared.old_views AS SELECT 1 AS n;
COMMENT ON VIEW shared.old_views IS E'of an older version\n\nWrapper of sg_old_views, made by sg_create_api().';
SELECT ok(sg_create_api('shared', 'sgt_member'), 'after an upgrade');
SELECT bag_eq($$SELECT kind, name FROM sgtest.schema_of('shared')$$,
              $$SELECT kind, name FROM wanted UNION ALL
                VALUES ('view', 'kittens'), ('function', 'get_count_kittens'), ('function', 'consume_a_little'), ('view', 'my_trades'), ('view', 'notes')$$,
              'new readers are there, old ones are gone, types that are not built in are left out');
SELECT is(obj_description('shared.kittens'::regclass, 'pg_class'),
          E'@primaryKey kitten_id\n@foreignKey (grid) references grids (grid)\n@foreignKey (event_id) references prices (event_id)\n'
          '\nWrapper of sg_kittens, made by sg_create_api().', 'keys come from the comments of the columns');
SELECT is(sgtest.try('sgt_app/sgt_member', 'SELECT shared.get_count_kittens(), (SELECT grid FROM shared.kittens)'), '9,default', 'and work');
SELECT bag_eq($$SELECT grantee, privilege FROM sgtest.granted('shared') WHERE name = 'prices'$$,
              $$VALUES ('sgt_other', 'SELECT'), ('sgt_auditor', 'SELECT'), ('sgt_member', 'SELECT')$$, 'a view with other columns is made anew, its rights stay');
SELECT is((SELECT a.is_grantable FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = 'shared.prices'::regclass AND a.grantee = 'sgt_other'::regrole), true,
          'grant options too');
SELECT bag_eq($$SELECT grantee, privilege FROM sgtest.granted('shared') WHERE name = 'quote'$$,
              $$VALUES ('sgt_other', 'EXECUTE'), ('sgt_auditor', 'EXECUTE'), ('sgt_member', 'EXECUTE')$$, 'so do those of a function with other arguments');
SELECT ok(sg_create_api('shared', 'sgt_operator'), 'for the operator, too');
SELECT has_function('shared', 'feed_kittens', 'what writes, and is not known to be for members, is the operator''s');
SELECT is(sgtest.try('/sgt_operator', 'SELECT shared.feed_kittens(1, 2)'), 't', 'who may call it');
SELECT is(sgtest.try('sgt_app/sgt_member', 'SELECT shared.feed_kittens()'), '42501', 'and nobody else');
ALTER EXTENSION smartgrid DROP FUNCTION public.sg_count_kittens(bigint);
ALTER EXTENSION smartgrid DROP FUNCTION public.sg_feed_kittens(bigint[]);
ALTER EXTENSION smartgrid DROP VIEW public.sg_kittens;
SELECT ok(sg_create_api('shared', 'sgt_member'), 'after they were removed');
SELECT bag_eq($$SELECT kind, name FROM sgtest.schema_of('shared')$$,
              $$SELECT kind, name FROM wanted UNION ALL VALUES ('function', 'consume_a_little'), ('view', 'my_trades'), ('view', 'notes')$$, 'so are ours');

------------------------------------------------------------------------------------------------------ rights that change
-- Closed top-ups are closed in the API as well.
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
SELECT ok(sg_create_api('shared', r), 'top-ups are closed: ' || r) FROM unnest(ARRAY['sgt_operator', 'sgt_payment']) AS r;
SELECT bag_eq($$SELECT grantee FROM sgtest.granted('shared') WHERE name = 'add_consumer_balance'$$, ARRAY['sgt_payment'], 'for all but the gateway');
REVOKE SELECT ON sg_prices FROM PUBLIC;
SELECT ok(sg_create_api('shared', 'sgt_member'), 'a view is closed');
SELECT bag_eq($$SELECT grantee FROM sgtest.granted('shared') WHERE name = 'prices'$$, ARRAY['sgt_other', 'sgt_auditor', 'sgt_operator', 'sgt_payment'], 'the member has it no more');
GRANT SELECT ON sg_prices TO PUBLIC;
-- A demoted operator.
REVOKE smartgrid_operator FROM sgt_operator;
SELECT ok(sg_create_api('shared', 'sgt_operator'), 'an operator is one no more');
SELECT bag_eq($$SELECT kind, name FROM sgtest.granted('shared') WHERE grantee = 'sgt_operator'$$, $$SELECT kind, name FROM wanted WHERE member = 'x'$$,
              'and has the rights of a member');
SELECT hasnt_function('shared', 'set_base_price', 'what nobody else has is gone');
SELECT bag_eq($$SELECT grantee FROM sgtest.granted('shared') WHERE name = 'check_invariants'$$, ARRAY['sgt_auditor'], 'what others have is theirs');

------------------------------------------------------------------------------------------------------------ refusals
SELECT is(sgtest.try(who, format('SELECT sg_create_api(%s)', arguments), settings), expected, why)
FROM (VALUES ('', $$NULL, 'sgt_member'$$, 'SG108', 'no schema', '{}'::jsonb), ('', $$'api', NULL$$, 'SG108', 'no role', '{}'),
             ('', $$'', 'sgt_member'$$, 'SG108', 'empty schema', '{}'), ('', $$'api', ''$$, 'SG108', 'empty role', '{}'),
             ('', $$repeat('x', 64), 'sgt_member'$$, 'SG108', 'a long schema', '{}'), ('', $$'api', repeat('x', 64)$$, 'SG108', 'a long role', '{}'),
             ('', $$repeat('x', 63), 'sgt_member'$$, 't', 'the longest schema', '{}'),
             ('', $$'api', 'sgt_unknown'$$, 'SG108', 'an unknown role', '{}'), ('', $$'api', 'public'$$, 'SG108', 'public is no role', '{}'),
             ('', $$'api', 'SGT_MEMBER'$$, 'SG108', 'names are taken as they are', '{}'),
             ('', $$'smartgrid', 'sgt_member'$$, 'SG108', 'the extension''s tables', '{}'), ('', $$'public', 'sgt_member'$$, 'SG108', 'the extension''s functions', '{}'),
             ('', $$'pg_catalog', 'sgt_member'$$, 'SG108', 'pg_catalog', '{}'), ('', $$'pg_new', 'sgt_member'$$, 'SG108', 'a name that PostgreSQL reserves', '{}'),
             ('', $$'information_schema', 'sgt_member'$$, 'SG108', 'information_schema', '{}'),
             ('', $$'new', 'sgt_member'$$, '25006', 'a transaction that is read only', '{"transaction_read_only": "on"}'),
             ('', $$NULL, NULL$$, '25006', 'which comes first', '{"transaction_read_only": "on"}'),
             ('sgt_other', $$'new', 'sgt_member'$$, '42501', 'no right to create a schema', '{}')) AS c (who, arguments, expected, why, settings);
SELECT isnt(sgtest.try('sgt_other', $$SELECT sg_create_api('shared', 'sgt_member')$$), 't', 'somebody else''s schema');

CREATE FUNCTION sgtest.in_the_way(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    n bigint;
BEGIN
    CREATE SCHEMA way;
    EXECUTE statement;
    n := (SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'way'::regnamespace);
    BEGIN
        PERFORM sg_create_api('way', 'sgt_member');
        detail := 'none';
    EXCEPTION WHEN SQLSTATE 'SG105' THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        IF n <> (SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'way'::regnamespace) THEN
            detail := 'something is left behind';
        END IF;
    END;
    DROP SCHEMA way CASCADE;
    RETURN detail;
END $$;
SELECT is(sgtest.in_the_way(statement), expected, 'in the way: ' || statement)
FROM (VALUES ('CREATE TABLE way.trades (n integer)', 'Found: RELATION way.trades.'),
             ('CREATE VIEW way.trades AS SELECT 1 AS n', 'Found: VIEW way.trades.'),
             ('CREATE MATERIALIZED VIEW way.trades AS SELECT 1 AS n', 'Found: RELATION way.trades.'),
             ('CREATE SEQUENCE way.blocks', 'Found: RELATION way.blocks.'),
             ('CREATE TABLE way.notes (n integer); CREATE INDEX trades ON way.notes (n)', 'Found: RELATION way.trades.'),
             ('CREATE TYPE way.trades AS ENUM (''x'')', 'Found: TYPE way.trades.'),
             ('CREATE TYPE way.trades AS (n integer)', 'Found: RELATION way.trades.'),
             ('CREATE DOMAIN way.trades AS integer', 'Found: DOMAIN way.trades.'),
             ('CREATE DOMAIN way."text/html" AS text', 'Found: DOMAIN way."text/html".'),
             ('CREATE FUNCTION way.quote(bigint) RETURNS bigint LANGUAGE sql RETURN 1', 'Found: FUNCTION way.quote(bigint).'),
             ('CREATE FUNCTION way.quote(text, text) RETURNS bigint LANGUAGE sql RETURN 1', 'Found: FUNCTION way.quote(text, text).'),
             ('CREATE PROCEDURE way.quote(text) LANGUAGE sql BEGIN ATOMIC END', 'Found: ROUTINE way.quote.'),
             ('CREATE VIEW way.prices AS SELECT 1 AS n; CREATE FUNCTION way.quote() RETURNS bigint LANGUAGE sql RETURN 1', 'Found: FUNCTION way.quote(), VIEW way.prices.'),
             ('CREATE TABLE way.quote (n integer)', 'none'), ('CREATE FUNCTION way.trades() RETURNS bigint LANGUAGE sql RETURN 1', 'none'),
             ('CREATE VIEW way.metrics AS SELECT 1 AS n', 'none'), ('CREATE FUNCTION way.set_base_price() RETURNS bigint LANGUAGE sql RETURN 1', 'none'),
             -- A comment does not make a stranger's object ours.
             ($$CREATE VIEW way.trades AS SELECT 1 AS n; COMMENT ON VIEW way.trades IS 'x, made by sg_create_api().'; ALTER VIEW way.trades OWNER TO sgt_other$$,
              'Found: VIEW way.trades.'),
             ($$CREATE TABLE way.trades (n integer); COMMENT ON TABLE way.trades IS 'x, made by sg_create_api().'$$, 'Found: RELATION way.trades.'),
             ($$CREATE VIEW way.trades AS SELECT 1 AS n; COMMENT ON VIEW way.trades IS 'x, made by sg_create_api().'$$, 'none')) AS c (statement, expected);
SELECT is(sgtest.complaint('', $$SELECT sg_create_api('sgtest', 'sgt_member')$$), '', 'a schema with something else in it will do');
GRANT CREATE ON SCHEMA sgtest TO PUBLIC;
SELECT is(sgtest.complaint('', $$SELECT sg_create_api('sgtest', 'sgt_member')$$),
          E'everybody may create objects in schema "sgtest"\nDETAIL: A function that anybody puts there would be a part of the API.\n'
          'HINT: REVOKE CREATE ON SCHEMA sgtest FROM PUBLIC, or name another schema.', 'a schema that everybody may create in will not');
SELECT is(sgtest.complaint('', $$SELECT sg_create_api('shared', 'sgt_unknown')$$),
          E'role "sgt_unknown" does not exist\nHINT: Create the role first: the one that requests run under, not the one that logs in for them.', 'says what to do');
-- Somebody's view on one of ours that has to go.
CREATE VIEW shared.of_metrics AS SELECT production FROM shared.metrics;
REVOKE smartgrid_auditor FROM sgt_auditor;
SELECT is(sgtest.try('', $$SELECT sg_create_api('shared', 'sgt_auditor')$$), '2BP01', 'what others build upon is not dropped from under them');
DROP VIEW shared.of_metrics;
SELECT is(sgtest.try('', $$SELECT sg_create_api('shared', 'sgt_auditor')$$), 't', 'once that is gone it is');

------------------------------------------------------------------------------------------------- who may make an API
CREATE ROLE sgt_owner;
SELECT lives_ok(format('GRANT CREATE ON DATABASE %I TO sgt_owner', current_database()), 'somebody who may create a schema');
SELECT is(sgtest.keep('sgt_owner', $$SELECT sg_create_api('own', 'sgt_member')$$), 't', 'needs no other right');
SELECT is_empty($$SELECT owner FROM sgtest.schema_of('own') WHERE owner <> 'sgt_owner'$$, 'owns what it made');
SELECT is(sgtest.try('sgt_app/sgt_member@bob', 'SELECT own.consume_energy(1)'), 't', 'and it works');
SELECT is(sgtest.try('sgt_app/sgt_member@carol', 'SELECT count(*) FROM own.ledger_entries'), '0', 'without lending anybody its rights');
SELECT is(sgtest.try('sgt_owner', 'SELECT own.set_base_price(1)'), '42883', 'nor its own API more than its role has');
DROP VIEW own.prices;
SELECT is(sgtest.keep('', $$SELECT sg_create_api('own', 'sgt_member')$$), 't', 'a superuser brings it up to date');
SELECT bag_eq($$SELECT name, owner::text FROM sgtest.schema_of('own') WHERE owner <> 'sgt_owner'$$, $$VALUES ('prices', 'postgres')$$, 'what was there keeps its owner');
ALTER VIEW own.prices OWNER TO sgt_owner;
DROP VIEW own.trades;
CREATE VIEW own.trades AS SELECT 1 AS n;
ALTER VIEW own.trades OWNER TO sgt_owner;
COMMENT ON VIEW own.trades IS 'Wrapper of sg_trades, made by sg_create_api().';
SELECT is(sgtest.keep('', $$SELECT sg_create_api('own', 'sgt_member')$$), 't', 'also where something has to be made anew');
SELECT is_empty($$SELECT owner FROM sgtest.schema_of('own') WHERE owner <> 'sgt_owner'$$, 'then too');
SELECT is(sgtest.keep('sgt_owner', $$SELECT sg_create_api('own', 'sgt_member')$$), 't', 'the owner can go on');
-- Default privileges hand out nothing.
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO sgt_other;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO sgt_other;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO sgt_other, PUBLIC;
SELECT ok(sg_create_api('generous', 'sgt_member'), 'with generous default privileges');
SELECT is_empty($$SELECT * FROM sgtest.granted('generous') WHERE grantee <> 'sgt_member'$$, 'nobody else gets anything');
SELECT is((SELECT array_agg(DISTINCT a.grantee::regrole::text || ' ' || a.privilege_type) FROM pg_namespace, aclexplode(nspacl) AS a WHERE nspname = 'generous' AND a.grantee <> nspowner),
          '{sgt_member USAGE}', 'nor may anybody use the schema, or add to it');
SELECT ok(sg_create_api('generous', 'sgt_member'), 'and again');

SELECT * FROM finish();
ROLLBACK;
