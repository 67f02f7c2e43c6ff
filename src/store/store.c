/*-------------------------------------------------------------------------
 *
 * store.c
 *	  Typed rows of the extension's tables: find, lock, update, append.
 *
 * Direct table access with locked tuples (DESIGN section 4): no planner and no
 * executor for one-row work.  What that asks for, and where it is done:
 *
 *	- the caller's right is checked before (identity.c): nothing here asks for
 *	  privileges or applies row-level security;
 *	- a row is locked before the value that will change is read (store_lock);
 *	- a lost row under REPEATABLE READ or SERIALIZABLE is 40001, never XX000;
 *	- whatever index is there gets its entry (index_entries.c);
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
#include "store/index_entries.h"
#include "store/index_lookup.h"
#include "store/place.h"
#include "store/relations.h"
#include "store/shape.h"
#include "store/store.h"

/*
 * Where this backend met a row last (place.c), for rows that it meets again and
 * again: a meter that reports each second, a script that posts for one
 * account, one transaction with many calls.
 */
#define PLACES	1024			/* power of two */

/* How many rows go into the table before their index entries, as in COPY. */
#define INSERT_MANY_ROWS	1000

typedef struct KnownPlace
{
	StoreTable	table;
	int64		key;
	TransactionId xid;			/* the transaction that wrote it: no row can be cut off the table as long as it runs */
	uint64		generation;		/* of the table then: it has not been made anew or truncated since */
	Place		place;
} KnownPlace;

static KnownPlace known_places[PLACES];

/*
 * Raises PostgreSQL's own 25006 in a read-only transaction or on a standby;
 * function is the caller's SQL name.
 */
void
store_require_writable(const char *function)
{
	char		command[NAMEDATALEN + 2];

	snprintf(command, sizeof(command), "%s()", function);
	PreventCommandIfReadOnly(command);
	PreventCommandIfParallelMode(command);
}

/*
 * Begins a call that writes: 25006 as store_require_writable(), and a snapshot
 * that sees all earlier calls of this transaction.  store_end() pops it; an
 * error does so by itself.
 *
 * The ledger is locked (ROW EXCLUSIVE) before the grid is read, so that who
 * holds it in SHARE mode knows that no call is under way (grid_admin.c).
 */
