-- Runs: a community of four by hand.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'Europe/Vienna';
SET datestyle = ISO;

SELECT sg_alter_grid('default', energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT sg_set_time_zone('Europe/Vienna');
SELECT count(*) FROM (VALUES ('C1', 'anna', 'consumption'), ('C2', 'bert', 'consumption'), ('P1', 'carl', 'production')) AS v (p, o, k),
    sg_set_point(v.p, '2024-01-01', v.o, v.k, '1 hour') AS set;
-- A day of 24 hours: anna takes 1.000 kWh an hour, bert 3.000, carl makes 8.000 from 10 to 14.
SELECT * FROM sg_post_days('{C1,C2,P1}', '{2024-02-05,2024-02-05,2024-02-05}',
    ARRAY[(SELECT string_agg('1000', ',') FROM generate_series(0, 23)), (SELECT string_agg('3000', ',') FROM generate_series(0, 23)),
          (SELECT string_agg(CASE WHEN h BETWEEN 10 AND 13 THEN '8000' ELSE '0' END, ',' ORDER BY h) FROM generate_series(0, 23) AS h)]);
SELECT sg_set_tariff('village', '2024-01-01', '[
  {"name": "Community energy", "of": "covered", "price": 0.151},
  {"name": "Rest by day", "of": "rest", "price": 0.3333, "when": {"times": ["06:00-22:00"]}},
  {"name": "Rest by night", "of": "rest", "price": 0.2, "when": {"times": ["22:00-06:00"]}},
  {"name": "Energy delivered", "of": "covered", "kinds": ["production"], "price": 0.0900},
  {"name": "Meter", "of": "point", "price": 2.90},
  {"name": "Membership", "of": "participant", "price": 2.00},
  {"name": "Discount", "of": "percent", "on": ["Community energy", "Rest by day"], "price": -10}]', for_all => true);
SELECT sg_settle('[2024-02-05,2024-02-06)');
\a
SELECT participant, point, component, side, period, base, quantity, unit, price, money, qualities FROM sg_run_lines ORDER BY line;
SELECT * FROM sg_run_problems(1);
SELECT run, period, state, kind, number, charges_currency, credits_currency, changed_since FROM sg_runs;
SELECT kind, key, valid, version FROM sg_run_basis(1);
SELECT part, ok FROM sg_verify_run(1);
SELECT sg_finalize(1);
SELECT state, number, entry_id IS NOT NULL AS booked FROM sg_runs;
SELECT kind, participant, money, about FROM sg_ledger WHERE kind = 'run';
SELECT part, ok FROM sg_verify_run(1);
