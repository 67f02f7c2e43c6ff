/*-------------------------------------------------------------------------
 *
 * substitute_find.c
 *	  The gaps of points, and what a method fills them with.
 *
 * One read over the period finds out which points have gaps; of these, some at a
 * time, the slots are read as far around the period as the method looks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/meter_read.h"
#include "metering/slot.h"
#include "metering/substitute.h"

/* So many slots are in memory at a time, unless those of one point are more. */
#define SLOTS_AT_ONCE	(2 * 1024 * 1024)

/* No reach is longer: there are no periods beyond. */
#define LONGEST_REACH	(10000 * 366 * USECS_PER_DAY)

static MeterReadRequest
request_of(const Substitution *substitution, TimestampTz from, TimestampTz to)
{
	return (MeterReadRequest) {
		.grid = substitution->grid,
		.from = from,
		.to = Min(to, substitution->now),
		.as_of = DT_NOEND,
		.points = substitution->points,
		.npoints = substitution->npoints
	};
}

/* SG108: a point is named that takes the loss. */
static void
require_no_loss(const MeterRead *read)
{
	for (int p = 0; p < read->npoints; p++)
		for (int i = 0; i < read->points[p].nperiods; i++)
			if (read->points[p].periods[i].is_loss)
				ereport(ERROR,
						(errcode(ERRCODE_SG_INVALID_INPUT),
						 errmsg("metering point \"%s\" takes the grid's loss, and has no readings of its own", read->points[p].name),
						 errhint("Leave it out: its amounts are calculated, never missing.")));
}

/* Is a slot of a day a gap, or a part of one? */
static bool
is_missing(const Substitution *substitution, const MeterDay *day, int slot)
{
	return day->quality[slot] == QUALITY_MISSING &&
		meter_slot_start(day, slot) + day->minutes * USECS_PER_MINUTE <= substitution->now;
}

static bool
has_gap(const Substitution *substitution, const MeterDay *day)
{
	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
			if (is_missing(substitution, day, i))
				return true;
	return false;
}

/* The names of the points with gaps in the period, in their order, and how many they are. */
static const char **
points_with_gaps(const Substitution *substitution, int *n)
{
	MeterReadRequest request = request_of(substitution, substitution->from, substitution->to);
	MeterRead  *read;
	const char **names;
	bool	   *found;

	if (substitution->points == NULL)
		request.flags = READ_WITHOUT_LOSS;
	read = meter_read_begin(&request);
	require_no_loss(read);
	names = palloc_extended(Max(read->npoints, 1) * sizeof(char *), MCXT_ALLOC_HUGE);
	found = palloc0(Max(read->npoints, 1));
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
		{
			bool	   *it = &found[read->days[i].point - read->points];

			*it = *it || has_gap(substitution, &read->days[i]);
		}
	*n = 0;
	for (int p = 0; p < read->npoints; p++)
		if (found[p])
			names[(*n)++] = pstrdup(read->points[p].name);
	meter_read_end(read);
	return names;
}

/* Widens the period to what the method looks at: gaps that begin before it or end after it, their neighbours, weeks before. */
static void
widen(const Substitution *substitution, TimestampTz *from, TimestampTz *to)
{
	bool		is_bounded = substitution->max_gap != PG_INT64_MAX;
	int64		reach = is_bounded ? Min(substitution->max_gap, LONGEST_REACH) + USECS_PER_HOUR : 0;

	*from = substitution->from - reach;
	*to = substitution->to + reach;
	if (substitution->method != SUBSTITUTE_ZERO && substitution->method != SUBSTITUTE_LINEAR)
		*from = Min(*from, zone_midnight(zone_day(substitution->from, substitution->zone) - SUBSTITUTE_DAYS_BACK, substitution->zone));
	slot_within_calendar(from, to);
}

static void
add_slot(SubstitutePoint *point, SubstituteSlot slot)
{
	if (point->n == point->allocated)
	{
		point->allocated = Max(1024, 2 * point->allocated);
		point->slots = point->slots ? repalloc_huge(point->slots, point->allocated * sizeof(SubstituteSlot)) :
			palloc(point->allocated * sizeof(SubstituteSlot));
	}
	point->slots[point->n++] = slot;
}

