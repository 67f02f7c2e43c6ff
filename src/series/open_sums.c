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
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/number.h"
#include "base/result.h"
#include "grid/viewer.h"
#include "ledger/effect.h"
#include "ledger/reader.h"
#include "series/producer_types.h"
#include "series/quarters.h"
#include "series/rollup.h"
#include "store/elevated.h"

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
 * Notes the grids that the viewer reads as a whole, and where their rollups end;
 * returns the least id that may be in none.  A grid in which no energy ever
 * moved has no stripe of load, and nothing to look for.
 */
static int64
note_whole_grids(OpenSums *open, const Viewer *viewer)
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
	MemoryContext caller = CurrentMemoryContext;
	int64		least = PG_INT64_MAX;
	Datum	   *ids = palloc(Max(viewer->nwhole, 1) * sizeof(Datum));
	Datum		whole;

	for (int i = 0; i < viewer->nwhole; i++)
	{
		open_grid(open, viewer->whole[i])->whole = true;
		ids[i] = Int32GetDatum(viewer->whole[i]);
	}
	if (viewer->nwhole == 0)
		return least;
	whole = PointerGetDatum(construct_array(ids, viewer->nwhole, INT4OID, sizeof(int32), true, TYPALIGN_INT));

	elevated_begin(&elevation);
	elevated_execute(&plan, &whole, NULL, IN_ACTIVE_SNAPSHOT);
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

/* Adds the entries from an id on that are in no rollup of a grid that the viewer reads as a whole. */
static void
add_tail(OpenSums *open, const Viewer *viewer, int64 from)
{
	Viewer		whole = {.nwhole = viewer->nwhole, .whole = viewer->whole};
	LedgerReader reader;
	const FormLedger *entry;

	if (from == PG_INT64_MAX)
		return;
	ledger_reader_open(&reader, &whole, from, ENTRY_LAST);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		OpenGrid   *grid = open_grid(open, entry->grid_id);

		if (entry->entry_id >= grid->next_entry)
			add_entry(open, grid, entry);
	}
	ledger_reader_close(&reader);
}

/* Adds the entries of the viewer's participants in grids that it does not read as a whole. */
static void
add_own(OpenSums *open, const Viewer *viewer)
{
	Viewer		own = {.nown = viewer->nown, .own = viewer->own};
	LedgerReader reader;
	const FormLedger *entry;

	ledger_reader_open(&reader, &own, ENTRY_FIRST, ENTRY_LAST);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		OpenGrid   *grid = open_grid(open, entry->grid_id);

		if (!grid->whole)
			add_entry(open, grid, entry);
	}
	ledger_reader_close(&reader);
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
	Viewer		viewer;

	rollup_require_tables();
	open.grids = hash_create("smartgrid open grids", 16, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	producer_types_open(&open.types);
	viewer_of_caller(&viewer);
	add_tail(&open, &viewer, note_whole_grids(&open, &viewer));
	add_own(&open, &viewer);
	return_sums(&open, fcinfo);
	return (Datum) 0;
}
