# A procedure that makes random calls for the participants of a grid, some of
# which fail and some of which are rolled back.
package RandomCalls;

use strict;
use warnings;
use Exporter 'import';

# SG_SEED=n makes other calls; each run of them continues the sequence.
my $seed = $ENV{SG_SEED} // 20260101;
print "# SG_SEED=$seed\n";

our @EXPORT = qw(prepare_random_calls random_calls);

# Needs roles of nobody: the caller is a superuser. Participants are p1 ... p6.
sub prepare_random_calls
{
    my ($node, $db, @grids) = @_;
    $node->safe_psql($db, <<'SQL');
CREATE SCHEMA calls;
CREATE PROCEDURE calls.register(grid text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', grid, false);
    FOR i IN 1 .. 6 LOOP
        PERFORM set_config('smartgrid.principal', 'p' || i, false);
        PERFORM sg_register_producer(1000 * i, 'solar'), sg_register_consumer(500 * i), sg_register_storage(5000, 300, 200);
        PERFORM sg_report_production(900 * i), sg_add_consumer_balance('p' || i, 900000);
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false);
    PERFORM sg_set_point('m' || n, '2026-01-01 00:00Z', 'p' || n, 'consumption', correct => true) FROM generate_series(1, 2) AS n;
END $$;
-- What two meters have measured in one of the quarter-hours of three days: a batch, whose entry has its digest.
CREATE PROCEDURE calls.batch(grid text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', grid, false);
    PERFORM sg_post_intervals(points => ARRAY['m1', 'm2'], starts => array_fill(date_trunc('hour', now()) - interval '15 min' * floor(1 + random() * 288), ARRAY[2]),
                              amounts => ARRAY[floor(random() * 1e9), floor(random() * 1e9)]::bigint[], replace_with => 'any');
END $$;
-- What a settlement books, of one participant: a final run, and its document, a bill (24) or a credit (25).
CREATE PROCEDURE calls.document(grid text, principal text, kind integer, money bigint) LANGUAGE plpgsql AS $$
DECLARE
    entry smartgrid.ledger;
    booked CONSTANT timestamptz := clock_timestamp();
BEGIN
    SELECT p.participant_id, p.grid_id INTO entry.participant_id, entry.grid_id
    FROM smartgrid.participant AS p JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name = $1 AND p.principal = $2;
    LOCK TABLE smartgrid.ledger IN ROW EXCLUSIVE MODE;
    INSERT INTO smartgrid.due AS d VALUES (entry.participant_id, CASE $3 WHEN 24 THEN $4 ELSE -$4 END, entry.grid_id)
    ON CONFLICT (participant_id) DO UPDATE SET due = d.due + EXCLUDED.due;
    WITH e AS (
        INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
        VALUES (0, 0, 0, 0, 0, 1, booked, entry.grid_id, 23, booked), (entry.participant_id, 0, 0, 0, $4, 1, booked, entry.grid_id, $3, booked)
        RETURNING entry_id
    )
    INSERT INTO smartgrid.entry_digest SELECT e.entry_id, entry.grid_id, sha256(convert_to(e.entry_id::text, 'UTF8')) FROM e;
END $$;
CREATE PROCEDURE calls.random(grid text, n integer) LANGUAGE plpgsql AS $$
DECLARE
    trade bigint;
BEGIN
    PERFORM set_config('smartgrid.grid', grid, false);
    FOR i IN 1 .. n LOOP
        PERFORM set_config('smartgrid.principal', 'p' || 1 + floor(random() * 6), false);
        BEGIN
            CASE floor(random() * 18)
            WHEN 0, 1 THEN PERFORM sg_report_production(floor(random() * 900)::bigint);
            WHEN 2, 3 THEN PERFORM sg_consume_energy(1 + floor(random() * 90)::bigint);
            WHEN 4 THEN PERFORM sg_charge_storage(1 + floor(random() * 90)::bigint);
            WHEN 5 THEN PERFORM sg_discharge_storage(1 + floor(random() * 90)::bigint);
            WHEN 6 THEN PERFORM sg_create_trade('p' || 1 + floor(random() * 6), 1 + floor(random() * 50)::bigint, 1 + floor(random() * 50)::bigint);
            WHEN 7 THEN
                SELECT t.trade_id INTO trade FROM sg_trades AS t WHERE t.status = 'pending' AND t.grid = $1 AND t.buyer = sg_principal() LIMIT 1;
                IF trade IS NOT NULL THEN PERFORM sg_complete_trade(trade); END IF;
            WHEN 8 THEN
                SELECT t.trade_id INTO trade FROM sg_trades AS t WHERE t.status = 'pending' AND t.grid = $1 AND t.seller = sg_principal() LIMIT 1;
                IF trade IS NOT NULL THEN PERFORM sg_cancel_trade(trade); END IF;
            WHEN 9 THEN PERFORM sg_add_consumer_balance('p' || 1 + floor(random() * 6), 1 + floor(random() * 9999)::bigint);
            WHEN 10 THEN PERFORM sg_withdraw_earnings(1 + floor(random() * 9)::bigint);
            WHEN 11 THEN
                PERFORM sg_withdraw_balance(1 + floor(random() * 99)::bigint);
                PERFORM sg_refund('p' || 1 + floor(random() * 6), 1 + floor(random() * 99)::bigint);
                PERFORM sg_pay_producer('p' || 1 + floor(random() * 6), 1 + floor(random() * 99)::bigint);
                PERFORM sg_write_off(1 + floor(random() * 9)::bigint, 'lost');
            WHEN 12 THEN PERFORM sg_reverse_entry(e.entry_id, 'wrong') FROM (SELECT l.entry_id FROM sg_ledger AS l WHERE l.grid = $1 ORDER BY random() LIMIT 1) AS e;
            WHEN 13 THEN PERFORM sg_correct_reading(e.entry_id, floor(random() * 99)::bigint, 'wrong')
                FROM (SELECT l.entry_id FROM sg_ledger AS l WHERE l.grid = $1 AND l.kind IN ('production', 'consumption', 'charge', 'discharge') ORDER BY random() LIMIT 1) AS e;
            WHEN 14 THEN CALL calls.batch($1);
            WHEN 15 THEN CALL calls.document($1, sg_principal(), 24 + floor(random() * 1.5)::integer, floor(random() * 999)::bigint);
            WHEN 16 THEN PERFORM sg_pay_due(1 + floor(random() * 99)::bigint);
            WHEN 17 THEN PERFORM sg_record_payment('p' || 1 + floor(random() * 6), floor(random() * 99)::bigint - 40, 'key ' || floor(random() * 999));
            END CASE;
            IF random() < 0.1 THEN RAISE EXCEPTION 'changed my mind'; END IF;
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false);
END $$;
SQL
    $node->safe_psql($db, "CALL calls.register('$_')") for @grids;
    return;
}

sub random_calls
{
    my ($node, $db, $grid, $n) = @_;
    $seed++;
    return $node->safe_psql($db, 'SELECT setseed(' . ($seed % 9973) / 9973 . "); CALL calls.random('$grid', $n)");
}

1;
