/*-------------------------------------------------------------------------
 *
 * history.h
 *	  All values that the slots of a point's day have had.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_HISTORY_H
#define SG_HISTORY_H

#include "postgres.h"

#include "metering/on_record.h"
#include "metering/pack.h"

/* A value that a slot had, and the batch that it came by. */
typedef struct PastValue
{
	int64		batch_id;
	TimestampTz start;
	int			minutes;
	uint8		quality;		/* Quality */
	int64		amount;			/* energy units */
} PastValue;

/* As they were recorded. */
typedef struct History
{
	int			n;
	int			allocated;
	PastValue  *values;
} History;

extern void history_read(History *history, const DayFrame *frame, int64 point_id, const OpenDay *open);

#endif							/* SG_HISTORY_H */
