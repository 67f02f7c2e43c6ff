/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  What sealed entries add up to by quarter-hour: adding them up.
 *
 * Sealing adds the entries that it seals, in the same pass, and in the same
 * transaction notes in smartgrid.rollup_end how far that goes.  Whoever reads
 * adds the entries after that from the ledger, so nobody depends on it: if
 * somebody has sealed meanwhile without these tables, the next sealing catches
 * up.  An entry may be of any time, so old quarter-hours may grow.
 *
 * Who writes here has the grid's sealing lock.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "base/number.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"
#include "series/rollup.h"
#include "store/elevated.h"
#include "store/relations.h"

/* How many quarter-hours are kept in memory before they are written. */
#define KEPT_QUARTERS	65536

/* How far an end without new entries lags behind before it is moved: each reader passes over so many entries. */
#define END_LAG			10000

/* Of these tables the last that came: without it those that there are have another form. */
#define NEWEST_TABLE	"rollup_production"

/* Are there the tables of this version? */
static bool
has_tables(void)
{
	return relations_has_table(NEWEST_TABLE);
}

/* Raises 42P01 if the extension's objects are of an older version than its library. */
void
rollup_require_tables(void)
{
	if (!has_tables())
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" of extension smartgrid does not exist", STORE_SCHEMA, NEWEST_TABLE),
				 errhint("Run ALTER EXTENSION smartgrid UPDATE after an upgrade of the library.")));
}

/* Where the rollups of a grid end, in the active snapshot; 42P01 if the extension's objects are of an older version. */
RollupEnd
rollup_end(int32 grid_id)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT e.last_entry, e.load FROM smartgrid.rollup_end AS e WHERE e.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};
	RollupEnd	end = {.next_entry = PG_INT64_MIN};

	rollup_require_tables();
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
	{
		end.next_entry = DatumGetInt64(elevated_value(0, 1, INT8OID)) + 1;
		end.load = number_int128(elevated_value(0, 2, NUMERICOID));
	}
	elevated_end(&elevation);
	return end;
}

