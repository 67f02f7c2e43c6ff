/*-------------------------------------------------------------------------
 *
 * allocation_set.c
 *	  By which model a grid shares: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/slot.h"
#include "settlement/allocation_rows.h"

PG_FUNCTION_INFO_V1(sg_set_allocation);
PG_FUNCTION_INFO_V1(sg_allocation_model);

static const char *const model_name[ALLOCATION_MODEL_COUNT] = {
#define ALLOCATION_MODEL(symbol, name)	[ALLOCATION_##symbol] = (name),
#include "settlement/allocation_model.def"
#undef ALLOCATION_MODEL
};

/* The names of all models, as people list them. */
static char *
model_names(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < ALLOCATION_MODEL_COUNT; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : i == ALLOCATION_MODEL_COUNT - 1 ? " or " : ", ", model_name[i]);
	return names.data;
}

/* Argument n as a model; SG108 if it is NULL or none. */
static AllocationModel
arg_model(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = arg_text(fcinfo, n, name);

	for (int i = 0; i < ALLOCATION_MODEL_COUNT; i++)
		if (strcmp(value, model_name[i]) == 0)
			return (AllocationModel) i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown model \"%s\" of allocation", value),
			 errhint("Use %s, in lower case.", model_names())));
}

const char *
allocation_model_name(AllocationModel model)
{
	return model_name[model];
}

/* allocation_model(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_allocation_model(PG_FUNCTION_ARGS)
{
	int			model = PG_GETARG_INT16(0);

	if (model < 0 || model >= ALLOCATION_MODEL_COUNT)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(model_name[model]));
}

/* Sets the model of a grid.  Refuses: SG110, SG104 the time. */
static Refusal *
set_allocation(const Grid *grid, TimestampTz valid_from, AllocationModel model, bool correct, Recording *recording)
{
	DatedPlace	place;
	Refusal    *refusal;

	allocation_find(&place, grid->form.grid_id, valid_from);
	if ((refusal = refuse_settled(grid->form.grid_id, valid_from, place.until, correct)) != NULL)
		return refusal;
	if ((refusal = refuse_beyond_calendar("valid_from", valid_from)) != NULL)
		return refusal;
	if ((refusal = refuse_unaligned("valid_from", valid_from, SLOT_SHORTEST, zone_of_grid(grid))) != NULL)
		return refusal;
	(void) allocation_set(&place, model, recording);
	return NULL;
}

/*
 * sg_set_allocation(valid_from, model, correct) -> true: by which model the grid
 * shares from then until the next later change on record.  For operators.
 *
 * Checks: SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_allocation(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	TimestampTz valid_from;
	AllocationModel model;
	bool		correct;

	call_begin(&call, fcinfo, "sg_set_allocation");
	arg_require_not_null(fcinfo, 0, "valid_from");
	valid_from = PG_GETARG_TIMESTAMPTZ(0);
	model = arg_model(fcinfo, 1, "model");
	correct = arg_bool(fcinfo, 2, "correct");
	if (!call_operate(&call, "set the model of allocation"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(set_allocation(call.grid, valid_from, model, correct, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}
