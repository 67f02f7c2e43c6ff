/*-------------------------------------------------------------------------
 *
 * resample.c
 *	  Slots of one length as slots of another: which lengths there may be, and
 *	  sums by slots of another length.
 *
 * Both lengths divide the hour, and slots of both begin with the local day: so a
 * slot of one is a whole number of slots of the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/coarse.h"
#include "metering/resample.h"
#include "metering/slot.h"

/* Argument n as a resolution, minutes; 0 if it is NULL, SG108 if it is none. */
int
resample_arg(FunctionCallInfo fcinfo, int n)
{
	int			minutes;

	if (PG_ARGISNULL(n))
		return 0;
	if (!slot_resolution_of_interval(PG_GETARG_INTERVAL_P(n), &minutes))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("resolution must be 5, 15, 30 or 60 minutes")));
	return minutes;
}

/* Raises SG104 if the days of a zone cannot be divided into slots of so many minutes from a time on. */
void
resample_require(int minutes, TimestampTz from, pg_tz *zone)
{
	require_accepted(refuse_resolution(minutes, from, zone));
}

/* Makes whole local days of a period, in which slots of any length are whole; without what no point has a period in. */
void
resample_whole_slots(TimestampTz *from, TimestampTz *to, pg_tz *zone)
{
	slot_within_calendar(from, to);
	*from = zone_midnight(zone_day(*from, zone), zone);
	*to = zone_midnight(zone_day(*to - 1, zone) + 1, zone);
}

/* How many slots of so many minutes the read's day has. */
int
resample_slots(const MeterRead *read, int minutes)
{
	return (int) ((read->day_ends - read->day_starts) / (minutes * USECS_PER_MINUTE));
}

/* Adds the amounts of a span to sums by slots of so many minutes. */
void
resample_add(const MeterDay *day, const ReadSpan *span, int minutes, sg_int128 *sums)
{
	if (day->minutes <= minutes)
	{
		int			per = minutes / day->minutes;

		for (int i = span->from; i < span->to; i++)
			sums[i / per] += day->amount[i];
	}
	else
	{
		int			parts = day->minutes / minutes;

		for (int i = span->from; i < span->to; i++)
			if (day->amount[i] != 0)
				for (int part = 0; part < parts; part++)
					sums[i * parts + part] += coarse_part(day->amount[i], parts, part + 1);
	}
}

/* Adds twelfths of energy units, in which every part of an amount is exact. */
void
resample_add_twelfths(const MeterDay *day, const ReadSpan *span, int minutes, sg_int128 *sums)
{
	int			per = Max(minutes / day->minutes, 1);
	int			parts = Max(day->minutes / minutes, 1);

	for (int i = span->from; i < span->to; i++)
		for (int part = 0; part < parts; part++)
			sums[i * parts / per + part] += (sg_int128) day->amount[i] * (RESAMPLE_TWELFTHS / parts);
}
