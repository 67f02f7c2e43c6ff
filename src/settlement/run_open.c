/*-------------------------------------------------------------------------
 *
 * run_open.c
 *	  A run: the line that something is added to, made when it is first needed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "settlement/run_state.h"

/* A line over all of a participant. */
typedef struct ParticipantKey
{
	int64		participant_id;
	const RunComponent *component;
	int64		tier;
} ParticipantKey;

typedef struct ParticipantLine
{
	ParticipantKey key;
	RunLine    *line;
} ParticipantLine;

RunUnit
run_unit_of(const Component *component)
{
	switch (component->of)
	{
		case OF_ENERGY:
		case OF_COVERED:
		case OF_REST:
			return UNIT_KWH;
		case OF_DEMAND:
			return UNIT_KW;
		case OF_PERCENT:
			return UNIT_PERCENT;
		default:
			return UNIT_PIECE;
	}
}

/* A new line of a component, tier from 0: all but whose it is, and from when to when. */
RunLine *
run_new_line(RunState *state, const RunComponent *component, int tier)
{
	const Component *c = component->component;
	RunLine    *line = MemoryContextAllocZero(state->context, sizeof(RunLine));

	line->version = component->version;
	line->tariff = component->version->tariff->tariff;
	line->component = c->name;
	line->base = "";
	line->point = "";
	line->kind = -1;
	line->place = c->place;
	line->side = c->pay == PAY_CREDIT ? SIDE_CREDIT : SIDE_CHARGE;
	line->unit = run_unit_of(c);
	line->gross = component->version->tariff->gross;
	line->vat_category = c->has_vat ? component_vat_name(c->vat_category) : NULL;
	line->vat_rate = c->has_vat ? c->vat_rate : -1;
	line->tier = c->ntiers > 0 ? tier + 1 : 0;
	line->digits = state->run->energy_scale;
	line->divisor = 1;
	run_lines_add(&state->run->lines, line);
	return line;
}

/* The line of a stretch of a point; tier from 0. */
RunLine *
run_line_of(RunState *state, const RunPoint *point, RunStretch *stretch, const RunComponent *component, int tier)
{
	RunLine   **line = &stretch->lines[component->first_line + tier];

	if (*line)
		return *line;
	*line = run_new_line(state, component, tier);
	(*line)->participant_id = stretch->participant_id;
	(*line)->participant = stretch->participant;
	(*line)->point_id = point->point->point_id;
	(*line)->point = point->point->name;
	(*line)->kind = (int) point->point->kind;
	(*line)->from = stretch->from;
	(*line)->to = stretch->to;
	return *line;
}

static void
make_table(RunState *state)
{
	HASHCTL		control = {.keysize = sizeof(ParticipantKey), .entrysize = sizeof(ParticipantLine), .hcxt = state->context};

	state->participant_lines = hash_create("smartgrid lines of participants", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The one kind of points that a component is about; -1: it is about several. */
static int
only_kind(const Component *component)
{
	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		if (component->kinds == 1 << kind)
			return kind;
	return -1;
}

/* The line over all of a participant; tier from 0. */
RunLine *
run_participant_line(RunState *state, int64 participant_id, const char *participant, const RunComponent *component, int tier)
{
	ParticipantKey key = {.participant_id = participant_id, .component = component, .tier = tier};
	ParticipantLine *entry;
	bool		found;

	if (state->participant_lines == NULL)
		make_table(state);
	entry = hash_search(state->participant_lines, &key, HASH_ENTER, &found);
	if (found)
		return entry->line;
	entry->line = run_new_line(state, component, tier);
	entry->line->participant_id = participant_id;
	entry->line->participant = participant;
	entry->line->kind = only_kind(component->component);
	entry->line->from = component->version->from;
	entry->line->to = component->version->to;
	return entry->line;
}
