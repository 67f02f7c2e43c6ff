/*-------------------------------------------------------------------------
 *
 * holiday.c
 *	  Public holidays of a grid: the call (doc/reference/settlement.md), and
 *	  reading them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/dated.h"
#include "metering/slot.h"
#include "settlement/tariff.h"

PG_FUNCTION_INFO_V1(sg_set_holidays);

/* The days of the first column of what was found, in the context. */
static Holidays
found_days(MemoryContext context)
{
	Holidays	found = {.n = (int) SPI_processed};

	found.days = MemoryContextAlloc(context, Max(found.n, 1) * sizeof(DateADT));
	for (int i = 0; i < found.n; i++)
		found.days[i] = DatumGetDateADT(elevated_value(i, 1, DATEOID));
	return found;
}

/* Days that are on record in the years of these and not among them, and those among them that are not on record. */
static Holidays
find_changes(int32 grid_id, Datum days)
{
	static ElevatedPlan plan = {
		.sql = "WITH named AS (SELECT DISTINCT u.day FROM unnest($2) AS u (day)),"
		" on_record AS (SELECT h.day FROM smartgrid.holiday AS h WHERE h.grid_id = $1 AND h.superseded_at = 'infinity'"
		" AND date_part('year', h.day) IN (SELECT date_part('year', n.day) FROM named AS n))"
		" SELECT coalesce(n.day, r.day) FROM named AS n FULL JOIN on_record AS r ON r.day = n.day"
		" WHERE n.day IS NULL OR r.day IS NULL ORDER BY 1",
		.nargs = 2,
		.argtypes = {INT4OID, DATEARRAYOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), days};
	Holidays	changes;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	changes = found_days(caller);
	elevated_end(&elevation);
	return changes;
}

static Datum
array_of(const Holidays *days)
{
	Datum	   *elements = palloc(Max(days->n, 1) * sizeof(Datum));

	for (int i = 0; i < days->n; i++)
		elements[i] = DateADTGetDatum(days->days[i]);
	return PointerGetDatum(construct_array(elements, days->n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}

/* Records changes: those among the named days are holidays now, others are not any more. */
static void
record_changes(const Holidays *changes, Datum days, Recording *recording)
{
	static ElevatedPlan supersede = {
		.sql = "UPDATE smartgrid.holiday SET superseded_at = $4"
		" WHERE grid_id = $1 AND superseded_at = 'infinity' AND day = ANY ($2) AND day <> ALL ($3)",
		.nargs = 4,
		.argtypes = {INT4OID, DATEARRAYOID, DATEARRAYOID, TIMESTAMPTZOID},
	};
	static ElevatedPlan insert = {
		.sql = "INSERT INTO smartgrid.holiday (grid_id, day, recorded_at, superseded_at)"
		" SELECT $1, c.day, $4, 'infinity' FROM unnest($2) AS c (day) WHERE c.day = ANY ($3)",
		.nargs = 4,
		.argtypes = {INT4OID, DATEARRAYOID, DATEARRAYOID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(recording->grid_id), array_of(changes), days, TimestampTzGetDatum(recording_next(recording))
	};

	elevated_begin(&elevation);
	elevated_execute(&supersede, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&insert, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* SG110 if a day that changes is settled. */
static Refusal *
refuse_settled_days(const Grid *grid, const Holidays *changes, bool correct)
{
	pg_tz	   *zone = zone_of_grid(grid);
	Refusal    *refusal = NULL;

	for (int i = 0; i < changes->n && refusal == NULL; i++)
	{
		int			day = changes->days[i] + POSTGRES_EPOCH_JDATE;

		refusal = refuse_settled(grid->form.grid_id, zone_midnight(day, zone), zone_midnight(day + 1, zone), correct);
	}
	return refusal;
}

/* SG104 for a day beyond the years that periods may have. */
static Refusal *
refuse_day(DateADT day)
{
	int64		at = (int64) day * USECS_PER_DAY;

	return refuse_beyond_calendar("a holiday", DATE_NOT_FINITE(day) || at / USECS_PER_DAY != day ? DT_NOEND : at);
}

/* Sets the holidays of the years of some days.  Refuses: SG110, SG104 a day. */
static Refusal *
set_holidays(const Grid *grid, Datum days, const Datum *elements, int n, bool correct, Recording *recording)
{
	Holidays	changes;
	Refusal    *refusal;

	for (int i = 0; i < n; i++)
		if ((refusal = refuse_day(DatumGetDateADT(elements[i]))) != NULL)
			return refusal;
	changes = find_changes(grid->form.grid_id, days);
	if ((refusal = refuse_settled_days(grid, &changes, correct)) != NULL)
		return refusal;
	if (changes.n > 0)
		record_changes(&changes, days, recording);
	return NULL;
}

/*
 * sg_set_holidays(days, correct) -> true: these are the holidays of all years in
 * which one of them is.  For operators.
 *
 * Checks: SG108; SG104 a day beyond all years; SG110.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_set_holidays(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	Datum	   *elements;
	int			n;
	bool		correct;

	call_begin(&call, fcinfo, "sg_set_holidays");
	arg_array(fcinfo, 0, "days", DATEOID, &elements, NULL, &n);
	correct = arg_bool(fcinfo, 1, "correct");
	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"days\" must not be empty"),
				 errdetail("The days say which years they are all holidays of.")));
	if (!call_operate(&call, "set holidays"))
		return call_answer(&call);
	recording_begin(&recording, call.grid->form.grid_id);
	require_accepted(set_holidays(call.grid, PG_GETARG_DATUM(0), elements, n, correct, &recording));
	recording_end(&recording);
	return call_end(&call, BoolGetDatum(true));
}

/* Holidays of a grid on record at a moment, DT_NOEND: now, within the local days [from, to]. */
Holidays
holidays_read(const Grid *grid, DateADT from, DateADT to, TimestampTz as_of)
{
	static ElevatedPlan plan = {
		.sql = "SELECT h.day FROM smartgrid.holiday AS h WHERE h.grid_id = $1 AND h.day BETWEEN $2 AND $3 AND "
		DATED_ON_RECORD("h", 4) " ORDER BY h.day",
		.nargs = 4,
		.argtypes = {INT4OID, DATEOID, DATEOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(grid->form.grid_id), DateADTGetDatum(from), DateADTGetDatum(to), TimestampTzGetDatum(dated_moment(as_of))
	};
	Holidays	holidays;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	holidays = found_days(caller);
	elevated_end(&elevation);
	return holidays;
}

/* Is a local day one of them? */
bool
holidays_have(const Holidays *holidays, DateADT day)
{
	int			low = 0;
	int			high = holidays->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (holidays->days[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < holidays->n && holidays->days[low] == day;
}
