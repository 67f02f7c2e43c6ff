/*-------------------------------------------------------------------------
 *
 * run_verify.c
 *	  Runs computed again: sg_verify_run(), and sg_run_changes(), which tells what a
 *	  correction would bring (doc/reference/settlement.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/result.h"
#include "settlement/run_make.h"
#include "settlement/run_show.h"

PG_FUNCTION_INFO_V1(sg_verify_run);
PG_FUNCTION_INFO_V1(sg_run_changes);

/* A part: of what is on record, and of what was computed. */
static void
write_part(ResultRow *result, const char *part, const Digest *stored, const Digest *computed)
{
	result_text(result, part);
	result_text(result, digest_to_hex(stored));
	result_text(result, digest_to_hex(computed));
	result_bool(result, digest_equal(stored, computed));
	result_end_row(result);
}

/* What a run has on record, as digests. */
static void
digest_stored(const RunHead *head, const RunBasis *basis, int n, RunDigests *parts)
{
	RunLines	lines = {0};

	run_read_lines(head->run_id, &lines);
	run_digest_basis(basis, n, BASIS_PART_READ, &parts->basis);
	run_digest_basis(basis, n, BASIS_PART_NAMES, &parts->names);
	run_digest_basis(basis, n, BASIS_PART_SHARING, &parts->allocation);
	run_digest_lines(&lines, &parts->lines);
}

/* Compares all parts of a run with what it comes to now, participants called as they were then. */
static void
verify(ResultRow *result, const Grid *grid, const RunHead *head)
{
	int			n;
	int			nnames;
	RunBasis   *basis = run_read_basis(head->run_id, &n);
	RunName    *names = run_names_of(basis, n, &nnames);
	RunDigests	stored;
	RunDigests	computed;
	Digest		total;
	Digest		names_now;
	Run		   *run = run_make(grid, head, names, nnames);

	digest_stored(head, basis, n, &stored);
	run_digest_parts(run, &computed);
	run_digest_total(grid, head, &computed, &total);
	run_digest_basis(run_names_now(basis, n), n, BASIS_PART_NAMES, &names_now);
	write_part(result, "basis", &stored.basis, &computed.basis);
	write_part(result, "allocation", &stored.allocation, &computed.allocation);
	write_part(result, "lines", &stored.lines, &computed.lines);
	write_part(result, "total", &head->digest, &total);
	write_part(result, "names", &stored.names, &names_now);
	run_release(run);
}

/*
 * sg_verify_run(run) -> setof (part, stored, computed, ok): digests of what is on
 * record and of what comes of computing it again as of its time.
 *
 * Checks: SG108, SG100, SG101.
 */
Datum
sg_verify_run(PG_FUNCTION_ARGS)
{
	ResultRow	result;
	RunHead		head;
	Grid	   *grid;

	result_begin_set(&result, fcinfo);
	grid = run_arg_to_show(fcinfo, &head);
	verify(&result, grid, &head);
	return (Datum) 0;
}

/* Money of lines by what sg_run_changes() tells them apart by. */
typedef struct Change
{
	const RunLine *line;
	int64		was;
	int64		now;
	bool		is_unpriced;
} Change;

/* Credits count against charges. */
static int64
signed_money(const RunLine *line)
{
	return line->side == SIDE_CREDIT ? -line->money : line->money;
}

static bool
is_same(const RunLine *one, const RunLine *other)
{
	return one->participant_id == other->participant_id && one->point_id == other->point_id &&
		strcmp(one->component, other->component) == 0;
}

static int
compare_changes(const void *a, const void *b)
{
	const Change *one = a;
	const Change *other = b;
	int			order = strcmp(one->line->participant, other->line->participant);

	order = order ? order : strcmp(one->line->point, other->line->point);
	return order ? order : strcmp(one->line->component, other->line->component);
}

static void
write_change(ResultRow *result, const Change *change)
{
	if (change->was == change->now && !change->is_unpriced)
		return;
	result_text(result, change->line->participant);
	if (change->line->point_id)
		result_text(result, change->line->point);
	else
		result_null(result);
	result_text(result, change->line->component);
	result_int64(result, change->was);
	if (change->is_unpriced)
	{
		result_null(result);
		result_null(result);
	}
	else
	{
		result_int64(result, change->now);
		result_int64(result, change->now - change->was);
	}
	result_end_row(result);
}

/* Adds up those of one participant, point and component. */
static void
write_changes(ResultRow *result, Change *changes, int n)
{
	qsort(changes, n, sizeof(Change), compare_changes);
	for (int from = 0, to; from < n; from = to)
	{
		Change		sum = changes[from];

		for (to = from + 1; to < n && is_same(changes[from].line, changes[to].line); to++)
		{
			sum.was = run_checked_int64((sg_int128) sum.was + changes[to].was, "money");
			sum.now = run_checked_int64((sg_int128) sum.now + changes[to].now, "money");
			sum.is_unpriced |= changes[to].is_unpriced;
		}
		write_change(result, &sum);
	}
}

/* Compares the final runs of a period with what it comes to at a moment. */
static void
tell_changes(ResultRow *result, const Grid *grid, RunHead *head)
{
	RunLines	before = {0};
	Run		   *run;
	Change	   *changes;
	int			n = 0;

	head->number = 0;
	run = run_make(grid, head, NULL, 0);
	run_read_lines_before(grid->form.grid_id, head->from, head->to, PG_INT32_MAX, &before);
	changes = palloc_extended(Max(before.n + run->lines.n, 1) * sizeof(Change), MCXT_ALLOC_HUGE);
	for (int i = 0; i < before.n; i++)
		changes[n++] = (Change) {.line = before.lines[i], .was = signed_money(before.lines[i])};
	for (int i = 0; i < run->lines.n; i++)
		changes[n++] = (Change) {
			.line = run->lines.lines[i], .now = signed_money(run->lines.lines[i]), .is_unpriced = !run->lines.lines[i]->has_money
		};
	write_changes(result, changes, n);
	run_release(run);
}

/*
 * sg_run_changes(run) -> setof (participant, point, component, money_was,
 * money_now, delta), money units, credits below 0: what a correction of its period
 * would bring by what is on record now.
 *
 * Checks: SG108, SG100, SG101.
 */
Datum
sg_run_changes(PG_FUNCTION_ARGS)
{
	ResultRow	result;
	RunHead		head;
	Grid	   *grid;

	result_begin_set(&result, fcinfo);
	grid = run_arg_to_show(fcinfo, &head);
	head.as_of = DT_NOEND;
	tell_changes(&result, grid, &head);
	return (Datum) 0;
}
