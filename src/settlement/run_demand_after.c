/*-------------------------------------------------------------------------
 *
 * run_demand_after.c
 *	  A run: does an owner have anything assigned after it, in the month, day or
 *	  year that is to be billed?  Then a later run bills that.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "metering/meter_points.h"
#include "settlement/run_demand.h"

/* Points and tariffs from the end of the run up to a time, read once. */
static const DemandAfter *
after(const RunState *state, TimestampTz to)
{
	const RunRequest *request = state->request;
	DemandAfter *after = state->demand->after;
	MemoryContext old;

	while (after && after->to != to)
		after = after->before;
	if (after)
		return after;
	old = MemoryContextSwitchTo(state->context);
	after = palloc0(sizeof(DemandAfter));
	after->to = to;
	after->read.request = (MeterReadRequest) {.grid = request->grid, .from = request->to, .to = to, .as_of = request->as_of};
	meter_points_read(&after->read);
	after->book = tariffs_read(request->grid, request->to, to, request->as_of);
	after->before = state->demand->after;
	MemoryContextSwitchTo(old);
	return state->demand->after = after;
}

/* Is a tariff with a version assigned to a point in a period of its owner, within [from, to)? */
static bool
is_assigned(const TariffBook *book, int64 tariff_id, int64 point_id, int64 owner_id, TimestampTz from, TimestampTz to)
{
	TimestampTz until;

	for (TimestampTz at = from; at < to; at = until)
	{
		TimestampTz version_until;

		if (tariff_assignment_at(book, tariff_id, point_id, owner_id, at, &until) &&
			tariff_version_at(book, tariff_id, at, &version_until))
			return true;
		until = Min(until, to);
	}
	return false;
}

static bool
has_it(const DemandAfter *after, const DemandMeter *meter, const ReadPoint *point)
{
	const RunComponent *component = meter->key.component;

	for (int p = 0; p < point->nperiods; p++)
	{
		const ReadPeriod *period = &point->periods[p];

		if (period->owner_id == meter->key.participant_id &&
			(meter->point || component_is_about(component->component, point->kind, period->class)) &&
			is_assigned(after->book, component->version->tariff->tariff_id, point->point_id, period->owner_id,
						Max(period->from, after->read.request.from), Min(period->to, after->to)))
			return true;
	}
	return false;
}

/* Has the owner anything of the tariff between the end of the run and a time? */
bool
run_demand_goes_on(const RunState *state, const DemandMeter *meter, TimestampTz to)
{
	const DemandAfter *then = after(state, to);

	for (int p = 0; p < then->read.npoints; p++)
		if ((meter->key.point_id == 0 || meter->key.point_id == then->read.points[p].point_id) &&
			has_it(then, meter, &then->read.points[p]))
			return true;
	return false;
}
