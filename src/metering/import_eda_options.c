/*-------------------------------------------------------------------------
 *
 * import_eda_options.c
 *	  Options of the format eda, and what columns have by their Metercode.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "metering/import_eda.h"
#include "metering/import_table.h"

const char *const eda_options[] = {"delimiter", "decimal", "columns", "compare", NULL};

/* Members of the option "columns": which column is that. */
static const struct
{
	const char *name;
	EdaRole		role;
	ImportDirection direction;
}			members[] = {
	{"consumption", EDA_MEASURED, FROM_GRID},
	{"production", EDA_MEASURED, INTO_GRID},
	{"share", EDA_SHARE, FROM_GRID},
	{"covered", EDA_COVERED, FROM_GRID},
	{"surplus", EDA_SURPLUS, INTO_GRID}
};

/* What Metercodes have in them; those of production are at times the ones of consumption. */
static const struct
{
	const char *text;
	EdaRole		role;
	bool		of_production;	/* only */
}			codes[] = {
	{"Gesamtverbrauch lt. Messung", EDA_MEASURED, false},
	{"Gesamte gemeinschaftliche Erzeugung", EDA_MEASURED, true},
	{"Anteil gemeinschaftliche Erzeugung", EDA_SHARE, false},
	{"Eigendeckung gemeinschaftliche Erzeugung", EDA_COVERED, false},
	{"berschusserzeugung, Gemeinschafts", EDA_SURPLUS, true},
	{"G.01", EDA_MEASURED, false},
	{"G.02", EDA_SHARE, false},
	{"G.03", EDA_COVERED, false},
	{"P.01", EDA_SURPLUS, true}
};

static void
read_columns(const Import *import, EdaTable *table)
{
	static const char *const names[] = {"consumption", "production", "share", "covered", "surplus", NULL};
	JsonbContainer *object = import_option_object(import, "columns");

	if (object == NULL)
		return;
	import_require_members(object, "columns", names);
	for (int i = 0; i < (int) lengthof(members); i++)
	{
		char	   *code = import_member_text(object, "columns", members[i].name);

		if (code != NULL && code[0] == '\0')
			error_option("\"%s\" of option \"columns\" is empty", members[i].name);
		table->code[members[i].role][members[i].direction] = code;
	}
}

/* Reads the options into import->state. */
void
eda_prepare(Import *import)
{
	EdaTable   *table = palloc0(sizeof(EdaTable));
	ImportTable given;

	table_options(import, &given);
	if (import_option_text(import, "delimiter") != NULL)
		table->delimiter = given.delimiter;
	if (import_option_text(import, "decimal") != NULL)
		table->decimal = given.decimal;
	table->compare = import_option_bool(import, "compare", false);
	read_columns(import, table);
	import->state = table;
}

/*
 * Has a field a text in it, in letters of either case, that does not go on with
 * a letter or digit?  G.01T is not G.01.
 */
static bool
has_text(const Field *field, const char *text)
{
	size_t		length = strlen(text);

	for (size_t i = 0; i + length <= field->length; i++)
		if (pg_strncasecmp(field->text + i, text, length) == 0 &&
			(i + length == field->length || !isalnum((unsigned char) field->text[i + length]) || length > 4))
			return true;
	return false;
}

/* What a column has, by its Metercode; EDA_OTHER: nothing that is wanted. */
EdaRole
eda_role(const EdaTable *table, const Field *code, ImportDirection direction)
{
	for (int role = 0; role < EDA_ROLES; role++)
		if (table->code[role][direction] && has_text(code, table->code[role][direction]))
			return (EdaRole) role;
	for (int i = 0; i < (int) lengthof(codes); i++)
		if ((direction == INTO_GRID || !codes[i].of_production) && has_text(code, codes[i].text))
			return table->code[codes[i].role][direction] ? EDA_OTHER : codes[i].role;
	return EDA_OTHER;
}
