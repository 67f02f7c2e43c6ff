/*-------------------------------------------------------------------------
 *
 * assignment_rows.c
 *	  Assignments of tariffs on record: finding and writing them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "settlement/assignment.h"
#include "store/elevated.h"

/* Attributes, in the order of DatedFact.values. */
enum
{
	ASSIGNMENT_EXEMPT,
	ASSIGNMENT_QUANTITY,
	ASSIGNMENT_ATTRIBUTES
};

static DatedTable assignments = {
	.name = "assignment",
	.key = "assignee_id",
	.nattributes = ASSIGNMENT_ATTRIBUTES,
	.attributes = {
		[ASSIGNMENT_EXEMPT] = "exempt",
		[ASSIGNMENT_QUANTITY] = "quantity"
	},
	.types = {
		[ASSIGNMENT_EXEMPT] = BOOLOID,
		[ASSIGNMENT_QUANTITY] = NUMERICOID
	},
};

/* The number of an assignee; 0: the tariff was never assigned to it. */
int64
assignee_find(int32 grid_id, const Assignee *assignee)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(max(a.assignee_id), 0) FROM smartgrid.assignee AS a"
		" WHERE a.tariff_id = $2 AND a.point_id = $3 AND a.participant_id = $4 AND a.grid_id = $1",
		.nargs = 4,
		.argtypes = {INT4OID, INT8OID, INT8OID, INT8OID},
	};
	Datum		values[] = {
		Int32GetDatum(grid_id), Int64GetDatum(assignee->tariff_id), Int64GetDatum(assignee->point_id),
		Int64GetDatum(assignee->participant_id)
	};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* Makes an assignee, and returns its number. */
static int64
insert_assignee(int32 grid_id, const Assignee *assignee)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.assignee (grid_id, tariff_id, point_id, participant_id) VALUES ($1, $2, $3, $4) RETURNING assignee_id",
		.nargs = 4,
		.argtypes = {INT4OID, INT8OID, INT8OID, INT8OID},
	};
	Datum		values[] = {
		Int32GetDatum(grid_id), Int64GetDatum(assignee->tariff_id), Int64GetDatum(assignee->point_id),
		Int64GetDatum(assignee->participant_id)
	};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT);
}

/* The assignments of an assignee around a time. */
void
assignment_find(DatedPlace *place, int32 grid_id, int64 assignee_id, TimestampTz at)
{
	dated_find(place, &assignments, grid_id, assignee_id, at);
}

AssignmentTerms
assignment_of_fact(const DatedFact *fact)
{
	return (AssignmentTerms) {
		.quantity = fact->values[ASSIGNMENT_QUANTITY],
		.exempt = DatumGetBool(fact->values[ASSIGNMENT_EXEMPT])
	};
}

/* Records terms of an assignee, which is made if there is none yet, from the place's time on. */
void
assignment_set(DatedPlace *place, const Assignee *assignee, const AssignmentTerms *terms, Recording *recording)
{
	Datum		values[ASSIGNMENT_ATTRIBUTES] = {
		[ASSIGNMENT_EXEMPT] = BoolGetDatum(terms->exempt),
		[ASSIGNMENT_QUANTITY] = terms->quantity
	};

	if (place->key == 0)
		place->key = insert_assignee(place->grid_id, assignee);
	(void) dated_set(place, values, recording);
}

/* The numbers of all assignees that a point is, of any tariff. */
static int64 *
assignees_of_point(int32 grid_id, int64 point_id, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT a.assignee_id FROM smartgrid.assignee AS a WHERE a.grid_id = $1 AND a.point_id = $2 ORDER BY a.assignee_id",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(point_id)};
	int64	   *ids;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	*n = (int) SPI_processed;
	ids = MemoryContextAlloc(caller, Max(*n, 1) * sizeof(int64));
	for (int i = 0; i < *n; i++)
		ids[i] = DatumGetInt64(elevated_value(i, 1, INT8OID));
	elevated_end(&elevation);
	return ids;
}

/* A point ends: so does what is assigned to it. */
void
assignment_point_end(Recording *recording, int64 point_id, TimestampTz at)
{
	int			n;
	int64	   *ids = assignees_of_point(recording->grid_id, point_id, &n);

	for (int i = 0; i < n; i++)
	{
		DatedPlace	place;

		assignment_find(&place, recording->grid_id, ids[i], at);
		(void) dated_end(&place, recording);
	}
}
