/*-------------------------------------------------------------------------
 *
 * value_series_post.c
 *	  Putting values of a series on record, and showing them
 *	  (doc/reference/metering.md#value-series).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "base/period.h"
#include "base/result.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/dated.h"
#include "metering/recording.h"
#include "metering/value_series.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_post_series);
PG_FUNCTION_INFO_V1(sg_series_values);

/* Values are below it, and above its negative. */
#define VALUE_LIMIT	"1000000000000000"

/* The arguments of a call. */
typedef struct ValuePost
{
	const char *name;
	int			n;
	Datum	   *starts;
	Datum	   *values;
	Datum	   *until;			/* of each value: when it ends */
	Interval	step;			/* all 0: none */
} ValuePost;

/* Argument n, the name of a series; SG108. */
static char *
series_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *name = arg_text(fcinfo, n, "series");
	size_t		length = strlen(name);

	if (length == 0 || length > VALUE_SERIES_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 length == 0 ? errmsg("series must not be empty") : errmsg("series is too long"),
				 length == 0 ? 0 : errdetail("It has %zu bytes; at most %d are allowed.", length, VALUE_SERIES_MAX_BYTES)));
	return name;
}

/* The arguments, as far as they are wrong by themselves: SG108. */
static void
read_arguments(FunctionCallInfo fcinfo, ValuePost *post)
{
	int			nvalues;

	post->name = series_arg(fcinfo, 0);
	arg_array(fcinfo, 1, "starts", TIMESTAMPTZOID, &post->starts, NULL, &post->n);
	arg_array(fcinfo, 2, "values", NUMERICOID, &post->values, NULL, &nvalues);
	arg_require_same_length((const char *const[]) {"starts", "values"}, (const int[]) {post->n, nvalues}, 2);
	memset(&post->step, 0, sizeof(post->step));
	if (PG_ARGISNULL(3))
		return;
	post->step = *PG_GETARG_INTERVAL_P(3);
	require_accepted(refuse_value_step(&post->step));
}

/* SG104 if a number is none that a value can be: not of magnitude below the limit, or too fine. */
static Refusal *
refuse_value(Datum value, int position, Datum limit)
{
	Numeric		number = DatumGetNumeric(value);

	if (numeric_is_nan(number) || numeric_is_inf(number))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "value %d is no finite number", position);
	if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, value)) > VALUE_SERIES_DECIMALS)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "value %d, %s, has more than %d decimals",
					  position, DatumGetCString(DirectFunctionCall1(numeric_out, value)), VALUE_SERIES_DECIMALS);
	if (DatumGetBool(DirectFunctionCall2(numeric_ge, DirectFunctionCall1(numeric_abs, value), limit)))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "value %d, %s, is not below 10^15",
					  position, DatumGetCString(DirectFunctionCall1(numeric_out, value)));
	return NULL;
}

/* Values by their start, and those of one start in the order of the call. */
static int
compare_starts(const void *a, const void *b, void *arg)
{
	const ValuePost *post = arg;
	int			one = *(const int *) a;
	int			other = *(const int *) b;
	TimestampTz start = DatumGetTimestampTz(post->starts[one]);
	TimestampTz other_start = DatumGetTimestampTz(post->starts[other]);

	if (start != other_start)
		return start < other_start ? -1 : 1;
	return one - other;
}

/* Puts the values into the order of their starts, and takes doubled ones out; SG105 if two of one start differ. */
static void
sort_values(ValuePost *post)
{
	int		   *order = MemoryContextAllocHuge(CurrentMemoryContext, Max(post->n, 1) * sizeof(int));
	Datum	   *starts = MemoryContextAllocHuge(CurrentMemoryContext, Max(post->n, 1) * sizeof(Datum));
	Datum	   *values = MemoryContextAllocHuge(CurrentMemoryContext, Max(post->n, 1) * sizeof(Datum));
	int			n = 0;

	for (int i = 0; i < post->n; i++)
		order[i] = i;
	qsort_arg(order, post->n, sizeof(int), compare_starts, post);
	for (int i = 0; i < post->n; i++)
	{
		Datum		start = post->starts[order[i]];
		Datum		value = post->values[order[i]];

		if (n == 0 || DatumGetTimestampTz(starts[n - 1]) != DatumGetTimestampTz(start))
		{
			starts[n] = start;
			values[n++] = value;
		}
		else if (!DatumGetBool(DirectFunctionCall2(numeric_eq, values[n - 1], value)))
			ereport(ERROR,
					(errcode(ERRCODE_SG_ALREADY_EXISTS),
					 errmsg("two values begin at %s", timestamptz_to_str(DatumGetTimestampTz(start))),
					 errhint("Say one of them.")));
	}
	post->starts = starts;
	post->values = values;
	post->n = n;
}

