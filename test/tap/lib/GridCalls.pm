# Every function of the extension with arguments that fit the data of
# GridData::fill, readers apart from writers. The tests compare the list with
# the catalog, so that a new function cannot be forgotten in them.
package GridCalls;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(%READERS %INSPECTORS %WRITERS functions_of_the_extension views_of_the_extension);

our %READERS = (
    'sg_principal()'                       => 'sg_principal()',
    'sg_grid()'                            => 'sg_grid()',
    'sg_get_grid_status()'                 => 'sg_get_grid_status()',
    'sg_get_dynamic_price()'               => 'sg_get_dynamic_price()',
    'sg_quote(bigint)'                     => 'sg_quote(5)',
    'sg_get_producer_info(text)'           => q{sg_get_producer_info('anna')},
    'sg_get_consumer_info(text)'           => q{sg_get_consumer_info('bert')},
    'sg_get_storage_info(text)'            => q{sg_get_storage_info('cellar')},
    'sg_get_trade_info(bigint)'            => 'sg_get_trade_info(1)',
    'sg_get_metrics(bigint)'               => 'sg_get_metrics(1)',
    'sg_last_entry()'                      => 'sg_last_entry()',
    'sg_check()'                           => 'sg_check()',
    'sg_prove_entry(bigint)'               => 'sg_prove_entry(2)',
    'sg_prove_blocks(bigint,bigint,text)'  => 'sg_prove_blocks(0, 1)',
    'sg_verify_proof(jsonb,text,text)'     =>
        q{sg_verify_proof('{"type": "smartgrid-entry-1", "entry": "", "index": 0, "entries": 1, "path": [], "block": ""}', repeat('0', 64))},
    'sg_statement(text,tstzrange)'         => q{sg_statement('bert', '(,)')},
    'sg_time_zone()'                       => 'sg_time_zone()',
    'sg_load_curve(text,tstzrange,interval,text,text)' => q{sg_load_curve(NULL, '[2026-01-01 00:00+00, 2026-01-02 00:00+00)')},
    'sg_kpis(tstzrange,text)'              => q{sg_kpis('[2026-01-01 00:00+00, 2030-01-01 00:00+00)')},
    'sg_help(text)'                        => q{sg_help('trade')},
    'sg_version()'                         => 'sg_version()',
    'sg_day_make(bigint[],text[],interval,interval)' => q{sg_day_make('{1,2}', '{measured,estimated}', '01:00', '00:15')},
    'sg_day_slots(sg_day)'                 => q{sg_day_slots('+01:00 2x15 1,2e')},
    'sg_day_at(sg_day,integer)'            => q{sg_day_at('+01:00 2x15 1,2e', 2)},
    'sg_day_at(sg_day,date,timestamp with time zone)' => q{sg_day_at('+01:00 2x15 1,2e', '2026-01-01', '2026-01-01 00:15+01')},
    'sg_day_quality(sg_day,integer)'       => q{sg_day_quality('+01:00 2x15 1,2e', 2)},
    'sg_day_qualities(sg_day)'             => q{sg_day_qualities('+01:00 2x15 1,2e')},
    'sg_day_sum(sg_day)'                   => q{sg_day_sum('+01:00 2x15 1,2e')},
    'sg_day_slice(sg_day,integer,integer)' => q{sg_day_slice('+01:00 2x15 1,2e', 2, 2)},
    'sg_day_slice(sg_day,date,tstzrange)'  => q{sg_day_slice('+01:00 2x15 1,2e', date '2026-01-01', '(,)')},
    'sg_day_unnest(sg_day,date)'           => q{sg_day_unnest('+01:00 2x15 1,2e', '2026-01-01')},
    'sg_days_sum(sg_day)'                  => q{abs((SELECT sg_days_sum('+01:00 2x15 1,2e')))},
    'sg_days_sum(sg_day,date,tstzrange)'   => q{abs((SELECT sg_days_sum('+01:00 2x15 1,2e', '2026-01-01', '(,)')))},
    'sg_days_by_slot(sg_day)'              => q{sg_day_sum((SELECT sg_days_by_slot('+01:00 2x15 1,2e')))},
    'sg_days_qualities(sg_day)'            => q{cardinality((SELECT sg_days_qualities('+01:00 2x15 1,2e')))},
    'smartgrid.day_in(cstring)'            => q{smartgrid.day_in('+01:00 2x15 1,2e')},
    'smartgrid.day_out(sg_day)'            => q{octet_length(smartgrid.day_out('+01:00 2x15 1,2e')::text)},
    'smartgrid.day_eq(sg_day,sg_day)'      => q{smartgrid.day_eq('+01:00 2x15 1,2e', '+01:00 2x15 1,2e')},
    'smartgrid.day_ne(sg_day,sg_day)'      => q{smartgrid.day_ne('+01:00 2x15 1,2e', '+01:00 2x15 1,2e')},
    'smartgrid.library_version()'          => 'smartgrid.library_version()',
    # But for the day and the time at which it was made.
    'sg_report(tstzrange,text)'            =>
        q{regexp_replace(sg_report('[2020-01-01, 2040-01-01)'), '[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}, [0-9]{2}:[0-9]{2}', '', 'g')},
    'smartgrid.own_caller(boolean)'        => 'smartgrid.own_caller(false)',
    'smartgrid.own_participants()'         => 'smartgrid.own_participants()',
    'smartgrid.readable_grids()'           => 'smartgrid.readable_grids()',
    'smartgrid.party_name(bigint)'         => 'smartgrid.party_name(1)',
    'smartgrid.own_participant(integer)'   => 'smartgrid.own_participant(1)',
    'smartgrid.further_entries(integer)'   => 'smartgrid.further_entries(0)',
    'smartgrid.further_trades(integer)'    => 'smartgrid.further_trades(0)',
    'smartgrid.first_readable_key()'       => 'smartgrid.first_readable_key()',
    'smartgrid.readable_parties(text[])'   => q{smartgrid.readable_parties('{anna}')},
    'smartgrid.hint_whole_grid(bigint)'    => 'smartgrid.hint_whole_grid(1)',
    'smartgrid.hint_any_party(bigint)'     => 'smartgrid.hint_any_party(1)',
    'smartgrid.hint_other_grid(integer,integer[])' => q{smartgrid.hint_other_grid(1, '{2}')},
    'smartgrid.shown_name(boolean,bigint,text)' => q{smartgrid.shown_name(true, 1, 'anna')},
    'smartgrid.grid_state(integer)'        => 'smartgrid.grid_state(1)',
    'smartgrid.scaled(bigint,integer)'     => 'smartgrid.scaled(12345, 3)',
    'smartgrid.scaled_sum(numeric,integer)' => 'smartgrid.scaled_sum(12345, 3)',
    'smartgrid.quarter_hour(timestamp with time zone)' => q{smartgrid.quarter_hour('2026-01-01 00:16+00')},
    'smartgrid.load_after(integer,timestamp with time zone)' => q{smartgrid.load_after(1, '2026-01-01 00:00+00')},
    'smartgrid.utilization_after(integer,timestamp with time zone)' => q{smartgrid.utilization_after(1, '2026-01-01 00:00+00')},
    'smartgrid.open_sums()'                => 'smartgrid.open_sums()',
    'smartgrid.default_energy_types()'     => 'smartgrid.default_energy_types()',
    'smartgrid.energy_types(integer)'      => 'smartgrid.energy_types(1)',
    'smartgrid.energy_type_name(smallint)' => 'smartgrid.energy_type_name(0::smallint)',
    'smartgrid.shown_kind(smallint)'       => 'smartgrid.shown_kind(0::smallint)',
    'smartgrid.entry_line(bigint,timestamp with time zone,integer,smallint,bigint,bigint,bigint,bigint,bigint,bigint,timestamp with time zone,bytea)' =>
        q{smartgrid.entry_line(1, '2026-01-01 00:00Z', 1, 0::smallint, 1, 0, 1, 0, 0, 0, '2026-01-02 00:00Z', '')},
    'smartgrid.point_kind(smallint)'       => 'smartgrid.point_kind(0::smallint)',
    'smartgrid.allocation_model(smallint)' => 'smartgrid.allocation_model(0::smallint)',
    'sg_series_values(text,tstzrange,timestamp with time zone)' => q{abs((SELECT count(*) FROM sg_series AS s, sg_series_values(s.series) WHERE s.grid = sg_grid()))},
    'sg_interval_series(text,tstzrange,interval,timestamp with time zone)' =>
        q{abs((SELECT count(*) FROM sg_points AS p, sg_interval_series(p.point, '[2026-01-02 00:00+01,2026-01-02 06:00+01)') WHERE p.grid = sg_grid()))},
    'sg_interval_versions(text,timestamp with time zone)' =>
        q{abs((SELECT count(*) FROM sg_intervals AS i, sg_interval_versions(i.point, i.start) WHERE i.grid = sg_grid() AND i.start < '2026-01-02 02:00+01'))},
    'sg_completeness(tstzrange,timestamp with time zone)' => q{sg_completeness('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'sg_validate(tstzrange,timestamp with time zone)' => q{sg_validate('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'sg_gaps(tstzrange,timestamp with time zone)' => q{sg_gaps('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'sg_grid_balance(tstzrange,interval,text,integer,timestamp with time zone)' =>
        q{sg_grid_balance('[2026-01-02 00:00+01,2026-01-02 06:00+01)', by => 'owner', digits => 0)},
    'smartgrid.document_kind(smallint)'    => 'smartgrid.document_kind(0::smallint)',
    'smartgrid.document_kinds()'           => 'smartgrid.document_kinds()',
    'smartgrid.document_texts()'           => 'smartgrid.document_texts()',
    'smartgrid.quality_name(smallint)'     => 'smartgrid.quality_name(1::smallint)',
    'smartgrid.interval_slots(text[],text[],date,date,timestamp with time zone,timestamp with time zone)' =>
        q{smartgrid.interval_slots(NULL, NULL, NULL, NULL, NULL, NULL)},
    'smartgrid.interval_day_sums(text[],text[],date,date,timestamp with time zone,timestamp with time zone)' =>
        q{smartgrid.interval_day_sums(NULL, NULL, NULL, NULL, NULL, NULL)},
    'smartgrid.interval_hour_sums(tstzrange,timestamp with time zone)' => q{smartgrid.interval_hour_sums('[2026-01-01, 2026-01-02)')},
    'sg_export(text,tstzrange,text[],timestamp with time zone)' => q{sg_export('long', '[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'smartgrid.run_state(smallint)' => 'smartgrid.run_state(1::smallint)',
    'smartgrid.run_kind(smallint)' => 'smartgrid.run_kind(1::smallint)',
    'smartgrid.run_side(smallint)' => 'smartgrid.run_side(1::smallint)',
    'smartgrid.run_changed_since(integer,timestamp with time zone,timestamp with time zone,timestamp with time zone)' =>
        q{coalesce(smartgrid.run_changed_since(1, now(), '2026-01-02', '2026-01-03'), '2026-01-01')},
    'sg_price_check(text,tstzrange,timestamp with time zone)' => q{abs((SELECT count(*) FROM sg_tariffs AS t, sg_price_check(t.tariff, '[2026-01-02 00:00+01,2026-01-03 00:00+01)') WHERE t.grid = sg_grid()))},
    'sg_allocate(tstzrange,timestamp with time zone)' => q{sg_allocate('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'sg_allocation_sums(tstzrange,timestamp with time zone)' => q{sg_allocation_sums('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'sg_community(tstzrange,interval,timestamp with time zone)' => q{sg_community('[2026-01-02 00:00+01,2026-01-02 06:00+01)')},
    'smartgrid.carries_digest(smallint)'   => 'smartgrid.carries_digest(22::smallint)',
    'smartgrid.entry_kind(smallint)'       => 'smartgrid.entry_kind(0::smallint)',
    'smartgrid.price_rule(integer)'        => 'smartgrid.price_rule(0)',
    'smartgrid.trade_status(smallint)'     => 'smartgrid.trade_status(0::smallint)',
    'smartgrid.entry_effects()'            => 'smartgrid.entry_effects()',
    'smartgrid.unix_microseconds(timestamp with time zone)' => q{smartgrid.unix_microseconds('2000-01-01 00:00:00Z')},
    'smartgrid.api_objects(text,oid)'      => q{smartgrid.api_objects('api', 'anna'::regrole)},
    'smartgrid.api_present(oid)'           => q{smartgrid.api_present('public'::regnamespace)},
    'smartgrid.producer_directory()'       => 'smartgrid.producer_directory()',
);

# Readers that those who may not read the whole grid get an error from.
our %INSPECTORS = (
    'sg_run_problems(bigint)' => 'abs((SELECT count(*) FROM sg_runs AS r, sg_run_problems(r.run) WHERE r.grid = sg_grid()))',
    'sg_run_basis(bigint)' => 'abs((SELECT count(*) FROM sg_runs AS r, sg_run_basis(r.run) WHERE r.grid = sg_grid()))',
    'sg_run_steps(bigint,text)' => 'abs((SELECT count(*) FROM sg_runs AS r, sg_run_steps(r.run) WHERE r.grid = sg_grid()))',
    'sg_run_changes(bigint)' => 'abs((SELECT count(*) FROM sg_runs AS r, sg_run_changes(r.run) WHERE r.grid = sg_grid()))',
    'sg_verify_run(bigint)' => 'abs((SELECT count(*) FROM sg_runs AS r, sg_verify_run(r.run) WHERE r.grid = sg_grid()))',
    'sg_render_document(text,text)' => 'abs((SELECT sum(length(sg_render_document(d.number, f))) FROM sg_documents AS d, unnest(ARRAY[$$html$$, $$json$$, $$csv$$]) AS f WHERE d.grid = sg_grid()))',
    'sg_run_of_day(tstzrange)' => q{sg_run_of_day('[2026-01-02 00:00+01,2026-01-04 00:00+01)')},
    'sg_verify_ledger(text,bigint,bigint,text)' => 'sg_verify_ledger()',
    'sg_verify_batches(bigint,bigint)'     => 'sg_verify_batches()',
    'sg_batch_lines(bigint)'               => 'sg_batch_lines(1)',
);

our %WRITERS = (
    'sg_register_producer(bigint,text)'                 => q{sg_register_producer(10, 'solar')},
    'sg_register_consumer(bigint)'                      => 'sg_register_consumer(10)',
    'sg_register_storage(bigint,bigint,bigint)'         => 'sg_register_storage(10, 1, 1)',
    'sg_report_production(bigint)'                      => 'sg_report_production(1)',
    'sg_consume_energy(bigint,bigint)'                  => 'sg_consume_energy(1)',
    'sg_charge_storage(bigint)'                         => 'sg_charge_storage(1)',
    'sg_discharge_storage(bigint)'                      => 'sg_discharge_storage(1)',
    'sg_post_readings(text[],text[],bigint[],timestamp with time zone[])' => q{sg_post_readings('{bert}', '{topup}', '{1}')},
    'sg_post_readings(regclass)'                        => q{sg_post_readings('pg_class')},
    'sg_create_trade(text,bigint,bigint)'               => q{sg_create_trade('bert', 1, 1)},
    'sg_complete_trade(bigint)'                         => 'sg_complete_trade(1)',
    'sg_cancel_trade(bigint)'                           => 'sg_cancel_trade(1)',
    'sg_add_consumer_balance(text,bigint)'              => q{sg_add_consumer_balance('bert', 1)},
    'sg_withdraw_earnings(bigint)'                      => 'sg_withdraw_earnings(1)',
    'sg_withdraw_balance(bigint)'                       => 'sg_withdraw_balance(1)',
    'sg_refund(text,bigint)'                            => q{sg_refund('bert', 1)},
    'sg_pay_producer(text,bigint)'                      => q{sg_pay_producer('anna', 1)},
    'sg_pay_due(bigint)'                                => 'sg_pay_due(1)',
    'sg_record_payment(text,bigint,text)'               => q{sg_record_payment('bert', -1, 'a' || random())},
    'sg_reverse_entry(bigint,text)'                     => q{sg_reverse_entry((SELECT max(entry_id) FROM sg_ledger WHERE kind = 'consumption'), 'wrong')},
    'sg_correct_reading(bigint,bigint,text)'            => q{sg_correct_reading((SELECT max(entry_id) FROM sg_ledger WHERE kind = 'production'), 1, 'wrong')},
    'sg_forget_requests(timestamp with time zone)'      => q{sg_forget_requests('2020-01-01')},
    'sg_write_off(bigint,text)'                         => q{sg_write_off(1, 'lost')},
    'sg_set_base_price(bigint)'                         => 'sg_set_base_price(77)',
    'sg_toggle_emergency_mode()'                        => 'sg_toggle_emergency_mode()',
    'sg_record_metrics(bigint,bigint,bigint,bigint)'    => 'sg_record_metrics(1, 1, 1, 1)',
    'sg_record_metrics(tstzrange)'                      => q{sg_record_metrics(tstzrange('2020-01-01', '2021-01-01'))},
    'sg_update_producer_reputation(text,integer)'       => q{sg_update_producer_reputation('anna', 50)},
    'sg_deactivate_participant(text,boolean)'           => q{sg_deactivate_participant('anna', true)},
    'sg_reactivate_participant(text,boolean)'           => q{sg_reactivate_participant('anna', true)},
    'sg_enrol_producer(text,bigint,text)'               => q{sg_enrol_producer('newcomer', 10, 'solar')},
    'sg_enrol_consumer(text,bigint)'                    => q{sg_enrol_consumer('newcomer', 10)},
    'sg_enrol_storage(text,bigint,bigint,bigint)'       => q{sg_enrol_storage('newcomer', 10, 1, 1)},
    'sg_alter_producer(text,bigint)'                    => q{sg_alter_producer('anna', 4000)},
    'sg_alter_consumer(text,bigint)'                    => q{sg_alter_consumer('bert', 4000)},
    'sg_alter_storage(text,bigint,bigint,bigint)'       => q{sg_alter_storage('cellar', charge_rate => 7)},
    'sg_rename_participant(text,text)'                  => q{sg_rename_participant('anna', 'anna2')},
    'sg_set_point(text,timestamp with time zone,text,text,interval,numeric,text,text,text,text,boolean)' =>
        q{sg_set_point('M4', '2026-01-01 00:00+00', 'anna', 'consumption')},
    'sg_set_allocation(timestamp with time zone,text,boolean)' => q{sg_set_allocation('2026-06-01 00:00+00', 'none')},
    'sg_set_tariff(text,timestamp with time zone,jsonb,jsonb,boolean,boolean)' => q{sg_set_tariff('fee', '2026-06-01 00:00 Europe/Berlin', '[{"name": "Fee", "price": 1}]')},
    'sg_set_party(text,timestamp with time zone,jsonb,boolean)' => q{sg_set_party('anna', '2026-06-01 00:00+00', '{"name": "Anna"}')},
    'sg_issue(bigint,date)' => q{sg_issue(1, '2026-03-01')},
    'sg_cancel_document(text,text,date)' => q{sg_cancel_document('R202600001', 'twice', '2026-03-02')},
    'sg_settle(tstzrange,text[],timestamp with time zone)' => q{sg_settle('[2026-01-02 00:00+01,2026-01-03 00:00+01)')},
    'sg_finalize(bigint)' => 'sg_finalize(1)',
    'sg_discard(bigint)' => 'sg_discard(2)',
    'sg_assign_tariff(text,timestamp with time zone,text,text,numeric,boolean)' => q{sg_assign_tariff('village', '2026-06-01 00:00+00', 'M 1')},
    'sg_unassign_tariff(text,timestamp with time zone,text,text,boolean)' => q{sg_unassign_tariff('village', '2026-06-01 00:00+00')},
    'sg_set_holidays(date[],boolean)'                   => q{sg_set_holidays('{2026-05-01}')},
    'sg_post_series(text,timestamp with time zone[],numeric[],interval)' => q{sg_post_series('spot', '{2026-06-01 00:00+00}', '{0.3}', '1 hour')},
    'sg_set_share(text,timestamp with time zone,numeric,numeric,integer,boolean)' => q{sg_set_share('M 1', '2026-06-01 00:00+00', 12.5)},
    'sg_set_points(regclass,boolean)'                   => q{sg_set_points('sg_points')},
    'sg_end_point(text,timestamp with time zone,boolean)' => q{sg_end_point('M2', '2026-06-01 00:00+00')},
    'sg_exchange_meter(text,timestamp with time zone,numeric,text,numeric,integer,boolean)' => q{sg_exchange_meter('M 1', '2026-01-05 00:00+00', 5, 'other')},
    'sg_post_registers(text[],timestamp with time zone[],numeric[],text[],text,text)' =>
        q{sg_post_registers('{M 1}', '{2026-01-05 12:00+00}', '{7}', spread => 'even')},
    'sg_rename_point(text,text)'                        => q{sg_rename_point('M2', 'M3')},
    'sg_post_intervals(text[],timestamp with time zone[],bigint[],text[],text,text,boolean,boolean)' =>
        q{sg_post_intervals('{AT001}'::text[], '{2026-01-03 00:00+00}', '{5}')},
    'sg_post_intervals(regclass,text,text,boolean,boolean)' => q{sg_post_intervals('sg_intervals')},
    'sg_post_days(text[],date[],text[],text[],text,text,boolean,boolean)' => q{sg_post_days('{AT001}', '{2026-01-03}', '{5}')},
    'sg_withdraw_batch(bigint)'                         => 'sg_withdraw_batch(1)',
    'sg_substitute(tstzrange,text,text[],interval,text,text)' => q{sg_substitute('[2026-01-03 00:00+01,2026-01-03 06:00+01)', 'zero')},
    'sg_pack_intervals(date)'                           => q{sg_pack_intervals('2026-01-03')},
    'sg_import(text,text,jsonb)'                        => q{sg_import(E'point,start,kwh\nM1,2026-01-01T00:00Z,0.001', 'long')},
    'sg_seal(text)'                                     => 'sg_seal()',
    'sg_rebuild_rollups(text)'                          => 'sg_rebuild_rollups()',
    'sg_set_time_zone(text)'                            => q{sg_set_time_zone('Europe/Berlin')},
    'sg_set_energy_type(text,boolean,numeric,text)'     => q{sg_set_energy_type('solar', co2_g_per_kwh => 40)},
    'smartgrid.api_lock(oid)'                           => q{smartgrid.api_lock('public'::regnamespace)},
    'sg_create_api(text,text)'                          => q{sg_create_api('api', current_user::text)},
    'sg_balance_load()'                                 => 'sg_balance_load()',
    'sg_create_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)' => q{sg_create_grid('third')},
    'sg_alter_grid(text,text,bigint,integer,integer,text,numeric,numeric,bigint,integer,text,bigint,text)'  => q{sg_alter_grid('default', max_topup => 5)},
);

# Those that only the extension itself calls are left out: nobody has a right to them. So are the parts of the report, which
# have one, for sg_report() calls them all with the rights of its caller.
sub functions_of_the_extension
{
    my ($node, $db) = @_;
    return split /\n/, $node->safe_psql($db, <<'SQL');
SELECT p.oid::regprocedure
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND has_function_privilege('public', p.oid, 'EXECUTE')
      AND NOT (p.pronamespace = 'smartgrid'::regnamespace AND p.proname ~ '^(report|render)_')
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
ORDER BY p.oid::regprocedure::text COLLATE "C";
SQL
}

sub views_of_the_extension
{
    my ($node, $db) = @_;
    return split /\n/, $node->safe_psql($db, <<'SQL');
SELECT c.oid::regclass
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind = 'v'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
ORDER BY c.oid::regclass::text COLLATE "C";
SQL
}

1;
