/*-------------------------------------------------------------------------
 *
 * storage.c
 *	  Charging and discharging storage facilities (SPEC section 5).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "booking/energy.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/pool.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_charge_storage);
PG_FUNCTION_INFO_V1(sg_discharge_storage);

/* Raises SG104 unless 0 < amount <= rate. */
static void
check_rate(int64 amount, int64 rate, const char *action, const char *principal)
{
	if (amount <= 0 || amount > rate)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a %s of " INT64_FORMAT " energy units is outside the storage facility's range", action, amount),
				 errdetail("Storage facility \"%s\" can %s 1 to " INT64_FORMAT " energy units at a time.", principal, action, rate)));
}

/*
 * A storage facility takes amount energy units off the grid: checks and
 * effects, into storage, pool and entry.  An error leaves all three as they
 * were, but for energy moved between stripes.
 *
 * SG104 rate, SG104 room, SG103 load.
 */
void
energy_charge(const Grid *grid, const char *principal, FormStorage *storage, int64 amount,
			  Pool *pool, FormLedger *entry)
{
	check_rate(amount, storage->charge_rate, "charge", principal);
	if (amount > storage->capacity - storage->stored_amount)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a charge of " INT64_FORMAT " energy units exceeds the room of storage facility \"%s\"", amount, principal),
				 errdetail("Stored: " INT64_FORMAT ", capacity: " INT64_FORMAT ".", storage->stored_amount, storage->capacity)));
	if (!pool_cover(pool, POOL_LOAD, amount))
		error_insufficient_energy("grid load", pool->total[POOL_LOAD], amount);

	storage->stored_amount += amount;
	pool_subtract(pool, POOL_LOAD, amount);
	*entry = ledger_energy(grid, LEDGER_CHARGE, storage->participant_id, amount, 0, 0);
}

/*
 * A storage facility feeds in amount energy units: checks and effects, into
 * storage, pool and entry.  An error leaves all three as they were.
 *
 * SG104 rate, SG103 stored, 22003 load.
 */
void
energy_discharge(const Grid *grid, const char *principal, FormStorage *storage, int64 amount,
				 Pool *pool, FormLedger *entry)
{
	check_rate(amount, storage->discharge_rate, "discharge", principal);
	if (amount > storage->stored_amount)
		error_insufficient_energy("stored amount", storage->stored_amount, amount);
	pool_require_room(pool, POOL_LOAD, amount);

	storage->stored_amount -= amount;
	pool_add(pool, POOL_LOAD, amount);
	*entry = ledger_energy(grid, LEDGER_DISCHARGE, storage->participant_id, amount, 0, 0);
}

typedef void (*StorageRule) (const Grid *grid, const char *principal, FormStorage *storage, int64 amount,
							 Pool *pool, FormLedger *entry);

static Datum
call_storage(FunctionCallInfo fcinfo, const char *function, StorageRule rule)
{
	int64		amount;
	char	   *principal;
	Grid	   *grid;
	StoreRow	row;
	FormStorage *storage;
	Pool		pool;
	FormLedger	entry;

	store_begin(function);
	amount = arg_int64(fcinfo, 0, "amount");
	principal = identity_principal();
	grid = grid_for_call();
	storage = storage_lock(grid, principal, &row);
	pool_open(&pool, grid);
	rule(grid, principal, storage, amount, &pool, &entry);

	store_update(&row);
	pool_write(&pool);
	ledger_append(&entry);
	store_end();
	PG_RETURN_BOOL(true);
}

/*
 * sg_charge_storage(amount) -> true: the caller's storage facility takes
 * amount energy units off the grid.
 *
 * Checks: SG101, then as energy_charge().
 * Locks: the storage row, this backend's stripe, others where it collects.
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
