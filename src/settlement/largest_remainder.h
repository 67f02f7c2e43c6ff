/*-------------------------------------------------------------------------
 *
 * largest_remainder.h
 *	  Sharing out a total by weights, so that the parts sum to it.
 *
 * Each gets the whole units of total * weight / sum of weights; the units that
 * are left over go to the largest remainders, one each.  Of equal ones the
 * earlier comes first: weights stand in the order that ties are decided by.
 * Where all weights are 0, so are all parts.
 *
 * It takes time in proportion to the number of weights, for figures as meters
 * have them without a division for each.
 *
 * Nothing here knows PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LARGEST_REMAINDER_H
#define SG_LARGEST_REMAINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checked.h"

/* Up to these, quick_multiply_divide() is right, and remainders fit 64 bits with a sign. */
#define QUICK_TOTAL_BITS	49
#define QUICK_WHOLE_BITS	61

/*
 * total * weight / whole and what remains, exactly; ratio is total / whole.  The
 * quotient of floating point is wrong by less than 1, which the remainder tells.
 */
static inline int64_t
quick_multiply_divide(uint64_t total, int64_t weight, uint64_t whole, double ratio, uint64_t *remainder)
{
	int64_t		quotient = (int64_t) ((double) weight * ratio);
	int64_t		rest = (int64_t) (total * (uint64_t) weight - (uint64_t) quotient * whole);
	int64_t		below = -(int64_t) (rest < 0);
	int64_t		above;

	rest += (int64_t) whole & below;
	above = -(int64_t) (rest >= (int64_t) whole);
	*remainder = (uint64_t) (rest - ((int64_t) whole & above));
	return quotient + below - above;
}

extern size_t largest_remainder_room(size_t n);
extern sg_uint128 sum_of_weights(const int64_t *weight, size_t n);
extern bool largest_remainder(sg_uint128 total, const int64_t *weight, size_t n, sg_uint128 whole, int64_t *part, void *room);
extern sg_uint128 multiply_divide(sg_uint128 total, sg_uint128 weight, sg_uint128 whole, sg_uint128 *remainder);

#endif							/* SG_LARGEST_REMAINDER_H */
