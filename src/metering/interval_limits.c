/*-------------------------------------------------------------------------
 *
 * interval_limits.c
 *	  Conditions of a query on a view of intervals become limits of what is read.
 *
 * The views call interval_slots() and interval_day_sums() without limits.  When
 * the planner simplifies the call, the support function here looks for
 * conditions of the query on columns of its result: comparisons of start and day,
 * equality of point and grid, with what is no column of anything.  These become
 * arguments of the call, which EXPLAIN VERBOSE shows.  The conditions stay, so a
 * limit only has to leave out nothing that they let pass.
 *
 * Only conditions of WHERE and of inner joins are looked at, for they hold for
 * every row of the result; and none if the query calls the function twice, for
 * the call does not say which of them it is.
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
#include "rewrite/rewriteManip.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "base/compat.h"
#include "metering/interval_limits.h"

PG_FUNCTION_INFO_V1(sg_interval_limits_support);

/* What a comparison with a column limits. */
typedef struct LimitOf
{
	const char *column;
	Oid			function;		/* of the operator, column on its left */
	int			limit;
} LimitOf;

static const LimitOf limits[] = {
	{"start", F_TIMESTAMPTZ_GE, LIMIT_FROM}, {"start", F_TIMESTAMPTZ_GT, LIMIT_FROM}, {"start", F_TIMESTAMPTZ_EQ, LIMIT_FROM},
	{"start", F_TIMESTAMPTZ_LE, LIMIT_TO}, {"start", F_TIMESTAMPTZ_LT, LIMIT_TO}, {"start", F_TIMESTAMPTZ_EQ, LIMIT_TO},
	{"day", F_DATE_GE, LIMIT_FIRST_DAY}, {"day", F_DATE_GT, LIMIT_FIRST_DAY}, {"day", F_DATE_EQ, LIMIT_FIRST_DAY},
	{"day", F_DATE_LE, LIMIT_LAST_DAY}, {"day", F_DATE_LT, LIMIT_LAST_DAY}, {"day", F_DATE_EQ, LIMIT_LAST_DAY},
	{"point", F_TEXTEQ, LIMIT_POINTS}, {"grid", F_TEXTEQ, LIMIT_GRIDS}
};

/* A call while its limits are looked for. */
typedef struct LimitedCall
{
	Index		rti;
	List	   *columns;		/* names */
	Node	   *limit[LIMIT_COUNT];	/* NULL: none was found */
} LimitedCall;

/* The only entry of the query's range table that is a call of the function; 0 if there is none or another one. */
static Index
find_call(const PlannerInfo *root, Oid function, List **columns)
{
	Index		found = 0;
	Index		rti = 0;
	ListCell   *cell;

	foreach(cell, root->parse->rtable)
	{
		RangeTblEntry *rte = lfirst(cell);
		RangeTblFunction *call = rte->rtekind == RTE_FUNCTION && list_length(rte->functions) == 1 ? linitial(rte->functions) : NULL;

		rti++;
		if (call == NULL || !IsA(call->funcexpr, FuncExpr) || ((FuncExpr *) call->funcexpr)->funcid != function)
			continue;
		if (found)
			return 0;
		found = rti;
		*columns = rte->eref->colnames;
	}
	return found;
}

/* The name of the column of the call's result that an expression is; NULL if it is none. */
static const char *
column_of(const LimitedCall *call, Node *node)
{
	Var		   *var = (Var *) strip_implicit_coercions(node);

	if (IsA(var, RelabelType))
		var = (Var *) ((RelabelType *) var)->arg;
	if (!IsA(var, Var) || var->varno != (int) call->rti || var->varlevelsup != 0 || var->varattno < 1 ||
		var->varattno > list_length(call->columns))
		return NULL;
	return strVal(list_nth(call->columns, var->varattno - 1));
}

/* Is an expression the same for all rows of the query, and of that type? */
static bool
is_limit(Node *node, Oid type)
{
	return exprType(node) == type && !contain_var_clause(node) && !contain_volatile_functions(node) &&
		!contain_subplans(node) && !checkExprHasSubLink(node) && !contain_agg_clause(node);
}

static Node *
array_of(Node *element)
{
	ArrayExpr  *array = makeNode(ArrayExpr);

	array->array_typeid = TEXTARRAYOID;
	array->element_typeid = TEXTOID;
	array->elements = list_make1(element);
	array->location = -1;
	return (Node *) array;
}

