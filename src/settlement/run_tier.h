/*-------------------------------------------------------------------------
 *
 * run_tier.h
 *	  A run: components with tiers.
 *
 * Units of an owner are counted by month, day or run, those of one point or of all
 * of its points, in the order of slots, whatever was assigned; each costs what its
 * tier says.  Of a month that began before the run what was metered before is
 * counted, too.
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

extern bool run_tier_begin(RunState *state);
extern void run_tier_expect(RunState *state, const RunPoint *point, const RunStretch *stretch);
extern void run_tier_take(RunState *state, RunPoint *point, int64 point_id, RunComponent *component, int64 owner_id,
						  const RunSlots *slots, int from, int to);
extern void run_tier_end_day(RunState *state);
extern void run_tier_drop_empty(RunLines *lines);

#endif							/* SG_RUN_TIER_H */
