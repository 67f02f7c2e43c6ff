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
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "index_entries.h"
#include "index_lookup.h"
#include "place.h"
#include "store.h"

PG_FUNCTION_INFO_V1(sg_note_change);

#define STORE_SCHEMA	"smartgrid"

typedef struct TableInfo
{
	const char *name;
	const char *primary_key;	/* name of its index */
	int			fixed_columns;	/* how many columns the struct covers */
	Size		fixed_width;	/* and how many bytes they take */
	Oid			key_type;		/* type of the primary key's only column, or 0 */
	bool		all_fixed;		/* has no columns beside those of the struct */
} TableInfo;

static const TableInfo table_info[TABLE_COUNT] = {
	[TABLE_GRID] = {"grid", "grid_pkey", 9, FORM_WIDTH(FormGrid, emergency_mode), INT4OID, false},
	[TABLE_POOL] = {"pool", "pool_pkey", 5, FORM_WIDTH(FormPool, revenue), InvalidOid, true},
	[TABLE_PARTICIPANT] = {"participant", "participant_pkey", 2, FORM_WIDTH(FormParticipant, grid_id), INT8OID, false},
	[TABLE_PRODUCER] = {"producer", "producer_pkey", 11, FORM_WIDTH(FormProducer, active), INT8OID, true},
	[TABLE_CONSUMER] = {"consumer", "consumer_pkey", 8, FORM_WIDTH(FormConsumer, active), INT8OID, true},
	[TABLE_STORAGE] = {"storage", "storage_pkey", 7, FORM_WIDTH(FormStorage, grid_id), INT8OID, true},
	[TABLE_TRADE] = {"trade", "trade_pkey", 10, FORM_WIDTH(FormTrade, status), INT8OID, true},
	[TABLE_LEDGER] = {"ledger", "ledger_pkey", 10, FORM_WIDTH(FormLedger, kind), INT8OID, true},
	[TABLE_METRICS] = {"metrics", "metrics_pkey", 7, FORM_WIDTH(FormMetrics, grid_id), INT8OID, false},
	[TABLE_PRICE_EVENT] = {"price_event", "price_event_pkey", 5, FORM_WIDTH(FormPriceEvent, emergency_mode), INT8OID, true},
};

static const char *const index_name[INDEX_COUNT] = {
	[INDEX_GRID_NAME] = "grid_name_key",
	[INDEX_PARTICIPANT_PRINCIPAL] = "participant_principal_key",
	[INDEX_TRADE_SELLER] = "trade_seller_idx",
	[INDEX_TRADE_BUYER] = "trade_buyer_idx",
	[INDEX_LEDGER_PARTICIPANT] = "ledger_participant_idx",
	[INDEX_LEDGER_COUNTERPARTY] = "ledger_counterparty_idx",
};

static void look_up_oids(void);

static const char *const sequence_name[SEQUENCE_COUNT] = {
	[SEQUENCE_GRID] = "grid_id_seq",
	[SEQUENCE_PARTICIPANT] = "participant_id_seq",
	[SEQUENCE_TRADE] = "trade_id_seq",
	[SEQUENCE_LEDGER] = "ledger_entry_id_seq",
	[SEQUENCE_METRICS] = "metrics_id_seq",
	[SEQUENCE_PRICE_EVENT] = "price_event_id_seq",
};

/*
 * Counts the invalidations of each table: what a backend keeps of its rows
 * (a grid, the ids of principals) is good while the count stays.
 */
static uint64 generation[TABLE_COUNT];
static uint64 stripes_generation;

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

/* OIDs of our relations, looked up on first use and forgotten when any of them changes. */
static struct
{
	bool		callbacks_registered;
	bool		valid;
	uint64		forgotten;		/* how often it was made invalid */
	Oid			table[TABLE_COUNT];
	Oid			primary_key[TABLE_COUNT];
	Oid			index[INDEX_COUNT];
	Oid			sequence[SEQUENCE_COUNT];
}			oid_cache;

/*
 * Relcache invalidation: forgets the OIDs, and what is kept of rows, when one
 * of our tables changed or everything has to be assumed changed, so that DROP
 * EXTENSION and CREATE EXTENSION in one session work.
 */
static void
forget_oids(Datum arg, Oid relid)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		if (relid == InvalidOid || oid_cache.table[i] == relid)
		{
			generation[i]++;
			oid_cache.forgotten++;
			oid_cache.valid = false;
		}
	if (relid == InvalidOid || relid == oid_cache.sequence[SEQUENCE_GRID])
		stripes_generation++;
}

