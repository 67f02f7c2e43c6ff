-- Demand: the highest windows of a month, what ratchets and community peaks make of them, who is billed when.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = ISO;
\a\t
SELECT sg_alter_grid('default', energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT count(*) FROM (VALUES ('C1', 'anna'), ('C2', 'bert')) AS v (p, o),
    sg_set_point(v.p, '2024-01-01', v.o, 'consumption', '15 minutes') AS set;
-- Quarter-hours of 0.100 kWh. Of C1 some are higher: 0.900 on January 10 at 12:00, in February 0.500, 0.450 on the 5th at 10:00 and 10:15, 0.480
-- on the 6th at 10:00; of C2 0.700 on February 6 at 10:00.
CREATE TABLE high (point text, start timestamptz, amount bigint);
INSERT INTO high VALUES ('C1', '2024-01-10 12:00', 900), ('C1', '2024-02-05 10:00', 500), ('C1', '2024-02-05 10:15', 450),
    ('C1', '2024-02-06 10:00', 480), ('C2', '2024-02-06 10:00', 700);
CREATE VIEW readings AS
SELECT p AS point, s AS start, coalesce(h.amount, 100) AS amount
FROM unnest('{C1,C2}'::text[]) AS p CROSS JOIN generate_series(timestamptz '2024-01-01', '2024-02-29 23:45', '15 minutes') AS s
     LEFT JOIN high AS h ON h.point = p AND h.start = s;
SELECT * FROM sg_post_intervals('readings');
SELECT sg_set_tariff('power', '2024-01-01', '[
  {"name": "Max", "of": "demand", "price": 5},
  {"name": "Three", "of": "demand", "price": 5, "demand": {"measure": "mean", "n": 3}},
  {"name": "Three days", "of": "demand", "price": 5, "demand": {"measure": "mean", "n": 3, "distinct_days": true}},
  {"name": "Hour", "of": "demand", "price": 5, "demand": {"interval": "1 hour"}},
  {"name": "Morning", "of": "demand", "price": 5, "when": {"times": ["06:00-10:00"]}},
  {"name": "Ratchet", "of": "demand", "price": 5, "demand": {"ratchet_percent": 70, "ratchet_months": 11}},
  {"name": "Summer ratchet", "of": "demand", "price": 5, "demand": {"ratchet_percent": 70, "ratchet_calendar_months": [6, 7, 8]}},
  {"name": "Coincident", "of": "demand", "price": 5, "demand": {"at": "community_peak"}},
  {"name": "July", "of": "demand", "price": 5, "when": {"months": [7]}},
  {"name": "Steps", "of": "demand", "tiers": [{"upto": 1.5, "price": 2}, {"price": 4}]},
  {"name": "Year", "of": "demand", "price": 50, "per": "year"}]', for_all => true);
-- February of C1: 0.500 in a quarter-hour are 2 kW; the mean of 0.5, 0.48, 0.45 is 1.906666666667 kW; of three days 0.5, 0.48, 0.1: 1.44;
-- 10:00 to 11:00 has 1.15 kWh; in the morning 0.4 kW; 70 % of January's 3.6 kW are 2.52; at the community's peak of 1.18 it has 1.92 kW.
SELECT sg_settle('[2024-02-01,2024-03-01)') AS run \gset
SELECT participant, point, component, tier, quantity, price, money, period FROM sg_run_lines WHERE run = :run ORDER BY line;
SELECT part, ok FROM sg_verify_run(:run);
SELECT min(key), max(key), count(*) FROM sg_run_basis(:run) WHERE kind = 'day';
-- Half a month does not bill it, for it goes on; the other half does, all of the month.
SELECT sg_settle('[2024-02-01,2024-02-16)') AS run \gset
SELECT count(*) FROM sg_run_lines WHERE run = :run;
SELECT sg_settle('[2024-02-16,2024-03-01)') AS run \gset
SELECT point, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND component = 'Max' ORDER BY line;
-- Who leaves pays in the run in which it leaves, who comes has its own part of the month. A change of the version makes one line.
SELECT sg_set_point('C1', '2024-02-06', 'carl'), sg_set_tariff('power', '2024-02-10', '[{"name": "Max", "of": "demand", "price": 6}]');
SELECT sg_settle('[2024-02-01,2024-02-16)') AS run \gset
SELECT participant, point, component, quantity, price, money, period FROM sg_run_lines WHERE run = :run AND component IN ('Max', 'Ratchet') ORDER BY line;
SELECT sg_settle('[2024-02-01,2024-03-01)') AS run \gset
SELECT participant, point, component, quantity, price, money, period FROM sg_run_lines WHERE run = :run AND component IN ('Max', 'Ratchet') ORDER BY line;
-- What is no change of owner or assignment ends nothing: bert's point has slots of 30 minutes from the 16th on, and is billed once. Its 0.700 in
-- a quarter-hour before that are 2.8 kW.
SELECT sg_set_point('C2', '2024-02-16', resolution => '30 minutes');
SELECT sg_settle('[2024-02-01,2024-02-16)') AS run \gset
SELECT count(*) FROM sg_run_lines WHERE run = :run AND point = 'C2';
SELECT sg_settle('[2024-02-16,2024-03-01)', '{measured,missing}') AS run \gset
SELECT point, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND point = 'C2' ORDER BY line;
-- An assignment that is taken away at the end of the run ends what is assigned: the run bills it.
SELECT sg_unassign_tariff('power', '2024-02-16', point => 'C2');
SELECT sg_settle('[2024-02-01,2024-02-16)') AS run \gset
SELECT point, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND point = 'C2' ORDER BY line;
-- It is assigned again from the 20th on: billed once, with the last of it.
SELECT sg_assign_tariff('power', '2024-02-20', point => 'C2');
SELECT sg_settle('[2024-02-01,2024-02-16)') AS run \gset
SELECT count(*) FROM sg_run_lines WHERE run = :run AND point = 'C2';
SELECT sg_settle('[2024-02-16,2024-03-01)', '{measured,missing}') AS run \gset
SELECT point, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND point = 'C2' ORDER BY line;
-- Over all of a participant, what changes at a point does not cut the line: it is the owner's part of the month.
SELECT sg_set_tariff('all', '2024-01-01', '[{"name": "All", "of": "demand", "price": 6, "over": "participant"}]', for_all => true);
SELECT sg_assign_tariff('all', '2024-02-21', quantity => 2);
SELECT sg_settle('[2024-02-01,2024-03-01)', '{measured,missing}') AS run \gset
SELECT participant, component, quantity, money, period FROM sg_run_lines WHERE run = :run AND component = 'All' ORDER BY line;
\a\t
DROP VIEW readings;
DROP TABLE high;
DROP EXTENSION smartgrid;
