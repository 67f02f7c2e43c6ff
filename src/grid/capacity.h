/*-------------------------------------------------------------------------
 *
 * capacity.h
 *	  The history of the grid capacity.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CAPACITY_H
#define SG_CAPACITY_H

#include "postgres.h"

#include "base/checked.h"
#include "grid/buckets.h"
#include "grid/grid.h"
#include "grid/pool.h"

extern Refusal *capacity_change(Pool *pool, int64 participant_id, int64 change);
extern Datum capacity_utilization(sg_int128 load, sg_int128 capacity);
extern TimestampTz capacity_known_from(int32 grid_id);
extern sg_int128 *capacity_at_ends(const Grid *grid, const Buckets *buckets);

#endif							/* SG_CAPACITY_H */
