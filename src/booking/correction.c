/*-------------------------------------------------------------------------
 *
 * correction.c
 *	  Correcting a reading: taking it back and booking the right one, in one
 *	  call (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/reversal.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_correct_reading);

/* The most that a reading of this kind may say of a participant now, energy units. */
static int64
limit_of(int kind, const StoreRow *row)
{
	switch (kind)
	{
		case LEDGER_PRODUCTION:
			return STORE_FORM(row, FormProducer)->capacity;
		case LEDGER_CONSUMPTION:
			return STORE_FORM(row, FormConsumer)->consumption_limit;
		case LEDGER_CHARGE:
			return STORE_FORM(row, FormStorage)->charge_rate;
		default:
			return STORE_FORM(row, FormStorage)->discharge_rate;
	}
}

/* Raises SG104 unless the amount is 0 to what the participant may report now. */
static void
require_in_range(const Reversal *reversal, int64 amount)
{
	int64		limit = Min(limit_of(reversal->original.kind, reversal->party), reversal->call->grid->max_amount);

	if (amount < 0 || amount > limit)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a %s of " INT64_FORMAT " energy units is outside the participant's range",
						ledger_kind_name(reversal->original.kind), amount),
				 errdetail("It may be 0 to " INT64_FORMAT " energy units at a time.", limit)));
}

/*
 * sg_correct_reading(entry_id, amount, reason) -> id of the entry that replaces
 * a reading: amount energy units, at the time and the price of the reading.
 * For operators.
 *
 * Checks: SG101 entry, SG108 kind, SG105 taken back already, SG104 amount, then
 * as reversal_apply() for both entries together.
 * Locks: the participant's row, this backend's stripe, others if it collects.
 */
Datum
sg_correct_reading(PG_FUNCTION_ARGS)
{
	Call		call;
	Reversal	reversal;
	int64		entry_id;
	int64		amount;
	char	   *reason;

	call_begin(&call, fcinfo, "sg_correct_reading");
	entry_id = arg_int64(fcinfo, 0, "entry_id");
	amount = arg_int64(fcinfo, 1, "amount");
	reason = reversal_reason_arg(fcinfo, 2);
	if (!call_operate(&call, "correct a reading"))
		return call_answer(&call);
	reversal_begin(&reversal, &call, entry_id, true);
	require_in_range(&reversal, amount);
	reversal.amount = amount;
	reversal_book(&reversal, reason);
	return call_end(&call, Int64GetDatum(call.entry.entry_id));
}
