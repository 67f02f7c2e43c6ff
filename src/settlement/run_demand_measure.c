/*-------------------------------------------------------------------------
 *
 * run_demand_measure.c
 *	  A run: the highest windows of a day, among those of a month, day, year or run.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "grid/zone.h"
#include "settlement/run_demand.h"

/* Which month, day or year a time is of; 0: the run. */
int64
run_demand_period(const RunState *state, ComponentPer per, TimestampTz at)
{
	int			day = zone_day(at, state->zone);
	int			year;
	int			month;
	int			mday;

	j2date(day, &year, &month, &mday);
	switch (per)
	{
		case PER_MONTH:
			return (int64) year * 12 + month;
		case PER_DAY:
			return day;
		case PER_YEAR:
			return year;
		default:
			return 0;
	}
}

/* The period that the day is of; a new one if it is the first of it. */
static DemandPeriod *
period_of_day(RunState *state, DemandMeter *meter)
{
	const Component *component = meter->key.component->component;
	int64		number = run_demand_period(state, component->per, state->allocation->read->day_starts);
	DemandPeriod *period = meter->latest;

	if (period && period->number == number)
		return period;
	period = MemoryContextAllocZero(state->context, sizeof(DemandPeriod));
	period->peaks = MemoryContextAlloc(state->context, component->demand.n * sizeof(DemandPeak));
	period->number = number;
	period->at_peak = -1;
	period->before = meter->latest;
	return meter->latest = period;
}

/* Puts a window among the n highest, one of a day if they have to be of different days. */
static void
note_peak(DemandPeriod *period, const ComponentDemand *demand, sg_int128 height, DateADT day)
{
	int			place = period->npeaks;

	if (demand->distinct_days)
		for (int i = 0; i < period->npeaks; i++)
			if (period->peaks[i].day == day)
			{
				if (period->peaks[i].height >= height)
					return;
				memmove(&period->peaks[i], &period->peaks[i + 1], (period->npeaks - i - 1) * sizeof(DemandPeak));
				period->npeaks--;
				place = period->npeaks;
				break;
			}
	while (place > 0 && period->peaks[place - 1].height < height)
		place--;
	if (place == demand->n)
		return;
	period->npeaks = Min(period->npeaks + 1, demand->n);
	memmove(&period->peaks[place + 1], &period->peaks[place], (period->npeaks - place - 1) * sizeof(DemandPeak));
	period->peaks[place] = (DemandPeak) {.height = height, .day = day};
}

/* When a component is measured on the day, by windows; one that begins then counts. */
static const PriceDay *
hours_of(RunState *state, DemandComponent *component)
{
	const MeterRead *read = state->allocation->read;
	int			nslots = (int) ((read->day_ends - read->day_starts) / (5 * USECS_PER_MINUTE));

	return run_price_day(state, component->measured, 0, read->date, read->day_starts, read->day_ends, 5, nslots);
}

static const PriceRange *
range_at(const PriceDay *hours, int step)
{
	for (int r = 0; r < hours->n; r++)
		if (hours->ranges[r].from <= step && step < hours->ranges[r].to)
			return &hours->ranges[r];
	return NULL;
}

/* Windows of the day that an owner has slots in. */
typedef struct Windows
{
	int			minutes;
	bool		is_there[DAY_MAX_SLOTS];
	sg_int128	amount[DAY_MAX_SLOTS];
	QualitySet	qualities[DAY_MAX_SLOTS];
} Windows;

static void
add_windows(Windows *windows, const DemandItem *item)
{
	for (int i = item->from; i < item->to; i++)
	{
		int			window = i * item->minutes / windows->minutes;

		windows->is_there[window] = true;
		windows->amount[window] += item->amount[i];
		windows->qualities[window] |= QUALITY_SET(item->quality[i]);
	}
}

static void
make_windows(const DemandMeter *meter, const DemandComponent *component, Windows *windows)
{
	memset(windows, 0, sizeof(Windows));
	windows->minutes = Max(component->component->component->demand.minutes, component->minutes);
	for (const DemandItem *item = meter->items; item; item = item->following)
		windows->minutes = Max(windows->minutes, item->minutes);
	for (const DemandItem *item = meter->items; item; item = item->following)
		add_windows(windows, item);
}

