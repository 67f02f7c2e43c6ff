/*-------------------------------------------------------------------------
 *
 * allocate_day.c
 *	  What points got of the community's energy: which slots a day has, and who
 *	  takes part in them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "metering/coarse.h"
#include "metering/resample.h"
#include "settlement/allocate_state.h"

/* Room for so many bytes of a day; what it held is lost. */
void *
day_room(AllocationState *state, DayRoom *room, Size bytes)
{
	if (bytes <= room->bytes)
		return room->memory;
	if (room->memory)
		pfree(room->memory);
	room->memory = MemoryContextAllocHuge(state->context, bytes);
	room->bytes = bytes;
	return room->memory;
}

/* A loss point is there with ALLOCATE_LOSS only, for who wants its slots. */
static bool
takes_part(const MeterDay *day)
{
	return day->point->kind != POINT_EXCHANGE && !day->spans[0].period->is_loss;
}

/* Finds which slots the day has, and those of them that are within the period; false if there are none. */
static bool
find_slots(Allocation *allocation)
{
	const MeterRead *read = allocation->read;
	int64		step;

	allocation->minutes = 0;
	for (int i = 0; i < read->n; i++)
		if (takes_part(&read->days[i]) && (allocation->minutes == 0 || read->days[i].minutes < allocation->minutes))
			allocation->minutes = read->days[i].minutes;
	if (allocation->minutes == 0)
		return false;
	allocation->date = read->date;
	allocation->day_starts = read->day_starts;
	allocation->nslots = Min(resample_slots(read, allocation->minutes), DAY_MAX_SLOTS);
	step = allocation->minutes * USECS_PER_MINUTE;
	allocation->first = allocation->from <= read->day_starts ? 0 : (int) ((allocation->from - read->day_starts + step - 1) / step);
	allocation->end = allocation->to >= read->day_ends ? allocation->nslots
		: (int) Min((allocation->to - read->day_starts + step - 1) / step, allocation->nslots);
	return allocation->first < allocation->end;
}

/* What a point's longer slots are in those of the day; amounts and qualities have room for them. */
static void
cut_slots(const MeterDay *day, int per, int64 *amount, uint8 *quality)
{
	for (int i = 0; i < day->n; i++)
		for (int part = 1; part <= per; part++)
		{
			*amount++ = coarse_part(day->amount[i], per, part);
			*quality++ = day->quality[i];
		}
}

/* The first slot of the day that does not begin before a time. */
static int
slot_from(const Allocation *allocation, TimestampTz at)
{
	int64		step = allocation->minutes * USECS_PER_MINUTE;

	if (at <= allocation->day_starts)
		return 0;
	return (int) Min((at - allocation->day_starts + step - 1) / step, allocation->nslots);
}

/* Adds a span to those of a point, unless none of it is within the period. */
static void
add_span(Allocation *allocation, AllocatedPoint *point, int from, int to, const ReadPeriod *period, const Share *share)
{
	AllocationState *state = allocation->state;

	from = Max(from, allocation->first);
	to = Min(to, allocation->end);
	if (from >= to)
		return;
	point->spans[point->nspans++] = (AllocatedSpan) {.from = from, .to = to, .period = period, .share = *share};
	state->begins[from] = true;
	state->begins[to] = true;
}

/* Adds the spans of a point's slots from .. to - 1, which are of one period: one for each share. */
static void
add_spans(Allocation *allocation, AllocatedPoint *point, int from, int to, const ReadPeriod *period)
{
	const AllocationState *state = allocation->state;
	const ShareFact *fact = state->facts_of[point->point - allocation->read->points];
	const Share whole = SHARE_DEFAULT;

	for (; fact && fact < state->facts + state->nfacts && fact->point_id == point->point->point_id && from < to; fact++)
	{
		int			begin = slot_from(allocation, fact->from);
		int			end = fact->to == DT_NOEND ? to : slot_from(allocation, fact->to);

		if (end <= from)
			continue;
		add_span(allocation, point, from, Min(begin, to), period, &whole);
		add_span(allocation, point, Max(from, begin), Min(end, to), period, &fact->share);
		from = Max(from, end);
	}
	add_span(allocation, point, from, to, period, &whole);
}

