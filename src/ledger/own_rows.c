/*-------------------------------------------------------------------------
 *
 * own_rows.c
 *	  Own ledger entries and trades of a principal with many participants.
 *
 * The views read those of a principal's first participants by an index scan
 * each, in the order of the key (10_identity.sql).  These functions give the
 * rows of all its others, each found by index.  They look at no one else's
 * rows: what they return is what row-level security lets the caller see.
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
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_further_entries);
PG_FUNCTION_INFO_V1(sg_further_trades);

/* Where a participant stands in a row, and the index that finds it. */
typedef struct PartyColumn
{
	StoreIndex	index;
	AttrNumber	column;
} PartyColumn;

/* Returns the rows that have one of the participants in one of two columns; no row has them in both. */
static Datum
return_rows_of(FunctionCallInfo fcinfo, StoreTable table, const PartyColumn columns[2])
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum	   *participants;
	int			n;

	InitMaterializedSRF(fcinfo, 0);
	deconstruct_array(DatumGetArrayTypeP(identity_own_participants(PG_GETARG_INT32(0))),
					  INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &participants, NULL, &n);
	for (int i = 0; i < n; i++)
		for (int c = 0; c < 2; c++)
		{
			ScanKeyData key;
			StoreScan	scan;

			ScanKeyInit(&key, columns[c].column, BTEqualStrategyNumber, F_INT8EQ, participants[i]);
			store_scan_begin_index(&scan, table, columns[c].index, 1, &key);
			while (store_scan_next(&scan))
			{
				CHECK_FOR_INTERRUPTS();
				tuplestore_puttuple(result->setResult, scan.row.tuple);
			}
			store_scan_end(&scan);
		}
	return (Datum) 0;
}

/* further_entries(skip) -> setof ledger: the caller's entries but for those of its first so many participants. */
Datum
sg_further_entries(PG_FUNCTION_ARGS)
{
	static const PartyColumn columns[] = {
		{INDEX_LEDGER_PARTICIPANT, Anum_ledger_participant_id},
		{INDEX_LEDGER_COUNTERPARTY, Anum_ledger_counterparty_id},
	};

	return return_rows_of(fcinfo, TABLE_LEDGER, columns);
}

/* further_trades(skip) -> setof trade: the same of trades. */
Datum
sg_further_trades(PG_FUNCTION_ARGS)
{
	static const PartyColumn columns[] = {
		{INDEX_TRADE_SELLER, Anum_trade_seller_id},
		{INDEX_TRADE_BUYER, Anum_trade_buyer_id},
	};

	return return_rows_of(fcinfo, TABLE_TRADE, columns);
}
