# Batches of a size that matters: loaded from a file, interrupted, killed, and
# what they take of memory and time.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use POSIX ();
use Time::HiRes qw(time);
use GridData;
use GridSession;

# What a batch of a million readings may take beyond what the session had before.
# Measured: 210 MB from a table, 310 MB from arrays, those included; 6 to 12 seconds. The seconds are those of the processor:
# what else the machine has to do is not the batch's fault.
my $bound_mb = 500;
my $bound_seconds = 30;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
shared_buffers = 256MB
max_wal_size = 4GB
autovacuum = off
restart_after_crash = on
CONF
$node->start;
$node->create_grid_database('grid');

# 10,000 meters, of which 20 feed in; a million readings.
$node->safe_psql('grid', <<'SQL');
CREATE ROLE gateway LOGIN IN ROLE smartgrid_gateway;
SELECT sg_alter_grid('default', base_price => 1, energy_scale => 3, stripes => 4, max_topup => 1000000000000);
DO $$
BEGIN
    FOR n IN 1..10000 LOOP
        PERFORM set_config('smartgrid.principal', 'meter ' || n, true);
        IF n <= 20 THEN
            PERFORM sg_register_producer(1000000000, 'solar');
        END IF;
        PERFORM sg_register_consumer(1000000), sg_add_consumer_balance('meter ' || n, 1000000000000);
    END LOOP;
END $$;
CREATE TABLE public.million AS
SELECT n AS ord, 'meter ' || CASE WHEN n % 50 = 1 THEN 1 + n % 20 ELSE 1 + (n * 7919::bigint) % 10000 END AS principal,
       CASE WHEN n % 50 = 1 THEN 'production' ELSE 'consumption' END AS kind,
       CASE WHEN n % 50 = 1 THEN 1000000 ELSE 1 + n % 500 END AS amount,
       timestamptz '2026-01-01 00:00Z' + n * interval '86 ms' AS at
FROM generate_series(1, 1000000) AS n;
CREATE VIEW public.failing AS SELECT ord, 'nobody ' || ord AS principal, kind, amount FROM public.million;
GRANT SELECT ON public.million, public.failing TO gateway;
VACUUM ANALYZE;
SQL

# ---- A day from a file ----
my $file = $node->basedir . '/day.csv';
open my $out, '>', $file or die "$file: $!\n";
print $out "at,principal,kind,amount\n";
printf $out "2026-05-01 %02d:%02d+00,meter %d,%s,%d\n", $_ / 4, $_ % 4 * 15,
    ($_ % 25 == 24 ? 20000 : $_ + 1), ($_ == 0 ? 'production' : $_ % 5 ? 'consumption' : 'topup'), ($_ == 0 ? 100000 : 10 + $_)
    for reverse 0 .. 95;
close $out or die "$file: $!\n";

my ($stdout, $stderr);
my $status = $node->psql('grid', <<"SQL", stdout => \$stdout, stderr => \$stderr, extra_params => [ '-U', 'gateway' ]);
CREATE TEMPORARY TABLE day (at timestamptz, principal text, kind text, amount bigint);
\\copy day FROM '$file' (FORMAT csv, HEADER)
SELECT count(*) FROM day;
SELECT ord, sqlstate FROM sg_post_readings('day');
SQL
is($status, 0, 'a file is copied and posted by the gateway') or diag $stderr;
my ($count, @failures) = split /\n/, $stdout;
is($count, 96, 'all of it');
is_deeply(\@failures, [ '25|SG101', '50|SG101', '75|SG101' ], 'unknown meters are named by their position in the order of time');
is($node->safe_psql('grid', q{SELECT count(*) FROM sg_ledger WHERE at >= '2026-05-01 00:00+00' AND at < '2026-05-02 00:00+00'}), 93,
    'all that did not fail is in the ledger, with the time of the file');
is($node->safe_psql('grid', q{SELECT bool_and(at >= last) FROM (SELECT at, lag(at, 1, '-infinity') OVER (ORDER BY entry_id) AS last
    FROM sg_ledger WHERE at >= '2026-05-01 00:00+00' AND at < '2026-05-02 00:00+00') AS l}), 't', 'in the order of time');

