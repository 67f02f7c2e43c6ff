/*-------------------------------------------------------------------------
 *
 * trade.c
 *	  Trades between participants (SPEC section 6).
 *
 * A trade holds its energy from the moment it is offered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "base/result.h"
#include "booking/trade.h"
#include "grid/identity.h"
#include "grid/notify.h"
#include "grid/participant.h"
#include "grid/pool.h"
#include "grid/pricing.h"
#include "ledger/ledger.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_create_trade);
PG_FUNCTION_INFO_V1(sg_complete_trade);
PG_FUNCTION_INFO_V1(sg_cancel_trade);
PG_FUNCTION_INFO_V1(sg_get_trade_info);

static const char *const status_name[] = {
	[TRADE_PENDING] = "pending",
	[TRADE_COMPLETED] = "completed",
	[TRADE_CANCELLED] = "cancelled",
};

/* The name of a status by its code; of one that there is not, "unknown". */
const char *
trade_status_name(int status)
{
	return status >= 0 && status < (int) lengthof(status_name) ? status_name[status] : "unknown";
}

/*
 * sg_create_trade(buyer, amount, price) -> id: the calling producer offers
 * buyer amount energy units at price money units per kWh.
 *
 * Checks: SG108 trade with oneself, SG101 producer and consumer, SG106 either,
 * SG104 amount and price, SG103 unsold and load, 22003 cost.
 * Locks: the producer's row, this backend's stripe, others where it collects.
 */
Datum
sg_create_trade(PG_FUNCTION_ARGS)
{
	char	   *buyer_name;
	int64		amount;
	int64		price;
	char	   *principal;
	Grid	   *grid;
	StoreRow	seller_row;
	StoreRow	buyer_row;
	int64		buyer_id;
	FormProducer *seller;
	FormConsumer *buyer;
	sg_uint128	cost;
	Pool		pool;
	FormTrade	trade = {0};
	FormLedger	entry;

	store_begin("sg_create_trade");
	buyer_name = arg_name(fcinfo, 0, "buyer");
	amount = arg_int64(fcinfo, 1, "amount");
	price = arg_int64(fcinfo, 2, "price");
	principal = identity_principal();
	if (strcmp(principal, buyer_name) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("principal \"%s\" cannot trade with itself", principal)));
	grid = grid_for_call();

	seller = producer_lock(grid, principal, &seller_row);
	store_refresh();
	buyer_id = participant_id_for_call(grid, buyer_name);
	if (buyer_id == PARTICIPANT_NONE || !store_find(TABLE_CONSUMER, buyer_id, &buyer_row))
		error_participant_not_found("consumer", buyer_name, grid);
	buyer = STORE_FORM(&buyer_row, FormConsumer);
	participant_require_active(seller->active, "producer", principal);
	participant_require_active(buyer->active, "consumer", buyer_name);
	if (amount <= 0)
		error_not_positive("amount", amount);
	if (price <= 0)
		error_not_positive("price", price);
	if (seller->unsold < amount)
		error_insufficient_energy("unsold energy", seller->unsold, amount);

	pool_open(&pool, grid);
	if (!pool_cover(&pool, POOL_LOAD, amount))
		error_insufficient_energy("grid load", pool.total[POOL_LOAD], amount);
	cost = pricing_cost(amount, (sg_uint128) price, grid->form.energy_scale);
	if (!checked_fits_int64(cost))
		error_out_of_range("cost of the trade");
	seller->unsold -= amount;
	pool_subtract(&pool, POOL_LOAD, amount);

	trade.trade_id = relations_nextval(SEQUENCE_TRADE);
	trade.seller_id = seller->participant_id;
	trade.buyer_id = buyer_id;
	trade.amount = amount;
	trade.price = price;
	trade.cost = (int64) cost;
	trade.created_at = GetCurrentTimestamp();
	trade.closed_at = DT_NOEND;
	trade.grid_id = grid->form.grid_id;
	trade.status = TRADE_PENDING;

	store_update(&seller_row);
	store_insert(TABLE_TRADE, &trade, NULL);
	pool_write(&pool);
	entry = ledger_trade(grid, LEDGER_HOLD, &trade, 0);
	ledger_append_at(&entry, trade.created_at);
	notify_trade(NOTIFY_TRADE_OFFERED, grid->name, trade.trade_id);
	store_end();
	PG_RETURN_INT64(trade.trade_id);
}

