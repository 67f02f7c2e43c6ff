/*-------------------------------------------------------------------------
 *
 * escrow.c
 *	  The stripes of a pool that is open: reading, locking and collecting.
 *
 * If the own stripe does not hold enough, stripes that nobody has are gathered
 * without waiting; if that is not enough, all that was gathered is given back,
 * and all stripes are locked in the order of their numbers, waiting.  A single
 * call never waits for a stripe while it holds one out of order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "grid/escrow.h"
#include "grid/stripe_lock.h"

const char *const escrow_total_name[POOL_FIELDS] = {
	[POOL_LOAD] = "grid load",
	[POOL_CAPACITY] = "grid capacity",
	[POOL_REVENUE] = "grid revenue",
};

/* A figure of a stripe. */
int64 *
escrow_field(FormPool *form, PoolField field)
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

static int64
own_value(const Pool *pool, PoolField field)
{
	return *escrow_field(unconstify(FormPool *, &pool->own), field);
}

static int64
part_value(const PoolPart *part, PoolField field)
{
	return *escrow_field(unconstify(FormPool *, &part->row.form), field);
}

/* The sums over a grid's stripes in the active snapshot, without any lock; 22003 if one does not fit a bigint. */
void
escrow_sum(int32 grid_id, StripesBy by, int64 total[POOL_FIELDS])
{
	sg_int128	sum[POOL_FIELDS] = {0};
	StripeRow  *rows;
	int			n = stripes_read(grid_id, AccessShareLock, by == STRIPES_BY_INDEX, &rows);

	for (int i = 0; i < n; i++)
		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += *escrow_field(&rows[i].form, (PoolField) f);
	pfree(rows);
	for (int f = 0; f < POOL_FIELDS; f++)
	{
		if (sum[f] > PG_INT64_MAX)
			error_out_of_range(escrow_total_name[f]);
		total[f] = (int64) sum[f];
	}
}

/* What was known of a stripe when the stripes were read before; NULL if it had no row. */
static const PoolPart *
part_of(const PoolPart *parts, int nparts, int32 stripe)
{
	for (int i = 0; i < nparts; i++)
		if (parts[i].row.form.stripe == stripe)
			return &parts[i];
	return NULL;
}

/*
 * Takes a fresh snapshot and reads all stripes, by number.  Keeps what is
 * known of locks.  The own stripe must not be dirty.
 */
void
escrow_read(Pool *pool, StripesBy by)
{
	int32		own = pool->own.stripe;
	sg_int128	sum[POOL_FIELDS] = {0};
	PoolPart   *old = pool->parts;
	int			nold = pool->nparts;
	StripeRow  *rows;

	Assert(!pool->dirty);
	store_refresh();
	pool->nparts = stripes_read(pool->grid->form.grid_id, RowExclusiveLock, by == STRIPES_BY_INDEX, &rows);
	pool->parts = MemoryContextAllocZero(pool->context, Max(pool->nparts, 1) * sizeof(PoolPart));
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
		else if (old)
		{
			const PoolPart *before = part_of(old, nold, rows[i].form.stripe);

			part->locked = before && before->locked;
			part->written = before && before->written;
		}
		for (int f = 0; f < POOL_FIELDS; f++)
			sum[f] += *escrow_field(&rows[i].form, (PoolField) f);
	}
	pfree(rows);
	if (old)
		pfree(old);

	/* Beyond bigint, which only hand repair brings about, whatever takes or deactivates must still work. */
	for (int f = 0; f < POOL_FIELDS; f++)
		pool->total[f] = (int64) Min(sum[f], PG_INT64_MAX);
}

/* Gives back every stripe under whose lock nothing was changed. */
static void
give_back(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;

	for (int i = 0; i < pool->nparts; i++)
	{
		PoolPart   *part = &pool->parts[i];

		if (part->row.form.stripe == pool->own.stripe || !part->locked || part->written)
			continue;
		stripe_unlock(grid_id, part->row.form.stripe);
		part->locked = false;
	}
	if (pool->is_open && !pool->written)
		stripe_unlock(grid_id, pool->own.stripe);
}

/*
 * Locks every stripe, in the order of their numbers and waiting, and reads
 * them.  What was locked out of order is given back before, unless this
 * transaction has changed it.  Rows that came into being meanwhile are locked
 * in another round, in order again.  The first stripe is locked with or without
 * a row, so that two callers meet in a grid that has none yet.
 */
