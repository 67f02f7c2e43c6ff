/*-------------------------------------------------------------------------
 *
 * elevated.c
 *	  Saved SQL statements, run as the owner of the extension's tables.
 *
 * What is not hot is SQL.  Between elevated_begin() and elevated_end() the
 * current user is the tables' owner, as in ri_triggers.c, and search_path is
 * pinned: every object and operator in a statement is qualified as well, and
 * whatever comes from a caller is a parameter.  The caller's right has been
 * checked before.  An error needs no clean-up here: transaction and
 * subtransaction abort restore user and settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "elevated.h"
#include "relations.h"
#include "store.h"

/* Not nested: no elevated statement calls a function of ours that elevates. */
static struct
{
	Oid			user;
	int			security_context;
	int			guc_level;
}			saved;

/* Becomes the tables' owner, pins search_path and connects to SPI. */
void
elevated_begin(void)
{
	Relation	rel = RelationIdGetRelation(relations_table_oid(TABLE_LEDGER));
	Oid			owner = rel->rd_rel->relowner;

	RelationClose(rel);
	GetUserIdAndSecContext(&saved.user, &saved.security_context);
	SetUserIdAndSecContext(owner, saved.security_context | SECURITY_LOCAL_USERID_CHANGE);
	saved.guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	/* The owner may not be a superuser for ever: a policy must not silently hide rows from it. */
	(void) set_config_option("row_security", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

static SPIPlanPtr
prepared(ElevatedPlan *plan)
{
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

/*
 * Runs a statement; its rows are in SPI_tuptable until elevated_end().
 * read_only: in the active snapshot, for STABLE functions; otherwise in a new
 * one.
 */
void
elevated_execute(ElevatedPlan *plan, Datum *values, const char *nulls, bool read_only)
{
	int			result = SPI_execute_plan(prepared(plan), values, nulls, read_only, 0);

	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}

/* The rows of the last statement as those of a function's result. */
void
elevated_return(ResultRow *result)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		for (int column = 1; column <= SPI_tuptable->tupdesc->natts; column++)
		{
			bool		isnull;
			Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column, &isnull);

			if (isnull)
				result_null(result);
			else
				result_datum(result, value);
		}
		result_end_row(result);
	}
}

/* The bigint, never NULL, that a statement returns; between no elevated_begin() and elevated_end(). */
int64
elevated_number(ElevatedPlan *plan, Datum *values, bool read_only)
{
	bool		isnull;
	int64		number;

	elevated_begin();
	elevated_execute(plan, values, NULL, read_only);
	number = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	elevated_end();
	return number;
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

/* Disconnects and becomes the caller again. */
void
elevated_end(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	AtEOXact_GUC(true, saved.guc_level);
	SetUserIdAndSecContext(saved.user, saved.security_context);
}
