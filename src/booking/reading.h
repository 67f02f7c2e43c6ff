/*-------------------------------------------------------------------------
 *
 * reading.h
 *	  One reading of a batch: its kind, whose account it changes, its rule.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_READING_H
#define SG_READING_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "call/call.h"

/* The time of a reading that has none: that of the call.  No reading may have it, as it is not finite. */
#define READING_NOW		DT_NOBEGIN

/* An account of a batch: a locked row, changed in memory. */
typedef struct PostingAccount
{
	StoreRow	row;
	bool		dirty;
} PostingAccount;

typedef struct ReadingKind ReadingKind;

typedef struct Reading
{
	const char *principal;
	int64		participant_id; /* PARTICIPANT_NONE: not registered, or without such an account */
	int64		amount;			/* energy units, of top-ups money units */
	TimestampTz at;				/* or READING_NOW */
	const ReadingKind *kind;
	PostingAccount *account;	/* while its chunk is worked off; NULL: none */
	bool		taken;			/* somebody else has its account */
	Refusal    *refusal;		/* of an amount or a time that is none; NULL: all is well so far */
	int64		ord;			/* what a failure is reported by */
} Reading;

struct ReadingKind
{
	const char *name;
	StoreTable	table;			/* the account that it changes */
	const char *argument;		/* what the single call calls the principal */
	bool		takes_load;		/* off the grid */
	bool		is_topup;		/* posted only by those who may top up */
	Refusal    *(*apply) (const Booking *booking, const Reading *reading);
};

extern void reading_set(Reading *reading, int64 ord, const char *principal, const char *kind, int64 amount, const TimestampTz *at);
extern Refusal *reading_apply(const Booking *booking, Reading *reading);

#endif							/* SG_READING_H */
