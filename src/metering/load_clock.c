/*-------------------------------------------------------------------------
 *
 * load_clock.c
 *	  Where the clock of recorded facts stands, for who keeps some of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/snapmgr.h"

#include "metering/load_clock.h"
#include "store/store.h"

/* The clock of recorded facts of a grid: where it stands, and who moved it there. */
void
load_clock_read(int32 grid_id, ElevatedSnapshot snapshot, TimestampTz *clock, TransactionId *written_by)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.recorded_at, r.xmin FROM smartgrid.recording AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id)};

	*clock = DT_NOBEGIN;
	*written_by = InvalidTransactionId;
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, snapshot);
	if (SPI_processed > 0)
	{
		*clock = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
		*written_by = DatumGetTransactionId(elevated_value(0, 2, XIDOID));
	}
	elevated_end(&elevation);
}

/* 40001 if somebody has moved the clock, and may have changed points, since the snapshot of the transaction. */
void
load_clock_require_in_snapshot(int32 grid_id, TimestampTz clock)
{
	TimestampTz latest;
	TransactionId written_by;

	if (!IsolationUsesXactSnapshot())
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	load_clock_read(grid_id, IN_ACTIVE_SNAPSHOT, &latest, &written_by);
	PopActiveSnapshot();
	if (latest != clock)
		error_serialization_failure();
}
