# Two databases of one cluster have the roles in common and nothing else.
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
$node->start;
$node->create_grid_database('north');
fill_roles($node);
$node->create_grid_database('south');

fill($node, 'north');
is($node->safe_psql('south', 'SELECT count(*) FROM smartgrid.participant'), '0', 'what one database does the other does not see');
is($node->safe_psql('south', 'SELECT base_price, stripes FROM sg_grids'), '100|64', 'nor its settings');

# The same principals with other accounts.
$node->safe_psql('south', <<'SQL');
SET smartgrid.principal = 'anna';
SELECT sg_register_producer(10, 'wind'), sg_report_production(4);
SET smartgrid.principal = 'bert';
SELECT sg_register_consumer(10), sg_add_consumer_balance('bert', 1000), sg_consume_energy(1);
SQL
is($node->safe_psql('south', q{SELECT total_produced FROM sg_get_producer_info('anna')}), '4', 'the same principal has another account');
is($node->safe_psql('north', q{SELECT total_produced FROM sg_get_producer_info('anna')}), '40000', 'and its own here');
is($node->safe_psql('south', 'SELECT current_load FROM sg_get_grid_status()'), '3', 'loads are apart');
is($node->safe_psql('south', q{SELECT max(entry_id) FROM sg_ledger}), '3', 'ids are counted apart');

# A call that is not committed in one database holds up nobody in the other.
my $holder = GridSession->new($node, 'north', name => 'holder');
$holder->query(q{SET smartgrid.principal = 'anna'});
$holder->query('BEGIN');
my (undef, $error) = $holder->query('SELECT sg_report_production(1), sg_consume_energy(1), sg_set_base_price(99)');
is($error, '', 'a transaction is open in one database');
is(sqlstate($node, 'south', <<'SQL'), '00000', 'the same calls of the same principal do not wait in the other');
SET lock_timeout = '3s';
SET smartgrid.principal = 'anna';
SELECT sg_report_production(2), sg_set_base_price(98);
SET smartgrid.principal = 'bert';
SELECT sg_consume_energy(2);
SQL
$holder->query('ROLLBACK');
$holder->quit;

# One backend's caches are those of its database: reconnecting within psql.
is($node->safe_psql('north', <<'SQL'), "40000\n6\n40000", 'psql that changes the database');
SELECT total_produced FROM sg_get_producer_info('anna');
\c south
SELECT total_produced FROM sg_get_producer_info('anna');
\c north
SELECT total_produced FROM sg_get_producer_info('anna');
SQL

# A template carries everything over.
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE north');
is(state($node, 'copy'), state($node, 'north'), 'CREATE DATABASE ... TEMPLATE copies the grids');
my $north = state($node, 'north');
is($node->safe_psql('copy', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1)}), 't', 'the copy takes calls');
is(state($node, 'north'), $north, 'and the original is not touched');

$node->safe_psql('copy', 'DROP EXTENSION smartgrid');
is($node->safe_psql('copy', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'smartgrid'}), '0', 'DROP EXTENSION in one database');
is(state($node, 'north'), $north, 'leaves the others as they are');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_roles WHERE rolname IN ('smartgrid_operator', 'smartgrid_gateway', 'smartgrid_auditor')}),
    '3', 'and the roles');
for my $db ('north', 'south')
{
    is($node->safe_psql($db, q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(3)}), 't', "$db goes on working");
    is(broken_invariants($node, $db), '', "and the invariants of $db hold");
}

done_testing();
