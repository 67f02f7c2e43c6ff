/*-------------------------------------------------------------------------
 *
 * withdraw.c
 *	  Taking a batch back.
 *
 * Where the current value of a slot came by the batch, the slot gets the latest
 * older value that came by none that is taken back, or is missing.  A slot that
 * another batch has replaced since stays.  What is taken back stays on record:
 * a withdrawal is a batch of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "grid/identity.h"
#include "metering/history.h"
#include "metering/load_state.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_withdraw_batch);

/* A point's day that the batch gave something. */
typedef struct TouchedDay
{
	DateADT		date;
	int64		point_id;
	char	   *point;
} TouchedDay;

/* A withdrawal, and what it took back. */
typedef struct Withdrawal
{
	int64		batch_id;
	int64		withdraws_id;
} Withdrawal;

typedef struct Withdrawals
{
	int			n;
	Withdrawal *list;
} Withdrawals;

static void
find_batch(Batch *batch, char **loaded_by, int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.withdraws_id, b.first_day, b.last_day, b.loaded_by FROM smartgrid.batch AS b WHERE b.batch_id = $1 AND b.grid_id = $2",
		.nargs = 2,
		.argtypes = {INT8OID, INT4OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(batch->batch_id), Int32GetDatum(grid_id)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("batch " INT64_FORMAT " does not exist in this grid", batch->batch_id),
				 errhint("sg_batches shows which there are.")));
	batch->withdraws_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
	batch->first_day = DatumGetDateADT(elevated_value(0, 2, DATEOID));
	batch->last_day = DatumGetDateADT(elevated_value(0, 3, DATEOID));
	*loaded_by = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 4, TEXTOID)));
	elevated_end(&elevation);
}

/* The batch to be taken back: SG101 if there is none, SG102 if another role loaded it, SG108 if it is a withdrawal. */
static void
require_batch(Batch *batch, const Grid *grid)
{
	char	   *loaded_by;

	find_batch(batch, &loaded_by, grid->form.grid_id);
	if (!identity_is_operator(grid->operator_role) && strcmp(loaded_by, GetUserNameFromId(GetUserId(), false)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("batch " INT64_FORMAT " was loaded by another role", batch->batch_id),
				 errhint("Its role can take it back, and operators of the grid.")));
	if (batch->withdraws_id != 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("batch " INT64_FORMAT " is the withdrawal of batch " INT64_FORMAT, batch->batch_id, batch->withdraws_id),
				 errhint("Load what was withdrawn again.")));
}

/* All withdrawals of a grid. */
static Withdrawals
read_withdrawals(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.batch_id, b.withdraws_id FROM smartgrid.batch AS b WHERE b.grid_id = $1 AND b.withdraws_id <> 0",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {Int32GetDatum(grid_id)};
	Withdrawals withdrawals;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	withdrawals.n = (int) SPI_processed;
	withdrawals.list = MemoryContextAlloc(caller, Max(withdrawals.n, 1) * sizeof(Withdrawal));
	for (int i = 0; i < withdrawals.n; i++)
	{
		withdrawals.list[i].batch_id = DatumGetInt64(elevated_value(i, 1, INT8OID));
		withdrawals.list[i].withdraws_id = DatumGetInt64(elevated_value(i, 2, INT8OID));
	}
	elevated_end(&elevation);
	return withdrawals;
}

static bool
is_withdrawal(const Withdrawals *withdrawals, int64 batch_id)
{
	for (int i = 0; i < withdrawals->n; i++)
		if (withdrawals->list[i].batch_id == batch_id)
			return true;
	return false;
}

/* Was a batch taken back by a withdrawal up to one with that number? */
static bool
is_withdrawn(const Withdrawals *withdrawals, int64 batch_id, int64 by)
{
	for (int i = 0; i < withdrawals->n; i++)
		if (withdrawals->list[i].withdraws_id == batch_id && withdrawals->list[i].batch_id <= by)
			return true;
	return false;
}

/* The points' days that a batch gave something, by day. */
static TouchedDay *
read_touched(const Batch *batch, int32 grid_id, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT s.day, s.point_id, n.name FROM ("
		" SELECT d.day, d.point_id FROM smartgrid.interval_day AS d WHERE d.batch_id = $1 AND d.day BETWEEN $3 AND $4"
		" UNION"
		" SELECT d.day, d.point_id FROM smartgrid.interval_pack AS p JOIN smartgrid.interval_day AS d ON d.day = p.day AND d.batch_id = p.pack_id"
		" WHERE p.grid_id = $2 AND p.day BETWEEN $3 AND $4 AND $1 = ANY (p.batches)"
		" UNION"
		" SELECT o.day, v.point_id FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v"
		" WHERE o.grid_id = $2 AND o.day BETWEEN $3 AND $4 AND o.batch_id = $1"
		") AS s JOIN smartgrid.point_name AS n ON n.point_id = s.point_id AND n.superseded_at = 'infinity'"
		" ORDER BY s.day, s.point_id",
		.nargs = 4,
		.argtypes = {INT8OID, INT4OID, DATEOID, DATEOID},
		.options = CURSOR_OPT_CUSTOM_PLAN,
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(batch->batch_id), Int32GetDatum(grid_id), DateADTGetDatum(batch->first_day), DateADTGetDatum(batch->last_day)
	};
	TouchedDay *touched;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	*n = (int) SPI_processed;
	touched = MemoryContextAllocHuge(caller, Max(*n, 1) * sizeof(TouchedDay));
	for (int i = 0; i < *n; i++)
	{
		touched[i].date = DatumGetDateADT(elevated_value(i, 1, DATEOID));
		touched[i].point_id = DatumGetInt64(elevated_value(i, 2, INT8OID));
		touched[i].point = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(i, 3, TEXTOID)));
	}
	elevated_end(&elevation);
	return touched;
}

