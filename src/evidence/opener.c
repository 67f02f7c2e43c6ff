/*-------------------------------------------------------------------------
 *
 * opener.c
 *	  Who may still write entries with ids that have been given out: finding
 *	  them, waiting for them, and saying who they are.
 *
 * They hold the lock of the ledger that every call takes first, and have an
 * xid (boundary.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/twophase.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "evidence/opener.h"
#include "settings.h"
#include "store/elevated.h"
#include "store/relations.h"

/* Pauses between looks at who is still open, milliseconds. */
#define FIRST_PAUSE		1
#define LONGEST_PAUSE	100

/* How often sessions that are idle are looked for, milliseconds. */
#define IDLE_INTERVAL	1000

/* How many of those that hold sealing back a message names. */
#define NAMED_OPENERS	5

/*
 * Fills in the xid of a transaction that held the ledger's lock; false if
 * it has none yet, or has ended.  Called after the next xid was read, which
 * was published in its process before (both under XidGenLock).
 */
static bool
find_xid(Opener *opener, FullTransactionId next)
{
	VirtualTransactionId vxid = opener->vxid;
	LocalTransactionId lxid = vxid.localTransactionId;
	bool		more = false;

	opener->pid = 0;
	opener->xid = InvalidTransactionId;
	if (VirtualTransactionIdIsRecoveredPreparedXact(vxid))
		opener->xid = (TransactionId) lxid;
	else
	{
		volatile PGPROC *proc = sg_vxid_proc(vxid);

		if (proc != NULL && SG_PROC_LXID(proc) == lxid)
		{
			opener->xid = proc->xid;
			opener->pid = proc->pid;
			pg_read_barrier();
			if (SG_PROC_LXID(proc) != lxid)
				opener->xid = InvalidTransactionId; /* that was the next one's, perhaps */
		}

		/*
		 * It has none, has ended, or was prepared: then its process may have
		 * forgotten the xid, and not yet which transaction it ran, but the
		 * prepared one is there already.
		 */
		if (!TransactionIdIsValid(opener->xid))
		{
			opener->pid = 0;
			opener->xid = TwoPhaseGetXidByVirtualXID(vxid, &more);
		}
	}
	if (!TransactionIdIsValid(opener->xid))
		return false;
	opener->full_xid = more ? 0
		: U64FromFullTransactionId(next) + (int32) (opener->xid - XidFromFullTransactionId(next));
	return true;
}

/* Those who hold the ledger's lock and have an xid before next. */
Opener *
openers_find(FullTransactionId next, int *nopeners)
{
	LOCKTAG		tag;
	VirtualTransactionId *vxids;
	Opener	   *openers;
	int			count;
	int			n = 0;

	/* What conflicts with SHARE is above all ROW EXCLUSIVE, but for this session's own. */
	SET_LOCKTAG_RELATION(tag, MyDatabaseId, relations_table_oid(TABLE_LEDGER));
	vxids = GetLockConflicts(&tag, ShareLock, &count);
	openers = palloc(Max(count, 1) * sizeof(Opener));
	for (int i = 0; i < count; i++)
	{
		openers[n].vxid = vxids[i];
		if (find_xid(&openers[n], next) && openers[n].full_xid < U64FromFullTransactionId(next))
			n++;
	}
	pfree(vxids);
	*nopeners = n;
	return openers;
}

/* Leaves out those who have ended. */
static int
still_open(Opener *openers, int n)
{
	int			open = 0;

	for (int i = 0; i < n; i++)
		if (!VirtualXactLock(openers[i].vxid, false))
			openers[open++] = openers[i];
	return open;
}

/* The processes that run these transactions; 0 for one that has been prepared meanwhile: its session is at something else. */
static Datum
pids_of(const Opener *openers, int n)
{
	Datum	   *pids = palloc(Max(n, 1) * sizeof(Datum));

	for (int i = 0; i < n; i++)
	{
		volatile PGPROC *proc = openers[i].pid == 0 ? NULL : sg_vxid_proc(openers[i].vxid);

		pids[i] = Int32GetDatum(proc != NULL && SG_PROC_LXID(proc) == openers[i].vxid.localTransactionId ? openers[i].pid : 0);
	}
	return PointerGetDatum(construct_array(pids, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

/* Terminates those who have been idle in their transaction for longer than the setting allows. */
static void
terminate_idle(const Opener *openers, int n)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT pg_terminate_backend(a.pid)"
		" FROM pg_stat_activity AS a"
		" WHERE a.pid = ANY ($1)"
		" AND a.state LIKE 'idle in transaction%'"
		" AND EXTRACT(epoch FROM clock_timestamp() - a.state_change) * 1000 > $2",
		.nargs = 2,
		.argtypes = {INT4ARRAYOID, INT4OID},
	};
	Datum		values[] = {pids_of(openers, n), Int32GetDatum(setting_seal_terminate_idle)};

	pgstat_clear_snapshot();	/* activity as of now, not as of the first look */
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Waits until all have ended, at most for smartgrid.seal_wait; returns how many have not. */
int
openers_wait(Opener *openers, int n)
{
	TimestampTz start = GetCurrentTimestamp();
	TimestampTz looked = 0;
	long		pause = FIRST_PAUSE;

	while ((n = still_open(openers, n)) > 0)
	{
		TimestampTz now = GetCurrentTimestamp();
		long		left = setting_seal_wait - (long) ((now - start) / 1000);

		if (setting_seal_terminate_idle > 0 && (looked == 0 || now - looked >= IDLE_INTERVAL * INT64CONST(1000)))
		{
			terminate_idle(openers, n);
			looked = now;
		}
		if (left <= 0)
			break;
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, Min(pause, left), PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, LONGEST_PAUSE);
	}
	return n;
}

/* Who holds sealing back: process, role, state and since when, or the name of a prepared transaction. */
char *
openers_describe(const Opener *openers, int n)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT format('Process %s of role \"%s\" is %s since %s, in a transaction since %s.',"
		" a.pid, a.usename, a.state, a.state_change, a.xact_start)"
		" FROM pg_stat_activity AS a"
		" WHERE a.pid = ANY ($1)"
		" UNION ALL"
		" SELECT format('Transaction \"%s\" of role \"%s\" is prepared since %s.', p.gid, p.owner, p.prepared)"
		" FROM pg_prepared_xacts AS p"
		" WHERE p.transaction = ANY ($2::xid[])",
		.nargs = 2,
		.argtypes = {INT4ARRAYOID, XIDARRAYOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	StringInfoData text;
	int			named = Min(n, NAMED_OPENERS);
	Datum	   *xids = palloc(named * sizeof(Datum));
	Datum		values[2];

	for (int i = 0; i < named; i++)
		xids[i] = TransactionIdGetDatum(openers[i].xid);
	values[0] = pids_of(openers, named);
	values[1] = PointerGetDatum(construct_array(xids, named, XIDOID, sizeof(TransactionId), true, TYPALIGN_INT));

	initStringInfo(&text);
	pgstat_clear_snapshot();
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	old = MemoryContextSwitchTo(caller);
	for (uint64 i = 0; i < SPI_processed; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? "\n" : "", SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1));
	MemoryContextSwitchTo(old);
	elevated_end(&elevation);
	if (n > named)
		appendStringInfo(&text, "\nAnd %d more.", n - named);
	return text.data;
}
