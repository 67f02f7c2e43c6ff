# The jobs of doc/operations.md run as they stand there, whatever the default isolation level of the database is.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;

my $document = slurp_file('doc/operations.md');
my ($scheduling) = $document =~ /^## Scheduling\n(.*?)^## /ms or die "no chapter on scheduling\n";
my @roles = $scheduling =~ /^((?:CREATE|ALTER) ROLE .*;)$/mg;
cmp_ok(scalar @roles, '>=', 2, 'the role of the jobs');
my ($table) = $scheduling =~ /^(CREATE TABLE reminder .*?;\nGRANT .*?;)$/ms or die "no table of reminders\n";
my %jobs;
while ($scheduling =~ /cron\.schedule_in_database\('([^']+)', '[^']+', ((?:'(?:[^']|'')+')|(?:\$\$.*?\$\$)), 'village', 'village_jobs'\)/sg)
{
    my ($name, $command) = ($1, $2);
    $jobs{$name} = $command =~ /^\$\$(.*)\$\$$/s ? $1 : substr($command, 1, -1) =~ s/''/'/gr;
}
is(join(' ', sort keys %jobs), 'village: balance village: check village: gaps village: metrics village: preview village: reminders village: seal', 'all jobs');
my ($crontab) = $scheduling =~ m{`\*/15 \* \* \* \* (psql [^`]+)`} or die "no line of a crontab\n";

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('village');
fill_roles($node);
fill($node, 'village');
$node->safe_psql('village', join "\n", @roles);
$node->safe_psql('village', $table);
# Two households: the meter of one said all of a fortnight, that of the other nothing of one day. They pay a membership.
$node->safe_psql('village', <<'SQL');
CREATE TABLE reading AS
SELECT point, start, 100 AS amount
FROM unnest(ARRAY['house 1', 'house 2']) AS point
     CROSS JOIN LATERAL (SELECT date_trunc('day', now() - interval '70 days', sg_time_zone())) AS b (begins)
     CROSS JOIN LATERAL generate_series(begins, now() - interval '1 hour', '15 minutes') AS start
WHERE NOT (point = 'house 2' AND start >= now() - interval '3 days' AND start < now() - interval '2 days');
SELECT sg_set_point(point, min(start), owner, 'consumption') FROM reading JOIN (VALUES ('house 1', 'anna'), ('house 2', 'bert')) AS o (point, owner) USING (point) GROUP BY point, owner;
SELECT count(*) FROM sg_post_intervals('reading');
SELECT sg_set_party('bert', now() - interval '70 days', '{"name": "Bert", "email": "bert@example.org"}');
SELECT sg_set_tariff('membership', date_trunc('day', now() - interval '70 days', sg_time_zone()), '[{"name": "Membership", "of": "participant", "price": 2.00}]', for_all => true);
SQL
# Before what is missing is filled.
my $reminders = $jobs{'village: reminders'};
is(sqlstate($node, 'village', $reminders, user => 'village_jobs'), '00000', 'who is to be reminded') for 1 .. 2;
is($node->safe_psql('village', 'SELECT point, owner, email, missing, first_missing <= now() - interval \'2 days\' FROM reminder WHERE point LIKE \'house%\''),
    'house 2|bert|bert@example.org|96|t', 'is in the table, once a day');
for my $level ('read committed', 'repeatable read', 'serializable')
{
    $node->safe_psql('postgres', "ALTER DATABASE village SET default_transaction_isolation = '$level'");
    is($node->safe_psql('village', 'SHOW transaction_isolation'), $level, "$level: as any session");
    for my $name (sort keys %jobs)
    {
        $node->safe_psql('village', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1)});
        is(sqlstate($node, 'village', $jobs{$name}, user => 'village_jobs'), '00000', "$level: $name");
    }
    $node->safe_psql('village', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1)});
    local $ENV{PGHOST} = $node->host;
    local $ENV{PGPORT} = $node->port;
    is(system('sh', '-c', "$crontab >/dev/null"), 0, "$level: the line of a crontab");
    is($node->safe_psql('village', q{SELECT count(*) FROM sg_ledger WHERE grid = 'default' AND entry_id > (SELECT max(last_entry) FROM sg_blocks WHERE grid = 'default')}),
        '0', "$level: which has sealed");
}
is($node->safe_psql('village', <<'SQL'), '1|anna 2.00, bert 2.00', 'there is one preview of the month before, in which both pay');
SELECT count(DISTINCT r.run), string_agg(l.participant || ' ' || l.money_currency, ', ' ORDER BY l.participant)
FROM sg_runs AS r JOIN sg_run_lines AS l USING (run)
WHERE r.grid = 'default' AND r.state = 'preview' AND l.tariff = 'membership' AND l.participant IN ('anna', 'bert')
      AND lower(r.period) = (date_trunc('month', now() AT TIME ZONE sg_time_zone()) - interval '1 month') AT TIME ZONE sg_time_zone()
SQL
done_testing();
