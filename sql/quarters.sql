-- The quarter-hour of a time.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

SELECT at, smartgrid.quarter_hour(at)
FROM (VALUES ('2026-01-01 00:00:00'::timestamptz), ('2026-01-01 00:14:59.999999'), ('2026-01-01 00:15:00'), ('1999-12-31 23:59:59.999999'),
             ('0044-03-15 12:01:00 BC'), ('-infinity'), ('infinity'), (NULL)) AS t (at);

DROP EXTENSION smartgrid;
