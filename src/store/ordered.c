/*-------------------------------------------------------------------------
 *
 * ordered.c
 *	  Rows of a table in the order of an index, backwards, for one range of
 *	  keys after the other.
 *
 * One scan serves all ranges: beginning one costs more than a row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/ordered.h"
#include "store/relations.h"

/*
 * Begins to read rows by an index of theirs in the active snapshot, which has to
 * stay the same to the end; every range has so many keys.  The current memory
 * context has to live as long.
 */
void
ordered_begin(Ordered *ordered, StoreTable table, StoreIndex index, int nkeys)
{
	ordered->context = CurrentMemoryContext;
	ordered->rel = relations_open(table, AccessShareLock);
	ordered->index = index_open(relations_index_oid(index), AccessShareLock);
	ordered->scan = sg_index_beginscan(ordered->rel, ordered->index, GetActiveSnapshot(), nkeys);
	ordered->slot = table_slot_create(ordered->rel, NULL);
	ordered->row = (StoreRow) {.table = table};
}

/* Goes to the end of a range; keys have the numbers of the index's columns. */
void
ordered_range(Ordered *ordered, int nkeys, ScanKey keys)
{
	MemoryContext outer = MemoryContextSwitchTo(ordered->context);

	index_rescan(ordered->scan, keys, nkeys, NULL, 0);
	MemoryContextSwitchTo(outer);
}

/* Goes on to the row before; false at the beginning of the range. */
bool
ordered_previous(Ordered *ordered)
{
	MemoryContext outer = MemoryContextSwitchTo(ordered->context);
	bool		found = index_getnext_slot(ordered->scan, BackwardScanDirection, ordered->slot);
	bool		copied;

	MemoryContextSwitchTo(outer);
	if (!found)
		return false;
	ordered->row.tuple = ExecFetchSlotHeapTuple(ordered->slot, false, &copied);
	Assert(!copied);
	return true;
}

/* Ends it. */
void
ordered_end(Ordered *ordered)
{
	ExecDropSingleTupleTableSlot(ordered->slot);
	index_endscan(ordered->scan);
	index_close(ordered->index, AccessShareLock);
	relations_close(ordered->rel);
}
