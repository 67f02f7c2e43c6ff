/*-------------------------------------------------------------------------
 *
 * verify.c
 *	  sg_verify_ledger(): recomputes the blocks and the accounts of a grid.
 *
 * One pass over the entries and the blocks, in the query's one snapshot.  The
 * tree hash decides whether a block's entries are what was sealed; their
 * fingerprints only say which one is not.  After a block that does not fit,
 * what it says of itself is believed, so that one change is not reported in
 * every block that follows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "evidence/block.h"
#include "evidence/canonical.h"
#include "evidence/replay.h"
#include "grid/identity.h"
#include "ledger/reader.h"

PG_FUNCTION_INFO_V1(sg_verify_ledger);

/* After how many entries a NOTICE tells of progress. */
#define PROGRESS_ENTRIES	1000000

/* How many entries that differ are kept, of one block and in all, to find out which were exchanged. */
#define KEPT_OF_BLOCK		256
#define KEPT_OF_ALL			4096

/* For how many blocks that is done. */
#define EXCHANGED_BLOCKS	1000

typedef enum DifferenceKind
{
	ENTRY_CHANGED,
	ENTRY_MISSING,
	ENTRY_ADDED,
	ENTRY_TWICE
} DifferenceKind;

/* An entry that is not what was sealed. */
typedef struct Difference
{
	DifferenceKind kind;
	int64		entry_id;
	uint8		fingerprint[FINGERPRINT_BYTES]; /* as it was sealed; not of one that was added */
} Difference;

/* A row of the result. */
typedef struct Finding
{
	bool		is_block;		/* otherwise what comes after the last block */
	int64		height;
	int64		entries;
	const char *problem;		/* NULL: good */
	const char *detail;
	bool		has_difference; /* of the block's entries: the first */
	Difference	difference;
} Finding;

typedef struct Verification
{
	const Grid *grid;
	Hasher		hasher;
	Replay		replay;
	LedgerReader reader;
	const FormLedger *entry;	/* the next one; NULL at the end */
	int64		read;			/* entries so far */
	/* what the next block has to fit; not known after one that is missing */
	int64		height;
	bool		known;
	Digest		previous;
	MerkleTree	history;
	Totals		totals;
	bool		has_other;		/* where the last block's totals may have been changed: what its entries came to */
	Totals		other;
	char	   *name;			/* of the grid, by the last block */
	/* what the caller knows from outside */
	bool		is_published;
	int64		published_height;
	Digest		published_hash;
	/* what was found */
	int			nfindings;
	int			allocated;
	Finding    *findings;
	int			ndifferences;
	Difference *differences;
	bool		has_missing;	/* among them: it may have moved to a later id */
	const char *odd;			/* a field of an entry since it was NULL last that no function can have written so */
	int64		odd_entry;
} Verification;

/* The entries of a block beside the fingerprints that they had. */
typedef struct Walk
{
	const LedgerBlock *block;
	bool		usable;			/* there are as many fingerprints as there should be */
	const uint8 *fingerprints;
	int			n;
	int			next;
	int			differing;
	Difference	first;
	MerkleTree	tree;
	Totals		change;
	int64		first_entry;
	int64		last_entry;
} Walk;

static Finding *
add_finding(Verification *v, int64 height)
{
	Finding    *finding;

	if (v->nfindings == v->allocated)
	{
		v->allocated *= 2;
		v->findings = repalloc_huge(v->findings, v->allocated * sizeof(Finding));
	}
	finding = &v->findings[v->nfindings++];
	memset(finding, 0, sizeof(*finding));
	finding->is_block = true;
	finding->height = height;
	return finding;
}

/* Says what is wrong with a block, unless something has been said before. */
static void pg_attribute_printf(3, 4)
report(Finding *finding, const char *problem, const char *format,...)
{
	StringInfoData detail;
	int			needed;

	if (finding->problem != NULL)
		return;
	initStringInfo(&detail);
	do
	{
		va_list		args;

		va_start(args, format);
		needed = appendStringInfoVA(&detail, format, args);
		va_end(args);
		if (needed > 0)
			enlargeStringInfo(&detail, needed);
	} while (needed > 0);
	finding->problem = problem;
	finding->detail = detail.data;
}

