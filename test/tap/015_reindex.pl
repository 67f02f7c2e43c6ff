# An index is replaced (REINDEX CONCURRENTLY) just while a session meets the
# table for the first time, between its look for the index and the lock on it;
# and while a session is in a transaction that has heard of nothing yet.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'deadlock_timeout = 200ms');
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', q{SET smartgrid.principal = 'anna';
    SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 500, 500),
           sg_add_consumer_balance('anna', 1000000), sg_report_production(400)});

my %call = (
    consumer => 'SELECT sg_consume_energy(1)',
    producer => 'SELECT sg_report_production(1)',
    storage => 'SELECT capacity FROM sg_get_storage_info($$anna$$)',
    pool => 'SELECT sg_get_dynamic_price() > 0',
    grid => 'SELECT sg_grid()');
for my $table (sort keys %call)
{
    my $index = "smartgrid.${table}_pkey";
    my $old = $node->safe_psql('grid', "SELECT '$index'::regclass::oid");
    my ($snapshot, $reindex, $other, $caller) = map { GridSession->new($node, 'grid', name => $_) } qw(snapshot reindex other caller);
    $caller->query(q{SET smartgrid.principal = 'anna'});

    # An old snapshot holds REINDEX back before it exchanges the indexes; the caller gets behind who wants the old index for himself.
    $snapshot->query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    $reindex->send("REINDEX INDEX CONCURRENTLY $index");
    ok($reindex->wait_blocked($node), "$table: REINDEX waits");
    $other->send("ALTER INDEX $index SET TABLESPACE pg_default");
    ok($other->wait_blocked($node), "$table: so does who wants the index for himself");
    $caller->send($call{$table});
    ok($caller->wait_blocked($node), "$table: and a caller who has found the index");
    $snapshot->query('COMMIT');
    my (undef, $error) = $caller->receive;
    is($error, '', "$table: which has been replaced when the caller gets it");
    is(($_->receive)[1], '', "$table: nobody else fails") for $reindex, $other;
    isnt($node->safe_psql('grid', "SELECT '$index'::regclass::oid"), $old, "$table: it is another index");
    is(($caller->query($call{$table}))[1], '', "$table: the next call");
    $_->quit for $snapshot, $reindex, $other, $caller;
}

my $caller = GridSession->new($node, 'grid', name => 'caller');
$caller->query(q{SET smartgrid.principal = 'anna'});
my @calls = ((map { $call{$_} } sort keys %call), 'SELECT count(*) FROM sg_check() WHERE NOT ok', 'SELECT count(*) FROM sg_balance_load()',
    'SELECT count(*) FROM sg_seal()', 'SELECT count(*) FROM sg_verify_ledger() WHERE NOT ok', 'SELECT count(*) FROM sg_producers', q{SELECT sg_create_trade('bert', 1, 1)});
$node->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_register_consumer(1)});
for my $call (@calls)
{
    for my $after ('', '; SELECT sg_grid()')
    {
        is(($caller->query("$call; BEGIN; SELECT 1$after"))[1], '', "$call: as ever");
        $node->safe_psql('grid', "REINDEX INDEX CONCURRENTLY smartgrid.$_")
          for grep { $after eq '' || !/^grid/ } qw(grid_pkey grid_name_key pool_pkey participant_pkey participant_principal_key producer_pkey consumer_pkey storage_pkey trade_pkey ledger_pkey);
        my (undef, $error) = $caller->query($call);
        is($error, '', "$call: after all indexes have been replaced in the meantime");
        $caller->query('COMMIT');
    }
}
$caller->quit;
is(broken_invariants($node, 'grid'), '', 'the books balance');

done_testing();
