/*-------------------------------------------------------------------------
 *
 * result.h
 *	  Building the result row of a function with OUT parameters, column by
 *	  column in the order of its declaration.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RESULT_H
#define SG_RESULT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "access/tupdesc.h"
#include "utils/tuplestore.h"

#include "base/refusal.h"

#define RESULT_MAX_COLUMNS	64

typedef struct ResultRow
{
	TupleDesc	desc;
	Tuplestorestate *store;		/* of a set-returning function, else NULL */
	int			n;				/* columns so far */
	Datum		values[RESULT_MAX_COLUMNS];
	bool		isnull[RESULT_MAX_COLUMNS];
} ResultRow;

extern void require_function_exists(FunctionCallInfo fcinfo);
extern void result_begin(ResultRow *result, FunctionCallInfo fcinfo);
extern void result_begin_set(ResultRow *result, FunctionCallInfo fcinfo);
extern void result_datum(ResultRow *result, Datum value);
extern void result_null(ResultRow *result);
extern void result_int32(ResultRow *result, int32 value);
extern void result_int64(ResultRow *result, int64 value);
extern void result_bool(ResultRow *result, bool value);
extern void result_text(ResultRow *result, const char *value);
extern void result_timestamptz(ResultRow *result, TimestampTz value);
extern Datum result_end(ResultRow *result);
extern void result_end_row(ResultRow *result);
extern void result_refused(ResultRow *result, int64 ord, const Refusal *refusal);

#endif							/* SG_RESULT_H */
