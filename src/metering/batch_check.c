/*-------------------------------------------------------------------------
 *
 * batch_check.c
 *	  Readings on record that no batch accounts for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "metering/batch_check.h"
#include "store/elevated.h"

/* The number that a query about a grid gives. */
static int64
number_of_grid(ElevatedPlan *plan, int32 grid_id)
{
	Datum		values[] = {Int32GetDatum(grid_id)};

	plan->nargs = 1;
	plan->argtypes[0] = INT4OID;
	return elevated_number(plan, values, IN_ACTIVE_SNAPSHOT);
}

/*
 * How many versions, packs and open slots a grid has that are of no batch, or
 * of a day of which the batch has nothing new: the lines of batches do not
 * show them.  A pack that no batch has a slot of is one, too.
 */
int64
batch_count_strays(int32 grid_id)
{
	static ElevatedPlan versions = {
		.sql = "SELECT count(*) FROM smartgrid.interval_day AS d"
		" LEFT JOIN smartgrid.batch AS b ON b.batch_id = d.batch_id AND b.grid_id = d.grid_id AND d.day BETWEEN b.first_day AND b.last_day"
		" LEFT JOIN smartgrid.interval_pack AS p ON p.pack_id = d.batch_id AND p.grid_id = d.grid_id AND p.day = d.day"
		" WHERE d.grid_id = $1 AND (b.batch_id IS NULL) = (p.pack_id IS NULL)",
	};
	static ElevatedPlan packs = {
		.sql = "SELECT count(*) FROM smartgrid.interval_pack AS p"
		" WHERE p.grid_id = $1 AND (SELECT count(*) FROM unnest(p.batches) AS e (batch_id)"
		" LEFT JOIN smartgrid.batch AS b ON b.batch_id = e.batch_id AND b.grid_id = p.grid_id AND p.day BETWEEN b.first_day AND b.last_day"
		" WHERE e.batch_id IS DISTINCT FROM 0 HAVING count(*) > 0 AND count(*) = count(b.batch_id)) IS NULL",
	};
	static ElevatedPlan open_slots = {
		.sql = "SELECT count(*) FROM smartgrid.open_slot AS o"
		" LEFT JOIN smartgrid.batch AS b ON b.batch_id = o.batch_id AND b.grid_id = o.grid_id AND o.day BETWEEN b.first_day AND b.last_day"
		" WHERE o.grid_id = $1 AND b.batch_id IS NULL",
	};

	return number_of_grid(&versions, grid_id) + number_of_grid(&packs, grid_id) + number_of_grid(&open_slots, grid_id);
}

/*
 * How many versions of a grid's days do not follow the one before: by their
 * number, or recorded before it.  A batch that is written in parts, or whose
 * slots are packed, may have several of one time.
 */
int64
batch_count_out_of_order(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT d.version, d.recorded_at, lag(d.version, 1, 0) OVER w AS before, lag(d.recorded_at, 1, '-infinity') OVER w AS recorded_before"
		" FROM smartgrid.interval_day AS d WHERE d.grid_id = $1 WINDOW w AS (PARTITION BY d.day, d.point_id ORDER BY d.version)) AS q"
		" WHERE q.version <> q.before + 1 OR q.recorded_at < q.recorded_before",
	};

	return number_of_grid(&plan, grid_id);
}
