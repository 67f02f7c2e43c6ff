-- How the views of own rows read, and what tells the planner so (src/ledger/planning.c).

/*
 * How the views read: one UNION ALL of plain table scans, each with its own
 * conditions once the planner has put the constants in, so that a page in the
 * order of the key comes from all of them by index (Merge Append).  For that
 * the parts have the same columns of the same types and no WHERE: what tells
 * them apart are columns that the view compares, and where a part is not meant
 * by a comparison, it has there what makes it true.
 *
 * Own rows: an index on (party, key) is in the order of the key if the party is
 * known to be one value, so the caller's first two participants have scans of
 * their own; who takes part in more grids has the rows of those by a function,
 * to be sorted: 20 times as long for a page if they are 20,000.  The calls are
 * not sub-selects, so that the planner reckons with the caller's own rows rather
 * than with anybody's.
 *
 * Own rows leave out the grids that are read as a whole.  The grid, which every
 * row has, comes by a LEFT JOIN, for the planner has no statistics of a UNION
 * ALL and would expect an inner join to lose rows.  So do the names, which only
 * those who read a whole grid have by a join: others may not know them all.
 *
 * Functions whose names begin with hint_ are conditions that tell the planner
 * what to expect.
 */

CREATE FUNCTION smartgrid.hint_further_rows_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_further_rows_support';
COMMENT ON FUNCTION smartgrid.hint_further_rows_support(internal) IS 'planner support of further_entries() and further_trades()';

CREATE FUNCTION smartgrid.first_readable_key() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_first_readable_key';
COMMENT ON FUNCTION smartgrid.first_readable_key() IS 'the smallest bigint if the caller may see all of some grid, else the largest';

CREATE FUNCTION smartgrid.hint_whole_grid_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_whole_grid_support';
COMMENT ON FUNCTION smartgrid.hint_whole_grid_support(internal) IS 'planner support of hint_whole_grid()';

CREATE FUNCTION smartgrid.hint_whole_grid(key bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.hint_whole_grid_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.hint_whole_grid(bigint) IS 'true; tells the planner that only readers of a whole grid find rows by this key';

CREATE FUNCTION smartgrid.hint_any_party_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_any_party_support';
COMMENT ON FUNCTION smartgrid.hint_any_party_support(internal) IS 'planner support of hint_any_party()';

CREATE FUNCTION smartgrid.hint_any_party(participant_id bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.hint_any_party_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.hint_any_party(bigint) IS 'true; tells the planner the participants of the names that a query asks for';

CREATE FUNCTION smartgrid.hint_other_grid_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_other_grid_support';
COMMENT ON FUNCTION smartgrid.hint_other_grid_support(internal) IS 'planner support of hint_other_grid()';

CREATE FUNCTION smartgrid.hint_other_grid(grid_id integer, grids integer[]) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1 SUPPORT smartgrid.hint_other_grid_support AS 'MODULE_PATHNAME', 'sg_other_grid';
COMMENT ON FUNCTION smartgrid.hint_other_grid(integer, integer[])
    IS 'whether the grid is none of these, which are read as a whole; tells the planner how many own rows are left';