void
store_begin(const char *function)
{
	store_require_writable(function);
	(void) relations_lock_table(TABLE_LEDGER, RowExclusiveLock);
	store_push_snapshot();
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
 * Replaces the snapshot of store_begin() by one that sees what was committed
 * while this call waited (in READ COMMITTED) and what it wrote itself.
 */
void
store_refresh(void)
{
	PopActiveSnapshot();
	store_push_snapshot();
}

/* Pops the snapshot of store_begin() or store_push_snapshot(). */
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

/* Goes on to the next row; false at the end. */
bool
store_scan_next(StoreScan *scan)
{
	scan->row.tuple = systable_getnext(scan->scan);
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
	if (table == TABLE_POOL)
		return store_pool_key(((FormPool *) GETSTRUCT(tuple))->grid_id, ((FormPool *) GETSTRUCT(tuple))->stripe);
	if (table_info[table].key_type == INT4OID)
		return *(int32 *) GETSTRUCT(tuple);
	return *(int64 *) GETSTRUCT(tuple);
}

static KnownPlace *
known_place(StoreTable table, int64 key)
{
	return &known_places[((uint64) key * TABLE_COUNT + table) & (PLACES - 1)];
}

static bool
is_place_of(const KnownPlace *known, StoreTable table, int64 key)
{
	return known->key == key && known->table == table && ItemPointerIsValid(&known->place.tid);
}

/* Finds out which buffer holds the page of a place; it may have been cut off where a savepoint was rolled back since. */
static void
find_buffer(Relation rel, Place *place)
{
	BlockNumber block = ItemPointerGetBlockNumber(&place->tid);

	if (block >= RelationGetNumberOfBlocks(rel))
		return;
	place->buffer = ReadBuffer(rel, block);
	ReleaseBuffer(place->buffer);
}

/*
 * Remembers the version of a row that this transaction has written.  Which
 * buffer it is in is looked up for a row that is met again, not for each of a
 * million that are met once.
 */
static void
remember_place(Relation rel, StoreTable table, HeapTuple tuple)
{
	int64		key = store_key_of(table, tuple);
	KnownPlace *known = known_place(table, key);
	bool		again = is_place_of(known, table, key);

	if (!again || ItemPointerGetBlockNumber(&known->place.tid) != ItemPointerGetBlockNumber(&tuple->t_self))
		known->place.buffer = InvalidBuffer;
	known->place.tid = tuple->t_self;
	ItemPointerSetInvalid(&known->place.root);
	if (again && !BufferIsValid(known->place.buffer))
		find_buffer(rel, &known->place);
	known->table = table;
	known->key = key;
	known->xid = GetTopTransactionId();
	known->generation = relations_generation(table);
}

/* Finds a row from where this backend wrote it last, as the active snapshot sees it; false where that leads nowhere. */
static bool
find_by_place(Relation rel, StoreTable table, int64 key, StoreRow *row)
{
	KnownPlace *known = known_place(table, key);
	PlaceReader reader;
	HeapTuple	tuple;

	if (!is_place_of(known, table, key))
		return false;
	if (!BufferIsValid(known->place.buffer) && known->xid == GetTopTransactionIdIfAny() &&
		TransactionIdIsValid(known->xid) && known->generation == relations_generation(table))
		find_buffer(rel, &known->place);
	place_begin(&reader, rel, table);
	tuple = place_follow(&reader, &known->place, key);
	row->table = table;
	row->tuple = tuple ? heap_copytuple(tuple) : NULL;
	place_end(&reader);
	return tuple != NULL;
}

static void
primary_key_init(ScanKey key, StoreTable table, int64 value)
{
	if (table_info[table].key_type == INT4OID)
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum((int32) value));
	else
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value));
}

/* Finds a row by primary key in the active snapshot, in a table that is open; false where there is none. */
static bool
find_row(Relation rel, StoreTable table, int64 key, StoreRow *row)
{
	ScanKeyData scankey;

	if (find_by_place(rel, table, key, row))
		return true;

	/*
	 * Backwards: among versions that nobody can prune, the newest is mostly
	 * the one with the highest tid, which is the order of equal index entries.
	 */
	primary_key_init(&scankey, table, key);
	row->table = table;
	row->tuple = index_lookup(rel, relations_primary_key_oid(table), 1, &scankey, BackwardScanDirection);
	return row->tuple != NULL;
}

/* Finds a row by primary key in the active snapshot, without a lock; false where there is none. */
bool
store_find(StoreTable table, int64 key, StoreRow *row)
{
	Relation	rel = relations_open(table, AccessShareLock);
	bool		found = find_row(rel, table, key, row);

	relations_close(rel);
	return found;
}

/*
 * Finds the first row by another index in the active snapshot, without a lock;
 * false where there is none.  keys have the table's column numbers.
 */
bool
store_find_by_index(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	Relation	rel = relations_open(table, AccessShareLock);

	row->table = table;
	row->tuple = index_lookup(rel, relations_index_oid(index), nkeys, keys, ForwardScanDirection);
	relations_close(rel);
	return row->tuple != NULL;
}

