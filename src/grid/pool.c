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
 * taken moves to one that is free.
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
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "base/errors.h"
#include "grid/pool.h"
#include "store/elevated.h"
#include "store/relations.h"

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

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_POOL), (Oid) grid_id, (uint16) stripe);
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
sum_stripes(int32 grid_id, bool by_index, int64 total[POOL_FIELDS])
{
	sg_int128	sum[POOL_FIELDS] = {0};
	StripeRow  *rows;
	int			n = stripes_read(grid_id, AccessShareLock, by_index, &rows);

	for (int i = 0; i < n; i++)
		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += *field_of(&rows[i].form, (PoolField) f);
	pfree(rows);
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (sum[f] > PG_INT64_MAX)	/* see pool_require_room() */
			error_out_of_range(total_name[f]);
		total[f] = (int64) sum[f];
	}
}

/*
 * The sums over a grid's stripes in the active snapshot, without any lock:
 * for what is only read, on a standby too.
 */
void
pool_totals(int32 grid_id, int64 total[POOL_FIELDS])
{
	sum_stripes(grid_id, false, total);
}

/* Was this stripe locked when the stripes were read before? */
static bool
was_locked(const PoolPart *parts, int nparts, int32 stripe)
{
	for (int i = 0; i < nparts; i++)
		if (parts[i].row.form.stripe == stripe)
			return parts[i].locked;
	return false;
}

/*
 * Takes a fresh snapshot and reads all stripes, by number.  Keeps what is
 * known of locks.  by_index: as in stripes_read().
 */
static void
read_stripes(Pool *pool, bool by_index)
{
	int32		own = pool->own.stripe;
	sg_int128	sum[POOL_FIELDS] = {0};
	PoolPart   *old = pool->parts;
	int			nold = pool->nparts;
	StripeRow  *rows;

	store_refresh();
	pool->nparts = stripes_read(pool->grid->form.grid_id, RowExclusiveLock, by_index, &rows);
	pool->parts = palloc(Max(pool->nparts, 1) * sizeof(PoolPart));
	pool->own = (FormPool) {.grid_id = pool->grid->form.grid_id, .stripe = own};
	ItemPointerSetInvalid(&pool->own_tid);
	for (int i = 0; i < pool->nparts; i++)
	{
		PoolPart   *part = &pool->parts[i];

		part->row = rows[i];
		if (rows[i].form.stripe == own)
		{
			part->locked = true;
			pool->own = rows[i].form;
			pool->own_tid = rows[i].tid;
		}
		else
			part->locked = old && was_locked(old, nold, rows[i].form.stripe);
		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += *field_of(&rows[i].form, (PoolField) f);
	}
	pfree(rows);
	if (old)
		pfree(old);

	/* Beyond bigint (see pool_require_room()) whatever takes or deactivates must still work. */
	for (int f = 0; f < POOL_FIELDS; f++)
		pool->total[f] = (int64) Min(sum[f], PG_INT64_MAX);
}

/* How many stripes beside the own one are tried before a call waits: each costs about as much as a lock. */
#define OTHERS_TRIED	8

/*
 * By how much this backend's stripe has moved away from its slot.  Two sessions
 * on one stripe would wait for each other's commit, and for as long as one of
 * them is idle in a transaction or has prepared it; so whoever finds its stripe
 * taken moves on to one that is free, and stays there.
 */
static uint32 own_offset = 0;

static int32
stripe_at(const Grid *grid, int step)
{
	return (int32) (((uint64) SG_BACKEND_SLOT + own_offset + step) % (uint32) grid->form.stripes);
}

static void
pool_init(Pool *pool, const Grid *grid)
{
	memset(pool, 0, sizeof(*pool));
	pool->grid = grid;
	pool->own.stripe = stripe_at(grid, 0);
}

