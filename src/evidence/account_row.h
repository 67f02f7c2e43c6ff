/*-------------------------------------------------------------------------
 *
 * account_row.h
 *	  What the rows of producers, consumers, storage facilities and dues say that
 *	  the ledger knows as well.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ACCOUNT_ROW_H
#define SG_ACCOUNT_ROW_H

#include "postgres.h"

#include "ledger/accounts.h"
#include "store/store.h"

typedef struct AccountRow
{
	int64		participant_id;
	int32		grid_id;
	Role		role;
	int64		holding[HOLDING_COUNT]; /* those of the role */
} AccountRow;

extern AccountRow account_row(const StoreRow *row);

#endif							/* SG_ACCOUNT_ROW_H */
