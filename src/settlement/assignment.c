/*-------------------------------------------------------------------------
 *
 * assignment.c
 *	  To whom tariffs are assigned: the calls (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "call/call.h"
#include "grid/participant.h"
#include "grid/zone.h"
#include "metering/point_rows.h"
#include "metering/slot.h"
#include "settlement/assignment.h"
#include "settlement/component.h"
#include "settlement/tariff_rows.h"

PG_FUNCTION_INFO_V1(sg_assign_tariff);
PG_FUNCTION_INFO_V1(sg_unassign_tariff);

/* Digits of a quantity before the point. */
#define QUANTITY_DIGITS		15

/* What a call says. */
typedef struct AssignmentRow
{
	const char *tariff;
	TimestampTz at;				/* valid_from or valid_to */
	const char *at_name;		/* what the argument is called */
	const char *point;			/* or NULL */
	const char *participant;	/* or NULL */
	Numeric		quantity;
	bool		correct;
} AssignmentRow;

/* What both calls are given first. */
static AssignmentRow
arg_row(FunctionCallInfo fcinfo, const char *at_name)
{
	AssignmentRow row = {.at_name = at_name};

	row.tariff = arg_name(fcinfo, 0, "tariff");
	arg_require_not_null(fcinfo, 1, at_name);
	row.at = PG_GETARG_TIMESTAMPTZ(1);
	row.point = arg_text_or_null(fcinfo, 2);
	row.participant = arg_text_or_null(fcinfo, 3);
	if (row.point)
		require_accepted(refuse_point_name(row.point, "point"));
	if (row.participant)
		require_name_length(row.participant, "participant");
	if (row.point && row.participant)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("a tariff is assigned to a point or to a participant, not to both"),
				 errhint("Name one of them; none is the whole grid.")));
	return row;
}

/* SG104 unless a quantity is a number above 0 of not too many digits. */
static Refusal *
refuse_quantity(Numeric quantity)
{
	Datum		bound = number_of_text("1e15");

	if (numeric_is_nan(quantity) || numeric_is_inf(quantity) ||
		!DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(quantity), number_of_int128(0))))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "quantity must be above 0");
	if (!DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(quantity), bound)))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "quantity must have at most %d digits before the point", QUANTITY_DIGITS);
	if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, NumericGetDatum(quantity))) > COMPONENT_DECIMALS)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "quantity must have at most %d decimals", COMPONENT_DECIMALS);
	return NULL;
}

/* SG101 unless there are the tariff, and what it is assigned to. */
static Assignee
assignee_of_row(const Grid *grid, const AssignmentRow *row)
{
	Assignee	assignee = {.tariff_id = tariff_require(grid, row->tariff, IN_NEW_SNAPSHOT)};

	if (row->point)
		assignee.point_id = point_require(grid, row->point).point_id;
	if (row->participant && (assignee.participant_id = point_find_owner(grid, row->participant)) == PARTICIPANT_NONE)
		error_participant_not_found("participant", row->participant, grid);
	return assignee;
}

/* SG104 unless a slot may begin at the time. */
static Refusal *
refuse_time(const Grid *grid, const AssignmentRow *row)
{
	Refusal    *refusal = refuse_beyond_calendar(row->at_name, row->at);

	return refusal ? refusal : refuse_unaligned(row->at_name, row->at, SLOT_SHORTEST, zone_of_grid(grid));
}

/* What an assignee is told; quantity NULL: it is exempt. */
static AssignmentTerms
terms_of(Numeric quantity)
{
	return (AssignmentTerms) {
		.quantity = quantity ? DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(quantity)) : number_of_int128(1),
		.exempt = quantity == NULL
	};
}

