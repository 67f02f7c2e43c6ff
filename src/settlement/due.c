/*-------------------------------------------------------------------------
 *
 * due.c
 *	  What participants owe the grid for what was settled, or are owed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "grid/participant.h"
#include "ledger/ledger.h"
#include "settlement/due.h"

PG_FUNCTION_INFO_V1(sg_pay_due);

static int
by_id(const void *a, const void *b)
{
	int64		left = *(const int64 *) a;
	int64		right = *(const int64 *) b;

	return (left > right) - (left < right);
}

/* Locks the account of a participant, whose row there is. */
static void
hold_account(Call *call, int64 participant_id)
{
	StoreRow	row;

	if (!call_hold_row(call, TABLE_DUE, participant_id, &row))
		error_serialization_failure();	/* its deletion by hand */
	heap_freetuple(row.tuple);
}

void
due_hold(Call *call, const int64 *participant_ids, int n)
{
	int64	   *ids = palloc(Max(n, 1) * sizeof(int64));

	memcpy(ids, participant_ids, n * sizeof(int64));
	qsort(ids, n, sizeof(int64), by_id);
	call_make_dues(call, ids, n);
	for (int i = 0; i < n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			hold_account(call, ids[i]);
	pfree(ids);
}

/* Adds to the account of a participant, which is held.  22003. */
static void
add_to_account(int64 participant_id, int64 change)
{
	StoreRow	row;
	FormDue    *account;

	store_refresh();			/* the call may have written the row before */
	if (!store_lock(TABLE_DUE, participant_id, &row))
		error_serialization_failure();
	account = STORE_FORM(&row, FormDue);
	if (!checked_add(account->due, change, &account->due))
		error_out_of_range("due");
	store_update(&row);
	heap_freetuple(row.tuple);
}

static int64
book_document(Call *call, LedgerKind kind, int64 participant_id, int64 money, int64 document_id, const Digest *digest)
{
	FormLedger	entry = ledger_money(call->grid, kind, participant_id, money);

	Assert(money >= 0);
	entry.trade_id = document_id;
	add_to_account(participant_id, kind == LEDGER_BILL ? money : -money);
	ledger_append(&entry, digest, call_now(call));
	return entry.entry_id;
}

int64
due_book_bill(Call *call, int64 participant_id, int64 money, int64 document_id, const Digest *digest)
{
	return book_document(call, LEDGER_BILL, participant_id, money, document_id, digest);
}

int64
due_book_credit(Call *call, int64 participant_id, int64 money, int64 document_id, const Digest *digest)
{
	return book_document(call, LEDGER_CREDIT, participant_id, money, document_id, digest);
}

int64
due_book_run(Call *call, int64 run_id, const Digest *digest)
{
	FormLedger	entry = ledger_money(call->grid, LEDGER_RUN, PARTICIPANT_NONE, 0);

	entry.trade_id = run_id;
	ledger_append(&entry, digest, call_now(call));
	return entry.entry_id;
}

/* SG104 unless a consumer that owes due can pay money of it. */
static Refusal *
refuse_beyond_due(const char *principal, int64 due, int64 money)
{
	if (money <= 0)
		return refuse_not_positive("money", money);
	if (money <= due)
		return NULL;
	return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT, "consumer \"%s\" cannot pay " INT64_FORMAT " money units, for it owes less",
								 principal, money),
						  "Due: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", due, money);
}

/*
 * sg_pay_due(money) -> true: the calling consumer pays money units of what it
 * owes from its prepaid balance.
 *
 * Checks: SG101 consumer, SG106, SG104 0 < money <= due, SG107 money <= balance.
 * Locks: the consumer's row, the row of what it owes.
 */
Datum
sg_pay_due(PG_FUNCTION_ARGS)
{
	Call		call;
	int64		money;
	FormConsumer *consumer;
	FormDue    *account;

	call_begin(&call, fcinfo, "sg_pay_due");
	money = arg_int64(fcinfo, 0, "money");
	if (!call_act(&call))
		return call_answer(&call);
	consumer = call_lock_consumer(&call, call.principal);
	require_accepted(refuse_inactive(consumer->active, TABLE_CONSUMER, call.principal));
	account = call_lock_due(&call, consumer->participant_id);
	require_accepted(refuse_beyond_due(call.principal, account->due, money));
	if (money > consumer->balance)
		require_accepted(refuse_insufficient_balance(call.principal, consumer->balance, money));
	consumer->balance -= money;
	account->due -= money;
	call_book(&call, ledger_money(call.grid, LEDGER_DUES, consumer->participant_id, money));
	return call_end(&call, BoolGetDatum(true));
}
