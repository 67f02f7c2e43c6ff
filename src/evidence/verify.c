/*-------------------------------------------------------------------------
 *
 * verify.c
 *	  sg_verify_ledger(): recomputes the blocks and the accounts of a grid.
 *
 * One pass over the entries and the blocks, in the query's one snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "evidence/verify.h"
#include "grid/identity.h"

PG_FUNCTION_INFO_V1(sg_verify_ledger);

/* For how many blocks it is found out which entries were exchanged. */
#define EXCHANGED_BLOCKS	1000

/*
 * The next block after a height.  Rows that come in between have no place in
 * the chain, which no constraint allows: a height below the first, or one that
 * was there already.  They are reported, and passed over.
 */
static LedgerBlock *
next_block(Verification *v, BlockReader *reader, int64 after)
{
	LedgerBlock *block;

	while ((block = block_reader_next(reader)) != NULL && block->height <= after)
	{
		CHECK_FOR_INTERRUPTS();
		finding_report(finding_add(&v->findings, block->height), "block changed",
			   block->height < 0 ? "heights begin with 0" : "there is more than one block of this height");
		block_free(block);
	}
	return block;
}

/* Reports blocks that nobody can come across by their height. */
static void
check_heights(Verification *v)
{
	int64		count = block_count_without_height(v->grid->form.grid_id);
	Finding    *finding;

	if (count == 0)
		return;
	finding = finding_add(&v->findings, 0);
	finding->is_block = false;
	finding_report(finding, "block changed", "the height of " INT64_FORMAT " %s is NULL", count, count == 1 ? "block" : "blocks");
}

/* Were blocks cut off the end?  What was published says so, or a detail that was left behind. */
static void
check_end(Verification *v)
{
	int64		detail = block_last_detail(v->grid->form.grid_id);
	char	   *last = v->height == 0 ? "but there is no block at all"
		: psprintf("but block " INT64_FORMAT " is the last", v->height - 1);

	if (detail >= v->height && !(v->is_published && v->published_height <= detail))
		finding_report(finding_add(&v->findings, detail), "block missing", "its detail is there, %s", last);
	if (v->is_published && v->published_height >= v->height)
		finding_report(finding_add(&v->findings, v->published_height), "block missing", "its hash was published, %s", last);
}

static void
verify_blocks(Verification *v, int64 from_height)
{
	BlockReader reader;
	LedgerBlock *block;

	block_reader_open(&reader, v->grid->form.grid_id, from_height > 0 ? from_height : PG_INT64_MIN);
	block = next_block(v, &reader, from_height - 1);
	while (block != NULL)
	{
		LedgerBlock *next = next_block(v, &reader, block->height);

		CHECK_FOR_INTERRUPTS();
		verify_block(v, block, next);
		block_free(block);
		block = next;
	}
	check_heights(v);
	check_end(v);
}

/* What is not yet sealed, and the accounts. */
static void
verify_rest(Verification *v)
{
	Finding    *finding = finding_add(&v->findings, 0);
	const char *difference;

	finding->is_block = false;
	while (v->entry != NULL)
	{
		if (v->reader.again)
			finding_report(finding, "entry added", "there is more than one entry " INT64_FORMAT, v->entry->entry_id);
		if (v->has_missing && v->ndifferences < KEPT_OF_ALL)
			v->differences[v->ndifferences++] = (Difference) {.kind = ENTRY_ADDED, .entry_id = v->entry->entry_id};
		finding->entries++;
		verify_take_entry(v);
	}
	digest_reader_pass(&v->digests, ENTRY_LAST);
	verify_report_odd(v, finding);
	difference = replay_compare(&v->replay);
	if (difference)
		finding_report(finding, "balances do not follow from the ledger", "%s", difference);
	if (v->name && strcmp(v->name, v->grid->name) != 0)
		finding_report(finding, "grid renamed", "in block " INT64_FORMAT " its name is \"%s\"", v->height - 1, v->name);
}

