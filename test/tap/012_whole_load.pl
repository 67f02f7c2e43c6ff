# Every transaction takes energy and feeds as much in, so that the load is the
# same at each commit, however it moves between stripes. Meanwhile the number of
# stripes changes all the time: stripes are merged, removed and made anew. Nobody
# may ever see a load that leaves a stripe out or counts one twice: neither a
# reader nor a caller, whose price shows the load that it saw. Transactions of
# several calls that collect from each other's stripes may deadlock.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run;

my ($clients, $rounds, $load) = (8, 250, 800);
my $seed = $ENV{SG_SEED} // 20260102;
srand $seed;
note "SG_SEED=$seed";

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "max_connections = 40\nlog_statement = none\n");
$node->start;
$node->create_grid_database('grid');
my $dir = $node->basedir;

# price = base + base * load / (2 * capacity), and the base is twice the capacity: the price is the base and the load.
my $capacity = 1000 * $clients;
my $base = 2 * $capacity;
$node->safe_psql('grid', "SELECT sg_alter_grid('default', base_price => $base, max_topup => 1000000000000)");
for my $n (1 .. $clients)
{
    $node->safe_psql('grid', "SET smartgrid.principal = 'm$n';
        SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_add_consumer_balance('m$n', 1000000000000),
               sg_report_production($load / $clients)");
}

sub start
{
    my ($name, $sql) = @_;
    open my $file, '>', "$dir/$name.sql" or die $!;
    print $file $sql;
    close $file or die $!;
    return IPC::Run::start(
        [ 'timeout', '600', 'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr('grid'), '-f', "$dir/$name.sql" ],
        '<', '/dev/null', '>', "$dir/$name.out", '2>', "$dir/$name.err");
}

# Each transaction first consumes, at the price of the whole load, and then gives back what it took.
sub writer
{
    my ($n, $level) = @_;
    my $sql = "SET smartgrid.principal = 'm$n';\n";
    for (1 .. $rounds)
    {
        my $amount = 1 + int rand($load / $clients / 2);
        my $first = int rand($amount + 1);
        my $rest = $amount - $first;
        my $calls = "SELECT sg_consume_energy($amount); SELECT sg_report_production($first); SELECT sg_report_production($rest);";
        # sometimes the stripe is made by a call before the one that collects
        $calls = "SELECT sg_report_production(0); $calls" if rand() < 0.3;
        $sql .= "BEGIN; $calls " . (rand() < 0.1 ? 'ROLLBACK' : 'COMMIT') . ";\n";
        $sql .= "\\c\nSET smartgrid.principal = 'm$n';\n" if rand() < 0.1;
    }
    return $sql;
}

my %run;
$run{"writer$_"} = start("writer$_", writer($_)) for 1 .. $clients;
$run{reader1} = start('reader1', "SELECT current_load FROM sg_get_grid_status();\n" x 3000);
$run{reader2} = start('reader2', "BEGIN; SELECT sg_get_dynamic_price() - $base; SELECT current_load FROM sg_grids; COMMIT;\n\\c\n" x 500);
$run{reader3} = start('reader3', "BEGIN ISOLATION LEVEL REPEATABLE READ;\n" . "SELECT sg_get_dynamic_price() - $base;\n" x 10 . "COMMIT;\n");
# a snapshot that is older than the look at which stripes there are
$run{reader4} = start('reader4', "SELECT sg_get_dynamic_price() - $base FROM pg_sleep(0.02);\n\\c\n" x 150);
$run{stripes} = start('stripes', join '', map { "SELECT sg_alter_grid('default', stripes => $_);\n" } map { (1, 64, 3, 2 + int rand 60) } 1 .. 100);

for my $name (sort keys %run)
{
    eval { $run{$name}->finish };
    my $said = join '', grep { !/ERROR:  (?:40P01|25P02)$/ } split /^/, slurp_file("$dir/$name.err");
    is($run{$name}->result(0) . $said, '0', "$name: no error");
}

for my $reader (grep { /reader/ } sort keys %run)
{
    my %seen;
    $seen{$_}++ for split /\n/, slurp_file("$dir/$reader.out");
    is_deeply([ sort keys %seen ], [$load], "$reader: the load is always $load")
      or diag join ', ', map { "$_: $seen{$_} times" } sort { $a <=> $b } keys %seen;
}
is($node->safe_psql('grid', "SELECT DISTINCT price - $base FROM smartgrid.ledger WHERE kind = 1"), $load, 'every caller paid the price of the whole load');
cmp_ok($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.ledger WHERE kind = 1'), '>=', $clients * $rounds * 0.6, 'and there were many');
is($node->safe_psql('grid', 'SELECT count(*) FROM sg_check() WHERE NOT ok'), '0', 'every invariant holds');
is($node->safe_psql('grid', 'SELECT sum(load) FROM smartgrid.pool'), $load, 'the stripes hold the load');

done_testing();
