/*-------------------------------------------------------------------------
 *
 * open_sums.c
 *	  What the view sg_load_curve adds to the rollups: sums over the entries
 *	  that are in none that the caller reads.
 *
 * Of the grids that the caller reads in full these are the entries after the
 * end of their rollups, of the others those that its participants are a party
 * of.  Read here rather than by the view's query, for the planner would expect
 * either to be a good part of the ledger.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

#include "base/number.h"
#include "base/result.h"
#include "grid/identity.h"
#include "ledger/effect.h"
#include "series/producer_types.h"
#include "series/quarters.h"
#include "series/rollup.h"
#include "store/elevated.h"
#include "store/store.h"

PG_FUNCTION_INFO_V1(sg_open_sums);

/* A grid of which there is something to add. */
typedef struct OpenGrid
{
	int32		grid_id;		/* key */
	bool		whole;			/* whether the caller reads it in full */
	int64		next_entry;		/* then: the first id that may be in no rollup */
	Quarters	quarters;
} OpenGrid;

typedef struct OpenSums
{
	HTAB	   *grids;
	ProducerTypes types;
} OpenSums;

static OpenGrid *
open_grid(OpenSums *open, int32 grid_id)
{
	bool		found;
	OpenGrid   *grid = hash_search(open->grids, &grid_id, HASH_ENTER, &found);

	if (!found)
	{
		grid->whole = false;
		grid->next_entry = PG_INT64_MAX;
		quarters_open(&grid->quarters);
	}
	return grid;
}

/*
 * Notes the grids that the caller reads in full, and where their rollups end;
 * returns the least id that may be in none.  A grid in which no energy ever
 * moved has no stripe of load, and nothing to look for.
 */
static int64
note_readable_grids(OpenSums *open)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT g.grid_id, e.last_entry"
		" FROM smartgrid.grid AS g"
		" LEFT JOIN smartgrid.rollup_end AS e ON e.grid_id = g.grid_id"
		" WHERE g.grid_id = ANY ($1)"
		" AND EXISTS (SELECT FROM smartgrid.pool AS p WHERE p.grid_id = g.grid_id)",
		.nargs = 1,
		.argtypes = {INT4ARRAYOID},
	};
	Datum		readable = identity_readable_grids();
	MemoryContext caller = CurrentMemoryContext;
	int64		least = PG_INT64_MAX;
	Datum	   *ids;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(readable), INT4OID, sizeof(int32), true, TYPALIGN_INT, &ids, NULL, &n);
	for (int i = 0; i < n; i++)
		open_grid(open, DatumGetInt32(ids[i]))->whole = true;
	if (n == 0)
		return least;

	elevated_begin(&elevation);
	elevated_execute(&plan, &readable, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		int32		grid_id = DatumGetInt32(elevated_value(i, 1, INT4OID));
		Datum		last = elevated_column(SPI_tuptable->vals[i], desc, 2, INT8OID, &isnull);
		MemoryContext old = MemoryContextSwitchTo(caller);
		OpenGrid   *grid = open_grid(open, grid_id);

		MemoryContextSwitchTo(old);
		grid->next_entry = isnull ? PG_INT64_MIN : DatumGetInt64(last) + 1;
		least = Min(least, grid->next_entry);
	}
	elevated_end(&elevation);
	return least;
}

/* Adds an entry; one that only moves money makes no quarter-hour. */
static void
add_entry(OpenSums *open, OpenGrid *grid, const FormLedger *entry)
{
	if (!effect_moves_energy(effect_of(entry->kind)))
		return;
	sums_add(quarters_sums(&grid->quarters, entry->at), entry,
			 producer_types_of(&open->types, entry));
}

/* Adds the entries from an id on that are in no rollup of a grid that the caller reads in full. */
static void
add_tail(OpenSums *open, int64 from)
{
	ScanKeyData key;
	StoreScan	scan;

	if (from == PG_INT64_MAX)
		return;
	ScanKeyInit(&key, Anum_ledger_entry_id, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(from));
	store_scan_begin(&scan, TABLE_LEDGER, 1, &key);
	while (store_scan_next(&scan))
	{
		const FormLedger *entry = STORE_SCAN_FORM(&scan, FormLedger);
		OpenGrid   *grid = hash_search(open->grids, &entry->grid_id, HASH_FIND, NULL);

		CHECK_FOR_INTERRUPTS();
		if (grid && grid->whole && entry->entry_id >= grid->next_entry)
			add_entry(open, grid, entry);
	}
	store_scan_end(&scan);
}

