/*-------------------------------------------------------------------------
 *
 * on_record.c
 *	  What is on record of points' days, for whoever writes them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "metering/day.h"
#include "metering/on_record.h"
#include "store/store.h"

/* Versions are gone through if that takes no more than so many steps for each point that is asked for; else they are looked up. */
#define STEPS_A_POINT	4
#define FIRST_STEPS		256

/*
 * Under a snapshot of the whole transaction, rows are read in the latest one, so
 * that what others have written since is seen, and refused.
 */
bool
on_record_push_snapshot(void)
{
	if (!IsolationUsesXactSnapshot())
		return false;
	PushActiveSnapshot(GetLatestSnapshot());
	return true;
}

/* 40001 if somebody else has written a row since the snapshot of the transaction. */
void
on_record_require_in_snapshot(HeapTuple tuple)
{
	TransactionId writer;

	if (!IsolationUsesXactSnapshot() || HeapTupleHeaderXminFrozen(tuple->t_data))
		return;
	writer = HeapTupleHeaderGetXmin(tuple->t_data);
	if (!TransactionIdIsCurrentTransactionId(writer) && XidInMVCCSnapshot(writer, GetTransactionSnapshot()))
		error_serialization_failure();
}

void
on_record_set_key(ScanKey key, AttrNumber column, RegProcedure equal, Datum value)
{
	ScanKeyInit(key, column, BTEqualStrategyNumber, equal, value);
}

/* The last row of interval_day with these keys. */
static bool
find_last(int nkeys, ScanKey keys, StoreRow *row)
{
	bool		pushed = on_record_push_snapshot();
	bool		found = store_find_last(TABLE_INTERVAL_DAY, INDEX_INTERVAL_DAY, nkeys, keys, row);

	if (found)
		on_record_require_in_snapshot(row->tuple);
	if (pushed)
		PopActiveSnapshot();
	return found;
}

/* Is there a packed day of any point on that date, of any grid? */
static bool
any_on_record(DateADT date)
{
	ScanKeyData keys[1];
	StoreRow	row;

	on_record_set_key(&keys[0], Anum_interval_day_day, F_DATE_EQ, DateADTGetDatum(date));
	return find_last(1, keys, &row);
}

/* 40001 if somebody else has written a version of a point's day since the snapshot of the transaction. */
void
on_record_require_unchanged(DateADT date, int64 point_id)
{
	ScanKeyData keys[2];
	StoreRow	row;

	if (!IsolationUsesXactSnapshot())
		return;
	on_record_set_key(&keys[0], Anum_interval_day_day, F_DATE_EQ, DateADTGetDatum(date));
	on_record_set_key(&keys[1], Anum_interval_day_point_id, F_INT8EQ, Int64GetDatum(point_id));
	if (find_last(2, keys, &row))
		heap_freetuple(row.tuple);
}

static void
set_version(DayVersion *version, HeapTuple tuple)
{
	StoreRow	row = {TABLE_INTERVAL_DAY, tuple};
	bool		isnull;

	version->version = STORE_FORM(&row, FormIntervalDay)->version;
	version->recorded_at = STORE_FORM(&row, FormIntervalDay)->recorded_at;
	day_of_datum(store_attribute(&row, Anum_interval_day_data, &isnull), &version->day);
}

/* Begins to go through the versions of a day, from a point on. */
static void
begin_scan(DayCursor *cursor, int64 point_id)
{
	MemoryContext outer = MemoryContextSwitchTo(cursor->context);
	ScanKeyData keys[2];

	on_record_set_key(&keys[0], Anum_interval_day_day, F_DATE_EQ, DateADTGetDatum(cursor->date));
	ScanKeyInit(&keys[1], Anum_interval_day_point_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(point_id));
	store_scan_begin_index(&cursor->scan, TABLE_INTERVAL_DAY, INDEX_INTERVAL_DAY, lengthof(keys), keys);
	cursor->is_open = true;
	cursor->at_row = store_scan_next(&cursor->scan);
	MemoryContextSwitchTo(outer);
}

static int64
cursor_point(const DayCursor *cursor)
{
	return STORE_SCAN_FORM(&cursor->scan, FormIntervalDay)->point_id;
}

static void
step(DayCursor *cursor)
{
	cursor->at_row = store_scan_next(&cursor->scan);
	cursor->steps++;
}

/* The latest version of a point's day by index. */
static void
look_up(const DayCursor *cursor, int64 point_id, DayVersion *version)
{
	ScanKeyData keys[2];
	StoreRow	row;

	on_record_set_key(&keys[0], Anum_interval_day_day, F_DATE_EQ, DateADTGetDatum(cursor->date));
	on_record_set_key(&keys[1], Anum_interval_day_point_id, F_INT8EQ, Int64GetDatum(point_id));
	if (!find_last(2, keys, &row))
		return;
	set_version(version, row.tuple);
	heap_freetuple(row.tuple);
}

/* Are versions gone through?  Not if there are many for each point that is asked for. */
static bool
goes_through(DayCursor *cursor)
{
	if (cursor->steps > FIRST_STEPS + STEPS_A_POINT * cursor->asked)
		on_record_end(cursor);
	return !IsolationUsesXactSnapshot() && (cursor->is_open || cursor->asked == 0);
}

/* Begins to look for versions of points of a day, in the order of their numbers, in the current memory context. */
void
on_record_begin(DayCursor *cursor, DateADT date)
{
	cursor->context = CurrentMemoryContext;
	cursor->date = date;
	cursor->is_open = false;
	cursor->asked = 0;
	cursor->steps = 0;
	cursor->any = any_on_record(date);
}

/* The latest version of a point's day; version 0 if there is none.  22P03 if it is damaged. */
void
on_record_version(DayCursor *cursor, int64 point_id, DayVersion *version)
{
	version->version = 0;
	version->recorded_at = DT_NOBEGIN;
	if (!cursor->any)
		return;
	if (!goes_through(cursor))
	{
		look_up(cursor, point_id, version);
		return;
	}
	if (cursor->asked++ == 0)
		begin_scan(cursor, point_id);
	while (cursor->at_row && cursor_point(cursor) < point_id)
		step(cursor);
	while (cursor->at_row && cursor_point(cursor) == point_id)
	{
		HeapTuple	tuple = heap_copytuple(cursor->scan.row.tuple);

		step(cursor);
		if (!cursor->at_row || cursor_point(cursor) != point_id)
			set_version(version, tuple);
		heap_freetuple(tuple);
	}
}

/* Ends looking. */
void
on_record_end(DayCursor *cursor)
{
	if (cursor->is_open)
		store_scan_end(&cursor->scan);
	cursor->is_open = false;
}
