-- Slots that come one by one: open until their day is complete or overdue, and what was on record at any time can be told before and after.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_set_time_zone('Etc/UTC');
SET timezone = 'UTC';
SELECT sg_set_point(name, '2020-01-01', 'anna', 'consumption', resolution => '1 hour') FROM unnest('{a,b,c}'::text[]) AS name;
SET smartgrid.pack_after = '1000d';
CREATE TABLE said (n int GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT NULL, seen text);
CREATE FUNCTION seen(moment timestamptz) RETURNS text LANGUAGE sql
    AS $$ SELECT string_agg(p || ':' || (SELECT string_agg(amount || left(quality, 1), ',' ORDER BY start) FROM sg_interval_series(p, '[2025-03-01,2025-03-02)', as_of => moment)), ' ' ORDER BY p)
          FROM unnest('{a,b,c}'::text[]) AS p $$;
CREATE FUNCTION say(point text, hour integer, amount bigint, replace_with text DEFAULT 'better') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    refused text := (SELECT string_agg(sqlstate, ',') FROM sg_post_intervals(ARRAY[$1], ARRAY['2025-03-01'::timestamptz + $2 * interval '1 hour'], ARRAY[$3], replace_with => $4));
    moment timestamptz := (SELECT max(recorded_at) FROM sg_batches);
BEGIN
    INSERT INTO said (at, seen) VALUES (moment, seen(moment));
    RETURN refused;
END $$;
CREATE FUNCTION counts(OUT open_slots bigint, OUT versions bigint, OUT packs bigint) LANGUAGE sql
    AS 'SELECT (SELECT count(*) FROM smartgrid.open_slot), (SELECT count(*) FROM smartgrid.interval_day), (SELECT count(*) FROM smartgrid.interval_pack)';

-- Hours of a day that is over, one by one: they stay open.
SELECT count(say(p, h, 10 * h + 1)) FROM generate_series(0, 10) AS h, unnest('{a,b}'::text[]) AS p;
SELECT * FROM counts();
-- Once more the same, another value, and one that comes twice.
SELECT say('a', 3, 31), say('a', 4, 400), say('b', 4, 444), say('b', 4, 445);
SELECT * FROM counts();
SELECT seen(NULL);
SELECT version, amount, quality, superseded_at IS NULL AS on_record FROM sg_interval_versions('b', '2025-03-01 04:00');
-- The rest of one point's day completes it; of the others' slots nothing changes.
SELECT count(say('a', h, h)) FROM generate_series(11, 23) AS h;
SELECT * FROM counts();
SELECT seen(NULL);
-- What was seen at any time is still seen.
SELECT count(*), count(*) FILTER (WHERE seen = seen(at)) AS as_seen FROM said;
-- What is overdue is packed by whatever call comes by.
SET smartgrid.pack_after = '1h';
SELECT say('c', 0, 7);
SELECT * FROM counts();
SELECT seen(NULL);
SELECT count(*), count(*) FILTER (WHERE seen = seen(at)) AS as_seen FROM said;
SELECT version, amount, quality, superseded_at IS NULL AS on_record FROM sg_interval_versions('b', '2025-03-01 04:00');
-- Slots of a day that is packed make versions.
SELECT say('b', 5, 555), say('c', 1, 8);
SELECT * FROM counts();
SELECT count(*), count(*) FILTER (WHERE seen = seen(at)) AS as_seen FROM said;

-- The digests of batches are those of what is on record, folded or not.
SELECT count(*), count(*) FILTER (WHERE ok) AS ok FROM sg_verify_batches();

-- By call: days before a date, or that are overdue.
SET smartgrid.pack_after = '1000d';
SELECT * FROM sg_post_intervals('{a,b,c,a}'::text[], '{2025-03-02 05:00,2025-03-02 05:00,2025-03-03 05:00,2025-03-02 06:00}', '{1,2,3,4}');
SELECT * FROM counts();
SELECT sg_pack_intervals('2025-03-02');
SELECT sg_pack_intervals('2025-03-03');
SELECT * FROM counts();
SELECT sg_pack_intervals();
SET smartgrid.pack_after = '1d';
SELECT sg_pack_intervals();
SELECT * FROM counts();
-- Of a day that is not over nothing is packed.
SELECT * FROM sg_post_intervals('{a}'::text[], ARRAY[date_bin('1 hour', now() - interval '1 hour', '2024-01-01')], '{1}');
SELECT sg_pack_intervals(current_date + 1) <= 1 AS at_most_yesterday;
SELECT count(*) FROM sg_interval_days WHERE day >= current_date - 1 AND measured = 1;
SELECT count(*), count(*) FILTER (WHERE ok) AS ok FROM sg_verify_batches();
SELECT grid, invariant, left_side, right_side FROM sg_check() WHERE NOT ok;
SET client_min_messages = warning;
DROP EXTENSION smartgrid CASCADE;
DROP FUNCTION say, seen, counts;
DROP TABLE said;
