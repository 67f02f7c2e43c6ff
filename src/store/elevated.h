/*-------------------------------------------------------------------------
 *
 * elevated.h
 *	  Saved SQL statements, run as the owner of the extension's tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ELEVATED_H
#define SG_ELEVATED_H

#include "postgres.h"

#include "executor/spi.h"

#include "base/compat.h"
#include "base/result.h"

#define ELEVATED_MAX_ARGS	32

/* A statement, prepared on first use and kept for the life of the session. */
typedef struct ElevatedPlan
{
	const char *sql;
	int			nargs;
	Oid			argtypes[ELEVATED_MAX_ARGS];
	int			options;		/* CURSOR_OPT_CUSTOM_PLAN where the best plan depends on the arguments */
	SPIPlanPtr	plan;
} ElevatedPlan;

extern void elevated_begin(void);
extern void elevated_execute(ElevatedPlan *plan, Datum *values, const char *nulls, bool read_only);
extern void elevated_return(ResultRow *result);
extern int64 elevated_number(ElevatedPlan *plan, Datum *values, bool read_only);
extern Portal elevated_open(ElevatedPlan *plan, Datum *values);
extern Datum elevated_column(HeapTuple tuple, TupleDesc desc, int n, Oid type, bool *isnull);
extern Datum elevated_value(uint64 row, int n, Oid type);
extern void elevated_require_types(TupleDesc desc, const Oid *types, int n);
SG_NORETURN extern void error_column_not_as_expected(TupleDesc desc, int n);
extern void elevated_end(void);

#endif							/* SG_ELEVATED_H */
