/*-------------------------------------------------------------------------
 *
 * import_eda_header.c
 *	  The header of a report of format eda: points and their columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "base/errors.h"
#include "metering/import_eda.h"

/* The day before day 1 of spreadsheets, which take 1900 for a leap year. */
#define SHEET_YEAR		1899
#define SHEET_MONTH		12
#define SHEET_DAY		30

/* Of a time as spreadsheets keep it, digits. */
#define MAX_SHEET_TIME	31

static const char *const labels[EDA_ROWS] = {
	[EDA_ROW_POINT] = "MeteringpointID",
	[EDA_ROW_DIRECTION] = "Energy direction",
	[EDA_ROW_CODE] = "Metercode"
};

static const char *const directions[] = {
	[FROM_GRID] = "CONSUMPTION",
	[INTO_GRID] = "GENERATION"
};

/* A point of the file, and its number in the table. */
typedef struct KnownPoint
{
	ImportPoint id;				/* the key */
	int			number;
} KnownPoint;

/* ---- times ---- */

/* *time: what a spreadsheet keeps as days since its day 0, to the minute; false if it is no number. */
static bool
read_sheet_time(const Field *field, ImportTime *time)
{
	char		text[MAX_SHEET_TIME + 1];
	char	   *end;
	int64		minutes;
	double		days;

	if (field->length == 0 || field->length > MAX_SHEET_TIME)
		return false;
	for (size_t i = 0; i < field->length; i++)
		if ((field->text[i] < '0' || field->text[i] > '9') && field->text[i] != '.' && field->text[i] != ',')
			return false;
		else
			text[i] = field->text[i] == ',' ? '.' : field->text[i];
	text[field->length] = '\0';
	days = strtod(text, &end);
	if (*end != '\0' || days < 1 || days > 1e6)
		return false;
	minutes = (int64) rint(days * MINS_PER_HOUR * HOURS_PER_DAY);
	time->is_moment = false;
	time->at = import_label(date2j(SHEET_YEAR, SHEET_MONTH, SHEET_DAY), minutes * USECS_PER_MINUTE);
	return true;
}

/* *time: that of a row, as it is written or as spreadsheets keep it; false if it has none. */
bool
eda_read_time(const Field *field, ImportTime *time)
{
	return import_time(field->text, field->length, time) == NULL || read_sheet_time(field, time);
}

/* ---- rows ---- */

/* The delimiter that follows the first label of a line, within quotes or not; zero if there is none. */
static char
delimiter_of_line(const LineReader *lines)
{
	for (int row = 0; row < EDA_ROWS; row++)
	{
		bool		quoted = lines->length > 0 && lines->text[0] == '"';
		size_t		end = strlen(labels[row]) + (quoted ? 2 : 0);
		Field		label = {lines->text + quoted, strlen(labels[row])};

		if (lines->length > end && field_is(&label, labels[row]) && strchr(",;|\t", lines->text[end]) != NULL)
			return lines->text[end];
	}
	return '\0';
}

/* Keeps the fields of a row of the header. */
static void
keep_row(Import *import, EdaTable *table, EdaRow row)
{
	const LineReader *lines = &import->lines;
	MemoryContext outer = MemoryContextSwitchTo(import->context);

	if (table->line[row] != 0)
		error_content(import, "it has two rows %s", labels[row]);
	table->line[row] = lines->line;
	table->nfields[row] = lines_filled_fields(lines);
	table->least = Max(table->least, table->nfields[row]);
	table->width = Max(table->width, lines->nfields);
	table->fields[row] = palloc_extended(lines->nfields * sizeof(Field), MCXT_ALLOC_HUGE);
	for (int i = 0; i < lines->nfields; i++)
		table->fields[row][i] = (Field) {
			import_keep(import, lines->fields[i].text, lines->fields[i].length), lines->fields[i].length
		};
	MemoryContextSwitchTo(outer);
}

/* Goes to the first row that has a time, if there is one, and keeps those of the header. */
static void
read_rows(Import *import, EdaTable *table)
{
	const LineReader *lines = &import->lines;
	ImportTime	time;

	while (import_next_line(import))
	{
		if (table->delimiter == '\0')
			table->delimiter = delimiter_of_line(lines);
		if (table->delimiter == '\0' || import_split(import, table->delimiter) != NULL)
			continue;
		for (int row = 0; row < EDA_ROWS; row++)
			if (field_is(&lines->fields[0], labels[row]))
				keep_row(import, table, (EdaRow) row);
		if (eda_read_time(&lines->fields[0], &time))
		{
			table->first_line = lines->line;
			return;
		}
	}
}

/* ---- columns ---- */

/* What a row of the header says of a column. */
static Field
header_field(const EdaTable *table, EdaRow row, int column)
{
	return column < table->nfields[row] ? table->fields[row][column] : (Field) {"", 0};
}

/* Is this no column of a point: one of qualities, or of a total? */
static bool
is_of_no_point(const EdaTable *table, int column)
{
	Field		id = header_field(table, EDA_ROW_POINT, column);

	return id.length == 0 || field_is(&id, "MM") || field_is(&id, "TOTAL");
}

