/*-------------------------------------------------------------------------
 *
 * ledger_scan.c
 *	  The entries of a grid in the order of their ids.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "ledger/ledger_scan.h"

/* Begins to read the entries of a grid with ids from one to another, in the active snapshot. */
void
ledger_scan_begin(LedgerScan *scan, int32 grid_id, int64 from, int64 to)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], Anum_ledger_entry_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(from));
	ScanKeyInit(&keys[1], Anum_ledger_entry_id, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(to));
	scan->grid_id = grid_id;
	scan->any = false;
	store_scan_begin(&scan->scan, TABLE_LEDGER, 2, keys);
}

/*
 * The next entry, valid until the next call; NULL at the end.  again says
 * whether it has the id of the one before it.
 *
 * Errors: XX002 where the index of the ledger is out of order (or is not used,
 * as with ignore_system_indexes).
 */
const FormLedger *
ledger_scan_next(LedgerScan *scan)
{
	while (store_scan_next(&scan->scan))
	{
		const FormLedger *entry = STORE_SCAN_FORM(&scan->scan, FormLedger);

		if (scan->any && entry->entry_id < scan->last)
			ereport(ERROR,
					(errcode(ERRCODE_INDEX_CORRUPTED),
					 errmsg("entry " INT64_FORMAT " follows entry " INT64_FORMAT " in index \"ledger_pkey\"", entry->entry_id, scan->last),
					 errhint("Run REINDEX INDEX smartgrid.ledger_pkey; ignore_system_indexes must be off.")));
		scan->again = scan->any && entry->entry_id == scan->last;
		scan->last = entry->entry_id;
		scan->any = true;
		if (entry->grid_id == scan->grid_id)
			return entry;
		CHECK_FOR_INTERRUPTS();
	}
	return NULL;
}

void
ledger_scan_end(LedgerScan *scan)
{
	store_scan_end(&scan->scan);
}
