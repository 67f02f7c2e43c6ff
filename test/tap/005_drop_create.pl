# DROP EXTENSION and CREATE EXTENSION under sessions that have used it: what a
# backend remembers of the old tables must not be used for the new ones.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridCalls;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE grid');

# Every kind of call once, so that everything that can be remembered is.
my $use = <<'SQL';
SELECT sg_register_producer(100, 'solar'), sg_register_consumer(100), sg_register_storage(100, 50, 50);
SELECT sg_report_production(90), sg_add_consumer_balance('postgres', 100000), sg_consume_energy(10);
SELECT sg_charge_storage(20), sg_discharge_storage(5);
SET smartgrid.principal = 'other';
SELECT sg_register_consumer(10), sg_add_consumer_balance('other', 100000);
RESET smartgrid.principal;
SELECT sg_create_trade('other', 3, 2), sg_create_trade('other', 2, 2);
SELECT sg_cancel_trade(2);
SET smartgrid.principal = 'other';
SELECT sg_complete_trade(1);
RESET smartgrid.principal;
SELECT sg_withdraw_earnings(1), sg_set_base_price(120), sg_toggle_emergency_mode();
SELECT sg_record_metrics(1, 2, 3, 4), sg_record_metrics(tstzrange('2020-01-01', '2100-01-01'));
SELECT count(*) FROM sg_balance_load();
SELECT sg_deactivate_participant('other', false), sg_rename_participant('other', 'another'), sg_update_producer_reputation('postgres', 7);
SELECT sg_create_grid('second');
SELECT kind, energy, money FROM sg_last_entry();
SELECT * FROM sg_get_grid_status();
SELECT * FROM sg_get_producer_info('postgres');
SELECT amount, status FROM sg_get_trade_info(1);
SELECT production FROM sg_get_metrics(1);
SELECT count(*) FROM sg_ledger;
SELECT count(*), count(*) FILTER (WHERE ok) FROM sg_check();
SQL

# ---- in one session ----
my $first = GridSession->new($node, 'grid', name => 'first');
$first->query('SET client_min_messages = warning');
my ($out, $error) = $first->query('CREATE EXTENSION smartgrid');
is($error, '', 'CREATE EXTENSION');
my ($once, $error_once) = $first->query($use);
is($error_once, '', 'every function is used');
($out, $error) = $first->query('DROP EXTENSION smartgrid');
is($error, '', 'DROP EXTENSION');

is($node->safe_psql('grid', q{SELECT count(*) FROM pg_class WHERE relname LIKE 'sg\_%' OR relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'smartgrid')}),
    '0', 'leaves no table, view or sequence');
is($node->safe_psql('grid', q{SELECT count(*) FROM pg_proc WHERE proname LIKE 'sg\_%'}), '0', 'and no function');
is($node->safe_psql('grid', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'smartgrid'}), '0', 'and no schema');
is($node->safe_psql('grid', q{SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'smartgrid%'}),
    'smartgrid_auditor smartgrid_gateway smartgrid_operator', 'the roles stay');
is($node->safe_psql('grid', 'SELECT count(*) FROM pg_depend AS d WHERE d.refclassid = 3079 AND d.refobjid NOT IN (SELECT oid FROM pg_extension)'),
    '0', 'and nothing depends on what is gone');

(undef, $error) = $first->query('SELECT sg_get_dynamic_price()');
is($error, '42883', 'the session sees that the functions are gone');

