/*-------------------------------------------------------------------------
 *
 * run_check.c
 *	  Whether final runs are what the ledger and their lines say.
 *
 * That the lines follow from what was on record, and that what consumers got is
 * what producers gave, is not in the rows of a run: sg_verify_run() computes it
 * again (doc/evidence.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "ledger/ledger.h"
#include "settlement/run_check.h"
#include "store/elevated.h"

/* How many final runs of a grid have no entry that has their digest, and how many entries no such run. */
int64
run_count_unbooked(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM"
		" (SELECT * FROM smartgrid.run AS r WHERE r.grid_id = $1 AND r.state = 1) AS r"
		" FULL JOIN (SELECT l.*, e.digest FROM smartgrid.ledger AS l"
		" LEFT JOIN smartgrid.entry_digest AS e ON e.entry_id = l.entry_id AND e.grid_id = l.grid_id"
		" WHERE l.grid_id = $1 AND l.kind = $2) AS l ON l.entry_id = r.entry_id"
		" WHERE (l.trade_id = r.run_id AND l.participant_id = 0 AND l.digest = r.digest) IS NOT TRUE",
		.nargs = 2,
		.argtypes = {INT4OID, INT2OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int16GetDatum(LEDGER_RUN)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many final runs of a grid have sums that are not those of their lines. */
int64
run_count_strays(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.run AS r"
		" LEFT JOIN (SELECT l.run_id, sum(l.money) FILTER (WHERE l.side = 0) AS charges, sum(l.money) FILTER (WHERE l.side = 1) AS credits"
		" FROM smartgrid.run_line AS l WHERE l.grid_id = $1 GROUP BY l.run_id) AS l ON l.run_id = r.run_id"
		" WHERE r.grid_id = $1 AND r.state = 1"
		" AND (r.charges = coalesce(l.charges, 0) AND r.credits = coalesce(l.credits, 0)) IS NOT TRUE",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}
