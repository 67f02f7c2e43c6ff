/*-------------------------------------------------------------------------
 *
 * meter_read.h
 *	  Reading what points measured: the one reader of intervals.
 *
 * It goes from local day to local day of the grid and gives, for each, the slots
 * of all points that had a period on it, as they were on record at a moment.
 * Points without any record are there, too, with all slots missing.  What is
 * read of a point's day are its spans, adjacent slots of one period; the others
 * are outside the point's periods, or outside of what is read: no part of it,
 * which is not the same as missing.
 *
 *	meter_read_begin()
 *	while (meter_read_next_day())
 *		for each of read->days[0 .. read->n - 1]
 *			for each of its spans
 *				for each slot from span->from to span->to - 1
 *	meter_read_end()
 *
 * A slot is read if it begins within the period of the request.
 *
 * It reads in the active snapshot, takes no locks, and checks no rights: its
 * callers say whose slots they may see (owner_id).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_METER_READ_H
#define SG_METER_READ_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/numeric.h"

#include "grid/grid.h"
#include "metering/point.h"
#include "metering/quality.h"

/* A period of a point, as it was on record at the moment of reading. */
typedef struct ReadPeriod
{
	TimestampTz from;
	TimestampTz to;				/* infinity: no end is on record */
	int			minutes;		/* length of its slots */
	bool		is_loss;
	int64		owner_id;		/* participant; 0: nobody */
	const char *owner;			/* its principal, as it is called now; NULL: nobody */
	Datum		capacity;		/* numeric, kW; 0: not known */
	const char *neighbour;		/* NULL: none */
	const char *class;			/* NULL: none */
} ReadPeriod;

/* A point, called as it was then; its number in MeterRead.points is that of its place. */
typedef struct ReadPoint
{
	int64		point_id;
	const char *name;
	PointKind	kind;
	int			nperiods;
	ReadPeriod *periods;		/* in their order */
} ReadPoint;

/* Where a slot's value comes from. */
typedef struct ReadOrigin
{
	int64		batch_id;		/* 0: nothing is on record */
	TimestampTz recorded_at;
} ReadOrigin;

/* Slots from .. to - 1 of a day, which are of one period. */
typedef struct ReadSpan
{
	int			from;
	int			to;
	const ReadPeriod *period;
} ReadSpan;

/* What a point measured on a day; slot i begins at first + i * minutes. */
typedef struct MeterDay
{
	const ReadPoint *point;
	int			minutes;
	int			n;				/* slots of the day */
	TimestampTz first;
	int			nspans;			/* at least 1 */
	const ReadSpan *spans;		/* in their order */
	const int64 *amount;		/* energy units; 0 if missing, and outside the spans */
	const uint8 *quality;		/* Quality; missing outside the spans */
	const ReadOrigin *origin;	/* of each slot, with READ_ORIGINS; else NULL */
} MeterDay;

#define READ_ORIGINS		0x01	/* fill MeterDay.origin */
#define READ_WITHOUT_LOSS	0x02	/* leave out loss points; else their slots are there, missing */
#define READ_LOSS			0x04	/* calculate the slots of loss points (loss.h) */

typedef struct MeterReadRequest
{
	const Grid *grid;
	TimestampTz from;
	TimestampTz to;
	TimestampTz as_of;			/* DT_NOEND: what is on record now */
	const char *const *points;	/* identifiers, of then or of now; NULL: all of the grid */
	int			npoints;
	int64		owner_id;		/* participant: only slots of which it was the owner; 0: all */
	int			flags;
} MeterReadRequest;

typedef struct MeterRead
{
	MeterReadRequest request;
	pg_tz	   *zone;
	int			npoints;
	ReadPoint  *points;			/* in the byte order of their names */

	DateADT		date;			/* the day that it is at */
	TimestampTz day_starts;
	TimestampTz day_ends;
	int			n;				/* points of that day, in the byte order of their names; valid until the next day is read */
	MeterDay   *days;

	struct MeterReadState *state;
} MeterRead;

/* When slot i of a day begins. */
static inline TimestampTz
meter_slot_start(const MeterDay *day, int i)
{
	return day->first + i * (day->minutes * USECS_PER_MINUTE);
}

/* The first slot of a day that does not begin before a time; may be beyond its end. */
static inline int
meter_slot_from(const MeterDay *day, TimestampTz at)
{
	int64		step = day->minutes * USECS_PER_MINUTE;

	return at <= day->first ? 0 : (int) Min((at - day->first + step - 1) / step, day->n);
}

extern MeterRead *meter_read_begin(const MeterReadRequest *request);
extern bool meter_read_next_day(MeterRead *read);
extern void meter_read_end(MeterRead *read);

#endif							/* SG_METER_READ_H */