/* Finds a trade of the grid, without a lock; SG101 where there is none. */
static FormTrade *
find_trade(const Grid *grid, int64 trade_id, StoreRow *row)
{
	if (!store_find(TABLE_TRADE, trade_id, row) ||
		STORE_FORM(row, FormTrade)->grid_id != grid->form.grid_id)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("trade " INT64_FORMAT " does not exist in grid \"%s\"", trade_id, grid->name)));
	return STORE_FORM(row, FormTrade);
}

/* Raises SG108 unless the trade is pending. */
static void
require_pending(const FormTrade *trade)
{
	if (trade->status != TRADE_PENDING)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("trade " INT64_FORMAT " is not pending", trade->trade_id),
				 errdetail("It is %s.", trade_status_name(trade->status))));
}

/* Locks a trade that was found; SG108 where it is not pending any more. */
static FormTrade *
lock_pending_trade(int64 trade_id, StoreRow *row)
{
	FormTrade  *trade;

	if (!store_lock(TABLE_TRADE, trade_id, row))
		error_serialization_failure();
	trade = STORE_FORM(row, FormTrade);
	require_pending(trade);
	return trade;
}

/* Locks the row of a party of a trade, which registration made and nothing removes. */
static void
lock_party(StoreTable table, int64 participant_id, StoreRow *row)
{
	if (!store_lock(table, participant_id, row))
		elog(ERROR, "trade refers to participant " INT64_FORMAT ", which does not exist", participant_id);
}

static void
close_trade(StoreRow *row, TradeStatus status)
{
	FormTrade  *trade = STORE_FORM(row, FormTrade);

	trade->status = status;
	trade->closed_at = GetCurrentTimestamp();
	store_update(row);
}

/*
 * sg_complete_trade(trade_id) -> true: the calling buyer accepts the trade and
 * pays for it.
 *
 * Checks: SG101 trade, SG102 not its buyer, SG108 not pending, SG106 buyer or
 * seller, SG107 balance, 22003 totals.
 * Locks: the rows of buyer and seller by id, the trade's row.
 */
Datum
sg_complete_trade(PG_FUNCTION_ARGS)
{
	int64		trade_id;
	char	   *principal;
	Grid	   *grid;
	StoreRow	trade_row;
	StoreRow	buyer_row;
	StoreRow	seller_row;
	FormTrade  *trade;
	FormConsumer *buyer;
	FormProducer *seller;
	FormLedger	entry;

	store_begin("sg_complete_trade");
	trade_id = arg_int64(fcinfo, 0, "trade_id");
	principal = identity_principal();
	grid = grid_for_call();
	trade = find_trade(grid, trade_id, &trade_row);
	if (trade->buyer_id != participant_id_for_call(grid, principal))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only the buyer of trade " INT64_FORMAT " may complete it", trade_id)));
	require_pending(trade);

	if (trade->seller_id < trade->buyer_id)
	{
		lock_party(TABLE_PRODUCER, trade->seller_id, &seller_row);
		lock_party(TABLE_CONSUMER, trade->buyer_id, &buyer_row);
	}
	else
	{
		lock_party(TABLE_CONSUMER, trade->buyer_id, &buyer_row);
		lock_party(TABLE_PRODUCER, trade->seller_id, &seller_row);
	}
	trade = lock_pending_trade(trade_id, &trade_row);
	buyer = STORE_FORM(&buyer_row, FormConsumer);
	seller = STORE_FORM(&seller_row, FormProducer);

	participant_require_active(buyer->active, "consumer", principal);
	participant_require_active(seller->active, "producer", participant_name_of(seller->participant_id));
	if (trade->cost > buyer->balance)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
				 errmsg("insufficient balance: consumer \"%s\" cannot pay " INT64_FORMAT " money units", principal, trade->cost),
				 errdetail("Balance: " INT64_FORMAT ", cost: " INT64_FORMAT ".", buyer->balance, trade->cost),
				 errhint("Top up the balance with sg_add_consumer_balance().")));
	if (!checked_add(seller->earnings, trade->cost, &seller->earnings))
		error_out_of_range("earnings");
	if (!checked_add(buyer->total_consumed, trade->amount, &buyer->total_consumed))
		error_out_of_range("total consumption");
	buyer->balance -= trade->cost;

	store_update(&buyer_row);
	store_update(&seller_row);
	close_trade(&trade_row, TRADE_COMPLETED);
	entry = ledger_trade(grid, LEDGER_TRADE, trade, trade->cost);
	ledger_append_at(&entry, trade->closed_at);
	notify_trade(NOTIFY_TRADE_COMPLETED, grid->name, trade_id);
	store_end();
	PG_RETURN_BOOL(true);
}

