/*-------------------------------------------------------------------------
 *
 * prove.c
 *	  Making proofs: an entry is in a block, a block follows another.
 *
 * The form of proofs is in doc/evidence.md; proof.c checks them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "evidence/block.h"
#include "evidence/canonical.h"
#include "evidence/proof.h"
#include "grid/grid.h"
#include "ledger/entry_digest.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"

PG_FUNCTION_INFO_V1(sg_prove_entry);
PG_FUNCTION_INFO_V1(sg_prove_blocks);

static void
append_text(StringInfo json, const char *key, const char *value)
{
	appendStringInfo(json, ", \"%s\": ", key);
	escape_json(json, value);
}

static void
append_digests(StringInfo json, const char *key, const Digest *digests, int n)
{
	appendStringInfo(json, ", \"%s\": [", key);
	for (int i = 0; i < n; i++)
		appendStringInfo(json, "%s\"%s\"", i > 0 ? ", " : "", digest_to_hex(&digests[i]));
	appendStringInfoChar(json, ']');
}

static Datum
jsonb_of(StringInfo json)
{
	appendStringInfoChar(json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json->data));
}

/* Raises XX001: no proof can be made of a ledger that is not what was sealed. */
SG_NORETURN
static void
error_does_not_fit(int64 height)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("the ledger does not fit block " INT64_FORMAT " any more", height),
			 errhint("See SELECT * FROM sg_verify_ledger() for what was changed.")));
}

/* The leaf hashes of a block's entries, and which of them is that of an entry, or -1. */
static Digest *
read_leaves(Hasher *hasher, const LedgerBlock *block, int64 entry_id, int64 *place)
{
	Digest	   *leaves = palloc(block->entries * sizeof(Digest));
	LedgerReader reader;
	DigestReader digests;
	const FormLedger *entry;
	int			n = 0;

	*place = -1;
	ledger_reader_open_grid(&reader, block->grid_id, block->first_entry, block->last_entry);
	digest_reader_open(&digests, block->grid_id, block->first_entry, block->last_entry);
	while ((entry = ledger_reader_next(&reader)) != NULL)
	{
		char		line[CANONICAL_ENTRY_MAX];

		if (n == block->entries)
			error_does_not_fit(block->height);
		if (entry->entry_id == entry_id)
			*place = n;
		merkle_leaf(hasher, line, canonical_entry(entry, digest_reader_at(&digests, entry->entry_id), line), &leaves[n++]);
	}
	ledger_reader_close(&reader);
	digest_reader_close(&digests);
	if (n != block->entries)
		error_does_not_fit(block->height);
	return leaves;
}

/*
 * sg_prove_entry(entry_id) -> the proof that an entry is in its block; NULL
 * if there is no such entry, the caller may not see it, or it is not yet
 * sealed.  SG108 NULL; XX001 if the ledger is not what was sealed.
 */
Datum
sg_prove_entry(PG_FUNCTION_ARGS)
{
	int64		entry_id = arg_int64(fcinfo, 0, "entry_id");
	StoreRow	row;
	FormLedger *entry;
	Digest		digest;
	LedgerBlock *block;
	Hasher		hasher;
	Digest	   *leaves;
	Digest		path[MERKLE_MAX_PATH];
	int64		place;
	int			length;
	bool		fits;
	char		line[CANONICAL_ENTRY_MAX];
	StringInfoData json;

	if (!store_find(TABLE_LEDGER, entry_id, &row))
		PG_RETURN_NULL();
	entry = STORE_FORM(&row, FormLedger);
	if (!ledger_may_see(entry))
		PG_RETURN_NULL();
	block = block_of_entry(entry->grid_id, entry_id);
	if (block == NULL)
		PG_RETURN_NULL();

	hasher_open(&hasher);
	if (!block_fits(&hasher, block) || block->entries < 1 || block->entries > BLOCK_MAX_ENTRIES)
		error_does_not_fit(block->height);
	leaves = read_leaves(&hasher, block, entry_id, &place);
	if (place < 0)				/* between two blocks: it came later */
		error_does_not_fit(block->height);
	length = merkle_path(&hasher, leaves, block->entries, place, path);
	fits = merkle_check_path(&hasher, &leaves[place], place, block->entries, path, length, &block->root);
	hasher_close(&hasher);
	if (!fits)
		error_does_not_fit(block->height);

	canonical_entry(entry, entry_digest_find(entry, &digest) ? &digest : NULL, line);
	initStringInfo(&json);
	appendStringInfo(&json, "{\"type\": \"" PROOF_ENTRY "\", \"index\": " INT64_FORMAT ", \"entries\": %d", place, block->entries);
	append_text(&json, "entry", line);
	append_digests(&json, "path", path, length);
	append_text(&json, "block", canonical_block(block));
	PG_RETURN_DATUM(jsonb_of(&json));
}

