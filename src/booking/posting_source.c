/*-------------------------------------------------------------------------
 *
 * posting_source.c
 *	  Batch posting from a table or view, for files: \copy into a staging
 *	  table, then one call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "base/source.h"
#include "booking/posting.h"
#include "call/request.h"
#include "grid/zone.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_post_readings_source);

#define FIRST_ROWS		10000

/* What the amounts of a source are, by the type of their column. */
typedef enum AmountForm
{
	AMOUNT_INTEGER,
	AMOUNT_TEXT,				/* text and numeric, of which whole numbers are taken */
	AMOUNT_OTHER				/* whose values are no amounts: rounding is not for a meter's readings */
} AmountForm;

/* What the times of a source are, by the type of their column. */
typedef enum TimeForm
{
	TIME_NONE,					/* there is no such column */
	TIME_MOMENT,				/* with time zone, or whatever can be made that */
	TIME_LOCAL,					/* without */
	TIME_TEXT					/* each with or without an offset */
} TimeForm;

/* A relation that readings are read from. */
typedef struct Source
{
	Oid			relid;
	AmountForm	form;
	Oid			amount_type;	/* without domains */
	TimeForm	at;
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

static TimeForm
time_form(Oid type)
{
	char		category;
	bool		is_preferred;

	if (type == TIMESTAMPOID || type == DATEOID)
		return TIME_LOCAL;
	get_type_category_preferred(type, &category, &is_preferred);
	return category == TYPCATEGORY_STRING ? TIME_TEXT : TIME_MOMENT;
}

/* The query for the readings of a relation, in the order of its ord, or else its at. */
static char *
source_query(Source *source)
{
	static const char *const wanted[] = {"principal", "kind", "amount"};
	static const char *const time_type[] = {
		[TIME_NONE] = "timestamptz", [TIME_MOMENT] = "timestamptz", [TIME_LOCAL] = "timestamp", [TIME_TEXT] = "text"
	};
	Oid			relid = source->relid;
	char	   *name = source_name(relid);
	/* Of equal times, of which there are two of an hour that clocks show twice, the place in the table counts. */
	const char *by_time = source_has_ctid(relid) ? "at, ctid" : "at";

	for (int i = 0; i < (int) lengthof(wanted); i++)
		if (get_attnum(relid, wanted[i]) == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("source \"%s\" has no column \"%s\"", name, wanted[i]),
					 errhint("It needs principal, kind, amount, and ord or at.")));
	source->amount_type = getBaseType(get_atttype(relid, get_attnum(relid, "amount")));
	source->form = amount_form(source->amount_type);
	if (get_attnum(relid, "at") > 0)
		source->at = time_form(getBaseType(get_atttype(relid, get_attnum(relid, "at"))));
	source->has_ord = get_attnum(relid, "ord") > 0;
	if (source->at == TIME_NONE && !source->has_ord)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source \"%s\" has neither column \"ord\" nor column \"at\"", name),
				 errhint("One of them says in which order its readings are posted.")));
	return psprintf("SELECT CAST(principal AS pg_catalog.text), CAST(kind AS pg_catalog.text),"
					" CAST(amount AS pg_catalog.%s), CAST(%s AS pg_catalog.%s), CAST(%s AS pg_catalog.int8)"
					" FROM %s ORDER BY %s",
					source->form == AMOUNT_INTEGER ? "int8" : "text",
					source->at == TIME_NONE ? "NULL" : "at", time_type[source->at], source->has_ord ? "ord" : "NULL",
					source_in_sql(relid), source->has_ord ? "ord" : by_time);
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

