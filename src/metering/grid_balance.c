/*-------------------------------------------------------------------------
 *
 * grid_balance.c
 *	  sg_grid_balance(): what came into the grid and was taken out of it
 *	  (doc/reference/metering.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "grid/zone.h"
#include "metering/day_codec.h"
#include "metering/disclosure.h"
#include "metering/grid_balance.h"
#include "metering/interval.h"
#include "metering/resample.h"
#include "metering/slot.h"

PG_FUNCTION_INFO_V1(sg_grid_balance);

static const char *const by_names[] = {
	[BALANCE_GRID] = "grid",
	[BALANCE_OWNER] = "owner",
	[BALANCE_POINT] = "point",
	[BALANCE_NEIGHBOUR] = "neighbour"
};

typedef struct BalanceWriter
{
	ResultRow	result;
	IntervalNames names;
	MemoryContext day;			/* reset after each day */
	TimestampTz from;			/* slots that begin within the period asked for */
	TimestampTz to;
	int			minutes;
	bool		whole;			/* the caller sees totals of all slots */
	Disclosure	disclosure;		/* else */
} BalanceWriter;

/* Argument n as what the balance is by; SG108 if it is nothing of the kind. */
static BalanceBy
by_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *name = arg_text(fcinfo, n, "by");

	for (int by = 0; by < (int) lengthof(by_names); by++)
		if (strcmp(name, by_names[by]) == 0)
			return (BalanceBy) by;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("by must be grid, owner, point or neighbour, not \"%s\"", name)));
}

/* Argument n, decimals of a kWh, as the energy units that sums are rounded to; 0 if it is NULL, SG104 if units are coarser. */
static int64
step_arg(FunctionCallInfo fcinfo, int n, const Grid *grid)
{
	int			scale = grid->form.energy_scale;
	int			digits;

	if (PG_ARGISNULL(n))
		return 0;
	digits = PG_GETARG_INT32(n);
	if (digits < 0 || digits > scale)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("digits must be 0 to %d, not %d", scale, digits),
				 errdetail("An energy unit of the grid \"%s\" is 10^-%d kWh: its amounts have no more decimals.", grid->name, scale)));
	return day_power_of_ten[scale - digits];
}

/* Which totals of the day's slots may be told to those who do not see all of them. */
static void
find_told(BalanceWriter *writer, const MeterRead *read, bool *told)
{
	disclosure_begin_day(&writer->disclosure);
	for (int i = 0; i < read->n; i++)
	{
		const MeterDay *day = &read->days[i];

		for (int s = 0; s < day->nspans && day->point->kind != POINT_EXCHANGE; s++)
			if (!day->spans[s].period->is_loss)
				disclosure_add(&writer->disclosure, day->spans[s].period->owner_id, day->quality, day->spans[s].from, day->spans[s].to,
							   day->minutes / SLOT_SHORTEST);
	}
	disclosure_decide(&writer->disclosure, Min(resample_slots(read, SLOT_SHORTEST), DAY_MAX_SLOTS), writer->minutes / SLOT_SHORTEST, told);
}

static void
write_energy(ResultRow *result, sg_int128 sum, const Balance *balance)
{
	sg_int128	energy = sum * balance_unit(balance);

	if (energy > PG_INT64_MAX || energy < PG_INT64_MIN)
		error_out_of_range("the energy of a slot");
	result_int64(result, (int64) energy);
}

/* A row: a slot of a group, or of the grid. */
static void
write_row(BalanceWriter *writer, const Balance *balance, TimestampTz start, const char *key, const char *class, const BalanceSums *sums, int slot)
{
	static const PointKind order[] = {POINT_PRODUCTION, POINT_CONSUMPTION, POINT_STORAGE, POINT_EXCHANGE};
	ResultRow  *result = &writer->result;

	result_timestamptz(result, start);
	result_text(result, key);
	result_text(result, class);
	for (int i = 0; i < (int) lengthof(order); i++)
		write_energy(result, sums->sums[order[i]] ? sums->sums[order[i]][slot] : 0, balance);
	if (balance->by == BALANCE_GRID)
		write_energy(result, balance_loss(sums, slot), balance);
	else
		result_null(result);
	result_datum(result, interval_quality_set(&writer->names, sums->qualities[slot]));
	result_end_row(result);
}

