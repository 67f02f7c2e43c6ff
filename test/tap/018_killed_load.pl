# The server is killed in the middle of loads: a load is there as a whole or not at all, with its batch, entry and digest; the next one
# loads what is missing, and no more.
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

my $points = 150;
my $days = 40;
my $slots = $points * 24;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\ncheckpoint_timeout = 30s\nsmartgrid.pack_after = 366d");
$node->start;
$node->create_grid_database('grid');
# Odd days come whole, even ones in quarters of a day, which stay open until the last: a day is one load in both.
$node->safe_psql('grid', <<"SQL");
SELECT sg_set_time_zone('UTC'), sg_alter_grid('default', energy_scale => 3);
SELECT sg_set_point('p' || n, '2020-01-01 00:00Z', 'owner', 'consumption', '1 hour') FROM generate_series(1, $points) AS n;
CREATE FUNCTION public.load_part(ago integer, part integer, parts integer) RETURNS bigint LANGUAGE sql AS \$\$
    SELECT count(*) FROM (SELECT array_agg('p' || n ORDER BY h, n) AS points, array_agg((day + h * interval '1 hour') AT TIME ZONE 'UTC' ORDER BY h, n) AS starts,
                                 array_agg((n + h * ago)::bigint ORDER BY h, n) AS amounts
                          FROM (SELECT (now() AT TIME ZONE 'UTC')::date - ago AS day) AS d, generate_series(1, $points) AS n,
                               generate_series((part - 1) * 24 / parts, part * 24 / parts - 1) AS h) AS a,
        LATERAL sg_post_intervals(points => a.points, starts => a.starts, amounts => a.amounts, label => format('%s %s', ago, part))
\$\$;
SQL

my @loads = map { my $ago = $_; $ago % 2 ? "$ago, 1, 1" : map { "$ago, $_, 4" } 1 .. 4 } 1 .. $days;
my $file = $node->basedir . '/loads.sql';
my $acknowledged = $node->basedir . '/acknowledged';
open my $out, '>', $file or die "$file: $!\n";
print $out join '', map { my ($ago, $part) = /(\d+), (\d+)/; "SELECT '$ago $part' FROM (SELECT public.load_part($_)) AS l;\n" } @loads;
close $out or die "$file: $!\n";

my $whole = q{SELECT count(*) FROM sg_batches WHERE new + unchanged <> rows OR refused > 0};
my $odd = q{SELECT count(*) FROM sg_check() WHERE NOT ok};
my $digests = q{SELECT count(*) FROM sg_verify_batches() WHERE NOT ok};
my $entries = q{SELECT count(*) FILTER (WHERE new > 0) = (SELECT count(*) FROM sg_ledger WHERE kind = 'batch') FROM sg_batches};
my $current = q{SELECT count(*) FROM sg_intervals WHERE quality <> 'missing' AND start < date_trunc('day', now(), 'UTC')};

for my $round (1 .. 4)
{
    unlink $acknowledged;
    my $client = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-v', 'VERBOSITY=sqlstate', '-f', $file ],
        '<', '/dev/null', '>', $acknowledged, '2>', \my $err);
    my $deadline = time + 60;
    sleep 0.01 until (-s $acknowledged // 0) > 40 * $round || time > $deadline;
    sleep rand 0.05;
    kill_server($node);
    eval { $client->finish };
    my @done = split /\n/, slurp_file($acknowledged);
    cmp_ok(scalar @done, '<', scalar @loads, "round $round: killed after " . @done . ' loads');
    $node->start;
    my $labels = join ',', map { "('$_')" } @done;
    is($node->safe_psql('grid', "SELECT count(*) FROM (VALUES $labels) AS d (label) WHERE NOT EXISTS (SELECT FROM sg_batches AS b WHERE b.label = d.label)"),
        0, 'what was acknowledged is there');
    is($node->safe_psql('grid', "SELECT count(*) - (SELECT sum(new) FROM sg_batches) FROM sg_intervals WHERE quality <> 'missing'"), 0,
        'each value is of a batch that counts it');
    is($node->safe_psql('grid', "$whole; $odd; $digests; $entries"), "0\n0\n0\nt", 'batches are whole, and so are entries, digests and books');
}

# All of them again, to the end: what was there is unchanged.
my $before = $node->safe_psql('grid', "SELECT count(*) FROM sg_intervals WHERE quality <> 'missing'");
my $last = $node->safe_psql('grid', 'SELECT max(batch) FROM sg_batches');
$node->safe_psql('grid', slurp_file($file));
is($node->safe_psql('grid', "SELECT sum(new), sum(unchanged), sum(kept + refused) FROM sg_batches WHERE batch > $last"),
    join('|', $days * $slots - $before, $before, 0), 'the next loads bring what is missing');
is($node->safe_psql('grid', "$current; $whole; $odd; $digests; $entries"), join("\n", $days * $slots, 0, 0, 0, 't'), 'all is there');
is($node->safe_psql('grid', q{SELECT count(*) FROM sg_intervals WHERE amount <> substr(point, 2)::integer + extract(hour FROM start AT TIME ZONE 'UTC') * ((now() AT TIME ZONE 'UTC')::date - day)}),
    0, 'as it was loaded');
is($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.open_slot'), 0, 'and packed');

# The same while days are packed that never were complete: what is open is open or packed, and the values are what they were.
my $open_days = 30;
$node->safe_psql('grid', join '', map { my $ago = $_; map { "SELECT public.load_part($ago, $_, 4);\n" } 1 .. 3 } $days + 1 .. $days + $open_days);
my $values = q{SELECT count(*), sum(hashtextextended(concat_ws(' ', point, start, amount, quality), 0)::numeric) FROM sg_intervals WHERE quality <> 'missing'};
my $loaded = $node->safe_psql('grid', $values);
my $open = q{SELECT count(DISTINCT day) FROM smartgrid.open_slot};
is($node->safe_psql('grid', $open), $open_days, 'days stay open');
for my $round (1 .. 3)
{
    my $packer = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-c', 'SELECT sg_pack_intervals(current_date)' ],
        '<', '/dev/null', '>', \my $packed, '2>', \my $err);
    sleep 0.02 * $round + rand 0.02;
    kill_server($node);
    eval { $packer->finish };
    $node->start;
    my $left = $node->safe_psql('grid', $open);
    cmp_ok($left, '==', $packed eq '' ? $left : 0, "round $round: killed, $left days are open, and none if it was acknowledged");
    is($node->safe_psql('grid', $values), $loaded, 'the values are what they were');
    is($node->safe_psql('grid', "$whole; $odd; $digests; $entries"), "0\n0\n0\nt", 'and so are batches, entries, digests and books');
}
$node->safe_psql('grid', 'SELECT sg_pack_intervals(current_date)');
is($node->safe_psql('grid', $open), 0, 'packed in the end');
is($node->safe_psql('grid', "$values; $digests"), "$loaded\n0", 'with the same values and digests');

done_testing();
