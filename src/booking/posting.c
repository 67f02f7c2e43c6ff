/*-------------------------------------------------------------------------
 *
 * posting.c
 *	  Batch posting: readings of meters and gateways, and top-ups, in one call.
 *	  Who may post, and the form with arrays.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "booking/posting.h"
#include "grid/identity.h"

PG_FUNCTION_INFO_V1(sg_post_readings);

/*
 * The call posts readings in the current grid: SG102 unless the current user
 * has the rights of smartgrid_gateway (a role that a gateway has switched to
 * has not) or of an operator of the grid; SG101 if there is no such grid.
 */
void
posting_act(Call *call)
{
	Grid	   *grid = grid_current_or_null();

	if (!identity_is_gateway() &&
		!(grid ? identity_is_operator(grid->operator_role) : identity_is_general_operator()))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only a gateway or an operator may post readings"),
				 errdetail("Role \"%s\" has neither the rights of \"" ROLE_GATEWAY "\" nor those of an operator of grid \"%s\".",
						   GetUserNameFromId(GetUserId(), false), grid_current_name()),
				 errhint("Use sg_report_production() and the other single functions to report for yourself.")));
	if (grid == NULL)
		error_grid_not_found(grid_current_name());
	grid_require_scales(grid);
	call_act_in(call, grid, NULL);
}

/*
 * Raises 42501 if top-ups are among the readings and the current user may
 * not execute sg_add_consumer_balance(), found in the schema of the posting
 * function: who confines top-ups confines them here, too.
 */
void
posting_require_topups_allowed(Oid posting_function, const Reading *readings, int n)
{
	Oid			argtypes[] = {TEXTOID, INT8OID};
	Oid			function;
	int			i = 0;

	while (i < n && !readings[i].kind->is_topup)
		i++;
	if (i == n)
		return;
	function = LookupFuncName(list_make2(makeString(get_namespace_name(get_func_namespace(posting_function))),
										 makeString("sg_add_consumer_balance")),
							  2, argtypes, false);
	if (!sg_may_execute(function))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function sg_add_consumer_balance"),
				 errdetail("Reading " INT64_FORMAT " is a top-up.", readings[i].ord),
				 errhint("Top-ups are posted by those who may execute that function.")));
}

/* Argument n as an array of one dimension without NULLs; SG108 if it is not. */
static void
arg_array(FunctionCallInfo fcinfo, int n, const char *name, Oid type, int16 len, bool byval, char align,
		  Datum **elements, int *nelements)
{
	ArrayType  *array;

	arg_require_not_null(fcinfo, n, name);
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must have one dimension", name)));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must not contain NULL", name)));
	deconstruct_array(array, type, len, byval, align, elements, NULL, nelements);
}

/* The readings that the arguments give; SG108 as sg_post_readings(). */
static Reading *
arg_readings(FunctionCallInfo fcinfo, int *n)
{
	Datum	   *principals;
	Datum	   *kinds;
	Datum	   *amounts;
	Datum	   *at = NULL;
	int			nkinds;
	int			namounts;
	int			nat;
	Reading    *readings;

	arg_array(fcinfo, 0, "principals", TEXTOID, -1, false, TYPALIGN_INT, &principals, n);
	arg_array(fcinfo, 1, "kinds", TEXTOID, -1, false, TYPALIGN_INT, &kinds, &nkinds);
	arg_array(fcinfo, 2, "amounts", INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &amounts, &namounts);
	nat = *n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "at", TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &at, &nat);
	if (nkinds != *n || namounts != *n || nat != *n)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("arrays must have the same length"),
				 errdetail("principals has %d elements, kinds %d, amounts %d, at %d.", *n, nkinds, namounts, nat)));
	readings = MemoryContextAllocHuge(CurrentMemoryContext, Max(*n, 1) * sizeof(Reading));
	for (int i = 0; i < *n; i++)
	{
		TimestampTz time = at ? DatumGetTimestampTz(at[i]) : 0;
		char	   *kind = TextDatumGetCString(kinds[i]);

		reading_set(&readings[i], i + 1, TextDatumGetCString(principals[i]), kind,
					DatumGetInt64(amounts[i]), at ? &time : NULL);
		pfree(kind);
	}
	return readings;
}

/*
 * sg_post_readings(principals, kinds, amounts, at) -> the readings that
 * failed: position from 1, SQLSTATE, message.  amounts in energy units, of
 * top-ups in money units; at NULL: now.
 *
 * SG108 arrays of different length, NULL elements, an unknown kind: nothing is
 * posted.  SG102 unless a gateway or an operator.  SG101 grid.
 */
Datum
sg_post_readings(PG_FUNCTION_ARGS)
{
	Call		call;
	int			n;
	Reading    *readings;
	ResultRow	result;

	call_begin(&call, "sg_post_readings");
	readings = arg_readings(fcinfo, &n);
	posting_act(&call);
	posting_require_topups_allowed(fcinfo->flinfo->fn_oid, readings, n);
	result_begin_set(&result, fcinfo);
	posting_post(&call, readings, n, &result);
	return call_end(&call, (Datum) 0);
}
