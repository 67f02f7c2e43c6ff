-- The load curve: by function in buckets of any width, by view in quarter-hours, of what is sealed and what is not.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

CREATE ROLE regress_hut;
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(500, 100, 100);
SET smartgrid.principal = 'wind';
SELECT sg_register_producer(2000, 'wind');
SET smartgrid.principal = 'regress_hut';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{regress_hut,sun,regress_hut,sun}', '{topup,production,consumption,charge}', '{100000,600,100,60}',
                               '{2026-03-01 10:00Z,2026-03-01 10:05Z,2026-03-01 10:20Z,2026-03-01 10:40Z}');
SELECT height, entries FROM sg_seal();
SELECT * FROM sg_post_readings('{wind,sun,regress_hut}', '{production,discharge,consumption}', '{900,40,200}',
                               '{2026-03-01 11:00Z,2026-03-01 11:10Z,2026-03-01 11:59:59.999999Z}');

-- Quarter-hours in which nothing happened are rows of the function, and none of the view.
SELECT bucket_start, produced, solar, wind, consumed, charged, discharged, traded, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '15 minutes');
SELECT bucket_start, produced, solar, wind, consumed, charged, discharged, traded, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve(NULL, '[2026-03-01 10:10Z,2026-03-01 12:00Z)', '1 hour');
SELECT produced, consumed, load IS NOT NULL AS has_load, utilization IS NOT NULL AS has_utilization
FROM sg_load_curve('default', '[2026-02-01 00:00Z,2026-04-01 00:00Z)', '1 month', 'Europe/Berlin');
SELECT bucket_start, produced, solar, wind, consumed, charged, discharged, traded, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve WHERE grid = 'default' ORDER BY bucket_start;

-- A member has what it was a party of.
SET ROLE regress_hut;
SELECT bucket_start, produced, consumed, revenue, load, utilization
FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour');
SELECT bucket_start, produced, consumed, revenue, load, utilization FROM sg_load_curve ORDER BY bucket_start;
-- So does its series by name; another's is not for it, whether there is one or not.
SELECT bucket_start, produced, consumed_kwh, revenue_currency, currency, demand, demand_kwh, load, utilization
FROM sg_load_curve(period => '[2026-03-01 10:00Z,2026-03-01 12:00Z)', bucket => '1 hour', principal => 'regress_hut');
SELECT * FROM sg_load_curve(principal => 'sun');
SELECT * FROM sg_load_curve(principal => 'nobody');
RESET ROLE;
-- An operator and an auditor read anybody's, without the grid's load.
SELECT bucket_start, produced, solar, charged, discharged, load
FROM sg_load_curve(period => '[2026-03-01 10:00Z,2026-03-01 12:00Z)', bucket => '1 hour', principal => 'sun');
SET ROLE smartgrid_auditor;
SELECT sum(consumed) AS consumed, sum(demand) AS demand
FROM sg_load_curve(period => '[2026-03-01 10:00Z,2026-03-01 12:00Z)', bucket => '1 hour', principal => 'regress_hut');
SELECT * FROM sg_load_curve(principal => 'nobody');
SELECT * FROM sg_load_curve(principal => '');
RESET ROLE;

-- Utilization is by the capacity of then, if that is known: it is, from the first producer on.
UPDATE smartgrid.capacity_event SET at = '2026-03-01 10:10Z';
SELECT bucket_start, load, utilization FROM sg_load_curve(NULL, '[2026-03-01 09:45Z,2026-03-01 10:30Z)');
SELECT bucket_start, load, utilization FROM sg_load_curve ORDER BY bucket_start LIMIT 2;
UPDATE smartgrid.capacity_event SET at = '2026-03-01 10:15Z';
SELECT bucket_start, load, utilization FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 10:30Z)');
SELECT bucket_start, load, utilization FROM sg_load_curve ORDER BY bucket_start LIMIT 2;
-- That of now stays the contract's, 0 by a capacity of 0, and so does that of a time whose capacity is known to be 0.
SELECT sg_deactivate_participant('sun', true), sg_deactivate_participant('wind', true);
SELECT utilization FROM sg_get_grid_status();
SELECT b.utilization FROM sg_load_curve() AS b ORDER BY b.bucket_start DESC LIMIT 1;
SELECT sg_reactivate_participant('sun', true), sg_reactivate_participant('wind', true);

-- What has not been is not 0.
SELECT count(*) AS months, count(produced) AS produced, count(produced_kwh) AS kwh, count(consumed) AS consumed, count(revenue) AS revenue,
       count(load) AS load, count(utilization) AS utilization, count(demand) AS demand, count(currency) AS currency
FROM sg_load_curve(period => tstzrange(date_trunc('month', now()) + interval '1 month', date_trunc('month', now()) + interval '4 months'), bucket => '1 month');
SELECT count(*) AS kpis, count(value) AS values FROM sg_kpis(tstzrange(now() + interval '1 hour', now() + interval '2 hours'));
SELECT b.bucket_start < now() AS begun, b.produced, b.load
FROM sg_load_curve(period => tstzrange(now() - interval '1 minute', now() + interval '1 minute'), bucket => '1 day') AS b ORDER BY b.bucket_start LIMIT 1;
-- Readings may be a little ahead of the clock.
SELECT * FROM sg_post_readings('{sun}', '{production}', '{7}', ARRAY[now() + interval '30 minutes']);
SELECT sum(b.produced) AS produced, count(b.produced) AS known FROM sg_load_curve(period => tstzrange(now() + interval '20 minutes', now() + interval '50 minutes'), bucket => '24 hours') AS b WHERE b.produced > 0;

-- What is taken back is taken off at its own time, sealed or not; if nothing is left, nothing has a price.
CREATE TEMPORARY TABLE taken AS
SELECT sg_reverse_entry(l.entry_id, 'wrong') AS entry_id FROM sg_ledger AS l
WHERE (l.kind = 'consumption' AND l.at = '2026-03-01 10:20Z') OR l.kind = 'discharge';
SELECT bucket_start, produced, consumed, demand, discharged, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour');
SELECT bucket_start, produced, consumed, demand, discharged, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve WHERE bucket_start < '2026-03-01 12:00Z' ORDER BY bucket_start;
SELECT count(*) FROM sg_seal();
SELECT bucket_start, produced, consumed, demand, discharged, price_avg, price_low, price_high, revenue, load
FROM sg_load_curve WHERE bucket_start < '2026-03-01 12:00Z' ORDER BY bucket_start;
SELECT kpi, value FROM sg_kpis('[2026-03-01 10:00Z,2026-03-01 11:00Z)')
WHERE kpi IN ('produced', 'consumed', 'demand', 'price_avg', 'price_low', 'revenue', 'peak_demand', 'round_trip_efficiency');

SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,)', '1 hour');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '0');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', NULL);
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 microsecond');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour', 'Europe/Nowhere');
SELECT * FROM sg_load_curve('nowhere', '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour');

DROP EXTENSION smartgrid;
DROP ROLE regress_hut;
