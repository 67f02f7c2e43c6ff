/*-------------------------------------------------------------------------
 *
 * pool.h
 *	  The grid load, capacity and revenue as escrow stripes.
 *
 * A change of these figures is decided and made in one step, pool_apply():
 * decide() sees the totals, and says by how much each is to change, or refuses.
 * It runs again after every wait, since what was decided before may not hold
 * any more; so it must not change anything but what it answers.
 *
 * The totals are those of what is committed, and of what the own transaction
 * has done.  If they are too small, that is the answer, at once.  If they are
 * large enough, but transactions that have not ended hold the stripes, the call
 * waits for these, at most smartgrid.row_wait.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POOL_H
#define SG_POOL_H

#include "postgres.h"

#include "base/checked.h"
#include "base/refusal.h"
#include "grid/grid.h"
#include "grid/stripes.h"
#include "store/patience.h"

typedef enum PoolField
{
	POOL_LOAD,					/* energy units */
	POOL_CAPACITY,				/* energy units */
	POOL_REVENUE				/* money units */
} PoolField;

#define POOL_FIELDS		3

/* A stripe as it was read. */
typedef struct PoolPart
{
	StripeRow	row;
	bool		locked;			/* by this transaction */
	bool		written;		/* through this pool: its lock cannot be given back */
} PoolPart;

/* A grid's pool: this backend's stripe and a view of all. */
typedef struct Pool
{
	const Grid *grid;
	MemoryContext context;		/* of the parts */
	Patience	patience;		/* with others that have what is needed */
	bool		is_open;		/* the own stripe is locked, and all were read */
	FormPool	own;			/* this backend's stripe; changes are kept here until pool_write() */
	ItemPointerData own_tid;	/* its row; invalid while there is none */
	int			nparts;
	PoolPart   *parts;			/* every stripe that has a row, by number */
	int64		total[POOL_FIELDS]; /* sums over all stripes, as of the last read */
	bool		dirty;			/* own has changed since it was read or written */
	bool		written;		/* own has been written: its lock cannot be given back */
} Pool;

/*
 * Says into change, which is 0, by how much the totals are to grow or, below
 * zero, to fall; or refuses.  A total must not fall below zero.
 */
typedef Refusal *(*PoolDecide) (const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg);

extern void pool_totals(int32 grid_id, int64 total[POOL_FIELDS]);

extern void pool_init(Pool *pool, const Grid *grid);
extern Refusal *pool_apply(Pool *pool, PoolDecide decide, void *arg);
extern Refusal *pool_add(Pool *pool, PoolField field, int64 amount);
extern Refusal *pool_take_load(Pool *pool, int64 amount);
extern void pool_reserve_load(Pool *pool, int64 amount);
extern void pool_write(Pool *pool);
extern void pool_merge_surplus(const Grid *grid);

#endif							/* SG_POOL_H */
