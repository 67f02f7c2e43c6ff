# LISTEN smartgrid: what is sent, when, to whom, and what is in it (doc/notifications.md).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use Encode ();
use JSON::PP ();
use GridData;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
fill_roles($node);
$node->safe_psql('grid', q{REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO olga, anna, bert});

# ---- who listens ----
my %listener = map { $_ => GridSession->new($node, 'grid', user => $_, name => "listener_$_") } qw(nobody_special postgres);
my @channels = qw(smartgrid smartgrid_block);
for my $who (sort keys %listener)
{
    $listener{$who}->query("LISTEN $_") for @channels;
}
is(sqlstate($node, 'grid', 'SELECT * FROM public.sg_trades', user => 'nobody_special'), '42501', 'one of the listeners has no right at all');

# What has been sent since the last time, as [channel, payload]. Notifications come in the order of commits, so a mark
# that is sent now comes after them.
my $marks = 0;
sub heard
{
    my ($who) = @_;
    my $mark = 'mark ' . ++$marks;
    my $out = '';
    $node->safe_psql('grid', "NOTIFY smartgrid, '$mark'");
    for (1 .. 600)
    {
        my ($more) = $listener{$who}->query('SELECT');
        $out .= "$more\n";
        last if $out =~ /\Q$mark\E"/ || !$listener{$who}->alive;
        select undef, undef, undef, 0.1;
    }
    return grep { $_->[1] !~ /^mark/ } map { [ /^Asynchronous notification "(\w+)" with payload "(.*)" received from server process/ ] }
        grep { /^Asynchronous/ } split /\n/, $out;
}

sub payloads { return map { $_->[1] } grep { $_->[0] eq 'smartgrid' } heard(@_) }
sub events { return map { JSON::PP->new->utf8->decode($_) } payloads(@_) }

# As the session of a participant or, by default, of the superuser.
sub run_sql
{
    my ($sql, $principal) = @_;
    $sql = "SET smartgrid.principal = '$principal'; $sql" if defined $principal;
    return $node->safe_psql('grid', $sql);
}

# ---- what sends none ----
run_sql(q{SELECT sg_register_producer(1000, 'solar'), sg_register_consumer(1000), sg_register_storage(1000, 500, 500)}, $_) for qw(anna bert);
run_sql(q{SELECT sg_report_production(900), sg_add_consumer_balance(sg_principal(), 100000), sg_consume_energy(1), sg_charge_storage(10), sg_discharge_storage(5)}, $_)
    for qw(anna bert);
run_sql(q{SELECT count(*) FROM sg_post_readings('{anna,bert,anna,bert}', '{production,consumption,charge,topup}', '{1,1,1,1}')});
run_sql('SELECT count(*) FROM sg_balance_load()');
run_sql(q{SELECT sg_record_metrics(1, 1, 1, 1), sg_update_producer_reputation('anna', 50), sg_deactivate_participant('anna', true),
    sg_reactivate_participant('anna', true), sg_create_grid('other', base_price => 5), sg_alter_grid('other', base_price => 5, currency => 'EUR', max_amount => 7),
    sg_enrol_consumer('cleo', 5), sg_alter_producer('anna', 1001), sg_alter_producer('anna', 1000)});
is_deeply([ heard('nobody_special') ], [], 'energy, readings, money, balancing and the rest send nothing');
cmp_ok($node->safe_psql('grid', 'SELECT count(DISTINCT kind) FROM sg_ledger'), '>=', 5, 'which they have all done');

