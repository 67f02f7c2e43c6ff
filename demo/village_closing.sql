-- The day is over: the operator's record, then the reports.
\pset linestyle unicode
\pset border 0
\pset footer off

\connect - oskar
SELECT sg_record_metrics(tstzrange(min(began), clock_timestamp())) FROM village.clock \g /dev/null

\connect - audrey
\echo
\echo '── The grid at midnight ────────────────────────────────────────────────────────────'
\echo
SELECT format(E'  load        %s of %s kWh (%s %%)\n  price       %s EUR/kWh, base price %s\n  batteries   %s\n'
              '  revenue     %s EUR\n'
              '  the day     %s kWh produced, %s kWh used, %s %% of it from the village\n'
              '  peak        %s kWh on the grid at once\n',
              g.current_load_kwh, g.total_capacity_kwh, g.utilization,
              g.dynamic_price_currency, g.base_price_currency,
              (SELECT string_agg(format('%s %s of %s kWh', principal, stored_amount_kwh, round(capacity_kwh)), ', ' ORDER BY principal) FROM sg_storages),
              g.revenue_currency, m.production_kwh, m.consumption_kwh,
              round(100 * (1 - (SELECT total_produced_kwh FROM sg_producers WHERE principal = 'utility') / m.consumption_kwh)),
              m.peak_load_kwh)
FROM sg_grids AS g JOIN sg_metrics AS m USING (grid)
WHERE g.grid = sg_grid();
SELECT format('  %s%s kWh  %s', rpad(source, 12), to_char(sum(total_produced_kwh), '990.0'),
              village.bar(100 * sum(total_produced_kwh) / sum(sum(total_produced_kwh)) OVER (), 40))
FROM (SELECT CASE energy_type WHEN 'solar' THEN '12 roofs' WHEN 'wind' THEN 'turbine' ELSE 'imported' END AS source,
             total_produced_kwh
      FROM sg_producers) AS producers
GROUP BY source ORDER BY sum(total_produced_kwh) DESC;

\echo
\echo '── Load in % of capacity: batteries charge above 80 %, discharge below 25 % ────────'
\echo
SELECT village.chart(array_agg(utilization ORDER BY quarter), 0, 100, '990 "%"') FROM village.log;
\echo
\echo '── Price in EUR/kWh: follows the load; three times the base price in the emergency ─'
\echo
SELECT village.chart(array_agg(price / 10000.0 ORDER BY quarter), 0, 0.8, '0.99') FROM village.log;

\echo
\echo '── Best traders: neighbours sell a tenth below the price of the grid ───────────────'
\echo
\pset tuples_only off
\pset format aligned
SELECT '  ' || seller AS "  seller", count(*) AS trades, sum(amount_kwh) AS kwh, sum(cost_currency) AS "EUR",
       round(sum(cost_currency) / sum(amount_kwh), 4) AS "EUR/kWh",
       string_agg(DISTINCT buyer, ' and ' ORDER BY buyer) AS "sold to"
FROM sg_trades WHERE status = 'completed'
GROUP BY seller ORDER BY "EUR" DESC, seller LIMIT 5;
\pset tuples_only on
\pset format unaligned
SELECT format('  %s offers: %s completed, %s cancelled, %s pending; %s kWh sold for %s EUR.',
              count(*), count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'cancelled'),
              count(*) FILTER (WHERE status = 'pending'),
              sum(amount_kwh) FILTER (WHERE status = 'completed'), sum(cost_currency) FILTER (WHERE status = 'completed'))
FROM sg_trades;

\connect - anna
SELECT earnings FROM sg_get_producer_info('anna') \gset
SELECT sg_withdraw_earnings(:earnings) \g /dev/null
SELECT format('  anna, connected as herself, withdraws her earnings: %s EUR.', money_currency)
FROM sg_ledger WHERE kind = 'withdrawal';

\connect - ben
\echo
\echo '── Statement of account: ben, connected as himself, sees his own entries of sg_ledger ─'
\echo
\pset tuples_only off
\pset format aligned
-- Consumption by the hour, everything else entry by entry.
WITH entries AS (
    SELECT min(entry_id) AS entry_id, hour, kind, what, sum(energy_kwh) AS kwh,
           sum(CASE kind WHEN 'topup' THEN money_currency ELSE -money_currency END) AS amount
    FROM (SELECT *, COALESCE(quarter / 4, 0) AS hour,
                 CASE WHEN kind = 'consumption' THEN 0 ELSE entry_id END AS single,
                 CASE kind WHEN 'consumption' THEN 'from the grid' WHEN 'trade' THEN 'bought from ' || participant
                           ELSE 'top-up' END AS what
          FROM village.ledger
          WHERE kind IN ('topup', 'consumption', 'trade')) AS own
    GROUP BY hour, kind, what, single
)
SELECT format('  %s:00', lpad(hour::text, 2, '0')) AS "  hour", what,
       CASE WHEN kind <> 'topup' THEN kwh END AS kwh,
       CASE WHEN kind <> 'topup' THEN round(-amount / kwh, 4) END AS "EUR/kWh",
       lpad(to_char(amount, 'FMSG990.0000'), 8) AS "EUR",
       sum(amount) OVER (ORDER BY entry_id) AS balance
FROM entries ORDER BY entry_id;
\pset tuples_only on
\pset format unaligned
SELECT format('  sg_get_consumer_info(''ben'') says: balance %s (1/10000 EUR), %s Wh consumed.', balance, total_consumed)
FROM sg_get_consumer_info('ben');

\echo
\echo '── Who may do what ─────────────────────────────────────────────────────────────────'
\echo
SELECT '  ben counts other accounts    ' || village.attempt($$SELECT count(*) FROM sg_consumers WHERE principal <> 'ben'$$);
SELECT '  ben tops himself up          ' || village.attempt($$SELECT sg_add_consumer_balance('ben', 10000)$$);
SELECT '  ben takes another''s trade    ' || village.attempt($$SELECT sg_complete_trade(1)$$);
\connect - village_app
SELECT '  the app acts for nobody      ' || village.attempt($$SELECT sg_consume_energy(100)$$);
\connect - audrey
SELECT '  the auditor sets a price     ' || village.attempt($$SELECT sg_set_base_price(1)$$);

\echo
\echo '── sg_check(): nothing is lost, nothing made up (left side = right side) ───────────'
\echo
SELECT format('  %s %s  %s', CASE WHEN ok THEN '✓' ELSE '✗ VIOLATED' END,
              lpad(CASE WHEN ok THEN left_side::text ELSE left_side || ' <> ' || right_side END, 9),
              regexp_replace(invariant, '(.{60}\S*) ', E'\\1\n' || repeat(' ', 15)))
FROM sg_check() WHERE grid = sg_grid();
SELECT format(E'\n  %s of %s invariants hold over %s ledger entries.', count(*) FILTER (WHERE ok), count(*),
              (SELECT count(*) FROM sg_ledger))
FROM sg_check() WHERE grid = sg_grid();

DO $$
BEGIN
    IF NOT (SELECT bool_and(ok) FROM sg_check()) THEN
        RAISE EXCEPTION 'an invariant does not hold';
    END IF;
END
$$;
