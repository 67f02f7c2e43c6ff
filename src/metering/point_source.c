/*-------------------------------------------------------------------------
 *
 * point_source.c
 *	  Setting the metering points of a table or view.
 *
 * Its rows are those of as many single calls in one transaction, in their order;
 * one that is refused is returned with its position, SQLSTATE and message.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "base/source.h"
#include "call/call.h"
#include "call/request.h"
#include "call/request_form.h"
#include "grid/zone.h"
#include "metering/point.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_set_points);

#define FIRST_ROWS		10000

/* A row of a source, and its position. */
typedef struct SourceRow
{
	int64		ord;
	PointRow	row;
} SourceRow;

/* The columns of a source, as arguments of sg_set_point(); all but the first may be missing. */
static const struct
{
	const char *name;
	const char *type;
}			columns[] = {
	{"point", "text"}, {"valid_from", "timestamptz"}, {"owner", "text"}, {"kind", "text"}, {"resolution", "interval"},
	{"capacity", "numeric"}, {"meter", "text"}, {"neighbour", "text"}, {"class", "text"}, {"role", "text"}
};

enum
{
	COLUMN_POINT,
	COLUMN_VALID_FROM,
	COLUMN_OWNER,
	COLUMN_KIND,
	COLUMN_RESOLUTION,
	COLUMN_CAPACITY,
	COLUMN_METER,
	COLUMN_NEIGHBOUR,
	COLUMN_CLASS,
	COLUMN_ROLE,
	COLUMN_ORD,
	COLUMN_COUNT
};

/* The text of a text column, a copy; NULL if it is NULL. */
static char *
text_of(const Datum *values, const bool *isnull, int column)
{
	return isnull[column] ? NULL : TextDatumGetCString(values[column]);
}

/* The query for the rows of a relation; SG108 if it has no column point. */
static char *
source_query(Oid relid, bool *has_valid_from)
{
	char	   *name = source_name(relid);
	const char *position = source_has_ctid(relid) ? "row_number() OVER (ORDER BY ctid)" : "row_number() OVER ()";
	StringInfoData query;

	if (get_attnum(relid, columns[COLUMN_POINT].name) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source \"%s\" has no column \"point\"", name),
				 errhint("It needs point, and may have ord and columns that are named as the arguments of sg_set_point().")));
	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT ");
	for (int i = 0; i < (int) lengthof(columns); i++)
		appendStringInfo(&query, "CAST(%s AS pg_catalog.%s), ",
						 get_attnum(relid, columns[i].name) > 0 ? quote_identifier(columns[i].name) : "NULL", columns[i].type);
	appendStringInfo(&query, "CAST(%s AS pg_catalog.int8) AS position FROM %s ORDER BY position",
					 get_attnum(relid, "ord") > 0 ? "ord" : position, source_in_sql(relid));
	*has_valid_from = get_attnum(relid, columns[COLUMN_VALID_FROM].name) > 0;
	return query.data;
}

/* A row as the source has it, in the current memory context. */
static SourceRow
row_of(HeapTuple tuple, TupleDesc desc, int64 n)
{
	Datum		values[COLUMN_COUNT];
	bool		isnull[COLUMN_COUNT];
	SourceRow	row = {0};

	heap_deform_tuple(tuple, desc, values, isnull);
	row.ord = isnull[COLUMN_ORD] ? n : DatumGetInt64(values[COLUMN_ORD]);
	row.row.point = text_of(values, isnull, COLUMN_POINT);
	row.row.has_valid_from = !isnull[COLUMN_VALID_FROM];
	row.row.valid_from = isnull[COLUMN_VALID_FROM] ? 0 : DatumGetTimestampTz(values[COLUMN_VALID_FROM]);
	row.row.owner = text_of(values, isnull, COLUMN_OWNER);
	row.row.kind = text_of(values, isnull, COLUMN_KIND);
	if (!isnull[COLUMN_RESOLUTION])
	{
		row.row.resolution = palloc(sizeof(Interval));
		*row.row.resolution = *DatumGetIntervalP(values[COLUMN_RESOLUTION]);
	}
	row.row.capacity = isnull[COLUMN_CAPACITY] ? NULL : DatumGetNumericCopy(values[COLUMN_CAPACITY]);
	row.row.meter = text_of(values, isnull, COLUMN_METER);
	row.row.neighbour = text_of(values, isnull, COLUMN_NEIGHBOUR);
	row.row.class = text_of(values, isnull, COLUMN_CLASS);
	row.row.role = text_of(values, isnull, COLUMN_ROLE);
	return row;
}

/* The rows of a source as far as they are read. */
typedef struct SourceRows
{
	SourceRow  *rows;
	int			n;
	int			allocated;
} SourceRows;

