/*-------------------------------------------------------------------------
 *
 * write_off.c
 *	  Energy that is on the grid in the books only (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/reversal.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_write_off);

/*
 * sg_write_off(amount, reason) -> true: amount energy units leave the grid.
 * For operators.
 *
 * Checks: SG104 0 < amount <= max_amount, SG103 load.
 * Locks: this backend's stripe, others if it collects.
 */
Datum
sg_write_off(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		amount;
	char	   *reason;

	call_begin(&call, fcinfo, "sg_write_off");
	amount = arg_int64(fcinfo, 0, "amount");
	reason = reversal_reason_arg(fcinfo, 1);
	if (!call_operate(&call, "write off energy"))
		return call_answer(&call);
	if (amount <= 0)
		error_not_positive("amount", amount);
	if (amount > call.grid->max_amount)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("an amount of " INT64_FORMAT " energy units is above the grid's max_amount", amount),
				 errdetail("Grid \"%s\" takes at most " INT64_FORMAT ".", call.grid->name, call.grid->max_amount),
				 errhint("Write it off in parts, or change max_amount with sg_alter_grid().")));
	require_accepted(pool_take_load(&call.pool, amount));
	call_book(&call, ledger_energy(call.grid, LEDGER_WRITE_OFF, PARTICIPANT_NONE, amount, 0, 0));
	call_write(&call);
	reversal_keep_reason(&call, call.entry.entry_id, 0, reason);
	return call_end(&call, BoolGetDatum(true));
}