/* Checks the values and their starts, and finds until when each holds: SG105, SG104. */
static void
check_values(ValuePost *post, pg_tz *zone)
{
	const ValuePost given = *post;
	Datum		limit = number_of_text(VALUE_LIMIT);

	sort_values(post);
	for (int i = 0; i < given.n; i++)
	{
		require_accepted(refuse_value(given.values[i], i + 1, limit));
		require_accepted(refuse_value_start(&given.step, DatumGetTimestampTz(given.starts[i]), zone));
	}
	post->until = MemoryContextAllocHuge(CurrentMemoryContext, Max(post->n, 1) * sizeof(Datum));
	for (int i = 0; i < post->n; i++)
		post->until[i] = TimestampTzGetDatum(value_step_end(&post->step, DatumGetTimestampTz(post->starts[i]), zone));
}

/* The number of a series of that name, which is made if there is none. */
static int64
series_id_of(const char *name, int32 grid_id)
{
	static ElevatedPlan make = {
		.sql = "INSERT INTO smartgrid.series (grid_id, name) VALUES ($1, $2) ON CONFLICT (grid_id, name) DO NOTHING",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	static ElevatedPlan find = {
		.sql = "SELECT s.series_id FROM smartgrid.series AS s WHERE s.grid_id = $1 AND s.name = $2",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), CStringGetTextDatum(name)};
	int64		series_id;

	elevated_begin(&elevation);
	elevated_execute(&make, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&find, values, NULL, IN_NEW_SNAPSHOT);
	series_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
	elevated_end(&elevation);
	return series_id;
}

/* Runs a statement that changes rows, as the owner; returns how many. */
static int64
change(ElevatedPlan *plan, Datum *values)
{
	Elevation	elevation;
	int64		rows;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
	rows = (int64) SPI_processed;
	elevated_end(&elevation);
	return rows;
}

/* Puts the step of the call on record, unless it is. */
static void
record_step(const ValuePost *post, int64 series_id, int32 grid_id, TimestampTz at)
{
	static ElevatedPlan supersede = {
		.sql = "UPDATE smartgrid.series_step SET superseded_at = $4"
		" WHERE series_id = $1 AND grid_id = $2 AND superseded_at = 'infinity' AND step::text <> $3::text",
		.nargs = 4,
		.argtypes = {INT8OID, INT4OID, INTERVALOID, TIMESTAMPTZOID},
	};
	static ElevatedPlan insert = {
		.sql = "INSERT INTO smartgrid.series_step (series_id, grid_id, step, recorded_at, superseded_at)"
		" SELECT $1, $2, $3, $4, 'infinity'"
		" WHERE NOT EXISTS (SELECT FROM smartgrid.series_step AS d WHERE d.series_id = $1 AND d.superseded_at = 'infinity')",
		.nargs = 4,
		.argtypes = {INT8OID, INT4OID, INTERVALOID, TIMESTAMPTZOID},
	};
	Datum		values[] = {
		Int64GetDatum(series_id), Int32GetDatum(grid_id), IntervalPGetDatum(&post->step), TimestampTzGetDatum(at)
	};

	(void) change(&supersede, values);
	(void) change(&insert, values);
}

