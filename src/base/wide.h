/*-------------------------------------------------------------------------
 *
 * wide.h
 *	  Sums of products of 128-bit numbers, exactly: 256 bits.
 *
 * Free of PostgreSQL headers, as checked.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_WIDE_H
#define SG_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"

#define WIDE_WORDS	4

/* Two's complement, the lowest word first. */
typedef struct Wide
{
	uint64_t	word[WIDE_WORDS];
} Wide;

/* Each is false, and what it has made of *sum of no use, if the result does not fit. */
extern bool wide_add(Wide *sum, const Wide *term);
extern bool wide_add_product(Wide *sum, sg_int128 a, sg_int128 b);
extern bool wide_multiply(Wide *value, uint64_t factor);

extern bool wide_is_negative(const Wide *value);
extern void wide_negate(Wide *value);
extern uint64_t wide_divide(Wide *magnitude, uint64_t divisor);
extern bool wide_to_int128(const Wide *value, sg_int128 *result);

/* value / (10^digits * divisor), rounded half away from zero; divisor below 2^62. */
extern bool wide_round(const Wide *value, int digits, uint64_t divisor, sg_int128 *result);

#endif							/* SG_WIDE_H */
