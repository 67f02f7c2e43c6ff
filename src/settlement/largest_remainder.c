/*-------------------------------------------------------------------------
 *
 * largest_remainder.c
 *	  Sharing out a total by weights, so that the parts sum to it.
 *
 * What meters measure is far below 2^49 energy units a slot.  Then no division
 * is needed; and the remainders, of 61 bits, are put into buckets by their
 * highest bits, of which one alone has to be looked at more closely.
 *
 *-------------------------------------------------------------------------
 */
#include "settlement/largest_remainder.h"

#include <stdlib.h>
#include <string.h>

/* Buckets of remainders: of few, of many, and when one bucket is looked at. */
#define FEW				64
#define BITS_OF_FEW		4
#define BITS_OF_MANY	10
#define BITS_OF_CHOICE	8

/* A remainder of more bits. */
typedef struct WideRemainder
{
	sg_uint128	remainder;
	size_t		i;
} WideRemainder;

/* Bytes of the room that sharing out by n weights needs, aligned as for a pointer. */
size_t
largest_remainder_room(size_t n)
{
	return n * sizeof(WideRemainder);
}

sg_uint128
sum_of_weights(const int64_t *weight, size_t n)
{
	sg_uint128	sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (sg_uint128) weight[i];
	return sum;
}

/* total * weight / whole and what remains, exactly; whole is below 2^127, and not less than weight. */
sg_uint128
multiply_divide(sg_uint128 total, sg_uint128 weight, sg_uint128 whole, sg_uint128 *remainder)
{
	sg_uint128	product;
	sg_uint128	quotient = 0;
	sg_uint128	rest = 0;

	if (!__builtin_mul_overflow(total, weight, &product))
	{
		*remainder = product % whole;
		return product / whole;
	}
	for (int bit = 127; bit >= 0; bit--)
	{
		quotient <<= 1;
		rest <<= 1;
		if (rest >= whole)
		{
			rest -= whole;
			quotient++;
		}
		if ((total >> bit & 1) == 0)
			continue;
		rest += weight;
		if (rest >= whole)
		{
			rest -= whole;
			quotient++;
		}
	}
	*remainder = rest;
	return quotient;
}

/* The largest bucket b such that those above it hold fewer than *left; takes what they hold from *left. */
static uint64_t
bucket_of_last(const uint32_t *count, uint64_t highest, uint64_t *left)
{
	while (*left > count[highest])
		*left -= count[highest--];
	return highest;
}

/*
 * Gives a unit each to the largest of n candidates, whose remainders are the
 * same above their lowest bits; the candidates stand in their order.
 */
static void
give_to_candidates(uint64_t left, const uint64_t *remainder, uint32_t *candidate, size_t n, int bits, int64_t *part)
{
	while (left < n && bits > 0)
	{
		int			shift = bits > BITS_OF_CHOICE ? bits - BITS_OF_CHOICE : 0;
		uint64_t	mask = (UINT64_C(1) << (bits - shift)) - 1;
		uint32_t	count[1 << BITS_OF_CHOICE] = {0};
		size_t		kept = 0;
		uint64_t	last;

		for (size_t i = 0; i < n; i++)
			count[remainder[candidate[i]] >> shift & mask]++;
		last = bucket_of_last(count, mask, &left);
		for (size_t i = 0; i < n; i++)
		{
			uint64_t	bucket = remainder[candidate[i]] >> shift & mask;

			part[candidate[i]] += bucket > last;
			if (bucket == last)
				candidate[kept++] = candidate[i];
		}
		n = kept;
		bits = shift;
	}
	for (size_t i = 0; i < left; i++)
		part[candidate[i]]++;
}

static int
bits_of(uint64_t value)
{
	return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

/* Gives a unit each to the largest of n remainders, which are below whole. */
static void
give_units(uint64_t left, const uint64_t *remainder, size_t n, uint64_t whole, uint32_t *candidate, int64_t *part)
{
	int			bits = n < FEW ? BITS_OF_FEW : BITS_OF_MANY;
	int			shift = bits_of(whole) > bits ? bits_of(whole) - bits : 0;
	uint32_t	count[1 << BITS_OF_MANY];
	size_t		candidates = 0;
	uint64_t	last;

	if (left == 0)
		return;
	memset(count, 0, sizeof(uint32_t) << bits);
	for (size_t i = 0; i < n; i++)
		count[remainder[i] >> shift]++;
	last = bucket_of_last(count, (UINT64_C(1) << bits) - 1, &left);
	for (size_t i = 0; i < n; i++)
	{
		uint64_t	bucket = remainder[i] >> shift;

		part[i] += bucket > last;
		candidate[candidates] = (uint32_t) i;
		candidates += bucket == last;
	}
	give_to_candidates(left, remainder, candidate, candidates, shift, part);
}

/* Of figures as they are; room for n remainders and n candidates. */
static void
share_out(uint64_t total, const int64_t *weight, size_t n, uint64_t whole, int64_t *part, uint64_t *room)
{
	double		ratio = (double) total / (double) whole;
	uint64_t	given = 0;

	for (size_t i = 0; i < n; i++)
	{
		part[i] = quick_multiply_divide(total, weight[i], whole, ratio, &room[i]);
		given += (uint64_t) part[i];
	}
	give_units(total - given, room, n, whole, (uint32_t *) (room + n), part);
}

static int
compare_wide(const void *a, const void *b)
{
	const WideRemainder *left = a;
	const WideRemainder *right = b;

	if (left->remainder != right->remainder)
		return left->remainder < right->remainder ? 1 : -1;
	return (left->i > right->i) - (left->i < right->i);
}

/* Of figures of any size; false if a part does not fit 64 bits. */
static bool
share_out_wide(sg_uint128 total, const int64_t *weight, size_t n, sg_uint128 whole, int64_t *part, WideRemainder *room)
{
	sg_uint128	left = total;

	for (size_t i = 0; i < n; i++)
	{
		sg_uint128	quotient = multiply_divide(total, (sg_uint128) weight[i], whole, &room[i].remainder);

		if (quotient > INT64_MAX)
			return false;
		room[i].i = i;
		part[i] = (int64_t) quotient;
		left -= quotient;
	}
	if (left > 0)
		qsort(room, n, sizeof(WideRemainder), compare_wide);
	for (size_t i = 0; i < (size_t) left; i++)
		if (__builtin_add_overflow(part[room[i].i], 1, &part[room[i].i]))
			return false;
	return true;
}

/*
 * Shares out a total by n weights, none of them below 0, whose sum is whole.
 * False if a part does not fit 64 bits with a sign: then the parts are not
 * defined.
 */
bool
largest_remainder(sg_uint128 total, const int64_t *weight, size_t n, sg_uint128 whole, int64_t *part, void *room)
{
	if (total == 0 || whole == 0)
	{
		memset(part, 0, n * sizeof(int64_t));
		return true;
	}
	if (total == whole)
	{
		memcpy(part, weight, n * sizeof(int64_t));
		return true;
	}
	if (total >> QUICK_TOTAL_BITS != 0 || whole >> QUICK_WHOLE_BITS != 0)
		return share_out_wide(total, weight, n, whole, part, room);
	share_out((uint64_t) total, weight, n, (uint64_t) whole, part, room);
	return true;
}
