/*-------------------------------------------------------------------------
 *
 * interval_lock.c
 *	  Who writes intervals of which points: locks of a grid's loaders.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/interval_lock.h"
#include "settings.h"
#include "store/patience.h"
#include "store/relations.h"

/* The lock with a number, of a grid. */
static void
set_tag(LOCKTAG *tag, int32 grid_id, int lock)
{
	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId, relations_table_oid(TABLE_INTERVAL_DAY), (Oid) grid_id, (uint16) (lock + 1));
}

static void
acquire(void *arg)
{
	(void) LockAcquire(arg, ExclusiveLock, false, false);
}

static bool
try(const LOCKTAG *tag)
{
	return LockAcquire(tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

/*
 * Takes these locks of a grid, to the end of the transaction.  55P03 if others
 * have one of them longer than smartgrid.seal_wait.  Take a snapshot after it.
 */
void
interval_lock(int32 grid_id, const Bitmapset *locks)
{
	Patience	patience = {.until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), setting_seal_wait)};
	int			lock = -1;

	while ((lock = bms_next_member(locks, lock)) >= 0)
	{
		LOCKTAG		tag;

		set_tag(&tag, grid_id, lock);
		if (!try(&tag) && !patience_acquire(&patience, acquire, &tag))
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("others are loading intervals of the same metering points"),
					 errdetail("Their transactions did not end within smartgrid.seal_wait (%d ms).", setting_seal_wait),
					 errhint("Try again; pg_locks and pg_prepared_xacts show who it is.")));
	}
}

/* Takes all locks of a grid, as interval_lock(). */
void
interval_lock_all(int32 grid_id)
{
	Bitmapset  *all = bms_add_range(NULL, 0, INTERVAL_LOCKS - 1);

	interval_lock(grid_id, all);
	bms_free(all);
}

/* Takes all locks of a grid without waiting; none, and false, if somebody else has one of them. */
bool
interval_try_lock_all(int32 grid_id)
{
	for (int lock = 0; lock < INTERVAL_LOCKS; lock++)
	{
		LOCKTAG		tag;

		set_tag(&tag, grid_id, lock);
		if (try(&tag))
			continue;
		while (--lock >= 0)
		{
			set_tag(&tag, grid_id, lock);
			(void) LockRelease(&tag, ExclusiveLock, false);
		}
		return false;
	}
	return true;
}
