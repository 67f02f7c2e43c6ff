/*-------------------------------------------------------------------------
 *
 * reader.c
 *	  Reading the ledger: the entries that a viewer may see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "ledger/reader.h"

/* Begins to read the entries that a viewer may see with ids from one to another, in the active snapshot. */
void
ledger_reader_open(LedgerReader *reader, const Viewer *viewer, int64 from, int64 to)
{
	memset(reader, 0, sizeof(*reader));
	reader->viewer = *viewer;
	reader->from = from;
	reader->to = to;
	reader->pass = viewer->nwhole > 0 ? 0 : 1;
}

/* The same of all of a grid: for the extension itself, or somebody who has been asked for the right. */
void
ledger_reader_open_grid(LedgerReader *reader, int32 grid_id, int64 from, int64 to)
{
	Viewer		nobody = {0};

	ledger_reader_open(reader, &nobody, from, to);
	reader->grid_id = grid_id;
	reader->viewer.whole = &reader->grid_id;
	reader->viewer.nwhole = 1;
	reader->pass = 0;
}

/* Begins to read by the primary key. */
static void
begin_whole(LedgerReader *reader)
{
	ScanKeyData keys[2];

	ScanKeyInit(&keys[0], Anum_ledger_entry_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(reader->from));
	ScanKeyInit(&keys[1], Anum_ledger_entry_id, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(reader->to));
	store_scan_begin(&reader->scan, TABLE_LEDGER, 2, keys);
}

/* Begins to read what a participant has on one side. */
static void
begin_own(LedgerReader *reader, int64 participant_id, bool as_counterparty)
{
	StoreIndex	index = as_counterparty ? INDEX_LEDGER_COUNTERPARTY : INDEX_LEDGER_PARTICIPANT;
	AttrNumber	column = as_counterparty ? Anum_ledger_counterparty_id : Anum_ledger_participant_id;
	ScanKeyData keys[3];
	int			n = 0;

	ScanKeyInit(&keys[n++], column, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(participant_id));
	if (reader->from > ENTRY_FIRST)
		ScanKeyInit(&keys[n++], Anum_ledger_entry_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(reader->from));
	if (reader->to < ENTRY_LAST)
		ScanKeyInit(&keys[n++], Anum_ledger_entry_id, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(reader->to));
	store_scan_begin_index(&reader->scan, TABLE_LEDGER, index, n, keys);
}

/* Begins the pass that is next; false if there is none. */
static bool
begin_pass(LedgerReader *reader)
{
	int			own = (reader->pass - 1) / 2;

	if (reader->pass == 0)
		begin_whole(reader);
	else if (own < reader->viewer.nown)
		begin_own(reader, reader->viewer.own[own], reader->pass % 2 == 0);
	else
		return false;
	reader->scanning = true;
	return true;
}

static void
end_pass(LedgerReader *reader)
{
	store_scan_end(&reader->scan);
	reader->scanning = false;
	reader->pass++;
}

/*
 * Raises XX002 if the index of the ledger is out of order (or is not used, as
 * with ignore_system_indexes).
 */
static void
require_order(LedgerReader *reader, int64 entry_id)
{
	if (reader->any && entry_id < reader->last)
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("entry " INT64_FORMAT " follows entry " INT64_FORMAT " in index \"ledger_pkey\"", entry_id, reader->last),
				 errhint("Run REINDEX INDEX smartgrid.ledger_pkey; ignore_system_indexes must be off.")));
	reader->again = reader->any && entry_id == reader->last;
	reader->last = entry_id;
	reader->any = true;
}

/*
 * The next entry, valid until the next call; NULL at the end.  again says
 * whether it has the id of the one before it.  Raises XX002 if whole grids are
 * not read in the order of the ids.
 */
const FormLedger *
ledger_reader_next(LedgerReader *reader)
{
	while (reader->scanning || begin_pass(reader))
	{
		while (store_scan_next(&reader->scan))
		{
			const FormLedger *entry = STORE_SCAN_FORM(&reader->scan, FormLedger);

			CHECK_FOR_INTERRUPTS();
			if (reader->pass == 0)
				require_order(reader, entry->entry_id);
			if (viewer_reads_grid(&reader->viewer, entry->grid_id) == (reader->pass == 0))
				return entry;
		}
		end_pass(reader);
	}
	return NULL;
}

/* Ends reading, before the end or after it. */
void
ledger_reader_close(LedgerReader *reader)
{
	if (reader->scanning)
		end_pass(reader);
}
