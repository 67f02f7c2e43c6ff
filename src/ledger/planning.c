/*-------------------------------------------------------------------------
 *
 * planning.c
 *	  What the views of own rows tell the planner.
 *
 * A view reads own rows by index and, for those who may read a whole grid,
 * every row of it.  Both are in the plan of every caller, and only the run
 * tells which of them gives rows: the planner would reckon with reading
 * everything for everybody, and choose (and compile) plans for that.  So the
 * views' conditions (ledger/planning.sql) have hints among them, functions whose
 * support functions say more than the conditions do.
 *
 * No plan made with a hint is wrong, whoever runs it later: a hint says how
 * many rows to expect, and it adds conditions for an index to work with, but
 * only such as hold for every row that its part of the view gives.  They are
 * worked out when the plan is run, by whoever runs it.
 *
 *	- hint_whole_grid(key), in the part that reads whole grids: true.  The key
 *	  lies at or above first_readable_key(), which is the smallest number for
 *	  somebody who reads a grid, and else the largest.
 *	- hint_any_party(participant_id), in the same part: true.  If the query asks
 *	  for the name of a participant, it is one of readable_parties(name).
 *	- hint_other_grid(grid_id, grids), in the parts that read own rows: whether
 *	  the grid is none of these, which are those read as a whole.  Statistics of
 *	  the column know nothing of the caller: in a database of one grid they would
 *	  have it that nobody has rows of its own.
 *	- further_entries(skip) and further_trades(skip): how many rows they give.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "grid/viewer.h"
#include "ledger/planning.h"

PG_FUNCTION_INFO_V1(sg_always);
PG_FUNCTION_INFO_V1(sg_other_grid);
PG_FUNCTION_INFO_V1(sg_first_readable_key);
PG_FUNCTION_INFO_V1(sg_whole_grid_support);
PG_FUNCTION_INFO_V1(sg_other_grid_support);
PG_FUNCTION_INFO_V1(sg_further_rows_support);

#define FUNCTIONS_SCHEMA	"smartgrid"

/* How many rows a participant is taken to have beyond those that scans of their own read. */
#define FURTHER_ROWS		1000.0

/*
 * The share of own rows that the planner is told to expect of grids that are not
 * read as a whole.  For nearly everybody these are all; but nearly everybody has
 * no second participant either, whose scan is taken to find as many rows.
 */
#define OTHER_GRID_SHARE	0.5

/* hint_whole_grid(key), hint_any_party(participant_id) -> boolean: true. */
Datum
sg_always(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}

/* hint_other_grid(grid_id, grids) -> boolean: whether the grid is none of these; an error if one of them is NULL. */
Datum
sg_other_grid(PG_FUNCTION_ARGS)
{
	int32		grid_id = PG_GETARG_INT32(0);
	Datum	   *grids;
	int			n;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), INT4OID, sizeof(int32), true, TYPALIGN_INT, &grids, NULL, &n);
	for (int i = 0; i < n; i++)
		if (DatumGetInt32(grids[i]) == grid_id)
			PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(true);
}

/* first_readable_key() -> bigint: the smallest number if the caller may read all of a grid, else the largest. */
Datum
sg_first_readable_key(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(viewer_reads_a_grid() ? PG_INT64_MIN : PG_INT64_MAX);
}

/* Does whoever plans this query read all of a grid?  The one who runs it may differ. */
static bool
planner_reads_a_grid(void)
{
	return !ActiveSnapshotSet() || viewer_reads_a_grid();
}

/* The extension's function with these arguments; an error if there is none. */
Oid
planning_function(const char *name, int n, const Oid *types)
{
	return LookupFuncName(list_make2(makeString(FUNCTIONS_SCHEMA), makeString(pstrdup(name))), n, types, false);
}

/* A call of a function of the extension with these arguments, one at most. */
Expr *
planning_call(const char *name, Oid result, List *arguments)
{
	Oid			types[1];

	Assert(list_length(arguments) <= (int) lengthof(types));
	if (arguments != NIL)
		types[0] = exprType(linitial(arguments));
	return (Expr *) makeFuncExpr(planning_function(name, list_length(arguments), types),
								 result, arguments, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The operator of a B-tree index on a bigint column; InvalidOid for any other index. */
Oid
planning_index_operator(IndexOptInfo *index, int column, int strategy)
{
	if (index->relam != BTREE_AM_OID)
		return InvalidOid;
	return get_opfamily_member(index->opfamily[column], INT8OID, INT8OID, strategy);
}

/* The range of keys for an index on them, as a list of conditions; NIL if the index has none. */
static List *
key_conditions(SupportRequestIndexCondition *request)
{
	Oid			above = planning_index_operator(request->index, request->indexcol, BTGreaterEqualStrategyNumber);
	Oid			below = planning_index_operator(request->index, request->indexcol, BTLessEqualStrategyNumber);
	Expr	   *key = linitial(((FuncExpr *) request->node)->args);

	if (!OidIsValid(above) || !OidIsValid(below))
		return NIL;

	/*
	 * The upper end makes it a range, which even without statistics is taken
	 * for a small part of the table.
	 */
	return list_make2(make_opclause(above, BOOLOID, false, key, planning_call("first_readable_key", INT8OID, NIL),
									InvalidOid, InvalidOid),
					  make_opclause(below, BOOLOID, false, copyObject(key),
									(Expr *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(PG_INT64_MAX),
													   false, FLOAT8PASSBYVAL),
									InvalidOid, InvalidOid));
}

/* hint_whole_grid_support(internal) -> internal: see the head of this file. */
Datum
sg_whole_grid_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	/* Whoever reads a grid needs no index for that. */
	if (IsA(request, SupportRequestSimplify))
	{
		if (planner_reads_a_grid())
			PG_RETURN_POINTER(makeBoolConst(true, false));
	}
	else if (IsA(request, SupportRequestSelectivity))
	{
		((SupportRequestSelectivity *) request)->selectivity = planner_reads_a_grid() ? 1.0 : 0.0;
		PG_RETURN_POINTER(request);
	}
	else if (IsA(request, SupportRequestIndexCondition))
	{
		SupportRequestIndexCondition *index_request = (SupportRequestIndexCondition *) request;

		if (IsA(index_request->node, FuncExpr) && index_request->indexarg == 0)
		{
			index_request->lossy = true;
			PG_RETURN_POINTER(key_conditions(index_request));
		}
	}
	PG_RETURN_POINTER(NULL);
}

/* hint_other_grid_support(internal) -> internal: see the head of this file. */
Datum
sg_other_grid_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSelectivity))
	{
		((SupportRequestSelectivity *) request)->selectivity = OTHER_GRID_SHARE;
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}

/*
 * hint_further_rows_support(internal) -> internal: how many rows
 * further_entries() and further_trades() give.  None if the caller has no
 * further participant, as nearly everybody.
 */
Datum
sg_further_rows_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestRows))
	{
		SupportRequestRows *rows = (SupportRequestRows *) request;
		Const	   *skip = IsA(rows->node, FuncExpr) ? linitial(((FuncExpr *) rows->node)->args) : NULL;

		if (skip != NULL && IsA(skip, Const) && !skip->constisnull && ActiveSnapshotSet())
		{
			int64	   *own;
			int			further = viewer_own_participants(&own, PG_INT32_MAX) - Max(DatumGetInt32(skip->constvalue), 0);

			rows->rows = Max(further, 0) * FURTHER_ROWS;
			PG_RETURN_POINTER(request);
		}
	}
	PG_RETURN_POINTER(NULL);
}
