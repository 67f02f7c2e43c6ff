/*-------------------------------------------------------------------------
 *
 * rollup_write.c
 *	  Adding sums to the rows of smartgrid.rollup and smartgrid.rollup_production.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "series/rollup.h"
#include "store/elevated.h"

/* How many quarter-hours one statement writes. */
#define BATCH	1000

/* The columns of smartgrid.rollup but for the grid. */
#define SUMS_COLUMNS	(1 + SUM_COUNT + ROLLUP_FURTHER)

/* And of smartgrid.rollup_production. */
#define PRODUCTION_COLUMNS	3

StaticAssertDecl(1 + SUMS_COLUMNS <= ELEVATED_MAX_ARGS, "a statement has room for the columns of smartgrid.rollup");

/* The rows that a statement writes: an array for each of its arguments but the first, which is the grid. */
typedef struct Rows
{
	int			n;
	int			columns;
	Datum	   *values[SUMS_COLUMNS];
	bool	   *isnull[SUMS_COLUMNS];
} Rows;

/* Begins with no row, and room for some. */
static void
rows_begin(Rows *rows, int columns, int room)
{
	rows->n = 0;
	rows->columns = columns;
	for (int c = 0; c < columns; c++)
	{
		rows->values[c] = palloc(room * sizeof(Datum));
		rows->isnull[c] = palloc(room * sizeof(bool));
	}
}

/* Adds a row of as many values as there are columns, which clang-tidy loses sight of. */
static void
rows_add(Rows *rows, const Datum *values, const bool *isnull)
{
	for (int c = 0; c < rows->columns; c++)
	{
		rows->values[c][rows->n] = values[c];	/* NOLINT(clang-analyzer-core.uninitialized.Assign) */
		rows->isnull[c][rows->n] = isnull[c];
	}
	rows->n++;
}

/* Runs a statement with the grid and the rows. */
static void
rows_write(Rows *rows, ElevatedPlan *plan, int32 grid_id)
{
	Datum		values[1 + SUMS_COLUMNS];
	int			lower = 1;

	values[0] = Int32GetDatum(grid_id);
	for (int c = 0; c < rows->columns; c++)
	{
		Oid			type = get_element_type(plan->argtypes[1 + c]);
		int16		width;
		bool		byval;
		char		align;

		get_typlenbyvalalign(type, &width, &byval, &align);
		values[1 + c] = PointerGetDatum(construct_md_array(rows->values[c], rows->isnull[c], 1, &rows->n, &lower,
														   type, width, byval, align));
	}
	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
}

/* The statement that adds sums to the rows of smartgrid.rollup, or makes these. */
static ElevatedPlan *
sums_plan(void)
{
	static ElevatedPlan plan;
	MemoryContext old;
	StringInfoData sql;

	if (plan.sql != NULL)
		return &plan;
	old = MemoryContextSwitchTo(TopMemoryContext);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "INSERT INTO smartgrid.rollup AS r (grid_id, ");
	rollup_columns(&sql);
	appendStringInfoString(&sql, ") SELECT $1, n.* FROM ROWS FROM (");
	for (int c = 0; c < SUMS_COLUMNS; c++)
		appendStringInfo(&sql, "%sunnest($%d)", c == 0 ? "" : ", ", 2 + c);
	appendStringInfoString(&sql, ") AS n ON CONFLICT ON CONSTRAINT rollup_pkey DO UPDATE SET ");
	for (int i = 0; i < SUM_COUNT; i++)
		appendStringInfo(&sql, "%s = r.%s + EXCLUDED.%s, ", sum_names[i], sum_names[i], sum_names[i]);
	appendStringInfoString(&sql, "price_low = LEAST(r.price_low, EXCLUDED.price_low),"
						   " price_high = GREATEST(r.price_high, EXCLUDED.price_high),"
						   " peak_load = GREATEST(r.peak_load, EXCLUDED.peak_load),"
						   " peak_at = CASE WHEN EXCLUDED.peak_load > r.peak_load THEN EXCLUDED.peak_at"
						   " WHEN EXCLUDED.peak_load < r.peak_load THEN r.peak_at"
						   " ELSE LEAST(r.peak_at, EXCLUDED.peak_at) END");
	MemoryContextSwitchTo(old);

	plan.nargs = 0;
	plan.argtypes[plan.nargs++] = INT4OID;
	plan.argtypes[plan.nargs++] = TIMESTAMPTZARRAYOID;
	for (int i = 0; i < SUM_COUNT; i++)
		plan.argtypes[plan.nargs++] = NUMERICARRAYOID;
	plan.argtypes[plan.nargs++] = INT8ARRAYOID;
	plan.argtypes[plan.nargs++] = INT8ARRAYOID;
	plan.argtypes[plan.nargs++] = NUMERICARRAYOID;
	plan.argtypes[plan.nargs++] = TIMESTAMPTZARRAYOID;
	plan.sql = sql.data;
	return &plan;
}

