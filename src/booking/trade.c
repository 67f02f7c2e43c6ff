/*-------------------------------------------------------------------------
 *
 * trade.c
 *	  Trades between participants (doc/reference/booking.md).
 *
 * A trade holds its energy from the moment it is offered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "base/result.h"
#include "booking/trade.h"
#include "call/call.h"
#include "grid/identity.h"
#include "grid/limit.h"
#include "grid/notify.h"
#include "grid/participant.h"
#include "grid/pricing.h"
#include "ledger/ledger.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_trade_status);
PG_FUNCTION_INFO_V1(sg_create_trade);
PG_FUNCTION_INFO_V1(sg_complete_trade);
PG_FUNCTION_INFO_V1(sg_cancel_trade);
PG_FUNCTION_INFO_V1(sg_get_trade_info);

static const char *const status_name[TRADE_STATUS_COUNT] = {
#define TRADE_STATUS(symbol, name)	[TRADE_##symbol] = (name),
#include "booking/trade_status.def"
#undef TRADE_STATUS
};

/* The name of a status by its code; "unknown" if there is none. */
const char *
trade_status_name(int status)
{
	return status >= 0 && status < TRADE_STATUS_COUNT ? status_name[status] : "unknown";
}

/* trade_status(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_trade_status(PG_FUNCTION_ARGS)
{
	int			status = PG_GETARG_INT16(0);

	if (status < 0 || status >= TRADE_STATUS_COUNT)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(status_name[status]));
}

/* The entry of a step of a trade: the seller is the participant, the buyer the counterparty; money in money units. */
static FormLedger
trade_entry(const Grid *grid, LedgerKind kind, const FormTrade *trade, int64 money)
{
	return (FormLedger) {
		.participant_id = trade->seller_id, .counterparty_id = trade->buyer_id,
		.energy = trade->amount, .price = trade->price, .money = money, .trade_id = trade->trade_id,
		.grid_id = grid->form.grid_id, .kind = kind
	};
}

/* What a seller offers. */
typedef struct Offer
{
	const Grid *grid;
	int64		amount;			/* energy units */
	int64		price;			/* money units per kWh */
	int64		cost;			/* out: money units */
} Offer;

/* The energy is held, for pool_apply(). */
static Refusal *
decide_offer(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	Offer	   *offer = arg;
	sg_uint128	cost = pricing_cost(offer->amount, (sg_uint128) offer->price, offer->grid->form.energy_scale);

	if (total[POOL_LOAD] < offer->amount)
		return refuse_insufficient_energy("grid load", total[POOL_LOAD], offer->amount);
	if (!checked_fits_int64(cost))
		return refuse_out_of_range("cost of the trade");
	offer->cost = (int64) cost;
	change[POOL_LOAD] = -offer->amount;
	return NULL;
}

/* SG104 if an offer is so small that its cost, in whole money units, is none. */
static void
require_cost(const Offer *offer)
{
	if (pricing_cost(offer->amount, (sg_uint128) offer->price, offer->grid->form.energy_scale) > 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_AMOUNT),
			 errmsg("a trade of " INT64_FORMAT " energy units at " INT64_FORMAT " money units per kWh costs nothing", offer->amount, offer->price),
			 errdetail("Its cost is less than half a money unit."),
			 errhint("Sell more at once.")));
}

/* The id of the buyer of an offer; SG101 unless it is a consumer, SG106. */
static int64
require_buyer(const Grid *grid, const FormProducer *seller, const char *seller_name, const char *buyer_name)
{
	int64		id = participant_id_for_call(grid, buyer_name);
	StoreRow	row;

	if (id == PARTICIPANT_NONE || !store_find(TABLE_CONSUMER, id, &row))
		error_participant_not_found("consumer", buyer_name, grid);
	require_accepted(refuse_inactive(seller->active, TABLE_PRODUCER, seller_name));
	require_accepted(refuse_inactive(STORE_FORM(&row, FormConsumer)->active, TABLE_CONSUMER, buyer_name));
	return id;
}

/*
 * sg_create_trade(buyer, amount, price) -> id: the calling producer offers
 * buyer amount energy units at price money units per kWh.
 *
 * Checks: SG108 trade with oneself, SG101 producer and consumer, SG106 either,
 * SG104 amount, price and a cost of 0, SG103 unsold and load, 22003 cost.
 * Locks: the producer's row, this backend's stripe, others if it collects.
 */
Datum
sg_create_trade(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *buyer;
	char	   *principal;
	Offer		offer = {0};
	FormProducer *seller;
	FormTrade	trade = {0};

	call_begin(&call, fcinfo, "sg_create_trade");
	buyer = arg_name(fcinfo, 0, "buyer");
	offer.amount = arg_int64(fcinfo, 1, "amount");
	offer.price = arg_int64(fcinfo, 2, "price");
	principal = identity_principal();
	if (strcmp(principal, buyer) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("principal \"%s\" cannot trade with itself", principal)));
	if (!call_act_as(&call, principal))
		return call_answer(&call);
	offer.grid = call.grid;
	seller = call_lock_producer(&call, call.principal);
	store_refresh();
	trade.buyer_id = require_buyer(call.grid, seller, call.principal, buyer);
	require_figure(call.grid, "amount", offer.amount);
	require_figure(call.grid, "price", offer.price);
	require_cost(&offer);
	if (seller->unsold < offer.amount)
		require_accepted(refuse_insufficient_energy("unsold energy", seller->unsold, offer.amount));
	require_accepted(pool_apply(&call.pool, decide_offer, &offer));
	seller->unsold -= offer.amount;

	trade.trade_id = relations_nextval(SEQUENCE_TRADE);
	trade.seller_id = seller->participant_id;
	trade.amount = offer.amount;
	trade.price = offer.price;
	trade.cost = offer.cost;
	trade.created_at = call_now(&call);
	trade.closed_at = DT_NOEND;
	trade.grid_id = call.grid->form.grid_id;
	trade.status = TRADE_PENDING;
	store_insert(TABLE_TRADE, &trade, NULL);
	call_book(&call, trade_entry(call.grid, LEDGER_HOLD, &trade, 0));
	notify_trade(NOTIFY_TRADE_OFFERED, call.grid->name, trade.trade_id);
	return call_end(&call, Int64GetDatum(trade.trade_id));
}