static void
next_entry(Verification *v)
{
	v->entry = ledger_reader_next(&v->reader);
}

/* Reports the first of the entries just taken that no function of ours can have written. */
static void
report_odd(Verification *v, Finding *finding)
{
	if (v->odd)
		report(finding, "entry added", "entry " INT64_FORMAT " was not written by smartgrid: no entry has such a value of \"%s\"",
			   v->odd_entry, v->odd);
	v->odd = NULL;
}

/* Counts and replays the next entry, and moves on. */
static void
take_entry(Verification *v)
{
	CHECK_FOR_INTERRUPTS();
	if (v->odd == NULL && (v->odd = canonical_odd_field(v->entry)) != NULL)
		v->odd_entry = v->entry->entry_id;
	replay_add(&v->replay, v->entry);
	if (++v->read % PROGRESS_ENTRIES == 0)
		ereport(NOTICE,
				(errmsg("grid \"%s\": verified " INT64_FORMAT " entries, up to entry " INT64_FORMAT,
						v->grid->name, v->read, v->entry->entry_id)));
	next_entry(v);
}

static void
keep_difference(Verification *v, Walk *walk, DifferenceKind kind, int64 entry_id, const uint8 *fingerprint)
{
	Difference	difference = {.kind = kind, .entry_id = entry_id};

	if (fingerprint)
		memcpy(difference.fingerprint, fingerprint, FINGERPRINT_BYTES);
	if (walk->differing++ == 0)
		walk->first = difference;
	v->has_missing |= kind == ENTRY_MISSING;
	if (walk->differing <= KEPT_OF_BLOCK && v->ndifferences < KEPT_OF_ALL)
		v->differences[v->ndifferences++] = difference;
}

/* Passes over the fingerprints of entries below an id: those are gone. */
static void
pass_missing(Verification *v, Walk *walk, int64 below)
{
	while (walk->next < walk->n)
	{
		const uint8 *at = walk->fingerprints + walk->next * FINGERPRINT_BYTES;
		int64		entry_id = fingerprint_entry(at, walk->block->first_entry);

		if (entry_id >= below)
			break;
		keep_difference(v, walk, ENTRY_MISSING, entry_id, at);
		walk->next++;
	}
}

static void
compare_fingerprint(Verification *v, Walk *walk, const Digest *leaf)
{
	int64		entry_id = v->entry->entry_id;
	const uint8 *at;

	if (v->reader.again)
	{
		keep_difference(v, walk, ENTRY_TWICE, entry_id, NULL);
		return;
	}
	pass_missing(v, walk, entry_id);
	at = walk->fingerprints + walk->next * FINGERPRINT_BYTES;
	if (walk->next == walk->n || fingerprint_entry(at, walk->block->first_entry) != entry_id)
	{
		keep_difference(v, walk, ENTRY_ADDED, entry_id, NULL);
		return;
	}
	if (!fingerprint_fits(at, leaf))
		keep_difference(v, walk, ENTRY_CHANGED, entry_id, at);
	walk->next++;
}

/* Walks over the entries up to an id. */
static void
walk_entries(Verification *v, Walk *walk, const LedgerBlock *block, int64 to)
{
	memset(walk, 0, sizeof(*walk));
	walk->block = block;
	merkle_init(&walk->tree);
	if (block->fingerprints && VARSIZE(block->fingerprints) - VARHDRSZ == (Size) block->entries * FINGERPRINT_BYTES)
	{
		walk->usable = true;
		walk->fingerprints = (const uint8 *) VARDATA(block->fingerprints);
		walk->n = block->entries;
	}
	while (v->entry != NULL && v->entry->entry_id <= to)
	{
		char		line[CANONICAL_ENTRY_MAX];
		Digest		leaf;

		merkle_leaf(&v->hasher, line, canonical_entry(v->entry, line), &leaf);
		merkle_append(&v->hasher, &walk->tree, &leaf);
		totals_add(&walk->change, v->entry);
		if (walk->usable)
			compare_fingerprint(v, walk, &leaf);
		if (walk->tree.size == 1)
			walk->first_entry = v->entry->entry_id;
		walk->last_entry = v->entry->entry_id;
		take_entry(v);
	}
	if (walk->usable)
		pass_missing(v, walk, PG_INT64_MAX);
}

