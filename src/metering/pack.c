/*-------------------------------------------------------------------------
 *
 * pack.c
 *	  Packing: slots that came one by one become versions of days.
 *
 * A version that is made of them says by its pack which batch each slot came by,
 * and is recorded when its last slot was: what was on record at any time before
 * can still be told.  A slot that came twice makes two versions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/interval_lock.h"
#include "metering/load.h"
#include "metering/pack.h"
#include "metering/recording.h"
#include "settings.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_pack_intervals);

/* The local day of a date. */
DayFrame
pack_frame(DateADT date, pg_tz *zone)
{
	return (DayFrame) {
		.date = date,
		.starts = zone_midnight(date + POSTGRES_EPOCH_JDATE, zone),
		.ends = zone_midnight(date + 1 + POSTGRES_EPOCH_JDATE, zone)
	};
}

/* Is a local day made of whole slots of so many minutes, and of no more than a day can have? */
bool
pack_frame_fits(const DayFrame *frame, int minutes)
{
	int64		slot = minutes * USECS_PER_MINUTE;

	return frame->ends > frame->starts && (frame->ends - frame->starts) % slot == 0 && (frame->ends - frame->starts) / slot <= DAY_MAX_SLOTS;
}

/* The shape of a local day with slots of so many minutes. */
void
pack_shape(const DayFrame *frame, int minutes, DayShape *shape)
{
	int			slots = (int) ((frame->ends - frame->starts) / (minutes * USECS_PER_MINUTE));

	*shape = (DayShape) {.offset = (int) ((frame->date * USECS_PER_DAY - frame->starts) / USECS_PER_SEC)};
	if (day_add_segment(shape, slots, minutes) != NULL)
		elog(ERROR, "a day of %d slots", slots);
}

/* A day with slots of so many minutes as a version has it; all missing if there is none, or its slots are of another length. */
void
pack_base(const DayVersion *version, const DayFrame *frame, int minutes, Day *day)
{
	pack_shape(frame, minutes, &day->shape);
	if (version->version > 0 && version->day.shape.segments == 1 && version->day.shape.slots == day->shape.slots &&
		version->day.shape.segment[0].minutes == minutes)
	{
		memcpy(day->amount, version->day.amount, day->shape.slots * sizeof(int64));
		memcpy(day->quality, version->day.quality, day->shape.slots);
	}
	else
	{
		memset(day->amount, 0, day->shape.slots * sizeof(int64));
		memset(day->quality, QUALITY_MISSING, day->shape.slots);
	}
}

/* A version that is being put together, and which batch each of its slots came by. */
typedef struct Folding
{
	int			minutes;
	TimestampTz recorded_at;
	int64		batches[DAY_MAX_SLOTS];
} Folding;

/* Writes what has been put together, which is the latest version then. */
static void
write_version(DayWriter *writer, const DayFrame *frame, int64 point_id, DayVersion *version, const Folding *folding)
{
	int64		pack_id = day_writer_pack(writer, frame->date, folding->batches, version->day.shape.slots);

	version->version++;
	version->recorded_at = folding->recorded_at;
	day_writer_version(writer, frame->date, point_id, version->version, pack_id, folding->recorded_at, &version->day);
}

/* Begins to put a version together of slots of so many minutes. */
static void
begin_version(const DayFrame *frame, int minutes, DayVersion *version, Folding *folding)
{
	Day			day;

	pack_base(version, frame, minutes, &day);
	version->day = day;
	folding->minutes = minutes;
	memset(folding->batches, 0, day.shape.slots * sizeof(int64));
}

/* Folds slots, as they were recorded, into a point's day; version: the latest, before and after. */
void
pack_fold(DayWriter *writer, const DayFrame *frame, int64 point_id, DayVersion *version, const FoldEntry *entries, int n)
{
	Folding		folding;

	for (int i = 0; i < n; i++)
	{
		const FoldEntry *entry = &entries[i];
		int			slot = (int) ((entry->start - frame->starts) / (entry->minutes * USECS_PER_MINUTE));

		if (i == 0)
			begin_version(frame, entry->minutes, version, &folding);
		else if (entry->minutes != folding.minutes || folding.batches[slot] != 0)
		{
			write_version(writer, frame, point_id, version, &folding);
			begin_version(frame, entry->minutes, version, &folding);
		}
		version->day.amount[slot] = entry->amount;
		version->day.quality[slot] = entry->quality;
		folding.batches[slot] = entry->batch_id;
		folding.recorded_at = entry->recorded_at;
	}
	if (n > 0)
		write_version(writer, frame, point_id, version, &folding);
}

