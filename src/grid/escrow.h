/*-------------------------------------------------------------------------
 *
 * escrow.h
 *	  The stripes of a pool that is open: reading, locking and collecting.
 *	  For pool.c alone; everybody else says what is to change (pool.h).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ESCROW_H
#define SG_ESCROW_H

#include "postgres.h"

#include "grid/pool.h"

/* What rows are read by: stripes_read(). */
typedef enum StripesBy
{
	STRIPES_AS_KNOWN,
	STRIPES_BY_INDEX
} StripesBy;

extern const char *const escrow_total_name[POOL_FIELDS];

extern int64 *escrow_field(FormPool *form, PoolField field);
extern void escrow_sum(int32 grid_id, StripesBy by, int64 total[POOL_FIELDS]);

extern const PoolPart *escrow_part(const Pool *pool, int32 stripe);
extern void escrow_open(Pool *pool);
extern void escrow_open_for_adding(Pool *pool);
extern void escrow_move(Pool *pool, int32 stripe);
extern void escrow_read(Pool *pool, StripesBy by);
extern bool escrow_covers(const Pool *pool, PoolField field, int64 amount);
extern Refusal *escrow_gather(Pool *pool, PoolField field, int64 amount);
extern void escrow_collect(Pool *pool, PoolField field, int64 amount);

#endif							/* SG_ESCROW_H */
