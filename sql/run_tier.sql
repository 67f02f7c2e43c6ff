-- Tiers: each unit at the price of its tier, at its exact limit.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = ISO;
\a\t
SELECT sg_alter_grid('default', energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT count(*) FROM (VALUES ('C1', 'anna'), ('C2', 'anna'), ('C3', 'bert')) AS v (p, o),
    sg_set_point(v.p, '2024-01-01', v.o, 'consumption', '1 hour') AS set;
-- 1.000 kWh an hour at C1, 0.500 at C2, nothing at C3, for the first three days of February.
SELECT * FROM sg_post_days(ARRAY(SELECT p FROM unnest('{C1,C2,C3}'::text[]) AS p, generate_series(1, 3) ORDER BY p),
    ARRAY(SELECT '2024-02-01'::date + d FROM generate_series(1, 3), generate_series(0, 2) AS d),
    ARRAY(SELECT rtrim(repeat(v || ',', 24), ',') FROM unnest('{1000,500,0}'::text[]) WITH ORDINALITY AS u (v, n), generate_series(1, 3) ORDER BY n));
SELECT sg_set_tariff('tiers', '2024-01-01', '[
  {"name": "Month", "tiers": [{"upto": 40, "price": 0.10}, {"upto": 50, "price": 0.20}, {"price": 0.30}]},
  {"name": "Day", "tiers": [{"upto": 10.5, "price": 0.10}, {"price": 0.30}], "tier_per": "day", "over": "participant"},
  {"name": "Run", "tiers": [{"upto": 24, "price": 0}, {"price": 0.25}], "tier_per": "run"}]', for_all => true);
-- The 2nd of February: of C1 24 kWh were before. So 16 in the first tier of the month, 8 in the second; C2 had 12.
-- By day: 1.5 kWh an hour; 10.5 after seven hours, 25.5 above.
SELECT sg_settle('[2024-02-02,2024-02-03)') AS run \gset
SELECT participant, point, component, tier, quantity, price, money FROM sg_run_lines WHERE run = :run ORDER BY line;
-- Both days: 40 kWh are at an end on the first of them, and a tier of the month goes on, those of the day begin anew.
SELECT sg_settle('[2024-02-02,2024-02-04)') AS run \gset
SELECT participant, point, component, tier, quantity, price, money FROM sg_run_lines WHERE run = :run AND participant = 'anna' ORDER BY line;
SELECT part, ok FROM sg_verify_run(:run);
-- What is counted before the run is in the basis; what is not assigned is counted all the same.
SELECT key FROM sg_run_basis(:run) WHERE kind = 'day';
SELECT sg_unassign_tariff('tiers', '2024-02-02 00:00', 'C1'), sg_assign_tariff('tiers', '2024-02-02 18:00', 'C1');
SELECT sg_settle('[2024-02-02,2024-02-03)') AS run \gset
SELECT component, tier, quantity, money, lower(period) AS begins FROM sg_run_lines WHERE run = :run AND point = 'C1' ORDER BY line;
-- Another price in the middle of the month: the version of the slot says it, and units count on.
SELECT sg_set_tariff('tiers', '2024-02-03', '[{"name": "Month", "tiers": [{"upto": 30, "price": 0.10}, {"upto": 60, "price": 0.20}, {"price": 0.5}]}]');
SELECT sg_settle('[2024-02-02,2024-02-04)') AS run \gset
SELECT component, tier, quantity, price, money, period FROM sg_run_lines WHERE run = :run AND point = 'C2' ORDER BY line;
-- A slot without a price is one, if its units are of two tiers, too: of 24 hours the first has a value, and the second passes 0.75 kWh.
SELECT sg_post_series('spot', '{2024-02-03 00:00}', '{0.10}', '1 hour');
SELECT sg_set_tariff('indexed', '2024-02-03', '[{"name": "Spot", "tiers": [{"upto": 0.75, "price": 0.10}, {"price": 0.20}], "index": {"series": "spot"}}]'),
    sg_assign_tariff('indexed', '2024-02-03', 'C2');
SELECT sg_settle('[2024-02-03,2024-02-04)') AS run \gset
SELECT * FROM sg_run_problems(:run);
\a\t
DROP EXTENSION smartgrid;
