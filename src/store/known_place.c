/*-------------------------------------------------------------------------
 *
 * known_place.c
 *	  Where this backend wrote rows last.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "storage/bufmgr.h"

#include "store/known_place.h"
#include "store/place.h"
#include "store/relations.h"

/*
 * Where this backend met a row last (place.c), for rows that it meets again and
 * again: a meter that reports each second, a script that posts for one
 * account, one transaction with many calls.
 */
#define PLACES	1024			/* power of two */

typedef struct KnownPlace
{
	StoreTable	table;
	int64		key;
	TransactionId xid;			/* the transaction that wrote it: no row can be cut off the table as long as it runs */
	uint64		generation;		/* of the table then: it has not been made anew or truncated since */
	Place		place;
} KnownPlace;

static KnownPlace known_places[PLACES];

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

/* Finds out which buffer holds the page of a place; it may have been cut off if a savepoint was rolled back since. */
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
void
known_place_remember(Relation rel, StoreTable table, HeapTuple tuple)
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

/* Finds a row from where this backend wrote it last, as the active snapshot sees it; false if that leads nowhere. */
bool
known_place_find(Relation rel, StoreTable table, int64 key, StoreRow *row)
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
