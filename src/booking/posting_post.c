/*-------------------------------------------------------------------------
 *
 * posting_post.c
 *	  Posting a batch of readings.
 *
 * The effect is that of the single calls one by one in array order in one
 * transaction: the same rules run on the same rows, which are locked and read
 * once, changed in memory, and written once, with the ledger entries page by
 * page as in COPY.
 *
 * A reading that is refused is returned with its position, SQLSTATE and
 * message; a rule that refuses has changed nothing (refusal.h).
 *
 * Readings are worked off in chunks, so that memory holds the rows of one
 * chunk; beyond these it takes some 200 bytes for a reading.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "booking/posting.h"
#include "booking/posting_accounts.h"
#include "ledger/ledger.h"

/*
 * How many readings are worked off at a time, and after how many a NOTICE tells
 * of progress.  Each chunk leaves a version of every row that it changes, which
 * the next one has to walk past: not too small.
 */
#define CHUNK_READINGS		100000
#define PROGRESS_READINGS	100000

/* What the readings may take off the grid, energy units; at most what a bigint holds. */
static int64
load_taken(const Reading *readings, int n)
{
	sg_int128	taken = 0;

	for (int i = 0; i < n; i++)
		if (readings[i].kind->takes_load && readings[i].amount > 0)
			taken += readings[i].amount;
	return (int64) Min(taken, PG_INT64_MAX);
}

/* Applies a chunk of readings to its accounts in memory, and returns how many entries there are to be booked. */
static int
apply_chunk(Call *call, Reading *readings, int n, FormLedger *entries, ResultRow *result)
{
	Booking		booking = call->booking;
	int			nentries = 0;

	booking.least = 0;
	for (int i = 0; i < n; i++)
	{
		Refusal    *refusal;

		CHECK_FOR_INTERRUPTS();
		booking.entry = &entries[nentries];
		refusal = reading_apply(&booking, &readings[i]);
		if (refusal == NULL)
			nentries++;
		else
		{
			result_refused(result, readings[i].ord, refusal);
			refusal_free(refusal);
		}
	}
	return nentries;
}

/* Posts n readings; load: what the whole batch may take off the grid, energy units. */
static void
post_chunk(Call *call, Reading *readings, int n, int64 load, ResultRow *result)
{
	int			naccounts;
	PostingAccount *accounts = posting_read_accounts(readings, n, &call->pool.patience, &naccounts);
	FormLedger *entries = palloc(n * sizeof(FormLedger));
	int			nentries;

	if (!call->pool.is_open && load > 0)
		pool_reserve_load(&call->pool, load);
	nentries = apply_chunk(call, readings, n, entries, result);
	posting_write_accounts(accounts, naccounts);
	pool_write(&call->pool);
	ledger_append_many(entries, nentries);
}

/* Locks all accounts of all chunks. */
static void
lock_for_all_chunks(Call *call, Reading *readings, int n, MemoryContext chunk_context)
{
	MemoryContext outer = MemoryContextSwitchTo(chunk_context);

	posting_lock_accounts(readings, n, &call->pool.patience);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(chunk_context);
	store_refresh();
}

/*
 * Posts readings in their order, and puts those that fail into result.
 *
 * Locks: all accounts by participant_id, this backend's stripe, others if it
 * collects (before anything is posted).
 */
void
posting_post(Call *call, Reading *readings, int n, ResultRow *result)
{
	MemoryContext chunk_context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid posting", ALLOCSET_DEFAULT_SIZES);
	int64		load = load_taken(readings, n);

	if (n == 0)
		return;
	posting_find_participants(call->grid, readings, n);
	if (n > CHUNK_READINGS)
		lock_for_all_chunks(call, readings, n, chunk_context);
	for (int first = 0; first < n; first += CHUNK_READINGS)
	{
		int			count = Min(n - first, CHUNK_READINGS);
		MemoryContext outer = MemoryContextSwitchTo(chunk_context);

		post_chunk(call, readings + first, count, load, result);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(chunk_context);
		store_refresh();
		if ((first + count) / PROGRESS_READINGS > first / PROGRESS_READINGS)
			ereport(NOTICE,
					(errmsg("posted %d of %d readings", first + count, n)));
	}
	MemoryContextDelete(chunk_context);
}
