/*-------------------------------------------------------------------------
 *
 * balance.c
 *	  Automated load balancing (doc/reference/booking.md): charges storage facilities
 *	  above the high watermark of utilization, discharges them below the low
 *	  one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/checked.h"
#include "base/errors.h"
#include "base/result.h"
#include "call/call.h"
#include "grid/identity.h"
#include "grid/participant.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_balance_load);

/* A storage facility and its share. */
typedef struct Share
{
	StoreRow	row;			/* locked */
	const char *principal;
	int64		able;			/* what it can do at most, energy units */
	int64		amount;			/* what it gets, energy units */
	sg_uint128	remainder;		/* of the proportional division */
} Share;

/* capacity * watermark / 100 in energy units, rounded by rounding (numeric_floor or numeric_ceil). */
static int64
watermark_load(int64 capacity, Datum watermark, PGFunction rounding)
{
	Datum		product = DirectFunctionCall2(numeric_mul, NumericGetDatum(int64_to_numeric(capacity)), watermark);

	/* One hundredth is exact in decimal, unlike a quotient with a chosen number of digits. */
	product = DirectFunctionCall2(numeric_mul, product, NumericGetDatum(int64_div_fast_to_numeric(1, 2)));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall1(rounding, product)));
}

static int
by_principal(const void *a, const void *b)
{
	return strcmp(((const Share *) a)->principal, ((const Share *) b)->principal);
}

/* Largest remainder first, ties by principal in byte order. */
static int
by_remainder(const void *a, const void *b)
{
	const Share *left = *(Share *const *) a;
	const Share *right = *(Share *const *) b;

	if (left->remainder != right->remainder)
		return left->remainder > right->remainder ? -1 : 1;
	return strcmp(left->principal, right->principal);
}

static int
by_id(const void *a, const void *b)
{
	int64		left = *(const int64 *) a;
	int64		right = *(const int64 *) b;

	return (left > right) - (left < right);
}

/* The ids of the storage facilities of a grid, in order. */
static int64 *
storage_ids(const Grid *grid, int *n)
{
	int			allocated = 16;
	int64	   *ids = palloc(allocated * sizeof(int64));
	StoreScan	scan;

	*n = 0;
	store_scan_begin(&scan, TABLE_STORAGE, 0, NULL);
	while (store_scan_next(&scan))
	{
		const FormStorage *storage = STORE_SCAN_FORM(&scan, FormStorage);

		CHECK_FOR_INTERRUPTS();
		if (storage->grid_id != grid->form.grid_id)
			continue;
		if (*n == allocated)
		{
			allocated *= 2;
			ids = repalloc(ids, allocated * sizeof(int64));
		}
		ids[(*n)++] = storage->participant_id;
	}
	store_scan_end(&scan);
	qsort(ids, *n, sizeof(int64), by_id);	/* in order already, unless system indexes are ignored */
	return ids;
}

/* Says that a facility takes no part, because somebody else has its row. */
static void
warn_left_out(const char *principal)
{
	ereport(WARNING,
			(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			 errmsg("storage facility \"%s\" is left out: another transaction has it", principal),
			 errdetail("It did not end within smartgrid.row_wait."),
			 errhint("Balance again; pg_locks and pg_prepared_xacts show who has it.")));
}

/*
 * Locks the storage facilities of the grid, by participant_id, and returns
 * them, without those that others have longer than the call will wait.
 */
static Share *
lock_storages(Call *call, int *nshares)
{
	int			nids;
	int64	   *ids = storage_ids(call->grid, &nids);
	Share	   *shares = palloc0(Max(nids, 1) * sizeof(Share));

	*nshares = 0;
	for (int i = 0; i < nids; i++)
	{
		Share	   *share = &shares[*nshares];
		RowLock		lock;

		CHECK_FOR_INTERRUPTS();
		lock = call_hold_row_patiently(call, TABLE_STORAGE, ids[i], &share->row);
		if (lock == ROW_ABSENT)
			error_serialization_failure();
		share->principal = participant_name_of(ids[i]);
		if (share->principal == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("storage facility " INT64_FORMAT " has no participant", ids[i]),
					 errhint("Run sg_check().")));
		if (lock == ROW_TAKEN)
			warn_left_out(share->principal);
		else
			(*nshares)++;
	}
	return shares;
}

/*
 * Shares wanted out in proportion to what each is able to do, in whole units:
 * each gets the floor of its part, the rest goes to the largest remainders.
 */
static void
share_out(Share *shares, int nshares, int64 wanted)
{
	sg_uint128	able = 0;
	sg_uint128	total;
	sg_uint128	rest;
	Share	  **order;

	for (int i = 0; i < nshares; i++)
		able += (sg_uint128) shares[i].able;
	if (able == 0)
		return;
	total = Min((sg_uint128) wanted, able);
	rest = total;
	order = palloc(nshares * sizeof(Share *));
	for (int i = 0; i < nshares; i++)
	{
		sg_uint128	part = total * (sg_uint128) shares[i].able;

		shares[i].amount = (int64) (part / able);
		shares[i].remainder = part % able;
		rest -= (sg_uint128) shares[i].amount;
		order[i] = &shares[i];
	}
	qsort(order, nshares, sizeof(Share *), by_remainder);
	for (int i = 0; rest > 0; i++, rest--)
		order[i]->amount++;
	pfree(order);
}

