/*-------------------------------------------------------------------------
 *
 * reversal.c
 *	  Taking back a ledger entry by its opposite (doc/reference/booking.md).
 *
 * The entry and its reversal stay; whatever adds up takes the reversal off.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/reversal.h"
#include "booking/trade.h"
#include "grid/identity.h"
#include "grid/notify.h"
#include "ledger/accounts.h"
#include "ledger/ledger.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_reverse_entry);

/* The longest reason, in bytes. */
#define REASON_MAX_BYTES	256

/* Argument n, the reason of a correction.  SG108 if it is NULL, empty or too long. */
char *
reversal_reason_arg(FunctionCallInfo fcinfo, int n)
{
	char	   *reason = arg_text(fcinfo, n, "reason");
	size_t		length = strlen(reason);

	if (length == 0 || length > REASON_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg(length == 0 ? "reason must not be empty" : "reason is too long"),
				 errdetail("It has %zu bytes; 1 to %d are allowed.", length, REASON_MAX_BYTES)));
	return reason;
}

/* The entry of the grid with this id; SG101 if there is none. */
static FormLedger
find_entry(const Grid *grid, int64 entry_id)
{
	StoreRow	row;
	FormLedger	entry;

	if (!store_find(TABLE_LEDGER, entry_id, &row) || STORE_FORM(&row, FormLedger)->grid_id != grid->form.grid_id)
		ereport(ERROR,
				(errcode(ERRCODE_SG_NOT_FOUND),
				 errmsg("entry " INT64_FORMAT " does not exist in grid \"%s\"", entry_id, grid->name),
				 errhint("Check the setting smartgrid.grid; sg_ledger has the entries.")));
	memcpy(&entry, STORE_FORM(&row, FormLedger), FORM_WIDTH(FormLedger, booked_at));
	return entry;
}

/* Is energy read from a meter, so that another figure can be the right one? */
static bool
is_reading(int kind)
{
	return kind == LEDGER_PRODUCTION || kind == LEDGER_CONSUMPTION || kind == LEDGER_CHARGE || kind == LEDGER_DISCHARGE;
}

/* Raises SG108 unless an entry is of a kind that can be taken back, or replaced. */
static void
require_kind(const FormLedger *entry, bool to_be_replaced)
{
	if (to_be_replaced && !is_reading(entry->kind))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("entry " INT64_FORMAT " is no reading", entry->entry_id),
				 errdetail("It is of kind %s; a production, consumption, charge or discharge can be corrected.",
						   ledger_kind_name(entry->kind))));
	if (effect_reversal(entry->kind) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("an entry of kind %s cannot be taken back", ledger_kind_name(entry->kind)),
				 entry->kind == LEDGER_HOLD ? errhint("A pending trade can be cancelled with sg_cancel_trade().") :
				 effect_is_reversal(effect_of(entry->kind)) ? errhint("Book what is right by a new entry.") : 0));
}

SG_NORETURN static void
error_reversed_already(int64 entry_id)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_ALREADY_EXISTS),
			 errmsg("entry " INT64_FORMAT " has been taken back already", entry_id),
			 errhint("See sg_reversals for when, why and by whom.")));
}

/* Has an entry been taken back?  As the latest snapshot knows, which is after all locks. */
static bool
is_reversed(int64 entry_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.reversal AS r WHERE r.about = $1 AND r.about > 0",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	Datum		values[] = {Int64GetDatum(entry_id)};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT) > 0;
}

/* In which table the row of a party has what an effect changes; TABLE_COUNT: in none. */
static StoreTable
table_of(const int8 *effect)
{
	for (int h = 0; h < HOLDING_COUNT; h++)
	{
		if (effect[h] == 0)
			continue;
		switch (holding_role((Holding) h))
		{
			case ROLE_PRODUCER:
				return TABLE_PRODUCER;
			case ROLE_CONSUMER:
				return TABLE_CONSUMER;
			case ROLE_STORAGE:
				return TABLE_STORAGE;
			case ROLE_DEBTOR:
				return TABLE_DUE;
		}
	}
	return TABLE_COUNT;
}

/* Locks the rows that the entry has changed. */
static void
lock_rows(Reversal *reversal)
{
	const FormLedger *original = &reversal->original;
	const Effect *effect = effect_of(reversal->kind);

	if (effect->transfer)
	{
		CallRow		party = {.table = table_of(effect->participant), .id = original->participant_id};
		CallRow		counterparty = {.table = table_of(effect->counterparty), .id = original->counterparty_id};

		call_lock_pair(reversal->call, &party, &counterparty);
		reversal->party = party.row;
		reversal->counterparty = counterparty.row;
		reversal->trade = call_lock_row(reversal->call, TABLE_TRADE, original->trade_id);
	}
	else if (!effect->impersonal)
		reversal->party = call_lock_party(reversal->call, table_of(effect->participant), original->participant_id);
}

