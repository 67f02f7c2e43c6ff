/*-------------------------------------------------------------------------
 *
 * posting_accounts.h
 *	  The accounts of a batch: finding, locking and writing them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_POSTING_ACCOUNTS_H
#define SG_POSTING_ACCOUNTS_H

#include "postgres.h"

#include "booking/reading.h"

extern void posting_find_participants(const Grid *grid, Reading *readings, int n);
extern void posting_lock_accounts(Reading *readings, int n, Patience *patience);
extern PostingAccount *posting_read_accounts(Reading *readings, int n, Patience *patience, int *naccounts);
extern void posting_write_accounts(PostingAccount *accounts, int n);

#endif							/* SG_POSTING_ACCOUNTS_H */
