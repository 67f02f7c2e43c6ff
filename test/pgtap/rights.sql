-- Who may do what with every object, and which rows each of them sees.

\ir lib/begin.sql
\ir lib/caller.sql
SELECT no_plan();

CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE sgt_alice LOGIN;
CREATE ROLE sgt_bob LOGIN;
CREATE ROLE sgt_eve LOGIN;
CREATE ROLE sgt_wanda LOGIN;
CREATE ROLE sgt_east;
CREATE ROLE sgt_west;
CREATE ROLE sgt_east_operator LOGIN IN ROLE sgt_east;
CREATE ROLE sgt_west_operator LOGIN IN ROLE sgt_west;
CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_web;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway, sgt_web;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_lazy_operator LOGIN NOINHERIT IN ROLE smartgrid_operator;
CREATE ROLE sgt_lazy_auditor LOGIN NOINHERIT IN ROLE smartgrid_auditor;
CREATE ROLE sgt_lazy_gateway LOGIN NOINHERIT IN ROLE smartgrid_gateway;
CREATE ROLE sgt_backup LOGIN BYPASSRLS;

---------------------------------------------------------------------------------------------------------- privileges
-- THE list: every object, and the privileges of each caller on it, in the letters of PostgreSQL's ACLs: r SELECT, a INSERT,
-- w UPDATE, d DELETE, D TRUNCATE, x REFERENCES, t TRIGGER, m MAINTAIN, U USAGE, C CREATE, X EXECUTE. Whoever adds an object adds a line here.
CREATE TEMPORARY TABLE allowed (
    object text, kind "char", public text, participant text, another text, operator text, other_operator text, gateway text, auditor text
);
INSERT INTO allowed VALUES
-- schema                                                    kind  public  alice  bob  east  west  gateway  auditor
('smartgrid',                                                 'n', 'U',    'U',   'U',  'U', 'U',  'U',     'U'),
-- tables: reading what row-level security shows, nothing else
('smartgrid.grid',                                            'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.price_event',                                     'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.pool',                                            'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.participant',                                     'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.producer',                                        'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.consumer',                                        'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.storage',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.due',                                             'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.payment',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.request',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.reversal',                                        'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.entry_digest',                                    'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.trade',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.ledger',                                          'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.metrics',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.block',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.energy_type_factor',                              'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.grid_zone',                                       'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.capacity_event',                                  'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.rollup',                                          'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.rollup_end',                                      'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.rollup_production',                               'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.point',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.point_name',                                      'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.point_period',                                    'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.register_reading',                                'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.series',                                          'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.series_step',                                     'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.series_value',                                    'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.allocation',                                      'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.run', 'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.run_line', 'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.run_basis', 'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.run_problem', 'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.run_id_seq', 'S', '',     '',    '',   '',  '',   '',      ''),
('sg_runs', 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_run_lines', 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_settle(tstzrange,text[],timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_finalize(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_discard(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_run_problems(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_run_basis(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_verify_run(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_run_steps(bigint,text)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_run_changes(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_run_of_day(tstzrange)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.run_state(smallint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.run_kind(smallint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.run_side(smallint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.run_changed_since(integer,timestamp with time zone,timestamp with time zone,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.party',                                            'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.document',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.document_number',                                  'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.share',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.holiday',                                          'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.tariff',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.tariff_version',                                   'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.assignee',                                         'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.assignment',                                       'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.recording',                                       'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
-- tables that only the extension itself reads
('smartgrid.block_detail',                                    'r', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.seal_point',                                      'r', '',     '',    '',   '',  '',   '',      ''),
-- sequences: pg_dump reads them, nobody draws from them
('smartgrid.document_id_seq',                                 'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.grid_id_seq',                                     'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.price_event_id_seq',                              'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.participant_id_seq',                              'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.trade_id_seq',                                    'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.ledger_entry_id_seq',                             'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.metrics_id_seq',                                  'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.capacity_event_id_seq',                           'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.tariff_id_seq',                                    'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.assignee_id_seq',                                  'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.series_id_seq',                                   'S', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.point_id_seq',                                    'S', '',     '',    '',   '',  '',   '',      ''),
-- views
('sg_grids',                                                  'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_prices',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_producer_directory',                                     'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_producers',                                              'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_consumers',                                              'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_storages',                                               'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_trades',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_ledger',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_requests',                                               'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_reversals',                                              'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_metrics',                                                'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_blocks',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_ledger_lines',                                           'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_energy_types',                                           'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_load_curve',                                             'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.batch',                                           'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.interval_day',                                    'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.interval_pack',                                   'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.open_slot',                                       'r', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('smartgrid.batch_id_seq',                                    'S', '',     '',    '',   '',  '',   '',      ''),
('sg_intervals',                                              'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_interval_days',                                          'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_batches',                                                'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_points',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_point_periods',                                          'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_register_readings',                                      'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_allocations',                                            'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_allocation_periods',                                     'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_holidays',                                                'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_tariffs',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_tariff_versions',                                         'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_assignments',                                             'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_assignment_periods',                                      'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_series',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_shares',                                                 'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_dues',                                                   'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_parties',                                                'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_documents',                                              'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_document_lines',                                         'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_document_vat',                                           'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
('sg_share_periods',                                          'v', 'r',    'r',   'r',  'r', 'r',  'r',     'r'),
-- functions of the API: everyone may call them, each checks its caller itself (errors.sql)
('sg_principal()',                                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_grid()',                                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_register_producer(bigint,text)',                         'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_register_consumer(bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_register_storage(bigint,bigint,bigint)',                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_report_production(bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_consume_energy(bigint,bigint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_charge_storage(bigint)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_discharge_storage(bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_create_trade(text,bigint,bigint)',                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_complete_trade(bigint)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_cancel_trade(bigint)',                                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_add_consumer_balance(text,bigint)',                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_withdraw_earnings(bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_withdraw_balance(bigint)',                               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_refund(text,bigint)',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_pay_due(bigint)',                                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_record_payment(text,bigint,text)',                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_pay_producer(text,bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_reverse_entry(bigint,text)',                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_correct_reading(bigint,bigint,text)',                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_forget_requests(timestamp with time zone)',              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_write_off(bigint,text)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_check()',                                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_base_price(bigint)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_toggle_emergency_mode()',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_record_metrics(bigint,bigint,bigint,bigint)',            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_record_metrics(tstzrange)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_update_producer_reputation(text,integer)',               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_deactivate_participant(text,boolean)',                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_reactivate_participant(text,boolean)',                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_enrol_producer(text,bigint,text)',                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_enrol_consumer(text,bigint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_enrol_storage(text,bigint,bigint,bigint)',               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_alter_producer(text,bigint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_alter_consumer(text,bigint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_alter_storage(text,bigint,bigint,bigint)',               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_rename_participant(text,text)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_balance_load()',                                         'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_create_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)',
                                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_alter_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)',
                                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_producer_info(text)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_consumer_info(text)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_storage_info(text)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_trade_info(bigint)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_grid_status()',                                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_dynamic_price()',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_get_metrics(bigint)',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_quote(bigint)',                                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_last_entry()',                                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_readings(text[],text[],bigint[],timestamp with time zone[])',
                                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_readings(regclass)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_seal(text)',                                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_prove_entry(bigint)',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_prove_blocks(bigint,bigint,text)',                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_verify_proof(jsonb,text,text)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_verify_ledger(text,bigint,bigint,text)',                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_verify_batches(bigint,bigint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_batch_lines(bigint)',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_statement(text,tstzrange)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_energy_type(text,boolean,numeric,text)',             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_time_zone(text)',                                    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_time_zone()',                                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_load_curve(text,tstzrange,interval,text,text)',               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_kpis(tstzrange,text)',                                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_rebuild_rollups(text)',                                  'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_help(text)',                                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_version()',                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_create_api(text,text)',                                  'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.api_lock(oid)',                                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.api_objects(text,oid)',                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.api_present(oid)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_party(text,timestamp with time zone,jsonb,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_issue(bigint,date)',                                     'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_cancel_document(text,text,date)',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_render_document(text,text)',                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_report(tstzrange,text)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_point(text,timestamp with time zone,text,text,interval,numeric,text,text,text,text,boolean)',
                                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_points(regclass,boolean)',                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_end_point(text,timestamp with time zone,boolean)',       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_rename_point(text,text)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_intervals(text[],timestamp with time zone[],bigint[],text[],text,text,boolean,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_intervals(regclass,text,text,boolean,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_days(text[],date[],text[],text[],text,text,boolean,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_withdraw_batch(bigint)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_pack_intervals(date)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_interval_series(text,tstzrange,interval,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_interval_versions(text,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_completeness(tstzrange,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_validate(tstzrange,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_substitute(tstzrange,text,text[],interval,text,text)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_gaps(tstzrange,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_grid_balance(tstzrange,interval,text,integer,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.interval_slots(text[],text[],date,date,timestamp with time zone,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.interval_day_sums(text[],text[],date,date,timestamp with time zone,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_exchange_meter(text,timestamp with time zone,numeric,text,numeric,integer,boolean)', 'f', 'X', 'X', 'X', 'X', 'X', 'X', 'X'),
('sg_post_registers(text[],timestamp with time zone[],numeric[],text[],text,text)', 'f', 'X', 'X', 'X', 'X', 'X', 'X', 'X'),
('sg_export(text,tstzrange,text[],timestamp with time zone)', 'f', 'X',   'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.interval_hour_sums(tstzrange,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.quality_name(smallint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_import(text,text,jsonb)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_allocation(timestamp with time zone,text,boolean)',  'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_tariff(text,timestamp with time zone,jsonb,jsonb,boolean,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_assign_tariff(text,timestamp with time zone,text,text,numeric,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_unassign_tariff(text,timestamp with time zone,text,text,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_holidays(date[],boolean)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_price_check(text,tstzrange,timestamp with time zone)',    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_post_series(text,timestamp with time zone[],numeric[],interval)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_series_values(text,tstzrange,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_set_share(text,timestamp with time zone,numeric,numeric,integer,boolean)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_allocate(tstzrange,timestamp with time zone)',           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_allocation_sums(tstzrange,timestamp with time zone)',    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_community(tstzrange,interval,timestamp with time zone)', 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_make(bigint[],text[],interval,interval)',            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_slots(sg_day)',                                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_at(sg_day,integer)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_at(sg_day,date,timestamp with time zone)',           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_quality(sg_day,integer)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_qualities(sg_day)',                                  'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_sum(sg_day)',                                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_slice(sg_day,integer,integer)',                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_slice(sg_day,date,tstzrange)',                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_day_unnest(sg_day,date)',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_days_sum(sg_day)',                                       'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_days_sum(sg_day,date,tstzrange)',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_days_by_slot(sg_day)',                                   'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('sg_days_qualities(sg_day)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
-- what policies, views and operators call
('smartgrid.point_kind(smallint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.quality_name(smallint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.document_kinds()',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.document_kind(smallint)',                         'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.document_texts()',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.document_languages()',                            'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.quotient_rounded(numeric,numeric)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.quotient_floor(numeric,numeric)',                 'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.quality_word(text[])',                            'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.party_at(integer,bigint,timestamp with time zone)','f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_party(jsonb,text,text)',                 'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_frame(bigint,date)',                     'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_addressees(bigint,date)',                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_drafted_lines(bigint,date)',             'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_drafted_groups(bigint,date)',            'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_energy(integer,timestamp with time zone,timestamp with time zone,timestamp with time zone)','f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_community(bigint)',                      'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_references(bigint,bigint,smallint)',     'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_drafts(bigint,date)',                    'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_negated(jsonb,text[])',                  'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.document_reversal(bigint,text,date)',             'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.allocation_model(smallint)',                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.own_caller(boolean)',                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.day_in(cstring)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.day_out(sg_day)',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.day_eq(sg_day,sg_day)',                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.day_ne(sg_day,sg_day)',                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.own_participants()',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.readable_grids()',                                'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.party_name(bigint)',                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.own_participant(integer)',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.further_entries(integer)',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.further_trades(integer)',                         'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.first_readable_key()',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.readable_parties(text[])',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.hint_whole_grid(bigint)',                         'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.hint_any_party(bigint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.hint_other_grid(integer,integer[])',              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.shown_name(boolean,bigint,text)',                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.producer_directory()',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.grid_state(integer)',                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.scaled(bigint,integer)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.energy_type_name(smallint)',                      'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.shown_kind(smallint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.entry_line(bigint,timestamp with time zone,integer,smallint,bigint,bigint,bigint,bigint,bigint,bigint,timestamp with time zone,bytea)',
                                                              'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.carries_digest(smallint)',                        'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.entry_kind(smallint)',                            'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.trade_status(smallint)',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.price_rule(integer)',                             'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.entry_effects()',                                 'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.unix_microseconds(timestamp with time zone)',     'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.scaled_sum(numeric,integer)',                     'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.quarter_hour(timestamp with time zone)',          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.load_after(integer,timestamp with time zone)',    'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.utilization_after(integer,timestamp with time zone)','f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.open_sums()',                                     'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.default_energy_types()',                          'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.energy_types(integer)',                           'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
('smartgrid.library_version()',                               'f', 'X',    'X',   'X',  'X', 'X',  'X',     'X'),
-- what the extension calls for itself
('smartgrid.day_recv(internal)',                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.day_send(sg_day)',                                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.day_hash(sg_day)',                                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.day_hash_extended(sg_day,bigint)',                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_add(internal,sg_day)',                   'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_add(internal,sg_day,date,tstzrange)',    'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_combine(internal,internal)',             'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_serialize(internal)',                    'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_deserialize(bytea,internal)',            'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_sum_result(internal)',                       'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_by_slot_add(internal,sg_day)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_by_slot_combine(internal,internal)',         'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_by_slot_serialize(internal)',                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_by_slot_deserialize(bytea,internal)',        'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_by_slot_result(internal)',                   'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_qualities_add(integer,sg_day)',              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.days_qualities_result(integer)',                  'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.set_energy_type(integer,smallint,boolean,numeric,text)','f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.recording_moment(integer)',                       'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.fill_rollups(integer)',                           'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.kpis(integer,bigint,numeric,numeric,numeric,numeric,numeric,numeric,numeric,numeric,numeric,numeric[],bigint,bigint,numeric,numeric,timestamp with time zone,numeric,timestamp with time zone)',
                                                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.interval_limits_support(internal)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.open_values(bytea)',                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.hint_whole_grid_support(internal)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.hint_any_party_support(internal)',                'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.hint_other_grid_support(internal)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.hint_further_rows_support(internal)',             'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.replace_derived_row()',                           'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.replace_seed_row()',                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.note_change()',                                   'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.is_first_half(bigint,smallint)',                  'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.load_change(smallint,bigint)',                    'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.period_metrics(integer,tstzrange)',               'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.statement(integer,bigint,tstzrange)',             'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_leaf(bytea)',                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_root(bytea[])',                            'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_path(bytea[],integer)',                    'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_consistency(bytea[],integer,integer)',     'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_check_path(bytea,bigint,bigint,bytea[],bytea)',
                                                              'f', '',     '',    '',   '',  '',   '',      ''),
('smartgrid.merkle_check_consistency(bigint,bigint,bytea[],bytea,bytea)',
                                                              'f', '',     '',    '',   '',  '',   '',      '');

-- What sg_report() and sg_render_document() are made of: they work with the rights of its caller, so everyone may call them.
INSERT INTO allowed
SELECT p.oid::regprocedure::text, 'f', 'X', 'X', 'X', 'X', 'X', 'X', 'X'
FROM pg_proc AS p
WHERE p.pronamespace = 'smartgrid'::regnamespace AND (p.proname LIKE 'report\_%' OR p.proname LIKE 'render\_%') AND p.prolang <> (SELECT l.oid FROM pg_language AS l WHERE l.lanname = 'c') AND NOT p.prosecdef;

-- Everything there is: the members of the extension, and whatever else is in the schema smartgrid. Types of rows have no rows.
CREATE TEMPORARY VIEW present AS
SELECT c.oid::regclass::text AS object, c.relkind::"char" AS kind, c.oid
FROM pg_class AS c
WHERE c.relkind NOT IN ('i', 'I', 't', 'c')
      AND (c.relnamespace = 'smartgrid'::regnamespace
           OR EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'smartgrid'
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
UNION ALL
SELECT p.oid::regprocedure::text, 'f', p.oid
FROM pg_proc AS p
WHERE p.pronamespace = 'smartgrid'::regnamespace
      OR EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'smartgrid'
                 WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT n.nspname, 'n', n.oid FROM pg_namespace AS n WHERE n.nspname = 'smartgrid';

SELECT is_empty('SELECT object, kind FROM present EXCEPT SELECT object, kind FROM allowed', 'every object is in the list');
SELECT is_empty('SELECT object, kind FROM allowed EXCEPT SELECT object, kind FROM present', 'every object of the list is there');

CREATE FUNCTION sgtest.privileges(grantee name, kind "char", object oid) RETURNS text
    LANGUAGE sql AS $$
    SELECT coalesce(string_agg(p.letter, '' ORDER BY p.n), '')
    FROM (VALUES (1, 'r', 'SELECT', '{r,v,S}'::text[]), (2, 'a', 'INSERT', '{r,v}'), (3, 'w', 'UPDATE', '{r,v,S}'), (4, 'd', 'DELETE', '{r,v}'),
                 (5, 'D', 'TRUNCATE', '{r,v}'), (6, 'x', 'REFERENCES', '{r,v}'), (7, 't', 'TRIGGER', '{r,v}'), (8, 'U', 'USAGE', '{S,n}'),
                 (9, 'C', 'CREATE', '{n}'), (10, 'X', 'EXECUTE', '{f}'), (11, 'm', 'MAINTAIN', '{r,v}')) AS p (n, letter, privilege, kinds)
    WHERE CASE WHEN kind::text <> ALL (p.kinds) THEN false
                   -- 17 has one more.
                   WHEN p.privilege = 'MAINTAIN' AND current_setting('server_version_num')::integer < 170000 THEN false
                   WHEN kind = 'f' THEN has_function_privilege(grantee, object, p.privilege)
                   WHEN kind = 'n' THEN has_schema_privilege(grantee, object, p.privilege)
                   WHEN kind = 'S' THEN has_sequence_privilege(grantee, object, p.privilege)
                   ELSE has_table_privilege(grantee, object, p.privilege)
                        OR (p.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                            AND has_any_column_privilege(grantee, object, p.privilege)) END
$$;

SELECT is((SELECT sgtest.privileges(who.role, p.kind, p.oid) FROM present AS p WHERE p.object = a.object AND p.kind = a.kind),
          who.allowed, format('%s on %s', who.name, a.object))
FROM allowed AS a,
     LATERAL (VALUES (1, 'public', 'PUBLIC', a.public), (2, 'sgt_alice', 'a participant', a.participant),
                     (3, 'sgt_bob', 'another participant', a.another), (4, 'sgt_east_operator', 'the operator', a.operator),
                     (5, 'sgt_west_operator', 'another grid''s operator', a.other_operator), (6, 'sgt_gateway', 'the gateway', a.gateway),
                     (7, 'sgt_auditor', 'the auditor', a.auditor)) AS who (n, role, name, allowed)
ORDER BY a.kind, a.object, who.n;

-- Nor has a member of smartgrid_operator more than that: who administers grids does it through functions.
SELECT is_empty($$SELECT p.object, sgtest.privileges('sgt_operator', p.kind, p.oid), a.operator
                  FROM present AS p JOIN allowed AS a USING (object, kind)
                  WHERE sgtest.privileges('sgt_operator', p.kind, p.oid) <> a.operator$$,
                'an operator of every grid has the privileges of one grid''s operator');
SELECT is_empty($$SELECT p.object, a.grantee::regrole, a.privilege_type
                  FROM present AS p,
                       LATERAL (SELECT c.relacl AS acl FROM pg_class AS c WHERE c.oid = p.oid AND p.kind IN ('r', 'v', 'S')
                                UNION ALL SELECT f.proacl FROM pg_proc AS f WHERE f.oid = p.oid AND p.kind = 'f'
                                UNION ALL SELECT n.nspacl FROM pg_namespace AS n WHERE n.oid = p.oid AND p.kind = 'n') AS object,
                       LATERAL aclexplode(object.acl) AS a
                  WHERE a.is_grantable AND a.grantee <> a.grantor$$,
                'nobody may grant anything on');

---------------------------------------------------------------------------------------------------- direct writing
-- 55000: the views cannot be written to by anybody.
SELECT is(sgtest.try(who, statement), CASE WHEN statement ~ ' sg_' THEN '55000' ELSE '42501' END, format('%s: %s', who, statement))
FROM (VALUES ('sgt_alice'), ('sgt_operator'), ('sgt_gateway@sgt_alice'), ('sgt_auditor')) AS callers (who),
     (VALUES ('UPDATE smartgrid.consumer SET balance = 1000000'),
             ('DELETE FROM smartgrid.ledger'),
             ('INSERT INTO smartgrid.metrics SELECT * FROM smartgrid.metrics'),
             ('INSERT INTO sg_consumers (balance) VALUES (1)'),
             ('UPDATE sg_metrics SET production = 1'),
             ('SELECT * FROM smartgrid.pool FOR UPDATE'),
             ('SELECT nextval(''smartgrid.trade_id_seq'')'),
             ('SELECT setval(''smartgrid.trade_id_seq'', 1)'),
             ('LOCK TABLE smartgrid.pool IN ROW EXCLUSIVE MODE'),
             ('TRUNCATE smartgrid.ledger'),
             ('CREATE TABLE smartgrid.mine ()'),
             ('CREATE TRIGGER spy BEFORE INSERT ON smartgrid.ledger FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_seed_row()'),
             ('ALTER TABLE smartgrid.ledger DISABLE ROW LEVEL SECURITY'),
             ('ALTER EXTENSION smartgrid DROP TABLE smartgrid.ledger'),
             ('DROP EXTENSION smartgrid')) AS statements (statement);

-------------------------------------------------------------------------------------------------------------- rows
-- Two grids, each with an operator of its own. Participants by number: 1 alice (all three roles), 2 bob, 3 eve, all in
-- "east"; 4 alice, 5 wanda in "west".
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('east', 'sgt_east')$$);
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('west', 'sgt_west')$$);
SELECT sgtest.given('sgt_alice', $$SELECT sg_register_producer(1000, 'solar')$$, 'east');
SELECT sgtest.given('sgt_alice', 'SELECT sg_register_consumer(100)', 'east');
SELECT sgtest.given('sgt_alice', 'SELECT sg_register_storage(100, 10, 10)', 'east');
SELECT sgtest.given('sgt_bob', 'SELECT sg_register_consumer(100)', 'east');
SELECT sgtest.given('sgt_eve', 'SELECT sg_register_consumer(100)', 'east');
SELECT sgtest.given('sgt_alice', 'SELECT sg_register_consumer(100)', 'west');
SELECT sgtest.given('sgt_wanda', $$SELECT sg_register_producer(1000, 'wind')$$, 'west');
SELECT sgtest.given('sgt_alice', 'SELECT sg_report_production(100)', 'east');                      -- entry 1
SELECT sgtest.given('sgt_wanda', 'SELECT sg_report_production(50)', 'west');                       -- 2
SELECT sgtest.given('sgt_nobody', $$SELECT sg_add_consumer_balance('sgt_bob', 10000)$$, 'east');   -- 3
SELECT sgtest.given('sgt_nobody', $$SELECT sg_add_consumer_balance('sgt_eve', 10000)$$, 'east');   -- 4
SELECT sgtest.given('sgt_alice', $$SELECT sg_create_trade('sgt_bob', 5, 7)$$, 'east');             -- 5, trade 1
SELECT sgtest.given('sgt_alice', $$SELECT sg_create_trade('sgt_eve', 5, 7)$$, 'east');             -- 6, trade 2
SELECT sgtest.given('sgt_eve', 'SELECT sg_complete_trade(2)', 'east');                             -- 7
SELECT sgtest.given('sgt_alice', 'SELECT sg_charge_storage(10)', 'east');                          -- 8
SELECT sgtest.given('sgt_bob', 'SELECT sg_consume_energy(1)', 'east');                             -- 9
SELECT sgtest.given('sgt_wanda', $$SELECT sg_create_trade('sgt_alice', 5, 7)$$, 'west');           -- 10, trade 3
SELECT sgtest.given('sgt_east_operator', 'SELECT sg_record_metrics(1, 2, 3, 4)', 'east');
SELECT sgtest.given('sgt_west_operator', 'SELECT sg_record_metrics(5, 6, 7, 8)', 'west');
SELECT sgtest.given('sgt_east_operator', 'SELECT sg_seal()', 'east');                              -- 1, 3 to 9
-- Point A: alice's, then bob's; B: eve's; C: nobody's; D, in "west": wanda's.
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('A', '2024-01-01 00:00Z', 'sgt_alice', 'consumption')$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('A', '2024-02-01 00:00Z', 'sgt_bob', capacity => 5)$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('B', '2024-01-01 00:00Z', 'sgt_eve', 'production')$$, 'east');
SELECT sgtest.given('sgt_east_operator', $$SELECT sg_set_point('C', '2024-01-01 00:00Z', kind => 'exchange')$$, 'east');
SELECT sgtest.given('sgt_west_operator', $$SELECT sg_set_point('D', '2024-01-01 00:00Z', 'sgt_wanda', 'production')$$, 'west');
SELECT sgtest.given('sgt_east_operator', $$SELECT count(*) FROM sg_post_registers('{A}', '{2024-01-15 00:00Z}', '{7}')$$, 'east');
SELECT sgtest.given('sgt_west_operator', $$SELECT count(*) FROM sg_post_registers('{D}', '{2024-01-15 00:00Z}', '{8}')$$, 'west');
\o

INSERT INTO smartgrid.due VALUES (1, 5, 2), (2, -3, 2), (5, 7, 3);
INSERT INTO smartgrid.payment VALUES (1, 5, 1, 2, 'k1'), (2, -3, 2, 2, 'k2'), (5, 7, 3, 3, 'k1');
CREATE TEMPORARY TABLE visible (
    n integer GENERATED ALWAYS AS IDENTITY, query text,
    nobody text, alice text, bob text, east_operator text, west_operator text, gateway text, auditor text, operator text
);
INSERT INTO visible (query, nobody, alice, bob, east_operator, west_operator, gateway, auditor, operator) VALUES
($$SELECT string_agg(grid_id::text, ' ' ORDER BY grid_id) FROM smartgrid.grid$$,
    '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3'),
($$SELECT string_agg(grid_id::text, ' ' ORDER BY event_id) FROM smartgrid.price_event$$,
    '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3', '1 2 3'),
($$SELECT string_agg(DISTINCT grid_id::text, ' ') FROM smartgrid.pool$$,
    NULL, NULL, NULL, '2', '3', NULL, '2 3', '2 3'),
($$SELECT string_agg(participant_id::text, ' ' ORDER BY participant_id) FROM smartgrid.participant$$,
    NULL, '1 4', '2', '1 2 3', '4 5', NULL, '1 2 3 4 5', '1 2 3 4 5'),
($$SELECT string_agg(participant_id::text, ' ' ORDER BY participant_id) FROM smartgrid.producer$$,
    NULL, '1', NULL, '1', '5', NULL, '1 5', '1 5'),
($$SELECT string_agg(participant_id::text, ' ' ORDER BY participant_id) FROM smartgrid.consumer$$,
    NULL, '1 4', '2', '1 2 3', '4', NULL, '1 2 3 4', '1 2 3 4'),
($$SELECT string_agg(participant_id::text, ' ' ORDER BY participant_id) FROM smartgrid.storage$$,
    NULL, '1', NULL, '1', NULL, NULL, '1', '1'),
($$SELECT string_agg(concat_ws('/', participant_id, due), ' ' ORDER BY participant_id) FROM smartgrid.due$$,
    NULL, '1/5', '2/-3', '1/5 2/-3', '5/7', NULL, '1/5 2/-3 5/7', '1/5 2/-3 5/7'),
($$SELECT string_agg(concat_ws('/', grid, due), ' ' ORDER BY grid, due) FROM sg_dues$$,
    NULL, 'east/5', 'east/-3', 'east/-3 east/5', 'west/7', NULL, 'east/-3 east/5 west/7', 'east/-3 east/5 west/7'),
($$SELECT string_agg(concat_ws('/', participant_id, key), ' ' ORDER BY participant_id) FROM smartgrid.payment$$,
    NULL, '1/k1', '2/k2', '1/k1 2/k2', '5/k1', NULL, '1/k1 2/k2 5/k1', '1/k1 2/k2 5/k1'),
($$SELECT string_agg(trade_id::text, ' ' ORDER BY trade_id) FROM smartgrid.trade$$,
    NULL, '1 2 3', '1', '1 2', '3', NULL, '1 2 3', '1 2 3'),
($$SELECT string_agg(entry_id::text, ' ' ORDER BY entry_id) FROM smartgrid.ledger$$,
    NULL, '1 5 6 7 8 10', '3 5 9', '1 3 4 5 6 7 8 9', '2 10', NULL, '1 2 3 4 5 6 7 8 9 10', '1 2 3 4 5 6 7 8 9 10'),
($$SELECT string_agg(metrics_id::text, ' ' ORDER BY metrics_id) FROM smartgrid.metrics$$,
    NULL, NULL, NULL, '1', '2', NULL, '1 2', '1 2'),
-- Metering points, by number: 1 A, 2 B, 3 C, 4 D. Of a point one sees the periods in which one was the owner.
($$SELECT string_agg(point_id::text, ' ' ORDER BY point_id) FROM smartgrid.point$$,
    NULL, '1', '1', '1 2 3', '4', NULL, '1 2 3 4', '1 2 3 4'),
($$SELECT string_agg(name, ' ' ORDER BY name) FROM smartgrid.point_name$$,
    NULL, 'A', 'A', 'A B C', 'D', NULL, 'A B C D', 'A B C D'),
($$SELECT string_agg(concat_ws('/', point_id, owner_id), ' ' ORDER BY point_id, recorded_at, valid_from) FROM smartgrid.point_period$$,
    NULL, '1/1 1/1', '1/2', '1/1 1/1 1/2 2/3 3/0', '4/5', NULL, '1/1 1/1 1/2 2/3 3/0 4/5', '1/1 1/1 1/2 2/3 3/0 4/5'),
-- What registers showed tells what others used between two readings.
($$SELECT string_agg(concat_ws('/', point_id, reading), ' ' ORDER BY point_id) FROM smartgrid.register_reading$$,
    NULL, NULL, NULL, '1/7', '4/8', NULL, '1/7 4/8', '1/7 4/8'),
($$SELECT string_agg(concat_ws('/', point, reading), ' ' ORDER BY point) FROM sg_register_readings$$,
    NULL, NULL, NULL, 'A/7', 'D/8', NULL, 'A/7 D/8', 'A/7 D/8'),
($$SELECT string_agg(grid_id::text, ' ' ORDER BY grid_id) FROM smartgrid.recording$$,
    NULL, NULL, NULL, '2', '3', NULL, '2 3', '2 3'),
($$SELECT string_agg(concat_ws('/', grid, point, owner, capacity), ' ' ORDER BY point) FROM sg_points$$,
    NULL, NULL, 'east/A/sgt_bob/5', 'east/A/sgt_bob/5 east/B/sgt_eve east/C', 'west/D/sgt_wanda', NULL,
    'east/A/sgt_bob/5 east/B/sgt_eve east/C west/D/sgt_wanda', 'east/A/sgt_bob/5 east/B/sgt_eve east/C west/D/sgt_wanda'),
($$SELECT string_agg(concat_ws('/', point, owner, superseded_at IS NULL), ' ' ORDER BY point, recorded_at, valid_from) FROM sg_point_periods$$,
    NULL, 'A/sgt_alice/f A/sgt_alice/t', 'A/sgt_bob/t', 'A/sgt_alice/f A/sgt_alice/t A/sgt_bob/t B/sgt_eve/t C/t', 'D/sgt_wanda/t', NULL,
    'A/sgt_alice/f A/sgt_alice/t A/sgt_bob/t B/sgt_eve/t C/t D/sgt_wanda/t', 'A/sgt_alice/f A/sgt_alice/t A/sgt_bob/t B/sgt_eve/t C/t D/sgt_wanda/t'),
-- Views. A grid's revenue is for those who may read its books.
($$SELECT string_agg(concat(grid, ':', revenue), ' ' ORDER BY grid) FROM sg_grids$$,
    'default: east: west:', 'default: east: west:', 'default: east: west:', 'default: east:104 west:', 'default: east: west:0',
    'default: east: west:', 'default:0 east:104 west:0', 'default:0 east:104 west:0'),
($$SELECT string_agg(grid || ' ' || base_price, ' ' ORDER BY event_id) FROM sg_prices$$,
    'default 100 east 100 west 100', 'default 100 east 100 west 100', 'default 100 east 100 west 100', 'default 100 east 100 west 100',
    'default 100 east 100 west 100', 'default 100 east 100 west 100', 'default 100 east 100 west 100', 'default 100 east 100 west 100'),
($$SELECT string_agg(concat_ws('/', grid, principal, energy_type, active, reputation_score), ' ' ORDER BY participant_id) FROM sg_producer_directory$$,
    'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100', 'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100',
    'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100', 'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100',
    'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100', 'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100',
    'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100', 'east/sgt_alice/solar/t/100 west/sgt_wanda/wind/t/100'),
($$SELECT string_agg(grid || '/' || principal, ' ' ORDER BY participant_id) FROM sg_producers$$,
    NULL, 'east/sgt_alice', NULL, 'east/sgt_alice', 'west/sgt_wanda', NULL, 'east/sgt_alice west/sgt_wanda', 'east/sgt_alice west/sgt_wanda'),
($$SELECT string_agg(grid || '/' || principal, ' ' ORDER BY participant_id) FROM sg_consumers$$,
    NULL, 'east/sgt_alice west/sgt_alice', 'east/sgt_bob', 'east/sgt_alice east/sgt_bob east/sgt_eve', 'west/sgt_alice', NULL,
    'east/sgt_alice east/sgt_bob east/sgt_eve west/sgt_alice', 'east/sgt_alice east/sgt_bob east/sgt_eve west/sgt_alice'),
($$SELECT string_agg(grid || '/' || principal, ' ' ORDER BY participant_id) FROM sg_storages$$,
    NULL, 'east/sgt_alice', NULL, 'east/sgt_alice', NULL, NULL, 'east/sgt_alice', 'east/sgt_alice'),
($$SELECT string_agg(concat_ws('/', trade_id, grid, seller, buyer, status), ' ' ORDER BY trade_id) FROM sg_trades$$,
    NULL, '1/east/sgt_alice/sgt_bob/pending 2/east/sgt_alice/sgt_eve/completed 3/west/sgt_wanda/sgt_alice/pending',
    '1/east/sgt_alice/sgt_bob/pending', '1/east/sgt_alice/sgt_bob/pending 2/east/sgt_alice/sgt_eve/completed',
    '3/west/sgt_wanda/sgt_alice/pending', NULL,
    '1/east/sgt_alice/sgt_bob/pending 2/east/sgt_alice/sgt_eve/completed 3/west/sgt_wanda/sgt_alice/pending',
    '1/east/sgt_alice/sgt_bob/pending 2/east/sgt_alice/sgt_eve/completed 3/west/sgt_wanda/sgt_alice/pending'),
($$SELECT string_agg(concat_ws('/', entry_id, kind, participant, counterparty), ' ' ORDER BY entry_id) FROM sg_ledger$$,
    NULL,
    '1/production/sgt_alice 5/hold/sgt_alice/sgt_bob 6/hold/sgt_alice/sgt_eve 7/trade/sgt_alice/sgt_eve 8/charge/sgt_alice 10/hold/sgt_wanda/sgt_alice',
    '3/topup/sgt_bob 5/hold/sgt_alice/sgt_bob 9/consumption/sgt_bob',
    '1/production/sgt_alice 3/topup/sgt_bob 4/topup/sgt_eve 5/hold/sgt_alice/sgt_bob 6/hold/sgt_alice/sgt_eve 7/trade/sgt_alice/sgt_eve 8/charge/sgt_alice 9/consumption/sgt_bob',
    '2/production/sgt_wanda 10/hold/sgt_wanda/sgt_alice', NULL,
    '1/production/sgt_alice 2/production/sgt_wanda 3/topup/sgt_bob 4/topup/sgt_eve 5/hold/sgt_alice/sgt_bob 6/hold/sgt_alice/sgt_eve 7/trade/sgt_alice/sgt_eve 8/charge/sgt_alice 9/consumption/sgt_bob 10/hold/sgt_wanda/sgt_alice',
    '1/production/sgt_alice 2/production/sgt_wanda 3/topup/sgt_bob 4/topup/sgt_eve 5/hold/sgt_alice/sgt_bob 6/hold/sgt_alice/sgt_eve 7/trade/sgt_alice/sgt_eve 8/charge/sgt_alice 9/consumption/sgt_bob 10/hold/sgt_wanda/sgt_alice'),
($$SELECT string_agg(grid || ' ' || production, ' ' ORDER BY metrics_id) FROM sg_metrics$$,
    NULL, NULL, NULL, 'east 1', 'west 5', NULL, 'east 1 west 5', 'east 1 west 5'),
-- Blocks are public.
($$SELECT string_agg(concat_ws('/', grid, height, first_entry, last_entry, entries), ' ') FROM sg_blocks$$,
    'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8', 'east/0/1/9/8'),
($$SELECT string_agg(entry_id::text, ' ' ORDER BY entry_id) FROM sg_ledger_lines$$,
    NULL, '1 5 6 7 8 10', '3 5 9', '1 3 4 5 6 7 8 9', '2 10', NULL, '1 2 3 4 5 6 7 8 9 10', '1 2 3 4 5 6 7 8 9 10'),
-- A proof is for those who may see the entry; that of an entry that is not sealed is for nobody.
($$SELECT string_agg(n::text, ' ' ORDER BY n) FROM generate_series(0, 11) AS n WHERE sg_prove_entry(n) IS NOT NULL$$,
    NULL, '1 5 6 7 8', '3 5 9', '1 3 4 5 6 7 8 9', NULL, NULL, '1 3 4 5 6 7 8 9', '1 3 4 5 6 7 8 9'),
-- Names: one's own, every producer's, a trade partner's; nobody can list the consumers by counting up.
($$SELECT string_agg(coalesce(smartgrid.party_name(n), '-'), ' ' ORDER BY n) FROM generate_series(-1, 6) AS n$$,
    '- - sgt_alice - - - sgt_wanda -', '- - sgt_alice sgt_bob sgt_eve sgt_alice sgt_wanda -', '- - sgt_alice sgt_bob - - sgt_wanda -',
    '- - sgt_alice sgt_bob sgt_eve - sgt_wanda -', '- - sgt_alice - - sgt_alice sgt_wanda -', '- - sgt_alice - - - sgt_wanda -',
    '- - sgt_alice sgt_bob sgt_eve sgt_alice sgt_wanda -', '- - sgt_alice sgt_bob sgt_eve sgt_alice sgt_wanda -'),
-- What the views call shows no more than the tables do.
($$SELECT string_agg(smartgrid.own_participant(n)::text, ' ' ORDER BY n) FROM generate_series(0, 3) AS n$$,
    '-1 -1 -1 -1', '-1 1 4 -1', '-1 2 -1 -1', '-1 -1 -1 -1', '-1 -1 -1 -1', '-1 -1 -1 -1', '-1 -1 -1 -1', '-1 -1 -1 -1'),
($$SELECT string_agg(entry_id::text, ' ' ORDER BY entry_id) FROM smartgrid.further_entries(0)$$,
    NULL, '1 5 6 7 8 10', '3 5 9', NULL, NULL, NULL, NULL, NULL),
($$SELECT string_agg(trade_id::text, ' ' ORDER BY trade_id) FROM smartgrid.further_trades(0)$$,
    NULL, '1 2 3', '1', NULL, NULL, NULL, NULL, NULL),
($$SELECT string_agg(id::text, ' ') FROM unnest(smartgrid.readable_parties(ARRAY['sgt_bob', NULL, 'sgt_wanda', 'sgt_alice', 'nobody'])) AS id$$,
    NULL, NULL, NULL, '2 1', '5 4', NULL, '2 5 1 4', '2 5 1 4'),
-- Invariants, for those who may read all of a grid.
($$SELECT string_agg(DISTINCT grid, ' ' ORDER BY grid) FROM sg_check()$$,
    NULL, NULL, NULL, 'east', 'west', NULL, 'default east west', 'default east west');

CREATE TEMPORARY VIEW viewer AS
SELECT v.n, v.query, w.*
FROM visible AS v,
     LATERAL (VALUES (1, 'sgt_nobody', v.nobody), (2, 'sgt_alice', v.alice), (3, 'sgt_bob', v.bob), (4, 'sgt_east_operator', v.east_operator),
                     (5, 'sgt_west_operator', v.west_operator), (6, 'sgt_gateway', v.gateway), (7, 'sgt_gateway/sgt_web', v.gateway),
                     (8, 'sgt_gateway@sgt_alice', v.alice), (9, 'sgt_gateway/sgt_web@sgt_bob', v.bob), (10, 'sgt_gateway@a stranger', v.nobody),
                     (11, 'sgt_auditor', v.auditor), (12, 'sgt_operator', v.operator), (13, 'sgt_lazy_operator', v.nobody),
                     (14, 'sgt_lazy_operator/smartgrid_operator', v.operator), (15, 'sgt_lazy_auditor', v.nobody),
                     (16, 'sgt_lazy_auditor/smartgrid_auditor', v.auditor), (17, 'sgt_lazy_gateway', v.gateway),
                     (18, 'sgt_lazy_gateway@sgt_alice', v.alice), (19, 'sgt_backup', v.auditor), (20, '', v.operator)) AS w (who_n, who, rows);
-- A name is "sgt_gateway/sgt_web@sgt_bob" with its principal last.
SELECT is(sgtest.try(who, query), CASE WHEN rows ~ '[ "]' THEN '"' || rows || '"' ELSE coalesce(rows, '') END,
          format('%s: %s', coalesce(NULLIF(who, ''), 'superuser'), query))
FROM viewer ORDER BY n, who_n;

-- Getters: what is hidden is missing.
CREATE TEMPORARY TABLE getter (n integer GENERATED ALWAYS AS IDENTITY, query text, seen_by text[]);
INSERT INTO getter (query, seen_by) VALUES
($$SELECT sg_get_producer_info('sgt_alice') IS NOT NULL$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT sg_get_consumer_info('sgt_alice') IS NOT NULL$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT sg_get_consumer_info('sgt_bob') IS NOT NULL$$, '{sgt_bob,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT sg_get_storage_info('sgt_alice') IS NOT NULL$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT seller IS NOT NULL FROM sg_get_trade_info(1)$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_bob,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT seller IS NOT NULL FROM sg_get_trade_info(2)$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_eve,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT seller IS NOT NULL FROM sg_get_trade_info(3)$$, '{}'),
($$SELECT count(*) > 0 FROM sg_statement('sgt_alice', '(,)')$$, '{sgt_alice,sgt_gateway@sgt_alice,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT count(*) > 0 FROM sg_statement('sgt_bob', '(,)')$$, '{sgt_bob,sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT count(*) > 0 FROM sg_statement('sgt_wanda', '(,)')$$, '{}'),
($$SELECT sg_report(NULL, 'east') ~ 'the whole grid'$$, '{sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT sg_report(NULL, 'east') ~ 'account of <bdi>sgt_alice<'$$, '{sgt_alice,sgt_gateway@sgt_alice}'),
($$SELECT sg_report(NULL, 'east') ~ 'what is public'$$, '{sgt_nobody,sgt_west_operator,sgt_gateway}'),
($$SELECT production IS NOT NULL FROM sg_get_metrics(1)$$, '{sgt_east_operator,sgt_auditor,sgt_operator}'),
($$SELECT production IS NOT NULL FROM sg_get_metrics(2)$$, '{}'),
($$SELECT current_load IS NOT NULL FROM sg_get_grid_status()$$,
    '{sgt_nobody,sgt_alice,sgt_gateway@sgt_alice,sgt_bob,sgt_eve,sgt_east_operator,sgt_west_operator,sgt_gateway,sgt_auditor,sgt_operator}');
SELECT is(sgtest.try(who, query, '{"smartgrid.grid": "east"}'), CASE WHEN who = ANY (seen_by) THEN 't' ELSE 'f' END,
          format('%s: %s', who, query))
FROM getter, unnest(ARRAY['sgt_nobody', 'sgt_alice', 'sgt_bob', 'sgt_eve', 'sgt_east_operator', 'sgt_west_operator', 'sgt_gateway',
                          'sgt_gateway@sgt_alice', 'sgt_auditor', 'sgt_operator']) WITH ORDINALITY AS w (who, who_n)
ORDER BY n, who_n;

-- What a stranger learns of a trade: nothing but that it is not its own.
SELECT is(sgtest.complaint('sgt_bob', 'SELECT sg_complete_trade(2)', '{"smartgrid.grid": "east"}') ~* 'sgt_|[57]|completed|DETAIL', false,
          'a stranger''s refusal has no details');
SELECT is(sgtest.complaint('sgt_bob', 'SELECT sg_cancel_trade(2)', '{"smartgrid.grid": "east"}') ~* 'sgt_|[57]|completed|DETAIL', false,
          'nor when it cancels');

------------------------------------------------------------------------------------------------- functions in queries
-- A function of the caller's own, however cheap, is not shown rows that row-level security hides.
CREATE FUNCTION public.sgt_peek(anything text) RETURNS boolean
    LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
    PERFORM set_config('sgt.peeked', current_setting('sgt.peeked', true) || ' ' || anything, true);
    RETURN true;
END $$;
CREATE FUNCTION sgtest.peeked(who text, query text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    seen text;
BEGIN
    PERFORM set_config('sgt.peeked', '', true), sgtest.keep(who, query);
    SELECT string_agg(DISTINCT word, ' ') INTO seen FROM regexp_split_to_table(trim(current_setting('sgt.peeked')), ' ') AS word;
    RETURN seen;
END $$;
SELECT is(sgtest.peeked('sgt_bob', query), seen, 'peeking: ' || query)
FROM (VALUES ('SELECT count(*) FROM smartgrid.consumer WHERE public.sgt_peek(participant_id::text)', '2'),
             ('SELECT count(*) FROM smartgrid.trade WHERE public.sgt_peek(trade_id::text)', '1'),
             ('SELECT count(*) FROM smartgrid.ledger WHERE public.sgt_peek(entry_id::text)', '3 5 9'),
             ('SELECT count(*) FROM smartgrid.point WHERE public.sgt_peek(point_id::text)', '1'),
             ('SELECT count(*) FROM smartgrid.point_period WHERE public.sgt_peek(owner_id::text)', '2'),
             ('SELECT count(*) FROM sg_point_periods WHERE public.sgt_peek(point)', 'A'),
             ('SELECT count(*) FROM sg_consumers WHERE public.sgt_peek(participant_id::text)', '2'),
             ('SELECT count(*) FROM sg_trades WHERE public.sgt_peek(trade_id::text)', '1'),
             ('SELECT count(*) FROM sg_ledger WHERE public.sgt_peek(entry_id::text)', '3 5 9')) AS q (query, seen);
SELECT is(sgtest.try('sgt_alice', 'SELECT * FROM smartgrid.consumer', '{"row_security": "off"}'), '42501', 'row_security = off is refused');

---------------------------------------------------------------------------------------------------- the last entry
-- One session of a gateway (a pooled connection) serves one principal after the other.
SELECT is(sgtest.keep('sgt_gateway@sgt_bob', 'SELECT sg_consume_energy(2)', '{"smartgrid.grid": "east"}'), 't', 'bob''s request');
SELECT is(sgtest.try('sgt_gateway@sgt_bob', 'SELECT grid, kind, participant, energy FROM sg_last_entry()'), 'east,consumption,sgt_bob,2', 'bob sees it');
SELECT is(sgtest.try(who, 'SELECT sg_last_entry() IS NULL'), 't', 'hidden from the next: ' || who)
FROM unnest(ARRAY['sgt_gateway@sgt_alice', 'sgt_gateway@sgt_eve', 'sgt_gateway', 'sgt_nobody', 'sgt_west_operator', 'sgt_lazy_auditor']) AS who;
SELECT is(sgtest.try(who, 'SELECT kind, participant FROM sg_last_entry()'), 'consumption,sgt_bob', 'not from those who may see it: ' || who)
FROM unnest(ARRAY['sgt_bob', 'sgt_east_operator', 'sgt_auditor', 'sgt_operator', '']) AS who;
SELECT is(sgtest.keep('sgt_gateway@sgt_alice', $$SELECT sg_create_trade('sgt_eve', 1, 1)$$, '{"smartgrid.grid": "east"}'), '4', 'an offer of alice to eve');
SELECT is(sgtest.try(who, 'SELECT kind, participant, counterparty, trade_id FROM sg_last_entry()'), seen, 'the offer: ' || who)
FROM (VALUES ('sgt_gateway@sgt_alice', 'hold,sgt_alice,sgt_eve,4'), ('sgt_gateway@sgt_eve', 'hold,sgt_alice,sgt_eve,4'),
             ('sgt_gateway@sgt_bob', ',,,')) AS v (who, seen);

---------------------------------------------------------------------------------------------------------- NOINHERIT
SELECT is(sgtest.try(who, 'SELECT sg_set_base_price(1)'), expected, who || ' sets the price')
FROM (VALUES ('sgt_lazy_operator', 'SG100'), ('sgt_lazy_operator/smartgrid_operator', 't'), ('sgt_operator', 't'),
             ('sgt_lazy_auditor/smartgrid_auditor', 'SG100'), ('sgt_auditor', 'SG100'), ('sgt_backup', 'SG100'), ('sgt_east_operator', 'SG100')) AS v (who, expected);
SELECT is(sgtest.try('sgt_lazy_gateway@sgt_alice', 'SELECT sg_principal()'), 'sgt_alice', 'a gateway need not inherit, as PostgREST''s does not');

------------------------------------------------------------------------------------------------ operators of a grid
SELECT is(sgtest.try(who, statement, jsonb_build_object('smartgrid.grid', grid)), expected, format('%s in %s: %s', who, grid, statement))
FROM (VALUES ('sgt_east_operator', 'east', 't', 'SG100'), ('sgt_east_operator', 'west', 'SG100', 'SG100'), ('sgt_west_operator', 'west', 't', 'SG100'),
             ('sgt_east/sgt_east', 'east', 't', 'SG100'), ('sgt_operator', 'east', 't', 't'), ('sgt_operator', 'west', 't', 't'), ('', 'west', 't', 't'),
             ('sgt_gateway@sgt_east_operator', 'east', 'SG100', 'SG100')) AS v (who, grid, own, every),
     LATERAL (VALUES ('SELECT sg_toggle_emergency_mode()', own), ($$SELECT sg_alter_grid('east', base_price => 1)$$, every)) AS s (statement, expected);
-- A grid's role can be changed, and its rights go with it.
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_alter_grid('west', 'sgt_east')$$), 't', '"west" goes to the operators of "east"');
SELECT is(sgtest.try('sgt_east_operator', 'SELECT sg_toggle_emergency_mode()', '{"smartgrid.grid": "west"}'), 't', 'who operate it');
SELECT is(sgtest.try('sgt_west_operator', 'SELECT sg_toggle_emergency_mode()', '{"smartgrid.grid": "west"}'), 'SG100', 'the others do not');
SELECT is(sgtest.try('sgt_west_operator', 'SELECT count(*) FROM sg_trades'), '0', 'nor do they see it');

CREATE ROLE "sgt North ""N""";
\o /dev/null
SELECT sgtest.given('sgt_operator', $$SELECT sg_create_grid('north', 'sgt North "N"')$$);
\o
SELECT is((SELECT operator_role FROM sg_grids WHERE grid = 'north'), 'sgt North "N"', 'is shown as sg_create_grid() takes it');

-- PostgreSQL does not know that a grid needs its role: without it the members of smartgrid_operator still operate the grid.
DROP ROLE "sgt North ""N""";
SELECT is(sgtest.try(who, 'SELECT sg_toggle_emergency_mode()', '{"smartgrid.grid": "north"}'), expected, 'the role is gone: ' || who)
FROM (VALUES ('sgt_operator', 't'), ('sgt_east_operator', 'SG100'), ('sgt_alice', 'SG100')) AS v (who, expected);
SELECT lives_ok('SELECT operator_role FROM sg_grids', 'the role is gone: sg_grids');
DELETE FROM smartgrid.due;
DELETE FROM smartgrid.payment;
SELECT bag_eq('SELECT grid, invariant FROM sg_check() WHERE NOT ok',
              $$VALUES ('north', 'operator roles that do not exist = 0')$$, 'the role is gone: sg_check() says so');
SELECT is(sgtest.keep('sgt_operator', $$SELECT sg_alter_grid('north', 'sgt_east')$$), 't', 'and the grid gets another');
SELECT is_empty('SELECT grid, invariant FROM sg_check() WHERE NOT ok', 'which heals it');

------------------------------------------------------------------------------------------------------------ EXPLAIN
-- Who sees no row learns nothing of the rows by what the planner expects.
\o /dev/null
SELECT sgtest.given('sgt_operator', format('SELECT sg_enrol_consumer(%L, 100), sg_add_consumer_balance(%L, %s)', 'rich' || n, 'rich' || n, 1000 * n), 'east')
FROM generate_series(1, 40) AS n;
\o
ANALYZE smartgrid.consumer, smartgrid.participant, smartgrid.ledger, smartgrid.producer, smartgrid.storage, smartgrid.trade, smartgrid.pool;
CREATE FUNCTION sgtest.expected_rows(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
GRANT USAGE ON SCHEMA sgtest TO PUBLIC;
SELECT is((SELECT count(DISTINCT sgtest.try('sgt_nobody', format('SELECT sgtest.expected_rows(%L)', format(query, value))))
           FROM unnest(ARRAY['1000', '5000', '20000', '40000', '123456789']) AS value), 1::bigint, 'EXPLAIN tells nothing: ' || query)
FROM unnest(ARRAY['SELECT FROM smartgrid.consumer WHERE balance = %s', 'SELECT FROM smartgrid.consumer WHERE balance < %s',
                  'SELECT FROM smartgrid.ledger WHERE money >= %s', 'SELECT FROM smartgrid.ledger WHERE energy = %s',
                  'SELECT FROM smartgrid.participant WHERE principal < ''rich%s''', 'SELECT FROM smartgrid.pool WHERE load > %s']) AS query;
SELECT matches(sgtest.try('sgt_nobody', $$SELECT sgtest.expected_rows('SELECT FROM smartgrid.consumer WHERE balance < 1')$$), '^\d+$', 'it says something');
SELECT is_empty($$SELECT tablename, attname FROM pg_stats WHERE schemaname = 'smartgrid' AND tablename NOT LIKE '%block%'
                  AND attname IN ('principal', 'balance', 'earnings', 'total_consumed', 'total_produced', 'stored_amount', 'energy', 'money', 'price', 'load')$$,
                'there are no statistics of it');

--------------------------------------------------------------------------------------------------- the revoked top-up
-- The one REVOKE and GRANT of doc/money.md.
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
SELECT is(sgtest.try(who, $$SELECT sg_add_consumer_balance('sgt_bob', 1)$$, '{"smartgrid.grid": "east"}'), expected, 'revoked top-up: ' || who)
FROM (VALUES ('sgt_bob', '42501'), ('sgt_operator', '42501'), ('sgt_nobody', '42501'), ('sgt_gateway', 't'), ('sgt_gateway@sgt_bob', 't'),
             ('sgt_gateway/sgt_web', '42501'), ('sgt_lazy_gateway', '42501'), ('sgt_lazy_gateway/smartgrid_gateway', 't'), ('', 't')) AS v (who, expected);

SELECT * FROM finish();
ROLLBACK;
