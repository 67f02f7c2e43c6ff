/*-------------------------------------------------------------------------
 *
 * operator.c
 *	  The operator's price and emergency mode (doc/reference/admin.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/limit.h"
#include "grid/notify.h"

PG_FUNCTION_INFO_V1(sg_set_base_price);
PG_FUNCTION_INFO_V1(sg_toggle_emergency_mode);

/*
 * sg_set_base_price(new_price) -> true: money units per kWh.  For operators.
 * SG104 unless above zero and within max_amount.  Locks: the grid's row.
 */
Datum
sg_set_base_price(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		price;
	FormGrid   *form;

	call_begin(&call, fcinfo, "sg_set_base_price");
	price = arg_int64(fcinfo, 0, "new_price");
	if (!call_operate(&call, "set the base price"))
		return call_answer(&call);
	require_figure(call.grid, "base price", price);
	form = call_lock_grid(&call);
	form->base_price = price;
	notify_price(NOTIFY_BASE_PRICE, call.grid->name, form, grid_log_price(form));
	return call_end(&call, BoolGetDatum(true));
}

/* sg_toggle_emergency_mode() -> the new state.  For operators.  Locks: the grid's row. */
Datum
sg_toggle_emergency_mode(PG_FUNCTION_ARGS)
{
	Call		call;
	FormGrid   *form;

	call_begin(&call, fcinfo, "sg_toggle_emergency_mode");
	if (!call_operate(&call, "toggle emergency mode"))
		return call_answer(&call);
	form = call_lock_grid(&call);
	form->emergency_mode = !form->emergency_mode;
	notify_price(NOTIFY_EMERGENCY, call.grid->name, form, grid_log_price(form));
	return call_end(&call, BoolGetDatum(form->emergency_mode));
}
