/*-------------------------------------------------------------------------
 *
 * metrics.c
 *	  The operator's records of what the grid did.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/period.h"
#include "base/result.h"
#include "call/call.h"
#include "grid/identity.h"
#include "store/elevated.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_record_metrics);
PG_FUNCTION_INFO_V1(sg_record_metrics_period);
PG_FUNCTION_INFO_V1(sg_get_metrics);

#define METRICS_FIGURES		4	/* production, consumption, peak load, efficiency */

/* Appends a record and returns its id; period is NULL if the figures were given. */
static int64
insert_record(const Grid *grid, const int64 figures[METRICS_FIGURES], RangeType *period)
{
	Datum		values[Natts_metrics];
	bool		isnull[Natts_metrics] = {false};
	int64		id = relations_nextval(SEQUENCE_METRICS);

	values[Anum_metrics_metrics_id - 1] = Int64GetDatum(id);
	for (int i = 0; i < METRICS_FIGURES; i++)
		values[Anum_metrics_production - 1 + i] = Int64GetDatum(figures[i]);
	values[Anum_metrics_recorded_at - 1] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[Anum_metrics_grid_id - 1] = Int32GetDatum(grid->form.grid_id);
	values[Anum_metrics_period - 1] = PointerGetDatum(period);
	isnull[Anum_metrics_period - 1] = (period == NULL);
	store_insert_values(TABLE_METRICS, values, isnull);
	return id;
}

/*
 * sg_record_metrics(production, consumption, peak_load, efficiency) -> id:
 * energy units and percent.  For operators.  SG108 efficiency outside 0..100,
 * SG104 a negative figure.
 */
Datum
sg_record_metrics(PG_FUNCTION_ARGS)
{
	static const char *const names[METRICS_FIGURES] = {"production", "consumption", "peak_load", "efficiency"};
	int64		figures[METRICS_FIGURES];
	int64		efficiency;
	Call		call;

	call_begin(&call, fcinfo, "sg_record_metrics");
	for (int i = 0; i < METRICS_FIGURES; i++)
		figures[i] = arg_int64(fcinfo, i, names[i]);
	efficiency = figures[METRICS_FIGURES - 1];
	if (efficiency < 0 || efficiency > 100)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("efficiency of " INT64_FORMAT " percent is outside 0 to 100", efficiency)));
	if (!call_operate(&call, "record metrics"))
		return call_answer(&call);
	for (int i = 0; i < METRICS_FIGURES; i++)
		if (figures[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_AMOUNT),
					 errmsg("%s of " INT64_FORMAT " is negative", names[i], figures[i])));
	return call_end(&call, Int64GetDatum(insert_record(call.grid, figures, NULL)));
}

/*
 * sg_record_metrics(period) -> id: the figures of the period, derived from the
 * ledger (smartgrid.period_metrics()).  For operators.  SG108 period, 22003 a
 * figure beyond bigint.
 */
Datum
sg_record_metrics_period(PG_FUNCTION_ARGS)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT production, consumption, peak_load, efficiency FROM smartgrid.period_metrics($1, $2)",
		.nargs = 2,
		.argtypes = {INT4OID, TSTZRANGEOID},
	};
	Call		call;
	RangeType  *period;
	Datum		values[2];
	int64		figures[METRICS_FIGURES];

	call_begin(&call, fcinfo, "sg_record_metrics");
	arg_require_not_null(fcinfo, 0, "period");
	period = PG_GETARG_RANGE_P(0);
	period_require_bounds(period);
	if (!call_operate(&call, "record metrics"))
		return call_answer(&call);

	values[0] = Int32GetDatum(call.grid->form.grid_id);
	values[1] = RangeTypePGetDatum(period);
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	for (int i = 0; i < METRICS_FIGURES; i++)
		figures[i] = DatumGetInt64(elevated_value(0, i + 1, INT8OID));
	elevated_end(&elevation);
	return call_end(&call, Int64GetDatum(insert_record(call.grid, figures, period)));
}

/* sg_get_metrics(metrics_id) -> a record of the current grid, or NULL if there is none or it is hidden. */
Datum
sg_get_metrics(PG_FUNCTION_ARGS)
{
	int64		metrics_id = arg_int64(fcinfo, 0, "metrics_id");
	Grid	   *grid = grid_current();
	StoreRow	row;
	FormMetrics *metrics;
	ResultRow	result;
	Datum		period;
	bool		isnull;

	if (!identity_may_read_grid(grid->operator_role) ||
		!store_find(TABLE_METRICS, metrics_id, &row) ||
		STORE_FORM(&row, FormMetrics)->grid_id != grid->form.grid_id)
		PG_RETURN_NULL();
	metrics = STORE_FORM(&row, FormMetrics);
	result_begin(&result, fcinfo);
	result_int64(&result, metrics->production);
	result_int64(&result, metrics->consumption);
	result_int64(&result, metrics->peak_load);
	result_int64(&result, metrics->efficiency);
	result_timestamptz(&result, metrics->recorded_at);
	period = store_attribute(&row, Anum_metrics_period, &isnull);
	if (isnull)
		result_null(&result);
	else
		result_datum(&result, period);
	return result_end(&result);
}
