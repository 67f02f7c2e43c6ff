/*-------------------------------------------------------------------------
 *
 * escrow.c
 *	  The stripes of a pool that is open: reading, locking and collecting.
 *
 * If the own stripe does not hold enough, stripes that nobody has are gathered
 * without waiting.  If that is not enough, a call waits for one stripe of
 * somebody else and gathers again.  While it waits it holds no stripe but those
 * that its transaction has changed: so nobody waits for it, and two single
 * calls never wait for each other.
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

static inline void
add_stripe(sg_int128 sum[POOL_FIELDS], const FormPool *form)
{
	sum[POOL_LOAD] += form->load;
	sum[POOL_CAPACITY] += form->capacity;
	sum[POOL_REVENUE] += form->revenue;
}

/* The sums over a grid's stripes in the active snapshot, without any lock; 22003 if one does not fit a bigint. */
void
escrow_sum(int32 grid_id, StripesBy by, int64 total[POOL_FIELDS])
{
	sg_int128	sum[POOL_FIELDS] = {0};
	StripeRow  *rows;
	int			n = stripes_read(grid_id, AccessShareLock, by == STRIPES_BY_INDEX, &rows);

	for (int i = 0; i < n; i++)
		add_stripe(sum, &rows[i].form);
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

/* A stripe of an open pool as it was read; NULL if it has no row. */
const PoolPart *
escrow_part(const Pool *pool, int32 stripe)
{
	return part_of(pool->parts, pool->nparts, stripe);
}

/*
 * Gives back stripes whose rows have vanished (pool_merge_surplus()): kept,
 * they would be held out of order.
 */
static void
give_back_vanished(Pool *pool, const PoolPart *old, int nold)
{
	for (int i = 0; i < nold; i++)
	{
		int32		stripe = old[i].row.form.stripe;

		if (old[i].locked && !old[i].written && stripe != pool->own.stripe && part_of(pool->parts, pool->nparts, stripe) == NULL)
			stripe_unlock(pool->grid->form.grid_id, stripe);
	}
}

/*
 * Takes a fresh snapshot and reads all stripes, by number.  Keeps what is
 * known of locks, and gives back those of stripes that are gone.  The own
 * stripe must not be dirty.
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
		add_stripe(sum, &rows[i].form);
	}
	pfree(rows);
	if (old)
	{
		give_back_vanished(pool, old, nold);
		pfree(old);
	}

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

		if (!part->locked || part->written || (part->row.form.stripe == pool->own.stripe && pool->written))
			continue;
		if (part->row.form.stripe != pool->own.stripe)
			stripe_unlock(grid_id, part->row.form.stripe);
		part->locked = false;
	}
	if (pool->is_open && !pool->written)
		stripe_unlock(grid_id, pool->own.stripe);
}

/*
 * Waits for a stripe that somebody else has, giving back what can be; false if
 * it was not to be had in time.  It becomes the own one, unless that has been
 * changed.
 */
static bool
await_stripe(Pool *pool, int32 stripe)
{
	if (pool->dirty)
		pool_write(pool);
	give_back(pool);
	pool->is_open = pool->written;
	if (!stripe_await(pool->grid->form.grid_id, stripe, &pool->patience))
		return false;
	if (pool->written)
	{
		for (int i = 0; i < pool->nparts; i++)
			if (pool->parts[i].row.form.stripe == stripe)
				pool->parts[i].locked = true;
	}
	else
		pool->own.stripe = stripe;
	pool->is_open = true;
	return true;
}

/* Makes a stripe that is locked the own one, and gives back the one before, under which nothing was changed. */
void
escrow_move(Pool *pool, int32 stripe)
{
	int32		left = pool->own.stripe;

	stripe_unlock(pool->grid->form.grid_id, left);
	for (int i = 0; i < pool->nparts; i++)
		if (pool->parts[i].row.form.stripe == left)
			pool->parts[i].locked = false;
	pool->own.stripe = stripe;
	escrow_read(pool, STRIPES_AS_KNOWN);
}

/* Locks a stripe for this backend and reads all of them from a fresh snapshot. */
void
escrow_open(Pool *pool)
{
	pool->own.stripe = stripe_lock_own(pool->grid);
	pool->is_open = true;
	escrow_read(pool, STRIPES_AS_KNOWN);
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

/* Locks stripes that nobody has until they hold amount together, or there is none left, and reads all again. */
static void
gather_free(Pool *pool, PoolField field, int64 amount)
{
	sg_int128	expected = locked_sum(pool, field);
	PoolPart   *part;

	while (expected < amount && (part = largest_part(pool, field, false)) != NULL)
	{
		if (stripe_try_lock(pool->grid->form.grid_id, part->row.form.stripe))
		{
			part->locked = true;
			expected += part_value(part, field);
		}
		else
			*escrow_field(&part->row.form, field) = 0;	/* passed over; it is read again */
	}
	escrow_read(pool, STRIPES_AS_KNOWN);
}

/*
 * Locks stripes that hold amount together and reads all again: those that
 * nobody has, or, if they hold less, one more of somebody else, for which it
 * waits.  Whether that is enough now is to be decided again.  55P03 if it was
 * not to be had in time; nothing is locked then but what has been changed.
 */
Refusal *
escrow_gather(Pool *pool, PoolField field, int64 amount)
{
	const PoolPart *part;

	if (pool->dirty)
		pool_write(pool);
	gather_free(pool, field, amount);
	if (escrow_covers(pool, field, amount) || pool->total[field] < amount)
		return NULL;
	part = largest_part(pool, field, false);
	if (part != NULL && !await_stripe(pool, part->row.form.stripe))
		return refuse_impatient(psprintf("a part of the %s of grid \"%s\"", escrow_total_name[field], pool->grid->name));
	escrow_read(pool, STRIPES_AS_KNOWN);
	return NULL;
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
