/*-------------------------------------------------------------------------
 *
 * import_long.c
 *	  Format long: a table with a row for each reading.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/import_table.h"

typedef struct LongTable
{
	ImportTable table;
	const char *names[4];		/* of the columns: option "columns" */
	char	   *point_name;		/* option "point": of all rows; NULL: the column says */
	int			point;
	int			start;
	int			kwh;
	int			quality;		/* -1: there is no such column, and all are measured */
} LongTable;

static const char *const long_options[] = {"columns", "delimiter", "decimal", "point", NULL};

/* Members of option "columns". */
static const char *const columns[] = {"point", "start", "kwh", "quality", NULL};

enum
{
	COLUMN_POINT,
	COLUMN_START,
	COLUMN_KWH,
	COLUMN_QUALITY
};

static void
prepare_long(Import *import)
{
	LongTable  *state = palloc0(sizeof(LongTable));
	JsonbContainer *object = import_option_object(import, "columns");

	table_options(import, &state->table);
	state->point_name = import_option_text(import, "point");
	for (int i = 0; columns[i] != NULL; i++)
		state->names[i] = columns[i];
	import->state = state;
	if (object == NULL)
		return;
	import_require_members(object, "columns", columns);
	for (int i = 0; columns[i] != NULL; i++)
	{
		char	   *name = import_member_text(object, "columns", columns[i]);

		if (name != NULL)
			state->names[i] = name;
	}
}

static void
read_header(Import *import, LongTable *state)
{
	table_header(import, &state->table);
	state->point = state->point_name ? -1 : table_column(import, state->names[COLUMN_POINT]);
	state->start = table_column(import, state->names[COLUMN_START]);
	state->kwh = table_column(import, state->names[COLUMN_KWH]);
	state->quality = table_find_column(import, state->names[COLUMN_QUALITY]);
}

static ImportPoint
point_of(const Import *import, const LongTable *state)
{
	const Field *field;

	if (state->point_name)
		return (ImportPoint) {state->point_name, strlen(state->point_name)};
	field = &import->lines.fields[state->point];
	return import_point(import, field->text, field->length);
}

/* *quality: what the row says; measured, if that is nothing.  SG108 if it is none. */
static Refusal *
read_quality(const Import *import, const LongTable *state, Quality *quality)
{
	const Field *field;

	*quality = QUALITY_MEASURED;
	if (state->quality < 0)
		return NULL;
	field = &import->lines.fields[state->quality];
	if (field->length == 0 || quality_of_name(field->text, field->length, quality))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "unknown quality \"%s\"", import_excerpt(field->text, field->length));
}

/* *value, *quality: those of the row.  SG108, SG104 if there is something wrong with them. */
static Refusal *
read_value(const Import *import, const LongTable *state, LoadValue *value, Quality *quality)
{
	const Field *field = &import->lines.fields[state->kwh];
	Refusal    *refusal = read_quality(import, state, quality);

	if (refusal != NULL)
		return refusal;
	if (field->length == 0 && *quality == QUALITY_MISSING)
	{
		value->form = VALUE_MISSING;
		return NULL;
	}
	return import_kwh(field->text, field->length, state->table.decimal, IMPORT_KWH, value);
}

static void
take_row(Import *import, const LongTable *state)
{
	int64		line = import->lines.line;
	ImportPoint point = point_of(import, state);
	const Field *start = &import->lines.fields[state->start];
	ImportTime	time;
	LoadValue	value;
	Quality		quality;
	Refusal    *refusal = import_time(start->text, start->length, &time);

	if (refusal != NULL)
	{
		import_refuse(import, line, &point, refusal);
		return;
	}
	refusal = read_value(import, state, &value, &quality);
	if (refusal != NULL)
		import_refuse_reading(import, line, point, &time, refusal);
	else
		import_reading(import, line, point, &time, 0, &value, quality);
}

static void
read_long(Import *import)
{
	LongTable  *state = import->state;
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

const ImportFormat import_long = {
	.name = "long", .options = long_options, .prepare = prepare_long, .read = read_long
};
