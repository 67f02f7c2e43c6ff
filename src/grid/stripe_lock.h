/*-------------------------------------------------------------------------
 *
 * stripe_lock.h
 *	  The locks of the stripes of a grid's pool.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_STRIPE_LOCK_H
#define SG_STRIPE_LOCK_H

#include "postgres.h"

#include "grid/grid.h"
#include "store/patience.h"

extern bool stripe_try_lock(int32 grid_id, int32 stripe);
extern bool stripe_await(int32 grid_id, int32 stripe, Patience *patience);
extern void stripe_unlock(int32 grid_id, int32 stripe);
extern int32 stripe_own(const Grid *grid);
extern int32 stripe_lock_own(const Grid *grid);

#endif							/* SG_STRIPE_LOCK_H */
