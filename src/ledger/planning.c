/*-------------------------------------------------------------------------
 *
 * planning.c
 *	  What the views tell the planner.
 *
 * A view reads own rows by index and, for those who may read a whole grid,
 * every row of it.  Both are in the plan of every caller, and only the run
 * tells which of them gives rows: the planner would reckon with reading
 * everything for everybody, and choose (and compile) plans for that.
 *
 * whole_grid(key) and any_party(participant_id) stand in the part that reads
 * everything.  They are true for every row, so that no plan made with them can
 * give a wrong result, whoever runs it; what counts is what they have the
 * planner add: conditions that hold for every row of this part, too, and that
 * an index can work with.
 *
 *	- whole_grid: the key lies at or above first_readable_key(), which is the
 *	  smallest number for somebody who reads a grid, and else the largest.
 *	- any_party: where the query asks for the name of a participant, the
 *	  participant is one of readable_parties(name).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "base/compat.h"
#include "grid/viewer.h"

PG_FUNCTION_INFO_V1(sg_always);
PG_FUNCTION_INFO_V1(sg_first_readable_key);
PG_FUNCTION_INFO_V1(sg_whole_grid_support);
PG_FUNCTION_INFO_V1(sg_any_party_support);
PG_FUNCTION_INFO_V1(sg_further_rows_support);

#define FUNCTIONS_SCHEMA	"smartgrid"

/* How many rows a participant is taken to have beyond those that scans of their own read. */
#define FURTHER_ROWS		1000.0

/* whole_grid(key), any_party(participant_id) -> boolean: true. */
Datum
sg_always(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}

/* first_readable_key() -> bigint: the smallest number where the caller may read all of a grid, else the largest. */
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

/* Is this the Var that the index column holds? */
static bool
is_index_column(Node *node, IndexOptInfo *index, int column)
{
	return node != NULL && IsA(node, Var) &&
		((Var *) node)->varno == (int) index->rel->relid &&
		((Var *) node)->varattno == index->indexkeys[column];
}

