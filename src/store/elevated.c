/*-------------------------------------------------------------------------
 *
 * elevated.c
 *	  Saved SQL statements, run as the owner of the extension's tables.
 *
 * How statements are written, and why that is safe: elevated.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "store/elevated.h"
#include "store/relations.h"

#define PINNED_SEARCH_PATH	"pg_catalog, pg_temp"

/* Gives a setting a value until elevated_end(). */
static void
pin(const char *setting, const char *value)
{
	(void) set_config_option(setting, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* Becomes the tables' owner, pins search_path and connects to SPI; elevation keeps what was before. */
void
elevated_begin(Elevation *elevation)
{
	Oid			owner = relations_owner();

	GetUserIdAndSecContext(&elevation->user, &elevation->security_context);
	SetUserIdAndSecContext(owner, elevation->security_context | SECURITY_LOCAL_USERID_CHANGE);
	elevation->guc_level = NewGUCNestLevel();
	pin("search_path", PINNED_SEARCH_PATH);
	/* The owner may not be a superuser for ever: a policy must not silently hide rows from it. */
	pin("row_security", "off");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

/*
 * Raises 55000 if search_path is not pinned any more: names in a statement
 * would mean something else.  Nobody but the owner of the tables can bring that
 * about, by a trigger.
 */
static void
require_pinned_search_path(void)
{
	Assert(InLocalUserIdChange());
	if (strcmp(namespace_search_path, PINNED_SEARCH_PATH) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("search_path was set to \"%s\" while a function of extension smartgrid ran", namespace_search_path),
				 errhint("Drop the triggers of the extension's tables, or give the functions that they call a SET search_path clause.")));
}

/* The plan of a statement, made when it is first needed. */
static SPIPlanPtr
prepared(ElevatedPlan *plan)
{
	require_pinned_search_path();
	if (plan->plan == NULL)
	{
		SPIPlanPtr	prepared = SPI_prepare_cursor(plan->sql, plan->nargs, plan->argtypes, plan->options);

		if (prepared == NULL)
			elog(ERROR, "SPI_prepare_cursor failed: %s", SPI_result_code_string(SPI_result));
		if (SPI_keepplan(prepared) != 0)
			elog(ERROR, "SPI_keepplan failed");
		plan->plan = prepared;
	}
	return plan->plan;
}

/* Runs a statement; its rows are in SPI_tuptable until elevated_end() or the next one. */
void
elevated_execute(ElevatedPlan *plan, Datum *values, const char *nulls, ElevatedSnapshot snapshot)
{
	bool		read_only = snapshot == IN_ACTIVE_SNAPSHOT;
	int			result = SPI_execute_plan(prepared(plan), values, nulls, read_only, 0);

	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}

/*
 * Opens a query in the active snapshot, none of whose arguments is NULL: for
 * many rows, by SPI_cursor_fetch().  The caller closes it.
 */
Portal
elevated_open(ElevatedPlan *plan, Datum *values)
{
	return SPI_cursor_open(NULL, prepared(plan), values, NULL, true);
}

/* Raises 55000 for column n, counted from 1: somebody has altered a table that a statement reads, or replaced a function of it. */
void
error_column_not_as_expected(TupleDesc desc, int n)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("\"%s\" of an object of extension smartgrid is NULL or of another type than the library expects",
					NameStr(TupleDescAttr(desc, n - 1)->attname)),
			 errhint("Do not alter the extension's tables and functions.")));
}

/* Raises 55000 if the first n columns of a result are not of these types. */
void
elevated_require_types(TupleDesc desc, const Oid *types, int n)
{
	for (int i = 0; i < n; i++)
		if (i >= desc->natts || TupleDescAttr(desc, i)->atttypid != types[i])
			error_column_not_as_expected(desc, Min(i + 1, desc->natts));
}

/*
 * Column n of a row, counted from 1.  Raises 55000 if it is not of the type, or
 * is NULL and isnull is not given: a Datum of another kind would be read as an
 * address.
 */
Datum
elevated_column(HeapTuple tuple, TupleDesc desc, int n, Oid type, bool *isnull)
{
	bool		null;
	Datum		value;

	if (TupleDescAttr(desc, n - 1)->atttypid != type)
		error_column_not_as_expected(desc, n);
	value = heap_getattr(tuple, n, desc, &null);
	if (isnull)
		*isnull = null;
	else if (null)
		error_column_not_as_expected(desc, n);
	return value;
}

/* Column n of a row of the last statement, which must not be NULL. */
Datum
elevated_value(uint64 row, int n, Oid type)
{
	return elevated_column(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, n, type, NULL);
}

/* The bigint, never NULL, that a statement returns; it elevates by itself. */
int64
elevated_number(ElevatedPlan *plan, Datum *values, ElevatedSnapshot snapshot)
{
	Elevation	elevation;
	int64		number;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, snapshot);
	number = DatumGetInt64(elevated_value(0, 1, INT8OID));
	elevated_end(&elevation);
	return number;
}

/* The rows of the last statement as those of a function's result, whose types they must have. */
void
elevated_return(ResultRow *result)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		for (int n = 0; n < result->desc->natts; n++)
			result->values[n] = elevated_column(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, n + 1,
												TupleDescAttr(result->desc, n)->atttypid, &result->isnull[n]);
		result->n = result->desc->natts;
		result_end_row(result);
	}
}

/* Disconnects and becomes what elevated_begin() found. */
void
elevated_end(const Elevation *elevation)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	AtEOXact_GUC(true, elevation->guc_level);
	SetUserIdAndSecContext(elevation->user, elevation->security_context);
}
