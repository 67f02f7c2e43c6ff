/*-------------------------------------------------------------------------
 *
 * on_record.h
 *	  What is on record of points' days, for whoever writes them.
 *
 * Packed days are versions; slots that came one by one stand in rows of their
 * own until they are folded into a version.  Those that were recorded before the
 * latest version of their point's day are in it already.
 *
 * It is read after the locks of the points are taken (interval_lock.h).  Under
 * REPEATABLE READ and SERIALIZABLE what others have written since the snapshot
 * is 40001.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ON_RECORD_H
#define SG_ON_RECORD_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "metering/day_codec.h"
#include "store/store.h"

/* The latest version of a point's day. */
typedef struct DayVersion
{
	int32		version;		/* 0: there is none */
	TimestampTz recorded_at;
	Day			day;
} DayVersion;

/* Looks for versions of points of a day, in the order of their numbers. */
typedef struct DayCursor
{
	MemoryContext context;		/* for the scan */
	DateADT		date;
	bool		any;			/* there are versions, of any point of any grid */
	bool		is_open;
	bool		at_row;
	int64		asked;			/* points so far */
	int64		steps;			/* rows so far */
	StoreScan	scan;
} DayCursor;

/* Slots that came one by one: of one batch, slot and length. */
typedef struct OpenRow
{
	int64		batch_id;
	TimestampTz recorded_at;
	TimestampTz start;
	int			minutes;
} OpenRow;

typedef struct OpenEntry
{
	int64		amount;			/* energy units */
	int			row;			/* OpenDay.rows */
	uint8		quality;		/* Quality */
} OpenEntry;

/* The open slots of a day, by point, then as they were recorded. */
typedef struct OpenDay
{
	int			nrows;
	OpenRow    *rows;			/* as they were recorded */
	int			npoints;
	int64	   *points;			/* in their order */
	int		   *first;			/* of each point's entries; one more at the end */
	OpenEntry  *entries;
} OpenDay;

/* For both files. */
extern bool on_record_push_snapshot(void);
extern void on_record_require_in_snapshot(HeapTuple tuple);
extern void on_record_set_key(ScanKey key, AttrNumber column, RegProcedure equal, Datum value);

extern void on_record_require_unchanged(DateADT date, int64 point_id);
extern void on_record_begin(DayCursor *cursor, DateADT date);
extern void on_record_version(DayCursor *cursor, int64 point_id, DayVersion *version);
extern void on_record_end(DayCursor *cursor);
extern int	on_record_open_starts(int32 grid_id, DateADT date);
extern OpenDay *on_record_open(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to);
extern OpenDay *on_record_open_for_reader(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to);
extern int	on_record_open_point(const OpenDay *open, int64 point_id);
extern bool on_record_first_open_day(int32 grid_id, DateADT after, DateADT *date);

#endif							/* SG_ON_RECORD_H */
