/*-------------------------------------------------------------------------
 *
 * proof.c
 *	  sg_verify_proof(): checking proofs, without any table.
 *
 * What is no proof by its form (missing keys, values of other JSON types) is
 * SG108; a proof whose contents do not fit is false.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "base/arguments.h"
#include "base/digest.h"
#include "base/errors.h"
#include "evidence/canonical.h"
#include "evidence/merkle.h"
#include "evidence/proof.h"

PG_FUNCTION_INFO_V1(sg_verify_proof);

SG_NORETURN
static void
error_no_proof(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("this is no proof"),
			 errdetail("%s", detail),
			 errhint("It should be what sg_prove_entry() or sg_prove_blocks() returned.")));
}

/* The value of a key; SG108 if it is missing or of another type. */
static JsonbValue *
require_value(Jsonb *proof, const char *key, enum jbvType type, const char *type_name)
{
	JsonbValue *value = getKeyJsonValueFromContainer(&proof->root, key, strlen(key), NULL);

	if (value == NULL || value->type != type)
		error_no_proof(psprintf("Its \"%s\" is not %s.", key, type_name));
	return value;
}

static char *
text_of(Jsonb *proof, const char *key)
{
	JsonbValue *value = require_value(proof, key, jbvString, "a string");

	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* A whole number; -1, which fits nothing, if it is too large or below zero. */
static int64
number_of(Jsonb *proof, const char *key)
{
	JsonbValue *value = require_value(proof, key, jbvNumeric, "a number");
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	int64		number = 0;

	for (const char *c = text; *c; c++)
		if (*c < '0' || *c > '9' ||
			__builtin_mul_overflow(number, INT64CONST(10), &number) ||
			!checked_add(number, *c - '0', &number))
			return -1;
	return number;
}

/*
 * The digests of an array; *fits becomes false if there are more than any
 * tree needs or one is not 64 lower-case hexadecimal digits.
 */
static int
digests_of(Jsonb *proof, const char *key, Digest *digests, bool *fits)
{
	JsonbValue *value = require_value(proof, key, jbvBinary, "an array");
	JsonbContainer *array = value->val.binary.data;
	int			n;

	if (!JsonContainerIsArray(array) || JsonContainerIsScalar(array))
		error_no_proof(psprintf("Its \"%s\" is not an array.", key));
	n = JsonContainerSize(array);
	for (int i = 0; i < n; i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(array, i);

		if (element == NULL || element->type != jbvString)
			error_no_proof(psprintf("Its \"%s\" is not an array of strings.", key));
		if (i >= MERKLE_MAX_PATH ||
			!digest_from_hex(element->val.string.val, element->val.string.len, &digests[i]))
			*fits = false;
	}
	return Min(n, MERKLE_MAX_PATH);
}

/* Is line the line of a block with this hash?  Then takes its fields. */
static bool
block_holds(Hasher *hasher, const char *line, const Digest *hash, BlockLine *fields)
{
	Digest		actual;

	hasher_digest_text(hasher, line, &actual);
	return digest_equal(&actual, hash) && canonical_parse_block(line, fields);
}

static bool
entry_holds(Hasher *hasher, Jsonb *proof, const Digest *hash)
{
	char	   *entry = text_of(proof, "entry");
	int64		place = number_of(proof, "index");
	int64		entries = number_of(proof, "entries");
	char	   *line = text_of(proof, "block");
	Digest		path[MERKLE_MAX_PATH];
	bool		fits = true;
	int			length = digests_of(proof, "path", path, &fits);
	BlockLine	block;
	int64		entry_id;
	int64		grid_id;
	Digest		leaf;

	if (!fits || place < 0 || entries < 0 ||
		!block_holds(hasher, line, hash, &block) || block.entries != entries ||
		!canonical_parse_entry(entry, &entry_id, &grid_id) ||
		grid_id != block.grid_id || entry_id < block.first_entry || entry_id > block.last_entry)
		return false;
	merkle_leaf(hasher, entry, strlen(entry), &leaf);
	return merkle_check_path(hasher, &leaf, place, entries, path, length, &block.root);
}

static bool
blocks_hold(Hasher *hasher, Jsonb *proof, const Digest *hash, const Digest *earlier_hash)
{
	char	   *from_line = text_of(proof, "from");
	char	   *to_line = text_of(proof, "to");
	Digest		inclusion[MERKLE_MAX_PATH];
	Digest		consistency[MERKLE_MAX_PATH];
	bool		fits = true;
	int			ninclusion = digests_of(proof, "inclusion", inclusion, &fits);
	int			nconsistency = digests_of(proof, "consistency", consistency, &fits);
	BlockLine	from;
	BlockLine	to;
	Digest		leaf;

	if (!fits ||
		!block_holds(hasher, from_line, earlier_hash, &from) ||
		!block_holds(hasher, to_line, hash, &to) ||
		from.grid_id != to.grid_id || from.height > to.height)
		return false;
	if (from.height == to.height)
		return ninclusion == 0 && nconsistency == 0 && strcmp(from_line, to_line) == 0;
	merkle_leaf(hasher, earlier_hash->bytes, DIGEST_BYTES, &leaf);
	return merkle_check_path(hasher, &leaf, from.height, to.height, inclusion, ninclusion, &to.history) &&
		merkle_check_consistency(hasher, from.height, to.height, consistency, nconsistency, &from.history, &to.history);
}

/*
 * sg_verify_proof(proof, hash, earlier_hash) -> whether the proof holds for
 * the published hash of the entry's block; or of the later block, with that
 * of the earlier one.  SG108 NULL, what is no hash or no proof, an earlier
 * hash if it is missing or there is no use for it.
 */
Datum
sg_verify_proof(PG_FUNCTION_ARGS)
{
	Jsonb	   *proof;
	Digest		hash;
	Digest		earlier_hash;
	Hasher		hasher;
	char	   *type;
	bool		result;

	arg_require_not_null(fcinfo, 0, "proof");
	proof = PG_GETARG_JSONB_P(0);
	block_hash_arg(fcinfo, 1, "hash", &hash);
	if (!PG_ARGISNULL(2))
		block_hash_arg(fcinfo, 2, "earlier_hash", &earlier_hash);
	if (!JB_ROOT_IS_OBJECT(proof))
		error_no_proof("It is not a JSON object.");
	type = text_of(proof, "type");

	hasher_open(&hasher);
	if (strcmp(type, PROOF_ENTRY) == 0)
	{
		if (!PG_ARGISNULL(2))
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("a proof of an entry needs no earlier_hash"),
					 errhint("Give the hash of the block that seals the entry, alone.")));
		result = entry_holds(&hasher, proof, &hash);
	}
	else if (strcmp(type, PROOF_BLOCKS) == 0)
	{
		if (PG_ARGISNULL(2))
			ereport(ERROR,
					(errcode(ERRCODE_SG_INVALID_INPUT),
					 errmsg("a proof between blocks needs an earlier_hash"),
					 errhint("Give the hash that was published for the earlier block.")));
		result = blocks_hold(&hasher, proof, &hash, &earlier_hash);
	}
	else
		error_no_proof(psprintf("Its type \"%s\" is unknown.", type));
	hasher_close(&hasher);
	PG_RETURN_BOOL(result);
}
