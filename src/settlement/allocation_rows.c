/*-------------------------------------------------------------------------
 *
 * allocation_rows.c
 *	  Models of allocation on record: finding, writing and reading them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "settlement/allocation_rows.h"
#include "store/elevated.h"

static DatedTable allocations = {
	.name = "allocation",
	.key = NULL,
	.nattributes = 1,
	.attributes = {"model"},
	.types = {INT2OID},
};

/* The models of a grid around a time. */
void
allocation_find(DatedPlace *place, int32 grid_id, TimestampTz at)
{
	dated_find(place, &allocations, grid_id, 0, at);
}

/* Records a model from the place's time on; false if it is on record just so. */
bool
allocation_set(const DatedPlace *place, AllocationModel model, Recording *recording)
{
	Datum		values[] = {Int16GetDatum((int16) model)};

	return dated_set(place, values, recording);
}

/* The models of a grid within [from, to) that were on record at a moment, DT_NOEND: that are now; in their order. */
AllocationFact *
allocation_load(int32 grid_id, TimestampTz from, TimestampTz to, TimestampTz as_of, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT a.valid_from, a.valid_to, a.model FROM smartgrid.allocation AS a"
		" WHERE a.grid_id = $1 AND a.valid_from < $3 AND a.valid_to > $2 AND " DATED_ON_RECORD("a", 4)
		" ORDER BY a.valid_from",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), TimestampTzGetDatum(dated_moment(as_of))
	};
	AllocationFact *facts;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	*n = (int) SPI_processed;
	facts = MemoryContextAlloc(caller, Max(*n, 1) * sizeof(AllocationFact));
	for (int i = 0; i < *n; i++)
		facts[i] = (AllocationFact) {
			.from = DatumGetTimestampTz(elevated_value(i, 1, TIMESTAMPTZOID)),
			.to = DatumGetTimestampTz(elevated_value(i, 2, TIMESTAMPTZOID)),
			.model = (AllocationModel) DatumGetInt16(elevated_value(i, 3, INT2OID))
		};
	elevated_end(&elevation);
	return facts;
}
