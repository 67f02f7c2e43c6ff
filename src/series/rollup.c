/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  The rows of smartgrid.rollup: what sealed entries add up to.
 *
 * Sealing adds the entries that it seals, in the same pass, and in the same
 * transaction notes in smartgrid.rollup_end how far that goes.  Whoever reads
 * adds the entries after that from the ledger, so nobody depends on it: where
 * a library from before 0.3.0 has sealed meanwhile, the next sealing catches
 * up.  An entry may be of any time, so old quarter-hours may grow.
 *
 * Who writes here has the grid's sealing lock.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "ledger/effect.h"
#include "ledger/reader.h"
#include "series/rollup.h"
#include "store/elevated.h"
#include "store/relations.h"

/* How many quarter-hours are kept in memory before they are written. */
#define KEPT_QUARTERS	65536

/* How far an end without new entries lags behind before it is moved: each of our readers passes over so many entries. */
#define END_LAG			10000

/* How many rows are fetched at a time. */
#define FETCH_ROWS		1000

/* In the order of Sum. */
#define SUM_COLUMNS \
	"entries, payments, produced, solar, wind, hydro, nuclear, geothermal, biomass, natural_gas," \
	" consumed, charged, discharged, held, traded, released, consumed_value, revenue, trade_money, topups, withdrawals"

#define ADD(column)		column " = r." column " + EXCLUDED." column ", "

/* Grid, quarter-hour, sums, lowest and highest price, peak load and its time. */
#define ROLLUP_COLUMNS	(2 + SUM_COUNT + 4)

/* Where the rollups of a grid end, in the active snapshot. */
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

/* Adds a quarter-hour to its row, or makes that. */
static void
write_quarter(int32 grid_id, const Quarter *quarter)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.rollup AS r (grid_id, quarter_start, " SUM_COLUMNS ", price_low, price_high, peak_load, peak_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,"
		" $24, $25, $26, $27)"
		" ON CONFLICT ON CONSTRAINT rollup_pkey DO UPDATE SET "
		ADD("entries") ADD("payments") ADD("produced") ADD("solar") ADD("wind") ADD("hydro") ADD("nuclear")
		ADD("geothermal") ADD("biomass") ADD("natural_gas") ADD("consumed") ADD("charged") ADD("discharged")
		ADD("held") ADD("traded") ADD("released") ADD("consumed_value") ADD("revenue") ADD("trade_money")
		ADD("topups") ADD("withdrawals")
		"price_low = LEAST(r.price_low, EXCLUDED.price_low), price_high = GREATEST(r.price_high, EXCLUDED.price_high),"
		" peak_load = GREATEST(r.peak_load, EXCLUDED.peak_load),"
		" peak_at = CASE WHEN EXCLUDED.peak_load > r.peak_load THEN EXCLUDED.peak_at"
		" WHEN EXCLUDED.peak_load < r.peak_load THEN r.peak_at"
		" ELSE LEAST(r.peak_at, EXCLUDED.peak_at) END",
		.nargs = ROLLUP_COLUMNS,
		.argtypes = {
			INT4OID, TIMESTAMPTZOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			INT8OID, INT8OID, NUMERICOID, TIMESTAMPTZOID
		},
	};
	const Sums *sums = &quarter->sums;
	Datum		values[ROLLUP_COLUMNS];
	char		nulls[ROLLUP_COLUMNS];
	int			n = 0;

	memset(nulls, ' ', sizeof(nulls));
	values[n++] = Int32GetDatum(grid_id);
	values[n++] = TimestampTzGetDatum(quarter->start);
	for (int i = 0; i < SUM_COUNT; i++)
		values[n++] = number_of_int128(sums->value[i]);
	if (sums->price_low > sums->price_high)
		nulls[n] = nulls[n + 1] = 'n';
	values[n++] = Int64GetDatum(sums->price_low);
	values[n++] = Int64GetDatum(sums->price_high);
	values[n++] = number_of_int128(sums->peak_load);
	values[n++] = TimestampTzGetDatum(sums->peak_at);
	elevated_execute(&plan, values, nulls, IN_NEW_SNAPSHOT);
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
	Elevation	elevation;
	long		n = quarters_count(&writer->quarters);
	Quarter   **sorted = palloc(Max(n, 1) * sizeof(Quarter *));
	HASH_SEQ_STATUS all;
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rollup", ALLOCSET_SMALL_SIZES);

	hash_seq_init(&all, writer->quarters.table);
	for (long i = 0; i < n; i++)
		sorted[i] = hash_seq_search(&all);
	hash_seq_term(&all);
	qsort(sorted, n, sizeof(Quarter *), compare_quarters);

	elevated_begin(&elevation);
	for (long i = 0; i < n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(one);

		CHECK_FOR_INTERRUPTS();
		write_quarter(writer->grid_id, sorted[i]);
		MemoryContextSwitchTo(old);
		MemoryContextReset(one);
	}
	elevated_end(&elevation);
	MemoryContextDelete(one);
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
	writer->end.load += effect_of(entry->kind)->load * (sg_int128) entry->energy;
	writer->end.next_entry = entry->entry_id + 1;
	writer->any = true;
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
 * added first.  Versions before 0.3.0 have no tables for it.
 */
