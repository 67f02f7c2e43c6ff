/*-------------------------------------------------------------------------
 *
 * load_merge.h
 *	  What a load says of a point's day, together with what is on record.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_MERGE_H
#define SG_LOAD_MERGE_H

#include "postgres.h"

#include "metering/load_state.h"
#include "metering/on_record.h"
#include "metering/pack.h"

/* A point's day, as it is on record and as it is to be. */
typedef struct Merge
{
	const DayFrame *frame;
	int			minutes;
	DayVersion	version;		/* the latest */
	int			npending;		/* slots that came one by one since */
	FoldEntry  *pending;
	Day			day;			/* as it is to be */
	int			nchanged;
	bool		changed[DAY_MAX_SLOTS];
} Merge;

/* What becomes of a value that is given for a slot. */
typedef enum ValueFate
{
	VALUE_UNCHANGED,			/* it is on record just so */
	VALUE_KEPT,					/* what is on record is better, and stays */
	VALUE_REPLACES
} ValueFate;

extern void merge_begin(Merge *merge, const DayFrame *frame, int minutes, int64 point_id, DayCursor *versions);
extern void merge_pending(Merge *merge, const OpenDay *open, int point);
extern ValueFate merge_fate(const Merge *merge, const PlaceValues *values, int slot, LoadReplace replace);
extern bool merge_is_complete(const Merge *merge, const LoadPlace *place);
extern void merge_values(Merge *merge, const PlaceValues *values, LoadReplace replace, Batch *batch);

#endif							/* SG_LOAD_MERGE_H */