/* Assigns.  Refuses: SG110, SG104. */
static Refusal *
assign(const Grid *grid, const AssignmentRow *row, Recording *recording)
{
	Assignee	assignee = assignee_of_row(grid, row);
	AssignmentTerms terms;
	DatedPlace	place;
	Refusal    *refusal;

	assignment_find(&place, grid->form.grid_id, assignee_find(grid->form.grid_id, &assignee), row->at);
	if ((refusal = refuse_settled(grid->form.grid_id, row->at, place.until, row->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_quantity(row->quantity)) != NULL)
		return refusal;
	if ((refusal = refuse_time(grid, row)) != NULL)
		return refusal;
	terms = terms_of(row->quantity);
	assignment_set(&place, &assignee, &terms, recording);
	return NULL;
}

/* Ends an assignment of one's own, and what is on record for later.  Refuses: SG110, SG104. */
static Refusal *
end_assignment(const Grid *grid, const AssignmentRow *row, const DatedPlace *place, Recording *recording)
{
	Refusal    *refusal;

	if ((refusal = refuse_settled(grid->form.grid_id, row->at, DT_NOEND, row->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_time(grid, row)) != NULL)
		return refusal;
	(void) dated_end(place, recording);
	return NULL;
}

/* Exempts a point or participant until the next change on record.  Refuses: SG110, SG104. */
static Refusal *
exempt(const Grid *grid, const AssignmentRow *row, const Assignee *assignee, DatedPlace *place, Recording *recording)
{
	AssignmentTerms terms = terms_of(NULL);
	Refusal    *refusal;

	if ((refusal = refuse_settled(grid->form.grid_id, row->at, place->until, row->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_time(grid, row)) != NULL)
		return refusal;
	assignment_set(place, assignee, &terms, recording);
	return NULL;
}

/* Does an assignee have an assignment of its own at the place's time? */
static bool
has_own(const DatedPlace *place)
{
	return place->has_current && !assignment_of_fact(&place->current).exempt;
}

/* Takes the assignment back, or exempts.  Refuses: SG101 the grid has none, SG110, SG104. */
static Refusal *
unassign(const Grid *grid, const AssignmentRow *row, Recording *recording)
{
	Assignee	assignee = assignee_of_row(grid, row);
	DatedPlace	place;

	assignment_find(&place, grid->form.grid_id, assignee_find(grid->form.grid_id, &assignee), row->at);
	if (has_own(&place))
		return end_assignment(grid, row, &place, recording);
	if (row->point || row->participant)
		return exempt(grid, row, &assignee, &place, recording);
	if (place.has_next)
		return end_assignment(grid, row, &place, recording);
	return refuse(ERRCODE_SG_NOT_FOUND, "tariff \"%s\" is not assigned to grid \"%s\" then", row->tariff, grid->name);
}

/*
 * Assigns a tariff to the grid, once, from a time on, unless it is assigned to
 * it then already.  Refuses: SG110.
 */
Refusal *
assignment_ensure_for_grid(const Grid *grid, int64 tariff_id, TimestampTz from, bool correct, Recording *recording)
{
	Assignee	assignee = {.tariff_id = tariff_id};
	AssignmentTerms terms = {.quantity = number_of_int128(1)};
	DatedPlace	place;
	Refusal    *refusal;

	assignment_find(&place, grid->form.grid_id, assignee_find(grid->form.grid_id, &assignee), from);
	if (place.has_current)
		return NULL;
	if ((refusal = refuse_settled(grid->form.grid_id, from, place.until, correct)) != NULL)
		return refusal;
	assignment_set(&place, &assignee, &terms, recording);
	return NULL;
}

/*
 * sg_assign_tariff(tariff, valid_from, point, participant, quantity, correct) ->
 * true: the point, the participant or, if none is named, the grid has the tariff
 * from then until the next later change on record.  For operators.
 *
 * Checks: SG101 tariff, point, participant; SG110; SG104 quantity, time.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_assign_tariff(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	AssignmentRow row;

	call_begin(&call, fcinfo, "sg_assign_tariff");
	row = arg_row(fcinfo, "valid_from");
	arg_require_not_null(fcinfo, 4, "quantity");
	row.quantity = PG_GETARG_NUMERIC(4);
	row.correct = arg_bool(fcinfo, 5, "correct");
	if (!call_operate(&call, "assign a tariff"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(assign(call.grid, &row, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_unassign_tariff(tariff, valid_to, point, participant, correct) -> true: it
 * does not have an assignment of its own from then on, whatever was on record
 * for later; if it had none, a point or participant is exempt until the next
 * change on record.  For operators.
 *
 * Checks: SG101 tariff, point, participant, an assignment to the grid; SG110; SG104 time.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_unassign_tariff(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	AssignmentRow row;

	call_begin(&call, fcinfo, "sg_unassign_tariff");
	row = arg_row(fcinfo, "valid_to");
	row.correct = arg_bool(fcinfo, 4, "correct");
	if (!call_operate(&call, "take the assignment of a tariff back"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(unassign(call.grid, &row, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}
