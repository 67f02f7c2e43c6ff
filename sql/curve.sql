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
RESET ROLE;

SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,)', '1 hour');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '0');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', NULL);
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 microsecond');
SELECT * FROM sg_load_curve(NULL, '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour', 'Europe/Nowhere');
SELECT * FROM sg_load_curve('nowhere', '[2026-03-01 10:00Z,2026-03-01 12:00Z)', '1 hour');

DROP EXTENSION smartgrid;
DROP ROLE regress_hut;
