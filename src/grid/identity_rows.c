/*-------------------------------------------------------------------------
 *
 * identity_rows.c
 *	  What a caller may see (viewer.c), for SQL: row-level security and views.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/query_mark.h"
#include "grid/viewer.h"

/* An id that no participant has; 0 would be the counterparty of most ledger entries. */
#define PARTICIPANT_ABSENT	INT64CONST(-1)

PG_FUNCTION_INFO_V1(sg_own_participants);
PG_FUNCTION_INFO_V1(sg_own_participant);
PG_FUNCTION_INFO_V1(sg_readable_grids);

/*
 * own_participants() -> bigint[]: the participant ids of the calling principal
 * in all grids; empty if no principal is known.  For row-level security.
 */
Datum
sg_own_participants(PG_FUNCTION_ARGS)
{
	int64	   *own;
	int			n = viewer_own_participants(&own, PG_INT32_MAX);
	ArrayBuildState *ids = initArrayResult(INT8OID, CurrentMemoryContext, false);

	for (int i = 0; i < n; i++)
		ids = accumArrayResult(ids, Int64GetDatum(own[i]), false, INT8OID, CurrentMemoryContext);
	PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
}

/* The id of the n-th participant that the calling principal is, PARTICIPANT_ABSENT if it is not so many. */
static int64
own_participant(int32 n)
{
	int64	   *own;

	return n >= 1 && viewer_own_participants(&own, n) == n ? own[n - 1] : PARTICIPANT_ABSENT;
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

/*
 * readable_grids() -> integer[]: the ids of the grids whose every row the
 * current user may see.  For row-level security.
 */
Datum
sg_readable_grids(PG_FUNCTION_ARGS)
{
	int32	   *readable;
	int			n = viewer_readable_grids(&readable, PG_INT32_MAX);
	ArrayBuildState *ids = initArrayResult(INT4OID, CurrentMemoryContext, false);

	for (int i = 0; i < n; i++)
		ids = accumArrayResult(ids, Int32GetDatum(readable[i]), false, INT4OID, CurrentMemoryContext);
	PG_RETURN_DATUM(makeArrayResult(ids, CurrentMemoryContext));
}