/* Reports the first of a block's entries that is not what was sealed. */
static void
report_difference(Finding *finding, const Walk *walk)
{
	int64		entry_id = walk->first.entry_id;

	if (!walk->usable)
	{
		report(finding,
			   walk->tree.size < (uint64) walk->block->entries ? "entry missing"
			   : walk->tree.size > (uint64) walk->block->entries ? "entry added" : "entry changed",
			   "the tree hash over " UINT64_FORMAT " entries is not that of the %d that were sealed, and without fingerprints there is no telling which one differs",
			   walk->tree.size, walk->block->entries);
		return;
	}
	if (walk->differing == 0)
	{
		report(finding, "block changed", "its entries fit their fingerprints, but neither fits its tree hash");
		return;
	}
	finding->has_difference = true;
	finding->difference = walk->first;
	switch (walk->first.kind)
	{
		case ENTRY_CHANGED:
			report(finding, "entry changed", "entry " INT64_FORMAT " is not what was sealed", entry_id);
			break;
		case ENTRY_MISSING:
			report(finding, "entry missing", "entry " INT64_FORMAT " was sealed and is gone", entry_id);
			break;
		case ENTRY_ADDED:
			report(finding, "entry added", "entry " INT64_FORMAT " was not there when the block was sealed", entry_id);
			break;
		case ENTRY_TWICE:
			report(finding, "entry added", "there is more than one entry " INT64_FORMAT, entry_id);
			break;
	}
}

/* Do the totals after the block follow from those before it and its entries? */
static bool
totals_follow(const Totals *before, const Totals *change, const Totals *after, int *which)
{
	for (int t = 0; t < TOTAL_COUNT; t++)
		if (before->value[t] + change->value[t] != after->value[t])
		{
			*which = t;
			return false;
		}
	return true;
}

static void
check_totals(Verification *v, Finding *finding, const Walk *walk)
{
	const LedgerBlock *block = walk->block;
	char		has[CANONICAL_INT128_MAX];
	char		says[CANONICAL_INT128_MAX];
	int			which;
	int			ignored;

	if (totals_follow(&v->totals, &walk->change, &block->totals, &which) ||
		(v->has_other && totals_follow(&v->other, &walk->change, &block->totals, &ignored)))
		return;
	canonical_int128(block->totals.value[which], has);
	canonical_int128(v->totals.value[which] + walk->change.value[which], says);
	report(finding, "totals do not follow from the entries", "%s is %s, by the entries it is %s", total_names[which], has, says);
}

/* The tree over the blocks before this one as its detail says; false where that does not fit its history. */
static bool
own_history(Verification *v, const LedgerBlock *block, MerkleTree *history)
{
	Digest		root;

	if (block->peaks == NULL ||
		!merkle_restore(history, block->height, VARDATA(block->peaks), VARSIZE(block->peaks) - VARHDRSZ))
		return false;
	merkle_root(&v->hasher, history, &root);
	return digest_equal(&root, &block->history);
}

/* Checks how a block is chained to those before. */
static void
check_chain(Verification *v, Finding *finding, const LedgerBlock *block)
{
	Digest		root;

	if (!v->known)
		return;
	if (!digest_equal(&block->previous, &v->previous))
		report(finding, "block changed",
			   block->height == 0 ? "it is the first block, but its previous is not zero"
			   : "its previous is not the hash of block " INT64_FORMAT ": one of the two was replaced", block->height - 1);
	merkle_root(&v->hasher, &v->history, &root);
	if (!digest_equal(&root, &block->history))
		report(finding, "block changed", "its history is not the tree hash of the blocks before");
}

