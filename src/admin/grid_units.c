/*-------------------------------------------------------------------------
 *
 * grid_units.c
 *	  What the entries of a grid are counted in: its scales and its currency do
 *	  not change once there is one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/snapmgr.h"

#include "admin/grid_units.h"
#include "base/errors.h"
#include "store/elevated.h"
#include "store/relations.h"

static void
acquire_ledger(void *arg)
{
	(void) relations_lock_table(TABLE_LEDGER, ShareLock);
}

/*
 * Locks the ledger against all calls.  They wait behind this, so it waits no
 * longer for others than smartgrid.row_wait: 55P03.
 */
void
grid_units_lock(Call *call)
{
	if (!ConditionalLockRelationOid(relations_table_oid(TABLE_LEDGER), ShareLock) &&
		!patience_acquire(&call->pool.patience, acquire_ledger, NULL))
		require_accepted(refuse_impatient("the ledger"));
}

/*
 * Raises SG108 if the grid has an entry: its amounts would change their
 * meaning, if what cannot be another.  The caller holds the ledger in SHARE
 * mode, so that no call is under way and none begins until this transaction
 * ends.
 */
void
grid_units_require_unused(const FormGrid *grid, const char *name, const char *what)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT FROM smartgrid.ledger WHERE grid_id = $1 LIMIT 1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		grid_id = Int32GetDatum(grid->grid_id);
	bool		has_entry;

	/* Committed entries count, even those that a REPEATABLE READ transaction does not see. */
	PushActiveSnapshot(GetLatestSnapshot());
	elevated_begin(&elevation);
	elevated_execute(&plan, &grid_id, NULL, IN_ACTIVE_SNAPSHOT);
	has_entry = SPI_processed > 0;
	elevated_end(&elevation);
	PopActiveSnapshot();
	if (has_entry)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s of grid \"%s\" cannot change any more", what, name),
				 errdetail("It has ledger entries, whose amounts are in the present units."),
				 errhint("Create a new grid with its own %s.", what)));
}
