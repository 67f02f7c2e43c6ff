# Restores that go wrong: a database that has lost its grids does not say that all is well.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;

my $old = SmartgridCluster->new('old');
$old->init;
$old->start;
$old->create_grid_database('grid');
fill_roles($old);
fill($old, 'grid');
# One grid only, in watt-hours, where nothing was paid yet: 50 kWh.
$old->create_grid_database('alone');
$old->safe_psql('alone', q{SELECT sg_alter_grid('default', energy_scale => 3); SET smartgrid.principal = 'anna';
    SELECT sg_register_producer(60000, 'solar'), sg_report_production(50000)});
my $dir = $old->basedir;
runs_ok($old, [ 'pg_dump', '-Fc', '-f', "$dir/$_.dump", $_ ], "dumped: $_") for qw(grid alone);

my $new = SmartgridCluster->new('new');
$new->init;
$new->start;
sub status_of { return $new->psql($_[0], $_[1], stdout => \my $out, stderr => \my $err) }

# ---- the role of one grid's operators is missing ----
$new->safe_psql('postgres', 'CREATE DATABASE no_role');
runs_ok($new, [ 'pg_restore', '--exit-on-error', '-d', 'no_role', "$dir/grid.dump" ], 'restored without the role of one grid');
is(contents($new, 'no_role'), contents($old, 'grid'), 'nothing is lost');
is(broken_invariants($new, 'no_role'), 'village|operator roles that do not exist = 0|1|0|f', 'and sg_check() says whose operators are missing');
$new->safe_psql('no_role', q{CREATE ROLE villagers; SELECT sg_alter_grid('village', 'villagers')});
is(broken_invariants($new, 'no_role'), '', 'until another role is named');

# ---- rows into an extension that has been made, with triggers and without ----
for my $db (qw(grid alone))
{
    $new->create_grid_database("rows_$db");
    runs_ok($new, [ 'pg_restore', '--exit-on-error', '--data-only', '-d', "rows_$db", "$dir/$db.dump" ], "$db: rows alone");
    is(contents($new, "rows_$db"), contents($old, $db), "$db: all of them");
    is(broken_invariants($new, "rows_$db"), $db eq 'grid' ? 'village|operator roles that do not exist = 0|1|0|f' : '', "$db: and all is well");

    $new->create_grid_database("blind_$db");
    command_fails([ 'pg_restore', '--data-only', '--disable-triggers', '-U', 'postgres', '-d', $new->connstr("blind_$db"), "$dir/$db.dump" ],
        "$db: without triggers the row that CREATE EXTENSION has made is in the way");
    is($new->safe_psql("blind_$db", 'SELECT string_agg(grid, chr(32)) FROM sg_grids'), 'default', "$db: the grids are lost");
    my $said = broken_invariants($new, "blind_$db");
    like($said, qr/^default\|entries that were booked before the grid was made = 0\|[1-9]/m, "$db: sg_check() says so of the grid that is not theirs");
    like($said, qr/^\|rows without their grid = 0\|[1-9]/m, "$db: and of those that are not there") if $db eq 'grid';

    # What doc/operations.md says: the rows that are in the way go first.
    $new->create_grid_database("cleared_$db");
    $new->safe_psql("cleared_$db", 'DELETE FROM smartgrid.grid; DELETE FROM smartgrid.price_event');
    runs_ok($new, [ 'pg_restore', '--exit-on-error', '--data-only', '--disable-triggers', '-d', "cleared_$db", "$dir/$db.dump" ], "$db: cleared before");
    is(contents($new, "cleared_$db"), contents($old, $db), "$db: all of them, without triggers");
    # Triggers are on again as others are: what is sealed then is added to what there is.
    $new->safe_psql("cleared_$db", q{SELECT sg_seal(); SET smartgrid.principal = 'anna'; SELECT sg_report_production(1); RESET smartgrid.principal; SELECT sg_seal()});
    is(broken_invariants($new, "cleared_$db"), $db eq 'grid' ? 'village|operator roles that do not exist = 0|1|0|f' : '', "$db: all is well");
}

# ---- nothing but entries ----
$new->create_grid_database('empty');
$new->safe_psql('empty', 'DELETE FROM smartgrid.grid');
is(broken_invariants($new, 'empty'), '', 'no grid and no row of one');
$new->safe_psql('empty', q{INSERT INTO smartgrid.participant (grid_id, principal) VALUES (1, 'anna')});
is(broken_invariants($new, 'empty'), '|rows without their grid = 0|1|0|f', 'no grid, but a row of one');

done_testing();
