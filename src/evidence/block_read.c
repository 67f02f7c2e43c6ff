/*-------------------------------------------------------------------------
 *
 * block_read.c
 *	  Reading the rows of smartgrid.block.
 *
 * They are read in the active snapshot.  The caller's right has been checked;
 * everybody may read blocks, nobody but the owner their details.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "evidence/block.h"
#include "evidence/canonical.h"
#include "store/elevated.h"

/* In the order of read_block(). */
#define BLOCK_COLUMNS \
	"b.grid_id, b.height, b.sealed_at, b.first_entry, b.last_entry, b.entries, b.root," \
	" b.load, b.held, b.balances, b.reserved, b.earnings, b.revenue, b.stored, b.due," \
	" b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals," \
	" b.previous, b.history, b.name, b.hash, b.form, b.sums"
#define BLOCK_SELECT \
	"SELECT " BLOCK_COLUMNS \
	" FROM smartgrid.block AS b" \
	" WHERE b.grid_id = $1"
#define BLOCK_SELECT_DETAIL \
	"SELECT " BLOCK_COLUMNS ", d.peaks, d.fingerprints" \
	" FROM smartgrid.block AS b" \
	" LEFT JOIN smartgrid.block_detail AS d ON d.grid_id = b.grid_id AND d.height = b.height" \
	" WHERE b.grid_id = $1"

/* How many blocks, with up to 768 kB of fingerprints each, are read at a time; and how many hashes. */
#define READ_BLOCKS		16
#define READ_HASHES		8192

/* Keeps which column is the first that cannot be what was sealed. */
static void
note_malformed(TupleDesc desc, int n, const char **malformed)
{
	if (*malformed == NULL)
		*malformed = SPI_fname(desc, n);
}

/* A column of a row; if somebody got around the constraints and it is NULL, 0, and *malformed is the column. */
static Datum
column(HeapTuple tuple, TupleDesc desc, int n, Oid type, const char **malformed)
{
	bool		isnull;
	Datum		value = elevated_column(tuple, desc, n, type, &isnull);

	if (!isnull)
		return value;
	note_malformed(desc, n, malformed);
	return (Datum) 0;
}

/* A hash; if it has not 32 bytes, zeros, and *malformed is the column. */
static Digest
digest_column(HeapTuple tuple, TupleDesc desc, int n, const char **malformed)
{
	Digest		digest = {{0}};
	Datum		value = column(tuple, desc, n, BYTEAOID, malformed);

	if (DatumGetPointer(value) != NULL && !digest_from_bytea(value, &digest))
		note_malformed(desc, n, malformed);
	return digest;
}

/* A total; if it is none that sealing writes, *malformed is the column. */
static sg_int128
total_column(HeapTuple tuple, TupleDesc desc, int n, const char **malformed)
{
	Datum		number = column(tuple, desc, n, NUMERICOID, malformed);
	sg_int128	value = 0;

	if (DatumGetPointer(number) != NULL && !number_to_int128(number, &value))
		note_malformed(desc, n, malformed);
	return value;
}

/* What has no place in the line of the first form is 0 there. */
static void
check_first_form(LedgerBlock *block, const char *sums)
{
	if (block->malformed != NULL)
		return;
	if (block->totals.value[TOTAL_RESERVED] != 0)
		block->malformed = total_names[TOTAL_RESERVED];
	else if (block->totals.value[TOTAL_DUE] != 0)
		block->malformed = total_names[TOTAL_DUE];
	else if (sums[0] != '\0')
		block->malformed = "sums";
}

/* In the second form totals by kind of entry follow from the sums. */
static void
check_second_form(LedgerBlock *block, const char *sums)
{
	Totals		totals;

	if (!canonical_parse_sums(sums, &block->sums))
	{
		if (block->malformed == NULL)
			block->malformed = "sums";
		return;
	}
	totals = totals_of(&block->sums);
	for (int t = TOTAL_PRODUCED; t < TOTAL_COUNT; t++)
		if (block->malformed == NULL && totals.value[t] != block->totals.value[t])
			block->malformed = total_names[t];
}

