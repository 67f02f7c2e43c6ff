/*-------------------------------------------------------------------------
 *
 * meter_read.c
 *	  Reading what points measured: the one reader of intervals.
 *
 * It holds one day of all points in memory.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "grid/zone.h"
#include "metering/loss.h"
#include "metering/meter_points.h"
#include "metering/meter_read.h"
#include "metering/meter_state.h"

/* A look for one point's day costs as much as reading so many rows of a day that are passed over. */
#define ROWS_PER_LOOK	8

static int
compare_ids(const void *a, const void *b, void *points)
{
	int64		left = ((ReadPoint *) points)[*(const int *) a].point_id;
	int64		right = ((ReadPoint *) points)[*(const int *) b].point_id;

	return (left > right) - (left < right);
}

/* Days that the request and the periods of its points have in common: the first goes to read->date, less 1. */
static void
find_days(MeterRead *read)
{
	TimestampTz from = read->request.to;
	TimestampTz to = read->request.from;

	for (int p = 0; p < read->npoints; p++)
	{
		const ReadPoint *point = &read->points[p];

		from = Min(from, point->periods[0].from);
		to = Max(to, point->periods[point->nperiods - 1].to);
	}
	from = Max(from, read->request.from);
	to = Min(to, read->request.to);
	if (from >= to)
	{
		read->date = 0;
		read->state->last = 0;
		return;
	}
	read->date = zone_day(from, read->zone) - POSTGRES_EPOCH_JDATE - 1;
	read->state->last = zone_day(to - 1, read->zone) - POSTGRES_EPOCH_JDATE;
	read->day_ends = zone_midnight(read->date + 1 + POSTGRES_EPOCH_JDATE, read->zone);
}

static void
allocate(MeterRead *read)
{
	MeterReadState *state = read->state;
	int			n = Max(read->npoints, 1);
	Size		nperiods = 1;

	for (int p = 0; p < read->npoints; p++)
		nperiods += read->points[p].nperiods;
	state->by_id = palloc(n * sizeof(int));
	state->entry_of = palloc(n * sizeof(int));
	for (int p = 0; p < read->npoints; p++)
		state->by_id[p] = p;
	qsort_arg(state->by_id, read->npoints, sizeof(int), compare_ids, read->points);
	read->days = MemoryContextAllocHuge(state->context, n * sizeof(MeterDay));
	state->slots = MemoryContextAllocHuge(state->context, n * sizeof(MeterSlots));
	state->spans = MemoryContextAllocHuge(state->context, nperiods * sizeof(ReadSpan));
}

/*
 * Begins to read, in a memory context of its own below the current one; the
 * active snapshot has to stay the same to the end.
 */
MeterRead *
meter_read_begin(const MeterReadRequest *request)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid reading of intervals", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	MeterRead  *read = palloc0(sizeof(MeterRead));

	read->request = *request;
	read->zone = zone_of_grid(request->grid);
	read->state = palloc0(sizeof(MeterReadState));
	read->state->context = context;
	read->state->day = AllocSetContextCreate(context, "smartgrid day of intervals", ALLOCSET_DEFAULT_SIZES);
	meter_points_read(read);
	find_days(read);
	allocate(read);
	if (read->state->last > read->date)
	{
		read->state->by_point = (request->points != NULL || request->owner_id != 0) &&
			meter_points_exceed((int64) read->npoints * ROWS_PER_LOOK);
		meter_versions_begin(read);
		meter_open_begin(read);
		if (request->flags & READ_LOSS)
			read->state->loss_source = loss_source_begin(read);
	}
	MemoryContextSwitchTo(old);
	return read;
}

/* Adds the spans of a point on the day to *nspans of the state's, and says in slots what it is; false if it has none. */
static bool
lay_out_point(const MeterRead *read, const ReadPoint *point, int *nspans, MeterDay *day)
{
	const MeterReadRequest *request = &read->request;
	ReadSpan   *spans = &read->state->spans[*nspans];

	*day = (MeterDay) {.point = point, .first = read->day_starts, .spans = spans};
	for (int i = 0; i < point->nperiods; i++)
	{
		const ReadPeriod *period = &point->periods[i];
		ReadSpan   *span = &spans[day->nspans];

		if (period->from >= read->day_ends || period->to <= read->day_starts)
			continue;
		if (day->nspans == 0)
		{
			day->minutes = period->minutes;
			day->n = (int) Min((read->day_ends - read->day_starts) / (day->minutes * USECS_PER_MINUTE), DAY_MAX_SLOTS);
		}
		else if (period->minutes != day->minutes)
			continue;
		span->from = meter_slot_from(day, Max(period->from, request->from));
		span->to = meter_slot_from(day, Min(period->to, request->to));
		span->period = period;
		if (span->from < span->to)
			day->nspans++;
	}
	*nspans += day->nspans;
	return day->nspans > 0;
}

