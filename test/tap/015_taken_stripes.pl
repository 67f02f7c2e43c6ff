# A session whose stripe is taken goes to one that is free: it does not wait for a session that is idle in its transaction,
# nor for a forgotten prepared one. Where all are taken it waits.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use GridData;
use GridSession;

my $stripes = 3;
my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', "SELECT sg_alter_grid('default', stripes => $stripes, base_price => 1)");
for my $n (1 .. 8)
{
    $node->safe_psql('grid', "SET smartgrid.principal = 'm$n';
        SELECT sg_register_producer(100, 'solar'), sg_register_consumer(100), sg_add_consumer_balance('m$n', 1000)");
}

# Sessions whose numbers are equal modulo the number of stripes, so that all of them have the same one.
my (%by_stripe, @same);
while (@same < 4)
{
    my $session = GridSession->new($node, 'grid', name => 'session');
    my ($number) = $session->query(q{SELECT split_part(virtualtransaction, '/', 1)::integer % } . $stripes . q{ FROM pg_locks WHERE pid = pg_backend_pid() LIMIT 1});
    push @{ $by_stripe{$number} }, $session;
    @same = @{ $by_stripe{$number} };
}
my $who = 0;
$_->query(q{SET lock_timeout = '3 s'; SET smartgrid.principal = 'm} . ++$who . q{'}) for @same;
my ($first, $second, $third, $fourth) = @same;

my $stripes_used = q{SELECT count(*) FROM smartgrid.pool WHERE load > 0};
sub error_of
{
    my ($session, $sql) = @_;
    my (undef, $error) = $session->query($sql);
    return $error;
}

is(error_of($first, 'BEGIN; SELECT sg_report_production(10)'), '', 'a session takes a stripe and stays idle');
is(error_of($second, 'BEGIN; SELECT sg_report_production(10)'), '', 'another with the same one goes to the next');
is(error_of($second, 'SELECT sg_report_production(10), sg_report_production(10)'), '', 'and stays there in its transaction');
is($node->safe_psql('grid', q{SELECT count(DISTINCT objsubid) FROM pg_locks WHERE locktype = 'object' AND classid = 'smartgrid.pool'::regclass}), '2',
    'so two of the stripes are taken');
is(error_of($third, q{BEGIN; SELECT sg_report_production(10); PREPARE TRANSACTION 'forgotten'}), '', 'a third takes the last one, and prepares');
is(error_of($fourth, 'SELECT sg_report_production(10)'), '', 'a fourth does not wait: it goes beyond the grid\'s number');
is(error_of($second, 'COMMIT'), '', 'one of them ends');
is(error_of($fourth, 'SELECT sg_report_production(10)'), '', 'then it goes there');
is($node->safe_psql('grid', $stripes_used), '2', 'what is committed lies where it was put');
is(error_of($second, 'BEGIN; SELECT sg_report_production(10); ROLLBACK'), '', 'as does who was there');
is(error_of($first, 'COMMIT'), '', 'the first ends');

# What was taken elsewhere is found, whoever asks.
is($node->safe_psql('grid', 'SELECT current_load FROM sg_get_grid_status()'), '60', 'the load is that of all stripes');
is(error_of($_, 'SELECT sg_consume_energy(5)'), '', 'and can be taken') for $first, $second, $fourth;
$node->safe_psql('grid', q{COMMIT PREPARED 'forgotten'});
is(error_of($fourth, 'SELECT sg_consume_energy(56)'), 'SG103', 'more than all of it is not there');
is(error_of($fourth, 'SELECT sg_consume_energy(55)'), '', 'all of it can be taken');

# A session that is new learns where the stripes are, though others are at work on them, and needs no index from then on.
$first->query('BEGIN; SELECT sg_report_production(1)');
my $index_scans = q{SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes WHERE indexrelname = 'pool_pkey'};
my $before = $node->safe_psql('grid', $index_scans);
$node->safe_psql('grid', "SELECT sg_get_dynamic_price();\n" x 50);
cmp_ok($node->safe_psql('grid', $index_scans) - $before, '<', 10, 'fifty looks at the load, few of them by index');
$first->query('COMMIT');

is(broken_invariants($node, 'grid'), '', 'the invariants hold');
$_->quit for map { @$_ } values %by_stripe;
done_testing();
