/*-------------------------------------------------------------------------
 *
 * batch_lines_read.c
 *	  The canonical lines of a batch, from what is on record of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "metering/batch_lines.h"
#include "metering/day.h"
#include "metering/open_codec.h"
#include "store/elevated.h"

#define FETCH_ROWS	1000

/* What a row has lines of. */
enum
{
	LINES_OF_DAY,				/* a version that the batch made */
	LINES_OF_PACK,				/* the slots of the day that came by the batch */
	LINES_OF_SLOT				/* one slot of one point */
};

/* A row of the query that finds them. */
enum
{
	COLUMN_DAY = 1,
	COLUMN_FORM,
	COLUMN_POINT,
	COLUMN_FITS,
	COLUMN_DATA,
	COLUMN_BEFORE,
	COLUMN_BATCHES,
	COLUMN_START,
	COLUMN_MINUTES,
	COLUMN_AMOUNT,
	COLUMN_QUALITY
};

/* Are two days of the same slots? */
static bool
same_shape(const DayShape *one, const DayShape *other)
{
	return one->slots == other->slots && one->segments == other->segments && one->segment[0].minutes == other->segment[0].minutes;
}

/*
 * Adds the slots of a packed day that came by a batch; before: the version
 * before, NULL if there is none.  False if a slot that came by no batch is not as
 * it was before.
 */
static bool
add_pack(BatchLines *lines, DateADT date, const char *point, const Day *day, const Day *before, Datum batches, int64 batch_id)
{
	TimestampTz times[DAY_MAX_SLOTS + 1];
	Datum	   *elements;
	int			n;
	bool		is_as_before = true;

	deconstruct_array(DatumGetArrayTypeP(batches), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, NULL, &n);
	day_times(&day->shape, date, times);
	if (before && !same_shape(&before->shape, &day->shape))
		before = NULL;
	for (int i = 0; i < day->shape.slots; i++)
	{
		int64		came_by = i < n ? DatumGetInt64(elements[i]) : 0;
		FoldEntry	slot = {
			.start = times[i],
			.minutes = day->shape.segment[0].minutes,
			.amount = day->amount[i],
			.quality = day->quality[i]
		};

		if (came_by == batch_id)
			batch_lines_slot(lines, point, &slot);
		else if (came_by == 0)
			is_as_before &= slot.amount == (before ? before->amount[i] : 0) &&
				slot.quality == (before ? before->quality[i] : QUALITY_MISSING);
	}
	return is_as_before;
}

/* Adds the lines of a row; false if something of it is not as the batch has left it. */
static bool
add_row(BatchLines *lines, HeapTuple tuple, TupleDesc desc, DateADT date, int64 batch_id)
{
	bool		isnull;
	int			form = DatumGetInt32(elevated_column(tuple, desc, COLUMN_FORM, INT4OID, &isnull));
	char	   *point = TextDatumGetCString(elevated_column(tuple, desc, COLUMN_POINT, TEXTOID, &isnull));
	bool		fits = DatumGetBool(elevated_column(tuple, desc, COLUMN_FITS, BOOLOID, &isnull)) && !isnull;
	Day			day;
	Day			before;
	bool		is_first;
	Datum		version_before;
	Datum		batches;

	if (form == LINES_OF_SLOT)
	{
		FoldEntry	slot = {
			.start = DatumGetTimestampTz(elevated_column(tuple, desc, COLUMN_START, TIMESTAMPTZOID, &isnull)),
			.minutes = DatumGetInt16(elevated_column(tuple, desc, COLUMN_MINUTES, INT2OID, &isnull)),
			.amount = DatumGetInt64(elevated_column(tuple, desc, COLUMN_AMOUNT, INT8OID, &isnull)),
			.quality = (uint8) DatumGetInt16(elevated_column(tuple, desc, COLUMN_QUALITY, INT2OID, &isnull))
		};

		batch_lines_slot(lines, point, &slot);
		return fits;
	}
	day_of_datum(heap_getattr(tuple, COLUMN_DATA, desc, &isnull), &day);
	version_before = heap_getattr(tuple, COLUMN_BEFORE, desc, &is_first);
	if (!is_first)
		day_of_datum(version_before, &before);
	if (form == LINES_OF_DAY)
	{
		batch_lines_version(lines, date, point, &day, is_first ? NULL : &before);
		return fits;
	}
	batches = elevated_column(tuple, desc, COLUMN_BATCHES, INT8ARRAYOID, &isnull);
	return add_pack(lines, date, point, &day, is_first ? NULL : &before, batches, batch_id) && fits;
}