# ---- Interrupted ----
my $was = contents($node, 'grid');
for my $form ("sg_post_readings('million')",
    "(SELECT array_agg(principal ORDER BY ord) AS p, array_agg(kind ORDER BY ord) AS k, array_agg(amount ORDER BY ord)::bigint[] AS a FROM million) AS m, sg_post_readings(p, k, a)")
{
    my $started = time;
    is(sqlstate($node, 'grid', "SET statement_timeout = '1200ms'; SELECT * FROM $form", user => 'gateway'), '57014',
        "a long batch is interrupted by statement_timeout: $form");
    cmp_ok(time - $started, '<', 30, 'at once');
    ok(contents($node, 'grid') eq $was, 'and leaves nothing');
}
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# ---- Killed ----
# Once its sequence tells that it is in the middle.
{
    my $session = GridSession->new($node, 'grid', name => 'poster', user => 'gateway');
    my $last = $node->safe_psql('grid', 'SELECT last_value FROM smartgrid.ledger_entry_id_seq');
    $session->send(q{SELECT count(*) FROM sg_post_readings('million')});
    ok($node->poll_query_until('grid', "SELECT last_value > $last + 50000 FROM smartgrid.ledger_entry_id_seq"), 'a batch is in the middle');
    $node->stop('immediate');
    my (undef, $error) = $session->receive;
    isnt($error, '', 'its session ends with the server');
    $session->quit;
    $node->start;
    ok(contents($node, 'grid') eq $was, 'an immediate shutdown in the middle leaves nothing half done');
    is(broken_invariants($node, 'grid'), '', 'the invariants hold');
}
{
    my $session = GridSession->new($node, 'grid', name => 'poster', user => 'gateway');
    my $last = $node->safe_psql('grid', 'SELECT last_value FROM smartgrid.ledger_entry_id_seq');
    $session->send(q{SELECT count(*) FROM sg_post_readings('million')});
    ok($node->poll_query_until('grid', "SELECT last_value > $last + 50000 FROM smartgrid.ledger_entry_id_seq"), 'a batch is in the middle');
    kill 'KILL', $session->pid;
    my (undef, $error) = $session->receive;
    isnt($error, '', 'its session ends when its backend is killed');
    $session->quit;
    # The server restarts by itself after a crash of one of its processes; until it has noticed, it knows the process still.
    $node->poll_query_until('grid', 'SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ' . $session->pid . ')') or die 'the server does not restart';
    ok(contents($node, 'grid') eq $was, 'kill -9 of the backend in the middle leaves nothing half done');
    is(broken_invariants($node, 'grid'), '', 'the invariants hold');
}

# ---- A million ----
# The private memory of a backend at its highest, in MB: resident without what it shares with others.
sub private_peak
{
    my ($pid) = @_;
    my $text = slurp_file("/proc/$pid/status");
    my ($peak) = $text =~ /^VmHWM:\s+(\d+)/m;
    my ($shared) = $text =~ /^RssShmem:\s+(\d+)/m;
    return ($peak - $shared) / 1024;
}

# What a backend has had of the processor, in seconds.
sub processor_time
{
    my ($pid) = @_;
    my (undef, $fields) = split /\) /, slurp_file("/proc/$pid/stat"), 2;
    my ($user, $system) = (split / /, $fields)[ 11, 12 ];
    return ($user + $system) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

my $arrays = <<'SQL';
SELECT count(f.ord)
FROM (SELECT array_agg(principal ORDER BY ord) AS p, array_agg(kind ORDER BY ord) AS k,
             array_agg(amount ORDER BY ord)::bigint[] AS a, array_agg(at ORDER BY ord) AS t
      FROM million OFFSET 0) AS m, sg_post_readings(p, k, a, t) AS f
SQL
for my $case ([ 'a table', q{SELECT count(*) FROM sg_post_readings('million')}, 0 ],
    [ 'arrays', $arrays, 0 ],
    [ 'a view of which every reading fails', q{SELECT count(*) FROM sg_post_readings('failing')}, 1_000_000 ])
{
    my ($what, $query, $failed) = @$case;
    my $session = GridSession->new($node, 'grid', name => 'poster', user => 'gateway');
    $session->query('SELECT sg_get_dynamic_price()');
    my ($before, $spent) = -r '/proc/' . $session->pid . '/status' ? (private_peak($session->pid), processor_time($session->pid)) : ();
    my $entries = $node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.ledger');
    my ($answer, $error) = $session->query($query);
    my @notices = $session->{last_error} =~ /NOTICE:\s+(.*)/g;
    is($error, '', "a million readings from $what");
    is($answer, $failed, "$what: as many failures as there should be");
    is($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.ledger') - $entries, 1_000_000 - $failed, "$what: the others are in the ledger");
    is(scalar @notices, 10, "$what: progress was told of");
    SKIP:
    {
        skip 'no /proc here', 2 unless defined $before;
        my $seconds = processor_time($session->pid) - $spent;
        cmp_ok($seconds, '<', $bound_seconds, sprintf '%s: in %.1f seconds of the processor', $what, $seconds);
        my $mb = private_peak($session->pid) - $before;
        cmp_ok($mb, '<', $bound_mb, sprintf '%s: with %.0f MB of memory', $what, $mb);
        note sprintf '%s: %.1f seconds, %.0f MB', $what, $seconds, $mb;
    }
    $session->quit;
}
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# What a user sees of the progress.
($stdout, $stderr) = ('', '');
$node->psql('grid', q{SELECT count(*) FROM sg_post_readings('failing')}, stdout => \$stdout, stderr => \$stderr);
my @notices = $stderr =~ /NOTICE:\s+(.*)/g;
is($notices[0], 'posted 100000 of 1000000 readings', 'the first notice');
is($notices[-1], 'posted 1000000 of 1000000 readings', 'the last notice');

done_testing();
