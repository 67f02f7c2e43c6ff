/*-------------------------------------------------------------------------
 *
 * money.c
 *	  Money in and out: top-ups and withdrawals (SPEC section 7).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/errors.h"
#include "booking/money.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_add_consumer_balance);
PG_FUNCTION_INFO_V1(sg_withdraw_earnings);

/*
 * Tops up a consumer by amount money units: checks and effects, into consumer
 * and entry.  An error leaves both as they were.
 *
 * SG106, SG104 1 <= amount <= max_topup, 22003 balance.
 */
void
money_topup(const Grid *grid, const char *target, FormConsumer *consumer, int64 amount, FormLedger *entry)
{
	participant_require_active(consumer->active, "consumer", target);
	if (amount < 1 || amount > grid->form.max_topup)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a top-up of " INT64_FORMAT " money units is outside the grid's range", amount),
				 errdetail("Grid \"%s\" takes 1 to " INT64_FORMAT " money units at a time.", grid->name, grid->form.max_topup),
				 errhint("An operator can change max_topup with sg_alter_grid().")));
	if (!checked_add(consumer->balance, amount, &consumer->balance))
		error_out_of_range("balance");
	*entry = ledger_money(grid, LEDGER_TOPUP, consumer->participant_id, amount);
}

/*
 * sg_add_consumer_balance(target, amount) -> true: tops up a consumer by
 * amount money units.  Acts for no participant: needs no principal.
 *
 * Checks: SG101 consumer, then as money_topup().
 * Locks: the consumer's row.
 */
Datum
sg_add_consumer_balance(PG_FUNCTION_ARGS)
{
	char	   *target;
	int64		amount;
	Grid	   *grid;
	StoreRow	row;
	FormConsumer *consumer;
	FormLedger	entry;

	store_begin("sg_add_consumer_balance");
	target = arg_name(fcinfo, 0, "target");
	amount = arg_int64(fcinfo, 1, "amount");
	grid = grid_for_call();
	consumer = consumer_lock(grid, target, &row);
	money_topup(grid, target, consumer, amount, &entry);

	store_update(&row);
	ledger_append(&entry);
	store_end();
	PG_RETURN_BOOL(true);
}

/*
 * sg_withdraw_earnings(amount) -> true: the calling producer takes amount
 * money units of its earnings out.
 *
 * Checks: SG101 producer, SG106, SG104 0 < amount, SG107 amount <= earnings.
 * Locks: the producer's row.
 */
Datum
sg_withdraw_earnings(PG_FUNCTION_ARGS)
{
	int64		amount;
	char	   *principal;
	Grid	   *grid;
	StoreRow	row;
	FormProducer *producer;
	FormLedger	entry;

	store_begin("sg_withdraw_earnings");
	amount = arg_int64(fcinfo, 0, "amount");
	principal = identity_principal();
	grid = grid_for_call();
	producer = producer_lock(grid, principal, &row);
	participant_require_active(producer->active, "producer", principal);
	if (amount <= 0)
		error_not_positive("amount", amount);
	if (amount > producer->earnings)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INSUFFICIENT_BALANCE),
				 errmsg("insufficient earnings: producer \"%s\" cannot withdraw " INT64_FORMAT " money units", principal, amount),
				 errdetail("Earnings: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", producer->earnings, amount)));
	producer->earnings -= amount;

	store_update(&row);
	entry = ledger_money(grid, LEDGER_WITHDRAWAL, producer->participant_id, amount);
	ledger_append(&entry);
	store_end();
	PG_RETURN_BOOL(true);
}
