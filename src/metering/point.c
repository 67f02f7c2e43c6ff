/*-------------------------------------------------------------------------
 *
 * point.c
 *	  Metering points: the calls (doc/reference/metering.md).
 *
 * They are the operator's.  Each takes the settlement lock of the grid shared,
 * and the row of its clock (recording.h): of two the second waits, and goes on
 * from what the first has recorded.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/point.h"
#include "metering/point_rows.h"
#include "metering/slot.h"

PG_FUNCTION_INFO_V1(sg_set_point);
PG_FUNCTION_INFO_V1(sg_end_point);
PG_FUNCTION_INFO_V1(sg_rename_point);

PointEndHook point_end_hook = NULL;
PointRenameHook point_rename_hook = NULL;

/* Argument n as the identifier of a point; SG108 if it is NULL, empty or too long. */
static char *
arg_point(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = arg_text(fcinfo, n, name);

	require_accepted(refuse_point_name(value, name));
	return value;
}

/* Under the locks. */
static void
init_change(PointChange *change, const Grid *grid, bool correct)
{
	change->grid = grid;
	change->correct = correct;
	change->zone = zone_of_grid(grid);
}

/* Begins to change points of a grid, under the locks of recording_begin(). */
void
point_begin_change(PointChange *change, const Grid *grid, bool correct)
{
	recording_begin(&change->recording, grid->form.grid_id);
	init_change(change, grid, correct);
}

/*
 * sg_set_point(point, valid_from, owner, kind, resolution, capacity, meter,
 * neighbour, class, role, correct) -> true: what the point is from then until
 * the next later change on record; capacity in kW.  For operators.
 *
 * Checks: SG108, SG105 loss point, SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_point(PG_FUNCTION_ARGS)
{
	Call		call;
	PointChange change;
	PointRow	row = {0};

	call_begin(&call, fcinfo, "sg_set_point");
	row.point = arg_text(fcinfo, 0, "point");
	arg_require_not_null(fcinfo, 1, "valid_from");
	row.valid_from = PG_GETARG_TIMESTAMPTZ(1);
	row.has_valid_from = true;
	row.owner = arg_text_or_null(fcinfo, 2);
	row.kind = arg_text_or_null(fcinfo, 3);
	row.resolution = PG_ARGISNULL(4) ? NULL : PG_GETARG_INTERVAL_P(4);
	row.capacity = PG_ARGISNULL(5) ? NULL : PG_GETARG_NUMERIC(5);
	row.meter = arg_text_or_null(fcinfo, 6);
	row.neighbour = arg_text_or_null(fcinfo, 7);
	row.class = arg_text_or_null(fcinfo, 8);
	row.role = arg_text_or_null(fcinfo, 9);
	change.correct = arg_bool(fcinfo, 10, "correct");
	require_accepted(refuse_point_arguments(&row));
	if (!call_operate(&call, "set a metering point"))
		return call_answer(&call);
	point_begin_change(&change, call.grid, change.correct);
	require_accepted(point_set(&change, &row));
	recording_end(&change.recording);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_end_point(point, valid_to, correct) -> true: there is no such point from
 * then on, whatever was on record for later, nor has it a share.  For operators.
 *
 * Checks: SG101 point, SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_end_point(PG_FUNCTION_ARGS)
{
	Call		call;
	PointChange change;
	char	   *name;
	TimestampTz valid_to;
	bool		correct;
	Point		point;
	DatedPlace	place;

	call_begin(&call, fcinfo, "sg_end_point");
	name = arg_point(fcinfo, 0, "point");
	arg_require_not_null(fcinfo, 1, "valid_to");
	valid_to = PG_GETARG_TIMESTAMPTZ(1);
	correct = arg_bool(fcinfo, 2, "correct");
	if (!call_operate(&call, "end a metering point"))
		return call_answer(&call);
	point_begin_change(&change, call.grid, correct);
	point = point_require(call.grid, name);
	point_find_period(&place, call.grid->form.grid_id, point.point_id, valid_to);
	if (place.has_current || place.has_next)
		require_accepted(refuse_settled(call.grid->form.grid_id, valid_to, DT_NOEND, correct));
	require_accepted(refuse_beyond_calendar("valid_to", valid_to));
	if (place.has_current)
		require_accepted(refuse_unaligned("valid_to", valid_to, point_resolution(&place.current), change.zone));
	(void) dated_end(&place, &change.recording);
	if (point_end_hook)
		point_end_hook(&change.recording, point.point_id, valid_to);
	recording_end(&change.recording);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_rename_point(old, new) -> true.  For operators.
 *
 * The digest of a batch is over identifiers, as they were when it was recorded:
 * so nobody loads readings meanwhile.
 *
 * Checks: SG101 point, SG105 new identifier, SG104 shares under it.
 * Locks: the grid's settlement lock alone, its clock; 55P03 as
 * recording_begin_alone().
 */
Datum
sg_rename_point(PG_FUNCTION_ARGS)
{
	Call		call;
	PointChange change;
	char	   *old_name;
	char	   *new_name;
	Point		point;
	Point		other;

	call_begin(&call, fcinfo, "sg_rename_point");
	old_name = arg_point(fcinfo, 0, "old");
	new_name = arg_point(fcinfo, 1, "new");
	if (!call_operate(&call, "rename a metering point"))
		return call_answer(&call);
	recording_begin_alone(&change.recording, call.grid->form.grid_id);
	init_change(&change, call.grid, false);
	point = point_require(call.grid, old_name);
	if (point_find(call.grid->form.grid_id, new_name, &other))
		ereport(ERROR,
				(errcode(ERRCODE_SG_ALREADY_EXISTS),
				 errmsg("metering point \"%s\" exists already in grid \"%s\"", new_name, call.grid->name)));
	point_replace_name(&change, point.point_id, new_name);
	if (point_rename_hook)
		point_rename_hook(call.grid, point.point_id, new_name);
	recording_end(&change.recording);
	return call_end(&call, BoolGetDatum(true));
}
