/*-------------------------------------------------------------------------
 *
 * interval_hours.c
 *	  Sums of all points by local day and hour of the clock, for the report.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/scale.h"
#include "metering/day_codec.h"
#include "metering/interval.h"
#include "metering/point_rows.h"

PG_FUNCTION_INFO_V1(sg_interval_hour_sums);

#define CLOCK_HOURS		24
#define STEP_MINUTES	5		/* the shortest slot, which all others are multiples of */
#define STEP			(STEP_MINUTES * USECS_PER_MINUTE)

/* What the points of one kind have in an hour of a day's clock. */
typedef struct HourSum
{
	sg_int128	amount;
	bool		is_there;		/* has it a slot that is not missing? */
} HourSum;

/* The clock's hour at each step of a day. */
static void
find_hours(const MeterRead *read, uint8 *hours)
{
	for (int step = 0; step < DAY_MAX_SLOTS; step++)
	{
		struct pg_tm local;
		fsec_t		fsec;
		int			offset;

		if (timestamp2tm(read->day_starts + step * STEP, &offset, &local, &fsec, NULL, read->zone) != 0)
			error_out_of_range("a time");
		hours[step] = local.tm_hour;
	}
}

static void
add_day(const MeterDay *day, const uint8 *hours, HourSum *sums)
{
	for (int s = 0; s < day->nspans; s++)
		for (int i = day->spans[s].from; i < day->spans[s].to; i++)
		{
			HourSum    *sum = &sums[hours[i * day->minutes / STEP_MINUTES]];

			sum->amount += day->amount[i];
			sum->is_there |= day->quality[i] != QUALITY_MISSING;
		}
}

/* Writes a row for each kind of point and hour in which something is on record. */
static void
write_day(ResultRow *result, const MeterRead *read)
{
	HourSum		sums[POINT_KIND_COUNT][CLOCK_HOURS] = {0};
	uint8		hours[DAY_MAX_SLOTS];

	find_hours(read, hours);
	for (int d = 0; d < read->n; d++)
	{
		const MeterDay *day = &read->days[d];

		add_day(day, hours + (day->first - read->day_starts) / STEP, sums[day->point->kind]);
	}
	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		for (int hour = 0; hour < CLOCK_HOURS; hour++)
		{
			const HourSum *sum = &sums[kind][hour];

			if (!sum->is_there)
				continue;
			result_text(result, point_kind_name(kind));
			result_datum(result, DateADTGetDatum(read->date));
			result_int32(result, hour);
			result_datum(result, scale_sum(sum->amount, read->request.grid->form.energy_scale));
			result_end_row(result);
		}
}

/*
 * interval_hour_sums(period) -> setof (kind, day, hour, kwh): what the caller may
 * see of the slots that begin in a period, as sums over all points of a kind by
 * local day and hour of the clock.  Hours in which all is missing are not there;
 * an hour that the clock shows twice is there once.
 *
 * Checks: SG108 period; SG101 grid.
 */
Datum
sg_interval_hour_sums(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	ResultRow	result;
	MeterRead  *read;

	result_begin_set(&result, fcinfo);
	if (!interval_request(fcinfo, 0, 1, &request))
		return (Datum) 0;
	request.flags = READ_WITHOUT_LOSS;
	read = meter_read_begin(&request);
	while (meter_read_next_day(read))
		write_day(&result, read);
	meter_read_end(read);
	return (Datum) 0;
}
