/*-------------------------------------------------------------------------
 *
 * registration.c
 *	  Registration of producers, consumers and storage facilities
 *	  (doc/reference/booking.md), and renaming.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "call/call.h"
#include "call/request.h"
#include "call/request_lock.h"
#include "grid/capacity.h"
#include "grid/energy_type.h"
#include "grid/identity.h"
#include "grid/limit.h"
#include "grid/participant.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_register_producer);
PG_FUNCTION_INFO_V1(sg_register_consumer);
PG_FUNCTION_INFO_V1(sg_register_storage);
PG_FUNCTION_INFO_V1(sg_enrol_producer);
PG_FUNCTION_INFO_V1(sg_enrol_consumer);
PG_FUNCTION_INFO_V1(sg_enrol_storage);
PG_FUNCTION_INFO_V1(sg_rename_participant);

#define REPUTATION_AT_START	100

/* Raises SG105: principal is registered as kind in grid already. */
SG_NORETURN
static void
error_already_registered(const char *kind, const char *principal, const Grid *grid)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_ALREADY_EXISTS),
			 errmsg("%s \"%s\" exists already in grid \"%s\"", kind, principal, grid->name)));
}

/*
 * Inserts a participant; false if the principal is taken.
 *
 * It is SQL for the sake of ON CONFLICT: it waits for a concurrent
 * registration of the same principal and gives way to it (under REPEATABLE
 * READ and SERIALIZABLE it raises 40001 instead).
 */
static bool
insert_participant(const Grid *grid, const char *principal)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.participant (grid_id, principal) VALUES ($1, $2)"
		" ON CONFLICT ON CONSTRAINT participant_principal_key DO NOTHING",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Datum		values[2];
	bool		inserted;

	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = CStringGetTextDatum(principal);
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	inserted = SPI_processed > 0;
	elevated_end(&elevation);
	return inserted;
}

/* The id of the caller's row in the table of participants, which is made where it is missing. */
static int64
ensure_participant(const Grid *grid, const char *principal)
{
	int64		id = participant_id_of(grid, principal);

	if (id != PARTICIPANT_NONE)
		return id;
	insert_participant(grid, principal);
	store_refresh();
	id = participant_id_of(grid, principal);
	if (id == PARTICIPANT_NONE)	/* its deletion by hand, between the two statements */
		error_serialization_failure();
	return id;
}

/* Under REPEATABLE READ and SERIALIZABLE: raises 40001 if the row has appeared since the transaction's snapshot. */
static void
require_still_unregistered(StoreTable table, int64 id)
{
	StoreRow	row;
	bool		exists;

	if (!IsolationUsesXactSnapshot())
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	exists = store_find(table, id, &row);
	PopActiveSnapshot();
	if (exists)
		error_serialization_failure();
}

/*
 * The id of a principal for a row in table, where it has none yet: its
 * participant row exists and is locked, so that of two registrations of one
 * principal the second waits.  SG105 if there is one.
 */
static int64
begin_registration(Call *call, StoreTable table, const char *principal)
{
	const char *kind = participant_kind(table);
	int64		id = participant_id_of(call->grid, principal);
	StoreRow	row;

	if (id != PARTICIPANT_NONE && store_find(table, id, &row))
		error_already_registered(kind, principal, call->grid);

	id = ensure_participant(call->grid, principal);
	if (!call_hold_row(call, TABLE_PARTICIPANT, id, &row))
		error_serialization_failure();
	store_refresh();
	if (store_find(table, id, &row))
		error_already_registered(kind, principal, call->grid);
	require_still_unregistered(table, id);
	return id;
}

/*
 * The call registers the caller itself, in the current grid.  SG102 if only
 * operators register participants there, and the current role is neither one
 * nor a gateway; else as call_act().
 */
SG_NODISCARD
static bool
act_as_newcomer(Call *call)
{
	if (!call_act(call))
		return false;
	if (call->grid->by_operator && !identity_is_operator(call->grid->operator_role) && !identity_is_gateway())
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only operators register participants in grid \"%s\"", call->grid->name),
				 errhint("Ask an operator: sg_enrol_producer(), sg_enrol_consumer() and sg_enrol_storage() register somebody else.")));
	return true;
}

