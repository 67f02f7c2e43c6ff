-- The report's chapter of metering points: figures by hand, as values and as they stand on the page; who sees what; no chapter
-- where there is nothing to tell.

\ir lib/begin.sql
SELECT no_plan();

-- Noon of the first day: the houses take 100, 200 ... 500 Wh, and 900 come from the roof, which has 600 left at one. House 5 says
-- nothing on the second day.
CREATE ROLE sgt_oskar LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE owner1 LOGIN;
CREATE ROLE "<owner>5" LOGIN;
CREATE FUNCTION pg_temp.village() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'M & <co>' $$;
\o /dev/null
SELECT sg_create_grid(pg_temp.village(), energy_scale => 3, money_scale => 2, currency => 'EUR');
SELECT set_config('smartgrid.grid', pg_temp.village(), true);
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_set_point('house' || n, '2026-01-01 00:00+01', CASE n WHEN 5 THEN '<owner>5' ELSE 'owner' || n END, 'consumption', '1 hour') FROM generate_series(1, 5) AS n;
SELECT sg_set_point('roof', '2026-01-01 00:00+01', 'owner1', 'production', '1 hour');
SELECT sg_post_intervals(array_agg(p.point), array_agg(h.start),
    array_agg(CASE WHEN h.place = 12 AND p.place < 6 THEN 100 * p.place WHEN h.place = 12 THEN 900 WHEN h.place = 13 AND p.place = 6 THEN 600 ELSE 0 END))
FROM unnest('{house1,house2,house3,house4,house5,roof}'::text[]) WITH ORDINALITY AS p (point, place)
     CROSS JOIN (SELECT n AS place, timestamptz '2026-06-01 00:00+02' + n * interval '1 hour' AS start FROM generate_series(0, 47) AS n) AS h
WHERE NOT (p.point = 'house5' AND h.place >= 24);
\o
CREATE FUNCTION pg_temp.days() RETURNS tstzrange LANGUAGE sql IMMUTABLE AS $$ SELECT tstzrange('2026-06-01 00:00+02', '2026-06-03 00:00+02') $$;
CREATE FUNCTION pg_temp.context() RETURNS smartgrid.report_context LANGUAGE sql AS $$
    SELECT smartgrid.report_metering_context(smartgrid.report_context(g.grid_id, pg_temp.days())) FROM smartgrid.grid AS g WHERE g.name = pg_temp.village()
$$;
CREATE FUNCTION pg_temp.curve() RETURNS smartgrid.report_metered[] LANGUAGE sql AS $$
    SELECT array_agg(m ORDER BY m.bucket_start) FROM smartgrid.report_metered_curve(pg_temp.context()) AS m
$$;
PREPARE figures AS SELECT m.bucket_start, m.bucket_end - m.bucket_start AS length, m.consumed, m.produced, m.shared, m.from_grid, m.to_grid
    FROM unnest(pg_temp.curve()) AS m WHERE m.consumed + m.produced > 0 ORDER BY 1;
PREPARE totals AS SELECT consumed, produced, shared, from_grid, to_grid, round(self_consumption, 1), round(self_sufficiency, 1)
    FROM smartgrid.report_metered_totals(pg_temp.curve());

--------------------------------------------------------------------------------------------------------------- figures
SET LOCAL SESSION AUTHORIZATION sgt_oskar;
SELECT is((pg_temp.context()).bucket, interval '1 hour', 'by hour, for slots may be as long');
SELECT is((SELECT count(*) FROM unnest(pg_temp.curve()) AS m), 48::bigint, 'each of them');
SELECT results_eq('figures', $$VALUES (timestamptz '2026-06-01 12:00+02', interval '1 hour', 1.5, 0.9, 0.9, 0.6, 0.0),
                                     ('2026-06-01 13:00+02', '1 hour', 0, 0.6, 0, 0, 0.6)$$, 'what there was');
SELECT results_eq('totals', 'VALUES (1.5, 1.5, 0.9, 0.6, 0.6, 60.0, 60.0)', 'the community');
SELECT results_eq('SELECT points, expected, missing, replaced, round(percent, 1) FROM smartgrid.report_completeness(pg_temp.context())',
                  'VALUES (6::bigint, 288::numeric, 24::numeric, 0::numeric, 91.7)', 'completeness');
