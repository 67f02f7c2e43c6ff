/*-------------------------------------------------------------------------
 *
 * load_earlier.h
 *	  What a load that is written in parts has said before of a point's day.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_EARLIER_H
#define SG_LOAD_EARLIER_H

#include "postgres.h"

#include "metering/load_merge.h"
#include "metering/load_state.h"

typedef struct Earlier
{
	uint64		given[(DAY_MAX_SLOTS + 63) / 64];	/* a bit for each slot */
	int			last;			/* of these; -1: none */
	sg_int128	sum;			/* of exact values, 10^-18 kWh, if they are rounded */
} Earlier;

extern Earlier *load_earlier(Load *load, const LoadPlace *place);
extern sg_int128 load_earlier_sum(const Earlier *earlier, const PlaceValues *values);
extern void load_refuse_repeated(Load *load, const LoadPlace *place, const Merge *merge, PlaceValues *values);
extern void load_note_given(PlaceValues *values);

#endif							/* SG_LOAD_EARLIER_H */
