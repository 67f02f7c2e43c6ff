# Two grids with everything in them, and ways to look at the whole state.
package GridData;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;

our @EXPORT = qw($SQLSTATE fill_roles fill create_version contents sequences state broken_blocks broken_invariants count_invariants sqlstate tables_of_the_extension runs_ok);

# Of an error that psql shows with VERBOSITY sqlstate; a message of libpq's own has none.
our $SQLSTATE = qr/(?:ERROR|FATAL|PANIC):\s+([0-9A-Z]{5})\b/;

# Roles belong to the cluster, not to a database.
sub fill_roles
{
    my ($node) = @_;
    $node->safe_psql('postgres', <<'SQL');
CREATE ROLE village_operator;
CREATE ROLE olga LOGIN IN ROLE smartgrid_operator;
CREATE ROLE otto LOGIN IN ROLE village_operator;
CREATE ROLE web LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE audrey LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE anna LOGIN;
CREATE ROLE bert LOGIN;
CREATE ROLE nobody_special LOGIN;
SQL
}

# The grids "default", with other settings than it was made with, and "village";
# trades in all states, storage, metrics, prices, and names that need care.
my $fill = <<'SQL';
SELECT sg_alter_grid('default', base_price => 250, energy_scale => 3, money_scale => 2, currency => 'EUR',
                     low_watermark => 12.5, high_watermark => 87.5, max_topup => 2000000, stripes => 8);
SELECT sg_create_grid('village', 'village_operator', base_price => 30, stripes => 3, currency => 'CHF');
SELECT sg_set_base_price(260);
SELECT sg_set_time_zone('Europe/Berlin'), sg_set_energy_type('solar', co2_g_per_kwh => 30.5, source => 'a study of "the" roof');
SELECT sg_toggle_emergency_mode();
SELECT sg_toggle_emergency_mode();

SET smartgrid.principal = 'anna';
SELECT sg_register_producer(50000, 'solar'), sg_register_consumer(9000), sg_register_storage(8000, 4000, 3000);
SELECT sg_report_production(40000);
SET smartgrid.principal = 'bert';
SELECT sg_register_consumer(7000);
SET smartgrid.principal = 'cellar';
SELECT sg_register_storage(20000, 5000, 5000);
SET smartgrid.principal = 'O''Hara "the wind" \ Müller 風';
SELECT sg_register_producer(60000, 'wind'), sg_report_production(1234);
SELECT sg_add_consumer_balance('bert', 2000000), sg_add_consumer_balance('anna', 12345);

SET smartgrid.principal = 'bert';
SELECT sg_consume_energy(3000);
SET smartgrid.reference = 'reading of noon, "Müller"';
SELECT sg_consume_energy(17);
RESET smartgrid.reference;
SET smartgrid.principal = 'cellar';
SELECT sg_charge_storage(5000), sg_charge_storage(4000), sg_discharge_storage(1500);
SET smartgrid.principal = 'anna';
SELECT sg_create_trade('bert', 1000, 200), sg_create_trade('bert', 700, 210), sg_create_trade('bert', 300, 220);
SET smartgrid.principal = 'bert';
SELECT sg_complete_trade(1), sg_cancel_trade(2);
SET smartgrid.principal = 'anna';
SELECT sg_withdraw_earnings(100);
RESET smartgrid.principal;
SELECT sg_set_point('AT001', '2026-01-01 00:00 Europe/Berlin', 'anna', 'consumption', '1 hour', class => 'household'),
       sg_set_point('AT "002", Müller', '2026-01-01 00:00 Europe/Berlin', 'bert', 'production', '15 minutes');
SELECT * FROM sg_post_days('{AT001}', '{2026-01-02}', '{"7,6,5,5,5,6,9,12,11,10,9,9,10,9,9,9,12,15,17,16,14,11,9,8"}', label => 'a day');
SELECT * FROM sg_post_intervals(points => '{AT001,"AT \"002\", Müller"}', starts => ARRAY[date_trunc('hour', now()) - interval '1 hour', date_trunc('hour', now()) - interval '15 minutes'], amounts => '{3,4}',
                                qualities => '{measured,estimated}');
