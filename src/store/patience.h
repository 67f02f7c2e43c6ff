/*-------------------------------------------------------------------------
 *
 * patience.h
 *	  Waiting for locks of others, but not for ever.
 *
 * A session may be idle in a transaction, or have prepared it, for as long as
 * it likes.  A call that needs what such a one has locked, though it is none of
 * the caller's own, waits for it no longer than smartgrid.row_wait in all.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PATIENCE_H
#define SG_PATIENCE_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/refusal.h"

/* How long a call will wait yet. */
typedef struct Patience
{
	TimestampTz until;			/* 0: it has not waited yet */
} Patience;

/* Takes a lock, waiting. */
typedef void (*LockAcquisition) (void *arg);

extern bool patience_acquire(Patience *patience, LockAcquisition acquire, void *arg);
extern Refusal *refuse_impatient(const char *what);

#endif							/* SG_PATIENCE_H */
