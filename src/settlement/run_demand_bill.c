/*-------------------------------------------------------------------------
 *
 * run_demand_bill.c
 *	  A run: billing demand, once: where what an owner has assigned of a month, day
 *	  or year ends.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "settlement/run_demand.h"

/* Percents are of 10^-12, and of a hundred. */
#define PERCENT_DIGITS	(COMPONENT_DECIMALS + 2)

/* A measure: height / (24 * n * 10^digits) kW. */
typedef struct Measure
{
	sg_int128	height;
	int			n;
	int			digits;
} Measure;

/* The end of a period that begins in the run or before it. */
static TimestampTz
period_end(const RunState *state, ComponentPer per, int64 number)
{
	switch (per)
	{
		case PER_MONTH:
			{
				int			months = (int) number;	/* year * 12 + month, from 1: of the next one, from 0 */

				return zone_midnight(date2j(months / 12, months % 12 + 1, 1), state->zone);
			}
		case PER_DAY:
			return zone_midnight((int) number + 1, state->zone);
		case PER_YEAR:
			return zone_midnight(date2j((int) number + 1, 1, 1), state->zone);
		default:
			return state->request->to;
	}
}

static TimestampTz
period_start(const RunState *state, ComponentPer per, int64 number)
{
	return per == PER_RUN ? state->request->from : period_end(state, per, number - 1);
}

static int
compare_measures(const Measure *one, const Measure *other)
{
	Wide		left = {{0}};
	Wide		right = {{0}};

	if (!wide_add_product(&left, one->height, other->n) || !wide_add_product(&right, -other->height, one->n))
		error_out_of_range("a demand");
	for (int d = one->digits; d < other->digits; d++)
		if (!wide_multiply(&left, 10))
			error_out_of_range("a demand");
	for (int d = other->digits; d < one->digits; d++)
		if (!wide_multiply(&right, 10))
			error_out_of_range("a demand");
	if (!wide_add(&left, &right))
		error_out_of_range("a demand");
	return wide_is_negative(&left) ? -1 : 1;
}

/* What a period comes to; false if it has no window. */
static bool
measure_of(const RunState *state, const DemandComponent *component, const DemandPeriod *period, Measure *measure)
{
	const DemandFinal *final = component->finals;

	*measure = (Measure) {.n = Max(period->npeaks, 1), .digits = state->run->energy_scale};
	if (component->component->component->demand.at == AT_COMMUNITY_PEAK)
	{
		while (final && final->number != period->number)
			final = final->before;
		if (final == NULL)
			return false;
		if (period->at_peak == final->peak)
			measure->height = period->peaks[0].height;
		measure->n = 1;
		return true;
	}
	for (int i = 0; i < period->npeaks; i++)
		if (__builtin_add_overflow(measure->height, period->peaks[i].height, &measure->height))
			error_out_of_range("a demand");
	return period->npeaks > 0;
}

/* Is a month one that the ratchet looks at? */
static bool
is_looked_at(const ComponentDemand *demand, int64 billed, int64 number)
{
	int			month = (int) ((number - 1) % 12) + 1;

	return number < billed && billed - number <= demand->ratchet_months &&
		(demand->ratchet_calendar_months == 0 || (demand->ratchet_calendar_months & (1 << month)));
}

/* The billed measure: never less than the percentage of the highest of earlier months. */
static void
apply_ratchet(const RunState *state, const DemandComponent *component, const DemandPeriod *billed, Measure *measure)
{
	const ComponentDemand *demand = &component->component->component->demand;

	for (const DemandPeriod *period = billed->before; demand->has_ratchet && period; period = period->before)
	{
		Measure		earlier;

		if (!is_looked_at(demand, billed->number, period->number) || !measure_of(state, component, period, &earlier))
			continue;
		if (__builtin_mul_overflow(earlier.height, demand->ratchet_percent, &earlier.height))
			error_out_of_range("a demand");
		earlier.digits += PERCENT_DIGITS;
		if (compare_measures(measure, &earlier) < 0)
			*measure = earlier;
	}
}

/* Is a stretch the owner's, in [from, to)? */
static bool
is_of(const DemandMeter *meter, const RunPoint *point, const RunStretch *stretch, TimestampTz from, TimestampTz to)
{
	const RunComponent *component = meter->key.component;

	return stretch->participant_id == meter->key.participant_id && stretch->version &&
		stretch->tariff_id == component->version->tariff->tariff_id && stretch->from < to && stretch->to > from &&
		(meter->point || component_is_about(component->component, point->point->kind, point->point->periods[0].class));
}

/* What an owner has in [from, to): of one point, or of all. */
typedef struct OwnersPart
{
	const RunStretch *last;		/* NULL: nothing */
	TimestampTz from;
	TimestampTz to;
} OwnersPart;

static void
add_point_to(OwnersPart *part, const DemandMeter *meter, const RunPoint *point, TimestampTz from, TimestampTz to)
{
	for (int s = 0; s < point->n; s++)
	{
		const RunStretch *stretch = &point->stretches[s];

		if (!is_of(meter, point, stretch, from, to))
			continue;
		part->from = part->last ? Min(part->from, Max(stretch->from, from)) : Max(stretch->from, from);
		if (part->last == NULL || Min(stretch->to, to) > part->to)
		{
			part->last = stretch;
			part->to = Min(stretch->to, to);
		}
	}
}

static OwnersPart
owners_part(const RunState *state, const DemandMeter *meter, TimestampTz from, TimestampTz to)
{
	OwnersPart	part = {.last = NULL};

	if (meter->point)
		add_point_to(&part, meter, meter->point, from, to);
	else
		for (int p = 0; p < state->npoints; p++)
			add_point_to(&part, meter, &state->points[p], from, to);
	return part;
}

