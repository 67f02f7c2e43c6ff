-- Reading what points measured: whose slots, which days are read, what is there and what is not.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_alter_grid('default', energy_scale => 3);
SET timezone = 'Europe/Vienna';
SET datestyle = 'ISO';
-- A house whose owner changes within a day, and a roof in hours.
SELECT sg_set_point('house', '2024-01-01', 'interval_anna', 'consumption'), sg_set_point('house', '2024-06-01 12:00', 'interval_bert');
SELECT sg_set_point('roof', '2024-01-01', 'interval_bert', 'production', resolution => '1 hour', class => 'pv');
CREATE FUNCTION numbers(n integer) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(i::text, ',') FROM generate_series(1, n) AS i $$;
SELECT * FROM sg_post_days('{house,house,roof}', '{2024-06-01,2024-06-03,2024-06-01}', ARRAY[numbers(96), numbers(96), numbers(24)], label => 'files');
SELECT * FROM sg_post_intervals('{house}'::text[], '{2024-06-01}', '{77}', label => 'correction');

SELECT * FROM sg_interval_days ORDER BY day, point, owner;
SELECT count(*), sum(amount), sum(kwh) FROM sg_intervals;
SELECT * FROM sg_intervals WHERE point = 'house' AND start >= '2024-06-01 11:30' AND start < '2024-06-01 12:30';
SELECT start, amount, quality, owner FROM sg_interval_series('house', '[2024-06-01 11:00,2024-06-01 13:00)', '1 hour');
SELECT start, amount, quality FROM sg_interval_series('roof', '[2024-06-01 11:00,2024-06-01 12:00)', '15 minutes');
SELECT version, amount, quality, label, superseded_at IS NULL AS on_record FROM sg_interval_versions('house', '2024-06-01');
SELECT * FROM sg_interval_versions('house', '2024-06-01 00:07');
SELECT point, owner, kind, expected, measured, substituted, estimated, calculated, missing, percent, first_missing FROM sg_completeness('[2024-06-01,2024-06-03)');
SELECT * FROM sg_gaps('[2024-06-01,2024-06-04)');

-- Conditions are what is read, and leave no row out.
CREATE FUNCTION calls(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        IF line LIKE '%Function Call%' THEN
            RETURN NEXT regexp_replace(ltrim(line), '::(text\[\]|text|date|timestamp with time zone)', '', 'g');
        END IF;
    END LOOP;
END $$;
SELECT calls('SELECT * FROM sg_intervals WHERE point = ''house'' AND start >= ''2024-06-01 10:00'' AND ''2024-06-01 11:00'' > start');
SELECT calls('SELECT day, sum(kwh) FROM sg_interval_days WHERE point IN (''house'', ''roof'') AND day BETWEEN ''2024-06-01'' AND ''2024-06-02'' AND grid = ''default'' GROUP BY day');
SELECT calls('SELECT * FROM sg_points AS p JOIN sg_interval_days AS d ON d.point = p.point AND d.day = ''2024-06-01''');
-- None of a query with OR, of an outer join, of two views.
SELECT calls('SELECT 1 FROM sg_interval_days WHERE point = ''house'' OR day = ''2024-06-01''');
SELECT calls('SELECT 1 FROM sg_points AS p LEFT JOIN sg_interval_days AS d ON d.point = ''house'' AND d.point = p.point');
SELECT calls('SELECT 1 FROM sg_interval_days AS a, sg_interval_days AS b WHERE a.point = ''house'' AND b.point = ''roof''');
SELECT count(*) FROM sg_interval_days AS a, sg_interval_days AS b WHERE a.point = 'house' AND b.point = 'roof';
PREPARE of_point(text, timestamptz) AS SELECT count(*), sum(amount) FROM sg_intervals WHERE point = $1 AND start < $2;
SET plan_cache_mode = force_generic_plan;
SELECT calls('EXECUTE of_point(''house'', ''2024-06-02'')');
EXECUTE of_point('house', '2024-06-02');
EXECUTE of_point('roof', '2024-06-01 01:00');
RESET plan_cache_mode;
CREATE FUNCTION rows_of(source text, condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s WHERE %s', source, condition) INTO n;
    RETURN n;
END $$;
SELECT condition, rows_of('sg_intervals', condition), rows_of('(SELECT * FROM sg_intervals OFFSET 0) AS s', condition) AS of_all
FROM unnest(ARRAY['day = ''2024-06-01''', 'day > ''2024-06-01''', 'day < ''2024-06-03''', 'day >= ''2024-06-02'' AND day <= ''2024-06-02''', 'start = ''2024-06-01 12:00''',
                  'start > ''2024-06-01 12:00''', 'start <= ''2024-06-01 12:00''', 'start < ''2024-06-01 12:00'' AND point = ''roof''', 'point IN (''house'', ''nobody'')',
                  'point = ANY (NULL)', 'point = NULL', 'grid = ''other''', 'grid = ''default'' AND start >= ''2024-06-03 23:45''', 'NOT point = ''house''',
                  'point = owner', 'start >= day', 'day = ''2024-06-01'' AND start < ''2024-06-01 00:30'' AND point LIKE ''h%''', 'day = NULL', 'start > ''infinity''',
                  'start < ''-infinity''', 'day > ''infinity''', 'start > now()', 'day = ''2024-06-01'' AND day = ''2024-06-02''']) AS condition;

-- Members see the slots of which they were the owner, and no more by any way.
CREATE ROLE interval_anna;
CREATE ROLE interval_bert;
CREATE ROLE interval_other;
CREATE ROLE interval_auditor;
GRANT smartgrid_auditor TO interval_auditor;
SET ROLE interval_anna;
SELECT point, day, owner, amount, measured, missing FROM sg_interval_days ORDER BY day, point;
SELECT count(*), sum(amount), min(start), max(start) FROM sg_intervals;
SELECT count(*) FROM sg_intervals WHERE start >= '2024-06-01 12:00';
SELECT count(*), max(start) FROM sg_interval_series('house', '[2024-05-31 12:00,2024-06-04)');
SELECT * FROM sg_interval_series('roof', '[2024-06-01,2024-06-02)');
SELECT * FROM sg_interval_versions('house', '2024-06-01 12:00');
SELECT count(*) FROM sg_interval_versions('house', '2024-06-01 11:45');
SELECT point, expected, measured FROM sg_completeness('[2024-06-01,2024-06-04)');
SELECT * FROM sg_gaps('[2024-06-01,2024-06-04)');
SELECT count(*) FROM smartgrid.interval_day;
SELECT count(*) FROM smartgrid.batch;
SELECT count(*) FROM smartgrid.interval_pack;
SELECT count(*) FROM smartgrid.open_slot;
SELECT count(*) FROM sg_batches;
SELECT count(*) FROM smartgrid.interval_slots(NULL, '{roof,house}', '2024-06-03', NULL, NULL, NULL);
SET ROLE interval_bert;
SELECT point, day, owner, amount, measured, missing FROM sg_interval_days ORDER BY day, point;
SET ROLE interval_other;
SELECT count(*) FROM sg_intervals;
SELECT count(*) FROM sg_completeness('[2024-06-01,2024-06-04)');
SELECT * FROM sg_interval_series('house', '[2024-06-01,2024-06-02)');
SET ROLE interval_auditor;
SELECT count(*), sum(amount) FROM sg_intervals;
SELECT count(*) FROM smartgrid.interval_day;
SELECT count(*) FROM sg_batches;
RESET ROLE;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION numbers, calls, rows_of;
DROP ROLE interval_anna, interval_bert, interval_other, interval_auditor;
