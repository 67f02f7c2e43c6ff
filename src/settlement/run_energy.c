/*-------------------------------------------------------------------------
 *
 * run_energy.c
 *	  A run: adding what points measured on a day, and got of the community's
 *	  energy, to their lines.
 *
 * Slots are a point's own for energy, and those of sharing for the rest.  What is
 * added of them is one figure a slot, made once for a point and day and used for
 * all components that are of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "settlement/run_state.h"
#include "settlement/run_demand.h"

/* What may be added of a point's day: by what it is of, then side. */
#define MEASURES		(OF_REST + 1)

/* A point's day while it is added. */
typedef struct PointDay
{
	RunState   *state;
	RunPoint   *point;
	const MeterDay *day;
	const AllocatedPoint *shared;	/* NULL: it takes no part in sharing */
	bool		is_made[MEASURES][2];
	int64		made[MEASURES][2][DAY_MAX_SLOTS];
	uint8		share_quality[DAY_MAX_SLOTS];
	bool		has_share_quality;
} PointDay;

/* Of storage, one side counts what was charged, the other what was discharged. */
static bool
is_of_side(const MeterDay *day, int64 amount, RunSide side)
{
	if (day->point->kind != POINT_STORAGE)
		return true;
	return side == SIDE_CHARGE ? amount <= 0 : amount >= 0;
}

static int64
magnitude_of(const MeterDay *day, int64 amount)
{
	return day->point->kind == POINT_EXCHANGE ? amount : allocated_magnitude(amount);
}

/* Energy in the point's own slots. */
static void
make_energy(PointDay *point, RunSide side, int64 *made)
{
	const MeterDay *day = point->day;

	for (int i = 0; i < day->n; i++)
		made[i] = is_of_side(day, day->amount[i], side) ? magnitude_of(day, day->amount[i]) : 0;
}

/* What was covered in slots of sharing, or the rest. */
static void
make_shared(PointDay *point, ComponentOf of, RunSide side, int64 *made)
{
	const AllocatedPoint *shared = point->shared;
	int			nslots = point->state->allocation->nslots;

	for (int i = 0; i < nslots; i++)
	{
		int64		covered = shared->covered[i];

		if (!is_of_side(point->day, shared->amount[i], side))
			made[i] = 0;
		else
			made[i] = of == OF_COVERED ? covered : allocated_magnitude(shared->amount[i]) - covered;
	}
}

/* Of a point that takes no part in sharing nothing is covered, and all is rest, in its own slots. */
static const int64 *
unshared(PointDay *point, ComponentOf of, RunSide side)
{
	static const int64 nothing[DAY_MAX_SLOTS];

	if (of == OF_COVERED)
		return nothing;
	if (!point->is_made[of][side])
		make_energy(point, side, point->made[of][side]);
	point->is_made[of][side] = true;
	return point->made[of][side];
}

/* What a component is of, slot by slot. */
static const int64 *
measure(PointDay *point, ComponentOf of, RunSide side)
{
	if (of != OF_ENERGY && point->shared == NULL)
		return unshared(point, of, side);
	if (point->day->point->kind != POINT_STORAGE && (of == OF_ENERGY || of == OF_COVERED))
		return of == OF_ENERGY ? point->day->amount : point->shared->covered;
	if (!point->is_made[of][side])
	{
		if (of == OF_ENERGY)
			make_energy(point, side, point->made[of][side]);
		else
			make_shared(point, of, side, point->made[of][side]);
		point->is_made[of][side] = true;
	}
	return point->made[of][side];
}

/* Outside the spans that are shared out nothing was covered: such slots have to read as 0. */
static void
clear_outside(const Allocation *allocation, const AllocatedPoint *point)
{
	int			from = 0;

	for (int s = 0; s <= point->nspans; s++)
	{
		int			to = s < point->nspans ? point->spans[s].from : allocation->nslots;

		for (int i = from; i < to; i++)
			point->covered[i] = 0;
		from = s < point->nspans ? point->spans[s].to : to;
	}
}

/* How good each slot's share is. */
static const uint8 *
share_quality(PointDay *point)
{
	const Allocation *allocation = point->state->allocation;

	if (!allocation->has_incomplete)
		return point->shared->quality;
	if (!point->has_share_quality)
		for (int i = 0; i < allocation->nslots; i++)
			point->share_quality[i] = (uint8) allocated_quality(allocation, point->shared, i);
	point->has_share_quality = true;
	return point->share_quality;
}

