# pg_dump and restore into a new cluster: the same tables, settings, sequences
# and rights, and the grids go on working.
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

# What doc/money.md tells everybody to do if payments are real, and one more.
$old->safe_psql('grid', <<'SQL');
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
REVOKE SELECT ON smartgrid.price_event, sg_prices FROM PUBLIC;
GRANT SELECT ON smartgrid.price_event, sg_prices TO smartgrid_auditor;
SQL

my $registered = $old->safe_psql('grid', q{
    SELECT string_agg(c::regclass::text, ' ' ORDER BY c::regclass::text COLLATE "C")
    FROM pg_extension, unnest(extconfig) AS c WHERE extname = 'smartgrid'});
my $there = $old->safe_psql('grid', q{
    SELECT string_agg(oid::regclass::text, ' ' ORDER BY oid::regclass::text COLLATE "C")
    FROM pg_class WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'p', 'S', 'm', 'f')});
is($registered, $there, 'every table and sequence is registered for pg_dump');
is($old->safe_psql('grid', q{
    SELECT count(*) FROM pg_extension, unnest(extcondition) AS w WHERE extname = 'smartgrid' AND w <> ''}),
    '0', 'and with all of its rows');

my $empty = $old->safe_psql('grid', join ' UNION ALL ', map {
    "SELECT '$_' WHERE NOT EXISTS (SELECT FROM smartgrid.$_)"
} tables_of_the_extension($old, 'grid'));
is($empty, 'seal_point', 'no table but that of transactions that hold sealing back is empty, so that the comparison means something');
is(broken_invariants($old, 'grid'), '', 'the invariants hold before');
is(broken_blocks($old, 'grid'), '', 'and the blocks');

my $rights_sql = <<'SQL';
SELECT kind, name, acl
FROM (SELECT 'function', p.oid::regprocedure::text, p.proacl FROM pg_proc AS p
      WHERE p.proname LIKE 'sg\_%' OR p.pronamespace = 'smartgrid'::regnamespace
      UNION ALL
      SELECT 'relation', c.oid::regclass::text, c.relacl FROM pg_class AS c
      WHERE (c.relname LIKE 'sg\_%' OR c.relnamespace = 'smartgrid'::regnamespace) AND c.relkind IN ('r', 'S', 'v')
      UNION ALL
      SELECT 'schema', nspname::text, nspacl FROM pg_namespace WHERE nspname = 'smartgrid') AS o (kind, name, acls)
     LEFT JOIN LATERAL unnest(acls) AS acl ON true
ORDER BY 1, 2, acl::text COLLATE "C";
SQL
my $members_sql = q{
    SELECT m.roleid::regrole::text, m.member::regrole::text FROM pg_auth_members AS m
    WHERE m.roleid::regrole::text ~ '^(smartgrid|village)' ORDER BY 1, 2};

my %before = (
    contents => contents($old, 'grid'),
    sequences => sequences($old, 'grid'),
    rights => $old->safe_psql('grid', $rights_sql),
    members => $old->safe_psql('grid', $members_sql),
    check => $old->safe_psql('grid', 'SELECT * FROM sg_check() ORDER BY 1, 2'),
);
my ($last_entry, $last_trade, $last_metrics, $last_grid, $last_participant, $last_event) =
    split /\|/, $old->safe_psql('grid', q{
    SELECT (SELECT last_value FROM smartgrid.ledger_entry_id_seq), (SELECT last_value FROM smartgrid.trade_id_seq),
           (SELECT last_value FROM smartgrid.metrics_id_seq), (SELECT last_value FROM smartgrid.grid_id_seq),
           (SELECT last_value FROM smartgrid.participant_id_seq), (SELECT last_value FROM smartgrid.price_event_id_seq)});

my $dir = $old->basedir;
runs_ok($old, [ 'pg_dumpall', '-g', '-f', "$dir/roles.sql" ], 'roles dumped');
runs_ok($old, [ 'pg_dump', '-f', "$dir/grid.sql", 'grid' ], 'dumped as plain SQL');
runs_ok($old, [ 'pg_dump', '-Fc', '-f', "$dir/grid.dump", 'grid' ], 'dumped in custom format');
is(contents($old, 'grid'), $before{contents}, 'dumping changes nothing');
$old->stop;

