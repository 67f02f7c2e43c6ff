# An energy type is added by the lines that doc/development.md says, to a copy of the sources: what is produced by it is
# production in the load curve, key figures, report, rollups, statement and API, and an older version becomes the same.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Catalog;

my %added = (
    'src/grid/energy_type.def' => 'ENERGY_TYPE(TIDAL, "tidal", true, 17, IPCC("ocean, wave and tidal"))',
    'src/report/energy_colour.def' => 'ENERGY_COLOUR(TIDAL, "#00798c", "#4fc3d0")',
);

# ---- the copy, built and installed below this test's directory ----

my $node = SmartgridCluster->new('tidal');
my $dir = $node->basedir;
my ($copy, $stage) = ("$dir/copy", "$dir/stage");
mkdir $copy or die "$copy: $!";
system_or_bail('sh', '-c', 'tar -cf - Makefile smartgrid.control src sql expected test doc README.md CHANGELOG.md | tar -C "$0" -xf -', $copy);

sub change
{
    my ($path, $edit) = @_;
    local $_ = slurp_file("$copy/$path");
    my $before = $_;
    $edit->();
    isnt($_, $before, "$path is changed") or return;
    open my $out, '>', "$copy/$path" or die "$path: $!";
    print $out $_;
    close $out or die "$path: $!";
    return;
}
for my $path (sort keys %added)
{
    change($path, sub { $_ .= "$added{$path}\n" });
    like(slurp_file("$copy/doc/development.md"), qr/^    \Q$added{$path}\E$/m, 'as the document says');
}

my $config = $node->config_data('--bindir') . '/pg_config';
my @make = ('make', '-s', '-C', $copy, "PG_CONFIG=$config", 'COPT=-O0');
sub make { my @goals = @_; local %ENV = %ENV; delete @ENV{qw(MAKEFLAGS MAKELEVEL)}; return system_or_bail(@make, @goals) }
make('-j2', 'all');
make('install', "DESTDIR=$stage");
my ($share, $lib) = map { $stage . $node->config_data($_) } '--sharedir', '--pkglibdir';
system_or_bail('sh', '-c', 'cp "$0"/test/releases/*.sql "$1"', $copy, "$share/extension");

# What else lists the types is named.
my ($said, $errors) = run_command([ $^X, "$copy/test/lib/check_facts.pl", $copy ]);
like($said, qr{^doc/reference/booking\.md:\d+: not all energy types.*natural-gas, tidal$}m, 'documents that list the types are found');

# ---- a server that has this library ----

$node->init;
my $settings = slurp_file($ENV{TEMP_CONFIG});
my $found = ($settings =~ s/^extension_control_path = .*$/extension_control_path = '$share:\$system'/m) +
    ($settings =~ s/^extension_destdir = .*$/extension_destdir = '$stage'/m) + ($settings =~ s/^dynamic_library_path = .*$/dynamic_library_path = '$lib:\$libdir'/m);
is($found, 2, 'settings that find the copy');
$node->append_conf('postgresql.conf', $settings);
$node->start;
$node->create_grid_database('grid');

sub answers
{
    my ($db, $sql, $wanted, $name) = @_;
    return is($node->safe_psql($db, $sql), $wanted, $name);
}

# ---- what the suite says of it ----

my %run;
for my $test (qw(kpis report series))
{
    $node->safe_psql('postgres', "CREATE DATABASE $test");
    $node->safe_psql($test, 'SET client_min_messages = warning; CREATE EXTENSION pgtap; CREATE EXTENSION smartgrid');
    $run{$test} = { said => '' };
    $run{$test}{psql} = IPC::Run::start([ 'psql', '-X', '-q', '-d', $node->connstr($test), '-f', "test/pgtap/$test.sql" ],
        '<', \undef, '>&', \$run{$test}{said}, init => sub { chdir $copy or die });
}
for my $test (qw(energy_type registration))
{
    change("expected/$test.out", sub { s/(?<=biomass, natural-gas)(?=, in lower case)/, tidal/g });
}
$node->safe_psql('postgres', 'CREATE DATABASE regress');
# In the copy: from 16 on, what is expected is looked for where pg_regress is started, not in its input directory.
ok(run_log([ $ENV{PG_REGRESS}, '--use-existing', "--outputdir=$dir", '--dbname=regress', '--create-role=', '--host', $node->host,
        '--port', $node->port, '--bindir', $node->config_data('--bindir'), qw(energy_type registration account curve rebuild statement) ],
        init => sub { chdir $copy or die }), 'regression tests')
    or diag(-e "$dir/regression.diffs" ? slurp_file("$dir/regression.diffs") : 'there are no differences');

for my $test (sort keys %run)
{
    $run{$test}{psql}->finish;
    my @failed = grep { /^not ok|^\S*psql:.*ERROR/ } split /\n/, $run{$test}{said};
    cmp_ok(scalar(() = $run{$test}{said} =~ /^ok/mg), '>', 20, "test/pgtap/$test.sql");
    is(join("\n", splice @failed, 0, 5), '', "test/pgtap/$test.sql: all of it");
}

