/*-------------------------------------------------------------------------
 *
 * index_entries.c
 *	  Index entries of rows that were written directly.
 *
 * For rows that are structs and indexes that are plain, an entry is one call
 * of the access method.  ExecInsertIndexTuples would set up the executor, and
 * compile the predicate, for every row; it makes the entries of any other
 * index on the table (a user's).  SERIALIZABLE's checks and unique constraints
 * are the access method's in either way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"

#include "base/compat.h"
#include "store/index_entries.h"
#include "store/relations.h"
#include "store/shape.h"
#include "store/store.h"

/* More indexes than this on a table, and the executor makes their entries. */
#define PLAIN_INDEXES_MAX	8

/*
 * The indexes of a table, and whether each is plain: on columns only, checked
 * at once, without a predicate but for that of a partial index of key_info.
 */
typedef struct PlainIndexes
{
	bool		valid;
	uint64		generation;
	bool		plain;
	int			n;
	Oid			oid[PLAIN_INDEXES_MAX];
	AttrNumber	positive[PLAIN_INDEXES_MAX];	/* passes over rows in which this column is 0 or less; 0: none */
} PlainIndexes;

/* Makes the index entries of the row in slot by the executor. */
void
index_entries_execute(Relation rel, TupleTableSlot *slot, IndexEntries entries)
{
	EState	   *estate = CreateExecutorState();
	ResultRelInfo *rri = makeNode(ResultRelInfo);

	InitResultRelInfo(rri, rel, 0, NULL, 0);
	ExecOpenIndices(rri, false);
	if (rri->ri_NumIndices > 0)
		list_free(sg_ExecInsertIndexTuples(rri, slot, estate, entries != ENTRIES_OF_NEW_ROW,
										   entries == ENTRIES_THAT_SUMMARIZE));
	ExecCloseIndices(rri);
	FreeExecutorState(estate);
	pfree(rri);
}

/* The column that a partial index of key_info wants to be positive, 0 for any other index. */
static AttrNumber
positive_column(Oid index_oid)
{
	for (int i = 0; i < INDEX_COUNT; i++)
		if (key_info[i].partial && relations_index_oid(i) == index_oid)
			return key_info[i].columns[0];
	return 0;
}

static bool
is_plain_index(Relation index)
{
	Form_pg_index form = index->rd_index;

	return form->indimmediate && !form->indisexclusion && form->indisready &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL) &&
		(heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) ||
		 positive_column(RelationGetRelid(index)) != 0);
}

static const PlainIndexes *
plain_indexes(StoreTable table, Relation rel)
{
	static PlainIndexes known[TABLE_COUNT];
	PlainIndexes *indexes = &known[table];
	List	   *list;
	ListCell   *cell;

	if (indexes->valid && indexes->generation == relations_generation(table))
		return indexes;
	indexes->valid = false;
	indexes->generation = relations_generation(table);
	list = RelationGetIndexList(rel);
	indexes->plain = list_length(list) <= PLAIN_INDEXES_MAX;
	indexes->n = 0;
	foreach(cell, list)
	{
		Relation	index = index_open(lfirst_oid(cell), RowExclusiveLock);

		indexes->plain = indexes->plain && is_plain_index(index);
		if (indexes->plain)
		{
			indexes->oid[indexes->n] = lfirst_oid(cell);
			indexes->positive[indexes->n++] = positive_column(lfirst_oid(cell));
		}
		index_close(index, NoLock);
	}
	list_free(list);
	indexes->valid = true;
	return indexes;
}

/* Does an index that wants this column to be positive, 0 for none, pass a row over? */
static bool
passed_over(AttrNumber positive, const Datum *values)
{
	return positive != 0 && DatumGetInt64(values[positive - 1]) <= 0;
}

/* Whether the row had the key of an entry before. */
typedef enum KeyBefore
{
	KEY_IS_NEW,
	KEY_IS_THE_SAME
} KeyBefore;

/* Does an index say something of ranges of pages only, by values that are compared as they are? */
static bool
says_ranges(Relation index)
{
	TupleDesc	desc = RelationGetDescr(index);

	if (index->rd_rel->relam != BRIN_AM_OID)
		return false;
	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attbyval)
			return false;
	return true;
}

