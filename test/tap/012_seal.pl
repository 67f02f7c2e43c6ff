# Sealing beside others: nobody waits for sg_seal(), however long it waits itself; what holds it back is named; a session
# that is idle in its transaction can be ended by it; and whatever ends sg_seal() itself, the next one goes on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use GridData;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', <<'SQL');
CREATE ROLE olga LOGIN IN ROLE smartgrid_operator;
CREATE ROLE anna LOGIN;
CREATE ROLE bert LOGIN;
SET smartgrid.principal = 'anna';
SELECT sg_register_consumer(1000);
SET smartgrid.principal = 'bert';
SELECT sg_register_consumer(1000);
SQL

my $topup_anna = q{SELECT sg_add_consumer_balance('anna', 1)};
my $topup_bert = q{SELECT sg_add_consumer_balance('bert', 1)};
my $blocks = q{SELECT string_agg(concat_ws(' ', height, entries, first_entry, last_entry), ', ' ORDER BY height) FROM sg_blocks};

sub session
{
    my ($name, %how) = @_;
    return GridSession->new($node, 'grid', name => $name, %how);
}

# ---- nobody waits for it ----
my $caller = session('caller');
my $sealer = session('sealer', user => 'olga');
$caller->query("BEGIN; $topup_anna");
$sealer->query(q{SET smartgrid.seal_wait = '100 s'});
$sealer->send('SELECT height, entries, first_entry, last_entry FROM sg_seal()');
$sealer->wait_sealing($node) or die 'sg_seal() does not wait';
my $quick = q{SET lock_timeout = '5 s'; SET statement_timeout = '20 s'; };
is(sqlstate($node, 'grid', "$quick $topup_bert"), '00000', 'a call while it waits');
is(sqlstate($node, 'grid', "$quick SET smartgrid.principal = 'cellar'; SELECT sg_register_storage(10, 1, 1)"), '00000', 'a registration');
is(sqlstate($node, 'grid', "$quick SELECT sg_set_base_price(7)"), '00000', 'a new price');
is(sqlstate($node, 'grid', "$quick SET smartgrid.seal_wait = 0; SET client_min_messages = error; SELECT sg_create_grid('second'); SELECT sg_seal('second')"),
    '00000', 'another sealer, of another grid');
is(sqlstate($node, 'grid', "SET lock_timeout = '100 ms'; SELECT sg_seal()"), '55P03', 'a second sealer of the grid waits, as long as it likes');
is($caller->query('SELECT count(*) FROM sg_ledger'), '2', 'whom it waits for goes on');
$caller->query($topup_anna);
$caller->query('COMMIT');
my ($out, $error) = $sealer->receive;
is("$out$error", '0|1|1|1', 'it ends when the call does; what came while it waited is for the next block');
is($node->safe_psql('grid', "SELECT entries FROM sg_seal(); $blocks"), "2\n0 1 1 1, 1 2 2 3", 'which has all of it');

# ---- who holds it back is named ----
$caller->query("BEGIN; $topup_anna");
my ($stdout, $stderr) = ('', '');
$node->psql('grid', "SET smartgrid.seal_wait = '200 ms'; SELECT count(*) FROM sg_seal()", stdout => \$stdout, stderr => \$stderr);
is($stdout, '0', 'nothing is sealed');
like($stderr, qr/WARNING:  grid "default" is not sealed to its end: 1 open transaction may still write entries/, 'a warning');
like($stderr, qr/Process @{[ $caller->pid ]} of role "postgres" is idle in transaction since \d/, 'names the process, its role and state');
like($stderr, qr/idle_in_transaction_session_timeout/, 'and what can be done');
$caller->query("PREPARE TRANSACTION 'forgotten'");
$node->psql('grid', "SET smartgrid.seal_wait = 0; SELECT count(*) FROM sg_seal()", stdout => \$stdout, stderr => \$stderr);
like($stderr, qr/Transaction "forgotten" of role "postgres" is prepared since \d/, 'a prepared transaction by its name');

# After a restart it is still prepared, and still waited for.
$_->quit for $caller, $sealer;
$node->restart;
$node->psql('grid', "SET smartgrid.seal_wait = 0; SELECT count(*) FROM sg_seal()", stdout => \$stdout, stderr => \$stderr);
is($stdout, '0', 'nothing is sealed after a restart either');
like($stderr, qr/Transaction "forgotten" of role "postgres" is prepared/, 'because of the same transaction');
$node->safe_psql('grid', "COMMIT PREPARED 'forgotten'");
is($node->safe_psql('grid', 'SELECT entries, first_entry FROM sg_seal()'), '1|4', 'committed, it is sealed');

