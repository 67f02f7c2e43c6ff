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
 * first use: a village does not carry 64.
 *
 * A stripe is guarded by a heavyweight lock of its own, not by its row: once
 * it is granted, whoever had it before has ended, so that a fresh snapshot
 * sees the stripe's last value; it costs no WAL; and as long as nothing was
 * changed under it, it can be given back.  That makes collecting safe: when
 * the own stripe does not hold enough, stripes that nobody has are gathered
 * without waiting; if that is not enough, all that was gathered is given
 * back, and all stripes are locked in the order of their numbers, waiting.  A
 * single call never waits for a stripe while it holds one out of order.
 *
 * Only with every stripe locked is "not enough" the answer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "elevated.h"
#include "errors.h"
#include "pool.h"

static const char *const total_name[POOL_FIELDS] = {
	[POOL_LOAD] = "grid load",
	[POOL_CAPACITY] = "grid capacity",
	[POOL_REVENUE] = "grid revenue",
};

static int64 *
field_of(FormPool *form, PoolField field)
{
	switch (field)
	{
		case POOL_LOAD:
			return &form->load;
		case POOL_CAPACITY:
			return &form->capacity;
		case POOL_REVENUE:
			break;
	}
	return &form->revenue;
}

static LOCKTAG
stripe_tag(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, store_table_oid(TABLE_POOL), (Oid) grid_id, (uint16) stripe);
	return tag;
}

/* Locks a stripe to the end of the transaction; without wait, false where somebody else has it. */
static bool
lock_stripe(int32 grid_id, int32 stripe, bool wait)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);

	return LockAcquire(&tag, ExclusiveLock, false, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

/* Gives back one lock_stripe(); nothing may have been changed under it. */
static void
unlock_stripe(int32 grid_id, int32 stripe)
{
	LOCKTAG		tag = stripe_tag(grid_id, stripe);

	LockRelease(&tag, ExclusiveLock, false);
}

static void
scan_stripes(StoreScan *scan, int32 grid_id)
{
	ScanKeyData key;

	ScanKeyInit(&key, Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(grid_id));
	store_scan_begin(scan, TABLE_POOL, 1, &key);
}

/* The stripes on one side of a stripe, by strategy and its comparison function. */
static void
scan_stripes_beside(StoreScan *scan, int32 grid_id, int32 stripe, StrategyNumber strategy, RegProcedure comparison)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(grid_id));
	ScanKeyInit(&keys[1], Anum_pool_stripe, strategy, comparison, Int32GetDatum(stripe));
	store_scan_begin(scan, TABLE_POOL, 2, keys);
}

/*
 * The sums over a grid's stripes in the active snapshot, without any lock:
 * for what is only read, on a standby too.
 */
void
pool_totals(int32 grid_id, int64 total[POOL_FIELDS])
{
	sg_int128	sum[POOL_FIELDS] = {0};
	StoreScan	scan;
	HeapTuple	tuple;

	scan_stripes(&scan, grid_id);
	while ((tuple = store_scan_next(&scan)) != NULL)
	{
		FormPool   *form = (FormPool *) GETSTRUCT(tuple);

		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += *field_of(form, (PoolField) f);
	}
	store_scan_end(&scan);
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (sum[f] > PG_INT64_MAX)	/* see pool_check_room() */
			error_out_of_range(total_name[f]);
		total[f] = (int64) sum[f];
	}
}

static int
by_stripe(const void *a, const void *b)
{
	return ((const PoolPart *) a)->stripe - ((const PoolPart *) b)->stripe;
}

/* Was this stripe locked when the stripes were read before? */
static bool
was_locked(const PoolPart *parts, int nparts, int32 stripe)
{
	for (int i = 0; i < nparts; i++)
		if (parts[i].stripe == stripe)
			return parts[i].locked;
	return false;
}

static void
append_part(Pool *pool, const FormPool *form, bool locked)
{
	PoolPart   *part;

	if (pool->nparts == pool->allocated)
	{
		pool->allocated *= 2;
		pool->parts = repalloc(pool->parts, pool->allocated * sizeof(PoolPart));
	}
	part = &pool->parts[pool->nparts++];
	part->stripe = form->stripe;
	part->locked = locked;
	for (int f = 0; f < POOL_FIELDS; f++)
		part->value[f] = *field_of(unconstify(FormPool *, form), (PoolField) f);
}

static void
set_own(Pool *pool)
{
	pool->own = *STORE_FORM(&pool->own_row, FormPool);
	append_part(pool, &pool->own, true);
}