static void
read_form(LedgerBlock *block, HeapTuple tuple, TupleDesc desc, int n)
{
	Datum		sums;
	char	   *line;

	block->form = DatumGetInt16(column(tuple, desc, n, INT2OID, &block->malformed));
	sums = column(tuple, desc, n + 1, TEXTOID, &block->malformed);
	line = DatumGetPointer(sums) ? TextDatumGetCString(sums) : pstrdup("");
	if (block->form == BLOCK_FORM_1)
		check_first_form(block, line);
	else if (block->form == BLOCK_FORM_2)
		check_second_form(block, line);
	else
		note_malformed(desc, n, &block->malformed);
	pfree(line);
}

static bytea *
detail_column(HeapTuple tuple, TupleDesc desc, int n)
{
	bool		isnull;
	Datum		value = elevated_column(tuple, desc, n, BYTEAOID, &isnull);

	return isnull ? NULL : DatumGetByteaPCopy(value);
}

/* A row as a block, in the current memory context. */
static LedgerBlock *
read_block(HeapTuple tuple, TupleDesc desc)
{
	LedgerBlock *block = palloc0(sizeof(LedgerBlock));
	const char **malformed = &block->malformed;
	Datum		name;
	int			n = 0;

	block->grid_id = DatumGetInt32(column(tuple, desc, ++n, INT4OID, malformed));
	block->height = DatumGetInt64(column(tuple, desc, ++n, INT8OID, malformed));
	block->sealed_at = DatumGetTimestampTz(column(tuple, desc, ++n, TIMESTAMPTZOID, malformed));
	block->first_entry = DatumGetInt64(column(tuple, desc, ++n, INT8OID, malformed));
	block->last_entry = DatumGetInt64(column(tuple, desc, ++n, INT8OID, malformed));
	block->entries = DatumGetInt32(column(tuple, desc, ++n, INT4OID, malformed));
	block->root = digest_column(tuple, desc, ++n, malformed);
	for (int t = 0; t < TOTAL_COUNT; t++)
		block->totals.value[t] = total_column(tuple, desc, ++n, malformed);
	block->previous = digest_column(tuple, desc, ++n, malformed);
	block->history = digest_column(tuple, desc, ++n, malformed);
	name = column(tuple, desc, ++n, TEXTOID, malformed);
	block->name = DatumGetPointer(name) ? TextDatumGetCString(name) : pstrdup("");
	block->hash = digest_column(tuple, desc, ++n, malformed);
	read_form(block, tuple, desc, n + 1);
	n += 2;
	if (desc->natts > n)
	{
		block->peaks = detail_column(tuple, desc, ++n);
		block->fingerprints = detail_column(tuple, desc, ++n);
	}
	return block;
}

/* Frees a block of a reader. */
void
block_free(LedgerBlock *block)
{
	pfree(block->name);
	if (block->peaks)
		pfree(block->peaks);
	if (block->fingerprints)
		pfree(block->fingerprints);
	pfree(block);
}

/* The first row of a statement as a block, NULL if there is none. */
static LedgerBlock *
read_one(ElevatedPlan *plan, Datum *values)
{
	Elevation	elevation;
	MemoryContext caller = CurrentMemoryContext;
	LedgerBlock *block = NULL;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		block = read_block(SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
		MemoryContextSwitchTo(old);
	}
	elevated_end(&elevation);
	return block;
}

/* The latest block of a grid with its detail, NULL if there is none. */
LedgerBlock *
block_last(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = BLOCK_SELECT_DETAIL " AND b.height IS NOT NULL"
		" ORDER BY b.height DESC"
		" LIMIT 1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return read_one(&plan, values);
}