($out, $error) = $first->query('CREATE EXTENSION smartgrid');
is($error, '', 'CREATE EXTENSION again in the same session');
my ($twice, $error_twice) = $first->query($use);
is($error_twice, '', 'every function works again');
is($twice, $once, 'with the same results from the start');
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# ---- within the statement that uses it: a column of a source of readings, or an argument, does it ----
$first->query(<<'SQL');
CREATE FUNCTION drop_it(again boolean, result text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DROP EXTENSION smartgrid;
    IF again THEN
        CREATE EXTENSION smartgrid;
    END IF;
    RETURN result;
END $$;
SQL
sub undone
{
    my ($statement) = @_;
    $first->query('BEGIN');
    my $error = ($first->query($statement))[1];
    $first->query('ROLLBACK');
    return $error;
}
for my $again ('false', 'true')
{
    for my $kind ('production', 'topup')
    {
        $first->query("CREATE OR REPLACE VIEW source AS SELECT 'postgres' AS principal, '$kind' AS kind, drop_it($again, '1')::bigint AS amount, 1 AS ord");
        is(undone(q{SELECT sg_post_readings('source')}), '42P01', "the source of a $kind drops the extension, again $again");
    }
    my $arguments = "drop_it($again, '{postgres}')::text[], '{topup}', '{1}'";
    is(undone("SELECT $_"), '42P01', "an argument does: $_") for "sg_post_readings($arguments)", "sg_seal(drop_it($again, 'default'))";
    is(undone("SELECT * FROM $_"), '42P01', "and in FROM: $_") for "sg_post_readings($arguments)", "sg_seal(drop_it($again, 'default'))";
}
is(undone("SELECT $_"), '42P01', "an argument does: $_")
    for q{sg_prove_entry(drop_it(false, '1')::bigint)}, q{sg_get_trade_info(drop_it(false, '1')::bigint)}, q{sg_report_production(drop_it(false, '1')::bigint)};
is(($first->query('DROP VIEW source; DROP FUNCTION drop_it; SELECT count(*) FILTER (WHERE NOT ok) FROM sg_check()'))[0], '0', 'nothing has happened');

# ---- within transactions ----
my $report = q{SELECT sg_report_production(5), (sg_last_entry()).energy};
for my $nested (0, 1)
{
    my ($begin, $undo) = $nested ? ('BEGIN; SAVEPOINT a', 'ROLLBACK TO SAVEPOINT a') : ('BEGIN', 'ROLLBACK');
    my $before = state($node, 'grid');
    $first->query($begin);
    ($out, $error) = $first->query('DROP EXTENSION smartgrid; CREATE EXTENSION smartgrid');
    is($error, '', "$undo: dropped and created in a transaction");
    ($out, $error) = $first->query(q{SELECT sg_register_producer(5, 'wind'), sg_report_production(2); SELECT total_produced FROM sg_get_producer_info('postgres')});
    is("$out $error", "t|t\n2 ", "$undo: the new grid is used");
    $first->query($undo);
    is($first->query(q{SELECT total_produced FROM sg_get_producer_info('postgres')}), '90', "$undo: the old grid is back");
    $first->query('COMMIT') if $nested;
    is(state($node, 'grid'), $before, "$undo: as it was");
    $first->query('BEGIN');
    is($first->query($report), 't|5', "$undo: and takes calls");
    $first->query('ROLLBACK');
}
$first->query('BEGIN; DROP EXTENSION smartgrid; CREATE EXTENSION smartgrid');
(undef, $error) = $first->query($use);
is($error, '', 'used in the transaction that made it');
$first->query('COMMIT');
is($first->query(q{SELECT total_produced FROM sg_get_producer_info('postgres')}), '90', 'and after its commit');
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# Thousands of calls before, so that what is remembered of a row lies far behind where the new table ends.
$first->query('BEGIN');
($out, $error) = $first->query(q{SELECT count(sg_add_consumer_balance('postgres', 5)) FROM generate_series(1, 3000); SELECT count(sg_report_production(0)) FROM generate_series(1, 500)});
is("$out $error", "3000\n500 ", 'thousands of calls in a transaction');
($out, $error) = $first->query('DROP EXTENSION smartgrid; CREATE EXTENSION smartgrid');
is($error, '', 'which then drops and creates');
(undef, $error) = $first->query($use);
is($error, '', 'and uses what it made');
is($first->query(q{SELECT total_produced FROM sg_get_producer_info('postgres')}), '90', 'from the start');
$first->query('COMMIT');
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# ---- under a session that only looks on ----
my $old = GridSession->new($node, 'grid', name => 'old');
$old->query(q{PREPARE report AS SELECT sg_report_production(1)});
$old->query(q{PREPARE grids AS SELECT grid, current_load FROM sg_grids ORDER BY grid});
$old->query(q{CREATE FUNCTION pg_temp.report() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN public.sg_report_production(1); END'});
($out, $error) = $old->query('EXECUTE report; EXECUTE grids; SELECT pg_temp.report()');
is($error, '', 'another session has everything in its caches');
$old->query('SELECT sg_create_grid($$third$$); SELECT sg_get_consumer_info($$postgres$$)');
$first->query('DROP EXTENSION smartgrid');
$first->query('CREATE EXTENSION smartgrid');
($out, $error) = $old->query('EXECUTE report');
is($error, 'SG101', 'it acts on the new grid, where it is not registered');
is($old->query('EXECUTE grids'), 'default|0', 'and sees the new grid');
($out, $error) = $old->query('SELECT sg_last_entry() IS NULL');
is("$out $error", 't ', 'its last entry is gone with the old ledger');
(undef, $error) = $old->query(q{SELECT sg_register_producer(10, 'hydro'), sg_register_consumer(5)});
is($error, '', 'it can register');
is($old->query('EXECUTE report; SELECT pg_temp.report()'), "t\nt", 'and report');
is($first->query(q{SELECT total_produced FROM sg_get_producer_info('postgres')}), '2', 'which others see');
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

# A call that waits while the extension goes away.
$old->query('BEGIN; SELECT sg_report_production(1)');
$first->send('DROP EXTENSION smartgrid');
ok($first->wait_blocked($node), 'DROP EXTENSION waits for an open call');
is($old->query('SELECT sg_report_production(1)'), 't', 'which goes on');
$old->query('COMMIT');
(undef, $error) = $first->receive;
is($error, '', 'and is dropped after its commit');

# The other way round: a call that finds the extension gone, or another one, says so as a query would.
my %call = (
    'a reader' => 'SELECT sg_get_dynamic_price()',
    'one of several tables' => q{SELECT sg_get_consumer_info('postgres')},
    'a writer' => 'SELECT sg_report_production(1)',
    'an operator' => q{SELECT sg_alter_grid('default', base_price => 7)},
    'sealing' => 'SELECT count(*) FROM sg_seal()',
    'verifying' => 'SELECT count(*) FROM sg_verify_ledger() WHERE NOT ok',
    'rollups' => 'SELECT sg_rebuild_rollups()',
    'a statement' => q{SELECT count(*) FROM sg_statement('postgres', '[2020-01-01,2100-01-01)')},
    'proving' => 'SELECT sg_prove_entry(1)',
    'checking' => 'SELECT count(*) FROM sg_check() WHERE NOT ok');
for my $what (sort keys %call)
{
    for my $again ('', '; CREATE EXTENSION smartgrid')
    {
        $first->query('CREATE EXTENSION IF NOT EXISTS smartgrid');
        $old->query($call{$what});
        $first->query("BEGIN; DROP EXTENSION smartgrid$again");
        $old->send($call{$what});
        ok($old->wait_blocked($node), "$what waits for DROP EXTENSION$again");
        $first->query('COMMIT');
        (undef, $error) = $old->receive;
        like($error, $again ? qr/^(?:SG101|)$/ : qr/^42(?:P01|883)$/, "$what$again ends with '$error'");

        # no lock tells of the drop before the call
        $first->query('CREATE EXTENSION IF NOT EXISTS smartgrid');
        $old->query("$call{$what}; BEGIN; SELECT 1");
        $first->query("DROP EXTENSION smartgrid$again");
        (undef, $error) = $old->query($call{$what});
        like($error, $again ? qr/^(?:SG101|42883|)$/ : qr/^42(?:P01|883)$/, "$what in a transaction that is older: '$error'");
        $old->query('ROLLBACK');
    }
}
$first->query('DROP EXTENSION IF EXISTS smartgrid');

# ---- elsewhere than in public ----
for my $schema ('energy', 'Energy Grid', 'select')
{
    my $quoted = qq{"$schema"};
    $first->query("CREATE SCHEMA $quoted");
    ($out, $error) = $first->query("CREATE EXTENSION smartgrid SCHEMA $quoted");
    is($error, '', "CREATE EXTENSION smartgrid SCHEMA $quoted");
    is($node->safe_psql('grid', q{SELECT count(*) FROM pg_proc WHERE proname LIKE 'sg\_%' AND pronamespace = 'public'::regnamespace}),
        '0', 'nothing of it is in public');
    my ($there, $error_there) = $old->query("SET search_path = $quoted; $use");
    is($error_there, '', 'every function works there');
    is($there, $once, 'with the same results');
    (undef, $error) = $old->query("SET search_path = pg_catalog; SELECT $quoted.sg_report_production(1), $quoted.sg_check(), (SELECT count(*) FROM $quoted.sg_ledger)");
    is($error, '', 'with names qualified and another search_path, too');
    $old->query('RESET search_path');
    (undef, $error) = $first->query("DROP EXTENSION smartgrid; DROP SCHEMA $quoted");
    is($error, '', 'and it can be dropped');
}

# ALTER EXTENSION ... SET SCHEMA would break the qualified names in the script.
$node->safe_psql('grid', 'SET client_min_messages = warning; CREATE EXTENSION smartgrid; CREATE SCHEMA elsewhere');
is(sqlstate($node, 'grid', 'ALTER EXTENSION smartgrid SET SCHEMA elsewhere'), '0A000', 'it cannot be moved afterwards');

# What somebody has built upon it is not swept away.
$node->safe_psql('grid', 'CREATE VIEW my_prices AS SELECT * FROM sg_prices');
is(sqlstate($node, 'grid', 'DROP EXTENSION smartgrid'), '2BP01', 'DROP EXTENSION does not drop a user\'s view');
is(sqlstate($node, 'grid', 'DROP TABLE smartgrid.ledger'), '2BP01', 'and a table of the extension cannot be dropped by itself');
is(sqlstate($node, 'grid', 'SET client_min_messages = warning; DROP EXTENSION smartgrid CASCADE'), '00000', 'CASCADE does');

$_->quit for $first, $old;
done_testing();
