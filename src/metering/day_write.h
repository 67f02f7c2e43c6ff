/*-------------------------------------------------------------------------
 *
 * day_write.h
 *	  Writing versions of days, open slots, and packs.
 *
 * Rows are gathered and written many at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DAY_WRITE_H
#define SG_DAY_WRITE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "metering/day_codec.h"
#include "metering/open_codec.h"

typedef struct DayWriter DayWriter;

extern DayWriter *day_writer_begin(int32 grid_id);
extern void day_writer_version(DayWriter *writer, DateADT date, int64 point_id, int32 version, int64 batch_id,
							   TimestampTz recorded_at, const Day *day);
extern int64 day_writer_pack(DayWriter *writer, DateADT date, const int64 *batches, int n);
extern void day_writer_open(DayWriter *writer, DateADT date, TimestampTz start, int minutes, int64 batch_id,
							TimestampTz recorded_at, const OpenValue *values, int n);
extern int64 day_writer_end(DayWriter *writer);

#endif							/* SG_DAY_WRITE_H */
