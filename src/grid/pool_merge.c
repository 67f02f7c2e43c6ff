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

/*
 * Makes one of the stripes that stay the own one, with every stripe locked: what
 * was waited for may be one that goes.  Raises 55P03 if none is to be had.
 */
static void
take_lasting_stripe(Pool *pool)
{
	int32		stripes = pool->grid->form.stripes;

	if (pool->own.stripe < stripes)
		return;
	for (int32 stripe = 0; stripe < stripes; stripe++)
		if (stripe_try_lock(pool->grid->form.grid_id, stripe))
		{
			pool->own.stripe = stripe;
			escrow_read(pool, STRIPES_BY_INDEX);
			return;
		}
	error_refused(refuse_impatient(psprintf("each stripe of grid \"%s\" that stays", pool->grid->name)));
}

/*
 * After a grid's number of stripes was lowered: moves what surplus stripes
 * hold into the own one and removes them.  Safe under load; a backend that
 * still counts by the old number makes its stripe anew, and it is counted.
 * Locks: every stripe; 55P03 if they are not to be had in
 * time.  22003 if the sum does not fit a bigint.
 */
void
pool_merge_surplus(const Grid *grid)
{
	Pool		pool;
	Datum	   *merged;
	int			nmerged = 0;

	pool_init(&pool, grid);
	escrow_lock_all(&pool);
	take_lasting_stripe(&pool);
	merged = palloc(pool.nparts * sizeof(Datum));
	for (int i = 0; i < pool.nparts; i++)
	{
		PoolPart   *part = &pool.parts[i];

		if (part->row.form.stripe < grid->form.stripes)
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