/* Reads the stripes of a scan; the own one as a row to update. */
static void
read_scan(Pool *pool, StoreScan *scan, const PoolPart *old, int nold)
{
	HeapTuple	tuple;

	while ((tuple = store_scan_next(scan)) != NULL)
	{
		FormPool   *form = (FormPool *) GETSTRUCT(tuple);

		if (form->stripe == pool->own.stripe)
		{
			pool->own_row.table = TABLE_POOL;
			pool->own_row.tuple = heap_copytuple(tuple);
			set_own(pool);
		}
		else
			append_part(pool, form, was_locked(old, nold, form->stripe));
	}
	store_scan_end(scan);
}

/*
 * Takes a fresh snapshot and reads all stripes, by number.  Keeps what is
 * known of locks.  Where this transaction has written the own stripe before,
 * its many versions are gone around.
 */
static void
read_stripes(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;
	int32		own = pool->own.stripe;
	sg_int128	sum[POOL_FIELDS] = {0};
	PoolPart   *old = pool->parts;
	int			nold = pool->nparts;
	StoreScan	scan;

	store_refresh();
	pool->allocated = Max(nold, 8);
	pool->parts = palloc(pool->allocated * sizeof(PoolPart));
	pool->nparts = 0;

	if (store_find_written(TABLE_POOL, store_pool_key(grid_id, own), &pool->own_row))
	{
		scan_stripes_beside(&scan, grid_id, own, BTLessStrategyNumber, F_INT4LT);
		read_scan(pool, &scan, old, nold);
		set_own(pool);
		scan_stripes_beside(&scan, grid_id, own, BTGreaterStrategyNumber, F_INT4GT);
		read_scan(pool, &scan, old, nold);
	}
	else
	{
		pool->own_row.tuple = NULL;
		scan_stripes(&scan, grid_id);
		read_scan(pool, &scan, old, nold);
	}
	if (pool->own_row.tuple == NULL)
		pool->own = (FormPool)
	{
		.grid_id = grid_id, .stripe = own
	};
	if (old)
		pfree(old);
	if (IgnoreSystemIndexes)	/* the scan was none of the index */
		qsort(pool->parts, pool->nparts, sizeof(PoolPart), by_stripe);
	for (int i = 0; i < pool->nparts; i++)
		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += pool->parts[i].value[f];

	/* Beyond bigint (see pool_check_room()) whatever takes or deactivates must still work. */
	for (int f = 0; f < POOL_FIELDS; f++)
		pool->total[f] = (int64) Min(sum[f], PG_INT64_MAX);
}

static void
pool_init(Pool *pool, const Grid *grid)
{
	memset(pool, 0, sizeof(*pool));
	pool->grid = grid;
	pool->own.stripe = SG_BACKEND_SLOT % grid->form.stripes;
}

/*
 * Opens the pool of a grid for a change: locks this backend's stripe and reads
 * all of them from a fresh snapshot.  Participant and trade rows have to be
 * locked before (store.h).
 */
void
pool_open(Pool *pool, const Grid *grid)
{
	pool_init(pool, grid);
	lock_stripe(grid->form.grid_id, pool->own.stripe, true);
	read_stripes(pool);
}

/*
 * Locks every stripe that has a row, the own one and the first, in the order
 * of their numbers, and reads them.  Rows that came into being meanwhile are
 * locked in another round, in order again.  The first is locked with or
 * without a row, so that two callers meet in a grid that has none yet.
 */
static void
lock_all(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;

	for (;;)
	{
		bool		complete = true;
		bool		own_done = false;
		int		   *held = palloc((pool->nparts + 2) * sizeof(int));
		int			nheld = 0;

		lock_stripe(grid_id, held[nheld++] = 0, true);
		for (int i = 0; i < pool->nparts; i++)
		{
			if (!own_done && pool->own.stripe < pool->parts[i].stripe)
			{
				lock_stripe(grid_id, held[nheld++] = pool->own.stripe, true);
				own_done = true;
			}
			if (pool->parts[i].stripe == pool->own.stripe)
				own_done = true;
			lock_stripe(grid_id, held[nheld++] = pool->parts[i].stripe, true);
			pool->parts[i].locked = true;
		}
		if (!own_done)
			lock_stripe(grid_id, held[nheld++] = pool->own.stripe, true);

		read_stripes(pool);
		for (int i = 0; i < pool->nparts; i++)
			complete &= pool->parts[i].locked;
		if (complete)
		{
			pool->all_locked = true;
			return;
		}

		/* Those too whose rows have vanished meanwhile (pool_merge_surplus): kept, they would be held out of order. */
		for (int i = 0; i < nheld; i++)
			unlock_stripe(grid_id, held[i]);
		for (int i = 0; i < pool->nparts; i++)
			pool->parts[i].locked = false;
		pfree(held);
	}
}

/* Like pool_open(), with every stripe locked: the totals cannot change until this transaction ends. */
void
pool_open_all(Pool *pool, const Grid *grid)
{
	pool_init(pool, grid);
	read_stripes(pool);
	lock_all(pool);
}

