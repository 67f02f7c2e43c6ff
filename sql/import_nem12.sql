-- Format nem12: interval readings of the Australian market.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 6), sg_set_time_zone('Australia/Brisbane');
SET timezone = 'Australia/Brisbane';
SET datestyle = 'ISO';
SELECT sg_set_point('M/E1', '2020-01-01', 'anna', 'consumption', '30 minutes'), sg_set_point('M/B1', '2020-01-01', 'anna', 'production', '30 minutes'),
       sg_set_point('M/E5', '2020-01-01', 'anna', 'consumption', '5 minutes'), sg_set_point('M/E15', '2020-01-01', 'anna', 'consumption', '15 minutes');

-- A record 300 of n values that are their numbers, with what comes after them.
CREATE FUNCTION day(at text, n int, after text) RETURNS text LANGUAGE sql
RETURN '300,' || at || ',' || (SELECT string_agg(i::text, ',' ORDER BY i) FROM generate_series(1, n) AS i) || ',' || after || E'\n';
-- What is on record of a day of 24 hours.
CREATE FUNCTION loaded(name text, at date) RETURNS TABLE (point text, day date, slots bigint, kwh numeric, first numeric, last numeric, qualities text) LANGUAGE sql AS $$
    SELECT name, at, count(*) FILTER (WHERE quality <> 'missing'), sum(kwh), (array_agg(kwh ORDER BY start))[1], (array_agg(kwh ORDER BY start DESC))[1],
           (SELECT string_agg(quality || ' ' || n, ', ' ORDER BY first) FROM (
                SELECT quality, count(*) AS n, min(start) AS first FROM (
                    SELECT start, quality, count(*) FILTER (WHERE changed) OVER (ORDER BY start) AS part FROM (
                        SELECT start, quality, quality IS DISTINCT FROM lag(quality) OVER (ORDER BY start) AS changed
                        FROM sg_interval_series(name, tstzrange(at::timestamptz, (at + 1)::timestamptz))) AS c) AS p
                GROUP BY part, quality) AS r)
    FROM sg_interval_series(name, tstzrange(at::timestamptz, (at + 1)::timestamptz)) $$;

-- Units in any case, lengths of 5, 15 and 30 minutes, trailing empty fields, no more than value and flag.
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET,,,\r\n200,M,E1B1,1,E1,N1,S1,kwh,30,20260301,,,\r\n' || day('20260101', 48, E'A,,,20260102120000,20260102120100,,,\r') ||
                        E'200,M,E1B1,1,B1,N1,S1,Wh,30,\r\n' || day('20260101', 48, 'A') ||
                        E'200,M,,,E5,,,MWH,5\n' || day('20260101', 288, 'E52,,') ||
                        E'200,M,,,E15,,,KWH,15,\n' || day('20260101', 96, 'S14,,,') || E'500,O,S01,20260101120000,\n' || day('20260102', 96, 'F14,,,') || '900,,,', 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-01') UNION ALL SELECT * FROM loaded('M/B1', '2026-01-01') UNION ALL SELECT * FROM loaded('M/E5', '2026-01-01')
UNION ALL SELECT * FROM loaded('M/E15', '2026-01-01') UNION ALL SELECT * FROM loaded('M/E15', '2026-01-02');

-- Ranges are counted from 1, both ends are in them; in any order; they cover the day if its flag is V.
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET\n200,M,,,E1,,,kWh,30,\n' || day('20260103', 48, 'V,,,') || E'400,21,24,A,,\n400,1,20,F14,76,\n400,25,47,S14,1,\n400,48,48,E52,1\n' ||
                        day('20260104', 48, 'V') || E'400,1,48,S14\n' ||
                        day('20260105', 48, 'A') || E'400,2,3,E52,,\n900', 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-03') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-04') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-05');
-- N: there is no value, and it is 0.
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET\n200,M,,,E1,,,kWh,30,\n300,20260106' || repeat(',1', 24) || repeat(',0', 24) || E',V\n400,1,24,A\n400,25,48,N\n' ||
                        E'300,20260107' || repeat(',0', 48) || E',N\n' ||
                        E'300,20260108' || repeat(',0', 47) || E',5,N\n900', 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-06') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-07') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-08');

