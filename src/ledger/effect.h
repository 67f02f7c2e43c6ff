/*-------------------------------------------------------------------------
 *
 * effect.h
 *	  What a ledger entry of each kind does: to the accounts of its parties,
 *	  to its grid, and to what entries add up to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_EFFECT_H
#define SG_EFFECT_H

#include "postgres.h"

#include "ledger/sums.h"

/* What an account holds, or has moved so far. */
typedef enum Holding
{
	HOLDING_PRODUCED,			/* energy units of a producer, so far */
	HOLDING_UNSOLD,				/* energy units of a producer */
	HOLDING_CONSUMED,			/* energy units of a consumer, so far */
	HOLDING_STORED,				/* energy units of a storage facility */
	HOLDING_EARNINGS,			/* money units of a producer, from here */
	HOLDING_BALANCE,			/* money units of a consumer */
	HOLDING_DUE,				/* money units that a participant owes the grid; below 0: is owed */
	HOLDING_CARRY,				/* of a consumer's cost, 10^-energy_scale money units; no effect has it: accounts_add_cost() */
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
	bool		impersonal;		/* it has no participant */
	bool		has_reason;		/* why it was booked is in smartgrid.reversal, as of each reversal */
	bool		has_digest;		/* it carries the digest of what it is about (entry_digest.h) */
	bool		releases;		/* its energy was held, and goes back to the grid as well */
	int8		sign;			/* -1 of a reversal, whose energy and money are taken off the sums; else 1 */
	int8		reverses;		/* of a reversal: the kind that is taken back */
	int8		participant[HOLDING_COUNT];
	int8		counterparty[HOLDING_COUNT];
	Sum			energy_sum;		/* what its energy is added to, SUM_NONE if it moves none */
	Sum			value_sum;		/* energy * price; with it goes the range of prices */
	Sum			money_sum;
} Effect;

extern void effect_init(void);
extern const Effect *effect_of(int kind);
extern int	effect_reversal(int kind);
extern bool effect_moves_nothing(const Effect *effect);
extern Datum effect_kinds(bool (*of_kind) (const Effect *effect));

/* Does it take another entry back, which is in about? */
static inline bool
effect_is_reversal(const Effect *effect)
{
	return effect->sign < 0;
}

/* Is there a row of smartgrid.reversal that says why it was booked? */
static inline bool
effect_has_reason(const Effect *effect)
{
	return effect->has_reason || effect_is_reversal(effect);
}

/* Does it move energy, or only money, or nothing? */
static inline bool
effect_moves_energy(const Effect *effect)
{
	return effect->energy_sum != SUM_NONE;
}

/* Is its energy production, of the energy type of its participant? */
static inline bool
effect_is_production(const Effect *effect)
{
	return effect->participant[HOLDING_PRODUCED] != 0;
}

/* Do figures of prices come from it? */
static inline bool
effect_has_value(const Effect *effect)
{
	return effect->value_sum != SUM_NONE;
}

/* Does the tenth field of an entry of it name a trade?  If not, it is what the entry is about. */
static inline bool
effect_is_of_trade(const Effect *effect)
{
	return effect->held != 0;
}

/* What an entry changes in the load of its grid, energy units. */
static inline sg_int128
effect_load_change(const FormLedger *entry)
{
	return effect_of(entry->kind)->load * (sg_int128) entry->energy;
}

#endif							/* SG_EFFECT_H */
