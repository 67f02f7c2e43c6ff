/*-------------------------------------------------------------------------
 *
 * substitute.c
 *	  sg_substitute(): filling slots that are missing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/period.h"
#include "metering/load_state.h"
#include "metering/on_record.h"
#include "metering/point_rows.h"
#include "metering/slot.h"
#include "metering/substitute.h"

PG_FUNCTION_INFO_V1(sg_substitute);

/* Longer gaps stay, unless the call says something else, microseconds: on a line only what is short is likely. */
#define LINEAR_MAX_GAP	(2 * USECS_PER_HOUR)

static const char *const method_names[] = {
	[SUBSTITUTE_ZERO] = "zero",
	[SUBSTITUTE_LINEAR] = "linear",
	[SUBSTITUTE_LAST_WEEK] = "last_week",
	[SUBSTITUTE_PROFILE] = "profile"
};

StaticAssertDecl(lengthof(method_names) == SUBSTITUTE_METHODS, "every method has a name");

/* Argument n, a method by its name.  SG108. */
static SubstituteMethod
method_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *name = arg_text(fcinfo, n, "method");

	for (int i = 0; i < SUBSTITUTE_METHODS; i++)
		if (strcmp(method_names[i], name) == 0)
			return (SubstituteMethod) i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown method \"%s\"", load_excerpt(name, strlen(name), LOAD_EXCERPT_BYTES)),
			 errhint("Methods are zero, linear, last_week and profile.")));
}

/* Argument n, the longest gap that is filled, microseconds; if it is NULL, what the method has.  SG108. */
static int64
max_gap_arg(FunctionCallInfo fcinfo, int n, SubstituteMethod method)
{
	Interval   *interval;
	int64		length;

	if (PG_ARGISNULL(n))
		return method == SUBSTITUTE_LINEAR ? LINEAR_MAX_GAP : PG_INT64_MAX;
	interval = PG_GETARG_INTERVAL_P(n);
	if (interval->month != 0 || !checked_add(interval->day * USECS_PER_DAY, interval->time, &length) || length <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("max_gap must be above 0, and have no months"),
				 errhint("A day is 24 hours here.")));
	return length;
}

/* Argument n, the quality that values get.  SG108. */
static Quality
quality_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *name = arg_text(fcinfo, n, "quality");
	Quality		quality;

	if (!quality_of_name(name, strlen(name), &quality) || quality == QUALITY_MEASURED || quality == QUALITY_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("quality of what is substituted cannot be \"%s\"", load_excerpt(name, strlen(name), LOAD_EXCERPT_BYTES)),
				 errhint("Use substituted, estimated or calculated.")));
	return quality;
}

/* Argument n, the points; NULL: all of the grid.  SG108. */
static void
points_arg(FunctionCallInfo fcinfo, int n, Substitution *substitution)
{
	Datum	   *elements;

	if (PG_ARGISNULL(n))
		return;
	arg_array(fcinfo, n, "points", TEXTOID, &elements, NULL, &substitution->npoints);
	substitution->points = palloc(Max(substitution->npoints, 1) * sizeof(char *));
	for (int i = 0; i < substitution->npoints; i++)
		substitution->points[i] = TextDatumGetCString(elements[i]);
}

/* Argument n, the name of a profile, which one method has.  SG108. */
static const char *
profile_arg(FunctionCallInfo fcinfo, int n, SubstituteMethod method)
{
	char	   *name = arg_text_or_null(fcinfo, n);

	if (name != NULL && method != SUBSTITUTE_PROFILE)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("method %s has no profile", method_names[method])));
	if (name == NULL && method == SUBSTITUTE_PROFILE)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("method profile needs a profile"),
				 errhint("Name a series of weights; sg_post_series() makes one.")));
	return name;
}

