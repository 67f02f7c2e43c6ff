/*-------------------------------------------------------------------------
 *
 * recording.c
 *	  When facts and readings of a grid are recorded: its clock, and the lock
 *	  that makes it one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "grid/grid.h"
#include "metering/recording.h"
#include "settings.h"
#include "store/elevated.h"
#include "store/relations.h"
#include "store/store.h"

#define NAMED_HOLDERS	3
#define FIRST_PAUSE		1		/* milliseconds */
#define LONGEST_PAUSE	50

PG_FUNCTION_INFO_V1(sg_recording_moment);

/* The settlement lock of a grid. */
static void
set_tag(LOCKTAG *tag, int32 grid_id)
{
	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId, relations_table_oid(TABLE_GRID), (Oid) grid_id, 0);
}

/* Who has the lock: process, role, state and since when, or that a prepared transaction does. */
static char *
describe_holders(const LOCKTAG *tag)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(string_agg(format('Process %s of role \"%s\" is %s since %s.', a.pid, a.usename, a.state, a.state_change),"
		" E'\\n' ORDER BY a.pid), 'A prepared transaction has it; pg_prepared_xacts shows which there are.')"
		" FROM pg_stat_activity AS a"
		" WHERE a.pid = ANY ($1)",
		.nargs = 1,
		.argtypes = {INT4ARRAYOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	int			count;
	VirtualTransactionId *holders = GetLockConflicts(tag, ExclusiveLock, &count);
	int			named = Min(count, NAMED_HOLDERS);
	Datum		pids[NAMED_HOLDERS];
	Datum		values[1];
	char	   *holding;

	for (int i = 0; i < named; i++)
	{
		PGPROC	   *proc = sg_vxid_proc(holders[i]);

		pids[i] = Int32GetDatum(proc ? proc->pid : 0);
	}
	values[0] = PointerGetDatum(construct_array(pids, named, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	pgstat_clear_snapshot();
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	holding = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return holding;
}

/*
 * Takes the lock alone.  It tries without queueing, for nobody who records
 * shall wait for who waits, for at most smartgrid.seal_wait; then 55P03, which
 * names who has it.
 */
static void
lock_alone(const LOCKTAG *tag)
{
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), setting_seal_wait);
	long		pause = FIRST_PAUSE;

	while (LockAcquire(tag, ExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
	{
		long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until);

		if (left <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("others are recording metering points or readings of this grid"),
					 errdetail_internal("%s", describe_holders(tag)),
					 errhint("Their transactions did not end within smartgrid.seal_wait (%d ms). Try again.", setting_seal_wait)));
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, Min(pause, left), PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		pause = Min(pause * 2, LONGEST_PAUSE);
	}
}

/* The latest time that something was recorded at in a grid; -infinity: nothing was. */
static TimestampTz
latest_recorded(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT greatest(coalesce((SELECT r.recorded_at FROM smartgrid.recording AS r WHERE r.grid_id = $1), '-infinity'),"
		" coalesce((SELECT max(b.recorded_at) FROM smartgrid.batch AS b WHERE b.grid_id = $1), '-infinity'))",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id)};
	TimestampTz latest;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	latest = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
	elevated_end(&elevation);
	return latest;
}

/* Takes the row of the clock, and its next time, which is after another one.  40001 as the server. */
static void
take_clock(Recording *recording, int32 grid_id, TimestampTz after)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.recording AS r (grid_id, recorded_at) VALUES ($1, $2)"
		" ON CONFLICT (grid_id) DO UPDATE SET recorded_at = greatest(EXCLUDED.recorded_at, r.recorded_at + interval '1 microsecond')"
		" RETURNING recorded_at",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(Max(GetCurrentTimestamp(), after + 1))};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	recording->grid_id = grid_id;
	recording->written = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
	recording->at = recording->written - 1;
	elevated_end(&elevation);
	store_refresh();
}

/*
 * Begins to record facts of a grid.  Locks, to the end of the transaction: the
 * settlement lock shared, the row of the clock.  Takes a fresh snapshot.
 */
