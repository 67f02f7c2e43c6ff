/*-------------------------------------------------------------------------
 *
 * share.h
 *	  How metering points take part in sharing the community's energy.
 *
 * Dated facts (metering/dated.h), by point.  A point of which none is on record
 * takes part with all of its energy, without a key.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SHARE_H
#define SG_SHARE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "grid/grid.h"
#include "metering/dated.h"
#include "metering/point.h"
#include "settlement/allocation.h"

#define SHARE_WITHOUT_KEY	(-1)

typedef struct Share
{
	int64		factor;			/* of ALLOCATION_WHOLE: what of its energy takes part */
	int64		key;			/* of ALLOCATION_WHOLE; SHARE_WITHOUT_KEY: it has none, which counts 0 */
	int32		priority;
} Share;

/* What a point takes part with if nothing is on record. */
#define SHARE_DEFAULT	((Share) {.factor = ALLOCATION_WHOLE, .key = SHARE_WITHOUT_KEY, .priority = 1})

/* From when to when. */
typedef struct ShareFact
{
	int64		point_id;
	TimestampTz from;
	TimestampTz to;
	Share		share;
} ShareFact;

/* share_rows.c */
extern void share_find(DatedPlace *place, int32 grid_id, int64 point_id, TimestampTz at);
extern Share share_of_fact(const DatedFact *fact);
extern bool share_set(const DatedPlace *place, const Share *share, Recording *recording);
extern void share_point_end(Recording *recording, int64 point_id, TimestampTz at);
extern ShareFact *share_load(int32 grid_id, TimestampTz from, TimestampTz to, TimestampTz as_of, int *n);

/* share_sums.c */
extern Datum share_consumer_kinds(void);
extern Refusal *refuse_factors(const Grid *grid, const char *name, int64 point_id, int64 factor, TimestampTz from, TimestampTz to);
extern Refusal *refuse_keys(const Grid *grid, int64 point_id, int64 key, TimestampTz from, TimestampTz to);
extern void share_point_rename(const Grid *grid, int64 point_id, const char *name);

/* share_check.c */
extern int64 share_count_orphans(int32 grid_id);
extern int64 share_count_beyond(int32 grid_id);
extern int64 share_count_without_grid(void);

#endif							/* SG_SHARE_H */
