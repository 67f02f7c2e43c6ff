/*-------------------------------------------------------------------------
 *
 * buckets.c
 *	  A period cut into buckets of local time.
 *
 * Months and years begin at local midnight, with January if several make a
 * bucket; days too, with a Monday if several make one, so that seven are a week;
 * anything shorter counts from local midnight in time that elapses, so that
 * days have 92, 96 or 100 quarter-hours.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/buckets.h"
#include "grid/zone.h"

/* The kind of a width, and how many of it. */
typedef enum WidthKind
{
	WIDTH_MONTHS,
	WIDTH_DAYS,
	WIDTH_TIME					/* microseconds, a day at most */
} WidthKind;

static int64
floor_to(int64 value, int64 multiple)
{
	int64		rest = value % multiple;

	return value - (rest < 0 ? rest + multiple : rest);
}

/* Splits a width; SG108 if it is not one of months, days or time, not above zero, or is time beyond a day. */
static int64
read_width(const Interval *width, WidthKind *kind)
{
	int			parts = (width->month != 0) + (width->day != 0) + (width->time != 0);

	if (parts == 0 || width->month < 0 || width->day < 0 || width->time < 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("bucket must be longer than zero")));
	if (parts > 1 || width->time > USECS_PER_DAY || width->month > 12 * 10000 || width->day > 366 * 10000)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("bucket must be months, days, or a time of 24 hours at most"),
				 errhint("Use for instance interval '15 minutes', '1 hour', '1 day', '7 days', '1 month' or '1 year'.")));
	*kind = width->month ? WIDTH_MONTHS : width->day ? WIDTH_DAYS : WIDTH_TIME;
	return width->month ? width->month : width->day ? width->day : width->time;
}

/* Raises SG108 if a width is none for buckets. */
void
buckets_require_width(const Interval *width)
{
	WidthKind	kind;

	(void) read_width(width, &kind);
}

/* The first day of a month that is counted from January of the year 0. */
static int
first_day(int64 month)
{
	int64		january = floor_to(month, 12);

	return date2j((int) (january / 12), (int) (month - january) + 1, 1);
}

/* The first border after a moment, of buckets that count from local midnight. */
static TimestampTz
next_in_day(TimestampTz at, int day, int64 width, pg_tz *zone)
{
	TimestampTz midnight = zone_midnight(day, zone);
	TimestampTz border = midnight + floor_to(at - midnight, width) + width;

	return Min(border, zone_midnight(day + 1, zone));
}

/* The month of a day, counted from January of the year 0. */
static int64
month_of(int day)
{
	int			year;
	int			month;
	int			ignored;

	j2date(day, &year, &month, &ignored);
	return (int64) year * 12 + month - 1;
}

/* The first border after a moment. */
static TimestampTz
next_border(TimestampTz at, WidthKind kind, int64 width, pg_tz *zone)
{
	int			day = zone_day(at, zone);
	int64		first;
	TimestampTz border;

	if (kind == WIDTH_TIME)
		return next_in_day(at, day, width, zone);
	first = floor_to(kind == WIDTH_MONTHS ? month_of(day) : day, width);	/* Julian day 0 is a Monday */
	/* If the calendar leaves out a day, its midnight is that of the next. */
	do
	{
		first += width;
		border = zone_midnight(kind == WIDTH_MONTHS ? first_day(first) : (int) first, zone);
	} while (border <= at);
	return border;
}

/*
 * Cuts the time from one moment to another into buckets of a width; the first
 * and the last end where the period does.  SG108 as buckets_require_width();
 * SG104 if there are more than BUCKETS_MAX.
 */
void
buckets_cut(Buckets *buckets, TimestampTz from, TimestampTz to, const Interval *width, pg_tz *zone)
{
	WidthKind	kind;
	int64		count = read_width(width, &kind);
	TimestampTz border = from;

	buckets->n = 0;
	buckets->allocated = 128;
	buckets->border = palloc(buckets->allocated * sizeof(TimestampTz));
	buckets->border[0] = from;
	while (border < to)
	{
		if (buckets->n == BUCKETS_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_AMOUNT),
					 errmsg("the period has more than %d buckets", BUCKETS_MAX),
					 errhint("Ask for longer buckets or a shorter period.")));
		CHECK_FOR_INTERRUPTS();
		border = next_border(border, kind, count, zone);
		if (buckets->n + 2 > buckets->allocated)
		{
			buckets->allocated *= 2;
			buckets->border = repalloc(buckets->border, buckets->allocated * sizeof(TimestampTz));
		}
		buckets->border[++buckets->n] = Min(border, to);
	}
}

/* The bucket of a moment: -1 if it is before the first, n if it is after the last. */
int
buckets_find(const Buckets *buckets, TimestampTz at)
{
	int			low = 0;
	int			high = buckets->n + 1;

	/* How many borders are not after it, less one. */
	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (buckets->border[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* The borders of buckets as timestamptz[]. */
Datum
buckets_borders(const Buckets *buckets)
{
	Datum	   *borders = palloc((buckets->n + 1) * sizeof(Datum));

	for (int i = 0; i <= buckets->n; i++)
		borders[i] = TimestampTzGetDatum(buckets->border[i]);
	return PointerGetDatum(construct_array(borders, buckets->n + 1, TIMESTAMPTZOID,
										   sizeof(TimestampTz), true, TYPALIGN_DOUBLE));
}
