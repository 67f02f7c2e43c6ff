-- Sorts the lines into readings and bad lines.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
ANALYZE replay.line;

CREATE TEMPORARY TABLE parsed AS
SELECT number, line, field, replay.time(field[1]) AS at
FROM (SELECT number, line, replay.fields(line) AS field
      FROM (SELECT number, replay.decode(bytes) AS line FROM replay.line WHERE number > 1 OFFSET 0) AS decoded OFFSET 0) AS split;

CREATE TEMPORARY TABLE judged AS
SELECT number, line, field, at,
       CASE
           WHEN line IS NULL THEN 'not UTF-8'
           WHEN line = '' THEN 'empty line'
           WHEN field IS NULL THEN 'quotes do not match'
           WHEN cardinality(field) <> 4 THEN replay.counted(cardinality(field), 'field') || ' instead of 4'
           WHEN at IS NULL THEN format('at is not a time (ISO 8601): "%s"', left(field[1], 40))
           WHEN field[2] = '' THEN 'principal is empty'
           WHEN octet_length(field[2]) > 128 THEN format('principal has %s bytes, 128 are allowed', octet_length(field[2]))
           WHEN field[2] ~ '[\x01-\x1f\x7f]' THEN 'principal has a control character'
           WHEN field[2] = 'utility' THEN 'principal "utility" is reserved for what the members lack'
           ELSE COALESCE(replay.wrong('produced_kwh', field[3]), replay.wrong('consumed_kwh', field[4]))
       END AS problem
FROM parsed;

UPDATE judged AS later
SET problem = format('"%s" has a reading for this time already, in line %s', later.field[2], again.number)
FROM (SELECT number, first_value(number) OVER (PARTITION BY at, field[2] COLLATE "C" ORDER BY number) AS earlier
      FROM judged WHERE problem IS NULL) AS seen (number, earlier)
     JOIN judged AS again ON again.number = seen.earlier
WHERE later.number = seen.number AND seen.earlier < seen.number;

INSERT INTO replay.bad_line SELECT number, problem, COALESCE(line, '') FROM judged WHERE problem IS NOT NULL;
INSERT INTO replay.reading
SELECT number, at, field[2], field[3]::numeric * 1000, field[4]::numeric * 1000 FROM judged WHERE problem IS NULL;
ANALYZE replay.reading;

-- The clock is that of the zone asked for, else that of the first reading that says its offset.
INSERT INTO replay.clock
SELECT COALESCE(NULLIF(:'zone', ''), replay.zone(utc_offset), 'UTC'),
       COALESCE(NULLIF(:'zone', ''), NULLIF(utc_offset, '+00:00'), 'UTC')
FROM (SELECT (SELECT replay.utc_offset(field[1]) FROM judged
              WHERE problem IS NULL AND replay.utc_offset(field[1]) IS NOT NULL ORDER BY number LIMIT 1)) AS first (utc_offset);
SELECT format('ALTER DATABASE replay SET TimeZone = %L', time_zone), format('SET TimeZone = %L', time_zone) FROM replay.clock \gexec

-- Progress by the hour, day, month or year.
WITH stepped AS (
    SELECT CASE WHEN max(at) - min(at) < '2 days' THEN 'hour' WHEN max(at) - min(at) < '50 days' THEN 'day'
                WHEN max(at) - min(at) < '1500 days' THEN 'month' ELSE 'year' END AS unit
    FROM replay.reading
)
INSERT INTO replay.period
SELECT start, start + ('1 ' || unit)::interval,
       to_char(start, CASE unit WHEN 'hour' THEN 'YYYY-MM-DD HH24:00' WHEN 'day' THEN 'YYYY-MM-DD' WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY' END)
FROM (SELECT DISTINCT unit, date_trunc(unit, r.at) AS start FROM replay.reading AS r CROSS JOIN stepped) AS starts;

\echo
SELECT format('%s: %s of %s%s, %s', :'name', replay.counted(count(*), 'reading'),
              replay.counted(count(DISTINCT principal), 'principal'),
              to_char(min(at), '" from "YYYY-MM-DD HH24:MI') || to_char(max(at), '" to "YYYY-MM-DD HH24:MI ') || (SELECT label FROM replay.clock),
              replay.counted((SELECT count(*) FROM replay.bad_line), 'bad line'))
FROM replay.reading;
SELECT format('  line %s: %s', number, problem) FROM replay.bad_line ORDER BY number LIMIT 50;
SELECT format('  ... and %s more, see replay.bad_line', count(*) - 50) FROM replay.bad_line HAVING count(*) > 50;
