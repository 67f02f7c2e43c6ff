-- What sg_check() and sg_verify_batches() say of readings that a superuser has meddled with: each kind of damage is found, by the invariant whose
-- it is, no matter that rows do not decode any more; readers get an error and no nonsense. Of sound books nothing is said.

\ir lib/begin.sql
SELECT no_plan();
SET LOCAL timezone = 'UTC';
SET LOCAL smartgrid.pack_after = '366d';

-- A day of two versions; one that came hour by hour and is packed; one that is open; another grid with open slots of its own points.
\o /dev/null
SELECT sg_create_grid('other');
SELECT set_config('smartgrid.grid', g, true), sg_set_point(p, '2024-01-01 00:00Z', 'anna', 'consumption', '1 hour')
FROM (VALUES ('default', 'M'), ('default', 'N'), ('other', 'X'), ('other', 'Y')) AS v (g, p);
SELECT set_config('smartgrid.grid', g, true) FROM (VALUES ('other')) AS v (g);
SELECT sg_post_intervals('{X,Y}'::text[], array_fill(date_trunc('day', now()) - interval '42 hours', ARRAY[2]), '{5,6}'::bigint[]);
SELECT set_config('smartgrid.grid', 'default', true);
SELECT sg_post_days('{M,N}', '{2024-03-01,2024-03-01}', ARRAY['1' || repeat(',1', 23), '2' || repeat(',2', 23)]);
SELECT sg_post_intervals('{M}'::text[], '{2024-03-01 05:00Z}', '{7}'), sg_pack_intervals('2025-01-01');
SELECT sg_post_intervals('{M,N}'::text[], array_fill(date_trunc('day', now()) - interval '3 days' + h * interval '1 hour', ARRAY[2]), ARRAY[10 + h, 20 + h]) FROM generate_series(0, 5) AS h;
SELECT sg_pack_intervals(current_date - 2);
SELECT sg_post_intervals('{M,N}'::text[], array_fill(date_trunc('day', now()) - interval '2 days' + h * interval '1 hour', ARRAY[2]), ARRAY[30 + h, 40 + h]) FROM generate_series(0, 5) AS h;
\o
SELECT results_eq('SELECT (SELECT count(*) FROM smartgrid.interval_day), (SELECT count(*) FROM smartgrid.interval_pack), (SELECT count(*) FROM smartgrid.open_slot)',
                  'VALUES (5::bigint, 1::bigint, 7::bigint)', 'days, a pack, open slots');
SELECT is_empty('SELECT * FROM sg_check() WHERE NOT ok', 'sound books: nothing is said');
SELECT is_empty('SELECT * FROM sg_verify_batches() WHERE NOT ok', 'nor of the batches');

-- He who meddles drops the constraints first, and makes bytes into days.
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'smartgrid'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid, c.conname);
    END LOOP;
END $$;
CREATE CAST (bytea AS sg_day) WITHOUT FUNCTION;

CREATE FUNCTION pg_temp.id(point text) RETURNS bigint LANGUAGE sql AS $$ SELECT n.point_id FROM smartgrid.point_name AS n WHERE n.name = point $$;

