# The demo: its village, and its replay of readings with every kind of bad line.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/lib";
use IPC::Run;
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
my $demo = "$FindBin::RealBin/../../demo";

# Runs a command: exit status, output, errors.
sub demo
{
    my @command = @_;
    my ($out, $err) = ('', '');
    IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err);
    my $status = $? >> 8;
    utf8::decode($out);
    utf8::decode($err);
    return ($status, $out, $err);
}

sub write_file
{
    my ($name, $bytes) = @_;
    my $path = PostgreSQL::Test::Utils::tempdir() . "/$name";
    open my $file, '>:raw', $path or die "$path: $!";
    print $file $bytes;
    close $file or die "$path: $!";
    return $path;
}

sub forget_replay
{
    $node->safe_psql('postgres', 'DROP DATABASE replay');
    $node->safe_psql('postgres', 'DROP ROLE replay_operator, replay_gateway, replay_auditor');
    return;
}

my $report = PostgreSQL::Test::Utils::tempdir() . '/grid-report.html';

# A page that the demo left, which is not there for the next.
sub take_page
{
    my ($page) = @_;
    open my $file, '<:utf8', $page or return '';
    my $html = do { local $/; <$file> };
    close $file;
    unlink $page;
    return $html;
}

sub take_report { return take_page($report) }

