/*-------------------------------------------------------------------------
 *
 * store.c
 *	  Typed rows of the extension's tables: snapshots, finding and locking rows.
 *
 * Tables are read and written directly, with locked tuples: no planner and no
 * executor for one-row work.  What that asks for, and where it is done:
 *
 *	- the caller's right is checked before (identity.c): nothing here asks for
 *	  privileges or applies row-level security;
 *	- a row is locked before the value that will change is read (store_lock);
 *	- a lost row under REPEATABLE READ or SERIALIZABLE is 40001, never XX000;
 *	- whatever index is there gets its entry (store_write.c, index_entries.c);
 *	- every write ends with CommandCounterIncrement(), so that what follows in
 *	  the same call, statement or transaction sees it;
 *	- the rules keep the CHECK constraints; triggers do not fire.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/index_lookup.h"
#include "store/known_place.h"
#include "store/relations.h"
#include "store/shape.h"
#include "store/store.h"

/* Raises PostgreSQL's own 25006 in a read-only transaction or on a standby; function is the caller's SQL name. */
void
store_require_writable(const char *function)
{
	char		command[NAMEDATALEN + 2];

	snprintf(command, sizeof(command), "%s()", function);
	PreventCommandIfReadOnly(command);
	PreventCommandIfParallelMode(command);
}

/* Pushes a snapshot that sees all earlier calls of this transaction; store_end() pops it. */
void
store_push_snapshot(void)
{
	AcceptInvalidationMessages();	/* a lock does so only the first time in a transaction */
	relations_note_snapshot();
	PushActiveSnapshot(GetTransactionSnapshot());
}

/*
 * Replaces the snapshot of store_push_snapshot() by one that sees what was
 * committed while this call waited (in READ COMMITTED) and what it wrote itself.
 */
void
store_refresh(void)
{
	PopActiveSnapshot();
	store_push_snapshot();
}

/* Pops the snapshot of store_push_snapshot(); an error does so by itself. */
void
store_end(void)
{
	PopActiveSnapshot();
}

/* Raises 40001: a row that this call needs was changed by somebody else since the transaction's snapshot. */
void
error_serialization_failure(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent update"),
			 errhint("The transaction might succeed if retried.")));
}

/* rel: locked, so that the OID of its index is good; none: all rows, as they lie. */
static void
scan_begin(StoreScan *scan, StoreTable table, Relation rel, Oid index, int nkeys, ScanKey keys)
{
	scan->context = CurrentMemoryContext;
	scan->rel = rel;
	scan->row = (StoreRow) {.table = table};
	scan->scan = systable_beginscan(rel, index, OidIsValid(index), GetActiveSnapshot(), nkeys, keys);
}

/*
 * Starts to read rows of a table by its primary key (or a prefix of it) in
 * the active snapshot; with no keys, all rows.
 */
void
store_scan_begin(StoreScan *scan, StoreTable table, int nkeys, ScanKey keys)
{
	Relation	rel = relations_open(table, AccessShareLock);

	scan_begin(scan, table, rel, relations_primary_key_oid(table), nkeys, keys);
}

/* The same by another index; keys have the table's column numbers. */
void
store_scan_begin_index(StoreScan *scan, StoreTable table, StoreIndex index, int nkeys, ScanKey keys)
{
	Relation	rel = relations_open(table, AccessShareLock);

	scan_begin(scan, table, rel, relations_index_oid(index), nkeys, keys);
}

/* Starts to read all rows of a table in the active snapshot, as they lie. */
void
store_scan_begin_all(StoreScan *scan, StoreTable table)
{
	scan_begin(scan, table, relations_open(table, AccessShareLock), InvalidOid, 0, NULL);
}

/*
 * Goes on to the next row; false at the end.  A scan by an index that meets dead
 * rows keeps a list of them, which must not stand in a context of the caller's
 * that is reset from row to row.
 */
bool
store_scan_next(StoreScan *scan)
{
	MemoryContext outer = MemoryContextSwitchTo(scan->context);

	scan->row.tuple = systable_getnext(scan->scan);
	MemoryContextSwitchTo(outer);
	return scan->row.tuple != NULL;
}

/* Ends a scan. */
void
store_scan_end(StoreScan *scan)
{
	systable_endscan(scan->scan);
	relations_close(scan->rel);
}

/* The key of a row as one number. */
int64
store_key_of(StoreTable table, HeapTuple tuple)
{
	const void *key = GETSTRUCT(tuple);

	switch (table_info[table].key_type)
	{
		case INT8OID:
			return *(const int64 *) key;
		case INT4OID:
			return *(const int32 *) key;
		default:
			return store_pair_key(((const int32 *) key)[0], ((const int32 *) key)[1]);
	}
}

static void
primary_key_init(ScanKey key, StoreTable table, int64 value)
{
	if (table_info[table].key_type == INT4OID)
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum((int32) value));
	else
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value));
}

/* Finds a row by primary key in the active snapshot, in a table that is open; false if there is none. */
static bool
find_row(Relation rel, StoreTable table, int64 key, StoreRow *row)
{
	ScanKeyData scankey;

	if (known_place_find(rel, table, key, row))
		return true;

	/*
	 * Backwards: among versions that nobody can prune, the newest is mostly
	 * the one with the highest tid, which is the order of equal index entries.
	 */
	primary_key_init(&scankey, table, key);
	row->table = table;
	row->tuple = index_lookup(rel, relations_primary_key_oid(table), AccessShareLock, 1, &scankey, BackwardScanDirection);
	return row->tuple != NULL;
}

/* Finds a row by primary key in the active snapshot, without a lock; false if there is none. */
bool
store_find(StoreTable table, int64 key, StoreRow *row)
{
	Relation	rel = relations_open(table, AccessShareLock);
	bool		found = find_row(rel, table, key, row);

	relations_close(rel);
	return found;
}

