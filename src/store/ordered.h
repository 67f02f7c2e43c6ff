/*-------------------------------------------------------------------------
 *
 * ordered.h
 *	  Rows of a table in the order of an index, backwards, for one range of
 *	  keys after the other.
 *
 *	ordered_begin()
 *	for each range
 *		ordered_range()
 *		while (ordered_previous())
 *			ordered->row
 *	ordered_end()
 *
 * Of rows with versions the newest comes first.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ORDERED_H
#define SG_ORDERED_H

#include "postgres.h"

#include "access/relscan.h"
#include "executor/tuptable.h"

#include "store/store.h"

typedef struct Ordered
{
	StoreRow	row;			/* the latest: not a copy, so valid until the next one, and not to be changed */
	MemoryContext context;		/* what the scan keeps from row to row stands there, whichever is current */
	Relation	rel;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
} Ordered;

extern void ordered_begin(Ordered *ordered, StoreTable table, StoreIndex index, int nkeys);
extern void ordered_range(Ordered *ordered, int nkeys, ScanKey keys);
extern bool ordered_previous(Ordered *ordered);
extern void ordered_end(Ordered *ordered);

#endif							/* SG_ORDERED_H */
