-- What a tariff costs when: stretches of the same price, for each component.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_set_holidays('{2024-01-01, 2024-05-01, 2024-12-25}');
-- As text: the local day of the week, and time.
CREATE FUNCTION prices(tariff text, period tstzrange) RETURNS TABLE (component text, start text, stop text, price numeric) LANGUAGE sql AS
$$SELECT component, to_char(start, 'YYYY-MM-DD Dy HH24:MI'), to_char(stop, 'YYYY-MM-DD Dy HH24:MI'), price FROM sg_price_check(tariff, period)$$;

-- One price; versions with equal prices are one stretch; no version is a gap.
SELECT sg_set_tariff('flat', '2024-02-01', '[{"name": "Energy", "price": 0.1510}]'),
       sg_set_tariff('flat', '2024-03-01', '[{"name": "Fee", "of": "point", "price": 2}, {"name": "Energy", "price": 0.151}]'),
       sg_set_tariff('flat', '2024-04-01', '[{"name": "Energy", "price": 0.16}]');
SELECT * FROM prices('flat', '[2024-01-01, 2024-05-01)');
SELECT * FROM prices('flat', '[2024-01-01, 2024-01-02)');
SELECT * FROM prices('flat', '[2024-02-10 10:07, 2024-02-10 10:08)');

-- Time of use: 2024-05-01 is a Wednesday, and a holiday. Saturday and Sunday have no peak.
SELECT sg_set_tariff('tou', '2024-01-01', '[
  {"name": "Base", "price": 0.10},
  {"name": "Peak", "price": 0.05, "when": {"days": [1, 2, 3, 4, 5], "times": ["07:00-09:00", "08:30-11:00", "17:00-20:00"]}},
  {"name": "Night", "price": -0.02, "when": {"days": [1], "times": ["22:00-06:00"]}},
  {"name": "Holiday", "price": 0.01, "when": {"holidays": "only", "days": [3]}},
  {"name": "Wednesday", "price": 0.02, "when": {"holidays": "ignore", "days": [3]}},
  {"name": "Winter", "price": 0.03, "when": {"months": [1, 2, 11, 12]}}]');
SELECT * FROM prices('tou', '[2024-04-29, 2024-05-06)');
SELECT * FROM prices('tou', '[2024-01-01, 2025-01-01)') WHERE component IN ('Holiday', 'Winter');
-- On days on which clocks change, by what they show: 02:00-03:00 is not there on 2024-03-31, and twice on 2024-10-27.
SELECT sg_set_tariff('clock', '2024-01-01', '[{"name": "Hour", "price": 1, "when": {"times": ["02:00-03:00"]}},
  {"name": "Half", "price": 1, "when": {"times": ["01:30-02:30"]}}]');
SELECT component, start AT TIME ZONE 'UTC' AS start, stop AT TIME ZONE 'UTC' AS stop, price FROM sg_price_check('clock', '[2024-03-30, 2024-04-01)');
SELECT component, start AT TIME ZONE 'UTC' AS start, stop AT TIME ZONE 'UTC' AS stop, price FROM sg_price_check('clock', '[2024-10-26, 2024-10-28)');

-- Tiers: the price of the first. A percent: that.
SELECT sg_set_tariff('tiers', '2024-01-01', '[{"name": "Energy", "tiers": [{"upto": 10, "price": 0.1}, {"price": 0.2}]},
  {"name": "Discount", "of": "percent", "price": -3, "on": ["Energy"]}]');
SELECT * FROM prices('tiers', '[2024-01-01, 2024-02-01)');

-- Index prices: value * factor + price, then cap and floor; without a value there is no price.
SELECT sg_post_series('spot', '{2024-01-01 00:00, 2024-01-01 01:00, 2024-01-01 02:00, 2024-01-01 04:00}', '{50, 300, -400, 50}', '1 hour');
SELECT sg_set_tariff('spot', '2024-01-01', '[{"name": "Spot", "price": 0.01, "index": {"series": "spot", "factor": 0.001, "cap": 0.25, "floor": -0.1}},
  {"name": "Fraction", "index": {"series": "spot", "factor": 0.000000000001}},
  {"name": "None", "index": {"series": "none"}}]');
SELECT * FROM prices('spot', '[2024-01-01, 2024-01-01 06:00)');
-- What has more than 12 decimals is rounded, halves away from zero.
SELECT sg_post_series('half', '{2024-01-01}', '{0.000000000005}', NULL), sg_post_series('minus', '{2024-01-01}', '{-0.000000000005}', NULL);
SELECT sg_set_tariff('half', '2024-01-01', '[{"name": "Up", "index": {"series": "half", "factor": 0.1}}, {"name": "Down", "index": {"series": "minus", "factor": 0.1}},
  {"name": "Less", "index": {"series": "half", "factor": 0.08}}, {"name": "Whole", "index": {"series": "half", "factor": -123456789012}}]');
SELECT component, price FROM prices('half', '[2024-01-01, 2024-01-02)');

-- Marked hours: where the series is not 0. A series without any value leaves it open.
SELECT sg_post_series('peaks', '{2024-01-01 17:00, 2024-01-01 18:00}', '{1, 0}', '1 hour'), sg_post_series('empty', '{}', '{}', '1 hour');
SELECT sg_set_tariff('marked', '2024-01-01', '[{"name": "Marked", "price": 1, "when": {"marked": "peaks"}}, {"name": "Empty", "price": 1, "when": {"marked": "empty"}}]');
SELECT * FROM prices('marked', '[2024-01-01, 2024-01-02)');
SELECT * FROM prices('marked', '[2024-02-01, 2024-02-02)');

-- As it was on record before.
SELECT sg_set_tariff('past', '2024-01-01', '[{"name": "Energy", "price": 1}]');
SELECT clock_timestamp() AS before \gset
SELECT sg_set_tariff('past', '2024-01-01', '[{"name": "Energy", "price": 2}]');
SELECT price FROM sg_price_check('past', '[2024-01-01, 2024-01-02)');
SELECT price FROM sg_price_check('past', '[2024-01-01, 2024-01-02)', :'before');

-- The stretches of a component are the period, without gap or overlap.
SELECT count(*) AS torn FROM (
    SELECT start, lag(stop) OVER w AS before, price, lag(price) OVER w AS price_before FROM sg_price_check('tou', '[2024-01-01, 2026-01-01)') WINDOW w AS (PARTITION BY component ORDER BY start)) AS q
WHERE start <> before OR before IS NOT NULL AND price IS NOT DISTINCT FROM price_before;

-- What is refused.
SELECT * FROM sg_price_check(NULL, '[2024-01-01, 2024-01-02)');
SELECT * FROM sg_price_check('flat', NULL);
SELECT * FROM sg_price_check('flat', 'empty');
SELECT * FROM sg_price_check('flat', '[2024-01-01,)');
SELECT * FROM sg_price_check('gone', '[2024-01-01, 2024-01-02)');
SELECT sg_post_series('large', '{2024-01-01}', '{999999999999999}', NULL);
SELECT sg_set_tariff('large', '2024-01-01', '[{"name": "A", "index": {"series": "large", "factor": 999999999999999}}]');
SELECT price FROM sg_price_check('large', '[2024-01-01, 2024-01-02)');

DROP FUNCTION prices;
DROP EXTENSION smartgrid;
