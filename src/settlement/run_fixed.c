/*-------------------------------------------------------------------------
 *
 * run_fixed.c
 *	  A run: components by the day, of points and participants.
 *
 * A day belongs to the owner, version, assignment and price of its first instant.
 * What it is of a month or year is a whole number of parts, of as many as all
 * months or years that may be met have in common; so nothing is lost by dividing.
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
#include "settlement/run_state.h"

#define PARTS_OF_MONTH	377580	/* lcm(28, 29, 30, 31) */
#define PARTS_OF_YEAR	133590	/* lcm(365, 366) */

/* A day of a participant. */
typedef struct OwnerDay
{
	bool		has_it;
	sg_int128	quantity;		/* the largest of its assignments, 10^-12 */
} OwnerDay;

/* A participant, and what it has of a component from day to day. */
typedef struct OwnerKey
{
	int64		participant_id;
	const RunComponent *component;
} OwnerKey;

typedef struct Owner
{
	OwnerKey	key;
	const char *participant;
	OwnerDay   *days;
} Owner;

static void
read_day(RunState *state, TimestampTz starts, RunDay *day)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;

	if (timestamp2tm(starts, &offset, &tm, &fsec, NULL, state->zone) != 0)
		error_out_of_range("a time");
	*day = (RunDay) {
		.starts = starts, .year = tm.tm_year, .month = tm.tm_mon, .mday = tm.tm_mday,
		.days_of_month = day_tab[isleap(tm.tm_year)][tm.tm_mon - 1],
		.days_of_year = isleap(tm.tm_year) ? 366 : 365,
		.begins_month = tm.tm_mday == 1,
		.begins_year = tm.tm_mday == 1 && tm.tm_mon == 1
	};
}

/* Reads which days the run has. */
void
run_read_days(RunState *state)
{
	int			room = (int) ((state->request->to - state->request->from) / USECS_PER_DAY) + 3;

	state->days = palloc_extended(room * sizeof(RunDay), MCXT_ALLOC_HUGE);
	for (TimestampTz at = state->request->from; at < state->request->to; at = slot_day_end(at, state->zone))
		read_day(state, at, &state->days[state->ndays++]);
}

/* How many parts a piece has. */
static uint64
parts_of(const RunState *state, const Component *component)
{
	if (component->prorate == PRORATE_NONE || component->per == PER_DAY || component->per == PER_RUN)
		return 1;
	if (component->days_of_period)
		return state->ndays;
	return component->per == PER_MONTH ? PARTS_OF_MONTH : PARTS_OF_YEAR;
}

/* How many days share a piece. */
static int
days_of(const RunState *state, const Component *component, const RunDay *day)
{
	if (component->days_of_period)
		return state->ndays;
	return component->per == PER_MONTH ? day->days_of_month : day->days_of_year;
}

/* How many parts a day is; per run: of the first day, all. */
static uint64
parts_of_day(const RunState *state, const Component *component, const RunDay *day)
{
	if (component->per == PER_DAY || component->per == PER_RUN)
		return 1;
	if (component->prorate == PRORATE_NONE)
		return component->per == PER_MONTH ? day->begins_month : day->begins_year;
	return parts_of(state, component) / days_of(state, component, day);
}

static sg_int128
round_to(sg_int128 value, int digits, uint64 divisor)
{
	Wide		wide = {{0}};
	sg_int128	rounded;

	if (!wide_add_product(&wide, value, 1) || !wide_round(&wide, digits, divisor, &rounded))
		error_out_of_range("a price");
	return rounded;
}

/* With price_digits the price of a day is rounded: the price of as many parts as all have, that has that of the day. */
static sg_int128
price_of_parts(const RunState *state, const Component *component, const RunDay *day, uint64 parts, sg_int128 price)
{
	sg_int128	unit = 1;
	uint64		share = parts_of(state, component) / parts;

	if (component->price_digits < 0)
		return price;
	for (int i = component->price_digits; i < RUN_PRICE_DIGITS; i++)
		unit *= 10;
	return round_to(price, RUN_PRICE_DIGITS - component->price_digits, share) * unit * share;
}

