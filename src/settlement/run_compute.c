/*-------------------------------------------------------------------------
 *
 * run_compute.c
 *	  What a period comes to by the tariffs, from its beginning to its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "grid/scale.h"
#include "grid/zone.h"
#include "metering/dated.h"
#include "settlement/run_demand.h"

/* After so many days of points a NOTICE tells of progress. */
#define PROGRESS_POINT_DAYS	50000

static void
open_component(RunState *state, RunVersion *version, int c)
{
	const RunRequest *request = state->request;
	RunComponent *component = &version->components[c];

	component->component = &version->tariff->list.components[c];
	component->version = version;
	component->ntiers = Max(component->component->ntiers, 1);
	component->first_line = version->nlines;
	version->nlines += component->ntiers;
	version->has_tiers |= component->component->ntiers > 0 && component->component->of <= OF_REST;
	component->priced = priced_component_open(request->grid, component->component, state->run->basis_from, request->to, request->as_of);
	component->days = palloc0(component->ntiers * RESOLUTIONS * sizeof(PriceDay *));
}

/* Opens the versions of all tariffs, and reads what their components need. */
static void
open_versions(RunState *state)
{
	state->nversions = state->book->nversions;
	state->versions = palloc0(Max(state->nversions, 1) * sizeof(RunVersion));
	for (int v = 0; v < state->nversions; v++)
	{
		RunVersion *version = &state->versions[v];

		version->tariff = &state->book->versions[v];
		version->from = Max(version->tariff->valid_from, state->request->from);
		version->to = Min(version->tariff->valid_to, state->request->to);
		version->n = version->tariff->list.n;
		version->components = palloc0(Max(version->n, 1) * sizeof(RunComponent));
		for (int c = 0; c < version->n; c++)
			open_component(state, version, c);
	}
}

/* Tells how far it is, once in a while. */
static void
tell_progress(const RunState *state, int days, int64 *told)
{
	int64		before = *told;

	*told += state->allocation->read->n;
	if (*told / PROGRESS_POINT_DAYS > before / PROGRESS_POINT_DAYS)
		ereport(NOTICE,
				(errmsg("settled %d of %d days", days, state->ndays)));
}

/* Goes over all days. */
static void
add_days(RunState *state)
{
	int			days = 0;
	int64		told = 0;

	while (allocate_next_day(state->allocation))
	{
		CHECK_FOR_INTERRUPTS();
		run_add_day(state, false);
		run_hash_day(state);
		run_end_steps(state, state->allocation->read->day_ends);
		tell_progress(state, ++days, &told);
	}
}

/* Lines of stretches that only differ in quantity end with the last of them. */
static void
lengthen_lines(RunState *state)
{
	for (int p = 0; p < state->npoints; p++)
		for (int s = 0; s < state->points[p].n; s++)
		{
			RunStretch *stretch = &state->points[p].stretches[s];

			for (int c = 0; stretch->version && c < stretch->version->n; c++)
				if (stretch->version->components[c].component->of <= OF_REST)
					for (int t = 0; t < stretch->version->components[c].ntiers; t++)
					{
						RunLine    *line = stretch->lines[stretch->version->components[c].first_line + t];

						if (line)
							line->to = stretch->unbroken_to;
					}
		}
}

static void
finish_lines(RunState *state)
{
	for (int i = 0; i < state->run->lines.n; i++)
		run_line_finish(state->run->lines.lines[i], state->run->money_scale);
}

static DateADT
date_of(TimestampTz at, pg_tz *zone)
{
	return zone_day(at, zone) - POSTGRES_EPOCH_JDATE;
}

/* Reads tariffs and holidays from the earliest time that is looked at. */
static void
read_tariffs(RunState *state)
{
	const RunRequest *request = state->request;
	TimestampTz from = state->run->basis_from;

	state->book = tariffs_read(request->grid, from, request->to, request->as_of);
	state->holidays = holidays_read(request->grid, date_of(from, state->zone), date_of(request->to, state->zone), request->as_of);
}

/* Goes over the days before the run that are counted. */
static void
add_days_before(RunState *state)
{
	const RunRequest *request = state->request;
	Allocation *allocation = state->allocation;

	if (state->run->basis_from >= request->from)
		return;
	state->allocation = allocate_begin(request->grid, state->run->basis_from, request->from, request->as_of, ALLOCATE_LOSS);
	while (allocate_next_day(state->allocation))
	{
		CHECK_FOR_INTERRUPTS();
		run_add_day(state, true);
		run_hash_day(state);
	}
	allocate_end(state->allocation);
	state->allocation = allocation;
}

static void
begin(RunState *state)
{
	const RunRequest *request = state->request;
	bool		is_earlier;

	state->zone = zone_of_grid(request->grid);
	run_read_days(state);
	read_tariffs(state);
	is_earlier = run_tier_begin(state);
	is_earlier |= run_demand_begin(state);
	if (is_earlier)
		read_tariffs(state);
	open_versions(state);
	run_demand_open(state);
	state->allocation = allocate_begin(request->grid, request->from, request->to, request->as_of, ALLOCATE_LOSS);
	run_find_stretches(state);
	hasher_open(&state->hasher);
	hasher_begin(&state->hasher);
	hasher_open(&state->day_hasher);
	state->run->allocation = state->allocation;
}

static void
end(RunState *state)
{
	run_end_steps(state, DT_NOEND);
	run_add_basis(state);
	hasher_close(&state->hasher);
	hasher_close(&state->day_hasher);
}

/* What a participant is called in a run. */
const char *
run_name_of(const RunRequest *request, int64 participant_id, const char *name)
{
	int			low = 0;
	int			high = request->nnames;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (request->names[middle].participant_id < participant_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < request->nnames && request->names[low].participant_id == participant_id ? request->names[low].name : name;
}

/* What was read for a run goes; its names do, too. */
void
run_release(Run *run)
{
	allocate_end(run->allocation);
}

/* Computes a run, in the current memory context, until run_release(). */
Run *
run_compute(const RunRequest *request)
{
	RunState	state = {.request = request, .context = CurrentMemoryContext};

	state.run = palloc0(sizeof(Run));
	state.run->basis_from = request->from;
	state.run->energy_scale = request->grid->form.energy_scale;
	state.run->money_scale = request->grid->form.money_scale;
	begin(&state);
	add_days_before(&state);
	add_days(&state);
	run_add_fixed(&state);
	run_demand_add(&state);
	lengthen_lines(&state);
	end(&state);
	finish_lines(&state);
	run_tier_drop_empty(&state.run->lines);
	run_add_percents(&state);
	run_lines_sort(&state.run->lines);
	run_collect_problems(&state);
	return state.run;
}