-- What a query says, with its rows in a line; the SQLSTATE if it fails.
CREATE FUNCTION pg_temp.said(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT coalesce(string_agg(q::text, '' '' ORDER BY q::text), ''-'') FROM (%s) AS q', query) INTO answer;
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
-- The letters of invariants that are violated: points, accounted, order, misfit; how many rows; what the batches say, and readers.
CREATE FUNCTION pg_temp.found(meddling text, OUT invariants text, OUT batches text, OUT readers text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE meddling;
    invariants := pg_temp.said($q$SELECT CASE WHEN invariant ~ '^rows of metering' THEN 'points' WHEN invariant ~ '^intervals that' THEN 'accounted' WHEN invariant ~ '^versions of' THEN 'order'
                                              WHEN invariant ~ '^packed days' THEN 'misfit' ELSE invariant END || left_side FROM sg_check() WHERE NOT ok AND (grid = 'default' OR grid IS NULL)$q$);
    batches := pg_temp.said('SELECT count(*) FROM sg_verify_batches() WHERE NOT ok');
    readers := pg_temp.said('SELECT count(*) FROM sg_intervals WHERE grid = ''default'' AND quality <> ''missing''');
    RAISE EXCEPTION USING ERRCODE = 'RB002';
EXCEPTION WHEN SQLSTATE 'RB002' THEN
    NULL;
END $$;

SELECT is(format('%s; %s; %s', f.invariants, f.batches, f.readers), m.expected, m.meddling)
FROM (VALUES
    ('SELECT 1', '-; (0); (72)'),
    -- Of no point.
    ('UPDATE smartgrid.interval_day SET point_id = 999999 WHERE point_id = pg_temp.id(''M'') AND day = ''2024-03-01''', '(misfit2); (2); (48)'),
    ('UPDATE smartgrid.interval_day SET point_id = pg_temp.id(''X'') WHERE point_id = pg_temp.id(''M'') AND day = ''2024-03-01''', '(misfit2); (2); (48)'),
    ('DELETE FROM smartgrid.point WHERE point_id = pg_temp.id(''M'')', '(misfit9) (points2); (0); (36)'),
    ('UPDATE smartgrid.open_slot AS o SET data = x.data FROM smartgrid.open_slot AS x WHERE o.grid_id = 1 AND x.grid_id <> 1', '(misfit12); (6); (60)'),
    -- That do not decode.
    ('UPDATE smartgrid.interval_day SET data = ''\x''::bytea::sg_day WHERE version = 2', '(misfit1); 22P03; 22P03'),
    ('UPDATE smartgrid.interval_day SET data = ''\xff''::bytea::sg_day', '(misfit5); 22P03; 22P03'),
    ('UPDATE smartgrid.interval_day SET data = substr(smartgrid.day_send(data), 1, length(smartgrid.day_send(data)) - 1)::sg_day WHERE version = 1', '(misfit4); 22P03; 22P03'),
    ('UPDATE smartgrid.interval_day SET data = (smartgrid.day_send(data) || ''\x00'')::sg_day WHERE day > ''2025-01-01''', '(misfit2); 22P03; 22P03'),
    ('UPDATE smartgrid.open_slot SET data = ''\x'' WHERE grid_id = 1', '(misfit6); 22P03; XX001'),
    ('UPDATE smartgrid.open_slot SET data = substr(data, 1, length(data) - 1) WHERE grid_id = 1', '(misfit6); 22P03; XX001'),
    ('UPDATE smartgrid.open_slot SET data = data || ''\x00'' WHERE grid_id = 1 AND date_part(''hour'', start) = 2', '(misfit1); 22P03; XX001'),
    -- That are no such day, or other values.
    ('UPDATE smartgrid.interval_day SET data = (''+01:00 24x60 '' || substr(data::text, 14))::sg_day WHERE version = 2', '(misfit1); (1); (72)'),
    ('UPDATE smartgrid.interval_day SET data = sg_day_slice(data, 1, 23) WHERE version = 2', '-; (1); (71)'),
    ('UPDATE smartgrid.interval_day SET data = replace(data::text, ''1,1'', ''2,1'')::sg_day WHERE version = 2', '-; (1); (72)'),
    -- Out of order.
    ('UPDATE smartgrid.interval_day SET version = 3 WHERE version = 2', '(order1); (2); (72)'),
    ('UPDATE smartgrid.interval_day SET version = 0 WHERE version = 1 AND point_id = pg_temp.id(''N'')', '(order2); (1); (72)'),
    ('UPDATE smartgrid.interval_day SET recorded_at = recorded_at - interval ''1 hour'' WHERE version = 2', '(order1); (2); (72)'),
    ('DELETE FROM smartgrid.interval_day WHERE version = 1 AND point_id = pg_temp.id(''M'') AND day = ''2024-03-01''', '(order1); (3); (72)'),
    -- That no batch accounts for.
    ('UPDATE smartgrid.interval_day SET batch_id = 999999 WHERE version = 2', '(accounted1); (2); (72)'),
    ('DELETE FROM smartgrid.interval_pack', '(accounted2); (7); (72)'),
    ('UPDATE smartgrid.interval_pack SET batches[3] = 999999', '(accounted1); (2); (72)'),
    ('UPDATE smartgrid.interval_pack SET batches = batches[1:5]', '-; (6); (72)'),
    ('UPDATE smartgrid.open_slot SET batch_id = 999999 WHERE grid_id = 1', '(accounted6); (7); (72)'),
    ('UPDATE smartgrid.open_slot SET start = start + interval ''7 minutes'' WHERE grid_id = 1', '(misfit6); (6); (72)'),
    ('UPDATE smartgrid.open_slot SET day = day - 1 WHERE grid_id = 1', '(accounted6) (misfit6); (7); (60)'),
    ('DELETE FROM smartgrid.open_slot WHERE grid_id = 1 AND date_part(''hour'', start) = 2', '-; (1); (70)'),
    -- Batches.
    ('DELETE FROM smartgrid.batch WHERE source = ''days''', '(accounted2); (2); (72)'),
    ('UPDATE smartgrid.batch SET first_day = first_day + 1 WHERE source = ''days''', '(accounted2); (2); (72)'),
    ('UPDATE smartgrid.batch SET fresh = 0 WHERE source = ''days''', '-; (1); (72)'),
    ('UPDATE smartgrid.batch SET fresh = fresh + 1 WHERE source = ''days''', '-; (1); (72)'),
    ('UPDATE smartgrid.batch SET refused = refused + 1 WHERE source = ''days''', '-; (1); (72)'),
    ('UPDATE smartgrid.batch SET digest = sha256(digest) WHERE source = ''days''', '-; (1); (72)'),
    ('UPDATE smartgrid.batch SET entry_id = entry_id + 1 WHERE source = ''days''', '-; (2); (72)'),
    ('UPDATE smartgrid.batch SET recorded_at = recorded_at + interval ''1 second'' WHERE source = ''days''', '-; (1); (72)')) AS m (meddling, expected),
    LATERAL pg_temp.found(m.meddling) AS f;

SELECT * FROM finish();
ROLLBACK;
