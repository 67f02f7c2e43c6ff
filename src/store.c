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
 *	- index entries are made by the executor's own ExecInsertIndexTuples, or,
 *	  for appended rows and plain indexes, as it does, without an executor;
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
#include "catalog/index.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
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
	[INDEX_LEDGER_COUNTERPARTY] = "ledger_counterparty_idx",
};

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

/*
 * Where this transaction wrote a row last.  Updating one row again and again
 * in one transaction leaves a version each time that nobody can prune yet, and
 * an index scan would visit them all: n calls would take n^2 steps.  A place
 * is only a hint: the row counts if it is visible and has the key.
 */
#define PLACES	64				/* power of two */

/* How many rows go into the table before their index entries, as in COPY. */
#define INSERT_MANY_ROWS	1000

#define FORM_MAX_COLUMNS	16

/* More indexes than this on one of our tables, and the executor makes their entries. */
#define PLAIN_INDEXES_MAX	8

typedef struct Place
{
	TransactionId xid;			/* the transaction that wrote it, which keeps the table from shrinking */
	uint64		generation;		/* of the table then: it has not been made anew or truncated since */
	StoreTable	table;
	int64		key;
	ItemPointerData tid;
} Place;

static Place places[PLACES];

/* OIDs of our relations, looked up on first use and forgotten when any of them changes. */
static struct
{
	bool		callbacks_registered;
	bool		valid;
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
			oid_cache.valid = false;
		}
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
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"note_change\" was not called by a trigger")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
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

	if (oid_cache.valid)
		return;
	if (!oid_cache.callbacks_registered)
	{
		CacheRegisterRelcacheCallback(forget_oids, (Datum) 0);
		oid_cache.callbacks_registered = true;
	}
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
	oid_cache.valid = true;
}

/* OID of a table of ours. */
Oid
store_table_oid(StoreTable table)
{
	look_up_oids();
	return oid_cache.table[table];
}

/* The next value of a sequence of ours; as everywhere, gaps are normal. */
int64
store_nextval(StoreSequence sequence)
{
	look_up_oids();
	return nextval_internal(oid_cache.sequence[sequence], false);
}

/*
 * Opens a table and makes sure that its rows are what tables.h says: a wrong
 * struct over a row would be silent corruption.
 */
static Relation
open_table(StoreTable table, LOCKMODE lockmode)
{
	const TableInfo *info = &table_info[table];
	Relation	rel = table_open(store_table_oid(table), lockmode);
	TupleDesc	desc = RelationGetDescr(rel);
	Size		width = 0;

	if (likely(desc->natts >= info->fixed_columns))
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
	return rel;
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
	LockRelationOid(store_table_oid(TABLE_LEDGER), RowExclusiveLock);
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

static void
scan_begin(StoreScan *scan, StoreTable table, Oid index, int nkeys, ScanKey keys)
{
	scan->table = table;
	scan->rel = open_table(table, AccessShareLock);
	scan->scan = systable_beginscan(scan->rel, index, true, GetActiveSnapshot(), nkeys, keys);
}

/*
 * Starts to read rows of a table by its primary key (or a prefix of it) in
 * the active snapshot; with no keys, all rows.
 */
void
store_scan_begin(StoreScan *scan, StoreTable table, int nkeys, ScanKey keys)
{
	look_up_oids();
	scan_begin(scan, table, oid_cache.primary_key[table], nkeys, keys);
}

/* The same by another index; keys have the table's column numbers. */
void
store_scan_begin_index(StoreScan *scan, StoreTable table, StoreIndex index, int nkeys, ScanKey keys)
{
	look_up_oids();
	scan_begin(scan, table, oid_cache.index[index], nkeys, keys);
}

/* The next row, valid until the next call; NULL at the end. */
HeapTuple
store_scan_next(StoreScan *scan)
{
	return systable_getnext(scan->scan);
}

/* Ends a scan; the lock on the table stays to the end of the transaction, as for any query. */
void
store_scan_end(StoreScan *scan)
{
	systable_endscan(scan->scan);
	table_close(scan->rel, NoLock);
}

/* The key of a row as one number. */
static int64
key_of(StoreTable table, HeapTuple tuple)
{
	if (table == TABLE_POOL)
		return store_pool_key(((FormPool *) GETSTRUCT(tuple))->grid_id, ((FormPool *) GETSTRUCT(tuple))->stripe);
	if (table_info[table].key_type == INT4OID)
		return *(int32 *) GETSTRUCT(tuple);
	return *(int64 *) GETSTRUCT(tuple);
}

static Place *
place_of(StoreTable table, int64 key)
{
	return &places[((uint64) key * TABLE_COUNT + table) & (PLACES - 1)];
}

static void
remember_place(StoreTable table, HeapTuple tuple, ItemPointer tid)
{
	int64		key = key_of(table, tuple);
	Place	   *place = place_of(table, key);

	place->xid = GetTopTransactionId();
	place->generation = generation[table];
	place->table = table;
	place->key = key;
	place->tid = *tid;
}

/*
 * Finds a row that this transaction wrote, as the active snapshot sees it,
 * without an index; false where it is not remembered or that version is gone.
 */
bool
store_find_written(StoreTable table, int64 key, StoreRow *row)
{
	Place	   *place = place_of(table, key);
	Relation	rel;
	TupleTableSlot *slot;
	bool		found;

	if (place->key != key || place->table != table ||
		!TransactionIdIsValid(place->xid) || place->xid != GetTopTransactionIdIfAny() ||
		place->generation != generation[table])
		return false;
	rel = open_table(table, AccessShareLock);
	slot = table_slot_create(rel, NULL);
	found = table_tuple_fetch_row_version(rel, &place->tid, GetActiveSnapshot(), slot);
	if (found)
	{
		row->table = table;
		row->tuple = ExecCopySlotHeapTuple(slot);
		found = key_of(table, row->tuple) == key;
	}
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	return found;
}

static bool
take_first(StoreScan *scan, StoreRow *row)
{
	HeapTuple	tuple = store_scan_next(scan);

	row->table = scan->table;
	row->tuple = tuple ? heap_copytuple(tuple) : NULL;
	store_scan_end(scan);
	return row->tuple != NULL;
}

static void
primary_key_init(ScanKey key, StoreTable table, int64 value)
{
	if (table_info[table].key_type == INT4OID)
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum((int32) value));
	else
		ScanKeyInit(key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value));
}

