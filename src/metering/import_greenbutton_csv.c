/*-------------------------------------------------------------------------
 *
 * import_greenbutton_csv.c
 *	  Format greenbutton_csv: what utilities in North America let their customers
 *	  download as a table.
 *
 *	  Account Number,1234567890
 *
 *	  TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES
 *	  Electric usage,2026-03-01,00:00,00:14,0.12,kWh,$0.02,
 *
 * The last minute of an interval is a part of it.  Usage below 0 is an export.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/import_direction.h"
#include "metering/import_table.h"
#include "metering/point_rows.h"

typedef struct GreenButton
{
	ImportTable table;
	bool		has_point;
	ImportPoint point;			/* option "point", else the account of the preamble */
	ImportPoint export_point;	/* option; an empty one: there is none */
	PointKind	kind;			/* of which the point is made */
	PointKind	export_kind;	/* and that of exports */
	int			date;			/* columns */
	int			start;
	int			end;
	int			usage;
	int			units;
} GreenButton;

static const char *const greenbutton_options[] = {"point", "export_point", NULL};

static void
prepare_greenbutton(Import *import)
{
	GreenButton *state = palloc0(sizeof(GreenButton));
	char	   *point = import_option_text(import, "point");
	char	   *export_point = import_option_text(import, "export_point");

	state->table = (ImportTable) {.delimiter = ',', .decimal = '.'};
	state->has_point = point != NULL;
	if (point != NULL)
		state->point = (ImportPoint) {point, strlen(point)};
	if (export_point != NULL)
		state->export_point = (ImportPoint) {export_point, strlen(export_point)};
	import->state = state;
}

static const Field *
field(const Import *import, int n)
{
	return &import->lines.fields[n];
}

/* A line of the preamble: it may say whose readings they are. */
static void
take_preamble(Import *import, GreenButton *state)
{
	const Field *account;

	if (state->has_point || import->lines.nfields < 2 || !field_is(field(import, 0), "Account Number"))
		return;
	account = field(import, 1);
	state->has_point = true;
	state->point = import_point(import, account->text, account->length);
	state->point.name = import_keep(import, state->point.name, state->point.length);
}

/* The kind of which a point is made that has this direction. */
static PointKind
kind_of(const Import *import, const ImportPoint *point, ImportDirection direction)
{
	static const ImportPoint none = {"", 0};
	ImportFlow	flow;

	(void) import_flow(import, point->length > 0 ? point : &none, direction, &flow);
	return flow.kind;
}

/* Goes to the header, after the preamble.  Raises SG108 if there is none. */
static void
read_header(Import *import, GreenButton *state)
{
	Refusal    *refusal;

	do
	{
		if (!table_next_row(import, &state->table, &refusal))
			error_content(import, "it has no line TYPE,DATE,START TIME,END TIME,USAGE,UNITS");
		if (refusal == NULL && !field_is(field(import, 0), "TYPE"))
			take_preamble(import, state);
	} while (refusal != NULL || !field_is(field(import, 0), "TYPE"));
	state->table.ncolumns = lines_filled_fields(&import->lines);
	state->date = table_column(import, "DATE");
	state->start = table_column(import, "START TIME");
	state->end = table_column(import, "END TIME");
	state->usage = table_column(import, "USAGE");
	state->units = table_column(import, "UNITS");
	if (!state->has_point)
		error_content(import, "it does not say which point it is of: give option \"point\"");
	state->kind = kind_of(import, &state->point, FROM_GRID);
	state->export_kind = kind_of(import, &state->export_point, INTO_GRID);
}

/* *day: a date as 2026-03-29, or as 3/29/2026; false if it is none. */
static bool
read_date(const Field *written, int *day)
{
	char		text[16];
	int			month;
	int			date;
	int			year;
	int			end = 0;

	if (import_date(written->text, written->length, day))
		return true;
	if (written->length >= sizeof(text))
		return false;
	memcpy(text, written->text, written->length);
	text[written->length] = '\0';
	if (sscanf(text, "%2d/%2d/%4d%n", &month, &date, &year, &end) != 3 || text[end] != '\0')
		return false;
	return import_date(psprintf("%04d-%02d-%02d", year, month, date), 10, day);
}

