-- How the views of own rows read, and what tells the planner so (src/ledger/planning.c).

/*
 * How the views read: one UNION ALL of plain table scans, each with its own
 * conditions once the planner has put the constants in, so that a page in the
 * order of the key comes from all of them by index (Merge Append).
 *
 * Own rows: an index on (party, key) is in the order of the key where the
 * party is known to be one value, so the caller's first two participants have
 * scans of their own; who takes part in more grids has the rows of those by a
 * function, to be sorted.  The calls are not sub-selects, so that the planner
 * reckons with the caller's own rows rather than with anybody's.
 *
 * Own rows leave out the grids that are read as a whole.  That is written with
 * coalesce(), whose share the planner takes for a half: from the statistics of
 * a database of one grid it would follow that there are no own rows at all.
 * And the grid, which every row has, comes by a LEFT JOIN, for the planner has
 * no statistics of a UNION ALL and would expect an inner join to lose rows.
 */

CREATE FUNCTION smartgrid.further_rows_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_further_rows_support';
COMMENT ON FUNCTION smartgrid.further_rows_support(internal) IS 'planner support of further_entries() and further_trades()';

-- Conditions that are always true, for what they tell the planner (src/ledger/planning.c).
CREATE FUNCTION smartgrid.first_readable_key() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_first_readable_key';
COMMENT ON FUNCTION smartgrid.first_readable_key() IS 'the smallest bigint where the caller may see all of some grid, else the largest';

CREATE FUNCTION smartgrid.whole_grid_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_whole_grid_support';
COMMENT ON FUNCTION smartgrid.whole_grid_support(internal) IS 'planner support of whole_grid()';

CREATE FUNCTION smartgrid.whole_grid(key bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.whole_grid_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.whole_grid(bigint) IS 'true; tells the planner that only readers of a whole grid find rows by this key';

CREATE FUNCTION smartgrid.any_party_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_any_party_support';
COMMENT ON FUNCTION smartgrid.any_party_support(internal) IS 'planner support of any_party()';

CREATE FUNCTION smartgrid.any_party(participant_id bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.any_party_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.any_party(bigint) IS 'true; tells the planner the participants of the names that a query asks for';