-- A day that is not whole is refused, with its records 400; nothing of it is loaded.
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET\n200,M,,,E1,,,kWh,30,\n' ||
                        day('20260111', 48, 'V') || E'400,1,20,A\n400,22,48,A\n' ||	-- line 3: a gap
                        day('20260111', 48, 'V') ||									-- 6: none
                        day('20260111', 48, 'V') || E'400,1,24,A\n400,24,48,A\n' ||	-- 7: twice
                        day('20260111', 48, 'V') || E'400,0,48,A\n' ||				-- 10
                        day('20260111', 48, 'V') || E'400,1,49,A\n' ||				-- 12
                        day('20260111', 48, 'V') || E'400,48,1,A\n' ||				-- 14
                        day('20260111', 48, 'V') || E'400,1,48,V\n' ||				-- 16
                        day('20260111', 48, 'V') || E'400,1,48\n' ||				-- 18
                        day('20260111', 48, 'A') || E'400,1,48,S1\n' ||				-- 20
                        day('20260111', 48, 'V') || E'400,1,48,A"\n' ||				-- 22
                        day('20260111', 48, 'V') || E'400,1,24,"A\n400,25,48,A\n' ||	-- 24
                        day('20260111', 48, '') ||									-- 27
                        day('20260111', 48, 'X') ||									-- 28
                        day('20260111', 48, 'a') ||									-- 29
                        day('20260111', 48, 'S1') ||								-- 30
                        day('20260111', 47, 'A') || E'400,1,48,A\n' ||				-- 31
                        day('20260111', 49, 'A') ||									-- 33
                        day('20260111', 96, 'V') || E'400,1,96,A\n' ||				-- 34
                        day('20260111', 48, 'A,,,,,,x') ||							-- 36
                        day('20260132', 48, 'A') ||									-- 37
                        day('2026-01-11', 48, 'A') ||								-- 38
                        E'300,20260111' || repeat(',1', 47) || E',,A\n' ||			-- 39
                        E'300,20260111' || repeat(',1', 47) || E',x,A\n' ||			-- 40
                        E'300,20260111' || repeat(',1', 47) || E',NaN,A\n' ||		-- 41
                        E'300\n400\n' || '900', 'nem12');							-- 42
SELECT * FROM loaded('M/E1', '2026-01-11');

-- Channels that are none of energy, or of other lengths: one row for each; what is of them is passed over.
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET\n200,M,,,Q1,,,kVArh,30,\n' || day('20260112', 48, 'V') || E'400,1,48,A\n' || day('20260112', 48, 'V') ||
                        E'200,M,,,V1,,,V,30,\n' || day('20260112', 48, 'A') || E'200,M,,,X1,,,,30,\n' || day('20260112', 48, 'A') ||
                        E'200,M,,,E1,,,kWh,10,\n' || day('20260112', 144, 'A') || E'200,M,,,E1,,,kWh,60,\n' || day('20260112', 24, 'A') || E'200,M,,,E1,,,kWh,,\n' ||
                        E'200,,,,E1,,,kWh,30,\n' || day('20260112', 48, 'A') || E'200,M,,,,,,kWh,30\n200,M\n200,' || repeat('M', 300) || E',,,E1,,,kWh,30\n' ||
                        E'200,M,,,E1,,,kWh,30,\n' || day('20260112', 48, 'A') || '900', 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-12');

-- No beginning, no end; records in the wrong order; several files in one.
SELECT * FROM sg_import(E'\n\n' || day('20260113', 48, 'V') || E'400,1,48,A\n200,M,,,E1,,,kWh,30,\n400,1,48,A\n' || day('20260113', 48, 'A') || E'\n900\n' || day('20260114', 48, 'A') ||
                        E'100,NEM12,1,2,3\n200,M,,,E1,,,kWh,30\n"unknown",1\n600\n' || day('20260115', 48, 'A'), 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-13') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-14') UNION ALL SELECT * FROM loaded('M/E1', '2026-01-15');
SELECT given, fresh, unchanged, kept, refused FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1;
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET\n900\n', 'nem12');
SELECT * FROM sg_import(E'100,NEM12,202601021200,MDP,RET', 'nem12');
-- Cut anywhere, it is never half a day.
SELECT cut, r.line, r.message, l.slots FROM (VALUES (60), (100), (-2), (-12), (-20)) AS c (cut),
    LATERAL sg_import(left(E'100,NEM12,202601021200,MDP,RET\n200,M,,,E1,,,kWh,30,\n' || day('20260116', 48, 'V') || E'400,1,24,A,,\n400,25,48,S14,,\n900', cut), 'nem12') AS r,
    LATERAL loaded('M/E1', '2026-01-16') AS l ORDER BY abs(cut) DESC, r.line, r.message;

