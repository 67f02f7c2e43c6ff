/*-------------------------------------------------------------------------
 *
 * value_series_step.c
 *	  How long a value of a series holds.
 *
 * A step is a number of months, of days, or of minutes and seconds; months and
 * days are those of the grid's zone.  No step, all 0: until the next value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/value_series.h"
#include "metering/slot.h"

/* No step is longer, in months or days: no later time is one that local days have. */
#define MAX_MONTHS	(100 * MONTHS_PER_YEAR)
#define MAX_DAYS	36525

bool
value_step_is_none(const Interval *step)
{
	return step->month == 0 && step->day == 0 && step->time == 0;
}

/* SG108 if a step is none that values can have. */
Refusal *
refuse_value_step(const Interval *step)
{
	int			parts = (step->month != 0) + (step->day != 0) + (step->time != 0);

	if (parts != 1 || step->month < 0 || step->day < 0 || step->time < 0)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "step must be a number of months, of days, or of hours and minutes"),
							"NULL says that a value holds until the next one.");
	if (step->month > MAX_MONTHS || step->day > MAX_DAYS)
		return refuse(ERRCODE_SG_INVALID_INPUT, "step must be at most 100 years");
	if (step->time >= USECS_PER_DAY)
		return refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "a step in hours must be shorter than a day"),
							"Say it in days: they have 23 or 25 hours where clocks change.");
	return NULL;
}

/* The local day that begins at a moment as year and month; false if none begins, or it is not the first of a month. */
static bool
month_of(TimestampTz start, pg_tz *zone, int *year, int *month)
{
	int			mday;

	j2date(zone_day(start, zone) + POSTGRES_EPOCH_JDATE, year, month, &mday);
	return mday == 1 && slot_day_starts_at(start, zone);
}

/* SG104 if a value cannot begin then: beyond the calendar, or at no multiple of its step since local midnight. */
Refusal *
refuse_value_start(const Interval *step, TimestampTz start, pg_tz *zone)
{
	Refusal    *refusal = refuse_beyond_calendar("start", start);
	int			year;
	int			month;

	if (refusal != NULL || value_step_is_none(step))
		return refusal;
	if (step->month != 0)
		return month_of(start, zone, &year, &month) ? NULL :
			refuse(ERRCODE_SG_INVALID_AMOUNT, "%s is not the local midnight at which a month begins, as values of a step of months do",
				   timestamptz_to_str(start));
	if (step->day != 0)
		return slot_day_starts_at(start, zone) ? NULL :
			refuse(ERRCODE_SG_INVALID_AMOUNT, "%s is not a local midnight, as values of a step of days begin at",
				   timestamptz_to_str(start));
	return (start - slot_day_start(start, zone)) % step->time == 0 ? NULL :
		refuse(ERRCODE_SG_INVALID_AMOUNT, "%s is not at a multiple of the step since local midnight", timestamptz_to_str(start));
}

/* Until when a value holds that begins at a start that is not refused; DT_NOEND: until the next one. */
TimestampTz
value_step_end(const Interval *step, TimestampTz start, pg_tz *zone)
{
	int			year;
	int			month;

	if (step->month != 0)
	{
		(void) month_of(start, zone, &year, &month);
		month += step->month - 1;
		return zone_midnight(date2j(year + month / MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1) - POSTGRES_EPOCH_JDATE, zone);
	}
	if (step->day != 0)
		return zone_midnight(zone_day(start, zone) + step->day, zone);
	return step->time != 0 ? start + step->time : DT_NOEND;
}
