# ALTER EXTENSION UPDATE from each released version: data and rights stay as they are, and the catalog is that of a fresh
# installation.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use GridData;
use Catalog;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION smartgrid');
fill_roles($node);

my $fresh = catalog($node, 'fresh');
cmp_ok(scalar @$fresh, '>', 1000, 'there is something to compare with');

my $default_privileges = q{ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anna;
    ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO anna; ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO anna;
    ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO anna; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC};
$node->safe_psql('postgres', 'CREATE DATABASE generous_fresh');
$node->safe_psql('generous_fresh', "$default_privileges; CREATE EXTENSION smartgrid");
my $generous_fresh = catalog($node, 'generous_fresh');

# The rights that an administrator gave and took, of which an upgrade must not know better.
my $own_rights = <<'SQL';
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
REVOKE SELECT ON smartgrid.price_event, sg_prices FROM PUBLIC;
GRANT SELECT ON smartgrid.price_event, sg_prices TO smartgrid_auditor;
REVOKE SELECT ON smartgrid.participant FROM PUBLIC;
GRANT SELECT (participant_id), UPDATE (principal) ON smartgrid.participant TO smartgrid_gateway;
GRANT USAGE ON SEQUENCE smartgrid.metrics_id_seq TO smartgrid_operator WITH GRANT OPTION;
SQL
my $rights = q{SELECT oid::regprocedure::text, proacl FROM pg_proc WHERE proname = 'sg_add_consumer_balance'
    UNION ALL SELECT oid::regclass::text, relacl FROM pg_class WHERE relname IN ('price_event', 'sg_prices', 'participant', 'metrics_id_seq')
    UNION ALL SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'smartgrid.participant'::regclass AND attnum > 0 ORDER BY 1};

