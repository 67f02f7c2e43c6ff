/*-------------------------------------------------------------------------
 *
 * slot.c
 *	  Slots of a local day, and resolutions.
 *
 * A slot begins at a multiple of its resolution since local midnight, counted
 * as time passes: where clocks are put forward or back, a day has fewer or more.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/slot.h"

/* Years within which points have periods: far from the ends of time, where there are no local days. */
#define FIRST_YEAR	1
#define LAST_YEAR	9999

/* No meter reported intervals before: changes of a zone's clocks that are older do not matter. */
#define FIRST_SHIFT_YEAR	2000

/* How far ahead changes of clocks are looked for, years; they repeat. */
#define YEARS_AHEAD		10

/* *minutes: what an interval is as a resolution; false if it is none. */
bool
slot_resolution_of_interval(const Interval *interval, int *minutes)
{
	static const int resolutions[] = {5, 15, 30, 60};

	if (interval->month != 0 || interval->day != 0)
		return false;
	for (int i = 0; i < (int) lengthof(resolutions); i++)
		if (interval->time == resolutions[i] * USECS_PER_MINUTE)
		{
			*minutes = resolutions[i];
			return true;
		}
	return false;
}

/* The first moment of a year in UTC. */
static TimestampTz
year_start(int year)
{
	return (date2j(year, 1, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY;
}

/* SG104 unless a time is within the years that periods may have. */
Refusal *
refuse_beyond_calendar(const char *what, TimestampTz at)
{
	if (at >= year_start(FIRST_YEAR) && at < year_start(LAST_YEAR + 1))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "%s must be a time within the years %d to %d", what, FIRST_YEAR, LAST_YEAR);
}

/* When the local day of a moment begins. */
TimestampTz
slot_day_start(TimestampTz at, pg_tz *zone)
{
	return zone_midnight(zone_day(at, zone), zone);
}

/* When the local day of a moment ends. */
TimestampTz
slot_day_end(TimestampTz at, pg_tz *zone)
{
	return zone_midnight(zone_day(at, zone) + 1, zone);
}

/* Cuts a period down to the years that periods of points may have, and a local day more. */
void
slot_within_calendar(TimestampTz *from, TimestampTz *to)
{
	*from = Max(*from, year_start(FIRST_YEAR) - USECS_PER_DAY);
	*to = Min(*to, year_start(LAST_YEAR + 1) + USECS_PER_DAY);
}

/* Does a slot of so many minutes begin at a moment? */
bool
slot_starts_at(TimestampTz at, int minutes, pg_tz *zone)
{
	return (at - slot_day_start(at, zone)) % (minutes * USECS_PER_MINUTE) == 0;
}

/* Does a local day begin at a moment? */
bool
slot_day_starts_at(TimestampTz at, pg_tz *zone)
{
	return at == slot_day_start(at, zone);
}

/* SG104 unless a slot of so many minutes begins at a time, which is called what. */
Refusal *
refuse_unaligned(const char *what, TimestampTz at, int minutes, pg_tz *zone)
{
	if (slot_starts_at(at, minutes, zone))
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "%s %s is not the start of a slot of %d minutes",
							   what, timestamptz_to_str(at), minutes),
						"Slots begin at multiples of the resolution since midnight in %s; a time without an offset is of the session's time zone.",
						pg_get_timezone_name(zone));
}

/* Does so many minutes not divide by how much the clocks of a zone are put forward or back at some time after this one?  *shift: when. */
static bool
has_shift_within_slot(int minutes, TimestampTz after, pg_tz *zone, TimestampTz *shift)
{
	pg_time_t	time = timestamptz_to_time_t(Max(after, year_start(FIRST_SHIFT_YEAR)));
	pg_time_t	until = timestamptz_to_time_t(Max(after, GetCurrentTimestamp())) + YEARS_AHEAD * INT64CONST(366) * SECS_PER_DAY;
	pg_time_t	boundary;
	long int	before;
	long int	since;
	int			is_dst_before;
	int			is_dst_since;

	while (time < until &&
		   pg_next_dst_boundary(&time, &before, &is_dst_before, &boundary, &since, &is_dst_since, zone) > 0)
	{
		if ((since - before) % (minutes * SECS_PER_MINUTE) != 0)
		{
			*shift = time_t_to_timestamptz(boundary);
			return true;
		}
		time = boundary;
	}
	return false;
}

/* SG104 if the days of a zone cannot all be divided into slots of so many minutes from a time on. */
Refusal *
refuse_resolution(int minutes, TimestampTz from, pg_tz *zone)
{
	TimestampTz shift;

	if (!has_shift_within_slot(minutes, from, zone, &shift))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "resolution of %d minutes does not fit the days of %s, whose clocks are changed by part of that on %s",
				  minutes, pg_get_timezone_name(zone), timestamptz_to_str(shift));
}
