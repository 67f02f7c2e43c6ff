/*-------------------------------------------------------------------------
 *
 * batches.c
 *	  Batches of readings of metering points: their lines, and whether those are
 *	  what the ledger carries the digests of.
 *
 * doc/evidence.md says what the lines are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "grid/identity.h"
#include "ledger/ledger.h"
#include "metering/batch_check.h"
#include "metering/batch_lines.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_verify_batches);
PG_FUNCTION_INFO_V1(sg_batch_lines);

/* How many batches are read at once. */
#define READ_BATCHES	1000

/* A batch on record, beside its entry. */
typedef struct StoredBatch
{
	Batch		batch;			/* its number, time, days, and how many versions were new */
	bool		has_row_digest;
	Digest		row_digest;		/* that the row has */
	bool		has_digest;
	Digest		digest;			/* that the entry carries */
	bool		has_entry;		/* with the number and the time of the batch */
	bool		adds_up;		/* each of its rows is counted once */
} StoredBatch;

/* A digest column; false if it is NULL or none. */
static bool
digest_of_row(uint64 row, int n, Digest *digest)
{
	bool		isnull;
	Datum		bytes = elevated_column(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, n, BYTEAOID, &isnull);

	return !isnull && digest_from_bytea(bytes, digest);
}

static StoredBatch
read_batch(uint64 row)
{
	StoredBatch stored = {0};

	stored.batch.batch_id = DatumGetInt64(elevated_value(row, 1, INT8OID));
	stored.batch.recorded_at = DatumGetTimestampTz(elevated_value(row, 2, TIMESTAMPTZOID));
	stored.batch.first_day = DatumGetDateADT(elevated_value(row, 3, DATEOID));
	stored.batch.last_day = DatumGetDateADT(elevated_value(row, 4, DATEOID));
	stored.batch.fresh = DatumGetInt64(elevated_value(row, 5, INT8OID));
	stored.has_row_digest = digest_of_row(row, 6, &stored.row_digest);
	stored.has_digest = digest_of_row(row, 7, &stored.digest);
	stored.has_entry = DatumGetBool(elevated_value(row, 8, BOOLOID));
	stored.adds_up = DatumGetBool(elevated_value(row, 9, BOOLOID));
	return stored;
}

/* The next batches of a grid with numbers from one to another; returns how many, READ_BATCHES at most. */
static int
read_batches(int32 grid_id, int64 from, int64 to, StoredBatch *batches)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.batch_id, b.recorded_at, b.first_day, b.last_day, b.fresh, b.digest, d.digest, l.entry_id IS NOT NULL,"
		" b.given = b.fresh + b.unchanged + b.kept + b.refused"
		" FROM smartgrid.batch AS b"
		" LEFT JOIN smartgrid.ledger AS l ON l.entry_id = b.entry_id AND l.grid_id = b.grid_id AND l.kind = $4"
		" AND l.trade_id = b.batch_id AND l.at = b.recorded_at"
		" LEFT JOIN smartgrid.entry_digest AS d ON d.entry_id = b.entry_id AND d.grid_id = b.grid_id"
		" WHERE b.grid_id = $1 AND b.batch_id BETWEEN $2 AND $3"
		" ORDER BY b.batch_id"
		" LIMIT " CppAsString2(READ_BATCHES),
		.nargs = 4,
		.argtypes = {INT4OID, INT8OID, INT8OID, INT2OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(from), Int64GetDatum(to), Int16GetDatum(LEDGER_BATCH)};
	int			n;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	n = (int) SPI_processed;
	for (int i = 0; i < n; i++)
		batches[i] = read_batch(i);
	elevated_end(&elevation);
	return n;
}

/* Is everything as it was loaded?  computed is the digest of its lines, if it has some; fits: as batch_lines_read() says. */
static bool
is_as_loaded(const StoredBatch *stored, bool has_lines, const Digest *computed, bool fits)
{
	bool		is_booked = stored->batch.fresh > 0;

	if (stored->has_entry != is_booked || stored->has_digest != is_booked || stored->has_row_digest != is_booked || has_lines != is_booked)
		return false;
	return fits && stored->adds_up && (!is_booked || (digest_equal(&stored->digest, computed) && digest_equal(&stored->row_digest, computed)));
}

/* A row of the result. */
static void
return_batch(ResultRow *result, int64 batch_id, const Digest *stored, const Digest *computed, bool ok)
{
	result_int64(result, batch_id);
	result_text(result, stored ? digest_to_hex(stored) : NULL);
	result_text(result, computed ? digest_to_hex(computed) : NULL);
	result_bool(result, ok);
	result_end_row(result);
}

static void
verify_batch(ResultRow *result, int32 grid_id, const StoredBatch *stored)
{
	BatchLines *lines = batch_lines_begin(CurrentMemoryContext);
	Digest		computed;
	bool		fits = batch_lines_read(lines, &stored->batch, grid_id);
	bool		has_lines = batch_lines_finish(lines, &computed) > 0;

	return_batch(result, stored->batch.batch_id, stored->has_digest ? &stored->digest : NULL, has_lines ? &computed : NULL,
				 is_as_loaded(stored, has_lines, &computed, fits));
}