/* The windows of the day that count. */
static void
measure(RunState *state, DemandMeter *meter, DemandComponent *component, int peak)
{
	const ComponentDemand *demand = &component->component->component->demand;
	const PriceDay *hours = hours_of(state, component);
	DemandPeriod *period = period_of_day(state, meter);
	Windows		windows;

	make_windows(meter, component, &windows);
	for (int w = 0; w < DAY_MAX_SLOTS && w * windows.minutes < DEMAND_MINUTES_OF_DAY + 60; w++)
	{
		const PriceRange *range = windows.is_there[w] ? range_at(hours, w * windows.minutes / 5) : NULL;
		sg_int128	height = windows.amount[w] * DEMAND_MINUTES_OF_DAY / windows.minutes;

		if (range == NULL)
			continue;
		period->is_unpriced |= !range->is_priced;
		period->qualities |= windows.qualities[w];
		if (demand->at == AT_OWN)
			note_peak(period, demand, height, state->allocation->read->date);
		else if (w == peak)
		{
			period->npeaks = 1;
			period->peaks[0] = (DemandPeak) {.height = height, .day = state->allocation->read->date};
			period->at_peak = component->npeaks;
		}
	}
}

/* There is a new highest one of a period. */
static void
note_community_peak(DemandComponent *component, int64 number)
{
	DemandFinal *final = component->finals;

	component->npeaks++;
	if (final == NULL || final->number != number)
	{
		final = MemoryContextAlloc(GetMemoryChunkContext(component->measured), sizeof(DemandFinal));
		*final = (DemandFinal) {.number = number, .before = component->finals};
		component->finals = final;
	}
	final->peak = component->npeaks;
}

/* The window of the day in which the community had more than ever before in the period; -1: there is none. */
static int
find_community_peak(RunState *state, DemandComponent *component)
{
	const Component *of = component->component->component;
	const PriceDay *hours = hours_of(state, component);
	int64		number = run_demand_period(state, of->per, state->allocation->read->day_starts);
	int			steps = Max(component->minutes, 5) / 5;
	int			peak = -1;

	if (number != component->number)
		component->height = -1;
	component->number = number;
	for (int w = 0; w * steps < DAY_MAX_SLOTS; w++)
	{
		sg_int128	amount = 0;

		for (int i = w * steps; i < (w + 1) * steps && i < DAY_MAX_SLOTS; i++)
			amount += component->community[i];
		amount = amount * DEMAND_MINUTES_OF_DAY / (steps * 5);
		if (range_at(hours, w * steps) && amount > component->height)
		{
			component->height = amount;
			peak = w;
		}
	}
	if (peak >= 0)
		note_community_peak(component, number);
	return peak;
}

/* A component of demand, as it is measured. */
DemandComponent *
run_demand_component(Demand *demand, const RunComponent *of)
{
	DemandComponent *component = demand->components;

	while (component->component != of)
		component++;
	return component;
}

/* Measures what was taken of the day. */
void
run_demand_end_day(RunState *state)
{
	Demand	   *demand = state->demand;
	int		   *peaks;

	if (demand == NULL)
		return;
	peaks = MemoryContextAlloc(demand->day, demand->n * sizeof(int));
	for (int c = 0; c < demand->n; c++)
		peaks[c] = demand->components[c].component->component->demand.at == AT_COMMUNITY_PEAK
			? find_community_peak(state, &demand->components[c]) : -1;
	for (DemandMeter *meter = demand->of_day; meter; meter = meter->next_of_day)
	{
		DemandComponent *component = run_demand_component(demand, meter->key.component);

		measure(state, meter, component, peaks[component - demand->components]);
		meter->items = NULL;
	}
	for (int c = 0; c < demand->n; c++)
	{
		memset(demand->components[c].community, 0, sizeof(demand->components[c].community));
		demand->components[c].minutes = 0;
	}
	demand->of_day = NULL;
	demand->last = &demand->of_day;
	MemoryContextReset(demand->day);
}
