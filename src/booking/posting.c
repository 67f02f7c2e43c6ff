/*-------------------------------------------------------------------------
 *
 * posting.c
 *	  Batch posting: readings of meters and gateways, and top-ups, in one call.
 *
 * The effect is that of the single calls one by one in array order in one
 * transaction: the same rules (energy.c, storage.c, money.c) run on the same
 * rows, which are locked and read once, changed in memory, and written once,
 * with the ledger entries page by page as in COPY.
 *
 * A reading that fails is returned with its position, SQLSTATE and message;
 * the rules change nothing before their last check, so that it leaves nothing
 * behind and its error can be caught without a subtransaction.
 *
 * All participants of the batch are locked in the order of their ids before
 * anything is posted.  Readings are worked off in chunks, so that memory holds
 * the rows of one chunk; beyond these it takes some 200 bytes for a reading.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/arguments.h"
#include "base/checked.h"
#include "base/compat.h"
#include "base/errors.h"
#include "base/result.h"
#include "booking/energy.h"
#include "booking/money.h"
#include "booking/posting.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "grid/pool.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_post_readings);

/*
 * How many readings are worked off at a time, and after how many a NOTICE tells
 * of progress.  Each chunk leaves a version of every row that it changes, which
 * the next one has to walk past: not too small.
 */
#define CHUNK_READINGS		100000
#define PROGRESS_READINGS	100000

static const struct
{
	const char *name;
	LedgerKind	kind;
	StoreTable	table;			/* the account that it changes */
	const char *account;
}			reading_kinds[] = {
	{"production", LEDGER_PRODUCTION, TABLE_PRODUCER, "producer"},
	{"consumption", LEDGER_CONSUMPTION, TABLE_CONSUMER, "consumer"},
	{"charge", LEDGER_CHARGE, TABLE_STORAGE, "storage facility"},
	{"discharge", LEDGER_DISCHARGE, TABLE_STORAGE, "storage facility"},
	{"topup", LEDGER_TOPUP, TABLE_CONSUMER, "consumer"},
};

/* An account of a chunk: a locked row, changed in memory. */
struct Account
{
	StoreRow	row;
	bool		dirty;
};

/* Which account a reading belongs to, for sorting into lock order. */
typedef struct AccountRef
{
	int64		participant_id;
	StoreTable	table;
	int			reading;
} AccountRef;

/* The position of a kind in reading_kinds; SG108 where it is unknown. */
static int
kind_of(const char *name, int ord)
{
	for (int i = 0; i < (int) lengthof(reading_kinds); i++)
		if (strcmp(reading_kinds[i].name, name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("unknown kind \"%s\" of reading %d", name, ord),
			 errhint("Use one of production, consumption, charge, discharge, topup.")));
}

/*
 * Sets a reading, in the caller's memory context; at NULL: now.  SG108 for an
 * unknown kind or a time that is not finite; the rest is checked when it is
 * posted.
 */
void
posting_set_reading(Reading *reading, int ord, const char *principal, const char *kind, int64 amount, const TimestampTz *at)
{
	if (at && TIMESTAMP_NOT_FINITE(*at))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("time of reading %d must be finite", ord)));
	reading->ord = ord;
	reading->principal = principal;
	reading->kind = kind_of(kind, ord);
	reading->amount = amount;
	reading->at = at ? *at : POSTING_NOW;
	reading->account = NULL;
}

/*
 * The current grid, for posting: SG102 unless the current user has the rights of
 * smartgrid_gateway (a role that a gateway has switched to is not) or an
 * operator of the grid; SG101 where there is no such grid.
 */
Grid *
posting_grid(void)
{
	Grid	   *grid = grid_current_or_null();

	if (!identity_is_gateway() &&
		!(grid ? identity_is_operator(grid->form.operator_role) : identity_is_general_operator()))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only a gateway or an operator may post readings"),
				 errdetail("Role \"%s\" has neither the rights of \"smartgrid_gateway\" nor those of an operator of grid \"%s\".",
						   GetUserNameFromId(GetUserId(), false), grid_current_name()),
				 errhint("Use sg_report_production() and the other single functions to report for yourself.")));
	if (grid == NULL)
		error_grid_not_found(grid_current_name());
	grid_require_scales(grid);
	return grid;
}

