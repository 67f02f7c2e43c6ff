/*-------------------------------------------------------------------------
 *
 * import_table.c
 *	  What formats have in common that are tables: options "delimiter" and
 *	  "decimal", a header, and rows that have as many fields as it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/import_table.h"

/* The delimiter: one character that is in no number, time or quote. */
static char
delimiter_of(const char *text)
{
	if (strlen(text) != 1 || IS_HIGHBIT_SET(text[0]) || strchr(",;|\t:~^!#&", text[0]) == NULL)
		error_option("option \"delimiter\" must be one of , ; | : ~ ^ ! # & or a tabulator, not \"%s\"", text);
	return text[0];
}

/* Reads the options that all tables have.  SG108 if one is none. */
void
table_options(const Import *import, ImportTable *table)
{
	char	   *delimiter = import_option_text(import, "delimiter");
	char	   *decimal = import_option_text(import, "decimal");

	table->delimiter = delimiter ? delimiter_of(delimiter) : ',';
	table->decimal = '.';
	if (decimal == NULL)
		return;
	if (strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0)
		error_option("option \"decimal\" must be \".\" or \",\", not \"%s\"", decimal);
	table->decimal = decimal[0];
}

/* Goes to the next row, and divides it into fields; false if there is none.  *refusal: SG108 if it cannot be divided. */
bool
table_next_row(Import *import, const ImportTable *table, Refusal **refusal)
{
	do
	{
		if (!import_next_line(import))
			return false;
		*refusal = import_split(import, table->delimiter);
	} while (*refusal == NULL && lines_filled_fields(&import->lines) == 0);
	return true;
}

/* Goes to the header, the first row.  Raises SG108 if there is none. */
void
table_header(Import *import, ImportTable *table)
{
	Refusal    *refusal;

	if (!table_next_row(import, table, &refusal))
		error_content(import, "it is empty");
	if (refusal != NULL)
		error_content(import, "its header: %s", refusal->message);
	table->ncolumns = lines_filled_fields(&import->lines);
}

/* The column of a name, in letters of either case, from 0; -1 if there is none.  Raises SG108 if there are two. */
int
table_find_column(const Import *import, const char *name)
{
	int			found = -1;

	for (int i = 0; i < import->lines.nfields; i++)
	{
		if (!field_is(&import->lines.fields[i], name))
			continue;
		if (found >= 0)
			error_content(import, "its header has two columns \"%s\"", name);
		found = i;
	}
	return found;
}

/* The same of a column that there must be: SG108. */
int
table_column(const Import *import, const char *name)
{
	int			column = table_find_column(import, name);

	if (column < 0)
		error_content(import, "its header has no column \"%s\"", name);
	return column;
}

/* SG108 unless the row has as many fields as the header, or only empty ones more. */
Refusal *
table_refuse_length(const Import *import, const ImportTable *table)
{
	if (import->lines.nfields >= table->ncolumns && lines_filled_fields(&import->lines) <= table->ncolumns)
		return NULL;
	return refuse(ERRCODE_SG_INVALID_INPUT, "the row has %d fields, the header %d", import->lines.nfields, table->ncolumns);
}
