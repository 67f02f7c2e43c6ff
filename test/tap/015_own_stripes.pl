# A transaction that has made or removed stripes, and reads in snapshots from
# before that: those of a cursor, or of the statement that calls. Each shows the
# load as it was for it, and what was read there is not taken for what there is.
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
$node->create_grid_database('grid');

# price = base + base * load / (2 * capacity), and the base is twice the capacity: the price is 2000 and the load.
$node->safe_psql('grid', q{SELECT sg_alter_grid('default', base_price => 2000, max_topup => 1000000000);
    SET smartgrid.principal = 'anna';
    SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_add_consumer_balance('anna', 1000000000), sg_report_production(400)});

# All of it in stripes far from a session's own.
my $away = q{WITH gone AS (DELETE FROM smartgrid.pool RETURNING *), total AS (SELECT grid_id, sum(load) AS load, sum(capacity) AS capacity, sum(revenue) AS revenue FROM gone GROUP BY grid_id)
    INSERT INTO smartgrid.pool SELECT grid_id, 62, load - 100, 0, 0 FROM total UNION ALL SELECT grid_id, 63, 100, capacity, revenue FROM total};

for my $level ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
{
    $node->safe_psql('grid', $away);
    my $session = GridSession->new($node, 'grid', name => 'caller');
    $session->query(q{SET smartgrid.principal = 'anna'});
    my $load = $session->query('SELECT sg_get_dynamic_price()');

    # makes its stripe
    $session->query("BEGIN ISOLATION LEVEL $level; DECLARE before CURSOR FOR SELECT sg_get_dynamic_price() FROM generate_series(1, 6)");
    is(($session->query('SELECT sg_report_production(50)'))[1], '', "$level: a stripe is made");
    is($session->query('FETCH 2 FROM before'), "$load\n$load", "$level: a cursor from before sees what was");
    is($session->query('SELECT sg_get_dynamic_price()'), $load + 50, "$level: the next statement what is");
    is($session->query('FETCH 2 FROM before'), "$load\n$load", "$level: the cursor what was");
    my ($out, $error) = $session->query('SELECT sg_report_production(50)');
    is("$out $error", 't ', "$level: the next call finds the stripe");
    is($session->query('FETCH 2 FROM before; SELECT sg_get_dynamic_price()'), "$load\n$load\n" . ($load + 100), "$level: cursor and statement");
    is(($session->query('COMMIT'))[1], '', "$level: committed");
    $load += 100;

    # removes the others, and keeps its own
    my $own = $session->query('SELECT min(stripe) FROM smartgrid.pool');
    $session->query("BEGIN ISOLATION LEVEL $level; DECLARE before CURSOR FOR SELECT sg_get_dynamic_price() FROM generate_series(1, 6)");
    my $stripes = $own + 1;
    my $price = 'sg_get_dynamic_price()';
    is($session->query("SELECT $price, sg_alter_grid('default', stripes => $stripes), $price, $price, $price"), join('|', $load, 't', ($load) x 3),
        "$level: a statement that removes stripes sees the load throughout");
    is($session->query("FETCH 2 FROM before; SELECT $price; SELECT $price; FETCH 2 FROM before; SELECT $price"), join("\n", ($load) x 7),
        "$level: so do the next ones, and a cursor from before");
    is(($session->query('COMMIT'))[1], '', "$level: committed");
    is($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.pool'), '1', "$level: one stripe is left");
    is($node->safe_psql('grid', "SELECT sg_alter_grid('default', stripes => 64); SELECT $price"), "t\n$load", "$level: with all that there was");
    is(broken_invariants($node, 'grid'), '', "$level: the books balance");
    $session->quit;
}

done_testing();