/* A time as a source has it; is_local: it has no offset, and is what a clock showed. */
static TimestampTz
read_time(const Source *source, Datum datum, bool *is_local)
{
	char	   *written;
	Datum		at;

	*is_local = source->at == TIME_LOCAL;
	if (source->at != TIME_TEXT)
		return DatumGetTimestampTz(datum);	/* a timestamp is the same integer */
	written = TextDatumGetCString(datum);
	*is_local = posting_is_local_text(written);
	at = DirectFunctionCall3(*is_local ? timestamp_in : timestamptz_in,
							 CStringGetDatum(written), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	pfree(written);
	return DatumGetTimestampTz(at);
}

static int
compare_times(const void *a, const void *b)
{
	const Reading *one = a;
	const Reading *other = b;

	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->ord < other->ord ? -1 : 1;
}

/* Makes times that have no offset those of the grid's zone; readings without ord are sorted by them then. */
static void
resolve_times(const Source *source, const Grid *grid, Reading *readings, const bool *is_local, int n)
{
	if (source->at != TIME_LOCAL && source->at != TIME_TEXT)
		return;
	posting_resolve_local(readings, is_local, n, zone_of_grid(grid));
	if (!source->has_ord)
		qsort(readings, n, sizeof(Reading), compare_times);
}

/* The readings of a source as far as they are read. */
typedef struct SourceReadings
{
	const Source *source;
	Reading    *readings;
	bool	   *is_local;		/* of the time of each */
	int			n;
	int			allocated;
} SourceReadings;

static void
take_reading(void *arg, HeapTuple tuple, TupleDesc desc, int64 n)
{
	SourceReadings *read = arg;
	const Source *source = read->source;
	Reading    *reading;
	Datum		values[5];
	bool		isnull[5];
	int64		ord;
	TimestampTz at;
	char	   *kind;

	heap_deform_tuple(tuple, desc, values, isnull);
	ord = isnull[4] ? n : DatumGetInt64(values[4]);
	if (isnull[0] || isnull[1] || isnull[2] || (source->at != TIME_NONE && isnull[3]))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("reading " INT64_FORMAT " of the source contains NULL", ord)));
	if (read->n == read->allocated)
	{
		read->allocated *= 2;
		read->readings = repalloc_huge(read->readings, read->allocated * sizeof(Reading));
		read->is_local = repalloc_huge(read->is_local, read->allocated * sizeof(bool));
	}
	reading = &read->readings[read->n];
	at = isnull[3] ? 0 : read_time(source, values[3], &read->is_local[read->n]);
	kind = TextDatumGetCString(values[1]);
	reading_set(reading, ord, TextDatumGetCString(values[0]), kind,
				source->form == AMOUNT_INTEGER ? DatumGetInt64(values[2]) : 0, isnull[3] ? NULL : &at);
	if (source->form != AMOUNT_INTEGER)
		set_amount(reading, source, values[2]);
	read->n++;
	pfree(kind);
}

/* Reads all readings of a relation, with the rights of the caller, into the current memory context. */
static Reading *
read_source(Oid relid, const Grid *grid, int *nreadings)
{
	Source		source = {.relid = relid};
	char	   *query = source_query(&source);
	SourceReadings read = {
		.source = &source, .readings = palloc(FIRST_ROWS * sizeof(Reading)), .is_local = palloc(FIRST_ROWS * sizeof(bool)),
		.allocated = FIRST_ROWS
	};

	source_read(query, take_reading, &read);
	resolve_times(&source, grid, read.readings, read.is_local, read.n);
	pfree(read.is_local);
	*nreadings = read.n;
	return read.readings;
}

/*
 * sg_post_readings(source) -> as with arrays, from the columns principal,
 * kind, amount and, where there are, at and ord of a table or view; a failure
 * has the reading's ord, or else its position.  Times without offset are those
 * of the grid's time zone.
 */
Datum
sg_post_readings_source(PG_FUNCTION_ARGS)
{
	Call		call;
	Reading    *readings;
	int			n;
	bool		is_new;
	ResultRow	result;

	call_begin(&call, fcinfo, "sg_post_readings");
	arg_require_not_null(fcinfo, 0, "source");
	if (call.request)			/* its rows are not read yet */
		request_set_arguments(call.request, NULL);
	is_new = call_act_as_gateway(&call, POSTING_ACTION, POSTING_HINT);
	readings = read_source(PG_GETARG_OID(0), call.grid, &n);
	require_function_exists(fcinfo);
	posting_note_arguments(&call, readings, n);
	if (!is_new)
		return call_answer(&call);
	posting_require_topups_allowed(fcinfo->flinfo->fn_oid, readings, n);
	store_refresh();
	result_begin_set(&result, fcinfo);
	posting_post(&call, readings, n, &result);
	return call_end(&call, (Datum) 0);
}
