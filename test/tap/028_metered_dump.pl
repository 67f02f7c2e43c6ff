# A month of 50 metering points: how many bytes an interval takes on disk and in a dump, which a row an interval could not meet, and
# whether a restored grid answers as the one that was dumped: days of several versions, open slots, registers, shares, a batch that was taken back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use GridData;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'smartgrid.pack_after = 366d');
$node->start;
$node->create_grid_database('grid');
my $intervals = 50 * 31 * 96;
$node->safe_psql('grid', <<'SQL');
SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna');
SELECT sg_set_point('p' || n, '2024-01-01 00:00 Europe/Vienna', 'owner ' || n % 30, CASE WHEN n % 5 = 0 THEN 'production' ELSE 'consumption' END) FROM generate_series(1, 50) AS n;
-- What households use: some base load, more in the evening, and now and then an oven; or what the sun gives.
SELECT setseed(0.3);
SELECT count(*) FROM (SELECT array_agg(point) AS points, array_agg(day) AS days, array_agg(amounts) AS amounts
    FROM (SELECT 'p' || n AS point, '2024-07-01'::date + d AS day,
                 string_agg(CASE WHEN n % 5 = 0 THEN greatest(0, floor(600 * sin((s - 24) * pi() / 48) + 40 * random()))
                                 ELSE floor(30 + n % 7 * 5 + 25 * random() + CASE WHEN s BETWEEN 70 AND 88 THEN 80 ELSE 0 END + CASE WHEN random() < 0.04 THEN 500 ELSE 0 END) END::text, ',' ORDER BY s) AS amounts
          FROM generate_series(1, 50) AS n, generate_series(0, 30) AS d, generate_series(0, 95) AS s GROUP BY n, d) AS l) AS a,
    sg_post_days(a.points, a.days, a.amounts);
SQL
is($node->safe_psql('grid', 'SELECT sum(new), sum(refused) FROM sg_batches'), "$intervals|0", 'a month is loaded');

my $dir = $node->basedir;
sub bytes_of
{
    my ($format, $compress) = @_;
    runs_ok($node, [ 'pg_dump', "-F$format", '--data-only', '-t', 'smartgrid.interval_day', '-f', "$dir/day.$format", 'grid' ], "dumped, $format");
    return (-s "$dir/day.$format") / $intervals;
}
my $disk = $node->safe_psql('grid', q{VACUUM smartgrid.interval_day; SELECT pg_total_relation_size('smartgrid.interval_day')}) / $intervals;
cmp_ok($disk, '<', 3.2, sprintf 'bytes an interval on disk, indexes included: %.2f', $disk);
my ($plain, $custom) = (bytes_of('p'), bytes_of('c'));
cmp_ok($plain, '<', 6, sprintf 'in a plain dump: %.2f', $plain);
cmp_ok($custom, '<', 2.5, sprintf 'in a compressed one: %.2f', $custom);

# Everything else that there can be of readings.
$node->safe_psql('grid', <<'SQL');
SELECT * FROM sg_post_intervals('{p1,p2}'::text[], '{2024-07-03 10:00+02,2024-07-03 10:00+02}', '{7,8}', label => 'taken back', replace_with => 'any');
SELECT * FROM sg_post_intervals('{p1}'::text[], '{2024-07-04 10:00+02}', '{9}', '{estimated}', replace_with => 'any');
SELECT sg_withdraw_batch((SELECT batch FROM sg_batches WHERE label = 'taken back'));
SELECT sg_pack_intervals('2025-01-01');
SELECT * FROM sg_post_intervals('{p1,p5}'::text[], array_fill(date_trunc('hour', now()) - interval '5 hours', ARRAY[2]), '{3,4}'::bigint[]);
SELECT * FROM sg_post_registers('{p1,p1}', '{2024-08-03 00:00+02,2024-08-03 00:15+02}', '{1234,1234.2}');
SELECT sg_set_point('p1', '2024-07-20 12:00+02', 'another'), sg_rename_point('p2', 'p 2'), sg_set_share('p1', '2024-07-10 00:00+02', 90, 20, 2), sg_set_allocation('2024-07-15 00:00+02', 'cascade');
SQL
my $month = q{'[2024-07-01 00:00+02,2024-08-04 00:00+02)'};
my $asked = join '', map { "SELECT \$what\$$_\$what\$, q::text FROM (SELECT * FROM $_) AS q ORDER BY q::text COLLATE \"C\";\n" }
    qw(sg_interval_days sg_points sg_point_periods sg_batches sg_shares sg_share_periods sg_allocations sg_allocation_periods sg_register_readings sg_verify_batches() sg_check()),
    q{sg_intervals WHERE day BETWEEN '2024-07-02' AND '2024-07-05'}, q{sg_intervals WHERE day >= current_date - 1},
    map { "$_($month)" } qw(sg_completeness sg_gaps sg_allocation_sums sg_community);
$asked .= "SELECT a::text FROM sg_allocate('[2024-07-14 00:00+02,2024-07-16 00:00+02)') AS a; SELECT p.point, s::text FROM sg_points AS p, sg_interval_series(p.point, $month) AS s ORDER BY 1, 2;
    SELECT s::text FROM sg_interval_series('p1', $month, as_of => (SELECT recorded_at FROM sg_batches WHERE label = 'taken back')) AS s;
    SELECT v::text FROM sg_interval_versions('p1', '2024-07-03 10:00+02') AS v; SELECT line FROM sg_export('long', $month) AS line;
    SELECT day, sg_days_sum(data), sg_days_by_slot(data)::text, sg_days_qualities(data) FROM smartgrid.interval_day GROUP BY day ORDER BY day;";
my $before = $node->safe_psql('grid', $asked);
is($node->safe_psql('grid', 'SELECT (SELECT count(*) FROM sg_check() WHERE NOT ok), (SELECT count(*) FROM sg_verify_batches() WHERE NOT ok), (SELECT count(*) > 0 FROM smartgrid.open_slot)'),
    '0|0|t', 'all is well, and some is open');

my %ways = (
    plain => [ [ 'pg_dump', '-f', "$dir/plain", 'grid' ], [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', 'plain', '-f', "$dir/plain" ] ],
    custom => [ [ 'pg_dump', '-Fc', '-f', "$dir/custom", 'grid' ], [ 'pg_restore', '-e', '-d', 'custom', "$dir/custom" ] ],
    directory => [ [ 'pg_dump', '-Fd', '-j', '2', '-f', "$dir/directory", 'grid' ], [ 'pg_restore', '-e', '-j', '2', '-d', 'directory', "$dir/directory" ] ],
);
for my $way (sort keys %ways)
{
    runs_ok($node, $ways{$way}[0], "$way: dumped");
    $node->safe_psql('postgres', "CREATE DATABASE $way");
    runs_ok($node, $ways{$way}[1], "$way: restored");
    ok($node->safe_psql($way, $asked) eq $before, "$way: every view and function answers the same");
    is(broken_invariants($node, $way), '', "$way: the invariants hold");
    is($node->safe_psql($way, q{SELECT sg_withdraw_batch((SELECT max(batch) FROM sg_batches WHERE withdraws IS NULL AND source = 'intervals')) > 0; SELECT count(*) FROM sg_verify_batches() WHERE NOT ok}),
        "t\n0", "$way: and it goes on");
}
done_testing();