static void
require_room(MeterRead *read, int nslots)
{
	MeterReadState *state = read->state;

	if (nslots <= state->allocated)
		return;
	if (state->allocated > 0)
	{
		pfree(state->amounts);
		pfree(state->qualities);
		if (state->origins)
			pfree(state->origins);
	}
	state->allocated = nslots;
	state->amounts = MemoryContextAllocHuge(state->context, nslots * sizeof(int64));
	state->qualities = MemoryContextAllocHuge(state->context, nslots);
	if (read->request.flags & READ_ORIGINS)
		state->origins = MemoryContextAllocHuge(state->context, nslots * sizeof(ReadOrigin));
}

/* Lays out the entries of the day: one for each point that is part of it. */
static void
lay_out_day(MeterRead *read)
{
	MeterReadState *state = read->state;
	int			nspans = 0;
	int			nslots = 0;

	read->n = 0;
	for (int p = 0; p < read->npoints; p++)
	{
		state->entry_of[p] = -1;
		if (!lay_out_point(read, &read->points[p], &nspans, &read->days[read->n]))
			continue;
		nslots += read->days[read->n].n;
		state->entry_of[p] = read->n++;
	}
	require_room(read, nslots);
	nslots = 0;
	for (int i = 0; i < read->n; i++)
	{
		MeterDay   *day = &read->days[i];
		MeterSlots *slots = &state->slots[i];

		slots->n = day->n;
		slots->minutes = day->minutes;
		slots->is_filled = false;
		slots->is_partial = day->nspans > 1 || day->spans->from > 0 || day->spans->to < day->n;
		slots->latest = DT_NOBEGIN;
		day->amount = slots->amount = state->amounts + nslots;
		day->quality = slots->quality = state->qualities + nslots;
		day->origin = slots->origin = state->origins ? state->origins + nslots : NULL;
		nslots += day->n;
	}
}

/* Makes slots missing. */
void
meter_clear_slots(const MeterSlots *slots, int from, int to)
{
	for (int i = from; i < to; i++)
	{
		slots->amount[i] = 0;
		slots->quality[i] = QUALITY_MISSING;
		if (slots->origin)
			slots->origin[i] = (ReadOrigin) {0};
	}
}

/* Makes all slots missing that nothing was read of, or that are no part of it. */
static void
clear_rest(MeterRead *read)
{
	for (int i = 0; i < read->n; i++)
	{
		const MeterDay *day = &read->days[i];
		const MeterSlots *slots = &read->state->slots[i];
		int			done = 0;

		if (!slots->is_filled)
			meter_clear_slots(slots, 0, slots->n);
		else if (slots->is_partial)
		{
			for (int s = 0; s < day->nspans; s++)
			{
				meter_clear_slots(slots, done, day->spans[s].from);
				done = day->spans[s].to;
			}
			meter_clear_slots(slots, done, slots->n);
		}
	}
}

/* Goes on to the next day on which one of the points has a period; false if there is none. */
bool
meter_read_next_day(MeterRead *read)
{
	MeterReadState *state = read->state;
	MemoryContext old;

	do
	{
		CHECK_FOR_INTERRUPTS();
		if (read->date >= state->last)
			return false;
		read->date++;
		read->day_starts = read->day_ends;
		read->day_ends = zone_midnight(read->date + 1 + POSTGRES_EPOCH_JDATE, read->zone);
		lay_out_day(read);
	} while (read->n == 0);
	MemoryContextReset(state->day);
	state->packs_are_read = false;
	old = MemoryContextSwitchTo(state->day);
	meter_versions_read(read);
	meter_open_read(read);
	clear_rest(read);
	if (state->loss_source)
		loss_fill(read, state->loss_source);
	MemoryContextSwitchTo(old);
	return true;
}

/* Ends the read: nothing of it can be used any more. */
void
meter_read_end(MeterRead *read)
{
	if (read->state->loss_source)
		meter_read_end(read->state->loss_source);
	meter_versions_end(read);
	MemoryContextDelete(read->state->context);
}
