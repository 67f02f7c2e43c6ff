/*-------------------------------------------------------------------------
 *
 * history.c
 *	  All values that the slots of a point's day have had.
 *
 * Of a version that one batch made, the values that differ from the version
 * before are that batch's; of one that is a pack, each slot's batch is in the
 * pack; then come the slots that are still open.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "metering/day.h"
#include "metering/history.h"
#include "store/elevated.h"

static void
add_value(History *history, PastValue value)
{
	if (history->n == history->allocated)
	{
		history->allocated = Max(DAY_MAX_SLOTS, 2 * history->allocated);
		history->values = history->values == NULL ? palloc(history->allocated * sizeof(PastValue)) :
			repalloc(history->values, history->allocated * sizeof(PastValue));
	}
	history->values[history->n++] = value;
}

/* Adds what a version has that the one before had not.  batches: of a pack; NULL: batch_id made it. */
static void
add_version(History *history, const DayFrame *frame, const Day *before, const Day *day, int64 batch_id, const Datum *batches)
{
	bool		same_shape = day_shapes_equal(&before->shape, &day->shape);
	int			minutes = day->shape.segment[0].minutes;

	for (int i = 0; i < day->shape.slots; i++)
	{
		int64		by = batches ? DatumGetInt64(batches[i]) : batch_id;
		bool		differs = !same_shape || day->amount[i] != before->amount[i] || day->quality[i] != before->quality[i];
		bool		is_first_missing = before->shape.slots == 0 && day->quality[i] == QUALITY_MISSING;

		if (batches ? by != 0 : differs && !is_first_missing)
			add_value(history, (PastValue) {
				.batch_id = by,
				.start = frame->starts + i * minutes * USECS_PER_MINUTE,
				.minutes = minutes,
				.quality = day->quality[i],
				.amount = day->amount[i]
			});
	}
}

/* Adds the versions of a point's day, and returns when the latest was recorded.  XX001 if a pack does not fit its day. */
static TimestampTz
add_versions(History *history, const DayFrame *frame, int64 point_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT d.batch_id, d.recorded_at, p.batches, d.data FROM smartgrid.interval_day AS d"
		" LEFT JOIN smartgrid.interval_pack AS p ON p.pack_id = d.batch_id"
		" WHERE d.day = $1 AND d.point_id = $2 ORDER BY d.version",
		.nargs = 2,
		.argtypes = {DATEOID, INT8OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {DateADTGetDatum(frame->date), Int64GetDatum(point_id)};
	Day			versions[2] = {{.shape = {.slots = 0}}, {.shape = {.slots = 0}}};
	TimestampTz latest = DT_NOBEGIN;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		Day		   *day = &versions[i % 2];
		MemoryContext spi;
		Datum	   *batches = NULL;
		Datum		pack;
		bool		isnull;
		bool		is_plain;
		int			nbatches = 0;

		latest = DatumGetTimestampTz(elevated_value(i, 2, TIMESTAMPTZOID));
		pack = elevated_column(tuple, desc, 3, INT8ARRAYOID, &is_plain);
		day_of_datum(heap_getattr(tuple, 4, desc, &isnull), day);
		if (!is_plain)
			deconstruct_array(DatumGetArrayTypeP(pack), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &batches, NULL, &nbatches);
		if (!is_plain && nbatches != day->shape.slots)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("the pack of metering point number " INT64_FORMAT " has %d slots, its day %d", point_id, nbatches, day->shape.slots),
					 errhint("Run sg_check().")));
		spi = MemoryContextSwitchTo(caller);
		add_version(history, frame, &versions[(i + 1) % 2], day, DatumGetInt64(elevated_value(i, 1, INT8OID)), batches);
		MemoryContextSwitchTo(spi);
	}
	elevated_end(&elevation);
	return latest;
}

/* Adds the open slots of a point that are in no version. */
static void
add_open(History *history, const OpenDay *open, int64 point_id, TimestampTz after)
{
	int			point = on_record_open_point(open, point_id);

	if (point < 0)
		return;
	for (int i = open->first[point]; i < open->first[point + 1]; i++)
	{
		const OpenRow *row = &open->rows[open->entries[i].row];

		if (row->recorded_at > after)
			add_value(history, (PastValue) {
				.batch_id = row->batch_id,
				.start = row->start,
				.minutes = row->minutes,
				.quality = open->entries[i].quality,
				.amount = open->entries[i].amount
			});
	}
}

/*
 * Reads the values of a point's day, in the active snapshot, into the current
 * memory context.  open: what is open of the day (on_record_open()).
 */
void
history_read(History *history, const DayFrame *frame, int64 point_id, const OpenDay *open)
{
	TimestampTz latest;

	*history = (History) {0};
	latest = add_versions(history, frame, point_id);
	add_open(history, open, point_id, latest);
}