static void
add_day(const Substitution *substitution, const MeterDay *day, SubstitutePoint *point)
{
	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
			if (meter_slot_start(day, i) + day->minutes * USECS_PER_MINUTE <= substitution->now)
				add_slot(point, (SubstituteSlot) {
					.start = meter_slot_start(day, i),
					.amount = day->amount[i],
					.minutes = (int16) day->minutes,
					.quality = day->quality[i]
				});
}

static void
add_fill(SubstituteFills *fills, SubstituteFill fill)
{
	if (fills->n == fills->allocated)
	{
		fills->allocated *= 2;
		fills->fills = repalloc_huge(fills->fills, fills->allocated * sizeof(SubstituteFill));
	}
	fills->fills[fills->n++] = fill;
}

/* Fills what is within the period of a gap, unless it is too long. */
static void
fill_gap(const Substitution *substitution, const SubstitutePoint *point, const SubstituteGap *gap, ProfileScale *scale,
		 SubstituteFills *fills)
{
	if (substitute_slot_end(&point->slots[gap->end - 1]) - point->slots[gap->first].start > substitution->max_gap)
		return;
	for (int i = gap->first; i < gap->end; i++)
	{
		SubstituteFill fill = {.point = point->name, .start = point->slots[i].start};

		if (fill.start >= substitution->from && fill.start < substitution->to &&
			substitute_value(substitution, point, gap, i, scale, &fill.amount))
			add_fill(fills, fill);
	}
}

/* Goes over the gaps of a point. */
static void
fill_point(const Substitution *substitution, const SubstitutePoint *point, SubstituteFills *fills)
{
	SubstituteGap gap;
	ProfileScale scale = {0};

	for (gap.first = 0; gap.first < point->n; gap.first = gap.end)
	{
		const SubstituteSlot *slots = point->slots;

		CHECK_FOR_INTERRUPTS();
		gap.end = gap.first + 1;
		if (slots[gap.first].quality != QUALITY_MISSING)
			continue;
		while (gap.end < point->n && slots[gap.end].quality == QUALITY_MISSING && substitute_slot_end(&slots[gap.end - 1]) == slots[gap.end].start)
			gap.end++;
		fill_gap(substitution, point, &gap, &scale, fills);
	}
}

/* Reads the slots of some points, and fills their gaps. */
static void
fill_points(const Substitution *substitution, const char **names, int n, TimestampTz from, TimestampTz to, SubstituteFills *fills)
{
	MeterReadRequest request = request_of(substitution, from, to);
	MeterRead  *read;
	SubstitutePoint *points = palloc0(n * sizeof(SubstitutePoint));

	request.points = names;
	request.npoints = n;
	request.flags = READ_WITHOUT_LOSS;
	read = meter_read_begin(&request);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
			add_day(substitution, &read->days[i], &points[read->days[i].point - read->points]);
	meter_read_end(read);
	/* They are read in the order of their names, which is that of the names here: each of them has a gap, and so is there. */
	for (int p = 0; p < n; p++)
	{
		points[p].name = names[p];
		fill_point(substitution, &points[p], fills);
	}
}

/*
 * *fills, in the current memory context: what the method fills missing slots
 * with, by point and time.  It reads in the active snapshot; the caller has the
 * locks of the points (interval_lock.h).  SG108: a loss point is named.
 */
void
substitute_find(const Substitution *substitution, SubstituteFills *fills)
{
	MemoryContext some = AllocSetContextCreate(CurrentMemoryContext, "smartgrid substitution", ALLOCSET_DEFAULT_SIZES);
	int			n;
	const char **names = points_with_gaps(substitution, &n);
	TimestampTz from;
	TimestampTz to;
	int64		slots;
	int			at_once;

	*fills = (SubstituteFills) {.allocated = 1024};
	fills->fills = palloc(fills->allocated * sizeof(SubstituteFill));
	widen(substitution, &from, &to);
	slots = (Min(to, substitution->now) - from) / (SLOT_SHORTEST * USECS_PER_MINUTE) + 1;
	at_once = (int) Max(1, Min(n, SLOTS_AT_ONCE / Max(slots, 1)));
	for (int first = 0; first < n; first += at_once)
	{
		MemoryContext outer = MemoryContextSwitchTo(some);

		fill_points(substitution, names + first, Min(at_once, n - first), from, to, fills);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(some);
	}
	MemoryContextDelete(some);
}
