/*-------------------------------------------------------------------------
 *
 * load_days.c
 *	  Posting whole local days: a line of amounts for each point and day.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "grid/zone.h"
#include "metering/day_codec.h"
#include "metering/load_arguments.h"
#include "metering/load_state.h"
#include "metering/slot.h"

PG_FUNCTION_INFO_V1(sg_post_days);

/* The values of a line. */
typedef struct DayLine
{
	int			n;
	LoadValue	values[DAY_MAX_SLOTS];
	Quality		qualities[DAY_MAX_SLOTS];
} DayLine;

/* A field of a line as energy units; an empty one is missing.  22P02, 22003. */
static Refusal *
read_amount(const char *field, size_t length, LoadValue *value)
{
	char		text[24];

	value->form = length == 0 ? VALUE_MISSING : VALUE_UNITS;
	if (length == 0)
		return NULL;
	if (length >= sizeof(text))
		return refuse(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%s\" is no amount of energy units",
					  load_excerpt(field, length, LOAD_EXCERPT_BYTES));
	memcpy(text, field, length);
	text[length] = '\0';
	switch (number_whole_of_text(text, &value->units))
	{
		case NUMBER_IS_WHOLE:
			return NULL;
		case NUMBER_IS_BEYOND_BIGINT:
			return refuse(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%s\" is no amount of energy units", text);
		default:
			return refuse(ERRCODE_INVALID_TEXT_REPRESENTATION, "\"%s\" is not a whole number of energy units", text);
	}
}

/* Splits a line at its commas; *n is how many fields it has.  Fields beyond those of any day are only counted. */
static Refusal *
read_amounts(text *amounts, DayLine *line)
{
	const char *next = VARDATA_ANY(amounts);
	const char *end = next + VARSIZE_ANY_EXHDR(amounts);

	line->n = 0;
	for (;;)
	{
		const char *comma = memchr(next, ',', end - next);
		const char *stop = comma ? comma : end;

		if (line->n < DAY_MAX_SLOTS)
		{
			Refusal    *refusal = read_amount(next, stop - next, &line->values[line->n]);

			if (refusal != NULL)
				return refusal;
			line->qualities[line->n] = line->values[line->n].form == VALUE_MISSING ? QUALITY_MISSING : QUALITY_MEASURED;
		}
		line->n++;
		if (comma == NULL)
			return NULL;
		next = comma + 1;
	}
}

/* The qualities of a line: one for all values that are there, or one for each field.  SG108. */
static Refusal *
read_qualities(text *qualities, DayLine *line)
{
	const char *next = VARDATA_ANY(qualities);
	const char *end = next + VARSIZE_ANY_EXHDR(qualities);
	Quality		quality;
	Refusal    *refusal;
	int			n = 0;

	if (memchr(next, ',', end - next) == NULL)
	{
		refusal = load_quality_of(next, end - next, &quality);
		for (int i = 0; i < line->n && refusal == NULL; i++)
			if (line->values[i].form != VALUE_MISSING)
				line->qualities[i] = quality;
		return refusal;
	}
	for (;; n++)
	{
		const char *comma = memchr(next, ',', end - next);

		if (n == line->n)
			return refuse(ERRCODE_SG_INVALID_INPUT, "a line has more qualities than amounts");
		refusal = load_quality_of(next, (comma ? comma : end) - next, &line->qualities[n]);
		if (refusal != NULL)
			return refusal;
		if (comma == NULL)
			break;
		next = comma + 1;
	}
	if (n + 1 != line->n)
		return refuse(ERRCODE_SG_INVALID_INPUT, "a line has %d amounts and %d qualities", line->n, n + 1);
	return NULL;
}

/* How many slots a point has on a local day; SG101 if there is no such point, or not then. */
static Refusal *
find_slots(Load *load, text *name, const DayFrame *frame, int *minutes, int *slots)
{
	LoadPoint  *point = load_find_point(load, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), 0);
	const LoadPeriod *period;
	Refusal    *refusal;

	if (point == NULL)
		return refuse_unknown_point(load, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	period = load_point_on(point, frame);
	if (period == NULL)
		return refuse(ERRCODE_SG_NOT_FOUND, "there is no metering point \"%s\" on %s", point->name, load_day_name(frame->date));
	refusal = refuse_frame(load, frame, period->minutes);
	if (refusal != NULL)
		return refusal;
	*minutes = period->minutes;
	*slots = (int) ((frame->ends - frame->starts) / (period->minutes * USECS_PER_MINUTE));
	return NULL;
}

