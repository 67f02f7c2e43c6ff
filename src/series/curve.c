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
#include "grid/zone.h"
#include "series/series.h"

PG_FUNCTION_INFO_V1(sg_load_curve);

/* Columns of the result beside those of energy types. */
#define FURTHER_COLUMNS	13

StaticAssertDecl(FURTHER_COLUMNS + ENERGY_TYPE_COUNT <= RESULT_MAX_COLUMNS, "a row has room for every energy type");

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

/* The load at the end of each bucket: that of now, less what has changed since. */
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

static void
add_prices(ResultRow *result, const Sums *sums)
{
	if (sums->value[SUM_CONSUMED] == 0)
		result_null(result);
	else
		result_datum(result, average_price(sums));
	if (sums->price_low > sums->price_high)
	{
		result_null(result);
		result_null(result);
	}
	else
	{
		result_int64(result, sums->price_low);
		result_int64(result, sums->price_high);
	}
}

/* Energy units; made anew only if it is not 0. */
static void
add_energy(ResultRow *result, sg_int128 energy)
{
	static Datum zero = 0;

	if (zero == 0)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		zero = number_of_int128(0);
		MemoryContextSwitchTo(old);
	}
	result_datum(result, energy == 0 ? zero : number_of_int128(energy));
}

/* Where the column of an energy type stands. */
typedef enum TypePlace
{
	INNER_TYPES,
	OUTER_TYPES
} TypePlace;

/* Production of the energy types that stand in one place. */
static void
add_production(ResultRow *result, const Sums *sums, TypePlace place)
{
	for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
		if ((type < ENERGY_TYPES_INNER) == (place == INNER_TYPES))
			add_energy(result, sums->production[type]);
}

static void
return_curve(const Curve *curve, const Series *series, FunctionCallInfo fcinfo)
{
	sg_int128  *load = series->whole ? load_at_ends(curve, series->grid) : NULL;
	sg_int128  *capacity = series->whole ? capacity_at_ends(series->grid, &curve->buckets) : NULL;
	ResultRow	result;
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "smartgrid bucket", ALLOCSET_SMALL_SIZES);
	MemoryContext old;

	result_begin_set(&result, fcinfo);
	old = MemoryContextSwitchTo(one);
	for (int i = 0; i < curve->buckets.n; i++)
	{
		const Sums *sums = &curve->sums[i];

		CHECK_FOR_INTERRUPTS();
		result_timestamptz(&result, curve->buckets.border[i]);
		result_timestamptz(&result, curve->buckets.border[i + 1]);
		add_energy(&result, sums->value[SUM_PRODUCED]);
		add_production(&result, sums, INNER_TYPES);
		add_energy(&result, sums->value[SUM_CONSUMED]);
		add_energy(&result, sums->value[SUM_CHARGED]);
		add_energy(&result, sums->value[SUM_DISCHARGED]);
		add_energy(&result, sums->value[SUM_TRADED]);
		add_prices(&result, sums);
		result_datum(&result, number_of_int128(sums->value[SUM_REVENUE]));
		if (series->whole)
		{
			result_datum(&result, number_of_int128(load[i]));
			result_datum(&result, capacity_utilization(load[i], capacity[i]));
		}
		else
		{
			result_null(&result);
			result_null(&result);
		}
		add_production(&result, sums, OUTER_TYPES);
		result_end_row(&result);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(one);
}

/*
 * sg_load_curve(grid, period, bucket, time_zone) -> what happened in each
 * bucket of the period, for readers of the grid all of it, for anybody else
 * what it was a party of: energy units, money units, money units per kWh,
 * percent.  NULL: the current grid, the last 24 hours, the grid's time zone.
 *
 * No locks.  SG108 grid, period, bucket, time zone; SG101 grid; SG104 more
 * than BUCKETS_MAX buckets.
 */
Datum
sg_load_curve(PG_FUNCTION_ARGS)
{
	const char *name = grid_name_arg(fcinfo, 0);
	Curve	   *curve = palloc0(sizeof(Curve));
	TimestampTz from;
	TimestampTz to;
	pg_tz	   *zone;
	Series		series;

	period_arg(fcinfo, 1, &from, &to);
	arg_require_not_null(fcinfo, 2, "bucket");
	zone = PG_ARGISNULL(3) ? NULL : zone_find(text_to_cstring(PG_GETARG_TEXT_PP(3)));
	buckets_require_width(PG_GETARG_INTERVAL_P(2));
	series_open(&series, name);
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
