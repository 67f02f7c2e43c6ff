/*-------------------------------------------------------------------------
 *
 * allocate.h
 *	  What points got of the community's energy, slot by slot: for all who want
 *	  to know it.
 *
 * It goes from local day to local day of the grid and shares out what was read
 * (meter_read.h), by what was on record at a moment.  One day of all points is
 * in memory.
 *
 *	allocate_begin()
 *	while (allocate_next_day())
 *		for each of allocation->points[0 .. n - 1]
 *			for each of its spans
 *				for each slot from span->from to span->to - 1
 *	allocate_end()
 *
 * Points that take part are those of consumption, production and storage, but
 * for loss points.  The slots of a day are the shortest that one of them has;
 * longer ones are cut (coarse.h).  A slot is there if it begins within the
 * period asked for, and a point's if it is in one of its spans, adjacent slots
 * of one period and share.
 *
 * It reads in the active snapshot, takes no locks, and checks no rights: its
 * callers say whose slots they show.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ALLOCATE_H
#define SG_ALLOCATE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "metering/meter_read.h"
#include "settlement/share.h"

/* Slots from .. to - 1 of a day in which a point had one period and one share, and sums over them. */
typedef struct AllocatedSpan
{
	int			from;
	int			to;
	const ReadPeriod *period;
	Share		share;
	int			consuming;		/* slots in which it is a consumer */
	sg_int128	eligible_sum;
	sg_int128	share_sum;		/* of these slots */
	sg_int128	covered_sum;
} AllocatedSpan;

/* A point on a day; arrays are by slot of the day. */
typedef struct AllocatedPoint
{
	const ReadPoint *point;
	int			nspans;			/* at least 1 */
	AllocatedSpan *spans;		/* in their order */
	const int64 *amount;		/* as read, energy units */
	const uint8 *quality;		/* Quality of that */
	int64	   *share;			/* of consumers: NULL for production, of no meaning while storage discharges */
	int64	   *covered;		/* both NULL with ALLOCATE_SUMS */
} AllocatedPoint;

#define ALLOCATE_SUMS	0x01	/* what points got is wanted as sums of spans only */
#define ALLOCATE_LOSS	0x02	/* loss points are read, too: they are in read->days, not in points */

typedef struct Allocation
{
	int			flags;
	TimestampTz from;			/* the period asked for */
	TimestampTz to;
	MeterRead  *read;			/* at the same day; of a point its number is that of its place in read->points */

	DateADT		date;
	TimestampTz day_starts;
	int			minutes;		/* length of the day's slots */
	int			nslots;			/* of the day */
	int			first;			/* of those within the period, and what follows the last */
	int			end;
	int			n;				/* points of the day, in the byte order of their names; valid until the next day */
	AllocatedPoint *points;
	bool		has_incomplete;
	const bool *incomplete;		/* of each slot: a point that takes part in sharing is missing */
	const sg_uint128 *covered;	/* of each slot within the period: what the community took of its own energy */

	struct AllocationState *state;
} Allocation;

extern Allocation *allocate_begin(const Grid *grid, TimestampTz from, TimestampTz to, TimestampTz as_of, int flags);
extern bool allocate_next_day(Allocation *allocation);
extern void allocate_end(Allocation *allocation);

/* 22003 for the one amount that has no counterpart. */
extern int64 allocated_magnitude(int64 amount);

/* When slot i of the day begins. */
static inline TimestampTz
allocated_start(const Allocation *allocation, int i)
{
	return allocation->day_starts + i * (allocation->minutes * USECS_PER_MINUTE);
}

/* Is a point a consumer in a slot?  Storage is one unless it discharges. */
static inline bool
allocated_consumes(const AllocatedPoint *point, int i)
{
	return point->point->kind == POINT_CONSUMPTION || (point->point->kind == POINT_STORAGE && point->amount[i] <= 0);
}

/* How good a point's share is in a slot: missing if it is itself, estimated if others are. */
static inline Quality
allocated_quality(const Allocation *allocation, const AllocatedPoint *point, int i)
{
	Quality		quality = (Quality) point->quality[i];

	return allocation->incomplete[i] && quality != QUALITY_MISSING ? QUALITY_ESTIMATED : quality;
}

#endif							/* SG_ALLOCATE_H */