static void
take_row(void *arg, HeapTuple tuple, TupleDesc desc, int64 n)
{
	SourceRows *read = arg;

	if (read->n == read->allocated)
	{
		read->allocated *= 2;
		read->rows = repalloc_huge(read->rows, read->allocated * sizeof(SourceRow));
	}
	read->rows[read->n++] = row_of(tuple, desc, n);
}

/* Reads all rows of a relation, with the rights of the caller, into the current memory context. */
static SourceRow *
read_source(Oid relid, int *nrows, bool *has_valid_from)
{
	char	   *query = source_query(relid, has_valid_from);
	SourceRows	read = {palloc(FIRST_ROWS * sizeof(SourceRow)), 0, FIRST_ROWS};

	source_read(query, take_row, &read);
	*nrows = read.n;
	return read.rows;
}

static void
append_text_or_null(StringInfo form, const char *text)
{
	if (text)
		request_append_text(form, text);
	appendStringInfoChar(form, ' ');
}

/* If the call has a reference: these are its arguments. */
static void
note_arguments(Call *call, const SourceRow *rows, int n, bool correct)
{
	StringInfoData form;
	Hasher	   *hasher = hasher_of_session();
	Digest		digest;

	if (call->request == NULL)
		return;
	initStringInfo(&form);
	hasher_begin(hasher);
	hasher_add(hasher, correct ? "t" : "f", 1);
	for (int i = 0; i < n; i++)
	{
		const PointRow *row = &rows[i].row;

		CHECK_FOR_INTERRUPTS();
		resetStringInfo(&form);
		appendStringInfo(&form, INT64_FORMAT " ", rows[i].ord);
		append_text_or_null(&form, row->point);
		if (row->has_valid_from)
			appendStringInfo(&form, INT64_FORMAT, row->valid_from);
		if (row->resolution)
			appendStringInfo(&form, " %d %d " INT64_FORMAT, row->resolution->month, row->resolution->day, row->resolution->time);
		appendStringInfoChar(&form, ' ');
		append_text_or_null(&form, row->owner);
		append_text_or_null(&form, row->kind);
		append_text_or_null(&form, row->capacity ? numeric_normalize(row->capacity) : NULL);
		append_text_or_null(&form, row->meter);
		append_text_or_null(&form, row->neighbour);
		append_text_or_null(&form, row->class);
		append_text_or_null(&form, row->role);
		hasher_add(hasher, form.data, form.len);
	}
	hasher_finish(hasher, &digest);
	pfree(form.data);
	request_set_arguments(call->request, &digest);
}

/* Sets the points of all rows, and puts those that are refused into result. */
static void
set_points(PointChange *change, SourceRow *rows, int n, bool has_valid_from, ResultRow *result)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid point", ALLOCSET_DEFAULT_SIZES);
	TimestampTz always = has_valid_from ? 0 : zone_midnight(UNIX_EPOCH_JDATE, change->zone);

	for (int i = 0; i < n; i++)
	{
		MemoryContext outer = MemoryContextSwitchTo(row_context);
		PointRow   *row = &rows[i].row;
		Refusal    *refusal;

		CHECK_FOR_INTERRUPTS();
		if (!has_valid_from)
		{
			row->valid_from = always;
			row->has_valid_from = true;
		}
		refusal = refuse_point_arguments(row);
		if (refusal == NULL)
			refusal = point_set(change, row);
		if (refusal != NULL)
			result_refused(result, rows[i].ord, refusal);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row_context);
	}
	MemoryContextDelete(row_context);
}

/*
 * sg_set_points(source, correct) -> the rows that were refused: position,
 * SQLSTATE, message.  The columns of the table or view are named as the
 * arguments of sg_set_point(), and may be missing; without valid_from it is
 * midnight of 1970-01-01 in the grid's time zone.  For operators.
 *
 * Checks: SG108 NULL, no column point; of each row as sg_set_point().
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_points(PG_FUNCTION_ARGS)
{
	Call		call;
	PointChange change;
	SourceRow  *rows;
	int			n;
	bool		correct;
	bool		is_new;
	bool		has_valid_from;
	ResultRow	result;

	call_begin(&call, fcinfo, "sg_set_points");
	arg_require_not_null(fcinfo, 0, "source");
	correct = arg_bool(fcinfo, 1, "correct");
	if (call.request)			/* its rows are not read yet */
		request_set_arguments(call.request, NULL);
	is_new = call_operate(&call, "set metering points");
	rows = read_source(PG_GETARG_OID(0), &n, &has_valid_from);
	require_function_exists(fcinfo);
	note_arguments(&call, rows, n, correct);
	if (!is_new)
		return call_answer(&call);
	store_refresh();
	result_begin_set(&result, fcinfo);
	point_begin_change(&change, call.grid, correct);
	set_points(&change, rows, n, has_valid_from, &result);
	recording_end(&change.recording);
	return call_end(&call, (Datum) 0);
}