/* Adds the entries of a participant on one side, in a grid that the caller does not read in full. */
static void
add_own(OpenSums *open, Datum participant, StoreIndex index, AttrNumber column)
{
	ScanKeyData key;
	StoreScan	scan;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_INT8EQ, participant);
	store_scan_begin_index(&scan, TABLE_LEDGER, index, 1, &key);
	while (store_scan_next(&scan))
	{
		const FormLedger *entry = STORE_SCAN_FORM(&scan, FormLedger);
		OpenGrid   *grid = open_grid(open, entry->grid_id);

		CHECK_FOR_INTERRUPTS();
		if (!grid->whole)
			add_entry(open, grid, entry);
	}
	store_scan_end(&scan);
}

/* A row with the sums of a quarter-hour. */
static void
return_quarter(ResultRow *result, int32 grid_id, const Quarter *quarter)
{
	static const Sum columns[] = {
		SUM_PRODUCED, SUM_CONSUMED, SUM_CHARGED, SUM_DISCHARGED, SUM_TRADED, SUM_CONSUMED_VALUE, SUM_REVENUE
	};
	const Sums *sums = &quarter->sums;

	result_int32(result, grid_id);
	result_timestamptz(result, quarter->start);
	result_null(result);
	for (int i = 0; i < (int) lengthof(columns); i++)
		result_datum(result, number_of_int128(sums->value[columns[i]]));
	if (sums->price_low > sums->price_high)
	{
		result_null(result);
		result_null(result);
	}
	else
	{
		result_int64(result, sums->price_low);
		result_int64(result, sums->price_high);
	}
	result_end_row(result);
}

/* A row with the production of one energy type in a quarter-hour; NULL in what has no type. */
static void
return_production(ResultRow *result, int32 grid_id, const Quarter *quarter, int energy_type)
{
	result_int32(result, grid_id);
	result_timestamptz(result, quarter->start);
	result_datum(result, Int16GetDatum(energy_type));
	result_datum(result, number_of_int128(quarter->sums.production[energy_type]));
	while (result->n < result->desc->natts)
		result_null(result);
	result_end_row(result);
}

static void
return_sums(OpenSums *open, FunctionCallInfo fcinfo)
{
	HASH_SEQ_STATUS grids;
	OpenGrid   *grid;
	ResultRow	result;

	result_begin_set(&result, fcinfo);
	hash_seq_init(&grids, open->grids);
	while ((grid = hash_seq_search(&grids)) != NULL)
	{
		HASH_SEQ_STATUS quarters;
		Quarter    *quarter;

		hash_seq_init(&quarters, grid->quarters.table);
		while ((quarter = hash_seq_search(&quarters)) != NULL)
		{
			return_quarter(&result, grid->grid_id, quarter);
			for (int type = 0; type < ENERGY_TYPE_COUNT; type++)
				if (quarter->sums.production[type] != 0)
					return_production(&result, grid->grid_id, quarter, type);
		}
	}
}

/*
 * open_sums() -> by grid and quarter-hour the sums over the entries that the
 * caller may see and that are in no rollup that it may read, and by energy type
 * their production.  No locks.  42P01 if the extension's objects are of an
 * older version.
 */
Datum
sg_open_sums(PG_FUNCTION_ARGS)
{
	HASHCTL		ctl = {.keysize = sizeof(int32), .entrysize = sizeof(OpenGrid), .hcxt = CurrentMemoryContext};
	OpenSums	open;
	Datum	   *participants;
	int			n;

	rollup_require_tables();
	open.grids = hash_create("smartgrid open grids", 16, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	producer_types_open(&open.types);
	add_tail(&open, note_readable_grids(&open));
	deconstruct_array(DatumGetArrayTypeP(identity_own_participants(0)),
					  INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &participants, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		add_own(&open, participants[i], INDEX_LEDGER_PARTICIPANT, Anum_ledger_participant_id);
		add_own(&open, participants[i], INDEX_LEDGER_COUNTERPARTY, Anum_ledger_counterparty_id);
	}
	return_sums(&open, fcinfo);
	return (Datum) 0;
}
