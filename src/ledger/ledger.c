/*-------------------------------------------------------------------------
 *
 * ledger.c
 *	  The ledger: appending entries, and the last one of the session.
 *
 * An entry's id is taken after all locks of the call, so that the entries of
 * one participant have the order of its calls; and after the transaction has
 * an xid, by which sealing knows whose ids may still be under way (boundary.c).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/result.h"
#include "grid/participant.h"
#include "grid/viewer.h"
#include "ledger/effect.h"
#include "ledger/entry_digest.h"
#include "ledger/ledger.h"
#include "store/relations.h"

PG_FUNCTION_INFO_V1(sg_entry_kind);
PG_FUNCTION_INFO_V1(sg_shown_kind);
PG_FUNCTION_INFO_V1(sg_is_first_half);
PG_FUNCTION_INFO_V1(sg_last_entry);

static const char *const kind_name[LEDGER_KIND_COUNT] = {
#define ENTRY_KIND(symbol, name, ...)	[LEDGER_##symbol] = (name),
#define ENTRY_REVERSAL(symbol, name)	[LEDGER_REVERSAL_##symbol] = (name),
#include "ledger/entry_kind.def"
#undef ENTRY_KIND
#undef ENTRY_REVERSAL
};

/* The entry that this session wrote last, 0 for none; as lastval(), it does not go back on ROLLBACK. */
static int64 last_entry_id = 0;

/*
 * Locks the ledger in ROW EXCLUSIVE mode, to the end of the transaction: the
 * first thing that a call does which may write, before it takes its snapshot.
 * So who holds the ledger in SHARE mode knows that no call is under way, and
 * sealing knows who may still append (boundary.c).
 */
void
ledger_enter(void)
{
	(void) relations_lock_table(TABLE_LEDGER, RowExclusiveLock);
}

/*
 * Appends an entry: the last step of a call, with all its locks held.
 * booked_at, the time of the call, is that of the entry and when it happened,
 * unless it has both its times.  digest: of what it is about; NULL: entries of
 * its kind carry none.
 */
void
ledger_append(FormLedger *entry, const Digest *digest, TimestampTz booked_at)
{
	Assert((digest != NULL) == effect_of(entry->kind)->has_digest);
	(void) GetTopTransactionId();
	entry->entry_id = relations_nextval(SEQUENCE_LEDGER);
	if (entry->booked_at == 0)
		entry->at = entry->booked_at = booked_at;
	store_insert(TABLE_LEDGER, entry, NULL);
	if (digest)
		entry_digest_append(entry, digest);
	last_entry_id = entry->entry_id;
}

/*
 * Appends two entries that only count together, as those of a correction, and
 * have both their times: their ids follow each other, by which
 * ledger_is_first_half() knows them.
 */
void
ledger_append_pair(FormLedger *first, FormLedger *second)
{
	FormLedger	pair[2];

	(void) GetTopTransactionId();
	second->entry_id = relations_nextval(SEQUENCE_LEDGER);
	do
	{
		first->entry_id = second->entry_id;
		second->entry_id = relations_nextval(SEQUENCE_LEDGER);
	} while (second->entry_id != first->entry_id + 1);	/* somebody else has taken one in between */
	pair[0] = *first;
	pair[1] = *second;
	store_insert_many(TABLE_LEDGER, pair, 2);
	last_entry_id = second->entry_id;
}

/*
 * Is an entry the first of a pair?  Then figures that stand between the two,
 * as the grid load, are none that there ever were.  Read in the active
 * snapshot.
 */
bool
ledger_is_first_half(const FormLedger *entry)
{
	const Effect *effect = effect_of(entry->kind);
	StoreRow	row;
	const FormLedger *next;
	bool		is_half;

	if (!effect_is_reversal(effect) || !store_find(TABLE_LEDGER, entry->entry_id + 1, &row))
		return false;
	next = STORE_FORM(&row, FormLedger);
	is_half = next->kind == effect->reverses && next->booked_at == entry->booked_at && next->at == entry->at &&
		next->grid_id == entry->grid_id && next->participant_id == entry->participant_id;
	heap_freetuple(row.tuple);
	return is_half;
}

/* is_first_half(entry_id, kind) -> boolean: the same, of an entry of this id and kind. */
Datum
sg_is_first_half(PG_FUNCTION_ARGS)
{
	StoreRow	row;

	if (!effect_is_reversal(effect_of(PG_GETARG_INT16(1))) || !store_find(TABLE_LEDGER, PG_GETARG_INT64(0), &row))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(ledger_is_first_half(STORE_FORM(&row, FormLedger)));
}