/*
 * sg_prove_blocks(from_height, to_height, grid) -> the proof that the history
 * of one block extends that of another; NULL if one of them does not exist.
 * For everybody, as blocks are; grid NULL: the current one.  SG108 NULL,
 * heights, grid; SG101 grid; XX001 if the blocks are not what was sealed.
 */
Datum
sg_prove_blocks(PG_FUNCTION_ARGS)
{
	int64		from_height = arg_int64(fcinfo, 0, "from_height");
	int64		to_height = arg_int64(fcinfo, 1, "to_height");
	const char *name = grid_name_arg(fcinfo, 2);
	Grid	   *grid;
	LedgerBlock *from;
	LedgerBlock *to;
	Digest	   *leaves;
	Hasher		hasher;
	Digest		inclusion[MERKLE_MAX_PATH];
	Digest		consistency[MERKLE_MAX_PATH];
	int			ninclusion = 0;
	int			nconsistency = 0;
	bool		fits = true;
	StringInfoData json;

	if (from_height < 0 || from_height > to_height)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("heights " INT64_FORMAT " and " INT64_FORMAT " are not in order", from_height, to_height),
				 errhint("from_height is the earlier block, from 0.")));
	grid = grid_find(name);
	if (grid == NULL)
		error_grid_not_found(name);
	from = block_at(grid->form.grid_id, from_height);
	to = block_at(grid->form.grid_id, to_height);
	if (from == NULL || to == NULL)
		PG_RETURN_NULL();

	hasher_open(&hasher);
	if (!block_fits(&hasher, from))
		error_does_not_fit(from_height);
	if (!block_fits(&hasher, to))
		error_does_not_fit(to_height);
	if (from_height < to_height)
	{
		leaves = block_hashes(grid->form.grid_id, to_height);
		if (leaves == NULL)
			error_does_not_fit(to_height);
		for (int64 i = 0; i < to_height; i++)
		{
			Digest		hash = leaves[i];

			CHECK_FOR_INTERRUPTS();
			block_leaf(&hasher, &hash, &leaves[i]);
		}
		ninclusion = merkle_path(&hasher, leaves, to_height, from_height, inclusion);
		nconsistency = merkle_consistency(&hasher, leaves, from_height, to_height, consistency);
		fits = merkle_check_path(&hasher, &leaves[from_height], from_height, to_height, inclusion, ninclusion, &to->history) &&
			merkle_check_consistency(&hasher, from_height, to_height, consistency, nconsistency, &from->history, &to->history);
	}
	hasher_close(&hasher);
	if (!fits)
		error_does_not_fit(to_height);

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"type\": \"" PROOF_BLOCKS "\"");
	append_text(&json, "from", canonical_block(from));
	append_text(&json, "to", canonical_block(to));
	append_digests(&json, "inclusion", inclusion, ninclusion);
	append_digests(&json, "consistency", consistency, nconsistency);
	PG_RETURN_DATUM(jsonb_of(&json));
}
