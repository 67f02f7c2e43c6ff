/*-------------------------------------------------------------------------
 *
 * import_eda.c
 *	  Importing reports of Austrian grid operators (EDA).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/errors.h"
#include "metering/import_eda.h"

/* ---- a value ---- */

static const Field *
field(const Import *import, int n)
{
	return &import->lines.fields[n];
}

/* The length of a number without the decimals that are too many for any: spreadsheets write more than they know. */
static size_t
length_of_number(const Field *number)
{
	size_t		length = number->length;

	for (size_t i = 0; i < length; i++)
		if ((number->text[i] == '.' || number->text[i] == ',') && memchr(number->text, 'E', length) == NULL)
			return Min(length, i + 1 + LOAD_KWH_DECIMALS);
	return length;
}

static Refusal *
read_kwh(const Import *import, const EdaTable *table, const EdaColumn *column, LoadValue *value)
{
	const Field *written = field(import, column->value);
	char		decimal = table->decimal;

	if (decimal == '\0')
		decimal = memchr(written->text, ',', written->length) != NULL ? ',' : '.';
	return import_kwh(written->text, length_of_number(written), decimal, IMPORT_KWH, value);
}

/* *quality: L1 was measured, L2 computed in its place, L3 estimated; nothing: measured. */
static Refusal *
read_quality(const Import *import, const EdaColumn *column, Quality *quality)
{
	static const struct
	{
		const char *name;
		Quality		quality;
	}			known[] = {
		{"", QUALITY_MEASURED}, {"L1", QUALITY_MEASURED}, {"L2", QUALITY_SUBSTITUTED}, {"L3", QUALITY_ESTIMATED}
	};
	const Field *written = field(import, column->quality);

	*quality = QUALITY_MEASURED;
	if (column->quality == EDA_NO_COLUMN || column->quality >= import->lines.nfields)
		return NULL;
	for (int i = 0; i < (int) lengthof(known); i++)
		if (field_is(written, known[i].name))
		{
			*quality = known[i].quality;
			return NULL;
		}
	return refuse(ERRCODE_SG_INVALID_INPUT, "quality \"%s\" is none of L1, L2 and L3", import_excerpt(written->text, written->length));
}

static bool
fields_equal(const Field *one, const Field *other)
{
	return one->length == other->length && memcmp(one->text, other->text, one->length) == 0;
}

/*
 * *found: the column of a role, of those of a point, that has a value in the
 * row; NULL if none has one.  SG105 if two have different ones.
 */
static Refusal *
find_value(const Import *import, const EdaColumn *columns, int n, EdaRole role, const EdaColumn **found)
{
	*found = NULL;
	for (int i = 0; i < n; i++)
	{
		const EdaColumn *column = &columns[i];

		if (column->role != role || field(import, column->value)->length == 0)
			continue;
		if (*found != NULL && !fields_equal(field(import, column->value), field(import, (*found)->value)))
			return refuse(ERRCODE_SG_ALREADY_EXISTS, "columns %d and %d have different values of the point",
						  (*found)->value + 1, column->value + 1);
		if (*found == NULL)
			*found = column;
	}
	return NULL;
}

/* ---- a row ---- */

/* Says, once for each producer, that it has a surplus above its production. */
static void
warn_of_surplus(Import *import, const EdaTable *table, EdaPoint *point, const EdaColumn *columns, int n, const LoadValue *produced)
{
	const EdaColumn *column;
	LoadValue	surplus;

	if (point->warned || !point->has[EDA_SURPLUS] ||
		find_value(import, columns, n, EDA_SURPLUS, &column) != NULL || column == NULL ||
		read_kwh(import, table, column, &surplus) != NULL || surplus.kwh <= produced->kwh)
		return;
	point->warned = true;
	import_warn(import, import->lines.line,
				psprintf("point \"%.*s\" has a surplus above its production: are columns swapped? The option \"columns\" says which are which",
						 (int) point->point.length, point->point.name));
}

/* Hands over what a point measured, of the row at a time, of which these are its columns. */
static void
take_point(Import *import, const EdaTable *table, EdaPoint *point, const EdaColumn *columns, int n, const ImportTime *time)
{
	const EdaColumn *column;
	LoadValue	value;
	Quality		quality = QUALITY_MEASURED;
	Refusal    *refusal = find_value(import, columns, n, table->role, &column);

	if (refusal == NULL && column == NULL)
	{
		import_reading(import, import->lines.line, point->point, time, EDA_MINUTES, NULL, QUALITY_MISSING);
		return;
	}
	if (refusal == NULL)
		refusal = read_kwh(import, table, column, &value);
	if (refusal == NULL)
		refusal = read_quality(import, column, &quality);
	if (refusal != NULL)
	{
		import_refuse_reading(import, import->lines.line, point->point, time, refusal);
		return;
	}
	if (table->role == EDA_MEASURED)
	{
		warn_of_surplus(import, table, point, columns, n, &value);
		import_turn(import, &point->flow, &value);
	}
	import_reading(import, import->lines.line, point->point, time, EDA_MINUTES, &value, quality);
}

/* The number of columns that are of the same point as the first one. */
static int
columns_of_point(const EdaColumn *columns, int n)
{
	int			same = 1;

	while (same < n && columns[same].point == columns[0].point)
		same++;
	return same;
}

/* Refuses a row, whose time counts for all points. */
static void
refuse_row(Import *import, const EdaTable *table, const ImportTime *time, Refusal *refusal)
{
	for (int i = 0; i < table->npoints; i++)
		import_reading(import, import->lines.line, table->points[i].point, time, EDA_MINUTES, NULL, QUALITY_MISSING);
	import_refuse(import, import->lines.line, NULL, refusal);
}

/* Takes a row that has a time; a row that has not as many fields as the header is refused as a whole. */
static void
take_values(Import *import, EdaTable *table, const ImportTime *time)
{
	int			n;

	if (import->lines.nfields < table->least || lines_filled_fields(&import->lines) > table->width)
	{
		refuse_row(import, table, time,
				   refuse(ERRCODE_SG_INVALID_INPUT, "the row has %d fields, the header %d", lines_filled_fields(&import->lines), table->least));
		return;
	}
	for (int i = 0; i < table->ncolumns; i += n)
	{
		EdaPoint   *point = &table->points[table->columns[i].point];

		n = columns_of_point(&table->columns[i], table->ncolumns - i);
		table->current = point;
		if (!point->refused)
			take_point(import, table, point, &table->columns[i], n, time);
		CHECK_FOR_INTERRUPTS();
	}
}

/* Takes a row that follows the header; one without a time is refused. */
void
eda_take_row(Import *import, EdaTable *table)
{
	Refusal    *refusal = import_split(import, table->delimiter);
	ImportTime	time;

	if (refusal == NULL && lines_filled_fields(&import->lines) == 0)
		return;
	if (refusal == NULL && eda_read_time(field(import, 0), &time))
	{
		take_values(import, table, &time);
		return;
	}
	if (refusal == NULL)
		refusal = refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no time as 29.03.2026 02:15:00",
						 import_excerpt(field(import, 0)->text, field(import, 0)->length));
	import_refuse(import, import->lines.line, NULL, refusal);
}

static void
read_eda(Import *import)
{
	EdaTable   *table = import->state;

	eda_begin_comparing(table);
	eda_read_header(import, table);
	if (table->first_line == 0)
		return;
	do
		eda_take_row(import, table);
	while (import_next_line(import));
}

const ImportFormat import_eda = {
	.name = "eda", .options = eda_options, .prepare = eda_prepare, .read = read_eda, .compare = eda_compare, .says_direction = true
};
