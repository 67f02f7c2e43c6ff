/*-------------------------------------------------------------------------
 *
 * import_value.c
 *	  Amounts of energy as files have them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/import.h"

/* So much of a text is shown in a message, bytes. */
#define MAX_EXCERPT		40

/* The beginning of a text, for a message. */
char *
import_excerpt(const char *text, size_t length)
{
	return load_excerpt(text, length, MAX_EXCERPT);
}

/* *power: the unit that a text names, kWh, Wh or MWh in letters of either case; false if it is none of them. */
bool
import_unit(const char *text, size_t length, int *power)
{
	static const struct
	{
		const char *name;
		int			power;
	}			units[] = {{"kWh", IMPORT_KWH}, {"Wh", IMPORT_WH}, {"MWh", IMPORT_MWH}};
	const Field unit = {text, length};

	for (int i = 0; i < (int) lengthof(units); i++)
		if (field_is(&unit, units[i].name))
		{
			*power = units[i].power;
			return true;
		}
	return false;
}

/* *kwh times 10 to the power; false if it does not fit, or has digits after the last of LOAD_KWH_DECIMALS then. */
bool
import_scale(sg_int128 *kwh, int power)
{
	for (; power > 0; power--)
		if (__builtin_mul_overflow(*kwh, (sg_int128) 10, kwh))
			return false;
	for (; power < 0; power++)
	{
		if (*kwh % 10 != 0)
			return false;
		*kwh /= 10;
	}
	return true;
}

/*
 * *value: the number that a text is, in units of 10 to the power kWh; decimal:
 * what stands before its decimals.  22P02 if it is none, SG104 if it is too
 * large or too fine.
 */
Refusal *
import_kwh(const char *text, size_t length, char decimal, int power, LoadValue *value)
{
	Refusal    *refusal = load_kwh_of_text(text, length, decimal, &value->kwh);

	value->form = VALUE_KWH;
	if (refusal != NULL || import_scale(&value->kwh, power))
		return refusal;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "amount of energy \"%s\" is too large or too fine", import_excerpt(text, length));
}
