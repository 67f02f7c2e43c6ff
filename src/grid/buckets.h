/*-------------------------------------------------------------------------
 *
 * buckets.h
 *	  A period cut into buckets of local time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BUCKETS_H
#define SG_BUCKETS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#define BUCKETS_MAX		100000

/* Bucket i is border[i] <= t < border[i + 1]. */
typedef struct Buckets
{
	int			n;
	int			allocated;
	TimestampTz *border;		/* n + 1 of them, ascending */
} Buckets;

extern void buckets_require_width(const Interval *width);
extern void buckets_cut(Buckets *buckets, TimestampTz from, TimestampTz to, const Interval *width, pg_tz *zone);
extern int	buckets_find(const Buckets *buckets, TimestampTz at);
extern Datum buckets_borders(const Buckets *buckets);

#endif							/* SG_BUCKETS_H */
