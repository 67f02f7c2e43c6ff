/*-------------------------------------------------------------------------
 *
 * interval_view.c
 *	  What the views of intervals read: slots, and sums by day.
 *
 * They give what the caller may see of all grids.  The views call them without
 * limits; the planner puts in those that a query's conditions have
 * (interval_limits.c), and then no other days and points are read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "base/number.h"
#include "grid/scale.h"
#include "grid/zone.h"
#include "metering/interval.h"
#include "metering/interval_limits.h"
#include "metering/pack.h"
#include "metering/point_rows.h"
#include "store/elevated.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_interval_slots);
PG_FUNCTION_INFO_V1(sg_interval_day_sums);

/* What a view reads, and where it puts that. */
typedef struct ViewRead
{
	FunctionCallInfo fcinfo;
	ResultRow	result;
	IntervalNames names;
	MemoryContext day;			/* reset after each day */
	Datum		grid;			/* name */
	Datum		kinds[POINT_KIND_COUNT];
	int			scale;
} ViewRead;

typedef void (*ViewWrite) (ViewRead *view, const MeterRead *read);

/* Is a text among the elements of a text[]?  NULL: any is. */
static bool
is_wanted(FunctionCallInfo fcinfo, int n, const char *name)
{
	Datum	   *elements;
	bool	   *isnull;
	int			nelements;

	if (PG_ARGISNULL(n))
		return true;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(n), TEXTOID, -1, false, TYPALIGN_INT, &elements, &isnull, &nelements);
	for (int i = 0; i < nelements; i++)
		if (!isnull[i] && strcmp(TextDatumGetCString(elements[i]), name) == 0)
			return true;
	return false;
}

/* The identifiers in a text[]. */
static const char **
names_of(ArrayType *array, int *n)
{
	Datum	   *elements;
	bool	   *isnull;
	int			nelements;
	const char **names;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &isnull, &nelements);
	names = palloc(Max(nelements, 1) * sizeof(char *));
	*n = 0;
	for (int i = 0; i < nelements; i++)
		if (!isnull[i])
			names[(*n)++] = TextDatumGetCString(elements[i]);
	return names;
}

/* The first and the last day of which something of a grid is on record; false if nothing is. */
static bool
find_days(int32 grid_id, DateADT *first, DateADT *last)
{
	static ElevatedPlan plan = {
		.sql = "SELECT least((SELECT min(d.day) FROM smartgrid.interval_day AS d WHERE d.grid_id = $1),"
		" (SELECT min(o.day) FROM smartgrid.open_slot AS o WHERE o.grid_id = $1)),"
		" greatest((SELECT max(d.day) FROM smartgrid.interval_day AS d WHERE d.grid_id = $1),"
		" (SELECT max(o.day) FROM smartgrid.open_slot AS o WHERE o.grid_id = $1))"
		" WHERE EXISTS (SELECT FROM smartgrid.batch AS b WHERE b.grid_id = $1 AND b.fresh > 0)",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id)};
	HeapTuple	tuple;
	TupleDesc	desc;
	bool		isnull = true;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
	{
		tuple = SPI_tuptable->vals[0];
		desc = SPI_tuptable->tupdesc;
		*first = DatumGetDateADT(elevated_column(tuple, desc, 1, DATEOID, &isnull));
		*last = DatumGetDateADT(elevated_column(tuple, desc, 2, DATEOID, &isnull));
	}
	elevated_end(&elevation);
	return !isnull;
}

/* Narrows [from, to) to the limits of the call; false if nothing is left. */
static bool
apply_limits(FunctionCallInfo fcinfo, const Grid *grid, MeterReadRequest *request)
{
	pg_tz	   *zone = zone_of_grid(grid);
	DateADT		first = DATEVAL_NOEND;
	DateADT		last = DATEVAL_NOBEGIN;

	if (!find_days(grid->form.grid_id, &first, &last))
		return false;
	if (!PG_ARGISNULL(LIMIT_FIRST_DAY))
		first = Max(first, PG_GETARG_DATEADT(LIMIT_FIRST_DAY));
	if (!PG_ARGISNULL(LIMIT_LAST_DAY))
		last = Min(last, PG_GETARG_DATEADT(LIMIT_LAST_DAY));
	if (first > last)
		return false;
	request->from = pack_frame(first, zone).starts;
	request->to = pack_frame(last, zone).ends;
	if (!PG_ARGISNULL(LIMIT_FROM))
		request->from = Max(request->from, PG_GETARG_TIMESTAMPTZ(LIMIT_FROM));
	if (!PG_ARGISNULL(LIMIT_TO) && PG_GETARG_TIMESTAMPTZ(LIMIT_TO) < request->to)
		request->to = PG_GETARG_TIMESTAMPTZ(LIMIT_TO) + 1;
	return request->from < request->to;
}

/* Reads what the caller may see of a grid. */
static void
read_grid(ViewRead *view, const char *name, ViewWrite write)
{
	FunctionCallInfo fcinfo = view->fcinfo;
	MeterReadRequest request = {.grid = grid_find(name), .as_of = DT_NOEND, .flags = READ_LOSS};
	MeterRead  *read;

	if (request.grid == NULL || !interval_scope(request.grid, &request.owner_id) || !apply_limits(fcinfo, request.grid, &request))
		return;
	if (!PG_ARGISNULL(LIMIT_POINTS))
		request.points = names_of(PG_GETARG_ARRAYTYPE_P(LIMIT_POINTS), &request.npoints);
	if (request.points && request.npoints == 0)
		return;
	view->grid = CStringGetTextDatum(name);
	view->scale = request.grid->form.energy_scale;
	read = meter_read_begin(&request);
	while (meter_read_next_day(read))
	{
		MemoryContext outer = MemoryContextSwitchTo(view->day);

		write(view, read);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(view->day);
	}
	meter_read_end(read);
}

