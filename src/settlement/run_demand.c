/*-------------------------------------------------------------------------
 *
 * run_demand.c
 *	  A run: measuring demand.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "settlement/run_demand.h"

#define ALL_MONTHS		0x1FFE

/* The first moment of a month so many months before that of a time. */
static TimestampTz
month_before(TimestampTz at, int months, pg_tz *zone)
{
	int			year;
	int			month;
	int			mday;

	j2date(zone_day(at, zone), &year, &month, &mday);
	month += year * 12 - 1 - months;
	return zone_midnight(date2j(month / 12, month % 12 + 1, 1), zone);
}

static TimestampTz
year_start(TimestampTz at, pg_tz *zone)
{
	int			year;
	int			month;
	int			mday;

	j2date(zone_day(at, zone), &year, &month, &mday);
	return zone_midnight(date2j(year, 1, 1), zone);
}

/* From when on a component has to be measured. */
static TimestampTz
measured_from(const RunState *state, const Component *component)
{
	TimestampTz from = state->request->from;

	if (component->of != OF_DEMAND || component->per == PER_DAY || component->per == PER_RUN)
		return from;
	if (component->per == PER_YEAR)
		return year_start(from, state->zone);
	return month_before(from, component->demand.has_ratchet ? component->demand.ratchet_months : 0, state->zone);
}

/* True if earlier times have to be read than it was known of. */
bool
run_demand_begin(RunState *state)
{
	TimestampTz from = state->run->basis_from;

	for (int v = 0; v < state->book->nversions; v++)
		for (int c = 0; c < state->book->versions[v].list.n; c++)
			from = Min(from, measured_from(state, &state->book->versions[v].list.components[c]));
	if (from >= state->run->basis_from)
		return false;
	state->run->basis_from = from;
	return true;
}

/* A component as it is measured: in all months if a ratchet looks at others, and without an index. */
static RunComponent *
measured_component(const RunComponent *component)
{
	RunComponent *measured = palloc(sizeof(RunComponent));
	Component  *copy = palloc(sizeof(Component));

	*copy = *component->component;
	copy->index.series = NULL;
	if (copy->demand.has_ratchet)
		copy->when.months = ALL_MONTHS;
	*measured = *component;
	measured->component = copy;
	measured->priced.component = copy;
	measured->days = palloc0(measured->ntiers * RESOLUTIONS * sizeof(PriceDay *));
	return measured;
}

static void
add_component(Demand *demand, RunComponent *component)
{
	DemandComponent *added = &demand->components[demand->n++];

	*added = (DemandComponent) {.component = component, .measured = measured_component(component), .number = -1};
}

/* Makes ready to measure, once versions are open. */
void
run_demand_open(RunState *state)
{
	HASHCTL		control = {.keysize = sizeof(DemandKey), .entrysize = sizeof(DemandMeter), .hcxt = state->context};
	int			n = 0;

	for (int v = 0; v < state->nversions; v++)
		for (int c = 0; c < state->versions[v].n; c++)
			n += state->versions[v].components[c].component->of == OF_DEMAND;
	if (n == 0)
		return;
	state->demand = palloc0(sizeof(Demand));
	state->demand->components = palloc(n * sizeof(DemandComponent));
	state->demand->meters = hash_create("smartgrid demand", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	state->demand->day = AllocSetContextCreate(state->context, "smartgrid demand of a day", ALLOCSET_DEFAULT_SIZES);
	state->demand->last = &state->demand->of_day;
	for (int v = 0; v < state->nversions; v++)
		for (int c = 0; c < state->versions[v].n; c++)
			if (state->versions[v].components[c].component->of == OF_DEMAND)
				add_component(state->demand, &state->versions[v].components[c]);
}

static DemandKey
key_of(const RunComponent *component, int64 participant_id, int64 point_id)
{
	return (DemandKey) {
		.component = component, .participant_id = participant_id,
		.point_id = component->component->over == OVER_PARTICIPANT ? 0 : point_id
	};
}

/* An owner is measured, for it has something assigned. */
void
run_demand_expect(RunState *state, RunPoint *point, RunStretch *stretch)
{
	const RunVersion *version = stretch->version;

	for (int c = 0; version && state->demand && c < version->n; c++)
		if (version->components[c].component->of == OF_DEMAND)
		{
			DemandKey	key = key_of(&version->components[c], stretch->participant_id, point->point->point_id);
			bool		found;
			DemandMeter *meter = hash_search(state->demand->meters, &key, HASH_ENTER, &found);

			if (!found)
				*meter = (DemandMeter) {.key = key, .participant = stretch->participant, .point = key.point_id ? point : NULL};
		}
}

static DemandItem *
make_item(Demand *demand, const RunSlots *slots, const ReadSpan *span)
{
	DemandItem *item = MemoryContextAlloc(demand->day, sizeof(DemandItem));
	int64	   *amount = MemoryContextAlloc(demand->day, slots->n * sizeof(int64));

	memcpy(amount, slots->amount, slots->n * sizeof(int64));
	*item = (DemandItem) {
		.starts = slots->starts, .minutes = slots->minutes, .nslots = slots->n, .from = span->from, .to = span->to,
		.amount = amount, .quality = slots->quality
	};
	return item;
}

/* Adds what consumption points have to the community's windows. */
static void
add_to_community(DemandComponent *component, const MeterDay *day, const ReadSpan *span)
{
	component->minutes = Max(component->minutes, Max(day->minutes, component->component->component->demand.minutes));
	for (int i = span->from; i < span->to; i++)
		component->community[i * day->minutes / 5] += day->amount[i];
}

static void
add_item(Demand *demand, const DemandComponent *component, const MeterDay *day, const ReadSpan *span, const RunSlots *slots)
{
	DemandKey	key = key_of(component->component, span->period->owner_id, day->point->point_id);
	DemandMeter *meter = hash_search(demand->meters, &key, HASH_FIND, NULL);

	if (meter == NULL)
		return;
	if (meter->items == NULL)
	{
		meter->last = &meter->items;
		meter->next_of_day = NULL;
		*demand->last = meter;
		demand->last = &meter->next_of_day;
	}
	*meter->last = make_item(demand, slots, span);
	meter->last = &(*meter->last)->following;
}

/* Takes the slots of a span, energy of the side of charges and of that of credits, to be measured at the end of the day. */
void
run_demand_take(RunState *state, const MeterDay *day, const ReadSpan *span, const RunSlots slots[2])
{
	Demand	   *demand = state->demand;

	for (int c = 0; c < demand->n; c++)
	{
		DemandComponent *component = &demand->components[c];
		const Component *of = component->component->component;

		if (of->per == PER_RUN && state->allocation->read->day_starts < state->request->from)
			continue;
		if (of->demand.at == AT_COMMUNITY_PEAK && day->point->kind == POINT_CONSUMPTION && !span->period->is_loss)
			add_to_community(component, day, span);
		if (span->period->owner_id != 0 && component_is_about(of, day->point->kind, span->period->class))
			add_item(demand, component, day, span, &slots[of->pay == PAY_CREDIT ? SIDE_CREDIT : SIDE_CHARGE]);
	}
}
