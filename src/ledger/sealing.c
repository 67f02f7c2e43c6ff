/*-------------------------------------------------------------------------
 *
 * sealing.c
 *	  What all who write what follows from sealed entries have to do first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lock.h"

#include "ledger/sealing.h"
#include "store/relations.h"
#include "store/store.h"

/* Raises 25001 in a transaction whose snapshot may be older than entries that are final by now. */
void
sealing_require_isolation(const char *function)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s() must run in a READ COMMITTED transaction", function),
				 errdetail("The snapshot of this transaction may not show all entries that have become final."),
				 errhint("Run it as a statement of its own, or BEGIN ISOLATION LEVEL READ COMMITTED.")));
}

/*
 * One sealer a grid: held to the end of the transaction, so that the next one
 * sees the blocks of this one or knows that there are none.  Take a fresh
 * snapshot then.
 */
void
sealing_lock(int32 grid_id)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_LEDGER), (Oid) grid_id, 0);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}
