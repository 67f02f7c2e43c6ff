/*-------------------------------------------------------------------------
 *
 * number.c
 *	  128-bit sums as numeric and in decimal digits, and back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "base/compat.h"
#include "base/number.h"

/* So many decimal digits fit 128 bits. */
#define NUMBER_DIGITS	38

/* The numeric that a text says. */
Datum
number_of_text(const char *text)
{
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* A decimal number as it is written. */
typedef struct Decimal
{
	bool		negative;
	const char *digits;			/* with the point */
	int			length;			/* of them, with the point */
	int64		whole;			/* how many of the digits stand before the point, moved by the exponent */
} Decimal;

/* So far an exponent is read: no text has more digits. */
#define EXPONENT_MAX	INT64CONST(10000000000)

/* Reads [eN] behind the digits of a number into *exponent, and moves *text behind it; false if it has no digits. */
static bool
read_exponent(const char **text, int64 *exponent)
{
	const char *p = *text;
	bool		negative;

	*exponent = 0;
	if (*p != 'e' && *p != 'E')
		return true;
	negative = *++p == '-';
	p += *p == '-' || *p == '+';
	if (!isdigit((unsigned char) *p))
		return false;
	for (; isdigit((unsigned char) *p); p++)
		*exponent = Min(*exponent * 10 + (*p - '0'), EXPONENT_MAX);
	if (negative)
		*exponent = -*exponent;
	*text = p;
	return true;
}

/* Takes a text apart: digits, perhaps with sign, point, exponent, and white space around; false if it is anything else. */
static bool
read_decimal(const char *text, Decimal *decimal)
{
	const char *point = NULL;
	int64		exponent;

	while (isspace((unsigned char) *text))
		text++;
	decimal->negative = *text == '-';
	text += *text == '-' || *text == '+';
	decimal->digits = text;
	for (; isdigit((unsigned char) *text) || (*text == '.' && point == NULL); text++)
		if (*text == '.')
			point = text;
	decimal->length = text - decimal->digits;
	decimal->whole = (point ? point : text) - decimal->digits;
	if (decimal->length - (point != NULL) == 0 || !read_exponent(&text, &exponent))
		return false;
	decimal->whole += exponent;
	while (isspace((unsigned char) *text))
		text++;
	return *text == '\0';
}

/* Puts a digit behind a sum, which stays where it is once it is beyond bigint. */
static void
append_digit(sg_int128 *sum, int digit)
{
	if (*sum <= PG_INT64_MAX)
		*sum = *sum * 10 + digit;
}

/* The whole number that a text says, such as 12, +12, 12.00 or 1.2e1; never a rounded one. */
WholeNumber
number_whole_of_text(const char *text, int64 *value)
{
	Decimal		decimal;
	sg_int128	sum = 0;
	int64		n = 0;

	if (!read_decimal(text, &decimal))
		return NUMBER_IS_NOT_WHOLE;
	for (int i = 0; i < decimal.length; i++)
	{
		if (decimal.digits[i] == '.')
			continue;
		if (n < decimal.whole)
			append_digit(&sum, decimal.digits[i] - '0');
		else if (decimal.digits[i] != '0')
			return NUMBER_IS_NOT_WHOLE;
		n++;
	}
	for (; sum > 0 && sum <= PG_INT64_MAX && n < decimal.whole; n++)
		append_digit(&sum, 0);
	if (decimal.negative)
		sum = -sum;
	if (sum < PG_INT64_MIN || sum > PG_INT64_MAX)
		return NUMBER_IS_BEYOND_BIGINT;
	*value = (int64) sum;
	return NUMBER_IS_WHOLE;
}

/* Writes a number in decimal and returns its length; text has room for NUMBER_TEXT_MAX. */
int
number_to_text(sg_int128 value, char *text)
{
	char		digits[NUMBER_TEXT_MAX];
	sg_uint128	rest = value < 0 ? -(sg_uint128) value : (sg_uint128) value;
	int			n = 0;
	int			length = 0;

	do
	{
		digits[n++] = '0' + (char) (rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		text[length++] = '-';
	while (n > 0)
		text[length++] = digits[--n];
	text[length] = '\0';
	return length;
}

/* A sum as numeric, exactly. */
Datum
number_of_int128(sg_int128 value)
{
	char		text[NUMBER_TEXT_MAX];

	if (value >= PG_INT64_MIN && value <= PG_INT64_MAX)
		return NumericGetDatum(int64_to_numeric((int64) value));
	number_to_text(value, text);
	return number_of_text(text);
}

/* 1 with so many zeros behind it, or as many decimals. */
static Datum
power_of_ten(int power)
{
	return number_of_text(psprintf("1e%d", power));
}

/* A number in units of its last of so many decimals: whole if it has no more. */
Datum
number_in_decimals(Datum number, int decimals)
{
	return DirectFunctionCall1(numeric_trim_scale, DirectFunctionCall2(numeric_mul, number, power_of_ten(decimals)));
}

/* So many units of the last of some decimals as a number, without zeros at the end. */
Datum
number_with_decimals(sg_int128 value, int decimals)
{
	return DirectFunctionCall1(numeric_trim_scale, DirectFunctionCall2(numeric_mul, number_of_int128(value), power_of_ten(-decimals)));
}

/* Hundredths, of a percent for instance, as numeric with two decimals. */
Datum
number_of_hundredths(sg_uint128 hundredths)
{
	char		digits[NUMBER_TEXT_MAX];
	char	   *p = digits + sizeof(digits) - 1;
	int			n = 0;

	if (checked_fits_int64(hundredths))
		return NumericGetDatum(int64_div_fast_to_numeric((int64) hundredths, 2));
	for (*p = '\0'; hundredths > 0; hundredths /= 10)
	{
		if (n++ == 2)
			*--p = '.';
		*--p = '0' + (char) (hundredths % 10);
	}
	return number_of_text(p);
}

/* A sum as text, of any number of digits that fit; false if it has more, or is no whole number. */
static bool
text_to_int128(const char *text, sg_int128 *value)
{
	const char *digit = text + (*text == '-');
	sg_int128	sum = 0;

	if (strlen(digit) > NUMBER_DIGITS)
		return false;
	for (; *digit; digit++)
	{
		if (*digit < '0' || *digit > '9')
			return false;
		sum = sum * 10 + (*digit - '0');
	}
	*value = *text == '-' ? -sum : sum;
	return true;
}

/* What numbers are compared with, made once. */
static Numeric
constant(int64 value)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	Numeric		number = int64_to_numeric(value);

	MemoryContextSwitchTo(old);
	return number;
}

/* Is a numeric a whole number within bigint? */
static bool
is_bigint(Datum number)
{
	static Numeric least = NULL;
	static Numeric greatest = NULL;

	if (greatest == NULL)
	{
		least = constant(PG_INT64_MIN);
		greatest = constant(PG_INT64_MAX);
	}
	/* NaN is above all, and without a scale. */
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, number, NumericGetDatum(greatest))) <= 0 &&
		DatumGetInt32(DirectFunctionCall2(numeric_cmp, number, NumericGetDatum(least))) >= 0 &&
		DatumGetInt32(DirectFunctionCall1(numeric_scale, number)) == 0;
}

