/*-------------------------------------------------------------------------
 *
 * run_tier.c
 *	  A run: components with tiers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/slot.h"
#include "settlement/run_tier.h"

/* Whose units are counted; a component is the same in all versions of its tariff by its name. */
typedef struct CountKey
{
	int64		participant_id;
	int64		point_id;		/* 0: all of the participant */
	int64		tariff_id;
	uint64		name;			/* of the component, hashed */
} CountKey;

/* Slots of a point's day that are to be counted. */
typedef struct TierItem
{
	RunComponent *component;
	RunPoint   *point;			/* NULL: before the run, only counted */
	TimestampTz starts;
	int			minutes;
	int			nslots;
	int			next;			/* slot that comes next */
	int			to;
	const int64 *amount;
	const uint8 *quality;
	struct TierItem *following;
} TierItem;

typedef struct TierCount
{
	CountKey	key;
	int64		period;			/* which month or day it is of */
	sg_int128	counted;		/* units */
	TierItem   *first;			/* of the day, points in their order */
	TierItem  **last;
	struct TierCount *next_of_day;
} TierCount;

/* What is to be counted of a day. */
typedef struct TierDay
{
	MemoryContext context;
	TierCount  *counts;
	TierCount **last;
} TierDay;

static uint64
hash_name(const char *name)
{
	uint64		hash = UINT64CONST(14695981039346656037);

	for (; *name; name++)
		hash = (hash ^ (unsigned char) *name) * UINT64CONST(1099511628211);
	return hash;
}

static CountKey
key_of(const RunComponent *component, int64 participant_id, int64 point_id)
{
	return (CountKey) {
		.participant_id = participant_id,
		.point_id = component->component->over == OVER_PARTICIPANT ? 0 : point_id,
		.tariff_id = component->version->tariff->tariff_id,
		.name = hash_name(component->component->name)
	};
}

/* Does a tariff have a component that counts units of a kind of period? */
static bool
has_tiers(const TariffVersion *tariff, bool by_month)
{
	for (int c = 0; c < tariff->list.n; c++)
	{
		const Component *component = &tariff->list.components[c];

		if (component->ntiers > 0 && component->of <= OF_REST && (!by_month || component->tier_per == PER_MONTH))
			return true;
	}
	return false;
}

static TimestampTz
month_start(TimestampTz at, pg_tz *zone)
{
	int			year;
	int			month;
	int			mday;

	j2date(zone_day(at, zone), &year, &month, &mday);
	return zone_midnight(date2j(year, month, 1), zone);
}

