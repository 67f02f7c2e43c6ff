# Calls that are prepared, and calls that are ended while they wait: done as a
# whole or not at all.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'max_prepared_transactions = 10');
$node->start;
$node->create_grid_database('grid');

# One stripe, so that every two calls of the grid meet in it.
$node->safe_psql('grid', <<'SQL');
CREATE ROLE anna LOGIN;
CREATE ROLE bert LOGIN;
CREATE ROLE carl LOGIN;
CREATE ROLE dora LOGIN;
SELECT sg_alter_grid('default', stripes => 1, low_watermark => 0, high_watermark => 100);
SET smartgrid.principal = 'anna';
SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 500, 500), sg_report_production(900);
SET smartgrid.principal = 'bert';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('bert', 1000000);
SET smartgrid.principal = 'carl';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('carl', 1000000);
SET smartgrid.principal = 'dora';
SELECT sg_register_consumer(1000), sg_add_consumer_balance('dora', 1000000);
SET smartgrid.principal = 'anna';
SELECT sg_create_trade('bert', 10, 3), sg_create_trade('bert', 10, 4), sg_charge_storage(50);
SQL

# Every kind of hot call, in one transaction of several participants.
my $work = <<'SQL';
SET smartgrid.principal = 'anna';
SELECT sg_report_production(100), sg_charge_storage(20), sg_discharge_storage(5);
SELECT sg_create_trade('carl', 7, 2);
SET smartgrid.principal = 'bert';
SELECT sg_consume_energy(30), sg_complete_trade(1), sg_cancel_trade(2);
RESET smartgrid.principal;
SELECT sg_add_consumer_balance('carl', 11), sg_set_base_price(101), sg_record_metrics(1, 1, 1, 1), sg_toggle_emergency_mode();
SELECT sg_deactivate_participant('anna', true), sg_reactivate_participant('anna', true);
SELECT count(*) FROM sg_balance_load();
SQL
my $loads = 'SELECT current_load FROM sg_get_grid_status()';
my $waiting = q{SET lock_timeout = '200ms'; SELECT sg_consume_energy(1)};

sub prepare
{
    my ($name) = @_;
    is(sqlstate($node, 'grid', "BEGIN; $work PREPARE TRANSACTION '$name'"), '00000', "$name: prepared");
    return;
}

# ---- ROLLBACK PREPARED ----
my $before = contents($node, 'grid');
prepare('undone');
is(contents($node, 'grid'), $before, 'what is prepared is not seen');
is(sqlstate($node, 'grid', $waiting, user => 'bert'), '55P03', 'its participants wait for it');
is(sqlstate($node, 'grid', $waiting, user => 'dora'), '55P03', 'and so does who needs the energy of its stripe');
is(sqlstate($node, 'grid', "SET lock_timeout = '2s'; SELECT * FROM sg_get_grid_status(), sg_quote(1), sg_get_consumer_info('bert'), sg_check()", user => 'bert'),
    '00000', 'readers do not wait');
$node->restart;
is(contents($node, 'grid'), $before, 'after a restart it is still not seen');
is(sqlstate($node, 'grid', $waiting, user => 'bert'), '55P03', 'and still waited for');
$node->stop('immediate');
$node->start;
is(sqlstate($node, 'grid', $waiting, user => 'bert'), '55P03', 'even after a crash');
is(broken_invariants($node, 'grid'), '', 'the invariants hold meanwhile');
$node->safe_psql('grid', q{ROLLBACK PREPARED 'undone'});
is(contents($node, 'grid'), $before, 'ROLLBACK PREPARED leaves nothing of it');
is(broken_invariants($node, 'grid'), '', 'and the invariants hold');
is(sqlstate($node, 'grid', $waiting, user => 'bert'), '00000', 'nobody waits any more');

# ---- COMMIT PREPARED, at once and after a crash ----
for my $crash (0, 1)
{
    my $name = $crash ? 'kept after a crash' : 'kept';
    my $load = $node->safe_psql('grid', $loads);
    my $entries = $node->safe_psql('grid', 'SELECT count(*) FROM sg_ledger');
    if ($crash)
    {
        # the trades of before are closed
        $node->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_create_trade('bert', 10, 3), sg_create_trade('bert', 10, 4)});
        $load -= 20;
        $entries += 2;
        my ($one, $two) = split /\|/, $node->safe_psql('grid', q{SELECT max(trade_id) - 1, max(trade_id) FROM sg_trades WHERE status = 'pending'});
        $work =~ s/sg_complete_trade\(\d+\), sg_cancel_trade\(\d+\)/sg_complete_trade($one), sg_cancel_trade($two)/;
    }
    prepare($name);
    if ($crash)
    {
        $node->stop('immediate');
        $node->start;
    }
    is($node->safe_psql('grid', $loads), $load, "$name: not seen before its commit");
    $node->safe_psql('grid', "COMMIT PREPARED '$name'");
    # + 100 reported - 20 charged + 5 discharged - 7 held - 30 consumed + 10 released
    is($node->safe_psql('grid', $loads), $load + 58, "$name: all of it is there after COMMIT PREPARED");
    is($node->safe_psql('grid', 'SELECT count(*) FROM sg_ledger') - $entries, 8, "$name: with its ledger entries");
    is(broken_invariants($node, 'grid'), '', "$name: the invariants hold");
}

