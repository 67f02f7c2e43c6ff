-- A database with :participants principals c1, c2 ... in :grids grids g1, g2 ...;
-- each is producer and consumer, has fed in energy and has money to spend.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;

CREATE EXTENSION smartgrid;
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench_gateway') AS first \gset
\if :first
CREATE ROLE bench_gateway LOGIN IN ROLE smartgrid_gateway;  -- the application, which acts for everybody
CREATE ROLE c1 LOGIN;                                       -- a participant with a role of its own
\endif
SELECT set_config('bench.participants', :'participants', false), set_config('bench.grids', :'grids', false) \g /dev/null

DO $$
DECLARE
    grids CONSTANT integer := current_setting('bench.grids');
    participants CONSTANT integer := current_setting('bench.participants');
BEGIN
    EXECUTE format('ALTER DATABASE %I SET smartgrid.grid = ''g1''', current_database());
    FOR g IN 1 .. grids LOOP
        PERFORM sg_create_grid('g' || g, max_topup => 1000000000000);
    END LOOP;
    FOR i IN 1 .. participants LOOP
        PERFORM set_config('smartgrid.grid', 'g' || 1 + i % grids, false),
                set_config('smartgrid.principal', 'c' || i, false);
        PERFORM sg_register_producer(1000000000, 'solar');
        PERFORM sg_register_consumer(1000000);
        IF i % 1000 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
    COMMIT;
    FOR g IN 1 .. grids LOOP
        PERFORM set_config('smartgrid.grid', 'g' || g, false);
        PERFORM sg_post_readings(array_agg('c' || i), array_agg('production'::text), array_agg(1000000::bigint)),
                sg_post_readings(array_agg('c' || i), array_agg('topup'::text), array_agg(1000000000000))
        FROM generate_series(1, participants) AS i
        WHERE 1 + i % grids = g;
        COMMIT;
    END LOOP;
END
$$;
VACUUM ANALYZE;
