/*-------------------------------------------------------------------------
 *
 * energy_type.c
 *	  The energy types of producers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "base/errors.h"
#include "grid/energy_type.h"

PG_FUNCTION_INFO_V1(sg_energy_type_name);

static const char *const names[] = {
#define ENERGY_TYPE(symbol, name, renewable, co2, source)	[ENERGY_##symbol] = (name),
#include "grid/energy_type.def"
#undef ENERGY_TYPE
};

StaticAssertDecl(lengthof(names) == ENERGY_TYPE_COUNT, "every energy type has its line");
StaticAssertDecl(ENERGY_TYPES_INNER <= ENERGY_TYPE_COUNT, "energy types are never removed");

/* All names, for a hint. */
static char *
all_names(void)
{
	StringInfoData all;

	initStringInfo(&all);
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		appendStringInfo(&all, i == 0 ? "%s" : ", %s", names[i]);
	return all.data;
}

/* The code of an energy type by its exact name; SG108 if there is none. */
EnergyType
energy_type_of(const char *name)
{
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown energy type \"%s\"", name),
			 errhint("Use one of %s, in lower case.", all_names())));
}

/* The name of an energy type by its code, NULL if there is none. */
const char *
energy_type_name(int energy_type)
{
	return (energy_type >= 0 && energy_type < ENERGY_TYPE_COUNT) ? names[energy_type] : NULL;
}

/* energy_type_name(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_energy_type_name(PG_FUNCTION_ARGS)
{
	const char *name = energy_type_name(PG_GETARG_INT16(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