SELECT * FROM sg_post_intervals(points => '{AT001}', starts => '{2026-01-02 12:00 Europe/Berlin}', amounts => '{99}', replace_with => 'any');
SELECT * FROM sg_post_intervals(points => '{AT001}', starts => '{2026-01-03 05:00 Europe/Berlin}', amounts => '{6}');
SELECT sg_pack_intervals('2026-02-01');
SELECT sg_record_metrics(1, 2, 3, 4);
SELECT sg_record_metrics(tstzrange(now() - interval '1 hour', now() + interval '1 hour'));
SELECT sg_update_producer_reputation('anna', 83);
SELECT sg_deactivate_participant('O''Hara "the wind" \ Müller 風', true);
SELECT sg_rename_participant('cellar', 'cellar 2'), sg_rename_participant('cellar 2', 'cellar');
SELECT sg_seal();
SET smartgrid.principal = 'bert';
SELECT sg_consume_energy(3);
RESET smartgrid.principal;
SELECT sg_seal();

SET smartgrid.grid = 'village';
SET smartgrid.principal = 'anna';
SELECT sg_register_producer(100, 'hydro'), sg_report_production(90);
SET smartgrid.principal = 'zoe';
SELECT sg_register_consumer(50), sg_add_consumer_balance('zoe', 5000), sg_consume_energy(20);
SET smartgrid.principal = 'anna';
SELECT sg_create_trade('zoe', 5, 7);
RESET smartgrid.principal;
SELECT sg_deactivate_participant('zoe', false);
SELECT sg_toggle_emergency_mode();
SELECT sg_record_metrics(90, 20, 90, 22);
SELECT sg_seal();
SET smartgrid.principal = 'anna';
SELECT sg_report_production(7), sg_report_production(3);
RESET smartgrid.principal;
SELECT sg_reverse_entry((SELECT entry_id FROM sg_last_entry()), 'counted twice');
SELECT sg_set_point('V1', '2026-01-01 00:00+00', 'zoe', 'production', '1 hour', 12.5, 'meter "7" of Müller', class => 'farm');
RESET smartgrid.grid;
SELECT sg_set_point('M1', '2026-01-01 00:00+00', 'anna', 'consumption'), sg_set_point('M1', '2026-02-01 00:00+00', 'bert', capacity => 5);
SELECT sg_set_point('M2', '2026-01-01 00:00+00', kind => 'exchange'), sg_end_point('M2', '2026-03-01 00:00+00'), sg_rename_point('M1', 'M 1');
SELECT * FROM sg_post_registers('{"M 1","M 1"}', '{2026-01-03 00:00+00,2026-01-03 00:15+00}', '{1234,1235}', '{measured,estimated}', 'a round', 'even');
SELECT sg_exchange_meter('M 1', '2026-01-04 00:07+00', 1300, 'another', 3, 6);
SELECT sg_set_tariff('village', '2026-01-01 00:00 Europe/Berlin', '[{"name": "Energy", "of": "covered", "price": 0.1510}, {"name": "Fee", "of": "participant", "per": "day", "price": 3}]', for_all => true),
       sg_set_tariff('village', '2026-02-01 00:00 Europe/Berlin', '[{"name": "Energie \u00fc", "price": 0.2, "when": {"times": ["22:00-06:00"]}}]', '{"gross": true}'),
       sg_assign_tariff('village', '2026-01-01 00:00+00', 'M 1', quantity => 2.5), sg_unassign_tariff('village', '2026-01-01 00:00+00', participant => 'bert'),
       sg_set_holidays('{2026-01-01,2026-05-01}'), sg_set_holidays('{2026-05-01}');
SELECT sg_post_series('spot', '{2026-01-01 00:00 Europe/Berlin,2026-01-01 01:00 Europe/Berlin}', '{0.1,0.2}', '1 hour'), sg_post_series('spot', '{2026-01-01 00:00 Europe/Berlin}', '{0.15}', '1 hour');
SELECT sg_set_share('AT001', '2026-01-01 00:00 Europe/Berlin', 90, 33.3333333333333333), sg_set_share('AT001', '2026-02-01 00:00 Europe/Berlin', key => 20, priority => 2),
       sg_set_allocation('2026-01-01 00:00 Europe/Berlin', 'cascade'), sg_set_allocation('2026-01-01 00:00 Europe/Berlin', 'static');
