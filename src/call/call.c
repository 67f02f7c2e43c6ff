/*-------------------------------------------------------------------------
 *
 * call.c
 *	  One call that writes, from its beginning to its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/errors.h"
#include "call/call.h"
#include "call/request.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"
#include "store/shape.h"

static void
init_call(Call *call)
{
	call->grid = NULL;
	call->principal = NULL;
	call->now = 0;
	call->entry.grid_id = 0;
	call->entry_before.grid_id = 0;
	call->written = false;
	call->nrows = 0;
	call->last_lock = (LockPlace) {-1, 0, 0};
}

/*
 * Begins a call that writes; function is its SQL name.  Raises 25006 in a
 * read-only transaction or on a standby, SG108 for a bad reference.  Locks: the
 * ledger, as every call does, in ROW EXCLUSIVE mode; if there is a reference,
 * then after its lock, with the snapshot, in call_act() and its kin.
 */
void
call_begin(Call *call, FunctionCallInfo fcinfo, const char *function)
{
	store_require_writable(function);
	init_call(call);
	call->request = request_begin(fcinfo, function);
	if (likely(call->request == NULL))
	{
		ledger_enter();
		store_push_snapshot();
	}
}

/* The same for a call that will lock the ledger itself against all others: a lock on it could not be raised safely. */
void
call_begin_beside_calls(Call *call, FunctionCallInfo fcinfo, const char *function)
{
	store_require_writable(function);
	init_call(call);
	call->request = request_begin(fcinfo, function);
	if (call->request)
		call->request->beside_calls = true;
	else
		store_push_snapshot();
}

/* The call acts for a principal, or NULL, in a grid, which the caller has found. */
void
call_act_in(Call *call, Grid *grid, char *principal)
{
	call->grid = grid;
	call->principal = principal;
	pool_init(&call->pool, grid);
	call->booking = (Booking) {.call = call, .grid = grid, .pool = &call->pool, .entry = &call->entry, .least = 1};
}

/* Takes the lock of the call's reference, then that of the ledger, and the snapshot, as call_begin() does without one. */
static void
enter_under_reference(Call *call, const char *grid_name, const char *principal)
{
	request_lock(call->request, grid_name, principal);
	if (!call->request->beside_calls)
		ledger_enter();
	store_push_snapshot();
}

/*
 * Is this call, of the grid called grid_name, remembered under its reference?
 * Then call_answer() is what remains to be done; before the right is asked for.
 * principal: who calls, NULL: to be found out (request_lock()).
 */
bool
call_is_remembered(Call *call, const char *grid_name, const char *principal)
{
	if (likely(call->request == NULL))
		return false;
	enter_under_reference(call, grid_name, principal);
	return request_find_in_grid(call->request);
}

/*
 * The call acts for a principal, NULL: for none, in the current grid.  False if
 * it is remembered under its reference, and call_answer() is what remains to be
 * done.  SG101 if there is no such grid.
 */
bool
call_act_as(Call *call, char *principal)
{
	if (unlikely(call->request != NULL))
		enter_under_reference(call, grid_current_name(), principal);
	call_act_in(call, grid_for_call(), principal);
	return likely(call->request == NULL) || !request_find(call->request, call->grid->form.grid_id);
}

/* The same for the calling principal.  SG102, SG108 as identity_principal(); SG101 grid. */
bool
call_act(Call *call)
{
	return call_act_as(call, identity_principal());
}

/* The same for no participant. */
bool
call_act_for_nobody(Call *call)
{
	return call_act_as(call, NULL);
}

/*
 * The call is one of an operator of the current grid; action says what is
 * tried.  False as call_act_as().  SG100, SG101 as identity_require_operator().
 */
bool
call_operate(Call *call, const char *action)
{
	if (call_is_remembered(call, grid_current_name(), NULL))
		return false;
	call_act_in(call, identity_require_operator(action), NULL);
	return true;
}

#ifdef USE_ASSERT_CHECKING

static bool
is_before(const LockPlace *a, const LockPlace *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->id != b->id)
		return a->id < b->id;
	return a->table < b->table;
}

/* Asserts that a lock is in order, and that no stripe is locked before a row. */
static void
assert_lock_order(Call *call, StoreTable table, int64 id)
{
	LockPlace	place = {table_info[table].lock_rank, id, table};

	Assert(place.rank != LOCK_RANK_NONE);
	Assert(is_before(&call->last_lock, &place));
	Assert(call->grid == NULL || !call->pool.is_open);
	call->last_lock = place;
}

#else
#define assert_lock_order(call, table, id)	((void) 0)
#endif

/*
 * Locks a row, which call_end() does not write, to the end of the transaction;
 * false if there is none.  Errors: 40001 as store_lock().
 */
bool
call_hold_row(Call *call, StoreTable table, int64 id, StoreRow *row)
{
	assert_lock_order(call, table, id);
	return store_lock(table, id, row);
}

/* call_hold_row() that waits no longer than the call's patience lasts: ROW_TAKEN if somebody else has the row even then. */
RowLock
call_hold_row_patiently(Call *call, StoreTable table, int64 id, StoreRow *row)
{
	assert_lock_order(call, table, id);
	return store_lock_patiently(table, id, row, &call->pool.patience);
}