void
rollup_writer_open(RollupWriter *writer, int32 grid_id, int64 from)
{
	memset(writer, 0, sizeof(*writer));
	writer->grid_id = grid_id;
	writer->enabled = relations_has_table("rollup");
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
 * there are.  Their end is kept where it is further on and can be right: ids
 * up to it have been given out, and none of an entry that is not sealed.
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
	static ElevatedPlan count = {
		.sql = "SELECT count(*) FROM smartgrid.rollup AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};
	RollupWriter writer;
	int64		boundary;
	bool		isnull;

	elevated_begin(&elevation);
	elevated_execute(&last, values, NULL, IN_ACTIVE_SNAPSHOT);
	boundary = DatumGetInt64(elevated_column(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, INT8OID, &isnull));
	elevated_execute(&forget, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&forget_end, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	store_refresh();
	if (isnull)
		return 0;

	rollup_writer_open(&writer, grid_id, PG_INT64_MIN);
	add_entries(&writer, boundary);
	writer.any = true;			/* note the end even where the entries are gone */
	rollup_writer_close(&writer, boundary);

	return elevated_number(&count, values, IN_NEW_SNAPSHOT);
}

/* A row of rollup_read() as sums; returns when it starts. */
static TimestampTz
read_row(HeapTuple tuple, TupleDesc desc, Sums *sums)
{
	Datum		values[ROLLUP_COLUMNS - 1];
	bool		isnull[ROLLUP_COLUMNS - 1];
	int			n = 1;

	heap_deform_tuple(tuple, desc, values, isnull);
	/* The prices may be NULL, both. */
	for (int i = 0; i < ROLLUP_COLUMNS - 1; i++)
		if (isnull[i] && (i != SUM_COUNT + 1 || !isnull[i + 1]) && (i != SUM_COUNT + 2 || !isnull[i - 1]))
			error_column_not_as_expected(desc, i + 1);
	sums_init(sums);
	for (int i = 0; i < SUM_COUNT; i++)
		sums->value[i] = number_int128(values[n++]);
	if (!isnull[n])
	{
		sums->price_low = DatumGetInt64(values[n]);
		sums->price_high = DatumGetInt64(values[n + 1]);
	}
	n += 2;
	sums->peak_load = number_int128(values[n++]);
	sums->peak_at = DatumGetTimestampTz(values[n]);
	return DatumGetTimestampTz(values[0]);
}

/* Raises 55000 where the rows of rollup_read() are not of the types that read_row() expects. */
static void
check_row_types(TupleDesc desc)
{
	Oid			types[ROLLUP_COLUMNS - 1];
	int			n = 0;

	types[n++] = TIMESTAMPTZOID;
	for (int i = 0; i < SUM_COUNT; i++)
		types[n++] = NUMERICOID;
	types[n++] = INT8OID;
	types[n++] = INT8OID;
	types[n++] = NUMERICOID;
	types[n++] = TIMESTAMPTZOID;
	elevated_require_types(desc, types, n);
}

/* Gives the rollups of a grid that start from one time up to another, but for some, to take. */
void
rollup_read(int32 grid_id, TimestampTz from, TimestampTz to, const TimestampTz *except, int nexcept,
			void (*take) (void *arg, TimestampTz start, const Sums *sums), void *arg)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT quarter_start, " SUM_COLUMNS ", price_low, price_high, peak_load, peak_at"
		" FROM smartgrid.rollup AS r"
		" WHERE r.grid_id = $1 AND r.quarter_start >= $2 AND r.quarter_start < $3 AND r.quarter_start <> ALL ($4)",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	Datum	   *times = palloc(Max(nexcept, 1) * sizeof(Datum));
	Datum		values[4];
	Portal		rows;
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rollup", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;

	for (int i = 0; i < nexcept; i++)
		times[i] = TimestampTzGetDatum(except[i]);
	values[0] = Int32GetDatum(grid_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[3] = PointerGetDatum(construct_array(times, nexcept, TIMESTAMPTZOID, sizeof(TimestampTz), true, TYPALIGN_DOUBLE));

	elevated_begin(&elevation);
	rows = elevated_open(&plan, values);
	for (;;)
	{
		SPI_cursor_fetch(rows, true, FETCH_ROWS);
		if (SPI_processed == 0)
			break;
		check_row_types(SPI_tuptable->tupdesc);
		old = MemoryContextSwitchTo(batch);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			TupleDesc	desc = SPI_tuptable->tupdesc;
			Sums		sums;
			TimestampTz start = read_row(SPI_tuptable->vals[i], desc, &sums);

			take(arg, start, &sums);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(batch);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(rows);
	elevated_end(&elevation);
	MemoryContextDelete(batch);
	pfree(times);
}

/* What the load of a grid has changed by in the rollups that start from one time on, energy units. */
sg_int128
rollup_change_from(int32 grid_id, TimestampTz from)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(sum(" ROLLUP_LOAD_CHANGE("r") "), 0)"
		" FROM smartgrid.rollup AS r"
		" WHERE r.grid_id = $1 AND r.quarter_start >= $2",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from)};
	sg_int128	change = 0;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	change = number_int128(elevated_value(0, 1, NUMERICOID));
	elevated_end(&elevation);
	return change;
}
