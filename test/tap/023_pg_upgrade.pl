# pg_upgrade to the newest major that is installed beside this one: every row,
# block and hash is the same afterwards, and the ledger goes on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Cwd 'getcwd';
use IPC::Run;
use Evidence;
use GridData;

my ($major) = `pg_config --version` =~ /(\d+)/;
my ($newer) = sort { $b <=> $a } grep { $_ > $major && -x "/usr/lib/postgresql/$_/bin/pg_upgrade" && -x "/usr/lib/postgresql/$_/bin/postgres"
        && -f "/usr/lib/postgresql/$_/lib/pgxs/src/makefiles/pgxs.mk" } map { m{/(\d+)$} ? $1 : () } glob '/usr/lib/postgresql/*';
plan skip_all => "no PostgreSQL newer than $major is installed here" unless defined $newer;
my $bin = "/usr/lib/postgresql/$newer/bin";

my $dir = PostgreSQL::Test::Utils::tempdir;
my $said;
sub run_it { my (@words) = @_; $said = ''; return IPC::Run::run(\@words, '<', '/dev/null', '>&', \$said) }

# ---- this extension, built for the newer server ----
# pg_upgrade looks for the library where the server has its own, so the server is
# copied to where we may write: it finds its files from where its programs are.
my $tree = getcwd;
mkdir "$dir/build" or die $!;
for my $path (map { my $path = `$bin/pg_config --$_`; chomp $path; $path } qw(bindir pkglibdir sharedir))
{
    run_it('mkdir', '-p', "$dir/server$path") && run_it('cp', '-RL', "$path/.", "$dir/server$path") or die $said;
}
my @make = ('make', '-s', '-C', "$dir/build", '-f', "$tree/Makefile", "VPATH=$tree", "PG_CONFIG=$bin/pg_config");
ok(run_it(@make, 'all') && run_it(@make, 'install', "DESTDIR=$dir/server"), "built for PostgreSQL $newer") or diag $said;
$bin = "$dir/server$bin";
my $settings = "fsync = off\nlisten_addresses = ''\nlc_messages = 'C'\nmax_prepared_transactions = 10\n";

# A new cluster, whose server listens where the old one does.
sub new_cluster
{
    my ($to) = @_;
    run_it("$bin/initdb", '-D', $to, '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', $newer >= 18 ? '--no-data-checksums' : ()) or die $said;
    append_to_file("$to/postgresql.conf", $settings);
    return;
}

sub upgrade
{
    my ($old, $to) = @_;
    my $where = getcwd;
    chdir $dir or die $!;
    my $done = run_it("$bin/pg_upgrade", '-U', 'postgres', '-b', "/usr/lib/postgresql/$major/bin", '-B', $bin, '-d', $old->data_dir, '-D', $to, '-s', $old->host, '-p', $old->port, '-P', $old->port + 1);
    chdir $where;
    return $done;
}

# ---- the old cluster ----
my $old = SmartgridCluster->new('old');
$old->init;
$old->start;
$old->create_grid_database('grid');
fill_roles($old);
fill($old, 'grid');
seal($old, 'grid', $_) for 'default', 'village';
my %before = (contents => contents($old, 'grid'), sequences => sequences($old, 'grid'), verified => verify_rows($old, 'grid', 'default'), check => $old->safe_psql('grid', 'SELECT * FROM sg_check() ORDER BY 1, 2'));
my @hashes = hashes($old, 'grid', 'default');
cmp_ok(scalar @hashes, '>', 0, 'there are blocks');
$old->stop;

new_cluster("$dir/new");
my $upgraded = upgrade($old, "$dir/new");
if (!$upgraded)
{
    # The reason is in the log of the restore.
    my $log = join '', map { slurp_file($_) } glob "$dir/new/pg_upgrade_output.d/*/log/pg_upgrade_dump_*.log";
    my ($why) = $log =~ /(pg_restore: error: .*(?:\n.*){0,4})/;
    $said .= $why // '';
    if ($said =~ /unrecognized parameter "pg_attver"/)
    {
        # Releases of the old major that store this column option, which the newer one does not know.
        pass("PostgreSQL $newer cannot restore what pg_dump of this release of $major writes, without any extension, too");
        done_testing();
        exit;
    }
}
ok($upgraded, "pg_upgrade from $major to $newer") or diag $said;

# ---- the new server in the old one's place ----
my $port = $old->port;
append_to_file("$dir/new/postgresql.conf", "port = $port\nunix_socket_directories = '" . $old->host . "'\n");
ok(run_it("$bin/pg_ctl", '-w', '-s', '-D', "$dir/new", '-l', "$dir/new.log", 'start'), "PostgreSQL $newer starts");
END { run_it("$bin/pg_ctl", '-w', '-s', '-m', 'immediate', '-D', "$dir/new", 'stop') if defined $dir && -e "$dir/new/postmaster.pid" }

like($old->safe_psql('grid', 'SHOW server_version'), qr/^$newer\b/, 'it is the new one');
is(contents($old, 'grid'), $before{contents}, 'the same rows in every table');
is(sequences($old, 'grid'), $before{sequences}, 'the same sequences');
is($old->safe_psql('grid', 'SELECT * FROM sg_check() ORDER BY 1, 2'), $before{check}, 'the same invariants');
is(verify_rows($old, 'grid', 'default'), $before{verified}, 'the same blocks, all of them good');
is(unverified($old, 'grid', 'default', "0, $_, '$hashes[$_]'"), '', "block $_ is the published one") for 0 .. $#hashes;
is($old->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1); SELECT count(*) FROM sg_seal()}), "t\n1", 'calls and sealing go on');
is(unverified($old, 'grid', $_), '', "$_ is good") for 'default', 'village';
my ($status, $answer) = check_export($old, 'grid', 'default', map { "$_:$hashes[$_]" } 0 .. $#hashes);
is($status, 0, 'the checker finds it good, with the hashes from before') or diag $answer;

done_testing();
