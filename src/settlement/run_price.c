/*-------------------------------------------------------------------------
 *
 * run_price.c
 *	  A run: when a component applies on a day and for what price, worked out once
 *	  for all points.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "settlement/run_state.h"

/* Where there is no value, steps of hours are those of the latest call, from the day's beginning on; others are the day. */
static void
find_step_without_value(RunState *state, const ValueSeries *index, TimestampTz at, PriceRange *range)
{
	TimestampTz end;

	if (index == NULL || index->step.time == 0 || index->step.day != 0 || index->step.month != 0)
		return;
	for (TimestampTz start = range->step_from; start <= at; start = end)
	{
		end = Min(value_step_end(&index->step, start, state->zone), range->step_to);
		if (at < end)
		{
			range->step_from = start;
			range->step_to = end;
			return;
		}
	}
}

/* The step of the price that a slot is in: as long as one value of the index holds; without an index the day. */
static void
find_step(RunState *state, const RunComponent *component, TimestampTz at, PriceRange *range)
{
	const ValueSeries *index = component->priced.index;
	int			low = 0;
	int			high = index ? index->n : 0;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (index->stretches[middle].from <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || index->stretches[low - 1].to <= at)
	{
		find_step_without_value(state, index, at, range);
		return;
	}
	range->step_from = index->stretches[low - 1].from;
	range->step_to = index->stretches[low - 1].to;
	if (range->step_to == DT_NOEND)
		range->step_to = component->version->to;
}

/* Do two ranges differ in nothing but their slots? */
static bool
is_same(const PriceRange *one, const PriceRange *other)
{
	return one->is_priced == other->is_priced && one->price == other->price && one->step_from == other->step_from;
}

static void
add_slot(PriceDay *day, const PriceRange *slot)
{
	PriceRange *last = day->n > 0 ? &day->ranges[day->n - 1] : NULL;

	if (last && last->to == slot->from && is_same(last, slot))
		last->to = slot->to;
	else
		day->ranges[day->n++] = *slot;
}

static int
resolution_of(int minutes)
{
	return minutes <= 5 ? 0 : minutes <= 15 ? 1 : minutes <= 30 ? 2 : 3;
}

static void
fill(RunState *state, RunComponent *component, PriceDay *day, int tier, TimestampTz starts, TimestampTz ends, int minutes, int nslots)
{
	Price		prices[DAY_MAX_SLOTS];

	component_prices_of_day(&component->priced, starts, minutes, nslots, tier, state->zone, &state->holidays, prices);
	day->n = 0;
	for (int i = 0; i < nslots; i++)
	{
		PriceRange	slot = {
			.from = i,
			.to = i + 1,
			.is_priced = prices[i].state == PRICE_APPLIES,
			.price = prices[i].state == PRICE_APPLIES ? prices[i].value : 0,
			.step_from = starts,
			.step_to = ends
		};

		if (prices[i].state == PRICE_APPLIES_NOT)
			continue;
		find_step(state, component, starts + i * (minutes * USECS_PER_MINUTE), &slot);
		add_slot(day, &slot);
	}
}

/*
 * When a component applies in slots of so many minutes of a local day, and the
 * price of a tier (from 0; without tiers 0) then.  Valid until the next day is
 * asked for.
 */
const PriceDay *
run_price_day(RunState *state, RunComponent *component, int tier, DateADT date, TimestampTz day_starts, TimestampTz day_ends,
			  int minutes, int nslots)
{
	PriceDay  **day = &component->days[tier * RESOLUTIONS + resolution_of(minutes)];

	if (*day == NULL)
	{
		*day = MemoryContextAlloc(state->context, sizeof(PriceDay));
		(*day)->date = DATEVAL_NOBEGIN;
	}
	if ((*day)->date != date)
	{
		fill(state, component, *day, tier, day_starts, day_ends, minutes, nslots);
		(*day)->date = date;
	}
	return *day;
}
