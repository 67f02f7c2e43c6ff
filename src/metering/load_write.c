/*-------------------------------------------------------------------------
 *
 * load_write.c
 *	  Writing what a load has gathered, day by day and point by point.
 *
 * A point's day becomes a version if there is one already, if all its slots are
 * there, or if the load has at least half of them; until then, and while the day
 * is not over, slots stay open: rows of one slot of many points.  A load that is
 * written in parts leaves none open: a slot's row would be in several parts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "metering/batch_lines.h"
#include "metering/interval_lock.h"
#include "metering/load_earlier.h"
#include "metering/load_merge.h"
#include "metering/recording.h"

/* Values of an open slot, of several points. */
typedef struct OpenSlot
{
	TimestampTz start;
	int			minutes;
	int			n;
	int			allocated;
	OpenValue  *values;
} OpenSlot;

/* A day while it is written. */
typedef struct DayWork
{
	Load	   *load;
	const DayFrame *frame;
	DayWriter  *writer;
	bool		is_over;
	DayCursor	versions;
	bool		reads_all_open;
	OpenDay    *open;			/* what came one by one: all, or of the slots that rows are of */
	int			nfolded;		/* points of these of which nothing is open any more */
	int			nslots;
	int			allocated;
	OpenSlot   *slots;			/* to be written */
	MemoryContext day;			/* for this day */
	MemoryContext place;		/* for what is needed of a place only */
} DayWork;

/* Begins the batch, once what is needed is locked. */
static void
begin_batch(Load *load)
{
	store_refresh();
	load->batch.batch_id = batch_next_id();
	load->batch.recorded_at = recording_time_of_readings(load->grid->form.grid_id);
	load->lines = batch_lines_begin(load->context);
	load->writes = true;
}

/* Takes all locks of the grid's intervals, and begins the batch. */
void
load_lock_all(Load *load)
{
	interval_lock_all(load->grid->form.grid_id);
	begin_batch(load);
}

/* Locks the points of places, or all if more rows may come, and begins the batch. */
static void
lock_places(Load *load, LoadPlace *const *places, LoadRest rest)
{
	Bitmapset  *locks = NULL;

	if (rest == MORE_ROWS_MAY_COME)
	{
		load_lock_all(load);
		return;
	}
	for (int i = 0; i < load->nplaces; i++)
		locks = bms_add_member(locks, interval_lock_of(places[i]->point->point_id));
	interval_lock(load->grid->form.grid_id, locks);
	bms_free(locks);
	begin_batch(load);
}

/* The values that are to be open of a slot. */
static OpenSlot *
open_slot(DayWork *work, TimestampTz start, int minutes)
{
	OpenSlot   *slot = work->nslots > 0 ? &work->slots[work->nslots - 1] : NULL;

	if (slot != NULL && slot->start == start && slot->minutes == minutes)
		return slot;
	for (int i = 0; i < work->nslots; i++)
		if (work->slots[i].start == start && work->slots[i].minutes == minutes)
			return &work->slots[i];
	if (work->nslots == work->allocated)
	{
		work->allocated = Max(16, 2 * work->allocated);
		work->slots = work->slots == NULL ? MemoryContextAlloc(work->day, work->allocated * sizeof(OpenSlot)) :
			repalloc(work->slots, work->allocated * sizeof(OpenSlot));
	}
	slot = &work->slots[work->nslots++];
	*slot = (OpenSlot) {.start = start, .minutes = minutes, .allocated = 16};
	slot->values = MemoryContextAlloc(work->day, slot->allocated * sizeof(OpenValue));
	return slot;
}

/* Lets what is new stay open. */
static void
leave_open(DayWork *work, const LoadPlace *place, const Merge *merge)
{
	int			n = merge->day.shape.slots;

	for (int i = marked_slot(merge->changed, 0, n); i < n; i = marked_slot(merge->changed, i + 1, n))
	{
		FoldEntry	entry = {.minutes = place->minutes, .amount = merge->day.amount[i], .quality = merge->day.quality[i]};
		OpenSlot   *slot;

		entry.start = place->frame->starts + i * place->minutes * USECS_PER_MINUTE;
		slot = open_slot(work, entry.start, place->minutes);
		if (slot->n == slot->allocated)
		{
			slot->allocated *= 2;
			slot->values = repalloc_huge(slot->values, slot->allocated * sizeof(OpenValue));
		}
		slot->values[slot->n++] = (OpenValue) {place->point->point_id, merge->day.amount[i], merge->day.quality[i]};
		batch_lines_slot(work->load->lines, place->point->name, &entry);
	}
}

