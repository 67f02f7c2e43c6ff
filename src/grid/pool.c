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
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/snapmgr.h"

#include "base/errors.h"
#include "grid/escrow.h"
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
 * Do the stripes that are locked hold what is to fall?  If not, gathers more,
 * which may wait, and reads all again; *refusal is 55P03 if they were not to be
 * had in time.
 */
static bool
is_secured(Pool *pool, const int64 change[POOL_FIELDS], Refusal **refusal)
{
	*refusal = NULL;
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (change[f] >= 0 || escrow_covers(pool, (PoolField) f, -change[f]))
			continue;
		if (pool->total[f] < -change[f])
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("the %s of grid \"%s\" cannot fall by " INT64_FORMAT, escrow_total_name[f], pool->grid->name, -change[f]),
					 errdetail("It is " INT64_FORMAT ".", pool->total[f]),
					 errhint("Run sg_check().")));
		*refusal = escrow_gather(pool, (PoolField) f, -change[f]);
		return false;
	}
	return true;
}

/* The total as it is now, whatever snapshot the transaction has. */
static int64
latest_total(Pool *pool, PoolField field)
{
	int64		latest[POOL_FIELDS];

	if (!IsolationUsesXactSnapshot())
		return pool->total[field];
	if (pool->dirty)
		pool_write(pool);
	PushActiveSnapshot(GetLatestSnapshot());
	escrow_sum(pool->grid->form.grid_id, STRIPES_BY_INDEX, latest);
	PopActiveSnapshot();
	return latest[field];
}

/*
 * How much of a total is kept free for what others may be adding that is not
 * committed: each of them has a stripe of its own, and adds max_amount at most.
 * If an operator allows amounts near the end of bigint, there is no such room:
 * then sums of several that commit at once may pass it.
 */
static int64
reserve_for_others(const Grid *grid)
{
	sg_int128	reserve = (sg_int128) (grid->form.stripes - 1) * grid->max_amount;

	return reserve <= PG_INT64_MAX / 64 ? (int64) reserve : 0;
}

/* 22003 if a total would not fit a bigint: the last check of a call. */
static Refusal *
refuse_without_room(Pool *pool, const int64 change[POOL_FIELDS])
{
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		int64		total = pool->total[f];

		if (change[f] <= 0)
			continue;
		if (total > PG_INT64_MAX / 2)
			total = latest_total(pool, (PoolField) f);
		if (change[f] > PG_INT64_MAX - reserve_for_others(pool->grid) - total)
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
 * Decides and makes a change, with the pool open.  See pool_apply().
 */
static Refusal *
apply(Pool *pool, PoolDecide decide, void *arg)
{
	int64		change[POOL_FIELDS];
	Refusal    *refusal;

	do
	{
		memset(change, 0, sizeof(change));
		refusal = decide(pool->total, change, arg);
		if (refusal)
			return refusal;
		if (is_secured(pool, change, &refusal))
			break;
	} while (refusal == NULL);
	if (refusal == NULL)
		refusal = refuse_without_room(pool, change);
	if (refusal == NULL)
		make_changes(pool, change);
	return refusal;
}

/*
 * Changes the totals of a grid as decide says: see pool.h.  Returns what
 * decide refuses; 55P03 if what is needed is held by others and was not to be
 * had in time; 22003 if a total would not fit a bigint.  Nothing has changed
 * then.  The changes are in the table after pool_write().
 *
 * Locks: this backend's stripe; others if it does not hold enough.  Rows of
 * participants and trades have to be locked before (store.h).  Errors: 40001
 * under REPEATABLE READ and SERIALIZABLE if a stripe that it needs has changed
 * meanwhile.
 */
Refusal *
pool_apply(Pool *pool, PoolDecide decide, void *arg)
{
	if (!pool->is_open)
		escrow_open(pool);
	return apply(pool, decide, arg);
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

	if (!pool->is_open)
		escrow_open_for_adding(pool);
	return apply(pool, decide_addition, &more);
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
 * Brings amount of the load, or what there is of it, into the own stripe before
 * anything has changed: for a batch, which could otherwise have to wait, with
 * its stripe changed, for somebody who waits for that.
 */
void
pool_reserve_load(Pool *pool, int64 amount)
{
	if (!pool->is_open)
		escrow_open(pool);
	while (!escrow_covers(pool, POOL_LOAD, Min(amount, pool->total[POOL_LOAD])))
	{
		Refusal    *refusal = escrow_gather(pool, POOL_LOAD, Min(amount, pool->total[POOL_LOAD]));

		if (refusal)
		{
			refusal_free(refusal);	/* readings that need it will be refused */
			return;
		}
	}
	escrow_collect(pool, POOL_LOAD, Min(amount, pool->total[POOL_LOAD]));
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
