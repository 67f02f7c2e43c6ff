-- The lines that are hashed.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';

-- A ledger whose times are given, so that its lines are always the same.
SET smartgrid.principal = 'sun';
SELECT sg_register_producer(1000, 'solar'), sg_register_storage(100, 50, 50);
SET smartgrid.principal = 'hut';
SELECT sg_register_consumer(1000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{hut,sun,sun,hut,sun}', '{topup,production,charge,consumption,discharge}', '{100000,500,50,30,20}',
                               '{2001-01-01 00:00:00Z,2001-01-01 06:00:00.000001Z,2000-01-01 00:00:00.000001Z,2001-01-01 07:00:00+01,2001-12-31 23:59:59.999999Z}');
SELECT entry_id, at, grid_id, kind, participant_id, counterparty_id, energy, price, money, trade_id,
       booked_at = smartgrid.unix_microseconds(l.booked) AS booked_at
FROM sg_ledger_lines JOIN (SELECT o.entry_id, o.booked_at AS booked FROM smartgrid.ledger AS o) AS l USING (entry_id) ORDER BY entry_id;
-- A line is its fields; when it was booked comes last, and only where that is not when it happened.
SELECT regexp_replace(line, '(?<=booked_at=)[0-9]+', '(now)') AS line,
       line = concat_ws(',', entry_id, at, grid_id, kind, participant_id, counterparty_id, energy, price, money, trade_id, 'booked_at=' || booked_at) AS is_fields
FROM sg_ledger_lines ORDER BY entry_id;
SET smartgrid.principal = 'sun';
SELECT sg_report_production(7);
RESET smartgrid.principal;
SELECT booked_at, regexp_replace(line, '^6,[0-9]+,', '6,(now),') AS line FROM sg_ledger_lines WHERE entry_id = 6;

-- Times, also where EXTRACT(epoch ...) rounds, and those that no entry has.
SELECT at, smartgrid.unix_microseconds(at)
FROM (VALUES ('1970-01-01 00:00:00'::timestamptz), ('1969-12-31 23:59:59.999999'), ('2000-01-01 00:00:00'), ('294276-12-31 23:59:59.999999'),
             ('4714-11-24 00:00:00 BC'), ('-infinity'), ('infinity'), (NULL)) AS t (at);

DROP EXTENSION smartgrid;
