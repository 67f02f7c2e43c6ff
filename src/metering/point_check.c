/*-------------------------------------------------------------------------
 *
 * point_check.c
 *	  What sg_check() asks of metering points, and whether a grid's time zone may
 *	  change.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "base/errors.h"
#include "metering/point.h"
#include "store/elevated.h"

/* How many rows of points and of their registers in a grid lack what they refer to: point, identifier, owner, batch. */
int64
point_count_orphans(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT (SELECT count(*) FROM smartgrid.point AS p WHERE p.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.point_name AS n"
		" WHERE n.point_id = p.point_id AND n.grid_id = p.grid_id AND n.superseded_at = 'infinity'))"
		" + (SELECT count(*) FROM smartgrid.point_name AS n WHERE n.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = n.point_id AND p.grid_id = n.grid_id))"
		" + (SELECT count(*) FROM smartgrid.point_period AS d WHERE d.grid_id = $1"
		" AND NOT (EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = d.point_id AND p.grid_id = d.grid_id)"
		" AND (d.owner_id = 0 OR EXISTS (SELECT FROM smartgrid.participant AS o"
		" WHERE o.participant_id = d.owner_id AND o.grid_id = d.grid_id))))"
		" + (SELECT count(*) FROM smartgrid.register_reading AS r WHERE r.grid_id = $1"
		" AND NOT (EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = r.point_id AND p.grid_id = r.grid_id)"
		" AND EXISTS (SELECT FROM smartgrid.batch AS b WHERE b.batch_id = r.batch_id AND b.grid_id = r.grid_id)))",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many pairs of periods of one point in a grid overlap while they are on record. */
int64
point_count_overlaps(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT d.valid_from < lag(d.valid_to) OVER (PARTITION BY d.point_id ORDER BY d.valid_from, d.valid_to)"
		" FROM smartgrid.point_period AS d WHERE d.grid_id = $1 AND d.superseded_at = 'infinity') AS q (goes_over)"
		" WHERE q.goes_over",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many rows of points are of grids that there are not. */
int64
point_count_without_grid(void)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT p.grid_id FROM smartgrid.point AS p"
		" UNION ALL SELECT n.grid_id FROM smartgrid.point_name AS n"
		" UNION ALL SELECT d.grid_id FROM smartgrid.point_period AS d"
		" UNION ALL SELECT g.grid_id FROM smartgrid.register_reading AS g"
		" UNION ALL SELECT r.grid_id FROM smartgrid.recording AS r) AS q"
		" WHERE NOT EXISTS (SELECT FROM smartgrid.grid AS g WHERE g.grid_id = q.grid_id)",
	};

	return elevated_number(&plan, NULL, IN_ACTIVE_SNAPSHOT);
}

/*
 * The time zone of a grid is about to change: SG108 if it has metering points,
 * whose periods and readings are of its days.  Nobody makes one until the end
 * of the transaction.  55P03 as recording_begin_alone().
 */
void
point_zone_change(const Grid *grid)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT FROM smartgrid.point AS p WHERE p.grid_id = $1 LIMIT 1) AS q",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid->form.grid_id)};
	Recording	recording;

	recording_begin_alone(&recording, grid->form.grid_id);
	if (elevated_number(&plan, values, IN_NEW_SNAPSHOT) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("the time zone of grid \"%s\" cannot change: it has metering points", grid->name),
				 errdetail("Their periods and readings are of its local days."),
				 errhint("Make another grid with sg_create_grid().")));
}
