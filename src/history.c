/*-------------------------------------------------------------------------
 *
 * history.c
 *	  A grid's load and utilization after each quarter-hour, for the view
 *	  sg_load_curve.
 *
 * The view asks for one quarter-hour at a time.  The first question of a query
 * about a grid is answered by adding up all that has happened in it; that is
 * kept for the others.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "capacity.h"
#include "elevated.h"
#include "identity.h"
#include "ledger_scan.h"
#include "number.h"
#include "pool.h"
#include "quarters.h"
#include "query_mark.h"
#include "rollup.h"

PG_FUNCTION_INFO_V1(sg_load_after);
PG_FUNCTION_INFO_V1(sg_utilization_after);

/* What a figure changes by in a quarter-hour. */
typedef struct Change
{
	TimestampTz start;
	sg_int128	change;			/* once complete: with all later ones */
} Change;

/* A figure over time. */
typedef struct Course
{
	sg_int128	now;
	int			n;
	int			allocated;
	Change	   *changes;		/* once complete: ascending */
} Course;

/* What is kept of a grid. */
typedef struct History
{
	int32		grid_id;		/* key */
	bool		whole;			/* whether the caller reads the grid in full; there is nothing else of others */
	bool		has_load;
	bool		has_capacity;
	Course		load;
	Course		capacity;
} History;

/* Of the grids that a query asks for; gone with the transaction. */
static struct
{
	QueryMark	query;
	MemoryContext context;
	HTAB	   *grids;
}			kept;

static void
begin_course(Course *course, int64 now)
{
	course->now = now;
	course->n = 0;
	course->allocated = 1024;
	course->changes = palloc(course->allocated * sizeof(Change));
}

static void
add_change(Course *course, TimestampTz start, sg_int128 change)
{
	if (course->n == course->allocated)
	{
		course->allocated *= 2;
		course->changes = repalloc_huge(course->changes, course->allocated * sizeof(Change));
	}
	course->changes[course->n++] = (Change) {.start = start, .change = change};
}

static int
compare_changes(const void *a, const void *b)
{
	TimestampTz one = ((const Change *) a)->start;
	TimestampTz other = ((const Change *) b)->start;

	return (one > other) - (one < other);
}

/* Sorts the changes, and adds to each those that come later. */
static void
complete_course(Course *course)
{
	qsort(course->changes, course->n, sizeof(Change), compare_changes);
	for (int i = course->n - 2; i >= 0; i--)
		course->changes[i].change += course->changes[i + 1].change;
}

