-- Once only: calls under a reference.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;
SELECT sg_alter_grid('default', base_price => 1), sg_register_producer(1000, 'solar'), sg_report_production(1000),
       sg_register_consumer(1000), sg_add_consumer_balance(current_user::text, 1000);

SET smartgrid.reference = 'invoice-1';
SELECT sg_consume_energy(10);
SELECT entry_id, kind, energy FROM sg_last_entry();
SELECT sg_consume_energy(10);
\set VERBOSITY terse
SELECT sg_consume_energy(11);
SELECT sg_report_production(10);
\set VERBOSITY default
SELECT total_consumed FROM sg_consumers;
-- The entry of the call that is remembered is the last one again.
SET smartgrid.reference = '';
SELECT sg_consume_energy(1);
SELECT entry_id, kind, energy FROM sg_last_entry();
SET smartgrid.reference = 'invoice-1';
SELECT sg_consume_energy(10);
SELECT entry_id, kind, energy FROM sg_last_entry();

-- One statement makes one call under a reference, whatever it goes through.
SET smartgrid.reference = 'twice';
SELECT sg_consume_energy(10), sg_consume_energy(10);
\set VERBOSITY terse
SELECT sg_consume_energy(n) FROM generate_series(10, 12) AS n;
\set VERBOSITY default
DO $$ BEGIN FOR i IN 1 .. 2 LOOP PERFORM sg_consume_energy(10); END LOOP; END $$;
CREATE PROCEDURE public.twice() LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_consume_energy(10);
    COMMIT;
    PERFORM sg_consume_energy(10);
END $$;
CALL public.twice();
SELECT reference, function FROM sg_requests ORDER BY made_at;
-- Statements that come in one message are several; so are those of a transaction, rolled back in part or not.
SELECT sg_consume_energy(10)\; SELECT sg_consume_energy(10);
BEGIN;
SELECT sg_consume_energy(10);
SET LOCAL smartgrid.reference = 'saved';
SAVEPOINT s;
SELECT sg_consume_energy(20);
SELECT sg_consume_energy(20);
ROLLBACK TO s;
SELECT sg_consume_energy(21);
SELECT sg_consume_energy(21);
COMMIT;
-- A cursor that is fetched from row by row is one statement.
BEGIN;
SET LOCAL smartgrid.reference = 'cursor';
DECLARE c CURSOR FOR SELECT sg_consume_energy(30) FROM generate_series(1, 2);
FETCH 1 FROM c;
FETCH 1 FROM c;
ROLLBACK;
SELECT total_consumed FROM sg_consumers;

-- Sets are the same again, whoever reads them.
CREATE TABLE public.readings (principal text, kind text, amount text, ord integer);
INSERT INTO public.readings VALUES ('nobody', 'production', '1', 1), (current_user, 'production', '5', 2), (current_user, 'consumption', '1.5', 3);
SET smartgrid.reference = 'batch';
SELECT * FROM sg_post_readings('public.readings');
SELECT sg_post_readings('public.readings');
SELECT count(*), min(ord) FROM sg_post_readings('public.readings');
ALTER TABLE public.readings RENAME TO moved;
SELECT * FROM sg_post_readings('public.moved');
UPDATE public.moved SET amount = '2.5' WHERE ord = 3;
\set VERBOSITY terse
SELECT * FROM sg_post_readings('public.moved');
\set VERBOSITY default
-- A view whose own calls are under the same reference.
CREATE VIEW public.busy AS SELECT current_user AS principal, 'production' AS kind, 1 + (NOT sg_report_production(5))::integer AS amount, 1 AS ord;
SET smartgrid.reference = 'nested';
SELECT * FROM sg_post_readings('public.busy');
RESET smartgrid.reference;
SELECT total_produced FROM sg_producers;
SELECT reference, function FROM sg_requests ORDER BY made_at;
-- What is remembered of small arguments is what they are, of others a digest.
SELECT reference, encode(arguments, 'escape') AS arguments, result FROM smartgrid.request WHERE octet_length(arguments) < 32 ORDER BY made_at;
SELECT sg_forget_requests('infinity');
SELECT count(*) FROM sg_requests;
SELECT count(*) FROM sg_check() WHERE NOT ok;

DROP VIEW public.busy;
DROP EXTENSION smartgrid;
DROP PROCEDURE public.twice();
DROP TABLE public.moved;
