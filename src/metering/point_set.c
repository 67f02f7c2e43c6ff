/*-------------------------------------------------------------------------
 *
 * point_set.c
 *	  The rules by which a metering point is set, for single calls and batches.
 *
 * They refuse before anything is changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "metering/point.h"
#include "metering/point_rows.h"
#include "metering/slot.h"

#define DEFAULT_RESOLUTION	15
#define DEFAULT_NEIGHBOUR	"upstream"
#define ROLE_LOSS			"loss"
#define MAX_CLASS_BYTES		64

/* What a point is to be, put together from what is given, what was before, and defaults. */
typedef struct NewPeriod
{
	Point		point;			/* point_id 0: it is new */
	DatedPlace	place;
	Datum		values[PERIOD_ATTRIBUTES];
	const char *owner;			/* given; NULL: values has it */
	int			resolution;
	bool		is_loss;
	bool		has_owner;
} NewPeriod;

/* SG108 for arguments that are wrong by themselves. */
Refusal *
refuse_point_arguments(const PointRow *row)
{
	PointKind	kind;
	int			minutes;
	Refusal    *refusal;

	if (row->point == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "point must not be NULL");
	if ((refusal = refuse_point_name(row->point, "point")) != NULL)
		return refusal;
	if (!row->has_valid_from)
		return refuse(ERRCODE_SG_INVALID_INPUT, "valid_from must not be NULL");
	if (row->kind && !point_kind_of(row->kind, &kind))
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "unknown kind \"%s\" of metering point", row->kind),
							"Use one of %s, in lower case.", point_kind_names());
	if (row->role && strcmp(row->role, ROLE_LOSS) != 0)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "unknown role \"%s\" of metering point", row->role),
							"Use loss, or NULL.");
	if (row->resolution && !slot_resolution_of_interval(row->resolution, &minutes))
		return refuse(ERRCODE_SG_INVALID_INPUT, "resolution must be 5, 15, 30 or 60 minutes");
	if (row->owner && (refusal = refuse_name_length(row->owner, "owner")) != NULL)
		return refusal;
	if (row->neighbour && (refusal = refuse_name_length(row->neighbour, "neighbour")) != NULL)
		return refusal;
	if (row->meter && strlen(row->meter) > SG_MAX_NAME_BYTES)
		return refuse(ERRCODE_SG_INVALID_INPUT, "meter must have at most %d bytes", SG_MAX_NAME_BYTES);
	if (row->class && strlen(row->class) > MAX_CLASS_BYTES)
		return refuse(ERRCODE_SG_INVALID_INPUT, "class must have at most %d bytes", MAX_CLASS_BYTES);
	return NULL;
}

/* Finds the point and what is on record of it; SG108 if its kind is not that, or is not said of a new one. */
static Refusal *
find_period(const PointChange *change, const PointRow *row, NewPeriod *period)
{
	int32		grid_id = change->grid->form.grid_id;
	PointKind	kind = POINT_CONSUMPTION;

	if (row->kind)
		(void) point_kind_of(row->kind, &kind);
	if (!point_find(grid_id, row->point, &period->point))
	{
		if (row->kind == NULL)
			return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" is new: kind must not be NULL", row->point);
		period->point = (Point) {.point_id = 0, .kind = kind};
	}
	else if (row->kind && period->point.kind != kind)
		return refuse(ERRCODE_SG_INVALID_INPUT, "the kind of metering point \"%s\" is %s, and cannot change to %s",
					  row->point, point_kind_name(period->point.kind), row->kind);
	point_find_period(&period->place, grid_id, period->point.point_id, row->valid_from);
	return NULL;
}

/* The values of a first fact, if its caller says nothing. */
static void
set_defaults(NewPeriod *period)
{
	Datum	   *values = period->values;

	values[PERIOD_RESOLUTION] = Int16GetDatum(DEFAULT_RESOLUTION);
	values[PERIOD_IS_LOSS] = BoolGetDatum(false);
	values[PERIOD_OWNER_ID] = Int64GetDatum(0);
	values[PERIOD_CAPACITY] = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
	values[PERIOD_METER] = CStringGetTextDatum("");
	values[PERIOD_NEIGHBOUR] = CStringGetTextDatum(period->point.kind == POINT_EXCHANGE ? DEFAULT_NEIGHBOUR : "");
	values[PERIOD_CLASS] = CStringGetTextDatum("");
}

