# A logical subscriber: rows that CREATE EXTENSION has made there, or an update, are no hindrance to those of the publisher.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;

my $publisher = SmartgridCluster->new('publisher');
$publisher->init(allows_streaming => 'logical');
$publisher->start;
$publisher->create_grid_database('grid');
fill_roles($publisher);
my $subscriber = SmartgridCluster->new('subscriber');
$subscriber->init;
$subscriber->start;

# Waits until every table has been copied and everything has arrived.
sub catch_up
{
    my ($db, $what) = @_;
    my $lsn = $publisher->lsn('insert');
    my $until = time + 60;
    my ($copied, $arrived);
    do
    {
        select undef, undef, undef, 0.1;
        $copied = $subscriber->safe_psql($db, q{SELECT count(*) = 0 FROM pg_subscription_rel WHERE srsubstate NOT IN ('r', 's')}) eq 't';
        $arrived = $publisher->safe_psql('postgres', "SELECT replay_lsn >= '$lsn' FROM pg_stat_replication WHERE application_name = 'copy_$db'") eq 't';
    } until $copied && $arrived || time > $until;
    ok($copied && $arrived, "$what: every table is copied, every change has arrived");
    return $copied && $arrived;
}

# The rows that only one of them has.
sub difference
{
    my ($one, $other, $db) = @_;
    my @rows = map { [ split /\n/, contents($_, $db) ] } $one, $other;
    my %seen;
    $seen{$_}++ for @{ $rows[0] };
    $seen{$_}-- for @{ $rows[1] };
    return join "\n", map { ($seen{$_} > 0 ? '+' : '-') . $_ } grep { $seen{$_} } sort keys %seen;
}

sub subscribe
{
    my ($db) = @_;
    $publisher->safe_psql($db, 'CREATE PUBLICATION all_of_it FOR TABLES IN SCHEMA smartgrid');
    $subscriber->safe_psql($db, "CREATE SUBSCRIPTION copy_$db CONNECTION \$\$" . $publisher->connstr($db) . '$$ PUBLICATION all_of_it');
    return;
}

my $some_calls = <<'SQL';
SET smartgrid.principal = 'anna';
SELECT sg_report_production(77), sg_consume_energy(1) FROM sg_add_consumer_balance('anna', 5000);
SELECT sg_create_trade('bert', 5, 300);
RESET smartgrid.principal;
SELECT sg_set_base_price(270), sg_create_grid('another one');
SELECT sg_seal();
SET smartgrid.principal = 'carl';
SELECT sg_register_producer(500, 'wind');
RESET smartgrid.principal;
SELECT sg_deactivate_participant('carl', true);
SQL

# ---- a new subscriber, where CREATE EXTENSION has made the grid "default" ----
fill($publisher, 'grid');
$subscriber->create_grid_database('grid');
fill_roles($subscriber);
subscribe('grid');
if (catch_up('grid', 'new'))
{
    is(difference($subscriber, $publisher, 'grid'), '', 'new: the same rows');
    $publisher->safe_psql('grid', $some_calls);
    catch_up('grid', 'new, after some calls');
    is(difference($subscriber, $publisher, 'grid'), '', 'new: the same rows after some calls');
    like(broken_invariants($subscriber, 'grid'), qr/\A\|sequences behind the rows = 0\|\d+\|0\|f\z/, 'new: the invariants hold, but of sequences');
}
$subscriber->safe_psql('grid', 'DROP SUBSCRIPTION copy_grid');

