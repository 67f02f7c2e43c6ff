/*-------------------------------------------------------------------------
 *
 * effect.h
 *	  What a ledger entry of each kind does: to the accounts of its parties,
 *	  and to the pool of its grid.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_EFFECT_H
#define SG_EFFECT_H

#include "postgres.h"

/* What an account holds, or has moved so far. */
typedef enum Holding
{
	HOLDING_PRODUCED,			/* energy units of a producer, so far */
	HOLDING_UNSOLD,				/* energy units of a producer */
	HOLDING_CONSUMED,			/* energy units of a consumer, so far */
	HOLDING_STORED,				/* energy units of a storage facility */
	HOLDING_EARNINGS,			/* money units of a producer, from here */
	HOLDING_BALANCE,			/* money units of a consumer */
	HOLDING_COUNT
} Holding;

#define HOLDING_IS_MONEY(holding)	((holding) >= HOLDING_EARNINGS)

/* 1: grows by the entry's energy, or by its money if it is that; -1: falls by it; 0: stays. */
typedef struct Effect
{
	int8		load;			/* energy on the grid */
	int8		held;			/* energy held by trades */
	int8		revenue;		/* money of the grid */
	bool		transfer;		/* the counterparty's account changes as well */
	int8		participant[HOLDING_COUNT];
	int8		counterparty[HOLDING_COUNT];
} Effect;

extern const Effect *effect_of(int kind);

#endif							/* SG_EFFECT_H */
