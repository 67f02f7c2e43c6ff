-- Two communities with a history: readings around both changes of the clocks of
-- 2026 in Berlin and Sydney, in parts posted late and out of order; trades of
-- every fate, storage, balancing, blocks with a tail that is not sealed, an
-- emergency, what was taken back and corrected, calls made twice. The same rows
-- whenever it is run, but for the times of what cannot be back-dated. Run by
-- psql, as a superuser, on a fresh database.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
\getenv password PGPASSWORD
SELECT sg_alter_grid('default', base_price => 30, energy_scale => 3, money_scale => 2, currency => 'EUR',
                     max_topup => 100000000, low_watermark => 5, high_watermark => 60, max_amount => 9007199254740993);
SELECT sg_create_grid('hill', base_price => 250, energy_scale => 0, money_scale => 3, currency => 'CHF',
                      max_topup => 9007199254740993, max_amount => 9007199254740993);
SELECT to_regproc('sg_set_time_zone') IS NOT NULL AS zones \gset
\if :zones
SELECT sg_set_time_zone('Europe/Berlin');
\endif

-- Members with a role of their own; ben lives in both communities.
CREATE ROLE anna LOGIN PASSWORD :'password';
CREATE ROLE ben LOGIN PASSWORD :'password';
CREATE ROLE audrey LOGIN PASSWORD :'password' IN ROLE smartgrid_auditor;