SELECT sg_settle('[2026-01-02 00:00 Europe/Berlin,2026-01-03 00:00 Europe/Berlin)', '{measured,estimated,missing,no_tariff,no_owner}');
SELECT sg_set_party(NULL, '2026-01-01 00:00 Europe/Berlin', '{"name": "Village & Söhne", "country": "DE", "tax_id": "1", "vat": {"category": "O"}}'),
       sg_set_party('anna', '2026-01-01 00:00 Europe/Berlin', '{"name": "Anna Ü.", "language": "de"}');
SELECT sg_finalize(1);
SELECT sg_issue(1, '2026-02-01');
SELECT sg_settle('[2026-01-03 00:00 Europe/Berlin,2026-01-04 00:00 Europe/Berlin)');
SELECT sg_record_payment('bert', -40, 'bank "1"'), sg_record_payment('anna', 30, 'bank, 2'), sg_record_payment('bert', 15, 'bank 3');
SQL

sub fill
{
    my ($node, $db) = @_;
    $node->safe_psql($db, $fill);
    return;
}

# A database with an older version of the extension and its rows: test/releases/data-....sql, which the library of 0.3.0 has
# written, as it did with fill() and some readings of the past; sealed, if the version can.
sub create_version
{
    my ($node, $db, $version, $in_use) = @_;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'");
    $node->safe_psql($db, "\\i test/releases/data-$version.sql") if $in_use;
    return;
}

sub tables_of_the_extension
{
    my ($node, $db) = @_;
    return split /\n/, $node->safe_psql($db, q{
        SELECT relname FROM pg_class
        WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'p')
        ORDER BY relname});
}

# Every row of every table, in an order of its own. Roles are written by name.
sub contents
{
    my ($node, $db) = @_;
    my $sql = join "\n", map {
        "SELECT '-- $_';\nSELECT t::text FROM smartgrid.$_ AS t ORDER BY t::text COLLATE \"C\";"
    } tables_of_the_extension($node, $db);
    return $node->safe_psql($db, $sql);
}

sub sequences
{
    my ($node, $db) = @_;
    my @names = split /\n/, $node->safe_psql($db, q{
        SELECT relname FROM pg_class
        WHERE relnamespace = 'smartgrid'::regnamespace AND relkind = 'S' ORDER BY relname});
    return $node->safe_psql($db, join "\n", map { "SELECT '$_', last_value, is_called FROM smartgrid.$_;" } @names);
}

sub state
{
    my ($node, $db) = @_;
    return contents($node, $db) . "\n" . sequences($node, $db);
}

sub broken_invariants
{
    my ($node, $db) = @_;
    return $node->safe_psql($db, 'SELECT * FROM sg_check() WHERE ok IS NOT TRUE');
}

# What verification of both ledgers has to say against them.
sub broken_blocks
{
    my ($node, $db) = @_;
    return $node->safe_psql($db, q{
        SELECT g.grid, v.* FROM sg_grids AS g, LATERAL sg_verify_ledger(g.grid) AS v WHERE v.ok IS NOT TRUE});
}

sub count_invariants
{
    my ($node, $db) = @_;
    return $node->safe_psql($db, 'SELECT count(*) FROM sg_check()');
}

# A program that ends well, with the connection to this node in its environment.
sub runs_ok
{
    my ($node, $command, $what) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    PostgreSQL::Test::Cluster::command_ok($node, $command, $what);
    return;
}

# The SQLSTATE of the first error of some SQL, 00000 where there is none.
sub sqlstate
{
    my ($node, $db, $sql, %how) = @_;
    my $errors = '';
    $node->psql(
        $db, "\\set VERBOSITY sqlstate\n$sql",
        stderr => \$errors,
        stdout => \my $ignored,
        on_error_stop => 1,
        extra_params => [ '-U', $how{user} // 'postgres' ]);
    return $1 if $errors =~ $SQLSTATE;
    return $errors eq '' ? '00000' : $errors;
}

1;