/* Makes ready to count; true if what there is from the month's beginning on has to be read. */
bool
run_tier_begin(RunState *state)
{
	HASHCTL		control = {.keysize = sizeof(CountKey), .entrysize = sizeof(TierCount), .hcxt = state->context};
	bool		any = false;
	bool		by_month = false;
	TimestampTz from;

	for (int v = 0; v < state->book->nversions; v++)
	{
		any |= has_tiers(&state->book->versions[v], false);
		by_month |= has_tiers(&state->book->versions[v], true);
	}
	if (!any)
		return false;
	state->tier_counts = hash_create("smartgrid units of tiers", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	state->tier_day = palloc0(sizeof(TierDay));
	state->tier_day->context = AllocSetContextCreate(state->context, "smartgrid tiers of a day", ALLOCSET_DEFAULT_SIZES);
	state->tier_day->last = &state->tier_day->counts;
	from = by_month ? month_start(state->request->from, state->zone) : state->request->from;
	if (from >= state->run->basis_from)
		return false;
	state->run->basis_from = from;
	return true;
}

/* Units of an owner are counted from now on, for it has something assigned. */
void
run_tier_expect(RunState *state, const RunPoint *point, const RunStretch *stretch)
{
	const RunVersion *version = stretch->version;

	if (version == NULL || !version->has_tiers)
		return;
	for (int c = 0; c < version->n; c++)
		if (version->components[c].component->ntiers > 0 && version->components[c].component->of <= OF_REST)
		{
			CountKey	key = key_of(&version->components[c], stretch->participant_id, point->point->point_id);
			bool		found;
			TierCount  *count = hash_search(state->tier_counts, &key, HASH_ENTER, &found);

			if (!found)
			{
				*count = (TierCount) {.key = key, .period = -1};
				count->last = NULL;
			}
		}
}

/* A copy of slots that lasts until the end of the day. */
static TierItem *
make_item(TierDay *day, RunPoint *point, RunComponent *component, const RunSlots *slots, int from, int to)
{
	TierItem   *item = MemoryContextAlloc(day->context, sizeof(TierItem));
	int64	   *amount = MemoryContextAlloc(day->context, slots->n * sizeof(int64));
	uint8	   *quality = MemoryContextAlloc(day->context, slots->n);

	memcpy(amount, slots->amount, slots->n * sizeof(int64));
	memcpy(quality, slots->quality, slots->n);
	*item = (TierItem) {
		.component = component, .point = point, .starts = slots->starts, .minutes = slots->minutes, .nslots = slots->n,
		.next = from, .to = to, .amount = amount, .quality = quality
	};
	return item;
}

/* Takes slots from .. to - 1 of an owner's point, to be counted at the end of the day, if it has anything of this kind assigned. */
void
run_tier_take(RunState *state, RunPoint *point, int64 point_id, RunComponent *component, int64 owner_id,
			  const RunSlots *slots, int from, int to)
{
	CountKey	key = key_of(component, owner_id, point_id);
	TierCount  *count = hash_search(state->tier_counts, &key, HASH_FIND, NULL);
	TierDay    *day = state->tier_day;
	bool		is_before = point == NULL;

	if (count == NULL || from >= to || (is_before && component->component->tier_per != PER_MONTH))
		return;
	if (count->first == NULL)
	{
		count->last = &count->first;
		count->next_of_day = NULL;
		*day->last = count;
		day->last = &count->next_of_day;
	}
	*count->last = make_item(day, point, component, slots, from, to);
	count->last = &(*count->last)->following;
}

static TimestampTz
next_start(const TierItem *item)
{
	return item->starts + item->next * (item->minutes * USECS_PER_MINUTE);
}

/* The item whose slot comes next; NULL: none is left. */
static TierItem *
next_item(const TierCount *count)
{
	TierItem   *first = NULL;

	for (TierItem *item = count->first; item; item = item->following)
		if (item->next < item->to && (first == NULL || next_start(item) < next_start(first)))
			first = item;
	return first;
}

/* Up to which count units are of a tier; the largest number there is if it has no end. */
static sg_int128
limit_of(const RunState *state, const ComponentTier *tier)
{
	const sg_int128 endless = (sg_int128) (SG_UINT128_MAX >> 1);
	sg_int128	limit = tier->upto;

	if (!tier->has_upto)
		return endless;
	for (int i = 0; i < state->run->energy_scale; i++)
		if (__builtin_mul_overflow(limit, (sg_int128) 10, &limit))
			return endless;
	return limit / COMPONENT_ONE;
}

/* The stretch that a slot's units are billed to; NULL: nothing is assigned then. */
static RunStretch *
stretch_at(const TierItem *item, TimestampTz at)
{
	for (int s = 0; item->point && s < item->point->n; s++)
	{
		RunStretch *stretch = &item->point->stretches[s];

		if (stretch->version == item->component->version && stretch->from <= at && at < stretch->to)
			return stretch;
	}
	return NULL;
}

static const PriceRange *
range_of(const PriceDay *prices, int slot)
{
	for (int r = 0; r < prices->n; r++)
		if (prices->ranges[r].from <= slot && slot < prices->ranges[r].to)
			return &prices->ranges[r];
	return NULL;
}

static const PriceRange *
price_of(RunState *state, const TierItem *item, int tier, int slot)
{
	const MeterRead *read = state->allocation->read;

	return range_of(run_price_day(state, item->component, tier, read->date, read->day_starts, read->day_ends, item->minutes, item->nslots), slot);
}

/* Adds units of a slot to the line of a tier; false if it has no price. */
static bool
bill(RunState *state, const TierItem *item, RunStretch *stretch, int tier, int slot, sg_int128 units)
{
	const RunComponent *component = item->component;
	const PriceRange *range = price_of(state, item, tier, slot);
	QualitySet	qualities = QUALITY_SET(item->quality[slot]);
	RunLine    *line = component->component->over == OVER_PARTICIPANT
		? run_participant_line(state, stretch->participant_id, stretch->participant, component, tier)
		: run_line_of(state, item->point, stretch->head, component, tier);

	run_sum_add(&line->sum, units, range->is_priced, range->price, qualities);
	if (run_wants_steps(state, component->component))
		run_add_step(state, line, range->step_from, range->step_to, units, range->is_priced, range->price, qualities);
	return range->is_priced;
}

/* The tier of the next unit. */
static int
tier_of(const RunState *state, const Component *component, sg_int128 counted, sg_int128 *left)
{
	int			tier = 0;

	while (tier < component->ntiers - 1 && counted >= limit_of(state, &component->tiers[tier]))
		tier++;
	*left = limit_of(state, &component->tiers[tier]) - counted;
	return tier;
}

/* Counts the units of a slot. */
static void
count_slot(RunState *state, TierCount *count, const TierItem *item)
{
	const Component *component = item->component->component;
	RunStretch *stretch = stretch_at(item, next_start(item));
	sg_int128	units = Max(item->amount[item->next], 0);
	bool		is_priced = true;

	if (price_of(state, item, 0, item->next) == NULL)
		return;
	do
	{
		sg_int128	left;
		int			tier = tier_of(state, component, count->counted, &left);
		sg_int128	part = Min(units, left);

		if (stretch)
			is_priced &= bill(state, item, stretch, tier, item->next, part);
		count->counted += part;
		units -= part;
	} while (units > 0);
	if (!is_priced)
		run_note_problem(state, item->point, PROBLEM_UNPRICED, stretch->participant, component->name, 1, next_start(item));
}

/* Which month or day a count is of. */
static int64
period_of(const RunState *state, const Component *component)
{
	int			year;
	int			month;
	int			mday;

	if (component->tier_per == PER_RUN)
		return 0;
	if (component->tier_per == PER_DAY)
		return state->allocation->read->date;
	j2date(state->allocation->read->date + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	return (int64) year * 12 + month;
}

static void
count_day(RunState *state, TierCount *count)
{
	TierItem   *item;

	while ((item = next_item(count)) != NULL)
	{
		int64		period = period_of(state, item->component->component);

		if (period != count->period)
			count->counted = 0;
		count->period = period;
		count_slot(state, count, item);
		item->next++;
	}
	count->first = NULL;
}

/* Counts what was taken of the day. */
void
run_tier_end_day(RunState *state)
{
	TierDay    *day = state->tier_day;

	if (day == NULL)
		return;
	for (TierCount *count = day->counts; count; count = count->next_of_day)
		count_day(state, count);
	day->counts = NULL;
	day->last = &day->counts;
	MemoryContextReset(day->context);
}

/* Are two lines tiers of one component and stretch? */
static bool
is_sibling(const RunLine *one, const RunLine *other)
{
	return one->tier > 0 && other->tier > 0 && one->version == other->version && one->place == other->place &&
		one->participant_id == other->participant_id && one->point_id == other->point_id && one->from == other->from && one->to == other->to;
}

/* Of tiers stay those that got units, or the first one if none did.  Sorts the lines. */
void
run_tier_drop_empty(RunLines *lines)
{
	int			kept = 0;

	run_lines_sort(lines);
	for (int from = 0, to; from < lines->n; from = to)
	{
		int			first = kept;

		for (to = from; to < lines->n && (to == from || is_sibling(lines->lines[from], lines->lines[to])); to++)
			if (lines->lines[to]->quantity != 0 || lines->lines[to]->tier == 0)
				lines->lines[kept++] = lines->lines[to];
		if (kept == first)
			lines->lines[kept++] = lines->lines[from];
	}
	lines->n = kept;
}
