/*-------------------------------------------------------------------------
 *
 * run_final.c
 *	  Runs: making one final (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "metering/recording.h"
#include "settlement/due.h"
#include "settlement/run_make.h"

PG_FUNCTION_INFO_V1(sg_finalize);

/* SG110: another run of the time has become final since the preview was made. */
static void
require_open(const Grid *grid, const RunHead *head)
{
	char	   *final = run_overlapping_final(grid->form.grid_id, head->from, head->to, true);

	if (final == NULL && run_count_final(grid->form.grid_id, head->from, head->to) == head->number)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_SG_CLOSED),
			 errmsg("run " INT64_FORMAT " is of a period that has been settled since", head->run_id),
			 final ? errdetail_internal("%s", final) : 0,
			 errhint("Discard it with sg_discard(), and settle what is left.")));
}

/* SG104: the period is not over. */
static void
require_over(const RunHead *head)
{
	if (head->to > GetCurrentTimestamp())
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("the period of run " INT64_FORMAT " is not over", head->run_id),
				 errhint("Finalize it when it is; until then previews show what there is.")));
}

/* What a preview was computed from, or what came of it, is not what it is now: says which. */
static void
require_unchanged(const Grid *grid, const RunHead *head, const RunDigests *parts)
{
	Digest		now;

	run_digest_total(grid, head, parts, &now);
	if (!digest_equal(&now, &head->digest))
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_READY),
				 errmsg("what run " INT64_FORMAT " was computed from has changed since", head->run_id),
				 errhint("Settle the period again.")));
}

/* How many problems there are of each kind, as people read it. */
static char *
count_problems(const Run *run)
{
	StringInfoData text;
	int			counts[PROBLEM_COUNT] = {0};

	initStringInfo(&text);
	for (int i = 0; i < run->nproblems; i++)
		counts[run->problems[i].kind]++;
	for (int kind = 0; kind < PROBLEM_COUNT; kind++)
		if (counts[kind] > 0)
			appendStringInfo(&text, "%s%d %s", text.len > 0 ? ", " : "", counts[kind], run_problem_name((RunProblemKind) kind));
	return text.data;
}

/* The array of what would accept the problems, as far as they can be accepted. */
static char *
accepting(const RunHead *head, const Run *run)
{
	StringInfoData text;
	QualitySet	qualities = head->accept.qualities;
	bool		problems[PROBLEM_COUNT];

	memcpy(problems, head->accept.problems, sizeof(problems));
	for (int i = 0; i < run->nproblems; i++)
	{
		problems[run->problems[i].kind] = true;
		if (run->problems[i].kind == PROBLEM_MISSING)
			qualities |= QUALITY_SET(QUALITY_MISSING);
		if (run->problems[i].kind == PROBLEM_QUALITY)
			qualities |= ~QUALITY_SET(QUALITY_MISSING) & ((1u << QUALITY_COUNT) - 1);
	}
	initStringInfo(&text);
	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		if (qualities & QUALITY_SET(quality))
			appendStringInfo(&text, "%s%s", text.len > 0 ? "," : "", quality_name((Quality) quality));
	for (int kind = PROBLEM_NO_TARIFF; kind <= PROBLEM_NO_OWNER; kind++)
		if (problems[kind])
			appendStringInfo(&text, "%s%s", text.len > 0 ? "," : "", run_problem_name((RunProblemKind) kind));
	return text.data;
}

/* SG109: there are problems.  Unpriced slots cannot be accepted. */
static void
require_no_problems(const RunHead *head, const Run *run)
{
	bool		is_unpriced = false;
	char	   *from;

	if (run->nproblems == 0)
		return;
	for (int i = 0; i < run->nproblems; i++)
		is_unpriced |= run->problems[i].kind == PROBLEM_UNPRICED;
	from = pstrdup(timestamptz_to_str(head->from));
	ereport(ERROR,
			(errcode(ERRCODE_SG_NOT_READY),
			 errmsg("run " INT64_FORMAT " has problems", head->run_id),
			 errdetail_internal("%s; sg_run_problems(" INT64_FORMAT ") lists them.", count_problems(run), head->run_id),
			 is_unpriced ? errhint("Prices are missing: post the series or set the tariff, then settle again.")
			 : errhint("Mend them and settle again, or accept them: sg_settle('[%s,%s)', accept => '{%s}').", from,
					   timestamptz_to_str(head->to), accepting(head, run))));
}

/* SG108: a correction that corrects nothing. */
static void
require_lines(const RunHead *head, const Run *run)
{
	if (head->number > 0 && run->lines.n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("correction " INT64_FORMAT " has no lines: the final runs of the period are right", head->run_id),
				 errhint("Discard it with sg_discard().")));
}

/* Computes a preview again, and holds it against what is on record. */
static void
compute_again(const Grid *grid, const RunHead *head)
{
	Run		   *run = run_make(grid, head, NULL, 0);
	RunDigests	parts;

	run_digest_parts(run, &parts);
	require_unchanged(grid, head, &parts);
	require_no_problems(head, run);
	require_lines(head, run);
	run_release(run);
}

/*
 * sg_finalize(run) -> true: a preview becomes final, for ever, and is booked.  For
 * operators.
 *
 * Checks: SG108 NULL; 25001; SG101; SG110 it is final; SG108 it is not the newest
 * preview; SG110 its time was settled since; SG104 it is not over; SG109 data
 * have changed, or there are problems; SG108 a correction without lines.
 * Locks: the grid's runs, its settlement lock alone for a moment.
 */
Datum
sg_finalize(PG_FUNCTION_ARGS)
{
	Call		call;
	RunHead		head;
	int64		run_id;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid run", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;

	call_begin(&call, fcinfo, "sg_finalize");
	run_id = arg_int64(fcinfo, 0, "run");
	if (!call_operate(&call, "finalize runs"))
		return call_answer(&call);
	recording_require_new_snapshots();
	run_lock(call.grid->form.grid_id);
	run_require(call.grid, run_id, &head);
	run_require_preview(&head);
	require_open(call.grid, &head);
	require_over(&head);
	run_take_moment(call.grid, &head);
	old = MemoryContextSwitchTo(context);
	compute_again(call.grid, &head);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	run_set_final(run_id, head.as_of, due_book_run(&call, run_id, &head.digest));
	return call_end(&call, BoolGetDatum(true));
}
