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
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "booking/posting.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_post_readings_source);

#define FETCH_ROWS		10000

/* What the amounts of a source are, by the type of their column. */
typedef enum AmountForm
{
	AMOUNT_INTEGER,
	AMOUNT_TEXT,				/* text and numeric, of which whole numbers are taken */
	AMOUNT_OTHER				/* whose values are no amounts: rounding is not for a meter's readings */
} AmountForm;

/* A relation that readings are read from. */
typedef struct Source
{
	Oid			relid;
	AmountForm	form;
	Oid			amount_type;	/* without domains */
	bool		has_at;
	bool		has_ord;
} Source;

static AmountForm
amount_form(Oid type)
{
	char		category;
	bool		is_preferred;

	if (type == INT2OID || type == INT4OID || type == INT8OID)
		return AMOUNT_INTEGER;
	get_type_category_preferred(type, &category, &is_preferred);
	return type == NUMERICOID || category == TYPCATEGORY_STRING ? AMOUNT_TEXT : AMOUNT_OTHER;
}

/* The query for the readings of a relation, in the order of its ord, or else its at. */
static char *
source_query(Source *source)
{
	static const char *const wanted[] = {"principal", "kind", "amount"};
	Oid			relid = source->relid;
	char	   *name = get_rel_name(relid);

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
	source->amount_type = getBaseType(get_atttype(relid, get_attnum(relid, "amount")));
	source->form = amount_form(source->amount_type);
	source->has_at = get_attnum(relid, "at") > 0;
	source->has_ord = get_attnum(relid, "ord") > 0;
	if (!source->has_at && !source->has_ord)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source \"%s\" has neither column \"ord\" nor column \"at\"", name),
				 errhint("One of them says in which order its readings are posted.")));
	return psprintf("SELECT CAST(principal AS pg_catalog.text), CAST(kind AS pg_catalog.text),"
					" CAST(amount AS pg_catalog.%s), CAST(%s AS pg_catalog.timestamptz), CAST(%s AS pg_catalog.int8)"
					" FROM %s ORDER BY %s",
					source->form == AMOUNT_INTEGER ? "int8" : "text",
					source->has_at ? "at" : "NULL", source->has_ord ? "ord" : "NULL",
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), name),
					source->has_ord ? "ord" : "at");
}

/* Sets the amount of a reading from the text of a column that is no integer; what is no amount is this reading's refusal. */
static void
set_amount(Reading *reading, const Source *source, Datum datum)
{
	char	   *written = TextDatumGetCString(datum);
	WholeNumber whole = number_whole_of_text(written, &reading->amount);

	if (source->form == AMOUNT_OTHER)
		reading->refusal = refuse(ERRCODE_INVALID_TEXT_REPRESENTATION, "amount %s is of type %s, not integer, text or numeric",
								  written, format_type_be(source->amount_type));
	else if (whole == NUMBER_IS_NOT_WHOLE)
		reading->refusal = refuse(ERRCODE_INVALID_TEXT_REPRESENTATION, "amount \"%s\" is not a whole number", written);
	else if (whole == NUMBER_IS_BEYOND_BIGINT)
		reading->refusal = refuse_out_of_range("amount");
	pfree(written);
}

/* Reads all readings of a relation, with the rights of the caller, into the current memory context. */
static Reading *
read_source(Oid relid, int *nreadings)
{
	Source		source = {.relid = relid};
	char	   *query = source_query(&source);
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
			int64		ord;
			TimestampTz at;
			char	   *kind;

			heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, isnull);
			ord = isnull[4] ? n + 1 : DatumGetInt64(values[4]);
			if (isnull[0] || isnull[1] || isnull[2] || (source.has_at && isnull[3]))
				ereport(ERROR,
						(errcode(ERRCODE_SG_INVALID_INPUT),
						 errmsg("reading " INT64_FORMAT " of the source contains NULL", ord)));
			if (n == allocated)
			{
				allocated *= 2;
				readings = repalloc_huge(readings, allocated * sizeof(Reading));
			}
			at = isnull[3] ? 0 : DatumGetTimestampTz(values[3]);
			kind = TextDatumGetCString(values[1]);
			reading_set(&readings[n], ord, TextDatumGetCString(values[0]), kind,
						source.form == AMOUNT_INTEGER ? DatumGetInt64(values[2]) : 0, isnull[3] ? NULL : &at);
			if (source.form != AMOUNT_INTEGER)
				set_amount(&readings[n], &source, values[2]);
			n++;
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
