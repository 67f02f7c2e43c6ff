/*-------------------------------------------------------------------------
 *
 * seal.c
 *	  sg_seal(): the entries since the last block become new blocks.
 *
 * What a block is, is in doc/evidence.md; up to which entry the ledger is
 * final, in boundary.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "base/result.h"
#include "call/request.h"
#include "evidence/block.h"
#include "evidence/boundary.h"
#include "evidence/canonical.h"
#include "evidence/fingerprint.h"
#include "evidence/seal.h"
#include "grid/identity.h"
#include "grid/notify.h"
#include "ledger/entry_digest.h"
#include "ledger/reader.h"
#include "ledger/sealing.h"

PG_FUNCTION_INFO_V1(sg_seal);

const SealFollower *seal_follower_hook = NULL;

/* The block that is being made, after those that there are. */
typedef struct Sealing
{
	const Grid *grid;
	Hasher		hasher;
	MerkleTree	history;		/* over all blocks so far */
	LedgerBlock block;			/* the one being made; entries is 0 while it has none */
	MerkleTree	tree;			/* over its entries */
	uint8	   *fingerprints;	/* of its entries */
	void	   *follower;		/* of seal_follower_hook */
	ResultRow	result;
} Sealing;

/* Raises XX001: nothing is built upon a block that does not stand by itself. */
SG_NORETURN
static void
error_block_damaged(const Grid *grid, const LedgerBlock *block, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("block " INT64_FORMAT " of grid \"%s\" has been changed", block->height, grid->name),
			 errdetail("Its %s does not fit.", what),
			 errhint("See SELECT * FROM sg_verify_ledger(), and restore what was changed.")));
}

/* Raises XX001: an id stands for one entry. */
SG_NORETURN
static void
error_entry_twice(const Grid *grid, int64 entry_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("there is more than one entry " INT64_FORMAT, entry_id),
			 errdetail("One of them is of grid \"%s\".", grid->name),
			 errhint("See SELECT * FROM sg_verify_ledger(); remove what was added, and make the primary key of the ledger again.")));
}

/* Raises XX001: no line that a checker takes can be made of it, so a block with it would be good for nobody. */
SG_NORETURN
static void
error_entry_odd(const Grid *grid, int64 entry_id, const char *field)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("entry " INT64_FORMAT " of grid \"%s\" was not written by smartgrid", entry_id, grid->name),
			 errdetail("No entry has such a value of \"%s\".", field),
			 errhint("See SELECT * FROM sg_verify_ledger(), and remove what was added or restore what was changed.")));
}

/* Raises XX001 if blocks after the last one have left their details behind. */
static void
require_last_detail(const Grid *grid, const LedgerBlock *last)
{
	int64		height = block_last_detail(grid->form.grid_id);

	if (height > (last ? last->height : -1))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("block " INT64_FORMAT " of grid \"%s\" has been deleted", height, grid->name),
				 errhint("See SELECT * FROM sg_verify_ledger(), and restore what was deleted.")));
}

/* Begins the next block: it has no entry yet. */
static void
begin_block(Sealing *sealing, const Digest *previous)
{
	LedgerBlock *block = &sealing->block;

	block->height = (int64) sealing->history.size;
	block->entries = 0;
	block->previous = *previous;
	merkle_init(&sealing->tree);
}

/* What cancelled trades have released up to an entry, energy units: blocks of the first form do not say it. */
static sg_int128
released_until(const Grid *grid, int64 last_entry)
{
	LedgerReader reader;
	const FormLedger *entry;
	sg_int128	released = 0;

	ledger_reader_open_grid(&reader, grid->form.grid_id, ENTRY_FIRST, last_entry);
	while ((entry = ledger_reader_next(&reader)) != NULL)
		if (entry->kind == LEDGER_RELEASE)
			released += entry->energy;
	ledger_reader_close(&reader);
	return released;
}

/* Goes on after the grid's last block, or begins with the first. */
static void
begin_after(Sealing *sealing, const LedgerBlock *last)
{
	Digest		hash = {{0}};
	Digest		leaf;

	sealing->block.form = BLOCK_FORM_2;
	sealing->block.grid_id = sealing->grid->form.grid_id;
	sealing->block.name = unconstify(char *, sealing->grid->name);
	merkle_init(&sealing->history);
	if (last)
	{
		if (!block_fits(&sealing->hasher, last))
			error_block_damaged(sealing->grid, last, "hash");
		if (last->last_entry < last->first_entry || last->last_entry == PG_INT64_MAX)
			error_block_damaged(sealing->grid, last, "last entry");
		if (last->peaks == NULL ||
			!merkle_restore(&sealing->history, last->height, VARDATA(last->peaks), VARSIZE(last->peaks) - VARHDRSZ))
			error_block_damaged(sealing->grid, last, "list of peaks");
		merkle_root(&sealing->hasher, &sealing->history, &hash);
		if (!digest_equal(&hash, &last->history))
			error_block_damaged(sealing->grid, last, "history");
		block_leaf(&sealing->hasher, &last->hash, &leaf);
		merkle_append(&sealing->hasher, &sealing->history, &leaf);
		sealing->block.sums = block_kind_sums(last, last->form == BLOCK_FORM_1 ? released_until(sealing->grid, last->last_entry) : 0);
		hash = last->hash;
	}
	begin_block(sealing, &hash);
}

