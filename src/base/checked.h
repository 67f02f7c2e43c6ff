/*-------------------------------------------------------------------------
 *
 * checked.h
 *	  64- and 128-bit arithmetic that cannot wrap.
 *
 * Free of PostgreSQL headers on purpose: what is pure arithmetic can be
 * compiled, tested and fuzzed on its own.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CHECKED_H
#define SG_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

/* As c.h does for int128: palloc gives 8-byte alignment, and a compiler would rely on 16. */
typedef __int128 sg_int128 __attribute__((aligned(8)));
typedef unsigned __int128 sg_uint128 __attribute__((aligned(8)));

#define SG_UINT128_MAX	(~(sg_uint128) 0)

/* Does v fit a bigint (it is never negative)? */
static inline bool
checked_fits_int64(sg_uint128 v)
{
	return v <= (sg_uint128) INT64_MAX;
}

/* *r = a + b; false, and *r untouched, if the sum does not fit. */
static inline bool
checked_add(int64_t a, int64_t b, int64_t *r)
{
	int64_t		sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*r = sum;
	return true;
}

/* a * b, or the largest value there is if the product does not fit. */
static inline sg_uint128
checked_mul_saturated(sg_uint128 a, sg_uint128 b)
{
	sg_uint128	product;

	return __builtin_mul_overflow(a, b, &product) ? SG_UINT128_MAX : product;
}

/* a + b, or the largest value there is if the sum does not fit. */
static inline sg_uint128
checked_add_saturated(sg_uint128 a, sg_uint128 b)
{
	sg_uint128	sum;

	return __builtin_add_overflow(a, b, &sum) ? SG_UINT128_MAX : sum;
}

/* number / divisor, rounded half away from zero; divisor above 0.  Nothing is doubled, so whatever fits is divided. */
static inline sg_int128
divide_rounded(sg_int128 number, sg_int128 divisor)
{
	sg_int128	size = number < 0 ? -number : number;
	sg_int128	quotient = size / divisor;
	sg_int128	rest = size - quotient * divisor;

	if (rest >= divisor - rest)
		quotient++;
	return number < 0 ? -quotient : quotient;
}

#endif							/* SG_CHECKED_H */
