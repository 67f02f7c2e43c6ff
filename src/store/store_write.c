/*-------------------------------------------------------------------------
 *
 * store_write.c
 *	  Updating and appending rows.
 *
 * A row that is all struct is written as it is, without a slot if there is
 * no need for one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "miscadmin.h"

#include "base/compat.h"
#include "store/index_entries.h"
#include "store/known_place.h"
#include "store/relations.h"
#include "store/shape.h"
#include "store/store.h"

/* How many rows go into the table before their index entries, as in COPY. */
#define INSERT_MANY_ROWS	1000

/* The row that a struct is, if that covers all columns: the bytes are the same. */
static HeapTuple
tuple_of_form(Relation rel, StoreTable table, const void *form)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Size		header = MAXALIGN(SizeofHeapTupleHeader);
	Size		length = header + table_info[table].fixed_width;
	HeapTuple	tuple = palloc0(HEAPTUPLESIZE + length);
	HeapTupleHeader data = (HeapTupleHeader) ((char *) tuple + HEAPTUPLESIZE);

	Assert(TABLE_IS_STRUCT(table));
	tuple->t_len = length;
	ItemPointerSetInvalid(&tuple->t_self);
	tuple->t_tableOid = RelationGetRelid(rel);
	tuple->t_data = data;
	HeapTupleHeaderSetDatumLength(data, length);
	HeapTupleHeaderSetTypeId(data, desc->tdtypeid);
	HeapTupleHeaderSetTypMod(data, desc->tdtypmod);
	ItemPointerSetInvalid(&data->t_ctid);
	HeapTupleHeaderSetNatts(data, desc->natts);
	data->t_hoff = header;
	memcpy((char *) data + header, form, table_info[table].fixed_width);
	return tuple;
}

/* The columns of such a row, for its index entries. */
static void
columns_of_form(Relation rel, const void *form, Datum *values)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Size		offset = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		offset = att_align_nominal(offset, att->attalign);
		values[i] = fetchatt(att, (const char *) form + offset);
		offset += att->attlen;
	}
}

static TupleTableSlot *
slot_of(Relation rel, HeapTuple tuple)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsHeapTuple);

	ExecStoreHeapTuple(tuple, slot, false);
	slot->tts_tableOid = RelationGetRelid(rel);
	return slot;
}

/* Writes tuple as the new version of the row that it was found or locked as; its t_self becomes that of the new version. */
static void
update_tuple(Relation rel, StoreTable table, HeapTuple tuple)
{
	ItemPointerData tid = tuple->t_self;
	SgIndexUpdate index_update = SG_INDEX_UPDATE_NONE;

	store_require_unchanged(sg_heap_update(rel, &tid, tuple, GetCurrentCommandId(true), &index_update), table, "updating");
	if (index_update != SG_INDEX_UPDATE_NONE)
	{
		TupleTableSlot *slot = slot_of(rel, tuple);

		index_entries_update(table, rel, slot, SG_ONLY_SUMMARIZING(index_update) ? ENTRIES_THAT_SUMMARIZE : ENTRIES_OF_NEW_VERSION);
		ExecDropSingleTupleTableSlot(slot);
	}
	known_place_remember(rel, table, tuple);
	if (table_info[table].updates_are_announced)
		relations_announce(table);
	CommandCounterIncrement();
}

/*
 * Writes row->tuple as the new version of the row that it was found or locked
 * as.  Afterwards row holds the new version, so that it can be updated again.
 *
 * Raises 40001 if the row changed since it was read, which cannot happen
 * to a row that is locked.
 */
void
store_update(StoreRow *row)
{
	Relation	rel = relations_open(row->table, RowExclusiveLock);

	update_tuple(rel, row->table, row->tuple);
	relations_close(rel);
}

/* The same for a row of a table that is all struct, which was read at tid; tid becomes that of the new version. */
void
store_update_struct(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	HeapTuple	tuple = tuple_of_form(rel, table, form);

	tuple->t_self = *tid;
	update_tuple(rel, table, tuple);
	*tid = tuple->t_self;
	heap_freetuple(tuple);
	relations_close(rel);
}

/* Like store_update(), with the columns that replace names taken from values and isnull. */
void
store_replace(StoreRow *row, const Datum *values, const bool *isnull, const bool *replace)
{
	Relation	rel = relations_open(row->table, RowExclusiveLock);

	/* Nothing is written through the pointers; heap_modify_tuple lacks the const. */
	row->tuple = heap_modify_tuple(row->tuple, RelationGetDescr(rel),
								   unconstify(Datum *, values),
								   unconstify(bool *, isnull),
								   unconstify(bool *, replace));
	relations_close(rel);
	store_update(row);
}

/*
 * Appends a row to a table whose columns are all in its struct, and returns
 * where in tid, if that is not NULL.  A duplicate key is 23505: the caller has
 * made sure that there is none.
 */
void
store_insert_struct(StoreTable table, const void *form, ItemPointer tid)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	Datum		values[1][FORM_MAX_COLUMNS];
	HeapTuple	tuple = tuple_of_form(rel, table, form);
	TupleTableSlot *slot;

	columns_of_form(rel, form, values[0]);
	heap_insert(rel, tuple, GetCurrentCommandId(true), 0, NULL);
	slot = slot_of(rel, tuple);
	index_entries_insert(table, rel, &slot, values, 1);
	if (tid)
		*tid = tuple->t_self;
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	relations_close(rel);
}