-- Files of another format.
SELECT * FROM sg_import(E'100,NEM13,202601021200,MDP,RET\n900', 'nem12');
SELECT * FROM sg_import(E'100\n', 'nem12');
SELECT * FROM sg_import(E'200,M,,,E1,,,kWh,30,\n' || day('20260117', 48, 'A') || E'100,NEM13,,,\n', 'nem12');
SELECT * FROM sg_import(E'point,start,kwh\nM/E1,2026-01-01T00:00Z,1', 'nem12');
SELECT * FROM sg_import(E'1;2', 'nem12');
SELECT * FROM loaded('M/E1', '2026-01-17');

-- Times are 10 hours ahead of UTC all year, whatever the zone of the grid; another one if the option says so, and its days have 24 hours.
SET smartgrid.grid = 'sydney';
SELECT sg_create_grid('sydney', energy_scale => 3);
SELECT sg_set_time_zone('Australia/Sydney');
SELECT sg_set_point('S/E1', '2020-01-01 00:00 Australia/Sydney', 'sue', 'consumption', '30 minutes');
SELECT * FROM sg_import(E'100,NEM12,1,2,3\n200,S,,,E1,,,kWh,30,\n' || day('20260118', 48, 'A') || '900', 'nem12');
SELECT min(start) AT TIME ZONE 'UTC' AS first, max(start) AT TIME ZONE 'UTC' AS last, count(*), sum(kwh) FROM sg_interval_series('S/E1', '[2026-01-17 00:00+00, 2026-01-20 00:00+00)') WHERE quality = 'measured';
SELECT * FROM sg_import(E'100,NEM12,1,2,3\n200,S,,,E1,,,kWh,30,\n' || day('20260125', 48, 'A') || day('20251005', 48, 'A') || day('20260405', 48, 'A') || '900', 'nem12', '{"time_zone": "Australia/Sydney"}');
SELECT min(start) AT TIME ZONE 'UTC' AS first, max(start) AT TIME ZONE 'UTC' AS last, count(*), sum(kwh) FROM sg_interval_series('S/E1', '[2026-01-24 00:00+00, 2026-01-27 00:00+00)') WHERE quality = 'measured';
-- Other names, and points that are made.
SELECT * FROM sg_import(E'100,NEM12,1,2,3\n200,S,,,E1,,,kWh,30,\n' || day('20260126', 48, 'A') || E'200,T,,,E1,,,kWh,15,\n' || day('20260126', 96, 'A') || '900', 'nem12',
                        '{"points": {"S/E1": "S/E1", "T/E1": "tom"}, "create": {"owner": "tom", "kind": "consumption"}}');
-- By their direction: E is taken from the grid, B flows into it; a point that has both has signs.
SELECT * FROM sg_import(E'100,NEM12,1,2,3\n200,U,,,E1,,,kWh,30,\n' || day('20260126', 48, 'A') || E'200,U,,,B1,,,kWh,30,\n' || day('20260126', 48, 'A') || E'200,U,,,X1,,,kWh,30,\n' || day('20260126', 48, 'A') || '900', 'nem12',
                        '{"create": {"owner": "ulla"}}');
SELECT * FROM sg_import(E'100,NEM12,1,2,3\n200,V,,,E1,,,kWh,30,\n' || day('20260126', 48, 'A') || E'200,V,,,B1,,,kWh,30,\n' || day('20260126', 48, 'A') || '900', 'nem12',
                        '{"create": {"owner": "ulla", "kind": "storage"}}');
SELECT p.point, p.owner, p.kind, p.resolution, sum(s.kwh) FROM sg_points AS p, sg_interval_series(p.point, '[2026-01-25 00:00+00, 2026-01-27 00:00+00)') AS s
WHERE p.owner IN ('sue', 'tom', 'ulla') GROUP BY 1, 2, 3, 4 ORDER BY 1;

RESET smartgrid.grid;
DROP FUNCTION day(text, int, text), loaded(text, date);
DROP EXTENSION smartgrid;
