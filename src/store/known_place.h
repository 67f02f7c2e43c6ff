/*-------------------------------------------------------------------------
 *
 * known_place.h
 *	  Where this backend wrote rows last.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_KNOWN_PLACE_H
#define SG_KNOWN_PLACE_H

#include "postgres.h"

#include "store/store.h"

extern void known_place_remember(Relation rel, StoreTable table, HeapTuple tuple);
extern bool known_place_find(Relation rel, StoreTable table, int64 key, StoreRow *row);

#endif							/* SG_KNOWN_PLACE_H */
