/*-------------------------------------------------------------------------
 *
 * wide.c
 *	  Sums of products of 128-bit numbers, exactly: 256 bits.
 *
 *-------------------------------------------------------------------------
 */
#include "base/wide.h"

/* 10^DIGITS_A_STEP fits 64 bits. */
#define DIGITS_A_STEP	18

bool
wide_is_negative(const Wide *value)
{
	return value->word[WIDE_WORDS - 1] >> 63;
}

void
wide_negate(Wide *value)
{
	uint64_t	carry = 1;

	for (int i = 0; i < WIDE_WORDS; i++)
	{
		value->word[i] = ~value->word[i] + carry;
		carry = carry && value->word[i] == 0;
	}
}

bool
wide_add(Wide *sum, const Wide *term)
{
	bool		sum_negative = wide_is_negative(sum);
	bool		term_negative = wide_is_negative(term);
	sg_uint128	carry = 0;

	for (int i = 0; i < WIDE_WORDS; i++)
	{
		carry += (sg_uint128) sum->word[i] + term->word[i];
		sum->word[i] = (uint64_t) carry;
		carry >>= 64;
	}
	return sum_negative != term_negative || wide_is_negative(sum) == sum_negative;
}

/* The product of two magnitudes. */
static Wide
product(sg_uint128 a, sg_uint128 b)
{
	uint64_t	left[2] = {(uint64_t) a, (uint64_t) (a >> 64)};
	uint64_t	right[2] = {(uint64_t) b, (uint64_t) (b >> 64)};
	Wide		result = {{0}};

	for (int i = 0; i < 2; i++)
	{
		sg_uint128	carry = 0;

		for (int j = 0; j < 2; j++)
		{
			carry += (sg_uint128) left[i] * right[j] + result.word[i + j];
			result.word[i + j] = (uint64_t) carry;
			carry >>= 64;
		}
		result.word[i + 2] = (uint64_t) carry;
	}
	return result;
}

static sg_uint128
magnitude(sg_int128 value)
{
	return value < 0 ? -(sg_uint128) value : (sg_uint128) value;
}

bool
wide_add_product(Wide *sum, sg_int128 a, sg_int128 b)
{
	Wide		term = product(magnitude(a), magnitude(b));

	if ((a < 0) != (b < 0))
		wide_negate(&term);
	return wide_add(sum, &term);
}

bool
wide_multiply(Wide *value, uint64_t factor)
{
	bool		negative = wide_is_negative(value);
	sg_uint128	carry = 0;

	if (negative)
		wide_negate(value);
	for (int i = 0; i < WIDE_WORDS; i++)
	{
		carry += (sg_uint128) value->word[i] * factor;
		value->word[i] = (uint64_t) carry;
		carry >>= 64;
	}
	if (carry != 0 || wide_is_negative(value))
		return false;
	if (negative)
		wide_negate(value);
	return true;
}

/* Divides a number that is not below 0; returns the remainder. */
uint64_t
wide_divide(Wide *magnitude, uint64_t divisor)
{
	sg_uint128	rest = 0;

	for (int i = WIDE_WORDS - 1; i >= 0; i--)
	{
		rest = rest << 64 | magnitude->word[i];
		magnitude->word[i] = (uint64_t) (rest / divisor);
		rest %= divisor;
	}
	return (uint64_t) rest;
}

bool
wide_to_int128(const Wide *value, sg_int128 *result)
{
	uint64_t	sign = wide_is_negative(value) ? UINT64_MAX : 0;

	*result = (sg_int128) ((sg_uint128) value->word[1] << 64 | value->word[0]);
	return value->word[2] == sign && value->word[3] == sign && (*result < 0) == (sign != 0);
}

static uint64_t
power_of_10(int digits)
{
	uint64_t	power = 1;

	while (digits-- > 0)
		power *= 10;
	return power;
}

/* The same as a product of parts that fit 64 bits: 2 * value + whole, divided by 2 * whole. */
bool
wide_round(const Wide *value, int digits, uint64_t divisor, sg_int128 *result)
{
	Wide		rounded = *value;
	Wide		whole = {{divisor}};
	bool		negative = wide_is_negative(value);

	if (negative)
		wide_negate(&rounded);
	for (int left = digits; left > 0; left -= DIGITS_A_STEP)
		if (!wide_multiply(&whole, power_of_10(left < DIGITS_A_STEP ? left : DIGITS_A_STEP)))
			return false;
	if (!wide_multiply(&rounded, 2) || !wide_add(&rounded, &whole))
		return false;
	(void) wide_divide(&rounded, 2 * divisor);
	for (int left = digits; left > 0; left -= DIGITS_A_STEP)
		(void) wide_divide(&rounded, power_of_10(left < DIGITS_A_STEP ? left : DIGITS_A_STEP));
	if (negative)
		wide_negate(&rounded);
	return wide_to_int128(&rounded, result);
}
