/*-------------------------------------------------------------------------
 *
 * day.h
 *	  The type sg_day: packed days as values of PostgreSQL.
 *
 * A value is a varlena of the bytes that day_codec.h describes.  Comparison for
 * equality is that of the bytes, which are the only ones for a day.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DAY_H
#define SG_DAY_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/date.h"

#include "metering/day_codec.h"

extern void day_of_datum(Datum value, Day *day);
extern Datum day_to_datum(const Day *day);
extern void day_times(const DayShape *shape, DateADT date, TimestampTz *times);
extern void day_in_period(const DayShape *shape, DateADT date, Datum period, int *from, int *to);
extern Datum day_qualities_array(QualitySet set);

#define PG_GETARG_DAY(n, day)	day_of_datum(PG_GETARG_DATUM(n), day)
#define PG_RETURN_DAY(day)		return day_to_datum(day)

#endif							/* SG_DAY_H */