/* Compares a block with what the caller says was published; that goes before anything else. */
static void
check_published(Verification *v, Finding *finding, const LedgerBlock *block)
{
	const char *problem = finding->problem;
	const char *detail = finding->detail;

	if (!v->is_published || block->height != v->published_height || digest_equal(&block->hash, &v->published_hash))
		return;
	finding->problem = NULL;
	report(finding, "not the published block", "its hash is %s, published was %s%s%s%s%s",
		   digest_to_hex(&block->hash), digest_to_hex(&v->published_hash),
		   problem ? "; also: " : "", problem ? problem : "", problem ? ", " : "", problem ? detail : "");
}

/* What the block after this one has to fit. */
static void
go_on_after(Verification *v, const LedgerBlock *block, const Digest *hash, const Walk *walk, bool header_fits)
{
	MerkleTree	history;
	Digest		leaf;

	if (own_history(v, block, &history))
		v->history = history;
	else if (!v->known)
		merkle_init(&v->history);
	block_leaf(&v->hasher, hash, &leaf);
	merkle_append(&v->hasher, &v->history, &leaf);
	v->previous = *hash;

	v->has_other = !header_fits && v->known;
	for (int t = 0; v->has_other && t < TOTAL_COUNT; t++)
		v->other.value[t] = v->totals.value[t] + walk->change.value[t];
	v->totals = block->totals;
	if (v->name)
		pfree(v->name);
	v->name = pstrdup(block->name);
	v->height = block->height < PG_INT64_MAX ? block->height + 1 : block->height;
	v->known = true;
}

/* Verifies one block; next is the one after it, or NULL. */
static void
verify_block(Verification *v, const LedgerBlock *block, const LedgerBlock *next)
{
	Finding    *finding;
	Walk		walk;
	MerkleTree	history;
	Digest		hash;
	Digest		root;
	bool		header_fits;
	bool		entries_fit;
	int64		to = block->last_entry;

	block_hash(&v->hasher, block, &hash);
	header_fits = block_fits(&v->hasher, block);

	if (block->height > v->height)
	{
		finding = add_finding(v, v->height);
		if (block->height == v->height + 1)
			report(finding, "block missing", "there is no block " INT64_FORMAT, v->height);
		else
			report(finding, "block missing", "there are no blocks " INT64_FORMAT " to " INT64_FORMAT, v->height, block->height - 1);
		v->known = false;
		while (v->entry != NULL && v->entry->entry_id < block->first_entry)
		{
			finding->entries++;
			take_entry(v);
		}
		v->odd = NULL;
	}

	/* Where the block's own words cannot be trusted, the next one says where it ends. */
	if (!header_fits && next != NULL && block_fits(&v->hasher, next))
		to = next->first_entry - 1;
	walk_entries(v, &walk, block, to);
	merkle_root(&v->hasher, &walk.tree, &root);
	entries_fit = digest_equal(&root, &block->root) && walk.tree.size == (uint64) block->entries;

	finding = add_finding(v, block->height);
	finding->entries = walk.tree.size;
	if (block->malformed)
		report(finding, "block changed", "its %s is of no form that can have been sealed", block->malformed);
	if (!header_fits)
		report(finding, "block changed", "its hash is not that of its line");
	check_chain(v, finding, block);
	if (!entries_fit)
		report_difference(finding, &walk);
	else if (walk.first_entry != block->first_entry || walk.last_entry != block->last_entry)
		report(finding, "block changed", "its entries are " INT64_FORMAT " to " INT64_FORMAT ", it says " INT64_FORMAT " to " INT64_FORMAT,
			   walk.first_entry, walk.last_entry, block->first_entry, block->last_entry);
	else if (v->known)
		check_totals(v, finding, &walk);
	report_odd(v, finding);
	if (entries_fit && (!walk.usable || walk.differing > 0))
		report(finding, "block changed", "the fingerprints of its entries were changed, the entries were not");
	if (!own_history(v, block, &history))
		report(finding, "block changed", "its list of peaks does not fit its history");
	check_published(v, finding, block);

	/* Which of hash and line was changed, the next block knows. */
	if (header_fits || next == NULL || next->height != block->height + 1 || !digest_equal(&hash, &next->previous))
		hash = block->hash;
	go_on_after(v, block, &hash, &walk, header_fits);
}

