/*-------------------------------------------------------------------------
 *
 * energy.c
 *	  Production and consumption (SPEC section 5).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "booking/energy.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/pool.h"
#include "grid/pricing.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_report_production);
PG_FUNCTION_INFO_V1(sg_consume_energy);

/*
 * A producer has fed in amount energy units: checks and effects, into
 * producer, pool and entry.  An error leaves all three as they were.
 *
 * SG106, SG104 0 <= amount <= capacity, 22003 totals.
 */
void
energy_produce(const Grid *grid, const char *principal, FormProducer *producer, int64 amount,
			   Pool *pool, FormLedger *entry)
{
	int64		total;

	participant_require_active(producer->active, "producer", principal);
	if (amount < 0 || amount > producer->capacity)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a report of " INT64_FORMAT " energy units is outside the producer's range", amount),
				 errdetail("Producer \"%s\" may report 0 to " INT64_FORMAT " energy units at a time.", principal, producer->capacity)));
	if (!checked_add(producer->total_produced, amount, &total))
		error_out_of_range("total production");
	pool_require_room(pool, POOL_LOAD, amount);

	producer->total_produced = total;
	producer->unsold += amount; /* never above total_produced */
	producer->current_production = amount;
	pool_add(pool, POOL_LOAD, amount);
	*entry = ledger_energy(grid, LEDGER_PRODUCTION, producer->participant_id, amount, 0, 0);
}

/*
 * sg_report_production(amount) -> true: the calling producer has fed in amount
 * energy units.
 *
 * Checks: SG101 producer, then as energy_produce().
 * Locks: the producer's row, this backend's stripe.
 */
Datum
sg_report_production(PG_FUNCTION_ARGS)
{
	int64		amount;
	char	   *principal;
	Grid	   *grid;
	StoreRow	row;
	FormProducer *producer;
	Pool		pool;
	FormLedger	entry;

	store_begin("sg_report_production");
	amount = arg_int64(fcinfo, 0, "amount");
	principal = identity_principal();
	grid = grid_for_call();
	producer = producer_lock(grid, principal, &row);
	pool_open(&pool, grid);
	energy_produce(grid, principal, producer, amount, &pool, &entry);

	store_update(&row);
	pool_write(&pool);
	ledger_append(&entry);
	store_end();
	PG_RETURN_BOOL(true);
}

/* Raises SG104 where the cost passes max_cost. */
static void
check_max_cost(sg_uint128 cost, sg_uint128 price, int64 max_cost)
{
	if (max_cost >= 0 && cost <= (sg_uint128) max_cost)
		return;
	if (checked_fits_int64(cost) && checked_fits_int64(price))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("the cost of " INT64_FORMAT " money units exceeds max_cost", (int64) cost),
				 errdetail("The price is " INT64_FORMAT " money units per kWh, max_cost is " INT64_FORMAT ".", (int64) price, max_cost),
				 errhint("Try again later, or with a higher max_cost.")));
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_AMOUNT),
			 errmsg("the cost exceeds max_cost"),
			 errdetail("The cost is beyond bigint, max_cost is " INT64_FORMAT ".", max_cost)));
}

/* Raises SG107 where the balance does not cover the cost; compared in 128 bits. */
static void
check_balance(sg_uint128 cost, int64 balance, const char *principal)
{
	if (cost <= (sg_uint128) balance)
		return;
	if (checked_fits_int64(cost))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
				 errmsg("insufficient balance: consumer \"%s\" cannot pay " INT64_FORMAT " money units", principal, (int64) cost),
				 errdetail("Balance: " INT64_FORMAT ", cost: " INT64_FORMAT ".", balance, (int64) cost),
				 errhint("Top up the balance with sg_add_consumer_balance().")));
	ereport(ERROR,
			(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
			 errmsg("insufficient balance: consumer \"%s\" cannot pay a cost beyond bigint", principal),
			 errdetail("Balance: " INT64_FORMAT ".", balance)));
}