/* How many spans a point may have on the day, at most. */
static int
count_spans(const Allocation *allocation, const MeterDay *day)
{
	const AllocationState *state = allocation->state;
	const ShareFact *fact = state->facts_of[day->point - allocation->read->points];
	int			nfacts = 0;

	for (; fact && fact < state->facts + state->nfacts && fact->point_id == day->point->point_id; fact++)
		nfacts += fact->from < allocation->read->day_ends && fact->to > allocation->day_starts;
	return day->nspans + 2 * nfacts;
}

/* A point that takes part is missing in these slots. */
static void
mark_incomplete(Allocation *allocation, const AllocatedPoint *point)
{
	for (int s = 0; s < point->nspans; s++)
	{
		const AllocatedSpan *span = &point->spans[s];
		const uint8 *slot = point->quality + span->from;
		const uint8 *end = point->quality + span->to;

		if (span->share.factor == 0)
			continue;
		while (slot < end && (slot = memchr(slot, QUALITY_MISSING, end - slot)) != NULL)
		{
			allocation->state->incomplete[slot++ - point->quality] = true;
			allocation->has_incomplete = true;
		}
	}
}

/* Where the arrays of points that are laid out go. */
typedef struct Layout
{
	AllocatedSpan *spans;
	int64	   *amount;			/* of slots that are cut */
	uint8	   *quality;
	int64	   *result;
} Layout;

/* Lays out a point; false if it is none in any slot of the period. */
static bool
lay_out_point(Allocation *allocation, const MeterDay *day, AllocatedPoint *point, Layout *layout)
{
	int			per = day->minutes / allocation->minutes;

	*point = (AllocatedPoint) {.point = day->point, .spans = layout->spans, .amount = day->amount, .quality = day->quality};
	for (int s = 0; s < day->nspans; s++)
		add_spans(allocation, point, day->spans[s].from * per, day->spans[s].to * per, day->spans[s].period);
	if (point->nspans == 0)
		return false;
	layout->spans += point->nspans;
	if (per > 1)
	{
		cut_slots(day, per, layout->amount, layout->quality);
		point->amount = layout->amount;
		point->quality = layout->quality;
		layout->amount += allocation->nslots;
		layout->quality += allocation->nslots;
	}
	if (allocation->flags & ALLOCATE_SUMS)
		return true;
	point->covered = layout->result;
	layout->result += allocation->nslots;
	if (day->point->kind != POINT_PRODUCTION)
	{
		point->share = layout->result;
		layout->result += allocation->nslots;
	}
	return true;
}

/* Makes room for the points of the day. */
static Layout
make_layout(Allocation *allocation)
{
	const MeterRead *read = allocation->read;
	AllocationState *state = allocation->state;
	Size		nslots = allocation->nslots;
	Size		points = 0;
	Size		spans = 0;
	Size		cut = 0;
	Size		results = 0;
	Layout		layout;

	for (int i = 0; i < read->n; i++)
	{
		if (!takes_part(&read->days[i]))
			continue;
		points++;
		spans += count_spans(allocation, &read->days[i]);
		cut += read->days[i].minutes > allocation->minutes;
		results += read->days[i].point->kind == POINT_PRODUCTION ? 1 : 2;
	}
	if (allocation->flags & ALLOCATE_SUMS)
		results = 0;
	allocation->points = day_room(state, &state->points, points * sizeof(AllocatedPoint));
	layout.spans = day_room(state, &state->spans, spans * sizeof(AllocatedSpan));
	layout.amount = day_room(state, &state->cut, cut * nslots * (sizeof(int64) + 1));
	layout.quality = (uint8 *) (layout.amount + cut * nslots);
	layout.result = day_room(state, &state->results, results * nslots * sizeof(int64));
	return layout;
}

/* Lays out the points of the day; false if there are none. */
bool
allocate_lay_out_day(Allocation *allocation)
{
	const MeterRead *read = allocation->read;
	AllocationState *state = allocation->state;
	Layout		layout;

	if (!find_slots(allocation))
		return false;
	memset(state->incomplete, 0, sizeof(state->incomplete));
	allocation->has_incomplete = false;
	memset(state->begins, 0, sizeof(state->begins));
	for (int m = 0; m < state->nmodels; m++)
		state->begins[slot_from(allocation, state->models[m].from)] = true;
	layout = make_layout(allocation);
	allocation->n = 0;
	for (int i = 0; i < read->n; i++)
		if (takes_part(&read->days[i]) &&
			lay_out_point(allocation, &read->days[i], &allocation->points[allocation->n], &layout))
			mark_incomplete(allocation, &allocation->points[allocation->n++]);
	return allocation->n > 0;
}