static void lock_everything(Pool *pool);

/*
 * With every stripe locked, under REPEATABLE READ and SERIALIZABLE: raises
 * 40001 where a total has changed since the transaction's snapshot.
 */
static void
check_total_is_current(Pool *pool, PoolField field)
{
	int64		latest[POOL_FIELDS];

	if (!IsolationUsesXactSnapshot())
		return;
	if (pool->dirty)
		pool_write(pool);
	PushActiveSnapshot(GetLatestSnapshot());
	pool_totals(pool->grid->form.grid_id, latest);
	PopActiveSnapshot();
	if (latest[field] != pool->total[field])
		store_serialization_failure();
}

/*
 * Raises 22003 where the grid's total would not fit a bigint with amount more:
 * the last check of a call.
 *
 * The total is read without locks, and others may add at the same time: up to
 * 1024 of them, each to a stripe of its own.  So a total in the upper half, or
 * an amount of more than 1/4096 of all there is, is checked with every stripe
 * locked.
 */
void
pool_check_room(Pool *pool, PoolField field, int64 amount)
{
	int64		total;

	if (pool->total[field] > PG_INT64_MAX / 2 || amount > PG_INT64_MAX / 4096)
	{
		if (!pool->all_locked)
			lock_everything(pool);
		check_total_is_current(pool, field);
	}
	if (!checked_add(pool->total[field], amount, &total))
		error_out_of_range(total_name[field]);
}

/* Adds amount, which has been checked, to a field of the own stripe. */
void
pool_add(Pool *pool, PoolField field, int64 amount)
{
	*field_of(&pool->own, field) += amount;
	pool->total[field] += amount;
	pool->dirty = true;
}

/* Takes amount, which has been covered, off a field of the own stripe. */
void
pool_subtract(Pool *pool, PoolField field, int64 amount)
{
	pool_add(pool, field, -amount);
}

/* Reads the row of a stripe again, to update it. */
static FormPool *
find_stripe(const Pool *pool, int32 stripe, StoreRow *row)
{
	ScanKeyData keys[2];
	StoreScan	scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(pool->grid->form.grid_id));
	ScanKeyInit(&keys[1], Anum_pool_stripe, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(stripe));
	store_scan_begin(&scan, TABLE_POOL, 2, keys);
	tuple = store_scan_next(&scan);
	if (tuple == NULL)
		elog(ERROR, "stripe %d of grid %d has vanished", stripe, pool->grid->form.grid_id);
	row->table = TABLE_POOL;
	row->tuple = heap_copytuple(tuple);
	store_scan_end(&scan);
	return STORE_FORM(row, FormPool);
}

/* What the stripes that are locked hold together. */
static sg_int128
locked_sum(const Pool *pool, PoolField field)
{
	sg_int128	sum = *field_of(unconstify(FormPool *, &pool->own), field);

	for (int i = 0; i < pool->nparts; i++)
		if (pool->parts[i].locked && pool->parts[i].stripe != pool->own.stripe)
			sum += pool->parts[i].value[field];
	return sum;
}

/* The largest of the other stripes, by field, that is locked or not as asked and holds something; NULL where there is none. */
static PoolPart *
largest_part(const Pool *pool, PoolField field, bool locked)
{
	PoolPart   *largest = NULL;

	for (int i = 0; i < pool->nparts; i++)
	{
		PoolPart   *part = &pool->parts[i];

		if (part->stripe != pool->own.stripe && part->locked == locked && part->value[field] > 0 &&
			(largest == NULL || part->value[field] > largest->value[field]))
			largest = part;
	}
	return largest;
}

/*
 * Moves what is missing for amount from other locked stripes into the own
 * one, from the largest first, and half of what then remains in the last of
 * them along, so that the next call is local again.
 */
static void
move_to_own(Pool *pool, PoolField field, int64 amount)
{
	int64	   *own = field_of(&pool->own, field);

	while (*own < amount)
	{
		PoolPart   *part = largest_part(pool, field, true);
		StoreRow	row;
		FormPool   *form = find_stripe(pool, part->stripe, &row);
		int64	   *value = field_of(form, field);
		int64		missing = amount - *own;
		int64		moved = (*value <= missing) ? *value : missing + (*value - missing) / 2;

		moved = Min(moved, PG_INT64_MAX - *own);
		*value -= moved;
		store_update(&row);
		part->value[field] -= moved;
		*own += moved;
		pool->dirty = true;
	}
}

/*
 * Locks every stripe.  The own one is given up meanwhile, so that all are
 * locked in order, unless this transaction has changed it.
 */
static void
lock_everything(Pool *pool)
{
	if (pool->dirty)
		pool_write(pool);
	if (!pool->written)
		unlock_stripe(pool->grid->form.grid_id, pool->own.stripe);
	lock_all(pool);
}

