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

typedef enum StripeWait
{
	STRIPE_TRY,					/* do without if somebody else has it */
	STRIPE_WAIT
} StripeWait;

extern bool stripe_lock(int32 grid_id, int32 stripe, StripeWait wait);
extern void stripe_unlock(int32 grid_id, int32 stripe);
extern int32 stripe_own(const Grid *grid);
extern int32 stripe_lock_own(const Grid *grid);

#endif							/* SG_STRIPE_LOCK_H */