/* Finds a row by primary key in the active snapshot, without a lock; false where there is none. */
bool
store_find(StoreTable table, int64 key, StoreRow *row)
{
	ScanKeyData scankey;
	StoreScan	scan;

	if (store_find_written(table, key, row))
		return true;
	primary_key_init(&scankey, table, key);
	store_scan_begin(&scan, table, 1, &scankey);
	return take_first(&scan, row);
}

/* Finds the first row by another index in the active snapshot, without a lock; false where there is none. */
bool
store_find_by_index(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row)
{
	StoreScan	scan;

	store_scan_begin_index(&scan, table, index, nkeys, keys);
	return take_first(&scan, row);
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
	Relation	rel;
	TupleTableSlot *slot;
	TM_FailureData tmfd;
	TM_Result	result;
	ItemPointerData tid;

	if (!store_find(table, key, row))
		return false;

	rel = open_table(table, RowExclusiveLock);
	slot = table_slot_create(rel, NULL);
	tid = row->tuple->t_self;

	/* In READ COMMITTED all later versions of the row are followed. */
	result = table_tuple_lock(rel, &tid, GetActiveSnapshot(), slot,
							  GetCurrentCommandId(false), LockTupleNoKeyExclusive, LockWaitBlock,
							  IsolationUsesXactSnapshot() ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
							  &tmfd);
	switch (result)
	{
		case TM_Ok:
			break;
		case TM_Updated:
		case TM_Deleted:
			store_serialization_failure();
			break;
		default:
			elog(ERROR, "unexpected result %d of locking a row of table \"%s\"",
				 (int) result, table_info[table].name);
	}

	heap_freetuple(row->tuple);
	row->tuple = ExecCopySlotHeapTuple(slot);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	return true;
}

/* A column of a row that is not part of its struct. */
Datum
store_attribute(const StoreRow *row, int attnum, bool *isnull)
{
	Relation	rel = open_table(row->table, AccessShareLock);
	Datum		value = heap_getattr(row->tuple, attnum, RelationGetDescr(rel), isnull);

	table_close(rel, NoLock);
	return value;
}

/*
 * Makes the index entries of the tuple in slot.  SERIALIZABLE's checks and
 * unique constraints are the index access method's.
 */
static void
insert_index_entries(Relation rel, TupleTableSlot *slot, bool is_update, bool only_summarizing)
{
	EState	   *estate = CreateExecutorState();
	ResultRelInfo *rri = makeNode(ResultRelInfo);

	InitResultRelInfo(rri, rel, 0, NULL, 0);
	ExecOpenIndices(rri, false);
	if (rri->ri_NumIndices > 0)
		list_free(sg_ExecInsertIndexTuples(rri, slot, estate, is_update, only_summarizing));
	ExecCloseIndices(rri);
	FreeExecutorState(estate);
	pfree(rri);
}