static void
return_findings(Verification *v, FunctionCallInfo fcinfo)
{
	ResultRow	result;
	int			differing = 0;

	result_begin_set(&result, fcinfo);
	for (int i = 0; i < v->findings.n; i++)
	{
		Finding    *finding = &v->findings.all[i];

		if (finding->has_difference && differing++ < EXCHANGED_BLOCKS)
			verify_say_exchanged(v, finding);
		finding_return(finding, &result);
	}
}

/* Begins with the first block, or believes the one before from_height; SG101 if that does not exist. */
static void
begin_at(Verification *v, int64 from_height)
{
	LedgerBlock *before;
	Digest		leaf;

	v->known = true;
	v->released_known = from_height == 0;
	v->height = from_height;
	merkle_init(&v->history);
	if (from_height == 0)
	{
		replay_begin(&v->replay, v->grid, NULL);
		verify_begin_entries(v, ENTRY_FIRST);
	}
	else
	{
		before = block_at(v->grid->form.grid_id, from_height - 1);
		if (before == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_SG_NOT_FOUND),
					 errmsg("block " INT64_FORMAT " of grid \"%s\" does not exist", from_height - 1, v->grid->name),
					 errhint("Verification from height " INT64_FORMAT " begins with the totals of the block before.", from_height)));
		if (!verify_own_history(v, before, &v->history))
			merkle_init(&v->history);
		block_leaf(&v->hasher, &before->hash, &leaf);
		merkle_append(&v->hasher, &v->history, &leaf);
		v->previous = before->hash;
		verify_believe(v, before);
		v->name = before->name;
		replay_begin(&v->replay, v->grid, &before->totals);
		verify_begin_entries(v, Min(before->last_entry, ENTRY_LAST - 1) + 1);
	}
}

/* The arguments after the grid: SG108 for heights below zero, one of a pair, what is no hash. */
static int64
read_arguments(Verification *v, FunctionCallInfo fcinfo)
{
	int64		from_height = arg_int64(fcinfo, 1, "from_height");

	if (from_height < 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("from_height must not be negative, not " INT64_FORMAT, from_height)));
	if (PG_ARGISNULL(2) != PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("published_height and published_hash belong together"),
				 errhint("Give both, or none.")));
	v->is_published = !PG_ARGISNULL(2);
	if (v->is_published)
	{
		v->published_height = PG_GETARG_INT64(2);
		block_hash_arg(fcinfo, 3, "published_hash", &v->published_hash);
		if (v->published_height < from_height)
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("published_height " INT64_FORMAT " is before from_height " INT64_FORMAT, v->published_height, from_height)));
	}
	return from_height;
}

/*
 * sg_verify_ledger(grid, from_height, published_height, published_hash) ->
 * height, entries, ok, problem, entry_id, detail: a row for each block with
 * the first thing that differs, then one, of height NULL, for what is not yet
 * sealed and the accounts.  From a height above 0 on, the block before is
 * believed, and the accounts are compared by their sums.
 *
 * For those who may read all of the grid; NULL: the current one.  No locks.
 * SG108 arguments; SG100; SG101 grid, block before from_height; XX002 an index
 * that is out of order.
 */
Datum
sg_verify_ledger(PG_FUNCTION_ARGS)
{
	const char *name = grid_name_arg(fcinfo, 0);
	Verification v;
	int64		from_height;

	memset(&v, 0, sizeof(v));
	from_height = read_arguments(&v, fcinfo);
	v.grid = identity_require_reader_of(name, "verify the ledger");
	findings_open(&v.findings);
	v.differences = palloc(KEPT_OF_ALL * sizeof(Difference));

	hasher_open(&v.hasher);
	begin_at(&v, from_height);
	verify_blocks(&v, from_height);
	verify_rest(&v);
	ledger_reader_close(&v.reader);
	digest_reader_close(&v.digests);
	return_findings(&v, fcinfo);
	hasher_close(&v.hasher);
	return (Datum) 0;
}