# ---- sessions that do nothing ----
$caller = session('caller');
my $busy = session('busy');
is(sqlstate($node, 'grid', q{SELECT sg_grid(); SET smartgrid.seal_terminate_idle = '1 s'}, user => 'olga'), '42501', 'only a superuser says whose sessions are ended');
$caller->query("BEGIN; $topup_anna");
$node->append_conf('postgresql.conf', "smartgrid.seal_terminate_idle = '1 s'");
$node->reload;
is($node->safe_psql('grid', "$topup_bert; SELECT count(*) FROM sg_seal()"), "t\n1", 'a session that is idle for longer does not hold it back');
$caller->query('SELECT 1');
ok(!$caller->alive, 'it was terminated');
is($node->safe_psql('grid', $blocks =~ s/string_agg.*height\)/count(*)/r), '4', 'and its call undone');
$busy->query("BEGIN; $topup_anna");
$busy->send('SELECT pg_sleep(3)');
is($node->safe_psql('grid', "$topup_bert; SET smartgrid.seal_wait = '60 s'; SELECT entries FROM sg_seal()"), "t\n1",
    'one that was busy is given its time');
$busy->receive;
$busy->query('SELECT 1');
ok(!$busy->alive, 'and is ended once it has been idle as long');

# Who has prepared what holds it back, and is idle in another transaction, is not to blame.  Until it is prepared its session
# is busy: it waits behind a gate, in one message with all that comes before and after.
$caller = session('caller');
$sealer = session('sealer');
my $gate = session('gate');
$gate->query('SELECT pg_advisory_lock(1)');
$caller->send("BEGIN\\; $topup_anna\\; SELECT pg_advisory_lock(1)\\; PREPARE TRANSACTION 'elsewhere';\nBEGIN; SELECT 1");
ok($caller->wait_blocked($node), 'a call that is not prepared yet');
$sealer->query(q{SET smartgrid.seal_wait = '100 s'});
$sealer->send('SELECT entries FROM sg_seal()');
$sealer->wait_sealing($node) or die 'sg_seal() does not wait';
$gate->quit;
(undef, $error) = $caller->receive;
is($error, '', 'which is prepared while it is waited for');
sleep 4;
is($caller->query('SELECT 2'), '2', 'a session whose transaction has been prepared meanwhile is left alone');
$caller->query("COMMIT; COMMIT PREPARED 'elsewhere'");
($out, $error) = $sealer->receive;
is("$out$error", '1', 'and sealing ends with the prepared transaction');
$_->quit for $caller, $sealer;
$node->append_conf('postgresql.conf', 'smartgrid.seal_terminate_idle = 0');
$node->reload;

# ---- what ends the sealer ----
$caller = session('caller');
$caller->query("BEGIN; $topup_anna");
is(sqlstate($node, 'grid', q{SET statement_timeout = '300 ms'; SELECT sg_seal()}), '57014', 'a timeout');
$sealer = session('sealer');
$sealer->send('SELECT sg_seal()');
$sealer->wait_sealing($node) or die 'sg_seal() does not wait';
$node->safe_psql('grid', 'SELECT pg_cancel_backend(' . $sealer->pid . ')');
($out, $error) = $sealer->receive;
is($error, '57014', 'a cancel request');
$sealer->send('SELECT sg_seal()');
$sealer->wait_sealing($node) or die 'sg_seal() does not wait';
$node->safe_psql('grid', 'SELECT pg_terminate_backend(' . $sealer->pid . ')');
$sealer->receive;
ok(!$sealer->alive, 'its end');
$caller->query('COMMIT');
is($node->safe_psql('grid', 'SELECT count(*) FROM sg_seal()'), '1', 'the next one goes on');

# ---- listeners ----
my $listener = session('listener');
$listener->query('LISTEN smartgrid_block');
$node->safe_psql('grid', "$topup_anna; BEGIN; SELECT sg_seal(); ROLLBACK");
($out) = $listener->query('SELECT 1');
unlike($out, qr/notification/i, 'a block that is undone is not announced');
my $hash = $node->safe_psql('grid', 'SELECT hash FROM sg_seal()');
($out) = $listener->query('SELECT 2');
my ($height, $last) = split /\|/, $node->safe_psql('grid', 'SELECT height, last_entry FROM sg_blocks ORDER BY height DESC LIMIT 1');
like($out, qr/"smartgrid_block" with payload "\{"grid": "default", "height": $height, "hash": "$hash", "last_entry": $last\}"/, 'a block is announced');