/* The figure at the end of a quarter-hour: that of now, less what has changed since. */
static sg_int128
after_quarter(const Course *course, TimestampTz start)
{
	int			low = 0;
	int			high = course->n;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (course->changes[middle].start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return course->now - (low < course->n ? course->changes[low].change : 0);
}

/* Adds the changes that a statement gives by quarter-hour. */
static void
add_changes_of(Course *course, ElevatedPlan *plan, int32 grid_id)
{
	Datum		values[] = {Int32GetDatum(grid_id)};
	MemoryContext caller = CurrentMemoryContext;

	elevated_begin();
	elevated_execute(plan, values, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		TimestampTz start = DatumGetTimestampTz(SPI_getbinval(SPI_tuptable->vals[i], desc, 1, &isnull));
		sg_int128	change = 0;
		MemoryContext old;

		change = number_int128(SPI_getbinval(SPI_tuptable->vals[i], desc, 2, &isnull));
		old = MemoryContextSwitchTo(caller);
		add_change(course, start, change);
		MemoryContextSwitchTo(old);
	}
	elevated_end();
}

/* Adds the changes by entries that are in no rollup. */
static void
add_tail(Course *course, int32 grid_id)
{
	LedgerScan	scan;
	const FormLedger *entry;
	TimestampTz start = 0;
	sg_int128	change = 0;
	bool		any = false;

	ledger_scan_begin(&scan, grid_id, rollup_end(grid_id).next_entry, PG_INT64_MAX);
	while ((entry = ledger_scan_next(&scan)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (any && start != quarter_start(entry->at))
		{
			add_change(course, start, change);
			change = 0;
		}
		start = quarter_start(entry->at);
		change += sums_load_sign(entry->kind) * (sg_int128) entry->energy;
		any = true;
	}
	ledger_scan_end(&scan);
	if (any)
		add_change(course, start, change);
}

static void
read_load(History *history)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.quarter_start, r.produced OPERATOR(pg_catalog.+) r.discharged OPERATOR(pg_catalog.+) r.released"
		" OPERATOR(pg_catalog.-) r.consumed OPERATOR(pg_catalog.-) r.charged OPERATOR(pg_catalog.-) r.held"
		" FROM smartgrid.rollup AS r WHERE r.grid_id OPERATOR(pg_catalog.=) $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	int64		total[POOL_FIELDS];

	pool_totals(history->grid_id, total);
	begin_course(&history->load, total[POOL_LOAD]);
	add_changes_of(&history->load, &plan, history->grid_id);
	add_tail(&history->load, history->grid_id);
	complete_course(&history->load);
	history->has_load = true;
}

static void
read_capacity(History *history)
{
	static ElevatedPlan plan = {
		.sql = "SELECT pg_catalog.date_bin('15 minutes', e.at, '2000-01-01 00:00:00+00'), pg_catalog.sum(e.change)"
		" FROM smartgrid.capacity_event AS e WHERE e.grid_id OPERATOR(pg_catalog.=) $1 GROUP BY 1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	int64		total[POOL_FIELDS];

	pool_totals(history->grid_id, total);
	begin_course(&history->capacity, total[POOL_CAPACITY]);
	add_changes_of(&history->capacity, &plan, history->grid_id);
	complete_course(&history->capacity);
	history->has_capacity = true;
}

/* Forgets what is kept, unless it is the present query's. */
static void
begin_query(void)
{
	QueryMark	query = query_mark();
	HASHCTL		ctl = {.keysize = sizeof(int32), .entrysize = sizeof(History)};

	if (query_mark_equal(&kept.query, &query))
		return;
	if (kept.query.transaction == query.transaction)
		MemoryContextDelete(kept.context);
	kept.query = (QueryMark) {0};	/* an error leaves nothing */
	kept.context = AllocSetContextCreate(TopTransactionContext, "smartgrid history", ALLOCSET_DEFAULT_SIZES);
	ctl.hcxt = kept.context;
	kept.grids = hash_create("smartgrid history", 16, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	kept.query = query;
}

/* What is known of a grid in the present query, with the figures that are asked for where the caller may have them. */
static const History *
history_of(int32 grid_id, bool with_capacity)
{
	History    *history;
	MemoryContext old;
	StoreRow	row;
	bool		found;

	begin_query();
	history = hash_search(kept.grids, &grid_id, HASH_ENTER, &found);
	old = MemoryContextSwitchTo(kept.context);
	if (!found)
	{
		history->whole = history->has_load = history->has_capacity = false;
		history->whole = store_find(TABLE_GRID, grid_id, &row) &&
			identity_may_read_grid(STORE_FORM(&row, FormGrid)->operator_role);
	}
	if (history->whole && !history->has_load)
		read_load(history);
	if (history->whole && with_capacity && !history->has_capacity)
		read_capacity(history);
	MemoryContextSwitchTo(old);
	return history;
}

/*
 * load_after(grid_id, quarter_start) -> the load of a grid at the end of a
 * quarter-hour, energy units; NULL for those who do not read all of it.
 */
Datum
sg_load_after(PG_FUNCTION_ARGS)
{
	const History *history = history_of(PG_GETARG_INT32(0), false);

	if (!history->whole)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(number_of_int128(after_quarter(&history->load, PG_GETARG_TIMESTAMPTZ(1))));
}

/* utilization_after(grid_id, quarter_start) -> the same in percent of the capacity of then. */
Datum
sg_utilization_after(PG_FUNCTION_ARGS)
{
	const History *history = history_of(PG_GETARG_INT32(0), true);
	TimestampTz start = PG_GETARG_TIMESTAMPTZ(1);

	if (!history->whole)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(capacity_utilization(after_quarter(&history->load, start), after_quarter(&history->capacity, start)));
}
