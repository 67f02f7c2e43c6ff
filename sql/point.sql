-- Metering points: dated and versioned.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
CREATE VIEW on_record AS
SELECT point, owner, resolution, capacity, class, valid_from, valid_to
FROM sg_point_periods WHERE superseded_at IS NULL ORDER BY point, valid_from;

-- A first fact: complete by itself and defaults. The owner becomes a participant.
SELECT sg_set_point('AT1', '2024-01-01');
SELECT sg_set_point('AT1', '2024-01-01', kind => 'consumption');
SELECT sg_set_point('AT1', '2024-01-01', 'anna', 'consumption', class => 'household');
TABLE on_record;
SELECT principal FROM smartgrid.participant;

-- Later ones hold until the next that is on record, and take what they do not say from just before.
SELECT sg_set_point('AT1', '2024-06-01', 'bert');
SELECT sg_set_point('AT1', '2024-03-01', capacity => 11);
TABLE on_record;
-- From just before, not from what it replaces; and a first one has to be complete again.
SELECT sg_set_point('AT1', '2024-06-01', class => 'business');
SELECT sg_set_point('AT1', '2024-01-01', class => 'business');
TABLE on_record;
-- A whole fact does not follow later changes of the one before.
SELECT sg_set_point('AT1', '2024-02-01', meter => 'm-1', capacity => 20);
TABLE on_record;
-- Earlier than all: until the first.
SELECT sg_set_point('AT1', '2023-12-01', 'carl', capacity => 3);
TABLE on_record;
-- Again: nothing is recorded.
SELECT count(*), max(recorded_at) AS last FROM sg_point_periods \gset
SELECT sg_set_point('AT1', '2023-12-01', 'carl', capacity => 3.0), sg_set_point('AT1', '2024-02-01', meter => 'm-1', capacity => 20);
SELECT count(*) = :count AND max(recorded_at) = :'last' AS unchanged FROM sg_point_periods;
-- Taken away.
SELECT sg_set_point('AT1', '2024-07-01', class => '', meter => '');
SELECT owner, class, meter FROM sg_points;

-- The kind cannot change.
SELECT sg_set_point('AT1', '2024-08-01', kind => 'production');
SELECT sg_set_point('AT1', '2024-08-01', kind => 'consumption');

-- An end takes back what is later; what follows is a first fact, wherever it begins.
SELECT sg_end_point('AT1', '2024-04-15 12:15');
SELECT sg_end_point('AT1', '2024-04-15 12:15'), sg_end_point('AT1', '2024-05-01');
TABLE on_record;
SELECT sg_set_point('AT1', '2024-04-15 12:15', capacity => 1);
SELECT sg_set_point('AT1', '2024-05-01', capacity => 1);
SELECT sg_set_point('AT1', '2024-05-01', 'dora');
-- Between two periods: until the next.
SELECT sg_set_point('AT1', '2024-04-20', 'emil');
TABLE on_record;
SELECT sg_end_point('AT1', '2023-12-01');
TABLE on_record;
SELECT sg_set_point('AT1', '2024-01-01', 'anna');
TABLE on_record;

-- What was on record at any moment of the past.
SELECT count(*) AS moments, bool_and(rows > 0) AS something FROM (
    SELECT m.at, (SELECT count(*) FROM sg_point_periods AS d
                  WHERE d.recorded_at <= m.at AND (d.superseded_at IS NULL OR d.superseded_at > m.at)) AS rows
    FROM (SELECT DISTINCT recorded_at AS at FROM sg_point_periods) AS m) AS q;

