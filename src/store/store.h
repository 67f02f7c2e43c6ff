/*-------------------------------------------------------------------------
 *
 * store.h
 *	  Typed rows of the extension's tables: find, lock, update, append.
 *
 * Rules (concept files) compute on the structs of tables.h and never touch a
 * table; this file touches tables and knows no rule.
 *
 * LOCK ORDER, the same in every function, so that no two single calls can
 * deadlock:
 *
 *	1. participant rows (producer, consumer, storage, due), by participant_id,
 *	   and for one participant in this order of tables;
 *	2. the trade row;
 *	3. stripes of the grid load, by number (pool.c);
 *	4. ledger entries are appended last and wait for nobody.
 *
 * Registration locks the participant row itself before all of these.  The
 * operator's functions lock the grid row first.  shape.c has the ranks; calls
 * assert that they keep the order (call.c).
 *
 * Reads use the active snapshot.  A writing function pushes its own with
 * store_push_snapshot(), so that it sees what calls before it did, and takes a
 * fresh one with store_refresh() whenever it has waited for a lock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_STORE_H
#define SG_STORE_H

#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/skey.h"
#include "access/tableam.h"
#include "utils/rel.h"

#include "base/compat.h"
#include "store/patience.h"
#include "store/tables.h"

/* A row that was found: a private copy, and where it came from. */
typedef struct StoreRow
{
	StoreTable	table;
	HeapTuple	tuple;			/* palloc'd; change it in place, then store_update() */
} StoreRow;

/* What became of a row that was to be locked. */
typedef enum RowLock
{
	ROW_LOCKED,
	ROW_ABSENT,					/* there is none */
	ROW_TAKEN					/* somebody else has it */
} RowLock;

typedef struct StoreScan
{
	MemoryContext context;		/* what the scan keeps from row to row stands there, whichever is current */
	Relation	rel;
	SysScanDesc scan;
	StoreRow	row;			/* the latest: not a copy, so valid until the next one, and not to be changed */
} StoreScan;

static inline void *
store_form_of(const StoreRow *row, StoreTable table)
{
	Assert(row->table == table);
	return GETSTRUCT(row->tuple);
}

/* The fixed-width columns of a row that was found, as the struct of its table: FormGrid and so on. */
#define STORE_FORM(row, type) \
	((type *) store_form_of((row), TABLE_OF((type *) NULL)))

/* The same of the row that a scan is at. */
#define STORE_SCAN_FORM(scan, type) \
	((const type *) store_form_of(&(scan)->row, TABLE_OF((type *) NULL)))

extern void store_require_writable(const char *function);
extern void store_push_snapshot(void);
extern void store_refresh(void);
extern void store_end(void);

extern void store_scan_begin(StoreScan *scan, StoreTable table, int nkeys, ScanKey keys);
extern void store_scan_begin_index(StoreScan *scan, StoreTable table, StoreIndex index, int nkeys, ScanKey keys);
extern void store_scan_begin_all(StoreScan *scan, StoreTable table);
extern bool store_scan_next(StoreScan *scan);
extern void store_scan_end(StoreScan *scan);

/* A key of two integers, the second not negative, as one number. */
static inline int64
store_pair_key(int32 first, int32 second)
{
	return ((int64) first << 32) | second;
}

extern int64 store_key_of(StoreTable table, HeapTuple tuple);
extern bool store_find(StoreTable table, int64 key, StoreRow *row);
extern bool store_find_by_index(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row);
extern bool store_find_last(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row);
extern bool store_find_or_insert(StoreTable table, StoreIndex index, int nkeys, ScanKey keys, StoreRow *row);
extern bool store_lock(StoreTable table, int64 key, StoreRow *row);
extern RowLock store_lock_patiently(StoreTable table, int64 key, StoreRow *row, Patience *patience);
extern Datum store_attribute(const StoreRow *row, int attnum, bool *isnull);

extern void store_update(StoreRow *row);
extern void store_update_struct(StoreTable table, const void *form, ItemPointer tid);
extern void store_replace(StoreRow *row, const Datum *values, const bool *isnull, const bool *replace);
extern void store_insert_struct(StoreTable table, const void *form, ItemPointer tid);
extern void store_insert_structs(StoreTable table, const void *forms, Size width, int n);
extern void store_insert_values(StoreTable table, const Datum *values, const bool *isnull);
extern void store_insert_many_values(StoreTable table, Datum (*values)[FORM_MAX_COLUMNS], int n);

/*
 * Writing rows of a table that is all struct, for what store_..._struct() say;
 * the struct of another table does not compile.
 */
#define store_insert(table, form, tid) \
	(REQUIRE_FORM_OF(table, form), store_insert_struct((table), (form), (tid)))
#define store_insert_many(table, forms, n) \
	(REQUIRE_FORM_OF(table, forms), store_insert_structs((table), (forms), sizeof(*(forms)), (n)))
#define store_update_form(table, form, tid) \
	(REQUIRE_FORM_OF(table, form), store_update_struct((table), (form), (tid)))

#define REQUIRE_FORM_OF(table, form) \
	StaticAssertExpr((table) == TABLE_OF(form), "a row of another table")

extern void store_require_unchanged(TM_Result result, StoreTable table, const char *doing);
SG_NORETURN extern void error_serialization_failure(void);

#endif							/* SG_STORE_H */
