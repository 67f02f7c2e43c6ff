/*-------------------------------------------------------------------------
 *
 * recording.h
 *	  When facts and readings of a grid are recorded: its clock, and the lock
 *	  that makes it one.
 *
 * Whoever asks what was on record at a moment has to get the same answer for
 * ever.  So whoever records takes the settlement lock of the grid shared, to the
 * end of the transaction, and its time after that; whoever needs a moment
 * (recording_moment()) has the lock alone while it takes it.  What it did not
 * see was recorded later, then.  (A snapshot of REPEATABLE READ may be older than
 * the moment; so there is none there.)
 *
 * Who records facts, which are few, has the row of the clock, too: one after the
 * other in a grid, each later than the one before, though the server's clock be
 * set back.  Under REPEATABLE READ and SERIALIZABLE it gets 40001 if somebody
 * else was there since the snapshot.  So what is found after recording_begin()
 * stays as it is.
 *
 * Who records readings shares the clock (recording_share()): any number of them
 * at a time, each later than all facts that it can see, which are all that there
 * are: under REPEATABLE READ and SERIALIZABLE it gets 40001 otherwise.  That those of one slot
 * follow each other is up to them (interval_lock.h).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RECORDING_H
#define SG_RECORDING_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/compat.h"

typedef struct Recording
{
	int32		grid_id;
	TimestampTz at;				/* the latest time that was given */
	TimestampTz written;		/* that the row of the clock has */
} Recording;

extern void recording_begin(Recording *recording, int32 grid_id);
extern void recording_share(int32 grid_id);
extern TimestampTz recording_time_of_readings(int32 grid_id);
extern void recording_begin_alone(Recording *recording, int32 grid_id);
SG_NODISCARD extern TimestampTz recording_next(Recording *recording);
extern void recording_end(Recording *recording);
extern void recording_require_new_snapshots(void);
extern TimestampTz recording_moment(int32 grid_id);

#endif							/* SG_RECORDING_H */
