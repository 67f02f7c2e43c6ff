/*-------------------------------------------------------------------------
 *
 * index_entries.h
 *	  Index entries of rows that were written directly.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_INDEX_ENTRIES_H
#define SG_INDEX_ENTRIES_H

#include "postgres.h"

#include "executor/tuptable.h"
#include "utils/rel.h"

#include "store/tables.h"

/* Which entries a row needs. */
typedef enum IndexEntries
{
	ENTRIES_OF_NEW_ROW,
	ENTRIES_OF_NEW_VERSION,
	ENTRIES_THAT_SUMMARIZE		/* of a new version whose columns in other indexes are as before */
} IndexEntries;

extern void index_entries_insert(StoreTable table, Relation rel, TupleTableSlot **slots, Datum (*values)[FORM_MAX_COLUMNS], int n);
extern void index_entries_update(StoreTable table, Relation rel, TupleTableSlot *slot, IndexEntries entries);
extern void index_entries_execute(Relation rel, TupleTableSlot *slot, IndexEntries entries);

#endif							/* SG_INDEX_ENTRIES_H */
