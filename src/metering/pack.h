/*-------------------------------------------------------------------------
 *
 * pack.h
 *	  Packing: slots that came one by one become versions of days.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PACK_H
#define SG_PACK_H

#include "postgres.h"

#include "pgtime.h"
#include "utils/date.h"

#include "grid/grid.h"
#include "metering/day_write.h"
#include "metering/on_record.h"

/* A local day of a grid. */
typedef struct DayFrame
{
	DateADT		date;
	TimestampTz starts;
	TimestampTz ends;
} DayFrame;

/* A slot to be folded into a day. */
typedef struct FoldEntry
{
	TimestampTz start;
	int			minutes;
	uint8		quality;		/* Quality */
	int64		amount;			/* energy units */
	int64		batch_id;
	TimestampTz recorded_at;
} FoldEntry;

extern DayFrame pack_frame(DateADT date, pg_tz *zone);
extern bool pack_frame_fits(const DayFrame *frame, int minutes);
extern void pack_shape(const DayFrame *frame, int minutes, DayShape *shape);
extern void pack_base(const DayVersion *version, const DayFrame *frame, int minutes, Day *day);
extern void pack_fold(DayWriter *writer, const DayFrame *frame, int64 point_id, DayVersion *version, const FoldEntry *entries, int n);
extern void pack_remove_open(int32 grid_id, DateADT date);
extern void pack_if_due(const Grid *grid, pg_tz *zone);

#endif							/* SG_PACK_H */