/* Puts the period together; but for its owner, who may have to be made yet. */
static void
fill_period(const PointRow *row, NewPeriod *period)
{
	Datum	   *values = period->values;
	int			minutes;

	if (period->place.has_before)
		memcpy(values, period->place.before.values, sizeof(period->values));
	else
		set_defaults(period);
	if (row->resolution && slot_resolution_of_interval(row->resolution, &minutes))
		values[PERIOD_RESOLUTION] = Int16GetDatum((int16) minutes);
	if (row->capacity)
		values[PERIOD_CAPACITY] = NumericGetDatum(row->capacity);
	if (row->meter)
		values[PERIOD_METER] = CStringGetTextDatum(row->meter);
	if (row->neighbour)
		values[PERIOD_NEIGHBOUR] = CStringGetTextDatum(row->neighbour);
	if (row->class)
		values[PERIOD_CLASS] = CStringGetTextDatum(row->class);
	if (row->role)
		values[PERIOD_IS_LOSS] = BoolGetDatum(true);
	period->owner = row->owner;
	period->has_owner = row->owner != NULL || DatumGetInt64(values[PERIOD_OWNER_ID]) != 0;
	period->resolution = DatumGetInt16(values[PERIOD_RESOLUTION]);
	period->is_loss = DatumGetBool(values[PERIOD_IS_LOSS]);
}

/* SG108 if what is said does not go together; SG105 if it is a second loss point. */
static Refusal *
refuse_period(const PointChange *change, const PointRow *row, const NewPeriod *period)
{
	PointKind	kind = period->point.kind;
	char	   *other;

	if (period->is_loss && kind != POINT_CONSUMPTION && kind != POINT_PRODUCTION)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" of kind %s cannot take the loss", row->point, point_kind_name(kind));
	if (row->neighbour && kind != POINT_EXCHANGE)
		return refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" of kind %s has no neighbour", row->point, point_kind_name(kind));
	if (!period->has_owner && kind != POINT_EXCHANGE && !period->is_loss)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" needs an owner", row->point),
							"Nothing is on record of the time just before %s that it could be taken from.", timestamptz_to_str(row->valid_from));
	if (!period->is_loss)
		return NULL;
	other = point_other_loss(change->grid->form.grid_id, kind, period->point.point_id, row->valid_from, period->place.until);
	if (other == NULL)
		return NULL;
	return refuse(ERRCODE_SG_ALREADY_EXISTS, "grid \"%s\" has the %s point \"%s\" for its loss at that time",
				  change->grid->name, point_kind_name(kind), other);
}

/* A period of the point that is on record within [from, to), a part of a local day; false if there is none. */
static bool
find_neighbour(const PointChange *change, const NewPeriod *period, TimestampTz from, TimestampTz to, DatedFact *neighbour)
{
	DatedPlace	place;

	point_find_period(&place, change->grid->form.grid_id, period->point.point_id, from);
	if (!place.has_current && !(place.has_next && place.next.valid_from < to))
		return false;
	*neighbour = place.has_current ? place.current : place.next;
	return true;
}

/*
 * SG104 unless all slots of a local day are of one length: those of what is on
 * record before the period on the day that it begins, and after it on the day
 * that it ends, though the point had ended in between.
 */