/*
 * sg_cancel_trade(trade_id) -> true: the energy of the trade goes back to the
 * seller's unsold energy and to the load.  For seller, buyer and operator.
 *
 * Checks: SG101 trade, SG102 none of these, SG108 not pending, 22003 load.
 * Locks: the seller's row, the trade's row, this backend's stripe.
 */
Datum
sg_cancel_trade(PG_FUNCTION_ARGS)
{
	int64		trade_id;
	char	   *principal;
	bool		is_operator;
	Grid	   *grid;
	StoreRow	trade_row;
	StoreRow	seller_row;
	FormTrade  *trade;
	FormProducer *seller;
	Pool		pool;
	FormLedger	entry;

	store_begin("sg_cancel_trade");
	trade_id = arg_int64(fcinfo, 0, "trade_id");
	grid = grid_current_or_null();
	is_operator = grid ? identity_is_operator(grid->form.operator_role) : identity_is_general_operator();
	principal = is_operator ? identity_principal_if_set() : identity_principal();
	if (grid == NULL)
		error_grid_not_found(grid_current_name());
	trade = find_trade(grid, trade_id, &trade_row);
	if (!is_operator)
	{
		int64		caller = participant_id_for_call(grid, principal);

		if (caller != trade->seller_id && caller != trade->buyer_id)
			ereport(ERROR,
					(errcode(ERRCODE_SG_UNAUTHORIZED),
					 errmsg("only seller, buyer or an operator may cancel trade " INT64_FORMAT, trade_id)));
	}
	require_pending(trade);

	lock_party(TABLE_PRODUCER, trade->seller_id, &seller_row);
	trade = lock_pending_trade(trade_id, &trade_row);
	seller = STORE_FORM(&seller_row, FormProducer);

	pool_open(&pool, grid);
	pool_require_room(&pool, POOL_LOAD, trade->amount);
	seller->unsold += trade->amount;	/* never above total_produced */
	pool_add(&pool, POOL_LOAD, trade->amount);

	store_update(&seller_row);
	close_trade(&trade_row, TRADE_CANCELLED);
	pool_write(&pool);
	entry = ledger_trade(grid, LEDGER_RELEASE, trade, 0);
	ledger_append_at(&entry, trade->closed_at);
	notify_trade(NOTIFY_TRADE_CANCELLED, grid->name, trade_id);
	store_end();
	PG_RETURN_BOOL(true);
}

/*
 * sg_get_trade_info(trade_id) -> the trade, or NULL where there is none in the
 * current grid or the caller is no party of it and no reader of the grid.
 */
Datum
sg_get_trade_info(PG_FUNCTION_ARGS)
{
	int64		trade_id = arg_int64(fcinfo, 0, "trade_id");
	Grid	   *grid = grid_current();
	StoreRow	row;
	FormTrade  *trade;
	ResultRow	result;

	if (!store_find(TABLE_TRADE, trade_id, &row))
		PG_RETURN_NULL();
	trade = STORE_FORM(&row, FormTrade);
	if (trade->grid_id != grid->form.grid_id)
		PG_RETURN_NULL();
	if (!identity_may_read_grid(grid->form.operator_role))
	{
		char	   *caller = identity_principal_or_null();
		int64		caller_id = caller ? participant_id_of(grid, caller) : PARTICIPANT_NONE;

		if (caller_id == PARTICIPANT_NONE ||
			(caller_id != trade->seller_id && caller_id != trade->buyer_id))
			PG_RETURN_NULL();
	}

	result_begin(&result, fcinfo);
	result_text(&result, participant_name_of(trade->seller_id));
	result_text(&result, participant_name_of(trade->buyer_id));
	result_int64(&result, trade->amount);
	result_int64(&result, trade->price);
	result_int64(&result, trade->cost);
	result_text(&result, trade_status_name(trade->status));
	result_bool(&result, trade->status == TRADE_COMPLETED);
	result_timestamptz(&result, trade->created_at);
	if (trade->status == TRADE_COMPLETED)
		result_timestamptz(&result, trade->closed_at);
	else
		result_null(&result);
	return result_end(&result);
}
