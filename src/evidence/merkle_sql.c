/*-------------------------------------------------------------------------
 *
 * merkle_sql.c
 *	  The trees of merkle.c as SQL functions, for tests and for whoever wants
 *	  to try them: pure, and of no use to the other functions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "evidence/merkle.h"

PG_FUNCTION_INFO_V1(sg_merkle_leaf);
PG_FUNCTION_INFO_V1(sg_merkle_root);
PG_FUNCTION_INFO_V1(sg_merkle_path);
PG_FUNCTION_INFO_V1(sg_merkle_consistency);
PG_FUNCTION_INFO_V1(sg_merkle_check_path);
PG_FUNCTION_INFO_V1(sg_merkle_check_consistency);

SG_NORETURN
static void
error_bad_digest(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("%s must have 32 bytes", name)));
}

/* The elements of argument n, a bytea[]; NULL, and a NULL element, is SG108. */
static Datum *
array_arg(FunctionCallInfo fcinfo, int n, const char *name, int *count)
{
	Datum	   *values;
	bool	   *isnull;

	arg_require_not_null(fcinfo, n, name);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(n), BYTEAOID, -1, false, TYPALIGN_INT, &values, &isnull, count);
	for (int i = 0; i < *count; i++)
		if (isnull[i])
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("%s must not contain NULL", name)));
	return values;
}

/* The digests of the leaves whose data argument 0 has. */
static Digest *
leaves_arg(FunctionCallInfo fcinfo, Hasher *hasher, int *count)
{
	Datum	   *values = array_arg(fcinfo, 0, "leaves", count);
	Digest	   *leaves = palloc(Max(*count, 1) * sizeof(Digest));

	for (int i = 0; i < *count; i++)
	{
		bytea	   *data = DatumGetByteaPP(values[i]);

		CHECK_FOR_INTERRUPTS();
		merkle_leaf(hasher, VARDATA_ANY(data), VARSIZE_ANY_EXHDR(data), &leaves[i]);
	}
	return leaves;
}

/* Argument n, a digest as bytea. */
static Digest
digest_bytea_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	Digest		digest;

	arg_require_not_null(fcinfo, n, name);
	if (!digest_from_bytea(PG_GETARG_DATUM(n), &digest))
		error_bad_digest(name);
	return digest;
}

/* Argument n, digests as bytea[]. */
static Digest *
digests_arg(FunctionCallInfo fcinfo, int n, const char *name, int *count)
{
	Datum	   *values = array_arg(fcinfo, n, name, count);
	Digest	   *digests = palloc(Max(*count, 1) * sizeof(Digest));

	for (int i = 0; i < *count; i++)
		if (!digest_from_bytea(values[i], &digests[i]))
			error_bad_digest(name);
	return digests;
}

