-- Slots that are missing, filled by methods; each batch can be taken back.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Etc/UTC'), sg_alter_grid('default', energy_scale => 3);
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2020-01-01', 'anna', 'consumption', resolution => '1 hour', capacity => c)
FROM (VALUES ('a', NULL), ('b', NULL), ('small', 0.1)) AS v (p, c);
SELECT sg_set_point('s', '2020-01-01', 'anna', 'storage', resolution => '1 hour');
SELECT sg_set_point('loss', '2020-01-01', kind => 'consumption', role => 'loss');
-- So many hours of a point from a time on; '-': missing.
CREATE FUNCTION substitute_post(point text, start timestamptz, amounts text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(p.ord) FROM (SELECT array_agg($1) AS points, array_agg(start + (n - 1) * interval '1 hour') AS starts, array_agg(amount::bigint) AS amounts
                              FROM string_to_table($3, ' ') WITH ORDINALITY AS t (amount, n) WHERE amount <> '-') AS a, sg_post_intervals(a.points, a.starts, a.amounts) AS p
$$;
CREATE FUNCTION substitute_seen(point text, period tstzrange, as_of timestamptz DEFAULT NULL) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(CASE quality WHEN 'missing' THEN '-' ELSE amount || CASE quality WHEN 'measured' THEN '' ELSE left(quality, 1) END END, ' ' ORDER BY start)
       FROM sg_interval_series($1, $2, as_of => $3) $$;

-- zero: all that is missing in the period, and nothing else.
SELECT substitute_post('a', '2025-03-03 00:00', '1 - - 4 5');
SELECT * FROM sg_substitute('[2025-03-03 00:00,2025-03-03 02:00)', 'zero', '{a}');
SELECT substitute_seen('a', '[2025-03-03,2025-03-03 06:00)');
SELECT * FROM sg_substitute('[2025-03-03 00:00,2025-03-03 02:00)', 'zero', '{a}');
SELECT source, label, rows, new, unchanged, kept, refused, entry_id IS NULL AS no_entry FROM sg_batches ORDER BY batch;
-- Other qualities; a value of a better one replaces it; a slot that is there is never filled.
SELECT * FROM sg_substitute('[2025-03-03 02:00,2025-03-03 03:00)', 'zero', '{a}', quality => 'estimated');
SELECT * FROM sg_substitute('[2025-03-03 05:00,2025-03-03 06:00)', 'zero', '{a,a}', quality => 'calculated');
SELECT substitute_seen('a', '[2025-03-03,2025-03-03 06:00)');
SELECT substitute_post('a', '2025-03-03 02:00', '3'), substitute_seen('a', '[2025-03-03,2025-03-03 06:00)');
SELECT * FROM sg_substitute('[2025-03-03 02:00,2025-03-03 03:00)', 'zero', '{a}');

-- linear: between neighbours, rounded half away from zero; a gap across midnight; what is longer than 2 hours stays, unless max_gap says more.
SELECT substitute_post('b', '2025-03-03 21:00', '10 20 - - 21 - - - 4');
SELECT * FROM sg_substitute('[2025-03-03,2025-03-05)', 'linear', '{b}');
SELECT * FROM sg_substitute('[2025-03-03,2025-03-05)', 'linear', '{b}', '3 hours');
SELECT substitute_post('s', '2025-03-03 00:00', '-3 - 0 - 3 - -4 - - -9223372036854775808 - 9223372036854775807');
SELECT start, amount FROM sg_substitute('[2025-03-03,2025-03-04)', 'linear', '{s}');
-- A gap is measured as a whole, and only what begins within the period is filled; nothing without both neighbours.
SELECT substitute_post('b', '2025-03-06 00:00', '1 - - - 9');
SELECT * FROM sg_substitute('[2025-03-06 02:00,2025-03-06 03:00)', 'linear', '{b}');
SELECT * FROM sg_substitute('[2025-03-06 02:00,2025-03-06 03:00)', 'zero', '{b}', '2 hours');
SELECT * FROM sg_substitute('[2025-03-06 02:00,2025-03-06 03:00)', 'linear', '{b}', '3 hours');
-- What has been filled is no gap any more: there are two gaps now.
SELECT * FROM sg_substitute('[2025-03-06,2025-03-07)', 'linear', '{b}', '3 hours');
SELECT substitute_seen('b', '[2025-03-06,2025-03-06 06:00)');
SELECT * FROM sg_substitute('[2020-01-01,2020-01-02)', 'linear', '{b}', '10000 days');
-- Where a point got another owner, and where it got slots of another length.
SELECT sg_set_point('b', '2025-04-01 00:00', owner => 'bert'), sg_set_point('b', '2025-04-02 00:00', resolution => '30 minutes');
SELECT substitute_post('b', '2025-03-31 22:00', '10 - - 16'), substitute_post('b', '2025-04-01 22:00', '10 - - 16');
SELECT * FROM sg_substitute('[2025-03-31,2025-04-03)', 'linear', '{b}');
SELECT sg_end_point('b', '2025-04-03 00:00'), sg_set_point('b', '2025-04-04 00:00', 'carla', 'consumption', '30 minutes');
SELECT sg_post_intervals('{b,b}'::text[], '{2025-04-02 23:00,2025-04-04 00:30}', '{1,2}');
SELECT * FROM sg_substitute('[2025-04-02 23:00,2025-04-05)', 'linear', '{b}', '48 hours');

-- last_week: 7, 14, 21 or 28 days before, the first that is measured or substituted.
SELECT substitute_post('a', '2025-05-01 00:00', '1 2 3 4 5 6'), substitute_post('a', '2025-05-08 00:00', '11 - 13 14 - -'), substitute_post('a', '2025-05-15 00:00', '- - 23 24 - -'),
       substitute_post('a', '2025-05-22 00:00', '- - 33 34');
SELECT sg_post_intervals('{a,a}'::text[], '{2025-05-22 02:00,2025-05-22 03:00}', '{0,99}', '{missing,estimated}', replace_with => 'any');
SELECT start, amount FROM sg_substitute('[2025-05-29,2025-05-29 07:00)', 'last_week', '{a}');
-- A slot that the call fills is no source of another.
SELECT start, amount FROM sg_substitute('[2025-06-05 04:00,2025-06-13)', 'last_week', '{a}');
SELECT start, amount FROM sg_substitute('[2025-06-05 04:00,2025-06-13)', 'last_week', '{a}');
SELECT start, amount FROM sg_substitute('[2025-06-12 00:00,2025-06-13)', 'last_week', '{a}', '2 hours');

-- What the connection does not let through stays missing: 0.1 kWh in an hour are 100 units.
SELECT sg_post_intervals('{small,small}'::text[], '{2025-05-01 00:00,2025-05-01 01:00}', '{101,100}', accept_spikes => true);
SELECT start, amount FROM sg_substitute('[2025-05-08,2025-05-09)', 'last_week', '{small}');

-- Slots that are not over are no gaps: the minute that clocks may be ahead is over at once.
SELECT sg_set_point('now', date_trunc('hour', now()) - interval '2 hours', 'anna', 'consumption', '5 minutes');
SELECT max(start) <= now() - interval '4 minutes' AS over, min(start) = date_trunc('hour', now()) - interval '2 hours' AS from_its_begin
FROM sg_substitute(tstzrange(now() - interval '1 day', now() + interval '1 day'), 'zero', '{now}');

-- Taken back, the gaps are there again; before the call they were there, too.
SELECT sg_withdraw_batch(max(batch)) FROM sg_batches WHERE label = 'linear' AND new = 2 AND first_day = '2025-03-03';
SELECT substitute_seen('b', '[2025-03-03 21:00,2025-03-04 06:00)');
SELECT max(recorded_at) AS before FROM sg_batches WHERE label = 'last_week' AND new > 0 \gset
SELECT substitute_seen('small', '[2025-05-08,2025-05-08 03:00)'), substitute_seen('small', '[2025-05-08,2025-05-08 03:00)', :'before'::timestamptz - interval '1 microsecond');
SELECT version, amount, quality, label FROM sg_interval_versions('small', '2025-05-08 01:00');

-- Days on which clocks change: the same time of the clock, the second as the second.
SELECT sg_create_grid('village');
SET smartgrid.grid = 'village';
SELECT sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SELECT sg_set_point('v', '2020-01-01', 'anna', 'consumption', resolution => '1 hour');
-- Forward on 30 March: 02:00 is not there, and a week later it is as two weeks before; back on 26 October: 02:00 is there twice.
SELECT sg_post_days('{v,v}', '{2025-03-23,2025-03-30}', ARRAY[(SELECT string_agg(i::text, ',') FROM generate_series(100, 123) AS i),
                                                              (SELECT string_agg(i::text, ',') FROM generate_series(200, 222) AS i)]);
SELECT start, amount FROM sg_substitute('[2025-04-06 00:00,2025-04-06 05:00)', 'last_week');
SELECT start, amount FROM sg_substitute('[2025-04-13 01:00,2025-04-13 04:00)', 'last_week');
SELECT sg_post_days('{v}', '{2025-10-19}', ARRAY[(SELECT string_agg(i::text, ',') FROM generate_series(300, 323) AS i)]);
SELECT start, amount FROM sg_substitute('[2025-10-26 00:00,2025-10-26 05:00)', 'last_week');
SELECT sg_post_intervals('{v,v}'::text[], '{2025-10-26 02:00+02,2025-10-26 02:00+01}', '{777,888}');
SELECT start, amount FROM sg_substitute('[2025-11-02 00:00,2025-11-02 05:00)', 'last_week');
-- Half an hour off: slots are those of the clock there.
SELECT sg_create_grid('kolkata');
SET smartgrid.grid = 'kolkata';
SELECT sg_set_time_zone('Asia/Kolkata');
SET timezone = 'Asia/Kolkata';
SELECT sg_set_point('k', '2020-01-01', 'anna', 'consumption', resolution => '1 hour');
SELECT sg_post_days('{k}', '{2025-05-01}', ARRAY[(SELECT string_agg(i::text, ',') FROM generate_series(1, 24) AS i)]);
SELECT start, amount FROM sg_substitute('[2025-05-07 22:00,2025-05-08 02:00)', 'last_week');
SELECT sg_post_intervals('{k,k}'::text[], '{2025-05-08 22:00,2025-05-09 01:00}', '{10,1}');
SELECT start, amount FROM sg_substitute('[2025-05-08 02:00,2025-05-10)', 'linear', max_gap => '1 day');
-- By a profile: what was measured on the 28 days before (60; not what is older) weighs 6 hours, so an hour of weight 1 is 10, and 2.5 is 3.
SELECT sg_create_grid('profiled');
SET smartgrid.grid = 'profiled';
SELECT sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SELECT sg_set_point('p', '2020-01-01', 'anna', 'consumption', resolution => '1 hour', capacity => 600), sg_set_point('new', '2025-01-01', 'anna', 'consumption'),
       sg_set_point('battery', '2020-01-01', 'anna', 'storage', resolution => '30 minutes');
SELECT sg_post_series('h0', '{2025-05-04 00:00,2025-06-01 00:00,2025-06-01 01:00,2025-06-01 02:00,2025-06-02 00:00,2025-06-02 01:00,2025-06-02 02:00,2025-06-02 04:00,2025-06-02 05:00}',
                      '{1,1,2,3,4,0,5,0.25,61}', '1 hour');
SELECT sg_post_intervals('{p,p,p,p}'::text[], '{2025-05-04 00:00,2025-06-01 00:00,2025-06-01 01:00,2025-06-01 02:00}', '{100,10,20,30}');
SELECT sg_post_intervals('{p}'::text[], '{2025-06-01 03:00}', '{500}');                    -- the series has nothing of it
SELECT sg_post_intervals('{battery,battery}'::text[], '{2025-06-01 00:30,2025-06-01 01:00}', '{-10,-5}');
SELECT * FROM sg_substitute('[2025-06-02 00:00,2025-06-02 06:00)', 'profile', profile => 'h0', quality => 'estimated');
SELECT source, label, fresh FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1;
SELECT * FROM sg_substitute('[2025-06-02 00:00,2025-06-02 06:00)', 'profile', profile => 'h0');
SELECT sg_substitute('[2025-06-02,2025-06-03)', 'profile');
SELECT sg_substitute('[2025-06-02,2025-06-03)', 'profile', profile => 'none');

-- What cannot be.
SET timezone = 'UTC';
RESET smartgrid.grid;
SELECT sg_substitute(NULL, 'zero');
SELECT sg_substitute('empty', 'zero');
SELECT sg_substitute('[2025-01-01,)', 'zero');
SELECT sg_substitute('[2025-01-01,2025-01-02)', NULL);
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'guess');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{a,NULL}');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{{a}}');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{nobody}');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{a,loss}');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{}');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', max_gap => '0');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', max_gap => '-1 hour');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', max_gap => '1 month');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', quality => NULL);
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', quality => 'measured');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', quality => 'missing');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', quality => 'good');
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero', profile => 'h0');
CREATE ROLE substitute_gateway;
CREATE ROLE substitute_member;
GRANT smartgrid_gateway TO substitute_gateway;
SET ROLE substitute_member;
SELECT sg_substitute('[2025-01-01,2025-01-02)', 'zero');
SET ROLE substitute_gateway;
SELECT count(*) FROM sg_substitute('[2025-01-01,2025-01-02)', 'zero', '{a,s}');
RESET ROLE;

SELECT count(*) > 20 AS batches, bool_and(ok) AS ok FROM sg_verify_batches();
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION substitute_post, substitute_seen;
DROP ROLE substitute_gateway, substitute_member;