/*
 * Registers a producer; form has its capacity and energy type.  SG105
 * registered, SG104 capacity, 22003 grid capacity.
 */
static Datum
register_producer(Call *call, const char *principal, FormProducer *form)
{
	form->participant_id = begin_registration(call, TABLE_PRODUCER, principal);
	require_figure(call->grid, "capacity", form->capacity);

	form->registered_at = call_now(call);
	form->grid_id = call->grid->form.grid_id;
	form->reputation_score = REPUTATION_AT_START;
	form->active = true;
	form->deactivated_at = DT_NOEND;
	store_insert(TABLE_PRODUCER, form, NULL);
	require_accepted(capacity_change(&call->pool, form->participant_id, form->capacity));
	return call_end(call, BoolGetDatum(true));
}

/*
 * sg_register_producer(capacity, energy_type) -> true.  capacity in energy
 * units.
 *
 * Checks: SG108 type, SG102 who may, then as register_producer().
 * Locks: the participant's row, this backend's stripe.
 */
Datum
sg_register_producer(PG_FUNCTION_ARGS)
{
	Call		call;
	FormProducer form = {0};

	call_begin(&call, fcinfo, "sg_register_producer");
	form.capacity = arg_int64(fcinfo, 0, "capacity");
	form.energy_type = energy_type_of(arg_text(fcinfo, 1, "energy_type"));
	if (!act_as_newcomer(&call))
		return call_answer(&call);
	return register_producer(&call, call.principal, &form);
}

/* sg_enrol_producer(principal, capacity, energy_type) -> true: the same of somebody else, for operators.  SG100. */
Datum
sg_enrol_producer(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormProducer form = {0};

	call_begin(&call, fcinfo, "sg_enrol_producer");
	principal = arg_name(fcinfo, 0, "principal");
	form.capacity = arg_int64(fcinfo, 1, "capacity");
	form.energy_type = energy_type_of(arg_text(fcinfo, 2, "energy_type"));
	if (!call_operate(&call, "enrol a participant"))
		return call_answer(&call);
	return register_producer(&call, principal, &form);
}

/* Registers a consumer; form has its limit.  SG105 registered, SG104 limit. */
static Datum
register_consumer(Call *call, const char *principal, FormConsumer *form)
{
	form->participant_id = begin_registration(call, TABLE_CONSUMER, principal);
	require_figure(call->grid, "consumption limit", form->consumption_limit);

	form->registered_at = call_now(call);
	form->grid_id = call->grid->form.grid_id;
	form->active = true;
	form->deactivated_at = DT_NOEND;
	store_insert(TABLE_CONSUMER, form, NULL);
	return call_end(call, BoolGetDatum(true));
}

/*
 * sg_register_consumer(consumption_limit) -> true.  The limit is in energy
 * units.
 *
 * Checks: SG102 who may, then as register_consumer().
 * Locks: the participant's row.
 */
Datum
sg_register_consumer(PG_FUNCTION_ARGS)
{
	Call		call;
	FormConsumer form = {0};

	call_begin(&call, fcinfo, "sg_register_consumer");
	form.consumption_limit = arg_int64(fcinfo, 0, "consumption_limit");
	if (!act_as_newcomer(&call))
		return call_answer(&call);
	return register_consumer(&call, call.principal, &form);
}

/* sg_enrol_consumer(principal, consumption_limit) -> true: the same of somebody else, for operators.  SG100. */
Datum
sg_enrol_consumer(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormConsumer form = {0};

	call_begin(&call, fcinfo, "sg_enrol_consumer");
	principal = arg_name(fcinfo, 0, "principal");
	form.consumption_limit = arg_int64(fcinfo, 1, "consumption_limit");
	if (!call_operate(&call, "enrol a participant"))
		return call_answer(&call);
	return register_consumer(&call, principal, &form);
}

/* Registers a storage facility; form has its figures.  SG105 registered, SG104 each figure. */
static Datum
register_storage(Call *call, const char *principal, FormStorage *form)
{
	form->participant_id = begin_registration(call, TABLE_STORAGE, principal);
	require_figure(call->grid, "capacity", form->capacity);
	require_figure(call->grid, "charge rate", form->charge_rate);
	require_figure(call->grid, "discharge rate", form->discharge_rate);

	form->registered_at = call_now(call);
	form->grid_id = call->grid->form.grid_id;
	store_insert(TABLE_STORAGE, form, NULL);
	return call_end(call, BoolGetDatum(true));
}

