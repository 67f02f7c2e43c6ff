/*-------------------------------------------------------------------------
 *
 * import_wide.c
 *	  Format wide: a table with a column for each point, and a row for each time;
 *	  or, as layout "day", with a column for each slot, and a row for each point
 *	  and day.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/zone.h"
#include "metering/import_table.h"

/* Columns before those of slots in layout "day": the point, the day. */
#define DAY_LABELS		2

/* Slots of the longest day. */
#define MAX_SLOTS		300

typedef struct WideTable
{
	ImportTable table;
	bool		by_day;			/* layout "day" */
	ImportPoint *points;		/* layout "time": of each column, from the second on */
	int			minutes;		/* layout "day": length of slots */
} WideTable;

static const char *const wide_options[] = {"layout", "delimiter", "decimal", NULL};

static void
prepare_wide(Import *import)
{
	WideTable  *state = palloc0(sizeof(WideTable));
	char	   *layout = import_option_text(import, "layout");

	table_options(import, &state->table);
	if (layout != NULL && strcmp(layout, "time") != 0 && strcmp(layout, "day") != 0)
		error_option("option \"layout\" must be \"time\" or \"day\", not \"%s\"", layout);
	state->by_day = layout != NULL && strcmp(layout, "day") == 0;
	import->state = state;
}

static const Field *
field(const Import *import, int n)
{
	return &import->lines.fields[n];
}

/* SG108 if two columns are of one point. */
static void
require_different_points(const Import *import, const ImportPoint *points, int n)
{
	HTAB	   *seen = import_points_table(import, "smartgrid columns of points", sizeof(ImportPoint));

	for (int i = 0; i < n; i++)
	{
		bool		found;

		CHECK_FOR_INTERRUPTS();
		(void) hash_search(seen, &points[i], HASH_ENTER, &found);
		if (found)
			error_content(import, "two columns of its header are of point \"%s\"", import_excerpt(points[i].name, points[i].length));
	}
	hash_destroy(seen);
}

/* The points of the columns after the first one. */
static void
read_points(Import *import, WideTable *state)
{
	int			n = state->table.ncolumns - 1;
	ImportTime	time;

	if (n < 1)
		error_content(import, "its header has no column of a point");
	if (import_time(field(import, 0)->text, field(import, 0)->length, &time) == NULL)
		error_content(import, "it has no header");
	state->points = MemoryContextAllocHuge(import->context, n * sizeof(ImportPoint));
	for (int i = 0; i < n; i++)
	{
		const Field *id = field(import, i + 1);

		if (id->length == 0)
			error_content(import, "column %d of its header is of no point", i + 2);
		state->points[i] = import_point(import, id->text, id->length);
		state->points[i].name = import_keep(import, state->points[i].name, state->points[i].length);
	}
	require_different_points(import, state->points, n);
}

/* *quality: that whose letter ends a number, which is cut off then, as in 0.25e; else measured. */
static size_t
cut_quality(const Field *field, Quality *quality)
{
	size_t		length = field->length;

	*quality = QUALITY_MEASURED;
	if (length < 2 || field->text[length - 2] < '0' || field->text[length - 2] > '9')
		return length;
	if (!quality_of_letter(field->text[length - 1], quality))
		return length;
	if (*quality != QUALITY_MISSING)
		return length - 1;
	*quality = QUALITY_MEASURED;
	return length;
}

/* *value, *quality: what a field says.  SG108, SG104 if it says nothing such. */
static Refusal *
read_field(const WideTable *state, const Field *field, LoadValue *value, Quality *quality)
{
	size_t		length = cut_quality(field, quality);

	return import_kwh(field->text, length, state->table.decimal, IMPORT_KWH, value);
}

/* A row of layout "time": what each point measured in a slot.  Where a field is empty nothing is said. */
static void
take_time_row(Import *import, const WideTable *state)
{
	int64		line = import->lines.line;
	ImportTime	time;
	Refusal    *refusal = import_time(field(import, 0)->text, field(import, 0)->length, &time);

	if (refusal != NULL)
	{
		import_refuse(import, line, NULL, refusal);
		return;
	}
	for (int i = 1; i < state->table.ncolumns; i++)
	{
		ImportPoint point = state->points[i - 1];
		LoadValue	value;
		Quality		quality;

		CHECK_FOR_INTERRUPTS();
		if (field(import, i)->length == 0)
			import_reading(import, line, point, &time, 0, NULL, QUALITY_MISSING);
		else if ((refusal = read_field(state, field(import, i), &value, &quality)) != NULL)
			import_refuse_reading(import, line, point, &time, refusal);
		else
			import_reading(import, line, point, &time, 0, &value, quality);
	}
}

