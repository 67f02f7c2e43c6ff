# A superuser changes the past by hand. Each case begins with the same database:
# sg_verify_ledger() names the block, the problem and the entry and reports
# nothing else, the stand-alone checker finds what an export shows, and what only
# a published hash can show is found with one, and not without.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Evidence;
use GridData;
use RandomCalls;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "autovacuum = off\nlog_statement = none");
$node->start;
$node->create_grid_database('base');
$node->safe_psql('base', q{SELECT sg_create_grid('village')});
prepare_random_calls($node, 'base', 'default', 'village');

# At least one trade in each state that is older than the last block, and gaps.
my $trades = q{SET smartgrid.principal = 'buyer'; SELECT sg_register_consumer(10);
    SET smartgrid.principal = 'seller'; SELECT sg_register_producer(10, 'hydro'), sg_report_production(10), sg_create_trade('buyer', 1, 3);
    SET smartgrid.principal = 'p2'; SELECT sg_report_production(500);
    SELECT sg_create_trade('p3', 4, 3), sg_create_trade('p3', 5, 3), sg_create_trade('p3', 6, 3), sg_create_trade('p3', 7, 3);
    SELECT sg_cancel_trade(min(trade_id)) FROM smartgrid.trade AS t WHERE status = 0 AND amount = 5 AND price = 3;
    SET smartgrid.principal = 'p3'; SELECT sg_complete_trade(min(trade_id)) FROM smartgrid.trade WHERE status = 0 AND amount = 4 AND price = 3;
    SELECT sg_complete_trade(min(trade_id)) FROM smartgrid.trade WHERE status = 0 AND amount = 7 AND price = 3; SELECT sg_reverse_entry(entry_id, 'not delivered') FROM sg_last_entry();
    SET smartgrid.principal = 'p2'; SELECT sg_report_production(3); SELECT sg_reverse_entry(entry_id, 'wrong') FROM sg_last_entry(); SELECT sg_write_off(1, 'lost');
    SELECT sg_withdraw_earnings(1); CALL calls.batch('default'); CALL calls.batch('default'); CALL calls.document('default', 'p2', 24, 77); CALL calls.document('default', 'p3', 25, 77);
    SELECT sg_pay_due(7), sg_record_payment('p3', -5, 'out'), sg_record_payment('p2', 9, 'in'), sg_report_production(2); BEGIN; SELECT sg_report_production(1); ROLLBACK};
for my $round (0 .. 3)
{
    # The older dump.
    $node->safe_psql('postgres', 'CREATE DATABASE older TEMPLATE base') if $round == 2;
    random_calls($node, 'base', 'default', 40);
    $node->safe_psql('base', $trades) if $round == 1;
    random_calls($node, 'base', 'village', 10);
    random_calls($node, 'base', 'default', 40);
    last if $round == 3;
    $node->safe_psql('base', q{BEGIN; SET smartgrid.principal = 'p1'; SELECT sg_report_production(1); ROLLBACK});
    seal($node, 'base', $_) for 'default', 'village';
    $node->safe_psql('base', q{BEGIN; SET smartgrid.principal = 'p1'; SELECT sg_report_production(1); ROLLBACK});
}
my @hash = hashes($node, 'base', 'default');
is(@hash, 3, 'three blocks');
is(unverified($node, 'base', 'default'), '', 'which are good');
is(join("\n", grep { !/\|(final runs|documents) without their entry/ } split /\n/, broken_invariants($node, 'base')), '',
    'the invariants hold, but that entries of a settlement, which are written by hand, have no runs and documents');
my @published = map { "$_:$hash[$_]" } 0 .. 2;
my $outside = "0, 2, '$hash[2]'";

# Entries to work on, by what they are.
my $sum = 'SELECT %s FROM smartgrid.ledger AS l JOIN smartgrid.block AS b ON b.grid_id = l.grid_id AND l.entry_id BETWEEN b.first_entry AND b.last_entry WHERE l.grid_id = 1 AND ';
sub value { my ($sql) = @_; my $value = $node->safe_psql('base', $sql); die "nothing: $sql\n" if $value eq ''; return $value }
my %id = map { my ($name, $where) = @$_; $name => value(sprintf($sum, 'l.entry_id') . $where . ' LIMIT 1') } (
    [ first => 'b.height = 1 AND l.entry_id = b.first_entry' ], [ last => 'b.height = 1 AND l.entry_id = b.last_entry' ],
    [ very_first => 'b.height = 0 AND l.entry_id = b.first_entry' ], [ top => 'b.height = 2 AND l.entry_id = b.last_entry' ],
    [ eaten => 'b.height = 1 AND l.kind = 1 AND l.entry_id NOT IN (b.first_entry, b.last_entry)' ],
    [ made => 'b.height = 1 AND l.kind = 0 AND l.entry_id NOT IN (b.first_entry, b.last_entry)' ],
    [ traded => 'b.height = 1 AND l.kind = 5' ], [ taken => 'b.height = 1 AND l.kind = 12' ], [ lost => 'b.height = 1 AND l.kind = 11' ], [ paid => 'b.height = 1 AND l.kind = 7' ],
    [ batch => 'b.height = 1 AND l.kind = 22 AND l.entry_id NOT IN (b.first_entry, b.last_entry)' ], [ run => 'b.height = 1 AND l.kind = 23' ],
    [ bill => 'b.height = 1 AND l.kind = 24 AND l.money > 0' ], [ bank => 'b.height = 1 AND l.kind = 26' ], [ dues => 'b.height = 1 AND l.kind = 28' ]);
$id{later} = value("SELECT max(entry_id) FROM smartgrid.ledger WHERE grid_id = 1 AND entry_id > $id{top}");
# An id inside of block 1 that nobody has, and one between blocks 1 and 2.
$id{gap} = value("SELECT g FROM generate_series($id{first} + 1, $id{last} - 1) AS g WHERE NOT EXISTS (SELECT FROM smartgrid.ledger WHERE entry_id = g) LIMIT 1");
$id{between} = $id{last} + 1;
is(value("SELECT count(*) FROM smartgrid.ledger WHERE entry_id = $id{between}"), '0', 'there is a gap between the blocks');
# Two entries of block 1 that are next to each other, the lower one first, that differ.
($id{one}, $id{two}) = split /\|/, value(q{SELECT l.entry_id, n FROM (SELECT l.*, lead(entry_id) OVER w AS n, lead(energy) OVER w AS e FROM smartgrid.ledger AS l
    WHERE grid_id = 1 WINDOW w AS (ORDER BY entry_id)) AS l JOIN smartgrid.block AS b ON b.grid_id = 1 AND b.height = 1 AND l.entry_id > b.first_entry AND l.n < b.last_entry
    WHERE l.energy <> l.e LIMIT 1});
my $new = "INSERT INTO smartgrid.ledger SELECT %s, participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at FROM smartgrid.ledger WHERE entry_id = $id{made}";
my $swap = 'UPDATE smartgrid.ledger AS l SET participant_id = o.participant_id, counterparty_id = o.counterparty_id, energy = o.energy, price = o.price, money = o.money,
    trade_id = o.trade_id, at = o.at, grid_id = o.grid_id, kind = o.kind, booked_at = o.booked_at FROM smartgrid.ledger AS o WHERE (l.entry_id, o.entry_id) IN (%s)';
my $p = q{(SELECT participant_id FROM smartgrid.participant WHERE grid_id = 1 AND principal = 'p%d')};
my ($p1, $p2, $p3) = map { sprintf $p, $_ } 1 .. 3;
my $pool_row = 'ctid = (SELECT ctid FROM smartgrid.pool WHERE grid_id = 1 AND load > 10 AND revenue > 10 LIMIT 1)';
my $trade = '(SELECT min(trade_id) FROM smartgrid.trade WHERE grid_id = 1 AND status = %d)';
my ($pending, $completed, $cancelled, $reversed) = map { sprintf $trade, $_ } 0 .. 3;

my ($changed, $missing, $added, $reordered, $block, $lost, $totals, $accounts, $other) = (
    'entry changed', 'entry missing', 'entry added', 'entries reordered', 'block changed', 'block missing', 'totals do not follow from the entries',
    'balances do not follow from the ledger', 'not the published block');

