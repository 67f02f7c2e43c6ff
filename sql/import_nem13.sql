-- Format nem13: register readings of the Australian market.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT sg_alter_grid('default', energy_scale => 6), sg_set_time_zone('Australia/Brisbane');
SET timezone = 'Australia/Brisbane';
SET datestyle = 'ISO';
SELECT sg_set_point(p, '2020-01-01', 'anna', 'consumption', '30 minutes') FROM unnest('{A/11,B/11,C/11,C/41}'::text[]) AS p;
SELECT sg_set_point('C/12', '2020-01-01', 'anna', 'production', '30 minutes');
-- A record 250: point, direction, what the register showed, when and how; quantity and unit.
CREATE FUNCTION record(point text, direction text, before text, at1 text, flag1 text, after text, at2 text, flag2 text, quantity text, unit text DEFAULT 'kWh') RETURNS text LANGUAGE sql
RETURN concat_ws(',', '250', split_part(point, '/', 1), '1141', '01', split_part(point, '/', 2), '11', 'METER', direction, before, at1, flag1, '', '', after, at2, flag2, '', '', quantity, unit, '', '20260401', '') || E'\n';
CREATE FUNCTION loaded(name text) RETURNS TABLE (point text, first timestamptz, last timestamptz, slots bigint, kwh numeric, lowest numeric, highest numeric, qualities text) LANGUAGE sql AS $$
    SELECT name, min(start), max(start), count(*), sum(kwh), min(kwh), max(kwh), string_agg(DISTINCT quality, ' ')
    FROM sg_interval_series(name, '[2026-01-01, 2026-04-01)') WHERE quality <> 'missing' $$;

SELECT sg_import('', 'nem13');
SELECT sg_import('100,NEM13', 'nem13', '{"spread": "nothing"}');
SELECT sg_import('100,NEM12', 'nem13', '{"spread": "even"}');
SELECT sg_import('point,start,kwh', 'nem13', '{"spread": "even"}');

-- The slots between get their parts, estimated; at the bounds of one slot it is that slot. Times are market time.
SELECT * FROM sg_import(E'100,NEM13,202604011200,MDP,RET\n' || record('A/11', 'E', '000021.2', '20260101000000', 'A', '000034.5', '20260102000000', 'E64', '13.3') ||
                        record('A/11', 'E', '000034.5', '20260102000000', 'E64', '000035.0', '20260102003000', 'A', '0.5', 'KWH') ||
                        E'550,N,,E,\n' || record('B/11', 'E', '1000', '20260110000000', 'A', '2000', '20260110003000', 'F14', '1000', 'Wh') || '900', 'nem13', '{"spread": "even"}');
SELECT * FROM loaded('A/11') UNION ALL SELECT * FROM loaded('B/11');
SELECT start, kwh, quality FROM sg_interval_series('A/11', '[2026-01-01 23:30, 2026-01-02 00:30]') WHERE quality <> 'missing';
-- Again: nothing is new.
SELECT * FROM sg_import(E'100,NEM13,202604011200,MDP,RET\n' || record('A/11', 'E', '000021.2', '20260101000000', 'A', '000034.5', '20260102000000', 'E64', '13.3') || '900', 'nem13', '{"spread": "even"}');
SELECT given, fresh, unchanged, refused, source FROM smartgrid.batch ORDER BY batch_id DESC LIMIT 1;

-- register: the readings go on by the quantity. Digits that are shown, the beginning anew, the sign of what flows into the grid.
SELECT * FROM sg_import(E'100,NEM13,202604011200,MDP,RET\n' ||
    record('C/11', 'E', '000021.2', '20260201000000', 'A', '000534.5', '20260202000000', 'A', '343.5') ||		-- line 2
    record('C/11', 'E', '0000950', '20260201000000', 'A', '0010015', '20260202000000', 'A', '65') ||
    record('C/11', 'E', '100', '20260201000000', 'A', '200', '20260202000000', 'A', '-100') ||
    record('C/11', 'E', '-100', '20260201000000', 'A', '0', '20260202000000', 'A', '100') ||
    record('C/11', 'E', '200', '20260201000000', 'A', '100', '20260202000000', 'A', '-100') ||
    record('C/11', 'E', '100', '20260201000000', 'A', '200', '20260202000000', 'A', '101') ||
    record('C/11', 'E', '100.5', '20260201000000', 'A', '200', '20260202000000', 'A', '100.49') ||	-- the coarsest has no decimals
    record('C/12', 'I', '100', '20260201000000', 'A', '200', '20260202000000', 'A', '-100') ||
    record('C/41', 'E', '99951.0', '20260201000000', 'A', '06955.0', '20260202000000', 'A', '7004') || '900', 'nem13', '{"spread": "even"}');
SELECT * FROM loaded('C/11');

-- What is incomplete, or no energy.
SELECT * FROM sg_import(E'100,NEM13,202604011200,MDP,RET\n' ||
    record('C/11', 'E', '1', '20260301000000', 'A', '2', '20260302000000', 'A', '1', 'kVArh') ||
    record('C/11', 'E', '1', '20260301000000', 'A', '2', '20260302000000', 'A', '') ||
    record('C/11', 'E', '', '20260301000000', 'A', '2', '20260302000000', 'A', '1') ||
    record('C/11', 'E', '1', '2026030100000', 'A', '2', '20260302000000', 'A', '1') ||
    record('C/11', 'E', '1', '20260301000000', 'A', '2', '20260302250000', 'A', '1') ||
    record('C/11', 'E', '1', '20260301000000', 'N', '2', '20260302000000', 'A', '1') ||
    record('C/11', 'E', '1', '20260301000000', 'A', '2', '20260302000000', '', '1') ||
    record('C/11', 'E', '1', '20260302000000', 'A', '2', '20260302000000', 'A', '1') ||
    record('/11', 'E', '1', '20260301000000', 'A', '2', '20260302000000', 'A', '1') ||
    E'250,C\n200,C,,,E1,,,kWh,30\n', 'nem13', '{"spread": "even"}');
SELECT * FROM loaded('C/11') WHERE first >= '2026-03-01';

-- Points that are made, by the direction.
SELECT * FROM sg_import(E'100,NEM13,202604011200,MDP,RET\n' || record('D/11', 'E', '1', '20260301000000', 'A', '2', '20260302000000', 'A', '1') || record('D/12', 'I', '1', '20260301000000', 'A', '2', '20260302000000', 'A', '-1') || '900',
                        'nem13', '{"spread": "even", "create": {"owner": "dora"}}');
SELECT point, kind FROM sg_points WHERE owner = 'dora' ORDER BY point;
SELECT * FROM loaded('D/11') UNION ALL SELECT * FROM loaded('D/12');
SELECT DISTINCT invariant FROM sg_check() WHERE NOT ok;

DROP FUNCTION record(text, text, text, text, text, text, text, text, text, text), loaded(text);
DROP EXTENSION smartgrid;
