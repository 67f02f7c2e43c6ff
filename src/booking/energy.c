/*-------------------------------------------------------------------------
 *
 * energy.c
 *	  Production and consumption (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "booking/energy.h"
#include "grid/limit.h"
#include "grid/participant.h"
#include "grid/pricing.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_report_production);
PG_FUNCTION_INFO_V1(sg_consume_energy);

/*
 * A producer has fed in amount energy units.
 *
 * Whether the producer is active is the caller's to check.
 *
 * SG104 0 <= amount <= capacity, SG104 max_amount, 22003 totals.
 */
Refusal *
energy_produce(const Booking *booking, const char *principal, FormProducer *producer, int64 amount)
{
	Refusal    *refusal;
	int64		total;

	if (amount < 0 || amount > producer->capacity)
		return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT,
									 "a report of " INT64_FORMAT " energy units is outside the producer's range", amount),
							  "Producer \"%s\" may report 0 to " INT64_FORMAT " energy units at a time.", principal, producer->capacity);
	refusal = refuse_above_limit(booking->grid, "report", amount);
	if (refusal)
		return refusal;
	if (!checked_add(producer->total_produced, amount, &total))
		return refuse_out_of_range("total production");
	refusal = pool_add(booking->pool, POOL_LOAD, amount);
	if (refusal)
		return refusal;

	producer->total_produced = total;
	producer->unsold += amount; /* never above total_produced */
	producer->current_production = amount;
	*booking->entry = ledger_energy(booking->grid, LEDGER_PRODUCTION, producer->participant_id, amount, 0, 0);
	return NULL;
}

/*
 * sg_report_production(amount) -> true: the calling producer has fed in amount
 * energy units.
 *
 * Checks: SG101 producer, SG106, then as energy_produce().
 * Locks: the producer's row, this backend's stripe.
 */
Datum
sg_report_production(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		amount;
	FormProducer *producer;

	call_begin(&call, fcinfo, "sg_report_production");
	amount = arg_int64(fcinfo, 0, "amount");
	if (!call_act(&call))
		return call_answer(&call);
	producer = call_lock_producer(&call, call.principal);
	require_accepted(refuse_inactive(producer->active, TABLE_PRODUCER, call.principal));
	require_accepted(energy_produce(&call.booking, call.principal, producer, amount));
	return call_end(&call, BoolGetDatum(true));
}

/* What a consumer takes off the grid, and what that costs. */
typedef struct Consumption
{
	const Grid *grid;
	const char *principal;
	const FormConsumer *consumer;
	int64		amount;			/* energy units */
	const int64 *max_cost;		/* money units; NULL: no limit */
	int64		total;			/* out: total consumption with it */
	int64		price;			/* out: money units per kWh */
	int64		cost;			/* out: money units */
	int64		carry;			/* out: 10^-energy_scale money units */
} Consumption;

/* SG104: the cost passes max_cost. */
static Refusal *
refuse_cost_above(sg_uint128 cost, sg_uint128 price, int64 max_cost)
{
	Refusal    *refusal;

	if (max_cost >= 0 && cost <= (sg_uint128) max_cost)
		return NULL;
	if (!checked_fits_int64(cost) || !checked_fits_int64(price))
		return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT, "the cost exceeds max_cost"),
							  "The cost is beyond bigint, max_cost is " INT64_FORMAT ".", max_cost);
	refusal = refuse(ERRCODE_SG_INVALID_AMOUNT, "the cost of " INT64_FORMAT " money units exceeds max_cost", (int64) cost);
	refusal_detail(refusal, "The price is " INT64_FORMAT " money units per kWh, max_cost is " INT64_FORMAT ".", (int64) price, max_cost);
	return refusal_hint(refusal, "Try again later, or with a higher max_cost.");
}

/* SG107: the balance does not cover the cost; compared in 128 bits. */
static Refusal *
refuse_cost_uncovered(sg_uint128 cost, int64 balance, const char *principal)
{
	if (cost <= (sg_uint128) balance)
		return NULL;
	if (checked_fits_int64(cost))
		return refuse_insufficient_balance(principal, balance, (int64) cost);
	return refusal_detail(refuse(ERRCODE_SG_INSUFFICIENT_BALANCE,
								 "insufficient balance: consumer \"%s\" cannot pay a cost beyond bigint", principal),
						  "Balance: " INT64_FORMAT ".", balance);
}