my $current = $node->safe_psql('fresh', q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'});
my @versions = grep { $_ ne $current } map { /smartgrid--([0-9.]+)\.sql$/ } sort glob 'test/releases/*.sql';
cmp_ok(scalar @versions, '>', 0, 'there are released versions');
for my $version (@versions)
{
    # As it is.
    my $db = "empty_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'; ALTER EXTENSION smartgrid UPDATE");
    is(difference(catalog($node, $db), $fresh), '', "$version: upgraded, the catalog is that of a fresh installation");

    # Default privileges must not hand out more.
    $node->safe_psql('postgres', "CREATE DATABASE generous_$db");
    $node->safe_psql("generous_$db", "$default_privileges; CREATE EXTENSION smartgrid VERSION '$version'; ALTER EXTENSION smartgrid UPDATE");
    my $generous = catalog($node, "generous_$db");
    is(difference($generous, $generous_fresh), '', "$version: and with other default privileges");
    is(join("\n", grep { /anna=/ } @$generous), '', "$version: which give nobody anything");

    # In use, by sessions that have the new library already. Sealing comes with 0.2.0.
    $db = "used_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'");
    fill_version($node, $db, $version, 0);
    $node->safe_psql($db, $own_rights);
    # An API depends on every function and view.
    my $has_api = $node->safe_psql($db, q{SELECT count(*) FROM pg_proc WHERE proname = 'sg_create_api'});
    $node->safe_psql($db, q{SELECT sg_create_api('api', 'smartgrid_operator')}) if $has_api;
    my @tables = tables_of_the_extension($node, $db);
    my $rows = join ' UNION ALL ', map { "SELECT '$_', t::text COLLATE \"C\" FROM smartgrid.$_ AS t" } @tables;
    my $before = $node->safe_psql($db, "$rows ORDER BY 1, 2");
    my $sequences = sequences($node, $db);
    my $rights_before = $node->safe_psql($db, $rights);
    my $check = $node->safe_psql($db, 'SELECT * FROM sg_check() ORDER BY 1, 2');
    is(sqlstate($node, $db, 'SELECT sg_seal()'), '42883', "$version: cannot seal") if $version eq '0.1.0';

    $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
    is($node->safe_psql($db, "$rows ORDER BY 1, 2"), $before, "$version: the same rows");
    my $old = join '|', map { /^(\w+)/ } split /\n/, $sequences;
    is(join("\n", grep { /^(?:$old)\|/ } split /\n/, sequences($node, $db)), $sequences, "$version: the same sequences");
    is($node->safe_psql($db, $rights), $rights_before, "$version: the rights that were given");
    is($node->safe_psql($db, 'SELECT * FROM sg_check() ORDER BY 1, 2'), $check, "$version: the same invariants");
    is($node->safe_psql($db, q{SELECT sg_create_api('api', 'smartgrid_operator')}), 't', "$version: the API") if $has_api;
    is($node->safe_psql($db, 'SELECT count(*), sum(entries) = (SELECT count(*) FROM sg_ledger WHERE grid = sg_grid()) FROM sg_seal()'), '1|t',
        "$version: what is there is sealed");
    is(broken_blocks($node, $db), '', "$version: and verified");

    # What was sealed before is in the rollups, and the history of the capacity is known.
    if ($version ne '0.1.0')
    {
        $db = "sealed_$version" =~ tr/./_/r;
        $node->safe_psql('postgres', "CREATE DATABASE $db");
        $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'");
        fill_version($node, $db, $version, 1);
        my $blocks = $node->safe_psql($db, 'SELECT count(*) FROM sg_blocks');
        cmp_ok($blocks, '>', 2, "$version: the new library seals");
        $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
        is($node->safe_psql($db, 'SELECT sum(r.entries) = (SELECT sum(b.entries) FROM sg_blocks AS b) FROM smartgrid.rollup AS r'), 't',
            "$version: each sealed entry is in a rollup");
        is($node->safe_psql($db, 'SELECT string_agg(e.grid_id::text, \' \' ORDER BY e.grid_id) FROM smartgrid.rollup_end AS e
                JOIN smartgrid.block AS b ON b.grid_id = e.grid_id AND b.last_entry = e.last_entry AND b.load = e.load'), '1 2',
            "$version: and the end is where the blocks end");
        is($node->safe_psql($db, q{SELECT p.grid, p.energy = c.produced AND p.energy = v.produced AND c.load = g.current_load AND c.utilization = g.utilization
                FROM (SELECT grid, sum(energy) AS energy FROM sg_ledger WHERE kind = 'production' GROUP BY grid) AS p
                     JOIN (SELECT grid, sum(produced) AS produced FROM sg_load_curve GROUP BY grid) AS v ON v.grid = p.grid
                     JOIN sg_grids AS g ON g.grid = p.grid
                     CROSS JOIN LATERAL (SELECT sum(b.produced) AS produced, (array_agg(b.load ORDER BY b.bucket_start DESC))[1] AS load,
                                                (array_agg(b.utilization ORDER BY b.bucket_start DESC))[1] AS utilization
                                         FROM sg_load_curve(p.grid, tstzrange(now() - interval '1 day', now() + interval '1 day'), '48 months') AS b) AS c
                ORDER BY 1}),
            "default|t\nvillage|t", "$version: the time series is that of the ledger");
        # 0.3.0 began to note when capacity comes and goes; what there was before is as old as its grid.
        my $since = $version eq '0.2.0' ? '=' : '>';
        is($node->safe_psql($db, qq{SELECT g.name, sum(e.change) = (SELECT total_capacity FROM sg_grids AS s WHERE s.grid = g.name), min(e.at) $since min(g.created_at)
                FROM smartgrid.capacity_event AS e JOIN smartgrid.grid AS g USING (grid_id) GROUP BY g.name ORDER BY 1}),
            "default|t|t\nvillage|t|t", "$version: the history of the capacity begins when it should");
        $node->safe_psql($db, q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(1)});
        is($node->safe_psql($db, 'SELECT count(*) FROM sg_seal()'), '1', "$version: sealing goes on");
        is($node->safe_psql($db, 'SELECT sum(r.entries) = (SELECT sum(b.entries) FROM sg_blocks AS b) FROM smartgrid.rollup AS r'), 't',
            "$version: and so do the rollups");
        is(broken_blocks($node, $db), '', "$version: all is as the ledger says");
    }

    # Sums by quarter-hour as the library of 0.3.0 has left them are brought into the new form: some are made to differ, so that
    # it is seen that they were not made anew.
    if ($version eq '0.3.0')
    {
        $db = 'rollups_0_3_0';
        $node->safe_psql('postgres', "CREATE DATABASE $db");
        $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '0.3.0'");
        fill_version($node, $db, $version, 1);
        $node->safe_psql($db, rollups_of_0_3_0());
        $node->safe_psql($db, q{UPDATE smartgrid.rollup SET topups = topups + 1e30 WHERE grid_id = 1});
        $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
        my $rollups = q{SELECT r::text FROM smartgrid.rollup AS r UNION ALL SELECT p::text FROM smartgrid.rollup_production AS p
            UNION ALL SELECT e::text FROM smartgrid.rollup_end AS e ORDER BY 1};
        my $curves = q{SELECT c::text FROM smartgrid.grid AS g CROSS JOIN LATERAL
            sg_load_curve(g.name, tstzrange(date_trunc('day', now()) - interval '1 day', date_trunc('day', now()) + interval '2 days'), '1 hour') AS c ORDER BY 1};
        is($node->safe_psql($db, q{WITH found AS (UPDATE smartgrid.rollup SET topups = topups - 1e30 WHERE topups >= 1e30 RETURNING 1)
            SELECT count(*) = (SELECT count(*) FROM smartgrid.rollup WHERE grid_id = 1) AND count(*) > 0 FROM found}), 't', '0.3.0: no sum is lost');
        my ($rows, $shown) = map { $node->safe_psql($db, $_) } $rollups, $curves;
        like($rows, qr/^\(1,"[^"]*",0,[1-9]/m, '0.3.0: production by type is rows');
        $node->safe_psql($db, 'SELECT sg_rebuild_rollups(name) FROM smartgrid.grid');
        is($node->safe_psql($db, $rollups), $rows, '0.3.0: what was added up is as if it were made anew');
        is($node->safe_psql($db, $curves), $shown, '0.3.0: and so are the time series');
    }

    # Somebody has prepared for the names that come.
    $db = "planted_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'; CREATE FUNCTION public.sg_seal(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    is(sqlstate($node, $db, 'ALTER EXTENSION smartgrid UPDATE'), '42710', "$version: a planted function is refused");
    is($node->safe_psql($db, q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'}), $version, "$version: and nothing changes");
}
done_testing();
