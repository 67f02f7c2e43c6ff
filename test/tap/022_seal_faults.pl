# Whatever happens while entries are written and sealed: nothing is lost, nothing
# is done by half, the next call works, the books balance and the ledger is what
# was sealed.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use IPC::Run;
use Evidence;
use GridData;
use GridSession;
use ServerDeath;

my $node = SmartgridCluster->new('main');
$node->init(extra => ['--data-checksums']);
$node->append_conf('postgresql.conf', <<'CONF');
fsync = on
synchronous_commit = on
max_connections = 16
superuser_reserved_connections = 1
max_prepared_transactions = 10
log_statement = none
autovacuum_naptime = 1s
CONF
$node->start;
$node->create_grid_database('grid');
# As many stripes as sessions: from PostgreSQL 17 on their numbers are given out in turn.
$node->safe_psql('grid', <<'SQL');
SELECT sg_alter_grid('default', base_price => 1, max_topup => 1000000000000, stripes => 16);
CREATE PROCEDURE register(name text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.principal', name, true);
    PERFORM sg_register_producer(1000000000, 'solar'), sg_register_consumer(1000000000), sg_register_storage(1000000000000, 1000000000, 1000000000);
    PERFORM sg_report_production(1000000000), sg_add_consumer_balance(name, 1000000000000);
END $$;
CALL register('anna'); CALL register('bert'); CALL register('carl');
SQL
my $dir = $node->basedir;

sub batch
{
    my ($n, $who) = @_;
    $who //= 'anna';
    return "SELECT count(*) FROM sg_post_readings(array_fill('$who'::text, '{$n}'), array_fill('production'::text, '{$n}'), array_fill(1::bigint, '{$n}'))";
}

# After each fault: sound, and able to go on.
sub is_sound
{
    my ($what, $db) = @_;
    $db //= 'grid';
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is(broken_invariants($node, $db), '', "$what: the books balance");
    is(unverified($node, $db, 'default'), '', "$what: the ledger is what was sealed");
    is($node->safe_psql($db, q{SET smartgrid.principal = 'carl'; SELECT sg_report_production(1), sg_consume_energy(1)}), 't|t', "$what: the next call works");
    is($node->safe_psql($db, q{SELECT count(*) > 0 FROM sg_seal()}), 't', "$what: and is sealed");
    is($node->safe_psql($db, q{SELECT (SELECT max(entry_id) FROM smartgrid.ledger) = (SELECT max(last_entry) FROM smartgrid.block)}), 't', "$what: with all before it");
    is(unverified($node, $db, 'default'), '', "$what: and still good");
    return;
}

sub start_psql
{
    my ($name, $script) = @_;
    open my $out, '>', "$dir/$name.sql" or die "$dir/$name.sql: $!\n";
    print $out $script;
    close $out or die $!;
    return IPC::Run::start(
        [ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-v', 'VERBOSITY=sqlstate', '-f', "$dir/$name.sql" ],
        '<', '/dev/null', '>', "$dir/$name.out", '2>', "$dir/$name.err");
}

# ---- the server dies while entries are written and sealed ----

for my $how ('kill -9', 'immediate shutdown', 'kill -9, a large block')
{
    # Enough to seal for a while, so that it dies in the middle.
    $node->safe_psql('grid', batch($how =~ /large/ ? 60_000 : 10_000));
    my %run = (
        reporter => start_psql('reporter', "SET smartgrid.principal = 'anna';\n" . "SELECT sg_report_production(7);\n" x 30_000),
        eater => start_psql('eater', "SET smartgrid.principal = 'bert';\n" . "SELECT sg_consume_energy(2);\n" x 30_000),
        poster => start_psql('poster', (batch(300, 'carl') . ";\n") x 3000),
        sealer => start_psql('sealer', "SELECT 'block', height, hash FROM sg_seal();\n" x 3_000));
    sleep $how =~ /large/ ? 0.25 : 1.5 + rand;
    # a machine that is busy may not have made the first block by then
    for (1 .. 1200) { last if $how =~ /large/ || slurp_file("$dir/sealer.out") =~ /^block\|/m; sleep 0.1 }
    if ($how =~ /kill/) { cmp_ok(kill_server($node), '>', 4, "$how: everything is killed") }
    else { $node->stop('immediate') }
    for my $name (keys %run)
    {
        eval { $run{$name}->finish };
        my @states = grep { !/^57P0/ } slurp_file("$dir/$name.err") =~ /$SQLSTATE/g;
        is("@states", '', "$how: no call of $name failed by itself");
    }
    $node->start;
    my @blocks = slurp_file("$dir/sealer.out") =~ /^block\|(.*)$/mg;
    cmp_ok(scalar @blocks, '>', 0, "$how: " . @blocks . ' blocks were acknowledged') unless $how =~ /large/;
    my %there = map { $_ => 1 } split /\n/, $node->safe_psql('grid', 'SELECT height, hash FROM sg_blocks');
    is(join(' ', grep { !$there{$_} } @blocks), '', "$how: and none of them is lost");
    is($node->safe_psql('grid', 'SELECT count(*) - max(height) - 1, count(*) FILTER (WHERE d.height IS NULL) FROM smartgrid.block AS b LEFT JOIN smartgrid.block_detail AS d USING (grid_id, height)'),
        '0|0', "$how: no block is there by half");
    my $reported = () = slurp_file("$dir/reporter.out") =~ /^t$/mg;
    cmp_ok($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.ledger WHERE kind = 0 AND energy = 7'), '>=', $reported, "$how: no acknowledged call is lost");
    is_sound($how);
    my ($status, $said) = check_export($node, 'grid', 'default', map { s/\|/:/r } @blocks);
    is($status, 0, "$how: the checker finds it good, too, with the hashes that were acknowledged") or diag $said;
}

# ---- a caller is ended or cancelled: in the middle of a batch, of sealing, and while it waits ----

for my $end ('pg_terminate_backend', 'pg_cancel_backend')
{
    # Neither is over before it is ended.
    my %work = ('a batch' => batch(150_000) =~ s/SELECT count\(\*\)/SELECT count(*), pg_sleep(600)/r, 'sealing' => 'SELECT pg_sleep(600) FROM sg_seal()');
    $node->safe_psql('grid', batch(80_000));
    for my $what (sort keys %work)
    {
        my $before = $node->safe_psql('grid', 'SELECT (SELECT count(*) FROM smartgrid.ledger), (SELECT count(*) FROM smartgrid.block)');
        my $session = GridSession->new($node, 'grid', name => 'victim');
        my $pid = $session->pid;
        $session->send($work{$what});
        $node->poll_query_until('grid', "SELECT state = 'active' AND clock_timestamp() > query_start + interval '60 ms' FROM pg_stat_activity WHERE pid = $pid") or die;
        is($node->safe_psql('grid', "SELECT $end($pid)"), 't', "$end: $what");
        my (undef, $state) = $session->receive;
        like($state, $end =~ /cancel/ ? qr/^57014$/ : qr/^(57P01|closed)$/, "$end: ends $what ($state)");
        $session->quit;
        is($node->safe_psql('grid', 'SELECT (SELECT count(*) FROM smartgrid.ledger), (SELECT count(*) FROM smartgrid.block)'), $before, "$end: nothing of $what is left");
    }
    is_sound($end);

    # Waiting for an open transaction.
    my $writer = GridSession->new($node, 'grid', name => 'writer');
    $writer->query(q{BEGIN; SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(3)});
    $node->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_report_production(4)});
    my $sealer = GridSession->new($node, 'grid', name => 'sealer');
    $sealer->send(q{SET smartgrid.seal_wait = '100s'; SELECT count(*) FROM sg_seal()});
    ok($sealer->wait_sealing($node), "$end: sealing waits for an open transaction");
    $node->safe_psql('grid', "SELECT $end(" . $sealer->pid . ')');
    (undef, my $state) = $sealer->receive;
    like($state, qr/^(57014|57P01|closed)$/, "$end: ends the wait");
    $sealer->quit;
    is($writer->query('SELECT sg_report_production(3); COMMIT'), 't', "$end: the writer does not notice");
    $writer->quit;
    is_sound("$end, waiting");
}

# ---- a transaction is left open: sealing goes on without it, and says so ----
{
    my $before = $node->safe_psql('grid', 'SELECT max(height) FROM smartgrid.block');
    my $idle = GridSession->new($node, 'grid', name => 'forgotten');
    $idle->query(q{BEGIN; SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(3)});
    my (undef, $one) = split /\n/, $node->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_report_production(4); SELECT entry_id FROM sg_last_entry()});
    my ($out, $warning) = ('', '');
    $node->psql('grid', q{SET smartgrid.seal_wait = '200ms'; SELECT last_entry FROM sg_seal()}, stdout => \$out, stderr => \$warning);
    my $pid = $idle->pid;
    like($warning, qr/WARNING/, 'idle in transaction: there is a warning');
    like($warning, qr/\b$pid\b/, 'idle in transaction: it names the process');
    like($warning, qr/idle in transaction/, 'idle in transaction: and its state');
    unlike($out, qr/^$one$/m, 'idle in transaction: nothing that may come after it is sealed');
    is(unverified($node, 'grid', 'default'), '', 'idle in transaction: what is sealed is good');

    # Written after it, and sealed before it ends, as soon as the younger ones are final.
    $node->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_report_production(5)});
    my ($again) = $idle->query('SELECT sg_report_production(6); COMMIT');
    is($again, 't', 'idle in transaction: it goes on when it likes');
    $idle->quit;
    is_sound('idle in transaction');

    # One that had written before the seal began, and one that begins later.
    my $old = GridSession->new($node, 'grid', name => 'old');
    $node->safe_psql('grid', q{SET smartgrid.seal_wait = '10s'; SET smartgrid.principal = 'bert'; SELECT sg_report_production(5); SELECT count(*) FROM sg_seal()});
    $old->query(q{BEGIN; SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(3)});
    my $ended = $node->psql('grid', q{SET smartgrid.seal_wait = '100ms'; SET smartgrid.seal_terminate_idle = '1ms'; SET smartgrid.principal = 'bert'; SELECT sg_report_production(5); SELECT count(*) FROM sg_seal()},
        stdout => \$out, stderr => \$warning);
    is($ended, 0, 'smartgrid.seal_terminate_idle: sealed');
    my (undef, $state) = $old->query('SELECT 1');
    like($state, qr/^(57P01|25P03|closed)$/, 'smartgrid.seal_terminate_idle: the idle session is terminated');
    $old->quit;
    is_sound('smartgrid.seal_terminate_idle');
}

