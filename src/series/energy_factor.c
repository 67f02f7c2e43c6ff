/*-------------------------------------------------------------------------
 *
 * energy_factor.c
 *	  What an energy type stands for: whether it is renewable, and its CO2.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "call/call.h"
#include "grid/energy_type.h"
#include "grid/identity.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_default_energy_types);
PG_FUNCTION_INFO_V1(sg_set_energy_type);

/* What a type stands for if a grid has no figures of its own. */
static const struct
{
	bool		renewable;
	const char *co2;			/* g CO2-equivalent per kWh */
	const char *source;			/* of the figures */
}			defaults[ENERGY_TYPE_COUNT] = {
#define ENERGY_TYPE(symbol, name, renewable, co2, source)	[ENERGY_##symbol] = {(renewable), #co2, (source)},
#include "grid/energy_type.def"
#undef ENERGY_TYPE
};

/* default_energy_types() -> code, renewable, g CO2-equivalent per kWh and source of each type. */
Datum
sg_default_energy_types(PG_FUNCTION_ARGS)
{
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	for (int i = 0; i < ENERGY_TYPE_COUNT; i++)
	{
		result_datum(&result, Int16GetDatum(i));
		result_bool(&result, defaults[i].renewable);
		result_datum(&result, DirectFunctionCall3(numeric_in, CStringGetDatum(defaults[i].co2),
												  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		result_text(&result, defaults[i].source);
		result_end_row(&result);
	}
	return (Datum) 0;
}

/* Raises SG104 unless a figure in g/kWh is finite and not negative. */
static void
check_co2(Datum co2)
{
	Numeric		number = DatumGetNumeric(co2);

	if (numeric_is_nan(number) || numeric_is_inf(number) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, co2, NumericGetDatum(int64_to_numeric(0)))))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("co2_g_per_kwh of %s is not a figure of zero or more",
						DatumGetCString(DirectFunctionCall1(numeric_out, co2)))));
}

/*
 * sg_set_energy_type(energy_type, renewable, co2_g_per_kwh, source) -> true:
 * what an energy type stands for in the current grid; NULL keeps.  A source
 * that was not given is not that of a figure that has changed.  What is set to
 * the defaults is no override any more.  For operators.  SG108 type, empty
 * source; SG104 co2_g_per_kwh.  Locks: the grid's row.
 */
Datum
sg_set_energy_type(PG_FUNCTION_ARGS)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT smartgrid.set_energy_type($1, $2, $3, $4, $5)",
		.nargs = 5,
		.argtypes = {INT4OID, INT2OID, BOOLOID, NUMERICOID, TEXTOID},
	};
	Call		call;
	StoreRow	row;
	int			energy_type;
	Datum		values[5];
	char		nulls[5];

	call_begin(&call, fcinfo, "sg_set_energy_type");
	energy_type = energy_type_of(arg_text(fcinfo, 0, "energy_type"));
	if (!PG_ARGISNULL(3) && *text_to_cstring(PG_GETARG_TEXT_PP(3)) == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("source must not be empty")));
	if (!call_operate(&call, "set what an energy type stands for"))
		return call_answer(&call);
	if (!PG_ARGISNULL(2))
		check_co2(PG_GETARG_DATUM(2));
	call_hold_grid(&call, &row);
	memset(nulls, ' ', sizeof(nulls));
	values[0] = Int32GetDatum(call.grid->form.grid_id);
	values[1] = Int16GetDatum((int16) energy_type);
	for (int i = 1; i <= 3; i++)
	{
		values[1 + i] = PG_GETARG_DATUM(i);
		if (PG_ARGISNULL(i))
			nulls[1 + i] = 'n';
	}
	elevated_begin(&elevation);
	elevated_execute(&plan, values, nulls, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	return call_end(&call, BoolGetDatum(true));
}
