/*-------------------------------------------------------------------------
 *
 * run_stretch.c
 *	  A run: who has which tariff for which point from when to when.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "metering/slot.h"
#include "settlement/run_demand.h"

/* Stretches of a point while they are found. */
typedef struct Finding
{
	RunState   *state;
	RunPoint   *point;
	const ReadPeriod *period;
	TimestampTz from;			/* of the period within the run */
	TimestampTz to;
	int			room;
} Finding;

/* Slots of a point in [from, to). */
static int64
count_slots(TimestampTz from, TimestampTz to, int minutes)
{
	int64		step = minutes * USECS_PER_MINUTE;

	return (to - from + step - 1) / step;
}

static const RunVersion *
run_version(const RunState *state, const TariffVersion *tariff)
{
	return tariff ? &state->versions[tariff - state->book->versions] : NULL;
}

static int
level_of(const TariffAssignment *assignment)
{
	return assignment->point_id ? 2 : assignment->participant_id ? 1 : 0;
}

/* The name of a tariff; any of its versions has it. */
static const char *
tariff_name(const TariffBook *book, int64 tariff_id)
{
	for (int v = 0; v < book->nversions; v++)
		if (book->versions[v].tariff_id == tariff_id)
			return book->versions[v].tariff;
	return "";
}

/* Does a stretch go on where the last one ends, but for its quantity? */
static bool
goes_on(const RunStretch *last, const RunStretch *next)
{
	return last->to == next->from && last->tariff_id == next->tariff_id && last->participant_id == next->participant_id &&
		last->version == next->version && last->level == next->level;
}

static void
add_stretch(Finding *finding, const RunStretch *stretch)
{
	RunPoint   *point = finding->point;

	if (point->n == finding->room)
	{
		finding->room = Max(2 * finding->room, 4);
		point->stretches = point->stretches ? repalloc(point->stretches, finding->room * sizeof(RunStretch))
			: palloc(finding->room * sizeof(RunStretch));
	}
	point->stretches[point->n++] = *stretch;
}

/* The versions of an assigned tariff in [from, to). */
static void
add_versions(Finding *finding, RunStretch *stretch, TimestampTz from, TimestampTz to)
{
	TimestampTz until;

	for (; from < to; from = until)
	{
		const TariffVersion *tariff = tariff_version_at(finding->state->book, stretch->tariff_id, from, &until);

		until = Min(until, to);
		stretch->version = run_version(finding->state, tariff);
		stretch->from = from;
		stretch->to = until;
		add_stretch(finding, stretch);
	}
}

/* Somebody else's point, or nobody's, is none of the run's, unless a tariff is assigned to the very point. */
static void
add_assignment(Finding *finding, int64 tariff_id, const TariffAssignment *assignment, TimestampTz from, TimestampTz to)
{
	RunStretch	stretch = {
		.participant_id = finding->period->owner_id,
		.participant = run_name_of(finding->state->request, finding->period->owner_id, finding->period->owner),
		.tariff_id = tariff_id,
		.tariff = tariff_name(finding->state->book, tariff_id),
		.level = level_of(assignment),
		.quantity = assignment->quantity
	};

	if (finding->period->owner_id != 0)
		add_versions(finding, &stretch, from, to);
	else if (stretch.level == 2)
		run_note_problem(finding->state, finding->point, PROBLEM_NO_OWNER, "", "", count_slots(from, to, finding->period->minutes), from);
}

/* The stretches of a tariff in the period that is being found. */
static void
add_tariff(Finding *finding, int64 tariff_id)
{
	TimestampTz until;

	for (TimestampTz at = finding->from; at < finding->to; at = until)
	{
		const TariffAssignment *assignment = tariff_assignment_at(finding->state->book, tariff_id, finding->point->point->point_id,
																  finding->period->owner_id, at, &until);

		if (assignment)
			add_assignment(finding, tariff_id, assignment, at, Min(until, finding->to));
		until = Min(until, finding->to);
	}
}

