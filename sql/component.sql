-- The component of a tariff: what its JSON may say, and every way in which it is wrong, with the path.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';

-- Sets a list of one component, which has a name already.
CREATE FUNCTION set_one(component jsonb) RETURNS boolean LANGUAGE sql AS
$$SELECT sg_set_tariff('t', '2026-01-01', jsonb_build_array('{"name": "A"}' || component))$$;
-- A list of two: a base, and a component on it.
CREATE FUNCTION set_two(component jsonb) RETURNS boolean LANGUAGE sql AS
$$SELECT sg_set_tariff('t', '2026-01-01', '[{"name": "Base", "price": 1}]' || jsonb_build_array('{"name": "A", "of": "percent"}' || component))$$;

-- All that there is.
SELECT sg_set_tariff('everything', '2026-01-01', '[
  {"name": "Peak", "of": "energy", "kinds": ["consumption", "storage"], "classes": ["household"], "pay": "charge", "price": 0.123456789012,
   "when": {"months": [1, 12], "days": [1, 2, 3, 4, 5], "times": ["07:00-20:00", "22:00-06:00", "00:00-24:00"], "holidays": "only", "marked": "peaks"},
   "over": "participant", "vat": {"category": "S", "rate": 20}, "round": "step", "price_digits": 6},
  {"name": "Spot", "of": "rest", "index": {"series": "spot", "factor": 1.1, "cap": 0.5, "floor": -0.1}},
  {"name": "Tiers", "of": "covered", "tiers": [{"upto": 100, "price": 0}, {"upto": 200.5, "price": 0.1}, {"price": 0.2}], "tier_per": "day"},
  {"name": "Peaks", "of": "demand", "price": 4, "per": "month", "demand": {"measure": "mean", "n": 3, "distinct_days": true, "interval": "15 minutes",
   "ratchet_percent": 80, "ratchet_months": 36, "ratchet_calendar_months": [6, 7, 8], "at": "own"}},
  {"name": "Coincident", "of": "demand", "price": 2, "per": "year", "demand": {"at": "community_peak", "interval": "1 hour"}},
  {"name": "Meter", "of": "point", "price": 1.5, "per": "year", "prorate": "none"},
  {"name": "Member", "of": "participant", "price": 2, "prorate": "days", "days_of": "period", "over": "participant", "vat": {"category": "O"}},
  {"name": "Discount", "of": "percent", "price": -3, "on": ["Member", "Peak"], "pay": "credit", "vat": {"category": "Z", "rate": 0}},
  {"name": "Levy", "of": "percent", "price": 1, "on": ["Discount"]}]');

SELECT set_one('{"price": 999999999999999.123456789012000}');

-- The list.
SELECT sg_set_tariff('t', '2026-01-01', '{}');
SELECT sg_set_tariff('t', '2026-01-01', '[]');
SELECT sg_set_tariff('t', '2026-01-01', '7');
SELECT sg_set_tariff('t', '2026-01-01', '[7]');
SELECT sg_set_tariff('t', '2026-01-01', '[[]]');
SELECT sg_set_tariff('t', '2026-01-01', '[{"price": 1}]');
SELECT sg_set_tariff('t', '2026-01-01', '[{"name": "A", "price": 1}, {"name": "A", "price": 1}]');

-- Keys that there are not, and those that are of no use.
SELECT set_one('{"prise": 1}');
SELECT set_one('{"price": 1, "of": "point", "when": {}}');
SELECT set_one('{"price": 1, "of": "point", "tiers": []}');
SELECT set_one('{"price": 1, "of": "demand", "tier_per": "month"}');
SELECT set_one('{"price": 1, "per": "month"}');
SELECT set_one('{"price": 1, "prorate": "none"}');
SELECT set_one('{"price": 1, "of": "demand", "days_of": "period"}');
SELECT set_one('{"price": 1, "demand": {}}');
SELECT set_one('{"price": 1, "on": ["B"]}');
SELECT set_one('{"price": 1, "of": "demand", "round": "step"}');
SELECT set_one('{"price": 1, "of": "demand", "price_digits": 6}');
SELECT set_two('{"price": 1, "on": ["Base"], "kinds": ["storage"]}');
SELECT set_two('{"price": 1, "on": ["Base"], "over": "point"}');
SELECT set_two('{"price": 1, "on": ["Base"], "index": {}}');

-- Single values.
SELECT set_one('{"price": 1, "name": 1}');
SELECT set_one('{"price": 1, "name": ""}');
SELECT set_one(jsonb_build_object('price', 1, 'name', repeat('x', 129)));
SELECT set_one('{"price": 1, "of": "engery"}');
SELECT set_one('{"price": 1, "of": null}');
SELECT set_one('{"price": 1, "kinds": "consumption"}');
SELECT set_one('{"price": 1, "kinds": []}');
SELECT set_one('{"price": 1, "kinds": ["consumption", "generation"]}');
SELECT set_one('{"price": 1, "classes": [""]}');
SELECT set_one('{"price": 1, "classes": ["a", 7]}');
SELECT set_one('{"price": 1, "pay": "debit"}');
SELECT set_one('{"price": "1"}');
SELECT set_one('{"price": null}');
SELECT set_one('{"price": 0.1234567890123}');
SELECT set_one('{"price": 1000000000000000}');
SELECT set_one('{"price": -1000000000000000}');
SELECT set_one('{}');
SELECT set_one('{"price": 1, "of": "point", "per": "week"}');
SELECT set_one('{"price": 1, "of": "point", "prorate": "half"}');
SELECT set_one('{"price": 1, "of": "point", "days_of": "year"}');
SELECT set_one('{"price": 1, "over": "grid"}');
SELECT set_one('{"price": 1, "of": "participant", "over": "point"}');
SELECT set_one('{"price": 1, "round": "line"}');
SELECT set_one('{"price": 1, "price_digits": 13}');
SELECT set_one('{"price": 1, "price_digits": 1.5}');

