/*-------------------------------------------------------------------------
 *
 * community.c
 *	  sg_community(): what the community produced, consumed and shared
 *	  (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "grid/buckets.h"
#include "metering/disclosure.h"
#include "metering/interval.h"
#include "settlement/allocate.h"

PG_FUNCTION_INFO_V1(sg_community);

/* Decimals of a percentage. */
#define PERCENT_DECIMALS	4
#define WHOLE_PERCENT		1000000 /* 100 percent with so many */

/* Energy of a slot or a bucket. */
typedef struct Totals
{
	sg_int128	produced;
	sg_int128	consumed;
	sg_int128	covered;
} Totals;

typedef struct Community
{
	bool		whole;			/* the caller sees totals of all slots */
	Disclosure	disclosure;		/* else */
	Buckets		buckets;
	Totals	   *totals;			/* of each bucket */
	bool	   *is_seen;		/* has it a slot that the caller sees? */
} Community;

/* Adds what was measured in the slots of a span to those of the day. */
static void
add_span(Totals *slots, const AllocatedPoint *point, const AllocatedSpan *span)
{
	for (int i = span->from; i < span->to; i++)
		if (allocated_consumes(point, i))
			slots[i].consumed += allocated_magnitude(point->amount[i]);
		else
			slots[i].produced += point->amount[i];
}

/* Adds up the slots of a day. */
static void
total_slots(Community *community, const Allocation *allocation, Totals *slots)
{
	memset(slots, 0, allocation->nslots * sizeof(Totals));
	for (int p = 0; p < allocation->n; p++)
	{
		const AllocatedPoint *point = &allocation->points[p];

		for (int s = 0; s < point->nspans; s++)
		{
			const AllocatedSpan *span = &point->spans[s];

			add_span(slots, point, span);
			if (!community->whole)
				disclosure_add(&community->disclosure, span->period->owner_id, point->quality, span->from, span->to, 1);
		}
	}
}

/* Adds a slot to its bucket. */
static void
add_slot(Community *community, TimestampTz start, const Totals *slot, sg_int128 covered)
{
	int			bucket = buckets_find(&community->buckets, start);
	Totals	   *totals = &community->totals[bucket];

	community->is_seen[bucket] = true;
	totals->produced += slot->produced;
	totals->consumed += slot->consumed;
	totals->covered += covered;
}

static void
add_day(Community *community, const Allocation *allocation)
{
	Totals		slots[DAY_MAX_SLOTS];
	bool		told[DAY_MAX_SLOTS];

	disclosure_begin_day(&community->disclosure);
	total_slots(community, allocation, slots);
	disclosure_decide(&community->disclosure, allocation->nslots, 1, told);
	for (int i = allocation->first; i < allocation->end; i++)
		if (community->whole || told[i])
			add_slot(community, allocated_start(allocation, i), &slots[i], (sg_int128) allocation->covered[i]);
}

static void
write_energy(ResultRow *result, sg_int128 energy)
{
	if (energy > PG_INT64_MAX)
		error_out_of_range("the energy of the community in a bucket");
	result_int64(result, (int64) energy);
}

/* part / whole in percent, rounded; NULL if whole is 0. */
static void
write_percent(ResultRow *result, sg_int128 part, sg_int128 whole)
{
	if (whole == 0)
		result_null(result);
	else
		result_datum(result, NumericGetDatum(int64_div_fast_to_numeric((int64) ((2 * part * WHOLE_PERCENT + whole) / (2 * whole)),
																	   PERCENT_DECIMALS)));
}

static void
write_buckets(const Community *community, ResultRow *result)
{
	for (int bucket = 0; bucket < community->buckets.n; bucket++)
	{
		const Totals *totals = &community->totals[bucket];

		if (!community->is_seen[bucket])
			continue;
		result_timestamptz(result, community->buckets.border[bucket]);
		write_energy(result, totals->produced);
		write_energy(result, totals->consumed);
		write_energy(result, totals->covered);
		write_energy(result, totals->produced - totals->covered);
		write_percent(result, totals->covered, totals->produced);
		write_percent(result, totals->covered, totals->consumed);
		result_end_row(result);
	}
}

/* Adds up the buckets of a period. */
static void
add_up(Community *community, const MeterReadRequest *request, const Interval *bucket)
{
	Allocation *allocation = allocate_begin(request->grid, request->from, request->to, request->as_of, ALLOCATE_SUMS);

	buckets_cut(&community->buckets, request->from, request->to, bucket, allocation->read->zone);
	community->totals = MemoryContextAllocExtended(CurrentMemoryContext, community->buckets.n * sizeof(Totals),
												   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	community->is_seen = palloc0(community->buckets.n * sizeof(bool));
	community->whole = request->owner_id == 0;
	disclosure_init(&community->disclosure);
	while (allocate_next_day(allocation))
		add_day(community, allocation);
	allocate_end(allocation);
}

/*
 * sg_community(period, bucket, as_of) -> setof (start, produced, consumed,
 * covered, surplus, self_consumption, self_sufficiency), energy units and
 * percent, for each bucket in which the caller sees a slot: all for operators of
 * the grid and auditors, for participants those in which five owners took part.
 *
 * Checks: SG108 period, bucket; SG101 grid; SG104 more than BUCKETS_MAX buckets; 22003.
 */
Datum
sg_community(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	ResultRow	result;
	Community	community;

	result_begin_set(&result, fcinfo);
	arg_require_not_null(fcinfo, 0, "period");
	arg_require_not_null(fcinfo, 1, "bucket");
	buckets_require_width(PG_GETARG_INTERVAL_P(1));
	if (interval_request(fcinfo, 0, 2, &request))
	{
		memset(&community, 0, sizeof(community));
		add_up(&community, &request, PG_GETARG_INTERVAL_P(1));
		write_buckets(&community, &result);
	}
	return (Datum) 0;
}