static Datum
digests_array(const Digest *digests, int count)
{
	Datum	   *values = palloc(Max(count, 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
		values[i] = digest_to_bytea(&digests[i]);
	return PointerGetDatum(construct_array(values, count, BYTEAOID, -1, false, TYPALIGN_INT));
}

/* Raises SG108 unless least <= value <= most. */
static void
require_position(const char *name, int64 value, int64 least, int64 most)
{
	if (value < least || value > most)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s of " INT64_FORMAT " is outside " INT64_FORMAT " to " INT64_FORMAT, name, value, least, most)));
}

/* merkle_leaf(data bytea) -> its leaf hash. */
Datum
sg_merkle_leaf(PG_FUNCTION_ARGS)
{
	bytea	   *data;
	Hasher		hasher;
	Digest		leaf;

	arg_require_not_null(fcinfo, 0, "data");
	data = PG_GETARG_BYTEA_PP(0);
	hasher_open(&hasher);
	merkle_leaf(&hasher, VARDATA_ANY(data), VARSIZE_ANY_EXHDR(data), &leaf);
	hasher_close(&hasher);
	PG_RETURN_DATUM(digest_to_bytea(&leaf));
}

/* merkle_root(leaves bytea[]) -> the tree hash over the data of the leaves. */
Datum
sg_merkle_root(PG_FUNCTION_ARGS)
{
	Hasher		hasher;
	MerkleTree	tree;
	int			count;
	Digest	   *leaves;
	Digest		root;

	hasher_open(&hasher);
	leaves = leaves_arg(fcinfo, &hasher, &count);
	merkle_init(&tree);
	for (int i = 0; i < count; i++)
		merkle_append(&hasher, &tree, &leaves[i]);
	merkle_root(&hasher, &tree, &root);
	hasher_close(&hasher);
	PG_RETURN_DATUM(digest_to_bytea(&root));
}

/* merkle_path(leaves bytea[], place integer) -> the audit path of a leaf, counted from 0.  SG108 place. */
Datum
sg_merkle_path(PG_FUNCTION_ARGS)
{
	int32		place = arg_int32(fcinfo, 1, "place");
	Hasher		hasher;
	int			count;
	Digest	   *leaves;
	Digest		path[MERKLE_MAX_PATH];
	int			length;

	hasher_open(&hasher);
	leaves = leaves_arg(fcinfo, &hasher, &count);
	require_position("place", place, 0, (int64) count - 1);
	length = merkle_path(&hasher, leaves, count, place, path);
	hasher_close(&hasher);
	PG_RETURN_DATUM(digests_array(path, length));
}

/*
 * merkle_consistency(leaves bytea[], from_size integer, to_size integer) ->
 * the proof between the trees over the first from_size and to_size leaves.
 * SG108 sizes.
 */
Datum
sg_merkle_consistency(PG_FUNCTION_ARGS)
{
	int32		from_size = arg_int32(fcinfo, 1, "from_size");
	int32		to_size = arg_int32(fcinfo, 2, "to_size");
	Hasher		hasher;
	int			count;
	Digest	   *leaves;
	Digest		proof[MERKLE_MAX_PATH];
	int			length;

	hasher_open(&hasher);
	leaves = leaves_arg(fcinfo, &hasher, &count);
	require_position("to_size", to_size, 0, count);
	require_position("from_size", from_size, 0, to_size);
	length = merkle_consistency(&hasher, leaves, from_size, to_size, proof);
	hasher_close(&hasher);
	PG_RETURN_DATUM(digests_array(proof, length));
}

/* merkle_check_path(leaf bytea, place bigint, size bigint, path bytea[], root bytea) -> whether the path leads from the leaf's hash to the root. */
Datum
sg_merkle_check_path(PG_FUNCTION_ARGS)
{
	Digest		leaf = digest_bytea_arg(fcinfo, 0, "leaf");
	int64		place = arg_int64(fcinfo, 1, "place");
	int64		size = arg_int64(fcinfo, 2, "size");
	int			count;
	Digest	   *path = digests_arg(fcinfo, 3, "path", &count);
	Digest		root = digest_bytea_arg(fcinfo, 4, "root");
	Hasher		hasher;
	bool		result;

	if (place < 0 || size < 0)
		PG_RETURN_BOOL(false);
	hasher_open(&hasher);
	result = merkle_check_path(&hasher, &leaf, place, size, path, count, &root);
	hasher_close(&hasher);
	PG_RETURN_BOOL(result);
}

/* merkle_check_consistency(from_size bigint, to_size bigint, proof bytea[], from_root bytea, to_root bytea) -> whether one tree begins the other. */
Datum
sg_merkle_check_consistency(PG_FUNCTION_ARGS)
{
	int64		from_size = arg_int64(fcinfo, 0, "from_size");
	int64		to_size = arg_int64(fcinfo, 1, "to_size");
	int			count;
	Digest	   *proof = digests_arg(fcinfo, 2, "proof", &count);
	Digest		from_root = digest_bytea_arg(fcinfo, 3, "from_root");
	Digest		to_root = digest_bytea_arg(fcinfo, 4, "to_root");
	Hasher		hasher;
	bool		result;

	if (from_size < 0 || to_size < 0)
		PG_RETURN_BOOL(false);
	hasher_open(&hasher);
	result = merkle_check_consistency(&hasher, from_size, to_size, proof, count, &from_root, &to_root);
	hasher_close(&hasher);
	PG_RETURN_BOOL(result);
}
