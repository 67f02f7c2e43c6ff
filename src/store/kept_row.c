/*-------------------------------------------------------------------------
 *
 * kept_row.c
 *	  Whether a row that a backend has kept is still what its snapshot reads.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "port/atomics.h"
#include "storage/bufmgr.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/kept_row.h"

/* Keeps a version that the active snapshot has just shown, on a page that is pinned and locked; or nothing, if it may not be. */
void
kept_row_keep(KeptRow *kept, Relation rel, Buffer buffer, HeapTuple tuple)
{
	HeapTupleHeader header = tuple->t_data;
	Page		page = BufferGetPage(buffer);

	kept->lsn = InvalidXLogRecPtr;
	if (!(header->t_infomask & HEAP_XMAX_INVALID) || !RelationNeedsWAL(rel) ||
		TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(header)))
		return;
	kept->lsn = BufferGetLSNAtomic(buffer);
	kept->xmin = HeapTupleHeaderGetXmin(header);
	kept->offset = (char *) header - (char *) page;
	kept->descriptor = GetBufferDescriptor(buffer - 1);
	kept->tag = kept->descriptor->tag;
	kept->page = page;
}

/* May kept rows be used in this transaction at all? */
bool
kept_row_usable(void)
{
	return !IsolationIsSerializable() && !GetActiveSnapshot()->takenDuringRecovery;
}

/* Does the snapshot see what this transaction, which has committed, has written? */
static inline bool
is_seen(TransactionId xid, Snapshot snapshot)
{
	return !TransactionIdIsNormal(xid) || TransactionIdPrecedes(xid, snapshot->xmin) || !XidInMVCCSnapshot(xid, snapshot);
}

/* Is this still what the snapshot, the active one, reads?  See kept_row.h. */
bool
kept_row_is_current(const KeptRow *kept, Snapshot snapshot)
{
	const volatile PageHeaderData *page = (const volatile PageHeaderData *) kept->page;
	const volatile HeapTupleHeaderData *header;

	if (XLogRecPtrIsInvalid(kept->lsn) || !sg_buffer_tags_equal(&kept->descriptor->tag, &kept->tag))
		return false;
	pg_read_barrier();
	header = (const volatile HeapTupleHeaderData *) ((const char *) kept->page + kept->offset);
	if (PageXLogRecPtrGet(page->pd_lsn) != kept->lsn ||
		(header->t_choice.t_heap.t_xmin != kept->xmin && TransactionIdIsNormal(kept->xmin)))
		return false;
	pg_read_barrier();
	return sg_buffer_tags_equal(&kept->descriptor->tag, &kept->tag) && is_seen(kept->xmin, snapshot);
}