# What keeps a table's keys apart is part of the extension.
sub without_key { my ($table) = @_; return "ALTER EXTENSION smartgrid DROP TABLE smartgrid.$table; ALTER TABLE smartgrid.$table DROP CONSTRAINT ${table}_pkey; DROP INDEX IF EXISTS smartgrid.${table}_identity; " }
# A copy of a block at another height, with another load if need be.
sub copy_of
{
    my ($height, $as, $load) = @_;
    return "INSERT INTO smartgrid.block SELECT grid_id, $as, sealed_at, first_entry, last_entry, entries, root, @{[ $load // 'load' ]}, held, balances, earnings, revenue, stored, produced, consumed,
        charged, discharged, traded, topups, withdrawals, previous, history, name, hash, form, reserved, due, sums FROM smartgrid.block WHERE grid_id = 1 AND height = $height; ";
}
# Entries that the constraints keep out: what, the figures from energy to kind, the column.
my @odd = ([ 'kind 99', '1, 0, 0, 0, at, 1, 99', 'kind' ], [ 'kind -1', '1, 0, 0, 0, at, 1, -1', 'kind' ], [ 'energy below zero', '-1, 0, 0, 0, at, 1, 1', 'energy' ], [ 'price below zero', '0, -5, 0, 0, at, 1, 0', 'price' ],
    [ 'money below zero', '0, 0, -5, 0, at, 1, 0', 'money' ], [ 'a trade below zero', '0, 0, 0, -1, at, 1, 0', 'trade_id' ],
    [ 'infinite time', "0, 0, 0, 0, 'infinity', 1, 0", 'at' ], [ 'minus infinite time', "0, 0, 0, 0, '-infinity', 1, 0", 'at' ]);
sub odd_entry
{
    my ($values) = @_;
    return join('', map { "ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_${_}_check; " } qw(kind energy price money trade_id))
        . "INSERT INTO smartgrid.ledger SELECT nextval('smartgrid.ledger_entry_id_seq'), participant_id, 0, $values, booked_at FROM smartgrid.ledger WHERE entry_id = $id{made}";
}
# The ledger as a table in parts, with all that the library looks for by name.
my $parts = q{ALTER EXTENSION smartgrid DROP TABLE smartgrid.ledger; ALTER TABLE smartgrid.ledger RENAME TO entries; ALTER TABLE smartgrid.entries RENAME CONSTRAINT ledger_pkey TO entries_pkey;
    ALTER INDEX smartgrid.ledger_participant_idx RENAME TO entries_1; ALTER INDEX smartgrid.ledger_counterparty_idx RENAME TO entries_2;
    CREATE TABLE smartgrid.ledger (LIKE smartgrid.entries, CONSTRAINT ledger_pkey PRIMARY KEY (entry_id)) PARTITION BY RANGE (entry_id);
    CREATE INDEX ledger_participant_idx ON smartgrid.ledger (participant_id, entry_id); CREATE INDEX ledger_counterparty_idx ON smartgrid.ledger (counterparty_id, entry_id);
    CREATE TABLE smartgrid.part PARTITION OF smartgrid.ledger DEFAULT; INSERT INTO smartgrid.ledger SELECT * FROM smartgrid.entries};
# Without what depends on the types of the columns.
my $no_view = 'ALTER EXTENSION smartgrid DROP VIEW sg_blocks; DROP VIEW sg_blocks CASCADE;
    ALTER EXTENSION smartgrid DROP FUNCTION smartgrid.report_blocks(smartgrid.report_context, integer);
    DROP FUNCTION smartgrid.report_blocks(smartgrid.report_context, integer) CASCADE;
    ALTER TABLE smartgrid.block DROP CONSTRAINT block_totals_check, DROP CONSTRAINT block_root_check;';
my $forth = q{SELECT setval('smartgrid.ledger_entry_id_seq', (SELECT max(entry_id) FROM smartgrid.ledger)); };  # no ROLLBACK does
my $more_blocks = $forth . q{SET LOCAL smartgrid.principal = 'p1'; DO $$ BEGIN FOR i IN 3 .. 20 LOOP PERFORM sg_report_production(1); PERFORM sg_seal(); END LOOP; END $$; };

