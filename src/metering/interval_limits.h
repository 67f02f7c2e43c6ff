/*-------------------------------------------------------------------------
 *
 * interval_limits.h
 *	  The limits of what the views of intervals read.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INTERVAL_LIMITS_H
#define SG_INTERVAL_LIMITS_H

/* Arguments of interval_slots() and interval_day_sums(); NULL: no limit. */
enum
{
	LIMIT_GRIDS,				/* text[] */
	LIMIT_POINTS,				/* text[] */
	LIMIT_FIRST_DAY,			/* date */
	LIMIT_LAST_DAY,				/* date, inclusive */
	LIMIT_FROM,					/* timestamptz */
	LIMIT_TO,					/* timestamptz, inclusive */
	LIMIT_COUNT
};

#endif							/* SG_INTERVAL_LIMITS_H */
