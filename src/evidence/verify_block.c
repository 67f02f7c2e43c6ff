/*-------------------------------------------------------------------------
 *
 * verify_block.c
 *	  Verifying a ledger: one block.
 *
 * The tree hash decides whether a block's entries are what was sealed; their
 * fingerprints only say which one is not.  After a block that does not fit,
 * what it says of itself is believed, so that one change is not reported in
 * every block that follows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/number.h"
#include "evidence/verify.h"

/* What comes to a balance with more entries. */
static Balance
balance_after(const Balance *before, const KindSums *change)
{
	Balance		after = *before;
	Totals		totals = totals_of(change);

	totals_merge(&after.totals, &totals);
	kind_sums_merge(&after.sums, change);
	return after;
}

/* Which total of a block, or sum that they follow from, is another than in a balance, with both; NULL if none is. */
static const char *
differing_total(const LedgerBlock *block, const Balance *balance, sg_int128 *has, sg_int128 *says)
{
	for (int t = 0; t < TOTAL_COUNT; t++)
		if (block->totals.value[t] != balance->totals.value[t])
		{
			*has = block->totals.value[t];
			*says = balance->totals.value[t];
			return total_names[t];
		}
	for (int kind = 0; block->form != BLOCK_FORM_1 && kind < LEDGER_KIND_COUNT; kind++)
	{
		bool		of_energy = block->sums.energy[kind] != balance->sums.energy[kind];

		if (!of_energy && block->sums.money[kind] == balance->sums.money[kind])
			continue;
		*has = of_energy ? block->sums.energy[kind] : block->sums.money[kind];
		*says = of_energy ? balance->sums.energy[kind] : balance->sums.money[kind];
		return psprintf("%s of kind %s", of_energy ? "energy" : "money", ledger_kind_name(kind));
	}
	return NULL;
}

/*
 * What a block says of released energy is believed if not all entries before
 * were read; what was held for it goes along.
 */
static void
believe_released(Balance *balance, const Walk *walk)
{
	sg_int128	missing = walk->block->sums.energy[LEDGER_RELEASE] - walk->change.energy[LEDGER_RELEASE] -
		balance->sums.energy[LEDGER_RELEASE];

	balance->sums.energy[LEDGER_RELEASE] += missing;
	balance->sums.energy[LEDGER_HOLD] += missing;
}

static void
check_totals(Verification *v, Finding *finding, const Walk *walk)
{
	Balance		after;
	Balance		other;
	char		has_text[NUMBER_TEXT_MAX];
	char		says_text[NUMBER_TEXT_MAX];
	sg_int128	has;
	sg_int128	says;
	const char *which;

	if (!v->released_known && walk->block->form != BLOCK_FORM_1)
	{
		believe_released(&v->balance, walk);
		believe_released(&v->other, walk);
	}
	after = balance_after(&v->balance, &walk->change);
	which = differing_total(walk->block, &after, &has, &says);
	if (which == NULL)
		return;
	if (v->has_other)
	{
		sg_int128	ignored;

		other = balance_after(&v->other, &walk->change);
		if (differing_total(walk->block, &other, &ignored, &ignored) == NULL)
			return;
	}
	number_to_text(has, has_text);
	number_to_text(says, says_text);
	finding_report(finding, "totals do not follow from the entries", "%s is %s, by the entries it is %s", which, has_text, says_text);
}

/* Goes on from what a block says of itself. */
void
verify_believe(Verification *v, const LedgerBlock *block)
{
	v->balance.totals = block->totals;
	v->balance.sums = block_kind_sums(block, v->released);
	v->released_known |= block->form != BLOCK_FORM_1;
}

/* The tree over the blocks before this one as its detail says; false if that does not fit its history. */
bool
verify_own_history(Verification *v, const LedgerBlock *block, MerkleTree *history)
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
		finding_report(finding, "block changed",
			   block->height == 0 ? "it is the first block, but its previous is not zero"
			   : "its previous is not the hash of block " INT64_FORMAT ": one of the two was replaced", block->height - 1);
	merkle_root(&v->hasher, &v->history, &root);
	if (!digest_equal(&root, &block->history))
		finding_report(finding, "block changed", "its history is not the tree hash of the blocks before");
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
	finding_report(finding, "not the published block", "its hash is %s, published was %s%s%s%s%s",
		   digest_to_hex(&block->hash), digest_to_hex(&v->published_hash),
		   problem ? "; also: " : "", problem ? problem : "", problem ? ", " : "", problem ? detail : "");
}

