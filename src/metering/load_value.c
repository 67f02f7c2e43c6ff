/*-------------------------------------------------------------------------
 *
 * load_value.c
 *	  Values of intervals: exact kWh, energy units, and rounding.
 *
 * Exact kWh are whole numbers of 10^-18 kWh, in 128 bits.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "base/errors.h"
#include "metering/load_earlier.h"
#include "metering/load_state.h"

/* The digits of the largest exact kWh: 10^38 is within 128 bits. */
#define MOST_DIGITS		38

/* Larger values could not be added up over a day, 10^-18 kWh. */
#define MOST_KWH		((sg_int128) 5 * power_of_ten(35))

static sg_int128
power_of_ten(int exponent)
{
	sg_int128	power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

static Refusal *
refuse_no_number(const char *text, size_t length)
{
	return refuse(ERRCODE_INVALID_TEXT_REPRESENTATION, "\"%s\" is not a number",
				  load_excerpt(text, length, LOAD_EXCERPT_BYTES));
}

/* Reads the exponent of a number: "e-3"; false if it is none. */
static bool
read_exponent(const char *text, size_t length, int *exponent)
{
	bool		negative = length > 1 && text[1] == '-';
	size_t		i = length > 1 && (text[1] == '-' || text[1] == '+') ? 2 : 1;
	int			value = 0;

	if (i == length)
		return false;
	for (; i < length; i++)
	{
		if (!isdigit((unsigned char) text[i]))
			return false;
		if (value < 1000)
			value = value * 10 + (text[i] - '0');
	}
	*exponent = negative ? -value : value;
	return true;
}

/*
 * Digits, of which so many stand behind the decimal mark and exponent moves it,
 * as 10^-18 kWh: NULL, or SG104 if that is too large or not exact.
 */
static Refusal *
scale_digits(const char *digits, int ndigits, int shift, sg_int128 *kwh)
{
	sg_int128	value = 0;
	int			zeros = 0;

	while (ndigits > 0 && digits[ndigits - 1] == '0')
	{
		ndigits--;
		shift++;
	}
	while (zeros < ndigits && digits[zeros] == '0')
		zeros++;
	if (zeros == ndigits)
	{
		*kwh = 0;
		return NULL;
	}
	if (shift < 0)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value has more than %d decimals", LOAD_KWH_DECIMALS);
	if (ndigits - zeros + shift >= MOST_DIGITS)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value is too large");
	for (int i = zeros; i < ndigits; i++)
		value = value * 10 + (digits[i] - '0');
	*kwh = value * power_of_ten(shift);
	return NULL;
}

/*
 * A number as files have it: sign, digits with a decimal mark among them, and
 * an exponent, the last two optional.  22P02 if it is none, SG104 if it is no
 * finite one, too large, or has more than 18 decimals that are not 0.
 */
Refusal *
load_kwh_of_text(const char *text, size_t length, char decimal, sg_int128 *kwh)
{
	char		digits[MOST_DIGITS + LOAD_KWH_DECIMALS + 8];
	int			ndigits = 0;
	int			decimals = -1;
	int			exponent = 0;
	bool		any = false;
	bool		negative = length > 0 && text[0] == '-';
	size_t		i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
	Refusal    *refusal;

	if (length == 3 && pg_strncasecmp(text, "nan", 3) == 0)
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value must be a finite number");
	for (; i < length; i++)
	{
		if (isdigit((unsigned char) text[i]))
		{
			any = true;
			if (ndigits == 0 && text[i] == '0' && decimals < 0)
				continue;
			if (ndigits == (int) sizeof(digits))
			{
				if (text[i] == '0' && decimals >= 0)
					continue;
				return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value has too many digits");
			}
			digits[ndigits++] = text[i];
			if (decimals >= 0)
				decimals++;
		}
		else if (text[i] == decimal && decimals < 0)
			decimals = 0;
		else if ((text[i] == 'e' || text[i] == 'E') && any && read_exponent(text + i, length - i, &exponent))
			break;
		else
			return refuse_no_number(text, length);
	}
	if (!any)
		return refuse_no_number(text, length);
	refusal = scale_digits(digits, ndigits, LOAD_KWH_DECIMALS - Max(decimals, 0) + exponent, kwh);
	if (refusal == NULL && negative)
		*kwh = -*kwh;
	return refusal;
}

/* A numeric as exact kWh; SG104 if it is not finite, too large, or has more than 18 decimals that are not 0. */
Refusal *
load_kwh_of_numeric(Datum number, sg_int128 *kwh)
{
	Numeric		value = DatumGetNumeric(number);
	char	   *text;
	Refusal    *refusal;

	if (numeric_is_nan(value) || numeric_is_inf(value))
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value must be a finite number");
	text = DatumGetCString(DirectFunctionCall1(numeric_out, number));
	refusal = load_kwh_of_text(text, strlen(text), '.', kwh);
	pfree(text);
	return refusal;
}

/* -1, 0 or 1. */
int
load_sign_of(const LoadValue *value)
{
	if (value->form == VALUE_KWH)
		return value->kwh > 0 ? 1 : value->kwh < 0 ? -1 : 0;
	return value->units > 0 ? 1 : value->units < 0 ? -1 : 0;
}

static sg_int128
absolute(sg_int128 value)
{
	return value < 0 ? -value : value;
}

/* 10^-18 kWh in an energy unit of a grid. */
sg_int128
load_kwh_in_unit(const Grid *grid)
{
	return power_of_ten(LOAD_KWH_DECIMALS - grid->form.energy_scale);
}

/* SG104 if a value is above what a connection lets through in a slot, energy units. */
Refusal *
refuse_beyond_limit(const Load *load, const LoadValue *value, int64 limit)
{
	sg_int128	unit = value->form == VALUE_KWH ? load_kwh_in_unit(load->grid) : 1;
	sg_int128	amount = absolute(value->form == VALUE_KWH ? value->kwh : value->units);

	if (amount / unit < limit || (amount / unit == limit && amount % unit == 0))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value is above what the connection of its metering point lets through in a slot: "
				  INT64_FORMAT " energy units", limit);
}

