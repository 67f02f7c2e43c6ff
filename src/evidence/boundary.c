/*-------------------------------------------------------------------------
 *
 * boundary.c
 *	  Up to which entry the ledger is final.
 *
 * Ids of entries come from a sequence, so a transaction may commit an entry
 * with a lower id than one that is there already.  An id is final once no
 * open transaction can have it.  What calls do anyway makes that known, so
 * that they pay nothing for it:
 *
 *	1. a call locks the ledger in ROW EXCLUSIVE mode first (ledger_enter());
 *	2. its transaction has an xid before it takes an id (ledger_append());
 *	3. xid and lock are held to the end of the transaction.
 *
 * So: read the sequence's last value B, then the next xid N.  Whoever has an
 * id up to B holds the lock now and has an xid before N, or has ended.  Those
 * are waited for, as CREATE INDEX CONCURRENTLY does; whoever comes later is
 * not, so that sealing neither blocks a writer nor can be kept from ending by
 * many of them.
 *
 * Where one of them does not end in time (smartgrid.seal_wait), the pair
 * (N, B) is remembered in smartgrid.seal_point, and an earlier pair (N', B')
 * helps: if all that are still open have xids from N' on, none of them has an
 * id up to B'.  So that one long transaction after the other cannot keep
 * sealing from going on.  A single one that stays open does hold it back, at
 * the entries before it; smartgrid.seal_terminate_idle ends those that do
 * nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/twophase.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "evidence/boundary.h"
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

/* A transaction that may have an id up to the boundary. */
typedef struct Opener
{
	VirtualTransactionId vxid;
	TransactionId xid;
	uint64		full_xid;		/* the same without wrap-around; 0: not known, older than every pair */
	int			pid;			/* 0: a prepared transaction */
} Opener;

/* What is true of xids and ids at one moment: a transaction with an xid from next_xid on has no id up to last_entry. */
typedef struct SealPoint
{
	uint64		next_xid;
	int64		last_entry;
} SealPoint;

/*
 * The last id that the ledger's sequence has given out, 0 for none.  A
 * session that kept ids in stock would break the rule above: an error.
 *
 * Not read as a row of the sequence: a query reads that without a lock on its
 * page, and nextval() has it up to 32 too high while it writes to the WAL.
 */
static int64
last_given_entry(void)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(pg_sequence_last_value(q.seqrelid), 0), q.seqcache"
		" FROM pg_sequence AS q"
		" WHERE q.seqrelid = 'smartgrid.ledger_entry_id_seq'::regclass",
	};
	int64		last;
	int64		cache;

	elevated_begin(&elevation);
	elevated_execute(&plan, NULL, NULL, IN_ACTIVE_SNAPSHOT);
	last = DatumGetInt64(elevated_value(0, 1, INT8OID));
	cache = DatumGetInt64(elevated_value(0, 2, INT8OID));
	elevated_end(&elevation);
	if (cache != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("sequence \"smartgrid.ledger_entry_id_seq\" caches " INT64_FORMAT " values", cache),
				 errdetail("Sessions could still use ids that were given out long ago, so no entry would ever be final."),
				 errhint("Run ALTER SEQUENCE smartgrid.ledger_entry_id_seq CACHE 1, and let all sessions that have used it disconnect.")));
	return last;
}

/* Raises 55000: new entries would get ids that lie within sealed blocks, and never be sealed. */
SG_NORETURN
static void
sequence_set_back(const Grid *grid, int64 given, int64 sealed)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("sequence \"smartgrid.ledger_entry_id_seq\" has been set back to " INT64_FORMAT, given),
			 errdetail("Grid \"%s\" is sealed up to entry " INT64_FORMAT ".", grid->name, sealed),
			 errhint("See SELECT * FROM sg_verify_ledger(), then set it to the highest entry_id with setval().")));
}

/*
 * Fills in the xid of a transaction that held the ledger's lock; false where
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
static Opener *
find_openers(FullTransactionId next, int *nopeners)
{
	LOCKTAG		tag;
	VirtualTransactionId *vxids;
	Opener	   *openers;
	int			count;
	int			n = 0;

	/* What conflicts with SHARE is above all ROW EXCLUSIVE, but for our own. */
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
static int
wait_for(Opener *openers, int n)
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