/* The height of the last detail of a grid, -1 for none: that of its last block, unless one of the two was deleted. */
int64
block_last_detail(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT COALESCE(max(d.height), -1) FROM smartgrid.block_detail AS d WHERE d.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many rows of a grid have no height, which no constraint allows: no reader comes across them. */
int64
block_count_without_height(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.block AS b WHERE b.grid_id = $1 AND b.height IS NULL",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* A block of a grid by height, with its detail, NULL if there is none. */
LedgerBlock *
block_at(int32 grid_id, int64 height)
{
	static ElevatedPlan plan = {
		.sql = BLOCK_SELECT_DETAIL " AND b.height = $2",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(height)};

	return read_one(&plan, values);
}

/* The block of a grid that has, or would have, this entry; without its detail; NULL if it is not sealed. */
LedgerBlock *
block_of_entry(int32 grid_id, int64 entry_id)
{
	static ElevatedPlan plan = {
		.sql = BLOCK_SELECT " AND b.last_entry >= $2"
		" ORDER BY b.last_entry"
		" LIMIT 1",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(entry_id)};

	return read_one(&plan, values);
}

/* The hashes of a grid's first n blocks; NULL if one of them is missing or none. */
Digest *
block_hashes(int32 grid_id, int64 n)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT b.hash"
		" FROM smartgrid.block AS b"
		" WHERE b.grid_id = $1 AND b.height >= $2 AND b.height < $3"
		" ORDER BY b.height",
		.nargs = 3,
		.argtypes = {INT4OID, INT8OID, INT8OID},
	};
	int64		room = READ_HASHES;
	Digest	   *hashes = palloc(room * sizeof(Digest));

	for (int64 from = 0; from < n; from += READ_HASHES)
	{
		int64		count = Min(n - from, READ_HASHES);
		Datum		values[] = {Int32GetDatum(grid_id), Int64GetDatum(from), Int64GetDatum(from + count)};
		const char *malformed = NULL;
		bool		complete;

		CHECK_FOR_INTERRUPTS();
		/* It grows with what there is: n may be what somebody has written into a block. */
		if (from + count > room)
		{
			room *= 2;
			hashes = repalloc_huge(hashes, room * sizeof(Digest));
		}
		elevated_begin(&elevation);
		elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
		complete = (int64) SPI_processed == count;
		for (int64 i = 0; complete && i < count; i++)
			hashes[from + i] = digest_column(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &malformed);
		elevated_end(&elevation);
		if (!complete || malformed)
			return NULL;
	}
	return hashes;
}

/* Begins to read the blocks of a grid from a height on, with their details; one height comes more than once if no key forbids it. */
void
block_reader_open(BlockReader *reader, int32 grid_id, int64 from)
{
	memset(reader, 0, sizeof(*reader));
	reader->grid_id = grid_id;
	reader->from = from;
	reader->blocks = NULL;
}

static void
read_more(BlockReader *reader)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = BLOCK_SELECT_DETAIL " AND b.height >= $2"
		" ORDER BY b.height"
		" FETCH FIRST " CppAsString2(READ_BLOCKS) " ROWS WITH TIES",
		.nargs = 2,
		.argtypes = {INT4OID, INT8OID},
	};
	Datum		values[] = {Int32GetDatum(reader->grid_id), Int64GetDatum(reader->from)};
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	old = MemoryContextSwitchTo(caller);
	if (reader->blocks)
		pfree(reader->blocks);
	reader->n = (int) SPI_processed;
	reader->next = 0;
	reader->blocks = palloc(Max(reader->n, 1) * sizeof(LedgerBlock *));
	for (int i = 0; i < reader->n; i++)
		reader->blocks[i] = read_block(SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	reader->ended = reader->n == 0 || reader->blocks[reader->n - 1]->height == PG_INT64_MAX;
	if (!reader->ended)
		reader->from = reader->blocks[reader->n - 1]->height + 1;
	MemoryContextSwitchTo(old);
	elevated_end(&elevation);
}

/* The next block by height, the caller's to free; NULL at the end. */
LedgerBlock *
block_reader_next(BlockReader *reader)
{
	if (reader->next == reader->n && !reader->ended)
		read_more(reader);
	return reader->next < reader->n ? reader->blocks[reader->next++] : NULL;
}
