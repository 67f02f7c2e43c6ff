# Time series while others write and seal: in each snapshot they are the sums over the ledger, and at the end the rollups are
# those of all sealed entries, whoever sealed them and however that ended.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use IPC::Run qw(start);
use Test::More;
use GridData;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', <<'SQL');
SELECT sg_alter_grid('default', energy_scale => 3, max_topup => 1000000000000);
DO $$
BEGIN
    FOR n IN 1..10 LOOP
        PERFORM set_config('smartgrid.principal', 'm' || n, false);
        PERFORM sg_register_producer(1000000, (ARRAY['solar', 'wind', 'biomass'])[1 + n % 3]), sg_register_consumer(1000000),
                sg_add_consumer_balance('m' || n, 1000000000000), sg_report_production(900000);
    END LOOP;
END $$;
SQL

my $dir = $node->basedir;
my %script = (
    produce => q{\set n random(1, 10)
SELECT sg_report_production(:n * 10) FROM set_config('smartgrid.principal', 'm' || :n, false);
},
    consume => q{\set n random(1, 10)
SELECT sg_consume_energy(:n) FROM set_config('smartgrid.principal', 'm' || :n, false);
},
    # Readings of the days before, which are in rollups already.
    post => q{\set n random(1, 10)
SELECT sg_post_readings(ARRAY['m' || :n, 'm' || :n], '{production,consumption}', ARRAY[5, 3]::bigint[], ARRAY[now() - :n * interval '5 hours', now() - :n * interval '7 minutes']);
},
    seal => q{SELECT sg_seal();
\sleep 50 ms
},
    give_up => q{BEGIN;
SELECT sg_seal();
ROLLBACK;
\sleep 70 ms
},
);
for my $name (keys %script)
{
    open my $out, '>', "$dir/$name.sql" or die;
    print $out $script{$name};
    close $out;
}
# Of what has not been there is no load. All of it in one snapshot: the function with buckets that cut quarter-hours and such that do not, the view, the key figures.
my $compare = <<'SQL';
WITH period AS (
    SELECT tstzrange(now() - interval '4 days', now() + interval '1 day') AS p
), plain AS (
    SELECT coalesce(sum(energy) FILTER (WHERE kind = 'production'), 0) AS produced,
           coalesce(sum(energy) FILTER (WHERE kind = 'consumption'), 0) AS consumed,
           coalesce(sum(money) FILTER (WHERE kind = 'consumption'), 0) AS revenue
    FROM sg_ledger
), figures AS (
    SELECT 'quarter-hours' AS source, sum(c.produced) AS produced, sum(c.consumed) AS consumed, sum(c.revenue) AS revenue,
           (array_agg(c.load ORDER BY c.bucket_start DESC) FILTER (WHERE c.load IS NOT NULL))[1] AS load, sum(c.solar + c.wind + c.biomass) AS by_type
    FROM period, sg_load_curve(NULL, p) AS c
    UNION ALL
    SELECT 'days', sum(c.produced), sum(c.consumed), sum(c.revenue), (array_agg(c.load ORDER BY c.bucket_start DESC) FILTER (WHERE c.load IS NOT NULL))[1], sum(c.solar + c.wind + c.biomass)
    FROM period, sg_load_curve(NULL, p, '1 day', 'Asia/Kathmandu') AS c
    UNION ALL
    SELECT 'seven minutes', sum(c.produced), sum(c.consumed), sum(c.revenue), (array_agg(c.load ORDER BY c.bucket_start DESC) FILTER (WHERE c.load IS NOT NULL))[1], sum(c.solar + c.wind + c.biomass)
    FROM period, sg_load_curve(NULL, p, '7 minutes') AS c
    UNION ALL
    SELECT 'view', sum(c.produced), sum(c.consumed), sum(c.revenue), (array_agg(c.load ORDER BY c.bucket_start DESC) FILTER (WHERE c.load IS NOT NULL))[1], sum(c.solar + c.wind + c.biomass)
    FROM sg_load_curve AS c
    UNION ALL
    SELECT 'key figures', max(k.value * 1000) FILTER (WHERE k.kpi = 'produced'), max(k.value * 1000) FILTER (WHERE k.kpi = 'consumed'),
           max(k.value) FILTER (WHERE k.kpi = 'revenue'), g.current_load, max(k.value * 1000) FILTER (WHERE k.kpi = 'produced')
    FROM period, sg_grids AS g, sg_kpis(p) AS k GROUP BY g.current_load
)
SELECT string_agg(f.source, ', ') FILTER (WHERE (f.produced, f.consumed, f.revenue, f.load, f.by_type)
                                                IS DISTINCT FROM (p.produced, p.consumed, p.revenue, g.current_load::numeric, p.produced)),
       count(*), max(p.produced)
FROM figures AS f, plain AS p, sg_grids AS g
SQL
is($node->safe_psql('grid', $compare) =~ s/\|.*//r, '', 'before anybody has consumed, the sums over the ledger');

my $seconds = 8;
my $log = '';
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
my ($compared, $different, $blocks, %seen) = (0, '', 0);
# Once again, where the machine has too much else to do for that much of it.
for my $round (1 .. 10)
{
    my @running = map { start([ 'pgbench', '-n', '-U', 'postgres', '-T', $seconds, @$_, 'grid' ], '>&', \$log) }
        ([ '-c', 3, map { ('-f', "$dir/$_.sql") } qw(produce consume post) ], [ '-f', "$dir/seal.sql" ], [ '-f', "$dir/give_up.sql" ]);
    my $until = time + $seconds - 1;
    while (time < $until)
    {
        my ($what, $n, $produced) = split /\|/, $node->safe_psql('grid', $compare), -1;
        $different .= "$what at $produced\n" if $what ne '' || $n != 5;
        $compared++;
        $seen{$produced} = 1;
    }
    $_->finish for @running;
    $blocks = $node->safe_psql('grid', 'SELECT count(*) FROM sg_blocks');
    last if $compared > 3 && keys %seen > 2 && $blocks > 5;
}
is($different, '', 'in each snapshot, the sums over the ledger');
cmp_ok($compared, '>', 3, "$compared comparisons");
cmp_ok(scalar keys %seen, '>', 2, 'while the ledger grew');
unlike($log, qr/ERROR|FATAL/, 'no call failed') or diag($log);

$node->safe_psql('grid', 'SELECT sg_seal()');
cmp_ok($blocks, '>', 5, 'many blocks');
is($node->safe_psql('grid', 'SELECT (SELECT sum(entries) FROM smartgrid.rollup) = (SELECT count(*) FROM sg_ledger)'), 't', 'each entry is in a rollup once');
my $rollups = 'SELECT r::text FROM smartgrid.rollup AS r UNION ALL SELECT p::text FROM smartgrid.rollup_production AS p ORDER BY 1';
my $before = $node->safe_psql('grid', $rollups);
$node->safe_psql('grid', 'SELECT sg_rebuild_rollups()');
is($node->safe_psql('grid', $rollups), $before, 'made anew they are the same');
is($node->safe_psql('grid', $compare) =~ s/\|.*//r, '', 'and so is what is read');
is(broken_blocks($node, 'grid'), '', 'the ledger is good');
done_testing();
