/*-------------------------------------------------------------------------
 *
 * load_source.c
 *	  Posting intervals from a table or view, for files: \copy into a staging
 *	  table, then one call.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/source.h"
#include "call/request.h"
#include "metering/load_arguments.h"

PG_FUNCTION_INFO_V1(sg_post_intervals_source);

/* The columns of the query, in their order. */
enum
{
	COLUMN_POINT,
	COLUMN_START,
	COLUMN_VALUE,
	COLUMN_QUALITY,
	COLUMN_ORD,
	COLUMN_COUNT
};

/* A source while it is read. */
typedef struct IntervalSource
{
	Load	   *load;			/* NULL: the call was done already, and its rows are only noted */
	bool		is_kwh;
	Hasher	   *hasher;			/* of what is noted of the rows; NULL: the call has no reference */
} IntervalSource;

SG_NORETURN
static void
error_column(const char *source, const char *message, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("source \"%s\" %s", source, message),
			 errhint("%s", hint)));
}

/* The query for the rows of a relation, in the order of its ord, if it has that.  SG108 if it lacks a column. */
static char *
source_query(Oid relid, bool *is_kwh)
{
	char	   *name = source_name(relid);
	bool		has_ord = get_attnum(relid, "ord") > 0;
	bool		has_quality = get_attnum(relid, "quality") > 0;

	*is_kwh = get_attnum(relid, "kwh") > 0;
	if (get_attnum(relid, "point") <= 0 || get_attnum(relid, "start") <= 0)
		error_column(name, "has no columns \"point\" and \"start\"", "It needs point, start, amount or kwh, and may have quality and ord.");
	if (*is_kwh == (get_attnum(relid, "amount") > 0))
		error_column(name, *is_kwh ? "has both column \"amount\" and column \"kwh\"" : "has neither column \"amount\" nor column \"kwh\"",
					 "One of them says what was measured: in energy units, or in kWh.");
	if (getBaseType(get_atttype(relid, get_attnum(relid, "start"))) != TIMESTAMPTZOID)
		error_column(name, "has a column \"start\" that is not of type timestamp with time zone",
					 "A time without an offset would be one of the session's time zone; sg_import() reads files with local times.");
	return psprintf("SELECT CAST(point AS pg_catalog.text), start, CAST(%s), CAST(%s AS pg_catalog.text), CAST(%s AS pg_catalog.int8) FROM %s%s",
					*is_kwh ? "kwh AS pg_catalog.numeric" : "amount AS pg_catalog.int8",
					has_quality ? "quality" : "NULL", has_ord ? "ord" : "NULL", source_in_sql(relid), has_ord ? " ORDER BY ord" : "");
}

/* Adds a row to what is noted of the arguments. */
static void
note_row(const IntervalSource *source, const Datum *values, const bool *isnull)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
	{
		const void *data = &values[i];
		int32		size = isnull[i] ? -1 : (int32) sizeof(Datum);

		if (!isnull[i] && (i == COLUMN_POINT || i == COLUMN_QUALITY || (i == COLUMN_VALUE && source->is_kwh)))
		{
			data = VARDATA_ANY(DatumGetPointer(values[i]));
			size = VARSIZE_ANY_EXHDR(DatumGetPointer(values[i]));
		}
		hasher_add(source->hasher, &size, sizeof(size));
		if (size > 0)
			hasher_add(source->hasher, data, size);
	}
}

/* The value of a row.  SG104 as load_kwh_of_numeric(). */
static Refusal *
value_of(const IntervalSource *source, Datum datum, bool isnull, LoadValue *value)
{
	value->form = isnull ? VALUE_MISSING : source->is_kwh ? VALUE_KWH : VALUE_UNITS;
	if (isnull)
		return NULL;
	if (source->is_kwh)
		return load_kwh_of_numeric(datum, &value->kwh);
	value->units = DatumGetInt64(datum);
	return NULL;
}

static void
take_row(void *arg, HeapTuple tuple, TupleDesc desc, int64 n)
{
	IntervalSource *source = arg;
	Datum		values[COLUMN_COUNT];
	bool		isnull[COLUMN_COUNT];
	LoadValue	value = {0};
	Quality		quality = QUALITY_MEASURED;
	text	   *point;
	int64		ord;
	Refusal    *refusal;

	heap_deform_tuple(tuple, desc, values, isnull);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (!isnull[i] && (i == COLUMN_POINT || i == COLUMN_QUALITY || (i == COLUMN_VALUE && source->is_kwh)))
			values[i] = PointerGetDatum(PG_DETOAST_DATUM_PACKED(values[i]));
	if (source->hasher)
		note_row(source, values, isnull);
	if (source->load == NULL)
		return;
	ord = isnull[COLUMN_ORD] ? n : DatumGetInt64(values[COLUMN_ORD]);
	if (isnull[COLUMN_POINT] || isnull[COLUMN_START])
	{
		load_refuse(source->load, ord, NULL, refuse(ERRCODE_SG_INVALID_INPUT, "point and start must not be NULL"));
		return;
	}
	point = (text *) DatumGetPointer(values[COLUMN_POINT]);
	refusal = value_of(source, values[COLUMN_VALUE], isnull[COLUMN_VALUE], &value);
	if (refusal == NULL && !isnull[COLUMN_QUALITY])
	{
		text	   *name = (text *) DatumGetPointer(values[COLUMN_QUALITY]);

		refusal = load_quality_of(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &quality);
	}
	if (refusal != NULL)
		load_refuse(source->load, ord, NULL, refusal);
	else
		load_interval(source->load, ord, VARDATA_ANY(point), VARSIZE_ANY_EXHDR(point),
					  DatumGetTimestampTz(values[COLUMN_START]), 0, &value, quality);
}

/*
 * sg_post_intervals(source, label, replace_with, accept_spikes, round) -> as
 * with arrays, from the columns of a table or view; a refused row has its ord,
 * or else its position.  Read with the rights of the caller.
 */
Datum
sg_post_intervals_source(PG_FUNCTION_ARGS)
{
	Call		call;
	LoadOptions options = {.source = "intervals"};
	IntervalSource source = {0};
	Hasher		hasher;
	Digest		digest;
	bool		is_new;
	char	   *query;

	call_begin(&call, fcinfo, "sg_post_intervals");
	arg_require_not_null(fcinfo, 0, "source");
	load_read_options(fcinfo, 1, &options);
	if (call.request)			/* its rows are not read yet */
		request_set_arguments(call.request, NULL);
	is_new = load_act(&call);
	query = source_query(PG_GETARG_OID(0), &source.is_kwh);
	if (is_new)
		source.load = load_begin(&call, fcinfo, &options);
	if (call.request)
	{
		source.hasher = &hasher;
		hasher_open(&hasher);
		hasher_begin(&hasher);
		hasher_add(&hasher, options.label ? options.label : "", options.label ? strlen(options.label) + 1 : 0);
		hasher_add(&hasher, (const int[]) {options.replace, options.accept_spikes, options.round}, 3 * sizeof(int));
	}
	source_read(query, take_row, &source);
	require_function_exists(fcinfo);
	if (call.request)
	{
		hasher_finish(&hasher, &digest);
		hasher_close(&hasher);
		request_set_arguments(call.request, &digest);
	}
	if (!is_new)
		return call_answer(&call);
	(void) load_end(source.load);
	return call_end(&call, (Datum) 0);
}
