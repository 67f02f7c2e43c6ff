/*-------------------------------------------------------------------------
 *
 * coarse.h
 *	  The amount of a long slot in the short slots that it is made of.
 *
 * Part i of n is what the rounded running sum grows by in it: the parts sum to
 * the amount, and none is more than a unit away from what an n-th of it would
 * be.  Halves are rounded away from zero.
 *
 * Nothing here knows PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_COARSE_H
#define SG_COARSE_H

#include <stdint.h>

#include "base/checked.h"

extern int64_t coarse_part(int64_t amount, int n, int i);
extern int64_t coarse_share(int64_t amount, sg_uint128 part, sg_uint128 whole);

#endif							/* SG_COARSE_H */