void
recording_begin(Recording *recording, int32 grid_id)
{
	LOCKTAG		tag;

	set_tag(&tag, grid_id);
	(void) LockAcquire(&tag, ShareLock, false, false);
	take_clock(recording, grid_id, DT_NOBEGIN);
}

/*
 * The same for what nobody else may record beside: the settlement lock alone.
 * What is recorded is later than all readings.  55P03 as lock_alone().
 */
void
recording_begin_alone(Recording *recording, int32 grid_id)
{
	LOCKTAG		tag;

	set_tag(&tag, grid_id);
	lock_alone(&tag);
	take_clock(recording, grid_id, latest_recorded(grid_id));
}

/* Where the clock of a grid stands in the active snapshot; -infinity: no facts are on record. */
static TimestampTz
clock_in_snapshot(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce((SELECT r.recorded_at FROM smartgrid.recording AS r WHERE r.grid_id = $1), '-infinity')",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id)};
	TimestampTz clock;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	clock = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
	elevated_end(&elevation);
	return clock;
}

/* 40001 if somebody else has recorded facts since the snapshot of a REPEATABLE READ or SERIALIZABLE transaction. */
static void
require_facts_in_snapshot(int32 grid_id)
{
	TimestampTz latest;

	if (!IsolationUsesXactSnapshot())
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	latest = clock_in_snapshot(grid_id);
	PopActiveSnapshot();
	if (clock_in_snapshot(grid_id) != latest)
		error_serialization_failure();
}

/*
 * Begins to record readings of a grid.  Locks, to the end of the transaction:
 * the settlement lock shared.  Takes a fresh snapshot, which shows the facts
 * that are on record; 40001 as the server if the transaction has an older one.
 */
void
recording_share(int32 grid_id)
{
	LOCKTAG		tag;

	set_tag(&tag, grid_id);
	(void) LockAcquire(&tag, ShareLock, false, false);
	store_refresh();
	require_facts_in_snapshot(grid_id);
}

/* The time to record readings at after recording_share(): later than that of all that is on record. */
TimestampTz
recording_time_of_readings(int32 grid_id)
{
	return Max(GetCurrentTimestamp(), latest_recorded(grid_id) + 1);
}

/* A time to record the next fact at: each is later than all before. */
TimestampTz
recording_next(Recording *recording)
{
	return ++recording->at;
}

/* Ends: the clock keeps the latest time. */
void
recording_end(Recording *recording)
{
	static ElevatedPlan plan = {
		.sql = "UPDATE smartgrid.recording SET recorded_at = $2 WHERE grid_id = $1",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(recording->grid_id), TimestampTzGetDatum(recording->at)};

	if (recording->at <= recording->written)
		return;
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Raises 25001 in a transaction whose snapshot stays what it was. */
void
recording_require_new_snapshots(void)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("what is on record now can be told in a READ COMMITTED transaction only"),
				 errdetail("The snapshot of this transaction may not show all that has been recorded."),
				 errhint("Run it as a statement of its own, or BEGIN ISOLATION LEVEL READ COMMITTED.")));
}

/*
 * A moment such that a snapshot taken since shows all that was recorded up to
 * it: take one (store_refresh()).  The settlement lock is held alone for this
 * moment only.  25001 as recording_require_new_snapshots(), 55P03 as lock_alone().
 */
TimestampTz
recording_moment(int32 grid_id)
{
	LOCKTAG		tag;
	TimestampTz moment;

	recording_require_new_snapshots();
	set_tag(&tag, grid_id);
	lock_alone(&tag);
	moment = Max(GetCurrentTimestamp(), latest_recorded(grid_id));
	(void) LockRelease(&tag, ExclusiveLock, false);
	return moment;
}

/* recording_moment(grid_id) -> timestamptz: for as_of. */
Datum
sg_recording_moment(PG_FUNCTION_ARGS)
{
	PG_RETURN_TIMESTAMPTZ(recording_moment(PG_GETARG_INT32(0)));
}