static QualitySet
qualities_of(const uint8 *quality, int from, int to)
{
	QualitySet	set = 0;

	for (int i = from; i < to; i++)
		set |= QUALITY_SET(quality[i]);
	return set;
}

static sg_int128
sum_of(const int64 *amount, int from, int to)
{
	sg_int128	sum = 0;

	for (int i = from; i < to; i++)
		sum += amount[i];
	return sum;
}

/* The line of a component over one point, or all of its owner. */
static RunLine *
line_of(RunState *state, RunPoint *point, RunStretch *stretch, const RunComponent *component)
{
	if (component->component->over == OVER_PARTICIPANT)
		return run_participant_line(state, stretch->participant_id, stretch->participant, component, 0);
	return run_line_of(state, point, stretch->head, component, 0);
}

/* Adds slots from .. to - 1, all with one price. */
static void
add_range(RunState *state, RunLine *line, const RunSlots *slots, const PriceRange *range, int from, int to, bool with_steps)
{
	sg_int128	quantity = sum_of(slots->amount, from, to);
	QualitySet	qualities = qualities_of(slots->quality, from, to);

	run_sum_add(&line->sum, quantity, range->is_priced, range->price, qualities);
	if (with_steps)
		run_add_step(state, line, range->step_from, range->step_to, quantity, range->is_priced, range->price, qualities);
}

/* Adds slots from .. to - 1 of a stretch to the line of a component. */
static void
add_slots(PointDay *point, RunStretch *stretch, RunComponent *component, const RunSlots *slots, int from, int to)
{
	RunState   *state = point->state;
	const MeterRead *read = state->allocation->read;
	const PriceDay *prices = run_price_day(state, component, 0, read->date, read->day_starts, read->day_ends, slots->minutes, slots->n);
	bool		with_steps = run_wants_steps(state, component->component);
	RunLine    *line = NULL;

	for (int r = 0; r < prices->n && prices->ranges[r].from < to; r++)
	{
		const PriceRange *range = &prices->ranges[r];
		int			first = Max(range->from, from);
		int			end = Min(range->to, to);

		if (first >= end)
			continue;
		line = line ? line : line_of(state, point->point, stretch, component);
		add_range(state, line, slots, range, first, end, with_steps);
		if (!range->is_priced)
			run_note_problem(state, point->point, PROBLEM_UNPRICED, stretch->participant, component->component->name, end - first,
							 slots->starts + first * (slots->minutes * USECS_PER_MINUTE));
	}
}

/* The slots that a component is of: the point's own, or those of sharing. */
static RunSlots
slots_of(PointDay *point, const Component *component)
{
	const Allocation *allocation = point->state->allocation;
	RunSide		side = component->pay == PAY_CREDIT ? SIDE_CREDIT : SIDE_CHARGE;
	bool		is_own = component->of == OF_ENERGY || point->shared == NULL;

	return (RunSlots) {
		.starts = is_own ? point->day->first : allocation->day_starts,
		.minutes = is_own ? point->day->minutes : allocation->minutes,
		.n = is_own ? point->day->n : allocation->nslots,
		.amount = measure(point, component->of, side),
		.quality = is_own ? point->day->quality : share_quality(point)
	};
}

/* The first slot that does not begin before a time. */
static int
slot_from(const RunSlots *slots, TimestampTz at)
{
	int64		step = slots->minutes * USECS_PER_MINUTE;

	return at <= slots->starts ? 0 : (int) Min((at - slots->starts + step - 1) / step, slots->n);
}

/* Adds a component in [from, to), which is of one stretch and one period. */
static void
add_component(PointDay *point, RunStretch *stretch, RunComponent *component, const ReadPeriod *period, TimestampTz from, TimestampTz to)
{
	const Component *c = component->component;
	RunSlots	slots;

	if (c->of > OF_REST || c->ntiers > 0 || !component_is_about(c, point->day->point->kind, period->class))
		return;
	slots = slots_of(point, c);
	add_slots(point, stretch, component, &slots, slot_from(&slots, from), slot_from(&slots, to));
}

