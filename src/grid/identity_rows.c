/*-------------------------------------------------------------------------
 *
 * identity_rows.c
 *	  Whose rows a caller may see: those of its own participants, and all of
 *	  the grids that it may read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "base/query_mark.h"
#include "grid/identity.h"

/* An id that no participant has; 0 would be the counterparty of most ledger entries. */
#define PARTICIPANT_ABSENT	INT64CONST(-1)

PG_FUNCTION_INFO_V1(sg_own_participants);
PG_FUNCTION_INFO_V1(sg_own_participant);
PG_FUNCTION_INFO_V1(sg_readable_grids);

/* Starts to read the participants that the calling principal is, by grid; false if no principal is known. */
static bool
own_scan_begin(StoreScan *scan)
{
	char	   *principal = identity_principal_or_null();
	ScanKeyData key;

	if (principal == NULL)
		return false;
	ScanKeyInit(&key, Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(principal));
	store_scan_begin_index(scan, TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 1, &key);
	return true;
}

/* The ids, as bigint[], of the participants that the calling principal is, without the first so many. */
Datum
identity_own_participants(int32 skip)
{
	ArrayBuildState *ids = initArrayResult(INT8OID, CurrentMemoryContext, false);
	StoreScan	scan;

	if (own_scan_begin(&scan))
	{
		while (store_scan_next(&scan))
			if (skip-- <= 0)
				ids = accumArrayResult(ids, Int64GetDatum(STORE_SCAN_FORM(&scan, FormParticipant)->participant_id), false,
									   INT8OID, CurrentMemoryContext);
		store_scan_end(&scan);
	}
	return makeArrayResult(ids, CurrentMemoryContext);
}

/*
 * own_participants() -> bigint[]: the participant ids of the calling principal
 * in all grids; empty if no principal is known.  For row-level security.
 */
Datum
sg_own_participants(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(identity_own_participants(0));
}

/* The id of the n-th participant that the calling principal is, PARTICIPANT_ABSENT if it is not so many. */
static int64
own_participant(int32 n)
{
	int64		id = PARTICIPANT_ABSENT;
	StoreScan	scan;

	if (own_scan_begin(&scan))
	{
		while (store_scan_next(&scan))
			if (--n == 0)
			{
				id = STORE_SCAN_FORM(&scan, FormParticipant)->participant_id;
				break;
			}
		store_scan_end(&scan);
	}
	return id;
}

/*
 * own_participant(n) -> bigint: the n-th of own_participants(); -1, which no
 * participant has, if there is none.
 *
 * A scan may have to check it for every row, so the answer is kept for as long
 * as the same call in the same query asks the same.
 */
Datum
sg_own_participant(PG_FUNCTION_ARGS)
{
	typedef struct Answer
	{
		int32		n;
		QueryMark	query;
		int64		id;
	} Answer;
	Answer	   *kept = fcinfo->flinfo->fn_extra;
	QueryMark	query = query_mark();
	int32		n = PG_GETARG_INT32(0);

	if (kept == NULL)
		kept = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Answer));
	if (kept->n != n || n == 0 || !query_mark_equal(&kept->query, &query))
	{
		kept->n = 0;			/* an error leaves no answer */
		kept->id = own_participant(n);
		kept->query = query;
		kept->n = n;
	}
	PG_RETURN_INT64(kept->id);
}

/* The ids, as integer[], of the grids whose every row the current user may see. */
Datum
identity_readable_grids(void)
{
	ArrayBuildState *ids = initArrayResult(INT4OID, CurrentMemoryContext, false);
	StoreScan	scan;

	store_scan_begin(&scan, TABLE_GRID, 0, NULL);
	while (store_scan_next(&scan))
	{
		const FormGrid *grid = STORE_SCAN_FORM(&scan, FormGrid);

		if (identity_may_read_grid(grid->operator_role))
			ids = accumArrayResult(ids, Int32GetDatum(grid->grid_id), false,
								   INT4OID, CurrentMemoryContext);
	}
	store_scan_end(&scan);
	return makeArrayResult(ids, CurrentMemoryContext);
}

/* Is there a grid whose every row the current user may see? */
bool
identity_reads_a_grid(void)
{
	StoreScan	scan;
	bool		found = false;

	store_scan_begin(&scan, TABLE_GRID, 0, NULL);
	while (!found && store_scan_next(&scan))
		found = identity_may_read_grid(STORE_SCAN_FORM(&scan, FormGrid)->operator_role);
	store_scan_end(&scan);
	return found;
}

/* readable_grids() -> integer[]: as identity_readable_grids().  For row-level security. */
Datum
sg_readable_grids(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(identity_readable_grids());
}
