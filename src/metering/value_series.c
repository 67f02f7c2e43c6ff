/*-------------------------------------------------------------------------
 *
 * value_series.c
 *	  Series: what is on record of one, which value holds when, and what time
 *	  weighs by it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "base/number.h"
#include "metering/dated.h"
#include "metering/value_series.h"
#include "store/elevated.h"

/* Raises SG101: the grid has no series of that name. */
void
error_value_series_not_found(const char *name, const Grid *grid)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_NOT_FOUND),
			 errmsg("series \"%s\" does not exist in grid \"%s\"", name, grid->name),
			 errhint("Check the setting smartgrid.grid; sg_post_series() makes series.")));
}

/* Finds a series, and the step of its latest call, that were on record at a moment; false if the grid had none of that name. */
static bool
find(int32 grid_id, TimestampTz as_of, ValueSeries *series)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.series_id, d.step FROM smartgrid.series AS s, smartgrid.series_step AS d"
		" WHERE s.grid_id = $1 AND s.name = $2 AND d.series_id = s.series_id AND " DATED_ON_RECORD("d", 3),
		.nargs = 3,
		.argtypes = {INT4OID, TEXTOID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), CStringGetTextDatum(series->name), TimestampTzGetDatum(dated_moment(as_of))};
	bool		found;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	found = SPI_processed > 0;
	if (found)
	{
		series->series_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
		series->step = *DatumGetIntervalP(elevated_value(0, 2, INTERVALOID));
	}
	elevated_end(&elevation);
	return found;
}

/* Values as they are on record, by their start; they may overlap. */
static ValueStretch *
read_values(const ValueSeries *series, TimestampTz from, TimestampTz to, TimestampTz as_of, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT v.start, v.until, trunc(v.value * 1000000000000) FROM smartgrid.series_value AS v"
		" WHERE v.series_id = $1 AND v.start < $3 AND v.until > $2 AND " DATED_ON_RECORD("v", 4)
		" ORDER BY v.start",
		.nargs = 4,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(series->series_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), TimestampTzGetDatum(dated_moment(as_of))
	};
	ValueStretch *stretches;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	*n = (int) SPI_processed;
	stretches = MemoryContextAllocHuge(caller, Max(SPI_processed, 1) * sizeof(ValueStretch));
	for (int i = 0; i < *n; i++)
		stretches[i] = (ValueStretch) {
			.from = DatumGetTimestampTz(elevated_value(i, 1, TIMESTAMPTZOID)),
			.to = DatumGetTimestampTz(elevated_value(i, 2, TIMESTAMPTZOID)),
			.value = number_int128(elevated_value(i, 3, NUMERICOID))
		};
	elevated_end(&elevation);
	return stretches;
}

/* Adds what the values that still hold at *at, the newest last, hold until a time; those that have ended leave. */
static void
hold_until(ValueSeries *series, const ValueStretch *values, int *holding, int *nholding, TimestampTz *at, TimestampTz until)
{
	while (*nholding > 0 && *at < until)
	{
		const ValueStretch *newest = &values[holding[*nholding - 1]];
		TimestampTz to = Min(newest->to, until);

		if (*at < to)
		{
			series->stretches[series->n++] = (ValueStretch) {*at, to, newest->value};
			*at = to;
		}
		if (newest->to <= *at)
			(*nholding)--;
	}
	*at = until;
}

/* Makes stretches that do not overlap of n values: at most two for each. */
static void
lay_out(ValueSeries *series, const ValueStretch *values, int n)
{
	int		   *holding = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(int));
	int			nholding = 0;
	TimestampTz at = DT_NOBEGIN;

	series->stretches = MemoryContextAllocHuge(CurrentMemoryContext, Max(2 * (Size) n, 1) * sizeof(ValueStretch));
	for (int i = 0; i < n; i++)
	{
		hold_until(series, values, holding, &nholding, &at, values[i].from);
		holding[nholding++] = i;
	}
	hold_until(series, values, holding, &nholding, &at, DT_NOEND);
	pfree(holding);
}

/*
 * What was on record of a series at a moment, DT_NOEND: is now, for [from, to), in
 * the current memory context; NULL if the grid had none of that name.  Reads in
 * the active snapshot, takes no locks, and checks no rights: series are public.
 */
ValueSeries *
value_series_read(const Grid *grid, const char *name, TimestampTz from, TimestampTz to, TimestampTz as_of)
{
	ValueSeries *series = palloc0(sizeof(ValueSeries));
	ValueStretch *values;
	int			n;

	series->name = pstrdup(name);
	if (!find(grid->form.grid_id, as_of, series))
		return NULL;
	values = read_values(series, from, to, as_of, &n);
	lay_out(series, values, n);
	pfree(values);
	return series;
}

/* The first stretch that ends after a time; n if none does. */
static int
stretch_after(const ValueSeries *series, TimestampTz at)
{
	int			low = 0;
	int			high = series->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (series->stretches[middle].to > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * Does a value hold at a time?  *value: that, 10^-12.  *until: so it is until
 * then at least; DT_NOEND: until later than all that was read.
 */
bool
value_series_at(const ValueSeries *series, TimestampTz at, sg_int128 *value, TimestampTz *until)
{
	int			i = stretch_after(series, at);

	if (i == series->n || series->stretches[i].from > at)
	{
		*until = i == series->n ? DT_NOEND : series->stretches[i].from;
		return false;
	}
	*value = series->stretches[i].value;
	*until = series->stretches[i].to;
	return true;
}

/*
 * What [from, to) weighs by a series of weights: the sum over its time of value
 * (10^-12) times microseconds.  Time without a value, or with one below 0, weighs
 * nothing.  22003 at 2^120, for which coarse_part_of() has no room.
 */
sg_uint128
value_series_weight(const ValueSeries *series, TimestampTz from, TimestampTz to)
{
	const sg_uint128 most = (sg_uint128) 1 << 120;
	sg_uint128	weight = 0;

	for (int i = stretch_after(series, from); i < series->n && series->stretches[i].from < to; i++)
	{
		const ValueStretch *stretch = &series->stretches[i];
		sg_uint128	value = stretch->value > 0 ? (sg_uint128) stretch->value : 0;
		uint64		length = (uint64) (Min(stretch->to, to) - Max(stretch->from, from));

		if (value > 0 && length > (most - 1 - weight) / value)
			error_out_of_range("what a time weighs by a series");
		weight += value * length;
	}
	return weight;
}