/*
 * Has the row before, on the same page, said all to such an index that a row
 * would?  All rows are in the table before their entries are made: whoever sums
 * up the range from now on sees this one, and who began before knows the values.
 */
static bool
said_before(TupleTableSlot *const *slots, int i, const Datum *keys, const Datum *before, int nkeys)
{
	return i > 0 &&
		ItemPointerGetBlockNumber(&slots[i]->tts_tid) == ItemPointerGetBlockNumber(&slots[i - 1]->tts_tid) &&
		memcmp(keys, before, nkeys * sizeof(Datum)) == 0;
}

/*
 * Makes the entries of n rows in one plain index; values holds the columns of
 * each, in turn.
 */
static void
insert_plain_entries(Relation rel, const PlainIndexes *indexes, int which, TupleTableSlot **slots,
					 Datum (*values)[FORM_MAX_COLUMNS], int n, KeyBefore key_before)
{
	Relation	index = index_open(indexes->oid[which], RowExclusiveLock);
	bool		same_key = key_before == KEY_IS_THE_SAME;
	IndexInfo  *info = BuildIndexInfo(index);
	IndexUniqueCheck check = (index->rd_index->indisunique && !same_key) ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO;
	int			nkeys = info->ii_NumIndexAttrs;
	bool		is_of_ranges = says_ranges(index);
	Datum		keys[2][INDEX_MAX_KEYS];	/* of a row and the one before, in turn */
	bool		isnull[INDEX_MAX_KEYS] = {false};

	for (int i = 0; i < n; i++)
	{
		Datum	   *key = keys[i % 2];

		if (passed_over(indexes->positive[which], values[i]))
			continue;
		for (int k = 0; k < nkeys; k++)
			key[k] = values[i][info->ii_IndexAttrNumbers[k] - 1];
		if (is_of_ranges && said_before(slots, i, key, keys[(i + 1) % 2], nkeys))
			continue;
		index_insert(index, key, isnull, &slots[i]->tts_tid, rel, check, same_key, info);
	}
	sg_index_insert_cleanup(index, info);
	index_close(index, NoLock);
}

/* Makes the index entries of n rows that have just been appended to rel; values holds the columns of each. */
void
index_entries_insert(StoreTable table, Relation rel, TupleTableSlot **slots, Datum (*values)[FORM_MAX_COLUMNS], int n)
{
	const PlainIndexes *indexes = plain_indexes(table, rel);

	if (!indexes->plain)
	{
		for (int i = 0; i < n; i++)
			index_entries_execute(rel, slots[i], ENTRIES_OF_NEW_ROW);
		return;
	}
	for (int i = 0; i < indexes->n; i++)
		if (n > 1 || !passed_over(indexes->positive[i], values[0]))
			insert_plain_entries(rel, indexes, i, slots, values, n, KEY_IS_NEW);
}

/*
 * Makes the index entries of the new version of a row.  No function
 * changes a primary key, so the old version, which is locked, has kept others
 * from taking it: looking for duplicates would only visit each version of the
 * row that nobody could prune.
 */
void
index_entries_update(StoreTable table, Relation rel, TupleTableSlot *slot, IndexEntries entries)
{
	const PlainIndexes *indexes = plain_indexes(table, rel);
	Datum		values[1][FORM_MAX_COLUMNS];
	bool		isnull[FORM_MAX_COLUMNS];

	if (!TABLE_IS_STRUCT(table) || !indexes->plain || entries == ENTRIES_THAT_SUMMARIZE)
	{
		index_entries_execute(rel, slot, entries);
		return;
	}
	heap_deform_tuple(((HeapTupleTableSlot *) slot)->tuple, RelationGetDescr(rel), values[0], isnull);
	for (int i = 0; i < indexes->n; i++)
		if (!passed_over(indexes->positive[i], values[0]))
			insert_plain_entries(rel, indexes, i, &slot, values, 1,
								 indexes->oid[i] == relations_primary_key_oid(table) ? KEY_IS_THE_SAME : KEY_IS_NEW);
}
