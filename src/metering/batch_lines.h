/*-------------------------------------------------------------------------
 *
 * batch_lines.h
 *	  The canonical lines of a batch, whose digest the ledger has.
 *
 *	  <point>,<day>,<packed day as text>			a day that the batch gave a new version
 *	  <point>,<start>,<minutes>,<amount><quality>	a slot that came alone, its start in UTC
 *
 * Each ends with a line feed; they are sorted by local day, then by their bytes
 * (doc/evidence.md).  Lines are added day by day: of each day all, then
 * batch_lines_end_day().
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BATCH_LINES_H
#define SG_BATCH_LINES_H

#include "postgres.h"

#include "utils/date.h"

#include "metering/batch.h"
#include "metering/day_codec.h"
#include "metering/pack.h"

typedef struct BatchLines BatchLines;

/* Who wants the lines themselves, in UTF-8 and without their line feeds. */
typedef void (*BatchLineTaker) (void *argument, const char *line, size_t length);

extern BatchLines *batch_lines_begin(MemoryContext context);
extern BatchLines *batch_lines_begin_taking(MemoryContext context, BatchLineTaker take, void *argument);
extern void batch_lines_version(BatchLines *lines, DateADT date, const char *point, const Day *day, const Day *before);
extern void batch_lines_slot(BatchLines *lines, const char *point, const FoldEntry *slot);
extern void batch_lines_end_day(BatchLines *lines);
extern int64 batch_lines_finish(BatchLines *lines, Digest *digest);

/* batch_lines_read.c */
extern bool batch_lines_read(BatchLines *lines, const Batch *batch, int32 grid_id);

#endif							/* SG_BATCH_LINES_H */
