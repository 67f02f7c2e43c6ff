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

/* How a grid prices.  The codes are stored; the names are those of price_rule_name() (grid.c). */
typedef enum PriceRule
{
	PRICE_LOAD,					/* rises with what is on the grid */
	PRICE_SCARCITY,				/* rises with what is missing for the capacity */
	PRICE_FLAT,					/* the base price */
	PRICE_RULE_COUNT
} PriceRule;

extern sg_uint128 pricing_dynamic(PriceRule rule, int64_t base_price, bool emergency,
								  int64_t load, int64_t capacity);
extern sg_uint128 pricing_cost(int64_t amount, sg_uint128 price, int energy_scale);
extern sg_uint128 pricing_consumption(int64_t amount, sg_uint128 price, int energy_scale, int64_t *carry);
extern sg_int128 pricing_settle(sg_int128 value, int energy_scale, int64_t *carry);
extern sg_uint128 pricing_utilization(int64_t load, int64_t capacity);

#endif							/* SG_PRICING_H */