/* Locks a row, which call_end() writes, to the end of the transaction; NULL if there is none.  Errors: 40001 as store_lock(). */
StoreRow *
call_lock_row(Call *call, StoreTable table, int64 id)
{
	StoreRow   *row = &call->rows[call->nrows];

	Assert(call->nrows < CALL_MAX_ROWS);
	if (!call_hold_row(call, table, id, row))
		return NULL;
	call->nrows++;
	return row;
}

static StoreRow *
lock_account(Call *call, StoreTable table, const char *principal)
{
	int64		id = participant_id_for_call(call->grid, principal);
	StoreRow   *row = id == PARTICIPANT_NONE ? NULL : call_lock_row(call, table, id);

	if (row == NULL)
		error_participant_not_found(participant_kind(table), principal, call->grid);
	return row;
}

/* Locks the producer row of a principal, to be written by call_end(); SG101 if it has none. */
FormProducer *
call_lock_producer(Call *call, const char *principal)
{
	StoreRow   *row = lock_account(call, TABLE_PRODUCER, principal);

	return STORE_FORM(row, FormProducer);
}

/* Locks the consumer row of a principal, to be written by call_end(); SG101 if it has none. */
FormConsumer *
call_lock_consumer(Call *call, const char *principal)
{
	StoreRow   *row = lock_account(call, TABLE_CONSUMER, principal);

	return STORE_FORM(row, FormConsumer);
}

/* Locks the storage row of a principal, to be written by call_end(); SG101 if it has none. */
FormStorage *
call_lock_storage(Call *call, const char *principal)
{
	StoreRow   *row = lock_account(call, TABLE_STORAGE, principal);

	return STORE_FORM(row, FormStorage);
}

/*
 * Locks the row of a grid, which call_end() does not write.  SG101 if it is
 * gone; 55P03 if another operator has it longer than the call's patience lasts.
 */
void
call_hold_grid_of(Call *call, int32 grid_id, const char *name, StoreRow *row)
{
	RowLock		lock = call_hold_row_patiently(call, TABLE_GRID, grid_id, row);

	if (lock == ROW_TAKEN)
		require_accepted(refuse_impatient(psprintf("grid \"%s\"", name)));
	if (lock == ROW_ABSENT)
		error_grid_not_found(name);
}

/* The same of the call's grid. */
void
call_hold_grid(Call *call, StoreRow *row)
{
	call_hold_grid_of(call, call->grid->form.grid_id, call->grid->name, row);
}

/* The same, to be written by call_end(). */
FormGrid *
call_lock_grid(Call *call)
{
	StoreRow   *row = &call->rows[call->nrows];

	Assert(call->nrows < CALL_MAX_ROWS);
	call_hold_grid(call, row);
	call->nrows++;
	return STORE_FORM(row, FormGrid);
}

/*
 * Locks the row of an account that another row refers to, to be written by
 * call_end(); XX001 if there is none.
 */
StoreRow *
call_lock_party(Call *call, StoreTable table, int64 id)
{
	StoreRow   *row = call_lock_row(call, table, id);

	if (row == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("%s " INT64_FORMAT " does not exist, though a row refers to it", participant_kind(table), id),
				 errhint("Run sg_check().")));
	return row;
}

/* call_lock_party() of two, in the lock order whichever comes first. */
void
call_lock_pair(Call *call, CallRow *one, CallRow *other)
{
	bool		in_order = one->id < other->id || (one->id == other->id && one->table < other->table);
	CallRow    *first = in_order ? one : other;
	CallRow    *second = in_order ? other : one;

	first->row = call_lock_party(call, first->table, first->id);
	second->row = call_lock_party(call, second->table, second->id);
}

/* The time of this call: the server's clock, read once, when the locks are held. */
TimestampTz
call_now(Call *call)
{
	if (call->now == 0)
		call->now = GetCurrentTimestamp();
	return call->now;
}

/* The entry that call_end() appends. */
void
call_book(Call *call, FormLedger entry)
{
	call->entry = entry;
}

/* The same for an entry of a kind that carries the digest of what it is about, which the call keeps. */
void
call_book_digest(Call *call, FormLedger entry, const Digest *digest)
{
	Assert(effect_of(entry.kind)->has_digest);
	call->entry = entry;
	call->digest = *digest;
}

/*
 * Writes the rows that the call has locked, what it has changed in the pool,
 * and its entry: for who needs the entry's id before the end.
 */
void
call_write(Call *call)
{
	for (int i = 0; i < call->nrows; i++)
		store_update(&call->rows[i]);
	if (call->grid)
		pool_write(&call->pool);
	if (call->entry_before.grid_id != 0)
		ledger_append_pair(&call->entry_before, &call->entry);
	else if (call->entry.grid_id != 0)
		ledger_append(&call->entry, effect_of(call->entry.kind)->has_digest ? &call->digest : NULL, call_now(call));
	call->written = true;
}

/* Ends a call: writes what it has not written yet, and returns the result. */
Datum
call_end(Call *call, Datum result)
{
	if (!call->written)
		call_write(call);
	return call_end_unchanged(call, result);
}

/* Ends a call that has nothing to write, but that it was done, if it has a reference. */
Datum
call_end_unchanged(Call *call, Datum result)
{
	if (unlikely(call->request != NULL))
		request_remember(call->request, result, call_now(call));
	store_end();
	return result;
}

/* Ends a call that is remembered: with the same result.  SG105 as request_answer(). */
Datum
call_answer(Call *call)
{
	Datum		result = request_answer(call->request);

	store_end();
	return result;
}
