/*-------------------------------------------------------------------------
 *
 * account.c
 *	  Reading and steering accounts: the info functions, reputation,
 *	  deactivation and the public directory (doc/reference/booking.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "base/result.h"
#include "call/call.h"
#include "grid/capacity.h"
#include "grid/energy_type.h"
#include "grid/identity.h"
#include "grid/participant.h"

PG_FUNCTION_INFO_V1(sg_get_producer_info);
PG_FUNCTION_INFO_V1(sg_get_consumer_info);
PG_FUNCTION_INFO_V1(sg_get_storage_info);
PG_FUNCTION_INFO_V1(sg_update_producer_reputation);
PG_FUNCTION_INFO_V1(sg_deactivate_participant);
PG_FUNCTION_INFO_V1(sg_reactivate_participant);
PG_FUNCTION_INFO_V1(sg_producer_directory);

/* Finds the row of a principal in the current grid for reading; false if there is none or it is hidden. */
static bool
find_visible(StoreTable table, const char *principal, StoreRow *row)
{
	Grid	   *grid = grid_current();
	int64		id;

	if (!participant_may_see(grid, principal))
		return false;
	id = participant_id_of(grid, principal);
	return id != PARTICIPANT_NONE && store_find(table, id, row);
}

/* sg_get_producer_info(producer) -> its row, or NULL; energy units, money units. */
Datum
sg_get_producer_info(PG_FUNCTION_ARGS)
{
	StoreRow	row;
	FormProducer *producer;
	ResultRow	result;

	if (!find_visible(TABLE_PRODUCER, arg_name(fcinfo, 0, "producer"), &row))
		PG_RETURN_NULL();
	producer = STORE_FORM(&row, FormProducer);
	result_begin(&result, fcinfo);
	result_int64(&result, producer->capacity);
	result_int64(&result, producer->current_production);
	result_int64(&result, producer->total_produced);
	result_text(&result, energy_type_name(producer->energy_type));
	result_bool(&result, producer->active);
	result_int32(&result, producer->reputation_score);
	result_int64(&result, producer->unsold);
	result_int64(&result, producer->earnings);
	return result_end(&result);
}

/* sg_get_consumer_info(consumer) -> its row, or NULL; energy units, money units. */
Datum
sg_get_consumer_info(PG_FUNCTION_ARGS)
{
	StoreRow	row;
	FormConsumer *consumer;
	ResultRow	result;

	if (!find_visible(TABLE_CONSUMER, arg_name(fcinfo, 0, "consumer"), &row))
		PG_RETURN_NULL();
	consumer = STORE_FORM(&row, FormConsumer);
	result_begin(&result, fcinfo);
	result_int64(&result, consumer->consumption_limit);
	result_int64(&result, consumer->total_consumed);
	result_int64(&result, consumer->current_usage);
	result_int64(&result, consumer->balance);
	result_bool(&result, consumer->active);
	return result_end(&result);
}

/* sg_get_storage_info(storage) -> its row, or NULL; energy units. */
Datum
sg_get_storage_info(PG_FUNCTION_ARGS)
{
	StoreRow	row;
	FormStorage *storage;
	ResultRow	result;

	if (!find_visible(TABLE_STORAGE, arg_name(fcinfo, 0, "storage"), &row))
		PG_RETURN_NULL();
	storage = STORE_FORM(&row, FormStorage);
	result_begin(&result, fcinfo);
	result_int64(&result, storage->capacity);
	result_int64(&result, storage->stored_amount);
	result_int64(&result, storage->charge_rate);
	result_int64(&result, storage->discharge_rate);
	return result_end(&result);
}

/*
 * sg_update_producer_reputation(target, new_score) -> true.  For operators.
 * SG108 score outside 0..100, SG101 producer.  Locks: the producer's row.
 */
Datum
sg_update_producer_reputation(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *target;
	int32		score;

	call_begin(&call, fcinfo, "sg_update_producer_reputation");
	target = arg_name(fcinfo, 0, "target");
	score = arg_int32(fcinfo, 1, "new_score");
	if (score < 0 || score > 100)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("reputation score %d is outside 0 to 100", score)));
	if (!call_operate(&call, "update a reputation"))
		return call_answer(&call);
	call_lock_producer(&call, target)->reputation_score = score;
	return call_end(&call, BoolGetDatum(true));
}

typedef enum Activity
{
	DEACTIVATE,
	REACTIVATE
} Activity;

/* Activates or deactivates a producer; its capacity joins or leaves the grid's.  False if it is so already. */
static bool
set_producer_active(Call *call, const char *target, bool active)
{
	FormProducer *producer = call_lock_producer(call, target);

	if (producer->active == active)
		return false;
	producer->active = active;
	producer->deactivated_at = active ? DT_NOEND : call_now(call);
	require_accepted(capacity_change(&call->pool, producer->participant_id, active ? producer->capacity : -producer->capacity));
	return true;
}

/* Activates or deactivates a consumer; false if it is so already. */
static bool
set_consumer_active(Call *call, const char *target, bool active)
{
	FormConsumer *consumer = call_lock_consumer(call, target);

	if (consumer->active == active)
		return false;
	consumer->active = active;
	consumer->deactivated_at = active ? DT_NOEND : call_now(call);
	return true;
}

static Datum
set_active(FunctionCallInfo fcinfo, const char *function, const char *action, Activity activity)
{
	Call		call;
	char	   *target;
	bool		is_producer;
	bool		active = activity == REACTIVATE;

	call_begin(&call, fcinfo, function);
	target = arg_name(fcinfo, 0, "target");
	is_producer = arg_bool(fcinfo, 1, "is_producer");
	if (!call_operate(&call, action))
		return call_answer(&call);
	if (is_producer ? set_producer_active(&call, target, active) : set_consumer_active(&call, target, active))
		return call_end(&call, BoolGetDatum(true));
	return call_end_unchanged(&call, BoolGetDatum(true));
}

/*
 * sg_deactivate_participant(target, is_producer) -> true; again changes
 * nothing.  For operators.  SG101.  Locks: the row, this backend's stripe,
 * others if it collects capacity.
 */
Datum
sg_deactivate_participant(PG_FUNCTION_ARGS)
{
	return set_active(fcinfo, "sg_deactivate_participant", "deactivate a participant", DEACTIVATE);
}

/* sg_reactivate_participant(target, is_producer) -> true: the reverse.  22003 grid capacity. */
Datum
sg_reactivate_participant(PG_FUNCTION_ARGS)
{
	return set_active(fcinfo, "sg_reactivate_participant", "reactivate a participant", REACTIVATE);
}

/* producer_directory() -> what everyone may know of every producer of every grid. */
Datum
sg_producer_directory(PG_FUNCTION_ARGS)
{
	ResultRow	result;
	StoreScan	scan;

	result_begin_set(&result, fcinfo);
	store_scan_begin(&scan, TABLE_PRODUCER, 0, NULL);
	while (store_scan_next(&scan))
	{
		const FormProducer *producer = STORE_SCAN_FORM(&scan, FormProducer);

		CHECK_FOR_INTERRUPTS();
		result_int64(&result, producer->participant_id);
		result_int32(&result, producer->grid_id);
		result_text(&result, participant_name_of(producer->participant_id));
		result_text(&result, energy_type_name(producer->energy_type));
		result_bool(&result, producer->active);
		result_int32(&result, producer->reputation_score);
		result_end_row(&result);
	}
	store_scan_end(&scan);
	return (Datum) 0;
}