void
escrow_lock_all(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;

	if (pool->dirty)
		pool_write(pool);
	give_back(pool);
	for (;;)
	{
		bool		complete = true;
		bool		own_done = false;
		int		   *held = palloc((pool->nparts + 2) * sizeof(int));
		int			nheld = 0;

		stripe_lock(grid_id, held[nheld++] = 0, STRIPE_WAIT);
		for (int i = 0; i < pool->nparts; i++)
		{
			if (!own_done && pool->own.stripe < pool->parts[i].row.form.stripe)
			{
				stripe_lock(grid_id, held[nheld++] = pool->own.stripe, STRIPE_WAIT);
				own_done = true;
			}
			if (pool->parts[i].row.form.stripe == pool->own.stripe)
				own_done = true;
			stripe_lock(grid_id, held[nheld++] = pool->parts[i].row.form.stripe, STRIPE_WAIT);
			pool->parts[i].locked = true;
		}
		if (!own_done)
			stripe_lock(grid_id, held[nheld++] = pool->own.stripe, STRIPE_WAIT);

		pool->is_open = true;
		escrow_read(pool, STRIPES_BY_INDEX);
		for (int i = 0; i < pool->nparts; i++)
			complete &= pool->parts[i].locked;
		if (complete)
		{
			pool->all_locked = true;
			pfree(held);
			return;
		}

		/* Those too whose rows have vanished meanwhile (pool_merge_surplus()): kept, they would be held out of order. */
		for (int i = 0; i < nheld; i++)
			stripe_unlock(grid_id, held[i]);
		for (int i = 0; i < pool->nparts; i++)
			pool->parts[i].locked = false;
		pfree(held);
	}
}

/* What the stripes that are locked hold together. */
static sg_int128
locked_sum(const Pool *pool, PoolField field)
{
	sg_int128	sum = own_value(pool, field);

	for (int i = 0; i < pool->nparts; i++)
		if (pool->parts[i].locked && pool->parts[i].row.form.stripe != pool->own.stripe)
			sum += part_value(&pool->parts[i], field);
	return sum;
}

/* Do the stripes that are locked hold this much? */
bool
escrow_covers(const Pool *pool, PoolField field, int64 amount)
{
	return own_value(pool, field) >= amount || locked_sum(pool, field) >= amount;
}

/* The largest of the other stripes, by field, that is locked or not as asked and holds something; NULL if there is none. */
static PoolPart *
largest_part(const Pool *pool, PoolField field, bool locked)
{
	PoolPart   *largest = NULL;

	for (int i = 0; i < pool->nparts; i++)
	{
		PoolPart   *part = &pool->parts[i];

		if (part->row.form.stripe != pool->own.stripe && part->locked == locked && part_value(part, field) > 0 &&
			(largest == NULL || part_value(part, field) > part_value(largest, field)))
			largest = part;
	}
	return largest;
}

/*
 * Gives back gathered stripes whose rows have vanished meanwhile
 * (pool_merge_surplus()): kept, they would be held out of order.
 */
static void
give_back_vanished(Pool *pool, const int32 *gathered, int n)
{
	for (int i = 0; i < n; i++)
		if (part_of(pool->parts, pool->nparts, gathered[i]) == NULL)
			stripe_unlock(pool->grid->form.grid_id, gathered[i]);
}

/*
 * Locks stripes that hold amount together and reads again: first those that
 * nobody has, without waiting; if they hold less, all.
 */
void
escrow_gather(Pool *pool, PoolField field, int64 amount)
{
	sg_int128	expected;
	PoolPart   *part;
	int32	   *gathered;
	int			n = 0;

	if (pool->dirty)
		pool_write(pool);
	gathered = palloc(Max(pool->nparts, 1) * sizeof(int32));
	expected = locked_sum(pool, field);
	while (expected < amount && (part = largest_part(pool, field, false)) != NULL)
	{
		if (stripe_lock(pool->grid->form.grid_id, part->row.form.stripe, STRIPE_TRY))
		{
			part->locked = true;
			expected += part_value(part, field);
		}
		else
			*escrow_field(&part->row.form, field) = 0;	/* passed over; it is read again below */
	}
	for (int i = 0; i < pool->nparts; i++)
		if (pool->parts[i].locked && !pool->parts[i].written && pool->parts[i].row.form.stripe != pool->own.stripe)
			gathered[n++] = pool->parts[i].row.form.stripe;
	escrow_read(pool, STRIPES_AS_KNOWN);
	give_back_vanished(pool, gathered, n);
	pfree(gathered);
	if (locked_sum(pool, field) < amount)
		escrow_lock_all(pool);
}

/*
 * Moves what is missing for amount from other locked stripes into the own
 * one, from the largest first, and half of what then remains in the last of
 * them along, so that the next call is local again.  The locked stripes cover
 * amount.
 */
void
escrow_collect(Pool *pool, PoolField field, int64 amount)
{
	int64	   *own = escrow_field(&pool->own, field);

	while (*own < amount)
	{
		PoolPart   *part = largest_part(pool, field, true);
		int64	   *value = escrow_field(&part->row.form, field);
		int64		missing = amount - *own;
		int64		moved = (*value <= missing) ? *value : missing + (*value - missing) / 2;

		moved = Min(moved, PG_INT64_MAX - *own);
		*value -= moved;
		store_update_form(TABLE_POOL, &part->row.form, &part->row.tid);
		part->written = true;
		*own += moved;
		pool->dirty = true;
	}
}
