-- Public holidays: versioned.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SELECT sg_set_time_zone('Europe/Vienna');
-- Holidays: those of the years named are replaced.
SELECT sg_set_holidays('{2024-12-25, 2024-12-26, 2025-01-01, 2024-12-25}');
SELECT sg_set_holidays('{2024-12-26, 2024-05-01}');
SELECT * FROM (SELECT grid, day FROM sg_holidays ORDER BY day) AS h;
SELECT day, superseded_at = 'infinity' AS on_record FROM smartgrid.holiday ORDER BY day;
SELECT sg_set_holidays('{2024-12-26, 2024-05-01}');
SELECT count(*) FROM smartgrid.holiday;

-- What is refused.
SELECT sg_set_holidays(NULL);
SELECT sg_set_holidays('{}');
SELECT sg_set_holidays('{NULL}');
SELECT sg_set_holidays('{{2024-01-01}}');
SELECT sg_set_holidays('{2024-01-01}', NULL);
SELECT sg_set_holidays('{infinity}');
SELECT sg_set_holidays('{10000-01-01}');

-- A day is on record once, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.holiday SELECT grid_id, day, '2000-01-01', superseded_at FROM smartgrid.holiday WHERE superseded_at = 'infinity' LIMIT 1;
\set VERBOSITY default

DROP EXTENSION smartgrid;
