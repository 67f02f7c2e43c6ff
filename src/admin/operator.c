/*-------------------------------------------------------------------------
 *
 * operator.c
 *	  The operator's price and emergency mode (SPEC section 8).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "grid/identity.h"
#include "grid/notify.h"

PG_FUNCTION_INFO_V1(sg_set_base_price);
PG_FUNCTION_INFO_V1(sg_toggle_emergency_mode);

/*
 * sg_set_base_price(new_price) -> true: money units per kWh.  For operators.
 * SG104 unless above zero.  Locks: the grid's row.
 */
Datum
sg_set_base_price(PG_FUNCTION_ARGS)
{
	int64		price;
	Grid	   *grid;
	StoreRow	row;
	FormGrid   *form;

	store_begin("sg_set_base_price");
	price = arg_int64(fcinfo, 0, "new_price");
	grid = identity_require_operator("set the base price");
	if (price <= 0)
		error_not_positive("base price", price);
	grid_lock(grid, &row);
	form = STORE_FORM(&row, FormGrid);
	form->base_price = price;
	store_update(&row);
	notify_price(NOTIFY_BASE_PRICE, grid->name, form, grid_log_price(form));
	store_end();
	PG_RETURN_BOOL(true);
}

/* sg_toggle_emergency_mode() -> the new state.  For operators.  Locks: the grid's row. */
Datum
sg_toggle_emergency_mode(PG_FUNCTION_ARGS)
{
	Grid	   *grid;
	StoreRow	row;
	FormGrid   *form;

	store_begin("sg_toggle_emergency_mode");
	grid = identity_require_operator("toggle emergency mode");
	grid_lock(grid, &row);
	form = STORE_FORM(&row, FormGrid);
	form->emergency_mode = !form->emergency_mode;
	store_update(&row);
	notify_price(NOTIFY_EMERGENCY, grid->name, form, grid_log_price(form));
	store_end();
	PG_RETURN_BOOL(form->emergency_mode);
}
