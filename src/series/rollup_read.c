/*-------------------------------------------------------------------------
 *
 * rollup_read.c
 *	  Reading the rows of smartgrid.rollup and smartgrid.rollup_production.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "series/rollup.h"
#include "store/elevated.h"

/* How many rows are fetched at a time. */
#define FETCH_ROWS		1000

/* Quarter-hour, sums, lowest and highest price, peak load and its time. */
#define ROW_COLUMNS		(1 + SUM_COUNT + ROLLUP_FURTHER)

/* Which rows of a table of rollups are read: grid, from, to, but for some quarter-hours. */
#define ROW_ARGTYPES	{INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID}
#define ROWS_OF(row) \
	" WHERE " row ".grid_id = $1 AND " row ".quarter_start >= $2" \
	" AND " row ".quarter_start < $3 AND " row ".quarter_start <> ALL ($4)"

/* Adds the columns of smartgrid.rollup but for the grid, in the order in which C has them. */
void
rollup_columns(StringInfo sql)
{
	appendStringInfoString(sql, "quarter_start, ");
	for (int i = 0; i < SUM_COUNT; i++)
		appendStringInfo(sql, "%s, ", sum_names[i]);
	appendStringInfoString(sql, "price_low, price_high, peak_load, peak_at");
}

/* A row as sums; returns when its quarter-hour starts. */
static TimestampTz
read_sums(HeapTuple tuple, TupleDesc desc, Sums *sums)
{
	Datum		values[ROW_COLUMNS];
	bool		isnull[ROW_COLUMNS];
	int			n = 1;

	heap_deform_tuple(tuple, desc, values, isnull);
	/* The prices may be NULL, both. */
	for (int i = 0; i < ROW_COLUMNS; i++)
		if (isnull[i] && (i != SUM_COUNT + 1 || !isnull[i + 1]) && (i != SUM_COUNT + 2 || !isnull[i - 1]))
			error_column_not_as_expected(desc, i + 1);
	sums_init(sums);
	for (int i = 0; i < SUM_COUNT; i++)
		sums->value[i] = number_int128(values[n++]);
	if (!isnull[n])
	{
		sums->price_low = DatumGetInt64(values[n]);
		sums->price_high = DatumGetInt64(values[n + 1]);
	}
	n += 2;
	sums->peak_load = number_int128(values[n++]);
	sums->peak_at = DatumGetTimestampTz(values[n]);
	return DatumGetTimestampTz(values[0]);
}

static void
take_sums(HeapTuple tuple, TupleDesc desc, const RollupReader *reader)
{
	Sums		sums;
	TimestampTz start = read_sums(tuple, desc, &sums);

	reader->take(reader->arg, start, &sums);
}

static void
take_production(HeapTuple tuple, TupleDesc desc, const RollupReader *reader)
{
	Datum		values[3];
	bool		isnull[3];

	heap_deform_tuple(tuple, desc, values, isnull);
	for (int i = 0; i < (int) lengthof(values); i++)
		if (isnull[i])
			error_column_not_as_expected(desc, i + 1);
	/* Of a type that this library does not know it is production all the same, which the other table has. */
	if (energy_type_name(DatumGetInt16(values[1])) != NULL)
		reader->take_production(reader->arg, DatumGetTimestampTz(values[0]), DatumGetInt16(values[1]), number_int128(values[2]));
}

/* Runs a query with columns of these types, and gives each of its rows to take. */
static void
read_rows(ElevatedPlan *plan, Datum *values, const Oid *types, int ntypes,
		  void (*take) (HeapTuple tuple, TupleDesc desc, const RollupReader *reader), const RollupReader *reader)
{
	Elevation	elevation;
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rollup", ALLOCSET_DEFAULT_SIZES);
	Portal		rows;

	elevated_begin(&elevation);
	rows = elevated_open(plan, values);
	for (;;)
	{
		MemoryContext old;

		SPI_cursor_fetch(rows, true, FETCH_ROWS);
		if (SPI_processed == 0)
			break;
		elevated_require_types(SPI_tuptable->tupdesc, types, ntypes);
		old = MemoryContextSwitchTo(batch);
		for (uint64 i = 0; i < SPI_processed; i++)
			take(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, reader);
		MemoryContextSwitchTo(old);
		MemoryContextReset(batch);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(rows);
	elevated_end(&elevation);
	MemoryContextDelete(batch);
}

static ElevatedPlan *
sums_plan(void)
{
	static ElevatedPlan plan = {
		.nargs = 4,
		.argtypes = ROW_ARGTYPES,
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	MemoryContext old;
	StringInfoData sql;

	if (plan.sql != NULL)
		return &plan;
	old = MemoryContextSwitchTo(TopMemoryContext);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	rollup_columns(&sql);
	appendStringInfoString(&sql, " FROM smartgrid.rollup AS r" ROWS_OF("r"));
	MemoryContextSwitchTo(old);
	plan.sql = sql.data;
	return &plan;
}

static void
read_all_sums(Datum *values, const RollupReader *reader)
{
	Oid			types[ROW_COLUMNS];
	int			n = 0;

	types[n++] = TIMESTAMPTZOID;
	for (int i = 0; i < SUM_COUNT; i++)
		types[n++] = NUMERICOID;
	types[n++] = INT8OID;
	types[n++] = INT8OID;
	types[n++] = NUMERICOID;
	types[n++] = TIMESTAMPTZOID;
	read_rows(sums_plan(), values, types, n, take_sums, reader);
}

static void
read_all_production(Datum *values, const RollupReader *reader)
{
	static const Oid types[] = {TIMESTAMPTZOID, INT2OID, NUMERICOID};
	static ElevatedPlan plan = {
		.sql = "SELECT quarter_start, energy_type, produced FROM smartgrid.rollup_production AS p" ROWS_OF("p"),
		.nargs = 4,
		.argtypes = ROW_ARGTYPES,
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};

	read_rows(&plan, values, types, lengthof(types), take_production, reader);
}

/* Gives the rollups of a grid that start from one time up to another, but for some, to a reader. */
void
rollup_read(int32 grid_id, TimestampTz from, TimestampTz to, const TimestampTz *except, int nexcept, const RollupReader *reader)
{
	Datum	   *times = palloc(Max(nexcept, 1) * sizeof(Datum));
	Datum		values[4];

	for (int i = 0; i < nexcept; i++)
		times[i] = TimestampTzGetDatum(except[i]);
	values[0] = Int32GetDatum(grid_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[3] = PointerGetDatum(construct_array(times, nexcept, TIMESTAMPTZOID, sizeof(TimestampTz), true, TYPALIGN_DOUBLE));
	read_all_sums(values, reader);
	read_all_production(values, reader);
	pfree(times);
}

/* What the load of a grid has changed by in the rollups that start from one time on, energy units. */
sg_int128
rollup_change_from(int32 grid_id, TimestampTz from)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(sum(r.load_change), 0) FROM smartgrid.rollup AS r"
		" WHERE r.grid_id = $1 AND r.quarter_start >= $2",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from)};
	sg_int128	change = 0;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	change = number_int128(elevated_value(0, 1, NUMERICOID));
	elevated_end(&elevation);
	return change;
}