CREATE SCHEMA made;
CREATE TABLE made.reading (
    ord integer GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, principal text NOT NULL, kind text NOT NULL, amount bigint NOT NULL
);
-- A pseudo-random number from 0 to below a limit: always the same.
CREATE FUNCTION made.pick(n bigint, salt integer, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN (n * 7919 + salt * 104729 + (n * 31 + salt) % 977 * 613) % below;
-- Where in its quarter-hour a reading lies: on the border, inside, as late as can be.
CREATE FUNCTION made.within(n bigint) RETURNS interval LANGUAGE sql IMMUTABLE
    RETURN (ARRAY['0', '899.999999', '450', '0.000001', '600.5'])[1 + n % 5]::interval;
-- How much of it a solar roof can make, from 0 to 49.
CREATE FUNCTION made.daylight(at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN greatest(0, (extract(hour FROM at AT TIME ZONE 'UTC') - 4) * (18 - extract(hour FROM at AT TIME ZONE 'UTC')));
-- Readings of the members named, every quarter-hour of a time, not in its order.
CREATE PROCEDURE made.readings(first timestamptz, last timestamptz, members text[], kinds text[], below bigint[])
    LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO made.reading (at, principal, kind, amount)
    SELECT q.at + made.within(q.n + m.i), m.principal, m.kind, CASE WHEN m.kind <> 'production' THEN 1 + made.pick(q.n, m.i::integer, m.below)
                                            WHEN m.principal = 'anna' THEN made.daylight(q.at) * made.pick(q.n, m.i::integer, m.below) / 49
                                            ELSE made.pick(q.n, m.i::integer, m.below) END
    FROM (SELECT t.at, extract(epoch FROM t.at)::bigint / 900 AS n
          FROM generate_series(first, last - interval '15 minutes', interval '15 minutes') AS t (at)) AS q,
         unnest(members, kinds, below) WITH ORDINALITY AS m (principal, kind, below, i)
    ORDER BY q.n / 8, made.pick(q.n, m.i::integer, 101), m.i;
END;
-- Takes back the latest so many entries of a kind in the current grid that can be.
CREATE PROCEDURE made.undo(the_kind text, most integer, how text DEFAULT 'SELECT sg_reverse_entry($1, $2)') LANGUAGE plpgsql AS $$
DECLARE
    e record;
    done integer := 0;
BEGIN
    FOR e IN SELECT entry_id, energy FROM sg_ledger WHERE grid = sg_grid() AND kind = the_kind ORDER BY entry_id % 3, entry_id DESC LIMIT 200 LOOP
        EXIT WHEN done = most;
        BEGIN
            EXECUTE how USING e.entry_id, 'of entry ' || e.entry_id, e.energy;
            done := done + 1;
        EXCEPTION WHEN SQLSTATE 'SG103' OR SQLSTATE 'SG104' OR SQLSTATE 'SG105' OR SQLSTATE 'SG107' THEN
            NULL;       -- it is not there any more, or was taken back already: the next one
        END;
    END LOOP;
    IF done < most THEN
        RAISE EXCEPTION '% of % entries of kind % were taken back', done, most, the_kind;
    END IF;
END $$;
CREATE PROCEDURE made.undo_all(readings integer) LANGUAGE plpgsql AS $$
DECLARE
    kind text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['consumption', 'production', 'discharge', 'charge'] LOOP
        CALL made.undo(kind, readings);
        CALL made.undo(kind, readings, 'SELECT sg_correct_reading($1, $3 / 2 + 1, $2)');
    END LOOP;
    FOREACH kind IN ARRAY ARRAY['trade', 'topup', 'withdrawal', 'payout', 'refund', 'write_off'] LOOP
        CALL made.undo(kind, 1);
    END LOOP;
END $$;
CREATE PROCEDURE made.post() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_post_readings('made.reading');
    TRUNCATE made.reading RESTART IDENTITY;
END $$;

-- ---- the community of Berlin, in Wh and cents ----
CREATE PROCEDURE made.acting(who text) LANGUAGE sql
BEGIN ATOMIC SELECT set_config('smartgrid.principal', who, false); END;
CALL made.acting('anna');
SELECT sg_register_producer(6000, 'solar'), sg_register_consumer(2500);
CALL made.acting('wim');
SELECT sg_register_producer(9000, 'wind');
CALL made.acting('mill');
SELECT sg_register_producer(3000, 'hydro');
CALL made.acting('backup');
SELECT sg_register_producer(20000, 'natural-gas');
CALL made.acting('ben');
SELECT sg_register_consumer(5000);
CALL made.acting('cora');
SELECT sg_register_consumer(4000), sg_register_producer(1000, 'biomass');
CALL made.acting('garage');
SELECT sg_register_storage(30000, 4000, 3000), sg_register_consumer(1000);
CALL made.acting('cellar');
SELECT sg_register_storage(9007199254740993, 1500, 1500);
RESET smartgrid.principal;
SELECT sg_add_consumer_balance(name, 50000000) FROM unnest(ARRAY['anna', 'ben', 'cora', 'garage']) AS name;

\set members '{wim,anna,ben,mill,cora,garage,anna,garage,cora}'
\set kinds '{production,production,consumption,production,consumption,charge,consumption,discharge,production}'
\set below '{9000,6000,5000,3000,4000,2000,2500,2400,1000}'
CALL made.readings('2026-03-28 12:00Z', '2026-03-30 12:00Z', :'members', :'kinds', :'below');
CALL made.post();
SELECT sg_seal();
CALL made.readings('2026-10-24 12:00Z', '2026-10-26 12:00Z', :'members', :'kinds', :'below');
CALL made.post();
SELECT sg_seal();
-- late: into quarter-hours that blocks have sealed, and the months between
CALL made.readings('2026-03-29 00:00Z', '2026-03-29 03:00Z', '{anna,ben}', '{production,consumption}', '{6000,5000}');
INSERT INTO made.reading (at, principal, kind, amount)
SELECT day + interval '13 hours', kind[1], kind[2], 100 + made.pick(extract(doy FROM day)::bigint, 3, 900)
FROM generate_series(timestamptz '2025-12-30 00:00Z', '2027-01-02 00:00Z', interval '1 day') AS day,
     (VALUES (ARRAY['wim', 'production']), (ARRAY['ben', 'consumption'])) AS k (kind);
CALL made.post();

-- trades: pending, completed, cancelled, reversed, some in each other's way
CREATE PROCEDURE made.trades(sellers text[], buyers text[], rounds integer, most bigint) LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
    seller text;
    buyer text;
BEGIN
    FOR i IN 1..rounds LOOP
        seller := sellers[1 + i % cardinality(sellers)];
        buyer := buyers[1 + i % cardinality(buyers)];
        CALL made.acting(seller);
        id := sg_create_trade(buyer, 100 + made.pick(i, 1, most), 5 + made.pick(i, 2, 60));
        IF i % 4 IN (0, 1) THEN
            CALL made.acting(buyer);
            PERFORM sg_complete_trade(id);
        ELSIF i % 4 = 2 THEN
            PERFORM sg_cancel_trade(id);
        END IF;
    END LOOP;
    PERFORM set_config('smartgrid.principal', '', false);
END $$;
CALL made.trades('{anna,wim,mill}', '{ben,cora}', 60, 3000);
SELECT sg_toggle_emergency_mode();
SELECT * FROM sg_post_readings('{ben,cora}', '{consumption,consumption}', '{1234,777}', '{2026-10-25 00:30Z,2026-10-25 01:30Z}');
SELECT sg_toggle_emergency_mode();
CALL made.acting('anna');
SELECT sg_withdraw_earnings(11), sg_withdraw_balance(17), sg_withdraw_earnings(3);
RESET smartgrid.principal;
SELECT sg_pay_producer('wim', 40), sg_pay_producer('anna', 7), sg_refund('ben', 13), sg_refund('cora', 1),
       sg_add_consumer_balance('cora', 4321), sg_add_consumer_balance('cora', 123);
SELECT * FROM sg_balance_load();

-- ---- what was wrong, in quarter-hours that are sealed, then sealed itself, then in the tail ----
SELECT sg_write_off(5, 'lost on the lines'), sg_write_off(7, 'lost on the lines');
CALL made.undo_all(3);
SELECT sg_seal();

-- ---- the community of Sydney, in kWh and 1/1000 franc, with large amounts ----
SET smartgrid.grid = 'hill';
\if :zones
SELECT sg_set_time_zone('Australia/Sydney');
\endif
CALL made.acting('reactor');
SELECT sg_register_producer(9007199254740993, 'nuclear');
CALL made.acting('spring');
SELECT sg_register_producer(5000, 'geothermal');
CALL made.acting('ben');
SELECT sg_register_consumer(4503599627370497);
CALL made.acting('dam');
SELECT sg_register_storage(9007199254740993, 1000000, 900000);
RESET smartgrid.principal;
SELECT sg_add_consumer_balance('ben', 9007199254740993) FROM generate_series(1, 20);
SELECT * FROM sg_post_readings('{reactor,ben}', '{production,consumption}', '{9007199254740993,12345678901}',
                               '{2026-04-04 14:15Z,2026-04-04 16:30Z}');
\set members '{reactor,ben,spring,dam,dam}'
\set kinds '{production,consumption,production,charge,discharge}'
\set below '{900000,700000,5000,90000,90000}'
CALL made.readings('2026-04-04 10:00Z', '2026-04-05 18:00Z', :'members', :'kinds', :'below');
CALL made.post();
SELECT sg_seal();
CALL made.readings('2026-10-03 10:00Z', '2026-10-04 18:00Z', :'members', :'kinds', :'below');
CALL made.post();
CALL made.trades('{reactor,spring}', '{ben}', 9, 4000);
CALL made.undo('consumption', 5);
SELECT sg_seal();
CALL made.undo('trade', 1);
CALL made.undo('production', 2, 'SELECT sg_correct_reading($1, 0, $2)');
CALL made.undo('consumption', 2, 'SELECT sg_correct_reading($1, $3 + 1, $2)');
CALL made.readings('2026-10-03 15:00Z', '2026-10-03 18:00Z', '{reactor,ben}', '{production,consumption}', '{900000,700000}');
CALL made.post();
-- under a reference, twice: done once
CALL made.acting('ben');
SET smartgrid.reference = 'kettle';
SELECT sg_withdraw_balance(19);
SELECT sg_withdraw_balance(19);
RESET smartgrid.reference;
RESET smartgrid.principal;
SELECT sg_alter_grid('hill', price_rule => 'scarcity', registration => 'operator');
RESET smartgrid.grid;
SET smartgrid.reference = 'roof/1';
CALL made.acting('anna');
SELECT sg_report_production(1500);
SELECT sg_report_production(1500);
SET smartgrid.reference = 'kettle';
CALL made.acting('ben');
SELECT sg_consume_energy(11);
SELECT sg_consume_energy(11);
SET smartgrid.reference = 'desk/1';
RESET smartgrid.principal;
SELECT sg_write_off(3, 'lost on the lines');
SELECT sg_write_off(3, 'lost on the lines');
RESET smartgrid.reference;

-- ---- what changes the rows of those who are in the ledger already ----
SELECT sg_alter_producer('backup', 15000);
CREATE TABLE made.capacity AS
    SELECT 'default' AS grid, 'backup' AS principal, 20000 AS capacity, clock_timestamp() AS at, -5000 AS change;
SELECT sg_deactivate_participant('backup', true);
INSERT INTO made.capacity SELECT 'default', 'backup', 20000, clock_timestamp(), -15000;
SELECT sg_enrol_producer('newcomer', 1, 'solar'), sg_alter_consumer('ben', 6000), sg_alter_storage('garage', 35000, 4100, 3100);
SELECT sg_rename_participant('mill', 'watermill');
SELECT sg_set_base_price(35);
-- a tail that no block has, on the very border of a day
SELECT * FROM sg_post_readings('{wim,ben,wim}', '{production,consumption,production}', '{5000,800,70}',
                               '{2026-10-24 22:00Z,2026-10-24 21:59:59.999999Z,2026-10-25 23:00Z}');
CALL made.undo_all(2);
-- what a settlement has booked, whose digests are of the names of the kinds, and what was paid of it
WITH entry AS (
    INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
    SELECT coalesce(p.participant_id, 0), 0, 0, 0, e.money, e.about, c.now, g.grid_id, e.kind, c.now
    FROM (VALUES (23, NULL, 0, 1), (24, 'ben', 4711, 1), (24, 'cora', 333, 2), (25, 'anna', 1200, 3), (24, 'anna', 100, 4)) AS e (kind, principal, money, about)
         CROSS JOIN (SELECT clock_timestamp()) AS c (now) JOIN smartgrid.grid AS g ON g.name = 'default'
         LEFT JOIN smartgrid.participant AS p ON p.principal = e.principal AND p.grid_id = g.grid_id
    RETURNING entry_id, participant_id, grid_id, kind, money
), digest AS (
    INSERT INTO smartgrid.entry_digest SELECT e.entry_id, e.grid_id, sha256(convert_to(smartgrid.entry_kind(e.kind), 'UTF8')) FROM entry AS e
)
INSERT INTO smartgrid.due
SELECT e.participant_id, sum(CASE e.kind WHEN 24 THEN e.money ELSE -e.money END), e.grid_id FROM entry AS e WHERE e.participant_id > 0 GROUP BY e.participant_id, e.grid_id;
SELECT sg_record_payment('ben', 4000, 'bank 1'), sg_record_payment('ben', 4000, 'bank 1'), sg_record_payment('anna', -1000, 'bank 2'), sg_record_payment('garage', 5, 'bank 3');
CALL made.acting('cora');
SELECT sg_pay_due(33);
RESET smartgrid.principal;
-- what two meters have measured: a batch
SELECT sg_set_point('AT001', '2026-01-01 00:00Z', 'anna', 'consumption'), sg_set_point('AT002', '2026-01-01 00:00Z', 'ben', 'production');
SELECT * FROM sg_post_intervals(points => '{AT001,AT002}', starts => '{2026-03-29 01:00Z,2026-03-29 01:15Z}', amounts => '{120,80}');
SELECT sg_set_share('AT002', '2026-01-01 00:00Z', factor => 80), sg_set_allocation('2026-02-01 00:00Z', 'cascade');
SELECT sg_record_metrics('[2026-03-29 00:00Z, 2026-03-30 00:00Z)'::tstzrange);
SELECT sg_record_metrics('(2026-10-24 22:00Z, 2026-10-25 23:00Z]'::tstzrange);
ANALYZE;
