/*-------------------------------------------------------------------------
 *
 * register_rows.c
 *	  Readings of registers on record.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "base/number.h"
#include "metering/register_rows.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_quality_name);

/* So many rows are inserted by one statement. */
#define ROWS_AT_ONCE	10000

/* Columns of a row that is inserted. */
enum
{
	ROW_POINT,
	ROW_AT,
	ROW_QUALITY,
	ROW_READING,
	ROW_INITIAL,
	ROW_DIGITS,
	ROW_SPREAD,
	ROW_COLUMNS
};

/* Of the rows of a point, those whose batch was not withdrawn. */
#define COUNTS	"r.point_id = $1" \
	" AND NOT EXISTS (SELECT FROM smartgrid.batch AS w WHERE w.withdraws_id = r.batch_id AND w.withdraws_id > 0)"

/* The same at the moment $n. */
#define COUNTED(n)	"r.point_id = $1 AND r.recorded_at <= $" #n \
	" AND NOT EXISTS (SELECT FROM smartgrid.batch AS w WHERE w.withdraws_id = r.batch_id AND w.withdraws_id > 0 AND w.recorded_at <= $" #n ")"

struct RegisterWriter
{
	const Grid *grid;
	MemoryContext context;		/* its own */
	int			n;
	int			allocated;
	Datum	   *values[ROW_COLUMNS];
	bool	   *is_exchange;	/* else initial and digits are NULL */
};

/* quality_name(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_quality_name(PG_FUNCTION_ARGS)
{
	int			quality = PG_GETARG_INT16(0);

	if (quality < 0 || quality >= QUALITY_COUNT)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(quality_name((Quality) quality)));
}

/* Puts a node into its place. */
void
register_nodes_insert(RegisterNodes *nodes, int place, RegisterNode node)
{
	if (nodes->n == nodes->allocated)
	{
		nodes->allocated = Max(8, 2 * nodes->allocated);
		nodes->nodes = nodes->nodes ? repalloc_huge(nodes->nodes, nodes->allocated * sizeof(RegisterNode)) :
			palloc(nodes->allocated * sizeof(RegisterNode));
	}
	memmove(nodes->nodes + place + 1, nodes->nodes + place, (nodes->n - place) * sizeof(RegisterNode));
	nodes->nodes[place] = node;
	nodes->n++;
}

void
register_nodes_remove(RegisterNodes *nodes, int place)
{
	nodes->n--;
	memmove(nodes->nodes + place, nodes->nodes + place + 1, (nodes->n - place) * sizeof(RegisterNode));
}

/* Energy units in a kWh of the grid, numeric. */
static Datum
units_in_kwh(const Grid *grid)
{
	return number_of_text(psprintf("1e%d", grid->form.energy_scale));
}

/* kWh in an energy unit of the grid, numeric. */
static Datum
kwh_in_unit(const Grid *grid)
{
	return number_of_text(psprintf("1e-%d", grid->form.energy_scale));
}

/* A row that was found, its texts in the context. */
static RegisterNode
node_of(uint64 row, MemoryContext context)
{
	HeapTuple	tuple = SPI_tuptable->vals[row];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	RegisterNode node = {0};
	char	   *spread = TextDatumGetCString(elevated_value(row, 6, TEXTOID));
	bool		isnull;

	node.at = DatumGetTimestampTz(elevated_value(row, 1, TIMESTAMPTZOID));
	node.until = DatumGetInt64(elevated_value(row, 2, INT8OID));
	node.since = DatumGetInt64(elevated_column(tuple, desc, 3, INT8OID, &isnull));
	node.is_exchange = !isnull;
	if (isnull)
		node.since = node.until;
	node.digits = DatumGetInt16(elevated_column(tuple, desc, 4, INT2OID, &isnull));
	node.quality = (Quality) DatumGetInt16(elevated_value(row, 5, INT2OID));
	node.spread = *spread ? MemoryContextStrdup(context, spread) : NULL;
	return node;
}

/*
 * What was on record of a point at as_of (infinity: now) within [from, to], the
 * latest before it and the first after it, by time.  Read in the active snapshot.
 */
