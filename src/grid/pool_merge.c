/*-------------------------------------------------------------------------
 *
 * pool_merge.c
 *	  Fewer stripes: what happens to the pool if sg_alter_grid() lowers their
 *	  number.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "base/errors.h"
#include "grid/escrow.h"
#include "grid/stripe_lock.h"
#include "store/elevated.h"

/* Deletes the rows of stripes of a grid. */
static void
delete_stripes(int32 grid_id, Datum *stripes, int n)
{
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.pool WHERE grid_id = $1 AND stripe = ANY ($2)",
		.nargs = 2,
		.argtypes = {INT4OID, INT4ARRAYOID},
	};
	Datum		values[] = {
		Int32GetDatum(grid_id),
		PointerGetDatum(construct_array(stripes, n, INT4OID, sizeof(int32), true, TYPALIGN_INT))
	};
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Makes one of the stripes that stay, and that nobody has, the own one; false if there is none. */
static bool
take_lasting_stripe(Pool *pool)
{
	int32		grid_id = pool->grid->form.grid_id;
	int32		stripe = stripe_own(pool->grid);

	for (int32 n = 0; n < pool->grid->form.stripes; n++, stripe = (stripe + 1) % pool->grid->form.stripes)
		if (stripe_try_lock(grid_id, stripe))
		{
			pool->own.stripe = stripe;
			pool->is_open = true;
			return true;
		}
	return false;
}

/* Locks the surplus stripes that nobody has, and reads them. */
static void
lock_surplus(Pool *pool)
{
	escrow_read(pool, STRIPES_BY_INDEX);
	for (int i = 0; i < pool->nparts; i++)
	{
		PoolPart   *part = &pool->parts[i];

		if (part->row.form.stripe >= pool->grid->form.stripes)
			part->locked = stripe_try_lock(pool->grid->form.grid_id, part->row.form.stripe);
	}
	escrow_read(pool, STRIPES_BY_INDEX);
}

/*
 * After a grid's number of stripes was lowered: moves what surplus stripes
 * hold into the own one and removes them.  Those that others have stay, as
 * parts of the sums like any other, until the next time: nobody is waited for.
 * Safe under load; a backend that still counts by the old number makes its
 * stripe anew, and it is counted.  Locks: a stripe that stays, and the surplus
 * ones that are free.  22003 if a sum does not fit a bigint.
 */
void
pool_merge_surplus(const Grid *grid)
{
	Pool		pool;
	Datum	   *merged;
	int			nmerged = 0;

	pool_init(&pool, grid);
	if (!take_lasting_stripe(&pool))
		return;
	lock_surplus(&pool);
	merged = palloc(pool.nparts * sizeof(Datum));
	for (int i = 0; i < pool.nparts; i++)
	{
		PoolPart   *part = &pool.parts[i];

		if (part->row.form.stripe < grid->form.stripes || !part->locked)
			continue;
		merged[nmerged++] = Int32GetDatum(part->row.form.stripe);
		for (int f = 0; f < POOL_FIELDS; f++)
		{
			int64	   *own = escrow_field(&pool.own, (PoolField) f);

			if (!checked_add(*own, *escrow_field(&part->row.form, (PoolField) f), own))
				error_out_of_range(escrow_total_name[f]);
		}
	}
	if (nmerged == 0)
		return;
	stripes_announce();
	pool.dirty = true;
	pool_write(&pool);
	delete_stripes(grid->form.grid_id, merged, nmerged);
	store_refresh();
}