/* A day as a step: a part at its price or, if the price of a day is rounded, all of it at that. */
static void
add_day_step(RunState *state, RunLine *line, const Component *component, const RunDay *day, sg_int128 weighted, uint64 parts,
			 bool is_priced, sg_int128 price)
{
	uint64		share = component->price_digits >= 0 ? parts_of(state, component) / parts : 1;

	if (__builtin_mul_overflow(weighted, (sg_int128) share, &weighted))
		error_out_of_range("the quantity of a line");
	run_add_step(state, line, day->starts, slot_day_end(day->starts, state->zone), weighted, is_priced, price / (sg_int128) share, 0);
}

/* Adds a day of so much (10^-12) to a line. */
static void
add_day(RunState *state, RunLine *line, RunComponent *component, const RunDay *day, sg_int128 quantity, RunPoint *point)
{
	const Component *c = component->component;
	LocalStart	start = price_local_start(day->starts, state->zone, &state->holidays);
	TimestampTz until;
	uint64		parts = parts_of_day(state, c, day);
	Price		price = component_price_at(&component->priced, day->starts, &start, 0, &until);
	sg_int128	weighted;
	bool		is_priced = price.state == PRICE_APPLIES;

	if (__builtin_mul_overflow(quantity, (sg_int128) parts, &weighted))
		error_out_of_range("the quantity of a line");
	if (is_priced)
		price.value = price_of_parts(state, c, day, parts, price.value);
	else
		run_note_problem(state, point, PROBLEM_UNPRICED, line->participant, c->name, 1, day->starts);
	run_sum_add(&line->sum, weighted, is_priced, price.value, 0);
	if (run_wants_steps(state, c))
		add_day_step(state, line, c, day, weighted, parts, is_priced, price.value);
}

static void
set_parts(const RunState *state, RunLine *line, const Component *component)
{
	line->digits = COMPONENT_DECIMALS;
	line->divisor = parts_of(state, component);
}

/* The period of a point at a time; NULL: it has none. */
static const ReadPeriod *
period_at(const ReadPoint *point, TimestampTz at)
{
	for (int p = 0; p < point->nperiods; p++)
		if (point->periods[p].from <= at && at < point->periods[p].to)
			return &point->periods[p];
	return NULL;
}

/* Is a component about a point at a time? */
static bool
is_about(const Component *component, const RunPoint *point, TimestampTz at)
{
	const ReadPeriod *period = period_at(point->point, at);

	return period && component_is_about(component, point->point->kind, period->class);
}

