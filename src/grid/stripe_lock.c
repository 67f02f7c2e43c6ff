/*-------------------------------------------------------------------------
 *
 * stripe_lock.c
 *	  The locks of the stripes of a grid's pool.
 *
 * A stripe is guarded by a heavyweight lock of its own, not by its row: once
 * it is granted, whoever had it before has ended, so that a fresh snapshot
 * sees the stripe's last value; it costs no WAL; and as long as nothing was
 * changed under it, it can be given back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/resowner.h"

#include "base/compat.h"
#include "grid/stripe_lock.h"
#include "store/relations.h"

/* So many stripes beyond the grid's own are used if all of these are taken by transactions that have not ended. */
#define SPARE_STRIPES	1024

/*
 * By how much this backend's stripe has moved away from its slot.  Two sessions
 * on one stripe would wait for each other's commit, and for as long as one of
 * them is idle in a transaction or has prepared it; so whoever finds its stripe
 * taken moves on to one that is free, and stays there.
 */
static uint32 own_offset = 0;

static LOCKTAG
stripe_tag(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_POOL), (Oid) grid_id, (uint16) stripe);
	return tag;
}

/*
 * The transaction has these locks, not the portal that runs the statement: what
 * was waited for in a subtransaction becomes the transaction's, too, and a lock
 * is only given back by who has it.  Returns who is to be put back.
 */
static ResourceOwner
as_transaction(void)
{
	ResourceOwner owner = CurrentResourceOwner;

	CurrentResourceOwner = CurTransactionResourceOwner;
	return owner;
}

/* Locks a stripe to the end of the transaction; false if somebody else has it. */
bool
stripe_try_lock(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);
	ResourceOwner owner = as_transaction();
	bool		locked = LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;

	CurrentResourceOwner = owner;
	return locked;
}

static void
acquire(void *tag)
{
	ResourceOwner owner = as_transaction();

	(void) LockAcquire(tag, ExclusiveLock, false, false);
	CurrentResourceOwner = owner;
}

/*
 * Locks a stripe that somebody else has to the end of the transaction, waiting;
 * false if it was not to be had in time.  No other stripe may be held
 * meanwhile but those that the transaction has changed.
 */
bool
stripe_await(int32 grid_id, int32 stripe, Patience *patience)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);

	return patience_acquire(patience, acquire, &tag);
}

/* Gives back one lock of a stripe; nothing may have been changed under it. */
void
stripe_unlock(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);
	ResourceOwner owner = as_transaction();

	LockRelease(&tag, ExclusiveLock, false);
	CurrentResourceOwner = owner;
}

static int32
stripe_at(const Grid *grid, int step)
{
	return (int32) (((uint64) SG_BACKEND_SLOT + own_offset + step) % (uint32) grid->form.stripes);
}

/* The stripe of this backend. */
int32
stripe_own(const Grid *grid)
{
	return stripe_at(grid, 0);
}

/*
 * Locks this backend's stripe, or the next that nobody has if somebody else has
 * it.  Returns which one it is.  Waits for nobody: if transactions that have
 * not ended have all of the grid's stripes, it is one beyond them, which is a
 * part of the sums as any other.
 */
int32
stripe_lock_own(const Grid *grid)
{
	int32		stripes = grid->form.stripes;

	for (int step = 0; step < stripes; step++)
	{
		int32		stripe = stripe_at(grid, step);

		if (stripe_try_lock(grid->form.grid_id, stripe))
		{
			own_offset += step;
			return stripe;
		}
	}
	for (int32 stripe = stripes; stripe < stripes + SPARE_STRIPES; stripe++)
		if (stripe_try_lock(grid->form.grid_id, stripe))
			return stripe;
	ereport(ERROR,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("all stripes of grid \"%s\" are held by transactions that have not ended", grid->name),
			 errhint("End sessions that are idle in a transaction, and prepared transactions.")));
}
