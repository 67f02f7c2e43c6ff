/*-------------------------------------------------------------------------
 *
 * slot.h
 *	  Slots of a local day, and resolutions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SLOT_H
#define SG_SLOT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "base/refusal.h"

/* The shortest slot that there is, minutes: others are multiples of it. */
#define SLOT_SHORTEST	5

extern bool slot_resolution_of_interval(const Interval *interval, int *minutes);
extern Refusal *refuse_beyond_calendar(const char *what, TimestampTz at);
extern void slot_within_calendar(TimestampTz *from, TimestampTz *to);
extern bool slot_starts_at(TimestampTz at, int minutes, pg_tz *zone);
extern TimestampTz slot_day_start(TimestampTz at, pg_tz *zone);
extern TimestampTz slot_day_end(TimestampTz at, pg_tz *zone);
extern bool slot_day_starts_at(TimestampTz at, pg_tz *zone);
extern Refusal *refuse_unaligned(const char *what, TimestampTz at, int minutes, pg_tz *zone);
extern Refusal *refuse_resolution(int minutes, TimestampTz from, pg_tz *zone);

#endif							/* SG_SLOT_H */
