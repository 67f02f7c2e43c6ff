/*-------------------------------------------------------------------------
 *
 * energy_type.c
 *	  The energy types of producers, and what they stand for by default.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/errors.h"
#include "base/result.h"
#include "grid/energy_type.h"

PG_FUNCTION_INFO_V1(sg_energy_type_name);
PG_FUNCTION_INFO_V1(sg_default_energy_types);

typedef struct EnergyTypeInfo
{
	const char *name;
	bool		renewable;
	const char *co2;			/* g CO2-equivalent per kWh */
	const char *source;			/* of the figures */
} EnergyTypeInfo;

static const EnergyTypeInfo types[] = {
#define ENERGY_TYPE(symbol, name, renewable, co2, source)	[ENERGY_##symbol] = {name, renewable, #co2, source},
#include "grid/energy_type.def"
#undef ENERGY_TYPE
};

StaticAssertDecl(lengthof(types) == ENERGY_TYPE_COUNT, "every energy type has its line");
StaticAssertDecl(ENERGY_TYPES_INNER <= ENERGY_TYPE_COUNT, "energy types are never removed");

/* All names, for a hint. */
static char *
all_names(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		appendStringInfo(&names, i == 0 ? "%s" : ", %s", types[i].name);
	return names.data;
}

/* The code of an energy type by its exact name; SG108 if there is none. */
EnergyType
energy_type_of(const char *name)
{
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
		if (strcmp(name, types[i].name) == 0)
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
	return (energy_type >= 0 && energy_type < ENERGY_TYPE_COUNT) ? types[energy_type].name : NULL;
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

/* default_energy_types() -> code, renewable, g CO2-equivalent per kWh and source of each type. */
Datum
sg_default_energy_types(PG_FUNCTION_ARGS)
{
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
	{
		result_datum(&result, Int16GetDatum(i));
		result_bool(&result, types[i].renewable);
		result_datum(&result, DirectFunctionCall3(numeric_in, CStringGetDatum(types[i].co2),
												  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		result_text(&result, types[i].source);
		result_end_row(&result);
	}
	return (Datum) 0;
}
