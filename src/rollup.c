/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  The rows of smartgrid.rollup: what sealed entries add up to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "elevated.h"
#include "number.h"
#include "rollup.h"

/* Where the rollups of a grid end, in the active snapshot. */
RollupEnd
rollup_end(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT e.last_entry, e.load FROM smartgrid.rollup_end AS e WHERE e.grid_id OPERATOR(pg_catalog.=) $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};
	RollupEnd	end = {.next_entry = PG_INT64_MIN};
	bool		isnull;

	elevated_begin();
	elevated_execute(&plan, values, NULL, true);
	if (SPI_processed > 0)
	{
		end.next_entry = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull)) + 1;
		(void) number_to_int128(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull), &end.load);
	}
	elevated_end();
	return end;
}
