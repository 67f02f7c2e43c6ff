/*-------------------------------------------------------------------------
 *
 * meter_packs.c
 *	  Which batch gave which slot of packed days that came slot by slot.
 *
 * The packs of a day, and when their batches were recorded, are read when the
 * first is asked for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "metering/meter_state.h"
#include "store/elevated.h"

static int
compare_packs(const void *a, const void *b)
{
	int64		left = ((const MeterPack *) a)->pack_id;
	int64		right = ((const MeterPack *) b)->pack_id;

	return (left > right) - (left < right);
}

static int
compare_batches(const void *a, const void *b)
{
	int64		left = ((const ReadOrigin *) a)->batch_id;
	int64		right = ((const ReadOrigin *) b)->batch_id;

	return (left > right) - (left < right);
}

/* The elements of an array of bigint, in the context. */
static int64 *
numbers_of(Datum value, MemoryContext context, int *n)
{
	Datum	   *elements;
	bool	   *isnull;
	int64	   *numbers;

	deconstruct_array(DatumGetArrayTypeP(value), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &isnull, n);
	numbers = MemoryContextAlloc(context, Max(*n, 1) * sizeof(int64));
	for (int i = 0; i < *n; i++)
		numbers[i] = isnull[i] ? 0 : DatumGetInt64(elements[i]);
	return numbers;
}

static void
read_packs(MeterReadState *state, Datum *day)
{
	static ElevatedPlan plan = {
		.sql = "SELECT p.pack_id, p.batches FROM smartgrid.interval_pack AS p WHERE p.grid_id = $1 AND p.day = $2 ORDER BY p.pack_id",
		.nargs = 2,
		.argtypes = {INT4OID, DATEOID},
	};

	elevated_execute(&plan, day, NULL, IN_ACTIVE_SNAPSHOT);
	state->npacks = (int) SPI_processed;
	state->packs = MemoryContextAllocHuge(state->day, Max(state->npacks, 1) * sizeof(MeterPack));
	for (int i = 0; i < state->npacks; i++)
	{
		state->packs[i].pack_id = DatumGetInt64(elevated_value(i, 1, INT8OID));
		state->packs[i].batches = numbers_of(elevated_value(i, 2, INT8ARRAYOID), state->day, &state->packs[i].n);
	}
}

static void
read_batches(MeterReadState *state, Datum *day)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.batch_id, b.recorded_at FROM smartgrid.batch AS b"
		" WHERE b.batch_id IN (SELECT unnest(p.batches) FROM smartgrid.interval_pack AS p WHERE p.grid_id = $1 AND p.day = $2)"
		" ORDER BY b.batch_id",
		.nargs = 2,
		.argtypes = {INT4OID, DATEOID},
	};

	elevated_execute(&plan, day, NULL, IN_ACTIVE_SNAPSHOT);
	state->nbatches = (int) SPI_processed;
	state->batches = MemoryContextAllocHuge(state->day, Max(state->nbatches, 1) * sizeof(ReadOrigin));
	for (int i = 0; i < state->nbatches; i++)
	{
		state->batches[i].batch_id = DatumGetInt64(elevated_value(i, 1, INT8OID));
		state->batches[i].recorded_at = DatumGetTimestampTz(elevated_value(i, 2, TIMESTAMPTZOID));
	}
}

/* The pack that a version of the read's day is of; NULL: it is of a batch. */
const MeterPack *
meter_pack(MeterRead *read, int64 batch_id)
{
	MeterReadState *state = read->state;
	MeterPack	wanted = {.pack_id = batch_id};

	if (!state->packs_are_read)
	{
		Elevation	elevation;
		Datum		day[] = {Int32GetDatum(read->request.grid->form.grid_id), DateADTGetDatum(read->date)};

		elevated_begin(&elevation);
		read_packs(state, day);
		if (state->npacks > 0)
			read_batches(state, day);
		elevated_end(&elevation);
		state->packs_are_read = true;
	}
	return state->npacks == 0 ? NULL : bsearch(&wanted, state->packs, state->npacks, sizeof(MeterPack), compare_packs);
}

/* When a batch of one of the day's packs was recorded; infinity if there is no such batch. */
TimestampTz
meter_pack_batch_recorded_at(const MeterRead *read, int64 batch_id)
{
	ReadOrigin	wanted = {.batch_id = batch_id};
	const ReadOrigin *batch = bsearch(&wanted, read->state->batches, read->state->nbatches, sizeof(ReadOrigin), compare_batches);

	return batch ? batch->recorded_at : DT_NOEND;
}
