/*-------------------------------------------------------------------------
 *
 * rebuild.c
 *	  Making the rollups of a grid anew.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "call/request.h"
#include "grid/identity.h"
#include "ledger/sealing.h"
#include "series/rollup.h"

PG_FUNCTION_INFO_V1(sg_rebuild_rollups);
PG_FUNCTION_INFO_V1(sg_fill_rollups);

/*
 * sg_rebuild_rollups(grid) -> how many quarter-hours there are: makes them
 * anew from the sealed entries.  For operators of the grid, NULL: the current
 * one.
 *
 * Locks: the grid's sealing, to the end of the transaction.  Errors: 25001
 * isolation; SG108 grid; SG100; SG101.
 */
Datum
sg_rebuild_rollups(PG_FUNCTION_ARGS)
{
	Request    *request;
	const char *name;
	const Grid *grid;
	int64		rows;

	store_require_writable("sg_rebuild_rollups");
	request = request_begin(fcinfo, "sg_rebuild_rollups");
	name = grid_name_arg(fcinfo, 0);
	store_push_snapshot();
	if (request && request_is_remembered(request, name))
	{
		Datum		result = request_answer(request);

		store_end();
		return result;
	}
	grid = identity_require_operator_of(name, "rebuild the rollups");
	sealing_require_isolation("sg_rebuild_rollups");
	sealing_lock(grid->form.grid_id);
	store_refresh();
	rows = rollup_rebuild(grid->form.grid_id);
	if (request)
		request_remember(request, Int64GetDatum(rows), GetCurrentTimestamp());
	store_end();
	PG_RETURN_INT64(rows);
}

/* fill_rollups(grid_id) -> the same of any grid, by the script that makes the tables.  Nobody else may call it. */
Datum
sg_fill_rollups(PG_FUNCTION_ARGS)
{
	int32		grid_id = PG_GETARG_INT32(0);
	int64		rows;

	store_push_snapshot();
	sealing_lock(grid_id);
	store_refresh();
	rows = rollup_rebuild(grid_id);
	store_end();
	PG_RETURN_INT64(rows);
}
