/*-------------------------------------------------------------------------
 *
 * request.c
 *	  Calls that are remembered under a reference, and done once
 *	  (doc/reference/calling.md).
 *
 * Whoever asks again under the same reference, be it in another session and
 * while the first one is at work, gets what it got: for this its lock is taken
 * before all others, and held to the end of the transaction.  What is
 * remembered is written by the call's own transaction, so that both are there
 * or neither.
 * *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/errors.h"
#include "call/call.h"
#include "call/reference.h"
#include "call/request.h"
#include "call/request_form.h"
#include "call/request_lock.h"
#include "call/served.h"
#include "grid/identity.h"
#include "ledger/ledger.h"
#include "store/elevated.h"

PG_FUNCTION_INFO_V1(sg_own_caller);
PG_FUNCTION_INFO_V1(sg_forget_requests);

/* The request of a call that has a reference, NULL if it has none.  SG108 as reference_given(). */
Request *
request_begin(FunctionCallInfo fcinfo, const char *function)
{
	const char *reference = reference_of_call();
	Request    *request;

	if (likely(reference == NULL))
		return NULL;
	request = palloc0(sizeof(Request));
	request->fcinfo = fcinfo;
	request->function = function;
	request->reference = pstrdup(reference);
	return request;
}

/*
 * Says what the call is about, by a digest, of a call that its arguments alone
 * do not tell; NULL: that comes later, but before it is answered or remembered.
 */
void
request_set_arguments(Request *request, const Digest *digest)
{
	static const Digest not_known = {{0}};

	request->arguments = request_form_digest(digest ? digest : &not_known);
}

/*
 * Locks a request to the end of the transaction, before all other locks, and
 * waits for who has it.  It is of the grid called grid_name, whether there is
 * one or not; principal: who calls, NULL: to be found out, with SG102 and SG108
 * as identity_caller().  Take a fresh snapshot then.
 */
void
request_lock(Request *request, const char *grid_name, const char *principal)
{
	request->grid_name = grid_name;
	request->caller = principal ? principal : identity_caller(&request->is_role);
	if (request->arguments == NULL)
		request->arguments = request_form_arguments(request);
	request_take_locks(request);
	request->served_before = served_begin();
	request->entry_before = ledger_last_entry();
}

/*
 * FNV-1a of a reference, by which the index has the requests: it is compared
 * sooner than the text.  It is the same on all machines, for dumps.
 */
static int64
reference_hash(const char *reference)
{
	uint64		hash = UINT64CONST(0xcbf29ce484222325);

	for (const char *c = reference; *c; c++)
		hash = (hash ^ (unsigned char) *c) * UINT64CONST(0x100000001b3);
	return (int64) hash;
}

/*
 * Finds in the active snapshot what is remembered of a request, in the grid
 * that it names; false if nothing is.
 */
static bool
find_row(Request *request)
{
	ScanKeyData keys[5];
	ScanKeyData hash;

	ScanKeyInit(&hash, Anum_request_hash, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(reference_hash(request->reference)));
	keys[0] = hash;
	/* Mostly there is none of the same hash, which is told soonest by that alone. */
	if (!store_find_or_insert(TABLE_REQUEST, INDEX_REQUEST, 1, &hash, &request->row))
		return false;
	ScanKeyInit(&keys[1], Anum_request_reference, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(request->reference));
	ScanKeyInit(&keys[2], Anum_request_caller, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(request->caller));
	ScanKeyInit(&keys[3], Anum_request_grid_id, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(request->grid_id));
	ScanKeyInit(&keys[4], Anum_request_is_role, BTEqualStrategyNumber, F_BOOLEQ, BoolGetDatum(request->is_role));
	return store_find_or_insert(TABLE_REQUEST, INDEX_REQUEST, lengthof(keys), keys, &request->row);
}

/* Under REPEATABLE READ and SERIALIZABLE: raises 40001 if the request was served since the transaction's snapshot. */
static void
require_still_unserved(Request *request)
{
	bool		exists;

	if (!IsolationUsesXactSnapshot())
		return;
	PushActiveSnapshot(GetLatestSnapshot());
	exists = find_row(request);
	PopActiveSnapshot();
	if (exists)
		error_serialization_failure();
}