void
register_read_as_of(RegisterNodes *nodes, const Grid *grid, int64 point_id, TimestampTz from, TimestampTz to, TimestampTz as_of)
{
	/* Of rows of one time the last that was recorded counts. */
	static ElevatedPlan plan = {
		.sql = "SELECT q.at, (q.reading * $4)::bigint, (q.initial * $4)::bigint, coalesce(q.digits, 0::smallint), q.quality, q.spread FROM ("
		"(SELECT r.* FROM smartgrid.register_reading AS r WHERE " COUNTED(5) " AND r.at < $2 ORDER BY r.at DESC, r.recorded_at DESC LIMIT 1)"
		" UNION ALL SELECT r.* FROM smartgrid.register_reading AS r WHERE " COUNTED(5) " AND r.at >= $2 AND r.at <= $3"
		" UNION ALL (SELECT r.* FROM smartgrid.register_reading AS r WHERE " COUNTED(5) " AND r.at > $3 ORDER BY r.at, r.recorded_at DESC LIMIT 1)"
		") AS q ORDER BY q.at, q.recorded_at",
		.nargs = 5,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, NUMERICOID, TIMESTAMPTZOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(point_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), units_in_kwh(grid), TimestampTzGetDatum(as_of)
	};

	nodes->n = 0;
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		RegisterNode node = node_of(i, caller);
		MemoryContext spi;

		if (nodes->n > 0 && nodes->nodes[nodes->n - 1].at == node.at)
		{
			nodes->nodes[nodes->n - 1] = node;
			continue;
		}
		spi = MemoryContextSwitchTo(caller);
		register_nodes_insert(nodes, nodes->n, node);
		MemoryContextSwitchTo(spi);
	}
	elevated_end(&elevation);
}

/*
 * What is on record now, as register_read_as_of().  It is read in the latest
 * snapshot, whatever that of the transaction is: after the lock of the point is
 * taken.
 */
void
register_read(RegisterNodes *nodes, const Grid *grid, int64 point_id, TimestampTz from, TimestampTz to)
{
	PushActiveSnapshot(GetLatestSnapshot());
	register_read_as_of(nodes, grid, point_id, from, to, DT_NOEND);
	PopActiveSnapshot();
}