static int
by_lock_order(const void *a, const void *b)
{
	const AccountRef *left = a;
	const AccountRef *right = b;

	if (left->participant_id != right->participant_id)
		return left->participant_id < right->participant_id ? -1 : 1;
	return (int) left->table - (int) right->table;
}

/* Looks up whose readings they are. */
static void
find_participants(const Grid *grid, Reading *readings, int n)
{
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		readings[i].participant_id = participant_id_for_call(grid, readings[i].principal);
	}
}

/* The accounts of n readings in lock order; those of principals that are not registered are left out. */
static AccountRef *
accounts_in_lock_order(const Reading *readings, int n, int *nrefs)
{
	AccountRef *refs = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(AccountRef));
	int			found = 0;

	for (int i = 0; i < n; i++)
	{
		if (readings[i].participant_id == PARTICIPANT_NONE)
			continue;
		refs[found].participant_id = readings[i].participant_id;
		refs[found].table = reading_kinds[readings[i].kind].table;
		refs[found].reading = i;
		found++;
	}
	qsort(refs, found, sizeof(AccountRef), by_lock_order);
	*nrefs = found;
	return refs;
}

/*
 * Locks all accounts of the readings, without keeping their rows.  Those that
 * do not exist now do not for the whole batch: they are not to be locked later,
 * out of order.
 */
static void
lock_accounts(Reading *readings, int n)
{
	int			nrefs;
	AccountRef *refs = accounts_in_lock_order(readings, n, &nrefs);
	bool		exists = false;

	for (int i = 0; i < nrefs; i++)
	{
		if (i == 0 || by_lock_order(&refs[i], &refs[i - 1]) != 0)
		{
			StoreRow	row;

			CHECK_FOR_INTERRUPTS();
			exists = store_lock(refs[i].table, refs[i].participant_id, &row);
			if (exists)
				heap_freetuple(row.tuple);
		}
		if (!exists)
			readings[refs[i].reading].participant_id = PARTICIPANT_NONE;
	}
	pfree(refs);
}

/* Locks and reads the accounts of a chunk, in lock order, and ties each reading to its own. */
static Account *
read_accounts(Reading *readings, int n, int *naccounts)
{
	int			nrefs;
	AccountRef *refs = accounts_in_lock_order(readings, n, &nrefs);
	Account    *accounts = palloc0(Max(nrefs, 1) * sizeof(Account));
	Account    *account = NULL;
	int			found = 0;

	for (int i = 0; i < nrefs; i++)
	{
		if (i == 0 || by_lock_order(&refs[i], &refs[i - 1]) != 0)
		{
			CHECK_FOR_INTERRUPTS();
			account = &accounts[found];
			if (store_lock(refs[i].table, refs[i].participant_id, &account->row))
				found++;
			else
				account = NULL;
		}
		readings[refs[i].reading].account = account;
	}
	*naccounts = found;
	return accounts;
}

/*
 * Opens the pool, with all the energy in this backend's stripe that the
 * readings may take, or else with every stripe locked.  Collecting it later,
 * with the stripe changed, could wait for somebody who waits for that stripe.
 */
static void
open_pool(Pool *pool, const Grid *grid, const Reading *readings, int n)
{
	sg_int128	taken = 0;

	for (int i = 0; i < n; i++)
	{
		LedgerKind	kind = reading_kinds[readings[i].kind].kind;

		if ((kind == LEDGER_CONSUMPTION || kind == LEDGER_CHARGE) && readings[i].amount > 0)
			taken += readings[i].amount;
	}
	pool_open(pool, grid);
	(void) pool_cover(pool, POOL_LOAD, (int64) Min(taken, PG_INT64_MAX));
}