/* What the block after this one has to fit. */
static void
go_on_after(Verification *v, const LedgerBlock *block, const Digest *hash, const Walk *walk, bool header_fits)
{
	MerkleTree	history;
	Digest		leaf;

	if (verify_own_history(v, block, &history))
		v->history = history;
	else if (!v->known)
		merkle_init(&v->history);
	block_leaf(&v->hasher, hash, &leaf);
	merkle_append(&v->hasher, &v->history, &leaf);
	v->previous = *hash;

	v->has_other = !header_fits && v->known;
	if (v->has_other)
		v->other = balance_after(&v->balance, &walk->change);
	v->released += walk->change.energy[LEDGER_RELEASE];
	verify_believe(v, block);
	if (v->name)
		pfree(v->name);
	v->name = pstrdup(block->name);
	v->height = block->height < PG_INT64_MAX ? block->height + 1 : block->height;
	v->known = true;
}

/* Reports the blocks that are missing before one, and takes the entries that were theirs. */
static void
pass_gap(Verification *v, const LedgerBlock *block)
{
	Finding    *finding = finding_add(&v->findings, v->height);

	if (block->height == v->height + 1)
		finding_report(finding, "block missing", "there is no block " INT64_FORMAT, v->height);
	else
		finding_report(finding, "block missing", "there are no blocks " INT64_FORMAT " to " INT64_FORMAT, v->height, block->height - 1);
	v->known = false;
	v->released_known = false;
	while (v->entry != NULL && v->entry->entry_id < block->first_entry)
	{
		finding->entries++;
		verify_take_entry(v);
	}
	digest_reader_pass(&v->digests, Max(block->first_entry, ENTRY_FIRST + 1) - 1);
	v->odd = NULL;
	v->digests.has_stray = false;
}

/* Checks the entries of a block, which have been walked over. */
static void
check_entries(Verification *v, Finding *finding, const Walk *walk)
{
	const LedgerBlock *block = walk->block;
	Digest		root;
	bool		fit;

	merkle_root(&v->hasher, &walk->tree, &root);
	fit = digest_equal(&root, &block->root) && walk->tree.size == (uint64) block->entries;
	if (!fit)
	{
		verify_report_difference(finding, walk);
		v->released_known = false;
	}
	else if (walk->first_entry != block->first_entry || walk->last_entry != block->last_entry)
		finding_report(finding, "block changed", "its entries are " INT64_FORMAT " to " INT64_FORMAT ", it says " INT64_FORMAT " to " INT64_FORMAT,
					   walk->first_entry, walk->last_entry, block->first_entry, block->last_entry);
	else if (v->known)
		check_totals(v, finding, walk);
	verify_report_odd(v, finding);
	if (fit && (!walk->usable || walk->differing > 0))
		finding_report(finding, "block changed", "the fingerprints of its entries were changed, the entries were not");
}

/* Verifies one block; next is the one after it, or NULL. */
void
verify_block(Verification *v, const LedgerBlock *block, const LedgerBlock *next)
{
	Finding    *finding;
	Walk		walk;
	MerkleTree	history;
	Digest		hash;
	bool		header_fits;
	int64		to = block->last_entry;

	block_hash(&v->hasher, block, &hash);
	header_fits = block_fits(&v->hasher, block);
	if (block->height > v->height)
		pass_gap(v, block);

	/* If the block's own words cannot be trusted, the next one says where it ends. */
	if (!header_fits && next != NULL && block_fits(&v->hasher, next))
		to = next->first_entry - 1;
	verify_walk(v, &walk, block, to);

	finding = finding_add(&v->findings, block->height);
	finding->entries = walk.tree.size;
	if (block->malformed)
		finding_report(finding, "block changed", "its %s is of no form that can have been sealed", block->malformed);
	if (!header_fits)
		finding_report(finding, "block changed", "its hash is not that of its line");
	check_chain(v, finding, block);
	check_entries(v, finding, &walk);
	if (!verify_own_history(v, block, &history))
		finding_report(finding, "block changed", "its list of peaks does not fit its history");
	check_published(v, finding, block);

	/* Which of hash and line was changed, the next block knows. */
	if (header_fits || next == NULL || next->height != block->height + 1 || !digest_equal(&hash, &next->previous))
		hash = block->hash;
	go_on_after(v, block, &hash, &walk, header_fits);
}