/*
 * Locks enough stripes to cover amount, or else all; false where even all
 * together hold less.
 */
static bool
gather(Pool *pool, PoolField field, int64 amount)
{
	int32		grid_id = pool->grid->form.grid_id;
	int		   *gathered = palloc(pool->nparts * sizeof(int));
	int			ngathered = 0;
	sg_int128	expected = *field_of(&pool->own, field);
	PoolPart   *part;

	/* First those that nobody has. */
	while (expected < amount && (part = largest_part(pool, field, false)) != NULL)
	{
		if (lock_stripe(grid_id, part->stripe, false))
		{
			part->locked = true;
			gathered[ngathered++] = part->stripe;
			expected += part->value[field];
		}
		else
			part->value[field] = 0; /* passed over */
	}
	read_stripes(pool);
	if (locked_sum(pool, field) >= amount)
	{
		pfree(gathered);
		return true;
	}

	/* Not enough: give back what was gathered, then wait for all, in order. */
	for (int i = 0; i < ngathered; i++)
		unlock_stripe(grid_id, gathered[i]);
	for (int i = 0; i < pool->nparts; i++)
		pool->parts[i].locked = false;
	pfree(gathered);
	lock_everything(pool);
	return locked_sum(pool, field) >= amount;
}

/*
 * Makes the own stripe hold at least amount, collecting from the others where
 * it does not; false where the whole grid holds less, which is certain then.
 * May wait, and then see what was committed meanwhile.
 */
bool
pool_cover(Pool *pool, PoolField field, int64 amount)
{
	if (*field_of(&pool->own, field) >= amount)
		return true;
	if (pool->dirty)
		pool_write(pool);
	if (pool->all_locked)
		store_refresh();		/* to see what an earlier move has left in the stripes */
	if (pool->all_locked ? locked_sum(pool, field) < amount : !gather(pool, field, amount))
		return false;
	move_to_own(pool, field, amount);
	return true;
}

/* Has this stripe been given a row since our transaction's snapshot? */
static bool
own_row_appeared(const Pool *pool)
{
	ScanKeyData keys[2];
	StoreScan	scan;
	bool		exists;

	if (!IsolationUsesXactSnapshot())
		return false;
	ScanKeyInit(&keys[0], Anum_pool_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(pool->own.grid_id));
	ScanKeyInit(&keys[1], Anum_pool_stripe, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(pool->own.stripe));
	PushActiveSnapshot(GetLatestSnapshot());
	store_scan_begin(&scan, TABLE_POOL, 2, keys);
	exists = store_scan_next(&scan) != NULL;
	store_scan_end(&scan);
	PopActiveSnapshot();
	return exists;
}

/* Writes the own stripe.  Errors: 40001 under REPEATABLE READ and SERIALIZABLE where it has changed meanwhile. */
void
pool_write(Pool *pool)
{
	if (pool->own_row.tuple != NULL)
	{
		*STORE_FORM(&pool->own_row, FormPool) = pool->own;
		store_update(&pool->own_row);
	}
	else
	{
		if (own_row_appeared(pool))
			store_serialization_failure();
		store_insert(TABLE_POOL, &pool->own, &pool->own_row);
	}
	pool->dirty = false;
	pool->written = true;
}

/*
 * After a grid's number of stripes was lowered: moves what surplus stripes
 * hold into the others and removes them.  Safe under load; a backend that
 * still counts by the old number makes its stripe anew, and it is counted.
 */
void
pool_merge_surplus(const Grid *grid)
{
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.pool WHERE grid_id OPERATOR(pg_catalog.=) $1 AND stripe OPERATOR(pg_catalog.=) ANY ($2)",
		.nargs = 2,
		.argtypes = {INT4OID, INT4ARRAYOID},
	};
	Pool		pool;
	Datum		values[2];
	Datum	   *merged;
	int			nmerged = 0;

	pool_open_all(&pool, grid);
	merged = palloc(pool.nparts * sizeof(Datum));
	for (int i = 0; i < pool.nparts; i++)
	{
		PoolPart   *part = &pool.parts[i];

		if (part->stripe < grid->form.stripes)
			continue;
		merged[nmerged++] = Int32GetDatum(part->stripe);
		for (int f = 0; f < POOL_FIELDS; f++)
		{
			int64	   *own = field_of(&pool.own, (PoolField) f);

			if (!checked_add(*own, part->value[f], own))
				error_out_of_range(total_name[f]);
		}
	}
	if (nmerged == 0)
		return;
	pool_write(&pool);

	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = PointerGetDatum(construct_array(merged, nmerged, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	elevated_begin();
	elevated_execute(&plan, values, NULL, false);
	elevated_end();
	store_refresh();
}
