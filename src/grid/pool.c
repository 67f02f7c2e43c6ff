/*-------------------------------------------------------------------------
 *
 * pool.c
 *	  The grid load, capacity and revenue as escrow stripes.
 *
 * Every call changes the load of its grid.  As one row it would serialise the
 * grid until each commit is on disk, so it is spread over stripes (O'Neil,
 * "The Escrow Transactional Method", 1986): a backend adds to and takes from
 * the stripe of its own slot, and the grid's figure is the sum.  No stripe
 * ever goes below zero, so no sum can.  A stripe's row comes into being on
 * first use: a village does not carry 64.  A backend that finds its stripe
 * taken moves to one that is free (stripe_lock.c).
 *
 * Only with every stripe locked is "not enough" the answer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/snapmgr.h"

#include "base/errors.h"
#include "grid/escrow.h"
#include "grid/stripe_lock.h"
#include "store/relations.h"

/*
 * The sums over a grid's stripes in the active snapshot, without any lock:
 * for what is only read, on a standby too.
 */
void
pool_totals(int32 grid_id, int64 total[POOL_FIELDS])
{
	escrow_sum(grid_id, STRIPES_AS_KNOWN, total);
}

/* Prepares a grid's pool for changes; what it keeps is in the current memory context.  Nothing is locked or read yet. */
void
pool_init(Pool *pool, const Grid *grid)
{
	memset(pool, 0, sizeof(*pool));
	pool->grid = grid;
	pool->context = CurrentMemoryContext;
}

/*
 * Locks this backend's stripe and reads all of them from a fresh snapshot.
 * Rows of participants and trades have to be locked before (store.h).
 */
static void
open_pool(Pool *pool)
{
	pool->own.stripe = stripe_lock_own(pool->grid);
	pool->is_open = true;
	escrow_read(pool, STRIPES_AS_KNOWN);
}

/*
 * Must every stripe be locked to know that the total has room for amount more?
 *
 * The total is read without locks, and others may add at the same time: up to
 * 1024 of them, each to a stripe of its own.  So it must if the total is in the
 * upper half, or amount is more than 1/4096 of all there is.
 */
static bool
room_is_uncertain(int64 total, int64 amount)
{
	return total > PG_INT64_MAX / 2 || amount > PG_INT64_MAX / 4096;
}

/*
 * Can the changes be made with the stripes that are locked?  If not, false:
 * more are locked then, which may have waited, and all are read again.
 */
static bool
is_secured(Pool *pool, const int64 change[POOL_FIELDS])
{
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (change[f] > 0 && room_is_uncertain(pool->total[f], change[f]) && !pool->all_locked)
		{
			escrow_lock_all(pool);
			return false;
		}
		if (change[f] < 0 && !escrow_covers(pool, (PoolField) f, -change[f]))
		{
			if (pool->all_locked)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_CORRUPTED),
						 errmsg("the %s of grid \"%s\" cannot fall by " INT64_FORMAT, escrow_total_name[f], pool->grid->name, -change[f]),
						 errdetail("It is " INT64_FORMAT ".", pool->total[f]),
						 errhint("Run sg_check().")));
			escrow_gather(pool, (PoolField) f, -change[f]);
			return false;
		}
	}
	return true;
}

/*
 * With every stripe locked, under REPEATABLE READ and SERIALIZABLE: raises
 * 40001 if a total has changed since the transaction's snapshot.
 */
static void
require_current_total(Pool *pool, PoolField field)
{
	int64		latest[POOL_FIELDS];

	if (!IsolationUsesXactSnapshot())
		return;
	if (pool->dirty)
		pool_write(pool);
	PushActiveSnapshot(GetLatestSnapshot());
	escrow_sum(pool->grid->form.grid_id, STRIPES_BY_INDEX, latest);
	PopActiveSnapshot();
	if (latest[field] != pool->total[field])
		error_serialization_failure();
}

/* 22003 if a total would not fit a bigint: the last check of a call. */
static Refusal *
refuse_without_room(Pool *pool, const int64 change[POOL_FIELDS])
{
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		int64		total;

		if (change[f] <= 0)
			continue;
		if (room_is_uncertain(pool->total[f], change[f]))
			require_current_total(pool, (PoolField) f);
		if (!checked_add(pool->total[f], change[f], &total))
			return refuse_out_of_range(escrow_total_name[f]);
	}
	return NULL;
}

/* Makes the changes, which are decided and secured, in the own stripe. */
static void
make_changes(Pool *pool, const int64 change[POOL_FIELDS])
{
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (change[f] == 0)
			continue;
		if (change[f] < 0)
			escrow_collect(pool, (PoolField) f, -change[f]);
		*escrow_field(&pool->own, (PoolField) f) += change[f];
		pool->total[f] += change[f];
		pool->dirty = true;
	}
}