/*
 * The number of invalidations of a table that this backend has heard of.
 * Rows of grid and participant are announced when they change (store_update(),
 * and the trigger note_change for SQL), to arrive with the commit.
 */
uint64
store_generation(StoreTable table)
{
	return generation[table];
}

/* The number of announcements, by store_announce_stripes(), that this backend has heard of. */
uint64
store_stripes_generation(void)
{
	return stripes_generation;
}

/*
 * Announces, at commit, that a stripe has been made or removed: as a change of
 * the sequence of grid ids, which nothing else ever announces (the pool itself
 * is announced by each autovacuum).
 */
void
store_announce_stripes(void)
{
	look_up_oids();
	CacheInvalidateRelcacheByRelid(oid_cache.sequence[SEQUENCE_GRID]);
}

/* Announces a stripe at once, though its transaction has not committed. */
void
store_announce_stripes_now(void)
{
	SharedInvalidationMessage message;

	look_up_oids();
	memset(&message, 0, sizeof(message));
	message.rc.id = SHAREDINVALRELCACHE_ID;
	message.rc.dbId = MyDatabaseId;
	message.rc.relId = oid_cache.sequence[SEQUENCE_GRID];
	SendSharedInvalidMessages(&message, 1);
}

/* What had been heard of each table when the snapshot of the present call was taken. */
static uint64 snapshot_generation[TABLE_COUNT];

/*
 * May a call that writes use and fill what is kept of this table's rows?  Not
 * under REPEATABLE READ and SERIALIZABLE, whose snapshot is older than what
 * this backend has heard, and not once it has heard of a change since the
 * call's snapshot was taken: a row read in that could be the old one.
 *
 * For use between store_begin() and store_end() only: the snapshot of a query
 * that merely reads may be of any age.
 */
bool
store_may_keep(StoreTable table)
{
	return !IsolationUsesXactSnapshot() && snapshot_generation[table] == generation[table];
}

/* note_change(): trigger that announces a change made by SQL to what backends keep of a table. */
Datum
sg_note_change(PG_FUNCTION_ARGS)
{
	Relation	rel;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"note_change\" was not called by a trigger")));
	rel = ((TriggerData *) fcinfo->context)->tg_relation;
	if (RelationGetRelid(rel) == store_table_oid(TABLE_POOL))
		store_announce_stripes();
	else
		CacheInvalidateRelcache(rel);
	return PointerGetDatum(NULL);
}

/* Is there a table of this name?  Not with a version of the extension from before it. */
bool
store_has_table(const char *name)
{
	Oid			schema = get_namespace_oid(STORE_SCHEMA, true);

	return OidIsValid(schema) && OidIsValid(get_relname_relid(name, schema));
}

static Oid
relation_oid(Oid schema, const char *name)
{
	Oid			oid = get_relname_relid(name, schema);

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" of extension smartgrid does not exist", STORE_SCHEMA, name),
				 errhint("Run CREATE EXTENSION smartgrid, or ALTER EXTENSION smartgrid UPDATE after an upgrade of the library.")));
	return oid;
}

static void
look_up_oids(void)
{
	Oid			schema;
	uint64		forgotten;

	if (oid_cache.valid)
		return;
	if (!oid_cache.callbacks_registered)
	{
		CacheRegisterRelcacheCallback(forget_oids, (Datum) 0);
		oid_cache.callbacks_registered = true;
	}
	do							/* each look may hear of a change to what was looked up before it */
	{
		forgotten = oid_cache.forgotten;
		schema = get_namespace_oid(STORE_SCHEMA, true);
		for (int i = 0; i < TABLE_COUNT; i++)
		{
			oid_cache.table[i] = relation_oid(schema, table_info[i].name);
			oid_cache.primary_key[i] = relation_oid(schema, table_info[i].primary_key);
		}
		for (int i = 0; i < INDEX_COUNT; i++)
			oid_cache.index[i] = relation_oid(schema, index_name[i]);
		for (int i = 0; i < SEQUENCE_COUNT; i++)
			oid_cache.sequence[i] = relation_oid(schema, sequence_name[i]);
	} while (forgotten != oid_cache.forgotten);
	oid_cache.valid = true;
}

/* OID of a table of ours. */
Oid
store_table_oid(StoreTable table)
{
	look_up_oids();
	return oid_cache.table[table];
}

