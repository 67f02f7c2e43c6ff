# The server is killed while documents are issued: those of a run are there as a whole or not at all, and numbers have no gap.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use IPC::Run;
use ServerDeath;

my $members = 100;
my $runs = 30;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "fsync = on\nfull_page_writes = on\nsynchronous_commit = on");
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', slurp_file("$FindBin::RealBin/../../sql/include/settled.sql") . <<"SQL");
SELECT settled(tstzrange(at, at + interval '1 day'), (SELECT jsonb_agg(jsonb_build_object('who', 'member ' || m, 'what', 'Membership', 'money', 100 + m)) FROM generate_series(1, $members) AS m))
FROM generate_series(timestamptz '2026-01-01 00:00Z', timestamptz '2026-01-01 00:00Z' + ($runs - 1) * interval '1 day', interval '1 day') AS at;
SQL

my $file = $node->basedir . '/issue.sql';
my $acknowledged = $node->basedir . '/acknowledged';
my $whole = "SELECT count(*) FROM (SELECT FROM sg_documents GROUP BY run HAVING count(*) <> $members) AS r";
# The final run is rows by hand, without an entry.
my $odd = q{SELECT count(*) FROM sg_check() WHERE NOT ok AND invariant !~ '^final runs '};
my $gaps = q{SELECT coalesce(max(sequence), 0) - count(*) FROM smartgrid.document};

for my $round (1 .. 3)
{
    my $left = $node->safe_psql('grid', 'SELECT run_id FROM smartgrid.run WHERE run_id NOT IN (SELECT run_id FROM smartgrid.document) ORDER BY run_id');
    open my $out, '>', $file or die "$file: $!\n";
    print $out map { "SELECT count(*), $_ FROM sg_issue($_, '2026-07-01');\n" } split /\n/, $left;
    close $out or die "$file: $!\n";
    unlink $acknowledged;
    my $client = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-f', $file ], '<', '/dev/null', '>', $acknowledged, '2>', \my $err);
    my $deadline = time + 60;
    sleep 0.005 until (-s $acknowledged // 0) > 12 * $round || time > $deadline;
    sleep rand 0.05;
    kill_server($node);
    eval { $client->finish };
    my @done = map { (split /\|/)[1] } split /\n/, slurp_file($acknowledged);
    $node->start;
    my $list = join ',', 0, @done;
    is($node->safe_psql('grid', "SELECT count(DISTINCT run_id) FROM smartgrid.document WHERE run_id IN ($list)"), scalar @done, "round $round: what was acknowledged is there");
    is($node->safe_psql('grid', "$whole; $odd; $gaps"), "0\n0\n0", 'documents of a run are whole, booked, and numbered without gaps');
}

$node->safe_psql('grid', q{SELECT count(*) FROM smartgrid.run AS r, LATERAL sg_issue(r.run_id, '2026-07-01') AS i
                           WHERE r.run_id NOT IN (SELECT run_id FROM smartgrid.document)});
is($node->safe_psql('grid', "SELECT count(*), min(number), max(number) FROM sg_documents; $odd; $gaps"),
    sprintf("%d|R202600001|R2026%05d\n0\n0", $runs * $members, $runs * $members), 'in the end all are there');
$node->stop;
done_testing;