/* A numeric as a sum; false if it is none: it has a fraction or more than 38 digits, or is NaN or infinite. */
bool
number_to_int128(Datum number, sg_int128 *value)
{
	static Numeric zero = NULL;

	if (zero == NULL)
		zero = constant(0);
	/* Most sums of a quarter-hour are nothing. */
	if (VARSIZE_ANY_EXHDR(DatumGetPointer(number)) == VARSIZE_ANY_EXHDR(zero) &&
		memcmp(VARDATA_ANY(DatumGetPointer(number)), VARDATA_ANY(zero), VARSIZE_ANY_EXHDR(zero)) == 0)
	{
		*value = 0;
		return true;
	}
	number = NumericGetDatum(DatumGetNumeric(number));	/* so that it is unpacked once */
	if (is_bigint(number))
	{
		*value = DatumGetInt64(DirectFunctionCall1(numeric_int8, number));
		return true;
	}
	return text_to_int128(DatumGetCString(DirectFunctionCall1(numeric_out, number)), value);
}

/* A sum that the extension has stored; XX001 if it is none. */
sg_int128
number_int128(Datum number)
{
	sg_int128	value;

	if (!number_to_int128(number, &value))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("%s is not a sum of energy or money",
						DatumGetCString(DirectFunctionCall1(numeric_out, number)))));
	return value;
}
