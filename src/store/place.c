/*-------------------------------------------------------------------------
 *
 * place.c
 *	  Finding a row again from where it was seen last.
 *
 * An index scan for a hot row visits every version of it that nobody has
 * pruned.  While a report holds a snapshot, or one transaction updates a row
 * again and again, nobody can, and each call would walk all versions there
 * have been.  From the version that was seen last it is one step for each
 * update since, along t_ctid.
 *
 * Safe against everything that may have happened to the page meanwhile: the
 * result is a version that the active snapshot sees and that has the key, and
 * of a key the snapshot sees one version at most.  A page is only read if
 * its buffer still holds it (ReadRecentBuffer), so a table that has shrunk or
 * was made anew is no error.  Whatever does not fit is "not found", and the
 * caller takes the index.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/place.h"
#include "store/prune.h"
#include "store/store.h"

/* Prepares to read rows of rel, which the caller has open and locked; place_end() is needed on every path but an error. */
void
place_begin(PlaceReader *reader, Relation rel, StoreTable table)
{
	reader->rel = rel;
	reader->table = table;
	reader->buffer = InvalidBuffer;
	reader->roots = NULL;
}

static void
leave_page(PlaceReader *reader)
{
	if (BufferIsValid(reader->buffer))
		UnlockReleaseBuffer(reader->buffer);
	reader->buffer = InvalidBuffer;
	if (reader->roots)
		pfree(reader->roots);
	reader->roots = NULL;
}

/* Locks a page that is pinned, pruned before if that is due. */
static void
enter_page(PlaceReader *reader, BlockNumber block, Buffer buffer)
{
	prune_when_due(reader->rel, buffer);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	reader->buffer = buffer;
	reader->block = block;
}

/* Turns to a page that may not exist any more; false if its buffer is not known or holds something else. */
static bool
turn_to(PlaceReader *reader, BlockNumber block, Buffer recent)
{
	if (BufferIsValid(reader->buffer) && reader->block == block)
		return true;
	leave_page(reader);
	if (!BufferIsValid(recent) || !ReadRecentBuffer(SG_REL_LOCATOR(reader->rel), MAIN_FORKNUM, block, recent))
		return false;
	enter_page(reader, block, recent);
	return true;
}

/* Steps to the page of a newer version; false if the table has been cut off before it. */
static bool
step_to(PlaceReader *reader, BlockNumber block)
{
	leave_page(reader);
	CHECK_FOR_INTERRUPTS();
	if (block >= RelationGetNumberOfBlocks(reader->rel))
		return false;
	enter_page(reader, block, ReadBuffer(reader->rel, block));
	return true;
}

static bool
has_key(PlaceReader *reader, int64 key)
{
	return store_key_of(reader->table, &reader->tuple) == key;
}

/*
 * The version that the active snapshot sees, along t_ctid from place->tid;
 * false if the chain is broken or ends before one.  The page of place->tid
 * has been turned to.
 */
