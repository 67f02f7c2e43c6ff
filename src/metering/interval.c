/*-------------------------------------------------------------------------
 *
 * interval.c
 *	  What the functions that read intervals have in common: whose slots their
 *	  caller may see, their arguments, columns of their results.
 *
 * Operators of a grid and auditors see all of it.  Anybody else sees, of a point,
 * the slots in which it was the owner.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/period.h"
#include "grid/viewer.h"
#include "metering/day.h"
#include "metering/interval.h"
#include "metering/meter_points.h"
#include "metering/point_rows.h"
#include "store/elevated.h"

/* Does the caller see slots of a grid?  *owner_id: only those of which this participant was the owner; 0: all. */
bool
interval_scope(const Grid *grid, int64 *owner_id)
{
	Viewer		viewer;

	viewer_of_caller_in(&viewer, grid->form.grid_id);
	*owner_id = viewer.nwhole == 0 && viewer.nown > 0 ? viewer.own[0] : 0;
	return viewer.nwhole > 0 || viewer.nown > 0;
}

/* Argument n, a moment, for MeterReadRequest.as_of; NULL is now. */
TimestampTz
interval_as_of_arg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(n);
}

/*
 * A request for what the caller may see of all points of the current grid in the
 * period that is one argument, as of the moment that is another; false if it
 * sees nothing.  SG108 period; SG101 grid.
 */
bool
interval_request(FunctionCallInfo fcinfo, int period, int as_of, MeterReadRequest *request)
{
	arg_require_not_null(fcinfo, period, "period");
	*request = (MeterReadRequest) {.as_of = interval_as_of_arg(fcinfo, as_of)};
	period_arg(fcinfo, period, &request->from, &request->to);
	request->grid = grid_current();
	grid_require_scales(request->grid);
	return interval_scope(request->grid, &request->owner_id);
}

/* Argument n as the identifier of a point; SG108 if it is none. */
char *
interval_point_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *point = arg_text(fcinfo, n, "point");

	require_accepted(refuse_point_name(point, "point"));
	return point;
}

/* Was the participant ever on record as the owner of a point? */
static bool
is_owner(int64 point_id, int64 owner_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.point_period AS d WHERE d.point_id = $1 AND d.owner_id = $2",
		.nargs = 2,
		.argtypes = {INT8OID, INT8OID},
	};
	Datum		values[] = {Int64GetDatum(point_id), Int64GetDatum(owner_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT) > 0;
}

/* Raises SG101 unless there is a point of that identifier of which the caller may see something. */
void
interval_require_point(const MeterReadRequest *request, bool sees, const char *point)
{
	int64		id;

	if (!sees || meter_points_find(request->grid, &point, 1, request->as_of, &id) == 0 ||
		(request->owner_id != 0 && !is_owner(id, request->owner_id)))
		error_point_not_found(point, request->grid);
}

/* Prepares names in the current context. */
void
interval_names_init(IntervalNames *names)
{
	memset(names, 0, sizeof(*names));
	names->context = CurrentMemoryContext;
	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		names->quality[quality] = CStringGetTextDatum(quality_name((Quality) quality));
}

/* A set of qualities as text[], in their order. */
Datum
interval_quality_set(IntervalNames *names, QualitySet set)
{
	if (names->set[set] == 0)
	{
		MemoryContext old = MemoryContextSwitchTo(names->context);

		names->set[set] = day_qualities_array(set);
		MemoryContextSwitchTo(old);
	}
	return names->set[set];
}

/* The columns recorded_at and batch; NULL if nothing is on record. */
void
interval_recorded(ResultRow *result, const ReadOrigin *origin)
{
	if (origin->batch_id == 0)
	{
		result_null(result);
		result_null(result);
		return;
	}
	result_timestamptz(result, origin->recorded_at);
	result_int64(result, origin->batch_id);
}
