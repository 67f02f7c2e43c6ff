/*-------------------------------------------------------------------------
 *
 * day_slots.c
 *	  Days from arrays, and what is in their slots, which are counted from 1.
 *
 * As functions of a type these give NULL for NULL, which calls of the extension
 * refuse: the other side of an outer join has no day.
 *
 *-------------------------------------------------------------------------
 */
#include "metering/day.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "base/result.h"

PG_FUNCTION_INFO_V1(sg_day_make);
PG_FUNCTION_INFO_V1(sg_day_slots);
PG_FUNCTION_INFO_V1(sg_day_at);
PG_FUNCTION_INFO_V1(sg_day_at_time);
PG_FUNCTION_INFO_V1(sg_day_quality);
PG_FUNCTION_INFO_V1(sg_day_qualities);
PG_FUNCTION_INFO_V1(sg_day_sum);
PG_FUNCTION_INFO_V1(sg_day_slice);
PG_FUNCTION_INFO_V1(sg_day_slice_period);
PG_FUNCTION_INFO_V1(sg_day_unnest);

/* ---- making ---- */

/* Raises SG108: there is no such day. */
SG_NORETURN
static void
error_no_day(const char *wrong)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("this is no day of a metering point: %s", wrong)));
}

/* Argument n, an interval without months and days, in units of so many microseconds; SG108 if it is no whole number of them. */
static int
interval_arg(FunctionCallInfo fcinfo, int n, const char *name, int64 unit, const char *units)
{
	Interval   *interval;

	arg_require_not_null(fcinfo, n, name);
	interval = PG_GETARG_INTERVAL_P(n);
	if (interval->month != 0 || interval->day != 0 || interval->time % unit != 0 || interval->time / unit > PG_INT32_MAX ||
		interval->time / unit < PG_INT32_MIN)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s must be a time of whole %s", name, units)));
	return (int) (interval->time / unit);
}

/* The elements of argument n, an array without dimensions or with one; SG108 if it has others. */
static int
elements_arg(FunctionCallInfo fcinfo, int n, const char *name, Oid type, Datum **values, bool **isnull)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(n);
	int			count;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s must have one dimension", name)));
	if (type == INT8OID)
		deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, values, isnull, &count);
	else
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, values, isnull, &count);
	return count;
}

/* Puts the qualities of argument n into the slots that have an amount; those that have none are missing, and may say so. */
static void
set_qualities(FunctionCallInfo fcinfo, int n, Day *day, const bool *no_amount)
{
	Datum	   *names;
	bool	   *isnull;

	if (elements_arg(fcinfo, n, "qualities", TEXTOID, &names, &isnull) != day->shape.slots)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("amounts and qualities must have the same length")));
	for (int i = 0; i < day->shape.slots; i++)
	{
		text	   *name;
		Quality		quality;

		if (isnull[i])
			continue;
		name = DatumGetTextPP(names[i]);
		if (!quality_of_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &quality))
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("there is no quality \"%s\"", text_to_cstring(name))));
		if (no_amount[i] && quality != QUALITY_MISSING)
			error_no_day("a slot without an amount is missing");
		day->quality[i] = quality;
	}
}

/*
 * sg_day_make(amounts bigint[], qualities text[], utc_offset interval, resolution
 * interval) -> a day of slots of one length.  SG108.
 */
Datum
sg_day_make(PG_FUNCTION_ARGS)
{
	Day			day = {0};
	Datum	   *amounts;
	bool	   *isnull;
	int			count;
	const char *wrong;

	arg_require_not_null(fcinfo, 0, "amounts");
	count = elements_arg(fcinfo, 0, "amounts", INT8OID, &amounts, &isnull);
	day.shape.offset = interval_arg(fcinfo, 2, "utc_offset", USECS_PER_SEC, "seconds");
	wrong = day_add_segment(&day.shape, count, interval_arg(fcinfo, 3, "resolution", USECS_PER_MINUTE, "minutes"));
	if (wrong != NULL)
		error_no_day(wrong);
	for (int i = 0; i < count; i++)
	{
		day.amount[i] = isnull[i] ? 0 : DatumGetInt64(amounts[i]);
		day.quality[i] = isnull[i] ? QUALITY_MISSING : QUALITY_MEASURED;
	}
	if (!PG_ARGISNULL(1))
		set_qualities(fcinfo, 1, &day, isnull);
	wrong = day_wrong(&day);
	if (wrong != NULL)
		error_no_day(wrong);
	PG_RETURN_DAY(&day);
}

/* ---- reading ---- */

/* sg_day_slots(data sg_day) -> how many slots it has. */
Datum
sg_day_slots(PG_FUNCTION_ARGS)
{
	Day			day;

	PG_GETARG_DAY(0, &day);
	PG_RETURN_INT32(day.shape.slots);
}

