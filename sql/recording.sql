-- The clock of a grid: recorded times only grow, though the server's be set back.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_set_point('P', '2024-01-01 00:00+00', 'anna', 'consumption');
SELECT smartgrid.recording_moment(1) AS moment \gset
SELECT bool_and(recorded_at <= :'moment') AS before FROM sg_point_periods;
SELECT sg_set_point('P', '2024-02-01 00:00+00', 'bert');
SELECT bool_or(recorded_at > :'moment') AS after FROM sg_point_periods;
-- As if the server's clock had been set back by an hour.
UPDATE smartgrid.recording SET recorded_at = clock_timestamp() + interval '1 hour';
SELECT sg_set_point('P', '2024-03-01 00:00+00', 'carl'), sg_set_point('P', '2024-04-01 00:00+00', 'dora');
SELECT smartgrid.recording_moment(1) AS moment \gset
SELECT sg_set_point('P', '2024-04-01 00:00+00', 'emil');
SELECT owner, recorded_at - lag(recorded_at) OVER w > interval '0' AS later, recorded_at <= :'moment' AS before,
       superseded_at IS NULL OR superseded_at > recorded_at AS grows
FROM sg_point_periods WHERE recorded_at > now() + interval '50 minutes' WINDOW w AS (ORDER BY recorded_at, valid_from DESC)
ORDER BY recorded_at, valid_from DESC;
-- In a grid without any: the server's clock.
SELECT smartgrid.recording_moment(99) BETWEEN now() AND clock_timestamp() AS now;
-- Not where a snapshot may be older than the moment.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT smartgrid.recording_moment(1);
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT smartgrid.recording_moment(1);
ROLLBACK;

DROP EXTENSION smartgrid;