SELECT results_eq('SELECT points_in_all, point, missing, percent, first_missing FROM smartgrid.report_points(pg_temp.context(), 10, true)',
                  $$VALUES (1::bigint, 'house5', 24::bigint, 50.00, timestamptz '2026-06-02 00:00+02')$$, 'what is not complete');
SELECT bag_eq('SELECT kind, day_start, day_end, hour, energy FROM smartgrid.report_hours(pg_temp.context()) WHERE energy > 0',
              $$SELECT v.*
                FROM (VALUES ('consumption', timestamptz '2026-06-01 00:00+02', timestamptz '2026-06-02 00:00+02', 12, 1.5),
                             ('production', '2026-06-01 00:00+02', '2026-06-02 00:00+02', 12, 0.9),
                             ('production', '2026-06-01 00:00+02', '2026-06-02 00:00+02', 13, 0.6)) AS v (kind, day_start, day_end, hour, energy)$$, 'hours');
SELECT is((SELECT count(*) FROM smartgrid.report_hours(pg_temp.context())), 96::bigint, 'all hours of both kinds');

SELECT is((SELECT string_agg(hour || ' ' || kwh, ', ' ORDER BY hour) FROM smartgrid.interval_hour_sums('[2026-06-01 12:00+02, 2026-06-01 14:00+02)') WHERE kind = 'production'),
          '12 0.900, 13 0.600', 'a part of a day');

--------------------------------------------------------------------------------------------------------------- drawing
SELECT is(smartgrid.report_heat_paths(pg_temp.context(), 'a', jsonb_agg(to_jsonb(h)), 8, 2, 240),
          '{"M0,240H500V230H0Z",'                     -- nothing from 0 to 1
          '"M0,230H500V210H0ZM500,240H1000V230H500Z",'    -- up to half of the peak: a run of two hours, and one of another day
          '"M0,210H500V200H0Z"}'::text[], 'a map: runs of hours of one shade')
FROM (VALUES ('a', timestamptz '2026-06-01 00:00+02', timestamptz '2026-06-02 00:00+02', 0, 0), ('a', '2026-06-01 00:00+02', '2026-06-02 00:00+02', 1, 1),
             ('a', '2026-06-01 00:00+02', '2026-06-02 00:00+02', 2, 4), ('a', '2026-06-01 00:00+02', '2026-06-02 00:00+02', 3, 8),
             ('a', '2026-06-02 00:00+02', '2026-06-03 00:00+02', 0, 4), ('b', '2026-06-02 00:00+02', '2026-06-03 00:00+02', 5, 4))
     AS h (kind, day_start, day_end, hour, energy);
SELECT is(smartgrid.report_heat_map(pg_temp.context(), 'storage', 'none', '[]'), NULL, 'no map of nothing');

------------------------------------------------------------------------------------------------------------ who sees what
CREATE TEMPORARY TABLE page (who text, html text);
GRANT ALL ON page TO PUBLIC;
INSERT INTO page SELECT 'operator', sg_report(pg_temp.days(), pg_temp.village());
INSERT INTO page SELECT 'a year', sg_report('[2026-01-01 00:00+01, 2027-01-01 00:00+01)', pg_temp.village());
INSERT INTO page SELECT 'years', sg_report('[2020-01-01 00:00+01, 2027-01-01 00:00+01)', pg_temp.village());
INSERT INTO page SELECT 'future', sg_report('[2100-01-01 00:00+01, 2100-02-01 00:00+01)', pg_temp.village());
-- The grid of the page is not that of the session.
SET LOCAL smartgrid.grid = 'default';
INSERT INTO page SELECT 'from elsewhere', sg_report(pg_temp.days(), pg_temp.village());
SELECT is(current_setting('smartgrid.grid'), 'default', 'which stays');
INSERT INTO page SELECT 'no points', sg_report(pg_temp.days(), 'default');
SELECT set_config('smartgrid.grid', pg_temp.village(), true) \gset
SET LOCAL SESSION AUTHORIZATION owner1;
SELECT results_eq('totals', 'VALUES (0.1, 1.5, 0.06, 0.04, 0.6, 60.0, 60.0)', 'owner 1: its own');
SELECT results_eq('SELECT consumed, produced, shared, round(self_sufficiency, 1) FROM smartgrid.report_community(pg_temp.context())',
                  'VALUES (1.5, 1.5, 0.9, 60.0)', 'and the community, of slots in which five took part');
