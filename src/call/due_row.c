/*-------------------------------------------------------------------------
 *
 * due_row.c
 *	  Rows of what participants owe, which are made when they are first needed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "call/call.h"
#include "store/elevated.h"

/*
 * Inserts the rows of participants, in the order of their ids.  It is SQL for
 * the sake of ON CONFLICT, as insert_participant() in registration.c.
 */
static void
insert_rows(const Grid *grid, Datum *ids, int n)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.due (participant_id, due, grid_id)"
		" SELECT i.id, 0, $2 FROM unnest($1) AS i (id) ORDER BY i.id"
		" ON CONFLICT (participant_id) DO NOTHING",
		.nargs = 2,
		.argtypes = {INT8ARRAYOID, INT4OID},
	};
	Elevation	elevation;
	Datum		values[] = {
		PointerGetDatum(construct_array(ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)),
		Int32GetDatum(grid->form.grid_id)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	store_refresh();
}

/* Makes the rows of n participants where they are missing.  40001 as the server. */
void
call_make_dues(Call *call, const int64 *participant_ids, int n)
{
	Datum	   *missing = palloc(Max(n, 1) * sizeof(Datum));
	int			nmissing = 0;
	StoreRow	row;

	for (int i = 0; i < n; i++)
		if (store_find(TABLE_DUE, participant_ids[i], &row))
			heap_freetuple(row.tuple);
		else
			missing[nmissing++] = Int64GetDatum(participant_ids[i]);
	if (nmissing > 0)
		insert_rows(call->grid, missing, nmissing);
	pfree(missing);
}

/*
 * Locks the row of what a participant owes, to be written by call_end(); it is
 * made if there is none.  Errors: 40001 as store_lock().
 */
FormDue *
call_lock_due(Call *call, int64 participant_id)
{
	StoreRow   *row;

	call_make_dues(call, &participant_id, 1);
	row = call_lock_row(call, TABLE_DUE, participant_id);
	if (row == NULL)			/* its deletion by hand, between the two */
		error_serialization_failure();
	return STORE_FORM(row, FormDue);
}
