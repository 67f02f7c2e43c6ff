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

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/fmgroids.h"

#include "base/compat.h"
#include "grid/identity.h"
#include "grid/own_rows.h"

/* Adds the rows that have a participant in this column. */
static void
add_rows_of(Tuplestorestate *rows, StoreTable table, const PartyColumn *column, Datum participant)
{
	ScanKeyData key;
	StoreScan	scan;

	ScanKeyInit(&key, column->attribute, BTEqualStrategyNumber, F_INT8EQ, participant);
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
	Datum	   *participants;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(DatumGetArrayTypeP(identity_own_participants(PG_GETARG_INT32(0))),
					  INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &participants, NULL, &n);
	for (int i = 0; i < n; i++)
		for (int c = 0; c < 2; c++)
			add_rows_of(result->setResult, table, &columns[c], participants[i]);
	return (Datum) 0;
}
