/*-------------------------------------------------------------------------
 *
 * on_record_open.c
 *	  Open slots on record, for whoever writes them or folds them into days.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "metering/batch_open.h"
#include "metering/on_record.h"
#include "metering/open_codec.h"
#include "store/store.h"

/* Values of an open row, as they are read. */
typedef struct OpenValues
{
	OpenRow		row;
	int			n;
	OpenValue  *values;
} OpenValues;

static OpenValues
values_of(const StoreRow *row)
{
	const FormOpenSlot *form = STORE_FORM(row, FormOpenSlot);
	OpenValues	values = {.row = {form->batch_id, form->recorded_at, form->start, form->minutes}};
	bool		isnull;

	values.values = open_slot_values(DatumGetByteaPP(store_attribute(row, Anum_open_slot_data, &isnull)), &values.n);
	return values;
}

static int
compare_rows(const void *a, const void *b)
{
	const OpenRow *one = &((const OpenValues *) a)->row;
	const OpenRow *other = &((const OpenValues *) b)->row;

	if (one->recorded_at != other->recorded_at)
		return one->recorded_at < other->recorded_at ? -1 : 1;
	if (one->batch_id != other->batch_id)
		return one->batch_id < other->batch_id ? -1 : 1;
	return one->start < other->start ? -1 : one->start > other->start;
}

/* All rows of a day whose slots begin within [from, to), as they were recorded. */
static OpenValues *
read_rows(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to, bool for_writer, int *n)
{
	int			allocated = 16;
	OpenValues *rows = palloc(allocated * sizeof(OpenValues));
	bool		pushed = for_writer && on_record_push_snapshot();
	ScanKeyData keys[4];
	StoreScan	scan;

	*n = 0;
	on_record_set_key(&keys[0], Anum_open_slot_grid_id, F_INT4EQ, Int32GetDatum(grid_id));
	on_record_set_key(&keys[1], Anum_open_slot_day, F_DATE_EQ, DateADTGetDatum(date));
	ScanKeyInit(&keys[2], Anum_open_slot_start, BTGreaterEqualStrategyNumber, F_TIMESTAMPTZ_GE, TimestampTzGetDatum(from));
	ScanKeyInit(&keys[3], Anum_open_slot_start, BTLessStrategyNumber, F_TIMESTAMPTZ_LT, TimestampTzGetDatum(to));
	store_scan_begin_index(&scan, TABLE_OPEN_SLOT, INDEX_OPEN_SLOT, lengthof(keys), keys);
	while (store_scan_next(&scan))
	{
		CHECK_FOR_INTERRUPTS();
		if (for_writer)
			on_record_require_in_snapshot(scan.row.tuple);
		if (*n == allocated)
		{
			allocated *= 2;
			rows = repalloc_huge(rows, allocated * sizeof(OpenValues));
		}
		rows[(*n)++] = values_of(&scan.row);
	}
	store_scan_end(&scan);
	if (pushed)
		PopActiveSnapshot();
	qsort(rows, *n, sizeof(OpenValues), compare_rows);
	return rows;
}

/* An entry with its point, while they are put into order. */
typedef struct PointEntry
{
	int64		point_id;
	OpenEntry	entry;
} PointEntry;

/* Merges from[a .. b - 1] and from[b .. c - 1], each by point, into to; of equal ones the former come first. */
static void
merge_runs(const PointEntry *from, PointEntry *to, int a, int b, int c)
{
	int			left = a;
	int			right = b;

	for (int i = a; i < c; i++)
	{
		bool		take_left = right == c || (left < b && from[left].point_id <= from[right].point_id);

		to[i] = take_left ? from[left++] : from[right++];
	}
}

/* The values of all rows, by point, then in the order of rows: those of a row are by point already. */
static PointEntry *
sort_entries(const OpenValues *rows, int nrows, int *n)
{
	int		   *bounds = MemoryContextAllocHuge(CurrentMemoryContext, (nrows + 1) * sizeof(int));
	int			nruns = nrows;
	PointEntry *entries;
	PointEntry *spare;

	*n = 0;
	for (int r = 0; r < nrows; r++)
	{
		bounds[r] = *n;
		*n += rows[r].n;
	}
	bounds[nrows] = *n;
	entries = MemoryContextAllocHuge(CurrentMemoryContext, Max(*n, 1) * sizeof(PointEntry));
	spare = MemoryContextAllocHuge(CurrentMemoryContext, Max(*n, 1) * sizeof(PointEntry));
	for (int r = 0; r < nrows; r++)
		for (int i = 0; i < rows[r].n; i++)
			entries[bounds[r] + i] = (PointEntry) {rows[r].values[i].point_id, {rows[r].values[i].amount, r, rows[r].values[i].quality}};
	while (nruns > 1)
	{
		PointEntry *sorted = spare;
		int			merged = 0;

		CHECK_FOR_INTERRUPTS();
		for (int r = 0; r < nruns; r += 2)
		{
			int			end = bounds[Min(r + 2, nruns)];

			merge_runs(entries, spare, bounds[r], bounds[Min(r + 1, nruns)], end);
			bounds[merged++] = bounds[r];
		}
		bounds[merged] = *n;
		nruns = merged;
		spare = entries;
		entries = sorted;
	}
	pfree(spare);
	pfree(bounds);
	return entries;
}

