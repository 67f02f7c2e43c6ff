-- Batches taken back: each slot is as it was before, unless another batch has replaced it since.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Etc/UTC');
SET timezone = 'UTC';
SELECT sg_set_point('a', '2020-01-01', 'anna', 'consumption', resolution => '1 hour');
CREATE FUNCTION hours(factor integer) RETURNS text LANGUAGE sql AS $$ SELECT string_agg((factor * i)::text, ',') FROM generate_series(1, 24) AS i $$;
CREATE FUNCTION seen() RETURNS text LANGUAGE sql
    AS $$ SELECT string_agg(amount || left(quality, 1), ',' ORDER BY start) FROM sg_interval_series('a', '[2025-03-01,2025-03-01 06:00)') $$;

-- A wrong file, and a good one that came over a part of it.
SELECT * FROM sg_post_days('{a}', '{2025-03-01}', ARRAY[hours(1)], label => 'first');
SELECT * FROM sg_post_days('{a}', '{2025-03-01}', ARRAY[hours(100)], label => 'wrong');
SELECT * FROM sg_post_intervals('{a,a}'::text[], '{2025-03-01 00:00,2025-03-01 01:00}', '{77,78}', label => 'good');
SELECT batch, label, new FROM sg_batches ORDER BY batch;
SELECT seen();
SELECT sg_withdraw_batch(2), seen();
SELECT sg_withdraw_batch(2), seen();
SELECT batch, source, withdraws, withdrawn_by, new FROM sg_batches ORDER BY batch;
-- Without the good file, the slots are as before the wrong one; without the first, they are missing.
SELECT sg_withdraw_batch(3), seen();
SELECT sg_withdraw_batch(1), seen();
SELECT version, amount, quality, label FROM sg_interval_versions('a', '2025-03-01 00:00');
-- Loaded again, and older values come back no more.
SELECT * FROM sg_post_days('{a}', '{2025-03-01}', ARRAY[hours(3)], label => 'again');
SELECT seen();
SELECT sg_withdraw_batch(max(batch)) FROM sg_batches WHERE label = 'again';
SELECT seen();

-- Slots that are still open.
SET smartgrid.pack_after = '1000d';
SELECT * FROM sg_post_intervals('{a,a}'::text[], '{2025-03-02 00:00,2025-03-02 01:00}', '{1,2}', label => 'open');
SELECT * FROM sg_post_intervals('{a}'::text[], '{2025-03-02 00:00}', '{5}', label => 'open too');
SELECT sg_withdraw_batch(max(batch)) FROM sg_batches WHERE label = 'open';
SELECT start, amount, quality FROM sg_interval_series('a', '[2025-03-02,2025-03-02 02:00)');
SELECT sg_withdraw_batch(max(batch)) FROM sg_batches WHERE label = 'open too';
SELECT start, amount, quality FROM sg_interval_series('a', '[2025-03-02,2025-03-02 02:00)');

-- What cannot be.
SELECT sg_withdraw_batch(NULL);
SELECT sg_withdraw_batch(4711);
SELECT sg_withdraw_batch(max(batch)) FROM sg_batches WHERE source = 'withdrawal';
CREATE ROLE withdraw_one;
CREATE ROLE withdraw_other;
GRANT smartgrid_gateway TO withdraw_one, withdraw_other;
SET ROLE withdraw_one;
SELECT * FROM sg_post_intervals('{a}'::text[], '{2025-03-03}', '{1}', label => 'of one');
SELECT max(batch) AS batch FROM sg_batches \gset
SET ROLE withdraw_other;
SELECT sg_withdraw_batch(:batch);
SET ROLE withdraw_one;
SELECT sg_withdraw_batch(:batch);
RESET ROLE;

SELECT count(*), count(*) FILTER (WHERE ok) AS ok FROM sg_verify_batches();
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION hours, seen;
DROP ROLE withdraw_one, withdraw_other;
