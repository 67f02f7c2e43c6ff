/*-------------------------------------------------------------------------
 *
 * payment.c
 *	  Payments by bank of what participants owe, or are owed.
 *
 * The key of a payment is its row in smartgrid.payment, which comes before the
 * participant's account in the order of locks: of two sessions with one key the
 * second waits for the first there, and sees what came of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/participant.h"
#include "ledger/ledger.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_record_payment);

#define KEY_MAX_BYTES	64

typedef struct Payment
{
	int64		participant_id;
	int64		money;			/* money units that came in; below 0: went out */
	char	   *key;
} Payment;

/* The key of a payment.  SG108 unless it has 1 to 64 bytes. */
static char *
arg_key(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *key = arg_text(fcinfo, n, name);
	size_t		length = strlen(key);

	if (length < 1 || length > KEY_MAX_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("%s must have 1 to %d bytes", name, KEY_MAX_BYTES),
				 errdetail("It has %zu.", length),
				 errhint("It is what tells one payment from another, as the bank's reference.")));
	return key;
}

/* The participant whom a payment is of.  SG101. */
static int64
payer_of(const Grid *grid, const char *target)
{
	int64		id = participant_id_for_call(grid, target);

	if (id == PARTICIPANT_NONE)
		error_participant_not_found("participant", target, grid);
	return id;
}

/* Puts a payment on record, without its entry; false if there is one of this key. */
static bool
insert_payment(const Grid *grid, const Payment *payment)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.payment (participant_id, money, entry_id, grid_id, key) VALUES ($1, $2, 0, $3, $4)"
		" ON CONFLICT (grid_id, key) DO NOTHING",
		.nargs = 4,
		.argtypes = {INT8OID, INT8OID, INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {
		Int64GetDatum(payment->participant_id), Int64GetDatum(payment->money), Int32GetDatum(grid->form.grid_id),
		CStringGetTextDatum(payment->key)
	};
	bool		inserted;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	inserted = SPI_processed > 0;
	elevated_end(&elevation);
	store_refresh();
	return inserted;
}

/* Notes the entry of a payment. */
static void
note_entry(const Grid *grid, const Payment *payment, int64 entry_id)
{
	static ElevatedPlan plan = {
		.sql = "UPDATE smartgrid.payment SET entry_id = $1 WHERE grid_id = $2 AND key = $3",
		.nargs = 3,
		.argtypes = {INT8OID, INT4OID, TEXTOID},
	};
	Elevation	elevation;
	Datum		values[] = {Int64GetDatum(entry_id), Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(payment->key)};

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
}

/* Is there a payment of this key on record with other figures? */
static bool
is_of_another(const Grid *grid, const Payment *payment)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.payment AS p"
		" WHERE p.grid_id = $1 AND p.key = $2 AND (p.participant_id <> $3 OR p.money <> $4)",
		.nargs = 4,
		.argtypes = {INT4OID, TEXTOID, INT8OID, INT8OID},
	};
	Datum		values[] = {
		Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(payment->key), Int64GetDatum(payment->participant_id),
		Int64GetDatum(payment->money)
	};

	return elevated_number(&plan, values, IN_NEW_SNAPSHOT) > 0;
}

/* SG105: the key is that of a payment with other figures. */
static Refusal *
refuse_key(const Grid *grid, const Payment *payment)
{
	if (!is_of_another(grid, payment))
		return NULL;
	return refusal_hint(refuse(ERRCODE_SG_ALREADY_EXISTS, "key \"%s\" was used for another payment in grid \"%s\"", payment->key, grid->name),
						"A payment of another participant, or of other money, has a key of its own.");
}

/* SG104: no money, which is no payment. */
SG_NORETURN static void
error_nothing(void)
{
	error_refused(refusal_hint(refuse(ERRCODE_SG_INVALID_AMOUNT, "money must not be 0"),
							   "Above 0 it came in, below 0 it went out."));
}

/* Books a payment on the account of its participant.  22003. */
static void
book_payment(Call *call, const Payment *payment)
{
	FormDue    *account = call_lock_due(call, payment->participant_id);
	LedgerKind	kind = payment->money > 0 ? LEDGER_PAYMENT : LEDGER_PAYMENT_OUT;

	if (payment->money == PG_INT64_MIN || !checked_add(account->due, -payment->money, &account->due))
		error_out_of_range("due");
	call_book(call, ledger_money(call->grid, kind, payment->participant_id, Abs(payment->money)));
	call_write(call);
	note_entry(call->grid, payment, call->entry.entry_id);
}

/*
 * sg_record_payment(target, money, key) -> true: a participant's payment of
 * money units came in, or, below 0, went out to it.  Once for each key.  For
 * gateways and operators.
 *
 * Checks: SG102, SG101 participant, SG105 key, SG104 money, 22003 due.
 * Locks: the payment's key, the row of what the participant owes.
 */
Datum
sg_record_payment(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *target;
	Payment		payment;

	call_begin(&call, fcinfo, "sg_record_payment");
	target = arg_name(fcinfo, 0, "target");
	payment.money = arg_int64(fcinfo, 1, "money");
	payment.key = arg_key(fcinfo, 2, "key");
	if (!call_act_as_gateway(&call, "record payments", "A participant pays what it owes from its balance with sg_pay_due()."))
		return call_answer(&call);
	payment.participant_id = payer_of(call.grid, target);
	if (payment.money != 0 && insert_payment(call.grid, &payment))
		book_payment(&call, &payment);
	else
		require_accepted(refuse_key(call.grid, &payment));
	if (payment.money == 0)
		error_nothing();
	return call_end(&call, BoolGetDatum(true));
}
