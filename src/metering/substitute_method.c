/*-------------------------------------------------------------------------
 *
 * substitute_method.c
 *	  What a method makes of the slots around a gap, or before it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/checked.h"
#include "grid/zone.h"
#include "metering/substitute.h"

#define WEEKS_BACK	(SUBSTITUTE_DAYS_BACK / 7)

/* The first slot of a point that does not begin before a time; how many there are if none does. */
int
substitute_slot_from(const SubstitutePoint *point, TimestampTz start)
{
	int			low = 0;
	int			high = point->n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (point->slots[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The slot of a point that begins at a time and has so many minutes; NULL if there is none. */
const SubstituteSlot *
substitute_slot_at(const SubstitutePoint *point, TimestampTz start, int minutes)
{
	int			i = substitute_slot_from(point, start);

	if (i == point->n || point->slots[i].start != start || point->slots[i].minutes != minutes)
		return NULL;
	return &point->slots[i];
}

/* Have all slots from .. to of a point the same length? */
static bool
have_one_length(const SubstitutePoint *point, int from, int to)
{
	for (int i = from; i < to; i++)
		if (point->slots[i].minutes != point->slots[to].minutes)
			return false;
	return true;
}

/* On the line from the slot before the gap to the one after it; false if one of them is not there, or slots have several lengths. */
static bool
linear(const SubstitutePoint *point, const SubstituteGap *gap, int slot, int64 *amount)
{
	const SubstituteSlot *before;
	const SubstituteSlot *after;
	sg_int128	steps = gap->end - gap->first + 1;

	if (gap->first == 0 || gap->end == point->n || !have_one_length(point, gap->first - 1, gap->end))
		return false;
	before = &point->slots[gap->first - 1];
	after = &point->slots[gap->end];
	if (substitute_slot_end(before) != point->slots[gap->first].start || substitute_slot_end(after - 1) != after->start)
		return false;
	*amount = (int64) divide_rounded(before->amount * steps +
									 ((sg_int128) after->amount - before->amount) * (slot - gap->first + 1), steps);
	return true;
}

/*
 * As at the same time of the clock 7, 14, 21 or 28 days before, the first of
 * these that is there and good enough; of a time that the clock shows twice, the
 * second is as the second one.
 */
static bool
last_week(const Substitution *substitution, const SubstitutePoint *point, int slot, int64 *amount)
{
	const SubstituteSlot *missing = &point->slots[slot];
	Timestamp	label = zone_label(missing->start, substitution->zone);
	TimestampTz moments[2];
	bool		is_second = zone_moments(label, substitution->zone, moments) == 2 && moments[1] == missing->start;

	for (int week = 1; week <= WEEKS_BACK; week++)
	{
		int			n = zone_moments(label - week * 7 * USECS_PER_DAY, substitution->zone, moments);
		const SubstituteSlot *source = n == 0 ? NULL :
			substitute_slot_at(point, moments[n == 2 && is_second ? 1 : 0], missing->minutes);

		if (source == NULL || !substitute_is_source(source))
			continue;
		*amount = source->amount;
		return true;
	}
	return false;
}

/*
 * *amount: what the method says of a slot of a gap, energy units; false if it
 * can say nothing.  scale is kept from slot to slot of a point, and begins as zeros.
 */
bool
substitute_value(const Substitution *substitution, const SubstitutePoint *point, const SubstituteGap *gap, int slot,
				 ProfileScale *scale, int64 *amount)
{
	switch (substitution->method)
	{
		case SUBSTITUTE_ZERO:
			*amount = 0;
			return true;
		case SUBSTITUTE_LINEAR:
			return linear(point, gap, slot, amount);
		case SUBSTITUTE_LAST_WEEK:
			return last_week(substitution, point, slot, amount);
		case SUBSTITUTE_PROFILE:
			return substitute_by_profile(substitution, point, slot, scale, amount);
		case SUBSTITUTE_METHODS:
			break;
	}
	return false;
}
