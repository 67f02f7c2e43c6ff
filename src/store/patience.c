/*-------------------------------------------------------------------------
 *
 * patience.c
 *	  Waiting for locks of others, but not for ever.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "storage/proc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "settings.h"
#include "store/patience.h"

/* How many milliseconds are left; none is 0. */
static int
time_left(Patience *patience)
{
	TimestampTz now = GetCurrentTimestamp();
	long		left;

	if (patience->until == 0)
		patience->until = TimestampTzPlusMilliseconds(now, setting_row_wait);
	left = TimestampDifferenceMilliseconds(now, patience->until);
	return (int) Min(left, Max(setting_row_wait, setting_seal_wait));
}

/*
 * Takes a lock that somebody else has, if that is given up in time; false if
 * not.  Nothing else may be done by acquire.
 *
 * It waits in a subtransaction, with lock_timeout set to what is left of the
 * patience, so that whoever looks sees who waits for whom, and deadlocks are
 * found.  A lock_timeout of the session's own that is shorter counts as well:
 * it is an error, as anywhere.
 */
bool
patience_acquire(Patience *patience, LockAcquisition acquire, void *arg)
{
	int			left = time_left(patience);
	int			timeout = LockTimeout;
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool acquired = true;

	if (left <= 0)
		return false;
	if (timeout > 0 && timeout <= left)
	{
		acquire(arg);
		return true;
	}
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		LockTimeout = left;
		acquire(arg);
		LockTimeout = timeout;
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		LockTimeout = timeout;
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE)
			ReThrowError(error);
		FreeErrorData(error);
		acquired = false;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return acquired;
}

/* 55P03: what is needed is held by a transaction of somebody else that has not ended in time. */
Refusal *
refuse_impatient(const char *what)
{
	Refusal    *refusal = refuse(ERRCODE_LOCK_NOT_AVAILABLE, "%s is held by another transaction", what);

	refusal_detail(refusal, "It did not end within smartgrid.row_wait (%d ms).", setting_row_wait);
	return refusal_hint(refusal, "Try again; pg_locks and pg_prepared_xacts show who has it.");
}
