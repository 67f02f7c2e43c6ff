/*-------------------------------------------------------------------------
 *
 * known_stripes.h
 *	  What a backend knows of the stripes of grids.  For stripes.c, which says
 *	  when it may be relied on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_KNOWN_STRIPES_H
#define SG_KNOWN_STRIPES_H

#include "postgres.h"

#include "grid/stripes.h"
#include "store/kept_row.h"
#include "store/place.h"

typedef struct KnownStripe
{
	int32		stripe;
	Place		place;
	StripeRow	row;			/* as it was read last */
	KeptRow		kept;			/* whether that may be used again */
} KnownStripe;

typedef struct KnownGrid
{
	int32		grid_id;		/* hash key */
	uint64		generation;		/* of the announcements of stripes, before the snapshot in which they were looked up */
	LocalTransactionId xact;	/* the transaction whose snapshot that was, under REPEATABLE READ and SERIALIZABLE */
	TransactionId xmax;			/* of that snapshot */
	int			nrunning;
	TransactionId *running;		/* transactions that were running for that snapshot */
	int			n;
	KnownStripe *stripes;		/* by number */
} KnownGrid;

extern MemoryContext known_stripes_context;	/* of what a KnownGrid points to */

extern KnownGrid *known_stripes_find(int32 grid_id);
extern KnownGrid *known_stripes_enter(int32 grid_id);

#endif							/* SG_KNOWN_STRIPES_H */