/*
 * Makes slots for rows that are written together.  Their descriptor is a copy,
 * which nobody counts: the resource owner looks through all that it has of a
 * descriptor each time that it is counted.
 */
static void
make_slots(Relation rel, TupleTableSlot **slots, int n)
{
	TupleDesc	desc = CreateTupleDescCopy(RelationGetDescr(rel));

	for (int i = 0; i < n; i++)
		slots[i] = MakeSingleTupleTableSlot(desc, &TTSOpsHeapTuple);
}

static void
drop_slots(TupleTableSlot **slots, int n)
{
	TupleDesc	desc = n > 0 ? slots[0]->tts_tupleDescriptor : NULL;

	for (int i = 0; i < n; i++)
		ExecDropSingleTupleTableSlot(slots[i]);
	if (desc)
		FreeTupleDesc(desc);
}

/*
 * Appends n rows, given by an array of structs of this width, as COPY does:
 * page by page into the table, then their index entries.
 */
void
store_insert_structs(StoreTable table, const void *forms, Size width, int n)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	BulkInsertState bistate = GetBulkInsertState();
	TupleTableSlot *slots[INSERT_MANY_ROWS];
	Datum		(*values)[FORM_MAX_COLUMNS] = palloc(Min(n, INSERT_MANY_ROWS) * sizeof(*values));

	make_slots(rel, slots, Min(n, INSERT_MANY_ROWS));
	for (int first = 0; first < n; first += INSERT_MANY_ROWS)
	{
		int			count = Min(n - first, INSERT_MANY_ROWS);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			const char *form = (const char *) forms + (first + i) * width;

			columns_of_form(rel, form, values[i]);
			ExecStoreHeapTuple(tuple_of_form(rel, table, form), slots[i], true);
			slots[i]->tts_tableOid = RelationGetRelid(rel);
		}
		table_multi_insert(rel, slots, count, GetCurrentCommandId(true), 0, bistate);
		index_entries_insert(table, rel, slots, values, count);
	}
	drop_slots(slots, Min(n, INSERT_MANY_ROWS));
	pfree(values);
	FreeBulkInsertState(bistate);
	table_finish_bulk_insert(rel, 0);
	relations_close(rel);
	CommandCounterIncrement();
}

/*
 * Makes the index entries of a new row given by its columns: as those of a
 * struct if none of them is NULL.
 */
static void
insert_entries(StoreTable table, Relation rel, TupleTableSlot *slot, const Datum *values, const bool *isnull)
{
	int			natts = RelationGetDescr(rel)->natts;
	Datum		columns[1][FORM_MAX_COLUMNS];
	bool		any_null = natts > FORM_MAX_COLUMNS;

	for (int i = 0; i < natts && !any_null; i++)
	{
		columns[0][i] = values[i];
		any_null = isnull[i];
	}
	if (any_null)
		index_entries_execute(rel, slot, ENTRIES_OF_NEW_ROW);
	else
		index_entries_insert(table, rel, &slot, columns, 1);
}

/* Appends a row given by all its columns. */
void
store_insert_values(StoreTable table, const Datum *values, const bool *isnull)
{
	Relation	rel = relations_open(table, RowExclusiveLock);
	HeapTuple	tuple = heap_form_tuple(RelationGetDescr(rel),
										unconstify(Datum *, values),
										unconstify(bool *, isnull));
	TupleTableSlot *slot;

	slot = slot_of(rel, tuple);
	table_tuple_insert(rel, slot, GetCurrentCommandId(true), 0, NULL);
	insert_entries(table, rel, slot, values, isnull);
	ExecDropSingleTupleTableSlot(slot);
	CommandCounterIncrement();
	heap_freetuple(tuple);
	relations_close(rel);
}

/* Appends n rows given by all their columns, none of which is NULL, as COPY does. */
void
store_insert_many_values(StoreTable table, Datum (*values)[FORM_MAX_COLUMNS], int n)
{
	static const bool none_null[FORM_MAX_COLUMNS];
	Relation	rel = relations_open(table, RowExclusiveLock);
	TupleDesc	desc = RelationGetDescr(rel);
	BulkInsertState bistate = GetBulkInsertState();
	TupleTableSlot *slots[INSERT_MANY_ROWS];
	int			nslots = Min(n, INSERT_MANY_ROWS);

	make_slots(rel, slots, nslots);
	for (int first = 0; first < n; first += INSERT_MANY_ROWS)
	{
		int			count = Min(n - first, INSERT_MANY_ROWS);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
		{
			ExecStoreHeapTuple(heap_form_tuple(desc, values[first + i], unconstify(bool *, &none_null[0])), slots[i], true);
			slots[i]->tts_tableOid = RelationGetRelid(rel);
		}
		table_multi_insert(rel, slots, count, GetCurrentCommandId(true), 0, bistate);
		index_entries_insert(table, rel, slots, values + first, count);
	}
	drop_slots(slots, nslots);
	FreeBulkInsertState(bistate);
	table_finish_bulk_insert(rel, 0);
	relations_close(rel);
	CommandCounterIncrement();
}
