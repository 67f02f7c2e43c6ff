# ALTER EXTENSION UPDATE from each released version: data and rights stay as they are, and the catalog is that of a fresh
# installation.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use PostgreSQL::Test::Utils;
use GridData;
use GridCalls;
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

# The SQLSTATE and the text of the error of some SQL.
sub refusal
{
    my ($node, $db, $sql) = @_;
    $node->psql($db, "\\set VERBOSITY verbose\n$sql", stderr => \my $errors, stdout => \my $ignored);
    return $errors =~ /ERROR:\s+(\w{5}):/ ? ($1, $errors) : ('00000', $errors);
}

# What calls by a principal in a grid answer, with the SQLSTATE and the last entry; each is undone. Times are left out if they
# may be that of the call.
sub answers
{
    my ($node, $db, $grid, $principal, @calls) = @_;
    my $script = "\\set VERBOSITY sqlstate\n";
    $script .= "\\echo next\nBEGIN; SET LOCAL smartgrid.grid = '$grid'; SET LOCAL smartgrid.principal = '$principal';\n"
        . "$_;\n\\echo state :SQLSTATE\nSELECT * FROM smartgrid.ledger ORDER BY entry_id DESC LIMIT 1; ROLLBACK;\n" for @calls;
    $node->psql($db, $script, on_error_stop => 0, stderr => \my $errors, stdout => \my $said);
    my (undef, @answers) = split /^next$/m, $said;
    for my $n (0 .. $#answers)
    {
        $answers[$n] =~ s/[0-9a-f]{64}/a hash/g if $calls[$n] =~ /sg_seal/;
        $answers[$n] =~ s/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+\d\d)?/a time/g if $calls[$n] =~ /\(/;
        $answers[$n] = join "\n", sort split /\n/, $answers[$n];
    }
    return @answers;
}

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

    # Where everybody may plant an overload of the functions, first says what to do.
    $node->safe_psql('postgres', "CREATE DATABASE open_$db");
    $node->safe_psql("open_$db", "CREATE EXTENSION smartgrid VERSION '$version'; GRANT CREATE ON SCHEMA public TO PUBLIC");
    my ($refused, $reason) = refusal($node, "open_$db", 'ALTER EXTENSION smartgrid UPDATE');
    is($refused, '42501', "$version: no update while everybody may create objects in the schema of the functions");
    like($reason, qr/REVOKE CREATE ON SCHEMA public FROM PUBLIC/, "$version: and what to do");
    is($node->safe_psql("open_$db", q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'}), $version, "$version: nothing changes");
    $node->safe_psql("open_$db", 'REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER EXTENSION smartgrid UPDATE');

    # In use. Sessions have the new library already, which leaves the tables of before alone.
    $db = "used_$version" =~ tr/./_/r;
    create_version($node, $db, $version, 1);
    $node->safe_psql($db, $own_rights);
    my ($code, $said) = refusal($node, $db, q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(1)});
    is($code, '55000', "$version: the library writes nothing before the update");
    like($said, qr/ALTER EXTENSION smartgrid UPDATE/, "$version: and says what to do");
    is((refusal($node, $db, q{SELECT * FROM sg_get_grid_status()}))[0], '55000', "$version: it reads nothing either");
    # An API depends on every function and view.
    my $has_api = $node->safe_psql($db, q{SELECT count(*) FROM pg_proc WHERE proname = 'sg_create_api'});
    $node->safe_psql($db, q{SELECT sg_create_api('api', 'smartgrid_operator')}) if $has_api;
    my @tables = grep { !/^rollup/ } tables_of_the_extension($node, $db);
    my %columns = map { $_ => $node->safe_psql($db, "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'smartgrid.$_'::regclass AND attnum > 0") } @tables;
    my $rows = join ' UNION ALL ', map { "SELECT '$_', (SELECT to_jsonb(c) FROM (SELECT $columns{$_}) AS c)::text COLLATE \"C\" FROM smartgrid.$_ AS t" } @tables;
    my $before = $node->safe_psql($db, "$rows ORDER BY 1, 2");
    my $sequences = sequences($node, $db);
    my $rights_before = $node->safe_psql($db, $rights);
    my $blocks = $version eq '0.1.0' ? 0 : $node->safe_psql($db, 'SELECT count(*) FROM smartgrid.block');

    $node->safe_psql($db, 'ANALYZE');
    $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
    is($node->safe_psql($db, "$rows ORDER BY 1, 2"), $before, "$version: the same rows");
    my $old = join '|', map { /^(\w+)/ } split /\n/, $sequences;
    is(join("\n", grep { /^(?:$old)\|/ } split /\n/, sequences($node, $db)), $sequences, "$version: the same sequences");
    is($node->safe_psql($db, $rights), $rights_before, "$version: the rights that were given");
    my $statistics = q{SELECT string_agg(tablename || '.' || attname, ' ') FROM pg_stats WHERE schemaname = 'smartgrid' AND tablename <> 'block'
        AND attname IN ('principal', 'balance', 'earnings', 'unsold', 'total_consumed', 'stored_amount', 'energy', 'money', 'price', 'amount', 'cost', 'load', 'revenue')};
    is($node->safe_psql($db, $statistics), '', "$version: no statistics of what is hidden are left");
    is($node->safe_psql($db, "ANALYZE; $statistics"), '', "$version: and none are made");
    is(broken_invariants($node, $db), '', "$version: the invariants hold");
    is($node->safe_psql($db, q{SELECT sg_create_api('api', 'smartgrid_operator')}), 't', "$version: the API") if $has_api;

    # What is new of the old rows.
    is($node->safe_psql($db, 'SELECT count(*), count(*) FILTER (WHERE booked_at = at) = count(*) FROM smartgrid.ledger'), '31|t',
        "$version: entries were booked when they happened");
    is($node->safe_psql($db, q{SELECT string_agg(DISTINCT cost_carry::text, ' '), bool_and((deactivated_at = 'infinity') = active), bool_and(active OR deactivated_at BETWEEN now() - interval '1 hour' AND now())
            FROM smartgrid.consumer}), '0|t|t', "$version: consumers begin with no carry, and were deactivated at the update");
    is($node->safe_psql($db, q{SELECT bool_and((deactivated_at = 'infinity') = active), bool_and(active OR deactivated_at BETWEEN now() - interval '1 hour' AND now())
            FROM smartgrid.producer}), 't|t', "$version: so were producers");
    is($node->safe_psql($db, q{SELECT grid, operator_role, registration, max_amount, price_rule, exact_after FROM sg_grids ORDER BY grid}),
        "default|smartgrid_operator|open|1000000000000000|load|31\nvillage|village_operator|open|1000000000000000|load|21", "$version: grids");
    is($node->safe_psql($db, 'SELECT string_agg(DISTINCT price_rule, \' \') FROM sg_prices'), 'load', "$version: the price rule of the past");

    # Every function reads and writes these rows as those that were restored into a fresh installation.
    my $restored = "restored_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $restored");
    $node->safe_psql($restored, 'CREATE EXTENSION smartgrid');
    $node->command_ok([ 'pg_dump', '--data-only', '-f', "$PostgreSQL::Test::Utils::tmp_check/$db.sql", $node->connstr($db) ], "$version: dumped");
    $node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$PostgreSQL::Test::Utils::tmp_check/$db.sql", $node->connstr($restored) ], "$version: restored");
    my @calls = map { "SELECT * FROM $_" } grep { !/api_(?:objects|present)|sg_create_api/ }
        (sort values %READERS), (sort values %INSPECTORS), views_of_the_extension($node, $restored), sort values %WRITERS;
    for my $who ([ 'default', 'anna' ], [ 'default', 'bert' ], [ 'village', 'anna' ])
    {
        my @updated = answers($node, $db, @$who, @calls);
        my @restored = answers($node, $restored, @$who, @calls);
        is(scalar @updated, scalar @calls, "$version: every function answers $who->[1] of $who->[0]");
        is(join("\n", map { "$calls[$_]: $updated[$_] / $restored[$_]" } grep { $updated[$_] ne $restored[$_] || $updated[$_] !~ /^state (?:00000|SG...|42501)$/m } 0 .. $#calls),
            '', "$version: as it should");
    }

    # Sealing and the sums go on.
    is($node->safe_psql($db, 'SELECT count(*) FROM sg_blocks'), $blocks, "$version: the blocks of before");
    is($node->safe_psql($db, 'SELECT count(*) FROM sg_grids AS g, LATERAL sg_seal(g.grid)'), 2, "$version: what is there is sealed");
    is(broken_blocks($node, $db), '', "$version: and verified");
    is($node->safe_psql($db, 'SELECT sum(r.entries) = (SELECT sum(b.entries) FROM sg_blocks AS b) FROM smartgrid.rollup AS r'), 't',
        "$version: each sealed entry is in a rollup");
    is($node->safe_psql($db, 'SELECT string_agg(e.grid_id::text, \' \' ORDER BY e.grid_id) FROM smartgrid.rollup_end AS e
            JOIN smartgrid.block AS b ON b.grid_id = e.grid_id AND b.last_entry <= e.last_entry AND b.load = e.load
            WHERE NOT EXISTS (SELECT FROM smartgrid.block AS n WHERE n.grid_id = b.grid_id AND n.height > b.height)'), '1 2',
        "$version: and the end is where the blocks end");
    is($node->safe_psql($db, q{SELECT p.grid, p.energy = c.produced AND p.energy = v.produced AND c.load = g.current_load
            FROM (SELECT grid, sum(energy) AS energy FROM sg_ledger WHERE kind = 'production' GROUP BY grid) AS p
                 JOIN (SELECT grid, sum(produced) AS produced FROM sg_load_curve GROUP BY grid) AS v ON v.grid = p.grid
                 JOIN sg_grids AS g ON g.grid = p.grid
                 CROSS JOIN LATERAL (SELECT sum(b.produced) AS produced, (array_agg(b.load ORDER BY b.bucket_start DESC))[1] AS load
                                     FROM sg_load_curve(p.grid, '[2026-01-01, 2027-01-01)', '48 months') AS b) AS c
            ORDER BY 1}),
        "default|t\nvillage|t", "$version: the time series is that of the ledger");
    # 0.3.0 began to note when capacity comes and goes; what there was before is as old as its grid.
    my $since = $version eq '0.3.0' ? '>' : '=';
    is($node->safe_psql($db, qq{SELECT g.name, sum(e.change) = (SELECT total_capacity FROM sg_grids AS s WHERE s.grid = g.name), min(e.at) $since min(g.created_at)
            FROM smartgrid.capacity_event AS e JOIN smartgrid.grid AS g USING (grid_id) GROUP BY g.name ORDER BY 1}),
        "default|t|t\nvillage|t|t", "$version: the history of the capacity begins when it should");
    $node->safe_psql($db, q{SET smartgrid.principal = 'bert'; SELECT sg_consume_energy(1)});
    is($node->safe_psql($db, 'SELECT count(*) FROM sg_seal()'), '1', "$version: sealing goes on");
    is($node->safe_psql($db, 'SELECT sum(r.entries) = (SELECT sum(b.entries) FROM sg_blocks AS b) FROM smartgrid.rollup AS r'), 't',
        "$version: and so do the rollups");
    is(broken_blocks($node, $db), '', "$version: all is as the ledger says");
    is(broken_invariants($node, $db), '', "$version: and the invariants hold");

    # A limit is at least what is there already.
    $db = "large_$version" =~ tr/./_/r;
    create_version($node, $db, $version, 1);
    $node->safe_psql($db, q{UPDATE smartgrid.consumer SET consumption_limit = 5000000000000000 WHERE grid_id = 2});
    $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
    is($node->safe_psql($db, 'SELECT grid, max_amount FROM sg_grids ORDER BY 1'), "default|1000000000000000\nvillage|5000000000000000", "$version: max_amount is what is there");

    # Sums by quarter-hour as the library of 0.3.0 has left them are brought into the new form: some are made to differ, so that
    # it is seen that they were not made anew.
    if ($version eq '0.3.0')
    {
        $db = 'rollups_0_3_0';
        create_version($node, $db, $version, 1);
        $node->safe_psql($db, q{UPDATE smartgrid.rollup SET topups = topups + 1e30 WHERE grid_id = 1});
        $node->safe_psql($db, 'ALTER EXTENSION smartgrid UPDATE');
        my $rollups = q{SELECT r::text FROM smartgrid.rollup AS r UNION ALL SELECT p::text FROM smartgrid.rollup_production AS p
            UNION ALL SELECT e::text FROM smartgrid.rollup_end AS e ORDER BY 1};
        my $curves = q{SELECT c::text FROM smartgrid.grid AS g CROSS JOIN LATERAL
            sg_load_curve(g.name, '[2026-03-01, 2026-12-31)', '1 day') AS c ORDER BY 1};
        is($node->safe_psql($db, q{WITH found AS (UPDATE smartgrid.rollup SET topups = topups - 1e30 WHERE topups >= 1e30 RETURNING 1)
            SELECT count(*) = (SELECT count(*) FROM smartgrid.rollup WHERE grid_id = 1) AND count(*) > 0 FROM found}), 't', '0.3.0: no sum is lost');
        my ($sums, $shown) = map { $node->safe_psql($db, $_) } $rollups, $curves;
        like($sums, qr/^\(1,"[^"]*",0,[1-9]/m, '0.3.0: production by type is rows');
        $node->safe_psql($db, 'SELECT sg_rebuild_rollups(name) FROM smartgrid.grid');
        is($node->safe_psql($db, $rollups), $sums, '0.3.0: what was added up is as if it were made anew');
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
