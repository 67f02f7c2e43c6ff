/*-------------------------------------------------------------------------
 *
 * verify_entries.c
 *	  Verifying a ledger: the entries of a block beside their fingerprints.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "evidence/canonical.h"
#include "evidence/verify.h"

/* After how many entries a NOTICE tells of progress. */
#define PROGRESS_ENTRIES	1000000

/* Begins to read entries, from an id on. */
void
verify_begin_entries(Verification *v, int64 from)
{
	ledger_reader_open_grid(&v->reader, v->grid->form.grid_id, from, ENTRY_LAST);
	digest_reader_open(&v->digests, v->grid->form.grid_id, from, ENTRY_LAST);
	v->entry = ledger_reader_next(&v->reader);
}

/* The digest that the next entry carries; NULL: none. */
static const Digest *
digest_of_entry(Verification *v)
{
	return digest_reader_at(&v->digests, v->entry->entry_id);
}

/* Reports the first of the entries just taken that the extension cannot have written, and a digest between them that is of none. */
void
verify_report_odd(Verification *v, Finding *finding)
{
	if (v->odd)
		finding_report(finding, "entry added", "entry " INT64_FORMAT " was not written by smartgrid: no entry has such a value of \"%s\"",
			   v->odd_entry, v->odd);
	v->odd = NULL;
	if (v->digests.has_stray)
		finding_report(finding, "entry added", "there is a digest of entry " INT64_FORMAT ", but no such entry in the grid", v->digests.stray);
	v->digests.has_stray = false;
}

/* Counts and replays the next entry, and moves on. */
void
verify_take_entry(Verification *v)
{
	CHECK_FOR_INTERRUPTS();
	if (v->odd == NULL && (v->odd = canonical_odd_field(v->entry, digest_of_entry(v))) != NULL)
		v->odd_entry = v->entry->entry_id;
	replay_add(&v->replay, v->entry);
	if (++v->read % PROGRESS_ENTRIES == 0)
		ereport(NOTICE,
				(errmsg("grid \"%s\": verified " INT64_FORMAT " entries, up to entry " INT64_FORMAT,
						v->grid->name, v->read, v->entry->entry_id)));
	v->entry = ledger_reader_next(&v->reader);
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
void
verify_walk(Verification *v, Walk *walk, const LedgerBlock *block, int64 to)
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

		merkle_leaf(&v->hasher, line, canonical_entry(v->entry, digest_of_entry(v), line), &leaf);
		merkle_append(&v->hasher, &walk->tree, &leaf);
		kind_sums_add(&walk->change, v->entry);
		if (walk->usable)
			compare_fingerprint(v, walk, &leaf);
		if (walk->tree.size == 1)
			walk->first_entry = v->entry->entry_id;
		walk->last_entry = v->entry->entry_id;
		verify_take_entry(v);
	}
	digest_reader_pass(&v->digests, to);
	if (walk->usable)
		pass_missing(v, walk, PG_INT64_MAX);
}

/* Reports the first of a block's entries that is not what was sealed. */
void
verify_report_difference(Finding *finding, const Walk *walk)
{
	int64		entry_id = walk->first.entry_id;

	if (!walk->usable)
	{
		finding_report(finding,
			   walk->tree.size < (uint64) walk->block->entries ? "entry missing"
			   : walk->tree.size > (uint64) walk->block->entries ? "entry added" : "entry changed",
			   "the tree hash over " UINT64_FORMAT " entries is not that of the %d that were sealed, and without fingerprints there is no telling which one differs",
			   walk->tree.size, walk->block->entries);
		return;
	}
	if (walk->differing == 0)
	{
		finding_report(finding, "block changed", "its entries fit their fingerprints, but neither fits its tree hash");
		return;
	}
	finding->has_difference = true;
	finding->difference = walk->first;
	switch (walk->first.kind)
	{
		case ENTRY_CHANGED:
			finding_report(finding, "entry changed", "entry " INT64_FORMAT " is not what was sealed", entry_id);
			break;
		case ENTRY_MISSING:
			finding_report(finding, "entry missing", "entry " INT64_FORMAT " was sealed and is gone", entry_id);
			break;
		case ENTRY_ADDED:
			finding_report(finding, "entry added", "entry " INT64_FORMAT " was not there when the block was sealed", entry_id);
			break;
		case ENTRY_TWICE:
			finding_report(finding, "entry added", "there is more than one entry " INT64_FORMAT, entry_id);
			break;
	}
}
