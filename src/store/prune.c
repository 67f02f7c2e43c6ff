/*-------------------------------------------------------------------------
 *
 * prune.c
 *	  When a page of rows that are updated all the time is pruned.
 *
 * The server prunes a page that it visits as soon as less is free than the
 * fillfactor leaves: with the room that the tables leave for new versions of
 * their rows, that is once for each update, to win the space of one dead
 * version.  A pruning walks the whole page and writes a WAL record: a tenth of
 * the instructions of a call.  So it waits here until the room is used up, and
 * wins the space of all versions since.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"

#include "store/prune.h"

/* What has to be free on a page, in bytes: a tenth, which the server wants of every page, and some twenty versions of a row in a large table. */
#define ROOM_KEPT		(BLCKSZ / 10)

/*
 * A page of the table of stripes holds few rows, which everybody reads by
 * walking along their versions, and is quick to prune.
 */
#define FEW_ROWS_FREE	(BLCKSZ / 2)

/*
 * Prunes a page that is pinned, but not locked, if that is due.  What is
 * read here without a lock is a hint, as in heap_page_prune_opt().
 */
void
prune_when_due(Relation rel, Buffer buffer)
{
	Page		page = BufferGetPage(buffer);

	if (PageIsFull(page) || PageGetHeapFreeSpace(page) < ROOM_KEPT ||
		RelationGetTargetPageFreeSpace(rel, HEAP_DEFAULT_FILLFACTOR) > FEW_ROWS_FREE)
		heap_page_prune_opt(rel, buffer);
}
