/*-------------------------------------------------------------------------
 *
 * interval_series.c
 *	  sg_interval_series(): what a point measured, slot by slot, in slots of its
 *	  own or of another length.
 *
 * A slot of another length is in the result if it begins within the period, and
 * then it is whole: what is read may reach beyond the period.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/checked.h"
#include "base/errors.h"
#include "grid/scale.h"
#include "grid/zone.h"
#include "metering/coarse.h"
#include "metering/interval.h"
#include "metering/resample.h"

PG_FUNCTION_INFO_V1(sg_interval_series);

/* An hour has no more slots, so no slot has more owners. */
#define MAX_OWNERS	12

/* A row of the result: a slot, or what one owner has of it. */
typedef struct SeriesSlot
{
	TimestampTz start;
	sg_int128	amount;
	QualitySet	qualities;
	const char *owner;			/* NULL: nobody */
	int64		owner_id;
	ReadOrigin	origin;			/* the latest of its slots */
} SeriesSlot;

typedef struct SeriesWriter
{
	ResultRow	result;
	IntervalNames names;
	MemoryContext row;			/* reset after each day */
	TimestampTz from;			/* slots that begin within the period asked for */
	TimestampTz to;
	int			scale;
	int			nheld;
	SeriesSlot	held[MAX_OWNERS];	/* of a longer slot, in the order of their first slots */
} SeriesWriter;

static void
write_slot(SeriesWriter *writer, const SeriesSlot *slot)
{
	ResultRow  *result = &writer->result;

	if (slot->start < writer->from || slot->start >= writer->to)
		return;
	if (slot->amount > PG_INT64_MAX || slot->amount < PG_INT64_MIN)
		error_out_of_range("the amount of a slot");
	result_timestamptz(result, slot->start);
	result_int64(result, (int64) slot->amount);
	result_datum(result, scale_sum(slot->amount, writer->scale));
	result_datum(result, writer->names.quality[quality_of_set(slot->qualities)]);
	result_datum(result, interval_quality_set(&writer->names, slot->qualities));
	result_text(result, slot->owner);
	interval_recorded(result, &slot->origin);
	result_end_row(result);
}

static void
write_held(SeriesWriter *writer)
{
	for (int i = 0; i < writer->nheld; i++)
		write_slot(writer, &writer->held[i]);
	writer->nheld = 0;
}

static SeriesSlot
slot_of(const MeterDay *day, const ReadSpan *span, int i)
{
	return (SeriesSlot) {
		.start = meter_slot_start(day, i),
		.amount = day->amount[i],
		.qualities = QUALITY_SET(day->quality[i]),
		.owner = span->period->owner,
		.owner_id = span->period->owner_id,
		.origin = day->origin[i]
	};
}

/* Adds a slot to what its owner has of the longer slot that begins at start. */
static void
hold_slot(SeriesWriter *writer, TimestampTz start, const SeriesSlot *slot)
{
	SeriesSlot *held = NULL;

	if (writer->nheld > 0 && writer->held[0].start != start)
		write_held(writer);
	for (int i = 0; i < writer->nheld && held == NULL; i++)
		if (writer->held[i].owner_id == slot->owner_id)
			held = &writer->held[i];
	if (held == NULL)
	{
		held = &writer->held[writer->nheld++];
		*held = *slot;
		held->start = start;
		return;
	}
	held->amount += slot->amount;
	held->qualities |= slot->qualities;
	if (slot->origin.recorded_at > held->origin.recorded_at || held->origin.batch_id == 0)
		held->origin = slot->origin;
}

/* A slot as shorter ones. */
static void
write_parts(SeriesWriter *writer, const SeriesSlot *slot, int minutes, int parts)
{
	SeriesSlot	part = *slot;

	for (int i = 1; i <= parts; i++)
	{
		part.amount = coarse_part((int64) slot->amount, parts, i);
		write_slot(writer, &part);
		part.start += minutes * USECS_PER_MINUTE;
	}
}

/* Writes a day in slots of so many minutes; 0: its own. */
static void
write_day(SeriesWriter *writer, const MeterDay *day, int minutes)
{
	MemoryContext old = MemoryContextSwitchTo(writer->row);
	int			per = minutes > day->minutes ? minutes / day->minutes : 1;
	int			parts = minutes > 0 && minutes < day->minutes ? day->minutes / minutes : 1;

	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
		{
			SeriesSlot	slot = slot_of(day, &day->spans[s], i);

			if (per > 1)
				hold_slot(writer, meter_slot_start(day, i - i % per), &slot);
			else if (parts > 1)
				write_parts(writer, &slot, minutes, parts);
			else
				write_slot(writer, &slot);
		}
	write_held(writer);
	MemoryContextSwitchTo(old);
	MemoryContextReset(writer->row);
}

/*
 * sg_interval_series(point, period, resolution, as_of) -> a row for each slot of
 * the point's periods that begins within the period, missing ones, too, and for
 * each owner of it: start, energy units, kWh, quality, the set of qualities,
 * owner, when it was recorded and by which batch.  resolution NULL: the point's
 * own.  For readers of the grid all of it, for anybody else the slots of which
 * it was the owner.
 *
 * No locks.  SG108 point, period, resolution; SG101 grid, point; SG104 a
 * resolution that the zone does not allow; 22003.
 */
Datum
sg_interval_series(PG_FUNCTION_ARGS)
{
	const char *point = interval_point_arg(fcinfo, 0);
	int			minutes = resample_arg(fcinfo, 2);
	MeterReadRequest request;
	bool		sees = interval_request(fcinfo, 1, 3, &request);
	SeriesWriter writer = {.from = request.from, .to = request.to, .scale = request.grid->form.energy_scale};
	MeterRead  *read;

	interval_require_point(&request, sees, point);
	if (minutes > 0)
	{
		pg_tz	   *zone = zone_of_grid(request.grid);

		resample_require(minutes, request.from, zone);
		resample_whole_slots(&request.from, &request.to, zone);
	}
	request.points = &point;
	request.npoints = 1;
	request.flags = READ_ORIGINS | READ_LOSS;
	result_begin_set(&writer.result, fcinfo);
	interval_names_init(&writer.names);
	writer.row = AllocSetContextCreate(CurrentMemoryContext, "smartgrid slots of a day", ALLOCSET_DEFAULT_SIZES);
	read = meter_read_begin(&request);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
			write_day(&writer, &read->days[i], minutes);
	meter_read_end(read);
	return (Datum) 0;
}
