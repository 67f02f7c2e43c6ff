/*-------------------------------------------------------------------------
 *
 * money.c
 *	  Money in and out: top-ups and withdrawals (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "booking/money.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_add_consumer_balance);
PG_FUNCTION_INFO_V1(sg_withdraw_earnings);

/*
 * Tops up a consumer by amount money units: fills in the entry of the booking.
 * Whether the consumer is active is the caller's to check.
 *
 * SG104 1 <= amount <= max_topup, 22003 balance.
 */
Refusal *
money_topup(const Booking *booking, FormConsumer *consumer, int64 amount)
{
	const Grid *grid = booking->grid;
	Refusal    *refusal;

	if (amount < 1 || amount > grid->form.max_topup)
	{
		refusal = refuse(ERRCODE_SG_INVALID_AMOUNT, "a top-up of " INT64_FORMAT " money units is outside the grid's range", amount);
		refusal_detail(refusal, "Grid \"%s\" takes 1 to " INT64_FORMAT " money units at a time.", grid->name, grid->form.max_topup);
		return refusal_hint(refusal, "An operator can change max_topup with sg_alter_grid().");
	}
	if (!checked_add(consumer->balance, amount, &consumer->balance))
		return refuse_out_of_range("balance");
	*booking->entry = ledger_money(grid, LEDGER_TOPUP, consumer->participant_id, amount);
	return NULL;
}

/*
 * sg_add_consumer_balance(target, amount) -> true: tops up a consumer by
 * amount money units.  Acts for no participant: needs no principal.
 *
 * Checks: SG101 consumer, SG106, then as money_topup().
 * Locks: the consumer's row.
 */
Datum
sg_add_consumer_balance(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *target;
	int64		amount;
	FormConsumer *consumer;

	call_begin(&call, fcinfo, "sg_add_consumer_balance");
	target = arg_name(fcinfo, 0, "target");
	amount = arg_int64(fcinfo, 1, "amount");
	if (!call_act_for_nobody(&call))
		return call_answer(&call);
	consumer = call_lock_consumer(&call, target);
	require_accepted(refuse_inactive(consumer->active, TABLE_CONSUMER, target));
	require_accepted(money_topup(&call.booking, consumer, amount));
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_withdraw_earnings(amount) -> true: the calling producer takes amount
 * money units of its earnings out.
 *
 * Checks: SG101 producer, SG106, SG104 0 < amount, SG107 amount <= earnings.
 * Locks: the producer's row.
 */
Datum
sg_withdraw_earnings(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		amount;
	FormProducer *producer;

	call_begin(&call, fcinfo, "sg_withdraw_earnings");
	amount = arg_int64(fcinfo, 0, "amount");
	if (!call_act(&call))
		return call_answer(&call);
	producer = call_lock_producer(&call, call.principal);
	require_accepted(refuse_inactive(producer->active, TABLE_PRODUCER, call.principal));
	if (amount <= 0)
		error_not_positive("amount", amount);
	if (amount > producer->earnings)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
				 errmsg("insufficient earnings: producer \"%s\" cannot withdraw " INT64_FORMAT " money units", call.principal, amount),
				 errdetail("Earnings: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", producer->earnings, amount)));
	producer->earnings -= amount;
	call_book(&call, ledger_money(call.grid, LEDGER_WITHDRAWAL, producer->participant_id, amount));
	return call_end(&call, BoolGetDatum(true));
}
