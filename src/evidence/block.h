/*-------------------------------------------------------------------------
 *
 * block.h
 *	  The rows of smartgrid.block: sealed parts of the ledger.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BLOCK_H
#define SG_BLOCK_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "base/digest.h"
#include "evidence/merkle.h"
#include "ledger/totals.h"

/* So many entries at most. */
#define BLOCK_MAX_ENTRIES	65536

/* The form of a block's line: versions before 0.4.0 made the first. */
#define BLOCK_FORM_1	1
#define BLOCK_FORM_2	2

typedef struct LedgerBlock
{
	int16		form;
	int32		grid_id;
	int64		height;
	TimestampTz sealed_at;
	int64		first_entry;
	int64		last_entry;
	int32		entries;
	Digest		root;
	Totals		totals;			/* closing */
	KindSums	sums;			/* what they follow from; not of the first form */
	Digest		previous;
	Digest		history;
	char	   *name;
	Digest		hash;
	const char *malformed;		/* the column that cannot be what was sealed, NULL for none */
	/* from block_detail; NULL if that row is missing or was not read */
	bytea	   *peaks;			/* of the tree whose hash is history */
	bytea	   *fingerprints;
} LedgerBlock;

/* Reads blocks by height, each in memory of its own. */
typedef struct BlockReader
{
	int32		grid_id;
	int64		from;			/* the least height that has not been read */
	bool		ended;			/* there is no height after those that were read */
	int			n;
	int			next;
	LedgerBlock **blocks;
} BlockReader;

extern void block_hash(Hasher *hasher, const LedgerBlock *block, Digest *hash);
extern bool block_fits(Hasher *hasher, const LedgerBlock *block);
extern KindSums block_kind_sums(const LedgerBlock *block, sg_int128 released);
extern void block_leaf(Hasher *hasher, const Digest *hash, Digest *leaf);
extern void block_insert(const LedgerBlock *block);

/* Reading (block_read.c). */
extern LedgerBlock *block_last(int32 grid_id);
extern LedgerBlock *block_at(int32 grid_id, int64 height);
extern LedgerBlock *block_of_entry(int32 grid_id, int64 entry_id);
extern int64 block_last_detail(int32 grid_id);
extern int64 block_count_without_height(int32 grid_id);
extern Digest *block_hashes(int32 grid_id, int64 n);

extern void block_hash_arg(FunctionCallInfo fcinfo, int n, const char *name, Digest *hash);

extern void block_reader_open(BlockReader *reader, int32 grid_id, int64 from);
extern LedgerBlock *block_reader_next(BlockReader *reader);
extern void block_free(LedgerBlock *block);

#endif							/* SG_BLOCK_H */
