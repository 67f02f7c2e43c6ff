# The hot calls write to their tables directly; logical decoding sees each of
# their changes all the same, and nothing of what was rolled back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;

my $node = SmartgridCluster->new('main');
$node->init(allows_streaming => 'logical');
$node->start;
$node->create_grid_database('grid');
my ($missing, undef, $why) = $node->psql('grid', q{SELECT pg_create_logical_replication_slot('probe', 'test_decoding')});
plan skip_all => 'no test_decoding on this server' if $missing && $why =~ /could not access file/;
is($missing, 0, 'a slot for test_decoding');

$node->safe_psql('grid', <<'SQL');
SELECT sg_alter_grid('default', stripes => 1);
SET smartgrid.principal = 'anna';
SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 500, 500), sg_report_production(900);
SET smartgrid.principal = 'bert';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('bert', 1000000);
SQL

# What one transaction of calls turns into: "TABLE: ACTION" and all the text.
sub changes
{
    my ($sql) = @_;
    $node->safe_psql('grid', q{SELECT count(*) FROM pg_logical_slot_get_changes('probe', NULL, NULL)});
    $node->psql('grid', $sql, on_error_stop => 0, stderr => \my $ignored);
    my $text = $node->safe_psql('grid', q{
        SELECT data FROM pg_logical_slot_get_changes('probe', NULL, NULL, 'include-xids', '0', 'skip-empty-xacts', '1')
        WHERE data LIKE 'table %'});
    my @what = sort map { /^table smartgrid\.(\w+): (\w+):/ ? "$1 $2" : $_ } split /\n/, $text;
    return (join(', ', @what), $text);
}

my ($kinds, $text) = changes(q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(7)});
is($kinds, 'ledger INSERT, pool UPDATE, producer UPDATE', 'sg_report_production');
like($text, qr/table smartgrid\.ledger: INSERT: .*\benergy\[bigint\]:7\b/, 'the entry with its figures');
like($text, qr/table smartgrid\.producer: UPDATE: .*\btotal_produced\[bigint\]:907\b/, 'the account with its new total');
like($text, qr/table smartgrid\.pool: UPDATE: .*\bload\[bigint\]:907\b/, 'the load');

($kinds, $text) = changes(q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(10)});
is($kinds, 'consumer UPDATE, ledger INSERT, pool UPDATE', 'sg_consume_energy');
like($text, qr/table smartgrid\.consumer: UPDATE: .*\btotal_consumed\[bigint\]:10\b/, 'the consumer with its new total');

($kinds) = changes(q{SET smartgrid.principal = 'anna'; SELECT sg_charge_storage(20)});
is($kinds, 'ledger INSERT, pool UPDATE, storage UPDATE', 'sg_charge_storage');
($kinds) = changes(q{SET smartgrid.principal = 'anna'; SELECT sg_discharge_storage(5)});
is($kinds, 'ledger INSERT, pool UPDATE, storage UPDATE', 'sg_discharge_storage');
($kinds) = changes(q{SET smartgrid.principal = 'anna'; SELECT sg_create_trade('bert', 30, 2)});
is($kinds, 'ledger INSERT, pool UPDATE, producer UPDATE, trade INSERT', 'sg_create_trade');
($kinds) = changes(q{SET smartgrid.principal = 'bert'; SELECT sg_complete_trade(1)});
is($kinds, 'consumer UPDATE, ledger INSERT, producer UPDATE, trade UPDATE', 'sg_complete_trade');
$node->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_create_trade('bert', 3, 2)});
($kinds) = changes(q{SET smartgrid.principal = 'bert'; SELECT sg_cancel_trade(2)});
is($kinds, 'ledger INSERT, pool UPDATE, producer UPDATE, trade UPDATE', 'sg_cancel_trade');
($kinds) = changes(q{SELECT sg_add_consumer_balance('bert', 9)});
is($kinds, 'consumer UPDATE, ledger INSERT', 'sg_add_consumer_balance');
($kinds) = changes(q{SET smartgrid.principal = 'anna'; SELECT sg_withdraw_earnings(9)});
is($kinds, 'ledger INSERT, producer UPDATE', 'sg_withdraw_earnings');
($kinds) = changes(q{SELECT sg_set_base_price(11)});
is($kinds, 'grid UPDATE, price_event INSERT', 'sg_set_base_price');
($kinds) = changes(q{SELECT sg_record_metrics(1, 2, 3, 4)});
is($kinds, 'metrics INSERT', 'sg_record_metrics');

($kinds) = changes(q{SET smartgrid.principal = 'anna'; BEGIN; SELECT sg_report_production(1); ROLLBACK});
is($kinds, '', 'nothing of a call that was rolled back');
($kinds) = changes(q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(999999)});
is($kinds, '', 'nothing of a call that failed');
($kinds) = changes(q{SET smartgrid.principal = 'anna'; BEGIN; SAVEPOINT a; SELECT sg_report_production(1); ROLLBACK TO a; SELECT sg_withdraw_earnings(1); COMMIT});
is($kinds, 'ledger INSERT, producer UPDATE', 'a savepoint that was rolled back leaves the rest');
$node->safe_psql('grid', q{SELECT pg_drop_replication_slot('probe')});

# A subscriber that follows ends up with the same rows, keys and all.
$node->safe_psql('postgres', 'CREATE DATABASE copy');
$node->safe_psql('grid', 'CREATE PUBLICATION all_of_it FOR TABLES IN SCHEMA smartgrid');
$node->safe_psql('grid', q{SELECT pg_create_logical_replication_slot('copy', 'pgoutput')});
runs_ok($node, [ 'pg_dump', '-f', $node->basedir . '/grid.sql', 'grid' ], 'dumped for the subscriber');
runs_ok($node, [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', 'copy', '-f', $node->basedir . '/grid.sql' ], 'restored for it');
$node->safe_psql('copy', 'DROP PUBLICATION all_of_it');
$node->safe_psql('copy', q{CREATE SUBSCRIPTION copy CONNECTION $$} . $node->connstr('grid') . q{$$ PUBLICATION all_of_it
    WITH (create_slot = false, slot_name = 'copy', copy_data = false)});
$node->safe_psql('grid', <<'SQL');
SET smartgrid.principal = 'anna';
SELECT sg_report_production(77), sg_consume_energy(1) FROM sg_add_consumer_balance('anna', 5000);
SELECT sg_charge_storage(3), sg_create_trade('bert', 3, 3), sg_create_trade('bert', 4, 3);
SET smartgrid.principal = 'bert';
SELECT sg_complete_trade(3), sg_cancel_trade(4), sg_consume_energy(8);
RESET smartgrid.principal;
SELECT sg_set_base_price(12), sg_create_grid('second'), sg_rename_participant('bert', 'berta'), sg_record_metrics(1, 1, 1, 1);
SQL
$node->wait_for_catchup('copy', 'replay', $node->lsn('insert'));
is(contents($node, 'copy'), contents($node, 'grid'), 'a logical subscriber has the same rows');
is(broken_invariants($node, 'copy'), '|sequences behind the rows = 0|5|0|f', 'and its invariants hold, but sequences are not replicated');
$node->safe_psql('copy', 'DROP SUBSCRIPTION copy');

done_testing();
