/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Reading a table or view that a caller names, with the caller's rights.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/errors.h"
#include "base/source.h"

/* So many rows are in memory beside what is made of them. */
#define FETCH_ROWS		10000

/* The name of a relation, without its schema; SG108 if there is none. */
char *
source_name(Oid relid)
{
	char	   *name = get_rel_name(relid);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source with OID %u does not exist", relid)));
	return name;
}

/* The name of a relation as a query has it; SG108 if there is none. */
char *
source_in_sql(Oid relid)
{
	char	   *name = source_name(relid);

	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), name);
}

/* Do the rows of a relation have a place, which is the order that they lie in? */
bool
source_has_ctid(Oid relid)
{
	char		kind = get_rel_relkind(relid);

	return kind == RELKIND_RELATION || kind == RELKIND_MATVIEW;
}

/* Runs a query with the rights of the caller, and hands its rows on one by one. */
void
source_read(const char *query, SourceTake take, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	int64		n = 0;
	SPIPlanPtr	plan;
	Portal		portal;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = SPI_prepare(query, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, false);
	for (;;)
	{
		MemoryContext spi_context;

		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, FETCH_ROWS);
		if (SPI_processed == 0)
			break;
		spi_context = MemoryContextSwitchTo(context);
		for (uint64 i = 0; i < SPI_processed; i++)
			take(arg, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, ++n);
		MemoryContextSwitchTo(spi_context);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}
