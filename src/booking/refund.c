/*-------------------------------------------------------------------------
 *
 * refund.c
 *	  Prepaid money that goes back to consumers (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_withdraw_balance);
PG_FUNCTION_INFO_V1(sg_refund);

/* Pays back amount money units of a consumer's balance, and ends the call.  SG104 0 < amount, SG107 amount <= balance. */
static Datum
pay_back(Call *call, const char *principal, FormConsumer *consumer, int64 amount)
{
	if (amount <= 0)
		error_not_positive("amount", amount);
	if (amount > consumer->balance)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
				 errmsg("insufficient balance: consumer \"%s\" cannot get " INT64_FORMAT " money units back", principal, amount),
				 errdetail("Balance: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", consumer->balance, amount)));
	consumer->balance -= amount;
	call_book(call, ledger_money(call->grid, LEDGER_REFUND, consumer->participant_id, amount));
	return call_end(call, BoolGetDatum(true));
}

/*
 * sg_withdraw_balance(amount) -> true: the calling consumer takes amount money
 * units of its balance out.
 *
 * Checks: SG101 consumer, SG106, SG104 0 < amount, SG107 amount <= balance.
 * Locks: the consumer's row.
 */
Datum
sg_withdraw_balance(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		amount;
	FormConsumer *consumer;

	call_begin(&call, fcinfo, "sg_withdraw_balance");
	amount = arg_int64(fcinfo, 0, "amount");
	if (!call_act(&call))
		return call_answer(&call);
	consumer = call_lock_consumer(&call, call.principal);
	require_accepted(refuse_inactive(consumer->active, TABLE_CONSUMER, call.principal));
	return pay_back(&call, call.principal, consumer, amount);
}

/*
 * sg_refund(target, amount) -> true: a consumer, also a deactivated one, gets
 * amount money units of its balance back.  For operators.
 *
 * Checks: SG101 consumer, SG104 0 < amount, SG107 amount <= balance.
 * Locks: the consumer's row.
 */
Datum
sg_refund(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *target;
	int64		amount;

	call_begin(&call, fcinfo, "sg_refund");
	target = arg_name(fcinfo, 0, "target");
	amount = arg_int64(fcinfo, 1, "amount");
	if (!call_operate(&call, "refund a balance"))
		return call_answer(&call);
	return pay_back(&call, target, call_lock_consumer(&call, target), amount);
}
