/*-------------------------------------------------------------------------
 *
 * pricing.c
 *	  The price and cost formulas.
 *
 * No PostgreSQL here: every function is total, takes amounts that are not
 * negative, and returns 128 bits, so that the caller decides what a result
 * beyond bigint means.
 *
 *-------------------------------------------------------------------------
 */
#include "grid/pricing.h"

/*
 * The dynamic price, in money units per kWh.
 *
 * emergency:  base * 3
 * load:       base + base * load / (2 * capacity)
 * scarcity:   base + base * (capacity - min(load, capacity)) / (2 * capacity)
 * flat:       base
 *
 * The product comes first, then one truncating division; base if the capacity
 * is 0.  base * load < 2^126, so nothing can wrap.
 */
sg_uint128
pricing_dynamic(PriceRule rule, int64_t base_price, bool emergency, int64_t load, int64_t capacity)
{
	sg_uint128	base = (sg_uint128) base_price;
	sg_uint128	part = 0;

	if (emergency)
		return base * PRICING_EMERGENCY_FACTOR;
	if (capacity <= 0)
		return base;
	if (rule == PRICE_LOAD)
		part = (sg_uint128) load;
	else if (rule == PRICE_SCARCITY && load < capacity)
		part = (sg_uint128) (capacity - load);
	return base + base * part / (2 * (sg_uint128) capacity);
}

/* A kWh in energy units, and so a money unit in what consumers carry: 10^energy_scale. */
static int64_t
unit_of(int energy_scale)
{
	int64_t		unit = 1;

	for (int i = 0; i < energy_scale; i++)
		unit *= 10;
	return unit;
}

/*
 * The cost of a trade of amount energy units at price money units per kWh, in money
 * units: amount * price / 10^energy_scale, rounded half away from zero.
 *
 * A product beyond 128 bits is saturated; even divided by 10^18 it is far beyond
 * bigint, which is all a caller asks.
 */
sg_uint128
pricing_cost(int64_t amount, sg_uint128 price, int energy_scale)
{
	sg_uint128	product = checked_mul_saturated((sg_uint128) amount, price);
	sg_uint128	divisor = (sg_uint128) unit_of(energy_scale);

	if (energy_scale == 0)
		return product;
	return checked_add_saturated(product, divisor / 2) / divisor;
}

/*
 * What a consumer pays, in money units, for amount energy units at price money
 * units per kWh: (amount * price + *carry) / 10^energy_scale, rounded down.
 * What is left, 0 <= *carry < 10^energy_scale, it carries to the next call, so
 * that no rounding is ever lost.
 *
 * A product beyond 128 bits is saturated as in pricing_cost(); what is carried
 * means nothing then.
 */
sg_uint128
pricing_consumption(int64_t amount, sg_uint128 price, int energy_scale, int64_t *carry)
{
	sg_uint128	due = checked_mul_saturated((sg_uint128) amount, price);
	sg_uint128	unit;
	sg_uint128	cost;

	if (energy_scale == 0)
		return due;
	due = checked_add_saturated(due, (sg_uint128) *carry);
	unit = (sg_uint128) unit_of(energy_scale);
	cost = due / unit;
	*carry = (int64_t) (due - cost * unit);
	return cost;
}

/*
 * What a consumer pays, in money units, for energy worth value, its amount *
 * price, which is below 2^126; below zero: what it gets back.  What is left,
 * 0 <= *carry < 10^energy_scale, it carries to the next call.
 */
sg_int128
pricing_settle(sg_int128 value, int energy_scale, int64_t *carry)
{
	sg_int128	due = value + *carry;
	sg_int128	unit = unit_of(energy_scale);
	sg_int128	money = due / unit;

	if (due % unit < 0)
		money--;
	*carry = (int64_t) (due - money * unit);
	return money;
}

/*
 * Utilization in hundredths of a percent: 10000 * load / capacity, rounded
 * half up, or 0 if the capacity is 0.
 */
sg_uint128
pricing_utilization(int64_t load, int64_t capacity)
{
	sg_uint128	cap = (sg_uint128) capacity;

	if (capacity <= 0)
		return 0;
	return ((sg_uint128) 20000 * (sg_uint128) load + cap) / (2 * cap);
}
