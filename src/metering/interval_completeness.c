/*-------------------------------------------------------------------------
 *
 * interval_completeness.c
 *	  sg_completeness() and sg_gaps(): what is there of what should be.
 *
 * Loss points have no readings of their own, and are left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "base/number.h"
#include "metering/interval.h"
#include "metering/point_rows.h"

PG_FUNCTION_INFO_V1(sg_completeness);
PG_FUNCTION_INFO_V1(sg_gaps);

/* What is there of a point. */
typedef struct Completeness
{
	int64		expected;
	int64		slots[QUALITY_COUNT];
	const char *owner;			/* of its last slot */
	TimestampTz first_missing;
	TimestampTz last_recorded_at;
} Completeness;

/* Adds a day of a point. */
static void
count_day(const MeterDay *day, Completeness *counts)
{
	for (int s = 0; s < day->nspans; s++)
	{
		const ReadSpan *span = &day->spans[s];

		if (span->period->is_loss)
			continue;
		counts->expected += span->to - span->from;
		counts->owner = span->period->owner;
		for (int i = span->from; i < span->to; i++)
		{
			counts->slots[day->quality[i]]++;
			if (day->quality[i] == QUALITY_MISSING && counts->first_missing == 0)
				counts->first_missing = meter_slot_start(day, i);
			counts->last_recorded_at = Max(counts->last_recorded_at, day->origin[i].batch_id ? day->origin[i].recorded_at : DT_NOBEGIN);
		}
	}
}

static void
timestamptz_or_null(ResultRow *result, TimestampTz at, TimestampTz none)
{
	if (at == none)
		result_null(result);
	else
		result_timestamptz(result, at);
}

static void
write_counts(ResultRow *result, const ReadPoint *point, const Completeness *counts)
{
	static const Quality order[] = {QUALITY_MEASURED, QUALITY_SUBSTITUTED, QUALITY_ESTIMATED, QUALITY_CALCULATED, QUALITY_MISSING};
	int64		there = counts->expected - counts->slots[QUALITY_MISSING];

	result_text(result, point->name);
	result_text(result, counts->owner);
	result_text(result, point_kind_name(point->kind));
	result_int64(result, counts->expected);
	for (int i = 0; i < (int) lengthof(order); i++)
		result_int64(result, counts->slots[order[i]]);
	if (counts->expected == 0)
		result_null(result);
	else
		result_datum(result, number_of_hundredths(((sg_uint128) there * 20000 + counts->expected) / (2 * (sg_uint128) counts->expected)));
	timestamptz_or_null(result, counts->first_missing, 0);
	timestamptz_or_null(result, counts->last_recorded_at, DT_NOBEGIN);
	result_end_row(result);
}

/*
 * sg_completeness(period, as_of) -> a row for each point with slots in the
 * period: how many there should be, how many there are of each quality, the share
 * that is not missing (%), the first that is, and when the latest was recorded.
 * For readers of the grid all, for anybody else slots of which it was the owner.
 *
 * No locks.  SG108 period; SG101 grid.
 */
Datum
sg_completeness(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	bool		sees = interval_request(fcinfo, 0, 1, &request);
	MeterRead  *read;
	Completeness *counts;
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	if (!sees)
		return (Datum) 0;
	request.flags = READ_ORIGINS;
	read = meter_read_begin(&request);
	counts = palloc_extended(Max(read->npoints, 1) * sizeof(Completeness), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < read->npoints; i++)
		counts[i].last_recorded_at = DT_NOBEGIN;
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
			count_day(&read->days[i], &counts[read->days[i].point - read->points]);
	for (int i = 0; i < read->npoints; i++)
		if (counts[i].expected > 0)
			write_counts(&result, &read->points[i], &counts[i]);
	meter_read_end(read);
	return (Datum) 0;
}

/* A gap that has no end yet; slots 0: there is none. */
typedef struct Gap
{
	TimestampTz from;
	TimestampTz to;
	int64		slots;
} Gap;

static void
write_gap(ResultRow *result, TypeCacheEntry *range, const ReadPoint *point, Gap *gap)
{
	RangeBound	lower = {.val = TimestampTzGetDatum(gap->from), .inclusive = true, .lower = true};
	RangeBound	upper = {.val = TimestampTzGetDatum(gap->to)};

	if (gap->slots == 0)
		return;
	result_text(result, point->name);
	result_datum(result, RangeTypePGetDatum(sg_make_range(range, &lower, &upper, false)));
	result_int64(result, gap->slots);
	result_end_row(result);
	gap->slots = 0;
}

/* Goes on with a day of a point, and writes the gaps that end on it. */
static void
find_gaps(ResultRow *result, TypeCacheEntry *range, const MeterDay *day, Gap *gap)
{
	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
		{
			TimestampTz start = meter_slot_start(day, i);

			if (day->spans[s].period->is_loss || day->quality[i] != QUALITY_MISSING || (gap->slots > 0 && gap->to != start))
				write_gap(result, range, day->point, gap);
			if (day->spans[s].period->is_loss || day->quality[i] != QUALITY_MISSING)
				continue;
			if (gap->slots++ == 0)
				gap->from = start;
			gap->to = start + day->minutes * USECS_PER_MINUTE;
		}
}

/*
 * sg_gaps(period, as_of) -> the gaps of each point: adjacent missing slots as a
 * range, and how many they are.  Whose as sg_completeness().
 *
 * No locks.  SG108 period; SG101 grid.
 */
Datum
sg_gaps(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	bool		sees = interval_request(fcinfo, 0, 1, &request);
	TypeCacheEntry *range = lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO);
	MeterRead  *read;
	Gap		   *gaps;
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	if (!sees)
		return (Datum) 0;
	read = meter_read_begin(&request);
	gaps = palloc_extended(Max(read->npoints, 1) * sizeof(Gap), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
			find_gaps(&result, range, &read->days[i], &gaps[read->days[i].point - read->points]);
	for (int i = 0; i < read->npoints; i++)
		write_gap(&result, range, &read->points[i], &gaps[i]);
	meter_read_end(read);
	return (Datum) 0;
}
