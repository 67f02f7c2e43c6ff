/*-------------------------------------------------------------------------
 *
 * kpis.c
 *	  sg_kpis(): the key figures of a period.
 *
 * What needs quarter-hours is added up here, the figures themselves are
 * smartgrid.kpis().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "base/period.h"
#include "base/result.h"
#include "grid/participant.h"
#include "series/quarters.h"
#include "series/series.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_kpis);

typedef struct Kpis
{
	SeriesSink	sink;
	Buckets		period;			/* one bucket */
	Quarters	quarters;		/* those that are not complete yet */
	Sums		total;
	sg_int128	matched;		/* energy units that were produced and used in the same quarter-hour */
	sg_int128	peak_demand;	/* energy units of the quarter-hour with the highest demand */
	TimestampTz peak_demand_at; /* its start; infinity: there is none */
} Kpis;

static Sums *
quarter_sums(SeriesSink *sink, TimestampTz at)
{
	return quarters_sums(&((Kpis *) sink)->quarters, at);
}

/* Adds a quarter-hour to which nothing will be added any more. */
static void
add_quarter(Kpis *kpis, TimestampTz start, const Sums *sums)
{
	const sg_int128 *value = sums->value;
	sg_int128	demand = value[SUM_CONSUMED] + value[SUM_TRADED];
	sg_int128	own = value[SUM_PRODUCED] + value[SUM_DISCHARGED] - value[SUM_CHARGED];

	sums_merge(&kpis->total, sums);
	kpis->matched += Max(Min(demand, own), 0);
	if (demand > kpis->peak_demand || (demand > 0 && demand == kpis->peak_demand && start < kpis->peak_demand_at))
	{
		kpis->peak_demand = demand;
		kpis->peak_demand_at = start;
	}
}

static void
take_sums(SeriesSink *sink, TimestampTz at, const Sums *sums)
{
	Kpis	   *kpis = (Kpis *) sink;
	TimestampTz start = quarter_start(at);
	Quarter    *quarter = quarters_find(&kpis->quarters, start);

	if (quarter)
		sums_merge(&quarter->sums, sums);
	else
		add_quarter(kpis, start, sums);
}

static void
take_production(SeriesSink *sink, TimestampTz at, int energy_type, sg_int128 energy)
{
	((Kpis *) sink)->total.production[energy_type] += energy;
}

/* What is left in memory. */
static void
add_quarters(Kpis *kpis)
{
	HASH_SEQ_STATUS all;
	Quarter    *quarter;

	hash_seq_init(&all, kpis->quarters.table);
	while ((quarter = hash_seq_search(&all)) != NULL)
		add_quarter(kpis, quarter->start, &quarter->sums);
}

static Datum
production_array(const Sums *sums)
{
	Datum		values[ENERGY_TYPE_COUNT];

	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		values[i] = number_of_int128(sums->production[i]);
	return PointerGetDatum(construct_array(values, ENERGY_TYPE_COUNT, NUMERICOID, -1, false, TYPALIGN_INT));
}

static void
return_kpis(const Kpis *kpis, const Series *series, FunctionCallInfo fcinfo)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT kpi, value, unit, at, definition"
		" FROM smartgrid.kpis($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
		.nargs = 19,
		.argtypes = {
			INT4OID, INT8OID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			NUMERICOID, NUMERICARRAYOID, INT8OID, INT8OID, NUMERICOID, NUMERICOID, TIMESTAMPTZOID, NUMERICOID, TIMESTAMPTZOID
		},
	};
	/* Of a period that is to come nothing is known, unless readings are ahead of the clock. */
	bool		to_come = kpis->period.border[0] > GetCurrentStatementStartTimestamp() && kpis->total.value[SUM_ENTRIES] == 0;
	static const Sum sums[] = {
		SUM_PRODUCED, SUM_CONSUMED, SUM_CHARGED, SUM_DISCHARGED, SUM_TRADED, SUM_RELEASED, SUM_CONSUMED_VALUE, SUM_REVENUE
	};
	const Sums *total = &kpis->total;
	char		has_price = sums_have_price(total) ? ' ' : 'n';
	char		has_load = total->peak_at != DT_NOEND ? ' ' : 'n';
	char		has_demand = kpis->peak_demand_at != DT_NOEND ? ' ' : 'n';
	Datum		values[19];
	char		nulls[19];
	int			n = 0;
	ResultRow	result;

	memset(nulls, ' ', sizeof(nulls));
	values[n++] = Int32GetDatum(series->grid->form.grid_id);
	nulls[n] = series->whole ? 'n' : ' ';
	values[n++] = Int64GetDatum(series->own);
	values[n++] = number_of_int128((sg_int128) kpis->period.border[1] - kpis->period.border[0]);
	for (int i = 0; i < (int) lengthof(sums); i++)
	{
		nulls[n] = to_come ? 'n' : ' ';
		values[n++] = number_of_int128(total->value[sums[i]]);
	}
	values[n++] = production_array(total);
	nulls[n] = has_price;
	values[n++] = Int64GetDatum(total->price_low);
	nulls[n] = has_price;
	values[n++] = Int64GetDatum(total->price_high);
	nulls[n] = to_come ? 'n' : ' ';
	values[n++] = number_of_int128(kpis->matched);
	nulls[n] = has_load;
	values[n++] = number_of_int128(total->peak_load);
	nulls[n] = has_load;
	values[n++] = TimestampTzGetDatum(total->peak_at);
	nulls[n] = to_come ? 'n' : ' ';
	values[n++] = number_of_int128(kpis->peak_demand);
	nulls[n] = has_demand;
	values[n++] = TimestampTzGetDatum(kpis->peak_demand_at);
	Assert(n == (int) lengthof(values));

	result_begin_set(&result, fcinfo);
	elevated_begin(&elevation);
	elevated_execute(&plan, values, nulls, IN_ACTIVE_SNAPSHOT);
	elevated_return(&result);
	elevated_end(&elevation);
}

/*
 * sg_kpis(period, grid) -> the key figures of a period, for readers of the
 * grid those of all of it, for anybody else those of what it was a party of;
 * values are NULL of a period that has not begun.  NULL: the last 24 hours, the
 * current grid.
 *
 * No locks.  SG108 period, grid; SG101 grid.
 */
Datum
sg_kpis(PG_FUNCTION_ARGS)
{
	Kpis	   *kpis = palloc0(sizeof(Kpis));
	const char *name = grid_name_arg(fcinfo, 1);
	Series		series;

	kpis->period.n = 1;
	kpis->period.border = palloc(2 * sizeof(TimestampTz));
	period_arg(fcinfo, 0, &kpis->period.border[0], &kpis->period.border[1]);
	series_open(&series, name, NULL);
	quarters_open(&kpis->quarters);
	sums_init(&kpis->total);
	kpis->peak_demand_at = DT_NOEND;
	kpis->sink.sums_at = quarter_sums;
	kpis->sink.take = take_sums;
	kpis->sink.take_production = take_production;
	kpis->sink.buckets = &kpis->period;
	kpis->sink.with_peaks = series.whole;
	series_read(&series, &kpis->sink);
	add_quarters(kpis);
	quarters_close(&kpis->quarters);
	return_kpis(kpis, &series, fcinfo);
	return (Datum) 0;
}