/* What a withdrawal wrote is the value of a batch that had not been taken back by then: both it and those that had been do not count. */
static void
leave_out_withdrawn(History *history, const Withdrawals *withdrawals)
{
	for (int i = 0; i < history->n; i++)
	{
		PastValue  *value = &history->values[i];

		if (!is_withdrawal(withdrawals, value->batch_id))
			continue;
		for (int before = 0; before < i; before++)
			if (history->values[before].start == value->start &&
				is_withdrawn(withdrawals, history->values[before].batch_id, value->batch_id))
				history->values[before].batch_id = 0;
		value->batch_id = 0;
	}
}

/* Loads the older value of a slot whose latest one came by the batch. */
static void
restore_slot(Load *load, const History *history, const Withdrawals *withdrawals, const TouchedDay *touched,
			 TimestampTz start, int minutes, int64 batch_id)
{
	LoadValue	value = {.form = VALUE_MISSING};
	Quality		quality = QUALITY_MISSING;
	bool		is_latest = true;

	for (int i = history->n - 1; i >= 0; i--)
	{
		const PastValue *past = &history->values[i];

		if (past->start != start || past->minutes != minutes || past->batch_id == 0)
			continue;
		if (is_latest && past->batch_id != batch_id)
			return;
		is_latest = false;
		if (past->batch_id == batch_id || is_withdrawn(withdrawals, past->batch_id, PG_INT64_MAX))
			continue;
		value = (LoadValue) {.form = VALUE_UNITS, .units = past->amount};
		quality = past->quality;
		break;
	}
	if (!is_latest)
		load_interval(load, 0, touched->point, strlen(touched->point), start, minutes, &value, quality);
}

/* Takes back what the batch gave to a point's day. */
static void
restore_day(Load *load, const Withdrawals *withdrawals, const TouchedDay *touched, const OpenDay *open, int64 batch_id)
{
	const DayFrame *frame = load_frame_of_date(load, touched->date);
	LoadPoint  *point = load_find_point(load, touched->point, strlen(touched->point), 0);
	const LoadPeriod *period = point ? load_point_on(point, frame) : NULL;
	History		history;

	if (period == NULL)
		return;
	on_record_require_unchanged(frame->date, touched->point_id);
	history_read(&history, frame, touched->point_id, open);
	leave_out_withdrawn(&history, withdrawals);
	for (TimestampTz start = frame->starts; start < frame->ends; start += period->minutes * USECS_PER_MINUTE)
		restore_slot(load, &history, withdrawals, touched, start, period->minutes, batch_id);
}

/*
 * sg_withdraw_batch(batch) -> number of slots that were taken back.  For
 * operators, and the gateway that loaded it.
 *
 * Checks: SG108 NULL, a withdrawal; SG102; SG101 grid, batch.
 * Locks: the settlement lock shared, all locks of the grid's intervals.
 */
Datum
sg_withdraw_batch(PG_FUNCTION_ARGS)
{
	Call		call;
	Batch		batch = {0};
	LoadOptions options = {.source = "withdrawal", .replace = REPLACE_ANY, .accept_spikes = true};
	Withdrawals withdrawals;
	Load	   *load;
	TouchedDay *touched;
	int			n;
	OpenDay    *open = NULL;
	MemoryContext place = AllocSetContextCreate(CurrentMemoryContext, "smartgrid withdrawal", ALLOCSET_DEFAULT_SIZES);
	int64		slots;

	call_begin(&call, fcinfo, "sg_withdraw_batch");
	batch.batch_id = arg_int64(fcinfo, 0, "batch");
	if (!load_act(&call))
		return call_answer(&call);
	require_batch(&batch, call.grid);
	load = load_begin(&call, NULL, &options);
	load_lock_all(load);
	load->batch.withdraws_id = batch.batch_id;
	withdrawals = read_withdrawals(call.grid->form.grid_id);
	touched = read_touched(&batch, call.grid->form.grid_id, &n);
	for (int i = 0; i < n; i++)
	{
		MemoryContext outer;

		CHECK_FOR_INTERRUPTS();
		if (i == 0 || touched[i].date != touched[i - 1].date)
		{
			const DayFrame *frame = load_frame_of_date(load, touched[i].date);

			open = on_record_open(call.grid->form.grid_id, frame->date, frame->starts, frame->ends);
		}
		outer = MemoryContextSwitchTo(place);
		restore_day(load, &withdrawals, &touched[i], open, batch.batch_id);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(place);
	}
	slots = load_end(load)->fresh;
	return call_end(&call, Int64GetDatum(slots));
}
