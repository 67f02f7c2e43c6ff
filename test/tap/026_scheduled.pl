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
my %jobs;
while ($scheduling =~ /cron\.schedule_in_database\('([^']+)', '[^']+', ((?:'(?:[^']|'')+')|(?:\$\$.*?\$\$)), 'village', 'village_jobs'\)/sg)
{
    my ($name, $command) = ($1, $2);
    $jobs{$name} = $command =~ /^\$\$(.*)\$\$$/s ? $1 : substr($command, 1, -1) =~ s/''/'/gr;
}
is(join(' ', sort keys %jobs), 'village: balance village: check village: gaps village: metrics village: seal', 'all jobs');
my ($crontab) = $scheduling =~ m{`\*/15 \* \* \* \* (psql [^`]+)`} or die "no line of a crontab\n";

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('village');
fill_roles($node);
fill($node, 'village');
$node->safe_psql('village', join "\n", @roles);
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
done_testing();
