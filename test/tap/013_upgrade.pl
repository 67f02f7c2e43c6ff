# ALTER EXTENSION UPDATE from each released version: data and rights stay as they are, and the catalog is that of a fresh
# installation.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use GridData;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION smartgrid');
fill_roles($node);

# Everything that the catalogs say of the extension's members, without their OIDs, and without the stamp that 15.20 puts
# on every column (pg_attver).
my $catalog = <<'SQL';
SET search_path = pg_catalog;
SELECT 'extension', extversion, extrelocatable, extnamespace::regnamespace, extowner::regrole,
       (SELECT array_agg(c::regclass ORDER BY n) FROM unnest(extconfig) WITH ORDINALITY AS a (c, n)), extcondition
FROM pg_extension WHERE extname = 'smartgrid';
CREATE TEMPORARY VIEW member AS
SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'smartgrid' AND d.deptype = 'e';
CREATE TEMPORARY VIEW relation AS SELECT c.* FROM pg_class AS c JOIN member AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid;
SELECT 'member', (i).type, (i).identity FROM (SELECT pg_identify_object(classid, objid, 0) AS i FROM member) AS o ORDER BY 2, 3;
SELECT 'relation', oid::regclass, relkind, relowner::regrole, relpersistence, relrowsecurity, relforcerowsecurity, reloptions, relacl, relreplident,
       obj_description(oid, 'pg_class')
FROM relation ORDER BY oid::regclass::text COLLATE "C";
SELECT 'column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attstorage, attcompression, attcollation::regcollation,
       attacl, ARRAY(SELECT o FROM unnest(attoptions) AS o WHERE o !~ '^pg_attver='), pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid IN (SELECT oid FROM relation) AND attnum > 0 ORDER BY attrelid::regclass::text COLLATE "C", attnum;
SELECT 'view', oid::regclass, pg_get_viewdef(oid) FROM relation WHERE relkind = 'v' ORDER BY oid::regclass::text COLLATE "C";
SELECT 'index', indrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM relation)
ORDER BY 2, indexrelid::regclass::text COLLATE "C";
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN (SELECT oid FROM relation)
ORDER BY conrelid::regclass::text COLLATE "C", conname;
SELECT 'policy', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid)
FROM pg_policy WHERE polrelid IN (SELECT oid FROM relation) ORDER BY polrelid::regclass::text COLLATE "C", polname;
SELECT 'trigger', tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM relation)
ORDER BY tgrelid::regclass::text COLLATE "C", tgname;
SELECT 'sequence', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle
FROM pg_sequence WHERE seqrelid IN (SELECT oid FROM relation) ORDER BY seqrelid::regclass::text COLLATE "C";
SELECT 'function', p.oid::regprocedure, pg_get_functiondef(p.oid), p.proowner::regrole, p.proacl, obj_description(p.oid, 'pg_proc')
FROM pg_proc AS p JOIN member AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT 'schema', nspname, nspowner::regrole, nspacl, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'smartgrid';
SELECT 'initial rights', (i).identity, x.privtype, x.initprivs
FROM (SELECT pg_identify_object(p.classoid, p.objoid, p.objsubid) AS i, p.privtype, p.initprivs
      FROM pg_init_privs AS p JOIN member AS m ON m.classid = p.classoid AND m.objid = p.objoid) AS x ORDER BY 2;
SQL
my $fresh = $node->safe_psql('fresh', $catalog);

# The lines that only one of two catalogs has.
sub difference
{
    my ($one, $other) = @_;
    my %one = map { $_ => 1 } split /\n/, $one;
    my %other = map { $_ => 1 } split /\n/, $other;
    return join "\n", (map { "upgraded: $_" } grep { !$other{$_} } sort keys %one), (map { "fresh: $_" } grep { !$one{$_} } sort keys %other);
}

# The rights that an administrator gave and took, of which an upgrade must not know better.
my $own_rights = <<'SQL';
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway;
REVOKE SELECT ON smartgrid.price_event, sg_prices FROM PUBLIC;
GRANT SELECT ON smartgrid.price_event, sg_prices TO smartgrid_auditor;
SQL
my $rights = q{SELECT oid::regprocedure::text, proacl FROM pg_proc WHERE proname = 'sg_add_consumer_balance'
    UNION ALL SELECT oid::regclass::text, relacl FROM pg_class WHERE relname IN ('price_event', 'sg_prices') ORDER BY 1};

my @versions = map { /smartgrid--([0-9.]+)\.sql$/ } sort glob 'test/releases/*.sql';
cmp_ok(scalar @versions, '>', 0, 'there are released versions');
for my $version (@versions)
{
    # As it is.
    my $db = "empty_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'; ALTER EXTENSION smartgrid UPDATE");
    is(difference($node->safe_psql($db, $catalog), $fresh), '', "$version: upgraded, the catalog is that of a fresh installation");

    # Default privileges must not hand out more, in a fresh installation nor here.
    $node->safe_psql('postgres', "CREATE DATABASE $_") for "generous_$db", "generous_fresh_$db";
    $node->safe_psql($_, q{ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anna;
        ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO anna; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC})
        for "generous_$db", "generous_fresh_$db";
    $node->safe_psql("generous_$db", "CREATE EXTENSION smartgrid VERSION '$version'; ALTER EXTENSION smartgrid UPDATE");
    $node->safe_psql("generous_fresh_$db", 'CREATE EXTENSION smartgrid');
    is(difference($node->safe_psql("generous_$db", $catalog), $node->safe_psql("generous_fresh_$db", $catalog)), '',
        "$version: and with other default privileges");
    unlike($node->safe_psql("generous_$db", $catalog), qr/anna=/, "$version: which give nobody anything");

    # In use, by sessions that have the new library already. Sealing comes with 0.2.0.
    $db = "used_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'");
    fill_version($node, $db, $version, 0);
    $node->safe_psql($db, $own_rights);
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
    is($node->safe_psql($db, 'SELECT count(*), sum(entries) = (SELECT count(*) FROM sg_ledger WHERE grid = sg_grid()) FROM sg_seal()'), '1|t',
        "$version: what is there is sealed");
    is(broken_blocks($node, $db), '', "$version: and verified");

    # What was sealed before is in the rollups, and the capacity of before is known.
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
        is($node->safe_psql($db, q{SELECT g.name, sum(e.change) = (SELECT total_capacity FROM sg_grids AS s WHERE s.grid = g.name), min(e.at) = min(g.created_at)
                FROM smartgrid.capacity_event AS e JOIN smartgrid.grid AS g USING (grid_id) GROUP BY g.name ORDER BY 1}),
            "default|t|t\nvillage|t|t", "$version: the capacity is that of when the grid was created");
        $node->safe_psql($db, q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(1)});
        is($node->safe_psql($db, 'SELECT count(*) FROM sg_seal()'), '1', "$version: sealing goes on");
        is($node->safe_psql($db, 'SELECT sum(r.entries) = (SELECT sum(b.entries) FROM sg_blocks AS b) FROM smartgrid.rollup AS r'), 't',
            "$version: and so do the rollups");
        is(broken_blocks($node, $db), '', "$version: all is as the ledger says");
    }

    # Somebody has prepared for the names that come.
    $db = "planted_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "CREATE EXTENSION smartgrid VERSION '$version'; CREATE FUNCTION public.sg_seal(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    is(sqlstate($node, $db, 'ALTER EXTENSION smartgrid UPDATE'), '42710', "$version: a planted function is refused");
    is($node->safe_psql($db, q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'}), $version, "$version: and nothing changes");
}
done_testing();