/* Applies one reading by its rule; raises what the single call would raise. */
static void
apply(const Grid *grid, Reading *reading, Pool *pool, FormLedger *entry)
{
	const char *principal = reading->principal;
	Account    *account = reading->account;

	require_name_length(principal, reading_kinds[reading->kind].kind == LEDGER_TOPUP ? "target" : "principal");
	if (account == NULL)
		error_participant_not_found(reading_kinds[reading->kind].account, principal, grid);
	switch (reading_kinds[reading->kind].kind)
	{
		case LEDGER_PRODUCTION:
			energy_produce(grid, principal, STORE_FORM(&account->row, FormProducer), reading->amount, pool, entry);
			break;
		case LEDGER_CONSUMPTION:
			energy_consume(grid, principal, STORE_FORM(&account->row, FormConsumer), reading->amount, NULL, pool, entry);
			break;
		case LEDGER_CHARGE:
			energy_charge(grid, principal, STORE_FORM(&account->row, FormStorage), reading->amount, pool, entry);
			break;
		case LEDGER_DISCHARGE:
			energy_discharge(grid, principal, STORE_FORM(&account->row, FormStorage), reading->amount, pool, entry);
			break;
		default:
			money_topup(grid, principal, STORE_FORM(&account->row, FormConsumer), reading->amount, entry);
			break;
	}
	account->dirty = true;
	entry->at = (reading->at == POSTING_NOW) ? GetCurrentTimestamp() : reading->at;
}

/*
 * Applies one reading; its error where it fails by a rule, else NULL.
 *
 * Only the rules' own errors are caught, which are raised while nothing is
 * open or half done; anything else (an interrupt, a lost lock) goes on up.
 */
static ErrorData *
try_apply(const Grid *grid, Reading *reading, Pool *pool, FormLedger *entry)
{
	MemoryContext context = CurrentMemoryContext;
	ErrorData  *volatile error = NULL;

	PG_TRY();
	{
		apply(grid, reading, pool, entry);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != MAKE_SQLSTATE('S', 'G', '0', '0', '0') &&
			error->sqlerrcode != ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE)
			PG_RE_THROW();
		FlushErrorState();
	}
	PG_END_TRY();
	return error;
}

/* Writes what a chunk has changed: accounts, stripe, ledger. */
static void
write_chunk(Account *accounts, int naccounts, Pool *pool, FormLedger *entries, int nentries)
{
	for (int i = 0; i < naccounts; i++)
		if (accounts[i].dirty)
			store_update(&accounts[i].row);
	if (pool->dirty)
		pool_write(pool);
	ledger_append_many(entries, nentries);
}

/*
 * Posts readings in their order, and puts those that fail into result.
 *
 * Locks: all accounts by participant_id, this backend's stripe, others where
 * it collects (before anything is posted).
 */
void
posting_post(const Grid *grid, Reading *readings, int n, ResultRow *result)
{
	MemoryContext chunk_context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid posting", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = CurrentMemoryContext;
	Pool		pool;

	if (n == 0)
		return;
	find_participants(grid, readings, n);
	if (n > CHUNK_READINGS)
	{
		MemoryContextSwitchTo(chunk_context);
		lock_accounts(readings, n);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(chunk_context);
		store_refresh();
	}
	for (int first = 0; first < n; first += CHUNK_READINGS)
	{
		int			count = Min(n - first, CHUNK_READINGS);
		FormLedger *entries;
		int			nentries = 0;
		Account    *accounts;
		int			naccounts;

		MemoryContextSwitchTo(chunk_context);
		accounts = read_accounts(readings + first, count, &naccounts);
		entries = palloc(count * sizeof(FormLedger));
		if (first == 0)
		{
			MemoryContextSwitchTo(outer);	/* the pool stays over all chunks */
			open_pool(&pool, grid, readings, n);
		}
		for (int i = 0; i < count; i++)
		{
			Reading    *reading = &readings[first + i];
			ErrorData  *error;

			CHECK_FOR_INTERRUPTS();
			MemoryContextSwitchTo(outer);
			error = try_apply(grid, reading, &pool, &entries[nentries]);
			if (error == NULL)
				nentries++;
			else
			{
				MemoryContextSwitchTo(chunk_context);
				result_int32(result, reading->ord);
				result_text(result, unpack_sql_state(error->sqlerrcode));
				result_text(result, error->message);
				result_end_row(result);
				FreeErrorData(error);
			}
		}
		write_chunk(accounts, naccounts, &pool, entries, nentries);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(chunk_context);
		store_refresh();
		if ((first + count) / PROGRESS_READINGS > first / PROGRESS_READINGS)
			ereport(NOTICE,
					(errmsg("posted %d of %d readings", first + count, n)));
	}
	MemoryContextDelete(chunk_context);
}