/* Appends entries, which have both their times, in the order of the array. */
void
ledger_append_many(FormLedger *entries, int n)
{
	if (n == 0)
		return;
	(void) GetTopTransactionId();
	for (int i = 0; i < n; i++)
		entries[i].entry_id = relations_nextval(SEQUENCE_LEDGER);
	store_insert_many(TABLE_LEDGER, entries, n);
	last_entry_id = entries[n - 1].entry_id;
}

/* The id of the entry that this session wrote last, or was reminded of; 0: none. */
int64
ledger_last_entry(void)
{
	return last_entry_id;
}

/* The session is reminded of an entry that it, or another, has written. */
void
ledger_recall_entry(int64 entry_id)
{
	last_entry_id = entry_id;
}

/* An entry of one participant: energy in energy units, price in money units per kWh, money in money units. */
FormLedger
ledger_energy(const Grid *grid, LedgerKind kind, int64 participant_id, int64 energy, int64 price, int64 money)
{
	return (FormLedger) {
		.participant_id = participant_id, .energy = energy, .price = price, .money = money,
		.grid_id = grid->form.grid_id, .kind = kind
	};
}

/* A top-up or withdrawal, in money units. */
FormLedger
ledger_money(const Grid *grid, LedgerKind kind, int64 participant_id, int64 money)
{
	return ledger_energy(grid, kind, participant_id, 0, 0, money);
}

/* The name of a kind of entry by its code, or NULL if there is none. */
const char *
ledger_kind_name(int kind)
{
	return (kind >= 0 && kind < LEDGER_KIND_COUNT) ? kind_name[kind] : NULL;
}

/* The same as most views show it: "reversal" of all reversals. */
const char *
ledger_shown_kind(int kind)
{
	return effect_is_reversal(effect_of(kind)) ? "reversal" : ledger_kind_name(kind);
}

/* entry_kind(smallint) -> text: the name of a code, NULL if there is none. */
Datum
sg_entry_kind(PG_FUNCTION_ARGS)
{
	const char *name = ledger_kind_name(PG_GETARG_INT16(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* shown_kind(smallint) -> text: the same as most views show it. */
Datum
sg_shown_kind(PG_FUNCTION_ARGS)
{
	const char *name = ledger_shown_kind(PG_GETARG_INT16(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* May the caller see this entry?  As a reader of its grid or a party of it. */
bool
ledger_may_see(const FormLedger *entry)
{
	Viewer		viewer;

	viewer_of_caller_in(&viewer, entry->grid_id);
	return viewer_sees(&viewer, entry->grid_id, entry->participant_id) || viewer_is(&viewer, entry->counterparty_id);
}

/* An id, NULL for 0. */
static void
result_id(ResultRow *result, int64 id)
{
	if (id == 0)
		result_null(result);
	else
		result_int64(result, id);
}

/*
 * sg_last_entry() -> the entry that this session's last call wrote; NULL
 * if there is none, it was rolled back, or the caller may not see it.
 */
Datum
sg_last_entry(PG_FUNCTION_ARGS)
{
	StoreRow	row;
	FormLedger *entry;
	ResultRow	result;

	if (last_entry_id == 0)
		PG_RETURN_NULL();
	/* VOLATILE: it sees what earlier calls of the same statement did. */
	store_push_snapshot();
	if (!store_find(TABLE_LEDGER, last_entry_id, &row))
	{
		store_end();
		PG_RETURN_NULL();
	}
	entry = STORE_FORM(&row, FormLedger);
	if (!ledger_may_see(entry))
	{
		store_end();
		PG_RETURN_NULL();
	}

	result_begin(&result, fcinfo);
	result_int64(&result, entry->entry_id);
	result_text(&result, grid_name_of(entry->grid_id));
	result_timestamptz(&result, entry->at);
	result_text(&result, ledger_shown_kind(entry->kind));
	result_text(&result, participant_name_of(entry->participant_id));
	result_text(&result, entry->counterparty_id == PARTICIPANT_NONE ? NULL : participant_name_of(entry->counterparty_id));
	result_int64(&result, entry->energy);
	result_int64(&result, entry->price);
	result_int64(&result, entry->money);
	result_id(&result, effect_is_of_trade(effect_of(entry->kind)) ? entry->trade_id : 0);
	result_timestamptz(&result, entry->booked_at);
	result_id(&result, effect_is_of_trade(effect_of(entry->kind)) ? 0 : entry->trade_id);
	store_end();
	return result_end(&result);
}
