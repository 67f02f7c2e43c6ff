/*-------------------------------------------------------------------------
 *
 * payout.c
 *	  The revenue of the grid, paid to producers (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_pay_producer);

/* What a producer is paid. */
typedef struct Payout
{
	const FormProducer *producer;
	int64		amount;			/* money units */
	int64		earnings;		/* out: with it */
} Payout;

static Refusal *
decide_payout(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	Payout	   *payout = arg;

	if (payout->amount > total[POOL_REVENUE])
		return refuse_insufficient_money("grid revenue", total[POOL_REVENUE], payout->amount);
	if (!checked_add(payout->producer->earnings, payout->amount, &payout->earnings))
		return refuse_out_of_range("earnings");
	change[POOL_REVENUE] = -payout->amount;
	return NULL;
}

/*
 * sg_pay_producer(target, amount) -> true: amount money units of the grid's
 * revenue become a producer's earnings.  For operators.
 *
 * Checks: SG101 producer, SG106, SG104 0 < amount, SG107 amount <= revenue,
 * 22003 earnings.
 * Locks: the producer's row, this backend's stripe, others if it collects.
 */
Datum
sg_pay_producer(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *target;
	FormProducer *producer;
	Payout		payout = {0};

	call_begin(&call, fcinfo, "sg_pay_producer");
	target = arg_name(fcinfo, 0, "target");
	payout.amount = arg_int64(fcinfo, 1, "amount");
	if (!call_operate(&call, "pay a producer"))
		return call_answer(&call);
	producer = call_lock_producer(&call, target);
	require_accepted(refuse_inactive(producer->active, TABLE_PRODUCER, target));
	if (payout.amount <= 0)
		error_not_positive("amount", payout.amount);
	payout.producer = producer;
	require_accepted(pool_apply(&call.pool, decide_payout, &payout));
	producer->earnings = payout.earnings;
	call_book(&call, ledger_money(call.grid, LEDGER_PAYOUT, producer->participant_id, payout.amount));
	return call_end(&call, BoolGetDatum(true));
}
