/*-------------------------------------------------------------------------
 *
 * run_rows.c
 *	  Runs on record: finding them, and what is final.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "metering/dated.h"
#include "settlement/run_hooks.h"
#include "settlement/run_rows.h"
#include "store/elevated.h"
#include "store/relations.h"
#include "store/store.h"

/* What tells the lock of a grid's runs from its settlement lock. */
#define RUN_LOCK	1

/* Takes the lock of a grid's runs, to the end of the transaction, and a fresh snapshot. */
void
run_lock(int32 grid_id)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, relations_table_oid(TABLE_GRID), (Oid) grid_id, RUN_LOCK);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
	store_refresh();
}

/* Finds a run of a grid; false if there is none. */
bool
run_find(int32 grid_id, int64 run_id, RunHead *head)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.state, r.number, r.period_from, r.period_to, r.as_of, r.as_of_named, r.accept, r.digest, r.basis_from"
		" FROM smartgrid.run AS r WHERE r.run_id = $1 AND r.grid_id = $2",
		.nargs = 2,
		.argtypes = {INT8OID, INT4OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(run_id), Int32GetDatum(grid_id)};
	bool		found;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	found = SPI_processed > 0;
	if (found)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		*head = (RunHead) {
			.run_id = run_id,
			.is_final = DatumGetInt16(elevated_value(0, 1, INT2OID)) != 0,
			.number = DatumGetInt32(elevated_value(0, 2, INT4OID)),
			.from = DatumGetTimestampTz(elevated_value(0, 3, TIMESTAMPTZOID)),
			.to = DatumGetTimestampTz(elevated_value(0, 4, TIMESTAMPTZOID)),
			.as_of = DatumGetTimestampTz(elevated_value(0, 5, TIMESTAMPTZOID)),
			.basis_from = DatumGetTimestampTz(elevated_value(0, 9, TIMESTAMPTZOID)),
			.as_of_named = DatumGetBool(elevated_value(0, 6, BOOLOID))
		};
		run_accept_of(datumCopy(elevated_value(0, 7, TEXTARRAYOID), false, -1), &head->accept);
		(void) digest_from_bytea(elevated_value(0, 8, BYTEAOID), &head->digest);
		MemoryContextSwitchTo(old);
	}
	elevated_end(&elevation);
	return found;
}

/* The preview that took the place of another one; 0: there is none. */
static int64
successor_of(int32 grid_id, int64 run_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(r.run_id), 0) FROM smartgrid.run AS r WHERE r.grid_id = $1 AND $2 = ANY (r.replaces)",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(run_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* The same; SG101 if there is none, SG108 if it was a preview that another one has replaced. */
void
run_require(const Grid *grid, int64 run_id, RunHead *head)
{
	bool		found = run_find(grid->form.grid_id, run_id, head);
	int64		successor = found ? 0 : successor_of(grid->form.grid_id, run_id);

	if (successor != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("run " INT64_FORMAT " is not the newest preview of its period", run_id),
				 errhint("That is run " INT64_FORMAT ".", successor)));
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("run " INT64_FORMAT " does not exist in grid \"%s\"", run_id, grid->name),
				 errhint("sg_runs shows which there are; a preview is replaced by the next one of its period.")));
}

/* How many final runs a period has. */
int
run_count_final(int32 grid_id, TimestampTz from, TimestampTz to)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.run AS r WHERE r.grid_id = $1 AND r.period_from = $2 AND r.period_to = $3 AND r.state = 1",
		.nargs = 3,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to)};

	return (int) elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/*
 * The first final run that overlaps [from, to), as people call it; NULL if there
 * is none.  but_itself: those of the very period do not count.
 */
char *
run_overlapping_final(int32 grid_id, TimestampTz from, TimestampTz to, bool but_itself)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.run_id, r.period_from, r.period_to FROM smartgrid.run AS r"
		" WHERE r.grid_id = $1 AND r.state = 1 AND r.period_to > $2 AND r.period_from < $3"
		" AND NOT ($4 AND r.period_from = $2 AND r.period_to = $3)"
		" ORDER BY r.period_from, r.run_id LIMIT 1",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, BOOLOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), BoolGetDatum(but_itself)
	};
	char	   *found = NULL;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);
		char	   *starts = pstrdup(timestamptz_to_str(DatumGetTimestampTz(elevated_value(0, 2, TIMESTAMPTZOID))));

		found = psprintf("run " INT64_FORMAT " of [%s, %s) is final", DatumGetInt64(elevated_value(0, 1, INT8OID)), starts,
						 timestamptz_to_str(DatumGetTimestampTz(elevated_value(0, 3, TIMESTAMPTZOID))));
		MemoryContextSwitchTo(old);
	}
	elevated_end(&elevation);
	return found;
}

/* What has been settled for good of a time, for those who set facts (metering/dated.h). */
char *
run_settled(int32 grid_id, TimestampTz from, TimestampTz to)
{
	return run_overlapping_final(grid_id, from, to, false);
}

/* Deletes a preview, with all that it has. */
void
run_delete(int64 run_id)
{
	static ElevatedPlan plan = {
		.sql = "WITH l AS (DELETE FROM smartgrid.run_line AS d WHERE d.run_id = $1),"
		" b AS (DELETE FROM smartgrid.run_basis AS d WHERE d.run_id = $1),"
		" p AS (DELETE FROM smartgrid.run_problem AS d WHERE d.run_id = $1)"
		" DELETE FROM smartgrid.run AS d WHERE d.run_id = $1",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(run_id)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Deletes the preview of a period, if there is one; returns the numbers of all that there were, bigint[]. */
Datum
run_take_preview(int32 grid_id, TimestampTz from, TimestampTz to)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(r.run_id), 0), coalesce(max(r.replaces || r.run_id), '{}') FROM smartgrid.run AS r"
		" WHERE r.grid_id = $1 AND r.period_from = $2 AND r.period_to = $3 AND r.state = 0",
		.nargs = 3,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to)};
	int64		run_id;
	Datum		replaced;
	MemoryContext old;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	run_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
	old = MemoryContextSwitchTo(caller);
	replaced = datumCopy(elevated_value(0, 2, INT8ARRAYOID), false, -1);
	MemoryContextSwitchTo(old);
	elevated_end(&elevation);
	if (run_id != 0)
		run_delete(run_id);
	return replaced;
}

/* A preview becomes final. */
void
run_set_final(int64 run_id, TimestampTz as_of, int64 entry_id)
{
	static ElevatedPlan plan = {
		.sql = "UPDATE smartgrid.run SET state = 1, as_of = $2, entry_id = $3, finalized_at = clock_timestamp() WHERE run_id = $1",
		.nargs = 3,
		.argtypes = {INT8OID, TIMESTAMPTZOID, INT8OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(run_id), TimestampTzGetDatum(as_of), Int64GetDatum(entry_id)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}