/* Puts the values of all rows into the day, by point. */
static void
fill_entries(OpenDay *open, const OpenValues *rows)
{
	int			n;
	PointEntry *sorted = sort_entries(rows, open->nrows, &n);

	open->points = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(int64));
	open->first = MemoryContextAllocHuge(CurrentMemoryContext, (n + 1) * sizeof(int));
	open->entries = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(OpenEntry));
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || sorted[i].point_id != sorted[i - 1].point_id)
		{
			open->points[open->npoints] = sorted[i].point_id;
			open->first[open->npoints++] = i;
		}
		open->entries[i] = sorted[i].entry;
	}
	open->first[open->npoints] = n;
	pfree(sorted);
}

static OpenDay *
read_open(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to, bool for_writer)
{
	int			n;
	OpenValues *rows = read_rows(grid_id, date, from, to, for_writer, &n);
	OpenDay    *open;

	if (n == 0)
		return NULL;
	open = palloc0(sizeof(OpenDay));
	open->nrows = n;
	open->rows = palloc(n * sizeof(OpenRow));
	for (int i = 0; i < n; i++)
		open->rows[i] = rows[i].row;
	fill_entries(open, rows);
	for (int i = 0; i < n; i++)
		pfree(rows[i].values);
	pfree(rows);
	return open;
}

/*
 * The open slots of a grid's day that begin within [from, to), in the current
 * memory context; NULL if there are none.  22P03 if they are damaged.
 */
OpenDay *
on_record_open(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to)
{
	return read_open(grid_id, date, from, to, true);
}

/* The same for who writes nothing: those of the active snapshot, whatever others have written since. */
OpenDay *
on_record_open_for_reader(int32 grid_id, DateADT date, TimestampTz from, TimestampTz to)
{
	return read_open(grid_id, date, from, to, false);
}

/* How many different starts the open slots of a grid's day have. */
int
on_record_open_starts(int32 grid_id, DateADT date)
{
	ScanKeyData keys[2];
	StoreScan	scan;
	TimestampTz latest = DT_NOBEGIN;
	int			n = 0;

	on_record_set_key(&keys[0], Anum_open_slot_grid_id, F_INT4EQ, Int32GetDatum(grid_id));
	on_record_set_key(&keys[1], Anum_open_slot_day, F_DATE_EQ, DateADTGetDatum(date));
	store_scan_begin_index(&scan, TABLE_OPEN_SLOT, INDEX_OPEN_SLOT, lengthof(keys), keys);
	while (store_scan_next(&scan))
	{
		TimestampTz start = STORE_SCAN_FORM(&scan, FormOpenSlot)->start;

		n += start != latest;
		latest = start;
	}
	store_scan_end(&scan);
	return n;
}

/* The place of a point among those that have open slots; -1: it has none. */
int
on_record_open_point(const OpenDay *open, int64 point_id)
{
	int			low = 0;
	int			high = open ? open->npoints : 0;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (open->points[middle] < point_id)
			low = middle + 1;
		else
			high = middle;
	}
	return open && low < open->npoints && open->points[low] == point_id ? low : -1;
}

/* The first day of a grid after a date that has open slots; false if none has. */
bool
on_record_first_open_day(int32 grid_id, DateADT after, DateADT *date)
{
	ScanKeyData keys[2];
	StoreRow	row;

	on_record_set_key(&keys[0], Anum_open_slot_grid_id, F_INT4EQ, Int32GetDatum(grid_id));
	ScanKeyInit(&keys[1], Anum_open_slot_day, BTGreaterStrategyNumber, F_DATE_GT, DateADTGetDatum(after));
	if (!store_find_by_index(TABLE_OPEN_SLOT, INDEX_OPEN_SLOT, lengthof(keys), keys, &row))
		return false;
	*date = STORE_FORM(&row, FormOpenSlot)->day;
	heap_freetuple(row.tuple);
	return true;
}