/* Folds what was open and what is new into the day. */
static void
fold(DayWork *work, const LoadPlace *place, Merge *merge)
{
	const Batch *batch = &work->load->batch;
	FoldEntry  *entries = palloc((merge->npending + merge->nchanged) * sizeof(FoldEntry));
	int			n = merge->npending;
	int			nslots = merge->day.shape.slots;

	memcpy(entries, merge->pending, n * sizeof(FoldEntry));
	for (int i = marked_slot(merge->changed, 0, nslots); i < nslots; i = marked_slot(merge->changed, i + 1, nslots))
	{
		entries[n] = (FoldEntry) {
			.start = place->frame->starts + i * place->minutes * USECS_PER_MINUTE,
			.minutes = place->minutes,
			.quality = merge->day.quality[i],
			.amount = merge->day.amount[i],
			.batch_id = batch->batch_id,
			.recorded_at = batch->recorded_at
		};
		batch_lines_slot(work->load->lines, place->point->name, &entries[n++]);
	}
	pack_fold(work->writer, place->frame, place->point->point_id, &merge->version, entries, n);
}

/* Writes what has changed of a place, as a version or as open slots. */
static void
write_place(DayWork *work, const LoadPlace *place, Merge *merge, const PlaceValues *values)
{
	const Batch *batch = &work->load->batch;
	bool		is_due = work->load->in_parts ||
		(work->is_over && work->reads_all_open && (2 * values->ngiven >= merge->day.shape.slots || merge_is_complete(merge, place)));

	if (merge->npending > 0 && (is_due || merge->version.version > 0))
		fold(work, place, merge);
	else if (merge->version.version > 0 || is_due)
	{
		day_writer_version(work->writer, place->frame->date, place->point->point_id, merge->version.version + 1,
						   batch->batch_id, batch->recorded_at, &merge->day);
		batch_lines_version(work->load->lines, place->frame->date, place->point->name, &merge->day,
							merge->version.version > 0 ? &merge->version.day : NULL);
	}
	else
	{
		leave_open(work, place, merge);
		return;
	}
	merge->npending = 0;
}

/* Notes that the batch has new versions of a day. */
static void
note_day(Batch *batch, DateADT date)
{
	batch->first_day = Min(batch->first_day, date);
	batch->last_day = Max(batch->last_day, date);
}

