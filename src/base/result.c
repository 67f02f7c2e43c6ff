/*-------------------------------------------------------------------------
 *
 * result.c
 *	  Building the result row of a function with OUT parameters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "base/result.h"

/*
 * Raises 42P01 unless the function that is running still exists: its arguments,
 * or a relation that it reads, may have dropped the extension.
 */
void
require_function_exists(FunctionCallInfo fcinfo)
{
	if (!SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("extension smartgrid has been dropped by the statement that uses it")));
}

/* Begins the one row of a function that returns a record; XX000 if it is declared otherwise. */
void
result_begin(ResultRow *result, FunctionCallInfo fcinfo)
{
	require_function_exists(fcinfo);
	if (get_call_result_type(fcinfo, NULL, &result->desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function does not return a row");
	result->desc = BlessTupleDesc(result->desc);
	result->store = NULL;
	result->n = 0;
}

/* Begins the first of the rows of a function that returns a set, of rows or of values; result_end_row() after each. */
void
result_begin_set(ResultRow *result, FunctionCallInfo fcinfo)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	require_function_exists(fcinfo);
	InitMaterializedSRF(fcinfo, get_call_result_type(fcinfo, NULL, NULL) == TYPEFUNC_SCALAR ? MAT_SRF_USE_EXPECTED_DESC : 0);
	result->desc = rsinfo->setDesc;
	result->store = rsinfo->setResult;
	result->n = 0;
}

/* Sets the next column. */
void
result_datum(ResultRow *result, Datum value)
{
	Assert(result->n < RESULT_MAX_COLUMNS);
	result->values[result->n] = value;
	result->isnull[result->n] = false;
	result->n++;
}

/* Sets the next column to NULL. */
void
result_null(ResultRow *result)
{
	Assert(result->n < RESULT_MAX_COLUMNS);
	result->values[result->n] = (Datum) 0;
	result->isnull[result->n] = true;
	result->n++;
}

void
result_int32(ResultRow *result, int32 value)
{
	result_datum(result, Int32GetDatum(value));
}

void
result_int64(ResultRow *result, int64 value)
{
	result_datum(result, Int64GetDatum(value));
}

void
result_bool(ResultRow *result, bool value)
{
	result_datum(result, BoolGetDatum(value));
}

/* Sets the next column to a text, or to NULL if value is NULL. */
void
result_text(ResultRow *result, const char *value)
{
	if (value == NULL)
		result_null(result);
	else
		result_datum(result, CStringGetTextDatum(value));
}

void
result_timestamptz(ResultRow *result, TimestampTz value)
{
	result_datum(result, TimestampTzGetDatum(value));
}

/* The finished row as the function's result. */
Datum
result_end(ResultRow *result)
{
	Assert(result->n == result->desc->natts);
	return HeapTupleGetDatum(heap_form_tuple(result->desc, result->values, result->isnull));
}

/* Puts the finished row into the set and begins the next. */
void
result_end_row(ResultRow *result)
{
	Assert(result->n == result->desc->natts);
	tuplestore_putvalues(result->store, result->desc, result->values, result->isnull);
	result->n = 0;
}

/* A row of a batch that was refused, as a row of the result: its position, SQLSTATE and message. */
void
result_refused(ResultRow *result, int64 ord, const Refusal *refusal)
{
	result_int64(result, ord);
	result_text(result, unpack_sql_state(refusal->sqlstate));
	result_text(result, refusal->message);
	result_end_row(result);
}