/* sg_day_at(data sg_day, slot integer) -> the amount, 0 if it is missing, NULL if there is no such slot. */
Datum
sg_day_at(PG_FUNCTION_ARGS)
{
	Day			day;
	int			slot = PG_GETARG_INT32(1);

	PG_GETARG_DAY(0, &day);
	if (slot < 1 || slot > day.shape.slots)
		PG_RETURN_NULL();
	PG_RETURN_INT64(day.amount[slot - 1]);
}

/* sg_day_at(data sg_day, day date, at timestamptz) -> the amount of the slot in which the time is, NULL if it is in none. */
Datum
sg_day_at_time(PG_FUNCTION_ARGS)
{
	Day			day;
	TimestampTz times[DAY_MAX_SLOTS + 1];
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(2);
	int			slot = 0;

	PG_GETARG_DAY(0, &day);
	day_times(&day.shape, PG_GETARG_DATEADT(1), times);
	if (at < times[0] || at >= times[day.shape.slots])
		PG_RETURN_NULL();
	while (times[slot + 1] <= at)
		slot++;
	PG_RETURN_INT64(day.amount[slot]);
}

/* sg_day_quality(data sg_day, slot integer) -> the name of its quality, NULL if there is no such slot. */
Datum
sg_day_quality(PG_FUNCTION_ARGS)
{
	Day			day;
	int			slot = PG_GETARG_INT32(1);

	PG_GETARG_DAY(0, &day);
	if (slot < 1 || slot > day.shape.slots)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(quality_name((Quality) day.quality[slot - 1])));
}

/* sg_day_qualities(data sg_day) -> which qualities its slots have. */
Datum
sg_day_qualities(PG_FUNCTION_ARGS)
{
	Day			day;
	QualitySet	set = 0;

	PG_GETARG_DAY(0, &day);
	for (int i = 0; i < day.shape.slots; i++)
		set |= QUALITY_SET(day.quality[i]);
	return day_qualities_array(set);
}

/* sg_day_sum(data sg_day) -> the sum of its amounts.  22003. */
Datum
sg_day_sum(PG_FUNCTION_ARGS)
{
	Day			day;
	sg_int128	sum = 0;

	PG_GETARG_DAY(0, &day);
	for (int i = 0; i < day.shape.slots; i++)
		sum += day.amount[i];
	if (sum > PG_INT64_MAX || sum < PG_INT64_MIN)
		error_out_of_range("the sum of a day");
	PG_RETURN_INT64((int64) sum);
}

/* ---- cutting ---- */

/* Makes all slots missing but those from .. to - 1, counted from 0. */
static Datum
only_slots(Day *day, int from, int to)
{
	for (int i = 0; i < day->shape.slots; i++)
		if (i < from || i >= to)
		{
			day->amount[i] = 0;
			day->quality[i] = QUALITY_MISSING;
		}
	PG_RETURN_DAY(day);
}

/* sg_day_slice(data sg_day, from_slot integer, to_slot integer) -> the day with its other slots missing. */
Datum
sg_day_slice(PG_FUNCTION_ARGS)
{
	Day			day;
	int			from = PG_GETARG_INT32(1);
	int			to = PG_GETARG_INT32(2);

	PG_GETARG_DAY(0, &day);
	return only_slots(&day, Max(from, 1) - 1, Min(to, day.shape.slots));
}

/* sg_day_slice(data sg_day, day date, period tstzrange) -> the day, the slots missing that are not in the period as a whole. */
Datum
sg_day_slice_period(PG_FUNCTION_ARGS)
{
	Day			day;
	int			from;
	int			to;

	PG_GETARG_DAY(0, &day);
	day_in_period(&day.shape, PG_GETARG_DATEADT(1), PG_GETARG_DATUM(2), &from, &to);
	return only_slots(&day, from, to);
}

/* sg_day_unnest(data sg_day, day date) -> a row for each slot; no row if data is NULL, no start if day is. */
Datum
sg_day_unnest(PG_FUNCTION_ARGS)
{
	Day			day;
	TimestampTz times[DAY_MAX_SLOTS + 1];
	bool		dated = !PG_ARGISNULL(1);
	Datum		names[QUALITY_COUNT];
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	PG_GETARG_DAY(0, &day);
	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		names[quality] = CStringGetTextDatum(quality_name((Quality) quality));
	/* Without a date times are no more than differences. */
	day_times(&day.shape, dated ? PG_GETARG_DATEADT(1) : 0, times);
	for (int i = 0; i < day.shape.slots; i++)
	{
		Interval	resolution = {.time = times[i + 1] - times[i]};

		result_int32(&result, i + 1);
		if (dated)
			result_timestamptz(&result, times[i]);
		else
			result_null(&result);
		result_datum(&result, IntervalPGetDatum(&resolution));
		result_int64(&result, day.amount[i]);
		result_datum(&result, names[day.quality[i]]);
		result_end_row(&result);
	}
	return (Datum) 0;
}