# ---- one grid alone ----
$subscriber->safe_psql('postgres', 'CREATE DATABASE village');
$subscriber->safe_psql('village', 'SET client_min_messages = warning; CREATE EXTENSION smartgrid; DELETE FROM smartgrid.grid; DELETE FROM smartgrid.price_event');
my @tables = tables_of_the_extension($publisher, 'grid');
$publisher->safe_psql('grid', 'CREATE PUBLICATION one FOR TABLE ' . join ', ', map { "smartgrid.$_ WHERE (grid_id = 2)" } @tables);
$subscriber->safe_psql('village', 'CREATE SUBSCRIPTION copy_village CONNECTION $$' . $publisher->connstr('grid') . '$$ PUBLICATION one');
if (catch_up('village', 'one grid'))
{
    # Every table is changed, in every way, of both grids; but no time zone: they have metering points.
    $publisher->safe_psql('grid', qq{SET smartgrid.grid = '$_'; } . <<'SQL') for 'default', 'village';
SET smartgrid.principal = 'anna';
SELECT sg_report_production(3), sg_register_consumer(77) FROM sg_get_grid_status() WHERE sg_grid() = 'village';
SELECT sg_create_trade('dora', 2, 30000) FROM sg_enrol_consumer('dora', 1000), sg_add_consumer_balance('dora', 900000);
SET smartgrid.principal = 'dora';
SELECT sg_complete_trade((SELECT max(trade_id) FROM sg_trades)), sg_register_storage(10, 2, 2);
RESET smartgrid.principal;
SELECT sg_record_payment('dora', -20, 'a'), sg_record_payment('dora', 5, 'b'), sg_record_payment('anna', 5, 'c');
SELECT sg_rename_participant('dora', 'doris'), sg_write_off(1, 'lost'), sg_set_point('M9', '2026-03-01 00:00+00', 'anna', 'production'),
       sg_set_share('M9', '2026-03-01 00:00+00', 50), sg_set_share('M9', '2026-03-01 00:00+00', 40, priority => 2),
       sg_set_allocation('2026-03-01 00:00+00', 'none'), sg_set_allocation('2026-03-01 00:00+00', 'cascade'), sg_set_energy_type('wind', co2_g_per_kwh => 12);
SELECT sg_set_base_price(33), sg_record_metrics(1, 1, 1, 1);
SELECT sg_alter_grid(sg_grid(), stripes => 2), sg_alter_producer('anna', 70000);
SELECT sg_seal();
SELECT sg_rebuild_rollups();
SQL
    catch_up('village', 'one grid, after calls in both');
    for my $table (@tables)
    {
        my $rows = "SELECT t::text FROM smartgrid.$table AS t WHERE grid_id = 2 ORDER BY 1";
        is($subscriber->safe_psql('village', $rows), $publisher->safe_psql('grid', $rows), "one grid: $table");
        is($subscriber->safe_psql('village', "SELECT count(*) FROM smartgrid.$table WHERE grid_id <> 2"), '0', "one grid: nothing of the others in $table");
    }
}
$subscriber->safe_psql('village', 'DROP SUBSCRIPTION copy_village');

# ---- both are updated, as doc/operations.md says ----
my ($current) = slurp_file('smartgrid.control') =~ /^default_version = '([^']+)'/m;
for my $version (grep { $_ ne $current } map { /smartgrid--([0-9.]+)\.sql$/ } sort glob 'test/releases/*.sql')
{
    my $db = "from_$version" =~ tr/./_/r;
    create_version($publisher, $db, $version, 1);
    create_version($subscriber, $db, $version, 0);
    # Versions before have to have it removed.
    $subscriber->safe_psql($db, 'DELETE FROM smartgrid.grid; DELETE FROM smartgrid.price_event');
    subscribe($db);
    catch_up($db, $version) or next;
    is(difference($subscriber, $publisher, $db), '', "$version: the same rows before");

    $subscriber->safe_psql($db, "ALTER SUBSCRIPTION copy_$db DISABLE");
    $subscriber->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
    $publisher->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
    $subscriber->safe_psql($db, "ALTER SUBSCRIPTION copy_$db ENABLE");
    $subscriber->safe_psql($db, "ALTER SUBSCRIPTION copy_$db REFRESH PUBLICATION");
    catch_up($db, "$version, updated") or next;
    is(difference($subscriber, $publisher, $db), '', "$version: the same rows after both updates");
    $publisher->safe_psql($db, $some_calls);
    catch_up($db, "$version, after some calls");
    is(difference($subscriber, $publisher, $db), '', "$version: the same rows after some calls");
    like(broken_invariants($subscriber, $db), qr/\A\|sequences behind the rows = 0\|\d\|0\|f\z/, "$version: the invariants hold, but of sequences");
    $subscriber->safe_psql($db, "DROP SUBSCRIPTION copy_$db");
}

done_testing();