typedef enum BalanceAction
{
	BALANCE_CHARGE,
	BALANCE_DISCHARGE
} BalanceAction;

/* What is to be done, and how much of it, in energy units, at these totals: 0 or less if nothing. */
static int64
wanted_at(const Grid *grid, const int64 total[POOL_FIELDS], BalanceAction *action)
{
	StoreRow	row;
	bool		isnull;
	int64		capacity = total[POOL_CAPACITY];
	int64		load = total[POOL_LOAD];
	int64		high;
	int64		low;

	if (!store_find(TABLE_GRID, grid->form.grid_id, &row))
		error_grid_not_found(grid->name);
	high = watermark_load(capacity, store_attribute(&row, Anum_grid_high_watermark, &isnull), numeric_floor);
	low = watermark_load(capacity, store_attribute(&row, Anum_grid_low_watermark, &isnull), numeric_ceil);
	*action = load > high ? BALANCE_CHARGE : BALANCE_DISCHARGE;
	if (capacity == 0)
		return 0;
	return load > high ? load - high : low - load;
}

/* What a facility of a grid can do at most, energy units. */
static int64
able(const Grid *grid, const FormStorage *storage, BalanceAction action)
{
	int64		amount = action == BALANCE_CHARGE
		? Min(storage->charge_rate, storage->capacity - storage->stored_amount)
		: Min(storage->discharge_rate, storage->stored_amount);

	return Min(amount, grid->max_amount);
}

/* Each facility does its share: what the shares say goes into the rows, the ledger and the result. */
static void
book_shares(Call *call, Share *shares, int nshares, BalanceAction action, ResultRow *result)
{
	for (int i = 0; i < nshares; i++)
	{
		FormStorage *storage = STORE_FORM(&shares[i].row, FormStorage);
		int64		amount = shares[i].amount;
		FormLedger	entry;

		CHECK_FOR_INTERRUPTS();
		if (amount == 0)
			continue;
		storage->stored_amount += action == BALANCE_CHARGE ? amount : -amount;
		store_update(&shares[i].row);
		entry = ledger_energy(call->grid, action == BALANCE_CHARGE ? LEDGER_CHARGE : LEDGER_DISCHARGE,
							  storage->participant_id, amount, 0, 0);
		ledger_append(&entry, NULL, call_now(call));
		result_text(result, shares[i].principal);
		result_text(result, action == BALANCE_CHARGE ? "charge" : "discharge");
		result_int64(result, amount);
		result_end_row(result);
	}
}

/* Whose shares are decided. */
typedef struct Balancing
{
	const Grid *grid;
	Share	   *shares;
	int			nshares;
	BalanceAction action;		/* out */
} Balancing;

/* Shares out what is to be done at these totals, for pool_apply(). */
static Refusal *
decide_shares(const int64 total[POOL_FIELDS], int64 change[POOL_FIELDS], void *arg)
{
	Balancing  *balancing = arg;
	int64		wanted = wanted_at(balancing->grid, total, &balancing->action);
	int64		sum = 0;

	for (int i = 0; i < balancing->nshares; i++)
	{
		Share	   *share = &balancing->shares[i];

		share->able = able(balancing->grid, STORE_FORM(&share->row, FormStorage), balancing->action);
		share->amount = 0;
	}
	if (wanted > 0)
		share_out(balancing->shares, balancing->nshares, wanted);
	for (int i = 0; i < balancing->nshares; i++)
		sum += balancing->shares[i].amount;
	change[POOL_LOAD] = balancing->action == BALANCE_CHARGE ? -sum : sum;
	return NULL;
}

/*
 * sg_balance_load() -> (principal, action, amount in energy units) for each
 * facility that did something.  For operators.
 *
 * Locks: the storage rows by participant_id, this backend's stripe, others if
 * it collects.  Rows that others have longer than smartgrid.row_wait in all are
 * left out, with a warning.  22003 load.
 */
Datum
sg_balance_load(PG_FUNCTION_ARGS)
{
	Call		call;
	ResultRow	result;
	Balancing	balancing;

	call_begin(&call, fcinfo, "sg_balance_load");
	if (!call_operate(&call, "balance the load"))
		return call_answer(&call);
	grid_require_scales(call.grid);
	result_begin_set(&result, fcinfo);
	balancing.grid = call.grid;
	balancing.shares = lock_storages(&call, &balancing.nshares);
	qsort(balancing.shares, balancing.nshares, sizeof(Share), by_principal);
	require_accepted(pool_apply(&call.pool, decide_shares, &balancing));
	book_shares(&call, balancing.shares, balancing.nshares, balancing.action, &result);
	return call_end(&call, (Datum) 0);
}
