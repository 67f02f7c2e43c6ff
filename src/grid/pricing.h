/*-------------------------------------------------------------------------
 *
 * pricing.h
 *	  The price and cost formulas: pure functions of their arguments, without
 *	  PostgreSQL, tables or errors.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PRICING_H
#define SG_PRICING_H

#include "base/checked.h"

/* An emergency multiplies the base price by this. */
#define PRICING_EMERGENCY_FACTOR	3

extern sg_uint128 pricing_dynamic(int64_t base_price, bool emergency,
								  int64_t load, int64_t capacity);
extern sg_uint128 pricing_cost(int64_t amount, sg_uint128 price, int energy_scale);
extern sg_uint128 pricing_utilization(int64_t load, int64_t capacity);

#endif							/* SG_PRICING_H */