/* Tells listeners, when the transaction commits, and puts the block into the result. */
static void
announce(Sealing *sealing)
{
	const LedgerBlock *block = &sealing->block;
	char	   *hash = digest_to_hex(&block->hash);

	notify_block(block->name, block->height, hash, block->last_entry);
	result_int64(&sealing->result, block->height);
	result_text(&sealing->result, hash);
	result_int64(&sealing->result, block->entries);
	result_int64(&sealing->result, block->first_entry);
	result_int64(&sealing->result, block->last_entry);
	result_end_row(&sealing->result);
	pfree(hash);
}

/* Writes the block with the entries that it has, and begins the next. */
static void
finish_block(Sealing *sealing)
{
	LedgerBlock *block = &sealing->block;
	Digest		leaf;
	Digest		hash;

	block->sealed_at = GetCurrentTimestamp();
	block->totals = totals_of(&block->sums);
	merkle_root(&sealing->hasher, &sealing->tree, &block->root);
	merkle_root(&sealing->hasher, &sealing->history, &block->history);
	block->peaks = bytea_of(sealing->history.peaks, sealing->history.npeaks * DIGEST_BYTES);
	block->fingerprints = bytea_of(sealing->fingerprints, block->entries * FINGERPRINT_BYTES);
	block_hash(&sealing->hasher, block, &block->hash);
	block_insert(block);
	announce(sealing);
	pfree(block->peaks);
	pfree(block->fingerprints);

	block_leaf(&sealing->hasher, &block->hash, &leaf);
	merkle_append(&sealing->hasher, &sealing->history, &leaf);
	hash = block->hash;
	begin_block(sealing, &hash);
}

/* Adds an entry, and the digest that it carries, NULL: none. */
static void
add_entry(Sealing *sealing, const FormLedger *entry, const Digest *digest)
{
	LedgerBlock *block = &sealing->block;
	char		line[CANONICAL_ENTRY_MAX];
	Digest		leaf;
	const char *odd = canonical_odd_field(entry, digest);

	if (odd != NULL)
		error_entry_odd(sealing->grid, entry->entry_id, odd);
	if (block->entries == BLOCK_MAX_ENTRIES ||
		(block->entries > 0 && (uint64) entry->entry_id - (uint64) block->first_entry > FINGERPRINT_MAX_SPAN))
		finish_block(sealing);
	if (block->entries == 0)
		block->first_entry = entry->entry_id;
	merkle_leaf(&sealing->hasher, line, canonical_entry(entry, digest, line), &leaf);
	merkle_append(&sealing->hasher, &sealing->tree, &leaf);
	fingerprint_write(sealing->fingerprints + block->entries * FINGERPRINT_BYTES, block->first_entry, entry->entry_id, &leaf);
	kind_sums_add(&block->sums, entry);
	if (seal_follower_hook)
		seal_follower_hook->add(sealing->follower, entry);
	block->last_entry = entry->entry_id;
	block->entries++;
}

/* Puts the entries with ids from one to another into blocks. */
static void
seal_entries(Sealing *sealing, int64 from, int64 to)
{
	int32		grid_id = sealing->grid->form.grid_id;
	LedgerReader reader;
	DigestReader digests;
	const FormLedger *entry;

	sealing->fingerprints = palloc(BLOCK_MAX_ENTRIES * FINGERPRINT_BYTES);
	if (seal_follower_hook)
		sealing->follower = seal_follower_hook->begin(grid_id, from);
	ledger_reader_open_grid(&reader, grid_id, from, to);
	digest_reader_open(&digests, grid_id, from, to);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		if (reader.again)
			error_entry_twice(sealing->grid, entry->entry_id);
		add_entry(sealing, entry, digest_reader_at(&digests, entry->entry_id));
	}
	ledger_reader_close(&reader);
	digest_reader_close(&digests);
	if (sealing->block.entries > 0)
		finish_block(sealing);
	if (seal_follower_hook)
		seal_follower_hook->end(sealing->follower, to);
}

/*
 * sg_seal(grid) -> height, hash, entries, first_entry, last_entry of each new
 * block; no row if no entry has become final.  For operators of the grid,
 * NULL: the current one.
 *
 * Locks: the grid's sealing, to the end of the transaction; no row and no
 * caller of other functions.  Waits at most smartgrid.seal_wait for
 * transactions that may still write entries (boundary.c).  Errors: 25001
 * isolation; SG108 grid; SG100; SG101; XX001 if the last block has been
 * changed or deleted.
 */
Datum
sg_seal(PG_FUNCTION_ARGS)
{
	Request    *request;
	const char *name;
	Sealing    *sealing = palloc0(sizeof(Sealing));
	LedgerBlock *last;
	int64		from;			/* the least id that is not sealed */
	int64		boundary;

	store_require_writable("sg_seal");
	request = request_begin(fcinfo, "sg_seal");
	name = grid_name_arg(fcinfo, 0);
	store_push_snapshot();
	if (request && request_is_remembered(request, name))
	{
		Datum		result = request_answer(request);

		store_end();
		return result;
	}
	sealing->grid = identity_require_operator_of(name, "seal the ledger");
	sealing_require_isolation("sg_seal");
	result_begin_set(&sealing->result, fcinfo);
	sealing_lock(sealing->grid->form.grid_id);
	store_refresh();

	last = block_last(sealing->grid->form.grid_id);
	require_last_detail(sealing->grid, last);
	hasher_open(&sealing->hasher);
	begin_after(sealing, last);
	from = last ? last->last_entry + 1 : PG_INT64_MIN;

	boundary = boundary_find(sealing->grid, from);
	store_refresh();
	if (boundary >= from)
		seal_entries(sealing, from, boundary);
	hasher_close(&sealing->hasher);
	if (request)
		request_remember(request, (Datum) 0, GetCurrentTimestamp());
	store_end();
	return (Datum) 0;
}