# ---- prices and modes ----
run_sql('SELECT sg_set_base_price(27)');
run_sql('SELECT sg_toggle_emergency_mode()');
run_sql(q{SELECT sg_alter_grid('default', base_price => 31)});
run_sql('SELECT sg_toggle_emergency_mode()');
run_sql(q{SELECT sg_alter_grid('default', price_rule => 'flat'), sg_alter_grid('default', price_rule => 'flat')});
run_sql(q{SELECT sg_alter_grid('default', price_rule => 'load', base_price => 32)});
my @sent = events('nobody_special');
my $prices = JSON::PP->new->utf8->decode($node->safe_psql('grid', q{SET TimeZone = 'Pacific/Chatham';
    SELECT json_agg(json_build_object('grid', grid, 'emergency_mode', emergency_mode, 'base_price', base_price, 'price_rule', price_rule,
                                      'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) ORDER BY event_id)
    FROM sg_prices WHERE grid = 'default' AND event_id > 1}));
is_deeply([ map { $_->{event} } @sent ], [qw(base_price emergency base_price emergency price_rule base_price)], 'prices and modes: events');
is_deeply([ map { [ sort keys %$_ ] } @sent ], [ ([qw(at base_price emergency_mode event grid price_rule)]) x 6 ], 'prices and modes: nothing else is in them');
for my $i (0 .. 5)
{
    # trailing zeros are left out
    my ($at, $fraction) = $sent[$i]{at} =~ /^([^.]*?)(?:\.(\d+))?\+00:00$/;
    $at .= '.' . substr(($fraction // '') . '000000', 0, 6);
    is_deeply({ %{ $prices->[$i] } }, { map({ $_ => $sent[$i]{$_} } qw(grid emergency_mode base_price price_rule)), at => $at }, "prices and modes: $i is what sg_prices says");
}
run_sql(q{SET TimeZone = 'Asia/Kathmandu'; SELECT sg_set_base_price(28)});
like((payloads('nobody_special'))[0] // '', qr/"at": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"/, 'the time is in UTC wherever the operator is');

# ---- trades ----
my $offer = q{SELECT sg_create_trade('bert', 7, 13)};
my ($first, $second) = map { run_sql($offer, 'anna') } 1 .. 2;
run_sql("SELECT sg_complete_trade($first)", 'bert');
run_sql("SELECT sg_cancel_trade($second)", 'anna');
for my $who (sort keys %listener)
{
    my @trades = grep { $_->{event} =~ /^trade/ } events($who);
    is_deeply(\@trades, [ { event => 'trade_offered', grid => 'default', trade_id => 0 + $first }, { event => 'trade_offered', grid => 'default', trade_id => 0 + $second },
            { event => 'trade_completed', grid => 'default', trade_id => 0 + $first }, { event => 'trade_cancelled', grid => 'default', trade_id => 0 + $second } ],
        "$who: a trade's number, and no party, amount, price or cost");
}
is($node->safe_psql('grid', "SELECT count(*) FROM sg_trades WHERE trade_id = $first", extra_params => [ '-U', $_->[0] ]), $_->[1], "$_->[0] then sees $_->[1]")
    for [ 'anna', 1 ], [ 'bert', 1 ], [ 'olga', 1 ];
is(sqlstate($node, 'grid', "SELECT sg_complete_trade($first)", user => 'bert'), 'SG108', 'a call that fails');
is(sqlstate($node, 'grid', "SELECT sg_create_trade('bert', 1, 0)", user => 'anna'), 'SG104', 'another');
is_deeply([ heard('nobody_special') ], [], 'sends nothing');

# ---- what is rolled back ----
my $price = 1000;
run_sql('BEGIN; SELECT sg_set_base_price(' . ++$price . "), sg_toggle_emergency_mode(); SET LOCAL smartgrid.principal = 'anna'; $offer; SELECT sg_seal(); ROLLBACK");
is_deeply([ heard('nobody_special') ], [], 'rollback: nothing');
run_sql('BEGIN; SAVEPOINT a; SELECT sg_set_base_price(2001); SAVEPOINT b; SELECT sg_set_base_price(2002); RELEASE b; ROLLBACK TO a;
    SELECT sg_set_base_price(2003); SAVEPOINT c; SELECT sg_set_base_price(2004); RELEASE c; SAVEPOINT d; SELECT sg_set_base_price(2005); ROLLBACK TO d; COMMIT');
is_deeply([ map { $_->{base_price} } events('nobody_special') ], [ 2003, 2004 ], 'savepoints: what is left of the transaction, in its order');
run_sql('BEGIN; SELECT sg_set_base_price(2006); SAVEPOINT a; SELECT sg_set_base_price(2007); SAVEPOINT b; SAVEPOINT c; SELECT sg_set_base_price(2008); RELEASE c;
    SAVEPOINT d; SELECT sg_set_base_price(2009); ROLLBACK TO d; SELECT sg_set_base_price(2010); RELEASE b; SELECT sg_set_base_price(2011); COMMIT');
is_deeply([ map { $_->{base_price} } events('nobody_special') ], [ 2006, 2007, 2008, 2010, 2011 ], 'savepoints in savepoints');
run_sql('BEGIN; SAVEPOINT a; SELECT sg_set_base_price(2012); SAVEPOINT b; SELECT sg_set_base_price(2013); RELEASE b; ROLLBACK TO a; COMMIT');
is_deeply([ heard('nobody_special') ], [], 'savepoints: nothing is left');
run_sql(q{DO $$ BEGIN BEGIN PERFORM sg_set_base_price(3001); RAISE 'no'; EXCEPTION WHEN OTHERS THEN PERFORM sg_set_base_price(3002); END; END $$});
is_deeply([ map { $_->{base_price} } events('nobody_special') ], [3002], 'an exception that is caught');
run_sql('BEGIN; SELECT sg_set_base_price(3003); COMMIT; BEGIN; COMMIT; SELECT 1');
is_deeply([ map { $_->{base_price} } events('nobody_special') ], [3003], 'a notification is sent once');

# A call in a subtransaction for each of many, as a loop with an exception handler makes them.
my $loop = q{DO $$ BEGIN FOR i IN 1 .. 2000 LOOP BEGIN PERFORM sg_set_base_price(10000 + i); IF i % 2 = 0 THEN RAISE 'no'; END IF; EXCEPTION WHEN OTHERS THEN END; END LOOP; END $$};
is(() = $node->safe_psql('grid', "LISTEN smartgrid;\n$loop;\nSELECT;") =~ /"base_price": 1\d\d\d[13579],/g, 1000, 'many subtransactions');
heard('nobody_special');

# ---- two-phase commit goes on working, and says nothing ----
run_sql("BEGIN; SET LOCAL smartgrid.principal = 'anna'; $offer; SELECT sg_set_base_price(4001); SAVEPOINT a; SELECT sg_set_base_price(4002); PREPARE TRANSACTION 'two'; COMMIT PREPARED 'two'");
run_sql('SELECT sg_set_base_price(4003)');
is_deeply([ map { $_->{base_price} } events('nobody_special') ], [4003], 'a prepared transaction sends nothing, nor does the next one for it');
is($node->safe_psql('grid', 'SELECT count(*) FROM sg_prices WHERE base_price IN (4001, 4002)'), '2', 'it has done its work');

# ---- blocks ----
run_sql(q{SELECT 1 FROM sg_seal()});
my @heard = heard('nobody_special');
my ($height, $hash, $last) = split /\|/, $node->safe_psql('grid', 'SELECT height, hash, last_entry FROM sg_blocks ORDER BY height DESC LIMIT 1');
my $block = { grid => 'default', height => 0 + $height, hash => $hash, last_entry => 0 + $last };
is_deeply({ map { ($_->[0] => JSON::PP->new->utf8->decode($_->[1])) } @heard }, { smartgrid => { event => 'block', %$block }, smartgrid_block => $block },
    'a block, on both channels');
is(scalar @heard, 2, 'once on each');

# ---- names that need care ----
for my $name ('</script><b>evil</b>', q{"}, "\\", q{\\"}, "a\nb\r\tc", join('', map { chr } 1 .. 31), "\x{1}" x 128, q{'; DROP TABLE x; --}, '{"event": "emergency"}',
    "Stra\x{df}e \x{98a8} \x{1f600}", "\x{fc}" x 64, "\x{202e}evil", '%s%n$1', 'null')
{
    my $sql = Encode::encode('UTF-8', $name =~ s/'/''/gr);
    my $what = Encode::encode('UTF-8', $name =~ s/[\x00-\x1f]/./gr);
    run_sql("SELECT sg_create_grid('$sql', max_amount => 9223372036854775807); SET smartgrid.grid = '$sql'; SELECT sg_toggle_emergency_mode(), sg_set_base_price(9223372036854775807)");
    run_sql("SET smartgrid.grid = '$sql'; SELECT sg_register_producer(10, 'wind'), sg_report_production(10)", 'anna');
    run_sql("SET smartgrid.grid = '$sql'; SELECT sg_register_consumer(10)", 'bert');
    run_sql("SET smartgrid.grid = '$sql'; SELECT sg_create_trade('bert', 1, 1)", 'anna');
    run_sql("SELECT sg_seal('$sql')");
    my @all = heard('nobody_special');
    is(scalar @all, 5, "$what: every event");
    is_deeply([ map { JSON::PP->new->utf8->decode($_->[1])->{grid} } @all ], [ ($name) x 5 ], "$what: valid JSON with that name");
    is($node->safe_psql('grid', join ' UNION ALL ', map { my $p = $_->[1] =~ s/'/''/gr; "SELECT jsonb '$p' ->> 'grid' = '$sql'" } @all), join("\n", ('t') x 5),
        "$what: for PostgreSQL, too");
}

# ---- smartgrid.notify_trades ----
is(sqlstate($node, 'grid', "SELECT sg_grid(); SET smartgrid.notify_trades = off", user => $_), '42501', "$_ may not turn off what others are told") for qw(anna olga);
$node->safe_psql('grid', 'ALTER DATABASE grid SET smartgrid.notify_trades = off');
$first = run_sql($offer, 'anna');
run_sql("SELECT sg_complete_trade($first)", 'bert');
run_sql('SELECT sg_set_base_price(5001)');
is_deeply([ map { $_->{event} } events('nobody_special') ], ['base_price'], 'off: trades are silent, prices are not');
is($node->safe_psql('grid', 'SET smartgrid.notify_trades = on; SELECT sg_principal(); SHOW smartgrid.notify_trades', extra_params => [ '-U', 'anna' ]), "anna\noff",
    'set before the library is loaded it does not count');
$node->safe_psql('grid', 'ALTER DATABASE grid RESET smartgrid.notify_trades; GRANT SET ON PARAMETER smartgrid.notify_trades TO olga; ALTER ROLE anna SET smartgrid.notify_trades = off');
is(sqlstate($node, 'grid', 'SELECT sg_grid(); SET smartgrid.notify_trades = off', user => 'olga'), '00000', 'who was given the right may');
$node->safe_psql('grid', $offer, extra_params => [ '-U', 'anna' ]);
is_deeply([ heard('nobody_special') ], [], 'a role of its own setting');

# ---- what the document says ----
open my $in, '<:encoding(UTF-8)', 'doc/notifications.md' or die "doc/notifications.md: $!\n";
my $document = do { local $/; <$in> };
close $in;
my ($examples) = $document =~ /^```json\n(.*?)^```/ms;
my %documented = map { my $o = JSON::PP->new->decode($_); ($o->{event} => [ sort keys %$o ]) } split /\n/, $examples;
my %wanted = (map({ ($_ => [qw(at base_price emergency_mode event grid price_rule)]) } qw(emergency base_price price_rule)), map({ ("trade_$_" => [qw(event grid trade_id)]) } qw(offered completed cancelled reversed)),
    block => [qw(event grid hash height last_entry)]);
is_deeply(\%documented, \%wanted, 'doc/notifications.md has an example of every event, with its keys');
for my $event (sort keys %wanted)
{
    my ($line) = $document =~ /^(\| `$event` .*)$/m;
    ok($line && (!grep { $line !~ /`$_`|the same/ } grep { !/^(event|grid)$/ } @{ $wanted{$event} }), "doc/notifications.md describes $event") or diag $line;
}

is(broken_invariants($node, 'grid'), '', 'the invariants hold');
$_->quit for values %listener;
done_testing();