/* The price at the load and capacity of the pool, and what amount costs at it. */
static sg_uint128
cost_now(const Grid *grid, const Pool *pool, int64 amount, sg_uint128 *price)
{
	*price = pricing_dynamic(grid->form.base_price, grid->form.emergency_mode,
							 pool->total[POOL_LOAD], pool->total[POOL_CAPACITY]);
	return pricing_cost(amount, *price, grid->form.energy_scale);
}

/*
 * A consumer takes amount energy units off the grid at the dynamic price:
 * checks and effects, into consumer, pool and entry.  An error leaves all
 * three as they were, but for energy moved between stripes.  max_cost may be
 * NULL: no limit.
 *
 * SG106, SG104 0 < amount <= limit, SG104 max_cost, SG103 load, SG107 balance,
 * 22003 totals.
 */
void
energy_consume(const Grid *grid, const char *principal, FormConsumer *consumer, int64 amount,
			   const int64 *max_cost, Pool *pool, FormLedger *entry)
{
	sg_uint128	price;
	sg_uint128	cost;
	int64		total;

	participant_require_active(consumer->active, "consumer", principal);
	if (amount <= 0 || amount > consumer->consumption_limit)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a consumption of " INT64_FORMAT " energy units is outside the consumer's range", amount),
				 errdetail("Consumer \"%s\" may take 1 to " INT64_FORMAT " energy units at a time.", principal, consumer->consumption_limit)));
	cost = cost_now(grid, pool, amount, &price);
	if (max_cost)
		check_max_cost(cost, price, *max_cost);
	if (!pool_cover(pool, POOL_LOAD, amount))
		error_insufficient_energy("grid load", pool->total[POOL_LOAD], amount);

	/* Covering may have waited for others: the price is that of the load it found. */
	cost = cost_now(grid, pool, amount, &price);
	if (max_cost)
		check_max_cost(cost, price, *max_cost);
	check_balance(cost, consumer->balance, principal);
	if (!checked_fits_int64(price))
		error_out_of_range("price");
	if (!checked_add(consumer->total_consumed, amount, &total))
		error_out_of_range("total consumption");
	pool_require_room(pool, POOL_REVENUE, (int64) cost);

	consumer->total_consumed = total;
	consumer->balance -= (int64) cost;
	consumer->current_usage = amount;
	pool_subtract(pool, POOL_LOAD, amount);
	pool_add(pool, POOL_REVENUE, (int64) cost);
	*entry = ledger_energy(grid, LEDGER_CONSUMPTION, consumer->participant_id, amount, (int64) price, (int64) cost);
}

/*
 * sg_consume_energy(amount, max_cost) -> true: the calling consumer takes
 * amount energy units off the grid and pays the dynamic price, at most
 * max_cost money units where that is not NULL.
 *
 * Checks: SG101 consumer, then as energy_consume().
 * Locks: the consumer's row, this backend's stripe, others where it collects.
 */
Datum
sg_consume_energy(PG_FUNCTION_ARGS)
{
	int64		amount;
	int64		max_cost = 0;
	char	   *principal;
	Grid	   *grid;
	StoreRow	row;
	FormConsumer *consumer;
	Pool		pool;
	FormLedger	entry;

	store_begin("sg_consume_energy");
	amount = arg_int64(fcinfo, 0, "amount");
	if (!PG_ARGISNULL(1))
		max_cost = PG_GETARG_INT64(1);
	principal = identity_principal();
	grid = grid_for_call();
	consumer = consumer_lock(grid, principal, &row);
	pool_open(&pool, grid);
	energy_consume(grid, principal, consumer, amount, PG_ARGISNULL(1) ? NULL : &max_cost, &pool, &entry);

	store_update(&row);
	pool_write(&pool);
	ledger_append(&entry);
	store_end();
	PG_RETURN_BOOL(true);
}
