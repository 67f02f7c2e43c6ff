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

#include "utils/hsearch.h"

#include "grid/grid.h"
#include "ledger/accounts.h"
#include "ledger/totals.h"

typedef struct Replay
{
	const Grid *grid;
	bool		whole;			/* from the first entry on: every account is known, not only their sums */
	Totals		before;			/* of the entries that came before */
	KindSums	change;			/* of those after them */
	Accounts   *accounts;
	HTAB	   *holds;			/* of trades that are not closed yet */
	int64		completed;		/* trades */
	int64		cancelled;
	int64		reversed;
	int64		corrections;	/* entries that have a row in smartgrid.reversal: reversals, and what was written off */
	HTAB	   *taken_back;		/* entries that were taken back */
	sg_int128	unit;			/* a money unit in what consumers carry */
	int64		differences;	/* that have been found */
	char	   *first;			/* what the first of them is */
} Replay;

extern void replay_begin(Replay *replay, const Grid *grid, const Totals *before);
extern void replay_add(Replay *replay, const FormLedger *entry);
extern const char *replay_compare(Replay *replay);

extern void replay_differs(Replay *replay, const char *format,...) pg_attribute_printf(2, 3);
extern char *replay_text_of(sg_int128 value);

/* Reversals (replay_reversal.c). */
extern void replay_correction(Replay *replay, const FormLedger *entry);
extern void replay_compare_corrections(Replay *replay);

/* Trades (replay_trade.c). */
extern HTAB *replay_make_holds(void);
extern void replay_begin_trade(Replay *replay, const FormLedger *entry);
extern void replay_close_trade(Replay *replay, const FormLedger *entry);
extern void replay_reverse_trade(Replay *replay, const FormLedger *entry, int64 trade_id);
extern void replay_compare_trades(Replay *replay, const int64 *rows);

#endif							/* SG_REPLAY_H */
