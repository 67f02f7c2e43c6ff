/*-------------------------------------------------------------------------
 *
 * share.c
 *	  Shares: the call (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/point_rows.h"
#include "metering/slot.h"
#include "settlement/share.h"

PG_FUNCTION_INFO_V1(sg_set_share);

/* What is said of a point; NULL: nothing. */
typedef struct ShareRow
{
	const char *point;
	TimestampTz valid_from;
	Numeric		factor;
	Numeric		key;
	bool		has_priority;
	int32		priority;
	bool		correct;		/* though it was settled */
} ShareRow;

static Numeric
numeric_of(int64 value)
{
	return DatumGetNumeric(DirectFunctionCall1(int8_numeric, Int64GetDatum(value)));
}

/* Is it a number from 0 to 100? */
static bool
is_percentage(Numeric value)
{
	return !numeric_is_nan(value) && !numeric_is_inf(value) &&
		DatumGetBool(DirectFunctionCall2(numeric_ge, NumericGetDatum(value), NumericGetDatum(numeric_of(0)))) &&
		DatumGetBool(DirectFunctionCall2(numeric_le, NumericGetDatum(value), NumericGetDatum(numeric_of(100))));
}

/* *parts of ALLOCATION_WHOLE: what a percentage called what is; SG104 unless it is one, of so many decimals at most. */
static Refusal *
refuse_percentage(const char *what, const ShareRow *row, Numeric value, int64 *parts)
{
	if (!is_percentage(value))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "%s of metering point \"%s\" must be from 0 to 100 percent", what, row->point);
	if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, NumericGetDatum(value))) > ALLOCATION_DECIMALS)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "%s of metering point \"%s\" must have at most %d decimals",
								   what, row->point, ALLOCATION_DECIMALS),
							"Round it, for instance by round(100 / 3.0, 6).");
	*parts = DatumGetInt64(DirectFunctionCall1(numeric_int8,
											   DirectFunctionCall2(numeric_mul, NumericGetDatum(value),
																   NumericGetDatum(numeric_of(ALLOCATION_WHOLE / 100)))));
	return NULL;
}

/* SG104 unless a slot of the point begins at the time. */
static Refusal *
refuse_time(const Grid *grid, const ShareRow *row, int64 point_id)
{
	DatedPlace	period;
	Refusal    *refusal;
	int			minutes;

	if ((refusal = refuse_beyond_calendar("valid_from", row->valid_from)) != NULL)
		return refusal;
	point_find_period(&period, grid->form.grid_id, point_id, row->valid_from);
	minutes = period.has_current ? point_resolution(&period.current) : SLOT_SHORTEST;
	return refuse_unaligned("valid_from", row->valid_from, minutes, zone_of_grid(grid));
}

/* Puts a share together: of what is given, what was before, and defaults.  SG104. */
static Refusal *
fill_share(const ShareRow *row, const DatedPlace *place, Share *share)
{
	Refusal    *refusal;

	*share = place->has_before ? share_of_fact(&place->before) : SHARE_DEFAULT;
	if (row->factor && (refusal = refuse_percentage("factor", row, row->factor, &share->factor)) != NULL)
		return refusal;
	if (row->key && (refusal = refuse_percentage("key", row, row->key, &share->key)) != NULL)
		return refusal;
	if (row->has_priority)
		share->priority = row->priority;
	return NULL;
}

/* SG104 if a share would make a sum of more than 100 percent. */
static Refusal *
refuse_sums(const Grid *grid, const ShareRow *row, const Point *point, const Share *share, TimestampTz until)
{
	Refusal    *refusal;

	if (share->key > 0 && (point->kind == POINT_CONSUMPTION || point->kind == POINT_STORAGE) &&
		(refusal = refuse_keys(grid, point->point_id, share->key, row->valid_from, until)) != NULL)
		return refusal;
	return refuse_factors(grid, row->point, point->point_id, share->factor, row->valid_from, until);
}

/* Sets the share of a point.  Refuses: SG108 kind of point, SG110, SG104. */
static Refusal *
set_share(const Grid *grid, const ShareRow *row, Recording *recording)
{
	Point		point = point_require(grid, row->point);
	DatedPlace	place;
	Share		share;
	Refusal    *refusal;

	if (point.kind == POINT_EXCHANGE)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" of kind %s takes no part in sharing", row->point,
					  point_kind_name(point.kind));
	share_find(&place, grid->form.grid_id, point.point_id, row->valid_from);
	if ((refusal = refuse_settled(grid->form.grid_id, row->valid_from, place.until, row->correct)) != NULL)
		return refusal;
	if ((refusal = fill_share(row, &place, &share)) != NULL)
		return refusal;
	if ((refusal = refuse_time(grid, row, point.point_id)) != NULL)
		return refusal;
	if ((refusal = refuse_sums(grid, row, &point, &share, place.until)) != NULL)
		return refusal;
	(void) share_set(&place, &share, recording);
	return NULL;
}

/*
 * sg_set_share(point, valid_from, factor, key, priority, correct) -> true: how
 * the point takes part in sharing from then until the next later change on
 * record; factor and key in percent.  For operators.
 *
 * Checks: SG101 point, SG108 its kind, SG110, SG104.
 * Locks: the grid's settlement lock shared, its clock, the lock of the identifier.
 */
Datum
sg_set_share(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	ShareRow	row = {0};

	call_begin(&call, fcinfo, "sg_set_share");
	row.point = arg_text(fcinfo, 0, "point");
	require_accepted(refuse_point_name(row.point, "point"));
	arg_require_not_null(fcinfo, 1, "valid_from");
	row.valid_from = PG_GETARG_TIMESTAMPTZ(1);
	row.factor = PG_ARGISNULL(2) ? NULL : PG_GETARG_NUMERIC(2);
	row.key = PG_ARGISNULL(3) ? NULL : PG_GETARG_NUMERIC(3);
	row.has_priority = !PG_ARGISNULL(4);
	row.priority = row.has_priority ? PG_GETARG_INT32(4) : 0;
	row.correct = arg_bool(fcinfo, 5, "correct");
	if (!call_operate(&call, "set the share of a metering point"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(set_share(call.grid, &row, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}
