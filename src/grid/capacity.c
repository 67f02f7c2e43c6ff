/*-------------------------------------------------------------------------
 *
 * capacity.c
 *	  The history of the grid capacity: a row for each change, so that the
 *	  utilization of the past is known.
 *
 * What the capacity was at some time is that of now less the changes since,
 * which the rows give for all the time that they are there for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "grid/capacity.h"
#include "grid/pool.h"
#include "grid/pricing.h"
#include "store/elevated.h"
#include "store/relations.h"
#include "store/store.h"

/* Notes that a producer's capacity has joined the grid's (change > 0) or left it, in energy units. */
static void
log_change(const Grid *grid, int64 participant_id, int64 change)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.capacity_event (at, change, participant_id, grid_id) VALUES ($1, $2, $3, $4)",
		.nargs = 4,
		.argtypes = {TIMESTAMPTZOID, INT8OID, INT8OID, INT4OID},
	};
	Datum		values[] = {
		TimestampTzGetDatum(GetCurrentTimestamp()), Int64GetDatum(change),
		Int64GetDatum(participant_id), Int32GetDatum(grid->form.grid_id)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

static Refusal *
decide_departure(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	change[POOL_CAPACITY] = *(const int64 *) arg;
	return NULL;
}

/*
 * A producer's capacity joins the grid's (change > 0) or leaves it, in energy
 * units: changes the pool, and notes it.  22003 grid capacity, 55P03 as
 * pool_apply().
 */
Refusal *
capacity_change(Pool *pool, int64 participant_id, int64 change)
{
	Refusal    *refusal = change > 0 ? pool_add(pool, POOL_CAPACITY, change) : pool_apply(pool, decide_departure, &change);

	if (refusal == NULL)
		log_change(pool->grid, participant_id, change);
	return refusal;
}

/* From when on the capacity of a grid is known: the first change of it that is noted; infinity: there is none. */
TimestampTz
capacity_known_from(int32 grid_id)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT e.at FROM smartgrid.capacity_event AS e WHERE e.grid_id = $1 ORDER BY e.at LIMIT 1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};
	TimestampTz from = DT_NOEND;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
		from = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
	elevated_end(&elevation);
	return from;
}

/* The capacity of a grid at the end of each bucket, energy units; before it is known, 0. */
sg_int128 *
capacity_at_ends(const Grid *grid, const Buckets *buckets)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT width_bucket(e.at, $2), sum(e.change)"
		" FROM smartgrid.capacity_event AS e"
		" WHERE e.grid_id = $1 AND e.at >= $3"
		" GROUP BY 1",
		.nargs = 3,
		.argtypes = {INT4OID, TIMESTAMPTZARRAYOID, TIMESTAMPTZOID},
	};
	Datum		values[] = {
		Int32GetDatum(grid->form.grid_id), buckets_borders(buckets), TimestampTzGetDatum(buckets->border[0])
	};
	sg_int128  *capacity = palloc((buckets->n + 1) * sizeof(sg_int128));
	sg_int128  *change = palloc0((buckets->n + 2) * sizeof(sg_int128));	/* by number of borders that are not after it */
	int64		total[POOL_FIELDS];

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		int32		n = DatumGetInt32(elevated_value(i, 1, INT4OID));

		change[n] = number_int128(elevated_value(i, 2, NUMERICOID));
	}
	elevated_end(&elevation);

	pool_totals(grid->form.grid_id, total);
	capacity[buckets->n - 1] = total[POOL_CAPACITY] - change[buckets->n + 1];
	for (int i = buckets->n - 2; i >= 0; i--)
		capacity[i] = capacity[i + 1] - change[i + 2];
	pfree(change);
	return capacity;
}

/*
 * 100 * load / capacity in percent, with two decimals, 0 if the capacity is 0;
 * of a load that entries of other times have made negative, too.
 */
Datum
capacity_utilization(sg_int128 load, sg_int128 capacity)
{
	if (capacity <= 0 || capacity > PG_INT64_MAX || load > PG_INT64_MAX || load < -PG_INT64_MAX)
		return NumericGetDatum(int64_div_fast_to_numeric(0, 2));
	if (load >= 0)
		return number_of_hundredths(pricing_utilization((int64) load, (int64) capacity));
	return DirectFunctionCall1(numeric_uminus,
							   number_of_hundredths(pricing_utilization((int64) -load, (int64) capacity)));
}