subtest 'the village' => sub {
    local $ENV{REPORT} = $report;
    my $invoice = PostgreSQL::Test::Utils::tempdir() . '/invoice.html';
    local $ENV{INVOICE} = $invoice;
    my ($status, $out, $err) = demo('bash', "$demo/village.sh");
    is($status, 0, 'the day ends well') or diag $err;
    is($err, '', 'without a word on standard error');
    is(scalar(() = $out =~ /^  \d\d:00  [█▏▎▍▌▋▊▉░]+ +\d+ %   /mg), 24, 'a line for each hour');
    like($out, qr/EMERGENCY/, 'there is an emergency');
    like($out, qr/Mia does not answer, Karla cancels the offer/, 'one trade is cancelled');
    like($out, qr/\d+ completed, 1 cancelled, 0 pending/, 'the others are completed');
    like($out, qr/^ +100 % ┤/m, 'chart of the load');
    like($out, qr/^ +0\.80 ┤/m, 'chart of the price');
    like($out, qr/tops himself up +ERROR 42501/, 'members cannot top up');
    like($out, qr/acts for nobody +ERROR SG102/, 'the application must say for whom it acts');
    like($out, qr/^  (\d+) of \1 invariants hold/m, 'all invariants hold');
    like($out, qr/^  block 0 +\d+ entries, .*\n +SHA-256 [0-9a-f]{64}\n  verified +✓/m, 'the day is sealed and verified');
    like($out, qr/^  proven +✓ ben's last entry/m, 'and an entry of it proven');
    my ($longest) = sort { $b <=> $a } map { length } split /\n/, $out;
    cmp_ok($longest, '<=', 100, 'nothing is wider than 100 columns');

    is($node->safe_psql('village', 'SELECT bool_and(ok) FROM sg_check()'), 't', 'sg_check()');
    is($node->safe_psql('village', 'SELECT count(*), sum(unserved), sum(postponed) FROM village.log, village.meter WHERE quarter = 95'),
        '40|0|0', 'nobody was left without energy');
    is($node->safe_psql('village', <<'SQL'), '40|12|1|2', '40 households, 12 roofs, a turbine, 2 batteries');
SELECT (SELECT count(*) FROM sg_consumers), (SELECT count(*) FROM sg_producers WHERE energy_type = 'solar'),
       (SELECT count(*) FROM sg_producers WHERE energy_type = 'wind'), (SELECT count(*) FROM sg_storages)
SQL
    is($node->safe_psql('village', <<'SQL'), 't', 'what was consumed is what the profile asks for');
SELECT (SELECT sum(total_consumed) FROM sg_consumers) = (SELECT sum(wh) FROM village.plan WHERE kind = 'need')
SQL
    is($node->safe_psql('village', 'SELECT bool_and(ok), count(*) > 1 FROM sg_verify_ledger()'), 't|t', 'the ledger agrees with its blocks');
    is($node->safe_psql('village', <<'SQL'), '2024-06-19 23:50:00|20|t', q{the ledger has the times of the village's day});
SELECT min(at AT TIME ZONE sg_time_zone()), extract(day FROM max(at AT TIME ZONE sg_time_zone())),
       bool_and(quarter IS NULL OR quarter = floor(extract(epoch FROM at - '2024-06-20 00:00 Europe/Berlin'::timestamptz) / 900)) FROM village.ledger
SQL
    my $html = take_report();
    like($html, qr/\A<!DOCTYPE html>\n.*<\/html>\n\z/s, 'a report page is written');
    like($html, qr/<h1><bdi>village<\/bdi>.*Thursday, 20 June 2024.*books balance.*miller/s, q{of the grid's day});
    my ($produced) = $html =~ /<b>Produced<\/b><strong>([\d.]+)/;
    is($produced, $node->safe_psql('village', 'SELECT round(sum(total_produced_kwh), 1) FROM sg_producers'), 'with its production');

    is($node->safe_psql('village', 'SELECT count(*) FROM village.log WHERE emergency'), '4', 'the emergency lasts an hour');
    is($node->safe_psql('village', q{SELECT count(DISTINCT kind) FROM sg_ledger WHERE grid = 'village'}), '9', 'every kind of ledger entry of real time occurs');
    my ($balance) = $out =~ /^  23:00 from the grid .* ([\d.]+) *$/m;
    is($node->safe_psql('village', q{SELECT balance_currency FROM sg_consumers WHERE principal = 'ben'}), $balance,
        'the running balance of the statement is the balance');

    # The month by the meters.
    like($out, qr/^  june\.csv +152632 quarter-hours in one call, 0 refused, 8 missing, 8 filled/m, 'a month is loaded, and a gap filled');
    like($out, qr/^  preview +run 1: \d+ lines, 0 problems$/m, 'settled without problems');
    like($out, qr/^  issued +41 invoices, 13 self-billed ones of producers$/m, 'and billed');
    like($out, qr/^  corrected +run 2: /m, 'and corrected');
    like($out, qr/^  paid +\d+ by bank; karla owes [\d.]+ EUR still$/m, 'and paid');
    like($out, qr/^  proven +✓ ben's invoice R202400003.*\n  verified +✓ audrey/m, 'and proven');
    is($node->safe_psql('village', <<'SQL'), '40|12|1|152640|8', '40 households, 12 roofs, a turbine, every quarter-hour');
SET smartgrid.grid = 'village-energy';
SELECT count(*) FILTER (WHERE kind = 'consumption'), count(*) FILTER (WHERE kind = 'production') - 1, count(*) FILTER (WHERE owner = 'miller'),
       (SELECT sum(expected - missing) FROM sg_completeness('[2024-06-01 00:00 Europe/Berlin, 2024-07-01 00:00 Europe/Berlin)')),
       (SELECT sum(substituted) FROM sg_completeness('[2024-06-01 00:00 Europe/Berlin, 2024-07-01 00:00 Europe/Berlin)'))
FROM sg_points WHERE grid = 'village-energy'
SQL
    is($node->safe_psql('village', <<'SQL'), 't|t', 'runs, documents and dues are of one sum');
SELECT (SELECT sum(charges) - sum(credits) FROM sg_runs) = (SELECT sum(CASE side WHEN 'charge' THEN net ELSE -net END) FROM sg_documents),
       (SELECT sum(due) FROM sg_dues WHERE participant = 'karla') = (SELECT sum(CASE side WHEN 'charge' THEN gross ELSE -gross END) FROM sg_documents WHERE participant = 'karla')
SQL
    my ($gross) = $out =~ /= ([\d.]+) EUR, to be paid until 2024-07-16$/m;
    like(take_page($invoice), qr/\A<!DOCTYPE html>\n.*<body.*Village Energy eG.*Ben Brook.*R202400003.*\Q$gross\E&#160;EUR.*<\/html>\s*\z/s, 'an invoice is written');
};

# Each line, and what is to be said about it ('' : good).
my @lines = (
    ['at,principal,produced_kwh,consumed_kwh', ''],
    ['2024-01-01T00:00:00Z,a,0.1,0.2', ''],
    ['2024-01-01T00:00:00Z,b,0.1', '3 fields instead of 4'],
    ['2024-01-01T00:15:00Z,b,0.1,0.2,5', '5 fields instead of 4'],
    ['', 'empty line'],
    ['\\.', '1 field instead of 4'],
    ['yesterday,b,0.1,0.2', 'at is not a time (ISO 8601): "yesterday"'],
    ['2024-02-30T00:00:00Z,b,0.1,0.2', 'at is not a time (ISO 8601): "2024-02-30T00:00:00Z"'],
    [',b,0.1,0.2', 'at is not a time (ISO 8601): ""'],
    ['2024-01-01T00:00:00Z,b,-0.1,0.2', 'produced_kwh is negative: "-0.1"'],
    ['2024-01-01T00:00:00Z,b,x,0.2', 'produced_kwh is not a decimal number: "x"'],
    ['2024-01-01T00:00:00Z,b,,0.2', 'produced_kwh is not a decimal number: ""'],
    ['2024-01-01T00:00:00Z,b,0.1,NaN', 'consumed_kwh is not a decimal number: "NaN"'],
    ['2024-01-01T00:00:00Z,b,0.1,1e3', 'consumed_kwh is not a decimal number: "1e3"'],
    ['2024-01-01T00:00:00Z,b,0.0001,0.2', 'produced_kwh is finer than a watt-hour: "0.0001"'],
    ['2024-01-01T00:00:00Z,b,99999999999,0', 'produced_kwh is out of range: "99999999999"'],
    ['2024-01-01T00:00:00Z,,0.1,0.2', 'principal is empty'],
    ['2024-01-01T00:00:00Z,' . "\xc3\xa4" x 65 . ',0.1,0.2', 'principal has 130 bytes, 128 are allowed'],
    ['2024-01-01T00:00:00Z,utility,0.1,0.2', 'principal "utility" is reserved for what the members lack'],
    ["2024-01-01T00:00:00Z,b\tb,0.1,0.2", 'principal has a control character'],
    ["2024-01-01T00:00:00Z,b\0b,0.1,0.2", 'principal has a control character'],
    ["2024-01-01T00:00:00Z,b\xff,0.1,0.2", 'not UTF-8'],
    ['2024-01-01T00:00:00Z,"b,0.1,0.2', 'quotes do not match'],
    ['2024-01-01T01:00:00+01:00,a,0.1,0.2', '"a" has a reading for this time already, in line 2'],
    ['2024-01-01T00:00:00Z,"Smith, ""Bob""",1.5,0.2500', ''],
    ['"2023-12-31T23:45:00Z",b,.5,"2."', ''],                # earlier than the lines before it
    ["2024-01-01T00:15:00Z,\xc3\xbc b,0.1,0.3\r", ''],
    ['2024-01-01 00:15:00,' . 'x' x 128 . ',0,0', ''],       # no zone: UTC
    ['2024-01-01T00:30:00Z,a,0,3', ''],
    ['2024-01-01T00:15:00Z,\'; DROP TABLE x; --,1,1', ''],
);

subtest 'replay with bad lines' => sub {
    local $ENV{REPORT} = $report;
    my $file = write_file('readings.csv', "\xef\xbb\xbf" . join("\n", map { $_->[0] } @lines));
    my ($status, $out, $err) = demo('bash', "$demo/replay.sh", $file);
    is($status, 0, 'bad lines do not stop it') or diag $err;
    is($err, '', 'without a word on standard error');
    my $bad = 0;
    foreach my $number (1 .. @lines)
    {
        my $problem = $lines[$number - 1][1];
        if ($problem eq '')
        {
            unlike($out, qr/^  line $number:/m, "line $number is good");
        }
        else
        {
            $bad++;
            like($out, qr/^  line $number: \Q$problem\E$/m, "line $number: $problem");
        }
    }
    my $good = @lines - 1 - $bad;
    like($out, qr/^readings\.csv: $good readings of 6 principals from .*, $bad bad lines$/m, 'they are counted');
    like($out, qr/^  $good readings posted, $bad bad lines left out/m, 'also in the summary');
    like($out, qr/(\d+) of \1 invariants hold/, 'all invariants hold');

    # By hand: 23:45 lacks 1500; 00:00 leaves 1150, 00:15 leaves 950; 00:30 lacks 2050.
    is($node->safe_psql('replay', <<'SQL'), '3200|6750|3550|0', 'the utility fed in what was missing, and no more');
SELECT (SELECT sum(total_produced) FROM sg_producers WHERE principal <> 'utility'),
       (SELECT sum(total_consumed) FROM sg_consumers),
       (SELECT total_produced FROM sg_producers WHERE principal = 'utility'),
       (SELECT current_load FROM sg_grids WHERE grid = 'replay')
SQL
    is($node->safe_psql('replay', q{SELECT total_produced, total_consumed FROM sg_producers JOIN sg_consumers USING (grid, principal)
                                    WHERE principal = 'Smith, "Bob"'}), '1500|250', 'quotes as in CSV');
    is($node->safe_psql('replay', 'SELECT bool_and(ok) FROM sg_check()'), 't', 'sg_check()');
    is($node->safe_psql('replay', q{SELECT count(*) FROM sg_ledger AS l JOIN replay.reading AS r ON r.at = l.at AND r.principal = l.participant
                                    WHERE l.kind = 'production' AND l.energy = r.produced}), $good, 'each with its time');
    my $html = take_report();
    like($html, qr/<b>Produced<\/b><strong>6\.75/, 'a report page is written');      # the members' 3200 and the utility's 3550
    like($html, qr/<bdi>&#39;; DROP TABLE x; --<\/bdi>/, 'with whatever names there are');

    ($status, $out, $err) = demo('psql', '-X', '-q', '-U', 'postgres', '-d', 'replay', '-v', 'ON_ERROR_STOP=1',
        '-v', "file_sums=$good|3201|6750", '-f', "$demo/replay_closing.sql");
    isnt($status, 0, 'a difference of one watt-hour is a failure');
    like($err, qr/the books differ from the file/, 'and is told');
    forget_replay();
};

subtest 'files that cannot be replayed' => sub {
    foreach my $case (
        ['empty', '', 'the file is empty'],
        ['other header', "time,who\n1,2\n", 'line 1: the header must be at,principal,produced_kwh,consumed_kwh, not: time,who'],
        ['no header', "2024-01-01T00:00:00Z,a,0.1,0.2\n", 'line 1: the header must be'])
    {
        my ($name, $bytes, $message) = @$case;
        my ($status, $out, $err) = demo('bash', "$demo/replay.sh", write_file('bad.csv', $bytes));
        is($status, 65, "$name: exit status");
        like($err, qr/^bad\.csv: \Q$message\E/, "$name: message");
        is($node->safe_psql('replay', 'SELECT count(*) FROM sg_ledger'), '0', "$name: nothing posted");
        forget_replay();
    }
};

subtest 'a file without a good line' => sub {
    local $ENV{REPORT} = $report;
    my $file = write_file('none.csv', "at,principal,produced_kwh,consumed_kwh\r\n1,2,3\r\n");
    my ($status, $out, $err) = demo('bash', "$demo/replay.sh", $file);
    is($status, 0, 'is no failure') or diag $err;
    like($out, qr/^none\.csv: 0 readings of 0 principals, 1 bad line$/m, 'and is told');
    like(take_report(), qr/Nothing was produced/, 'and has a report');
    forget_replay();
};

subtest 'the clock of the file' => sub {
    # Four days, of which Sydney has the first in summer time.
    my $sydney = join "\n", 'at,principal,produced_kwh,consumed_kwh',
        map {; "2024-04-0${_}T12:00:00+10:00,a,1,0.5", "2024-04-0${_}T23:30:00+10:00,a,0,0.5" } 6 .. 9;
    foreach my $case (
        ['its offset', $sydney, undef, 'Etc/GMT-10', '2024-04-06 12:00 to 2024-04-09 23:30 +10:00', '6 Apr 2024 &#8211; 9 Apr 2024'],
        ['a zone that was asked for', $sydney, 'Australia/Sydney', 'Australia/Sydney', '2024-04-06 13:00 to 2024-04-09 23:30 Australia/Sydney', '6 Apr 2024 &#8211; 9 Apr 2024'],
        ['an offset that no grid has', $sydney =~ s/\+10:00/+0530/gr, undef, 'UTC', '2024-04-06 12:00 to 2024-04-09 23:30 +05:30', '5 Apr 2024, 18:30 &#8211; 9 Apr 2024, 18:30'],
        ['none', $sydney =~ s/\+10:00//gr, undef, 'UTC', '2024-04-06 12:00 to 2024-04-09 23:30 UTC', '6 Apr 2024 &#8211; 9 Apr 2024'])
    {
        my ($name, $bytes, $zone, $grid_zone, $span, $period) = @$case;
        local $ENV{REPORT} = $report;
        local $ENV{ZONE} = $zone // '';
        my ($status, $out, $err) = demo('bash', "$demo/replay.sh", write_file('clock.csv', $bytes));
        is($status, 0, "$name: replayed") or diag $err;
        is($node->safe_psql('replay', 'SELECT sg_time_zone()'), $grid_zone, "$name: the grid's zone");
        like($out, qr/^clock\.csv: 8 readings of 1 principal from \Q$span\E, 0 bad lines$/m, "$name: when the readings are from");
        like($out, qr/^  2024-04-06 +2 /m, "$name: days") unless $zone;
        like(take_report(), qr/\Q$period\E/, "$name: the period of the report");
        forget_replay();
    }
    local $ENV{ZONE} = 'Sydney';
    my ($status, $out, $err) = demo('bash', "$demo/replay.sh", write_file('clock.csv', $sydney));
    is($status, 65, 'no zone: exit status');
    like($err, qr/^ZONE=Sydney is no time zone/, 'no zone: message');
    forget_replay();
};

$node->stop;
done_testing();
