/*-------------------------------------------------------------------------
 *
 * place.h
 *	  Finding a row again from where it was seen last.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PLACE_H
#define SG_PLACE_H

#include "postgres.h"

#include "access/htup_details.h"
#include "storage/buf.h"
#include "utils/rel.h"

#include "store/tables.h"

/* Where a version of a row was seen.  Only a hint: a row counts if it is visible and has the key. */
typedef struct Place
{
	ItemPointerData tid;		/* that version */
	ItemPointerData root;		/* the line pointer on the same page that the indexes name; invalid if not known */
	Buffer		buffer;			/* which held the page; invalid if not known */
} Place;

/* A table that is read by places: the page that was read last stays pinned and locked in between. */
typedef struct PlaceReader
{
	Relation	rel;
	StoreTable	table;
	Buffer		buffer;			/* invalid: none */
	BlockNumber block;
	HeapTupleData tuple;		/* the row found last */
	OffsetNumber *roots;		/* of the page, if place_learn() has looked at it */
} PlaceReader;

extern void place_begin(PlaceReader *reader, Relation rel, StoreTable table);
extern void place_learn(PlaceReader *reader, Place *place, const ItemPointerData *tid);
extern HeapTuple place_follow(PlaceReader *reader, Place *place, int64 key);
extern void place_end(PlaceReader *reader);

#endif							/* SG_PLACE_H */