-- Slots begin at multiples of the resolution since local midnight, as time passes.
SELECT sg_set_point('AT2', '2024-01-01 00:05', 'anna', 'consumption');
SELECT sg_set_point('AT2', '2024-01-01 00:05', 'anna', 'consumption', '5 minutes');
SELECT sg_set_point('AT3', '2024-03-31 03:00', 'anna', 'consumption', '30 minutes');
SELECT sg_set_point('AT3', '2024-06-01 12:00', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-02 00:00', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-01 12:00', class => 'x');
SELECT sg_set_point('AT3', '2024-06-01 12:15', class => 'x');
SELECT sg_end_point('AT3', '2024-06-01 18:10');
-- A local day has slots of one length, though the point ended within it and begins anew; and a period has whole slots.
SELECT sg_set_point('AT3', '2024-06-01 18:30', 'anna', resolution => '15 minutes');
SELECT sg_end_point('AT3', '2024-06-01 18:00');
SELECT sg_set_point('AT3', '2024-06-01 18:00', 'anna', resolution => '1 hour');
SELECT sg_set_point('AT3', '2024-06-01 20:00', 'anna', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-01 20:00', 'anna', resolution => '30 minutes');
SELECT sg_set_point('AT3', '2024-05-30 00:00', resolution => '15 minutes');
SELECT sg_end_point('AT3', '2024-06-02 00:00'), sg_set_point('AT3', '2024-06-02 00:00', 'anna', resolution => '15 minutes');
SELECT sg_end_point('AT3', '2024-06-05 10:15');
SELECT sg_set_point('AT3', '2024-06-03 00:00', resolution => '1 hour');
SELECT sg_set_point('AT3', '2024-06-03 00:00', resolution => '5 minutes');
SELECT sg_set_point('AT3', '2024-06-05 12:00', 'anna', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-06 12:00', 'anna', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-05 11:00', 'anna', resolution => '15 minutes');
SELECT sg_set_point('AT3', '2024-06-05 11:00', 'anna', resolution => '5 minutes');
SELECT sg_set_point('AT3', '2024-06-06 00:00', 'anna', resolution => '15 minutes');
SELECT owner, resolution, valid_from, valid_to FROM on_record WHERE point = 'AT3';
SELECT sg_set_point('AT3', 'infinity', class => 'x');
SELECT sg_end_point('AT3', '-infinity');
SELECT sg_set_point('AT3', '4000-01-01 00:00 BC', 'anna');
-- A resolution has to divide what clocks are changed by.
SELECT sg_create_grid('howe');
SET smartgrid.grid = 'howe';
SELECT sg_set_time_zone('Australia/Lord_Howe');
SELECT sg_set_point('LH1', '2024-01-01 00:00 Australia/Lord_Howe', 'anna', 'consumption', '1 hour');
SELECT sg_set_point('LH1', '2024-01-01 00:00 Australia/Lord_Howe', 'anna', 'consumption', '30 minutes');
RESET smartgrid.grid;

-- Exchange, and the loss of the grid: nobody has to own them; one loss point of each kind at a time.
SELECT sg_set_point('X1', '2024-01-01', kind => 'exchange'), sg_set_point('X2', '2024-01-01', kind => 'exchange', neighbour => 'valley');
SELECT sg_set_point('L1', '2024-01-01', kind => 'consumption', role => 'loss'), sg_set_point('L2', '2024-01-01', kind => 'production', role => 'loss');
SELECT sg_set_point('L3', '2024-06-01', 'anna', 'consumption', role => 'loss');
SELECT sg_end_point('L1', '2024-06-01'), sg_set_point('L3', '2024-06-01', 'anna', 'consumption', role => 'loss');
SELECT sg_set_point('L4', '2024-01-01', 'anna', 'storage', role => 'loss');
SELECT sg_set_point('L4', '2024-01-01', 'anna', 'storage', neighbour => 'valley');
SELECT sg_set_point('L4', '2024-01-01', kind => 'storage');
SELECT point, kind, owner, neighbour, role, valid_from, valid_to FROM sg_point_periods WHERE point ~ '^[XL]' AND superseded_at IS NULL ORDER BY point;

-- Another identifier; the old one is free then.
SELECT sg_rename_point('AT2', 'AT3');
SELECT sg_rename_point('AT2', 'AT2');
SELECT sg_rename_point('nobody', 'somebody');
SELECT sg_rename_point('AT2', 'AT2b');
SELECT sg_set_point('AT2', '2024-01-01', 'anna', 'production');
SELECT point, kind FROM sg_points WHERE point ~ '^AT2' ORDER BY point;
SELECT name, superseded_at = 'infinity' AS on_record FROM smartgrid.point_name WHERE name ~ '^AT2' ORDER BY recorded_at;

-- Points of a table or view: refused rows come back, the others are set, in their order.
CREATE TABLE staging (point text, kind text, owner text, capacity numeric, something text);
INSERT INTO staging VALUES ('T1', 'consumption', 'anna', 5), ('T2', 'consumtion', 'anna', 5), ('T3', 'production', NULL, 5),
    (NULL, 'production', 'anna', 5), ('T4', 'production', 'anna', 'NaN'), ('T1', 'production', 'anna', 5), ('', 'storage', 'anna', 1),
    ('T5', 'storage', 'zoe', NULL);
SELECT * FROM sg_set_points('staging');
SELECT point, kind, owner, capacity, valid_from FROM sg_points WHERE point ~ '^T' ORDER BY point;
SELECT count(*) AS before FROM sg_point_periods \gset
SELECT count(*) FROM sg_set_points('staging');
SELECT count(*) = :before AS unchanged FROM sg_point_periods;
CREATE VIEW numbered AS
SELECT 10 * n AS ord, 'T1' AS point, timestamptz '2024-01-01' + (6 - n) * interval '1 day' AS valid_from, 'o' || n AS owner, '15 minutes' AS resolution
FROM generate_series(1, 3) AS n;
SELECT * FROM sg_set_points('numbered');
SELECT owner, valid_from, valid_to FROM on_record WHERE point = 'T1';
CREATE VIEW undated AS SELECT 'T1' AS point, NULL::timestamptz AS valid_from, 7 AS ord;
SELECT * FROM sg_set_points('undated');
SELECT * FROM sg_set_points('on_record');
SELECT * FROM sg_set_points('pg_class');
SELECT * FROM sg_set_points(NULL);
SELECT * FROM sg_set_points('staging', NULL);

-- Once only, by a reference.
\set VERBOSITY terse
SET smartgrid.reference = 'points of May';
SELECT ord, sqlstate FROM sg_set_points('staging');
SELECT ord, sqlstate FROM sg_set_points('staging');
INSERT INTO staging VALUES ('T6', 'storage', 'zoe', NULL);
SELECT ord, sqlstate FROM sg_set_points('staging');
SET smartgrid.reference = 'a point';
SELECT sg_set_point('R1', '2024-01-01', 'anna', 'consumption', '15 minutes', 5);
SELECT sg_set_point('R1', '2024-01-01', 'anna', 'consumption', '900 seconds', 5.00);
SELECT sg_set_point('R1', '2024-01-01', 'anna', 'consumption', '30 minutes', 5);
RESET smartgrid.reference;
\set VERBOSITY default

-- The zone cannot change any more.
SELECT sg_set_time_zone('Europe/Vienna');
SELECT sg_set_time_zone('Europe/Berlin');

-- No two periods of a point overlap, whoever writes them.
\set VERBOSITY sqlstate
INSERT INTO smartgrid.point_period SELECT * FROM smartgrid.point_period WHERE superseded_at = 'infinity' LIMIT 1;
UPDATE smartgrid.point_period SET valid_to = valid_to + interval '1 day' WHERE point_id = (SELECT point_id FROM sg_points WHERE point = 'T1') AND superseded_at = 'infinity' AND valid_to < 'infinity';
UPDATE smartgrid.point_name SET superseded_at = 'infinity';
UPDATE smartgrid.point_name SET name = 'AT2' WHERE superseded_at = 'infinity';
\set VERBOSITY default
SELECT * FROM sg_check() WHERE NOT ok;
-- Or sg_check() says so.
BEGIN;
ALTER TABLE smartgrid.point_period DROP CONSTRAINT point_period_excl;
UPDATE smartgrid.point_period SET valid_to = valid_to + interval '1 day' WHERE point_id = (SELECT point_id FROM sg_points WHERE point = 'T1') AND superseded_at = 'infinity' AND valid_to < 'infinity';
DELETE FROM smartgrid.participant WHERE principal = 'zoe';
UPDATE smartgrid.point SET grid_id = 77 WHERE point_id = (SELECT max(point_id) FROM smartgrid.point);
SELECT * FROM sg_check() WHERE NOT ok;
ROLLBACK;

DROP VIEW on_record, numbered, undated;
DROP TABLE staging;
DROP EXTENSION smartgrid;
