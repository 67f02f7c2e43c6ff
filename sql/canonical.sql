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
                               '{2001-01-01 00:00:00Z,2001-01-01 06:00:00.000001Z,1969-12-31 23:59:59.999999Z,2001-01-01 07:00:00+01,294276-12-31 23:59:59.999999Z}');
SELECT * FROM sg_ledger_lines ORDER BY entry_id;
COPY (SELECT * FROM sg_ledger_lines WHERE grid_id = 1 ORDER BY entry_id) TO STDOUT CSV;

-- Times, also where EXTRACT(epoch ...) rounds, and those that no entry has.
SELECT at, smartgrid.unix_microseconds(at)
FROM (VALUES ('1970-01-01 00:00:00'::timestamptz), ('1969-12-31 23:59:59.999999'), ('2000-01-01 00:00:00'), ('294276-12-31 23:59:59.999999'),
             ('4714-11-24 00:00:00 BC'), ('-infinity'), ('infinity'), (NULL)) AS t (at);

DROP EXTENSION smartgrid;
