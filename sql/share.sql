-- How metering points take part in sharing: dated and versioned; factors and keys sum to 100 percent at most.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SET timezone = 'UTC';
SELECT sg_set_point('C1', '2024-01-01', 'anna', 'consumption'), sg_set_point('C2', '2024-01-01', 'bert', 'consumption', '1 hour'),
       sg_set_point('P1', '2024-01-01', 'bert', 'production'), sg_set_point('S1', '2024-01-01', 'carl', 'storage'),
       sg_set_point('X1', '2024-01-01', kind => 'exchange'), sg_set_point('L1', '2024-01-01', kind => 'consumption', role => 'loss');
CREATE VIEW on_record AS
SELECT grid, point, factor, key, priority, valid_from, valid_to FROM sg_share_periods WHERE superseded_at IS NULL ORDER BY grid, point, valid_from;

-- Without any, all of a point's energy takes part.
SELECT point, kind, owner, factor, key, priority, valid_from FROM sg_shares ORDER BY point;
-- What is not said is as it was just before, or by default.
SELECT sg_set_share('C1', '2024-01-01', key => 60), sg_set_share('C1', '2024-06-01', factor => 50.5), sg_set_share('C1', '2024-03-01', priority => -2);
TABLE on_record;
SELECT sg_set_share('C1', '2024-06-01', priority => 3);
TABLE on_record;
-- Again: nothing is recorded.
SELECT count(*) FROM sg_share_periods \gset
SELECT sg_set_share('C1', '2024-06-01', 100.0, 60.000, 3), sg_set_share('C1', '2024-01-01', key => 60);
SELECT count(*) = :count AS unchanged FROM sg_share_periods;
SELECT point, factor, key, priority, valid_from FROM sg_shares WHERE point = 'C1';

-- Keys of the consumers of a grid, storage among them, sum to 100 percent at every instant.
SELECT sg_set_share('C2', '2024-01-01', key => 40), sg_set_share('P1', '2024-01-01', key => 100);
SELECT sg_set_share('S1', '2024-01-01', key => 0.0000000000000001);
SELECT sg_set_share('C1', '2024-02-01', key => 50);
SELECT sg_set_share('S1', '2024-02-01', key => 10);
SELECT sg_set_share('C1', '2024-03-01', key => 50), sg_set_share('C1', '2024-06-01', key => 30);
SELECT sg_set_share('S1', '2024-06-01', key => 30), sg_set_share('S1', '2024-02-01', key => 10);
SELECT sg_set_share('S1', '2024-04-01', key => 20);
SELECT sg_set_share('S1', '2024-05-31 23:45', key => 30);
TABLE on_record;
-- What stands between is not touched: C1 with 50 until June.
SELECT sg_set_share('C2', '2024-05-01', key => 45);
-- An end frees the key, and the share ends with the point.
SELECT sg_end_point('S1', '2024-03-01'), sg_set_share('C2', '2024-03-01', key => 50);
SELECT sg_set_point('S1', '2024-07-01', 'carl');
TABLE on_record;
SELECT sg_set_share('S1', '2024-07-01', key => 20);
SELECT * FROM on_record WHERE point = 'S1';
-- Thirds.
SELECT sg_set_share('C2', '2025-01-01', key => 100 / 3.0), sg_set_share('C1', '2025-01-01', key => 100 / 3.0), sg_set_share('S1', '2025-01-01', key => 100 / 3.0);
SELECT sg_set_share('S1', '2025-01-01', key => 33.3333333333333335);
SELECT sg_set_share('S1', '2025-01-01', key => 1 / 3.0);

-- Factors of one identifier sum to 100 percent over all grids.
SELECT sg_create_grid('valley'), sg_create_grid('hill');
SET smartgrid.grid = 'valley';
SELECT sg_set_point('C1', '2024-01-01', 'anna', 'consumption');
SELECT sg_set_share('C1', '2024-01-01', 40);
RESET smartgrid.grid;
SELECT sg_set_share('C1', '2024-04-01', 60);
SET smartgrid.grid = 'valley';
SELECT sg_set_share('C1', '2024-04-01', 40);
SELECT sg_set_share('C1', '2024-06-01', 0);
SELECT sg_set_share('C1', '2024-04-01', 40);
SELECT sg_set_share('C1', '2024-05-01', 41);
SET smartgrid.grid = 'hill';
SELECT sg_set_point('C1', '2024-01-01', 'anna', 'consumption'), sg_set_share('C1', '2024-03-01', 0);
SELECT sg_set_share('C1', '2024-05-01', 0.5);
-- By renaming, too.
SELECT sg_set_point('D1', '2024-01-01', 'anna', 'consumption'), sg_set_share('D1', '2024-05-01', 1);
SELECT sg_rename_point('C1', 'E1');
SELECT sg_rename_point('D1', 'C1');
SELECT sg_set_share('D1', '2024-05-01', 0), sg_rename_point('D1', 'C1');
RESET smartgrid.grid;
SELECT * FROM on_record WHERE point IN ('C1', 'D1', 'E1') AND valid_to IS NULL;

-- What is refused.
SELECT sg_set_share(NULL, '2024-01-01');
SELECT sg_set_share('', '2024-01-01');
SELECT sg_set_share('C1', NULL);
SELECT sg_set_share('C1', '2024-01-01', correct => NULL);
SELECT sg_set_share('nobody', '2024-01-01');
SELECT sg_set_share('X1', '2024-01-01', 100);
SELECT sg_set_share('C1', '2024-01-01', -1);
SELECT sg_set_share('C1', '2024-01-01', 100.01);
SELECT sg_set_share('C1', '2024-01-01', 'NaN');
SELECT sg_set_share('C1', '2024-01-01', key => 'Infinity');
SELECT sg_set_share('C1', '2024-01-01', key => -0.1);
SELECT sg_set_share('C1', '2024-01-01', 1e-17);
SELECT sg_set_share('C1', '2024-01-01 00:05', 1);
SELECT sg_set_share('C2', '2024-01-01 00:30', 1);
SELECT sg_set_share('C2', '2023-01-01 00:05', 1);
SELECT sg_set_share('C2', '2023-01-01 00:01', 1);
SELECT sg_set_share('C1', '-infinity', 1);

-- One share for each moment, whoever writes it.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.share SELECT * FROM smartgrid.share WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.share SET valid_to = 'infinity' WHERE superseded_at = 'infinity' AND valid_to < 'infinity';
UPDATE smartgrid.share SET factor = factor * 2 WHERE factor = 1000000000000000000;
\set VERBOSITY default
SELECT * FROM sg_check() WHERE NOT ok;
-- Or sg_check() says so.
BEGIN;
UPDATE smartgrid.share SET key = 990000000000000000 WHERE superseded_at = 'infinity' AND key > 0;
UPDATE smartgrid.share SET factor = 900000000000000000 WHERE superseded_at = 'infinity' AND factor > 0;
DELETE FROM smartgrid.point WHERE point_id = (SELECT point_id FROM sg_points WHERE point = 'S1');
UPDATE smartgrid.share SET grid_id = 77 WHERE point_id = (SELECT point_id FROM sg_points WHERE point = 'P1');
SELECT * FROM sg_check() WHERE NOT ok;
ROLLBACK;

DROP VIEW on_record;
DROP EXTENSION smartgrid;
