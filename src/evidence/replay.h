/*-------------------------------------------------------------------------
 *
 * replay.h
 *	  The accounts that follow from the ledger, and whether they are those
 *	  that there are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REPLAY_H
#define SG_REPLAY_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/hsearch.h"

#include "grid/grid.h"
#include "ledger/accounts.h"
#include "ledger/totals.h"

typedef struct Replay
{
	const Grid *grid;
	bool		whole;			/* from the first entry on: every account is known, not only their sums */
	Totals		totals;			/* of all entries, after those that came before */
	Accounts   *accounts;
	HTAB	   *holds;			/* of trades that are not closed yet */
	int64		completed;		/* trades */
	int64		cancelled;
	int64		differences;	/* that have been found */
	StringInfoData first;		/* what the first of them is */
} Replay;

extern void replay_begin(Replay *replay, const Grid *grid, const Totals *before);
extern void replay_add(Replay *replay, const FormLedger *entry);
extern const char *replay_compare(Replay *replay);

#endif							/* SG_REPLAY_H */