/*
 * The energy units of a value, or, if the load rounds, what it is exactly.
 * SG104 if it is finer than a unit, unless the load rounds, or no bigint.
 */
Refusal *
load_units_of(const Load *load, const LoadValue *value, int64 *units, sg_int128 *exact)
{
	sg_int128	unit = load_kwh_in_unit(load->grid);
	sg_int128	whole;

	*units = value->units;
	if (value->form == VALUE_KWH)
	{
		whole = value->kwh / unit;
		if (absolute(whole) > PG_INT64_MAX)
			return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value is too large");
		if (!load->options.round && whole * unit != value->kwh)
			return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "a value is finer than an energy unit, which is 10^-%d kWh",
									   load->grid->form.energy_scale),
								"Raise energy_scale with sg_alter_grid() before the first entry, or say round => true.");
		*units = (int64) whole;
	}
	if (load->options.round)
	{
		*exact = value->form == VALUE_KWH ? value->kwh : value->units * unit;
		if (absolute(*exact) > MOST_KWH)
			return refuse(ERRCODE_SG_INVALID_AMOUNT, "a value is too large to be rounded");
	}
	return NULL;
}

/* Do two rows say the same? */
bool
load_rows_equal(const Load *load, const LoadRow *one, const LoadRow *other)
{
	return one->quality == other->quality &&
		(load->exact ? load->exact[one - load->rows] == load->exact[other - load->rows] : one->amount == other->amount);
}

/*
 * Rounds the values of a day: each is by how much the rounded sum of the exact
 * ones grows with it, so that the day's sum is right to half a unit.
 */
void
load_round_day(const Load *load, PlaceValues *values)
{
	sg_int128	unit = load_kwh_in_unit(load->grid);
	sg_int128	sum = load_earlier_sum(values->earlier, values);
	int64		before = (int64) divide_rounded(sum, unit);

	for (int i = 0; i < values->n; i++)
	{
		int64		now;

		if (!values->given[i])
			continue;
		sum += load->exact[values->row[i]];
		now = (int64) divide_rounded(sum, unit);
		values->amount[i] = now - before;
		before = now;
	}
	if (values->earlier != NULL)
		values->earlier->sum = sum;
}
