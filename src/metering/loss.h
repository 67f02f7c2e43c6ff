/*-------------------------------------------------------------------------
 *
 * loss.h
 *	  The grid's loss: what came into it and was not taken out of it.
 *
 * loss = exchange + production + storage - consumption, over the points that are
 * no loss points.  Its positive part is the amount of the loss point of
 * consumption, its negative part that of production: they are never read.  It is
 * taken in slots of the loss point's own length, exactly.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOSS_H
#define SG_LOSS_H

#include "postgres.h"

#include "base/checked.h"
#include "metering/meter_read.h"

extern bool loss_counts(const MeterRead *read, const MeterDay *day, const ReadSpan *span);
extern int64 loss_amount(PointKind kind, sg_int128 loss);
extern MeterRead *loss_source_begin(const MeterRead *read);
extern void loss_fill(MeterRead *read, MeterRead *source);

#endif							/* SG_LOSS_H */
