/*-------------------------------------------------------------------------
 *
 * block.c
 *	  Sealed parts of the ledger: their hashes, and appending one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/number.h"
#include "evidence/block.h"
#include "evidence/canonical.h"
#include "store/elevated.h"

/* SHA-256 of a block's line. */
void
block_hash(Hasher *hasher, const LedgerBlock *block, Digest *hash)
{
	char	   *line = canonical_block(block);

	hasher_digest_text(hasher, line, hash);
	pfree(line);
}

/* Has a block the hash of its line? */
bool
block_fits(Hasher *hasher, const LedgerBlock *block)
{
	Digest		hash;

	block_hash(hasher, block, &hash);
	return block->malformed == NULL && digest_equal(&hash, &block->hash);
}

/*
 * The sums by kind of entry that a block's totals follow from.  Of a block of
 * the first form released, E(release), is not in its line: the caller knows it.
 */
KindSums
block_kind_sums(const LedgerBlock *block, sg_int128 released)
{
	const sg_int128 *total = block->totals.value;
	KindSums	sums;

	if (block->form != BLOCK_FORM_1)
		return block->sums;
	memset(&sums, 0, sizeof(sums));
	sums.energy[LEDGER_PRODUCTION] = total[TOTAL_PRODUCED];
	sums.energy[LEDGER_CONSUMPTION] = total[TOTAL_CONSUMED];
	sums.energy[LEDGER_CHARGE] = total[TOTAL_CHARGED];
	sums.energy[LEDGER_DISCHARGE] = total[TOTAL_DISCHARGED];
	sums.energy[LEDGER_TRADE] = total[TOTAL_TRADED];
	sums.energy[LEDGER_RELEASE] = released;
	sums.energy[LEDGER_HOLD] = total[TOTAL_HELD] + total[TOTAL_TRADED] + released;
	sums.money[LEDGER_CONSUMPTION] = total[TOTAL_REVENUE];
	sums.money[LEDGER_TOPUP] = total[TOTAL_TOPUPS];
	sums.money[LEDGER_WITHDRAWAL] = total[TOTAL_WITHDRAWALS];
	sums.money[LEDGER_TRADE] = total[TOTAL_EARNINGS] + total[TOTAL_WITHDRAWALS];
	return sums;
}

/* The leaf that a block is in the tree over all blocks. */
void
block_leaf(Hasher *hasher, const Digest *hash, Digest *leaf)
{
	merkle_leaf(hasher, hash->bytes, DIGEST_BYTES, leaf);
}

/* Inserts a row.  Raises 55000 if a rule or trigger kept it out: nobody may be told of a block that is not there. */
static void
insert_one_row(ElevatedPlan *plan, Datum *values, const char *table)
{
	elevated_execute(plan, values, NULL, IN_NEW_SNAPSHOT);
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"smartgrid.%s\" has not taken a row", table),
				 errhint("Drop its rules and triggers; do not alter the extension's tables.")));
}

/*
 * Appends a block and its detail.  The caller has the grid's seal lock
 * (seal.c), so that nobody else appends one of this height.
 */
void
block_insert(const LedgerBlock *block)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.block (grid_id, height, sealed_at, first_entry, last_entry, entries, root,"
		" load, held, balances, reserved, earnings, revenue, stored, due,"
		" produced, consumed, charged, discharged, traded, topups, withdrawals, previous, history, name, hash, form, sums)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,"
		" $25, $26, $27, $28)",
		.nargs = 28,
		.argtypes = {
			INT4OID, INT8OID, TIMESTAMPTZOID, INT8OID, INT8OID, INT4OID, BYTEAOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID, NUMERICOID,
			BYTEAOID, BYTEAOID, TEXTOID, BYTEAOID, INT2OID, TEXTOID
		},
	};
	static ElevatedPlan detail_plan = {
		.sql = "INSERT INTO smartgrid.block_detail (grid_id, height, peaks, fingerprints) VALUES ($1, $2, $3, $4)",
		.nargs = 4,
		.argtypes = {INT4OID, INT8OID, BYTEAOID, BYTEAOID},
	};
	Datum		values[28];
	int			n = 0;
	Datum		detail[] = {
		Int32GetDatum(block->grid_id), Int64GetDatum(block->height),
		PointerGetDatum(block->peaks), PointerGetDatum(block->fingerprints)
	};

	values[n++] = Int32GetDatum(block->grid_id);
	values[n++] = Int64GetDatum(block->height);
	values[n++] = TimestampTzGetDatum(block->sealed_at);
	values[n++] = Int64GetDatum(block->first_entry);
	values[n++] = Int64GetDatum(block->last_entry);
	values[n++] = Int32GetDatum(block->entries);
	values[n++] = digest_to_bytea(&block->root);
	for (int t = 0; t < TOTAL_COUNT; t++)
		values[n++] = number_of_int128(block->totals.value[t]);
	values[n++] = digest_to_bytea(&block->previous);
	values[n++] = digest_to_bytea(&block->history);
	values[n++] = CStringGetTextDatum(block->name);
	values[n++] = digest_to_bytea(&block->hash);
	values[n++] = Int16GetDatum(block->form);
	values[n++] = CStringGetTextDatum(canonical_sums(&block->sums));

	elevated_begin(&elevation);
	insert_one_row(&plan, values, "block");
	insert_one_row(&detail_plan, detail, "block_detail");
	elevated_end(&elevation);
}

/* Argument n, the hash of a block as text; SG108 if it is NULL or anything but 64 lower-case hexadecimal digits. */
void
block_hash_arg(FunctionCallInfo fcinfo, int n, const char *name, Digest *hash)
{
	char	   *hex = arg_text(fcinfo, n, name);

	if (!digest_from_hex(hex, strlen(hex), hash))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s is not a block hash", name),
				 errhint("It should have 64 lower-case hexadecimal digits, as in sg_blocks.hash.")));
}
