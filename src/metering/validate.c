/*-------------------------------------------------------------------------
 *
 * validate.c
 *	  sg_validate(): what is not likely of what points measured.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "grid/scale.h"
#include "grid/zone.h"
#include "metering/interval.h"
#include "metering/load_point.h"
#include "metering/slot.h"
#include "metering/validate.h"

PG_FUNCTION_INFO_V1(sg_validate);

#define MINUTES_AN_HOUR		60

/* Decimals of figures that do not end. */
#define SHOWN_DECIMALS		12

static const char *const rule_names[] = {
	[VALIDATE_FROZEN] = "frozen",
	[VALIDATE_REGISTER] = "register",
	[VALIDATE_SPIKE] = "spike"
};

/* Adds what was found of a point, whose name is copied. */
void
validate_add(Validation *validation, const char *point, TimestampTz start, ValidateRule rule, Datum value, Datum limit)
{
	if (validation->n == validation->allocated)
	{
		validation->allocated = Max(64, 2 * validation->allocated);
		validation->list = validation->list ? repalloc_huge(validation->list, validation->allocated * sizeof(Violation)) :
			MemoryContextAlloc(validation->context, validation->allocated * sizeof(Violation));
	}
	validation->list[validation->n++] = (Violation) {
		.point = MemoryContextStrdup(validation->context, point),
		.start = start,
		.rule = rule,
		.value = value,
		.limit = limit
	};
}

/* What the connection of a period lets through in a slot, energy units: of each period of each point. */
static int64 **
slot_limits(const MeterRead *read)
{
	int64	  **limits = palloc_extended(Max(read->npoints, 1) * sizeof(int64 *), MCXT_ALLOC_HUGE);

	for (int p = 0; p < read->npoints; p++)
	{
		const ReadPoint *point = &read->points[p];

		limits[p] = palloc(point->nperiods * sizeof(int64));
		for (int i = 0; i < point->nperiods; i++)
			limits[p][i] = load_point_limit(point->periods[i].capacity, point->periods[i].minutes, read->request.grid->form.energy_scale);
	}
	return limits;
}

/* The same in kWh. */
static Datum
limit_kwh(const ReadPeriod *period)
{
	Datum		kwh = DirectFunctionCall2(numeric_div,
										  DirectFunctionCall2(numeric_mul, period->capacity, DirectFunctionCall1(int4_numeric, Int32GetDatum(period->minutes))),
										  DirectFunctionCall1(int4_numeric, Int32GetDatum(MINUTES_AN_HOUR)));

	return DirectFunctionCall1(numeric_trim_scale, DirectFunctionCall2(numeric_round, kwh, Int32GetDatum(SHOWN_DECIMALS)));
}

/* Adds the spikes of a day of a point that are within the period. */
static void
find_spikes(Validation *validation, const MeterRead *read, const MeterDay *day, const int64 *limits)
{
	for (int s = 0; s < day->nspans; s++)
	{
		const ReadPeriod *period = day->spans[s].period;
		int64		limit = limits[period - day->point->periods];

		for (int i = day->spans[s].from; i < day->spans[s].to && meter_slot_start(day, i) < validation->request.to; i++)
			if (day->amount[i] > limit || day->amount[i] < -limit)
				validate_add(validation, day->point->name, meter_slot_start(day, i), VALIDATE_SPIKE,
							 scale_sum(day->amount[i], read->request.grid->form.energy_scale), limit_kwh(period));
	}
}

/* Reads the period, and a day more, and adds spikes and frozen amounts. */
static void
validate_slots(Validation *validation)
{
	MeterReadRequest request = validation->request;
	MeterRead  *read;
	int64	  **limits;
	Frozen		frozen;

	request.to += VALIDATE_FROZEN_HOURS * USECS_PER_HOUR;
	read = meter_read_begin(&request);
	limits = slot_limits(read);
	frozen_begin(&frozen, read);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
		{
			const MeterDay *day = &read->days[i];

			find_spikes(validation, read, day, limits[day->point - read->points]);
			frozen_day(&frozen, validation, read, day);
		}
	frozen_end(&frozen, validation, read);
	meter_read_end(read);
}

static int
compare_violations(const void *a, const void *b)
{
	const Violation *one = a;
	const Violation *other = b;
	int			order = strcmp(one->point, other->point);

	if (order != 0)
		return order;
	if (one->start != other->start)
		return one->start < other->start ? -1 : 1;
	return (int) one->rule - (int) other->rule;
}

static void
write_violations(ResultRow *result, const Validation *validation)
{
	if (validation->n > 0)
		qsort(validation->list, validation->n, sizeof(Violation), compare_violations);
	for (int64 i = 0; i < validation->n; i++)
	{
		const Violation *violation = &validation->list[i];

		result_text(result, violation->point);
		result_timestamptz(result, violation->start);
		result_text(result, rule_names[violation->rule]);
		result_datum(result, violation->value);
		result_datum(result, violation->limit);
		result_end_row(result);
	}
}

/*
 * sg_validate(period, as_of) -> what is not likely of what points measured in the
 * period, by point, start and rule.  Whose as sg_completeness().
 *
 * No locks.  SG108 period; SG101 grid.
 */
Datum
sg_validate(PG_FUNCTION_ARGS)
{
	Validation	validation = {.context = CurrentMemoryContext};
	bool		sees = interval_request(fcinfo, 0, 1, &validation.request);
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	if (!sees)
		return (Datum) 0;
	validation.zone = zone_of_grid(validation.request.grid);
	validation.request.flags = READ_WITHOUT_LOSS;
	slot_within_calendar(&validation.request.from, &validation.request.to);
	validate_slots(&validation);
	validate_registers(&validation);
	write_violations(&result, &validation);
	return (Datum) 0;
}