static TupleTableSlot *
slot_of(Relation rel, HeapTuple tuple)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);

	ExecStoreHeapTuple(tuple, slot, false);
	slot->tts_tableOid = RelationGetRelid(rel);
	return slot;
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
	Relation	rel = open_table(row->table, RowExclusiveLock);
	TupleTableSlot *slot = slot_of(rel, row->tuple);
	ItemPointerData tid = row->tuple->t_self;
	TM_FailureData tmfd;
	LockTupleMode lockmode;
	SgIndexUpdate index_update = SG_INDEX_UPDATE_NONE;
	TM_Result	result;

	result = table_tuple_update(rel, &tid, slot, GetCurrentCommandId(true),
								InvalidSnapshot, InvalidSnapshot, true,
								&tmfd, &lockmode, &index_update);
	switch (result)
	{
		case TM_Ok:
			break;
		case TM_Updated:
		case TM_Deleted:
			store_serialization_failure();
			break;
		default:
			elog(ERROR, "unexpected result %d of updating a row of table \"%s\"",
				 (int) result, table_info[row->table].name);
	}
	if (index_update != SG_INDEX_UPDATE_NONE)
		insert_index_entries(rel, slot, true, SG_ONLY_SUMMARIZING(index_update));

	row->tuple->t_self = slot->tts_tid;
	remember_place(row->table, row->tuple, &slot->tts_tid);
	if (row->table == TABLE_GRID)
		CacheInvalidateRelcache(rel);
	ExecDropSingleTupleTableSlot(slot);
	table_close(rel, NoLock);
	CommandCounterIncrement();
}

/* Like store_update(), with the columns that replace names taken from values and isnull. */
void
store_replace(StoreRow *row, const Datum *values, const bool *isnull, const bool *replace)
{
	Relation	rel = open_table(row->table, RowExclusiveLock);

	/* Nothing is written through the pointers; heap_modify_tuple lacks the const. */
	row->tuple = heap_modify_tuple(row->tuple, RelationGetDescr(rel),
								   unconstify(Datum *, values),
								   unconstify(bool *, isnull),
								   unconstify(bool *, replace));
	table_close(rel, NoLock);
	store_update(row);
}

/*
 * The indexes of a table whose rows are appended from structs, and whether
 * each is plain: on columns only, checked at once, without a predicate but for
 * our own on counterparties.  Then an entry is one call of the access method;
 * ExecInsertIndexTuples would set up the executor, and compile the predicate,
 * for every row.  Any other index on the table (a user's) takes its way.
 */
typedef struct PlainIndexes
{
	bool		valid;
	uint64		generation;
	bool		plain;
	int			n;
	Oid			oid[PLAIN_INDEXES_MAX];
} PlainIndexes;

static bool
is_plain_index(Relation index)
{
	Form_pg_index form = index->rd_index;

	return form->indimmediate && !form->indisexclusion && form->indisready &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL) &&
		(heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) ||
		 RelationGetRelid(index) == oid_cache.index[INDEX_LEDGER_COUNTERPARTY]);
}

static const PlainIndexes *
plain_indexes(StoreTable table, Relation rel)
{
	static PlainIndexes known[TABLE_COUNT];
	PlainIndexes *indexes = &known[table];
	List	   *list;
	ListCell   *cell;

	if (indexes->valid && indexes->generation == generation[table])
		return indexes;
	indexes->valid = false;
	indexes->generation = generation[table];
	list = RelationGetIndexList(rel);
	indexes->plain = list_length(list) <= PLAIN_INDEXES_MAX;
	indexes->n = 0;
	foreach(cell, list)
	{
		Relation	index = index_open(lfirst_oid(cell), RowExclusiveLock);

		indexes->plain = indexes->plain && is_plain_index(index);
		if (indexes->plain)
			indexes->oid[indexes->n++] = lfirst_oid(cell);
		index_close(index, NoLock);
	}
	list_free(list);
	indexes->valid = true;
	return indexes;
}

/* Makes the entries of n rows in one plain index; values holds the columns of each, in turn. */
static void
insert_plain_entries(Relation rel, Oid index_oid, TupleTableSlot **slots, Datum (*values)[FORM_MAX_COLUMNS], int n)
{
	Relation	index = index_open(index_oid, RowExclusiveLock);
	IndexInfo  *info = BuildIndexInfo(index);
	IndexUniqueCheck check = index->rd_index->indisunique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO;
	bool		partial = index_oid == oid_cache.index[INDEX_LEDGER_COUNTERPARTY];
	Datum		keys[INDEX_MAX_KEYS];
	bool		isnull[INDEX_MAX_KEYS] = {false};

	for (int i = 0; i < n; i++)
	{
		if (partial && DatumGetInt64(values[i][Anum_ledger_counterparty_id - 1]) <= 0)
			continue;
		for (int k = 0; k < info->ii_NumIndexAttrs; k++)
			keys[k] = values[i][info->ii_IndexAttrNumbers[k] - 1];
		index_insert(index, keys, isnull, &slots[i]->tts_tid, rel, check, false, info);
	}
	sg_index_insert_cleanup(index, info);
	index_close(index, NoLock);
}

