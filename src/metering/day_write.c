/*-------------------------------------------------------------------------
 *
 * day_write.c
 *	  Writing versions of days, open slots, and packs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "metering/batch.h"
#include "metering/day.h"
#include "metering/day_write.h"
#include "store/elevated.h"
#include "store/store.h"

/* So many versions are gathered, in so much memory at most. */
#define GATHERED_VERSIONS	1000

/* A pack of the latest day: points whose slots came by the same batches share one. */
typedef struct Pack
{
	int64		pack_id;
	int			n;
	int64		batches[DAY_MAX_SLOTS];
} Pack;

struct DayWriter
{
	int32		grid_id;
	MemoryContext context;
	MemoryContext versions;		/* for the columns of those that are gathered */
	int			n;
	Datum		(*values)[FORM_MAX_COLUMNS];
	int64		written;		/* versions */
	DateADT		date;			/* of the packs */
	int			npacks;
	int			allocated;
	Pack	   *packs;
};

/* Begins to write, in the current memory context. */
DayWriter *
day_writer_begin(int32 grid_id)
{
	DayWriter  *writer = palloc0(sizeof(DayWriter));

	writer->grid_id = grid_id;
	writer->context = CurrentMemoryContext;
	writer->versions = AllocSetContextCreate(CurrentMemoryContext, "smartgrid days", ALLOCSET_DEFAULT_SIZES);
	writer->values = palloc(GATHERED_VERSIONS * sizeof(*writer->values));
	return writer;
}

static void
write_versions(DayWriter *writer)
{
	if (writer->n > 0)
		store_insert_many_values(TABLE_INTERVAL_DAY, writer->values, writer->n);
	writer->written += writer->n;
	writer->n = 0;
	MemoryContextReset(writer->versions);
}

/* A version of a point's day. */
void
day_writer_version(DayWriter *writer, DateADT date, int64 point_id, int32 version, int64 batch_id,
				   TimestampTz recorded_at, const Day *day)
{
	MemoryContext outer = MemoryContextSwitchTo(writer->versions);
	Datum	   *values = writer->values[writer->n++];

	values[Anum_interval_day_point_id - 1] = Int64GetDatum(point_id);
	values[Anum_interval_day_batch_id - 1] = Int64GetDatum(batch_id);
	values[Anum_interval_day_recorded_at - 1] = TimestampTzGetDatum(recorded_at);
	values[Anum_interval_day_grid_id - 1] = Int32GetDatum(writer->grid_id);
	values[Anum_interval_day_day - 1] = DateADTGetDatum(date);
	values[Anum_interval_day_version - 1] = Int32GetDatum(version);
	values[Anum_interval_day_data - 1] = day_to_datum(day);
	MemoryContextSwitchTo(outer);
	if (writer->n == GATHERED_VERSIONS)
		write_versions(writer);
}

static void
insert_pack(const DayWriter *writer, const Pack *pack)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.interval_pack (pack_id, grid_id, day, batches) VALUES ($1, $2, $3, $4)",
		.nargs = 4,
		.argtypes = {INT8OID, INT4OID, DATEOID, INT8ARRAYOID},
	};
	Elevation	elevation;
	Datum		batches[DAY_MAX_SLOTS];
	Datum		values[4];

	for (int i = 0; i < pack->n; i++)
		batches[i] = Int64GetDatum(pack->batches[i]);
	values[0] = Int64GetDatum(pack->pack_id);
	values[1] = Int32GetDatum(writer->grid_id);
	values[2] = DateADTGetDatum(writer->date);
	values[3] = PointerGetDatum(construct_array(batches, pack->n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* The number of the pack of a day that says of each of n slots which batch gave it; 0: as in the version before. */
int64
day_writer_pack(DayWriter *writer, DateADT date, const int64 *batches, int n)
{
	Pack	   *pack;

	if (date != writer->date)
		writer->npacks = 0;
	writer->date = date;
	for (int i = writer->npacks - 1; i >= 0; i--)
		if (writer->packs[i].n == n && memcmp(writer->packs[i].batches, batches, n * sizeof(int64)) == 0)
			return writer->packs[i].pack_id;
	if (writer->npacks == writer->allocated)
	{
		writer->allocated = Max(16, 2 * writer->allocated);
		writer->packs = writer->packs == NULL ?
			MemoryContextAlloc(writer->context, writer->allocated * sizeof(Pack)) :
			repalloc_huge(writer->packs, writer->allocated * sizeof(Pack));
	}
	pack = &writer->packs[writer->npacks++];
	pack->pack_id = batch_next_id();
	pack->n = n;
	memcpy(pack->batches, batches, n * sizeof(int64));
	insert_pack(writer, pack);
	return pack->pack_id;
}

/* The values of a slot, in the order of points, as an open row. */
void
day_writer_open(DayWriter *writer, DateADT date, TimestampTz start, int minutes, int64 batch_id,
				TimestampTz recorded_at, const OpenValue *values, int n)
{
	static const bool none_null[Natts_open_slot];
	bytea	   *data = MemoryContextAllocHuge(writer->context, VARHDRSZ + open_pack_bound(n));
	Datum		columns[Natts_open_slot];

	SET_VARSIZE(data, VARHDRSZ + open_pack(values, n, (uint8 *) VARDATA(data)));
	columns[Anum_open_slot_batch_id - 1] = Int64GetDatum(batch_id);
	columns[Anum_open_slot_recorded_at - 1] = TimestampTzGetDatum(recorded_at);
	columns[Anum_open_slot_start - 1] = TimestampTzGetDatum(start);
	columns[Anum_open_slot_grid_id - 1] = Int32GetDatum(writer->grid_id);
	columns[Anum_open_slot_day - 1] = DateADTGetDatum(date);
	columns[Anum_open_slot_minutes - 1] = Int16GetDatum((int16) minutes);
	columns[Anum_open_slot_data - 1] = PointerGetDatum(data);
	store_insert_values(TABLE_OPEN_SLOT, columns, none_null);
	pfree(data);
}

/* Writes what is left, and returns how many versions were written in all. */
int64
day_writer_end(DayWriter *writer)
{
	write_versions(writer);
	return writer->written;
}
