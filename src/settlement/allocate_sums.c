/*-------------------------------------------------------------------------
 *
 * allocate_sums.c
 *	  sg_allocation_sums(): what points got of the community's energy in a period
 *	  (doc/reference/settlement.md).
 *
 * The same as sums over sg_allocate(), without a row for each slot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "base/checked.h"
#include "base/errors.h"
#include "metering/interval.h"
#include "metering/point_rows.h"
#include "settlement/allocate.h"

PG_FUNCTION_INFO_V1(sg_allocation_sums);

/* What a point got while it had an owner. */
typedef struct PointSum
{
	const ReadPeriod *period;	/* one of the owner's; NULL: there is nothing yet */
	int64		slots;
	int64		consuming;		/* slots with a share */
	sg_int128	amount;
	sg_int128	magnitude;
	sg_int128	eligible;
	sg_int128	share;
	sg_int128	covered;
	QualitySet	qualities;
	struct PointSum *next;		/* of the next owner */
} PointSum;

/* The sum of a point for the owner of a period, which is made if there is none. */
static PointSum *
sum_of(PointSum *sum, const ReadPeriod *period)
{
	while (sum->period != NULL && sum->period->owner_id != period->owner_id)
	{
		if (sum->next == NULL)
			sum->next = palloc0(sizeof(PointSum));
		sum = sum->next;
	}
	if (sum->period == NULL)
		sum->period = period;
	return sum;
}

/* The qualities of the slots of a span. */
static QualitySet
qualities_of(const Allocation *allocation, const AllocatedPoint *point, const AllocatedSpan *span)
{
	const uint8 *first = point->quality + span->from;
	QualitySet	set = 0;

	if (!allocation->has_incomplete && memcmp(first, first + 1, span->to - span->from - 1) == 0)
		return QUALITY_SET(*first);
	for (int i = span->from; i < span->to; i++)
		set |= QUALITY_SET(allocated_quality(allocation, point, i));
	return set;
}

static void
add_span(PointSum *sum, const Allocation *allocation, const AllocatedPoint *point, const AllocatedSpan *span)
{
	sg_int128	amount = 0;

	for (int i = span->from; i < span->to; i++)
		amount += point->amount[i];
	sum->slots += span->to - span->from;
	sum->consuming += span->consuming;
	sum->amount += amount;
	sum->eligible += span->eligible_sum;
	sum->share += span->share_sum;
	sum->covered += span->covered_sum;
	sum->qualities |= qualities_of(allocation, point, span);
	if (point->point->kind != POINT_STORAGE)
		sum->magnitude += amount;
	else
		for (int i = span->from; i < span->to; i++)
			sum->magnitude += allocated_magnitude(point->amount[i]);
}

/* Adds up the slots of a participant, 0: of all. */
static PointSum *
add_up(Allocation *allocation, int64 owner_id)
{
	PointSum   *sums = palloc_extended(Max(allocation->read->npoints, 1) * sizeof(PointSum), MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);

	while (allocate_next_day(allocation))
		for (int p = 0; p < allocation->n; p++)
		{
			const AllocatedPoint *point = &allocation->points[p];

			for (int s = 0; s < point->nspans; s++)
				if (owner_id == 0 || owner_id == point->spans[s].period->owner_id)
					add_span(sum_of(&sums[point->point - allocation->read->points], point->spans[s].period),
							 allocation, point, &point->spans[s]);
		}
	return sums;
}

static void
write_sum(ResultRow *result, sg_int128 sum, const char *what)
{
	if (sum > PG_INT64_MAX || sum < PG_INT64_MIN)
		error_out_of_range(what);
	result_int64(result, (int64) sum);
}

static void
write_row(ResultRow *result, IntervalNames *names, const ReadPoint *point, const PointSum *sum)
{
	result_text(result, point->name);
	result_text(result, sum->period->owner);
	result_text(result, point_kind_name(point->kind));
	result_int64(result, sum->slots);
	write_sum(result, sum->amount, "the sum of amounts");
	write_sum(result, sum->eligible, "the sum of eligible amounts");
	if (sum->consuming > 0)
		write_sum(result, sum->share, "the sum of shares");
	else
		result_null(result);
	write_sum(result, sum->covered, "the sum of what is covered");
	write_sum(result, sum->magnitude - sum->covered, "the sum of the rest");
	result_datum(result, interval_quality_set(names, sum->qualities));
	result_end_row(result);
}

/*
 * sg_allocation_sums(period, as_of) -> setof (point, owner, kind, slots, amount,
 * eligible, share, covered, rest, qualities), energy units, by point and owner:
 * sums over the rows of sg_allocate().
 *
 * Checks: SG108 period, SG101 grid, 22003.
 */
Datum
sg_allocation_sums(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	ResultRow	result;
	IntervalNames names;

	result_begin_set(&result, fcinfo);
	if (interval_request(fcinfo, 0, 1, &request))
	{
		Allocation *allocation = allocate_begin(request.grid, request.from, request.to, request.as_of, ALLOCATE_SUMS);
		PointSum   *sums = add_up(allocation, request.owner_id);

		interval_names_init(&names);
		for (int p = 0; p < allocation->read->npoints; p++)
			for (const PointSum *sum = &sums[p]; sum != NULL && sum->period != NULL; sum = sum->next)
				write_row(&result, &names, &allocation->read->points[p], sum);
		allocate_end(allocation);
	}
	return (Datum) 0;
}