/*
 * Begins to take back an entry of the grid of the call: finds it and locks what
 * it has changed.  SG101 if there is no such entry, SG108 kind, SG105 if it was
 * taken back already.
 */
void
reversal_begin(Reversal *reversal, Call *call, int64 entry_id, bool to_be_replaced)
{
	memset(reversal, 0, sizeof(*reversal));
	reversal->call = call;
	reversal->original = find_entry(call->grid, entry_id);
	require_kind(&reversal->original, to_be_replaced);
	reversal->kind = effect_reversal(reversal->original.kind);
	reversal->is_replaced = to_be_replaced;
	lock_rows(reversal);
	store_refresh();
	if (is_reversed(entry_id))
		error_reversed_already(entry_id);
}

/* Who corrects: the principal, or the role if none is set. */
static const char *
corrected_by(void)
{
	const char *principal = identity_principal_if_set();

	return principal ? principal : GetUserNameFromId(GetUserId(), false);
}

/* Keeps why an entry was booked; about is the entry that it takes back, 0: none.  SG105 if somebody else has taken that back. */
void
reversal_keep_reason(const Call *call, int64 entry_id, int64 about, const char *reason)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.reversal (entry_id, about, grid_id, reason, corrected_by)"
		" VALUES ($1, $2, $3, $4, $5)"
		" ON CONFLICT (about) WHERE about > 0 DO NOTHING",
		.nargs = 5,
		.argtypes = {INT8OID, INT8OID, INT4OID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {
		Int64GetDatum(entry_id), Int64GetDatum(about), Int32GetDatum(call->grid->form.grid_id),
		CStringGetTextDatum(reason), CStringGetTextDatum(corrected_by())
	};
	Elevation	elevation;
	bool		is_kept;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	is_kept = SPI_processed == 1;
	elevated_end(&elevation);
	if (!is_kept)
		error_reversed_already(about);
}

/* The entry that takes the original back. */
static FormLedger
opposite_entry(const Reversal *reversal)
{
	FormLedger	entry = reversal->original;

	entry.kind = (int16) reversal->kind;
	entry.money = (int64) reversal->returned;
	entry.trade_id = reversal->original.entry_id;
	entry.booked_at = call_now(reversal->call);
	return entry;
}

/* The entry that stands for the original from now on. */
static FormLedger
right_entry(const Reversal *reversal)
{
	FormLedger	entry = reversal->original;

	entry.energy = reversal->amount;
	entry.money = (int64) reversal->cost;
	entry.trade_id = 0;
	entry.booked_at = call_now(reversal->call);
	return entry;
}

/* The trade that was taken back is over. */
static void
close_trade(const Reversal *reversal)
{
	FormTrade  *trade;

	if (reversal->trade == NULL)
		return;
	trade = STORE_FORM(reversal->trade, FormTrade);
	trade->status = TRADE_REVERSED;
	trade->closed_at = call_now(reversal->call);
	notify_trade(NOTIFY_TRADE_REVERSED, reversal->call->grid->name, trade->trade_id);
}

/*
 * Takes the entry back, and books what replaces it, for this reason: all is
 * written then but for call_end().  Raises what reversal_apply() refuses.
 */
void
reversal_book(Reversal *reversal, const char *reason)
{
	Call	   *call = reversal->call;
	FormLedger *opposite = reversal->is_replaced ? &call->entry_before : &call->entry;

	require_accepted(reversal_apply(reversal));
	close_trade(reversal);
	*opposite = opposite_entry(reversal);
	if (reversal->is_replaced)
		call->entry = right_entry(reversal);
	call_write(call);
	reversal_keep_reason(call, opposite->entry_id, reversal->original.entry_id, reason);
}

/*
 * sg_reverse_entry(entry_id, reason) -> id of the entry that takes an entry
 * back.  For operators.
 *
 * Checks: SG101 entry, SG108 kind, SG105 taken back already, then as
 * reversal_apply().
 * Locks: the rows that the entry has changed, of participants by id, then the
 * trade's; this backend's stripe, others if it collects.
 */
Datum
sg_reverse_entry(PG_FUNCTION_ARGS)
{
	Call		call;
	Reversal	reversal;
	int64		entry_id;
	char	   *reason;

	call_begin(&call, fcinfo, "sg_reverse_entry");
	entry_id = arg_int64(fcinfo, 0, "entry_id");
	reason = reversal_reason_arg(fcinfo, 1);
	if (!call_operate(&call, "take an entry back"))
		return call_answer(&call);
	reversal_begin(&reversal, &call, entry_id, false);
	reversal_book(&reversal, reason);
	return call_end(&call, Int64GetDatum(call.entry.entry_id));
}