/*
 * Changes the totals of a grid as decide says: see pool.h.  Returns what
 * decide refuses, or 22003 if a total would not fit a bigint; nothing has
 * changed then.  The changes are in the table after pool_write().
 *
 * Locks: this backend's stripe; others if it does not hold enough, or if it is
 * not certain without them that there is room.  Errors: 40001 under REPEATABLE
 * READ and SERIALIZABLE if a stripe that it needs has changed meanwhile.
 */
Refusal *
pool_apply(Pool *pool, PoolDecide decide, void *arg)
{
	int64		change[POOL_FIELDS];
	Refusal    *refusal;

	if (!pool->is_open)
		open_pool(pool);
	for (;;)
	{
		memset(change, 0, sizeof(change));
		refusal = decide(pool->total, change, arg);
		if (refusal == NULL)
		{
			if (is_secured(pool, change))
				break;
		}
		else if (refusal->sqlstate != ERRCODE_SG_INSUFFICIENT_ENERGY || pool->all_locked)
			return refusal;
		else
		{
			refusal_free(refusal);
			escrow_lock_all(pool);	/* others may be about to bring some */
		}
	}
	refusal = refuse_without_room(pool, change);
	if (refusal == NULL)
		make_changes(pool, change);
	return refusal;
}

/* A change that does not depend on the totals. */
typedef struct Amount
{
	PoolField	field;
	int64		amount;
} Amount;

static Refusal *
decide_addition(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	const Amount *more = arg;

	change[more->field] = more->amount;
	return NULL;
}

/* pool_apply() of amount more; 22003 if the total would not fit a bigint. */
Refusal *
pool_add(Pool *pool, PoolField field, int64 amount)
{
	Amount		more = {field, amount};

	return pool_apply(pool, decide_addition, &more);
}

static Refusal *
decide_load_taken(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	int64		amount = *(const int64 *) arg;

	if (total[POOL_LOAD] < amount)
		return refuse_insufficient_energy(escrow_total_name[POOL_LOAD], total[POOL_LOAD], amount);
	change[POOL_LOAD] = -amount;
	return NULL;
}

/* pool_apply() of so many energy units less on the grid; SG103 if the load is less. */
Refusal *
pool_take_load(Pool *pool, int64 amount)
{
	return pool_apply(pool, decide_load_taken, &amount);
}

/*
 * Brings amount of the load, or if there is less all stripes, under this
 * transaction's locks, before anything has changed: for a batch, which could
 * otherwise wait, with its stripe changed, for somebody who waits for that.
 */
void
pool_reserve_load(Pool *pool, int64 amount)
{
	if (!pool->is_open)
		open_pool(pool);
	if (!escrow_covers(pool, POOL_LOAD, amount) && !pool->all_locked)
		escrow_gather(pool, POOL_LOAD, amount);
	if (escrow_covers(pool, POOL_LOAD, amount))
		escrow_collect(pool, POOL_LOAD, amount);
}

/* Locks every stripe: the totals are exact, and cannot change until this transaction ends. */
void
pool_lock_all(Pool *pool)
{
	if (!pool->is_open)
	{
		pool->own.stripe = stripe_own(pool->grid);
		escrow_read(pool, STRIPES_BY_INDEX);
	}
	if (!pool->all_locked)
		escrow_lock_all(pool);
}

/* Has this stripe been given a row since the transaction's snapshot? */
static bool
own_row_appeared(const Pool *pool)
{
	StripeRow  *rows;
	int			n;
	bool		exists = false;

	if (!IsolationUsesXactSnapshot())
		return false;
	PushActiveSnapshot(GetLatestSnapshot());
	n = stripes_read(pool->own.grid_id, RowExclusiveLock, true, &rows);
	PopActiveSnapshot();
	for (int i = 0; i < n; i++)
		exists |= rows[i].form.stripe == pool->own.stripe;
	pfree(rows);
	return exists;
}

/* Raises XX001 if a stripe is to be written that nothing may have made: it would be energy or money from nowhere. */
static void
require_nothing_below_zero(const FormPool *own)
{
	if (own->load < 0 || own->capacity < 0 || own->revenue < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stripe %d of grid %d would fall below zero", own->stripe, own->grid_id),
				 errdetail("Load " INT64_FORMAT ", capacity " INT64_FORMAT ", revenue " INT64_FORMAT ".",
						   own->load, own->capacity, own->revenue),
				 errhint("Run sg_check() and report this.")));
}

/*
 * Writes the own stripe, if it has changed.  Errors: 40001 under REPEATABLE
 * READ and SERIALIZABLE if somebody else has changed it meanwhile.
 */
void
pool_write(Pool *pool)
{
	if (!pool->dirty)
		return;
	require_nothing_below_zero(&pool->own);
	if (ItemPointerIsValid(&pool->own_tid))
		store_update_form(TABLE_POOL, &pool->own, &pool->own_tid);
	else
	{
		if (own_row_appeared(pool))
			error_serialization_failure();
		stripes_announce();
		store_insert(TABLE_POOL, &pool->own, &pool->own_tid);
		relations_announce_now(TABLE_POOL);
	}
	pool->dirty = false;
	pool->written = true;
}
