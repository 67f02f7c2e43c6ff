/*-------------------------------------------------------------------------
 *
 * run_names.c
 *	  A run: what points and participants are called, by their numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "settlement/run_names.h"

static int
compare_numbers(const void *a, const void *b)
{
	int64		one = ((const NumberName *) a)->number;
	int64		other = ((const NumberName *) b)->number;

	return (one > other) - (one < other);
}

/* The name of a number; NULL: it is none of theirs. */
const char *
run_name_in(const RunNames *names, int64 number)
{
	NumberName	key = {.number = number};
	const NumberName *found = bsearch(&key, names->names, names->n, sizeof(NumberName), compare_numbers);

	return found ? found->name : NULL;
}

/* Of all points of the run. */
RunNames
run_point_names(const RunState *state)
{
	RunNames names = {.names = palloc_extended(Max(state->npoints, 1) * sizeof(NumberName), MCXT_ALLOC_HUGE)};

	for (int p = 0; p < state->npoints; p++)
		names.names[names.n++] = (NumberName) {.number = state->points[p].point->point_id, .name = state->points[p].point->name};
	qsort(names.names, names.n, sizeof(NumberName), compare_numbers);
	return names;
}

/* Of all who own points; there may be many of one number. */
RunNames
run_participant_names(const RunState *state)
{
	RunNames names = {0};
	int			n = 0;

	for (int p = 0; p < state->npoints; p++)
		n += state->points[p].point->nperiods;
	names.names = palloc_extended(Max(n, 1) * sizeof(NumberName), MCXT_ALLOC_HUGE);
	for (int p = 0; p < state->npoints; p++)
		for (int d = 0; d < state->points[p].point->nperiods; d++)
		{
			const ReadPeriod *period = &state->points[p].point->periods[d];

			if (period->owner_id)
				names.names[names.n++] = (NumberName) {
					.number = period->owner_id, .name = run_name_of(state->request, period->owner_id, period->owner)
				};
		}
	qsort(names.names, names.n, sizeof(NumberName), compare_numbers);
	return names;
}
