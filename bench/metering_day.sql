-- One day of quarter-hours of all points, loaded in each way. Variables: day, file (both quoted).
SET client_min_messages = warning;
SET timezone = 'Europe/Vienna';
CREATE TEMPORARY TABLE made AS
SELECT m.point, m.i, (:day)::timestamptz + slot * interval '15 min' AS start, shape(m.i, slot) AS amount FROM generate_series(0, 95) AS slot, members AS m;
COPY (SELECT point, start, amount FROM made) TO :file;
CREATE TEMPORARY TABLE lines AS
SELECT point, (:day + 1000) AS day, string_agg(amount::text, ',' ORDER BY start) AS amounts FROM made GROUP BY point;
CREATE TEMPORARY TABLE staging (point text, start timestamptz, amount bigint);
-- What a session keeps of points is found once, not with each file.
SELECT count(*) FROM sg_post_intervals((SELECT array_agg(point) FROM members), (SELECT array_agg('2000-01-01'::timestamptz) FROM members), (SELECT array_agg(0::bigint) FROM members));
TRUNCATE plain;
CHECKPOINT;

SELECT clock_timestamp() AS began \gset
COPY plain FROM :file;
INSERT INTO taken SELECT 'COPY', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SELECT clock_timestamp() AS began, pg_current_wal_lsn() AS wal \gset
COPY staging FROM :file;
SELECT count(*) FROM sg_post_intervals('staging');
INSERT INTO taken SELECT 'staged', extract(epoch FROM clock_timestamp() - :'began') * 1000;
INSERT INTO taken SELECT 'staged wal', pg_wal_lsn_diff(pg_current_wal_lsn(), :'wal') / count(*) FROM made;

SELECT clock_timestamp() AS began, pg_current_wal_lsn() AS wal \gset
SELECT count(*) FROM sg_post_intervals('staging');
INSERT INTO taken SELECT 'again', extract(epoch FROM clock_timestamp() - :'began') * 1000;
INSERT INTO taken SELECT 'again wal', pg_wal_lsn_diff(pg_current_wal_lsn(), :'wal');
TRUNCATE staging;
COPY staging FROM :file;
UPDATE staging SET start = start + interval '1 year';

SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM sg_post_intervals('staging');
INSERT INTO taken SELECT 'call', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM sg_post_days((SELECT array_agg(point) FROM lines), (SELECT array_agg(day) FROM lines), (SELECT array_agg(amounts) FROM lines));
INSERT INTO taken SELECT 'lines', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SELECT clock_timestamp() AS began, pg_current_wal_lsn() AS wal \gset
INSERT INTO row_table SELECT i, start, amount, 0, now() FROM made
ON CONFLICT (point_id, start) DO UPDATE SET energy = EXCLUDED.energy, recorded_at = EXCLUDED.recorded_at WHERE row_table.energy <> EXCLUDED.energy;
INSERT INTO taken SELECT 'upsert', extract(epoch FROM clock_timestamp() - :'began') * 1000;
INSERT INTO taken SELECT 'upsert wal', pg_wal_lsn_diff(pg_current_wal_lsn(), :'wal') / count(*) FROM made;
INSERT INTO row_version SELECT i, start, 1, amount, 0, now() FROM made;

-- A slot of a hundred corrected, the old value kept.
CREATE TEMPORARY TABLE corrected AS SELECT point, i, start, amount + 1 AS amount FROM made WHERE random() < 0.01;
SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM sg_post_intervals('corrected');
INSERT INTO taken SELECT 'corrected', extract(epoch FROM clock_timestamp() - :'began') * 1000;
SELECT clock_timestamp() AS began \gset
INSERT INTO row_version SELECT c.i, c.start, v.version + 1, c.amount, 0, now()
FROM corrected AS c, LATERAL (SELECT * FROM row_version AS r WHERE r.point_id = c.i AND r.start = c.start ORDER BY r.version DESC LIMIT 1) AS v
WHERE v.energy <> c.amount;
INSERT INTO taken SELECT 'corrected rows', extract(epoch FROM clock_timestamp() - :'began') * 1000;

-- A quarter-hour of all points that arrives alone, on a day that is not over.
SELECT (current_date - 1)::timestamptz + :quarter * interval '15 min' AS quarter \gset
CREATE TEMPORARY TABLE quarter AS SELECT point, :'quarter'::timestamptz AS start, amount FROM made WHERE start = (:day)::timestamptz + interval '12 hours';
COPY quarter TO :file;
SELECT clock_timestamp() AS began \gset
COPY plain FROM :file;
INSERT INTO taken SELECT 'quarter COPY', extract(epoch FROM clock_timestamp() - :'began') * 1000;
SELECT array_agg(point)::text AS points, array_agg(start)::text AS starts, array_agg(amount)::text AS amounts FROM quarter \gset
SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM sg_post_intervals(:'points'::text[], :'starts'::timestamptz[], :'amounts'::bigint[]);
INSERT INTO taken SELECT 'quarter', extract(epoch FROM clock_timestamp() - :'began') * 1000;