static void
set_end(int32 grid_id, const RollupEnd *end)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.rollup_end (grid_id, last_entry, load) VALUES ($1, $2, $3)"
		" ON CONFLICT ON CONSTRAINT rollup_end_pkey DO UPDATE SET last_entry = EXCLUDED.last_entry, load = EXCLUDED.load",
		.nargs = 3,
		.argtypes = {INT4OID, INT8OID, NUMERICOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(end->next_entry - 1), number_of_int128(end->load)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

static int
compare_quarters(const void *a, const void *b)
{
	TimestampTz one = (*(Quarter *const *) a)->start;
	TimestampTz other = (*(Quarter *const *) b)->start;

	return (one > other) - (one < other);
}

/* Writes what is kept in memory, in the order of time. */
static void
write_quarters(RollupWriter *writer)
{
	long		n = quarters_count(&writer->quarters);
	Quarter   **sorted = palloc(Max(n, 1) * sizeof(Quarter *));
	HASH_SEQ_STATUS all;

	hash_seq_init(&all, writer->quarters.table);
	for (long i = 0; i < n; i++)
		sorted[i] = hash_seq_search(&all);
	hash_seq_term(&all);
	qsort(sorted, n, sizeof(Quarter *), compare_quarters);
	rollup_write(writer->grid_id, sorted, n);
	pfree(sorted);
	quarters_close(&writer->quarters);
}

/* Adds a final entry, in the order of ids; those that the rollups have already are passed over. */
void
rollup_add(RollupWriter *writer, const FormLedger *entry)
{
	Sums	   *sums;

	if (!writer->enabled || entry->entry_id < writer->end.next_entry)
		return;
	sums = quarters_sums(&writer->quarters, entry->at);
	sums_add(sums, entry, producer_types_of(&writer->types, entry));
	writer->end.load += effect_load_change(entry);
	writer->end.next_entry = entry->entry_id + 1;
	writer->any = true;
	if (!ledger_is_first_half(entry))
		sums_add_peak(sums, writer->end.load, entry->at);
	if (quarters_count(&writer->quarters) >= KEPT_QUARTERS)
	{
		write_quarters(writer);
		quarters_open(&writer->quarters);
	}
}

/* Adds the entries from where the rollups end up to one. */
static void
add_entries(RollupWriter *writer, int64 to)
{
	LedgerReader reader;
	const FormLedger *entry;

	if (to < writer->end.next_entry)
		return;
	ledger_reader_open_grid(&reader, writer->grid_id, writer->end.next_entry, to);
	while ((entry = ledger_reader_next(&reader)) != NULL)
		rollup_add(writer, entry);
	ledger_reader_close(&reader);
}

/*
 * Begins to add entries with ids from one on; what is missing before them is
 * added first.  Versions before 0.4.0 do not have the tables for it.
 */
void
rollup_writer_open(RollupWriter *writer, int32 grid_id, int64 from)
{
	memset(writer, 0, sizeof(*writer));
	writer->grid_id = grid_id;
	writer->enabled = has_tables();
	if (!writer->enabled)
		return;
	writer->end = rollup_end(grid_id);
	quarters_open(&writer->quarters);
	producer_types_open(&writer->types);
	if (from > PG_INT64_MIN)
		add_entries(writer, from - 1);
}

/* Writes what was added.  All entries up to boundary are final and have been added. */
void
rollup_writer_close(RollupWriter *writer, int64 boundary)
{
	if (!writer->enabled)
		return;
	write_quarters(writer);
	producer_types_close(&writer->types);
	/* Without new entries it is only moved for the sake of readers. */
	if (!writer->any && (boundary < END_LAG || boundary - END_LAG < writer->end.next_entry))
		return;
	writer->end.next_entry = Max(writer->end.next_entry, boundary + 1);
	set_end(writer->grid_id, &writer->end);
}

/*
 * Makes the rollups of a grid anew, as far as its blocks go; returns how many
 * there are, 0 if there are no tables for them yet.  Their end is kept if it is
 * further on and can be right: ids up to it have been given out, and none of an
 * entry that is not sealed.
 */
int64
rollup_rebuild(int32 grid_id)
{
	Elevation	elevation;
	static ElevatedPlan last = {
		.sql = "SELECT GREATEST(b.last_entry, (SELECT e.last_entry"
		" FROM smartgrid.rollup_end AS e"
		" WHERE e.grid_id = $1"
		" AND e.last_entry <= pg_sequence_last_value('smartgrid.ledger_entry_id_seq'::regclass)"
		" AND NOT EXISTS (SELECT FROM smartgrid.ledger AS l"
		" WHERE l.grid_id = $1 AND l.entry_id > COALESCE(b.last_entry, 0) AND l.entry_id <= e.last_entry)))"
		" FROM (SELECT max(k.last_entry) AS last_entry FROM smartgrid.block AS k WHERE k.grid_id = $1) AS b",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	static ElevatedPlan forget = {
		.sql = "DELETE FROM smartgrid.rollup AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	static ElevatedPlan forget_end = {
		.sql = "DELETE FROM smartgrid.rollup_end AS e WHERE e.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	static ElevatedPlan forget_production = {
		.sql = "DELETE FROM smartgrid.rollup_production AS p WHERE p.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	static ElevatedPlan count = {
		.sql = "SELECT count(*) FROM smartgrid.rollup AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};
	RollupWriter writer;
	int64		boundary;
	bool		isnull;

	if (!has_tables())
		return 0;
	elevated_begin(&elevation);
	elevated_execute(&last, values, NULL, IN_ACTIVE_SNAPSHOT);
	boundary = DatumGetInt64(elevated_column(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, INT8OID, &isnull));
	elevated_execute(&forget, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&forget_production, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&forget_end, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	store_refresh();
	if (isnull)
		return 0;

	rollup_writer_open(&writer, grid_id, PG_INT64_MIN);
	add_entries(&writer, boundary);
	writer.any = true;			/* note the end even if the entries are gone */
	rollup_writer_close(&writer, boundary);

	return elevated_number(&count, values, IN_NEW_SNAPSHOT);
}
