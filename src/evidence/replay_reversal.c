/*-------------------------------------------------------------------------
 *
 * replay_reversal.c
 *	  Reversals and what was written off: whether they are what they take back,
 *	  and have a row with their reason.
 *
 * There are few of them: each is looked up, together with its original.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "evidence/replay.h"
#include "grid/participant.h"
#include "ledger/effect.h"
#include "store/elevated.h"

/* Notes that an entry was taken back; false if it was before. */
static bool
note_taken_back(Replay *replay, int64 entry_id)
{
	bool		found;

	if (replay->taken_back == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(int64), .hcxt = CurrentMemoryContext};

		replay->taken_back = hash_create("smartgrid entries taken back", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	hash_search(replay->taken_back, &entry_id, HASH_ENTER, &found);
	return !found;
}

/* Has a reversal what its original has?  The money of a consumption may differ by what is carried. */
static bool
is_opposite(const FormLedger *reversal, const FormLedger *original, const Effect *effect)
{
	return original->kind == effect->reverses && original->entry_id < reversal->entry_id &&
		original->grid_id == reversal->grid_id && original->at == reversal->at &&
		original->participant_id == reversal->participant_id && original->counterparty_id == reversal->counterparty_id &&
		original->energy == reversal->energy && original->price == reversal->price &&
		(original->money == reversal->money || effect_has_value(effect));
}

static void
take_back(Replay *replay, const FormLedger *entry, const Effect *effect)
{
	int64		about = entry->trade_id;
	StoreRow	row;
	const FormLedger *original;

	if (!store_find(TABLE_LEDGER, about, &row))
	{
		replay_differs(replay, "entry " INT64_FORMAT " takes back entry " INT64_FORMAT ", which does not exist", entry->entry_id, about);
		return;
	}
	original = STORE_FORM(&row, FormLedger);
	if (!is_opposite(entry, original, effect))
		replay_differs(replay, "entry " INT64_FORMAT " is not the opposite of entry " INT64_FORMAT, entry->entry_id, about);
	if (!note_taken_back(replay, about))
		replay_differs(replay, "entry " INT64_FORMAT " takes back entry " INT64_FORMAT " once more", entry->entry_id, about);
	if (effect->transfer)
		replay_reverse_trade(replay, entry, original->trade_id);
	heap_freetuple(row.tuple);
}

/* Replays an entry that has a row in smartgrid.reversal. */
void
replay_correction(Replay *replay, const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);

	replay->corrections++;
	if (effect_is_reversal(effect))
		take_back(replay, entry, effect);
}

static bool
has_reason(const Effect *effect)
{
	return effect_has_reason(effect);
}

static bool
is_reversal(const Effect *effect)
{
	return effect_is_reversal(effect);
}

/* How many rows of smartgrid.reversal a grid has, of entries that are there and as they say. */
static int64
count_reasons(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*)"
		" FROM smartgrid.reversal AS r"
		" JOIN smartgrid.ledger AS l ON l.entry_id = r.entry_id AND l.grid_id = r.grid_id"
		" WHERE r.grid_id = $1 AND l.kind = ANY ($2)"
		" AND r.about = CASE WHEN l.kind = ANY ($3) THEN l.trade_id ELSE 0 END",
		.nargs = 3,
		.argtypes = {INT4OID, INT2ARRAYOID, INT2ARRAYOID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), effect_kinds(has_reason), effect_kinds(is_reversal)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many there are at all. */
static int64
count_rows(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.reversal AS r WHERE r.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* Compares the rows of smartgrid.reversal with the entries that should have one. */
void
replay_compare_corrections(Replay *replay)
{
	int32		grid_id = replay->grid->form.grid_id;
	int64		rows = count_rows(grid_id);
	int64		fitting = count_reasons(grid_id);

	if (rows != fitting || rows != replay->corrections)
		replay_differs(replay, "there are " INT64_FORMAT " reasons of reversals and of what was written off, " INT64_FORMAT
					   " of them fit an entry; the ledger says " INT64_FORMAT,
					   rows, fitting, replay->corrections);
}
