/*-------------------------------------------------------------------------
 *
 * alter.c
 *	  Changing what participants may do: capacities, limits and rates
 *	  (doc/reference/booking.md).
 *
 * It is the operator's, and does not ask whether a participant is active.  What
 * was reported and booked before stays as it is, though it may be more than the
 * new figures allow.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "grid/capacity.h"
#include "grid/limit.h"

PG_FUNCTION_INFO_V1(sg_alter_producer);
PG_FUNCTION_INFO_V1(sg_alter_consumer);
PG_FUNCTION_INFO_V1(sg_alter_storage);

/* Sets *figure, named by what, to argument n, unless that is NULL; SG104. */
static void
set_figure(const Call *call, FunctionCallInfo fcinfo, int n, const char *what, int64 *figure)
{
	if (PG_ARGISNULL(n))
		return;
	require_figure(call->grid, what, PG_GETARG_INT64(n));
	*figure = PG_GETARG_INT64(n);
}

/*
 * sg_alter_producer(principal, capacity) -> true: energy units, NULL keeps.  For
 * operators.  The capacity of an active producer joins or leaves the grid's.
 *
 * Checks: SG101 producer, SG104 capacity, 22003 grid capacity.
 * Locks: the producer's row, this backend's stripe, others if it collects
 * capacity.
 */
Datum
sg_alter_producer(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormProducer *producer;
	int64		before;

	call_begin(&call, fcinfo, "sg_alter_producer");
	principal = arg_name(fcinfo, 0, "principal");
	if (!call_operate(&call, "alter a participant"))
		return call_answer(&call);
	producer = call_lock_producer(&call, principal);
	before = producer->capacity;
	set_figure(&call, fcinfo, 1, "capacity", &producer->capacity);
	if (producer->capacity == before)
		return call_end_unchanged(&call, BoolGetDatum(true));
	if (producer->active)
		require_accepted(capacity_change(&call.pool, producer->participant_id, producer->capacity - before));
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_alter_consumer(principal, consumption_limit) -> true: energy units, NULL
 * keeps.  For operators.
 *
 * Checks: SG101 consumer, SG104 limit.
 * Locks: the consumer's row.
 */
Datum
sg_alter_consumer(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormConsumer *consumer;

	call_begin(&call, fcinfo, "sg_alter_consumer");
	principal = arg_name(fcinfo, 0, "principal");
	if (!call_operate(&call, "alter a participant"))
		return call_answer(&call);
	consumer = call_lock_consumer(&call, principal);
	set_figure(&call, fcinfo, 1, "consumption limit", &consumer->consumption_limit);
	return call_end(&call, BoolGetDatum(true));
}

/*
 * sg_alter_storage(principal, capacity, charge_rate, discharge_rate) -> true:
 * energy units, NULL keeps.  For operators.
 *
 * Checks: SG101 storage facility, SG104 each figure, SG104 capacity below what
 * it holds.
 * Locks: the storage row.
 */
Datum
sg_alter_storage(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormStorage *storage;

	call_begin(&call, fcinfo, "sg_alter_storage");
	principal = arg_name(fcinfo, 0, "principal");
	if (!call_operate(&call, "alter a participant"))
		return call_answer(&call);
	storage = call_lock_storage(&call, principal);
	set_figure(&call, fcinfo, 1, "capacity", &storage->capacity);
	set_figure(&call, fcinfo, 2, "charge rate", &storage->charge_rate);
	set_figure(&call, fcinfo, 3, "discharge rate", &storage->discharge_rate);
	if (storage->capacity < storage->stored_amount)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_AMOUNT),
				 errmsg("a capacity of " INT64_FORMAT " energy units is less than storage facility \"%s\" holds",
						storage->capacity, principal),
				 errdetail("Stored: " INT64_FORMAT ".", storage->stored_amount),
				 errhint("Discharge it first.")));
	return call_end(&call, BoolGetDatum(true));
}