static bool
follow_versions(PlaceReader *reader, Place *place, int64 key)
{
	ItemPointerData tid = place->tid;
	TransactionId writer = InvalidTransactionId;	/* of the version at tid, if that is the successor */
	Snapshot	snapshot = GetActiveSnapshot();

	for (;;)
	{
		Page		page = BufferGetPage(reader->buffer);
		OffsetNumber offset = ItemPointerGetOffsetNumber(&tid);
		HeapTuple	tuple = &reader->tuple;
		ItemId		item;
		bool		visible;

		if (offset < FirstOffsetNumber || offset > PageGetMaxOffsetNumber(page))
			return false;
		item = PageGetItemId(page, offset);
		if (!ItemIdIsNormal(item))
			return false;
		tuple->t_data = (HeapTupleHeader) PageGetItem(page, item);
		tuple->t_len = ItemIdGetLength(item);
		tuple->t_tableOid = RelationGetRelid(reader->rel);
		tuple->t_self = tid;
		if ((TransactionIdIsValid(writer) && HeapTupleHeaderGetXmin(tuple->t_data) != writer) || !has_key(reader, key))
			return false;

		/* A version that has an index entry of its own is the root of what follows on its page. */
		if (!HeapTupleIsHeapOnly(tuple))
			place->root = tid;
		else if (ItemPointerGetBlockNumber(&tid) != ItemPointerGetBlockNumber(&place->tid))
			ItemPointerSetInvalid(&place->root);
		place->tid = tid;
		place->buffer = reader->buffer;

		visible = HeapTupleSatisfiesVisibility(tuple, snapshot, reader->buffer);
		HeapCheckForSerializableConflictOut(visible, reader->rel, tuple, reader->buffer, snapshot);
		if (visible)
		{
			PredicateLockTID(reader->rel, &tid, snapshot, HeapTupleHeaderGetXmin(tuple->t_data));
			return true;
		}
		if ((tuple->t_data->t_infomask & HEAP_XMAX_INVALID) || HeapTupleHeaderIsOnlyLocked(tuple->t_data) ||
			HeapTupleHeaderIndicatesMovedPartitions(tuple->t_data) || ItemPointerEquals(&tid, &tuple->t_data->t_ctid))
			return false;
		writer = HeapTupleHeaderGetUpdateXid(tuple->t_data);
		tid = tuple->t_data->t_ctid;
		if (ItemPointerGetBlockNumber(&tid) != reader->block && !step_to(reader, ItemPointerGetBlockNumber(&tid)))
			return false;
	}
}

/* The version that the active snapshot sees among those on the page of place->root that its index entry leads to. */
static bool
search_from_root(PlaceReader *reader, Place *place, int64 key)
{
	ItemPointerData tid = place->root;

	if (!ItemPointerIsValid(&tid) || ItemPointerGetOffsetNumber(&tid) > PageGetMaxOffsetNumber(BufferGetPage(reader->buffer)) ||
		!heap_hot_search_buffer(&tid, reader->rel, reader->buffer, GetActiveSnapshot(), &reader->tuple, NULL, true) ||
		!has_key(reader, key))
		return false;
	place->tid = tid;
	place->buffer = reader->buffer;
	return true;
}

/*
 * The row of this key as the active snapshot sees it, from a place, which is
 * brought up to date; NULL if it is not found this way.  The result points
 * into a locked page: it is good until the reader's next step, and only to be
 * copied.
 */
HeapTuple
place_follow(PlaceReader *reader, Place *place, int64 key)
{
	Place		start = *place;
	BlockNumber block = ItemPointerGetBlockNumber(&start.tid);

	if (!turn_to(reader, block, start.buffer))
		return NULL;
	if (follow_versions(reader, place, key))
		return &reader->tuple;
	*place = start;
	if (ItemPointerIsValid(&start.root) && turn_to(reader, block, start.buffer) && search_from_root(reader, place, key))
		return &reader->tuple;
	return NULL;
}

/* Makes a place of a row that the active snapshot has just shown at tid, so that its page is there. */
void
place_learn(PlaceReader *reader, Place *place, const ItemPointerData *tid)
{
	BlockNumber block = ItemPointerGetBlockNumber(tid);
	OffsetNumber root;

	if (!BufferIsValid(reader->buffer) || reader->block != block)
	{
		leave_page(reader);
		enter_page(reader, block, ReadBuffer(reader->rel, block));
	}
	if (reader->roots == NULL)
	{
		reader->roots = palloc(MaxHeapTuplesPerPage * sizeof(OffsetNumber));
		heap_get_root_tuples(BufferGetPage(reader->buffer), reader->roots);
	}
	place->tid = *tid;
	place->buffer = reader->buffer;
	root = reader->roots[ItemPointerGetOffsetNumber(tid) - 1];
	if (OffsetNumberIsValid(root))
		ItemPointerSet(&place->root, block, root);
	else
		ItemPointerSetInvalid(&place->root);
}

/* Ends reading. */
void
place_end(PlaceReader *reader)
{
	leave_page(reader);
}