/* The first day of the run that begins at or after a time. */
static int
day_from(const RunState *state, TimestampTz at)
{
	int			low = 0;
	int			high = state->ndays;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (state->days[middle].starts < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Has the point the component of that name on an earlier day of the run? */
static bool
had_it_before(const RunState *state, const RunPoint *point, const RunStretch *stretch, const Component *component)
{
	for (const RunStretch *s = point->stretches; s < stretch; s++)
		if (s->tariff_id == stretch->tariff_id && s->version)
			for (int c = 0; c < s->version->n; c++)
				if (strcmp(s->version->components[c].component->name, component->name) == 0)
					for (int d = day_from(state, s->from); d < state->ndays && state->days[d].starts < s->to; d++)
						if (is_about(s->version->components[c].component, point, state->days[d].starts))
							return true;
	return false;
}

/* Adds the days of a stretch to the line of a component that is of points. */
static void
add_point(RunState *state, RunPoint *point, RunStretch *stretch, RunComponent *component)
{
	const Component *c = component->component;
	bool		is_once = c->per == PER_RUN;
	RunLine    *line = NULL;

	if (is_once && had_it_before(state, point, stretch, c))
		return;
	for (int d = day_from(state, stretch->from); d < state->ndays && state->days[d].starts < stretch->to; d++)
	{
		const RunDay *day = &state->days[d];

		if (parts_of_day(state, c, day) == 0 || !is_about(c, point, day->starts))
			continue;
		line = line ? line : c->over == OVER_PARTICIPANT
			? run_participant_line(state, stretch->participant_id, stretch->participant, component, 0)
			: run_line_of(state, point, stretch, component, 0);
		set_parts(state, line, c);
		add_day(state, line, component, day, stretch->quantity, point);
		if (is_once)
			return;
	}
}

static Owner *
find_owner(RunState *state, HTAB *owners, const RunStretch *stretch, const RunComponent *component)
{
	OwnerKey	key = {.participant_id = stretch->participant_id, .component = component};
	bool		found;
	Owner	   *owner = hash_search(owners, &key, HASH_ENTER, &found);

	if (!found)
	{
		owner->participant = stretch->participant;
		owner->days = MemoryContextAllocZero(state->context, state->ndays * sizeof(OwnerDay));
	}
	return owner;
}

/* Notes on which days a stretch gives its owner a component that is of participants. */
static void
note_owner(RunState *state, HTAB *owners, RunPoint *point, const RunStretch *stretch, const RunComponent *component)
{
	Owner	   *owner = find_owner(state, owners, stretch, component);

	for (int d = day_from(state, stretch->from); d < state->ndays && state->days[d].starts < stretch->to; d++)
		if (is_about(component->component, point, state->days[d].starts))
		{
			owner->days[d].quantity = owner->days[d].has_it ? Max(owner->days[d].quantity, stretch->quantity) : stretch->quantity;
			owner->days[d].has_it = true;
		}
}

/* Had a participant a component of that tariff and name by an earlier version? */
static bool
owner_had_it_before(RunState *state, HTAB *owners, const Owner *owner)
{
	const RunComponent *component = owner->key.component;

	for (const RunVersion *v = state->versions; v < component->version; v++)
		if (v->tariff->tariff_id == component->version->tariff->tariff_id)
			for (int c = 0; c < v->n; c++)
			{
				OwnerKey	key = {.participant_id = owner->key.participant_id, .component = &v->components[c]};
				const Owner *before = strcmp(v->components[c].component->name, component->component->name) == 0
					? hash_search(owners, &key, HASH_FIND, NULL) : NULL;

				for (int d = 0; before && d < state->ndays; d++)
					if (before->days[d].has_it)
						return true;
			}
	return false;
}

static void
add_owner(RunState *state, HTAB *owners, const Owner *owner)
{
	RunComponent *component = unconstify(RunComponent *, owner->key.component);
	const Component *c = component->component;
	RunLine    *line = NULL;

	if (c->per == PER_RUN && owner_had_it_before(state, owners, owner))
		return;
	for (int d = 0; d < state->ndays; d++)
	{
		if (!owner->days[d].has_it || parts_of_day(state, c, &state->days[d]) == 0)
			continue;
		line = line ? line : run_participant_line(state, owner->key.participant_id, owner->participant, component, 0);
		set_parts(state, line, c);
		add_day(state, line, component, &state->days[d], owner->days[d].quantity, NULL);
		if (c->per == PER_RUN)
			return;
	}
}

static void
add_owners(RunState *state, HTAB *owners)
{
	HASH_SEQ_STATUS status;
	Owner	   *owner;

	hash_seq_init(&status, owners);
	while ((owner = hash_seq_search(&status)) != NULL)
		add_owner(state, owners, owner);
}

/* Adds all components that are by the day. */
void
run_add_fixed(RunState *state)
{
	HASHCTL		control = {.keysize = sizeof(OwnerKey), .entrysize = sizeof(Owner), .hcxt = state->context};
	HTAB	   *owners = hash_create("smartgrid owners of a run", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	for (int p = 0; p < state->npoints; p++)
		for (int s = 0; s < state->points[p].n; s++)
		{
			RunStretch *stretch = &state->points[p].stretches[s];

			for (int c = 0; stretch->version && c < stretch->version->n; c++)
			{
				RunComponent *component = &stretch->version->components[c];

				if (component->component->of == OF_POINT)
					add_point(state, &state->points[p], stretch, component);
				else if (component->component->of == OF_PARTICIPANT)
					note_owner(state, owners, &state->points[p], stretch, component);
			}
		}
	add_owners(state, owners);
}
