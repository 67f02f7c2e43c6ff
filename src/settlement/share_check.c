/*-------------------------------------------------------------------------
 *
 * share_check.c
 *	  What sg_check() asks of shares.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "settlement/share.h"
#include "store/elevated.h"

/* How many shares of a grid are of no metering point. */
int64
share_count_orphans(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.share AS s WHERE s.grid_id = $1"
		" AND NOT EXISTS (SELECT FROM smartgrid.point AS p WHERE p.point_id = s.point_id AND p.grid_id = s.grid_id)",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/*
 * How many identifiers of a grid have factors, in all grids, that sum to more
 * than 100 percent somewhere; and one more if the keys of its consumers do.
 */
int64
share_count_beyond(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "WITH on_record AS (SELECT n.name, s.grid_id, s.valid_from, s.valid_to, s.factor,"
		" CASE WHEN p.kind = ANY ($2) THEN greatest(s.key, 0) ELSE 0 END AS key"
		" FROM smartgrid.share AS s"
		" JOIN smartgrid.point AS p ON p.point_id = s.point_id"
		" JOIN smartgrid.point_name AS n ON n.point_id = s.point_id AND n.superseded_at = 'infinity'"
		" WHERE s.superseded_at = 'infinity'),"
		" change (name, at, value) AS (SELECT r.name, unnest(ARRAY[r.valid_from, r.valid_to]), unnest(ARRAY[r.factor, - r.factor])"
		" FROM on_record AS r WHERE r.name IN (SELECT o.name FROM on_record AS o WHERE o.grid_id = $1)"
		" UNION ALL SELECT NULL, unnest(ARRAY[r.valid_from, r.valid_to]), unnest(ARRAY[r.key, - r.key])"
		" FROM on_record AS r WHERE r.grid_id = $1 AND r.key > 0)"
		" SELECT count(*) FROM (SELECT FROM (SELECT c.name, sum(sum(c.value)) OVER (PARTITION BY c.name ORDER BY c.at) AS total"
		" FROM change AS c GROUP BY c.name, c.at) AS q GROUP BY q.name HAVING max(q.total) > 1000000000000000000) AS beyond",
		.nargs = 2,
		.argtypes = {INT4OID, INT2ARRAYOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), share_consumer_kinds()};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many models, shares, tariffs, assignments and holidays are of grids that there are not. */
int64
share_count_without_grid(void)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT a.grid_id FROM smartgrid.allocation AS a"
		" UNION ALL SELECT s.grid_id FROM smartgrid.share AS s"
		" UNION ALL SELECT t.grid_id FROM smartgrid.tariff AS t"
		" UNION ALL SELECT v.grid_id FROM smartgrid.tariff_version AS v"
		" UNION ALL SELECT e.grid_id FROM smartgrid.assignee AS e"
		" UNION ALL SELECT n.grid_id FROM smartgrid.assignment AS n"
		" UNION ALL SELECT h.grid_id FROM smartgrid.holiday AS h) AS q"
		" WHERE NOT EXISTS (SELECT FROM smartgrid.grid AS g WHERE g.grid_id = q.grid_id)",
	};

	return elevated_number(&plan, NULL, IN_ACTIVE_SNAPSHOT);
}
