# Many clients, few participants, hardly ever enough energy: every call ends
# well or with an error of the contract, and the books balance at every moment.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run;
use GridData;
use GridSession;

my $clients = 12;
my $seed = $ENV{SG_SEED} // 20260101;
srand $seed;
note "SG_SEED=$seed";

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
max_connections = 40
log_statement = none
deadlock_timeout = 20ms
CONF
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', 'CREATE ROLE web LOGIN IN ROLE smartgrid_gateway');
my $dir = $node->basedir;

# Runs each script in a psql of its own, all at once; returns how often each
# SQLSTATE came, the answers, and what was said beside errors.
sub parallel
{
    my ($scripts, %how) = @_;
    my (@run, %count, @answers);
    my $level = $how{level} // 'read committed';
    local $ENV{PGOPTIONS} = "-c default_transaction_isolation=" . ($level =~ s/ /\\ /gr);
    for my $n (0 .. $#$scripts)
    {
        open my $file, '>', "$dir/client$n.sql" or die $!;
        print $file $scripts->[$n];
        close $file or die $!;
        push @run, IPC::Run::start(
            [   'timeout', '600', 'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-v', 'ON_ERROR_ROLLBACK=' . ($how{savepoints} ? 'on' : 'off'),
                '-U', $how{user} // 'postgres', '-d', $node->connstr('grid'), '-f', "$dir/client$n.sql"
            ],
            '<', '/dev/null', '>', "$dir/client$n.out", '2>', "$dir/client$n.err");
    }
    for my $n (0 .. $#run)
    {
        eval { $run[$n]->finish };
        $count{'client ended with ' . ($run[$n]->result(0) // '?')}++ if $run[$n]->result(0);
        push @answers, split /\n/, slurp_file("$dir/client$n.out");
        for (split /\n/, slurp_file("$dir/client$n.err"))
        {
            if (/$SQLSTATE/) { $count{$1}++ }
            elsif (!/WARNING|NOTICE/) { $count{$_}++ }
        }
    }
    return (\%count, \@answers);
}

sub says
{
    my ($count) = @_;
    return join ', ', map { "$_ x $count->{$_}" } sort keys %$count;
}

sub only
{
    my ($count, $allowed, $what) = @_;
    my %bad = map { $_ => $count->{$_} } grep { !/^(?:$allowed)$/ } keys %$count;
    is(says(\%bad), '', "$what: no unexpected error");
    diag("$what: " . says($count)) if %bad;
    note("$what: " . says($count));
    return;
}

sub new_grid
{
    my ($name, $stripes) = @_;
    my $sql = "SELECT sg_create_grid('$name', stripes => $stripes, base_price => 3, low_watermark => 30, high_watermark => 60);\nSET smartgrid.grid = '$name';\n";
    $sql .= "SET smartgrid.principal = 'm$_'; SELECT sg_register_producer(20, 'solar'), sg_register_consumer(15), sg_register_storage(40, 8, 8), sg_add_consumer_balance('m$_', 500);\n"
        for 0 .. 3;
    $node->safe_psql('grid', $sql);
    return;
}

# ---- exactly enough ----
# Energy that was fed in through many stripes is taken to the last unit by many
# clients at once: nobody may be told that there is not enough, and then nobody
# may get any more. The same with money.
for my $stripes (1, 4, 64)
{
    my $grid = "exact $stripes";
    $node->safe_psql('grid', "SELECT sg_create_grid('$grid', stripes => $stripes, base_price => 1, max_topup => 1000000000)");
    my @scripts = map { "SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'c$_'; SELECT sg_register_producer(1000000, 'solar'), sg_register_consumer(1000), sg_add_consumer_balance('c$_', 1000000);\n" } 1 .. $clients;

    # several backends at the same time, so that several stripes are written
    my @feeders = map { GridSession->new($node, 'grid', name => "feeder$_") } 1 .. 8;
    $feeders[0]->query($_) for @scripts;
    my ($per_client, $total) = (60, 0);
    my @amounts = map { [ map { my $a = 1 + int rand 9; $total += $a; $a } 1 .. $per_client ] } 1 .. $clients;
    my $rest = $total;
    for my $n (0 .. 7)
    {
        my $part = $n == 7 ? $rest : int($total / 8);
        $rest -= $part;
        my (undef, $error) = $feeders[$n]->query("SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'c@{[ $n + 1 ]}'; SELECT sg_report_production($part)");
        is($error, '', "$grid: fed in") if $error ne '';
    }
    my $used = $node->safe_psql('grid', qq{SELECT count(*) FROM smartgrid.pool JOIN smartgrid.grid USING (grid_id) WHERE name = '$grid' AND load > 0});
    cmp_ok($used, $stripes == 1 ? '==' : '>', 1, "$grid: the energy is in $used stripes");
    $_->quit for @feeders;

    my $n = 0;
    my ($count, $answers) = parallel([
        map { $n++; my $who = "c$n"; "SET smartgrid.grid = '$grid'; SET smartgrid.principal = '$who';\n" . join '', map { "SELECT sg_consume_energy($_);\n" } @$_ } @amounts ]);
    only($count, '', "$grid: enough for all");
    is(scalar(grep { $_ eq 't' } @$answers), $clients * $per_client, "$grid: everybody got what was asked for");
    is($node->safe_psql('grid', "SET smartgrid.grid = '$grid'; SELECT current_load FROM sg_get_grid_status()"), '0', "$grid: and nothing is left");

    # twice as much asked for as there is
    my $half = $clients * 20;
    $node->safe_psql('grid', "SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'c1'; SELECT sg_report_production($half)");
    ($count, $answers) = parallel([ map { "SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'c$_';\n" . "SELECT sg_consume_energy(1);\n" x 40 } 1 .. $clients ]);
    only($count, 'SG103', "$grid: half of what is asked for");
    is(scalar(grep { $_ eq 't' } @$answers), $half, "$grid: no unit was taken twice and none kept back");

    # one balance, many sessions; each consumption costs 1 as the load is small
    $node->safe_psql('grid', "SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'poor'; SELECT sg_register_consumer(1), sg_add_consumer_balance('poor', 200);"
        . " SET smartgrid.principal = 'c1'; SELECT sg_report_production(1000)");
    ($count, $answers) = parallel([ ("SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'poor';\n" . "SELECT sg_consume_energy(1);\n" x 30) x $clients ]);
    only($count, 'SG107', "$grid: one balance");
    is(scalar(grep { $_ eq 't' } @$answers), 200, "$grid: spent to the last unit and not beyond");
}

# ---- many buyers' sessions, one trade each ----
{
    new_grid('market', 4);
    $node->safe_psql('grid', <<'SQL');
SET smartgrid.grid = 'market';
SET smartgrid.principal = 'm0';
SELECT count(sg_report_production(20)) FROM generate_series(1, 10);
SELECT count(sg_create_trade('m1', 1, 1)) FROM generate_series(1, 50);
SQL
    my ($first, $last) = split /\|/, $node->safe_psql('grid', q{SELECT min(trade_id), max(trade_id) FROM sg_trades WHERE grid = 'market'});
    my ($count, $answers) = parallel([
        map {
            my $who = $_ % 3 ? 'm1' : 'm0';
            my $call = $_ % 3 == 1 ? 'sg_complete_trade' : 'sg_cancel_trade';
            "SET smartgrid.grid = 'market'; SET smartgrid.principal = '$who';\n" . join '', map { "SELECT $call($_);\n" } $first .. $last
        } 1 .. $clients ]);
    only($count, 'SG108', 'market: completed and cancelled at once');
    is(scalar(grep { $_ eq 't' } @$answers), 50, 'market: each trade was closed once');
    is($node->safe_psql('grid', q{SELECT count(*) FROM sg_trades WHERE grid = 'market' AND status = 'pending'}), '0', 'market: and none is left');
}

# ---- everything at random ----
my @calls = (
    [ 8, sub { 'sg_report_production(' . int(rand 12) . ')' } ],
    [ 14, sub { 'sg_consume_energy(' . (1 + int rand 16) . ')' } ],
    [ 2, sub { 'sg_consume_energy(' . (1 + int rand 16) . ', 30)' } ],
    [ 6, sub { 'sg_charge_storage(' . (1 + int rand 9) . ')' } ],
    [ 6, sub { 'sg_discharge_storage(' . (1 + int rand 9) . ')' } ],
    [ 6, sub { "sg_create_trade('m" . int(rand 4) . "', " . (1 + int rand 6) . ', ' . (1 + int rand 4) . ')' } ],
    [ 3, sub { 'sg_complete_trade(:trade)' } ],
    [ 3, sub { 'sg_cancel_trade(:trade)' } ],
    [ 3, sub { q{sg_complete_trade(trade_id) FROM (SELECT trade_id FROM sg_trades WHERE status = 'pending' AND grid = sg_grid() AND buyer = sg_principal() ORDER BY 1 LIMIT 1) AS t} } ],
    [ 6, sub { "sg_add_consumer_balance('m" . int(rand 4) . "', " . (1 + int rand 120) . ')' } ],
    [ 2, sub { 'sg_withdraw_earnings(' . (1 + int rand 9) . ')' } ],
    [ 3, sub { '* FROM sg_get_grid_status()' } ],
    [ 1, sub { '* FROM sg_quote(5)' } ],
    [ 1, sub { '(sg_last_entry()).energy' } ],
);
my @operators_calls = (
    [ 3, sub { 'count(*) FROM sg_balance_load()' } ],
    [ 2, sub { 'sg_set_base_price(' . (1 + int rand 9) . ')' } ],
    [ 1, sub { 'sg_toggle_emergency_mode()' } ],
    [ 1, sub { "sg_deactivate_participant('m" . int(rand 4) . "', " . (int(rand 2) ? 'true' : 'false') . ')' } ],
    [ 12, sub { "sg_reactivate_participant('m" . int(rand 4) . "', " . (int(rand 2) ? 'true' : 'false') . ')' } ],
    [ 1, sub { "sg_update_producer_reputation('m" . int(rand 4) . "', " . int(rand 101) . ')' } ],
    [ 1, sub { q{sg_record_metrics(tstzrange(now() - interval '1 minute', now() + interval '1 minute'))} } ],
    [ 1, sub { 'sg_record_metrics(1, 1, 1, 1)' } ],
);

sub pick
{
    my ($from) = @_;
    my $sum = 0;
    $sum += $_->[0] for @$from;
    my $at = rand $sum;
    for (@$from)
    {
        return $_->[1]->() if ($at -= $_->[0]) < 0;
    }
    return $from->[0][1]->();
}

# A member calls with its own hands, an operator now and then; "trade" is the last
# one that this client has offered.
sub random_calls
{
    my ($grid, $number, %how) = @_;
    my $trade = $how{trade};
    my $sql = "SET smartgrid.grid = '$grid';\n\\set trade $trade\n";
    my $done = 0;
    while ($done < $number)
    {
        my $size = $how{together} ? 1 + int rand $how{together} : 1;
        $sql .= "BEGIN;\n" if $size > 1;
        for (1 .. $size)
        {
            $sql .= "SET smartgrid.principal = 'm" . int(rand 4) . "';\n" if rand() < 0.3 || $done == 0;
            if ($how{stripes} && rand() < 0.06)
            {
                $sql .= "SELECT sg_alter_grid('$grid', stripes => $how{stripes}[rand @{ $how{stripes} }]);\n";
            }
            elsif (rand() < 0.06)
            {
                $sql .= 'SELECT ' . pick(\@operators_calls) . ";\n";
            }
            else
            {
                my $call = pick(\@calls);
                $sql .= $call =~ /^sg_create_trade/ ? "SELECT $call AS trade \\gset\n" : "SELECT $call;\n";
            }
            $done++;
        }
        $sql .= rand() < 0.25 ? "ROLLBACK;\n" : "COMMIT;\n" if $size > 1;
    }
    return $sql;
}

my $contract = 'SG10[234678]';
my @phases = (
    { name => 'one stripe', stripes => 1, calls => 250 },
    { name => 'four stripes', stripes => 4, calls => 250 },
    { name => 'sixty-four stripes', stripes => 64, calls => 250 },
    { name => 'number of stripes changed meanwhile', stripes => 4, calls => 250, alter => [ 1, 2, 4, 16, 64 ] },
    { name => 'repeatable read', stripes => 4, calls => 200, level => 'repeatable read', also => '40001' },
    { name => 'serializable', stripes => 4, calls => 150, level => 'serializable', also => '40001' },
    # several calls in a transaction may lock in any order, savepoints around each of them; an offer may be rolled back
    { name => 'several calls together', stripes => 4, calls => 100, together => 4, savepoints => 1, also => '40P01|SG101' },
);
for my $phase (@phases)
{
    my $grid = $phase->{name};
    new_grid($grid, $phase->{stripes});
    my $trade = $node->safe_psql('grid', "SET smartgrid.grid = '$grid'; SET smartgrid.principal = 'm0'; SELECT sg_report_production(20); SELECT sg_create_trade('m1', 1, 1)") =~ s/.*\n//sr;

    # while the others work, one looks at the books all the time
    my @scripts = map {
        random_calls($grid, $phase->{calls}, trade => $trade, together => $phase->{together}, stripes => $phase->{alter})
    } 1 .. $clients;
    push @scripts, "SELECT 'broken: ' || c FROM sg_check() AS c WHERE ok IS NOT TRUE;\nSELECT 'negative' FROM sg_grids WHERE current_load < 0;\n" x 40;
    my ($count, $answers) = parallel(\@scripts, level => $phase->{level}, savepoints => $phase->{savepoints});

    only($count, join('|', $contract, $phase->{also} // ()), $grid);
    is(join(', ', grep { /broken|negative/ } @$answers), '', "$grid: the books balanced at every moment");
    cmp_ok(scalar(grep { $_ eq 't' } @$answers), '>', $clients * $phase->{calls} / 10, "$grid: many calls did something");
    cmp_ok($count->{SG103} // 0, '>', 20, "$grid: energy was scarce");
    is(broken_invariants($node, 'grid'), '', "$grid: the invariants hold");
    if (($phase->{alter} // 0) == 0)
    {
        my $used = $node->safe_psql('grid', qq{SELECT count(*) FROM smartgrid.pool JOIN smartgrid.grid USING (grid_id) WHERE name = '$grid'});
        cmp_ok($used, '>', 1, "$grid: $used stripes came into being") if $phase->{stripes} > 1;
        cmp_ok($used, '<=', $phase->{stripes} + $clients, "$grid: no more than its number, and one for each session that found them taken");
    }
}

# Gateways of an application do the same with rights of their own.
{
    new_grid('through a gateway', 4);
    my ($count) = parallel([ map { random_calls('through a gateway', 60, trade => 1) } 1 .. $clients ], user => 'web');
    only($count, "$contract|SG100|SG101", 'through a gateway');
    is(broken_invariants($node, 'grid'), '', 'through a gateway: the invariants hold');
}

done_testing();
