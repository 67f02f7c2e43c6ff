/*-------------------------------------------------------------------------
 *
 * energy_type.c
 *	  The energy types of producers (SPEC section 4).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "base/errors.h"
#include "grid/energy_type.h"

PG_FUNCTION_INFO_V1(sg_energy_type_name);

/* The position is the code that tables hold: append only, and widen the CHECK of smartgrid.producer. */
static const char *const names[] = {
	"solar", "wind", "hydro", "nuclear", "geothermal", "biomass", "natural-gas"
};

/* The code of an energy type by its exact name; SG108 where it is none. */
int
energy_type_of(const char *name)
{
	for (int i = 0; i < (int) lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown energy type \"%s\"", name),
			 errhint("Use one of solar, wind, hydro, nuclear, geothermal, biomass, natural-gas, in lower case.")));
}

/* The name of an energy type by its code, or NULL where there is none. */
const char *
energy_type_name(int energy_type)
{
	return (energy_type >= 0 && energy_type < (int) lengthof(names)) ? names[energy_type] : NULL;
}

/* energy_type_name(smallint) -> text: the name of a code, NULL where there is none. */
Datum
sg_energy_type_name(PG_FUNCTION_ARGS)
{
	const char *name = energy_type_name(PG_GETARG_INT16(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
