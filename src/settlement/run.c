/*-------------------------------------------------------------------------
 *
 * run.c
 *	  Runs: settling a period, and throwing a preview away
 *	  (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/period.h"
#include "call/call.h"
#include "grid/zone.h"
#include "metering/recording.h"
#include "metering/slot.h"
#include "settlement/run_make.h"

PG_FUNCTION_INFO_V1(sg_settle);
PG_FUNCTION_INFO_V1(sg_discard);

/* SG104: a bound of a period is no local midnight of the grid. */
static Refusal *
refuse_no_midnight(const char *which, TimestampTz at, pg_tz *zone)
{
	if (slot_day_starts_at(at, zone))
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "the period %s at %s, which is no local midnight of the grid", which,
							   timestamptz_to_str(at)),
						"A run is of whole local days, in time zone \"%s\": write bounds as '2026-06-01 00:00 %s'.",
						pg_get_timezone_name(zone), pg_get_timezone_name(zone));
}

/* Refuses what is no period of a run: SG110, SG104. */
static Refusal *
refuse_period(const Grid *grid, const RunHead *head)
{
	char	   *final = run_overlapping_final(grid->form.grid_id, head->from, head->to, true);
	pg_tz	   *zone = zone_of_grid(grid);
	Refusal    *refusal;

	if (final)
		return refusal_hint(refuse(ERRCODE_SG_CLOSED, "the period overlaps one that is settled: %s", final),
							"Settle the very period again for a correction, or one that does not overlap it.");
	if ((refusal = refuse_beyond_calendar("period", head->from)) != NULL || (refusal = refuse_beyond_calendar("period", head->to)) != NULL ||
		(refusal = refuse_no_midnight("begins", head->from, zone)) != NULL || (refusal = refuse_no_midnight("ends", head->to, zone)) != NULL)
		return refusal;
	if (head->from > GetCurrentTimestamp())
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "the period begins in the future");
	if (head->as_of_named && head->as_of > GetCurrentTimestamp())
		return refuse(ERRCODE_SG_INVALID_AMOUNT, "as_of is in the future");
	return NULL;
}

/*
 * Takes the moment of a run, unless its caller has named one, and a snapshot that
 * shows all that was recorded until then.
 */
void
run_take_moment(const Grid *grid, RunHead *head)
{
	TimestampTz moment = recording_moment(grid->form.grid_id);

	store_refresh();
	if (!head->as_of_named)
		head->as_of = moment;
}

/* Computes a run as its row says; of a correction the differences. */
Run *
run_make(const Grid *grid, const RunHead *head, const RunName *names, int nnames)
{
	RunRequest	request = {
		.grid = grid, .from = head->from, .to = head->to, .as_of = head->as_of, .accept = head->accept, .names = names, .nnames = nnames
	};
	Run		   *run = run_compute(&request);

	if (head->number > 0)
	{
		RunLines	before = {0};

		run_read_lines_before(grid->form.grid_id, head->from, head->to, head->number, &before);
		run_subtract(&run->lines, &before, run->money_scale);
	}
	return run;
}

static void
arg_head(FunctionCallInfo fcinfo, RunHead *head)
{
	*head = (RunHead) {0};
	arg_require_not_null(fcinfo, 0, "period");
	period_arg(fcinfo, 0, &head->from, &head->to);
	arg_require_not_null(fcinfo, 1, "accept");
	run_accept_of(PG_GETARG_DATUM(1), &head->accept);
	head->as_of_named = !PG_ARGISNULL(2);
	if (head->as_of_named)
		head->as_of = PG_GETARG_TIMESTAMPTZ(2);
}

/* Computes and records a preview; returns its number. */
static int64
settle(const Grid *grid, RunHead *head)
{
	RunDigests	parts;
	Run		   *run;
	int64		run_id;

	head->number = run_count_final(grid->form.grid_id, head->from, head->to);
	run = run_make(grid, head, NULL, 0);
	run_digest_parts(run, &parts);
	run_digest_total(grid, head, &parts, &head->digest);
	head->replaces = run_take_preview(grid->form.grid_id, head->from, head->to);
	run_id = run_insert(grid, head, run);
	run_release(run);
	return run_id;
}

/*
 * sg_settle(period, accept, as_of) -> number of the run: a preview of what the
 * period comes to, in place of the one before.  For operators.
 *
 * Checks: SG108 NULL, period, accept; 25001; SG110 the period overlaps a final
 * one; SG104 no local days, the future; 22003.
 * Locks: the grid's runs, its settlement lock alone for a moment.
 */
Datum
sg_settle(PG_FUNCTION_ARGS)
{
	Call		call;
	RunHead		head;
	int64		run_id;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid run", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;

	call_begin(&call, fcinfo, "sg_settle");
	arg_head(fcinfo, &head);
	if (!call_operate(&call, "settle"))
		return call_answer(&call);
	grid_require_scales(call.grid);
	recording_require_new_snapshots();
	run_lock(call.grid->form.grid_id);
	require_accepted(refuse_period(call.grid, &head));
	run_take_moment(call.grid, &head);
	old = MemoryContextSwitchTo(context);
	run_id = settle(call.grid, &head);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return call_end(&call, Int64GetDatum(run_id));
}

/* SG110: a run is final. */
void
run_require_preview(const RunHead *head)
{
	if (head->is_final)
		ereport(ERROR,
				(errcode(ERRCODE_SG_CLOSED),
				 errmsg("run " INT64_FORMAT " is final", head->run_id),
				 errhint("What is final stays. Settle its period again: that makes a correction.")));
}

/*
 * sg_discard(run) -> true: a preview is thrown away.  For operators.
 *
 * Checks: SG108, SG101, SG110 it is final.
 * Locks: the grid's runs.
 */
Datum
sg_discard(PG_FUNCTION_ARGS)
{
	Call		call;
	RunHead		head;
	int64		run_id;

	call_begin(&call, fcinfo, "sg_discard");
	run_id = arg_int64(fcinfo, 0, "run");
	if (!call_operate(&call, "discard runs"))
		return call_answer(&call);
	run_lock(call.grid->form.grid_id);
	run_require(call.grid, run_id, &head);
	run_require_preview(&head);
	run_delete(run_id);
	return call_end(&call, BoolGetDatum(true));
}