/* Raises 40001 where a row could not be locked or updated because it was changed since it was read. */
static void
check_changed(TM_Result result, StoreTable table, const char *doing)
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
lock_latest_version(Relation rel, StoreRow *row)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	ItemPointerData tid = row->tuple->t_self;
	TM_FailureData tmfd;
	TM_Result	result;

	result = table_tuple_lock(rel, &tid, GetActiveSnapshot(), slot,
							  GetCurrentCommandId(false), LockTupleNoKeyExclusive, LockWaitBlock,
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

/* Locks the version of a row that was found as row->tuple, where that is the latest: mostly it is, and needs no second copy. */
static TM_Result
lock_found_version(Relation rel, const StoreRow *row)
{
	HeapTupleData tuple = {.t_self = row->tuple->t_self};
	Buffer		buffer;
	TM_FailureData tmfd;
	TM_Result	result = heap_lock_tuple(rel, &tuple, GetCurrentCommandId(false), LockTupleNoKeyExclusive,
										 LockWaitBlock, false, &buffer, &tmfd);

	ReleaseBuffer(buffer);
	return result;
}

/*
 * Finds a row by primary key and locks it to the end of the transaction (FOR
 * NO KEY UPDATE), waiting where somebody else has it; row then holds its
 * latest version.  False where there is none.
 *
 * Errors: 40001 where the row was changed since the snapshot of a REPEATABLE
 * READ or SERIALIZABLE transaction.
 */
bool
store_lock(StoreTable table, int64 key, StoreRow *row)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	TM_Result	result;

	if (!find_row(rel, table, key, row))
	{
		relations_close(rel);
		return false;
	}
	result = lock_found_version(rel, row);
	if (result != TM_Ok)
		result = lock_latest_version(rel, row);
	check_changed(result, table, "locking");
	relations_close(rel);
	return true;
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

/* The row that a struct is, where that covers all columns: the bytes are the same. */
static HeapTuple
tuple_of_form(Relation rel, StoreTable table, const void *form)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Size		header = MAXALIGN(SizeofHeapTupleHeader);
	Size		length = header + table_info[table].fixed_width;
	HeapTuple	tuple = palloc0(HEAPTUPLESIZE + length);
	HeapTupleHeader data = (HeapTupleHeader) ((char *) tuple + HEAPTUPLESIZE);

	Assert(table_info[table].all_fixed);
	tuple->t_len = length;
	ItemPointerSetInvalid(&tuple->t_self);
	tuple->t_tableOid = RelationGetRelid(rel);
	tuple->t_data = data;
	HeapTupleHeaderSetDatumLength(data, length);
	HeapTupleHeaderSetTypeId(data, desc->tdtypeid);
	HeapTupleHeaderSetTypMod(data, desc->tdtypmod);
	ItemPointerSetInvalid(&data->t_ctid);
	HeapTupleHeaderSetNatts(data, desc->natts);
	data->t_hoff = header;
	memcpy((char *) data + header, form, table_info[table].fixed_width);
	return tuple;
}

/* The columns of such a row, for its index entries. */
static void
columns_of_form(Relation rel, const void *form, Datum *values)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Size		offset = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		offset = att_align_nominal(offset, att->attalign);
		values[i] = fetchatt(att, (const char *) form + offset);
		offset += att->attlen;
	}
}

static TupleTableSlot *
slot_of(Relation rel, HeapTuple tuple)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);

	ExecStoreHeapTuple(tuple, slot, false);
	slot->tts_tableOid = RelationGetRelid(rel);
	return slot;
}

/* Writes tuple as the new version of the row that it was found or locked as; its t_self becomes that of the new version. */
static void
update_tuple(Relation rel, StoreTable table, HeapTuple tuple)
{
	ItemPointerData tid = tuple->t_self;
	SgIndexUpdate index_update = SG_INDEX_UPDATE_NONE;

	check_changed(sg_heap_update(rel, &tid, tuple, GetCurrentCommandId(true), &index_update), table, "updating");
	if (index_update != SG_INDEX_UPDATE_NONE)
	{
		TupleTableSlot *slot = slot_of(rel, tuple);

		index_entries_update(table, rel, slot, SG_ONLY_SUMMARIZING(index_update));
		ExecDropSingleTupleTableSlot(slot);
	}
	remember_place(rel, table, tuple);
	if (table == TABLE_GRID)
		CacheInvalidateRelcache(rel);
	CommandCounterIncrement();
}

