/*-------------------------------------------------------------------------
 *
 * history.c
 *	  A grid's load and utilization after each quarter-hour, for the view
 *	  sg_load_curve.
 *
 * The view asks for one quarter-hour at a time.  The answer is the figure of now
 * less all changes since, which are kept for the other questions of the query
 * and read further back as these go there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "base/query_mark.h"
#include "grid/capacity.h"
#include "grid/identity.h"
#include "grid/pool.h"
#include "ledger/effect.h"
#include "ledger/reader.h"
#include "series/quarters.h"
#include "series/rollup.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_load_after);
PG_FUNCTION_INFO_V1(sg_utilization_after);

/* How far back the first look goes beyond what was asked for; each further look goes back several times as far. */
#define FIRST_SPAN	USECS_PER_DAY
#define SPAN_FACTOR	4
#define LAST_SPAN	(INT64CONST(400) * 365 * USECS_PER_DAY)

/* What a figure changes by in a quarter-hour. */
typedef struct Change
{
	TimestampTz start;
	sg_int128	change;
	sg_int128	since;			/* with all later ones */
} Change;

/* A figure over time. */
typedef struct Course
{
	sg_int128	now;
	ElevatedPlan *plan;			/* gives the changes of quarter-hours from one to another */
	TimestampTz known_from;		/* all changes from here on are known; infinity: none */
	int64		span;			/* microseconds that the next look goes back */
	int			n;
	int			allocated;
	Change	   *changes;		/* ascending */
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
	TimestampTz capacity_from;	/* from when on it is known; infinity: never */
} History;

/* Of the grids that a query asks for; gone with the transaction. */
static struct
{
	QueryMark	query;
	MemoryContext context;
	HTAB	   *grids;
}			kept;

static void
begin_course(Course *course, int64 now, ElevatedPlan *plan)
{
	course->now = now;
	course->plan = plan;
	course->known_from = DT_NOEND;
	course->span = FIRST_SPAN;
	course->n = 0;
	course->allocated = 256;
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

/* Sorts the changes, and adds up what comes after each. */
static void
sort_changes(Course *course)
{
	sg_int128	since = 0;

	qsort(course->changes, course->n, sizeof(Change), compare_changes);
	for (int i = course->n - 1; i >= 0; i--)
		course->changes[i].since = since += course->changes[i].change;
}

/* Reads what changed from a time on that is not known yet. */
static void
read_changes(Course *course, int32 grid_id, TimestampTz from)
{
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(course->known_from)};
	MemoryContext caller = CurrentMemoryContext;

	elevated_begin(&elevation);
	elevated_execute(course->plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		TimestampTz start = DatumGetTimestampTz(elevated_value(i, 1, TIMESTAMPTZOID));
		sg_int128	change = number_int128(elevated_value(i, 2, NUMERICOID));
		MemoryContext old = MemoryContextSwitchTo(caller);

		add_change(course, start, change);
		MemoryContextSwitchTo(old);
	}
	elevated_end(&elevation);
	course->known_from = from;
	sort_changes(course);
}

/* The figure at the end of a quarter-hour: that of now, less what has changed since. */
static sg_int128
after_quarter(Course *course, int32 grid_id, TimestampTz start)
{
	int			low = 0;
	int			high;

	if (start < course->known_from)
	{
		bool		all = course->span > LAST_SPAN || start < MIN_TIMESTAMP + course->span;

		read_changes(course, grid_id, all ? DT_NOBEGIN : quarter_start(start - course->span));
		course->span *= SPAN_FACTOR;
	}
	high = course->n;
	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (course->changes[middle].start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return course->now - (low < course->n ? course->changes[low].since : 0);
}

/* Adds the changes by entries that are in no rollup. */
static void
add_tail(Course *course, int32 grid_id)
{
	LedgerReader reader;
	const FormLedger *entry;
	TimestampTz start = 0;
	sg_int128	change = 0;
	bool		any = false;

	ledger_reader_open_grid(&reader, grid_id, rollup_end(grid_id).next_entry, ENTRY_LAST);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		if (any && start != quarter_start(entry->at))
		{
			add_change(course, start, change);
			change = 0;
		}
		start = quarter_start(entry->at);
		change += effect_load_change(entry);
		any = true;
	}
	ledger_reader_close(&reader);
	if (any)
		add_change(course, start, change);
}

static void
begin_load(History *history)
{
	static ElevatedPlan plan = {
		.sql = "SELECT r.quarter_start, r.load_change"
		" FROM smartgrid.rollup AS r"
		" WHERE r.grid_id = $1 AND r.quarter_start >= $2 AND r.quarter_start < $3",
		.nargs = 3,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	int64		total[POOL_FIELDS];

	pool_totals(history->grid_id, total);
	begin_course(&history->load, total[POOL_LOAD], &plan);
	add_tail(&history->load, history->grid_id);
	history->has_load = true;
}

static void
begin_capacity(History *history)
{
	static ElevatedPlan plan = {
		.sql = "SELECT smartgrid.quarter_hour(e.at), sum(e.change)"
		" FROM smartgrid.capacity_event AS e"
		" WHERE e.grid_id = $1 AND e.at >= $2 AND e.at < $3"
		" GROUP BY 1",
		.nargs = 3,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	int64		total[POOL_FIELDS];

	pool_totals(history->grid_id, total);
	begin_course(&history->capacity, total[POOL_CAPACITY], &plan);
	history->capacity_from = capacity_known_from(history->grid_id);
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

/* What is known of a grid in the present query. */
static History *
history_of(int32 grid_id)
{
	History    *history;
	StoreRow	row;
	bool		found;

	begin_query();
	history = hash_search(kept.grids, &grid_id, HASH_ENTER, &found);
	if (!found)
	{
		history->whole = history->has_load = history->has_capacity = false;
		history->whole = store_find(TABLE_GRID, grid_id, &row) &&
			identity_may_read_grid_row(&row);
	}
	return history;
}

static sg_int128
load_after(History *history, TimestampTz start)
{
	MemoryContext old = MemoryContextSwitchTo(kept.context);
	sg_int128	load;

	if (!history->has_load)
		begin_load(history);
	load = after_quarter(&history->load, history->grid_id, start);
	MemoryContextSwitchTo(old);
	return load;
}

/* False if the capacity is not known then. */
static bool
capacity_after(History *history, TimestampTz start, sg_int128 *capacity)
{
	MemoryContext old = MemoryContextSwitchTo(kept.context);
	bool		is_known;

	if (!history->has_capacity)
		begin_capacity(history);
	is_known = history->capacity_from < start + QUARTER_HOUR;
	if (is_known)
		*capacity = after_quarter(&history->capacity, history->grid_id, start);
	MemoryContextSwitchTo(old);
	return is_known;
}

/*
 * load_after(grid_id, quarter_start) -> the load of a grid at the end of a
 * quarter-hour, energy units; NULL for those who do not read all of it.
 */
Datum
sg_load_after(PG_FUNCTION_ARGS)
{
	History    *history = history_of(PG_GETARG_INT32(0));

	if (!history->whole)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(number_of_int128(load_after(history, PG_GETARG_TIMESTAMPTZ(1))));
}

/* utilization_after(grid_id, quarter_start) -> the same in percent of the capacity of then; NULL, too, if that is not known. */
Datum
sg_utilization_after(PG_FUNCTION_ARGS)
{
	History    *history = history_of(PG_GETARG_INT32(0));
	TimestampTz start = PG_GETARG_TIMESTAMPTZ(1);
	sg_int128	capacity;

	if (!history->whole || !capacity_after(history, start, &capacity))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(capacity_utilization(load_after(history, start), capacity));
}
