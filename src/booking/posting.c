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
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "booking/posting.h"

PG_FUNCTION_INFO_V1(sg_post_readings);

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

	arg_array(fcinfo, 0, "principals", TEXTOID, &principals, NULL, n);
	arg_array(fcinfo, 1, "kinds", TEXTOID, &kinds, NULL, &nkinds);
	arg_array(fcinfo, 2, "amounts", INT8OID, &amounts, NULL, &namounts);
	nat = *n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "at", TIMESTAMPTZOID, &at, NULL, &nat);
	arg_require_same_length((const char *const[]) {"principals", "kinds", "amounts", "at"}, (const int[]) {*n, nkinds, namounts, nat}, 4);
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

	call_begin(&call, fcinfo, "sg_post_readings");
	readings = arg_readings(fcinfo, &n);
	posting_note_arguments(&call, readings, n);
	if (!call_act_as_gateway(&call, POSTING_ACTION, POSTING_HINT))
		return call_answer(&call);
	posting_require_topups_allowed(fcinfo->flinfo->fn_oid, readings, n);
	result_begin_set(&result, fcinfo);
	posting_post(&call, readings, n, &result);
	return call_end(&call, (Datum) 0);
}
