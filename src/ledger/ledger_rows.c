/*-------------------------------------------------------------------------
 *
 * ledger_rows.c
 *	  Ledger entries, found by their parties.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "grid/own_rows.h"

PG_FUNCTION_INFO_V1(sg_further_entries);

/* further_entries(skip) -> setof ledger: the caller's entries but for those of its first so many participants. */
Datum
sg_further_entries(PG_FUNCTION_ARGS)
{
	static const PartyColumn columns[] = {
		{INDEX_LEDGER_PARTICIPANT, Anum_ledger_participant_id},
		{INDEX_LEDGER_COUNTERPARTY, Anum_ledger_counterparty_id},
	};

	return own_rows_return(fcinfo, TABLE_LEDGER, columns);
}
