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
#include "grid/identity.h"
#include "grid/participant.h"
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
 * read-only transaction or on a standby.  Locks: the ledger, as every call
 * does, in ROW EXCLUSIVE mode.
 */
void
call_begin(Call *call, const char *function)
{
	store_require_writable(function);
	ledger_enter();
	store_push_snapshot();
	init_call(call);
}

/* The same for a call that will lock the ledger itself against all others: a lock on it could not be raised safely. */
void
call_begin_beside_calls(Call *call, const char *function)
{
	store_require_writable(function);
	store_push_snapshot();
	init_call(call);
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

/* The call acts for the calling principal in the current grid.  SG102, SG108 as identity_principal(); SG101 grid. */
void
call_act(Call *call)
{
	char	   *principal = identity_principal();

	call_act_in(call, grid_for_call(), principal);
}

/* The call acts for no participant, in the current grid.  SG101 if that does not exist. */
void
call_act_for_nobody(Call *call)
{
	call_act_in(call, grid_for_call(), NULL);
}

/* The call is one of an operator of the current grid; action says what is tried.  SG100, SG101 as identity_require_operator(). */
void
call_operate(Call *call, const char *action)
{
	call_act_in(call, identity_require_operator(action), NULL);
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

/* Locks the row of the grid, which call_end() does not write; SG101 if it is gone. */
void
call_hold_grid(Call *call, StoreRow *row)
{
	if (!call_hold_row(call, TABLE_GRID, call->grid->form.grid_id, row))
		error_grid_not_found(call->grid->name);
}

/* Locks the row of the grid, to be written by call_end(); SG101 if it is gone. */
FormGrid *
call_lock_grid(Call *call)
{
	StoreRow   *row = call_lock_row(call, TABLE_GRID, call->grid->form.grid_id);

	if (row == NULL)
		error_grid_not_found(call->grid->name);
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
		ledger_append(&call->entry, call_now(call));
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

/* Ends a call that has nothing to write. */
Datum
call_end_unchanged(Call *call, Datum result)
{
	store_end();
	return result;
}
