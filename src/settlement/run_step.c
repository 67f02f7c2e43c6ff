/*-------------------------------------------------------------------------
 *
 * run_step.c
 *	  A run: steps of the price, which "round": "step" rounds one by one, and which
 *	  sg_run_steps() shows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "settlement/run_state.h"

/* Are the steps of a component wanted? */
bool
run_wants_steps(const RunState *state, const Component *component)
{
	return component->round_step ||
		(state->request->take_step &&
		 (state->request->component == NULL || strcmp(state->request->component, component->name) == 0));
}

/* The step of a line that begins at a time; a new one if there is none. */
static RunStep *
find_step(RunState *state, RunLine *line, TimestampTz from, TimestampTz to)
{
	for (int s = line->nsteps - 1; s >= 0; s--)
		if (line->steps[s].from == from)
			return &line->steps[s];
	if (line->nsteps == line->steps_room)
	{
		line->steps_room = Max(2 * line->steps_room, 4);
		line->steps = line->steps ? repalloc(line->steps, line->steps_room * sizeof(RunStep))
			: MemoryContextAlloc(state->context, line->steps_room * sizeof(RunStep));
	}
	line->steps[line->nsteps] = (RunStep) {.from = from, .to = to};
	return &line->steps[line->nsteps++];
}

/* Adds to a step of a line; the line itself gets it elsewhere. */
void
run_add_step(RunState *state, RunLine *line, TimestampTz from, TimestampTz to, sg_int128 quantity, bool is_priced,
			 sg_int128 price, QualitySet qualities)
{
	if (line->nsteps == 0 && line->steps_room == 0)
		run_lines_add(&state->stepping, line);
	run_sum_add(&find_step(state, line, from, to)->sum, quantity, is_priced, price, qualities);
}

/* A step is complete. */
static void
end_step(RunState *state, RunLine *line, const RunStep *step)
{
	const RunRequest *request = state->request;
	const Component *component = &line->version->tariff->list.components[line->place];
	bool		is_priced = !step->sum.is_unpriced;
	int64		money = is_priced ? run_sum_money(line, &step->sum, state->run->money_scale) : 0;

	if (component->round_step)
	{
		line->is_stepping = true;
		line->stepped = run_checked_int64((sg_int128) line->stepped + money, "the money of a line");
	}
	if (request->take_step && (request->component == NULL || strcmp(request->component, component->name) == 0))
		request->take_step(request->argument, line, step, is_priced ? &money : NULL);
}

/* Ends all steps that end until a time. */
void
run_end_steps(RunState *state, TimestampTz until)
{
	for (int i = 0; i < state->stepping.n; i++)
	{
		RunLine    *line = state->stepping.lines[i];
		int			left = 0;

		for (int s = 0; s < line->nsteps; s++)
			if (line->steps[s].to <= until)
				end_step(state, line, &line->steps[s]);
			else
				line->steps[left++] = line->steps[s];
		line->nsteps = left;
	}
}
