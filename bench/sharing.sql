-- What members got in the period of the metering cases: by the extension, and by
-- the best SQL over the row table. Variables: days.
SET timezone = 'Europe/Vienna';
SET work_mem = '1GB';
SET jit = off;
CREATE TABLE IF NOT EXISTS taken (name text, ms numeric);
SELECT format('[2023-01-02 00:00,%s)', timestamptz '2023-01-02 00:00' + :days * interval '1 day') AS period \gset

-- Dynamic shares by largest remainder, added up by owner.
CREATE OR REPLACE VIEW shared_rows AS
WITH slot AS (
    SELECT r.start, sum(r.energy) FILTER (WHERE m.kind = 'consumption')::bigint AS consumed, sum(r.energy) FILTER (WHERE m.kind = 'production')::bigint AS produced
    FROM row_table AS r JOIN members AS m ON m.i = r.point_id
    GROUP BY r.start
), part AS (
    SELECT r.start, m.owner, m.kind, m.point, r.energy, least(s.consumed, s.produced) AS shared,
           CASE m.kind WHEN 'consumption' THEN s.consumed ELSE s.produced END AS whole
    FROM row_table AS r JOIN members AS m ON m.i = r.point_id JOIN slot AS s ON s.start = r.start
), ranked AS (
    SELECT owner, kind, energy, whole, CASE WHEN whole > 0 THEN shared * energy / whole ELSE 0 END AS floor,
           row_number() OVER (PARTITION BY start, kind ORDER BY CASE WHEN whole > 0 THEN shared * energy % whole ELSE 0 END DESC, point COLLATE "C") AS rank,
           shared - sum(CASE WHEN whole > 0 THEN shared * energy / whole ELSE 0 END) OVER (PARTITION BY start, kind) AS left_over
    FROM part
)
SELECT owner, kind, sum(energy) AS amount, sum(floor + (whole > 0 AND rank <= left_over)::integer) AS covered FROM ranked GROUP BY owner, kind;

SELECT count(*) FROM sg_allocation_sums(:'period');
SELECT clock_timestamp() AS began \gset
SELECT count(*), sum(covered) FROM (SELECT owner, kind, sum(amount) AS amount, sum(covered) AS covered FROM sg_allocation_sums(:'period') GROUP BY owner, kind) AS s;
INSERT INTO taken SELECT 'sharing', extract(epoch FROM clock_timestamp() - :'began') * 1000;
SELECT clock_timestamp() AS began \gset
SELECT count(*), sum(produced) FROM sg_community(:'period', '1 day');
INSERT INTO taken SELECT 'sharing by day', extract(epoch FROM clock_timestamp() - :'began') * 1000;
SELECT clock_timestamp() AS began \gset
SELECT count(*), sum(covered) FROM shared_rows;
INSERT INTO taken SELECT 'sharing rows', extract(epoch FROM clock_timestamp() - :'began') * 1000;
