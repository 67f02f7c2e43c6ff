-- By which model a grid shares: dated and versioned, a fact of the grid.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'Europe/Vienna';
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_create_grid('valley');
TABLE sg_allocations;
SELECT sg_set_allocation('2024-01-01', 'static'), sg_set_allocation('2024-06-01', 'cascade'), sg_set_allocation('2024-03-01 12:05', 'none');
SELECT grid, model, valid_from, valid_to FROM sg_allocations;
SELECT model, valid_from, valid_to FROM sg_allocation_periods WHERE superseded_at IS NULL ORDER BY valid_from;
-- Again: nothing is recorded. Another one takes its place.
SELECT count(*) FROM sg_allocation_periods \gset
SELECT sg_set_allocation('2024-06-01', 'cascade');
SELECT count(*) = :count AS unchanged FROM sg_allocation_periods;
SELECT sg_set_allocation('2024-06-01', 'dynamic');
SELECT model, valid_from, valid_to, superseded_at IS NULL AS on_record FROM sg_allocation_periods ORDER BY recorded_at, valid_from;
-- Each grid has its own.
SET smartgrid.grid = 'valley';
SELECT sg_set_allocation('2024-01-01 00:00Z', 'none');
RESET smartgrid.grid;
SELECT grid, model FROM sg_allocations ORDER BY grid;

-- What is refused.
SELECT sg_set_allocation(NULL, 'static');
SELECT sg_set_allocation('2024-01-01', NULL);
SELECT sg_set_allocation('2024-01-01', 'Static');
SELECT sg_set_allocation('2024-01-01', 'static', NULL);
SELECT sg_set_allocation('2024-01-01 00:01', 'static');
SELECT sg_set_allocation('infinity', 'static');

-- One model for each moment, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.allocation SELECT * FROM smartgrid.allocation WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.allocation SET valid_to = 'infinity' WHERE superseded_at = 'infinity' AND valid_to < 'infinity';
UPDATE smartgrid.allocation SET model = 9;
\set VERBOSITY default

DROP EXTENSION smartgrid;
