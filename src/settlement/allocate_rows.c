/*-------------------------------------------------------------------------
 *
 * allocate_rows.c
 *	  sg_allocate(): what points got of the community's energy, slot by slot
 *	  (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "metering/interval.h"
#include "metering/point_rows.h"
#include "settlement/allocate.h"

PG_FUNCTION_INFO_V1(sg_allocate);

/* What the rows of a point have in common on a day. */
typedef struct PointColumns
{
	Datum		name;
	const ReadPeriod *period;	/* whose owner it is; NULL: there is none yet */
	Datum		owner;
} PointColumns;

/* Where rows go, and whose: owner_id 0 is everybody's. */
typedef struct RowWriter
{
	ResultRow	result;
	IntervalNames names;
	Datum		kind[POINT_KIND_COUNT];
	MemoryContext day;			/* reset after each day */
	PointColumns *points;		/* of the day */
	int64		owner_id;
} RowWriter;

static void
begin_writing(RowWriter *writer, int64 owner_id)
{
	interval_names_init(&writer->names);
	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		writer->kind[kind] = CStringGetTextDatum(point_kind_name(kind));
	writer->day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rows of a day", ALLOCSET_DEFAULT_SIZES);
	writer->owner_id = owner_id;
}

/* The column owner. */
static void
write_owner(ResultRow *result, PointColumns *columns, const ReadPeriod *period)
{
	if (period->owner == NULL)
	{
		result_null(result);
		return;
	}
	if (columns->period != period)
	{
		columns->period = period;
		columns->owner = CStringGetTextDatum(period->owner);
	}
	result_datum(result, columns->owner);
}

static void
write_row(RowWriter *writer, const Allocation *allocation, int p, const AllocatedSpan *span, int slot)
{
	ResultRow  *result = &writer->result;
	const AllocatedPoint *point = &allocation->points[p];
	int64		magnitude = allocated_magnitude(point->amount[slot]);

	result_timestamptz(result, allocated_start(allocation, slot));
	result_datum(result, writer->points[p].name);
	write_owner(result, &writer->points[p], span->period);
	result_datum(result, writer->kind[point->point->kind]);
	result_int64(result, point->amount[slot]);
	result_int64(result, allocation_eligible(magnitude, span->share.factor));
	if (allocated_consumes(point, slot))
		result_int64(result, point->share[slot]);
	else
		result_null(result);
	result_int64(result, point->covered[slot]);
	result_int64(result, magnitude - point->covered[slot]);
	result_datum(result, writer->names.quality[allocated_quality(allocation, point, slot)]);
	result_end_row(result);
}

/* The span of a point in which a slot is, if its rows are wanted; NULL: it is in none, or they are not. */
static const AllocatedSpan *
wanted_span(const RowWriter *writer, const AllocatedPoint *point, int slot)
{
	for (int s = 0; s < point->nspans; s++)
		if (point->spans[s].from <= slot && slot < point->spans[s].to)
			return writer->owner_id == 0 || writer->owner_id == point->spans[s].period->owner_id ? &point->spans[s] : NULL;
	return NULL;
}

static void
write_day(RowWriter *writer, const Allocation *allocation)
{
	MemoryContext old = MemoryContextSwitchTo(writer->day);

	writer->points = palloc_extended(allocation->n * sizeof(PointColumns), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int p = 0; p < allocation->n; p++)
		writer->points[p].name = CStringGetTextDatum(allocation->points[p].point->name);
	for (int slot = allocation->first; slot < allocation->end; slot++)
		for (int p = 0; p < allocation->n; p++)
		{
			const AllocatedSpan *span = wanted_span(writer, &allocation->points[p], slot);

			if (span)
				write_row(writer, allocation, p, span, slot);
		}
	MemoryContextSwitchTo(old);
	MemoryContextReset(writer->day);
}

/*
 * sg_allocate(period, as_of) -> setof (start, point, owner, kind, amount,
 * eligible, share, covered, rest, quality), energy units, for the slots that
 * begin within the period: all of them for operators of the grid and auditors,
 * for anybody else those of which it was the owner.
 *
 * Checks: SG108 period, SG101 grid, 22003.
 */
Datum
sg_allocate(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	RowWriter	writer;

	result_begin_set(&writer.result, fcinfo);
	if (interval_request(fcinfo, 0, 1, &request))
	{
		Allocation *allocation = allocate_begin(request.grid, request.from, request.to, request.as_of, 0);

		begin_writing(&writer, request.owner_id);
		while (allocate_next_day(allocation))
			write_day(&writer, allocation);
		allocate_end(allocation);
	}
	return (Datum) 0;
}