/* Does an entry that is there now, under another id, fit a fingerprint? */
static bool
fits_as(Verification *v, const FormLedger *entry, int64 entry_id, const uint8 *fingerprint)
{
	FormLedger	moved = *entry;
	char		line[CANONICAL_ENTRY_MAX];
	Digest		leaf;

	moved.entry_id = entry_id;
	merkle_leaf(&v->hasher, line, canonical_entry(&moved, line), &leaf);
	return fingerprint_fits(fingerprint, &leaf);
}

static bool
read_entry(int64 entry_id, FormLedger *entry)
{
	StoreRow	row;

	if (!store_find(TABLE_LEDGER, entry_id, &row))
		return false;
	memcpy(entry, STORE_FORM(&row, FormLedger), FORM_WIDTH(FormLedger, kind));
	heap_freetuple(row.tuple);
	return true;
}

/*
 * Where the first entry of a block that differs has changed places with
 * another one that differs, of this block or another, says so.
 */
static void
find_exchanged(Verification *v, Finding *finding)
{
	const Difference *here = &finding->difference;
	FormLedger	entry;

	if (here->kind == ENTRY_TWICE || (here->kind == ENTRY_CHANGED && !read_entry(here->entry_id, &entry)))
		return;
	for (int i = 0; i < v->ndifferences; i++)
	{
		const Difference *there = &v->differences[i];
		FormLedger	other;
		const char *format;

		CHECK_FOR_INTERRUPTS();
		if (there->entry_id == here->entry_id)
			continue;
		if (here->kind == ENTRY_CHANGED && (there->kind == ENTRY_CHANGED || there->kind == ENTRY_MISSING) &&
			fits_as(v, &entry, there->entry_id, there->fingerprint))
			format = "entry " INT64_FORMAT " has what was sealed as entry " INT64_FORMAT;
		else if (here->kind == ENTRY_MISSING && (there->kind == ENTRY_CHANGED || there->kind == ENTRY_ADDED) && read_entry(there->entry_id, &other) &&
				 fits_as(v, &other, here->entry_id, here->fingerprint))
			format = "what was sealed as entry " INT64_FORMAT " is now entry " INT64_FORMAT;
		else
			continue;
		finding->problem = NULL;
		report(finding, "entries reordered", format, here->entry_id, there->entry_id);
		return;
	}
}

/* Adds what the entry is now to the detail. */
static void
quote_entry(Finding *finding)
{
	FormLedger	entry;
	char		line[CANONICAL_ENTRY_MAX];

	if (finding->difference.kind == ENTRY_MISSING || finding->difference.kind == ENTRY_TWICE || !read_entry(finding->difference.entry_id, &entry))
		return;
	canonical_entry(&entry, line);
	finding->detail = psprintf("%s; it is now: %s", finding->detail, line);
}

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
		report(add_finding(v, block->height), "block changed",
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
	finding = add_finding(v, 0);
	finding->is_block = false;
	report(finding, "block changed", "the height of " INT64_FORMAT " %s is NULL", count, count == 1 ? "block" : "blocks");
}

