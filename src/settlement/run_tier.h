/*-------------------------------------------------------------------------
 *
 * run_tier.h
 *	  A run: components with tiers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RUN_TIER_H
#define SG_RUN_TIER_H

#include "postgres.h"

#include "settlement/run_state.h"

/* What of a point's day is added, slot by slot. */
typedef struct RunSlots
{
	TimestampTz starts;			/* of the first */
	int			minutes;
	int			n;				/* of the day */
	const int64 *amount;
	const uint8 *quality;
} RunSlots;

extern void run_tier_add(RunState *state, RunPoint *point, RunStretch *stretch, RunComponent *component,
						 const RunSlots *slots, int from, int to);

#endif							/* SG_RUN_TIER_H */