/* A call of one of our functions; InvalidOid's place is taken by an error, for it is part of the extension. */
static Expr *
call_of(const char *name, Oid result, List *arguments)
{
	Oid			types[1];

	if (arguments != NIL)
		types[0] = exprType(linitial(arguments));
	return (Expr *) makeFuncExpr(LookupFuncName(list_make2(makeString(FUNCTIONS_SCHEMA), makeString(pstrdup(name))),
												list_length(arguments), types, false),
								 result, arguments, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The operator of a B-tree index on a bigint column; InvalidOid for any other index. */
static Oid
index_operator(IndexOptInfo *index, int column, int strategy)
{
	if (index->relam != BTREE_AM_OID)
		return InvalidOid;
	return get_opfamily_member(index->opfamily[column], INT8OID, INT8OID, strategy);
}

static List *
key_conditions(SupportRequestIndexCondition *request)
{
	Oid			above = index_operator(request->index, request->indexcol, BTGreaterEqualStrategyNumber);
	Oid			below = index_operator(request->index, request->indexcol, BTLessEqualStrategyNumber);
	Expr	   *key = linitial(((FuncExpr *) request->node)->args);

	if (!OidIsValid(above) || !OidIsValid(below))
		return NIL;

	/*
	 * The upper end makes it a range, which even without statistics is taken
	 * for a small part of the table.
	 */
	return list_make2(make_opclause(above, BOOLOID, false, key, call_of("first_readable_key", INT8OID, NIL),
									InvalidOid, InvalidOid),
					  make_opclause(below, BOOLOID, false, copyObject(key),
									(Expr *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(PG_INT64_MAX),
													   false, FLOAT8PASSBYVAL),
									InvalidOid, InvalidOid));
}

/* whole_grid_support(internal) -> internal: see the head of this file. */
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

/* Takes off what the planner may have put around an expression that changes nothing of its value. */
static Node *
bare(Node *node)
{
	for (;;)
	{
		if (IsA(node, PlaceHolderVar))
			node = (Node *) ((PlaceHolderVar *) node)->phexpr;
		else if (IsA(node, RelabelType))
			node = (Node *) ((RelabelType *) node)->arg;
		else
			return node;
	}
}

/* Is this shown_name(own, participant_id, principal) of the participant in this column? */
static bool
is_shown_name(Node *node, Oid shown_name, RelOptInfo *rel, const Var *participant_id)
{
	FuncExpr   *call = (FuncExpr *) bare(node);
	Var		   *argument;

	if (!IsA(call, FuncExpr) || call->funcid != shown_name)
		return false;
	argument = (Var *) bare(lsecond(call->args));
	return IsA(argument, Var) && argument->varno == (int) rel->relid && argument->varattno == participant_id->varattno;
}

/* A value that is known before the scan starts. */
static bool
is_known(Node *node)
{
	return !contain_var_clause(node) && !contain_volatile_functions(node);
}

/*
 * The names that the clause asks for, as an expression of type text[], or NULL
 * where it is not of the form shown_name(...) = name or shown_name(...) = ANY (names).
 */
static Node *
names_asked_for(Node *clause, Oid shown_name, RelOptInfo *rel, const Var *participant_id)
{
	if (IsA(clause, OpExpr) && list_length(((OpExpr *) clause)->args) == 2 &&
		get_opcode(((OpExpr *) clause)->opno) == F_TEXTEQ)
	{
		Node	   *left = linitial(((OpExpr *) clause)->args);
		Node	   *right = lsecond(((OpExpr *) clause)->args);
		ArrayExpr  *names;

		if (!is_shown_name(left, shown_name, rel, participant_id))
		{
			Node	   *other = left;

			left = right;
			right = other;
		}
		if (!is_shown_name(left, shown_name, rel, participant_id) || !is_known(right))
			return NULL;
		names = makeNode(ArrayExpr);
		names->array_typeid = TEXTARRAYOID;
		names->element_typeid = TEXTOID;
		names->elements = list_make1(copyObject(right));
		names->location = -1;
		return (Node *) names;
	}
	if (IsA(clause, ScalarArrayOpExpr) && ((ScalarArrayOpExpr *) clause)->useOr &&
		get_opcode(((ScalarArrayOpExpr *) clause)->opno) == F_TEXTEQ)
	{
		Node	   *names = lsecond(((ScalarArrayOpExpr *) clause)->args);

		if (is_shown_name(linitial(((ScalarArrayOpExpr *) clause)->args), shown_name, rel, participant_id) &&
			exprType(names) == TEXTARRAYOID && is_known(names))
			return copyObject(names);
	}
	return NULL;
}

/* participant_id = ANY (readable_parties(names)) for the first clause that asks for names, or NULL. */
static Expr *
party_condition(RelOptInfo *rel, Var *participant_id, Oid operator)
{
	Oid			types[] = {BOOLOID, INT8OID, TEXTOID};
	Oid			shown_name = LookupFuncName(list_make2(makeString(FUNCTIONS_SCHEMA), makeString("shown_name")), 3, types, false);
	List	   *clauses = list_concat_copy(rel->baserestrictinfo, rel->joininfo);
	ListCell   *cell;

	foreach(cell, clauses)
	{
		Node	   *names = names_asked_for((Node *) lfirst_node(RestrictInfo, cell)->clause, shown_name, rel, participant_id);
		ScalarArrayOpExpr *condition;

		if (names == NULL)
			continue;
		condition = makeNode(ScalarArrayOpExpr);
		condition->opno = operator;
		condition->opfuncid = get_opcode(operator);
		condition->useOr = true;
		condition->args = list_make2(copyObject(participant_id), call_of("readable_parties", INT8ARRAYOID, list_make1(names)));
		condition->location = -1;
		return (Expr *) condition;
	}
	return NULL;
}

/* any_party_support(internal) -> internal: see the head of this file. */
Datum
sg_any_party_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *estimate = (SupportRequestSelectivity *) request;
		Var		   *participant_id = (Var *) linitial(estimate->args);
		Expr	   *condition = NULL;

		if (IsA(participant_id, Var) && participant_id->varlevelsup == 0)
			condition = party_condition(find_base_rel(estimate->root, participant_id->varno), participant_id,
										lookup_type_cache(INT8OID, TYPECACHE_EQ_OPR)->eq_opr);
		estimate->selectivity = condition == NULL ? 1.0 :
			clause_selectivity(estimate->root, (Node *) condition, 0, JOIN_INNER, NULL);
		PG_RETURN_POINTER(request);
	}
	if (IsA(request, SupportRequestIndexCondition))
	{
		SupportRequestIndexCondition *index_request = (SupportRequestIndexCondition *) request;
		IndexOptInfo *index = index_request->index;
		Node	   *argument;
		Expr	   *condition;
		Oid			equal = index_operator(index, index_request->indexcol, BTEqualStrategyNumber);

		if (!IsA(index_request->node, FuncExpr) || !OidIsValid(equal))
			PG_RETURN_POINTER(NULL);
		argument = linitial(((FuncExpr *) index_request->node)->args);
		if (!is_index_column(argument, index, index_request->indexcol))
			PG_RETURN_POINTER(NULL);
		condition = party_condition(index->rel, (Var *) argument, equal);
		if (condition != NULL)
		{
			index_request->lossy = true;
			PG_RETURN_POINTER(list_make1(condition));
		}
	}
	PG_RETURN_POINTER(NULL);
}

/*
 * further_rows_support(internal) -> internal: how many rows further_entries()
 * and further_trades() give.  None where the caller has no further participant,
 * as nearly everybody.
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
