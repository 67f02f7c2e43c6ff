-- What the community produced, consumed and shared.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_set_time_zone('Europe/Vienna');
SET timezone = 'Europe/Vienna';
SET datestyle = ISO;
SELECT count(*) FROM (VALUES ('C1', 'anna', 'consumption', '15 minutes'), ('C2', 'bert', 'consumption', '1 hour'), ('P1', 'carl', 'production', '15 minutes'),
                             ('S1', 'dora', 'storage', '15 minutes')) AS v (p, o, k, r),
    sg_set_point(v.p, '2024-01-01', v.o, v.k, v.r::interval) AS set;
SELECT * FROM sg_post_intervals('{C1,C1,C1,C1,C2,P1,P1,P1,P1,S1,S1,S1}',
                                ARRAY(SELECT timestamptz '2024-01-31 23:00' + n * interval '15 minutes' FROM unnest('{0,1,2,3,0,0,1,2,4,0,1,3}'::integer[]) WITH ORDINALITY AS u (n, i) ORDER BY i),
                                '{1,2,3,4,7,10,10,3,5,-5,0,5}');
-- By month; percents have four decimals.
SELECT * FROM sg_community('[2024-01-01,2024-03-01)');
SELECT * FROM sg_community('[2024-01-31 23:00,2024-02-01 00:30)', '15 minutes');
SELECT to_char(a.start, 'HH24:MI') AS start, a.point, a.amount, a.covered FROM sg_allocate('[2024-01-31 23:00,2024-01-31 23:45)') AS a;
-- A slot is of the bucket in which it begins.
SELECT * FROM sg_community('[2024-01-31 23:10,2024-01-31 23:50)', '1 hour');
-- By factors less is shared, but as much is produced.
SELECT sg_set_share('P1', '2024-01-31 23:00', 10), sg_set_allocation('2024-02-01', 'none');
SELECT * FROM sg_community('[2024-01-01,2024-03-01)');
SELECT max(recorded_at) AS before FROM sg_point_periods \gset
SELECT * FROM sg_community('[2024-01-01,2024-02-01)', as_of => :'before');
-- Without points there are no slots.
SELECT * FROM sg_community('[2023-01-01,2023-03-01)');

SELECT * FROM sg_community(NULL);
SELECT * FROM sg_community('[2024-01-01,2024-02-01)', NULL);
SELECT * FROM sg_community('[2024-01-01,2024-02-01)', '0');
SELECT * FROM sg_community('empty');
SET smartgrid.grid = 'nowhere';
SELECT * FROM sg_community('[2024-01-01,2024-02-01)');
RESET smartgrid.grid;

DROP EXTENSION smartgrid;
