/*-------------------------------------------------------------------------
 *
 * posting_accounts.c
 *	  The accounts of a batch: finding, locking and writing them.
 *
 * All accounts are locked in the order of their participants' ids (store.h)
 * before anything is posted.  For those that somebody else has the batch waits
 * no longer than its call's patience lasts; what it does not get fails.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "booking/posting_accounts.h"
#include "grid/participant.h"

/* Which account a reading belongs to, for sorting into lock order. */
typedef struct AccountRef
{
	int64		participant_id;
	StoreTable	table;
	int			reading;
} AccountRef;

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
void
posting_find_participants(const Grid *grid, Reading *readings, int n)
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
		refs[found].table = readings[i].kind->table;
		refs[found].reading = i;
		found++;
	}
	qsort(refs, found, sizeof(AccountRef), by_lock_order);
	*nrefs = found;
	return refs;
}

/*
 * Locks all accounts of the readings, without keeping their rows.  Those that
 * do not exist now, or that somebody else has, do not for the whole batch: they
 * are not to be locked later, out of order.
 */
void
posting_lock_accounts(Reading *readings, int n, Patience *patience)
{
	int			nrefs;
	AccountRef *refs = accounts_in_lock_order(readings, n, &nrefs);
	RowLock		lock = ROW_ABSENT;

	for (int i = 0; i < nrefs; i++)
	{
		if (i == 0 || by_lock_order(&refs[i], &refs[i - 1]) != 0)
		{
			StoreRow	row;

			CHECK_FOR_INTERRUPTS();
			lock = store_lock_patiently(refs[i].table, refs[i].participant_id, &row, patience);
			if (lock == ROW_LOCKED)
				heap_freetuple(row.tuple);
		}
		if (lock != ROW_LOCKED)
			readings[refs[i].reading].participant_id = PARTICIPANT_NONE;
		readings[refs[i].reading].taken = lock == ROW_TAKEN;
	}
	pfree(refs);
}

/* Locks and reads the accounts of a chunk, in lock order, and ties each reading to its own. */
PostingAccount *
posting_read_accounts(Reading *readings, int n, Patience *patience, int *naccounts)
{
	int			nrefs;
	AccountRef *refs = accounts_in_lock_order(readings, n, &nrefs);
	PostingAccount *accounts = palloc0(Max(nrefs, 1) * sizeof(PostingAccount));
	PostingAccount *account = NULL;
	RowLock		lock = ROW_ABSENT;
	int			found = 0;

	for (int i = 0; i < nrefs; i++)
	{
		if (i == 0 || by_lock_order(&refs[i], &refs[i - 1]) != 0)
		{
			CHECK_FOR_INTERRUPTS();
			account = &accounts[found];
			lock = store_lock_patiently(refs[i].table, refs[i].participant_id, &account->row, patience);
			if (lock == ROW_LOCKED)
				found++;
			else
				account = NULL;
		}
		readings[refs[i].reading].account = account;
		readings[refs[i].reading].taken = lock == ROW_TAKEN;
	}
	*naccounts = found;
	return accounts;
}

/* Writes the accounts that have changed. */
void
posting_write_accounts(PostingAccount *accounts, int n)
{
	for (int i = 0; i < n; i++)
		if (accounts[i].dirty)
			store_update(&accounts[i].row);
}
