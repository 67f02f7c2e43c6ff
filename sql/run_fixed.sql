-- Components by the day: months and years as fractions that lose nothing, who has a day, what a run charges once.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'Europe/Vienna';
SET datestyle = ISO;
\a\t
SELECT sg_alter_grid('default', energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT sg_set_time_zone('Europe/Vienna');
SELECT count(*) FROM (VALUES ('C1', 'anna'), ('C2', 'anna'), ('C3', 'bert')) AS v (p, o),
    sg_set_point(v.p, '2023-01-01', v.o, 'consumption', '1 hour') AS set;
SELECT sg_set_tariff('fixed', '2023-01-01', '[
  {"name": "Meter", "of": "point", "price": 3.10},
  {"name": "Whole", "of": "point", "price": 3.10, "prorate": "none"},
  {"name": "Day", "of": "point", "price": 0.10, "per": "day"},
  {"name": "Year", "of": "point", "price": 36.60, "per": "year"},
  {"name": "Once", "of": "point", "price": 7, "per": "run"},
  {"name": "Hub", "of": "point", "price": 1, "days_of": "period", "price_digits": 6},
  {"name": "Member", "of": "participant", "price": 2.00},
  {"name": "Joining", "of": "participant", "price": 5, "per": "run"}]', for_all => true);
-- A leap February, the 10th to the 24th: 14 of 29 days, 14 of 366; the month's first day is not in it.
SELECT sg_settle('[2024-02-10,2024-02-24)', '{missing}') AS run \gset
SELECT point, component, quantity, price, money FROM sg_run_lines WHERE run = :run AND participant = 'anna' AND point IS DISTINCT FROM 'C2' ORDER BY line;
-- All of it, with bert's point anna's from the 11th on: each has its days. Of the joining fee each has its own.
SELECT sg_set_point('C3', '2024-02-11', 'anna');
SELECT sg_settle('[2024-02-01,2024-03-01)', '{missing}') AS run \gset
SELECT participant, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND (point = 'C3' OR point IS NULL) ORDER BY line;
-- Two of it from the 20th on: two lines of the point. A participant has the largest of its assignments, and one line.
SELECT sg_assign_tariff('fixed', '2024-02-20', 'C1', quantity => 2);
SELECT sg_settle('[2024-02-01,2024-03-01)', '{missing}') AS run \gset
SELECT point, component, quantity, money, period FROM sg_run_lines
WHERE run = :run AND participant = 'anna' AND component IN ('Meter', 'Day', 'Once', 'Member') AND point IS DISTINCT FROM 'C2' AND point IS DISTINCT FROM 'C3' ORDER BY line;
-- A quarter of a year: the first of January to March, by months of 31, 29 and 31 days, is three months to the cent.
SELECT sg_settle('[2024-01-01,2024-04-01)', '{missing}') AS run \gset
SELECT component, quantity, price, money FROM sg_run_lines WHERE run = :run AND point = 'C2' ORDER BY line;
-- The price of a day of three, rounded to six decimals, times the pieces.
SELECT sg_settle('[2024-02-01,2024-02-04)', '{missing}') AS run \gset
SELECT start, stop, quantity, price, money FROM sg_run_steps(:run, 'Hub') WHERE point = 'C2';
SELECT component, quantity, price, money FROM sg_run_lines WHERE run = :run AND point = 'C2' AND component IN ('Hub', 'Meter') ORDER BY line;
-- A day of 23 hours is a day.
SELECT sg_settle('[2024-03-31,2024-04-01)', '{missing}') AS run \gset
SELECT component, quantity, money FROM sg_run_lines WHERE run = :run AND point = 'C2' AND component = 'Day';
\a\t
DROP EXTENSION smartgrid;