my %restore = (
    plain => [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'grid', '-f', "$dir/grid.sql" ],
    custom => [ 'pg_restore', '--exit-on-error', '--single-transaction', '-d', 'grid', "$dir/grid.dump" ],
    parallel => [ 'pg_restore', '--exit-on-error', '-j', '2', '-d', 'grid', "$dir/grid.dump" ],
);

for my $way (sort keys %restore)
{
    my $new = SmartgridCluster->new("new_$way");
    $new->init;
    $new->start;

    # The role that initdb made is in the dump of the roles, too.
    my (undef, undef, $errors) = $new->psql('postgres', "\\i $dir/roles.sql", on_error_stop => 0);
    my @unexpected = grep { /ERROR/ && !/role "postgres" already exists/ } split /\n/, $errors;
    is("@unexpected", '', "$way: roles restored");

    $new->safe_psql('postgres', 'CREATE DATABASE grid');
    runs_ok($new, $restore{$way}, "$way: database restored");

    is(contents($new, 'grid'), $before{contents}, "$way: same rows in every table");
    is(sequences($new, 'grid'), $before{sequences}, "$way: same sequences");
    is($new->safe_psql('grid', $rights_sql), $before{rights}, "$way: same rights, the REVOKE of top-ups among them");
    is($new->safe_psql('grid', $members_sql), $before{members}, "$way: same members of the roles");
    is($new->safe_psql('grid', 'SELECT * FROM sg_check() ORDER BY 1, 2'), $before{check}, "$way: same invariants");
    is(broken_invariants($new, 'grid'), '', "$way: and all of them hold");
    is(broken_blocks($new, 'grid'), '', "$way: so do the blocks");

    is($new->safe_psql('grid', q{SELECT base_price, energy_scale, money_scale, currency, low_watermark, high_watermark, max_topup, stripes, emergency_mode
            FROM sg_grids WHERE grid = 'default'}),
        '260|3|2|EUR|12.5|87.5|2000000|8|f', "$way: settings of the grid \"default\" are those that were set");
    is(sqlstate($new, 'grid', q{SELECT sg_add_consumer_balance('bert', 1)}, user => 'anna'), '42501',
        "$way: top-ups stay confined to the gateway");
    is(sqlstate($new, 'grid', q{SELECT sg_add_consumer_balance('bert', 1)}, user => 'web'), '00000',
        "$way: which may still make them");
    is(sqlstate($new, 'grid', q{SET smartgrid.grid = 'village'; SELECT sg_set_base_price(31)}, user => 'otto'), '00000',
        "$way: the village's operator still is one");
    is(sqlstate($new, 'grid', q{SELECT sg_set_base_price(31)}, user => 'otto'), 'SG100',
        "$way: and of the village only");

    # It goes on working, and no id is issued twice.
    my $fresh = $new->safe_psql('grid', <<'SQL');
SET smartgrid.principal = 'newcomer';
SELECT sg_register_producer(10, 'biomass'), sg_register_consumer(10);
SELECT sg_report_production(10);
SELECT entry_id FROM sg_last_entry();
SELECT sg_create_trade('bert', 1, 1000);
SELECT sg_record_metrics(0, 0, 0, 0);
SELECT sg_create_grid('hamlet');
SELECT participant_id FROM sg_producers WHERE principal = 'newcomer';
SELECT max(event_id) FROM sg_prices;
SQL
    my (undef, undef, $entry, $trade, $metrics, undef, $participant, $event) = split /\n/, $fresh;
    cmp_ok($entry, '>', $last_entry, "$way: a new ledger entry has a new id");
    cmp_ok($trade, '>', $last_trade, "$way: a new trade has a new id");
    cmp_ok($metrics, '>', $last_metrics, "$way: a new metrics record has a new id");
    cmp_ok($participant, '>', $last_participant, "$way: a new participant has a new id");
    cmp_ok($event, '>', $last_event, "$way: a new price event has a new id");
    cmp_ok($new->safe_psql('grid', q{SELECT grid_id FROM smartgrid.grid WHERE name = 'hamlet'}),
        '>', $last_grid, "$way: a new grid has a new id");
    is($new->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_complete_trade(3), sg_consume_energy(100)}),
        't|t', "$way: a pending trade can be completed, and energy consumed");
    is(broken_invariants($new, 'grid'), '', "$way: the invariants hold afterwards");
    $new->stop;
}

done_testing();
