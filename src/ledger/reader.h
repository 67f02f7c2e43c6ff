/*-------------------------------------------------------------------------
 *
 * reader.h
 *	  Reading the ledger: the entries that a viewer may see, in the active
 *	  snapshot, without locks.
 *
 *	ledger_reader_open(&reader, &viewer, from, to);
 *	while ((entry = ledger_reader_next(&reader)) != NULL)
 *		...
 *	ledger_reader_close(&reader);
 *
 * First come the entries of the grids that the viewer reads as a whole, in the
 * order of their ids; then, of other grids, for each participant that it is,
 * those that are this participant's, in the order of their ids, and those in
 * which it is the counterparty, likewise.  (No entry has the same party twice.)
 * Each is found by index.
 *
 * This is what the policy of the table shows (ledger.sql), and all C code reads
 * the ledger here: for a caller, or all of a grid for the extension itself.  So
 * what is read by SQL, under the policy or as owner, is so for a reason:
 *
 *	- whoever queries smartgrid.ledger meets the policy;
 *	- the view sg_ledger (ledger.sql) is a query, so that a page, an entry or a
 *	  period is found by index with the caller's own conditions; for its last
 *	  branch ledger_rows.c gives whole rows;
 *	- statements of account (statement.sql) join each entry with names and
 *	  blocks, and add up in windows; as owner, once sg_statement() has asked who
 *	  may see them;
 *	- series of a period before the end of the rollups (series.c, metrics.sql) look
 *	  for times, which have an index of their own, and add up before they return;
 *	- the report reads the views, as its caller;
 *	- sg_check() reads every row of every table as it lies, so that no index
 *	  decides what it finds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_READER_H
#define SG_READER_H

#include "postgres.h"

#include "grid/viewer.h"
#include "store/store.h"

#define ENTRY_FIRST		PG_INT64_MIN	/* no entry comes before it */
#define ENTRY_LAST		PG_INT64_MAX	/* or after it */

/* Not to be copied while it is open. */
typedef struct LedgerReader
{
	Viewer		viewer;
	int32		grid_id;		/* of ledger_reader_open_grid() */
	int64		from;
	int64		to;
	int			pass;			/* 0: whole grids; then two for each own participant */
	bool		scanning;
	StoreScan	scan;
	/* of whole grids: */
	int64		last;			/* the latest id that was read, of any grid */
	bool		any;			/* whether one was */
	bool		again;			/* the entry has the id of the one before it, which no key allows */
} LedgerReader;

extern void ledger_reader_open(LedgerReader *reader, const Viewer *viewer, int64 from, int64 to);
extern void ledger_reader_open_grid(LedgerReader *reader, int32 grid_id, int64 from, int64 to);
extern const FormLedger *ledger_reader_next(LedgerReader *reader);
extern void ledger_reader_close(LedgerReader *reader);

#endif							/* SG_READER_H */