/* A comparison of a column with a limit. */
static void
take_comparison(LimitedCall *call, const char *column, Oid operator, Node *value)
{
	Oid			function = get_opcode(operator);

	for (int i = 0; i < (int) lengthof(limits); i++)
	{
		const LimitOf *of = &limits[i];
		bool		is_name = of->limit == LIMIT_POINTS || of->limit == LIMIT_GRIDS;

		if (of->function != function || strcmp(of->column, column) != 0 || call->limit[of->limit] != NULL ||
			!is_limit(value, is_name ? TEXTOID : strcmp(column, "day") == 0 ? DATEOID : TIMESTAMPTZOID))
			continue;
		call->limit[of->limit] = is_name ? array_of(copyObject(value)) : copyObject(value);
	}
}

/* column = ANY (text[]). */
static void
take_any(LimitedCall *call, const ScalarArrayOpExpr *any)
{
	const char *column = column_of(call, linitial(any->args));
	Node	   *array = lsecond(any->args);
	int			limit = column == NULL ? -1 : strcmp(column, "point") == 0 ? LIMIT_POINTS : strcmp(column, "grid") == 0 ? LIMIT_GRIDS : -1;

	if (limit >= 0 && any->useOr && get_opcode(any->opno) == F_TEXTEQ && call->limit[limit] == NULL && is_limit(array, TEXTARRAYOID))
		call->limit[limit] = copyObject(array);
}

static void
take_condition(LimitedCall *call, Node *node)
{
	if (IsA(node, ScalarArrayOpExpr))
		take_any(call, (ScalarArrayOpExpr *) node);
	else if (IsA(node, OpExpr) && list_length(((OpExpr *) node)->args) == 2)
	{
		OpExpr	   *comparison = (OpExpr *) node;
		const char *left = column_of(call, linitial(comparison->args));
		const char *right = column_of(call, lsecond(comparison->args));

		if (left)
			take_comparison(call, left, comparison->opno, lsecond(comparison->args));
		else if (right && OidIsValid(get_commutator(comparison->opno)))
			take_comparison(call, right, get_commutator(comparison->opno), linitial(comparison->args));
	}
}

/* Takes conditions, which are an expression or, once preprocessed, a list of some. */
static void
take_conditions(LimitedCall *call, Node *node)
{
	if (node == NULL)
		return;
	if (IsA(node, List))
	{
		ListCell   *cell;

		foreach(cell, (List *) node)
			take_conditions(call, lfirst(cell));
	}
	else if (is_andclause(node))
		take_conditions(call, (Node *) ((BoolExpr *) node)->args);
	else
		take_condition(call, node);
}

/* Takes the conditions of WHERE and of inner joins. */
static void
take_tree(LimitedCall *call, Node *tree)
{
	ListCell   *cell;

	if (IsA(tree, FromExpr))
	{
		FromExpr   *from = (FromExpr *) tree;

		take_conditions(call, from->quals);
		foreach(cell, from->fromlist)
			take_tree(call, lfirst(cell));
	}
	else if (IsA(tree, JoinExpr) && ((JoinExpr *) tree)->jointype == JOIN_INNER)
	{
		take_conditions(call, ((JoinExpr *) tree)->quals);
		take_tree(call, ((JoinExpr *) tree)->larg);
		take_tree(call, ((JoinExpr *) tree)->rarg);
	}
}

/* The call with the limits that the query has; NULL if it has none. */
static Node *
limited(const PlannerInfo *root, const FuncExpr *expr)
{
	LimitedCall call = {0};
	FuncExpr   *with_limits;
	ListCell   *cell;
	int			n = 0;

	if (root == NULL || list_length(expr->args) != LIMIT_COUNT)
		return NULL;
	foreach(cell, expr->args)
		if (!IsA(lfirst(cell), Const) || !((Const *) lfirst(cell))->constisnull)
			return NULL;
	call.rti = find_call(root, expr->funcid, &call.columns);
	if (call.rti == 0)
		return NULL;
	take_tree(&call, (Node *) root->parse->jointree);
	with_limits = copyObject(unconstify(FuncExpr *, expr));
	for (int i = 0; i < LIMIT_COUNT; i++)
		if (call.limit[i])
		{
			lfirst(list_nth_cell(with_limits->args, i)) = call.limit[i];
			n++;
		}
	return n > 0 ? (Node *) with_limits : NULL;
}

/* interval_limits_support(internal): planner support of interval_slots() and interval_day_sums(). */
Datum
sg_interval_limits_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(limited(((SupportRequestSimplify *) request)->root, ((SupportRequestSimplify *) request)->fcall));
}
