/*-------------------------------------------------------------------------
 *
 * escrow_adding.c
 *	  Which stripe a call takes that only adds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"

#include "base/compat.h"
#include "grid/escrow.h"
#include "grid/stripe_lock.h"

/* The stripe that this transaction has added to, so that it adds there again. */
static struct
{
	LocalTransactionId xact;
	int32		grid_id;
	int32		stripe;
}			added;

/* Does a stripe have no row, or nothing in it? */
static bool
is_empty(const Pool *pool, int32 stripe)
{
	const PoolPart *part = escrow_part(pool, stripe);

	return part == NULL || (part->row.form.load == 0 && part->row.form.capacity == 0 && part->row.form.revenue == 0);
}

/* A stripe that is empty and that nobody has, locked; -1 if there is none. */
static int32
lock_empty_stripe(const Pool *pool)
{
	for (int32 stripe = 0; stripe < pool->grid->form.stripes; stripe++)
		if (stripe != pool->own.stripe && is_empty(pool, stripe) &&
			stripe_try_lock(pool->grid->form.grid_id, stripe))
			return stripe;
	return -1;
}

/*
 * escrow_open() for who only adds.  In a transaction block, which may be idle
 * later, it takes an empty stripe if there is one, so that it keeps nothing
 * back that others could take.
 */
void
escrow_open_for_adding(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;
	int32		empty;

	if (IsTransactionBlock() && added.xact == SG_LXID && added.grid_id == grid_id && stripe_try_lock(grid_id, added.stripe))
	{
		pool->own.stripe = added.stripe;
		pool->is_open = true;
		escrow_read(pool, STRIPES_AS_KNOWN);
		return;
	}
	escrow_open(pool);
	if (!IsTransactionBlock())
		return;
	if (!is_empty(pool, pool->own.stripe) && (empty = lock_empty_stripe(pool)) >= 0)
		escrow_move(pool, empty);
	added.xact = SG_LXID;
	added.grid_id = grid_id;
	added.stripe = pool->own.stripe;
}