/* Were blocks cut off the end?  What was published says so, or a detail that was left behind. */
static void
check_end(Verification *v)
{
	int64		detail = block_last_detail(v->grid->form.grid_id);
	char	   *last = v->height == 0 ? "but there is no block at all"
		: psprintf("but block " INT64_FORMAT " is the last", v->height - 1);

	if (detail >= v->height && !(v->is_published && v->published_height <= detail))
		report(add_finding(v, detail), "block missing", "its detail is there, %s", last);
	if (v->is_published && v->published_height >= v->height)
		report(add_finding(v, v->published_height), "block missing", "its hash was published, %s", last);
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
	Finding    *finding = add_finding(v, 0);
	const char *difference;

	finding->is_block = false;
	while (v->entry != NULL)
	{
		if (v->reader.again)
			report(finding, "entry added", "there is more than one entry " INT64_FORMAT, v->entry->entry_id);
		if (v->has_missing && v->ndifferences < KEPT_OF_ALL)
			v->differences[v->ndifferences++] = (Difference) {.kind = ENTRY_ADDED, .entry_id = v->entry->entry_id};
		finding->entries++;
		take_entry(v);
	}
	report_odd(v, finding);
	difference = replay_compare(&v->replay);
	if (difference)
		report(finding, "balances do not follow from the ledger", "%s", difference);
	if (v->name && strcmp(v->name, v->grid->name) != 0)
		report(finding, "grid renamed", "in block " INT64_FORMAT " its name is \"%s\"", v->height - 1, v->name);
}

static void
return_findings(Verification *v, FunctionCallInfo fcinfo)
{
	ResultRow	result;
	int			differing = 0;

	result_begin_set(&result, fcinfo);
	for (int i = 0; i < v->nfindings; i++)
	{
		Finding    *finding = &v->findings[i];

		if (finding->has_difference && differing++ < EXCHANGED_BLOCKS)
		{
			find_exchanged(v, finding);
			quote_entry(finding);
		}
		if (finding->is_block)
			result_int64(&result, finding->height);
		else
			result_null(&result);
		result_int64(&result, finding->entries);
		result_bool(&result, finding->problem == NULL);
		result_text(&result, finding->problem);
		if (finding->has_difference)
			result_int64(&result, finding->difference.entry_id);
		else
			result_null(&result);
		result_text(&result, finding->detail);
		result_end_row(&result);
	}
}

/* Begins with the first block, or believes the one before from_height; SG101 where that does not exist. */
static void
begin_at(Verification *v, int64 from_height)
{
	LedgerBlock *before;
	Digest		leaf;

	v->known = true;
	v->height = from_height;
	merkle_init(&v->history);
	if (from_height == 0)
	{
		replay_begin(&v->replay, v->grid, NULL);
		ledger_reader_open_grid(&v->reader, v->grid->form.grid_id, ENTRY_FIRST, ENTRY_LAST);
	}
	else
	{
		before = block_at(v->grid->form.grid_id, from_height - 1);
		if (before == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_SG_NOT_FOUND),
					 errmsg("block " INT64_FORMAT " of grid \"%s\" does not exist", from_height - 1, v->grid->name),
					 errhint("Verification from height " INT64_FORMAT " begins with the totals of the block before.", from_height)));
		if (!own_history(v, before, &v->history))
			merkle_init(&v->history);
		block_leaf(&v->hasher, &before->hash, &leaf);
		merkle_append(&v->hasher, &v->history, &leaf);
		v->previous = before->hash;
		v->totals = before->totals;
		v->name = before->name;
		replay_begin(&v->replay, v->grid, &before->totals);
		ledger_reader_open_grid(&v->reader, v->grid->form.grid_id, Min(before->last_entry, ENTRY_LAST - 1) + 1, ENTRY_LAST);
	}
	next_entry(v);
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
		digest_arg(fcinfo, 3, "published_hash", &v->published_hash);
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
	v.allocated = 64;
	v.findings = palloc(v.allocated * sizeof(Finding));
	v.differences = palloc(KEPT_OF_ALL * sizeof(Difference));

	hasher_open(&v.hasher);
	begin_at(&v, from_height);
	verify_blocks(&v, from_height);
	verify_rest(&v);
	ledger_reader_close(&v.reader);
	return_findings(&v, fcinfo);
	hasher_close(&v.hasher);
	return (Datum) 0;
}