static bool
find_by_index(StoreTable table, StoreIndex index, LOCKMODE lockmode, int nkeys, ScanKey keys, StoreRow *row)
{
	Relation	rel = relations_open(table, lockmode);

	row->table = table;
	row->tuple = index_lookup(rel, relations_index_oid(index), lockmode, nkeys, keys, ForwardScanDirection);
	relations_close(rel);
	return row->tuple != NULL;
}

/*
 * Finds the first row by another index in the active snapshot, without a lock;
 * false if there is none.  keys have the table's column numbers.
 */
bool
store_find_by_index(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	return find_by_index(table, index, AccessShareLock, nkeys, keys, row);
}

/* The same for the last row. */
bool
store_find_last(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	Relation	rel = relations_open(table, AccessShareLock);

	row->table = table;
	row->tuple = index_lookup(rel, relations_index_oid(index), AccessShareLock, nkeys, keys, BackwardScanDirection);
	relations_close(rel);
	return row->tuple != NULL;
}

/* The same of the first row, for who will insert one if there is none: that needs no further lock of the table. */
bool
store_find_or_insert(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	return find_by_index(table, index, RowExclusiveLock, nkeys, keys, row);
}

/* Raises 40001 if a row could not be locked or updated because it was changed since it was read. */
void
store_require_unchanged(TM_Result result, StoreTable table, const char *doing)
{
	if (result == TM_Ok)
		return;
	if (result == TM_Updated || result == TM_Deleted)
		error_serialization_failure();
	elog(ERROR, "unexpected result %d of %s a row of table \"%s\"", (int) result, doing, table_info[table].name);
}

/*
 * Locks the latest version of a row that was found as row->tuple, and puts it
 * there.  In READ COMMITTED all later versions of the row are followed.
 */
static TM_Result
lock_latest_version(Relation rel, StoreRow *row, LockWaitPolicy wait)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	ItemPointerData tid = row->tuple->t_self;
	TM_FailureData tmfd;
	TM_Result	result;

	result = table_tuple_lock(rel, &tid, GetActiveSnapshot(), slot,
							  GetCurrentCommandId(false), LockTupleNoKeyExclusive, wait,
							  IsolationUsesXactSnapshot() ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
							  &tmfd);
	if (result == TM_Ok)
	{
		heap_freetuple(row->tuple);
		row->tuple = ExecCopySlotHeapTuple(slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	return result;
}

/* Locks the version of a row that was found as row->tuple, if that is the latest: mostly it is, and needs no second copy. */
static TM_Result
lock_found_version(Relation rel, const StoreRow *row, LockWaitPolicy wait)
{
	HeapTupleData tuple = {.t_self = row->tuple->t_self};
	Buffer		buffer;
	TM_FailureData tmfd;
	TM_Result	result = heap_lock_tuple(rel, &tuple, GetCurrentCommandId(false), LockTupleNoKeyExclusive,
										 wait, false, &buffer, &tmfd);

	ReleaseBuffer(buffer);
	return result;
}

/* Finds and locks a row; ROW_TAKEN, and nothing is locked, if somebody else has it and wait says not to wait. */
static RowLock
lock_row(StoreTable table, int64 key, StoreRow *row, LockWaitPolicy wait)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	TM_Result	result;

	if (!find_row(rel, table, key, row))
	{
		relations_close(rel);
		return ROW_ABSENT;
	}
	result = lock_found_version(rel, row, wait);
	if (result != TM_Ok && result != TM_WouldBlock)
		result = lock_latest_version(rel, row, wait);
	relations_close(rel);
	if (result == TM_WouldBlock)
	{
		heap_freetuple(row->tuple);
		return ROW_TAKEN;
	}
	store_require_unchanged(result, table, "locking");
	return ROW_LOCKED;
}

/*
 * Finds a row by primary key and locks it to the end of the transaction (FOR
 * NO KEY UPDATE), waiting if somebody else has it; row then holds its
 * latest version.  False if there is none.
 *
 * Raises 40001 if the row was changed since the snapshot of a REPEATABLE
 * READ or SERIALIZABLE transaction.
 */
bool
store_lock(StoreTable table, int64 key, StoreRow *row)
{
	return lock_row(table, key, row, LockWaitBlock) == ROW_LOCKED;
}

/* What acquire_row() is to lock, and whether it was there. */
typedef struct RowToLock
{
	StoreTable	table;
	int64		key;
	StoreRow   *row;
	RowLock		result;			/* out */
} RowToLock;

static void
acquire_row(void *arg)
{
	RowToLock  *wanted = arg;

	wanted->result = lock_row(wanted->table, wanted->key, wanted->row, LockWaitBlock);
}

/*
 * store_lock() that waits no longer than patience lasts: ROW_TAKEN, and nothing
 * is locked, if somebody else has the row even then.  Errors: 40001 as there.
 */
RowLock
store_lock_patiently(StoreTable table, int64 key, StoreRow *row, Patience *patience)
{
	RowToLock	wanted = {table, key, row, ROW_TAKEN};
	RowLock		result = lock_row(table, key, row, LockWaitSkip);

	if (result != ROW_TAKEN)
		return result;
	return patience_acquire(patience, acquire_row, &wanted) ? wanted.result : ROW_TAKEN;
}

/* A column of a row that is not part of its struct. */
Datum
store_attribute(const StoreRow *row, int attnum, bool *isnull)
{
	Relation	rel = relations_open(row->table, AccessShareLock);
	Datum		value = heap_getattr(row->tuple, attnum, RelationGetDescr(rel), isnull);

	relations_close(rel);
	return value;
}
