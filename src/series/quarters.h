/*-------------------------------------------------------------------------
 *
 * quarters.h
 *	  Sums by quarter-hour.
 *
 * Quarter-hours are those of UTC, and so of every zone in use, for all are a
 * multiple of 15 minutes from it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_QUARTERS_H
#define SG_QUARTERS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/hsearch.h"

#include "ledger/sums.h"

#define QUARTER_HOUR	(15 * USECS_PER_MINUTE)

typedef struct Quarter
{
	TimestampTz start;			/* key */
	Sums		sums;
} Quarter;

typedef struct Quarters
{
	HTAB	   *table;
	Quarter    *last;			/* the one that was asked for last */
} Quarters;

/* The start of the quarter-hour of a moment. */
static inline TimestampTz
quarter_start(TimestampTz at)
{
	TimestampTz rest = at % QUARTER_HOUR;	/* timestamps count from a full hour */

	return at - (rest < 0 ? rest + QUARTER_HOUR : rest);
}

extern void quarters_open(Quarters *quarters);
extern Sums *quarters_sums(Quarters *quarters, TimestampTz at);
extern Quarter *quarters_find(const Quarters *quarters, TimestampTz start);
extern long quarters_count(const Quarters *quarters);
extern void quarters_close(Quarters *quarters);

#endif							/* SG_QUARTERS_H */
