/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  The rows of smartgrid.rollup: what sealed entries add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ROLLUP_H
#define SG_ROLLUP_H

#include "postgres.h"

#include "checked.h"

/* Where the rollups of a grid end. */
typedef struct RollupEnd
{
	int64		next_entry;		/* the first id that may be in none */
	sg_int128	load;			/* grid load before that, energy units */
} RollupEnd;

extern RollupEnd rollup_end(int32 grid_id);

#endif							/* SG_ROLLUP_H */
