/*-------------------------------------------------------------------------
 *
 * statement.c
 *	  sg_statement(): a member's statement of account.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "grid/participant.h"
#include "grid/viewer.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_statement);

/*
 * sg_statement(principal, period) -> the statement of a participant of the
 * current grid, made by smartgrid.statement().  No row if there is no such
 * participant or the caller may not see it.  SG108 NULL, principal, an empty
 * period; SG101 grid; 22003 a figure beyond bigint, in a ledger that was
 * tampered with.
 */
Datum
sg_statement(PG_FUNCTION_ARGS)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT part, at, entry_id, kind, counterparty, trade_id, energy, price, money,"
		" balance, earnings, unsold, stored, consumed, height, hash, booked_at, about, due"
		" FROM smartgrid.statement($1, $2, $3)",
		.nargs = 3,
		.argtypes = {INT4OID, INT8OID, TSTZRANGEOID},
	};
	char	   *principal = arg_name(fcinfo, 0, "principal");
	RangeType  *period;
	Grid	   *grid;
	Viewer		viewer;
	int64		id;
	Datum		values[3];
	ResultRow	result;

	arg_require_not_null(fcinfo, 1, "period");
	period = PG_GETARG_RANGE_P(1);
	if (RangeIsEmpty(period))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("period must not be empty")));
	grid = grid_current();
	result_begin_set(&result, fcinfo);
	viewer_of_caller_in(&viewer, grid->form.grid_id);
	id = participant_id_of(grid, principal);
	if (id == PARTICIPANT_NONE || !viewer_sees(&viewer, grid->form.grid_id, id))
		return (Datum) 0;

	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = Int64GetDatum(id);
	values[2] = RangeTypePGetDatum(period);
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	elevated_return(&result);
	elevated_end(&elevation);
	return (Datum) 0;
}