/* The length of slots of which a day has so many, one of 23 to 25 hours.  Raises SG108 if there is none. */
static int
minutes_of_slots(const Import *import, int n)
{
	static const int lengths[] = {5, 15, 30, 60};

	for (int i = 0; i < (int) lengthof(lengths); i++)
	{
		int			minutes = n * lengths[i];

		if (minutes >= 23 * MINS_PER_HOUR && minutes <= 25 * MINS_PER_HOUR)
			return lengths[i];
	}
	error_content(import, "its header has %d columns after point and day: a day has 24 slots (23, 25), 48 (46, 50), 96 (92, 100) or 288 (276, 300)",
				  Max(n, 0));
}

/* The header of layout "day". */
static void
read_slots(Import *import, WideTable *state)
{
	int			day;

	if (import->lines.nfields >= DAY_LABELS && import_date(field(import, 1)->text, field(import, 1)->length, &day))
		error_content(import, "it has no header");
	state->minutes = minutes_of_slots(import, state->table.ncolumns - DAY_LABELS);
}

/* *start, *n: of the day of the row.  SG108 if it is none. */
static Refusal *
read_day(const Import *import, const WideTable *state, TimestampTz *start, int *n)
{
	const Field *date = field(import, 1);
	int64		length;
	int			day;

	if (!import_date(date->text, date->length, &day))
		return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no date as 2026-03-29", import_excerpt(date->text, date->length));
	*start = zone_midnight(day, import->zone);
	length = zone_midnight(day + 1, import->zone) - *start;
	if (length % (state->minutes * USECS_PER_MINUTE) != 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "%.*s in %s has no whole number of slots of %d minutes", (int) date->length, date->text,
					  pg_get_timezone_name(import->zone), state->minutes);
	*n = (int) (length / (state->minutes * USECS_PER_MINUTE));
	return NULL;
}

/* The n values of the row, and their qualities.  SG108, SG104 unless there are just so many. */
static Refusal *
read_values(const Import *import, const WideTable *state, int n, LoadValue *values, Quality *qualities)
{
	int			filled = lines_filled_fields(&import->lines) - DAY_LABELS;

	if (filled != n)
		return refuse(ERRCODE_SG_INVALID_INPUT, "%.*s has %d slots of %d minutes in %s, the row %d values",
					  (int) field(import, 1)->length, field(import, 1)->text, n, state->minutes, pg_get_timezone_name(import->zone), filled);
	for (int i = 0; i < n; i++)
	{
		Refusal    *refusal = read_field(state, field(import, DAY_LABELS + i), &values[i], &qualities[i]);

		if (refusal != NULL)
			return refuse(refusal->sqlstate, "value %d: %s", i + 1, refusal->message);
	}
	return NULL;
}

/* A row of layout "day": what a point measured in the slots of a day, all or nothing. */
static void
take_day_row(Import *import, const WideTable *state)
{
	int64		line = import->lines.line;
	ImportPoint point;
	LoadValue	values[MAX_SLOTS];
	Quality		qualities[MAX_SLOTS];
	TimestampTz start = 0;
	int			n = 0;
	Refusal    *refusal;

	if (import->lines.nfields < DAY_LABELS)
	{
		import_refuse(import, line, NULL, refuse(ERRCODE_SG_INVALID_INPUT, "the row has neither point nor day"));
		return;
	}
	point = import_point(import, field(import, 0)->text, field(import, 0)->length);
	refusal = read_day(import, state, &start, &n);
	if (refusal == NULL && n > MAX_SLOTS)
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "the day is longer than 25 hours");
	if (refusal == NULL)
		refusal = read_values(import, state, n, values, qualities);
	if (refusal != NULL)
	{
		import_refuse(import, line, &point, refusal);
		return;
	}
	for (int i = 0; i < n; i++)
		import_interval(import, line, point, start + i * state->minutes * USECS_PER_MINUTE, state->minutes, &values[i], qualities[i]);
}

static void
take_row(Import *import, const WideTable *state)
{
	Refusal    *refusal = NULL;

	if (state->by_day)
	{
		take_day_row(import, state);
		return;
	}
	refusal = table_refuse_length(import, &state->table);
	if (refusal != NULL)
		import_refuse(import, import->lines.line, NULL, refusal);
	else
		take_time_row(import, state);
}

static void
read_wide(Import *import)
{
	WideTable  *state = import->state;
	Refusal    *refusal;

	table_header(import, &state->table);
	if (state->by_day)
		read_slots(import, state);
	else
		read_points(import, state);
	while (table_next_row(import, &state->table, &refusal))
		if (refusal != NULL)
			import_refuse(import, import->lines.line, NULL, refusal);
		else
			take_row(import, state);
}

const ImportFormat import_wide = {
	.name = "wide", .options = wide_options, .prepare = prepare_wide, .read = read_wide
};