/* Is a request, which is locked, remembered in the grid of this id, which it names? */
bool
request_find(Request *request, int32 grid_id)
{
	request->grid_id = grid_id;
	if (find_row(request))
		return true;
	require_still_unserved(request);
	return false;
}

/* The same, in the grid that it names, if there is one. */
bool
request_find_in_grid(Request *request)
{
	StoreRow	row;

	return grid_find_row(request->grid_name, &row) && request_find(request, STORE_FORM(&row, FormGrid)->grid_id);
}

/* request_lock() and request_find_in_grid() of a function that is no Call: it does not enter the ledger. */
bool
request_is_remembered(Request *request, const char *grid_name)
{
	request_lock(request, grid_name, NULL);
	store_refresh();
	return request_find_in_grid(request);
}

static char *
text_of(const Request *request, int attnum)
{
	bool		isnull;

	return TextDatumGetCString(store_attribute(&request->row, attnum, &isnull));
}

static bool
bytea_equal(const bytea *a, const bytea *b)
{
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) && memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/* Raises SG105 unless the call is the one that is remembered, and no second one of the same statement. */
static void
require_same(const Request *request)
{
	bool		isnull;
	Datum		arguments = store_attribute(&request->row, Anum_request_arguments, &isnull);
	char	   *function = text_of(request, Anum_request_function);

	if (strcmp(function, request->function) != 0 || !bytea_equal(DatumGetByteaPP(arguments), request->arguments))
		ereport(ERROR,
				(errcode(ERRCODE_SG_ALREADY_EXISTS),
				 errmsg("reference \"%s\" was used for another call", request->reference),
				 errdetail("It was %s(); sg_requests has when.", function),
				 errhint("A retry has the same arguments; another call needs a reference of its own.")));
	if (served_since(0, request->key))
		ereport(ERROR,
				(errcode(ERRCODE_SG_ALREADY_EXISTS),
				 errmsg("reference \"%s\" was used in this statement already", request->reference),
				 errhint("If one statement makes several calls, set smartgrid.reference for each of them.")));
}

/*
 * The result of a request that is remembered, which the session's last entry
 * is that of from now on.  SG105 if it is another call, or the second one of
 * the same statement.
 */
Datum
request_answer(Request *request)
{
	int64		entry_id = STORE_FORM(&request->row, FormRequest)->entry_id;
	bool		isnull;

	require_same(request);
	served_note(request->key);
	if (entry_id != 0)
		ledger_recall_entry(entry_id);
	return request_form_result(request, store_attribute(&request->row, Anum_request_result, &isnull));
}

/* The id of the grid of a request that the call has made. */
static int32
made_grid_id(const Request *request)
{
	StoreRow	row;

	if (!grid_find_row(request->grid_name, &row))
		error_grid_not_found(request->grid_name);
	return STORE_FORM(&row, FormGrid)->grid_id;
}

/* Remembers a request, which is done, with its result.  SG105 if a call that it has made itself was under the same reference. */
void
request_remember(Request *request, Datum result, TimestampTz made_at)
{
	Datum		values[Natts_request];
	bool		isnull[Natts_request] = {false};
	int64		entry_id = ledger_last_entry();

	if (served_since(request->served_before, request->key))
		ereport(ERROR,
				(errcode(ERRCODE_SG_ALREADY_EXISTS),
				 errmsg("reference \"%s\" was used within the call", request->reference)));
	values[Anum_request_hash - 1] = Int64GetDatum(reference_hash(request->reference));
	values[Anum_request_made_at - 1] = TimestampTzGetDatum(made_at);
	values[Anum_request_entry_id - 1] = Int64GetDatum(entry_id == request->entry_before ? 0 : entry_id);
	values[Anum_request_grid_id - 1] = Int32GetDatum(request->grid_id ? request->grid_id : made_grid_id(request));
	values[Anum_request_is_role - 1] = BoolGetDatum(request->is_role);
	values[Anum_request_caller - 1] = CStringGetTextDatum(request->caller);
	values[Anum_request_reference - 1] = CStringGetTextDatum(request->reference);
	values[Anum_request_function - 1] = CStringGetTextDatum(request->function);
	values[Anum_request_arguments - 1] = PointerGetDatum(request->arguments);
	values[Anum_request_result - 1] = request_form_of_result(request, result);
	store_insert_values(TABLE_REQUEST, values, isnull);
	served_note(request->key);
}

