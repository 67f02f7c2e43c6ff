/*-------------------------------------------------------------------------
 *
 * kept_row.h
 *	  Whether a row that a backend has kept is still what its snapshot reads.
 *
 * WHAT IS KEPT.  A version of a row that was read from its page, the LSN that
 * the page had then, and who wrote the version.  It is only kept if
 *
 *	- nobody had locked, updated or deleted it (its xmax is invalid);
 *	- another transaction wrote it, and that was visible, so has committed;
 *	- the table is logged, so that every change of a page moves its LSN.
 *
 * WHEN IT MAY BE USED.  In a snapshot that sees the writer, if the page, looked
 * at after that snapshot was taken, still has that LSN.  Then the version is
 * what the snapshot reads:
 *
 *	- It is visible: its writer has committed, and the snapshot sees it.
 *	- Nothing hides it.  Whoever updates, deletes or locks the version sets its
 *	  xmax, on this very page, under an exclusive lock, and moves the page's LSN
 *	  under the same lock, before it commits.  A transaction that the snapshot
 *	  sees had committed before the snapshot was taken; so its LSN was there when
 *	  the page was looked at, for the snapshot was taken under a lock that the
 *	  commit had released.  Changes that the LSN does not show yet are of
 *	  transactions that the snapshot does not see.  Own changes are made by this
 *	  backend, which has seen the LSN that it has set.
 *	- Pruning, freezing, moving to another page (VACUUM FULL, CLUSTER) and
 *	  TRUNCATE are logged, or give the table another file, and so another tag.
 *	  Hint bits do not change what a version is.
 *
 * HOW THE PAGE IS LOOKED AT.  Without pin and lock: the buffer's tag, the LSN,
 * the version's xmin, and the tag again.  If the buffer had been given to
 * another page in between, the tag would differ, or the page would have had to
 * be evicted and read back between two of these loads, with another page in
 * between that has the same LSN and, at the same place, the same writer.  An
 * LSN whose halves are read apart is wrong only if the log has grown by a
 * multiple of 4 GB to the byte.
 *
 * Not under SERIALIZABLE, where reading leaves predicate locks, and not on a
 * standby, which does not commit under that lock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_KEPT_ROW_H
#define SG_KEPT_ROW_H

#include "postgres.h"

#include "access/htup_details.h"
#include "storage/buf_internals.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* What is known of a version beside its columns, which the caller keeps. */
typedef struct KeptRow
{
	XLogRecPtr	lsn;			/* of its page; invalid: nothing is kept */
	TransactionId xmin;			/* who wrote it */
	uint32		offset;			/* of its header on the page */
	BufferDesc *descriptor;
	BufferTag	tag;
	Page		page;
} KeptRow;

extern void kept_row_keep(KeptRow *kept, Relation rel, Buffer buffer, HeapTuple tuple);
extern bool kept_row_usable(void);
extern bool kept_row_is_current(const KeptRow *kept, Snapshot snapshot);

#endif							/* SG_KEPT_ROW_H */
