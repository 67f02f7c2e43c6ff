/*-------------------------------------------------------------------------
 *
 * interval_versions.c
 *	  sg_interval_versions(): the history of one slot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "grid/zone.h"
#include "metering/history.h"
#include "metering/interval.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_interval_versions);

/* What is shown of a batch. */
typedef struct BatchShown
{
	char	   *label;			/* NULL: it has none */
	TimestampTz recorded_at;
} BatchShown;

static BatchShown
shown_of(int64 batch_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.label, b.recorded_at FROM smartgrid.batch AS b WHERE b.batch_id = $1",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(batch_id)};
	BatchShown	shown = {.recorded_at = DT_NOBEGIN};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
	{
		char	   *label = TextDatumGetCString(elevated_value(0, 1, TEXTOID));

		shown.label = *label ? MemoryContextStrdup(caller, label) : NULL;
		shown.recorded_at = DatumGetTimestampTz(elevated_value(0, 2, TIMESTAMPTZOID));
	}
	elevated_end(&elevation);
	return shown;
}

/* The slot of the point that begins at start, if the caller may see it: its length; SG101 if it has none. */
static int
require_slot(MeterReadRequest *request, const char *point, TimestampTz start, int64 *point_id)
{
	MeterRead  *read;
	int			minutes = 0;

	request->points = &point;
	request->npoints = 1;
	request->from = start;
	request->to = start + 1;
	read = meter_read_begin(request);
	while (meter_read_next_day(read))
		for (int i = 0; i < read->n; i++)
		{
			const MeterDay *day = &read->days[i];

			for (int s = 0; s < day->nspans; s++)
				if (meter_slot_start(day, day->spans[s].from) == start)
				{
					minutes = day->minutes;
					*point_id = day->point->point_id;
				}
		}
	meter_read_end(read);
	if (minutes == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("metering point \"%s\" has no slot that begins at %s", point, timestamptz_to_str(start)),
				 errhint("sg_interval_series() shows the slots that there are.")));
	return minutes;
}

static void
write_version(ResultRow *result, int version, const PastValue *value, const BatchShown *shown, const BatchShown *next)
{
	result_int32(result, version);
	result_int64(result, value->amount);
	result_text(result, quality_name((Quality) value->quality));
	result_text(result, shown->label);
	result_int64(result, value->batch_id);
	result_timestamptz(result, shown->recorded_at);
	if (next)
		result_timestamptz(result, next->recorded_at);
	else
		result_null(result);
	result_end_row(result);
}

/*
 * sg_interval_versions(point, start) -> every value that the slot has had, as
 * they were recorded: version from 1, energy units, quality, label and number of
 * its batch, when it was recorded and when the next one was (NULL: it is on
 * record).  For readers of the grid, and who was its owner.
 *
 * No locks.  SG108 point, start; SG101 grid, point, slot.
 */
Datum
sg_interval_versions(PG_FUNCTION_ARGS)
{
	const char *point = interval_point_arg(fcinfo, 0);
	MeterReadRequest request = {.as_of = DT_NOEND};
	TimestampTz start;
	bool		sees;
	int64		point_id = 0;
	int			minutes;
	DayFrame	frame;
	History		history;
	ResultRow	result;
	const PastValue *before = NULL;
	BatchShown	shown = {0};
	int			version = 0;

	arg_require_not_null(fcinfo, 1, "start");
	start = PG_GETARG_TIMESTAMPTZ(1);
	if (TIMESTAMP_NOT_FINITE(start))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("start must be a finite time")));
	request.grid = grid_current();
	grid_require_scales(request.grid);
	sees = interval_scope(request.grid, &request.owner_id);
	interval_require_point(&request, sees, point);
	minutes = require_slot(&request, point, start, &point_id);
	frame = pack_frame(zone_day(start, zone_of_grid(request.grid)) - POSTGRES_EPOCH_JDATE, zone_of_grid(request.grid));
	history_read(&history, &frame, point_id, on_record_open_for_reader(request.grid->form.grid_id, frame.date, start, start + 1));
	result_begin_set(&result, fcinfo);
	for (int i = 0; i < history.n; i++)
	{
		const PastValue *value = &history.values[i];
		BatchShown	next;

		if (value->start != start || value->minutes != minutes)
			continue;
		next = shown_of(value->batch_id);
		if (before)
			write_version(&result, version, before, &shown, &next);
		before = value;
		shown = next;
		version++;
	}
	if (before)
		write_version(&result, version, before, &shown, NULL);
	return (Datum) 0;
}
