/*-------------------------------------------------------------------------
 *
 * run_show.c
 *	  What there is to see of a run beside its lines: problems, basis, and which run
 *	  is valid on a day (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/period.h"
#include "base/result.h"
#include "grid/identity.h"
#include "grid/zone.h"
#include "settlement/run_show.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_run_problems);
PG_FUNCTION_INFO_V1(sg_run_basis);
PG_FUNCTION_INFO_V1(sg_run_of_day);

/*
 * Argument 0 as a run of the current grid, whose operators and auditors may see
 * it.  SG108 NULL; SG100; SG101 grid, run.
 */
Grid *
run_arg_to_show(FunctionCallInfo fcinfo, RunHead *head)
{
	int64		run_id = arg_int64(fcinfo, 0, "run");
	Grid	   *grid = identity_require_reader_of(grid_current_name(), "see all of a run");

	grid_require_scales(grid);
	run_require(grid, run_id, head);
	return grid;
}

static Datum
date_datum(TimestampTz at, pg_tz *zone)
{
	return DateADTGetDatum(zone_day(at, zone) - POSTGRES_EPOCH_JDATE);
}

static void
return_rows(ResultRow *result, ElevatedPlan *plan, Datum *values)
{
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	elevated_return(result);
	elevated_end(&elevation);
}

/*
 * sg_run_problems(run) -> setof (problem, point, participant, component, slots,
 * first): what keeps it from being final.
 *
 * Checks: SG108, SG100, SG101.
 */
Datum
sg_run_problems(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "SELECT p.problem, nullif(p.point, ''), nullif(p.participant, ''), nullif(p.component, ''), p.slots, p.first"
		" FROM smartgrid.run_problem AS p WHERE p.run_id = $1 ORDER BY p.ord",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	ResultRow	result;
	RunHead		head;
	Datum		values[1];

	result_begin_set(&result, fcinfo);
	(void) run_arg_to_show(fcinfo, &head);
	values[0] = Int64GetDatum(head.run_id);
	return_rows(&result, &plan, values);
	return (Datum) 0;
}

/*
 * sg_run_basis(run) -> setof (kind, key, valid, version, digest): what it was
 * computed from, and the batches that brought the readings, each with its own
 * digest.
 *
 * Checks: SG108, SG100, SG101.
 */
Datum
sg_run_basis(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.kind, s.key, s.valid, s.version, s.digest FROM ("
		" SELECT b.ord, b.kind, b.key, tstzrange(b.valid_from, b.valid_to) AS valid, nullif(b.version, '') AS version, encode(b.digest, 'hex') AS digest"
		" FROM smartgrid.run_basis AS b WHERE b.run_id = $1"
		" UNION ALL"
		" SELECT NULL, 'batch', t.batch_id::text, NULL, t.recorded_at::text, encode(t.digest, 'hex')"
		" FROM smartgrid.batch AS t WHERE t.grid_id = $2 AND t.recorded_at <= $3 AND t.fresh > 0"
		" AND t.first_day <= $5 AND t.last_day >= $4) AS s"
		" ORDER BY s.kind COLLATE \"C\", s.ord, length(s.key), s.key COLLATE \"C\"",
		.nargs = 5,
		.argtypes = {INT8OID, INT4OID, TIMESTAMPTZOID, DATEOID, DATEOID},
	};
	ResultRow	result;
	RunHead		head;
	Grid	   *grid;

	result_begin_set(&result, fcinfo);
	grid = run_arg_to_show(fcinfo, &head);
	{
		Datum		values[] = {
			Int64GetDatum(head.run_id), Int32GetDatum(grid->form.grid_id), TimestampTzGetDatum(head.as_of),
			date_datum(head.basis_from, zone_of_grid(grid)), date_datum(head.to - 1, zone_of_grid(grid))
		};

		return_rows(&result, &plan, values);
	}
	return (Datum) 0;
}

/*
 * sg_run_of_day(period) -> setof (day, run, number): the newest final run of each
 * local day that begins within the period; NULL if there is none.
 *
 * Checks: SG108 period, SG100, SG101.
 */
Datum
sg_run_of_day(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "SELECT d.day::date, r.run_id, r.number"
		" FROM generate_series($2::timestamp, $3::timestamp, interval '1 day') AS d (day)"
		" LEFT JOIN LATERAL (SELECT f.run_id, f.number FROM smartgrid.run AS f"
		" WHERE f.grid_id = $1 AND f.state = 1 AND f.period_from <= timezone($4, d.day) AND f.period_to > timezone($4, d.day)"
		" ORDER BY f.number DESC LIMIT 1) AS r ON true"
		" WHERE timezone($4, d.day) >= $5 AND timezone($4, d.day) < $6"
		" ORDER BY d.day",
		.nargs = 6,
		.argtypes = {INT4OID, DATEOID, DATEOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	ResultRow	result;
	Grid	   *grid;
	TimestampTz from;
	TimestampTz to;

	result_begin_set(&result, fcinfo);
	arg_require_not_null(fcinfo, 0, "period");
	period_arg(fcinfo, 0, &from, &to);
	grid = identity_require_reader_of(grid_current_name(), "see which runs are valid");
	{
		pg_tz	   *zone = zone_of_grid(grid);
		Datum		values[] = {
			Int32GetDatum(grid->form.grid_id), date_datum(from, zone), date_datum(to - 1, zone),
			CStringGetTextDatum(zone_name_of_grid(grid)), TimestampTzGetDatum(from), TimestampTzGetDatum(to)
		};

		return_rows(&result, &plan, values);
	}
	return (Datum) 0;
}
