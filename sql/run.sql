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
SELECT kind, key, valid, CASE WHEN kind <> 'batch' THEN version END AS version FROM sg_run_basis(1);
SELECT part, ok FROM sg_verify_run(1);
-- What a step of the price comes to: the day.
SELECT participant, point, kind, component, start, stop, quantity, price, money FROM sg_run_steps(1, 'Community energy');
-- Nothing has been finalized: a preview takes the place of another one, and may be thrown away.
SELECT sg_settle('[2024-02-05,2024-02-06)');
SELECT sg_finalize(1);
SELECT sg_discard(2);
SELECT sg_discard(2);
SELECT sg_settle('[2024-02-05,2024-02-06)');
SELECT sg_finalize(3);
SELECT state, number, entry_id IS NOT NULL AS booked, digest = (SELECT digest FROM sg_ledger WHERE kind = 'run') AS with_its_digest FROM sg_runs;
SELECT kind, participant, money, about FROM sg_ledger WHERE kind = 'run';
SELECT sg_finalize(3);
SELECT sg_discard(3);
-- History is never priced again by mistake.
SELECT sg_set_tariff('village', '2024-02-05', '[{"name": "Community energy", "of": "covered", "price": 0.2}]');
SELECT sg_set_share('C1', '2024-02-05', 50);
SELECT * FROM sg_run_of_day('[2024-02-04,2024-02-07)');

-- Corrections: bert had 2.000 kWh an hour in truth, so that he takes 8 of what is shared, and anna as before.
SELECT * FROM sg_run_changes(3);
SELECT sg_settle('[2024-02-05,2024-02-06)') AS run \gset
SELECT kind, number, charges, credits FROM sg_runs WHERE run = :run;
SELECT sg_finalize(:run);
SELECT * FROM sg_post_days('{C2}', '{2024-02-05}', ARRAY[(SELECT string_agg('2000', ',') FROM generate_series(0, 23))]);
SELECT run, changed_since IS NOT NULL AS changed FROM sg_runs ORDER BY run;
SELECT * FROM sg_run_changes(3);
SELECT sg_finalize(:run);
SELECT sg_settle('[2024-02-05,2024-02-06)') AS run \gset
SELECT participant, point, component, base, quantity, price, money FROM sg_run_lines WHERE run = :run ORDER BY line;
SELECT sg_finalize(:run);
SELECT part, ok FROM sg_verify_run(:run);
SELECT part, ok FROM sg_verify_run(3);
-- A price was wrong, too: the sum of all runs is what a fresh settlement would be.
SELECT sg_set_tariff('village', '2024-02-05', '[{"name": "Community energy", "of": "covered", "price": 0.2}]', correct => true);
SELECT sg_settle('[2024-02-05,2024-02-06)') AS run \gset
SELECT participant, point, component, base, quantity, price, money FROM sg_run_lines WHERE run = :run AND participant <> 'bert' ORDER BY line;
SELECT sg_finalize(:run);
SELECT participant, point, component, sum(quantity) AS quantity, sum(money) AS money FROM sg_run_lines
GROUP BY 1, 2, 3 HAVING sum(money) <> 0 ORDER BY 1, 2, 3;
SELECT * FROM sg_run_of_day('[2024-02-05,2024-02-06)');

-- What changes of series and holidays shows, too, if it is of the time.
SELECT max(run) AS run FROM sg_runs \gset
SELECT changed_since IS NOT NULL AS changed FROM sg_runs WHERE run = :run;
SELECT sg_post_series('late', '{2024-02-06}', '{1}', '1 day');
SELECT changed_since IS NOT NULL AS changed FROM sg_runs WHERE run = :run;
BEGIN;
SELECT sg_post_series('late', '{2024-02-05 12:00}', '{1}', '1 hour');
SELECT changed_since IS NOT NULL AS changed FROM sg_runs WHERE run = :run;
ROLLBACK;
BEGIN;
SELECT sg_set_holidays('{2024-02-04,2024-02-06}');
SELECT changed_since IS NOT NULL AS changed FROM sg_runs WHERE run = :run;
SELECT sg_set_holidays('{2024-02-05}', correct => true);
SELECT changed_since IS NOT NULL AS changed FROM sg_runs WHERE run = :run;
ROLLBACK;

-- What keeps a run from being final.
SELECT sg_set_tariff('index', '2024-02-07', '[{"name": "Spot", "index": {"series": "spot"}}]'), sg_assign_tariff('index', '2024-02-07', 'C1');
SELECT sg_unassign_tariff('village', '2024-02-07', 'C2');
SELECT sg_post_series('spot', '{2024-02-07 00:00,2024-02-07 01:00}', '{0.10,0.30}', '1 hour');
SELECT * FROM sg_post_days('{C1,C2}', '{2024-02-07,2024-02-07}', ARRAY(SELECT rtrim(repeat('1000,', 24), ',') FROM generate_series(1, 2)), '{estimated,measured}');
SELECT sg_settle('[2024-02-07,2024-02-08)') AS run \gset
SELECT * FROM sg_run_problems(:run);
SELECT component, quantity, price, money FROM sg_run_lines WHERE run = :run AND component = 'Spot';
SELECT start, stop, quantity, price, money FROM sg_run_steps(:run, 'Spot') LIMIT 3;
SELECT sg_finalize(:run);
SELECT sg_post_series('spot', ARRAY(SELECT timestamptz '2024-02-07 02:00' + n * interval '1 hour' FROM generate_series(0, 21) AS n), ARRAY(SELECT 0.2 FROM generate_series(0, 21)), '1 hour');
SELECT sg_settle('[2024-02-07,2024-02-08)') AS run \gset
SELECT sg_finalize(:run);
SELECT sg_settle('[2024-02-07,2024-02-08)', '{measured,estimated,missing,no_tariff}') AS run \gset
SELECT component, quantity, price, money FROM sg_run_lines WHERE run = :run AND component = 'Spot';
SELECT sg_finalize(:run);

-- Errors, in their order.
SELECT sg_settle(NULL);
SELECT sg_settle('empty');
SELECT sg_settle('[2024-02-05,2024-02-06)', '{good}');
SELECT sg_settle('[2024-02-05,2024-02-06)', '{NULL}');
SELECT sg_settle('[2024-02-05,2024-02-06)', NULL);
SELECT sg_settle('[2024-02-04,2024-02-06)');
SELECT sg_settle('[2024-03-05,2024-03-05 12:00)');
SELECT sg_settle('[2024-03-05 00:00Z,2024-03-06)');
SELECT sg_settle('[9000-03-05,9000-03-06)');
SELECT sg_settle('[2024-03-05,2024-03-06)', as_of => '9000-01-01');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT sg_settle('[2024-02-05,2024-02-06)');
ROLLBACK;
SELECT sg_finalize(NULL);
SELECT sg_finalize(99);
SELECT sg_discard(99);
SELECT * FROM sg_run_problems(99);
SELECT * FROM sg_run_of_day(NULL);
SELECT sg_settle(tstzrange(date_trunc('day', now()), date_trunc('day', now()) + interval '1 day'), '{measured,missing,no_tariff}') AS run \gset
\set VERBOSITY terse
SELECT sg_finalize(:run);
\set VERBOSITY default
CREATE ROLE regress_anna;
SET smartgrid.principal = 'anna';
SET ROLE regress_anna;
SELECT sg_settle('[2024-02-05,2024-02-06)');
SELECT * FROM sg_verify_run(3);
RESET ROLE;
DROP ROLE regress_anna;
\a
DROP EXTENSION smartgrid;