/*
 * Adds all lines of a batch of a grid, day by day, points as they were called
 * when it was recorded (or first, if the batch itself has made them since).  Reads in the active snapshot.  22P03 if what is on
 * record is damaged.
 *
 * Once the batch is on record, false says that it is not as the batch, and
 * who packed its slots since, have left it, though the lines may be: other
 * recorded times, another grid, or slots of a packed day that came by no batch
 * and are not as they were before.
 */
bool
batch_lines_read(BatchLines *lines, const Batch *batch, int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.day, s.form, n.name, s.fits, s.data, s.before, s.batches, s.start, s.minutes, s.amount, s.quality FROM ("
		" SELECT d.day, 0 AS form, d.point_id, d.recorded_at = $3 AND d.grid_id = $2 AS fits, d.data, v.data AS before, NULL::bigint[] AS batches,"
		" NULL::timestamptz AS start, NULL::smallint AS minutes, NULL::bigint AS amount, NULL::smallint AS quality"
		" FROM smartgrid.interval_day AS d"
		" LEFT JOIN smartgrid.interval_day AS v ON v.day = d.day AND v.point_id = d.point_id AND v.version = d.version - 1 AND d.version > 1"
		" WHERE d.batch_id = $1 AND d.day BETWEEN $4 AND $5"
		" UNION ALL"
		" SELECT d.day, 1, d.point_id, d.grid_id = $2 AND d.recorded_at = p.recorded_at, d.data, v.data, p.batches, NULL, NULL, NULL, NULL"
		" FROM (SELECT o.*, (SELECT max(b.recorded_at) FROM smartgrid.batch AS b WHERE b.batch_id = ANY (o.batches)) AS recorded_at"
		" FROM smartgrid.interval_pack AS o WHERE o.grid_id = $2 AND o.day BETWEEN $4 AND $5 AND $1 = ANY (o.batches) OFFSET 0) AS p"
		" JOIN smartgrid.interval_day AS d ON d.day = p.day AND d.batch_id = p.pack_id"
		" LEFT JOIN smartgrid.interval_day AS v ON v.day = d.day AND v.point_id = d.point_id AND v.version = d.version - 1"
		" UNION ALL"
		" SELECT o.day, 2, v.point_id, o.recorded_at = $3, NULL, NULL, NULL, o.start, o.minutes, v.amount, v.quality"
		" FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v"
		" WHERE o.grid_id = $2 AND o.day BETWEEN $4 AND $5 AND o.batch_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.interval_day AS d WHERE d.day = o.day AND d.point_id = v.point_id AND d.recorded_at >= o.recorded_at)"
		") AS s JOIN smartgrid.point_name AS n ON n.point_id = s.point_id AND $3 < n.superseded_at"
		" AND (n.recorded_at <= $3 OR NOT EXISTS (SELECT FROM smartgrid.point_name AS e WHERE e.point_id = n.point_id AND e.recorded_at < n.recorded_at))"
		" ORDER BY s.day",
		.nargs = 5,
		.argtypes = {INT8OID, INT4OID, TIMESTAMPTZOID, DATEOID, DATEOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(batch->batch_id), Int32GetDatum(grid_id), TimestampTzGetDatum(batch->recorded_at),
		DateADTGetDatum(batch->first_day), DateADTGetDatum(batch->last_day)
	};
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "smartgrid row of a batch", ALLOCSET_DEFAULT_SIZES);
	Portal		portal;
	DateADT		date = batch->first_day;
	bool		fits = true;

	elevated_begin(&elevation);
	portal = elevated_open(&plan, values);
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, FETCH_ROWS);
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			HeapTuple	tuple = SPI_tuptable->vals[i];
			MemoryContext outer = MemoryContextSwitchTo(row);
			bool		isnull;
			DateADT		day = DatumGetDateADT(elevated_column(tuple, SPI_tuptable->tupdesc, COLUMN_DAY, DATEOID, &isnull));

			if (day != date)
				batch_lines_end_day(lines);
			date = day;
			fits &= add_row(lines, tuple, SPI_tuptable->tupdesc, date, batch->batch_id);
			MemoryContextSwitchTo(outer);
			MemoryContextReset(row);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	elevated_end(&elevation);
	batch_lines_end_day(lines);
	MemoryContextDelete(row);
	return fits;
}
