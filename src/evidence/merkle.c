/*-------------------------------------------------------------------------
 *
 * merkle.c
 *	  Merkle trees as in RFC 6962 and RFC 9162, section 2.1.
 *
 * MTH({}) = SHA-256(), MTH({d}) = SHA-256(0x00 || d), and MTH(D[n]) =
 * SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])) with k the largest power of two
 * below n.  "Leaf" is here the digest SHA-256(0x00 || d).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "evidence/merkle.h"

/* The digest of a leaf's data, which fits a line of the ledger with room to spare; longer data is copied. */
void
merkle_leaf(Hasher *hasher, const void *data, size_t len, Digest *leaf)
{
	uint8		local[512];
	uint8	   *buffer = len < sizeof(local) ? local : palloc(len + 1);

	buffer[0] = 0x00;
	memcpy(buffer + 1, data, len);
	hasher_digest(hasher, buffer, len + 1, leaf);
	if (buffer != local)
		pfree(buffer);
}

/* The digest of a node from those of its children; result may be one of them. */
static void
node(Hasher *hasher, const Digest *left, const Digest *right, Digest *result)
{
	uint8		buffer[1 + 2 * DIGEST_BYTES];

	buffer[0] = 0x01;
	memcpy(buffer + 1, left, DIGEST_BYTES);
	memcpy(buffer + 1 + DIGEST_BYTES, right, DIGEST_BYTES);
	hasher_digest(hasher, buffer, sizeof(buffer), result);
}

/* Begins an empty tree. */
void
merkle_init(MerkleTree *tree)
{
	tree->size = 0;
	tree->npeaks = 0;
}

/* Appends a leaf: perfect subtrees of the same size become one, as a carry in binary addition. */
void
merkle_append(Hasher *hasher, MerkleTree *tree, const Digest *leaf)
{
	Digest		carry = *leaf;

	for (uint64 bits = tree->size; bits & 1; bits >>= 1)
		node(hasher, &tree->peaks[--tree->npeaks], &carry, &carry);
	tree->peaks[tree->npeaks++] = carry;
	tree->size++;
}

/* The tree's hash. */
void
merkle_root(Hasher *hasher, const MerkleTree *tree, Digest *root)
{
	if (tree->npeaks == 0)
	{
		hasher_digest(hasher, "", 0, root);
		return;
	}
	*root = tree->peaks[tree->npeaks - 1];
	for (int i = tree->npeaks - 2; i >= 0; i--)
		node(hasher, &tree->peaks[i], root, root);
}

/* Makes a tree of its size and the bytes of its peaks; false, and an empty tree, if they are not as many as the size says. */
bool
merkle_restore(MerkleTree *tree, uint64 size, const void *peaks, size_t len)
{
	merkle_init(tree);
	if (len != (size_t) pg_popcount64(size) * DIGEST_BYTES)
		return false;
	tree->size = size;
	tree->npeaks = pg_popcount64(size);
	memcpy(tree->peaks, peaks, len);
	return true;
}

/* The hash of the tree over n leaves. */
static void
root_of(Hasher *hasher, const Digest *leaves, uint64 n, Digest *root)
{
	MerkleTree	tree;

	merkle_init(&tree);
	for (uint64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		merkle_append(hasher, &tree, &leaves[i]);
	}
	merkle_root(hasher, &tree, root);
}

/* The largest power of two below n, which is above 1. */
static uint64
split(uint64 n)
{
	return UINT64CONST(1) << pg_leftmost_one_pos64(n - 1);
}

/*
 * The audit path of leaf index in the tree over n leaves (RFC 6962 section
 * 2.1.1), into path, which has room for MERKLE_MAX_PATH; returns its length.
 * index is below n.
 */
int
merkle_path(Hasher *hasher, const Digest *leaves, uint64 n, uint64 index, Digest *path)
{
	uint64		k;
	int			length;

	Assert(index < n);
	if (n == 1)
		return 0;
	k = split(n);
	if (index < k)
	{
		length = merkle_path(hasher, leaves, k, index, path);
		root_of(hasher, leaves + k, n - k, &path[length]);
	}
	else
	{
		length = merkle_path(hasher, leaves + k, n - k, index - k, path);
		root_of(hasher, leaves, k, &path[length]);
	}
	return length + 1;
}