/* Finds a trade of the grid, without a lock; SG101 if there is none. */
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

/* Locks a trade that was found, to be written by call_end(); SG108 if it is not pending any more. */
static FormTrade *
lock_pending_trade(Call *call, int64 trade_id)
{
	StoreRow   *row = call_lock_row(call, TABLE_TRADE, trade_id);

	if (row == NULL)
		error_serialization_failure();
	require_pending(STORE_FORM(row, FormTrade));
	return STORE_FORM(row, FormTrade);
}

/* The trade has ended: with its last entry, of this kind. */
static void
close_trade(Call *call, FormTrade *trade, TradeStatus status, LedgerKind kind, int64 money)
{
	trade->status = status;
	trade->closed_at = call_now(call);
	call_book(call, trade_entry(call->grid, kind, trade, money));
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
	Call		call;
	int64		trade_id;
	StoreRow	found;
	FormTrade  *trade;
	CallRow		buyer_row = {TABLE_CONSUMER};
	CallRow		seller_row = {TABLE_PRODUCER};
	FormConsumer *buyer;
	FormProducer *seller;

	call_begin(&call, fcinfo, "sg_complete_trade");
	trade_id = arg_int64(fcinfo, 0, "trade_id");
	if (!call_act(&call))
		return call_answer(&call);
	trade = find_trade(call.grid, trade_id, &found);
	if (trade->buyer_id != participant_id_for_call(call.grid, call.principal))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only the buyer of trade " INT64_FORMAT " may complete it", trade_id)));
	require_pending(trade);

	buyer_row.id = trade->buyer_id;
	seller_row.id = trade->seller_id;
	call_lock_pair(&call, &buyer_row, &seller_row);
	trade = lock_pending_trade(&call, trade_id);
	buyer = STORE_FORM(buyer_row.row, FormConsumer);
	seller = STORE_FORM(seller_row.row, FormProducer);

	require_accepted(refuse_inactive(buyer->active, TABLE_CONSUMER, call.principal));
	if (!seller->active)
		require_accepted(refuse_inactive(false, TABLE_PRODUCER, participant_name_of(seller->participant_id)));
	if (trade->cost > buyer->balance)
		require_accepted(refuse_insufficient_balance(call.principal, buyer->balance, trade->cost));
	if (!checked_add(seller->earnings, trade->cost, &seller->earnings))
		error_out_of_range("earnings");
	if (!checked_add(buyer->total_consumed, trade->amount, &buyer->total_consumed))
		error_out_of_range("total consumption");
	buyer->balance -= trade->cost;

	close_trade(&call, trade, TRADE_COMPLETED, LEDGER_TRADE, trade->cost);
	notify_trade(NOTIFY_TRADE_COMPLETED, call.grid->name, trade_id);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * The call acts in the current grid, whose operators need no principal; it says
 * whether the caller is one.  False if it is remembered, as call_act().  SG102
 * anybody else without a principal, SG101 grid.
 */
SG_NODISCARD
static bool
act_as_party_or_operator(Call *call, bool *is_operator)
{
	Grid	   *grid = grid_current_or_null();
	char	   *principal;

	*is_operator = grid ? identity_is_operator(grid->operator_role) : identity_is_general_operator();
	principal = *is_operator ? identity_principal_if_set() : identity_principal();
	return call_act_as(call, principal);
}

/* Raises SG102 unless the caller is a party of the trade. */
static void
require_party(const Call *call, const FormTrade *trade)
{
	int64		caller = participant_id_for_call(call->grid, call->principal);

	if (caller != trade->seller_id && caller != trade->buyer_id)
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only seller, buyer or an operator may cancel trade " INT64_FORMAT, trade->trade_id)));
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
	Call		call;
	int64		trade_id;
	bool		is_operator;
	StoreRow	found;
	FormTrade  *trade;
	StoreRow   *seller_row;

	call_begin(&call, fcinfo, "sg_cancel_trade");
	trade_id = arg_int64(fcinfo, 0, "trade_id");
	if (!act_as_party_or_operator(&call, &is_operator))
		return call_answer(&call);
	trade = find_trade(call.grid, trade_id, &found);
	if (!is_operator)
		require_party(&call, trade);
	require_pending(trade);

	seller_row = call_lock_party(&call, TABLE_PRODUCER, trade->seller_id);
	trade = lock_pending_trade(&call, trade_id);
	require_accepted(pool_add(&call.pool, POOL_LOAD, trade->amount));
	STORE_FORM(seller_row, FormProducer)->unsold += trade->amount;	/* never above total_produced */

	close_trade(&call, trade, TRADE_CANCELLED, LEDGER_RELEASE, 0);
	notify_trade(NOTIFY_TRADE_CANCELLED, call.grid->name, trade_id);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_get_trade_info(trade_id) -> the trade, or NULL if there is none in the
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
	if (!identity_may_read_grid(grid->operator_role))
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
