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

/* A column of the rows that one statement writes. */
typedef struct Column
{
	int			n;
	Datum		values[BATCH * ENERGY_TYPE_COUNT];
	bool		isnull[BATCH * ENERGY_TYPE_COUNT];
} Column;

/* The rows of a statement: its second and further arguments, each an array. */
typedef struct Columns
{
	int			n;
	Column	   *column[ELEVATED_MAX_ARGS - 1];
} Columns;

StaticAssertDecl(1 + SUM_COUNT + ROLLUP_FURTHER <= ELEVATED_MAX_ARGS - 1, "a statement has room for the columns of smartgrid.rollup");

/* Sets the next column of a row. */
static void
put(Columns *columns, int *c, Datum value, bool isnull)
{
	Column	   *column;

	if (*c == columns->n)
		columns->column[columns->n++] = palloc0(sizeof(Column));
	column = columns->column[(*c)++];
	column->values[column->n] = value;
	column->isnull[column->n++] = isnull;
}

static Datum
array_of(Column *column, Oid type)
{
	int			lower = 1;
	int16		width;
	bool		byval;
	char		align;

	get_typlenbyvalalign(type, &width, &byval, &align);
	return PointerGetDatum(construct_md_array(column->values, column->isnull, 1, &column->n, &lower, type, width, byval, align));
}

/* Runs a statement with the grid and the rows. */
static void
execute(ElevatedPlan *plan, int32 grid_id, Columns *columns)
{
	Datum		values[ELEVATED_MAX_ARGS];

	values[0] = Int32GetDatum(grid_id);
	for (int i = 0; i < columns->n; i++)
		values[1 + i] = array_of(columns->column[i], get_element_type(plan->argtypes[1 + i]));
	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
}

/* Adds the sums of quarter-hours to their rows in smartgrid.rollup, or makes these. */
static ElevatedPlan *
rollup_plan(void)
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
	for (int i = 0; i < 1 + SUM_COUNT + ROLLUP_FURTHER; i++)
		appendStringInfo(&sql, "%sunnest($%d)", i == 0 ? "" : ", ", 2 + i);
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
	Columns		columns = {0};

	for (int i = 0; i < n; i++)
	{
		const Sums *sums = &quarters[i]->sums;
		bool		no_price = sums->price_low > sums->price_high;
		int			c = 0;

		put(&columns, &c, TimestampTzGetDatum(quarters[i]->start), false);
		for (int s = 0; s < SUM_COUNT; s++)
			put(&columns, &c, number_of_int128(sums->value[s]), false);
		put(&columns, &c, Int64GetDatum(sums->price_low), no_price);
		put(&columns, &c, Int64GetDatum(sums->price_high), no_price);
		put(&columns, &c, number_of_int128(sums->peak_load), false);
		put(&columns, &c, TimestampTzGetDatum(sums->peak_at), false);
	}
	execute(rollup_plan(), grid_id, &columns);
}

/* Adds production by energy type to its rows in smartgrid.rollup_production, or makes these. */
static void
write_production(int32 grid_id, Quarter *const *quarters, int n)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.rollup_production AS p (grid_id, quarter_start, energy_type, produced)"
		" SELECT $1, n.* FROM ROWS FROM (unnest($2), unnest($3), unnest($4)) AS n"
		" ON CONFLICT ON CONSTRAINT rollup_production_pkey DO UPDATE"
		" SET produced = p.produced + EXCLUDED.produced",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZARRAYOID, INT2ARRAYOID, NUMERICARRAYOID},
	};
	Columns		columns = {0};

	for (int i = 0; i < n; i++)
		for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
		{
			sg_int128	produced = quarters[i]->sums.production[type];
			int			c = 0;

			if (produced == 0)
				continue;
			put(&columns, &c, TimestampTzGetDatum(quarters[i]->start), false);
			put(&columns, &c, Int16GetDatum(type), false);
			put(&columns, &c, number_of_int128(produced), false);
		}
	if (columns.n > 0)
		execute(&plan, grid_id, &columns);
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
