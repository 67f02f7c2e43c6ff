/*-------------------------------------------------------------------------
 *
 * check.c
 *	  sg_check(): the invariants of every grid (SPEC section 7).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "elevated.h"
#include "identity.h"
#include "result.h"

PG_FUNCTION_INFO_V1(sg_check);

/*
 * sg_check() -> one row for each invariant of each grid that the caller may
 * read in full, with both sides and whether they agree; the sums themselves
 * are smartgrid.invariants().  Read in the query's one snapshot, without
 * locks, so that it may run at any time.
 */
Datum
sg_check(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "SELECT grid, invariant, left_side, right_side, ok FROM smartgrid.invariants($1)",
		.nargs = 1,
		.argtypes = {INT4ARRAYOID},
	};
	Datum		grids;
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	grids = identity_readable_grids();
	elevated_begin();
	elevated_execute(&plan, &grids, NULL, true);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		for (int column = 1; column <= 5; column++)
		{
			bool		isnull;
			Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column, &isnull);

			if (isnull)
				result_null(&result);
			else
				result_datum(&result, value);
		}
		result_end_row(&result);
	}
	elevated_end();
	return (Datum) 0;
}