/* Entries about batches that there are not, or that say to have another entry. */
static void
return_lone_entries(ResultRow *result, int32 grid_id, int64 from, int64 to)
{
	static ElevatedPlan plan = {
		.sql = "SELECT l.trade_id, d.digest"
		" FROM smartgrid.ledger AS l"
		" LEFT JOIN smartgrid.entry_digest AS d ON d.entry_id = l.entry_id AND d.grid_id = l.grid_id"
		" WHERE l.participant_id = 0 AND l.grid_id = $1 AND l.trade_id BETWEEN $2 AND $3 AND l.kind = $4"
		" AND NOT EXISTS (SELECT FROM smartgrid.batch AS b WHERE b.batch_id = l.trade_id AND b.grid_id = l.grid_id AND b.entry_id = l.entry_id)"
		" ORDER BY l.entry_id",
		.nargs = 4,
		.argtypes = {INT4OID, INT8OID, INT8OID, INT2OID},
	};
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(from), Int64GetDatum(to), Int16GetDatum(LEDGER_BATCH)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		Digest		digest;
		bool		has_digest = digest_of_row(i, 2, &digest);

		return_batch(result, DatumGetInt64(elevated_value(i, 1, INT8OID)), has_digest ? &digest : NULL, NULL, false);
	}
	elevated_end(&elevation);
}

/* Whether there is nothing that no batch accounts for. */
static void
return_strays(ResultRow *result, int32 grid_id)
{
	result_null(result);
	result_null(result);
	result_null(result);
	result_bool(result, batch_count_strays(grid_id) == 0 && batch_count_out_of_order(grid_id) == 0);
	result_end_row(result);
}

/*
 * sg_verify_batches(from_batch, to_batch) -> batch, stored, computed, ok: a
 * row for each batch of the current grid, and each entry about one that there
 * is not; then, of all batches, one of batch NULL for what no batch accounts for.
 *
 * For those who may read all of the grid.  No locks; one snapshot.  SG101
 * grid; SG100; 22P03 if what is on record is damaged.
 */
Datum
sg_verify_batches(PG_FUNCTION_ARGS)
{
	int64		from = PG_ARGISNULL(0) ? PG_INT64_MIN : PG_GETARG_INT64(0);
	int64		to = PG_ARGISNULL(1) ? PG_INT64_MAX : PG_GETARG_INT64(1);
	Grid	   *grid = identity_require_reader_of(grid_current_name(), "verify batches of readings");
	StoredBatch *batches = palloc(READ_BATCHES * sizeof(StoredBatch));
	MemoryContext of_batch = AllocSetContextCreate(CurrentMemoryContext, "smartgrid batch", ALLOCSET_DEFAULT_SIZES);
	ResultRow	result;
	int64		next = from;
	int			n;

	result_begin_set(&result, fcinfo);
	do
	{
		n = next <= to ? read_batches(grid->form.grid_id, next, to, batches) : 0;
		for (int i = 0; i < n; i++)
		{
			MemoryContext outer = MemoryContextSwitchTo(of_batch);

			CHECK_FOR_INTERRUPTS();
			verify_batch(&result, grid->form.grid_id, &batches[i]);
			MemoryContextSwitchTo(outer);
			MemoryContextReset(of_batch);
		}
		if (n == READ_BATCHES && batches[n - 1].batch.batch_id < PG_INT64_MAX)
			next = batches[n - 1].batch.batch_id + 1;
	} while (n == READ_BATCHES);
	return_lone_entries(&result, grid->form.grid_id, from, to);
	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		return_strays(&result, grid->form.grid_id);
	return (Datum) 0;
}

/* A BatchLineTaker: puts the line into the result, in the server's encoding. */
static void
return_line(void *argument, const char *line, size_t length)
{
	ResultRow  *result = argument;
	char	   *text = pnstrdup(line, length);
	char	   *converted = GetDatabaseEncoding() == PG_SQL_ASCII ? text : pg_any_to_server(text, (int) length, PG_UTF8);

	result_text(result, converted);
	result_end_row(result);
	if (converted != text)
		pfree(converted);
	pfree(text);
}

/*
 * sg_batch_lines(batch) -> its lines as they are on record now.  For those who
 * may read all of the current grid.  SG108 NULL; SG101 grid, batch; SG100;
 * 22P03 if what is on record is damaged.
 */
Datum
sg_batch_lines(PG_FUNCTION_ARGS)
{
	int64		batch_id = arg_int64(fcinfo, 0, "batch");
	Grid	   *grid = identity_require_reader_of(grid_current_name(), "read the lines of a batch");
	StoredBatch *stored = palloc(READ_BATCHES * sizeof(StoredBatch));
	ResultRow	result;
	BatchLines *lines;
	Digest		digest;

	if (read_batches(grid->form.grid_id, batch_id, batch_id, stored) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("batch " INT64_FORMAT " does not exist in grid \"%s\"", batch_id, grid->name)));
	result_begin_set(&result, fcinfo);
	lines = batch_lines_begin_taking(CurrentMemoryContext, return_line, &result);
	(void) batch_lines_read(lines, &stored->batch, grid->form.grid_id);
	(void) batch_lines_finish(lines, &digest);
	return (Datum) 0;
}
