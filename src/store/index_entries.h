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

/* No table whose rows are structs has more columns. */
#define FORM_MAX_COLUMNS	16

extern void index_entries_insert(StoreTable table, Relation rel, TupleTableSlot **slots, Datum (*values)[FORM_MAX_COLUMNS], int n);
extern void index_entries_update(StoreTable table, Relation rel, TupleTableSlot *slot, bool only_summarizing);
extern void index_entries_execute(Relation rel, TupleTableSlot *slot, bool is_update, bool only_summarizing);

#endif							/* SG_INDEX_ENTRIES_H */
