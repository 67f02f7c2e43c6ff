-- What is not likely of what points measured.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_alter_grid('default', energy_scale => 3), sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2020-01-01', 'validate_anna', 'consumption', '1 hour') FROM unnest(ARRAY['a', 'b']) AS p;
SELECT sg_set_point('r', '2020-01-01', 'validate_anna', 'consumption', '1 hour', capacity => 10);
SELECT sg_set_point('fine', '2020-01-01', 'validate_anna', 'storage', '5 minutes', capacity => 1);
SELECT sg_set_point('loss', '2020-01-01', kind => 'consumption', capacity => 1, role => 'loss');
-- An amount for each hour of a period.
CREATE FUNCTION validate_post(point text, period tstzrange, amount bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(p.ord) FROM (SELECT array_agg($1) AS points, array_agg(at) AS starts, array_agg($3) AS amounts
                              FROM generate_series(lower($2), upper($2) - interval '1 hour', '1 hour') AS at) AS a,
        sg_post_intervals(a.points, a.starts, a.amounts, accept_spikes => true) AS p
$$;

-- spike: above capacity times the length of a slot, on either side of 0; at the limit is none.
SELECT validate_post('r', '[2025-03-01 00:00,2025-03-01 01:00)', 10000), validate_post('r', '[2025-03-01 01:00,2025-03-01 02:00)', 10001);
SELECT sg_post_intervals('{fine,fine,fine,fine}'::text[], '{2025-03-01 00:00,2025-03-01 00:05,2025-03-01 00:10,2025-03-01 00:15}', '{83,84,-83,-84}', accept_spikes => true);
SELECT * FROM sg_validate('[2025-03-01,2025-03-02)');
SELECT * FROM sg_validate('[2025-03-01 01:00,2025-03-01 01:00]');
SELECT * FROM sg_validate('[2025-03-01 00:05,2025-03-01 00:15)');
-- The capacity is that of the slot, as it was on record.
SELECT sg_set_point('r', '2025-03-01 00:00', capacity => 10.001);
SELECT max(recorded_at) AS before FROM sg_point_periods WHERE point = 'r' \gset
SELECT * FROM sg_validate('[2025-03-01 01:00,2025-03-01 02:00)');
SELECT * FROM sg_validate('[2025-03-01 01:00,2025-03-01 02:00)', :'before'::timestamptz - interval '1 microsecond');

-- frozen: 24 hours of one amount above 0, as time elapses: 30 March has 23 hours.
SELECT validate_post('a', '[2025-03-30 00:00,2025-03-31 00:00)', 7);
SELECT * FROM sg_validate('[2025-03-30,2025-03-31)');
SELECT validate_post('a', '[2025-03-31 00:00,2025-03-31 01:00)', 7);
SELECT * FROM sg_validate('[2025-03-30,2025-03-31)');
-- A run is one row, in each period that it has a slot in, and in no other.
SELECT validate_post('a', '[2025-03-31 01:00,2025-05-10 05:00)', 7);
SELECT * FROM sg_validate('[2025-03-30,2025-06-01)');
SELECT * FROM sg_validate('[2025-05-10 04:00,2025-05-10 05:00)');
SELECT * FROM sg_validate('[2025-05-10 05:00,2025-05-11)');
SELECT * FROM sg_validate('[2025-03-29,2025-03-30)');
-- 0 is not frozen; another amount and a missing slot end a run.
SELECT validate_post('b', '[2025-05-01 00:00,2025-05-04 00:00)', 0), validate_post('b', '[2025-05-04 00:00,2025-05-05 00:00)', 5), validate_post('b', '[2025-05-05 00:00,2025-05-06 00:00)', 6),
       validate_post('b', '[2025-05-06 00:00,2025-05-06 23:00)', 5), validate_post('b', '[2025-05-07 00:00,2025-05-07 23:00)', 5);
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-05-01,2025-05-10)') WHERE point = 'b';
-- So does another length of slots.
SELECT sg_set_point('b', '2025-05-09 00:00', resolution => '30 minutes');
SELECT validate_post('b', '[2025-05-08 12:00,2025-05-09 00:00)', 9), validate_post('b', '[2025-05-09 00:00,2025-05-09 12:00)', 9);
SELECT count(*) FROM sg_validate('[2025-05-08,2025-05-10)') WHERE point = 'b';

