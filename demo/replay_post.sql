-- Posts the readings: registration, then time step by time step.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;

-- The members' clock: who lacks what, known before the utility registers.
CREATE TABLE replay.member AS
SELECT principal, greatest(max(produced), 1) AS capacity, greatest(max(consumed), 1) AS consumption_limit
FROM replay.reading GROUP BY principal;
CREATE TABLE replay.step AS
SELECT at, sum(produced)::bigint AS produced, sum(consumed)::bigint AS consumed FROM replay.reading GROUP BY at;
ALTER TABLE replay.step ADD PRIMARY KEY (at);
ANALYZE replay.step, replay.member;

-- One reading with its time, as a meter gateway posts it.
CREATE FUNCTION replay.post_reading(principal text, kind text, amount bigint, at timestamptz) RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    refused record;
BEGIN
    FOR refused IN SELECT * FROM sg_post_readings(ARRAY[principal], ARRAY[kind], ARRAY[amount], ARRAY[at]) LOOP
        RAISE EXCEPTION USING ERRCODE = refused.sqlstate, MESSAGE = refused.message;
    END LOOP;
END
$$;

-- A step of the readings is one transaction: all members produce, the utility
-- feeds in what is missing on the grid, and no more, then all members consume.
CREATE PROCEDURE replay.post(of_period timestamptz)
    LANGUAGE plpgsql AS $$
DECLARE
    period record;
    step record;
    reading record;
    missing bigint;
    quote record;
    imported_now bigint := 0;
    paid_now numeric := 0;
    top_up bigint;
BEGIN
    SELECT * INTO period FROM replay.period WHERE starts = of_period;
    SELECT max_topup INTO top_up FROM sg_grids WHERE grid = sg_grid();
    FOR step IN SELECT at, consumed FROM replay.step WHERE at >= period.starts AND at < period.ends ORDER BY at LOOP
        FOR reading IN SELECT principal, produced FROM replay.reading WHERE at = step.at ORDER BY principal LOOP
            PERFORM replay.post_reading(reading.principal, 'production', reading.produced, step.at);
        END LOOP;
        missing := step.consumed - (sg_get_grid_status()).current_load;
        IF missing > 0 THEN
            PERFORM replay.post_reading('utility', 'production', missing, step.at);
            imported_now := imported_now + missing;
        END IF;
        FOR reading IN SELECT principal, consumed FROM replay.reading WHERE at = step.at AND consumed > 0 ORDER BY principal LOOP
            PERFORM set_config('smartgrid.principal', reading.principal, true);
            LOOP
                SELECT * INTO quote FROM sg_quote(reading.consumed);
                EXIT WHEN quote.affordable;
                PERFORM sg_add_consumer_balance(reading.principal, top_up);
            END LOOP;
            PERFORM replay.post_reading(reading.principal, 'consumption', reading.consumed, step.at);
            paid_now := paid_now + quote.cost;
        END LOOP;
        COMMIT;
    END LOOP;
    UPDATE replay.period SET imported = imported_now, paid = paid_now WHERE starts = of_period;
END
$$;

CREATE FUNCTION replay.period_line(of_period timestamptz) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT format('  %s%s%s%s%s%s', rpad(p.label, 16), lpad(replay.grouped(count(*)), 10),
                  to_char(sum(r.produced) / 1000.0, '999,999,990.000'), to_char(p.imported / 1000.0, '999,999,990.000'),
                  to_char(sum(r.consumed) / 1000.0, '999,999,990.000'),
                  COALESCE(to_char(p.paid / 10 / NULLIF(sum(r.consumed), 0), '9990.0000'), '         -'))
    FROM replay.period AS p JOIN replay.reading AS r ON r.at >= p.starts AND r.at < p.ends
    WHERE p.starts = of_period
    GROUP BY p.starts;
$$;

\connect - replay_operator
\pset tuples_only on
\pset format unaligned
-- Readings in Wh; money in 1/10000, base price 0.25 a kWh. A top-up pays for
-- some hundred readings, so that the ledger is not full of them.
SELECT sg_create_grid('replay', base_price => 2500, energy_scale => 3, money_scale => 4,
                      max_topup => greatest(1000000, COALESCE(max(consumption_limit), 0) * 500))
FROM replay.member \g /dev/null
-- Its days and months are those of the file, if their clock is one that a grid can have.
SELECT sg_set_time_zone(time_zone) FROM replay.clock WHERE time_zone !~ '^<' \g /dev/null

\connect - replay_gateway
DO $$
DECLARE
    member record;
BEGIN
    FOR member IN SELECT * FROM replay.member ORDER BY principal LOOP
        EXECUTE format('SET LOCAL smartgrid.principal = %L', member.principal);
        PERFORM sg_register_producer(member.capacity, 'solar'), sg_register_consumer(member.consumption_limit);
        COMMIT;
    END LOOP;
    SET LOCAL smartgrid.principal = 'utility';
    PERFORM sg_register_producer(greatest((SELECT max(consumed) FROM replay.step), 1), 'natural-gas');
END
$$;
\pset tuples_only on
\pset format unaligned
\echo
\echo '                    readings    produced kWh     utility kWh    consumed kWh paid a kWh'
SELECT format('CALL replay.post(%L)', starts), format('SELECT replay.period_line(%L)', starts)
FROM replay.period ORDER BY starts \gexec