/* A line of its own for each period. */
static RunLine *
make_line(RunState *state, const DemandMeter *meter, const DemandPeriod *period, TimestampTz from, TimestampTz to, int tier)
{
	RunLine    *line = run_new_line(state, meter->key.component, tier);

	line->participant_id = meter->key.participant_id;
	line->participant = meter->participant;
	if (meter->point)
	{
		line->point_id = meter->point->point->point_id;
		line->point = meter->point->point->name;
		line->kind = (int) meter->point->point->kind;
	}
	line->from = from;
	line->to = to;
	line->sum.qualities = period->qualities;
	return line;
}

/* The price of a period, that of a tier; false if there is none. */
static bool
price_of(const RunState *state, const RunComponent *component, TimestampTz at, int tier, sg_int128 *price)
{
	Component	always = *component->component;
	PricedComponent priced = component->priced;
	LocalStart	start = price_local_start(at, state->zone, &state->holidays);
	TimestampTz until;
	Price		found;

	always.when.is_given = false;
	always.when.marked = NULL;
	priced.component = &always;
	priced.marked = NULL;
	found = component_price_at(&priced, at, &start, tier, &until);
	*price = found.value;
	return found.state == PRICE_APPLIES;
}

/* Up to which height a tier goes; the largest number there is if it has no end. */
static sg_int128
limit_of(const ComponentTier *tier, const Measure *measure)
{
	const sg_int128 endless = (sg_int128) (SG_UINT128_MAX >> 1);
	sg_int128	limit;

	if (!tier->has_upto || __builtin_mul_overflow(tier->upto, (sg_int128) measure->n * DEMAND_HOURS_OF_DAY, &limit))
		return endless;
	for (int d = COMPONENT_DECIMALS; d < measure->digits; d++)
		if (__builtin_mul_overflow(limit, (sg_int128) 10, &limit))
			return endless;
	return limit;
}

/* Adds a part of a measure, all of it if there are no tiers. */
static void
bill_part(RunState *state, const DemandMeter *meter, const DemandPeriod *period, const Measure *measure,
		  TimestampTz from, TimestampTz to, int tier, sg_int128 height)
{
	RunLine    *line = make_line(state, meter, period, from, to, tier);
	const Component *component = meter->key.component->component;
	sg_int128	price;
	bool		is_priced = price_of(state, meter->key.component, from, tier, &price) && !period->is_unpriced;

	line->digits = measure->digits;
	line->divisor = (uint64) measure->n * DEMAND_HOURS_OF_DAY;
	run_sum_add(&line->sum, height, is_priced, price, 0);
	if (!is_priced)
		run_note_problem(state, meter->point, PROBLEM_UNPRICED, meter->participant, component->name, 1, from);
	if (run_wants_steps(state, component))
		run_add_step(state, line, from, to, height, is_priced, price, period->qualities);
}

/* Each kW at the price of its tier. */
static void
bill_tiers(RunState *state, const DemandMeter *meter, const DemandPeriod *period, Measure *measure, TimestampTz from, TimestampTz to)
{
	const Component *component = meter->key.component->component;
	sg_int128	done = 0;

	for (int d = measure->digits; d < COMPONENT_DECIMALS; d++)
	{
		if (__builtin_mul_overflow(measure->height, (sg_int128) 10, &measure->height))
			error_out_of_range("a demand");
		measure->digits++;
	}
	for (int t = 0; t < component->ntiers && (t == 0 || done < measure->height); t++)
	{
		sg_int128	until = Min(limit_of(&component->tiers[t], measure), measure->height);

		bill_part(state, meter, period, measure, from, to, t, until - done);
		done = until;
	}
}

/* Is the month one that the component is billed in? */
static bool
is_billed_then(const Component *component, int64 number)
{
	return component->per != PER_MONTH || !component->when.is_given || (component->when.months & (1 << ((number - 1) % 12 + 1)));
}

/* Bills a period, if what the owner has of it ends in the run, by the very version of the component. */
static void
bill(RunState *state, DemandMeter *meter, DemandPeriod *period)
{
	const Component *component = meter->key.component->component;
	TimestampTz starts = Max(period_start(state, component->per, period->number), state->request->from);
	TimestampTz ends = period_end(state, component->per, period->number);
	TimestampTz within = Min(ends, state->request->to);
	OwnersPart	part = owners_part(state, meter, starts, within);
	Measure		measure;

	if (part.last == NULL || part.last->version != meter->key.component->version || !is_billed_then(component, period->number))
		return;
	if (state->request->to < ends && run_demand_goes_on(state, meter, ends))
		return;
	if (!measure_of(state, run_demand_component(state->demand, meter->key.component), period, &measure))
		return;
	apply_ratchet(state, run_demand_component(state->demand, meter->key.component), period, &measure);
	if (component->ntiers > 0)
		bill_tiers(state, meter, period, &measure, part.from, part.to);
	else
		bill_part(state, meter, period, &measure, part.from, part.to, 0, measure.height);
}

/* Adds the lines of demand. */
void
run_demand_add(RunState *state)
{
	HASH_SEQ_STATUS status;
	DemandMeter *meter;

	if (state->demand == NULL)
		return;
	hash_seq_init(&status, state->demand->meters);
	while ((meter = hash_seq_search(&status)) != NULL)
		for (DemandPeriod *period = meter->latest; period; period = period->before)
			bill(state, meter, period);
}
