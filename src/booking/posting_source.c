/*-------------------------------------------------------------------------
 *
 * posting_source.c
 *	  Batch posting from a table or view, for files: \copy into a staging
 *	  table, then one call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/posting.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_post_readings_source);

#define FETCH_ROWS		10000

/* The query for the readings of a relation, in the order of its ord, or else its at. */
static char *
source_query(Oid relid)
{
	static const char *const wanted[] = {"principal", "kind", "amount"};
	char	   *name = get_rel_name(relid);
	bool		has_at;
	bool		has_ord;

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source with OID %u does not exist", relid)));
	for (int i = 0; i < (int) lengthof(wanted); i++)
		if (get_attnum(relid, wanted[i]) == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("source \"%s\" has no column \"%s\"", name, wanted[i]),
					 errhint("It needs principal, kind, amount, and ord or at.")));
	has_at = get_attnum(relid, "at") > 0;
	has_ord = get_attnum(relid, "ord") > 0;
	if (!has_at && !has_ord)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source \"%s\" has neither column \"ord\" nor column \"at\"", name),
				 errhint("One of them says in which order its readings are posted.")));
	return psprintf("SELECT CAST(principal AS pg_catalog.text), CAST(kind AS pg_catalog.text),"
					" CAST(amount AS pg_catalog.int8), CAST(%s AS pg_catalog.timestamptz), CAST(%s AS pg_catalog.int4)"
					" FROM %s ORDER BY %s",
					has_at ? "at" : "NULL", has_ord ? "ord" : "NULL",
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), name),
					has_ord ? "ord" : "at");
}

/* Reads all readings of a relation, with the rights of the caller, into the current memory context. */
static Reading *
read_source(Oid relid, int *nreadings)
{
	char	   *query = source_query(relid);
	bool		has_at = get_attnum(relid, "at") > 0;
	MemoryContext context = CurrentMemoryContext;
	int			allocated = FETCH_ROWS;
	int			n = 0;
	Reading    *readings = palloc(allocated * sizeof(Reading));
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
		{
			Datum		values[5];
			bool		isnull[5];
			int			ord;
			TimestampTz at;
			char	   *kind;

			heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, isnull);
			ord = isnull[4] ? n + 1 : DatumGetInt32(values[4]);
			if (isnull[0] || isnull[1] || isnull[2] || (has_at && isnull[3]))
				ereport(ERROR,
						(errcode(ERRCODE_SG_INVALID_INPUT),
						 errmsg("reading %d of the source contains NULL", ord)));
			if (n == allocated)
			{
				allocated *= 2;
				readings = repalloc_huge(readings, allocated * sizeof(Reading));
			}
			at = isnull[3] ? 0 : DatumGetTimestampTz(values[3]);
			kind = TextDatumGetCString(values[1]);
			reading_set(&readings[n++], ord, TextDatumGetCString(values[0]), kind,
						DatumGetInt64(values[2]), isnull[3] ? NULL : &at);
			pfree(kind);
		}
		MemoryContextSwitchTo(spi_context);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	*nreadings = n;
	return readings;
}

/*
 * sg_post_readings(source) -> as with arrays, from the columns principal,
 * kind, amount and, where there are, at and ord of a table or view; a failure
 * has the reading's ord, or else its position.
 */
Datum
sg_post_readings_source(PG_FUNCTION_ARGS)
{
	Call		call;
	Reading    *readings;
	int			n;
	ResultRow	result;

	call_begin(&call, "sg_post_readings");
	arg_require_not_null(fcinfo, 0, "source");
	posting_act(&call);
	readings = read_source(PG_GETARG_OID(0), &n);
	posting_require_topups_allowed(fcinfo->flinfo->fn_oid, readings, n);
	store_refresh();
	result_begin_set(&result, fcinfo);
	posting_post(&call, readings, n, &result);
	return call_end(&call, (Datum) 0);
}
