# A hot standby answers all that reads; all that writes is 25006 there, as it is
# in a read-only transaction.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridCalls;

my $primary = SmartgridCluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->start;
$primary->create_grid_database('grid');
fill_roles($primary);
$primary->backup('base');

my $standby = SmartgridCluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# Everything happens after the backup, so that it arrives by streaming.
fill($primary, 'grid');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

is_deeply(
    [ sort(keys %READERS, keys %INSPECTORS, keys %WRITERS) ],
    [ sort(functions_of_the_extension($primary, 'grid')) ],
    'the test knows every function');
my %volatile = map { $_ => 1 } split /\n/, $primary->safe_psql('grid', q{
    SELECT oid::regprocedure FROM pg_proc
    WHERE provolatile = 'v' AND (proname LIKE 'sg\_%' OR pronamespace = 'smartgrid'::regnamespace)});
is(join(' ', grep { !$volatile{$_} } sort keys %WRITERS), '', 'every writer is declared volatile');

is(contents($standby, 'grid'), contents($primary, 'grid'), 'the standby has the same rows');

my @callers = (
    [ postgres => 'postgres', '' ],
    [ operator => 'olga', '' ],
    [ 'operator of another grid' => 'otto', '' ],
    [ auditor => 'audrey', '' ],
    [ participant => 'anna', '' ],
    [ stranger => 'nobody_special', '' ],
    [ gateway => 'web', q{SET smartgrid.principal = 'bert';} ],
    [ 'gateway in the other grid' => 'web', q{SET smartgrid.principal = 'anna'; SET smartgrid.grid = 'village';} ],
);
my @views = views_of_the_extension($primary, 'grid');
cmp_ok(scalar @views, '>=', 9, 'there are nine views or more');

# One session for all that a caller reads; errors are part of the answer.
sub answers
{
    my ($node, $user, $before) = @_;
    my $sql = "\\set VERBOSITY sqlstate\n$before\n";
    $sql .= "SELECT '$_', f::text FROM $READERS{$_} AS f;\n" for sort keys %READERS;
    $sql .= "SELECT '$_', v::text FROM $_ AS v ORDER BY v::text COLLATE \"C\";\n" for @views;
    my ($out, $err) = ('', '');
    $node->psql('grid', $sql, stdout => \$out, stderr => \$err, on_error_stop => 0, extra_params => [ '-U', $user ]);
    return ($out, $err);
}

for my $caller (@callers)
{
    my ($who, $user, $before) = @$caller;
    my ($there, $errors_there) = answers($primary, $user, $before);
    my ($here, $errors_here) = answers($standby, $user, $before);
    is($errors_here, '', "$who: no reading function and no view fails on the standby");
    is($errors_there, '', "$who: nor on the primary");
    is($here, $there, "$who: the same answers");
    cmp_ok(length $here, '>', 500, "$who: which say something");
}

# sg_check(), sg_verify_ledger() and the views hold what the operator needs after a failover.
for my $caller (grep { $_->[1] =~ /^(?:postgres|olga|audrey)$/ } @callers)
{
    is($standby->safe_psql('grid', "SELECT * FROM $_", extra_params => [ '-U', $caller->[1] ]),
        $primary->safe_psql('grid', "SELECT * FROM $_", extra_params => [ '-U', $caller->[1] ]), "$caller->[0]: $_")
        for sort values %INSPECTORS;
}
is(broken_invariants($standby, 'grid'), '', 'sg_check() on the standby');
is(broken_blocks($standby, 'grid'), '', 'sg_verify_ledger() on the standby');
cmp_ok(count_invariants($standby, 'grid'), '>', 3, 'checks several invariants');

for my $user ('postgres', 'anna', 'nobody_special')
{
    for my $function (sort keys %WRITERS)
    {
        my $call = "SELECT * FROM $WRITERS{$function};";
        is(sqlstate($standby, 'grid', $call, user => $user), '25006', "$function as $user on the standby")
            if $user ne 'nobody_special';
        is(sqlstate($primary, 'grid', "BEGIN READ ONLY; $call", user => $user), '25006',
            "$function as $user in a read-only transaction")
            if $user ne 'anna';
    }
}
is(contents($standby, 'grid'), contents($primary, 'grid'), 'none of it changed anything');

# Calls go on arriving while the standby reads.
$primary->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(11), sg_consume_energy(5)});
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($standby->safe_psql('grid', 'SELECT * FROM sg_get_grid_status()'),
    $primary->safe_psql('grid', 'SELECT * FROM sg_get_grid_status()'), 'new calls arrive');

# After a failover the standby is a grid like any other.
$primary->stop;
$standby->promote;
is($standby->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(12), sg_consume_energy(5)}),
    't|t', 'the promoted standby takes calls');
is(broken_invariants($standby, 'grid'), '', 'and its invariants hold');

done_testing();
