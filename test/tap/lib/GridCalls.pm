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
    'sg_load_curve(text,tstzrange,interval,text)' => q{sg_load_curve(NULL, '[2026-01-01 00:00+00, 2026-01-02 00:00+00)')},
    'sg_kpis(tstzrange,text)'              => q{sg_kpis('[2026-01-01 00:00+00, 2030-01-01 00:00+00)')},
    'sg_help(text)'                        => q{sg_help('trade')},
    'sg_version()'                         => 'sg_version()',
    'smartgrid.library_version()'          => 'smartgrid.library_version()',
    # But for the day and the time at which it was made.
    'sg_report(tstzrange,text)'            =>
        q{regexp_replace(sg_report('[2020-01-01, 2040-01-01)'), '[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}, [0-9]{2}:[0-9]{2}', '', 'g')},
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
    'smartgrid.entry_line(bigint,timestamp with time zone,integer,smallint,bigint,bigint,bigint,bigint,bigint,bigint,timestamp with time zone)' =>
        q{smartgrid.entry_line(1, '2026-01-01 00:00Z', 1, 0::smallint, 1, 0, 1, 0, 0, 0, '2026-01-02 00:00Z')},
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
    'sg_verify_ledger(text,bigint,bigint,text)' => 'sg_verify_ledger()',
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
    'sg_reverse_entry(bigint,text)'                     => q{sg_reverse_entry((SELECT max(entry_id) FROM sg_ledger WHERE kind = 'consumption'), 'wrong')},
    'sg_correct_reading(bigint,bigint,text)'            => q{sg_correct_reading((SELECT max(entry_id) FROM sg_ledger WHERE kind = 'production'), 1, 'wrong')},
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
    'sg_seal(text)'                                     => 'sg_seal()',
    'sg_rebuild_rollups(text)'                          => 'sg_rebuild_rollups()',
    'sg_set_time_zone(text)'                            => q{sg_set_time_zone('Europe/Berlin')},
    'sg_set_energy_type(text,boolean,numeric,text)'     => q{sg_set_energy_type('solar', co2_g_per_kwh => 40)},
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
      AND NOT (p.pronamespace = 'smartgrid'::regnamespace AND p.proname LIKE 'report\_%')
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