/* Does a line say nothing of a slot?  It has no amount for it, and the load takes no values away. */
static bool
is_blank(const Load *load, const DayLine *line, int slot)
{
	return line->values[slot].form == VALUE_MISSING && line->qualities[slot] == QUALITY_MISSING && !load_replaces_any(load);
}

/* Loads a line; as a whole or not at all if it is not one of that day. */
static void
load_line(Load *load, int64 ord, text *name, DateADT date, text *amounts, text *qualities)
{
	DayLine    *line = palloc(sizeof(DayLine));
	const DayFrame *frame = NULL;
	int			minutes = 0;
	int			slots = 0;
	Refusal    *refusal = NULL;

	if (DATE_NOT_FINITE(date))
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "day must be a finite date");
	if (refusal == NULL)
		refusal = refuse_beyond_calendar("day", date2timestamp_no_overflow(date));
	if (refusal == NULL)
		refusal = read_amounts(amounts, line);
	if (refusal == NULL && line->n <= DAY_MAX_SLOTS && qualities)
		refusal = read_qualities(qualities, line);
	if (refusal == NULL)
	{
		frame = load_frame_of_date(load, date);
		refusal = find_slots(load, name, frame, &minutes, &slots);
	}
	if (refusal == NULL && line->n != slots)
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "metering point \"%s\" has %d slots on %s, the line has %d amounts",
						 text_to_cstring(name), slots, load_day_name(date), line->n);
	if (refusal != NULL)
		load_refuse(load, ord, NULL, refusal);
	else
		for (int i = 0; i < slots; i++)
			if (!is_blank(load, line, i))
				load_interval(load, ord, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name),
							  frame->starts + i * minutes * USECS_PER_MINUTE, minutes, &line->values[i], line->qualities[i]);
	pfree(line);
}

/*
 * sg_post_days(points, days, amounts, qualities, label, replace_with,
 * accept_spikes, round) -> the lines, and the slots of them, that were refused:
 * position of the line from 1, SQLSTATE, message.  amounts: of a local day those
 * of all slots in energy units, separated by commas, empty where missing;
 * qualities: of a line one for all, or one for each slot.  For gateways and
 * operators.
 *
 * Checks and locks: as sg_post_intervals(); of a line, SG108 another number of
 * amounts than the day has slots, 22P02 no number.
 */
Datum
sg_post_days(PG_FUNCTION_ARGS)
{
	Call		call;
	Datum	   *points;
	Datum	   *days;
	Datum	   *amounts;
	Datum	   *qualities = NULL;
	bool	   *quality_is_null = NULL;
	int			n;
	int			ndays;
	int			namounts;
	int			nqualities;
	LoadOptions options = {.source = "days"};
	Load	   *load;

	call_begin(&call, fcinfo, "sg_post_days");
	arg_array(fcinfo, 0, "points", TEXTOID, &points, NULL, &n);
	arg_array(fcinfo, 1, "days", DATEOID, &days, NULL, &ndays);
	arg_array(fcinfo, 2, "amounts", TEXTOID, &amounts, NULL, &namounts);
	nqualities = n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "qualities", TEXTOID, &qualities, &quality_is_null, &nqualities);
	arg_require_same_length((const char *const[]) {"points", "days", "amounts", "qualities"}, (const int[]) {n, ndays, namounts, nqualities}, 4);
	load_read_options(fcinfo, 4, &options);
	if (!load_act(&call))
		return call_answer(&call);
	load = load_begin(&call, fcinfo, &options);
	load_points_prefetch(points, n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		load_line(load, i + 1, DatumGetTextPP(points[i]), DatumGetDateADT(days[i]), DatumGetTextPP(amounts[i]),
				  qualities && !quality_is_null[i] ? DatumGetTextPP(qualities[i]) : NULL);
	}
	(void) load_end(load);
	return call_end(&call, (Datum) 0);
}
