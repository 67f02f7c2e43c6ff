/*-------------------------------------------------------------------------
 *
 * index_lookup.c
 *	  One row by an index.
 *
 * As systable_beginscan() and systable_getnext() do it, but for pruning: see
 * prune.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/relscan.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/index_lookup.h"
#include "store/prune.h"

/* The column of an index that a column of its table is. */
static AttrNumber
index_column(Relation index, AttrNumber column)
{
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(index); i++)
		if (index->rd_index->indkey.values[i] == column)
			return i + 1;
	elog(ERROR, "index \"%s\" has no column %d of its table", RelationGetRelationName(index), column);
}

/* The version that the snapshot sees of the row that an index entry leads to, copied; else NULL, and whether all versions are dead. */
static HeapTuple
visible_version(Relation rel, ItemPointerData tid, Snapshot snapshot, bool *all_dead)
{
	Buffer		buffer = ReadBuffer(rel, ItemPointerGetBlockNumber(&tid));
	HeapTupleData tuple;
	HeapTuple	copy = NULL;

	prune_when_due(rel, buffer);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	if (heap_hot_search_buffer(&tid, rel, buffer, snapshot, &tuple, all_dead, true))
		copy = heap_copytuple(&tuple);
	UnlockReleaseBuffer(buffer);
	return copy;
}

/*
 * The first row, in the order of direction, that the active snapshot sees, as
 * a copy; NULL if there is none.  keys are equalities with columns of the
 * table, as numbered there; rel is open and locked, the index is locked
 * meanwhile.
 */
HeapTuple
index_lookup(Relation rel, Oid index_oid, LOCKMODE lockmode, int nkeys, ScanKey keys, ScanDirection direction)
{
	Relation	index = index_open(index_oid, lockmode);
	IndexScanDesc scan = sg_index_beginscan(rel, index, GetActiveSnapshot(), nkeys);
	HeapTuple	tuple = NULL;
	ItemPointer tid;

	for (int i = 0; i < nkeys; i++)
		keys[i].sk_attno = index_column(index, keys[i].sk_attno);
	index_rescan(scan, keys, nkeys, NULL, 0);
	while (tuple == NULL && (tid = index_getnext_tid(scan, direction)) != NULL)
	{
		bool		all_dead = false;

		CHECK_FOR_INTERRUPTS();
		tuple = visible_version(rel, *tid, scan->xs_snapshot, &all_dead);
		if (tuple)
			pgstat_count_heap_fetch(index);
		else if (!scan->xactStartedInRecovery)
			scan->kill_prior_tuple = all_dead;
	}
	index_endscan(scan);
	index_close(index, lockmode == AccessShareLock ? lockmode : NoLock);	/* of who will insert, it is needed again */
	return tuple;
}