# name, SQL, height ('' for the row of the accounts), problem, entry, and further:
#   also     => heights that may have a problem as well (the accounts always may)
#   export   => 0 where an export does not show it
#   detail   => what the detail says
#   error    => the error that is raised instead
my @cases = (
    # ---- entries that were edited ----
    [ 'energy, one more', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'money, one less', "UPDATE smartgrid.ledger SET money = money - 1 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'price', "UPDATE smartgrid.ledger SET price = price + 1 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'time, one microsecond', "UPDATE smartgrid.ledger SET at = at + interval '1 microsecond' WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'time, a day', "UPDATE smartgrid.ledger SET at = at - interval '1 day' WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'time of booking, one microsecond', "UPDATE smartgrid.ledger SET booked_at = booked_at + interval '1 microsecond' WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'what it takes back', "UPDATE smartgrid.ledger SET trade_id = trade_id - 1 WHERE entry_id = $id{taken}", 1, $changed, $id{taken}, also => [2] ],
    [ 'an entry made a reversal', "UPDATE smartgrid.ledger SET kind = 12, trade_id = 1 WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'a participant of what was written off', "UPDATE smartgrid.ledger SET participant_id = 1 WHERE entry_id = $id{lost}", 1, $changed, $id{lost} ],
    [ 'time, infinity', "UPDATE smartgrid.ledger SET at = 'infinity' WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'time, minus infinity', "UPDATE smartgrid.ledger SET at = '-infinity' WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'kind', "UPDATE smartgrid.ledger SET kind = 2 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'participant', "UPDATE smartgrid.ledger SET participant_id = $p1 + 1000 WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'participant, another one', "UPDATE smartgrid.ledger SET participant_id = CASE participant_id WHEN $p1 THEN $p2 ELSE $p1 END WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'counterparty', "UPDATE smartgrid.ledger SET counterparty_id = counterparty_id + 1 WHERE entry_id = $id{traded}", 1, $changed, $id{traded} ],
    [ 'counterparty of an entry that has none', "UPDATE smartgrid.ledger SET counterparty_id = 1 WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'trade', "UPDATE smartgrid.ledger SET trade_id = trade_id + 1 WHERE entry_id = $id{traded}", 1, $changed, $id{traded} ],
    [ 'trade of an entry that has none', "UPDATE smartgrid.ledger SET trade_id = 1 WHERE entry_id = $id{made}", 1, $changed, $id{made} ],
    [ 'top-up', "UPDATE smartgrid.ledger SET money = money * 2 WHERE entry_id = $id{paid}", 1, $changed, $id{paid} ],
    [ 'the largest number', "UPDATE smartgrid.ledger SET energy = 9223372036854775807, money = 9223372036854775807 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'first entry of a block', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{first}", 1, $changed, $id{first} ],
    [ 'last entry of a block', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{last}", 1, $changed, $id{last} ],
    [ 'first entry of all', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{very_first}", 0, $changed, $id{very_first} ],
    [ 'last entry of the last block', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{top}", 2, $changed, $id{top} ],
    [ 'two entries, so that the sums are the same', "UPDATE smartgrid.ledger SET energy = energy + CASE entry_id WHEN $id{one} THEN 1 ELSE -1 END WHERE entry_id IN ($id{one}, $id{two}) AND energy > 0", 1, $changed, undef ],
    [ 'entries of two blocks', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id IN ($id{very_first}, $id{top})", 2, $changed, $id{top}, also => [0] ],
    [ 'all entries', 'UPDATE smartgrid.ledger SET price = price + 1', 0, $changed, $id{very_first}, also => [ 1, 2 ] ],
    [ 'energy below zero', "ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_energy_check; UPDATE smartgrid.ledger SET energy = -energy - 1 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'a kind that there is not', "ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_kind_check; UPDATE smartgrid.ledger SET kind = 99 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'a kind below zero', "ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_kind_check; UPDATE smartgrid.ledger SET kind = -1 WHERE entry_id = $id{eaten}", 1, $changed, $id{eaten} ],
    [ 'with its account, so that they agree', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{made};
        UPDATE smartgrid.producer SET total_produced = total_produced + 1, unsold = unsold + 1 WHERE participant_id = (SELECT participant_id FROM smartgrid.ledger WHERE entry_id = $id{made});
        UPDATE smartgrid.pool SET load = load + 1 WHERE $pool_row", 1, $changed, $id{made} ],

    # ---- digests that entries carry ----
    [ 'a digest', "UPDATE smartgrid.entry_digest SET digest = set_byte(digest, 31, 255 - get_byte(digest, 31)) WHERE entry_id = $id{batch}", 1, $changed, $id{batch}, detail => qr/now: $id{batch},.*,batch,.*,digest=[0-9a-f]{64}$/ ],
    [ 'a digest deleted', "DELETE FROM smartgrid.entry_digest WHERE entry_id = $id{batch}", 1, $changed, $id{batch} ],
    [ 'a digest of another length', "ALTER TABLE smartgrid.entry_digest DROP CONSTRAINT entry_digest_digest_check; UPDATE smartgrid.entry_digest SET digest = substr(digest, 2) WHERE entry_id = $id{batch}", 1, $changed, $id{batch} ],
    [ 'a digest of an entry that carries none', "INSERT INTO smartgrid.entry_digest VALUES ($id{made}, 1, sha256('more'))", 1, $changed, $id{made} ],
    [ 'a digest of no entry', "INSERT INTO smartgrid.entry_digest VALUES ($id{gap}, 1, sha256('more'))", 1, $added, undef, export => 0, detail => qr/digest of entry $id{gap}, but no such entry/ ],
    [ 'a digest of no entry, the lowest id that there is', "INSERT INTO smartgrid.entry_digest VALUES (-9223372036854775807 - 1, 1, sha256('more'))", 0, $added, undef, export => 0, detail => qr/no such entry/ ],
    [ 'a digest of no entry, the highest id that there is', "INSERT INTO smartgrid.entry_digest VALUES (9223372036854775807, 1, sha256('more'))", '', $added, undef, export => 0, detail => qr/no such entry/ ],
    [ 'a digest given to another grid', "UPDATE smartgrid.entry_digest SET grid_id = 2 WHERE entry_id = $id{batch}", 1, $changed, $id{batch} ],
    [ 'a digest given to another entry', "UPDATE smartgrid.entry_digest SET entry_id = $id{made} WHERE entry_id = $id{batch}", 1, $changed, undef ],
    [ 'what a batch is about', "UPDATE smartgrid.ledger SET trade_id = trade_id + 1 WHERE entry_id = $id{batch}", 1, $changed, $id{batch} ],
    [ 'a batch that moves money', "UPDATE smartgrid.ledger SET money = 5 WHERE entry_id = $id{batch}", 1, $changed, $id{batch} ],
    [ 'an open batch that moves money', "$forth CALL calls.batch('default'); UPDATE smartgrid.ledger SET money = 5 WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger)", '', $accounts, undef, export => 0, detail => qr/says that something moved/ ],
    [ 'an open batch of somebody', "$forth CALL calls.batch('default'); UPDATE smartgrid.ledger SET participant_id = $p1 WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger)", '', $accounts, undef, export => 0, detail => qr/has a participant/ ],
    [ 'an open batch without its digest', "$forth CALL calls.batch('default'); DELETE FROM smartgrid.entry_digest WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger)", '', $added, undef, detail => qr/not written by smartgrid.*"digest"/ ],
    [ 'a digest of an open entry that carries none', "INSERT INTO smartgrid.entry_digest VALUES ($id{later}, 1, sha256('more'))", '', $added, undef, detail => qr/entry $id{later} was not written by smartgrid.*"digest"/ ],
    [ 'a bill of more money', "UPDATE smartgrid.ledger SET money = money + 1 WHERE entry_id = $id{bill}", 1, $changed, $id{bill} ],
    [ 'a bill of another document', "UPDATE smartgrid.ledger SET trade_id = trade_id + 1 WHERE entry_id = $id{bill}", 1, $changed, $id{bill} ],
    [ 'a bill by other text', "UPDATE smartgrid.entry_digest SET digest = sha256('other text') WHERE entry_id = $id{bill}", 1, $changed, $id{bill} ],
    [ 'a bill without its digest', "DELETE FROM smartgrid.entry_digest WHERE entry_id = $id{bill}", 1, $changed, $id{bill} ],
    [ 'a bill made a credit', "UPDATE smartgrid.ledger SET kind = 25 WHERE entry_id = $id{bill}", 1, $changed, $id{bill} ],
    [ 'a payment of another', "UPDATE smartgrid.ledger SET participant_id = CASE participant_id WHEN $p1 THEN $p2 ELSE $p1 END WHERE entry_id = $id{bank}", 1, $changed, $id{bank} ],
    [ 'a payment that went out', "UPDATE smartgrid.ledger SET kind = 27 WHERE entry_id = $id{bank}", 1, $changed, $id{bank} ],
    [ 'what was paid from a balance', "UPDATE smartgrid.ledger SET money = money + 1 WHERE entry_id = $id{dues}", 1, $changed, $id{dues} ],
    [ 'a run with another digest', "UPDATE smartgrid.entry_digest SET digest = sha256('other lines') WHERE entry_id = $id{run}", 1, $changed, $id{run} ],
    [ 'an open run that moves money', "$forth CALL calls.document('default', 'p2', 24, 0); UPDATE smartgrid.ledger SET money = 5 WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger WHERE kind = 23)", '', $accounts, undef, export => 0, detail => qr/says that something moved/ ],
    [ 'an open run of somebody', "$forth CALL calls.document('default', 'p2', 24, 0); UPDATE smartgrid.ledger SET participant_id = $p1 WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger WHERE kind = 23)", '', $accounts, undef, export => 0, detail => qr/has a participant/ ],
    [ 'a digest twice', without_key('entry_digest') . "CREATE INDEX entry_digest_pkey ON smartgrid.entry_digest (entry_id); INSERT INTO smartgrid.entry_digest SELECT * FROM smartgrid.entry_digest WHERE entry_id = $id{batch}", 1, $added, undef, export => 0 ],
    [ 'digests that are no bytes', 'ALTER EXTENSION smartgrid DROP VIEW sg_ledger; ALTER EXTENSION smartgrid DROP VIEW sg_ledger_lines; DROP VIEW sg_ledger, sg_ledger_lines CASCADE; ALTER TABLE smartgrid.entry_digest DROP CONSTRAINT entry_digest_digest_check;
        ALTER TABLE smartgrid.entry_digest ALTER digest TYPE text USING encode(digest, $$hex$$)', undef, undef, undef, error => qr/table "smartgrid.entry_digest" does not have the columns/ ],

    # ---- deleted ----
    [ 'an entry deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{eaten}", 1, $missing, $id{eaten} ],
    [ 'the first of a block deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{first}", 1, $missing, $id{first} ],
    [ 'the last of a block deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{last}", 1, $missing, $id{last} ],
    [ 'the very first deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{very_first}", 0, $missing, $id{very_first} ],
    [ 'the last that is sealed deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{top}", 2, $missing, $id{top} ],
    [ 'a whole block of entries deleted', "DELETE FROM smartgrid.ledger WHERE grid_id = 1 AND entry_id BETWEEN $id{first} AND $id{last}", 1, $missing, $id{first} ],
    [ 'everything deleted', 'TRUNCATE smartgrid.ledger', 0, $missing, $id{very_first}, also => [ 1, 2 ] ],
    [ 'an entry given to another grid', "UPDATE smartgrid.ledger SET grid_id = 2 WHERE entry_id = $id{eaten}", 1, $missing, $id{eaten} ],
    [ 'everything of an account deleted', "DELETE FROM smartgrid.ledger WHERE grid_id = 1 AND (participant_id = $p3 OR counterparty_id = $p3)", 1, $missing, undef, also => [ 0, 2 ] ],

    # ---- added ----
    [ 'an entry in a gap', sprintf($new, $id{gap}), 1, $added, $id{gap} ],
    [ 'an entry between two blocks', sprintf($new, $id{between}), 2, $added, $id{between} ],
    [ 'an entry before the first', sprintf($new, 0), 0, $added, 0 ],
    [ 'an entry below zero', sprintf($new, -5), 0, $added, -5 ],
    [ 'the lowest id that there is', sprintf($new, '(-9223372036854775807 - 1)'), 0, $added, '-9223372036854775808' ],
    [ 'an entry twice', without_key('ledger') . 'CREATE INDEX ledger_pkey ON smartgrid.ledger (entry_id); ' . sprintf($new, $id{made}), 1, $added, $id{made}, detail => qr/more than one entry/ ],
    [ 'an open entry twice', without_key('ledger') . 'CREATE INDEX ledger_pkey ON smartgrid.ledger (entry_id); ' . sprintf($new, $id{later}), '', $added, undef, detail => qr/more than one entry/, export => 0 ],
    # What the index leaves out, the library would not see, but everybody else.
    [ 'an entry that the index leaves out', without_key('ledger') . 'CREATE UNIQUE INDEX ledger_pkey ON smartgrid.ledger (entry_id) WHERE entry_id <> -7; ' . sprintf($new, -7), undef, undef, undef,
        error => qr/index "smartgrid.ledger_pkey" is not the primary key/ ],
    [ 'an account that the index leaves out', without_key('consumer') . "CREATE UNIQUE INDEX consumer_pkey ON smartgrid.consumer (participant_id) WHERE participant_id <> 999999;
        INSERT INTO smartgrid.consumer SELECT 999999, consumption_limit, 0, 0, 77, registered_at, grid_id, true, 0, 'infinity' FROM smartgrid.consumer WHERE participant_id = $p1", undef, undef, undef,
        error => qr/index "smartgrid.consumer_pkey" is not the primary key/ ],
    [ 'an index of another column', without_key('ledger') . 'CREATE INDEX ledger_pkey ON smartgrid.ledger (participant_id)', undef, undef, undef, error => qr/index "smartgrid.ledger_pkey" is not the primary key/ ],
    [ 'an entry with NULL', "ALTER TABLE smartgrid.ledger ALTER money DROP NOT NULL; UPDATE smartgrid.ledger SET money = NULL WHERE entry_id = $id{made}", undef, undef, undef,
        error => qr/table "smartgrid.ledger" does not have the columns/ ],
    [ 'an entry of no effect', "INSERT INTO smartgrid.ledger SELECT $id{gap}, participant_id, 0, 0, 0, 0, 0, at, grid_id, 0, booked_at FROM smartgrid.ledger WHERE entry_id = $id{made}", 1, $added, $id{gap} ],
    [ 'an entry of another grid moved in', "UPDATE smartgrid.ledger SET grid_id = 1, entry_id = $id{gap} WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger WHERE grid_id = 2)", 1, $added, $id{gap} ],
    [ 'the sequence set back', "SELECT setval('smartgrid.ledger_entry_id_seq', $id{gap} - 1); SET LOCAL smartgrid.principal = 'p1'; SELECT sg_report_production(3)", 1, $added, $id{gap} ],
    [ 'another id for an entry', "UPDATE smartgrid.ledger SET entry_id = $id{between} WHERE entry_id = $id{last}", 1, $reordered, $id{last}, also => [2] ],

    # ---- reordered ----
    [ 'all ids of a block moved by one', "UPDATE smartgrid.ledger SET entry_id = -entry_id - 1 WHERE grid_id = 1 AND entry_id BETWEEN $id{first} AND $id{last};
        UPDATE smartgrid.ledger SET entry_id = -entry_id WHERE entry_id < 0", 1, undef, undef, also => [2] ],
    [ 'two neighbours exchanged', sprintf($swap, "($id{one}, $id{two}), ($id{two}, $id{one})"), 1, $reordered, $id{one} ],
    [ 'first and last of a block exchanged', sprintf($swap, "($id{first}, $id{last}), ($id{last}, $id{first})"), 1, $reordered, $id{first} ],
    [ 'three in a ring', sprintf($swap, "($id{first}, $id{eaten}), ($id{eaten}, $id{last}), ($id{last}, $id{first})"), 1, $reordered, $id{first} ],
    [ 'exchanged between blocks', sprintf($swap, "($id{very_first}, $id{top}), ($id{top}, $id{very_first})"), 0, $reordered, $id{very_first}, also => [2] ],

    # ---- accounts ----
    [ 'balance', "UPDATE smartgrid.consumer SET balance = balance + 1 WHERE participant_id = $p1", '', $accounts, undef, export => 0, detail => qr/balance of consumer "p1"/ ],
    [ 'balance taken from another', "UPDATE smartgrid.consumer SET balance = balance + CASE participant_id WHEN $p1 THEN 5 ELSE -5 END WHERE participant_id IN ($p1, $p2)", '', $accounts, undef, export => 0, detail => qr/balance of consumer "p[12]"/ ],
    [ 'total consumed', "UPDATE smartgrid.consumer SET total_consumed = total_consumed + 1 WHERE participant_id = $p1", '', $accounts, undef, export => 0, detail => qr/"p1"/ ],
    [ 'earnings', "UPDATE smartgrid.producer SET earnings = earnings + 1 WHERE participant_id = $p2", '', $accounts, undef, export => 0, detail => qr/earnings of producer "p2"/ ],
    [ 'total produced', "UPDATE smartgrid.producer SET total_produced = total_produced + 1 WHERE participant_id = $p2", '', $accounts, undef, export => 0, detail => qr/"p2"/ ],
    [ 'unsold', "UPDATE smartgrid.producer SET unsold = unsold - 1 WHERE participant_id = $p2", '', $accounts, undef, export => 0, detail => qr/unsold.*"p2"/ ],
    [ 'due', "UPDATE smartgrid.due SET due = due + 1 WHERE participant_id = $p2", '', $accounts, undef, export => 0, detail => qr/due of debtor "p2"/ ],
    [ 'due, forgotten', "DELETE FROM smartgrid.due WHERE participant_id = $p2", '', $accounts, undef, export => 0, detail => qr/entries as debtor, but no row/ ],
    [ 'due of two, so that the sum is the same', "UPDATE smartgrid.due SET due = due + CASE participant_id WHEN $p2 THEN 1 ELSE -1 END WHERE participant_id IN ($p2, $p3)", '', $accounts, undef, export => 0 ],
    [ 'stored', "UPDATE smartgrid.storage SET stored_amount = stored_amount + 1 WHERE participant_id = $p1", '', $accounts, undef, export => 0, detail => qr/stored.*"p1"/ ],
    [ 'load', "UPDATE smartgrid.pool SET load = load + 1 WHERE $pool_row", '', $accounts, undef, export => 0, detail => qr/load/ ],
    [ 'revenue', "UPDATE smartgrid.pool SET revenue = revenue - 1 WHERE $pool_row", '', $accounts, undef, export => 0, detail => qr/revenue/ ],
    [ 'what a consumer carries', "UPDATE smartgrid.consumer SET cost_carry = cost_carry + 1 WHERE participant_id = $p1", '', $accounts, undef, export => 0, detail => qr/cost_carry of consumer "p1"/ ],
    [ 'a reason deleted', "DELETE FROM smartgrid.reversal WHERE entry_id = $id{taken}", '', $accounts, undef, export => 0, detail => qr/reasons of reversals/ ],
    [ 'a reason about another entry', "UPDATE smartgrid.reversal SET about = about + 1000000 WHERE entry_id = $id{taken}", '', $accounts, undef, export => 0, detail => qr/reasons of reversals/ ],
    [ 'a reason of another entry', "UPDATE smartgrid.reversal SET entry_id = $id{made} WHERE entry_id = $id{taken}", '', $accounts, undef, export => 0, detail => qr/reasons of reversals/ ],
    [ 'a reason out of nothing', "INSERT INTO smartgrid.reversal VALUES ($id{made}, 0, 1, 'x', 'y')", '', $accounts, undef, export => 0, detail => qr/reasons of reversals/ ],
    [ 'an entry taken back twice', "$forth INSERT INTO smartgrid.ledger SELECT nextval('smartgrid.ledger_entry_id_seq'), participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at
        FROM smartgrid.ledger WHERE entry_id = $id{taken}; DROP INDEX smartgrid.reversal_about_idx;
        INSERT INTO smartgrid.reversal SELECT currval('smartgrid.ledger_entry_id_seq'), about, grid_id, reason, corrected_by FROM smartgrid.reversal WHERE entry_id = $id{taken}", '', $accounts, undef,
        export => 0, detail => qr/takes back entry \d+ once more/ ],
    [ 'an entry taken back that is of another kind', "$forth INSERT INTO smartgrid.ledger SELECT nextval('smartgrid.ledger_entry_id_seq'), participant_id, 0, energy, price, money, $id{eaten}, at, grid_id, 12, booked_at
        FROM smartgrid.ledger WHERE entry_id = $id{eaten}", '', $accounts, undef, export => 0, detail => qr/is not the opposite of entry $id{eaten}/ ],
    [ 'a row of the pool deleted', "DELETE FROM smartgrid.pool WHERE $pool_row", '', $accounts, undef, export => 0 ],
    [ 'an account deleted', "DELETE FROM smartgrid.consumer WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],
    [ 'a participant deleted', "DELETE FROM smartgrid.participant WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],
    [ 'all accounts deleted', 'TRUNCATE smartgrid.consumer, smartgrid.producer, smartgrid.storage', '', $accounts, undef, export => 0 ],
    [ 'an account out of nothing', "INSERT INTO smartgrid.consumer SELECT 999999, consumption_limit, 0, 0, 77, registered_at, grid_id, true, 0, 'infinity' FROM smartgrid.consumer WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],
    [ 'an account out of nothing, with a name', "INSERT INTO smartgrid.participant VALUES (999999, 1, 'ghost');
        INSERT INTO smartgrid.consumer SELECT 999999, consumption_limit, 0, 0, 77, registered_at, grid_id, true, 0, 'infinity' FROM smartgrid.consumer WHERE participant_id = $p1", '', $accounts, undef, export => 0, detail => qr/"ghost"/ ],
    [ 'an account given to another grid', "UPDATE smartgrid.consumer SET grid_id = 2 WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],
    [ 'a participant given to another grid', "UPDATE smartgrid.participant SET grid_id = 2, principal = 'moved' WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],
    [ 'names exchanged with accounts', "UPDATE smartgrid.consumer SET participant_id = -participant_id WHERE participant_id IN ($p1, $p2);
        UPDATE smartgrid.consumer SET participant_id = CASE -participant_id WHEN $p1 THEN $p2 ELSE $p1 END WHERE participant_id < 0", '', $accounts, undef, export => 0 ],

    # ---- trades ----
    [ 'a pending trade completed', "UPDATE smartgrid.trade SET status = 1, closed_at = now() WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a pending trade cancelled', "UPDATE smartgrid.trade SET status = 2, closed_at = now() WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a completed trade pending', "UPDATE smartgrid.trade SET status = 0, closed_at = 'infinity' WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a completed trade cancelled', "UPDATE smartgrid.trade SET status = 2 WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a cancelled trade completed', "UPDATE smartgrid.trade SET status = 1 WHERE trade_id = $cancelled", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a completed trade reversed', "UPDATE smartgrid.trade SET status = 3 WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/reversed/ ],
    [ 'a reversed trade completed', "UPDATE smartgrid.trade SET status = 1 WHERE trade_id = $reversed", '', $accounts, undef, export => 0, detail => qr/trade \d+ is completed, entry \d+ takes it back/ ],
    [ 'cost of a trade', "UPDATE smartgrid.trade SET cost = cost + 1 WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'cost of a pending trade', "UPDATE smartgrid.trade SET cost = cost + 1 WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'amount of a trade', "UPDATE smartgrid.trade SET amount = amount + 1 WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'amount of a pending trade', "UPDATE smartgrid.trade SET amount = amount + 1 WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'price of a trade', "UPDATE smartgrid.trade SET price = price + 1 WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'buyer of a trade', "UPDATE smartgrid.trade SET buyer_id = buyer_id + 1000 WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'seller of a trade', "UPDATE smartgrid.trade SET seller_id = seller_id + 1000 WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a trade deleted', "DELETE FROM smartgrid.trade WHERE trade_id = $completed", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a pending trade deleted', "DELETE FROM smartgrid.trade WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade \d+/ ],
    [ 'a trade out of nothing', "INSERT INTO smartgrid.trade SELECT 999999, seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status FROM smartgrid.trade WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade 999999/ ],
    [ 'a cancelled trade out of nothing', "INSERT INTO smartgrid.trade SELECT 999999, seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status FROM smartgrid.trade WHERE trade_id = $cancelled", '', $accounts, undef, export => 0, detail => qr/trade 999999/ ],

    [ 'a trade of a status that there is not', "ALTER TABLE smartgrid.trade DROP CONSTRAINT trade_status_check; ALTER TABLE smartgrid.trade DROP CONSTRAINT trade_closed_check;
        INSERT INTO smartgrid.trade SELECT 999999, seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, 7 FROM smartgrid.trade WHERE trade_id = $pending", '', $accounts, undef, export => 0, detail => qr/trade 999999 has status 7/ ],
    [ 'a trade twice', without_key('trade') . "CREATE INDEX trade_pkey ON smartgrid.trade (trade_id); INSERT INTO smartgrid.trade SELECT * FROM smartgrid.trade WHERE trade_id = $completed", '', $accounts, undef, export => 0 ],
    [ 'an account twice', without_key('consumer') . "CREATE INDEX consumer_pkey ON smartgrid.consumer (participant_id); INSERT INTO smartgrid.consumer SELECT * FROM smartgrid.consumer WHERE participant_id = $p1", '', $accounts, undef, export => 0 ],

    # ---- entries that are not sealed yet: the accounts show it ----
    [ 'an open entry edited', "UPDATE smartgrid.ledger SET energy = energy + 1, money = money + 1 WHERE entry_id = $id{later}", '', $accounts, undef, export => 0 ],
    [ 'an open entry deleted', "DELETE FROM smartgrid.ledger WHERE entry_id = $id{later}", '', $accounts, undef, export => 0 ],
    [ 'an open entry added', sprintf($new, "$id{later} + 1000"), '', $accounts, undef, export => 0 ],

    # ---- blocks ----
    (map { [ "$_ of a block", "UPDATE smartgrid.block SET $_ = $_ + 1 WHERE grid_id = 1 AND height = 1", 1, $block, undef ] }
            qw(load held balances reserved earnings revenue stored due)),
    (map { [ "$_ of a block, which is not in its line", "UPDATE smartgrid.block SET $_ = $_ + 1 WHERE grid_id = 1 AND height = 1", 1, $block, undef, export => 0 ] }
            qw(produced consumed charged discharged traded topups withdrawals)),
    [ 'sums of a block', "UPDATE smartgrid.block SET sums = regexp_replace(sums, 'topup:0:([0-9]+)', 'topup:1:\\1') WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    [ 'sums of a block, of a kind that there is not', "UPDATE smartgrid.block SET sums = sums || ';x:1:1' WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    [ 'form of a block', "UPDATE smartgrid.block SET form = 1 WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    (map { [ "$_ of a block", "UPDATE smartgrid.block SET $_ = sha256('x') WHERE grid_id = 1 AND height = 1", 1, $block, undef, also => [2] ] } qw(root previous history hash)),
    [ 'time of a block', "UPDATE smartgrid.block SET sealed_at = sealed_at - interval '1 microsecond' WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    [ 'time of a block, infinity', "UPDATE smartgrid.block SET sealed_at = 'infinity' WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    [ 'name in a block', "UPDATE smartgrid.block SET name = 'other' WHERE grid_id = 1 AND height = 1", 1, $block, undef ],
    [ 'first entry of a block', 'UPDATE smartgrid.block SET first_entry = first_entry - 1 WHERE grid_id = 1 AND height = 1', 1, $block, undef ],
    [ 'last entry of a block', 'UPDATE smartgrid.block SET last_entry = last_entry + 1 WHERE grid_id = 1 AND height = 1', 1, $block, undef ],
    [ 'last entry of a block, far off', 'UPDATE smartgrid.block SET last_entry = last_entry + 1000000 WHERE grid_id = 1 AND height = 1', 1, $block, undef, also => [2] ],
    [ 'number of entries of a block', 'UPDATE smartgrid.block SET entries = entries - 1 WHERE grid_id = 1 AND height = 1', 1, $block, undef ],
    [ 'a total that is not a number', q{ALTER TABLE smartgrid.block DROP CONSTRAINT block_totals_check; UPDATE smartgrid.block SET load = 'NaN' WHERE grid_id = 1 AND height = 1}, 1, $block, undef ],
    [ 'a total of 38 digits', 'UPDATE smartgrid.block SET load = 99999999999999999999999999999999999999 WHERE grid_id = 1 AND height = 1', 1, $block, undef ],
    [ 'a hash of no length', q{ALTER TABLE smartgrid.block DROP CONSTRAINT block_root_check; UPDATE smartgrid.block SET root = '' WHERE grid_id = 1 AND height = 1}, 1, $block, undef ],
    [ 'first block', q{UPDATE smartgrid.block SET previous = sha256('x') WHERE grid_id = 1 AND height = 0}, 0, $block, undef ],
    [ 'last block', 'UPDATE smartgrid.block SET revenue = revenue + 1 WHERE grid_id = 1 AND height = 2', 2, $block, undef ],
    [ 'all blocks', 'UPDATE smartgrid.block SET load = load + 1', 0, $block, undef, also => [ 1, 2 ] ],
    [ 'a block deleted', 'DELETE FROM smartgrid.block WHERE grid_id = 1 AND height = 1', 1, $lost, undef, also => [2] ],
    [ 'the first block deleted', 'DELETE FROM smartgrid.block WHERE grid_id = 1 AND height = 0', 0, $lost, undef, also => [1] ],
    [ 'a block given to another grid', 'DELETE FROM smartgrid.block WHERE grid_id = 2; UPDATE smartgrid.block SET grid_id = 2 WHERE grid_id = 1 AND height = 1', 1, $lost, undef, also => [2] ],
    [ 'heights exchanged', 'UPDATE smartgrid.block SET height = 9 WHERE grid_id = 1 AND height = 1; UPDATE smartgrid.block SET height = 1 WHERE grid_id = 1 AND height = 2;
        UPDATE smartgrid.block SET height = 2 WHERE grid_id = 1 AND height = 9', 1, $block, undef, also => [2] ],
    [ 'a block out of nothing', "INSERT INTO smartgrid.block SELECT grid_id, 3, sealed_at, $id{top} + 1, $id{later}, entries, root, load, held, balances, earnings, revenue, stored, produced, consumed,
        charged, discharged, traded, topups, withdrawals, previous, history, name, hash, form, reserved, due, sums FROM smartgrid.block WHERE grid_id = 1 AND height = 2", 3, $block, undef ],

    [ 'a height below zero', 'ALTER TABLE smartgrid.block DROP CONSTRAINT block_height_check; ' . copy_of(1, -1), -1, $block, undef, detail => qr/heights begin with 0/ ],
    [ 'the first block below zero', 'ALTER TABLE smartgrid.block DROP CONSTRAINT block_height_check; UPDATE smartgrid.block SET height = -1 WHERE grid_id = 1 AND height = 0', -1, $block, undef, also => [ 0, 1 ] ],
    [ 'the largest height', 'UPDATE smartgrid.block SET height = 9223372036854775807 WHERE grid_id = 1 AND height = 2', 2, $lost, undef, also => ['9223372036854775807'] ],
    [ 'the largest height, out of nothing', copy_of(2, '9223372036854775807'), 3, $lost, undef, also => ['9223372036854775807'] ],
    [ 'a block twice', without_key('block') . copy_of(1, 1), 1, $block, undef, detail => qr/more than one block/ ],
    [ 'a block and another of its height', without_key('block') . copy_of(1, 1, 'load + 1'), 1, $block, undef, also => [2] ],
    (map { [ "block $_ of many twice", without_key('block') . $more_blocks . copy_of($_, $_), $_, $block, undef, detail => qr/more than one block/ ] } 14 .. 16),
    [ 'a block without height', without_key('block') . 'ALTER TABLE smartgrid.block ALTER height DROP NOT NULL; ' . copy_of(1, 'NULL'), '', $block, undef, detail => qr/height of 1 block is NULL/ ],
    (map { [ "no $_ of a block", "ALTER TABLE smartgrid.block ALTER $_ DROP NOT NULL; UPDATE smartgrid.block SET $_ = NULL WHERE grid_id = 1 AND height = 1", 1, $block, undef, also => [2], detail => qr/its $_ is of no form/ ] }
            qw(sealed_at first_entry last_entry entries root load due previous history name hash form sums)),
    [ 'no withdrawals of a block', 'ALTER TABLE smartgrid.block ALTER withdrawals DROP NOT NULL; UPDATE smartgrid.block SET withdrawals = NULL WHERE grid_id = 1 AND height = 1', 1, $block, undef,
        also => [2], detail => qr/its withdrawals is of no form/, export => 0 ],
    [ 'names of grids exchanged', "UPDATE smartgrid.grid SET name = 'x' WHERE grid_id = 1; UPDATE smartgrid.grid SET name = 'default' WHERE grid_id = 2; UPDATE smartgrid.grid SET name = 'village' WHERE grid_id = 1",
        '', 'grid renamed', undef, detail => qr/"village"/ ],
    [ 'name in the last block, so that its hash fits', "UPDATE smartgrid.block SET name = 'other' WHERE grid_id = 1 AND height = 2; SELECT pg_temp.fit(2)", '', 'grid renamed', undef ],

    [ 'a block and its entry replaced, so that they fit each other', "UPDATE smartgrid.ledger SET price = price + 1 WHERE entry_id = $id{made}; SELECT pg_temp.fit(1)", 2, $block, undef, detail => qr/previous/ ],

    # ---- entries that no function writes, which have no line that a checker takes ----
    (map { my ($what, $values, $field) = @$_; [ "an open entry of $what", odd_entry($values), '', $added, undef, detail => qr/not written by smartgrid.*"$field"/ ] } @odd),
    [ 'an open entry below id 1', 'DELETE FROM smartgrid.block WHERE grid_id = 1; DELETE FROM smartgrid.block_detail WHERE grid_id = 1; ' . sprintf($new, 0), '', $added, undef, detail => qr/entry 0 was not written.*"entry_id"/ ],

    # ---- tables that are not what they were: nothing is read from them ----
    (map { [ "a table that inherits from $_", "CREATE TABLE smartgrid.child () INHERITS (smartgrid.$_)", undef, undef, undef, error => qr/"smartgrid.$_" is not a table by itself/ ] }
            qw(ledger participant producer consumer storage trade pool grid entry_digest)),
    [ 'a ledger in parts', $parts, undef, undef, undef, error => qr/"smartgrid.ledger" is not a table by itself/ ],
    [ 'a view for a table', 'ALTER EXTENSION smartgrid DROP TABLE smartgrid.consumer; ALTER TABLE smartgrid.consumer RENAME TO consumers;
        CREATE VIEW smartgrid.consumer AS SELECT * FROM smartgrid.consumers', undef, undef, undef, error => qr/"smartgrid.consumer" is not a table by itself/ ],
    [ 'names that may be NULL', "ALTER TABLE smartgrid.participant ALTER principal DROP NOT NULL; UPDATE smartgrid.participant SET principal = NULL; UPDATE smartgrid.consumer SET balance = balance + 1",
        undef, undef, undef, error => qr/table "smartgrid.participant" does not have the columns/ ],
    (map { my ($table, $column, $type, $using) = @$_; [ "$column of $table as $type", "$no_view ALTER TABLE smartgrid.$table ALTER $column TYPE $type USING $using", undef, undef, undef,
            error => qr/"$column" of an object of extension smartgrid is NULL or of another type/ ] }
            [qw(block load bigint load)], [qw(block name integer 42)], [qw(block root integer 42)], [ 'block', 'sealed_at', 'text', "'now'" ], [qw(block_detail peaks integer 42)], [qw(block_detail fingerprints integer 42)]),
    (map { my ($table, @two) = @$_; [ "columns of $table exchanged", "ALTER TABLE smartgrid.$table RENAME $two[0] TO x; ALTER TABLE smartgrid.$table RENAME $two[1] TO $two[0]; ALTER TABLE smartgrid.$table RENAME x TO $two[1]",
            undef, undef, undef, error => qr/table "smartgrid.$table" does not have the columns/ ] }
            [qw(ledger energy money)], [qw(consumer total_consumed balance)], [qw(trade price amount)]),
    [ 'an index of names that leaves some out', 'ALTER TABLE smartgrid.participant DROP CONSTRAINT participant_principal_key;
        CREATE INDEX participant_principal_key ON smartgrid.participant (principal, grid_id) WHERE participant_id < 0', undef, undef, undef, error => qr/index "smartgrid.participant_principal_key" of table/ ],
    [ 'an index of another kind', 'DROP INDEX smartgrid.ledger_participant_idx; CREATE INDEX ledger_participant_idx ON smartgrid.ledger USING brin (participant_id)', undef, undef, undef,
        error => qr/index "smartgrid.ledger_participant_idx" of table/ ],
    (map { [ "a scale of $_", "ALTER TABLE smartgrid.grid DROP CONSTRAINT grid_energy_scale_check; UPDATE smartgrid.grid SET energy_scale = $_ WHERE grid_id = 1", undef, undef, undef,
            error => qr/grid "default" has scales that no grid can have/ ] } -5, 19, 30000),

    # ---- beside the blocks, where nothing is proven: said all the same ----
    [ 'fingerprints', "UPDATE smartgrid.block_detail SET fingerprints = fingerprints || '\\x00'::bytea WHERE grid_id = 1 AND height = 1", 1, $block, undef, export => 0 ],
    [ 'peaks', "UPDATE smartgrid.block_detail SET peaks = sha256('x') WHERE grid_id = 1 AND height = 1", 1, $block, undef, export => 0 ],
    [ 'peaks emptied', "UPDATE smartgrid.block_detail SET peaks = '' WHERE grid_id = 1 AND height = 2", 2, $block, undef, export => 0 ],
    [ 'fingerprints emptied', "UPDATE smartgrid.block_detail SET fingerprints = '' WHERE grid_id = 1 AND height = 1", 1, $block, undef, export => 0 ],
    [ 'fingerprints deleted', 'DELETE FROM smartgrid.block_detail WHERE grid_id = 1 AND height = 1', 1, $block, undef, export => 0 ],
    [ 'an entry, and fingerprints deleted', "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{made}; DELETE FROM smartgrid.block_detail", 1, undef, undef, also => [ 0, 2 ] ],
);

# As a superuser with some patience would do it: makes a block fit its entries,
# with line, hash and fingerprints.
my $fit = <<'SQL';
CREATE FUNCTION pg_temp.fit(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    lines bytea[];
    prints bytea := '';
BEGIN
    SELECT array_agg(convert_to(l.line, 'UTF8') ORDER BY l.entry_id),
           string_agg(substr(int8send(l.entry_id - b.first_entry), 5) || substr(smartgrid.merkle_leaf(convert_to(l.line, 'UTF8')), 1, 8), ''::bytea ORDER BY l.entry_id)
    INTO lines, prints
    FROM sg_ledger_lines AS l JOIN smartgrid.block AS b ON b.grid_id = l.grid_id AND l.entry_id BETWEEN b.first_entry AND b.last_entry WHERE l.grid_id = 1 AND b.height = which;
    UPDATE smartgrid.block SET root = smartgrid.merkle_root(lines) WHERE grid_id = 1 AND height = which;
    UPDATE smartgrid.block SET hash = (SELECT sha256(convert_to(line, 'UTF8')) FROM sg_blocks WHERE grid = 'default' AND height = which) WHERE grid_id = 1 AND height = which;
    UPDATE smartgrid.block_detail SET fingerprints = prints WHERE grid_id = 1 AND height = which;
END $$;
SQL

# Everything follows; only a copy of a hash outside shows it.
my $agree = "UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{made};
    UPDATE smartgrid.producer SET total_produced = total_produced + 1, unsold = unsold + 1 WHERE participant_id = (SELECT participant_id FROM smartgrid.ledger WHERE entry_id = $id{made});
    UPDATE smartgrid.pool SET load = load + 1 WHERE $pool_row;";
my $drop = 'DELETE FROM smartgrid.block WHERE grid_id = 1 AND height >= %1$d; DELETE FROM smartgrid.block_detail WHERE grid_id = 1 AND height >= %1$d; SELECT count(*) FROM sg_seal()';
my @outside = (
    [ 'an entry and its account edited, and sealed again from its block on', $agree . sprintf($drop, 1) ],
    [ 'an entry and its account edited, and everything sealed again', $agree . sprintf($drop, 0) ],
    [ 'an entry of the last block edited, and the block with it', "$fit UPDATE smartgrid.ledger SET at = at - interval '1 second' WHERE entry_id = $id{top}; SELECT pg_temp.fit(2)" ],
    [ 'nothing but sealed again', sprintf($drop, 2) ],
    [ 'an older dump', undef, 'older' ],
    [ 'an older dump that has gone on', q{SET smartgrid.principal = 'p1'; SELECT sg_report_production(1); SELECT count(*) FROM sg_seal(); SELECT sg_report_production(2); SELECT count(*) FROM sg_seal()}, 'older' ],
    [ 'all blocks thrown away', 'DELETE FROM smartgrid.block; DELETE FROM smartgrid.block_detail' ],
    [ 'a grid that was emptied', 'TRUNCATE smartgrid.ledger, smartgrid.block, smartgrid.block_detail, smartgrid.consumer, smartgrid.producer, smartgrid.storage, smartgrid.due, smartgrid.payment, smartgrid.trade, smartgrid.pool, smartgrid.reversal,
        smartgrid.entry_digest' ],
);

my $number = 0;
sub copy
{
    my ($of) = @_;
    my $db = 'copy' . ++$number;
    $node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE $of STRATEGY file_copy");
    return $db;
}

# In a transaction that is rolled back: a copy for each would take minutes.
for my $case (@cases)
{
    my ($name, $sql, $height, $problem, $entry, %further) = @$case;
    my $dir = PostgreSQL::Test::Utils::tempdir;
    my ($rows, $errors) = ('', '');
    $node->psql('base', <<"SQL", stdout => \$rows, stderr => \$errors, on_error_stop => 1);
BEGIN;
SET LOCAL client_min_messages = warning;
$fit
$sql;
SELECT 'row', height, problem, entry_id, detail FROM sg_verify_ledger('default') WHERE ok IS NOT TRUE;
@{[ export_commands('default', $dir) ]}
ROLLBACK;
SQL
    if ($further{error})
    {
        like($errors, $further{error}, "$name: $errors");
        next;
    }
    is($errors, '', "$name: sg_verify_ledger() has something to say");
    my @rows = map { [ split /\|/, $_, 4 ] } $rows =~ /^row\|(.*)$/mg;
    my ($found) = grep { !defined $height || $_->[0] eq $height } @rows;
    ok($found, "$name: found" . (defined $height ? " in " . ($height eq '' ? 'the accounts' : "block $height") : '')) or diag $rows;
    next unless $found;
    is($found->[1], $problem, "$name: $problem") if defined $problem;
    is($found->[2], $entry, "$name: entry $entry") if defined $entry;
    like($found->[3], $further{detail} // qr/\w/, "$name: $found->[3]");
    my %may = map { $_ => 1 } '', $height // (0 .. 2), @{ $further{also} // [] };
    is(join("\n", map { "@$_" } grep { !$may{ $_->[0] } } @rows), '', "$name: and nothing else");
    if ($further{export} // 1)
    {
        my ($status, $said) = run_checker('ledger', "$dir/ledger.csv", "$dir/blocks.csv", map { ('--hash', $_) } @published);
        isnt($status, 0, "$name: the checker finds it, too") or diag $said;
    }
}

# What calls other than sg_verify_ledger() make of tables that were altered: an error that says so, or the truth.
my $year = "'[2020-01-01,2120-01-01)'";
my $report_one = q{SET LOCAL smartgrid.principal = 'p1'; SELECT sg_report_production(1)};
my $not_expected = 'NULL or of another type than the library expects';
for my $case (
    [ 'an entry without its digest is not sealed', "$forth CALL calls.batch('default'); DELETE FROM smartgrid.entry_digest WHERE entry_id = (SELECT max(entry_id) FROM smartgrid.ledger)", 'SELECT * FROM sg_seal()', 'was not written by smartgrid' ],
    (map { my ($what, $values) = @$_; [ "an entry of $what is not sealed", odd_entry($values), 'SELECT * FROM sg_seal()', 'was not written by smartgrid' ] } @odd),
    [ 'a block that a rule keeps out', "CREATE RULE none AS ON INSERT TO smartgrid.block DO INSTEAD NOTHING; $report_one", 'SELECT * FROM sg_seal()', 'table "smartgrid.block" has not taken a row' ],
    [ 'a detail that a trigger keeps out', "CREATE FUNCTION pg_temp.none() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER none BEFORE INSERT ON smartgrid.block_detail FOR EACH ROW EXECUTE FUNCTION pg_temp.none(); $report_one", 'SELECT * FROM sg_seal()', 'table "smartgrid.block_detail" has not taken a row' ],
    [ 'a last block that ends at the largest id', "UPDATE smartgrid.block SET last_entry = 9223372036854775807 WHERE grid_id = 1 AND height = 2; UPDATE smartgrid.block AS b SET hash = sha256(convert_to(l.line, 'UTF8'))
        FROM sg_blocks AS l WHERE l.grid = 'default' AND (l.height, b.grid_id, b.height) = (2, 1, 2); $report_one", 'SELECT * FROM sg_seal()', 'block 2 of grid "default" has been changed' ],
    [ 'the end of the rollups NULL', "ALTER TABLE smartgrid.rollup_end ALTER load DROP NOT NULL; UPDATE smartgrid.rollup_end SET load = NULL; $report_one", 'SELECT * FROM sg_seal()', $not_expected ],
    [ 'the end of the rollups of another type', "ALTER TABLE smartgrid.rollup_end ALTER load TYPE bigint; $report_one", 'SELECT * FROM sg_seal()', $not_expected ],
    (map { [ "rollups without $_", "ALTER TABLE smartgrid.rollup ALTER $_ DROP NOT NULL; UPDATE smartgrid.rollup SET $_ = NULL", "SELECT * FROM sg_load_curve('default', $year, '1 year')", $not_expected ] }
            qw(load_change produced withdrawals peak_load peak_at)),
    [ 'production by type NULL', "ALTER TABLE smartgrid.rollup_production ALTER produced DROP NOT NULL; UPDATE smartgrid.rollup_production SET produced = NULL", "SELECT * FROM sg_load_curve('default', $year, '1 year')", $not_expected ],
    [ 'changes of capacity without one', "ALTER TABLE smartgrid.capacity_event ALTER change DROP NOT NULL; UPDATE smartgrid.capacity_event SET change = NULL", "SELECT * FROM sg_load_curve('default', $year, '1 year')", $not_expected ],
    [ 'another statement()', 'ALTER EXTENSION smartgrid DROP FUNCTION smartgrid.statement(integer, bigint, tstzrange); DROP FUNCTION smartgrid.statement(integer, bigint, tstzrange);
        CREATE FUNCTION smartgrid.statement(integer, bigint, tstzrange) RETURNS TABLE (' . join(', ', map { "$_ integer" } qw(part at entry_id kind counterparty trade_id energy price money balance earnings unsold stored consumed height hash booked_at about due)) .
        ") LANGUAGE sql AS 'SELECT " . join(', ', 1 .. 19) . "'", "SELECT * FROM sg_statement('p1', $year)", $not_expected ],
    [ 'the end of the rollups in the future, and they are made anew', "$report_one; UPDATE smartgrid.rollup_end SET last_entry = 1000000 WHERE grid_id = 1; SELECT sg_rebuild_rollups(); SELECT sg_report_production(77)",
        "DO \$\$ BEGIN IF (SELECT sum(produced) FROM sg_load_curve('default', $year, '1 year')) <> (SELECT sum(CASE kind WHEN 0 THEN energy ELSE -energy END) FROM smartgrid.ledger WHERE grid_id = 1 AND kind IN (0, 12)) THEN RAISE 'not all'; END IF; END \$\$", '' ],
    )
{
    my ($name, $edit, $call, $error) = @$case;
    my (undef, undef, $said) = $node->psql('base', "BEGIN; SET LOCAL client_min_messages = warning; $edit;\n\\echo edited\n$call; ROLLBACK", on_error_stop => 1);
    $error eq '' ? is($said, '', $name) : like($said, qr/\Q$error\E/, "$name: $said");
}
is($node->safe_psql('base', $forth . 'SELECT count(*) FROM smartgrid.block WHERE grid_id = 1'), value('SELECT max(entry_id) FROM smartgrid.ledger') . "\n3", 'and nothing of it is left');

my (undef, undef, $back) = $node->psql('base', "SELECT setval('smartgrid.ledger_entry_id_seq', 5); SELECT * FROM sg_seal('default')");
like($back, qr/sequence "smartgrid.ledger_entry_id_seq" has been set back to 5/, 'after the sequence was set back nothing can be sealed');
$node->safe_psql('base', $forth);

# Any figure of any sealed entry, block or account, at random.
my $random = <<'SQL';
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.tamper(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    target record;
    edit text;
    problems bigint;
BEGIN
    FOR i IN 1 .. n LOOP
        SELECT c.relname, a.attname, a.atttypid::regtype AS type INTO target
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind = 'r'
              AND (c.relname IN ('ledger', 'block', 'entry_digest')
                   OR (c.relname, a.attname) IN (('producer', 'total_produced'), ('producer', 'unsold'), ('producer', 'earnings'), ('consumer', 'balance'), ('consumer', 'total_consumed'),
                                                 ('storage', 'stored_amount'), ('pool', 'load'), ('pool', 'revenue'), ('trade', 'amount'), ('trade', 'price'), ('trade', 'cost'), ('trade', 'buyer_id'),
                                                 ('consumer', 'cost_carry'), ('reversal', 'entry_id'), ('reversal', 'about'), ('reversal', 'grid_id')))
        ORDER BY random() LIMIT 1;
        edit := format('UPDATE smartgrid.%1$I AS t SET %2$I = %3$s WHERE t.ctid = (SELECT o.ctid FROM smartgrid.%1$I AS o WHERE o.grid_id = 1 %4$s ORDER BY md5(o::text || %5$L) LIMIT 1) AND t.%2$I IS DISTINCT FROM %3$s',
            target.relname, target.attname,
            CASE target.type
            WHEN 'bytea'::regtype THEN format('set_byte(t.%1$I, %2$s, get_byte(t.%1$I, %2$s) # %3$s)', target.attname, floor(random() * 32), 1 << floor(random() * 8)::integer)
            WHEN 'timestamptz'::regtype THEN format('t.%I + interval %L', target.attname, CASE WHEN random() < 0.5 THEN '1 microsecond' ELSE '-1 year' END)
            WHEN 'text'::regtype THEN format('t.%I || %L', target.attname, ' ')
            WHEN 'smallint'::regtype THEN format('((t.%I + 1 + %s) %% 9)::smallint', target.attname, floor(random() * 7))
            ELSE format('t.%I + %s', target.attname, (array[1, 2, 1000000])[1 + floor(random() * 3)::integer]) END,
            CASE WHEN target.relname IN ('ledger', 'entry_digest') THEN format('AND o.entry_id <= (SELECT max(last_entry) FROM smartgrid.block WHERE grid_id = 1)') ELSE '' END,
            random()::text);
        BEGIN
            EXECUTE edit;
            IF NOT FOUND THEN RAISE EXCEPTION 'nothing changed'; END IF;
            SELECT count(*) INTO problems FROM sg_verify_ledger('default') WHERE NOT ok;
            RAISE EXCEPTION USING MESSAGE = 'found ' || problems, ERRCODE = 'SGSGS';
        EXCEPTION
            WHEN SQLSTATE 'SGSGS' THEN RETURN NEXT CASE SQLERRM WHEN 'found 0' THEN 'not found: ' || edit ELSE 'found' END;
            WHEN unique_violation OR check_violation THEN RETURN NEXT 'refused';
            WHEN raise_exception THEN RETURN NEXT SQLERRM;
            WHEN OTHERS THEN RETURN NEXT SQLSTATE || ' ' || SQLERRM || ': ' || edit;
        END;
    END LOOP;
END $$;
SQL
{
    my %said;
    my $seed = $ENV{SG_SEED} // 20260101;
    note "SG_SEED=$seed";
    $said{$_}++ for split /\n/, $node->safe_psql('base', "$random SELECT setseed(($seed % 1000) / 1000.0) \\g /dev/null\nSELECT * FROM pg_temp.tamper(300)");
    my $found = delete $said{found};
    delete @said{ 'refused', 'nothing changed' };
    is(join("\n", sort keys %said), '', 'any edit at random is found');
    cmp_ok($found, '>', 200, "$found times");
}

for my $case (@outside)
{
    my ($name, $sql, $of) = @$case;
    my $db = copy($of // 'base');
    $node->safe_psql($db, $sql) if defined $sql;
    is(unverified($node, $db, 'default'), '', "$name: inside everything is good");
    my ($status, $said) = check_export($node, $db, 'default');
    is($status, 0, "$name: so the checker finds, without a published hash") or diag $said;
    like(unverified($node, $db, 'default', $outside), qr/^2\|\Q$other\E\|\|.+|^2\|\Q$lost\E\|\|.+/m, "$name: a published hash shows it");
    ($status, $said) = check_export($node, $db, 'default', $published[2]);
    is($status, 1, "$name: to the checker, too") or diag $said;
}

# From a height on: what is before is believed, the accounts are compared by sums.
sub from_two { my ($sql) = @_; return $node->safe_psql('base', "BEGIN; $sql; SELECT height, problem FROM sg_verify_ledger('default', 2) WHERE ok IS NOT TRUE; ROLLBACK") }
is(from_two('SELECT'), '', 'from block 2 on: good');
is(from_two("UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = $id{made}"), '', 'from block 2 on: block 1 is not looked at');
is(from_two("UPDATE smartgrid.ledger SET at = at + interval '1 second' WHERE entry_id = $id{top}"), "2|$changed", 'from block 2 on: block 2 is');
is(from_two("UPDATE smartgrid.consumer SET balance = balance + 1 WHERE participant_id = $p1"), "|$accounts", 'from block 2 on: a balance changes the sum');
is(from_two("UPDATE smartgrid.due SET due = due + 1 WHERE participant_id = $p2"), "|$accounts", 'from block 2 on: so does what is due');
is(from_two("UPDATE smartgrid.storage SET stored_amount = stored_amount + 1 WHERE participant_id = $p1"), "|$accounts", 'from block 2 on: so does what is stored');
is(from_two("UPDATE smartgrid.pool SET load = load + 1 WHERE $pool_row"), "|$accounts", 'from block 2 on: and the load');
is(from_two('UPDATE smartgrid.block SET load = load + 1 WHERE grid_id = 1 AND height = 2'), "2|$block", 'from block 2 on: a block that was changed');

# The database itself is good, with every hash that was published.
is(unverified($node, 'base', 'default', "0, $_, '$hash[$_]'"), '', "the untouched database has the published block $_") for 0 .. 2;

done_testing();