static Datum
timestamptz_array(Datum *elements, int n)
{
	return PointerGetDatum(construct_array(elements, n, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Puts the values on record that are not, and returns how many those are. */
static int64
record_values(const ValuePost *post, int64 series_id, int32 grid_id, TimestampTz at)
{
	static ElevatedPlan supersede = {
		.sql = "UPDATE smartgrid.series_value AS v SET superseded_at = $4"
		" FROM unnest($5, $6, $7) AS n (start, until, value)"
		" WHERE v.series_id = $1 AND v.grid_id = $2 AND v.start = n.start AND v.superseded_at = 'infinity'"
		" AND (v.value <> n.value OR v.until <> n.until OR v.step::text <> $3::text)",
		.nargs = 7,
		.argtypes = {INT8OID, INT4OID, INTERVALOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID, NUMERICARRAYOID},
	};
	static ElevatedPlan insert = {
		.sql = "INSERT INTO smartgrid.series_value (series_id, grid_id, start, until, recorded_at, superseded_at, step, value)"
		" SELECT $1, $2, n.start, n.until, $4, 'infinity', $3, n.value FROM unnest($5, $6, $7) AS n (start, until, value)"
		" WHERE NOT EXISTS (SELECT FROM smartgrid.series_value AS v"
		" WHERE v.series_id = $1 AND v.start = n.start AND v.superseded_at = 'infinity')",
		.nargs = 7,
		.argtypes = {INT8OID, INT4OID, INTERVALOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID, NUMERICARRAYOID},
	};
	Datum		values[] = {
		Int64GetDatum(series_id), Int32GetDatum(grid_id), IntervalPGetDatum(&post->step), TimestampTzGetDatum(at),
		timestamptz_array(post->starts, post->n), timestamptz_array(post->until, post->n),
		PointerGetDatum(construct_array(post->values, post->n, NUMERICOID, -1, false, TYPALIGN_INT))
	};

	if (post->n == 0)
		return 0;
	(void) change(&supersede, values);
	return change(&insert, values);
}

/*
 * sg_post_series(series, starts, values, step) -> how many values are new.  A
 * value holds from its start for the step, or, if that is NULL, until the next
 * one.  The step is also that of times without a value, from this call on.  For
 * operators.
 *
 * Checks: SG108, SG100, SG101 grid, SG105 two values of one start, SG104 values
 * and starts.
 * Locks: the grid's settlement lock shared, its clock.
 */
Datum
sg_post_series(PG_FUNCTION_ARGS)
{
	Call		call;
	Recording	recording;
	ValuePost	post = {0};
	int32		grid_id;
	int64		series_id;
	int64		fresh;
	TimestampTz at;

	call_begin(&call, fcinfo, "sg_post_series");
	read_arguments(fcinfo, &post);
	if (!call_operate(&call, "post values of a series"))
		return call_answer(&call);
	check_values(&post, zone_of_grid(call.grid));
	grid_id = call.grid->form.grid_id;
	recording_begin(&recording, grid_id);
	at = recording_next(&recording);
	series_id = series_id_of(post.name, grid_id);
	record_step(&post, series_id, grid_id, at);
	fresh = record_values(&post, series_id, grid_id, at);
	recording_end(&recording);
	return call_end(&call, Int64GetDatum(fresh));
}

/*
 * sg_series_values(series, period, as_of) -> setof (start, stop, value, step,
 * recorded_at): the values on record that hold at some time in the period, NULL:
 * all.  stop and step NULL: until the next one.
 *
 * Checks: SG108 series, period; SG101 grid, series.
 */
Datum
sg_series_values(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "SELECT v.start, nullif(v.until, 'infinity'), v.value, nullif(v.step, '0'), v.recorded_at FROM smartgrid.series_value AS v"
		" WHERE " VALUE_SERIES_HOLDS
		" ORDER BY v.start",
		.nargs = 4,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	const char *name = series_arg(fcinfo, 0);
	TimestampTz as_of = PG_ARGISNULL(2) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(2);
	TimestampTz from = DT_NOBEGIN;
	TimestampTz to = DT_NOEND;
	const Grid *grid;
	const ValueSeries *series;
	Elevation	elevation;
	ResultRow	result;
	Datum		values[4];

	if (!PG_ARGISNULL(1))
		period_arg(fcinfo, 1, &from, &to);
	grid = grid_current();
	series = value_series_read(grid, name, from, from, as_of);
	if (series == NULL)
		error_value_series_not_found(name, grid);
	result_begin_set(&result, fcinfo);
	values[0] = Int64GetDatum(series->series_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[3] = TimestampTzGetDatum(dated_moment(as_of));
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	elevated_return(&result);
	elevated_end(&elevation);
	return (Datum) 0;
}