/* Whether the hash of the tree over m leaves is one that the verifier has. */
typedef enum SubtreeHash
{
	HASH_TO_BE_GIVEN,
	HASH_KNOWN
} SubtreeHash;

/* SUBPROOF of RFC 6962 section 2.1.2. */
static int
subproof(Hasher *hasher, const Digest *leaves, uint64 m, uint64 n, SubtreeHash hash, Digest *proof)
{
	uint64		k;
	int			length;

	if (m == n)
	{
		if (hash == HASH_KNOWN)
			return 0;
		root_of(hasher, leaves, n, &proof[0]);
		return 1;
	}
	k = split(n);
	if (m <= k)
	{
		length = subproof(hasher, leaves, m, k, hash, proof);
		root_of(hasher, leaves + k, n - k, &proof[length]);
	}
	else
	{
		length = subproof(hasher, leaves + k, m - k, n - k, HASH_TO_BE_GIVEN, proof);
		root_of(hasher, leaves, k, &proof[length]);
	}
	return length + 1;
}

/*
 * The proof that the tree over the first m of n leaves is the beginning of
 * the tree over all (RFC 6962 section 2.1.2), into proof, which has room for
 * MERKLE_MAX_PATH; returns its length.  m <= n; empty for m = 0 and m = n.
 */
int
merkle_consistency(Hasher *hasher, const Digest *leaves, uint64 m, uint64 n, Digest *proof)
{
	Assert(m <= n);
	if (m == 0 || m == n)
		return 0;
	return subproof(hasher, leaves, m, n, HASH_KNOWN, proof);
}

/* Does path lead from leaf index to the root of a tree of n leaves (RFC 9162 section 2.1.3.2)? */
bool
merkle_check_path(Hasher *hasher, const Digest *leaf, uint64 index, uint64 n,
				  const Digest *path, int npath, const Digest *root)
{
	uint64		place = index;	/* of the node on its level */
	uint64		last = n - 1;	/* the last node of that level */
	Digest		hash = *leaf;

	if (index >= n)
		return false;
	for (int i = 0; i < npath; i++)
	{
		if (last == 0)
			return false;
		if ((place & 1) || place == last)
		{
			node(hasher, &path[i], &hash, &hash);
			while (!(place & 1) && place != 0)
			{
				place >>= 1;
				last >>= 1;
			}
		}
		else
			node(hasher, &hash, &path[i], &hash);
		place >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&hash, root);
}

/*
 * Does proof show that the tree of m leaves with hash root_m is the beginning
 * of that of n leaves with hash root_n (RFC 9162 section 2.1.4.2)?  The empty
 * tree is the beginning of every tree.
 */
bool
merkle_check_consistency(Hasher *hasher, uint64 m, uint64 n, const Digest *proof, int nproof,
						 const Digest *root_m, const Digest *root_n)
{
	uint64		place = m - 1;
	uint64		last = n - 1;
	int			i = 0;
	Digest		first;
	Digest		second;

	if (m > n)
		return false;
	if (m == 0)
	{
		hasher_digest(hasher, "", 0, &first);
		return nproof == 0 && digest_equal(root_m, &first);
	}
	if (m == n)
		return nproof == 0 && digest_equal(root_m, root_n);
	if (nproof == 0)
		return false;

	/* The tree of m leaves may be a node of the larger one. */
	first = (m & (m - 1)) == 0 ? *root_m : proof[i++];
	second = first;
	while (place & 1)
	{
		place >>= 1;
		last >>= 1;
	}
	for (; i < nproof; i++)
	{
		if (last == 0)
			return false;
		if ((place & 1) || place == last)
		{
			node(hasher, &proof[i], &first, &first);
			node(hasher, &proof[i], &second, &second);
			while (!(place & 1) && place != 0)
			{
				place >>= 1;
				last >>= 1;
			}
		}
		else
			node(hasher, &second, &proof[i], &second);
		place >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&first, root_m) && digest_equal(&second, root_n);
}