static Refusal *
refuse_change_of_resolution(const PointChange *change, const NewPeriod *period)
{
	static const char message[] = "the resolution can change from %d to %d minutes at a midnight in %s only, not at %s";
	const char *zone = pg_get_timezone_name(change->zone);
	TimestampTz from = period->place.at;
	TimestampTz to = period->place.until;
	DatedFact	other;

	if (!slot_day_starts_at(from, change->zone) &&
		find_neighbour(change, period, slot_day_start(from, change->zone), from, &other) &&
		point_resolution(&other) != period->resolution)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, message, point_resolution(&other), period->resolution, zone, timestamptz_to_str(from));
	if (to != DT_NOEND && !slot_day_starts_at(to, change->zone) &&
		find_neighbour(change, period, to, slot_day_end(to, change->zone), &other) &&
		point_resolution(&other) != period->resolution)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, message, period->resolution, point_resolution(&other), zone,
					  timestamptz_to_str(other.valid_from));
	return NULL;
}

/* SG104 for figures and times. */
static Refusal *
refuse_ranges(const PointChange *change, const PointRow *row, const NewPeriod *period)
{
	int			minutes = period->resolution;
	Refusal    *refusal;

	if (row->capacity &&
		(numeric_is_nan(row->capacity) || numeric_is_inf(row->capacity) ||
		 !DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(row->capacity), DirectFunctionCall1(int4_numeric, Int32GetDatum(0))))))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "capacity of metering point \"%s\" must be above 0 kW", row->point);
	if ((refusal = refuse_beyond_calendar("valid_from", row->valid_from)) != NULL)
		return refusal;
	if ((refusal = refuse_unaligned("valid_from", row->valid_from, minutes, change->zone)) != NULL)
		return refusal;
	if ((refusal = refuse_resolution(minutes, row->valid_from, change->zone)) != NULL)
		return refusal;
	if ((refusal = refuse_change_of_resolution(change, period)) != NULL)
		return refusal;
	return period->place.until == DT_NOEND ? NULL : refuse_unaligned("valid_to", period->place.until, minutes, change->zone);
}

/* Is it on record just so?  Fills in the owner that is given, if it is a participant. */
static bool
is_on_record(const PointChange *change, NewPeriod *period)
{
	int64		owner_id = period->owner ? point_find_owner(change->grid, period->owner) : 0;

	if (period->owner && owner_id == 0)
		return false;
	if (period->owner)
		period->values[PERIOD_OWNER_ID] = Int64GetDatum(owner_id);
	return dated_is_on_record(&period->place, period->values);
}

/*
 * Sets a point, whose arguments are good by themselves.  Refuses: SG108 what is
 * on record does not allow it or has not enough, SG105 loss point, SG110, SG104.
 * What is on record just so is no change, and may be of a settled period.
 */
Refusal *
point_set(PointChange *change, const PointRow *row)
{
	NewPeriod	period;
	Refusal    *refusal;

	if ((refusal = find_period(change, row, &period)) != NULL)
		return refusal;
	fill_period(row, &period);
	if ((refusal = refuse_period(change, row, &period)) != NULL)
		return refusal;
	if (is_on_record(change, &period))
		return NULL;
	if ((refusal = refuse_settled(change->grid->form.grid_id, row->valid_from, period.place.until, change->correct)) != NULL)
		return refusal;
	if ((refusal = refuse_ranges(change, row, &period)) != NULL)
		return refusal;
	if (period.owner)
		period.values[PERIOD_OWNER_ID] = Int64GetDatum(point_ensure_owner(change->grid, period.owner));
	if (period.point.point_id == 0)
		period.place.key = point_insert(change, row->point, period.point.kind);
	(void) dated_set(&period.place, period.values, &change->recording);
	return NULL;
}

/*
 * The point, which has a period at the start of a slot, has another meter from
 * then on, until the next later change; nothing else of it changes.
 */
void
point_set_meter(PointChange *change, int64 point_id, TimestampTz at, const char *meter)
{
	DatedPlace	place;
	Datum		values[PERIOD_ATTRIBUTES];

	point_find_period(&place, change->grid->form.grid_id, point_id, at);
	if (!place.has_current || strcmp(TextDatumGetCString(place.current.values[PERIOD_METER]), meter) == 0)
		return;
	memcpy(values, place.current.values, sizeof(values));
	values[PERIOD_METER] = CStringGetTextDatum(meter);
	(void) dated_set(&place, values, &change->recording);
}