/* Locks this backend's stripe, or the next that nobody has where somebody else has it; waits where all that are tried are taken. */
static void
lock_own_stripe(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;

	for (int step = 0; step <= OTHERS_TRIED && step < pool->grid->form.stripes; step++)
	{
		int32		stripe = stripe_at(pool->grid, step);

		if (lock_stripe(grid_id, stripe, false))
		{
			own_offset += step;
			pool->own.stripe = stripe;
			return;
		}
	}
	lock_stripe(grid_id, pool->own.stripe, true);
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
	lock_own_stripe(pool);
	read_stripes(pool, false);
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
			if (!own_done && pool->own.stripe < pool->parts[i].row.form.stripe)
			{
				lock_stripe(grid_id, held[nheld++] = pool->own.stripe, true);
				own_done = true;
			}
			if (pool->parts[i].row.form.stripe == pool->own.stripe)
				own_done = true;
			lock_stripe(grid_id, held[nheld++] = pool->parts[i].row.form.stripe, true);
			pool->parts[i].locked = true;
		}
		if (!own_done)
			lock_stripe(grid_id, held[nheld++] = pool->own.stripe, true);

		read_stripes(pool, true);
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
	read_stripes(pool, true);
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
	sum_stripes(pool->grid->form.grid_id, true, latest);
	PopActiveSnapshot();
	if (latest[field] != pool->total[field])
		error_serialization_failure();
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
pool_require_room(Pool *pool, PoolField field, int64 amount)
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

/* What the stripes that are locked hold together. */
static sg_int128
locked_sum(const Pool *pool, PoolField field)
{
	sg_int128	sum = *field_of(unconstify(FormPool *, &pool->own), field);

	for (int i = 0; i < pool->nparts; i++)
		if (pool->parts[i].locked && pool->parts[i].row.form.stripe != pool->own.stripe)
			sum += *field_of(&pool->parts[i].row.form, field);
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

		if (part->row.form.stripe != pool->own.stripe && part->locked == locked && *field_of(&part->row.form, field) > 0 &&
			(largest == NULL || *field_of(&part->row.form, field) > *field_of(&largest->row.form, field)))
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
		int64	   *value = field_of(&part->row.form, field);
		int64		missing = amount - *own;
		int64		moved = (*value <= missing) ? *value : missing + (*value - missing) / 2;

		moved = Min(moved, PG_INT64_MAX - *own);
		*value -= moved;
		store_update_form(TABLE_POOL, &part->row.form, &part->row.tid);
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
		if (lock_stripe(grid_id, part->row.form.stripe, false))
		{
			part->locked = true;
			gathered[ngathered++] = part->row.form.stripe;
			expected += *field_of(&part->row.form, field);
		}
		else
			*field_of(&part->row.form, field) = 0;	/* passed over */
	}
	read_stripes(pool, false);
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
	if (pool->all_locked ? locked_sum(pool, field) < amount : !gather(pool, field, amount))
		return false;
	move_to_own(pool, field, amount);
	return true;
}

/* Has this stripe been given a row since our transaction's snapshot? */
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

/* Writes the own stripe.  Errors: 40001 under REPEATABLE READ and SERIALIZABLE where it has changed meanwhile. */
void
pool_write(Pool *pool)
{
	if (ItemPointerIsValid(&pool->own_tid))
		store_update_form(TABLE_POOL, &pool->own, &pool->own_tid);
	else
	{
		if (own_row_appeared(pool))
			error_serialization_failure();
		stripes_announce();
		store_insert(TABLE_POOL, &pool->own, &pool->own_tid);
		relations_announce_stripes_now();
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
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.pool WHERE grid_id = $1 AND stripe = ANY ($2)",
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

		if (part->row.form.stripe < grid->form.stripes)
			continue;
		merged[nmerged++] = Int32GetDatum(part->row.form.stripe);
		for (int f = 0; f < POOL_FIELDS; f++)
		{
			int64	   *own = field_of(&pool.own, (PoolField) f);

			if (!checked_add(*own, *field_of(&part->row.form, (PoolField) f), own))
				error_out_of_range(total_name[f]);
		}
	}
	if (nmerged == 0)
		return;
	stripes_announce();
	pool_write(&pool);

	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = PointerGetDatum(construct_array(merged, nmerged, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	store_refresh();
}