/*
 * Writes row->tuple as the new version of the row that it was found or locked
 * as.  Afterwards row holds the new version, so that it can be updated again.
 *
 * Errors: 40001 where the row changed since it was read, which cannot happen
 * to a row that is locked.
 */
void
store_update(StoreRow *row)
{
	Relation	rel = relations_open(row->table, RowExclusiveLock);

	update_tuple(rel, row->table, row->tuple);
	relations_close(rel);
}

/* The same for a row of a table that is all struct, which was read at tid; tid becomes that of the new version. */
void
store_update_struct(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	HeapTuple	tuple = tuple_of_form(rel, table, form);

	tuple->t_self = *tid;
	update_tuple(rel, table, tuple);
	*tid = tuple->t_self;
	heap_freetuple(tuple);
	relations_close(rel);
}

/* Like store_update(), with the columns that replace names taken from values and isnull. */
void
store_replace(StoreRow *row, const Datum *values, const bool *isnull, const bool *replace)
{
	Relation	rel = relations_open(row->table, RowExclusiveLock);

	/* Nothing is written through the pointers; heap_modify_tuple lacks the const. */
	row->tuple = heap_modify_tuple(row->tuple, RelationGetDescr(rel),
								   unconstify(Datum *, values),
								   unconstify(bool *, isnull),
								   unconstify(bool *, replace));
	relations_close(rel);
	store_update(row);
}

/*
 * Appends a row to a table whose columns are all in its struct, and returns
 * where in tid, if that is not NULL.  A duplicate key is 23505: the caller has
 * made sure that there is none.
 */
void
store_insert_struct(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	Datum		values[1][FORM_MAX_COLUMNS];
	HeapTuple	tuple = tuple_of_form(rel, table, form);
	TupleTableSlot *slot;

	columns_of_form(rel, form, values[0]);
	heap_insert(rel, tuple, GetCurrentCommandId(true), 0, NULL);
	slot = slot_of(rel, tuple);
	index_entries_insert(table, rel, &slot, values, 1);
	if (tid)
		*tid = tuple->t_self;
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	relations_close(rel);
}

/*
 * Appends n rows, given by an array of structs of this width, as COPY does:
 * page by page into the table, then their index entries.
 */
void
store_insert_structs(StoreTable table, const void *forms, Size width, int n)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	BulkInsertState bistate = GetBulkInsertState();
	TupleTableSlot *slots[INSERT_MANY_ROWS];
	Datum		(*values)[FORM_MAX_COLUMNS] = palloc(Min(n, INSERT_MANY_ROWS) * sizeof(*values));

	for (int i = 0; i < Min(n, INSERT_MANY_ROWS); i++)
		slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);
	for (int first = 0; first < n; first += INSERT_MANY_ROWS)
	{
		int			count = Min(n - first, INSERT_MANY_ROWS);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			const char *form = (const char *) forms + (first + i) * width;

			columns_of_form(rel, form, values[i]);
			ExecStoreHeapTuple(tuple_of_form(rel, table, form), slots[i], true);
			slots[i]->tts_tableOid = RelationGetRelid(rel);
		}
		table_multi_insert(rel, slots, count, GetCurrentCommandId(true), 0, bistate);
		index_entries_insert(table, rel, slots, values, count);
	}
	for (int i = 0; i < Min(n, INSERT_MANY_ROWS); i++)
		ExecDropSingleTupleTableSlot(slots[i]);
	pfree(values);
	FreeBulkInsertState(bistate);
	table_finish_bulk_insert(rel, 0);
	relations_close(rel);
	CommandCounterIncrement();
}

/* Appends a row given by all its columns. */
void
store_insert_values(StoreTable table, const Datum *values, const bool *isnull)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	HeapTuple	tuple = heap_form_tuple(RelationGetDescr(rel),
										unconstify(Datum *, values),
										unconstify(bool *, isnull));
	TupleTableSlot *slot;

	slot = slot_of(rel, tuple);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	index_entries_execute(rel, slot, false, false);
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	relations_close(rel);
}
