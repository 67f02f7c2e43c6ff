/*-------------------------------------------------------------------------
 *
 * curve.c
 *	  sg_load_curve(): a grid's time series.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/number.h"
#include "base/period.h"
#include "base/result.h"
#include "grid/buckets.h"
#include "grid/capacity.h"
#include "grid/pool.h"
#include "grid/scale.h"
#include "grid/zone.h"
#include "series/series.h"

PG_FUNCTION_INFO_V1(sg_load_curve);

/* Columns of the result beside those of energy types, of which each has two. */
#define FURTHER_COLUMNS	26

/* Of these, and of the energy types among them, those between the bounds and the currency. */
#define FIGURE_COLUMNS	(21 + 2 * ENERGY_TYPES_INNER)

StaticAssertDecl(FURTHER_COLUMNS + 2 * ENERGY_TYPE_COUNT <= RESULT_MAX_COLUMNS, "a row has room for every energy type");

/* Decimals of an average price. */
#define PRICE_DECIMALS	4
#define PRICE_UNIT		10000	/* 10^PRICE_DECIMALS */

typedef struct Curve
{
	SeriesSink	sink;
	Buckets		buckets;
	Sums	   *sums;			/* of each bucket */
	int			last;			/* the bucket that was asked for last */
} Curve;

static Sums *
bucket_sums(SeriesSink *sink, TimestampTz at)
{
	Curve	   *curve = (Curve *) sink;

	if (at < curve->buckets.border[curve->last] || at >= curve->buckets.border[curve->last + 1])
		curve->last = buckets_find(&curve->buckets, at);
	return &curve->sums[curve->last];
}

static void
take_sums(SeriesSink *sink, TimestampTz at, const Sums *sums)
{
	sums_merge(bucket_sums(sink, at), sums);
}

static void
take_production(SeriesSink *sink, TimestampTz at, int energy_type, sg_int128 energy)
{
	bucket_sums(sink, at)->production[energy_type] += energy;
}

/* What the grid was at the end of each bucket. */
typedef struct GridAtEnds
{
	sg_int128  *load;			/* energy units */
	sg_int128  *capacity;
	bool	   *capacity_is_known;
} GridAtEnds;

/* The load is that of now, less what has changed since. */
static sg_int128 *
load_at_ends(const Curve *curve, const Grid *grid)
{
	int			n = curve->buckets.n;
	sg_int128  *load = palloc(n * sizeof(sg_int128));
	int64		total[POOL_FIELDS];

	pool_totals(grid->form.grid_id, total);
	load[n - 1] = total[POOL_LOAD] - curve->sink.change_after;
	for (int i = n - 2; i >= 0; i--)
		load[i] = load[i + 1] - curve->sums[i + 1].value[SUM_LOAD_CHANGE];
	return load;
}

static void
look_at_ends(GridAtEnds *ends, const Curve *curve, const Grid *grid)
{
	const Buckets *buckets = &curve->buckets;
	TimestampTz known_from = capacity_known_from(grid->form.grid_id);

	ends->load = load_at_ends(curve, grid);
	ends->capacity = capacity_at_ends(grid, buckets);
	ends->capacity_is_known = palloc(buckets->n * sizeof(bool));
	for (int i = 0; i < buckets->n; i++)
		ends->capacity_is_known[i] = known_from < buckets->border[i + 1];
}

/* The average price of consumption, weighted by energy. */
static Datum
average_price(const Sums *sums)
{
	sg_int128	worth = sums->value[SUM_CONSUMED_VALUE];
	sg_int128	energy = sums->value[SUM_CONSUMED];
	Datum		price;

	if (worth < PG_INT64_MAX && energy < PG_INT64_MAX)
	{
		sg_int128	rounded = (worth * 2 * PRICE_UNIT + energy) / (energy * 2);

		if (rounded < PG_INT64_MAX)
			return NumericGetDatum(int64_div_fast_to_numeric((int64) rounded, PRICE_DECIMALS));
	}
	price = DirectFunctionCall2(numeric_div, number_of_int128(worth), number_of_int128(energy));
	return DirectFunctionCall2(numeric_round, price, Int32GetDatum(PRICE_DECIMALS));
}

/* Columns that have no value. */
static void
add_nulls(ResultRow *result, int n)
{
	while (n-- > 0)
		result_null(result);
}

/* A sum in units and scaled. */
static void
add_sum(ResultRow *result, sg_int128 units, int scale)
{
	result_datum(result, number_of_int128(units));
	result_datum(result, scale_sum(units, scale));
}

static void
add_price(ResultRow *result, int64 price, int scale)
{
	result_int64(result, price);
	result_datum(result, scale_sum(price, scale));
}

/* Average, lowest and highest price of consumption; NULL if there was none that was not taken back. */
static void
add_prices(ResultRow *result, const Sums *sums, int scale)
{
	Datum		average;

	if (!sums_have_price(sums))
	{
		add_nulls(result, 6);
		return;
	}
	average = average_price(sums);
	result_datum(result, average);
	result_datum(result, scale_number(average, scale));
	add_price(result, sums->price_low, scale);
	add_price(result, sums->price_high, scale);
}

/* Where the column of an energy type stands. */
typedef enum TypePlace
{
	INNER_TYPES,
	OUTER_TYPES
} TypePlace;

