/*-------------------------------------------------------------------------
 *
 * run_problem.c
 *	  A run: what may keep it from being final.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "settlement/run_state.h"

static const char *const problem_name[PROBLEM_COUNT] = {
	[PROBLEM_MISSING] = "missing",
	[PROBLEM_QUALITY] = "quality",
	[PROBLEM_UNPRICED] = "unpriced",
	[PROBLEM_NO_TARIFF] = "no_tariff",
	[PROBLEM_NO_OWNER] = "no_owner"
};

const char *
run_problem_name(RunProblemKind kind)
{
	return problem_name[kind];
}

/* Notes slots, or days, of a point (NULL: of none), unless the run accepts such problems. */
void
run_note_problem(RunState *state, RunPoint *point, RunProblemKind kind, const char *participant, const char *component,
				 int64 slots, TimestampTz first)
{
	RunProblem **list = point ? &point->problems : &state->problems;
	RunProblem *problem;

	if (state->request->accept.problems[kind])
		return;
	for (problem = *list; problem; problem = problem->next)
		if (problem->kind == kind && strcmp(problem->participant, participant) == 0 && strcmp(problem->component, component) == 0)
		{
			problem->slots += slots;
			problem->first = Min(problem->first, first);
			return;
		}
	problem = MemoryContextAlloc(state->context, sizeof(RunProblem));
	*problem = (RunProblem) {
		.kind = kind, .point = point ? point->point->name : "", .participant = participant, .component = component,
		.slots = slots, .first = first, .next = *list
	};
	*list = problem;
	state->run->nproblems++;
}

static int
compare_problems(const void *a, const void *b)
{
	const RunProblem *one = a;
	const RunProblem *other = b;
	int			order = (int) one->kind - (int) other->kind;

	order = order ? order : strcmp(one->point, other->point);
	order = order ? order : strcmp(one->participant, other->participant);
	return order ? order : strcmp(one->component, other->component);
}

/* Puts the problems of all points in one list, in their order. */
void
run_collect_problems(RunState *state)
{
	Run		   *run = state->run;
	RunProblem *next;

	run->problems = next = MemoryContextAllocHuge(state->context, Max(run->nproblems, 1) * sizeof(RunProblem));
	for (int p = -1; p < state->npoints; p++)
		for (const RunProblem *problem = p < 0 ? state->problems : state->points[p].problems; problem; problem = problem->next)
			*next++ = *problem;
	qsort(run->problems, run->nproblems, sizeof(RunProblem), compare_problems);
}