-- Index.
SELECT set_one('{"index": []}');
SELECT set_one('{"index": {}}');
SELECT set_one('{"index": {"series": 7}}');
SELECT set_one('{"index": {"series": "spot", "factor": "1"}}');
SELECT set_one('{"index": {"series": "spot", "cap": 1, "floor": 2}}');
SELECT set_one('{"index": {"series": "spot", "scale": 1}}');

-- Hours.
SELECT set_one('{"price": 1, "when": []}');
SELECT set_one('{"price": 1, "when": {"hours": []}}');
SELECT set_one('{"price": 1, "when": {"months": []}}');
SELECT set_one('{"price": 1, "when": {"months": [13]}}');
SELECT set_one('{"price": 1, "when": {"days": [1, 0]}}');
SELECT set_one('{"price": 1, "when": {"days": ["Monday"]}}');
SELECT set_one('{"price": 1, "when": {"times": "07:00-20:00"}}');
SELECT set_one('{"price": 1, "when": {"times": ["7:00-20:00"]}}');
SELECT set_one('{"price": 1, "when": {"times": ["07:00-24:01"]}}');
SELECT set_one('{"price": 1, "when": {"times": ["24:00-07:00"]}}');
SELECT set_one('{"price": 1, "when": {"times": ["07:60-20:00"]}}');
SELECT set_one('{"price": 1, "when": {"times": ["07:00-20:00 "]}}');
SELECT set_one('{"price": 1, "when": {"times": ["07:00-20:00", "07:00-07:00"]}}');
SELECT set_one('{"price": 1, "when": {"times": ["00:00-00:00"]}}');
SELECT set_one('{"price": 1, "when": {"times": [7]}}');
SELECT set_one('{"price": 1, "when": {"holidays": "sunday"}}');
SELECT set_one('{"price": 1, "when": {"marked": true}}');

-- Tiers.
SELECT set_one('{"price": 1, "tiers": [{"price": 1}]}');
SELECT set_one('{"price": 1, "tier_per": "month"}');
SELECT set_one('{"tiers": {}}');
SELECT set_one('{"tiers": []}');
SELECT set_one('{"tiers": [1]}');
SELECT set_one('{"tiers": [{"upto": 1}, {"price": 1}]}');
SELECT set_one('{"tiers": [{"price": 1}, {"price": 2}]}');
SELECT set_one('{"tiers": [{"upto": 1, "price": 1}]}');
SELECT set_one('{"tiers": [{"upto": 0, "price": 1}, {"price": 1}]}');
SELECT set_one('{"tiers": [{"upto": 2, "price": 1}, {"upto": 2, "price": 2}, {"price": 1}]}');
SELECT set_one('{"tiers": [{"price": 1, "from": 0}]}');
SELECT set_one('{"tiers": [{"price": 1}], "tier_per": "year"}');

-- Demand.
SELECT set_one('{"price": 1, "of": "demand", "demand": []}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"window": 1}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"measure": "min"}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"n": 3}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"measure": "mean", "n": 0}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"distinct_days": true}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"measure": "mean", "distinct_days": 1}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"interval": "7 minutes"}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"ratchet_percent": 101}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"ratchet_percent": -1}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"ratchet_percent": 50, "ratchet_months": 37}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"ratchet_months": 3}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"ratchet_calendar_months": [1]}}');
SELECT set_one('{"price": 1, "of": "demand", "per": "year", "demand": {"ratchet_percent": 50}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"at": "peak"}}');
SELECT set_one('{"price": 1, "of": "demand", "demand": {"at": "community_peak", "measure": "mean"}}');

-- Percent.
SELECT set_two('{"price": 1}');
SELECT set_two('{"on": ["Base"]}');
SELECT set_two('{"price": 1, "on": []}');
SELECT set_two('{"price": 1, "on": ["Base", "A"]}');
SELECT set_two('{"price": 1, "on": [7]}');
SELECT sg_set_tariff('t', '2026-01-01', '[{"name": "A", "of": "percent", "price": 1, "on": ["Base"]}, {"name": "Base", "price": 1}]');

-- VAT.
SELECT set_one('{"price": 1, "vat": 20}');
SELECT set_one('{"price": 1, "vat": {}}');
SELECT set_one('{"price": 1, "vat": {"category": "X"}}');
SELECT set_one('{"price": 1, "vat": {"category": "S"}}');
SELECT set_one('{"price": 1, "vat": {"category": "S", "rate": 0}}');
SELECT set_one('{"price": 1, "vat": {"category": "S", "rate": 100.01}}');
SELECT set_one('{"price": 1, "vat": {"category": "AE", "rate": 20}}');
SELECT set_one('{"price": 1, "vat": {"category": "E", "reason": "small"}}');

-- Nothing of what is wrong is on record.
SELECT tariff, version, jsonb_array_length(components) AS components FROM sg_tariffs;

DROP FUNCTION set_one, set_two;
DROP EXTENSION smartgrid;