/*
 * What is remembered of a principal is remembered under another name from now
 * on, but for references that this one has already.  Both are locked.  Raises
 * 40001 if a REPEATABLE READ or SERIALIZABLE transaction does not see all of it.
 */
void
request_rename(const Grid *grid, const char *old_name, const char *new_name)
{
	static ElevatedPlan drop = {
		.sql = "DELETE FROM smartgrid.request AS r"
		" WHERE r.grid_id = $1 AND r.caller = $2 AND NOT r.is_role"
		" AND EXISTS (SELECT FROM smartgrid.request AS n"
		" WHERE n.grid_id = $1 AND n.caller = $3 AND NOT n.is_role AND n.reference = r.reference)",
		.nargs = 3,
		.argtypes = {INT4OID, TEXTOID, TEXTOID},
	};
	static ElevatedPlan take_along = {
		.sql = "UPDATE smartgrid.request SET caller = $3 WHERE grid_id = $1 AND caller = $2 AND NOT is_role",
		.nargs = 3,
		.argtypes = {INT4OID, TEXTOID, TEXTOID},
	};
	static ElevatedPlan remaining = {
		.sql = "SELECT FROM smartgrid.request WHERE grid_id = $1 AND caller = $2 AND NOT is_role LIMIT 1",
		.nargs = 2,
		.argtypes = {INT4OID, TEXTOID},
	};
	Datum		values[] = {Int32GetDatum(grid->form.grid_id), CStringGetTextDatum(old_name), CStringGetTextDatum(new_name)};
	Elevation	elevation;
	bool		is_all;

	elevated_begin(&elevation);
	elevated_execute(&drop, values, NULL, IN_NEW_SNAPSHOT);
	elevated_execute(&take_along, values, NULL, IN_NEW_SNAPSHOT);
	PushActiveSnapshot(GetLatestSnapshot());
	elevated_execute(&remaining, values, NULL, IN_ACTIVE_SNAPSHOT);
	is_all = SPI_processed == 0;
	PopActiveSnapshot();
	elevated_end(&elevation);
	if (!is_all)
		error_serialization_failure();
}

/*
 * own_caller(as_role) -> text: whom calls of this session are remembered of,
 * if that is a role, or a principal; NULL if not.  For row-level security.
 */
Datum
sg_own_caller(PG_FUNCTION_ARGS)
{
	bool		is_role;
	char	   *caller = identity_caller_or_null(&is_role);

	if (caller == NULL || is_role != PG_GETARG_BOOL(0))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(caller));
}

/*
 * sg_forget_requests(before) -> how many calls were forgotten, all that were
 * made before.  For operators.
 */
Datum
sg_forget_requests(PG_FUNCTION_ARGS)
{
	static ElevatedPlan plan = {
		.sql = "DELETE FROM smartgrid.request WHERE grid_id = $1 AND made_at < $2",
		.nargs = 2,
		.argtypes = {INT4OID, TIMESTAMPTZOID},
	};
	Call		call;
	Elevation	elevation;
	Datum		values[2];
	int64		n;

	call_begin(&call, fcinfo, "sg_forget_requests");
	arg_require_not_null(fcinfo, 0, "before");
	if (!call_operate(&call, "forget what is remembered of calls"))
		return call_answer(&call);
	values[0] = Int32GetDatum(call.grid->form.grid_id);
	values[1] = PG_GETARG_DATUM(0);
	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_NEW_SNAPSHOT);
	n = (int64) SPI_processed;
	elevated_end(&elevation);
	return call_end(&call, Int64GetDatum(n));
}