/* OID of a table's primary key index. */
Oid
store_primary_key_oid(StoreTable table)
{
	look_up_oids();
	return oid_cache.primary_key[table];
}

/* OID of another index of ours. */
Oid
store_index_oid(StoreIndex index)
{
	look_up_oids();
	return oid_cache.index[index];
}

/* Are all columns of the table in its struct? */
bool
store_all_fixed(StoreTable table)
{
	return table_info[table].all_fixed;
}

/* The next value of a sequence of ours; as everywhere, gaps are normal. */
int64
store_nextval(StoreSequence sequence)
{
	look_up_oids();
	return nextval_internal(oid_cache.sequence[sequence], false);
}

/* Raises 55000 where a table's rows are not what tables.h says: a wrong struct over a row would be silent corruption. */
static void
check_columns(const TableInfo *info, TupleDesc desc)
{
	Size		width = 0;

	if (desc->natts >= info->fixed_columns)
	{
		for (int i = 0; i < info->fixed_columns; i++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, i);

			if (att->attlen <= 0 || !att->attnotnull)
			{
				width = 0;
				break;
			}
			width = att_align_nominal(width, att->attalign) + att->attlen;
		}
	}
	/* A table that is all struct must have no more columns, not even dropped ones. */
	if (info->all_fixed && desc->natts != info->fixed_columns)
		width = 0;
	if (width != info->fixed_width)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s.%s\" does not have the columns that the smartgrid library expects", STORE_SCHEMA, info->name),
				 errhint("Run ALTER EXTENSION smartgrid UPDATE; do not alter the extension's tables.")));
}

/* Has this index all rows of the table by their key?  If not, changed_by is the transaction that said so last. */
static bool
is_primary_key(StoreTable table, Oid index_oid, TransactionId *changed_by)
{
	Relation	index = index_open(index_oid, AccessShareLock);
	Form_pg_index form = index->rd_index;
	int			columns = OidIsValid(table_info[table].key_type) ? 1 : 2;
	bool		fits = index->rd_rel->relam == BTREE_AM_OID && form->indisvalid && form->indisready &&
		form->indrelid == store_table_oid(table) && form->indnkeyatts == columns && RelationGetIndexPredicate(index) == NIL;

	for (int i = 0; i < columns && fits; i++)
		fits = form->indkey.values[i] == i + 1;
	*changed_by = HeapTupleHeaderGetXmin(index->rd_indextuple->t_data);
	index_close(index, AccessShareLock);
	return fits;
}

/*
 * Raises 55000 where the index that a table is read by does not have all of
 * its rows by their key: what it leaves out would be there for everybody but
 * the library.
 *
 * REINDEX CONCURRENTLY may have put another in its place since its name was
 * looked up.  Whoever has done so is seen to have before it says so, which it
 * has once it has given up its locks.
 */
static void
check_primary_key(StoreTable table)
{
	const TableInfo *info = &table_info[table];
	TransactionId changed_by;
	Oid			index_oid;

	do
	{
		index_oid = store_primary_key_oid(table);
		if (is_primary_key(table, index_oid, &changed_by))
			return;
		if (TransactionIdIsNormal(changed_by) && !TransactionIdIsCurrentTransactionId(changed_by))
			XactLockTableWait(changed_by, NULL, NULL, XLTW_None);
		AcceptInvalidationMessages();
	} while (store_primary_key_oid(table) != index_oid);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("index \"%s.%s\" is not the primary key of table \"%s.%s\"",
					STORE_SCHEMA, info->primary_key, STORE_SCHEMA, info->name),
			 errhint("Drop it and make the primary key again; do not alter the extension's tables.")));
}

/*
 * Locks a table of ours, and returns its OID: 42P01 where it has been dropped
 * while this waited, the new one where it was made anew.
 */
static Oid
lock_table(StoreTable table, LOCKMODE lockmode)
{
	for (;;)
	{
		Oid			oid = store_table_oid(table);

		LockRelationOid(oid, lockmode);
		if (likely(store_table_oid(table) == oid))	/* the lock has told of changes */
			return oid;
		UnlockRelationOid(oid, lockmode);
	}
}

/* Opens a table of ours, whose columns and primary key are checked whenever it may have changed. */
Relation
store_open(StoreTable table, LOCKMODE lockmode)
{
	static uint64 checked[TABLE_COUNT]; /* generation + 1 */
	Relation	rel = table_open(lock_table(table, lockmode), NoLock);

	if (unlikely(checked[table] != generation[table] + 1))
	{
		uint64		current = generation[table];

		check_columns(&table_info[table], RelationGetDescr(rel));
		check_primary_key(table);
		checked[table] = current + 1;
	}
	return rel;
}