/* Hands the slots of a span to the components with tiers, whatever is assigned. */
static void
add_tiers(PointDay *point, const ReadSpan *span)
{
	RunState   *state = point->state;

	for (int v = 0; v < state->nversions; v++)
	{
		RunVersion *version = &state->versions[v];
		TimestampTz from = Max(meter_slot_start(point->day, span->from), version->tariff->valid_from);
		TimestampTz to = Min(meter_slot_start(point->day, span->to), version->tariff->valid_to);

		if (!version->has_tiers || from >= to)
			continue;
		for (int c = 0; c < version->n; c++)
		{
			RunComponent *component = &version->components[c];
			RunSlots	slots;

			if (component->component->of > OF_REST || component->component->ntiers == 0 ||
				!component_is_about(component->component, point->day->point->kind, span->period->class))
				continue;
			slots = slots_of(point, component->component);
			run_tier_take(state, point->point, point->day->point->point_id, component, span->period->owner_id, &slots,
						  slot_from(&slots, from), slot_from(&slots, to));
		}
	}
}

/* A tariff is assigned, but there is no version of it. */
static void
note_without_version(PointDay *point, const RunStretch *stretch, TimestampTz from, TimestampTz to)
{
	int64		step = point->day->minutes * USECS_PER_MINUTE;

	run_note_problem(point->state, point->point, PROBLEM_UNPRICED, stretch->participant, "", (to - from + step - 1) / step, from);
}

static void
add_span(PointDay *point, const ReadSpan *span)
{
	TimestampTz span_from = meter_slot_start(point->day, span->from);
	TimestampTz span_to = meter_slot_start(point->day, span->to);

	for (int s = 0; s < point->point->n; s++)
	{
		RunStretch *stretch = &point->point->stretches[s];
		TimestampTz from = Max(stretch->from, span_from);
		TimestampTz to = Min(stretch->to, span_to);

		if (from >= to || stretch->participant_id != span->period->owner_id)
			continue;
		if (stretch->version == NULL)
			note_without_version(point, stretch, from, to);
		else
			for (int c = 0; c < stretch->version->n; c++)
				add_component(point, stretch, &stretch->version->components[c], span->period, from, to);
	}
}

/* Counts slots that are missing, and those that are not good enough. */
static void
note_qualities(PointDay *point, const ReadSpan *span)
{
	RunState   *state = point->state;
	QualitySet	accepted = state->request->accept.qualities;
	const uint8 *quality = point->day->quality;
	const char *owner = span->period->owner ? span->period->owner : "";

	if ((qualities_of(quality, span->from, span->to) & ~accepted) == 0)
		return;
	for (int i = span->from; i < span->to; i++)
		if (!(QUALITY_SET(quality[i]) & accepted))
			run_note_problem(state, point->point, quality[i] == QUALITY_MISSING ? PROBLEM_MISSING : PROBLEM_QUALITY, owner, "", 1,
							 meter_slot_start(point->day, i));
}

/* Hands the slots of a span to the components of demand, on both sides. */
static void
add_demand(PointDay *point, const ReadSpan *span)
{
	RunSlots	slots[2];

	for (int side = SIDE_CHARGE; side <= SIDE_CREDIT; side++)
		slots[side] = (RunSlots) {
			.starts = point->day->first, .minutes = point->day->minutes, .n = point->day->n,
			.amount = measure(point, OF_ENERGY, (RunSide) side), .quality = point->day->quality
		};
	run_demand_take(point->state, point->day, span, slots);
}

static void
add_point(PointDay *point, bool is_before)
{
	for (int s = 0; s < point->day->nspans; s++)
	{
		const ReadSpan *span = &point->day->spans[s];

		if (!is_before)
		{
			note_qualities(point, span);
			add_span(point, span);
		}
		if (span->period->owner_id != 0 && point->state->tier_counts)
			add_tiers(point, span);
		if (point->state->demand)
			add_demand(point, span);
	}
}

/* Adds the day that the allocation is at to all lines; is_before: it is one before the run, which is only counted. */
void
run_add_day(RunState *state, bool is_before)
{
	const Allocation *allocation = state->allocation;
	const MeterRead *read = allocation->read;
	int			shared = 0;

	for (int d = 0; d < read->n; d++)
	{
		PointDay	point;

		point.state = state;
		point.day = &read->days[d];
		point.point = is_before ? NULL : &state->points[point.day->point - read->points];
		point.shared = NULL;
		memset(point.is_made, 0, sizeof(point.is_made));
		point.has_share_quality = false;
		if (shared < allocation->n && allocation->points[shared].point == point.day->point)
		{
			point.shared = &allocation->points[shared++];
			clear_outside(allocation, point.shared);
		}
		add_point(&point, is_before);
	}
	run_tier_end_day(state);
	run_demand_end_day(state);
}