-- register: what the slots between two readings sum to.
SELECT sg_post_registers('{r,r}', '{2025-06-01 00:00,2025-06-02 00:00}', '{100,124}', spread => 'even');
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
-- 24 units more are within one for each of 24 slots, 25 are not.
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{1024}');
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{1025}');
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-01 23:00,2025-06-02 00:00)') WHERE rule = 'register';
SELECT count(*) FROM sg_validate('[2025-06-02,2025-06-03)') WHERE rule = 'register';
-- And below.
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{976}');
SELECT count(*) FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{975}');
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
-- A slot that is missing: nothing is compared.
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{0}', '{missing}', replace_with => 'any');
SELECT count(*) FROM sg_validate('[2025-06-01,2025-06-03)') WHERE rule = 'register';
-- The meter is exchanged within a slot: both count, 3 kWh and 3 kWh; then the last slot gets 1 kWh more.
SELECT sg_exchange_meter('r', '2025-06-02 03:20', 127, 'new', 5, 3);
SELECT sg_post_registers('{r}', '{2025-06-02 06:00}', '{8}', spread => 'even');
SELECT sum(kwh) FROM sg_interval_series('r', '[2025-06-02 00:00,2025-06-02 06:00)');
SELECT count(*) FROM sg_validate('[2025-06-02 03:00,2025-06-02 04:00)') WHERE rule = 'register';
SELECT sg_post_intervals('{r}'::text[], '{2025-06-02 05:00}', '{2125}');
SELECT start, rule, value, "limit" FROM sg_validate('[2025-06-02 03:00,2025-06-02 04:00)') WHERE rule = 'register';
-- A counter of three digits that rolls over, from 990 to 2: 12 kWh.
SELECT sg_post_registers('{r}', '{2025-07-13 00:00}', '{990}', spread => 'even');
SELECT sg_post_registers('{r}', '{2025-07-13 12:00}', '{2}', spread => 'even');
SELECT validate_post('r', '[2025-07-13 11:00,2025-07-13 12:00)', 9000);
SELECT start, rule, value, "limit" FROM sg_validate('[2025-07-13,2025-07-14)') WHERE rule = 'register';
-- As it was on record before: the readings, and the amounts.
SELECT recorded_at AS before FROM sg_batches WHERE batch = (SELECT max(batch) FROM sg_batches) \gset
SELECT count(*) FROM sg_validate('[2025-07-13,2025-07-14)', :'before'::timestamptz - interval '1 microsecond') WHERE rule = 'register';
SELECT max(recorded_at) AS before FROM sg_batches \gset
SELECT sg_withdraw_batch(batch) > 0 AS withdrawn FROM sg_register_readings WHERE at = '2025-07-13 12:00';
SELECT count(*) FROM sg_validate('[2025-07-13,2025-07-14)') WHERE rule = 'register';
SELECT count(*) FROM sg_validate('[2025-07-13,2025-07-14)', :'before') WHERE rule = 'register';
-- Without the exchange the register shows less than before, and nobody knows why: nothing is compared.
SELECT sg_withdraw_batch(batch) > 0 AS withdrawn FROM sg_register_readings WHERE at = '2025-06-02 03:20';
SELECT count(*) FROM sg_validate('[2025-06-02,2025-06-03)') WHERE rule = 'register';

-- Everybody sees what comes of slots of which it was the owner: the run is cut where bert becomes it.
SELECT sg_set_point('a', '2025-04-01 12:00', owner => 'validate_bert');
CREATE ROLE validate_anna;
CREATE ROLE validate_bert;
SET ROLE validate_anna;
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-01-01,2026-01-01)') WHERE rule = 'frozen';
SET ROLE validate_bert;
SELECT * FROM sg_validate('[2025-01-01,2026-01-01)');
SELECT * FROM sg_validate('[2025-05-01,2025-05-02)');
RESET ROLE;
-- Two readings tell what another owner used in between: they are compared for who was the owner all the time.
SELECT sg_post_intervals('{r}'::text[], '{2025-06-01 05:00}', '{5000}');
SET ROLE validate_anna;
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-02)');
RESET ROLE;
SELECT sg_set_point('r', '2025-06-01 12:00', owner => 'validate_bert');
SET ROLE validate_anna;
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-02)');
SET ROLE validate_bert;
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-02)') WHERE rule = 'register';
RESET ROLE;
SELECT point, start, rule, value, "limit" FROM sg_validate('[2025-06-01,2025-06-02)') WHERE rule = 'register';

-- What cannot be.
SELECT * FROM sg_validate(NULL);
SELECT * FROM sg_validate('empty');
SELECT * FROM sg_validate('[2025-01-01,)');
SET smartgrid.grid = 'nowhere';
SELECT * FROM sg_validate('[2025-01-01,2025-01-02)');
RESET smartgrid.grid;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION validate_post;
DROP ROLE validate_anna, validate_bert;
