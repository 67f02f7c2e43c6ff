\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.4.0 changes. It grows until 0.4.0 is released, and never afterwards.
--
-- Text that a part of the installation has is not said again here: make puts it
-- in place of lines like these, in the first column (src/install/parts.awk).
--
--     -- take: report/text.sql                            its functions and views, replaced, and all its comments
--     -- take: series/rollup.sql smartgrid.rollup_end     what makes this new table: its indexes, policies ..., too
--     -- take whole: market/order.sql                     all of a part that is new
--
-- doc/development.md, "SQL and updates", says which changes need what.

-- take: install/guard.sql

-- Between the two: what goes or is altered, then the parts that are written for
-- it, in an order in which each finds what it uses.

-- take: api/help.sql

-- take: install/rights.sql
