-- For batches of each of :sizes (a list): readings of random participants, half
-- of them production, half consumption; as many rows in a file of :directory,
-- and a table like the ledger, with its rows, to copy these into.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA bench;
CREATE TABLE bench.readings AS
SELECT n, array_agg('c' || 1 + floor(random() * :participants)::bigint) AS principals,
       array_agg(CASE i % 2 WHEN 0 THEN 'production' ELSE 'consumption' END) AS kinds, array_agg(1::bigint) AS amounts
FROM unnest(string_to_array(:'sizes', ' ')::integer[]) AS n, generate_series(1, n) AS i
GROUP BY n;
SELECT format('COPY (SELECT 1 + floor(random() * %s)::bigint, 0, 1, i %% 2 * 100, i %% 2 * 100, 0, clock_timestamp(), clock_timestamp(), 2, i %% 2
                     FROM generate_series(1, %s) AS i) TO %L', :participants, n, :'directory' || '/rows.' || n)
FROM bench.readings \gexec
CREATE TABLE bench.ledger (LIKE smartgrid.ledger INCLUDING ALL);
INSERT INTO bench.ledger TABLE smartgrid.ledger ORDER BY entry_id;
ANALYZE bench.ledger;
GRANT USAGE ON SCHEMA bench TO bench_gateway;
GRANT SELECT ON bench.readings TO bench_gateway;