/* Closes a table; the lock stays to the end of the transaction, as for any query. */
void
store_close(Relation rel)
{
	table_close(rel, NoLock);
}

/*
 * Raises PostgreSQL's own 25006 in a read-only transaction or on a standby;
 * function is the caller's SQL name.
 */
void
store_check_writable(const char *function)
{
	char		command[NAMEDATALEN + 2];

	snprintf(command, sizeof(command), "%s()", function);
	PreventCommandIfReadOnly(command);
	PreventCommandIfParallelMode(command);
}

/*
 * Begins a call that writes: 25006 as store_check_writable(), and a snapshot
 * that sees all earlier calls of this transaction.  store_end() pops it; an
 * error does so by itself.
 *
 * The ledger is locked (ROW EXCLUSIVE) before the grid is read, so that who
 * holds it in SHARE mode knows that no call is under way (grid_admin.c).
 */
void
store_begin(const char *function)
{
	store_check_writable(function);
	(void) lock_table(TABLE_LEDGER, RowExclusiveLock);
	store_push_snapshot();
}

/* Pushes a snapshot that sees all earlier calls of this transaction; store_end() pops it. */
void
store_push_snapshot(void)
{
	AcceptInvalidationMessages();	/* a lock does so only the first time in a transaction */
	memcpy(snapshot_generation, generation, sizeof(generation));
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
store_serialization_failure(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not serialize access due to concurrent update"),
			 errhint("The transaction might succeed if retried.")));
}

/* index: where its OID is kept, which is good once the table is locked. */
static void
scan_begin(StoreScan *scan, StoreTable table, const Oid *index, int nkeys, ScanKey keys)
{
	scan->table = table;
	scan->rel = store_open(table, AccessShareLock);
	scan->scan = systable_beginscan(scan->rel, *index, true, GetActiveSnapshot(), nkeys, keys);
}

/*
 * Starts to read rows of a table by its primary key (or a prefix of it) in
 * the active snapshot; with no keys, all rows.
 */
void
store_scan_begin(StoreScan *scan, StoreTable table, int nkeys, ScanKey keys)
{
	scan_begin(scan, table, &oid_cache.primary_key[table], nkeys, keys);
}

/* The same by another index; keys have the table's column numbers. */
void
store_scan_begin_index(StoreScan *scan, StoreTable table, StoreIndex index, int nkeys, ScanKey keys)
{
	scan_begin(scan, table, &oid_cache.index[index], nkeys, keys);
}

/* The next row, valid until the next call; NULL at the end. */
HeapTuple
store_scan_next(StoreScan *scan)
{
	return systable_getnext(scan->scan);
}

/* Ends a scan. */
void
store_scan_end(StoreScan *scan)
{
	systable_endscan(scan->scan);
	store_close(scan->rel);
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
	known->generation = generation[table];
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
		TransactionIdIsValid(known->xid) && known->generation == generation[table])
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
	row->tuple = index_lookup(rel, oid_cache.primary_key[table], 1, &scankey, BackwardScanDirection);
	return row->tuple != NULL;
}

/* Finds a row by primary key in the active snapshot, without a lock; false where there is none. */
bool
store_find(StoreTable table, int64 key, StoreRow *row)
{
	Relation	rel = store_open(table, AccessShareLock);
	bool		found = find_row(rel, table, key, row);

	store_close(rel);
	return found;
}

/*
 * Finds the first row by another index in the active snapshot, without a lock;
 * false where there is none.  keys have the table's column numbers.
 */
bool
store_find_by_index(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	Relation	rel = store_open(table, AccessShareLock);

	row->table = table;
	row->tuple = index_lookup(rel, oid_cache.index[index], nkeys, keys, ForwardScanDirection);
	store_close(rel);
	return row->tuple != NULL;
}