# ---- ids that sessions keep in stock would never be final ----
$node->safe_psql('grid', 'ALTER SEQUENCE smartgrid.ledger_entry_id_seq CACHE 10');
is(sqlstate($node, 'grid', 'SELECT sg_seal()'), '55000', 'a sequence that caches is refused');
$node->safe_psql('grid', 'ALTER SEQUENCE smartgrid.ledger_entry_id_seq CACHE 1');

# ---- a sequence is above what it has given out while nextval() writes to the WAL: that is no boundary ----
$node->safe_psql('grid', q{SELECT sg_create_grid('third')});
$caller = session('caller');
$caller->query("BEGIN; $topup_anna");
my $given = $node->safe_psql('grid', 'SELECT last_value FROM smartgrid.ledger_entry_id_seq');
my @counters = map { session("counter$_") } 1, 2;
$_->send(sprintf(q{DO $$ BEGIN FOR i IN 1 .. 400000 LOOP PERFORM setval('smartgrid.ledger_entry_id_seq', %d), nextval('smartgrid.ledger_entry_id_seq'); END LOOP; END $$}, $given))
    for @counters;
my ($noted, $too_high) = split /\|/, $node->safe_psql('grid', sprintf(<<'SQL', $given + @counters));
CREATE FUNCTION pg_temp.note(n integer) RETURNS SETOF bigint LANGUAGE plpgsql SET smartgrid.seal_wait = 0 SET client_min_messages = error AS $$
BEGIN
    FOR i IN 1 .. n LOOP
        DELETE FROM smartgrid.seal_point;
        PERFORM sg_seal('third');
        RETURN QUERY SELECT last_entry FROM smartgrid.seal_point;
    END LOOP;
END $$;
SELECT count(*), count(*) FILTER (WHERE n > %d) FROM pg_temp.note(1500) AS n;
SQL
$_->receive, $_->quit for @counters;
is($noted, '1500', 'sealing notes the last id that was given out');
is($too_high, '0', 'and none that nobody has');
$node->safe_psql('grid', "SELECT setval('smartgrid.ledger_entry_id_seq', $given); DELETE FROM smartgrid.seal_point");
$caller->query('ROLLBACK');

# ---- under load: callers who commit, linger and roll back, and sealers who wait for some time or not at all ----
$node->safe_psql('grid', q{SELECT sg_alter_grid('default', max_topup => 1000000)});
{
    local $ENV{PGDATABASE} = 'grid';
    $node->pgbench(
    '--no-vacuum --client=6 --transactions=300', 0,
    [qr{number of transactions actually processed: 1800/1800}], [qr{^(?!.*ERROR)}s], 'callers and sealers',
    {   '012_caller@8' => q{
            \set who random(0, 1)
            \set how random(1, 10)
            BEGIN;
            SELECT sg_add_consumer_balance(CASE :who WHEN 0 THEN 'anna' ELSE 'bert' END, 1);
            SELECT CASE WHEN :how > 8 THEN pg_sleep(0.003) END;
            \if :how = 10
            ROLLBACK;
            \else
            COMMIT;
            \endif
        },
        '012_sealer@2' => q{
            \set patience random(0, 5)
            SET client_min_messages = error;
            SET smartgrid.seal_wait = :patience;
            SELECT count(*) FROM sg_seal();
        } });
}
$node->safe_psql('grid', 'SELECT sg_seal()');
cmp_ok($node->safe_psql('grid', q{SELECT count(*) FROM sg_blocks WHERE grid = 'default'}), '>', 100, 'made many blocks');
is($node->safe_psql('grid', q{SELECT sum(entries) - (SELECT count(*) FROM sg_ledger WHERE grid = 'default') FROM sg_blocks WHERE grid = 'default'}), '0',
    'with every entry in one of them');
is($node->safe_psql('grid', 'SELECT count(*) FROM smartgrid.seal_point WHERE grid_id = 1'), '0', 'and nothing left to remember');

is(broken_blocks($node, 'grid'), '', 'in the end everything is as sealed');
is(broken_invariants($node, 'grid'), '', 'and the invariants hold');
$_->quit for $caller, $busy, $listener;
done_testing();
