/*-------------------------------------------------------------------------
 *
 * reversal.h
 *	  Taking back a ledger entry, and booking another in its place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_REVERSAL_H
#define SG_REVERSAL_H

#include "postgres.h"

#include "call/call.h"
#include "ledger/effect.h"

/* What the entries of a reversal change together. */
typedef struct NetChange
{
	sg_int128	party[HOLDING_COUNT];
	sg_int128	counterparty[HOLDING_COUNT];
	sg_int128	load;			/* energy units */
	sg_int128	revenue;		/* money units */
} NetChange;

typedef struct Reversal
{
	Call	   *call;
	FormLedger	original;
	int			kind;			/* of the entry that takes it back */
	StoreRow   *party;			/* the rows that the original has changed; NULL: none */
	StoreRow   *counterparty;
	StoreRow   *trade;
	bool		is_replaced;
	int64		amount;			/* if it is replaced: the right one, energy units */
	sg_int128	returned;		/* money units */
	sg_int128	cost;			/* of what replaces it, money units */
	int64		carry;			/* that the consumer has afterwards */
	NetChange	net;
} Reversal;

/* reversal.c */
extern char *reversal_reason_arg(FunctionCallInfo fcinfo, int n);
extern void reversal_begin(Reversal *reversal, Call *call, int64 entry_id, bool to_be_replaced);
extern void reversal_book(Reversal *reversal, const char *reason);
extern void reversal_keep_reason(const Call *call, int64 entry_id, int64 about, const char *reason);

/* reversal_change.c */
extern Refusal *reversal_apply(Reversal *reversal);

#endif							/* SG_REVERSAL_H */