/* The column with the qualities of a column of values; EDA_NO_COLUMN. */
static int
quality_column(const EdaTable *table, int column)
{
	Field		id = header_field(table, EDA_ROW_POINT, column);
	Field		next = header_field(table, EDA_ROW_POINT, column + 1);
	bool		is_of_same = next.length == id.length && memcmp(next.text, id.text, id.length) == 0;

	if (column + 1 == table->width || header_field(table, EDA_ROW_CODE, column + 1).length > 0)
		return EDA_NO_COLUMN;
	return is_of_same || is_of_no_point(table, column + 1) ? column + 1 : EDA_NO_COLUMN;
}

/* The direction of a column; false if its header has neither. */
static bool
read_direction(const EdaTable *table, int column, ImportDirection *direction)
{
	Field		field = header_field(table, EDA_ROW_DIRECTION, column);

	for (int d = 0; d < (int) lengthof(directions); d++)
		if (field_is(&field, directions[d]))
		{
			*direction = (ImportDirection) d;
			return true;
		}
	return false;
}

/* The number in the table of the point of a column, a new one if it is the first.  Raises SG108 if it had another direction. */
static int
number_of_point(Import *import, EdaTable *table, HTAB *known, int column, ImportDirection direction)
{
	Field		id = header_field(table, EDA_ROW_POINT, column);
	ImportPoint key = {id.text, id.length};
	bool		found;
	KnownPoint *entry = hash_search(known, &key, HASH_ENTER, &found);

	if (!found)
	{
		entry->number = table->npoints;
		key = import_point(import, id.text, id.length);
		table->points[table->npoints++] = (EdaPoint) {
			.point = key, .name = pnstrdup(key.name, key.length), .direction = direction
		};
	}
	else if (table->points[entry->number].direction != direction)
		error_content(import, "point \"%s\" has columns of both directions", import_excerpt(id.text, id.length));
	return entry->number;
}

/* A column of values, if it is one that is wanted; one without a direction is refused. */
static void
add_column(Import *import, EdaTable *table, HTAB *known, int column)
{
	Field		code = header_field(table, EDA_ROW_CODE, column);
	Field		id = header_field(table, EDA_ROW_POINT, column);
	ImportPoint point = import_point(import, id.text, id.length);
	ImportDirection direction;
	EdaRole		role;
	int			number;

	if (is_of_no_point(table, column) || code.length == 0)
		return;
	if (!read_direction(table, column, &direction))
	{
		import_refuse(import, table->line[EDA_ROW_DIRECTION], &point,
					  refuse(ERRCODE_SG_INVALID_INPUT, "the direction of column %d is not CONSUMPTION or GENERATION", column + 1));
		return;
	}
	role = eda_role(table, &code, direction);
	if (role == EDA_OTHER)
		return;
	number = number_of_point(import, table, known, column, direction);
	table->points[number].has[role] = true;
	table->columns[table->ncolumns++] = (EdaColumn) {number, role, column, quality_column(table, column)};
}

static int
compare_columns(const void *a, const void *b)
{
	const EdaColumn *one = a;
	const EdaColumn *other = b;

	if (one->point != other->point)
		return one->point < other->point ? -1 : 1;
	if (one->role != other->role)
		return one->role < other->role ? -1 : 1;
	return one->value < other->value ? -1 : 1;
}

static void
find_columns(Import *import, EdaTable *table)
{
	HTAB	   *known = import_points_table(import, "smartgrid points of a report", sizeof(KnownPoint));
	int			n = table->nfields[EDA_ROW_CODE];

	table->points = palloc_extended(n * sizeof(EdaPoint), MCXT_ALLOC_HUGE);
	table->columns = palloc_extended(n * sizeof(EdaColumn), MCXT_ALLOC_HUGE);
	for (int column = 1; column < n; column++)
		add_column(import, table, known, column);
	qsort(table->columns, table->ncolumns, sizeof(EdaColumn), compare_columns);
	hash_destroy(known);
}

/* Refuses, once, a point whose columns cannot be taken. */
static void
check_point(Import *import, const EdaTable *table, EdaPoint *point)
{
	int64		line = table->line[EDA_ROW_CODE];
	Refusal    *refusal;

	if (!point->has[EDA_MEASURED])
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "no column has what was measured: the option \"columns\" may say which it is");
	else
	{
		line = table->line[EDA_ROW_DIRECTION];
		refusal = import_flow(import, &point->point, point->direction, &point->flow);
	}
	point->refused = refusal != NULL;
	if (refusal != NULL)
		import_refuse(import, line, &point->point, refusal);
}

/*
 * Reads the header, and goes to the first row that has a time, if there is one.
 * Raises SG108 if it lacks a row, or has no column that is known.
 */
void
eda_read_header(Import *import, EdaTable *table)
{
	MemoryContext outer;

	read_rows(import, table);
	outer = MemoryContextSwitchTo(import->context);
	for (int row = 0; row < EDA_ROWS; row++)
		if (table->line[row] == 0)
			error_content(import, "it has no row %s before those with times", labels[row]);
	find_columns(import, table);
	if (table->ncolumns == 0)
		error_content(import, "no Metercode is known: the option \"columns\" may say which columns have what");
	for (int i = 0; i < table->npoints; i++)
		check_point(import, table, &table->points[i]);
	MemoryContextSwitchTo(outer);
}
