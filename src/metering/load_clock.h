/*-------------------------------------------------------------------------
 *
 * load_clock.h
 *	  Where the clock of recorded facts stands, for who keeps some of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_CLOCK_H
#define SG_LOAD_CLOCK_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "store/elevated.h"

extern void load_clock_read(int32 grid_id, ElevatedSnapshot snapshot, TimestampTz *clock, TransactionId *written_by);
extern void load_clock_require_in_snapshot(int32 grid_id, TimestampTz clock);

#endif							/* SG_LOAD_CLOCK_H */