/*
 * Raises 42501 where top-ups are among the readings and the current user may
 * not execute sg_add_consumer_balance(), found in the schema of the posting
 * function: who confines top-ups confines them here, too.
 */
void
posting_require_topups_allowed(Oid posting_function, const Reading *readings, int n)
{
	Oid			argtypes[] = {TEXTOID, INT8OID};
	Oid			function;
	int			i = 0;

	while (i < n && reading_kinds[readings[i].kind].kind != LEDGER_TOPUP)
		i++;
	if (i == n)
		return;
	function = LookupFuncName(list_make2(makeString(get_namespace_name(get_func_namespace(posting_function))),
										 makeString("sg_add_consumer_balance")),
							  2, argtypes, false);
	if (!sg_may_execute(function))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function sg_add_consumer_balance"),
				 errdetail("Reading %d is a top-up.", readings[i].ord),
				 errhint("Top-ups are posted by those who may execute that function.")));
}

/* Argument n as an array of one dimension without NULLs; SG108 where it is not. */
static void
arg_array(FunctionCallInfo fcinfo, int n, const char *name, Oid type, int16 len, bool byval, char align,
		  Datum **elements, int *nelements)
{
	ArrayType  *array;

	arg_require_not_null(fcinfo, n, name);
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must have one dimension", name)));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("array \"%s\" must not contain NULL", name)));
	deconstruct_array(array, type, len, byval, align, elements, NULL, nelements);
}

/*
 * sg_post_readings(principals, kinds, amounts, at) -> the readings that
 * failed: position from 1, SQLSTATE, message.  amounts in energy units, of
 * top-ups in money units; at NULL: now.
 *
 * SG108 arrays of different length, NULL elements, an unknown kind: nothing is
 * posted.  SG102 unless a gateway or an operator.  SG101 grid.
 */
Datum
sg_post_readings(PG_FUNCTION_ARGS)
{
	Datum	   *principals;
	Datum	   *kinds;
	Datum	   *amounts;
	Datum	   *at = NULL;
	int			n;
	int			nkinds;
	int			namounts;
	int			nat;
	Reading    *readings;
	Grid	   *grid;
	ResultRow	result;

	store_begin("sg_post_readings");
	arg_array(fcinfo, 0, "principals", TEXTOID, -1, false, TYPALIGN_INT, &principals, &n);
	arg_array(fcinfo, 1, "kinds", TEXTOID, -1, false, TYPALIGN_INT, &kinds, &nkinds);
	arg_array(fcinfo, 2, "amounts", INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &amounts, &namounts);
	nat = n;
	if (!PG_ARGISNULL(3))
		arg_array(fcinfo, 3, "at", TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &at, &nat);
	if (nkinds != n || namounts != n || nat != n)
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("arrays must have the same length"),
				 errdetail("principals has %d elements, kinds %d, amounts %d, at %d.", n, nkinds, namounts, nat)));
	readings = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(Reading));
	for (int i = 0; i < n; i++)
	{
		TimestampTz time = at ? DatumGetTimestampTz(at[i]) : 0;
		char	   *kind = TextDatumGetCString(kinds[i]);

		posting_set_reading(&readings[i], i + 1, TextDatumGetCString(principals[i]), kind,
							DatumGetInt64(amounts[i]), at ? &time : NULL);
		pfree(kind);
	}

	grid = posting_grid();
	posting_require_topups_allowed(fcinfo->flinfo->fn_oid, readings, n);
	result_begin_set(&result, fcinfo);
	posting_post(grid, readings, n, &result);
	store_end();
	return (Datum) 0;
}