/* Production of the energy types that stand in one place. */
static void
add_production(ResultRow *result, const Sums *sums, int scale, TypePlace place)
{
	for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
		if ((type < ENERGY_TYPES_INNER) == (place == INNER_TYPES))
			add_sum(result, sums->production[type], scale);
}

/* The grid's load and utilization at the end of a bucket. */
static void
add_load(ResultRow *result, const GridAtEnds *ends, int bucket, int scale)
{
	if (ends == NULL)
	{
		add_nulls(result, 3);
		return;
	}
	add_sum(result, ends->load[bucket], scale);
	if (ends->capacity_is_known[bucket])
		result_datum(result, capacity_utilization(ends->load[bucket], ends->capacity[bucket]));
	else
		result_null(result);
}

/* The figures of a bucket, behind its bounds. */
static void
add_figures(ResultRow *result, const Sums *sums, const GridAtEnds *ends, int bucket, const FormGrid *grid)
{
	static const Sum used[] = {SUM_CONSUMED, SUM_CHARGED, SUM_DISCHARGED, SUM_TRADED};
	int			energy_scale = grid->energy_scale;

	add_sum(result, sums->value[SUM_PRODUCED], energy_scale);
	add_production(result, sums, energy_scale, INNER_TYPES);
	for (int i = 0; i < (int) lengthof(used); i++)
		add_sum(result, sums->value[used[i]], energy_scale);
	add_prices(result, sums, grid->money_scale);
	add_sum(result, sums->value[SUM_REVENUE], grid->money_scale);
	add_load(result, ends, bucket, energy_scale);
}

/* Has nothing of a bucket been yet?  Readings may be a little ahead of the clock. */
static bool
is_to_come(const Curve *curve, int bucket)
{
	return curve->buckets.border[bucket] > GetCurrentStatementStartTimestamp() &&
		curve->sums[bucket].value[SUM_ENTRIES] == 0;
}

static void
return_curve(const Curve *curve, const Series *series, FunctionCallInfo fcinfo)
{
	const FormGrid *grid = &series->grid->form;
	GridAtEnds	ends;
	ResultRow	result;
	Datum		currency = CStringGetTextDatum(grid_currency(grid->grid_id));
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "smartgrid bucket", ALLOCSET_SMALL_SIZES);
	MemoryContext old;

	if (series->whole)
		look_at_ends(&ends, curve, series->grid);
	result_begin_set(&result, fcinfo);
	old = MemoryContextSwitchTo(one);
	for (int i = 0; i < curve->buckets.n; i++)
	{
		const Sums *sums = &curve->sums[i];
		bool		to_come = is_to_come(curve, i);

		CHECK_FOR_INTERRUPTS();
		result_timestamptz(&result, curve->buckets.border[i]);
		result_timestamptz(&result, curve->buckets.border[i + 1]);
		if (to_come)
			add_nulls(&result, FIGURE_COLUMNS);
		else
			add_figures(&result, sums, series->whole ? &ends : NULL, i, grid);
		result_datum(&result, currency);
		if (to_come)
			add_nulls(&result, result.desc->natts - result.n);
		else
		{
			add_sum(&result, sums->value[SUM_CONSUMED] + sums->value[SUM_TRADED], grid->energy_scale);
			add_production(&result, sums, grid->energy_scale, OUTER_TYPES);
		}
		result_end_row(&result);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(one);
}

/*
 * sg_load_curve(grid, period, bucket, time_zone, principal) -> what happened in
 * each bucket of the period, for readers of the grid all of it, for anybody else
 * what it was a party of: energy units, money units, money units per kWh,
 * percent, and the same in kWh and currency.  NULL: the current grid, the last
 * 24 hours, the grid's time zone; principal: what that was a party of.
 *
 * No locks.  SG108 grid, period, bucket, time zone, principal; SG101 grid; SG102
 * a principal that the caller neither is nor reads; SG101 principal; SG104 more
 * than BUCKETS_MAX buckets.
 */
Datum
sg_load_curve(PG_FUNCTION_ARGS)
{
	const char *name = grid_name_arg(fcinfo, 0);
	Curve	   *curve = palloc0(sizeof(Curve));
	char	   *principal;
	TimestampTz from;
	TimestampTz to;
	pg_tz	   *zone;
	Series		series;

	period_arg(fcinfo, 1, &from, &to);
	arg_require_not_null(fcinfo, 2, "bucket");
	zone = PG_ARGISNULL(3) ? NULL : zone_find(text_to_cstring(PG_GETARG_TEXT_PP(3)));
	buckets_require_width(PG_GETARG_INTERVAL_P(2));
	principal = PG_ARGISNULL(4) ? NULL : arg_name(fcinfo, 4, "principal");
	series_open(&series, name, principal);
	grid_require_scales(series.grid);
	if (zone == NULL)
		zone = zone_of_grid(series.grid);
	buckets_cut(&curve->buckets, from, to, PG_GETARG_INTERVAL_P(2), zone);

	curve->sums = MemoryContextAllocHuge(CurrentMemoryContext, curve->buckets.n * sizeof(Sums));
	for (int i = 0; i < curve->buckets.n; i++)
		sums_init(&curve->sums[i]);
	curve->sink.sums_at = bucket_sums;
	curve->sink.take = take_sums;
	curve->sink.take_production = take_production;
	curve->sink.buckets = &curve->buckets;
	series_read(&series, &curve->sink);
	return_curve(curve, &series, fcinfo);
	return (Datum) 0;
}
