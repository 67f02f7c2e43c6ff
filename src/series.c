/*-------------------------------------------------------------------------
 *
 * series.c
 *	  Reading what happened in a period, as the caller may see it.
 *
 * Whoever reads the whole grid gets all of its entries, anybody else those
 * that its own participant is a party of: what row-level security shows of the
 * ledger.  Read in the active snapshot, without locks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "identity.h"
#include "ledger.h"
#include "ledger_scan.h"
#include "participant.h"
#include "producer_types.h"
#include "series.h"

/* Looks who calls, and for which grid; SG101 grid. */
void
series_open(Series *series, const char *grid_name)
{
	Grid	   *grid = grid_find(grid_name);
	char	   *caller;

	if (grid == NULL)
		grid_not_found(grid_name);
	series->grid = grid;
	series->whole = identity_may_read_grid(grid->form.operator_role);
	series->own = PARTICIPANT_NONE;
	if (series->whole)
		return;
	caller = identity_principal_or_null();
	if (caller)
		series->own = participant_id_of(grid, caller);
}

/* Puts an entry where it belongs. */
static Sums *
take_entry(SeriesSink *sink, ProducerTypes *types, const FormLedger *entry)
{
	const Buckets *buckets = sink->buckets;
	Sums	   *sums;

	if (entry->at < buckets->border[0])
		return NULL;
	if (entry->at >= buckets->border[buckets->n])
	{
		sink->change_after += sums_load_sign(entry->kind) * (sg_int128) entry->energy;
		return NULL;
	}
	sums = sink->sums_at(sink, entry->at);
	sums_add(sums, entry, entry->kind == LEDGER_PRODUCTION ? producer_type(types, entry->participant_id) : -1);
	return sums;
}

/* Takes the entries of the grid from one id on; load is that before them. */
static void
read_tail(const Series *series, SeriesSink *sink, ProducerTypes *types, int64 from, sg_int128 load)
{
	LedgerScan	scan;
	const FormLedger *entry;

	ledger_scan_begin(&scan, series->grid->form.grid_id, from, PG_INT64_MAX);
	while ((entry = ledger_scan_next(&scan)) != NULL)
	{
		Sums	   *sums = take_entry(sink, types, entry);

		CHECK_FOR_INTERRUPTS();
		load += sums_load_sign(entry->kind) * (sg_int128) entry->energy;
		if (sums && sink->with_peaks)
			sums_add_peak(sums, load, entry->at);
	}
	ledger_scan_end(&scan);
}

/* Takes the entries that the caller's participant has on one side. */
static void
read_own(const Series *series, SeriesSink *sink, ProducerTypes *types, StoreIndex index, AttrNumber column)
{
	ScanKeyData key;
	StoreScan	scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(series->own));
	store_scan_begin_index(&scan, TABLE_LEDGER, index, 1, &key);
	while ((tuple = store_scan_next(&scan)) != NULL)
	{
		const FormLedger *entry = (const FormLedger *) GETSTRUCT(tuple);

		CHECK_FOR_INTERRUPTS();
		if (entry->grid_id == series->grid->form.grid_id)
			(void) take_entry(sink, types, entry);
	}
	store_scan_end(&scan);
}

/* Reads what the caller may see of a period into a sink. */
void
series_read(const Series *series, SeriesSink *sink)
{
	ProducerTypes types;

	sink->change_after = 0;
	producer_types_open(&types);
	if (series->whole)
		read_tail(series, sink, &types, PG_INT64_MIN, 0);
	else if (series->own != PARTICIPANT_NONE)
	{
		read_own(series, sink, &types, INDEX_LEDGER_PARTICIPANT, Anum_ledger_participant_id);
		read_own(series, sink, &types, INDEX_LEDGER_COUNTERPARTY, Anum_ledger_counterparty_id);
	}
	producer_types_close(&types);
}