/* All arguments.  SG108. */
static void
read_arguments(FunctionCallInfo fcinfo, Substitution *substitution)
{
	arg_require_not_null(fcinfo, 0, "period");
	period_arg(fcinfo, 0, &substitution->from, &substitution->to);
	slot_within_calendar(&substitution->from, &substitution->to);
	substitution->method = method_arg(fcinfo, 1);
	points_arg(fcinfo, 2, substitution);
	substitution->max_gap = max_gap_arg(fcinfo, 3, substitution->method);
	substitution->profile_name = profile_arg(fcinfo, 4, substitution->method);
	substitution->quality = quality_arg(fcinfo, 5);
}

/* SG101 unless the points that are named, and the profile, are there, which is read. */
static void
require_named(Substitution *substitution)
{
	for (int i = 0; i < substitution->npoints; i++)
		(void) point_require(substitution->grid, substitution->points[i]);
	if (substitution->profile_name == NULL)
		return;
	substitution->profile = value_series_read(substitution->grid, substitution->profile_name, DT_NOBEGIN, substitution->to + USECS_PER_HOUR, DT_NOEND);
	if (substitution->profile == NULL)
		error_value_series_not_found(substitution->profile_name, substitution->grid);
}

/* Finds what is to be filled, in the latest snapshot: what others have loaded before the locks were taken counts. */
static void
find_fills(const Substitution *substitution, SubstituteFills *fills)
{
	bool		pushed = on_record_push_snapshot();

	substitute_find(substitution, fills);
	if (pushed)
		PopActiveSnapshot();
}

/* Loads a value; false if the point cannot have it. */
static bool
load_fill(Load *load, const Substitution *substitution, const SubstituteFill *fill)
{
	LoadPoint  *point = load_find_point(load, fill->point, strlen(fill->point), 0);
	const LoadPeriod *period = point ? load_point_period(point, fill->start) : NULL;
	LoadValue	value = {.form = VALUE_UNITS, .units = fill->amount};
	Refusal    *refusal = period ? refuse_beyond_limit(load, &value, period->limit) : NULL;
	int64		refused = load->batch.refused;

	if (refusal != NULL)
	{
		refusal_free(refusal);
		return false;
	}
	load_interval(load, 0, fill->point, strlen(fill->point), fill->start, 0, &value, substitution->quality);
	return load->batch.refused == refused;
}

static void
return_fill(ResultRow *result, const Substitution *substitution, const SubstituteFill *fill)
{
	result_text(result, fill->point);
	result_timestamptz(result, fill->start);
	result_int64(result, fill->amount);
	result_text(result, method_names[substitution->method]);
	result_end_row(result);
}

/*
 * sg_substitute(period, method, points, max_gap, profile, quality) -> the slots
 * that were filled, with their amounts, energy units.  For gateways and
 * operators.
 *
 * Checks: SG108 arguments; SG102; SG101 grid, points, profile; SG108 a loss point.
 * Locks: the settlement lock shared, all locks of the grid's intervals.
 */
Datum
sg_substitute(PG_FUNCTION_ARGS)
{
	Call		call;
	Substitution substitution = {0};
	LoadOptions options = {.source = "substitution", .replace = REPLACE_IF_BETTER};
	SubstituteFills fills;
	ResultRow	result;
	Load	   *load;

	call_begin(&call, fcinfo, "sg_substitute");
	read_arguments(fcinfo, &substitution);
	if (!load_act(&call))
		return call_answer(&call);
	substitution.grid = call.grid;
	require_named(&substitution);
	options.label = substitution.profile_name ? psprintf("profile %s", substitution.profile_name) : method_names[substitution.method];
	result_begin_set(&result, fcinfo);
	load = load_begin(&call, NULL, &options);
	load_lock_all(load);
	substitution.zone = load->zone;
	substitution.now = load->now + LOAD_AHEAD;
	find_fills(&substitution, &fills);
	for (int64 i = 0; i < fills.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (load_fill(load, &substitution, &fills.fills[i]))
			return_fill(&result, &substitution, &fills.fills[i]);
	}
	(void) load_end(load);
	return call_end(&call, (Datum) 0);
}