/* Makes the index entries of n rows that have just been appended to rel. */
static void
insert_entries(StoreTable table, Relation rel, TupleTableSlot **slots, Datum (*values)[FORM_MAX_COLUMNS], int n)
{
	const PlainIndexes *indexes = plain_indexes(table, rel);

	if (!indexes->plain)
	{
		for (int i = 0; i < n; i++)
			insert_index_entries(rel, slots[i], false, false);
		return;
	}
	for (int i = 0; i < indexes->n; i++)
	{
		if (n == 1 && indexes->oid[i] == oid_cache.index[INDEX_LEDGER_COUNTERPARTY] &&
			DatumGetInt64(values[0][Anum_ledger_counterparty_id - 1]) <= 0)
			continue;
		insert_plain_entries(rel, indexes->oid[i], slots, values, n);
	}
}

/* The columns of a struct that covers all columns of its table. */
static HeapTuple
tuple_of_form(Relation rel, const void *form, Datum *values)
{
	TupleDesc	desc = RelationGetDescr(rel);
	bool		isnull[FORM_MAX_COLUMNS] = {false};
	Size		offset = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		offset = att_align_nominal(offset, att->attalign);
		values[i] = fetchatt(att, (const char *) form + offset);
		offset += att->attlen;
	}
	return heap_form_tuple(desc, values, isnull);
}

/*
 * Appends a row to a table whose columns are all in its struct, and returns
 * it in row where that is not NULL.  A duplicate key is 23505: the caller has
 * made sure that there is none.
 */
void
store_insert(StoreTable table, const void *form, StoreRow *row)
{
	Relation	rel = open_table(table, RowExclusiveLock);
	Datum		values[1][FORM_MAX_COLUMNS];
	HeapTuple	tuple = tuple_of_form(rel, form, values[0]);
	TupleTableSlot *slot = slot_of(rel, tuple);

	Assert(table_info[table].all_fixed);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	insert_entries(table, rel, &slot, values, 1);
	tuple->t_self = slot->tts_tid;
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	if (row)
	{
		row->table = table;
		row->tuple = tuple;
	}
	else
		heap_freetuple(tuple);
	table_close(rel, NoLock);
}

/*
 * Appends n rows, given by an array of structs of this width, as COPY does:
 * page by page into the table, then their index entries.
 */
void
store_insert_many(StoreTable table, const void *forms, Size width, int n)
{
	Relation	rel = open_table(table, RowExclusiveLock);
	BulkInsertState bistate = GetBulkInsertState();
	TupleTableSlot *slots[INSERT_MANY_ROWS];
	Datum		(*values)[FORM_MAX_COLUMNS] = palloc(Min(n, INSERT_MANY_ROWS) * sizeof(*values));

	Assert(table_info[table].all_fixed);
	for (int i = 0; i < Min(n, INSERT_MANY_ROWS); i++)
		slots[i] = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);
	for (int first = 0; first < n; first += INSERT_MANY_ROWS)
	{
		int			count = Min(n - first, INSERT_MANY_ROWS);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			ExecStoreHeapTuple(tuple_of_form(rel, (const char *) forms + (first + i) * width, values[i]), slots[i], true);
			slots[i]->tts_tableOid = RelationGetRelid(rel);
		}
		table_multi_insert(rel, slots, count, GetCurrentCommandId(true), 0, bistate);
		insert_entries(table, rel, slots, values, count);
	}
	for (int i = 0; i < Min(n, INSERT_MANY_ROWS); i++)
		ExecDropSingleTupleTableSlot(slots[i]);
	pfree(values);
	FreeBulkInsertState(bistate);
	table_finish_bulk_insert(rel, 0);
	table_close(rel, NoLock);
	CommandCounterIncrement();
}

/* Appends a row given by all its columns. */
void
store_insert_values(StoreTable table, const Datum *values, const bool *isnull)
{
	Relation	rel = open_table(table, RowExclusiveLock);
	HeapTuple	tuple = heap_form_tuple(RelationGetDescr(rel),
										unconstify(Datum *, values),
										unconstify(bool *, isnull));
	TupleTableSlot *slot;

	slot = slot_of(rel, tuple);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	insert_index_entries(rel, slot, false, false);
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	table_close(rel, NoLock);
}