SELECT is((SELECT string_agg(point, ' ' ORDER BY point) FROM smartgrid.report_points(pg_temp.context(), 10, false)), 'house1 roof', 'its points');
SELECT is((SELECT sum(energy) FROM smartgrid.report_hours(pg_temp.context())), 1.6, 'its hours');
INSERT INTO page SELECT 'owner1', sg_report(pg_temp.days(), pg_temp.village());
SET LOCAL SESSION AUTHORIZATION "<owner>5";
INSERT INTO page SELECT 'owner5', sg_report(pg_temp.days(), pg_temp.village());
SET LOCAL SESSION AUTHORIZATION sgt_nobody;
INSERT INTO page SELECT 'nobody', sg_report(pg_temp.days(), pg_temp.village());
RESET SESSION AUTHORIZATION;
-- Of an hour in which four took part nobody but the operator is told.
SELECT sg_end_point('house4', '2026-06-01 00:00+02') \gset
SET LOCAL SESSION AUTHORIZATION owner1;
SELECT is((SELECT consumed FROM smartgrid.report_community(pg_temp.context())), NULL, 'four owners are too few');
INSERT INTO page SELECT 'four', sg_report(pg_temp.days(), pg_temp.village());
RESET SESSION AUTHORIZATION;

SELECT is(array_agg(who ORDER BY who), '{a year,four,from elsewhere,operator,owner1,owner5,years}', 'who has a chapter')
FROM page WHERE html LIKE '%<h3 id="g1-metering">%';
SELECT ok(html LIKE '%>Metered community</h3>%', who || ': of the community') FROM page WHERE who IN ('operator', 'a year');
SELECT ok(html LIKE '%>Metered energy</h3>%', who || ': of its own') FROM page WHERE who IN ('owner1', 'owner5');
SELECT is((SELECT string_agg(m[1], ' ') FROM regexp_matches(html, 'id="g1-(heat-[a-z]+)-t"', 'g') AS m), maps, who || ': maps')
FROM page JOIN (VALUES ('operator', 'heat-consumption heat-production'), ('a year', 'heat-consumption heat-production'), ('years', NULL),
                       ('owner1', 'heat-consumption heat-production'), ('owner5', 'heat-consumption')) AS w (who, maps) USING (who);
SELECT ok(html !~ 'house[2-5]|owner[2-5]|&lt;owner', 'owner 1 sees no other point or owner') FROM page WHERE who = 'owner1';
SELECT ok(html LIKE '%as far as at least five members took part: 1.50&#160;kWh consumed%' , 'but the community') FROM page WHERE who = 'owner1';
SELECT ok(html NOT LIKE '%as far as at least five%', 'if they are five') FROM page WHERE who = 'four';
SELECT ok(html LIKE '%91.6 % complete%' AND html LIKE '%6&#160;metering points, 288 slots: 24 missing, 0 substituted or estimated.%', who || ': completeness')
FROM page WHERE who = 'operator';
SELECT ok(html LIKE '%<bdi>&lt;owner&gt;5</bdi>%' AND html NOT LIKE '%<owner>%', who || ': escaped') FROM page WHERE who IN ('operator', 'owner5');
SELECT is(xml_is_well_formed_document(substr(html, strpos(html, '<html'))), true, who || ': well-formed') FROM page;
SELECT ok(html !~ '\mstyle="|<script', who || ': no style or script of its own') FROM page;
SELECT is((SELECT html FROM page WHERE who = 'from elsewhere'), html, 'the same from another grid') FROM page WHERE who = 'operator';

SELECT * FROM finish();
ROLLBACK;
