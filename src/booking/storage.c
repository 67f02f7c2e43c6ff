/*-------------------------------------------------------------------------
 *
 * storage.c
 *	  Charging and discharging storage facilities (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/energy.h"
#include "grid/limit.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_charge_storage);
PG_FUNCTION_INFO_V1(sg_discharge_storage);

/* SG104 unless amount is from the booking's least to rate, and not above what a call may name in the grid. */
static Refusal *
refuse_beyond_rate(const Booking *booking, int64 amount, int64 rate, const char *action, const char *principal)
{
	if (amount >= booking->least && amount <= rate)
		return refuse_above_limit(booking->grid, action, amount);
	return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT,
								 "a %s of " INT64_FORMAT " energy units is outside the storage facility's range", action, amount),
						  "Storage facility \"%s\" can %s " INT64_FORMAT " to " INT64_FORMAT " energy units at a time.",
						  principal, action, booking->least, rate);
}

/*
 * A storage facility takes amount energy units off the grid.
 *
 * SG104 rate, SG104 room, SG103 load.
 */
Refusal *
energy_charge(const Booking *booking, const char *principal, FormStorage *storage, int64 amount)
{
	Refusal    *refusal = refuse_beyond_rate(booking, amount, storage->charge_rate, "charge", principal);

	if (refusal)
		return refusal;
	if (amount > storage->capacity - storage->stored_amount)
		return refusal_detail(refuse(ERRCODE_SG_INVALID_AMOUNT,
									 "a charge of " INT64_FORMAT " energy units exceeds the room of storage facility \"%s\"", amount, principal),
							  "Stored: " INT64_FORMAT ", capacity: " INT64_FORMAT ".", storage->stored_amount, storage->capacity);
	refusal = pool_take_load(booking->pool, amount);
	if (refusal)
		return refusal;

	storage->stored_amount += amount;
	*booking->entry = ledger_energy(booking->grid, LEDGER_CHARGE, storage->participant_id, amount, 0, 0);
	return NULL;
}

/*
 * A storage facility feeds in amount energy units.
 *
 * SG104 rate, SG103 stored, 22003 load.
 */
Refusal *
energy_discharge(const Booking *booking, const char *principal, FormStorage *storage, int64 amount)
{
	Refusal    *refusal = refuse_beyond_rate(booking, amount, storage->discharge_rate, "discharge", principal);

	if (refusal)
		return refusal;
	if (amount > storage->stored_amount)
		return refuse_insufficient_energy("stored amount", storage->stored_amount, amount);
	refusal = pool_add(booking->pool, POOL_LOAD, amount);
	if (refusal)
		return refusal;

	storage->stored_amount -= amount;
	*booking->entry = ledger_energy(booking->grid, LEDGER_DISCHARGE, storage->participant_id, amount, 0, 0);
	return NULL;
}

typedef Refusal *(*StorageRule) (const Booking *booking, const char *principal, FormStorage *storage, int64 amount);

static Datum
call_storage(FunctionCallInfo fcinfo, const char *function, StorageRule rule)
{
	Call		call;
	int64		amount;
	FormStorage *storage;

	call_begin(&call, fcinfo, function);
	amount = arg_int64(fcinfo, 0, "amount");
	if (!call_act(&call))
		return call_answer(&call);
	storage = call_lock_storage(&call, call.principal);
	require_accepted(rule(&call.booking, call.principal, storage, amount));
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_charge_storage(amount) -> true: the caller's storage facility takes
 * amount energy units off the grid.
 *
 * Checks: SG101, then as energy_charge().
 * Locks: the storage row, this backend's stripe, others if it collects.
 */
Datum
sg_charge_storage(PG_FUNCTION_ARGS)
{
	return call_storage(fcinfo, "sg_charge_storage", energy_charge);
}

/*
 * sg_discharge_storage(amount) -> true: the caller's storage facility feeds in
 * amount energy units.
 *
 * Checks: SG101, then as energy_discharge().
 * Locks: the storage row, this backend's stripe.
 */
Datum
sg_discharge_storage(PG_FUNCTION_ARGS)
{
	return call_storage(fcinfo, "sg_discharge_storage", energy_discharge);
}
