/*-------------------------------------------------------------------------
 *
 * run_percent.c
 *	  A run: percents of other components.
 *
 * Each is of the money of lines before it, rounded as they are, and makes a line
 * for each of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "settlement/run_state.h"

static bool
is_on(const Component *component, int place)
{
	for (int i = 0; i < component->non; i++)
		if (component->on[i] == place)
			return true;
	return false;
}

/* What a percent line is of. */
static const char *
base_of(const RunLine *base)
{
	return *base->base ? psprintf("%s of %s", base->component, base->base) : base->component;
}

/* Percent of money, money units. */
static int64
percent_of(int64 money, sg_int128 percent)
{
	Wide		wide = {{0}};
	sg_int128	rounded;

	if (!wide_add_product(&wide, money, percent) || !wide_round(&wide, RUN_PRICE_DIGITS + 2, 1, &rounded))
		error_out_of_range("a percentage of the money of a line");
	return run_checked_int64(rounded, "a percentage of the money of a line");
}

/* The line of a percent component on a line before it. */
static RunLine *
make_line(const RunState *state, const RunLine *base, const Component *component)
{
	RunLine    *line = palloc(sizeof(RunLine));

	*line = *base;
	line->component = component->name;
	line->place = component->place;
	line->base = base_of(base);
	line->unit = UNIT_PERCENT;
	line->price = component->price;
	line->has_price = true;
	line->qualities = base->qualities;
	if (component->pay != PAY_AS_BASE)
		line->side = component->pay == PAY_CREDIT ? SIDE_CREDIT : SIDE_CHARGE;
	if (component->has_vat)
	{
		line->vat_category = component_vat_name(component->vat_category);
		line->vat_rate = component->vat_rate;
	}
	line->quantity = base->has_money ? run_quantity_of_money(base->money, state->run->money_scale) : 0;
	line->money = base->has_money ? percent_of(base->money, component->price) : 0;
	return line;
}

/* A percent is told as a step as long as its line. */
static void
take_step(const RunState *state, const RunLine *line)
{
	const RunRequest *request = state->request;
	RunStep		step = {.from = line->from, .to = line->to};

	if (request->take_step == NULL || (request->component && strcmp(request->component, line->component) != 0))
		return;
	step.sum.qualities = line->qualities;
	request->take_step(request->argument, line, &step, line->has_money ? &line->money : NULL);
}

/* Adds the lines of a percent component. */
static void
add_percent(RunState *state, const RunComponent *component)
{
	RunLines   *lines = &state->run->lines;
	int			n = lines->n;

	for (int i = 0; i < n; i++)
		if (lines->lines[i]->version == component->version && is_on(component->component, lines->lines[i]->place))
		{
			RunLine    *line = make_line(state, lines->lines[i], component->component);

			take_step(state, line);
			run_lines_add(lines, line);
		}
}

/* Adds all percents, in the order of their lists; all other lines are finished. */
void
run_add_percents(RunState *state)
{
	for (int v = 0; v < state->nversions; v++)
		for (int c = 0; c < state->versions[v].n; c++)
			if (state->versions[v].components[c].component->of == OF_PERCENT)
				add_percent(state, &state->versions[v].components[c]);
}