/* The energy at the price of the load before it, for pool_apply(). */
static Refusal *
decide_consumption(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	Consumption *taken = arg;
	const FormGrid *grid = &taken->grid->form;
	sg_uint128	price = pricing_dynamic((PriceRule) grid->price_rule, grid->base_price, grid->emergency_mode, total[POOL_LOAD], total[POOL_CAPACITY]);
	int64		carry = taken->consumer->cost_carry;
	sg_uint128	cost = pricing_consumption(taken->amount, price, grid->energy_scale, &carry);
	Refusal    *refusal = taken->max_cost ? refuse_cost_above(cost, price, *taken->max_cost) : NULL;

	if (refusal)
		return refusal;
	if (total[POOL_LOAD] < taken->amount)
		return refuse_insufficient_energy("grid load", total[POOL_LOAD], taken->amount);
	refusal = refuse_cost_uncovered(cost, taken->consumer->balance, taken->principal);
	if (refusal)
		return refusal;
	if (!checked_fits_int64(price))
		return refuse_out_of_range("price");
	if (!checked_add(taken->consumer->total_consumed, taken->amount, &taken->total))
		return refuse_out_of_range("total consumption");
	taken->price = (int64) price;
	taken->cost = (int64) cost;
	taken->carry = carry;
	change[POOL_LOAD] = -taken->amount;
	change[POOL_REVENUE] = taken->cost;
	return NULL;
}

/*
 * A consumer takes amount energy units off the grid at the dynamic price.
 * max_cost, in money units, may be NULL: no limit.  Whether the consumer is
 * active is the caller's to check.
 *
 * SG104 least amount <= amount <= limit, SG104 max_amount, SG104 max_cost, SG103
 * load, SG107 balance, 22003 totals.
 */
Refusal *
energy_consume(const Booking *booking, const char *principal, FormConsumer *consumer, int64 amount, const int64 *max_cost)
{
	Consumption taken = {
		.grid = booking->grid, .principal = principal, .consumer = consumer, .amount = amount, .max_cost = max_cost
	};
	Refusal    *refusal;

	if (amount < booking->least || amount > consumer->consumption_limit)
		return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT,
									 "a consumption of " INT64_FORMAT " energy units is outside the consumer's range", amount),
							  "Consumer \"%s\" may take " INT64_FORMAT " to " INT64_FORMAT " energy units at a time.",
							  principal, booking->least, consumer->consumption_limit);
	refusal = refuse_above_limit(booking->grid, "consumption", amount);
	if (refusal)
		return refusal;
	refusal = pool_apply(booking->pool, decide_consumption, &taken);
	if (refusal)
		return refusal;

	consumer->total_consumed = taken.total;
	consumer->balance -= taken.cost;
	consumer->cost_carry = taken.carry;
	consumer->current_usage = amount;
	*booking->entry = ledger_energy(booking->grid, LEDGER_CONSUMPTION, consumer->participant_id, amount, taken.price, taken.cost);
	return NULL;
}

/*
 * sg_consume_energy(amount, max_cost) -> true: the calling consumer takes
 * amount energy units off the grid and pays the dynamic price, at most
 * max_cost money units if that is not NULL.
 *
 * Checks: SG101 consumer, SG106, then as energy_consume().
 * Locks: the consumer's row, this backend's stripe, others if it collects.
 */
Datum
sg_consume_energy(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		amount;
	int64		max_cost = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1);
	FormConsumer *consumer;

	call_begin(&call, fcinfo, "sg_consume_energy");
	amount = arg_int64(fcinfo, 0, "amount");
	if (!call_act(&call))
		return call_answer(&call);
	consumer = call_lock_consumer(&call, call.principal);
	require_accepted(refuse_inactive(consumer->active, TABLE_CONSUMER, call.principal));
	require_accepted(energy_consume(&call.booking, call.principal, consumer, amount, PG_ARGISNULL(1) ? NULL : &max_cost));
	return call_end(&call, BoolGetDatum(true));
}
