/*-------------------------------------------------------------------------
 *
 * ledger_scan.h
 *	  The entries of a grid in the order of their ids.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LEDGER_SCAN_H
#define SG_LEDGER_SCAN_H

#include "postgres.h"

#include "store/store.h"

typedef struct LedgerScan
{
	StoreScan	scan;
	int32		grid_id;
	int64		last;			/* the latest id that was read, of any grid */
	bool		any;			/* whether one was */
	bool		again;			/* the entry has the id of the one before it, which no key allows */
} LedgerScan;

extern void ledger_scan_begin(LedgerScan *scan, int32 grid_id, int64 from, int64 to);
extern const FormLedger *ledger_scan_next(LedgerScan *scan);
extern void ledger_scan_end(LedgerScan *scan);

#endif							/* SG_LEDGER_SCAN_H */