/*
 * sg_register_storage(capacity, charge_rate, discharge_rate) -> true, all in
 * energy units.
 *
 * Checks: SG102 who may, then as register_storage().
 * Locks: the participant's row.
 */
Datum
sg_register_storage(PG_FUNCTION_ARGS)
{
	Call		call;
	FormStorage form = {0};

	call_begin(&call, fcinfo, "sg_register_storage");
	form.capacity = arg_int64(fcinfo, 0, "capacity");
	form.charge_rate = arg_int64(fcinfo, 1, "charge_rate");
	form.discharge_rate = arg_int64(fcinfo, 2, "discharge_rate");
	if (!act_as_newcomer(&call))
		return call_answer(&call);
	return register_storage(&call, call.principal, &form);
}

/* sg_enrol_storage(principal, capacity, charge_rate, discharge_rate) -> true: the same of somebody else, for operators.  SG100. */
Datum
sg_enrol_storage(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *principal;
	FormStorage form = {0};

	call_begin(&call, fcinfo, "sg_enrol_storage");
	principal = arg_name(fcinfo, 0, "principal");
	form.capacity = arg_int64(fcinfo, 1, "capacity");
	form.charge_rate = arg_int64(fcinfo, 2, "charge_rate");
	form.discharge_rate = arg_int64(fcinfo, 3, "discharge_rate");
	if (!call_operate(&call, "enrol a participant"))
		return call_answer(&call);
	return register_storage(&call, principal, &form);
}

/*
 * sg_rename_participant(old, new) -> true: moves the account of a principal,
 * with all its roles, money and history, and what is remembered of its calls,
 * to a new one.  For operators.  SG101 old does not exist, SG105 new is taken,
 * 55P03 its calls under a reference have not ended in time.
 *
 * The new name is reserved by a row of its own first, which waits for, and
 * gives way to, a concurrent registration under that name.
 */
Datum
sg_rename_participant(PG_FUNCTION_ARGS)
{
	Elevation	elevation;
	static ElevatedPlan drop_reservation = {
		.sql = "DELETE FROM smartgrid.participant WHERE grid_id = $1 AND principal = $2",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	static ElevatedPlan rename = {
		.sql = "UPDATE smartgrid.participant SET principal = $2 WHERE participant_id = $1",
		.nargs = 2,
		.argtypes = {INT8OID, TEXTOID},
	};
	Call		call;
	char	   *old_name;
	char	   *new_name;
	Grid	   *grid;
	int64		id;
	StoreRow	row;
	Datum		values[2];

	call_begin(&call, fcinfo, "sg_rename_participant");
	old_name = arg_name(fcinfo, 0, "old");
	new_name = arg_name(fcinfo, 1, "new");
	if (!call_operate(&call, "rename a participant"))
		return call_answer(&call);
	grid = call.grid;
	id = participant_id_of(grid, old_name);
	if (id == PARTICIPANT_NONE)
		error_participant_not_found("participant", old_name, grid);
	if (participant_id_of(grid, new_name) != PARTICIPANT_NONE)
		error_already_registered("participant", new_name, grid);
	request_lock_names(grid, old_name, new_name);
	if (!call_hold_row(&call, TABLE_PARTICIPANT, id, &row))
		error_serialization_failure();
	/* Another operator may have renamed it while we waited. */
	store_refresh();
	if (participant_id_of(grid, old_name) != id)
		error_participant_not_found("participant", old_name, grid);
	if (!insert_participant(grid, new_name))
		error_already_registered("participant", new_name, grid);

	elevated_begin(&elevation);
	values[0] = Int32GetDatum(grid->form.grid_id);
	values[1] = CStringGetTextDatum(new_name);
	elevated_execute(&drop_reservation, values, NULL, IN_NEW_SNAPSHOT);
	values[0] = Int64GetDatum(id);
	elevated_execute(&rename, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	request_rename(grid, old_name, new_name);
	return call_end(&call, BoolGetDatum(true));
}