# ---- sealing in a subtransaction that is rolled back ----
{
    my $seal = 'SELECT sum(entries) FROM sg_seal()';
    my $report = 'SELECT sg_report_production(1)';
    is($node->safe_psql('grid', "SET smartgrid.principal = 'anna'; BEGIN; $report; SAVEPOINT a; $report; $seal; ROLLBACK TO a; $report; $seal; SAVEPOINT b; $report; $seal; ROLLBACK TO b; COMMIT"),
        "t\nt\n2\nt\n2\nt\n1", 'a subtransaction: what it sealed is sealed by the next');
    is($node->safe_psql('grid', 'SELECT (SELECT sum(entries) FROM smartgrid.rollup) - (SELECT sum(entries) FROM smartgrid.block)'), '0', 'a subtransaction: and added up once');
    is_sound('a subtransaction');
}

# ---- prepared transactions ----
{
    is(sqlstate($node, 'grid', q{BEGIN; SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(3); SELECT count(*) FROM sg_seal(); PREPARE TRANSACTION 'sealing'}), '0A000',
        'prepared: a transaction that has sealed cannot be prepared, as it notifies');
    is_sound('prepared, refused');
    for my $end ('COMMIT PREPARED', 'ROLLBACK PREPARED')
    {
        my $blocks = $node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.block');
        # Its session stays for a while, so that the next one has another stripe.
        my $place = GridSession->new($node, 'grid', name => 'place');
        $place->query(q{BEGIN; SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(11); SELECT sg_create_trade('bert', 1, 1); PREPARE TRANSACTION 'two phases'});
        $node->safe_psql('grid', q{SET lock_timeout = '20s'; SET smartgrid.principal = 'bert'; SELECT sg_report_production(4)});
        $place->quit;
        for my $when ('at once', 'after a restart', 'after a crash')
        {
            $node->restart if $when =~ /restart/;
            do { $node->stop('immediate'); $node->start } if $when =~ /crash/;
            my ($out, $warning) = ('', '');
            $node->psql('grid', q{SET smartgrid.seal_wait = '200ms'; SELECT * FROM sg_seal()}, stdout => \$out, stderr => \$warning);
            like($warning, qr/WARNING.*two phases|two phases.*PREPARED/s, "$end, $when: sealing says which transaction holds it back");
            is($out, '', "$end, $when: and seals nothing that is not final");
            is(unverified($node, 'grid', 'default'), '', "$end, $when: the ledger is good");
        }
        $node->safe_psql('grid', "$end 'two phases'");
        is_sound($end);
        is($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.ledger WHERE energy = 11'), '1', "$end: its entry is " . ($end =~ /COMMIT/ ? 'sealed' : 'gone'));
    }
}

# ---- out of connections ----
{
    my $sealer = GridSession->new($node, 'grid', name => 'sealer');
    my @held;
    # One of before may take its time to end: all are taken where the server has none but ours.
    for (1 .. 600)
    {
        my $session = eval { GridSession->new($node, 'grid', name => "held$_") };
        push @held, $session if $session;
        last if !$session && $sealer->query(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'}) == @held + 1;
    }
    is(scalar @held, 15, 'no connection is left');
    my (undef, undef, $error) = $node->psql('grid', 'SELECT sg_seal()');
    like($error, qr/too many clients|remaining connection slots/, 'no connection is left: who comes is told so');
    my ($out, $state) = $held[0]->query(q{SET smartgrid.principal = 'bert'; SELECT sg_report_production(4)});
    is("$out$state", 't', 'no connection is left: those who are there go on');
    ($out, $state) = $sealer->query('SELECT count(*) FROM sg_seal()');
    is("$out$state", '1', 'no connection is left: sealing, too');
    $_->quit for @held, $sealer;
    $node->poll_query_until('grid', 'SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = $$client backend$$');
    is_sound('no connection is left');
}

# ---- a page of the ledger is damaged on disk ----
{
    my $path = $node->safe_psql('grid', q{CHECKPOINT; SELECT pg_relation_filepath('smartgrid.ledger')});
    # A figure of an entry in the last tuple of the first page.
    my $entry = $node->safe_psql('grid', q{SELECT entry_id FROM smartgrid.ledger WHERE ctid = '(0,1)'});
    my $pages = $node->safe_psql('grid', q{SELECT pg_relation_size('smartgrid.ledger') / current_setting('block_size')::integer});
    my $offset = $node->safe_psql('grid', q{SELECT current_setting('block_size')::integer - 16});
    # Nobody else is to write the page anew, with a checksum that fits the damage.
    $node->append_conf('postgresql.conf', 'autovacuum = off');
    $node->stop;
    my $file = $node->data_dir . "/$path";
    my $damage = sub {
        open my $disk, '+<:raw', $file or die "$file: $!\n";
        seek $disk, $offset, 0 or die $!;
        read $disk, my $byte, 1 or die $!;
        seek $disk, $offset, 0 or die $!;
        print $disk chr(ord($byte) ^ 1) or die $!;
        close $disk or die $!;
    };
    $damage->();
    $node->start;
    is(sqlstate($node, 'grid', q{SELECT * FROM sg_verify_ledger()}), 'XX001', 'a damaged page: sg_verify_ledger() does not hide it');
    is(sqlstate($node, 'grid', q{SELECT * FROM sg_check()}), 'XX001', 'a damaged page: nor does sg_check()');
    is(sqlstate($node, 'grid', "SELECT sg_prove_entry($entry)"), 'XX001', 'a damaged page: nor a proof');
    is($node->safe_psql('grid', q{SET smartgrid.principal = 'bert'; SELECT sg_report_production(4); SELECT count(*) FROM sg_seal()}), "t\n1", 'a damaged page: who does not need it goes on');
    my $found = $node->safe_psql('grid', q{SET ignore_checksum_failure = on; SET client_min_messages = error; SELECT height, problem FROM sg_verify_ledger() WHERE ok IS NOT TRUE});
    like($found, qr/^0\|entry (changed|missing)/, "a damaged page: with ignore_checksum_failure the entry is found ($found)");
    $node->stop;
    $damage->();
    $node->start;
    is_sound('the page is repaired');
}

# ---- the disk of the ledger is full ----
SKIP:
{
    # A small file system of its own, which the server sees and nobody else.
    my $full = "$dir/full";
    mkdir $full or die $!;
    my @unshare = ('unshare', '--user', '--map-current-user', '--keep-caps', '--mount');
    my $mount = "mount -t tmpfs -o size=4m,mode=700 tmpfs '$full'";
    skip 'no file system can be mounted here (unshare --user)', 1 if !IPC::Run::run([ @unshare, 'sh', '-c', $mount ], '>', \my $out, '2>', \my $err);
    $node->stop;
    my $log = $node->logfile;
    is(system(@unshare, 'sh', '-c', "$mount && exec pg_ctl -w -s -D '" . $node->data_dir . "' -l '$log' start > /dev/null"), 0, 'disk full: the server runs on a small disk');
    $node->_update_pid(1);
    $node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$full'");
    $node->create_grid_database('small');
    $node->safe_psql('small', <<'SQL');
SELECT sg_alter_grid('default', base_price => 1, max_topup => 1000000000000);
SET smartgrid.principal = 'carl';
SELECT sg_register_producer(1000000000, 'solar'), sg_register_consumer(1000000000), sg_report_production(1000000000), sg_add_consumer_balance('carl', 1000000000000);
SELECT count(*) FROM sg_seal();
ALTER TABLE smartgrid.ledger SET TABLESPACE small;
ALTER INDEX smartgrid.ledger_pkey SET TABLESPACE small;
ALTER TABLE smartgrid.block_detail SET TABLESPACE small;
ALTER TABLE smartgrid.rollup SET TABLESPACE small;
CREATE TABLE filler TABLESPACE small AS SELECT repeat('x', 1000) FROM generate_series(1, 1000);
SQL
    my $before = contents($node, 'small');
    is(sqlstate($node, 'small', batch(100_000, 'carl')), '53100', 'disk full: a batch fails with 53100');
    is(contents($node, 'small'), $before, 'disk full: and nothing of it is left');
    my $calls = 0;
    my $state = '00000';
    while ($state eq '00000' && $calls < 60)
    {
        $state = sqlstate($node, 'small', batch(1_000, 'carl'));
        $calls++ if $state eq '00000';
    }
    is($state, '53100', "disk full: after $calls further batches");
    is($node->safe_psql('small', 'SELECT count(*) FROM smartgrid.ledger'), 2 + 1_000 * $calls, 'disk full: those are there, and no other');
    is(broken_invariants($node, 'small'), '', 'disk full: the books balance');
    is(unverified($node, 'small', 'default'), '', 'disk full: the ledger is good');
    my $heights = $node->safe_psql('small', 'SELECT count(*) FROM smartgrid.block');
    my $sealing = sqlstate($node, 'small', 'SELECT count(*) FROM sg_seal()');
    like($sealing, qr/^(53100|00000)$/, "disk full: sealing ends with $sealing");
    is($node->safe_psql('small', 'SELECT (SELECT count(*) FROM smartgrid.block) - (SELECT count(*) FROM smartgrid.block_detail)'), '0', 'disk full: no block is there by half');
    is($node->safe_psql('small', 'SELECT count(*) FROM smartgrid.block'), $heights, 'disk full: none at all') if $sealing ne '00000';
    $node->safe_psql('small', 'DROP TABLE filler; CHECKPOINT');
    is_sound('disk full, and then not', 'small');
    $node->stop;
}

done_testing();
