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

#include "base/compat.h"
#include "grid/stripe_lock.h"
#include "store/relations.h"

/* How many stripes beside the own one are tried before a call waits: each costs about as much as a lock. */
#define OTHERS_TRIED	8

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

/* Locks a stripe to the end of the transaction; false if it is only tried and somebody else has it. */
bool
stripe_lock(int32 grid_id, int32 stripe, StripeWait wait)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);

	return LockAcquire(&tag, ExclusiveLock, false, wait == STRIPE_TRY) != LOCKACQUIRE_NOT_AVAIL;
}

/* Gives back one stripe_lock(); nothing may have been changed under it. */
void
stripe_unlock(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);

	LockRelease(&tag, ExclusiveLock, false);
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
 * it; waits if all that are tried are taken.  Returns which one it is.
 */
int32
stripe_lock_own(const Grid *grid)
{
	int32		own = stripe_own(grid);

	for (int step = 0; step <= OTHERS_TRIED && step < grid->form.stripes; step++)
	{
		int32		stripe = stripe_at(grid, step);

		if (stripe_lock(grid->form.grid_id, stripe, STRIPE_TRY))
		{
			own_offset += step;
			return stripe;
		}
	}
	stripe_lock(grid->form.grid_id, own, STRIPE_WAIT);
	return own;
}