/* Removes the open slots of a day, which are folded. */
void
pack_remove_open(int32 grid_id, DateADT date)
{
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.open_slot WHERE grid_id = $1 AND day = $2",
		.nargs = 2,
		.argtypes = {INT4OID, DATEOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), DateADTGetDatum(date)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Folds the open slots of a point that are not in its latest version. */
static void
pack_point(DayWriter *writer, const DayFrame *frame, const OpenDay *open, int point, DayCursor *versions)
{
	int			first = open->first[point];
	int			n = 0;
	FoldEntry  *entries = palloc((open->first[point + 1] - first) * sizeof(FoldEntry));
	DayVersion	version;

	on_record_version(versions, open->points[point], &version);
	for (int i = first; i < open->first[point + 1]; i++)
	{
		const OpenRow *row = &open->rows[open->entries[i].row];

		if (row->recorded_at > version.recorded_at)
			entries[n++] = (FoldEntry) {
				.start = row->start,
				.minutes = row->minutes,
				.quality = open->entries[i].quality,
				.amount = open->entries[i].amount,
				.batch_id = row->batch_id,
				.recorded_at = row->recorded_at
			};
	}
	pack_fold(writer, frame, open->points[point], &version, entries, n);
}

/*
 * Packs a day of a grid, and returns how many versions that made.  The caller
 * has all locks of the grid's intervals, and a snapshot since.
 */
static int64
pack_day(int32 grid_id, const DayFrame *frame)
{
	MemoryContext day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid packing", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(day);
	MemoryContext point = AllocSetContextCreate(day, "smartgrid packing of a point", ALLOCSET_DEFAULT_SIZES);
	OpenDay    *open = on_record_open(grid_id, frame->date, frame->starts, frame->ends);
	DayWriter  *writer = day_writer_begin(grid_id);
	DayCursor	versions;
	int64		written;

	on_record_begin(&versions, frame->date);
	for (int i = 0; open != NULL && i < open->npoints; i++)
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(point);
		pack_point(writer, frame, open, i, &versions);
		MemoryContextSwitchTo(day);
		MemoryContextReset(point);
	}
	on_record_end(&versions);
	written = day_writer_end(writer);
	pack_remove_open(grid_id, frame->date);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(day);
	store_refresh();
	return written;
}

/*
 * Packs the first day that has open slots, if it is smartgrid.pack_after since
 * its end, and nobody else is loading: whoever loads does so.
 */
void
pack_if_due(const Grid *grid, pg_tz *zone)
{
	int32		grid_id = grid->form.grid_id;
	DateADT		date;
	DayFrame	frame;

	if (!on_record_first_open_day(grid_id, DATEVAL_NOBEGIN, &date))
		return;
	frame = pack_frame(date, zone);
	if (frame.ends + setting_pack_after * USECS_PER_MINUTE > GetCurrentTimestamp() || !interval_try_lock_all(grid_id))
		return;
	store_refresh();
	(void) pack_day(grid_id, &frame);
}

/*
 * sg_pack_intervals(before) -> number of versions: slots that came one by one
 * become versions of days, of all days before that date that are over; NULL:
 * of those that ended longer than smartgrid.pack_after ago.  For gateways and
 * operators.
 *
 * Locks: the settlement lock shared, all locks of the grid's intervals.
 */
Datum
sg_pack_intervals(PG_FUNCTION_ARGS)
{
	Call		call;
	bool		has_limit = !PG_ARGISNULL(0);
	DateADT		before = has_limit ? PG_GETARG_DATEADT(0) : DATEVAL_NOEND;
	DateADT		after = DATEVAL_NOBEGIN;
	DateADT		date;
	int64		written = 0;
	pg_tz	   *zone;

	call_begin(&call, fcinfo, "sg_pack_intervals");
	if (!load_act(&call))
		return call_answer(&call);
	recording_share(call.grid->form.grid_id);
	interval_lock_all(call.grid->form.grid_id);
	store_refresh();
	zone = zone_of_grid(call.grid);
	while (on_record_first_open_day(call.grid->form.grid_id, after, &date) && date < before)
	{
		DayFrame	frame = pack_frame(date, zone);

		if (frame.ends + (has_limit ? 0 : setting_pack_after * USECS_PER_MINUTE) > GetCurrentTimestamp())
			break;
		written += pack_day(call.grid->form.grid_id, &frame);
		after = date;
	}
	return call_end(&call, Int64GetDatum(written));
}
