/*-------------------------------------------------------------------------
 *
 * own_rows.c
 *	  Own rows of a principal with many participants.
 *
 * The views read those of a principal's first participants by an index scan
 * each, in the order of the key (ledger/planning.sql).  This gives the rows of
 * all its others, each found by index.  It looks at no one else's rows: what
 * it returns is what row-level security lets the caller see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "base/compat.h"
#include "grid/own_rows.h"
#include "grid/viewer.h"

/* Adds the rows that have a participant in this column. */
static void
add_rows_of(Tuplestorestate *rows, StoreTable table, const PartyColumn *column, int64 participant_id)
{
	ScanKeyData key;
	StoreScan	scan;

	ScanKeyInit(&key, column->attribute, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(participant_id));
	store_scan_begin_index(&scan, table, column->index, 1, &key);
	while (store_scan_next(&scan))
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_puttuple(rows, scan.row.tuple);
	}
	store_scan_end(&scan);
}

/*
 * The body of a function (skip integer) -> setof table: the rows that have a
 * participant of the caller in one of two columns, but for those of its first
 * so many participants.  No row has the caller's in both.
 */
Datum
own_rows_return(FunctionCallInfo fcinfo, StoreTable table, const PartyColumn columns[2])
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int64	   *own;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	n = viewer_own_participants(&own, PG_INT32_MAX);
	for (int i = Max(PG_GETARG_INT32(0), 0); i < n; i++)
		for (int c = 0; c < 2; c++)
			add_rows_of(result->setResult, table, &columns[c], own[i]);
	return (Datum) 0;
}
