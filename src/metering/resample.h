/*-------------------------------------------------------------------------
 *
 * resample.h
 *	  Slots of one length as slots of another: which lengths there may be, and
 *	  sums by slots of another length.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RESAMPLE_H
#define SG_RESAMPLE_H

#include "postgres.h"

#include "fmgr.h"

#include "base/checked.h"
#include "metering/meter_read.h"

/* Parts of an hour that every length of slots is a multiple of. */
#define RESAMPLE_TWELFTHS	12

extern int	resample_arg(FunctionCallInfo fcinfo, int n);
extern void resample_require(int minutes, TimestampTz from, pg_tz *zone);
extern void resample_whole_slots(TimestampTz *from, TimestampTz *to, pg_tz *zone);
extern int	resample_slots(const MeterRead *read, int minutes);
extern void resample_add(const MeterDay *day, const ReadSpan *span, int minutes, sg_int128 *sums);
extern void resample_add_twelfths(const MeterDay *day, const ReadSpan *span, int minutes, sg_int128 *sums);

#endif							/* SG_RESAMPLE_H */
