# The server is killed under load: no acknowledged call is lost, none is there
# that nobody made, the invariants and the files are sound.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use IPC::Run;
use GridData;
use ServerDeath;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
fsync = on
full_page_writes = on
synchronous_commit = on
checkpoint_timeout = 30s
autovacuum_naptime = 1s
log_statement = none
max_connections = 30
CONF
$node->start;
$node->create_grid_database('grid');
my $amcheck = $node->safe_psql('grid', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'});

# One client for each kind of call, each with a principal of its own. A client
# makes one call after the other, so at most one is in flight when it dies.
my %client = (
    reporter => { call => 'sg_report_production(7)', kind => 'production', unit => 7 },
    eater => { call => 'sg_consume_energy(2)', kind => 'consumption', unit => 2 },
    glutton => { call => 'sg_consume_energy(9)', kind => 'consumption', unit => 9 },
    charger => { call => 'sg_charge_storage(3)', kind => 'charge', unit => 3 },
    drainer => { call => 'sg_discharge_storage(4)', kind => 'discharge', unit => 4 },
    seller => { call => q{sg_create_trade('buyer', 1, 1)}, kind => 'hold', unit => 1 },
    buyer => { call => undef, kind => 'trade', unit => 1 },
    saver => { call => q{sg_add_consumer_balance('saver', 5)}, kind => 'topup', money => 5 },
    earner => { call => 'sg_withdraw_earnings(6)', kind => 'withdrawal', money => 6 },
);
my @names = sort keys %client;
my $calls_per_round = 40_000;

my $setup = join "\n", map { <<"SQL" } @names, 'witness';
SET smartgrid.principal = '$_';
SELECT sg_register_producer(1000000000, 'solar'), sg_register_consumer(1000000000), sg_register_storage(1000000000000, 1000000000, 1000000000);
SELECT sg_report_production(1000000000), sg_report_production(1000000000), sg_add_consumer_balance('$_', 1000000000000);
SQL
$node->safe_psql('grid', <<"SQL");
SELECT sg_alter_grid('default', base_price => 1, max_topup => 1000000000000, stripes => 8);
$setup
SET smartgrid.principal = 'drainer';
SELECT sg_charge_storage(1000000000);
SET smartgrid.principal = 'seller';
SELECT count(sg_create_trade('buyer', 1, 1)) FROM generate_series(1, 30000);
SET smartgrid.principal = 'earner';
SELECT sg_create_trade('saver', 1, 100000000000) \\gset
SET smartgrid.principal = 'saver';
SELECT sg_complete_trade(:sg_create_trade);
RESET smartgrid.principal;
CREATE TABLE public.baseline AS
SELECT p.principal, smartgrid.entry_kind(l.kind) AS kind, count(*) AS entries, sum(l.energy) AS energy, sum(l.money) AS money
FROM smartgrid.ledger AS l JOIN smartgrid.participant AS p USING (participant_id) GROUP BY 1, 2;
SQL

my $dir = $node->basedir;
my (%acknowledged, $next_trade);
$acknowledged{$_} = 0 for @names;
$next_trade = 1;

# What a client of this round will call.
sub script
{
    my ($name) = @_;
    my $file = "$dir/$name.sql";
    open my $out, '>', $file or die "$file: $!\n";
    print $out "SET smartgrid.principal = '$name';\n";
    if ($name eq 'buyer')
    {
        print $out "SELECT sg_complete_trade($_);\n" for $next_trade .. 30_000;
    }
    else
    {
        print $out "SELECT $client{$name}{call} IS NOT NULL;\n" for 1 .. $calls_per_round;
    }
    close $out or die "$file: $!\n";
    return $file;
}

sub kill_all
{
    return cmp_ok(kill_server($node), '>', scalar @names, 'server, background processes and clients are running');
}

# For two seconds, or until one of them has made so many calls that there would be too few trades for the next round; but
# in any case until each of them has made some.  psql writes a "t" and a newline after each call.
sub let_clients_work
{
    my ($until, $deadline) = (time + 2, time + 120);
    while (time < $deadline)
    {
        my @calls = sort { $a <=> $b } map { (-s "$dir/$_.out" // 0) / 2 } @names;
        last if $calls[0] > 20 && (time >= $until || $calls[-1] > 6_000);
        sleep 0.05;
    }
    return;
}

my %death = (
    'kill -9' => \&kill_all,
    'kill -9 during a checkpoint' => sub {
        my $checkpoint = IPC::Run::start([ 'psql', '-Xq', '-d', $node->connstr('grid'), '-c', 'CHECKPOINT' ],
            '>', \my $out, '2>', \my $err);
        sleep 0.05;
        kill_all();
        eval { $checkpoint->finish };
    },
    'immediate shutdown' => sub { $node->stop('immediate') },
);

for my $how ('kill -9', 'immediate shutdown', 'kill -9 during a checkpoint')
{
    my %run;
    for my $name (@names)
    {
        my $file = script($name);
        my ($out, $err) = ("$dir/$name.out", "$dir/$name.err");
        unlink $out;
        $run{$name} = IPC::Run::start(
            [ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-v', 'VERBOSITY=sqlstate', '-f', $file ],
            '<', '/dev/null', '>', $out, '2>', $err);
    }
    let_clients_work();
    $death{$how}->();
    for my $name (@names)
    {
        eval { $run{$name}->finish };
        my @answers = split /\n/, slurp_file("$dir/$name.out");
        my $yes = grep { $_ eq 't' } @answers;
        my $errors = slurp_file("$dir/$name.err");
        my @states = grep { !/^57P0/ } $errors =~ /$SQLSTATE/g;
        is("@states", '', "$how: no call of $name failed by itself");
        cmp_ok($yes, '>', 20, "$how: $name was busy ($yes calls)");
        $acknowledged{$name} += $yes;
    }

    $node->start;

    for my $name (@names)
    {
        my ($kind, $unit, $money) = @{ $client{$name} }{qw(kind unit money)};
        my ($entries, $energy, $paid) = split /\|/, $node->safe_psql('grid', qq{
            SELECT count(*) - coalesce(max(b.entries), 0), coalesce(sum(l.energy), 0) - coalesce(max(b.energy), 0),
                   coalesce(sum(l.money), 0) - coalesce(max(b.money), 0)
            FROM smartgrid.ledger AS l
                 JOIN smartgrid.participant AS p ON p.participant_id = CASE '$kind' WHEN 'trade' THEN l.counterparty_id ELSE l.participant_id END
                 LEFT JOIN public.baseline AS b ON b.principal = p.principal AND b.kind = '$kind'
            WHERE p.principal = '$name' AND smartgrid.entry_kind(l.kind) = '$kind'});
        cmp_ok($entries, '>=', $acknowledged{$name}, "$how: no acknowledged call of $name is lost ($acknowledged{$name} of $entries)");
        cmp_ok($entries, '<=', $acknowledged{$name} + 1, "$how: and $name has no entry that it did not ask for");
        is($energy, $entries * $unit, "$how: $name: with the energy asked for") if $unit;
        is($paid, $entries * $money, "$how: $name: with the money asked for") if $money;

        # A call in flight may have been kept; from here on it counts.
        $acknowledged{$name} = $entries;
    }
    $next_trade = $node->safe_psql('grid', q{SELECT min(trade_id) FROM smartgrid.trade AS t WHERE status = 0
        AND buyer_id = (SELECT participant_id FROM smartgrid.participant WHERE principal = 'buyer')});

    is(broken_invariants($node, 'grid'), '', "$how: the invariants hold");
    is($node->safe_psql('grid', q{
        SELECT count(*) FROM smartgrid.producer AS p
        WHERE total_produced <> (SELECT sum(energy) FROM smartgrid.ledger AS l WHERE l.participant_id = p.participant_id AND l.kind = 0)}),
        '0', "$how: accounts and ledger agree");
    is($node->safe_psql('grid', q{SET smartgrid.principal = 'witness'; SELECT sg_report_production(1), sg_consume_energy(1), sg_charge_storage(1)}),
        't|t|t', "$how: calls are taken again");

    if ($amcheck)
    {
        runs_ok($node, [ 'pg_amcheck', '--install-missing', '--heapallindexed', '--parent-check', '-d', 'grid', '-s', 'smartgrid' ],
            "$how: pg_amcheck finds nothing");
    }
}

done_testing();
