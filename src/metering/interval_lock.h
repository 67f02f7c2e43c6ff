/*-------------------------------------------------------------------------
 *
 * interval_lock.h
 *	  Who writes intervals of which points: locks of a grid's loaders.
 *
 * A grid has 128 locks, and a point one of them, by its number: a lock for each
 * point would fill the server's lock table.  Whoever writes intervals of points
 * takes theirs in order, to the end of the transaction, and then reads what is
 * on record.  Somebody idle in a transaction keeps loaders of the same points
 * waiting no longer than smartgrid.seal_wait.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INTERVAL_LOCK_H
#define SG_INTERVAL_LOCK_H

#include "postgres.h"

#include "nodes/bitmapset.h"

#define INTERVAL_LOCKS	128

/* The lock of a point. */
static inline int
interval_lock_of(int64 point_id)
{
	return (int) ((uint64) point_id % INTERVAL_LOCKS);
}

extern void interval_lock(int32 grid_id, const Bitmapset *locks);
extern void interval_lock_all(int32 grid_id);
extern bool interval_try_lock_all(int32 grid_id);

#endif							/* SG_INTERVAL_LOCK_H */
