/*-------------------------------------------------------------------------
 *
 * status.c
 *	  The state of a grid: status, price and quotes.
 *
 * Read without locks or writes in the query's snapshot, on a standby too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "base/number.h"
#include "base/result.h"
#include "grid/identity.h"
#include "grid/limit.h"
#include "grid/participant.h"
#include "grid/pool.h"
#include "grid/pricing.h"

PG_FUNCTION_INFO_V1(sg_get_grid_status);
PG_FUNCTION_INFO_V1(sg_grid_state);
PG_FUNCTION_INFO_V1(sg_get_dynamic_price);
PG_FUNCTION_INFO_V1(sg_quote);

/* A result as bigint; 22003 if it does not fit. */
static int64
to_bigint(sg_uint128 value, const char *what)
{
	if (!checked_fits_int64(value))
		error_out_of_range(what);
	return (int64) value;
}

static sg_uint128
price_now(const FormGrid *grid, const int64 total[POOL_FIELDS])
{
	return pricing_dynamic((PriceRule) grid->price_rule, grid->base_price, grid->emergency_mode, total[POOL_LOAD], total[POOL_CAPACITY]);
}

/* What a price beyond bigint is. */
typedef enum PriceBeyond
{
	PRICE_BEYOND_IS_ERROR,		/* 22003 */
	PRICE_BEYOND_IS_NULL
} PriceBeyond;

/* The row of sg_get_grid_status() for a grid. */
static Datum
grid_state(FunctionCallInfo fcinfo, const FormGrid *grid, PriceBeyond beyond)
{
	int64		total[POOL_FIELDS];
	sg_uint128	price;
	ResultRow	result;

	pool_totals(grid->grid_id, total);
	price = price_now(grid, total);
	result_begin(&result, fcinfo);
	result_int64(&result, total[POOL_CAPACITY]);
	result_int64(&result, total[POOL_LOAD]);
	result_datum(&result, number_of_hundredths(pricing_utilization(total[POOL_LOAD], total[POOL_CAPACITY])));
	result_int64(&result, grid->base_price);
	if (beyond == PRICE_BEYOND_IS_NULL && !checked_fits_int64(price))
		result_null(&result);
	else
		result_int64(&result, to_bigint(price, "dynamic price"));
	result_bool(&result, grid->emergency_mode);
	return result_end(&result);
}

/*
 * sg_get_grid_status() -> capacity and load in energy units, utilization in
 * percent, base and dynamic price in money units per kWh, emergency mode, of
 * the current grid.  SG101 if it does not exist; 22003 if the price is beyond
 * bigint.
 */
Datum
sg_get_grid_status(PG_FUNCTION_ARGS)
{
	return grid_state(fcinfo, &grid_current()->form, PRICE_BEYOND_IS_ERROR);
}

/*
 * grid_state(grid_id) -> the same of any grid, NULL if there is none.  For
 * the view sg_grids, which one grid's price beyond bigint must not break for
 * all: that price is NULL.
 */
Datum
sg_grid_state(PG_FUNCTION_ARGS)
{
	StoreRow	row;

	if (!store_find(TABLE_GRID, PG_GETARG_INT32(0), &row))
		PG_RETURN_NULL();
	return grid_state(fcinfo, STORE_FORM(&row, FormGrid), PRICE_BEYOND_IS_NULL);
}

/*
 * sg_get_dynamic_price() -> money units per kWh at the load of now.  SG101 if
 * the current grid does not exist; 22003 if the price is beyond bigint.
 */
Datum
sg_get_dynamic_price(PG_FUNCTION_ARGS)
{
	Grid	   *grid = grid_current();
	int64		total[POOL_FIELDS];

	pool_totals(grid->form.grid_id, total);
	PG_RETURN_INT64(to_bigint(price_now(&grid->form, total), "dynamic price"));
}

/*
 * sg_quote(amount) -> price, cost, affordable, available: what
 * sg_consume_energy(amount) would do now.  For a caller that is no consumer
 * affordable is NULL, and cost that of one who carries nothing.  SG108 if amount
 * is NULL, SG101 if the current grid does not exist, SG104 if amount is not
 * above zero or above max_amount, 22003 if the price or the cost is beyond
 * bigint.
 */
Datum
sg_quote(PG_FUNCTION_ARGS)
{
	int64		amount = arg_int64(fcinfo, 0, "amount");
	Grid	   *grid = grid_current();
	char	   *caller = identity_principal_or_null();
	int64		total[POOL_FIELDS];
	int64		carry = 0;
	int64		id;
	bool		is_consumer;
	sg_uint128	price;
	sg_uint128	cost;
	StoreRow	row;
	ResultRow	result;

	require_figure(grid, "amount", amount);
	pool_totals(grid->form.grid_id, total);
	price = price_now(&grid->form, total);
	id = caller ? participant_id_of(grid, caller) : PARTICIPANT_NONE;
	is_consumer = id != PARTICIPANT_NONE && store_find(TABLE_CONSUMER, id, &row);
	if (is_consumer)
		carry = STORE_FORM(&row, FormConsumer)->cost_carry;
	cost = pricing_consumption(amount, price, grid->form.energy_scale, &carry);

	result_begin(&result, fcinfo);
	result_int64(&result, to_bigint(price, "dynamic price"));
	result_int64(&result, to_bigint(cost, "cost"));
	if (is_consumer)
		result_bool(&result, STORE_FORM(&row, FormConsumer)->balance >= (int64) cost);
	else
		result_null(&result);
	result_bool(&result, total[POOL_LOAD] >= amount);
	return result_end(&result);
}
