/*-------------------------------------------------------------------------
 *
 * merkle.h
 *	  Merkle trees as in RFC 6962 and RFC 9162, section 2.1.
 *
 * Pure functions of their arguments: no table, no SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_MERKLE_H
#define SG_MERKLE_H

#include "postgres.h"

#include "base/digest.h"

/* No proof is longer, whatever the tree; nor has a tree more peaks. */
#define MERKLE_MAX_PATH		65

/*
 * A tree that grows by leaves.  Its peaks are the roots of the perfect
 * subtrees that it consists of, from the largest (left) to the smallest: one
 * for each bit of its size.
 */
typedef struct MerkleTree
{
	uint64		size;			/* leaves */
	int			npeaks;
	Digest		peaks[64];
} MerkleTree;

extern void merkle_leaf(Hasher *hasher, const void *data, size_t len, Digest *leaf);

extern void merkle_init(MerkleTree *tree);
extern void merkle_append(Hasher *hasher, MerkleTree *tree, const Digest *leaf);
extern void merkle_root(Hasher *hasher, const MerkleTree *tree, Digest *root);
extern bool merkle_restore(MerkleTree *tree, uint64 size, const void *peaks, size_t len);

extern int	merkle_path(Hasher *hasher, const Digest *leaves, uint64 n, uint64 index, Digest *path);
extern int	merkle_consistency(Hasher *hasher, const Digest *leaves, uint64 m, uint64 n, Digest *proof);

extern bool merkle_check_path(Hasher *hasher, const Digest *leaf, uint64 index, uint64 n,
							  const Digest *path, int npath, const Digest *root);
extern bool merkle_check_consistency(Hasher *hasher, uint64 m, uint64 n, const Digest *proof, int nproof,
									 const Digest *root_m, const Digest *root_n);

#endif							/* SG_MERKLE_H */