/* *start, *minutes: of the interval of the row.  SG108 if it is none. */
static Refusal *
read_interval(const Import *import, const GreenButton *state, ImportTime *start, int *minutes)
{
	const Field *date = field(import, state->date);
	const Field *first = field(import, state->start);
	const Field *last = field(import, state->end);
	int64		from;
	int64		to;
	int			day;

	if (!read_date(date, &day))
		return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no date as 2026-03-29 or 3/29/2026", import_excerpt(date->text, date->length));
	if (!import_clock(first->text, first->length, &from) || !import_clock(last->text, last->length, &to))
		return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" to \"%s\" are no times as 00:00 to 00:14",
					  import_excerpt(first->text, first->length), import_excerpt(last->text, last->length));
	*minutes = (int) ((to - from) / USECS_PER_MINUTE) + 1;
	if (from % USECS_PER_MINUTE != 0 || to % USECS_PER_MINUTE != 0 ||
		(*minutes != 5 && *minutes != 15 && *minutes != 30 && *minutes != 60))
		return refuse(ERRCODE_SG_INVALID_INPUT, "%.*s to %.*s are not 5, 15, 30 or 60 minutes, the last one included",
					  (int) first->length, first->text, (int) last->length, last->text);
	*start = (ImportTime) {.is_moment = false, .at = import_label(day, from)};
	return NULL;
}

/* *power: that of the row's unit; SG108 if it is none of energy. */
static Refusal *
read_unit(const Import *import, const GreenButton *state, int *power)
{
	const Field *unit = field(import, state->units);

	if (import_unit(unit->text, unit->length, power))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "unit \"%s\" is not Wh, kWh or MWh", import_excerpt(unit->text, unit->length));
}

/* *value: the usage of the row, exact; it is below 0 if it is an export.  SG108, SG104 if there is something wrong with it. */
static Refusal *
read_usage(const Import *import, const GreenButton *state, int power, LoadValue *value)
{
	const Field *usage = field(import, state->usage);
	Refusal    *refusal = import_kwh(usage->text, usage->length, '.', power, value);

	if (refusal == NULL && value->kwh < 0 && state->export_point.length == 0)
		return refuse(ERRCODE_SG_INVALID_INPUT, "usage %.*s is an export: give option \"export_point\"", (int) usage->length, usage->text);
	return refusal;
}

/* Hands over what the row says of one of two points.  The label counts for the other, too: clocks showed it to both. */
static void
take_usage(Import *import, const GreenButton *state, const ImportTime *start, int minutes, LoadValue *value)
{
	int64		line = import->lines.line;
	bool		is_export = value->kwh < 0;

	if (is_export)
		value->kwh = -value->kwh;
	load_make_of_kind(import->load, point_kind_name(state->kind));
	import_reading(import, line, state->point, start, minutes, is_export ? NULL : value, QUALITY_MEASURED);
	load_make_of_kind(import->load, point_kind_name(state->export_kind));
	if (state->export_point.length > 0)
		import_reading(import, line, state->export_point, start, minutes, is_export ? value : NULL, QUALITY_MEASURED);
}

static void
take_row(Import *import, const GreenButton *state)
{
	int64		line = import->lines.line;
	ImportTime	start;
	int			minutes = 0;
	int			power = 0;
	LoadValue	value;
	Refusal    *refusal = read_unit(import, state, &power);

	if (refusal == NULL)
		refusal = read_interval(import, state, &start, &minutes);
	if (refusal != NULL)
	{
		import_refuse(import, line, &state->point, refusal);
		return;
	}
	refusal = read_usage(import, state, power, &value);
	if (refusal != NULL)
		import_refuse_reading(import, line, state->point, &start, refusal);
	else
		take_usage(import, state, &start, minutes, &value);
}

static void
read_greenbutton(Import *import)
{
	GreenButton *state = import->state;
	Refusal    *refusal;

	read_header(import, state);
	while (table_next_row(import, &state->table, &refusal))
	{
		if (refusal == NULL)
			refusal = table_refuse_length(import, &state->table);
		if (refusal != NULL)
			import_refuse(import, import->lines.line, NULL, refusal);
		else
			take_row(import, state);
	}
}

const ImportFormat import_greenbutton_csv = {
	.name = "greenbutton_csv", .options = greenbutton_options, .prepare = prepare_greenbutton, .read = read_greenbutton,
	.says_direction = true
};
