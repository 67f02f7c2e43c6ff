# A short run of the random caller (test/lib/fuzz.pl); make fuzz runs it longer.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
max_prepared_transactions = 10
log_statement = none
log_min_messages = panic
log_min_error_statement = panic
deadlock_timeout = 50ms
CONF
$node->start;
$node->create_grid_database('fuzz');

local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGDATABASE} = 'fuzz';
local $ENV{SG_SERVER_LOG} = $node->logfile;
# The same statements each time, if not their timing: what other ones find should not fail whatever happened to change then.
local $ENV{SEED} = $ENV{SG_SEED} // 20260101;
my $ok = IPC::Run::run([ $^X, 'test/lib/fuzz.pl', $ENV{SG_FUZZ_SECONDS} // 10 ], '>', \my $out, '2>&1');
ok($ok, 'no crash, no internal error, no session that hangs');
$ok ? note $out : diag $out;
like($out, qr/^\d{3,} statements over \d{2,} functions, \d{2,} ledger entries, \d+ blocks$/m, 'and it did something');
is($node->safe_psql('fuzz', 'SELECT * FROM sg_check() WHERE ok IS NOT TRUE'), '', 'the books balance');

done_testing();