static void
write_sums(int32 grid_id, Quarter *const *quarters, int n)
{
	Rows		rows;

	rows_begin(&rows, SUMS_COLUMNS, n);
	for (int i = 0; i < n; i++)
	{
		const Sums *sums = &quarters[i]->sums;
		Datum		values[SUMS_COLUMNS];
		bool		isnull[SUMS_COLUMNS] = {false};
		int			c = 0;

		values[c++] = TimestampTzGetDatum(quarters[i]->start);
		for (int s = 0; s < SUM_COUNT; s++)
			values[c++] = number_of_int128(sums->value[s]);
		isnull[c] = isnull[c + 1] = sums->price_low > sums->price_high;
		values[c++] = Int64GetDatum(sums->price_low);
		values[c++] = Int64GetDatum(sums->price_high);
		values[c++] = number_of_int128(sums->peak_load);
		values[c++] = TimestampTzGetDatum(sums->peak_at);
		rows_add(&rows, values, isnull);
	}
	rows_write(&rows, sums_plan(), grid_id);
}

/* Removes rows of production that reversals have brought down to nothing: made anew there would be none. */
static void
remove_empty_production(int32 grid_id, Quarter *const *quarters, int n)
{
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.rollup_production AS p"
		" WHERE p.grid_id = $1 AND p.quarter_start = ANY ($2) AND p.produced = 0",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZARRAYOID},
	};
	static const bool isnull[1] = {false};
	Rows		rows;

	rows_begin(&rows, 1, n);
	for (int i = 0; i < n; i++)
	{
		Datum		start = TimestampTzGetDatum(quarters[i]->start);

		rows_add(&rows, &start, isnull);
	}
	rows_write(&rows, &plan, grid_id);
}

/* Adds production by energy type to its rows, or makes these. */
static void
write_production(int32 grid_id, Quarter *const *quarters, int n)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.rollup_production AS p (grid_id, quarter_start, energy_type, produced)"
		" SELECT $1, n.*"
		" FROM ROWS FROM (unnest($2), unnest($3), unnest($4)) AS n"
		" ON CONFLICT ON CONSTRAINT rollup_production_pkey DO UPDATE SET produced = p.produced + EXCLUDED.produced",
		.nargs = 1 + PRODUCTION_COLUMNS,
		.argtypes = {INT4OID, TIMESTAMPTZARRAYOID, INT2ARRAYOID, NUMERICARRAYOID},
	};
	static const bool isnull[PRODUCTION_COLUMNS] = {false};
	bool		any_less = false;
	Rows		rows;

	rows_begin(&rows, PRODUCTION_COLUMNS, n * ENERGY_TYPE_COUNT);
	for (int i = 0; i < n; i++)
		for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
		{
			sg_int128	produced = quarters[i]->sums.production[type];
			Datum		values[PRODUCTION_COLUMNS];

			if (produced == 0)
				continue;
			any_less |= produced < 0;
			values[0] = TimestampTzGetDatum(quarters[i]->start);
			values[1] = Int16GetDatum(type);
			values[2] = number_of_int128(produced);
			rows_add(&rows, values, isnull);
		}
	if (rows.n > 0)
		rows_write(&rows, &plan, grid_id);
	if (any_less)
		remove_empty_production(grid_id, quarters, n);
}

/* Adds the sums of some quarter-hours of a grid to what is there. */
void
rollup_write(int32 grid_id, Quarter *const *quarters, int n)
{
	Elevation	elevation;
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rollup", ALLOCSET_DEFAULT_SIZES);

	elevated_begin(&elevation);
	for (int i = 0; i < n; i += BATCH)
	{
		MemoryContext old = MemoryContextSwitchTo(batch);

		CHECK_FOR_INTERRUPTS();
		write_sums(grid_id, quarters + i, Min(BATCH, n - i));
		write_production(grid_id, quarters + i, Min(BATCH, n - i));
		MemoryContextSwitchTo(old);
		MemoryContextReset(batch);
	}
	elevated_end(&elevation);
	MemoryContextDelete(batch);
}