/* How many digits, in whole kWh, the meter has that a point had just after a time, on record at as_of; 0: that is not known.  Read in the active snapshot. */
int
register_digits_as_of(int64 point_id, TimestampTz at, TimestampTz as_of)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce((SELECT r.digits FROM smartgrid.register_reading AS r"
		" WHERE " COUNTED(3) " AND r.at <= $2 AND r.initial IS NOT NULL ORDER BY r.at DESC, r.recorded_at DESC LIMIT 1), 0)::bigint",
		.nargs = 3,
		.argtypes = {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	Datum		values[] = {Int64GetDatum(point_id), TimestampTzGetDatum(at), TimestampTzGetDatum(as_of)};

	return (int) elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* The same, on record now, in the latest snapshot. */
int
register_digits(int64 point_id, TimestampTz at)
{
	int			digits;

	PushActiveSnapshot(GetLatestSnapshot());
	digits = register_digits_as_of(point_id, at, DT_NOEND);
	PopActiveSnapshot();
	return digits;
}

/* When the meter of a point is exchanged next after a time; infinity: never, as far as is on record. */
TimestampTz
register_next_exchange(int64 point_id, TimestampTz at)
{
	static ElevatedPlan plan = {
		.sql = "SELECT coalesce(min(r.at), 'infinity') FROM smartgrid.register_reading AS r WHERE " COUNTS " AND r.at > $2 AND r.initial IS NOT NULL",
		.nargs = 2,
		.argtypes = {INT8OID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(point_id), TimestampTzGetDatum(at)};
	TimestampTz next;

	PushActiveSnapshot(GetLatestSnapshot());
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	next = DatumGetTimestampTz(elevated_value(0, 1, TIMESTAMPTZOID));
	elevated_end(&elevation);
	PopActiveSnapshot();
	return next;
}

/* ---- writing ---- */

RegisterWriter *
register_writer_begin(const Grid *grid)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid register readings", ALLOCSET_DEFAULT_SIZES);
	RegisterWriter *writer = MemoryContextAllocZero(context, sizeof(RegisterWriter));

	writer->grid = grid;
	writer->context = context;
	return writer;
}

static void
make_room(RegisterWriter *writer)
{
	if (writer->n < writer->allocated)
		return;
	writer->allocated = Max(64, 2 * writer->allocated);
	for (int i = 0; i < ROW_COLUMNS; i++)
		writer->values[i] = writer->values[i] ? repalloc_huge(writer->values[i], writer->allocated * sizeof(Datum)) :
			palloc(writer->allocated * sizeof(Datum));
	writer->is_exchange = writer->is_exchange ? repalloc_huge(writer->is_exchange, writer->allocated) : palloc(writer->allocated);
}

/* Adds a row. */
void
register_writer_add(RegisterWriter *writer, int64 point_id, const RegisterNode *node)
{
	MemoryContext outer = MemoryContextSwitchTo(writer->context);
	Datum		row[ROW_COLUMNS];

	make_room(writer);
	row[ROW_POINT] = Int64GetDatum(point_id);
	row[ROW_AT] = TimestampTzGetDatum(node->at);
	row[ROW_QUALITY] = Int16GetDatum((int16) node->quality);
	row[ROW_READING] = Int64GetDatum(node->until);
	row[ROW_INITIAL] = Int64GetDatum(node->since);
	row[ROW_DIGITS] = Int16GetDatum((int16) node->digits);
	row[ROW_SPREAD] = CStringGetTextDatum(node->spread ? node->spread : "");
	for (int i = 0; i < ROW_COLUMNS; i++)
		writer->values[i][writer->n] = row[i];
	writer->is_exchange[writer->n++] = node->is_exchange;
	MemoryContextSwitchTo(outer);
}

static const Oid row_types[ROW_COLUMNS] = {INT8OID, TIMESTAMPTZOID, INT2OID, INT8OID, INT8OID, INT2OID, TEXTOID};

/* A column of n rows from the first on, as an array. */
static Datum
column_array(RegisterWriter *writer, int column, int first, int n)
{
	bool		is_text = row_types[column] == TEXTOID;
	int			len = is_text ? -1 : row_types[column] == INT2OID ? (int) sizeof(int16) : (int) sizeof(int64);
	char		align = is_text ? TYPALIGN_INT : row_types[column] == INT2OID ? TYPALIGN_SHORT : TYPALIGN_DOUBLE;
	bool	   *isnull = palloc0(n * sizeof(bool));
	int			dims[] = {n};
	int			lower[] = {1};

	if (column == ROW_INITIAL || column == ROW_DIGITS)
		for (int i = 0; i < n; i++)
			isnull[i] = !writer->is_exchange[first + i];
	return PointerGetDatum(construct_md_array(writer->values[column] + first, isnull, 1, dims, lower, row_types[column], len, !is_text, align));
}

/* Puts the rows on record, with their batch. */
void
register_writer_end(RegisterWriter *writer, const Batch *batch)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.register_reading (point_id, at, quality, reading, initial, digits, spread, batch_id, recorded_at, grid_id)"
		" SELECT n.point_id, n.at, n.quality, trim_scale(n.reading * $8), trim_scale(n.initial * $8), n.digits, n.spread, $9, $10, $11"
		" FROM unnest($1, $2, $3, $4, $5, $6, $7) AS n (point_id, at, quality, reading, initial, digits, spread)",
		.nargs = 11,
		.argtypes = {INT8ARRAYOID, TIMESTAMPTZARRAYOID, INT2ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT2ARRAYOID, TEXTARRAYOID,
			NUMERICOID, INT8OID, TIMESTAMPTZOID, INT4OID},
	};
	MemoryContext outer = MemoryContextSwitchTo(writer->context);

	for (int first = 0; first < writer->n; first += ROWS_AT_ONCE)
	{
		Elevation	elevation;
		Datum		values[11];

		for (int i = 0; i < ROW_COLUMNS; i++)
			values[i] = column_array(writer, i, first, Min(writer->n - first, ROWS_AT_ONCE));
		values[7] = kwh_in_unit(writer->grid);
		values[8] = Int64GetDatum(batch->batch_id);
		values[9] = TimestampTzGetDatum(batch->recorded_at);
		values[10] = Int32GetDatum(writer->grid->form.grid_id);
		elevated_begin(&elevation);
		elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
		elevated_end(&elevation);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(writer->context);
}
