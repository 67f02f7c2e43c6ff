/*-------------------------------------------------------------------------
 *
 * meter_open.c
 *	  Slots that came one by one and are not in a packed day yet.
 *
 * What was recorded up to the latest version of a point's packed day is in that,
 * or in one before it, and is passed over.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "metering/batch_open.h"
#include "metering/meter_state.h"
#include "store/elevated.h"

#define FETCHED_ROWS	64

/* Columns of an open slot. */
enum
{
	COLUMN_BATCH = 1,
	COLUMN_RECORDED_AT,
	COLUMN_START,
	COLUMN_MINUTES,
	COLUMN_DATA
};

/* One row of open slots. */
typedef struct OpenRow
{
	ReadOrigin	origin;
	TimestampTz start;
	int			minutes;
	int			n;
	OpenValue  *values;			/* by point */
} OpenRow;

/* Notes the days to be read that have open slots. */
void
meter_open_begin(MeterRead *read)
{
	static ElevatedPlan plan = {
		.sql = "SELECT DISTINCT s.day FROM smartgrid.open_slot AS s WHERE s.grid_id = $1 AND s.day > $2 AND s.day <= $3 ORDER BY s.day",
		.nargs = 3,
		.argtypes = {INT4OID, DATEOID, DATEOID},
	};
	MeterReadState *state = read->state;
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(read->request.grid->form.grid_id), DateADTGetDatum(read->date), DateADTGetDatum(state->last)
	};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	state->nopen = (int) SPI_processed;
	state->open = MemoryContextAlloc(state->context, Max(state->nopen, 1) * sizeof(DateADT));
	for (int i = 0; i < state->nopen; i++)
		state->open[i] = DatumGetDateADT(elevated_value(i, 1, DATEOID));
	elevated_end(&elevation);
}

static bool
has_open_slots(const MeterReadState *state, DateADT day)
{
	for (int i = 0; i < state->nopen; i++)
		if (state->open[i] == day)
			return true;
	return false;
}

static void
put_value(MeterRead *read, int entry, const OpenRow *row, const OpenValue *value)
{
	const MeterDay *day = &read->days[entry];
	MeterSlots *slots = &read->state->slots[entry];
	int			slot = (int) ((row->start - day->first) / (row->minutes * USECS_PER_MINUTE));

	if (slots->minutes != row->minutes || slot < 0 || slot >= slots->n || slots->latest >= row->origin.recorded_at)
		return;
	if (!slots->is_filled)
		meter_clear_slots(slots, 0, slots->n);
	slots->is_filled = true;
	slots->amount[slot] = value->amount;
	slots->quality[slot] = value->quality;
	if (slots->origin)
		slots->origin[slot] = row->origin;
}

/* Puts the values of a row into the entries of their points, which are in the order of their ids, too. */
static void
put_row(MeterRead *read, const OpenRow *row)
{
	MeterReadState *state = read->state;
	int			place = 0;

	for (int i = 0; i < row->n; i++)
	{
		int			point;

		while (place < read->npoints && read->points[state->by_id[place]].point_id < row->values[i].point_id)
			place++;
		if (place == read->npoints)
			return;
		point = state->by_id[place];
		if (read->points[point].point_id == row->values[i].point_id && state->entry_of[point] >= 0)
			put_value(read, state->entry_of[point], row, &row->values[i]);
	}
}

/* The row of a tuple, in the current context.  XX001 if it is damaged. */
static OpenRow
row_of(HeapTuple tuple, TupleDesc desc)
{
	OpenRow		row;
	const char *wrong = open_slot_read(DatumGetByteaPP(elevated_column(tuple, desc, COLUMN_DATA, BYTEAOID, NULL)), &row.values, &row.n);

	if (wrong != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the packed form of open slots is damaged"),
				 errdetail("%s.", wrong)));
	row.origin.batch_id = DatumGetInt64(elevated_column(tuple, desc, COLUMN_BATCH, INT8OID, NULL));
	row.origin.recorded_at = DatumGetTimestampTz(elevated_column(tuple, desc, COLUMN_RECORDED_AT, TIMESTAMPTZOID, NULL));
	row.start = DatumGetTimestampTz(elevated_column(tuple, desc, COLUMN_START, TIMESTAMPTZOID, NULL));
	row.minutes = DatumGetInt16(elevated_column(tuple, desc, COLUMN_MINUTES, INT2OID, NULL));
	return row;
}

/* Reads the open slots of the day into its entries, the older ones first. */
void
meter_open_read(MeterRead *read)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.batch_id, s.recorded_at, s.start, s.minutes, s.data FROM smartgrid.open_slot AS s"
		" WHERE s.grid_id = $1 AND s.day = $2 AND s.recorded_at <= $3 ORDER BY s.recorded_at, s.batch_id",
		.nargs = 3,
		.argtypes = {INT4OID, DATEOID, TIMESTAMPTZOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int32GetDatum(read->request.grid->form.grid_id), DateADTGetDatum(read->date), TimestampTzGetDatum(read->request.as_of)
	};
	Portal		cursor;

	if (!has_open_slots(read->state, read->date))
		return;
	elevated_begin(&elevation);
	cursor = elevated_open(&plan, values);
	for (;;)
	{
		SPI_cursor_fetch(cursor, true, FETCHED_ROWS);
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			OpenRow		row = row_of(SPI_tuptable->vals[i], SPI_tuptable->tupdesc);

			CHECK_FOR_INTERRUPTS();
			put_row(read, &row);
			pfree(row.values);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(cursor);
	elevated_end(&elevation);
}