/* The largest remembered boundary up to which nobody open from oldest on can have an id, 0 for none. */
static int64
remembered_boundary(int32 grid_id, uint64 oldest)
{
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(max(p.last_entry), 0)"
		" FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1 AND p.next_xid <= $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum((int64) oldest)};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* Forgets the pairs that say nothing about entries beyond the boundary. */
static void
forget_points(int32 grid_id, int64 boundary)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1 AND p.last_entry <= $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(boundary)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/*
 * Remembers a pair, and forgets those that are of no more use: for each of
 * those who are open, the latest pair from before its xid may be.
 */
static void
remember_point(int32 grid_id, SealPoint point, const Opener *openers, int n)
{
	Elevation	elevation;
	static ElevatedPlan insert_plan = {
		.sql = "INSERT INTO smartgrid.seal_point AS p (grid_id, next_xid, last_entry) VALUES ($1, $2, $3)"
		" ON CONFLICT (grid_id, next_xid) DO UPDATE SET last_entry = GREATEST(p.last_entry, EXCLUDED.last_entry)",
		.nargs = 3,
		.argtypes = {INT4OID, INT8OID, INT8OID},
	};
	static ElevatedPlan delete_plan = {
		.sql = "DELETE FROM smartgrid.seal_point AS p"
		" WHERE p.grid_id = $1"
		" AND p.next_xid <> ALL (SELECT max(k.next_xid)"
		" FROM unnest($2) AS o (xid)"
		" JOIN smartgrid.seal_point AS k ON k.grid_id = $1 AND k.next_xid <= o.xid"
		" GROUP BY o.xid)",
		.nargs = 2,
		.argtypes = {INT4OID, INT8ARRAYOID},
	};
	Datum	   *xids = palloc((n + 1) * sizeof(Datum));
	Datum		values[] = {
		Int32GetDatum(grid_id), Int64GetDatum((int64) point.next_xid), Int64GetDatum(point.last_entry)
	};
	Datum		kept[2] = {values[0]};

	for (int i = 0; i < n; i++)
		xids[i] = Int64GetDatum((int64) openers[i].full_xid);
	xids[n] = values[1];		/* for those who come later */
	kept[1] = PointerGetDatum(construct_array(xids, n + 1, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	elevated_begin(&elevation);
	elevated_execute(&insert_plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&delete_plan, kept, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Who holds sealing back: process, role, state and since when, or the name of a prepared transaction. */
static char *
describe_openers(const Opener *openers, int n)
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

/*
 * The last id up to which the ledger is final, for a grid that is not sealed
 * from an id on; nothing is to be done where it is below that.  Waits for those
 * who may still commit an entry with a lower id, at most for
 * smartgrid.seal_wait; a WARNING says who did not end.  A snapshot taken
 * afterwards sees all entries up to that id.
 *
 * READ COMMITTED only.  The caller has the grid's seal lock.  Entries of its
 * own transaction count as final: they are sealed with it, or with nothing.
 *
 * Errors: 55000 where the ledger's sequence caches ids, or has been set back
 * below what is sealed.
 */
int64
boundary_find(const Grid *grid, int64 from)
{
	int32		grid_id = grid->form.grid_id;
	SealPoint	point;
	FullTransactionId next;
	Opener	   *openers;
	int			n;
	uint64		oldest = PG_UINT64_MAX;
	int64		boundary;

	/* In this order. */
	point.last_entry = last_given_entry();
	if (point.last_entry < from)
	{
		if (point.last_entry + 1 < from)
			sequence_set_back(grid, point.last_entry, from - 1);
		return point.last_entry;
	}
	next = ReadNextFullTransactionId();
	point.next_xid = U64FromFullTransactionId(next);
	openers = find_openers(next, &n);

	n = wait_for(openers, n);
	if (n == 0)
	{
		forget_points(grid_id, point.last_entry);
		return point.last_entry;
	}

	for (int i = 0; i < n; i++)
		oldest = Min(oldest, openers[i].full_xid);
	boundary = remembered_boundary(grid_id, oldest);
	if (boundary >= point.last_entry)	/* nothing has come since that was remembered */
	{
		forget_points(grid_id, point.last_entry);
		return point.last_entry;
	}
	forget_points(grid_id, boundary);
	remember_point(grid_id, point, openers, n);
	ereport(WARNING,
			(errmsg("grid \"%s\" is not sealed to its end: %d open %s may still write entries",
					grid->name, n, n == 1 ? "transaction" : "transactions"),
			 errdetail("%s", describe_openers(openers, n)),
			 errhint("Entries since then are sealed by a later sg_seal(), once these have ended. See idle_in_transaction_session_timeout and smartgrid.seal_terminate_idle for sessions, COMMIT PREPARED and ROLLBACK PREPARED for prepared transactions.")));
	return boundary;
}
