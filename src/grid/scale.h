/*-------------------------------------------------------------------------
 *
 * scale.h
 *	  Scales: how many units of energy or money are one kWh or one unit of the
 *	  currency.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SCALE_H
#define SG_SCALE_H

#include "postgres.h"

#include "base/checked.h"

/* The largest scale: 10^18 is the largest power of ten in a bigint. */
#define SCALE_MAX		18

/* Can a grid have this energy_scale or money_scale? */
static inline bool
scale_is_valid(int32 scale)
{
	return scale >= 0 && scale <= SCALE_MAX;
}

/* How many units are one kWh or one unit of the currency: 10^scale. */
static inline int64
scale_factor(int scale)
{
	int64		factor = 1;

	for (int i = 0; i < scale; i++)
		factor *= 10;
	return factor;
}

extern Datum scale_sum(sg_int128 units, int32 scale);
extern Datum scale_number(Datum units, int32 scale);

#endif							/* SG_SCALE_H */
