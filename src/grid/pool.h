/*-------------------------------------------------------------------------
 *
 * pool.h
 *	  The grid load, capacity and revenue as escrow stripes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POOL_H
#define SG_POOL_H

#include "postgres.h"

#include "base/checked.h"
#include "grid/grid.h"
#include "grid/stripes.h"

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
} PoolPart;

/* A grid's pool, opened for a change: this backend's stripe and a view of all. */
typedef struct Pool
{
	const Grid *grid;
	FormPool	own;			/* this backend's stripe; changes are kept here until pool_write() */
	ItemPointerData own_tid;	/* its row; invalid while there is none */
	int			nparts;
	PoolPart   *parts;			/* every stripe that has a row, by number */
	int64		total[POOL_FIELDS]; /* sums over all stripes, as of the last read */
	bool		all_locked;		/* every stripe: parts and total are exact until the end of the transaction */
	bool		dirty;			/* own has changed since it was read or written */
	bool		written;		/* own has been written: its lock cannot be given up */
} Pool;

extern void pool_totals(int32 grid_id, int64 total[POOL_FIELDS]);
extern void pool_open(Pool *pool, const Grid *grid);
extern void pool_open_all(Pool *pool, const Grid *grid);
extern void pool_require_room(Pool *pool, PoolField field, int64 amount);
extern bool pool_cover(Pool *pool, PoolField field, int64 amount);
extern void pool_add(Pool *pool, PoolField field, int64 amount);
extern void pool_subtract(Pool *pool, PoolField field, int64 amount);
extern void pool_write(Pool *pool);
extern void pool_merge_surplus(const Grid *grid);

#endif							/* SG_POOL_H */
