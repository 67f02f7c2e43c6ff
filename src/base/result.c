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
#include "utils/timestamp.h"

#include "base/result.h"

/* Begins the one row of a function that returns a record; XX000 if it is declared otherwise. */
void
result_begin(ResultRow *result, FunctionCallInfo fcinfo)
{
	if (get_call_result_type(fcinfo, NULL, &result->desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "function does not return a row");
	result->desc = BlessTupleDesc(result->desc);
	result->store = NULL;
	result->n = 0;
}

/* Begins the first of the rows of a function that returns a set; result_end_row() after each. */
void
result_begin_set(ResultRow *result, FunctionCallInfo fcinfo)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
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
