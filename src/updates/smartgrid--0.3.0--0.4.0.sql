\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.4.0 changes. It grows until 0.4.0 is released, and never afterwards.
--
-- Text that a part has is not repeated here: make puts it in place of the lines
-- that begin with "-- take" (src/install/parts.awk says what they can be, and
-- doc/development.md, "SQL and updates", when to use which).

-- take: install/guard.sql

-- What cannot be replaced is dropped, moved or altered here, before the parts
-- that are written for it are taken.


-- take: install/rights.sql
