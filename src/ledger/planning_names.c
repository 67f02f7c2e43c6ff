/*-------------------------------------------------------------------------
 *
 * planning_names.c
 *	  hint_any_party(): whose rows a query asks for by name (planning.c).
 *
 * Names come to the views by joins, or from a function for rows of one's own;
 * no index knows them.  So a query for the rows of a name would read the whole
 * grid: here the names become participants, which the indexes know.
 *
 * The planner does not look whether a parallel worker can work out what is put
 * into an index condition here.  It cannot if a name comes from a row of the
 * query around this one, and the index is worth more than the workers then.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "ledger/planning.h"

PG_FUNCTION_INFO_V1(sg_any_party_support);

/* Is this the Var that the index column holds? */
static bool
is_index_column(Node *node, IndexOptInfo *index, int column)
{
	return node != NULL && IsA(node, Var) &&
		((Var *) node)->varno == (int) index->rel->relid &&
		((Var *) node)->varattno == index->indexkeys[column];
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

/* Is this the equality of texts that are the same byte by byte? */
static bool
is_equality_of_texts(Oid operator, Oid collation)
{
	return get_opcode(operator) == F_TEXTEQ && OidIsValid(collation) && get_collation_isdeterministic(collation);
}

/* An expression of type text[] that has just this text. */
static Node *
array_of(Node *text)
{
	ArrayExpr  *array = makeNode(ArrayExpr);

	array->array_typeid = TEXTARRAYOID;
	array->element_typeid = TEXTOID;
	array->elements = list_make1(copyObject(text));
	array->location = -1;
	return (Node *) array;
}

/*
 * The names that the clause asks for, as an expression of type text[], or NULL
 * if it is not of the form shown_name(...) = name or shown_name(...) = ANY (names).
 */
static Node *
names_asked_for(Node *clause, Oid shown_name, RelOptInfo *rel, const Var *participant_id)
{
	if (IsA(clause, OpExpr) && list_length(((OpExpr *) clause)->args) == 2 &&
		is_equality_of_texts(((OpExpr *) clause)->opno, ((OpExpr *) clause)->inputcollid))
	{
		Node	   *left = linitial(((OpExpr *) clause)->args);
		Node	   *right = lsecond(((OpExpr *) clause)->args);

		if (is_shown_name(left, shown_name, rel, participant_id) && is_known(right))
			return array_of(right);
		if (is_shown_name(right, shown_name, rel, participant_id) && is_known(left))
			return array_of(left);
	}
	else if (IsA(clause, ScalarArrayOpExpr) && ((ScalarArrayOpExpr *) clause)->useOr &&
			 is_equality_of_texts(((ScalarArrayOpExpr *) clause)->opno, ((ScalarArrayOpExpr *) clause)->inputcollid))
	{
		Node	   *names = lsecond(((ScalarArrayOpExpr *) clause)->args);

		if (is_shown_name(linitial(((ScalarArrayOpExpr *) clause)->args), shown_name, rel, participant_id) &&
			exprType(names) == TEXTARRAYOID && is_known(names))
			return copyObject(names);
	}
	return NULL;
}

/*
 * participant_id = ANY (readable_parties(names)) for the first clause that asks
 * for names, or NULL.  A clause in the ON of an outer join does not count if
 * the join gives the view's rows whether it is true or not.
 */
static Expr *
party_condition(RelOptInfo *rel, Var *participant_id, Oid operator)
{
	Oid			types[] = {BOOLOID, INT8OID, TEXTOID};
	Oid			shown_name = planning_function("shown_name", lengthof(types), types);
	List	   *clauses = list_concat_copy(rel->baserestrictinfo, rel->joininfo);
	ListCell   *cell;

	foreach(cell, clauses)
	{
		RestrictInfo *restriction = lfirst_node(RestrictInfo, cell);
		Node	   *names = restriction->is_pushed_down ?
			names_asked_for((Node *) restriction->clause, shown_name, rel, participant_id) : NULL;
		ScalarArrayOpExpr *condition;

		if (names == NULL)
			continue;
		condition = makeNode(ScalarArrayOpExpr);
		condition->opno = operator;
		condition->opfuncid = get_opcode(operator);
		condition->useOr = true;
		condition->args = list_make2(copyObject(participant_id), planning_call("readable_parties", INT8ARRAYOID, list_make1(names)));
		condition->location = -1;
		return (Expr *) condition;
	}
	return NULL;
}

/* The share of rows that are of the names asked for, as the condition tells; all if none is asked for. */
static Selectivity
share_of_names(SupportRequestSelectivity *request)
{
	Var		   *participant_id = linitial(request->args);
	Expr	   *condition = NULL;

	if (IsA(participant_id, Var) && participant_id->varlevelsup == 0)
	{
		RelOptInfo *rel = find_base_rel(request->root, participant_id->varno);

		condition = party_condition(rel, participant_id, lookup_type_cache(INT8OID, TYPECACHE_EQ_OPR)->eq_opr);
		/* This is asked before anything is made for workers. */
		if (condition != NULL && !is_parallel_safe(request->root, (Node *) condition))
			rel->consider_parallel = false;
	}
	return condition == NULL ? 1.0 : clause_selectivity(request->root, (Node *) condition, 0, JOIN_INNER, NULL);
}

/* The condition for an index on the participants, as a list; NIL if there is none. */
static List *
index_conditions(SupportRequestIndexCondition *request)
{
	Oid			equal = planning_index_operator(request->index, request->indexcol, BTEqualStrategyNumber);
	Node	   *participant_id;
	Expr	   *condition;

	if (!IsA(request->node, FuncExpr) || !OidIsValid(equal))
		return NIL;
	participant_id = linitial(((FuncExpr *) request->node)->args);
	if (!is_index_column(participant_id, request->index, request->indexcol))
		return NIL;
	condition = party_condition(request->index->rel, (Var *) participant_id, equal);
	if (condition == NULL ||
		(request->index->rel->consider_parallel && !is_parallel_safe(request->root, (Node *) condition)))
		return NIL;
	return list_make1(condition);
}

/* hint_any_party_support(internal) -> internal: see the head of planning.c. */
Datum
sg_any_party_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSelectivity))
	{
		((SupportRequestSelectivity *) request)->selectivity = share_of_names((SupportRequestSelectivity *) request);
		PG_RETURN_POINTER(request);
	}
	if (IsA(request, SupportRequestIndexCondition))
	{
		List	   *conditions = index_conditions((SupportRequestIndexCondition *) request);

		if (conditions != NIL)
		{
			((SupportRequestIndexCondition *) request)->lossy = true;
			PG_RETURN_POINTER(conditions);
		}
	}
	PG_RETURN_POINTER(NULL);
}