/* The names of all grids that a call wants. */
static List *
wanted_grids(FunctionCallInfo fcinfo)
{
	List	   *names = NIL;
	StoreScan	scan;

	store_scan_begin_all(&scan, TABLE_GRID);
	while (store_scan_next(&scan))
	{
		bool		isnull;
		char	   *name = TextDatumGetCString(store_attribute(&scan.row, Anum_grid_name, &isnull));

		if (is_wanted(fcinfo, LIMIT_GRIDS, name))
			names = lappend(names, name);
	}
	store_scan_end(&scan);
	return names;
}

static Datum
read_view(FunctionCallInfo fcinfo, ViewWrite write)
{
	ViewRead	view = {.fcinfo = fcinfo};
	ListCell   *cell;

	result_begin_set(&view.result, fcinfo);
	interval_names_init(&view.names);
	view.day = AllocSetContextCreate(CurrentMemoryContext, "smartgrid day of a view", ALLOCSET_DEFAULT_SIZES);
	for (int kind = 0; kind < POINT_KIND_COUNT; kind++)
		view.kinds[kind] = CStringGetTextDatum(point_kind_name(kind));
	foreach(cell, wanted_grids(fcinfo))
		read_grid(&view, lfirst(cell), write);
	return (Datum) 0;
}

/* Writes the slots of a day. */
static void
write_slots(ViewRead *view, const MeterRead *read)
{
	ResultRow  *result = &view->result;

	for (int d = 0; d < read->n; d++)
	{
		const MeterDay *day = &read->days[d];
		Datum		point = CStringGetTextDatum(day->point->name);

		for (int s = 0; s < day->nspans; s++)
		{
			const ReadPeriod *period = day->spans[s].period;
			Datum		owner = period->owner ? CStringGetTextDatum(period->owner) : (Datum) 0;

			for (int i = day->spans[s].from; i < day->spans[s].to; i++)
			{
				result_datum(result, view->grid);
				result_datum(result, point);
				result_datum(result, view->kinds[day->point->kind]);
				if (owner)
					result_datum(result, owner);
				else
					result_null(result);
				result_datum(result, DateADTGetDatum(read->date));
				result_timestamptz(result, meter_slot_start(day, i));
				result_int32(result, day->minutes);
				result_int64(result, day->amount[i]);
				result_datum(result, scale_sum(day->amount[i], view->scale));
				result_datum(result, view->names.quality[day->quality[i]]);
				result_end_row(result);
			}
		}
	}
}

/* What one owner has of a point's day. */
typedef struct DaySum
{
	const ReadPeriod *period;
	sg_int128	amount;
	int			slots[QUALITY_COUNT];
} DaySum;

static void
write_sum(ViewRead *view, const MeterRead *read, const MeterDay *day, const DaySum *sum)
{
	static const Quality order[] = {QUALITY_MEASURED, QUALITY_SUBSTITUTED, QUALITY_ESTIMATED, QUALITY_CALCULATED, QUALITY_MISSING};
	ResultRow  *result = &view->result;
	QualitySet	set = 0;

	result_datum(result, view->grid);
	result_text(result, day->point->name);
	result_datum(result, view->kinds[day->point->kind]);
	result_text(result, sum->period->owner);
	result_text(result, sum->period->class);
	result_datum(result, DateADTGetDatum(read->date));
	result_datum(result, number_of_int128(sum->amount));
	result_datum(result, scale_sum(sum->amount, view->scale));
	for (int i = 0; i < (int) lengthof(order); i++)
	{
		result_int32(result, sum->slots[order[i]]);
		if (sum->slots[order[i]] > 0)
			set |= QUALITY_SET(order[i]);
	}
	result_datum(result, interval_quality_set(&view->names, set));
	result_end_row(result);
}

static void
add_span(const MeterDay *day, const ReadSpan *span, DaySum *sum)
{
	for (int i = span->from; i < span->to; i++)
	{
		sum->amount += day->amount[i];
		sum->slots[day->quality[i]]++;
	}
}

/* Writes the sums of a day, one for each owner of a point. */
static void
write_sums(ViewRead *view, const MeterRead *read)
{
	for (int d = 0; d < read->n; d++)
	{
		const MeterDay *day = &read->days[d];

		for (int s = 0; s < day->nspans; s++)
		{
			DaySum		sum = {.period = day->spans[s].period};
			bool		is_first = true;

			for (int before = 0; before < s && is_first; before++)
				is_first = day->spans[before].period->owner_id != sum.period->owner_id;
			if (!is_first)
				continue;
			for (int other = s; other < day->nspans; other++)
				if (day->spans[other].period->owner_id == sum.period->owner_id)
					add_span(day, &day->spans[other], &sum);
			write_sum(view, read, day, &sum);
		}
	}
}

/*
 * interval_slots(grids, points, first_day, last_day, first_start, last_start) -> what the
 * caller may see of all slots that begin first_start .. last_start on days
 * first_day .. last_day, of points and grids; NULL: no limit.  Days before and after all that
 * is on record of the grid are not there.
 */
Datum
sg_interval_slots(PG_FUNCTION_ARGS)
{
	return read_view(fcinfo, write_slots);
}

/* interval_day_sums(grids, points, first_day, last_day, first_start, last_start) -> the same, as sums by point, day and owner. */
Datum
sg_interval_day_sums(PG_FUNCTION_ARGS)
{
	return read_view(fcinfo, write_sums);
}