/* Takes the rows of a place. */
static void
take_place(DayWork *work, const LoadPlace *place, const int *rows)
{
	Load	   *load = work->load;
	MemoryContext outer = MemoryContextSwitchTo(work->place);
	PlaceValues values;
	Merge		merge;
	int			open_point;

	load_accept_rows(load, place, rows, &values);
	if (values.ngiven > 0)
	{
		merge_begin(&merge, place->frame, place->minutes, place->point->point_id, &work->versions);
		open_point = on_record_open_point(work->open, place->point->point_id);
		merge_pending(&merge, work->open, open_point);
		load_refuse_repeated(load, place, &merge, &values);
		merge_values(&merge, &values, load->options.replace, &load->batch);
		if (merge.nchanged > 0)
		{
			note_day(&load->batch, place->frame->date);
			write_place(work, place, &merge, &values);
		}
		if (open_point >= 0 && merge.npending == 0)
			work->nfolded++;
		load_note_given(&values);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextReset(work->place);
}

/* What rows have on a day. */
typedef struct GivenSlots
{
	TimestampTz from;
	TimestampTz to;				/* begin from .. to - 1 */
	int			starts;			/* no point has more */
	int			least;			/* slots of a day of the points, at least */
} GivenSlots;

static GivenSlots
given_slots(const Load *load, LoadPlace *const *places, int n, const int *rows)
{
	const DayFrame *frame = places[0]->frame;
	GivenSlots	given = {.from = frame->ends, .to = frame->starts, .least = DAY_MAX_SLOTS};
	bool		seen[DAY_MAX_SLOTS] = {false};

	for (int p = 0; p < n; p++)
	{
		int64		minutes = places[p]->minutes * USECS_PER_MINUTE;

		for (int i = places[p]->first; i < places[p]->first + places[p]->n; i++)
		{
			int			slot = load->rows[rows[i]].slot;

			given.from = Min(given.from, frame->starts + slot * minutes);
			given.to = Max(given.to, frame->starts + slot * minutes + 1);
			given.starts += !seen[slot];
			seen[slot] = true;
		}
		given.least = Min(given.least, (int) ((frame->ends - frame->starts) / minutes));
	}
	return given;
}

/*
 * Reads the open slots of a day: all, if some point's may have to be folded with
 * what is new; else those that rows are of, for which it is enough.
 */
static void
read_open(DayWork *work, LoadPlace *const *places, int n, const int *rows)
{
	const Load *load = work->load;
	int32		grid_id = load->grid->form.grid_id;
	GivenSlots	given = given_slots(load, places, n, rows);

	work->reads_all_open = work->versions.any || load->in_parts ||
		(work->is_over && (2 * given.starts >= given.least ||
						   on_record_open_starts(grid_id, work->frame->date) + given.starts >= given.least));
	work->open = work->reads_all_open ?
		on_record_open(grid_id, work->frame->date, work->frame->starts, work->frame->ends) :
		on_record_open(grid_id, work->frame->date, given.from, given.to);
}

/* Writes the open slots of a day, and removes those that were there if nothing of them is open any more. */
static void
end_day(DayWork *work)
{
	const Batch *batch = &work->load->batch;

	Assert(work->nslots == 0 || !work->load->in_parts);
	for (int i = 0; i < work->nslots; i++)
	{
		const OpenSlot *slot = &work->slots[i];

		day_writer_open(work->writer, work->frame->date, slot->start, slot->minutes, batch->batch_id,
						batch->recorded_at, slot->values, slot->n);
	}
	if (work->is_over && work->reads_all_open && work->open && work->nfolded == work->open->npoints && work->nslots == 0)
		pack_remove_open(work->load->grid->form.grid_id, work->frame->date);
	batch_lines_end_day(work->load->lines);
}

/* Takes the places of one day. */
static void
write_day(Load *load, DayWriter *writer, LoadPlace *const *places, int n, const int *rows)
{
	DayWork		work = {.load = load, .frame = places[0]->frame, .writer = writer};
	MemoryContext outer = CurrentMemoryContext;

	work.day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid day", ALLOCSET_DEFAULT_SIZES);
	work.place = AllocSetContextCreate(work.day, "smartgrid place", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work.day);
	work.is_over = work.frame->ends <= load->now;
	on_record_begin(&work.versions, work.frame->date);
	read_open(&work, places, n, rows);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		take_place(&work, places[i], rows + places[i]->first);
	}
	on_record_end(&work.versions);
	end_day(&work);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work.day);
}

/* Writes what has been gathered. */
void
load_write_rows(Load *load, LoadRest rest)
{
	MemoryContext outer = MemoryContextSwitchTo(load->part);
	DayWriter  *writer;
	LoadPlace **places;
	int		   *rows;
	int			n = load->nplaces;

	if (n > 0)
	{
		places = load_group_rows(load, &rows);
		if (load->writes)
			store_refresh();
		else
			lock_places(load, places, rest);
		load->in_parts = load->nparts++ > 0 || rest == MORE_ROWS_MAY_COME;
		writer = day_writer_begin(load->grid->form.grid_id);
		for (int first = 0, next; first < n; first = next)
		{
			for (next = first + 1; next < n && places[next]->frame == places[first]->frame;)
				next++;
			write_day(load, writer, places + first, next - first, rows);
		}
		(void) day_writer_end(writer);
		load_places_forget(load);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextReset(load->part);
}

/* The digest of what the batch brought: from its lines, or from what is on record if it was written in parts. */
void
load_digest(Load *load, Digest *digest)
{
	if (load->lines == NULL)
		return;
	if (load->in_parts)
	{
		(void) batch_lines_finish(load->lines, digest);
		load->lines = batch_lines_begin(load->context);
		store_refresh();
		(void) batch_lines_read(load->lines, &load->batch, load->grid->form.grid_id);
	}
	(void) batch_lines_finish(load->lines, digest);
}