/* Until when a time has a tariff of some stretch; the time itself if it has none. */
static TimestampTz
covered_until(const RunPoint *point, TimestampTz at)
{
	TimestampTz until = at;

	for (int s = 0; s < point->n; s++)
		if (point->stretches[s].from <= at && point->stretches[s].to > until)
			until = point->stretches[s].to;
	return until;
}

/* The next time at which a stretch begins. */
static TimestampTz
next_begin(const RunPoint *point, TimestampTz at, TimestampTz to)
{
	for (int s = 0; s < point->n; s++)
		if (point->stretches[s].from > at && point->stretches[s].from < to)
			to = point->stretches[s].from;
	return to;
}

/* Times of a period without any tariff are a problem, if somebody owns a point that should have one. */
static void
note_gaps(Finding *finding)
{
	const ReadPeriod *period = finding->period;
	TimestampTz at = finding->from;

	if (period->owner_id == 0 || period->is_loss || finding->point->point->kind == POINT_EXCHANGE)
		return;
	while (at < finding->to)
	{
		TimestampTz until = covered_until(finding->point, at);

		if (until == at)
		{
			until = next_begin(finding->point, at, finding->to);
			run_note_problem(finding->state, finding->point, PROBLEM_NO_TARIFF, period->owner, "", count_slots(at, until, period->minutes), at);
		}
		at = until;
	}
}

/* Makes heads and rooms for lines; stretches stay where they are from now on. */
static void
link_stretches(RunPoint *point)
{
	for (int s = 0; s < point->n; s++)
	{
		RunStretch *stretch = &point->stretches[s];

		stretch->head = s > 0 && goes_on(stretch - 1, stretch) ? stretch[-1].head : stretch;
		stretch->head->unbroken_to = stretch->to;
		if (stretch->version)
			stretch->lines = palloc0(Max(stretch->version->nlines, 1) * sizeof(RunLine *));
	}
}

static int
compare_stretches(const void *a, const void *b)
{
	const RunStretch *one = a;
	const RunStretch *other = b;
	int			order = strcmp(one->tariff, other->tariff);

	return order ? order : (one->from > other->from) - (one->from < other->from);
}

/* What a new fact of the point divided, but is the same stretch: one. */
static void
join_stretches(RunPoint *point)
{
	int			n = 0;

	for (int s = 0; s < point->n; s++)
	{
		RunStretch *last = n > 0 ? &point->stretches[n - 1] : NULL;
		const RunStretch *next = &point->stretches[s];

		if (last && goes_on(last, next) && last->quantity == next->quantity)
			last->to = next->to;
		else
			point->stretches[n++] = *next;
	}
	point->n = n;
}

static void
find_stretches_of(RunState *state, RunPoint *point)
{
	Finding		finding = {.state = state, .point = point};
	const TariffBook *book = state->book;

	for (int p = 0; p < point->point->nperiods; p++)
	{
		finding.period = &point->point->periods[p];
		finding.from = Max(finding.period->from, state->request->from);
		finding.to = Min(finding.period->to, state->request->to);
		for (int a = 0; a < book->nassignments; a++)
			if (a == 0 || book->assignments[a].tariff_id != book->assignments[a - 1].tariff_id)
				add_tariff(&finding, book->assignments[a].tariff_id);
		note_gaps(&finding);
	}
	if (point->n > 0)
		qsort(point->stretches, point->n, sizeof(RunStretch), compare_stretches);
	join_stretches(point);
	link_stretches(point);
}

/* Finds the stretches of all points, and points without a tariff or an owner. */
void
run_find_stretches(RunState *state)
{
	const MeterRead *read = state->allocation->read;

	state->npoints = read->npoints;
	state->points = palloc_extended(Max(read->npoints, 1) * sizeof(RunPoint), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int p = 0; p < read->npoints; p++)
	{
		state->points[p].point = &read->points[p];
		find_stretches_of(state, &state->points[p]);
		for (int s = 0; s < state->points[p].n; s++)
		{
			run_tier_expect(state, &state->points[p], &state->points[p].stretches[s]);
			run_demand_expect(state, &state->points[p], &state->points[p].stretches[s]);
		}
	}
}
