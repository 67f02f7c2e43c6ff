/*-------------------------------------------------------------------------
 *
 * elevated.h
 *	  Saved SQL statements, run as the owner of the extension's tables.
 *
 * What is not hot is SQL.  Between elevated_begin() and elevated_end() the
 * current user is the tables' owner, as in ri_triggers.c, SPI is connected, and
 * search_path is pinned to pg_catalog.  The caller's right has been checked
 * before; whatever comes from a caller is a parameter, never part of a
 * statement.
 *
 * NAMES.  Statements write operators, functions and types of pg_catalog
 * plainly (a = b, sum(x), x::numeric), and everything of the extension with its
 * schema (smartgrid.ledger).  That is safe for plans that are kept, too, on 15
 * to 18: names are looked up when a statement is analyzed, which is when it is
 * prepared and again when the plan cache has thrown its plan away, and both
 * happen in here only.  The plan cache remembers the path that a plan was made
 * with, and analyzes anew rather than use it with another one; no caller's
 * path is ever current in here (elevated_execute() makes sure of that), so
 * setting search_path between two calls does not even cost a new plan.
 * pg_temp is named, and last, because it is searched first where it is not;
 * neither functions nor operators are ever looked up in it.
 *
 * NESTING.  What was before is kept in the caller's Elevation, on its stack, so
 * an elevated statement may call a function that elevates.
 *
 * ERRORS need no clean-up here: the abort of the transaction or subtransaction
 * puts back the user, the settings and SPI's state of when it began.  (Whoever
 * catches an error without rolling back a subtransaction would keep them.)
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
	int			options;		/* CURSOR_OPT_CUSTOM_PLAN if the best plan depends on the arguments */
	SPIPlanPtr	plan;
} ElevatedPlan;

/* What was before elevated_begin(): a local variable of whoever calls it. */
typedef struct Elevation
{
	Oid			user;
	int			security_context;
	int			guc_level;
} Elevation;

typedef enum ElevatedSnapshot
{
	IN_ACTIVE_SNAPSHOT,			/* only reads: for STABLE functions, and for writing ones that have taken a snapshot */
	IN_NEW_SNAPSHOT				/* sees what this transaction has done so far, and may write */
} ElevatedSnapshot;

extern void elevated_begin(Elevation *elevation);
extern void elevated_execute(ElevatedPlan *plan, Datum *values, const char *nulls, ElevatedSnapshot snapshot);
extern void elevated_return(ResultRow *result);
extern int64 elevated_number(ElevatedPlan *plan, Datum *values, ElevatedSnapshot snapshot);
extern Portal elevated_open(ElevatedPlan *plan, Datum *values);
extern Datum elevated_column(HeapTuple tuple, TupleDesc desc, int n, Oid type, bool *isnull);
extern Datum elevated_value(uint64 row, int n, Oid type);
extern void elevated_require_types(TupleDesc desc, const Oid *types, int n);
SG_NORETURN extern void error_column_not_as_expected(TupleDesc desc, int n);
extern void elevated_end(const Elevation *elevation);

#endif							/* SG_ELEVATED_H */