# ---- production is production ----

$node->safe_psql('grid', <<'SQL');
SELECT sg_alter_grid('default', energy_scale => 3);
SET smartgrid.principal = 'moon';
SELECT sg_register_producer(9000, 'tidal'), sg_report_production(4000);
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(9000, 'solar'), sg_report_production(1000), sg_register_consumer(9000), sg_add_consumer_balance('sun', 100000);
SELECT sg_consume_energy(2500);
SQL
my $today = q{tstzrange(date_trunc('day', now()) - interval '1 day', date_trunc('day', now()) + interval '2 days')};
for my $state ('not sealed', 'sealed')
{
    answers('grid', "SELECT sum(produced), sum(solar), sum(tidal), sum(natural_gas) FROM sg_load_curve(NULL, $today)", '5000|1000|4000|0', "$state: curve");
    answers('grid', 'SELECT sum(produced), sum(solar), sum(tidal), sum(tidal_kwh) FROM sg_load_curve', '5000|1000|4000|4.000', "$state: view");
    answers('grid', "SELECT value FROM sg_kpis($today) WHERE kpi IN ('produced', 'renewable_share', 'co2_intensity')", "5.000\n100.00\n21.80", "$state: key figures");
    my $page = $node->safe_psql('grid', "SELECT sg_report($today)");
    ok($page =~ qr{<th[^>]*>Tidal</th>(?:<[^>]*>)*4\.00<.{0,40}80\.0}s, "$state: report, table");
    ok($page =~ qr{<path [^>]*class="fill-tidal" d="M}, "$state: report, chart");
    ok($page =~ qr{--tidal: #00798c;.*--tidal: #4fc3d0;.*\.fill-tidal \{ fill: var\(--tidal\); \}}s, "$state: report, colours");
    $node->safe_psql('grid', 'SELECT sg_seal()');
}
answers('grid', 'SELECT smartgrid.energy_type_name(energy_type), sum(produced) FROM smartgrid.rollup_production GROUP BY energy_type ORDER BY energy_type',
    "solar|1000\ntidal|4000", 'rollups');
answers('grid', "SELECT part, kind, energy, unsold FROM sg_statement('moon', $today) WHERE part <> 'opening'", "entry|production|4000|4000\nclosing|||4000", 'statement');
answers('grid', q{SELECT energy_type, renewable, co2_g_per_kwh, source FROM sg_energy_types WHERE energy_type = 'tidal'},
    'tidal|t|17|IPCC AR5 WG III Annex III (2014), Table A.III.2, life-cycle median: ocean, wave and tidal', 'what it stands for');
answers('grid', q{SELECT sg_set_energy_type('tidal', co2_g_per_kwh => 20), (SELECT co2_g_per_kwh FROM sg_energy_types WHERE energy_type = 'tidal')}, 't|17', 'a figure of one\'s own');
answers('grid', q{SELECT energy_type FROM sg_get_producer_info('moon')}, 'tidal', 'it is shown');
answers('grid', q{SELECT description FROM sg_help('sg_register_producer')},
    'registers the caller as producer: capacity in energy units; type one of solar, wind, hydro, nuclear, geothermal, biomass, natural-gas, tidal', 'help names it');
like(($node->psql('grid', q{SET smartgrid.principal = 'x'; SELECT sg_register_producer(1, 'coal')}))[2], qr/HINT:  Use one of .*, natural-gas, tidal, in lower case\./, 'hints name it');

# ---- an application's schema ----

$node->safe_psql('grid', q{CREATE ROLE app IN ROLE smartgrid_operator; CREATE SCHEMA api; SELECT sg_create_api('api', 'app')});
answers('grid', q{SET ROLE app; SELECT sum(tidal) FROM api.load_curve_points; SELECT sum(tidal) FROM api.get_load_curve(period => } . "$today)",
    "4000\n4000", 'API');

# ---- older versions ----

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'SET client_min_messages = warning; CREATE EXTENSION smartgrid');
my $fresh = catalog($node, 'fresh');
for my $version (map { /smartgrid--([0-9.]+)\.sql$/ } sort glob "$copy/test/releases/*.sql")
{
    my $db = "from_$version" =~ tr/./_/r;
    $node->safe_psql('postgres', "CREATE DATABASE $db");
    $node->safe_psql($db, "SET client_min_messages = warning; CREATE EXTENSION smartgrid VERSION '$version'; ALTER EXTENSION smartgrid UPDATE");
    is(difference(catalog($node, $db), $fresh), '', "$version: upgraded, the catalog is that of a fresh installation");
    $node->safe_psql($db, q{SET smartgrid.principal = 'moon'; SELECT sg_register_producer(9000, 'tidal'), sg_report_production(4000); RESET smartgrid.principal; SELECT sg_seal()});
    answers($db, 'SELECT sum(tidal) FROM sg_load_curve', '4000', "$version: and tidal production is there");
}
done_testing();
