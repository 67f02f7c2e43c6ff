\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.4.0 changes. It grows until 0.4.0 is released, and never afterwards.

SET LOCAL search_path TO pg_catalog, pg_temp;