/* Raises 40001 where a row could not be locked or updated because it was changed since it was read. */
static void
check_changed(TM_Result result, StoreTable table, const char *doing)
{
	if (result == TM_Ok)
		return;
	if (result == TM_Updated || result == TM_Deleted)
		store_serialization_failure();
	elog(ERROR, "unexpected result %d of %s a row of table \"%s\"", (int) result, doing, table_info[table].name);
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
	Relation	rel = store_open(table, RowExclusiveLock);
	TupleTableSlot *slot;
	TM_FailureData tmfd;
	TM_Result	result;
	ItemPointerData tid;

	if (!find_row(rel, table, key, row))
	{
		store_close(rel);
		return false;
	}
	slot = table_slot_create(rel, NULL);
	tid = row->tuple->t_self;

	/* In READ COMMITTED all later versions of the row are followed. */
	result = table_tuple_lock(rel, &tid, GetActiveSnapshot(), slot,
							  GetCurrentCommandId(false), LockTupleNoKeyExclusive, LockWaitBlock,
							  IsolationUsesXactSnapshot() ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
							  &tmfd);
	check_changed(result, table, "locking");

	heap_freetuple(row->tuple);
	row->tuple = ExecCopySlotHeapTuple(slot);
	ExecDropSingleTupleTableSlot(slot);
	store_close(rel);
	return true;
}

/* A column of a row that is not part of its struct. */
Datum
store_attribute(const StoreRow *row, int attnum, bool *isnull)
{
	Relation	rel = store_open(row->table, AccessShareLock);
	Datum		value = heap_getattr(row->tuple, attnum, RelationGetDescr(rel), isnull);

	store_close(rel);
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
	TupleTableSlot *slot = slot_of(rel, tuple);
	ItemPointerData tid = tuple->t_self;
	TM_FailureData tmfd;
	LockTupleMode lockmode;
	SgIndexUpdate index_update = SG_INDEX_UPDATE_NONE;
	TM_Result	result;

	result = table_tuple_update(rel, &tid, slot, GetCurrentCommandId(true),
								InvalidSnapshot, InvalidSnapshot, true,
								&tmfd, &lockmode, &index_update);
	check_changed(result, table, "updating");
	if (index_update != SG_INDEX_UPDATE_NONE)
		index_entries_update(table, rel, slot, SG_ONLY_SUMMARIZING(index_update));

	tuple->t_self = slot->tts_tid;
	remember_place(rel, table, tuple);
	if (table == TABLE_GRID)
		CacheInvalidateRelcache(rel);
	ExecDropSingleTupleTableSlot(slot);
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
	Relation	rel = store_open(row->table, RowExclusiveLock);

	update_tuple(rel, row->table, row->tuple);
	store_close(rel);
}

/* The same for a row of a table that is all struct, which was read at tid; tid becomes that of the new version. */
void
store_update_form(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = store_open(table, RowExclusiveLock);
	HeapTuple	tuple = tuple_of_form(rel, table, form);

	tuple->t_self = *tid;
	update_tuple(rel, table, tuple);
	*tid = tuple->t_self;
	heap_freetuple(tuple);
	store_close(rel);
}

/* Like store_update(), with the columns that replace names taken from values and isnull. */
void
store_replace(StoreRow *row, const Datum *values, const bool *isnull, const bool *replace)
{
	Relation	rel = store_open(row->table, RowExclusiveLock);

	/* Nothing is written through the pointers; heap_modify_tuple lacks the const. */
	row->tuple = heap_modify_tuple(row->tuple, RelationGetDescr(rel),
								   unconstify(Datum *, values),
								   unconstify(bool *, isnull),
								   unconstify(bool *, replace));
	store_close(rel);
	store_update(row);
}

/*
 * Appends a row to a table whose columns are all in its struct, and returns
 * where in tid, if that is not NULL.  A duplicate key is 23505: the caller has
 * made sure that there is none.
 */
void
store_insert(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = store_open(table, RowExclusiveLock);
	Datum		values[1][FORM_MAX_COLUMNS];
	HeapTuple	tuple = tuple_of_form(rel, table, form);
	TupleTableSlot *slot = slot_of(rel, tuple);

	columns_of_form(rel, form, values[0]);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	index_entries_insert(table, rel, &slot, values, 1);
	if (tid)
		*tid = slot->tts_tid;
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	store_close(rel);
}

/*
 * Appends n rows, given by an array of structs of this width, as COPY does:
 * page by page into the table, then their index entries.
 */
void
store_insert_many(StoreTable table, const void *forms, Size width, int n)
{
	Relation	rel = store_open(table, RowExclusiveLock);
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
	store_close(rel);
	CommandCounterIncrement();
}

/* Appends a row given by all its columns. */
void
store_insert_values(StoreTable table, const Datum *values, const bool *isnull)
{
	Relation	rel = store_open(table, RowExclusiveLock);
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
	store_close(rel);
}