# ---- calls that are ended while they wait ----
# $holder keeps what the waiting call needs; the call is ended in some way; then the holder gives up.
my %hold = (
    'for its participant' => q{SET LOCAL smartgrid.principal = 'bert'; SELECT sg_consume_energy(1)},
    'for the stripe' => q{SET LOCAL smartgrid.principal = 'anna'; SELECT sg_report_production(1)},
);
my %call = (
    'for its participant' => [ 'sg_consume_energy(5)', q{sg_add_consumer_balance('bert', 3)} ],
    'for the stripe' => [ 'sg_consume_energy(5)' ],
);
my %end = (
    'pg_terminate_backend' => { state => '57P01', act => sub { $node->safe_psql('grid', 'SELECT pg_terminate_backend(' . $_[0]->pid . ')') } },
    'pg_cancel_backend' => { state => '57014', act => sub { $node->safe_psql('grid', 'SELECT pg_cancel_backend(' . $_[0]->pid . ')') } },
    'statement_timeout' => { state => '57014', set => q{SET statement_timeout = '400ms'} },
    'lock_timeout' => { state => '55P03', set => q{SET lock_timeout = '400ms'} },
);
for my $for_what (sort keys %hold)
{
    for my $call (@{ $call{$for_what} })
    {
        for my $how (sort keys %end)
        {
            my $what = "$call waits $for_what, $how";
            my $was = contents($node, 'grid');
            my $holder = GridSession->new($node, 'grid', name => 'holder');
            my $waiter = GridSession->new($node, 'grid', name => 'waiter', user => 'bert');
            $waiter->query($end{$how}{set}) if $end{$how}{set};
            $holder->query("BEGIN; $hold{$for_what}");
            $waiter->send("SELECT $call");
            if ($end{$how}{act})
            {
                ok($waiter->wait_blocked($node), "$what: it waits");
                $end{$how}{act}->($waiter);
            }
            my (undef, $error) = $waiter->receive;
            is($error, $end{$how}{state}, "$what: it gets its error");
            if ($waiter->alive)
            {
                (undef, $error) = $waiter->query('SELECT sg_principal()');
                is($error, '', "$what: and its session lives");
            }
            (undef, $error) = $holder->query('ROLLBACK');
            is($error, '', "$what: nobody else notices");
            is(contents($node, 'grid'), $was, "$what: nothing is left of it");
            $_->quit for $holder, $waiter;
        }
    }
}

# A call that waited its turn sees what it waited for.
my $holder = GridSession->new($node, 'grid', name => 'holder');
my $waiter = GridSession->new($node, 'grid', name => 'waiter', user => 'bert');
my $all = $node->safe_psql('grid', $loads);
$holder->query(qq{BEGIN; SET LOCAL smartgrid.principal = 'carl'; SELECT sg_consume_energy($all)});
$waiter->send('SELECT sg_consume_energy(1)');
ok($waiter->wait_blocked($node), 'a call waits for the last energy');
$holder->query('COMMIT');
my (undef, $error) = $waiter->receive;
is($error, 'SG103', 'and finds none left after a commit');
$node->safe_psql('grid', qq{SET smartgrid.principal = 'anna'; SELECT sg_report_production(5)});
$holder->query(q{BEGIN; SET LOCAL smartgrid.principal = 'carl'; SELECT sg_consume_energy(5)});
$waiter->send('SELECT sg_consume_energy(5)');
ok($waiter->wait_blocked($node), 'a call waits for the last energy');
$holder->query('ROLLBACK');
(undef, $error) = $waiter->receive;
is($error, '', 'and gets it after a rollback');
$_->quit for $holder, $waiter;

# A statement that makes several calls is undone as a whole when it is cancelled.
my $was = contents($node, 'grid');
is(sqlstate($node, 'grid', q{SET statement_timeout = '300ms';
    SELECT sg_report_production(1), pg_sleep(0.02) FROM generate_series(1, 1000)}, user => 'anna'), '57014', 'a long statement is cancelled');
is(contents($node, 'grid'), $was, 'and nothing is left of it');
is(broken_invariants($node, 'grid'), '', 'the invariants hold');

done_testing();