static void
write_groups(BalanceWriter *writer, const Balance *balance, TimestampTz start, int slot)
{
	for (int group = 0; group < balance->ngroups; group++)
	{
		const BalanceGroup *g = &balance->groups[group];

		if (g->day.qualities != NULL && g->day.qualities[slot] != 0)
			write_row(writer, balance, start, g->key, g->class, &g->day, slot);
	}
}

static void
write_day(BalanceWriter *writer, Balance *balance)
{
	MemoryContext old = MemoryContextSwitchTo(writer->day);
	bool		is_total = balance->by == BALANCE_GRID;
	bool		told[DAY_MAX_SLOTS];
	BalanceSums total;

	balance_sum_day(balance, writer->minutes);
	if (!writer->whole)
		find_told(writer, balance->read, told);
	if (is_total)
		balance_total(balance, &total);
	for (int slot = 0; slot < balance->n; slot++)
	{
		TimestampTz start = balance->read->day_starts + slot * (writer->minutes * USECS_PER_MINUTE);

		if (start < writer->from || start >= writer->to || !(writer->whole || told[slot]))
			continue;
		if (!is_total)
			write_groups(writer, balance, start, slot);
		else if (total.qualities[slot] != 0)
			write_row(writer, balance, start, balance->read->request.grid->name, NULL, &total, slot);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(writer->day);
}

/* Writes the balance of a request's period. */
static void
write_balance(BalanceWriter *writer, MeterReadRequest *request, BalanceBy by, int64 step, pg_tz *zone)
{
	Balance    *balance;

	writer->from = request->from;
	writer->to = request->to;
	writer->whole = request->owner_id == 0 || by == BALANCE_OWNER || by == BALANCE_POINT;
	if (!writer->whole)
	{
		request->owner_id = 0;
		disclosure_init(&writer->disclosure);
	}
	interval_names_init(&writer->names);
	writer->day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rows of a day", ALLOCSET_DEFAULT_SIZES);
	resample_whole_slots(&request->from, &request->to, zone);
	balance = balance_begin(request, by, step);
	while (balance_next_day(balance))
		write_day(writer, balance);
	balance_end(balance);
}

/*
 * sg_grid_balance(period, resolution, by, digits, as_of) -> setof (start, key,
 * class, production, consumption, storage, exchange, loss, qualities), energy
 * units, for the slots that begin within the period, by grid, owner and class,
 * point and class, or neighbour.  Operators of the grid and auditors see all of
 * it; participants their own slots by owner and point, and totals by grid and
 * neighbour of slots in which five owners took part.
 *
 * No locks.  Checks: SG108 period, resolution, by; SG101 grid; SG104 a
 * resolution that the zone does not allow, digits; 22003.
 */
Datum
sg_grid_balance(PG_FUNCTION_ARGS)
{
	MeterReadRequest request;
	BalanceWriter writer = {.whole = false};
	BalanceBy	by;
	pg_tz	   *zone;
	int64		step;
	bool		sees;

	result_begin_set(&writer.result, fcinfo);
	arg_require_not_null(fcinfo, 0, "period");
	arg_require_not_null(fcinfo, 1, "resolution");
	writer.minutes = resample_arg(fcinfo, 1);
	by = by_arg(fcinfo, 2);
	sees = interval_request(fcinfo, 0, 4, &request);
	zone = zone_of_grid(request.grid);
	resample_require(writer.minutes, request.from, zone);
	step = step_arg(fcinfo, 3, request.grid);
	if (sees)
		write_balance(&writer, &request, by, step, zone);
	return (Datum) 0;
}
